package transfer

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"redan/commands/atomicfile"
)

// SnapshotFile is where a snapshot is written. It goes to a temporary file beside the one that was named, and takes its place when it
// is whole; what is no regular file (a pipe, a device) is written directly.
type SnapshotFile struct {
	name  string // as the user says it
	file  *os.File
	fresh *atomicfile.File // the same; nil when it is written directly
	old   fs.FileInfo      // of the file that is replaced
	size  int64
	begun int64 // how much of it the system writes to the disk already
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
	// Its name says what it is, and does not end like that of a snapshot.
	base := filepath.Base(target)
	fresh, err := atomicfile.Create(target, base[:min(len(base), longestName)]+".*.part", mode)
	if err != nil {
		failed := cannotOpen(name, err)
		if info != nil {
			failed.Cause = "a snapshot is written beside the file first, and " + filepath.Dir(target) + " takes no new file"
			failed.Fix = "name a file in another folder, or write to standard output: --rdb - > " + name
		}
		return nil, failed
	}
	return &SnapshotFile{name: name, file: fresh.File, fresh: fresh, old: info}, nil
}

const (
	// onlyUser lets nobody but the user in.
	onlyUser fs.FileMode = 0o600
	// longestName keeps the name of the temporary file within what file systems allow.
	longestName = 200
)

// leadsTo returns what is to be replaced, or made.
func leadsTo(path string) (string, error) {
	switch {
	case path == "":
		return "", &fs.PathError{Op: "open", Path: path, Err: syscall.ENOENT}
	case strings.HasSuffix(path, string(filepath.Separator)):
		return "", &fs.PathError{Op: "open", Path: path, Err: syscall.EISDIR}
	}
	return atomicfile.Follow(path)
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
func (f *SnapshotFile) Replaces() bool { return f.fresh != nil }

// Commit makes the snapshot durable and gives it its name.
func (f *SnapshotFile) Commit() error {
	if f.old != nil {
		keepOwner(f.file, f.old)
	}
	var err error
	if f.Replaces() {
		err = f.fresh.Commit()
	} else {
		_ = f.file.Sync() // pipes cannot be synced
		err = f.file.Close()
	}
	if err != nil {
		return f.cannotWrite(err)
	}
	return nil
}

// Discard removes what was written, unless it was committed. It may be called at any time and from anywhere.
func (f *SnapshotFile) Discard() {
	if f.Replaces() {
		f.fresh.Discard()
	} else {
		_ = f.file.Close()
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
