package transfer

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

// SnapshotFile is where a snapshot is written. It goes to a temporary file beside the one that was named, and takes its place when it
// is whole; what is no regular file (a pipe, a device) is written directly.
type SnapshotFile struct {
	name   string // as the user says it
	target string // what is replaced; empty when it is written directly
	old    fs.FileInfo
	file   *os.File
	size   int64
	begun  int64 // how much of it the system writes to the disk already

	mu   sync.Mutex // of what follows: a signal may discard at any time
	over bool
}

// CreateSnapshotFile prepares for a snapshot that is to be called name. A file of that name stays as it is until [SnapshotFile.Commit],
// and its permissions and its owner are kept as far as possible; a new one gets mode. A symbolic link stays, and what it leads to is
// replaced. Errors are *[ReplicationError].
func CreateSnapshotFile(name string, mode fs.FileMode) (*SnapshotFile, error) {
	info, err := os.Stat(name)
	if err == nil {
		// It is not changed, but somebody who may not write to it shall not replace it either. A folder says here that it is one.
		file, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return nil, cannotOpen(name, err)
		}
		if !info.Mode().IsRegular() {
			return &SnapshotFile{name: name, file: file}, nil
		}
		_ = file.Close()
		mode = onlyUser // until it is whole
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, cannotOpen(name, err)
	}
	target, err := leadsTo(name)
	if err != nil {
		return nil, cannotOpen(name, err)
	}
	file, err := createBeside(target, mode)
	if err != nil {
		failed := cannotOpen(name, err)
		if info != nil {
			failed.Cause = "a snapshot is written beside the file first, and " + filepath.Dir(target) + " takes no new file"
			failed.Fix = "name a file in another folder, or write to standard output: --rdb - > " + name
		}
		return nil, failed
	}
	f := &SnapshotFile{name: name, target: target, old: info, file: file}
	return f, nil
}

// onlyUser lets nobody but the user in.
const onlyUser fs.FileMode = 0o600

// maxLinks bounds a chain of symbolic links.
const maxLinks = 40

// leadsTo returns what a chain of symbolic links leads to, whether that is there or not.
func leadsTo(path string) (string, error) {
	switch {
	case path == "":
		return "", &fs.PathError{Op: "open", Path: path, Err: syscall.ENOENT}
	case strings.HasSuffix(path, string(filepath.Separator)):
		return "", &fs.PathError{Op: "open", Path: path, Err: syscall.EISDIR}
	}
	for range maxLinks {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode()&fs.ModeSymlink == 0 {
			return path, nil
		}
		if err != nil {
			return "", err
		}
		next, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(path), next)
		}
		path = next
	}
	return "", &fs.PathError{Op: "open", Path: path, Err: errors.New("too many levels of symbolic links")}
}

const (
	// longestName keeps the name of the temporary file within what file systems allow.
	longestName = 200
	attempts    = 1000
)

// createBeside makes the temporary file. Its name says what it is, and does not end like that of a snapshot.
func createBeside(target string, mode fs.FileMode) (*os.File, error) {
	folder, base := filepath.Split(target)
	base = base[:min(len(base), longestName)]
	for n := range attempts {
		path := filepath.Join(folder, fmt.Sprintf("%s.%d-%d.part", base, os.Getpid(), n))
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if !errors.Is(err, fs.ErrExist) {
			return file, err
		}
	}
	return nil, fs.ErrExist
}

// writeback is how much the system may gather before it writes.
const writeback = 8 << 20

// Write implements io.Writer.
func (f *SnapshotFile) Write(b []byte) (int, error) {
	n, err := f.file.Write(b)
	f.size += int64(n)
	if waiting := f.size - f.begun; waiting >= writeback && f.Replaces() {
		startWriting(f.file, f.begun, waiting)
		f.begun = f.size
	}
	if err != nil {
		err = f.cannotWrite(err)
	}
	return n, err
}

// Replaces reports whether the snapshot appears under its name only when it is whole.
func (f *SnapshotFile) Replaces() bool { return f.target != "" }

// Commit makes the snapshot durable and gives it its name.
func (f *SnapshotFile) Commit() error {
	if f.old != nil {
		keepOwner(f.file, f.old)
	}
	err := f.file.Sync()
	if !f.Replaces() {
		err = nil // pipes cannot be synced
	}
	if err = errors.Join(err, f.file.Close()); err != nil {
		f.Discard()
		return f.cannotWrite(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.over {
		return nil
	}
	f.over = true
	if !f.Replaces() {
		return nil
	}
	if err := os.Rename(f.file.Name(), f.target); err != nil {
		_ = os.Remove(f.file.Name())
		return f.cannotWrite(err)
	}
	if folder, err := os.Open(filepath.Dir(f.target)); err == nil {
		_ = folder.Sync() // some file systems cannot; the file is in its place all the same
		_ = folder.Close()
	}
	return nil
}

// Discard removes what was written, unless it was committed. It may be called at any time and from anywhere.
func (f *SnapshotFile) Discard() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.over {
		return
	}
	f.over = true
	_ = f.file.Close()
	if f.Replaces() {
		_ = os.Remove(f.file.Name())
	}
}

func cannotOpen(name string, err error) *ReplicationError {
	return &ReplicationError{Line: "Error opening '" + name + "': " + reason(err), Err: err}
}

func (f *SnapshotFile) cannotWrite(err error) error {
	failed := &ReplicationError{Line: "Error writing data to file: " + reason(err), Err: err}
	failed.Cause = fmt.Sprintf("%s took %d bytes", f.name, f.size)
	switch {
	case !f.Replaces():
		failed.Cause += ", which are no whole snapshot"
	case f.old != nil:
		failed.Cause += "; they are removed again, and the older file is as it was"
	default:
		failed.Cause += "; they are removed again"
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		failed.Fix = "make room, or name a file on another disk"
	}
	if errors.Is(err, syscall.EFBIG) {
		failed.Fix = "raise the limit for the size of files (ulimit -f), or name a file on another file system"
	}
	return failed
}

// reason is why a file could not be used, as C says it.
func reason(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			break
		}
		err = inner
	}
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:]
}

var _ io.Writer = (*SnapshotFile)(nil)
