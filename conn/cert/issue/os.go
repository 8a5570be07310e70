package issue

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// OS is the real file system, as [FS].
type OS struct{}

// ReadFile implements [FS].
func (OS) ReadFile(path string) ([]byte, error) { return os.ReadFile(path) }

// Stat implements [FS].
func (OS) Stat(path string) (fs.FileInfo, error) { return os.Stat(path) }

// Lstat implements [FS].
func (OS) Lstat(path string) (fs.FileInfo, error) { return os.Lstat(path) }

// Mkdir implements [FS].
func (OS) Mkdir(path string, mode fs.FileMode) error { return os.Mkdir(path, mode) }

// CreateTemp implements [FS].
func (OS) CreateTemp(dir, pattern string) (TempFile, error) { return os.CreateTemp(dir, pattern) }

// Link implements [FS].
func (OS) Link(from, to string) error { return os.Link(from, to) }

// Rename implements [FS].
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// Remove implements [FS].
func (OS) Remove(path string) error { return os.Remove(path) }

// SyncDir implements [FS]. Where directories cannot be synced it does nothing.
func (OS) SyncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Abs returns path from the root of the file system on; where that is not known, path itself.
func (OS) Abs(path string) string {
	if whole, err := filepath.Abs(path); err == nil {
		return whole
	}
	return path
}

// Hostname returns the name of this host, or nothing.
func (OS) Hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	return name
}
