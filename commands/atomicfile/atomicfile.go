// Package atomicfile writes a file beside the one whose place it is to take: whatever happens, a full disk, a program that is killed, the
// old one is whole or the new one is.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

// File is a file that is being written under a name of its own.
type File struct {
	*os.File

	target string

	mu   sync.Mutex // a signal may discard at any time
	over bool
}

// attempts bounds the search for a name that is free.
const attempts = 1000

// Create makes a file beside target, which must be no symbolic link: see [Follow]. Its name is the pattern, whose last * stands for the
// process' number and another one. The umask takes from mode.
func Create(target, pattern string, mode fs.FileMode) (*File, error) {
	star := strings.LastIndexByte(pattern, '*')
	for n := range attempts {
		path := filepath.Join(filepath.Dir(target), fmt.Sprintf("%s%d-%d%s", pattern[:star], os.Getpid(), n, pattern[star+1:]))
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if err == nil {
			return &File{File: file, target: target}, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	return nil, fs.ErrExist
}

// Commit makes what was written durable and puts it in the place of the target. With an error the target is as it was, and what was written
// is gone.
func (f *File) Commit() error {
	err := f.Sync()
	if closing := f.Close(); err == nil {
		err = closing
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.over {
		return fs.ErrClosed
	}
	f.over = true
	if err == nil {
		err = os.Rename(f.Name(), f.target)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	SyncFolder(filepath.Dir(f.target))
	return nil
}

// Discard removes what was written, unless it was committed. It may be called at any time and from anywhere.
func (f *File) Discard() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.over {
		return
	}
	f.over = true
	_ = f.Close()
	_ = os.Remove(f.Name())
}

// SyncFolder makes the names in a folder outlive a power failure. Some systems cannot; the files are in their places all the same.
func SyncFolder(path string) {
	if folder, err := os.Open(path); err == nil {
		_ = folder.Sync()
		_ = folder.Close()
	}
}

// maxLinks bounds a chain of symbolic links.
const maxLinks = 40

// Follow returns what a chain of symbolic links leads to, whether that is there or not; what is no link leads to itself.
func Follow(path string) (string, error) {
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
	return "", &fs.PathError{Op: "follow", Path: path, Err: syscall.ELOOP}
}
