// Package safefile writes small files so that at every moment the old one is whole or the new one is, whatever happens: a full disk, a
// read-only home, a program that is killed. Several programs take turns by a lock.
package safefile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"redan/commands/atomicfile"
)

// FileMode and FolderMode let nobody but the user in.
const (
	FileMode   fs.FileMode = 0o600
	FolderMode fs.FileMode = 0o700
)

const (
	// maxSize bounds what is read: nobody writes so much by hand.
	maxSize = 4 << 20
	// lockInterval is how often a lock that somebody else holds is tried.
	lockInterval = 10 * time.Millisecond
)

// ErrLocked says that another program holds the lock all the time.
var ErrLocked = errors.New("another redan keeps it locked")

// errOdd says that something that is no file has a file's name.
var errOdd = errors.New("not a regular file")

// Files reads and writes the files of one folder.
type Files struct {
	// Lock is the path of the file that is locked while something is changed. It stays.
	Lock string
	// Through is what new content passes on its way into a temporary file; nil lets it through. Tests fail there.
	Through func(w io.Writer) io.Writer
}

// Names lists what is in a folder, except what begins with a dot.
func Names(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if !entry.IsDir() && !strings.HasPrefix(entry.Name(), ".") {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// Read returns the content of a regular file of up to 4 MiB.
func (f Files) Read(path string) ([]byte, error) {
	info, err := os.Stat(path) // a pipe would not even open
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, &fs.PathError{Op: "read", Path: path, Err: errOdd}
	case info.Size() > maxSize:
		return nil, &fs.PathError{Op: "read", Path: path, Err: errors.New("it is too large for a file of preferences")}
	}
	return os.ReadFile(path)
}

// Locked calls work while no other program is in a call of Locked with the same lock. It makes the folder of the lock. It waits until
// ctx ends; the error is then [ErrLocked].
func (f Files) Locked(ctx context.Context, work func() error) (err error) {
	if err := MakeFolder(filepath.Dir(f.Lock)); err != nil {
		return err
	}
	lock := flock.New(f.Lock, flock.SetPermissions(FileMode))
	held, err := lock.TryLockContext(ctx, lockInterval)
	switch {
	case err != nil && ctx.Err() != nil:
		return fmt.Errorf("%s: %w", f.Lock, ErrLocked)
	case err != nil:
		return err
	case !held:
		return fmt.Errorf("%s: %w", f.Lock, ErrLocked)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	return work()
}

// MakeFolder makes a folder, and those above it, for the user alone.
func MakeFolder(path string) error { return os.MkdirAll(path, FolderMode) }

// Replace puts data in the place of what is at path, or makes a file there. A symbolic link stays one: what it points to is replaced.
// With an error the old file is as it was.
func (f Files) Replace(path string, data []byte) error {
	target, err := atomicfile.Follow(path)
	if err != nil {
		return err
	}
	if info, err := os.Stat(target); err == nil && !info.Mode().IsRegular() {
		return &fs.PathError{Op: "replace", Path: target, Err: errOdd}
	}
	sweep(target)
	fresh, err := atomicfile.Create(target, temporary(target)+"*", FileMode)
	if err != nil {
		return err
	}
	defer fresh.Discard()
	var w io.Writer = fresh
	if f.Through != nil {
		w = f.Through(w)
	}
	if _, err := w.Write(data); err != nil {
		return err
	}
	return fresh.Commit()
}

// temporary is how the names of temporary files for path begin.
func temporary(path string) string { return "." + filepath.Base(path) + ".new-" }

// sweep removes what programs that were killed left behind. It is called under the lock, so nobody needs them.
func sweep(path string) {
	left, err := filepath.Glob(filepath.Join(escapeGlob(filepath.Dir(path)), temporary(path)+"*"))
	if err != nil {
		return
	}
	for _, name := range left {
		_ = os.Remove(name) // what cannot be removed does no harm
	}
}

// escapeGlob makes a path mean itself in a pattern.
func escapeGlob(path string) string {
	if runtime.GOOS == "windows" {
		return path // no escapes there
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// Exists reports whether something has the name, if only a link that leads nowhere.
func (f Files) Exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// Rename gives a file, or a link, another name in the same folder.
func (f Files) Rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	atomicfile.SyncFolder(filepath.Dir(to))
	return nil
}

// Remove removes a file, or a link.
func (f Files) Remove(path string) error {
	if err := os.Remove(path); err != nil {
		return err
	}
	atomicfile.SyncFolder(filepath.Dir(path))
	return nil
}
