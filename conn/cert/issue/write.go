package issue

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// The modes of what is written.
const (
	ModePrivate fs.FileMode = 0o600
	ModePublic  fs.FileMode = 0o644
	modeDir     fs.FileMode = 0o700
)

// FS is where files are written. [OS] is the real one.
type FS interface {
	ReadFile(path string) ([]byte, error)
	Stat(path string) (fs.FileInfo, error)
	Lstat(path string) (fs.FileInfo, error)
	Mkdir(path string, mode fs.FileMode) error
	// CreateTemp makes a new file that only its owner may read.
	CreateTemp(dir, pattern string) (TempFile, error)
	Link(from, to string) error
	Rename(from, to string) error
	Remove(path string) error
	// SyncDir makes names last that were given in a directory.
	SyncDir(path string) error
}

// TempFile is a file that is being written.
type TempFile interface {
	io.WriteCloser
	Name() string
	Chmod(mode fs.FileMode) error
	Sync() error
}

// File is one file to be written.
type File struct {
	Name string // in the directory
	Data []byte
	Mode fs.FileMode
}

// ExistsError says that files are in the way. Nothing was written.
type ExistsError struct {
	Dir   string
	Names []string
}

// Error names them all.
func (e *ExistsError) Error() string {
	verb := " exist already in "
	if len(e.Names) == 1 {
		verb = " exists already in "
	}
	return strings.Join(e.Names, ", ") + verb + e.Dir + "; nothing was written"
}

// Write writes files into dir, which it makes if need be, all of them or none: whatever fails, dir is as it was before. Each file is
// written under another name, synced, and renamed. A file that is there already is an [*ExistsError], unless it holds the very same or
// force is set. It returns the names of the files that were left as they are since they hold the same already.
func Write(fsys FS, dir string, files []File, force bool) (same []string, err error) {
	w := &writer{fs: fsys, dir: dir, force: force}
	if same, err = w.check(files); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			w.undo()
		}
	}()
	if err := w.makeDir(dir); err != nil {
		return nil, err
	}
	for _, file := range w.files {
		if err := w.prepare(file); err != nil {
			return nil, w.failed(file.Name, err)
		}
	}
	for _, p := range w.prepared {
		if err := w.place(p); err != nil {
			return nil, w.failed(filepath.Base(p.target), err)
		}
	}
	if err := fsys.SyncDir(dir); err != nil {
		return nil, w.failed("", err)
	}
	w.forget()
	return same, nil
}

// writer is one call of Write.
type writer struct {
	fs       FS
	dir      string
	force    bool
	files    []File // those to be written
	made     []string
	prepared []*prepared
}

// prepared is a file that is written and not in its place yet, or just so.
type prepared struct {
	temp, target string
	backup       string // what was in its place
	placed       bool
}

// check looks at all targets before anything is written.
func (w *writer) check(files []File) (same []string, err error) {
	if info, err := w.fs.Stat(w.dir); err == nil && !info.IsDir() {
		return nil, refuse(w.dir+" is a file, not a directory", "name a directory with --out")
	}
	var taken []string
	for _, file := range files {
		target := filepath.Join(w.dir, file.Name)
		_, err := w.fs.Lstat(target)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			w.files = append(w.files, file)
			continue
		case err != nil:
			return nil, w.failed(file.Name, err)
		}
		if info, err := w.fs.Stat(target); err == nil && !info.Mode().IsRegular() { // a directory, or /dev/null
			return nil, refuse(target+" is no regular file, and stays what it is", "name another with --out")
		}
		if held, err := w.fs.ReadFile(target); err == nil && bytes.Equal(held, file.Data) {
			same = append(same, file.Name)
			continue
		}
		if !w.force {
			taken = append(taken, file.Name)
		}
		w.files = append(w.files, file)
	}
	if len(taken) > 0 {
		return nil, &ExistsError{Dir: w.dir, Names: taken}
	}
	return same, nil
}

// makeDir makes dir and what is missing above it.
func (w *writer) makeDir(dir string) error {
	switch _, err := w.fs.Stat(dir); {
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return w.failed("", err)
	}
	if parent := filepath.Dir(dir); parent != dir {
		if err := w.makeDir(parent); err != nil {
			return err
		}
	}
	if err := w.fs.Mkdir(dir, modeDir); err != nil {
		return w.failed("", err)
	}
	w.made = append(w.made, dir)
	return nil
}

// prepare writes a file under another name.
func (w *writer) prepare(file File) error {
	temp, err := w.fs.CreateTemp(w.dir, ".redan-*.tmp")
	if err != nil {
		return err
	}
	w.prepared = append(w.prepared, &prepared{temp: temp.Name(), target: filepath.Join(w.dir, file.Name)})
	_, err = temp.Write(file.Data)
	if err == nil {
		err = temp.Chmod(file.Mode)
	}
	if err == nil {
		err = temp.Sync()
	}
	return errors.Join(err, temp.Close())
}

// place gives a file its name, and keeps what had it.
func (w *writer) place(p *prepared) error {
	if !w.force {
		return w.placeNew(p)
	}
	backup := p.temp + ".old"
	err := w.fs.Link(p.target, backup)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		err = w.fs.Rename(p.target, backup) // a file system without links
	}
	switch {
	case err == nil:
		p.backup = backup
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := w.fs.Rename(p.temp, p.target); err != nil {
		return err
	}
	p.placed = true
	return nil
}

// placeNew gives a file its name if nobody else was faster: a link, unlike a rename, replaces nothing.
func (w *writer) placeNew(p *prepared) error {
	err := w.fs.Link(p.temp, p.target)
	if errors.Is(err, fs.ErrExist) {
		return err
	}
	if err == nil {
		p.placed = true
		return w.fs.Remove(p.temp)
	}
	if _, err := w.fs.Lstat(p.target); err == nil {
		return fs.ErrExist
	}
	if err := w.fs.Rename(p.temp, p.target); err != nil {
		return err
	}
	p.placed = true
	return nil
}

// undo takes back what was done, last first. It does what it can: the error that led here is the one to be told.
func (w *writer) undo() {
	for _, p := range slices.Backward(w.prepared) {
		switch {
		case p.backup != "":
			_ = w.fs.Rename(p.backup, p.target)
			_ = w.fs.Remove(p.backup) // renaming one of two links to a file does nothing
		case p.placed:
			_ = w.fs.Remove(p.target)
		}
		_ = w.fs.Remove(p.temp)
	}
	for _, dir := range slices.Backward(w.made) {
		_ = w.fs.Remove(dir)
	}
}

// forget removes what was kept of the replaced files.
func (w *writer) forget() {
	for _, p := range w.prepared {
		if p.backup != "" {
			_ = w.fs.Remove(p.backup)
		}
	}
}

// failed explains an error of the file system.
func (w *writer) failed(name string, err error) *Error {
	where := filepath.Join(w.dir, name)
	e := &Error{What: where + " cannot be written: " + reason(err) + "; nothing was changed", Err: err}
	switch {
	case errors.Is(err, fs.ErrPermission):
		e.Fix = "name a directory of yours with --out, or change its permissions"
	case errors.Is(err, fs.ErrExist):
		e.What = where + " was made by somebody else at this moment; nothing was changed"
		e.Fix = "look at it, and try again"
	}
	return e
}

// reason is the text of err without paths, which are those of files that are gone again.
func reason(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err.Error()
	}
	if link, ok := errors.AsType[interface {
		error
		Unwrap() error
	}](err); ok && link.Unwrap() != nil { // of a link or a rename
		return link.Unwrap().Error()
	}
	return err.Error()
}
