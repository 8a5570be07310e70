//go:build unix

package transfer

import (
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives a new file the owner, the group and the permissions of the one that it replaces. Where the group cannot be given, it
// gets no more than everybody has.
func keepOwner(file *os.File, old fs.FileInfo) {
	mode := old.Mode().Perm()
	was, ok := old.Sys().(*syscall.Stat_t)
	if !ok {
		return
	}
	is, err := file.Stat()
	if err != nil {
		return
	}
	now, ok := is.Sys().(*syscall.Stat_t)
	if !ok {
		return
	}
	if now.Uid != was.Uid {
		_ = file.Chown(int(was.Uid), -1)
	}
	if now.Gid != was.Gid && file.Chown(-1, int(was.Gid)) != nil {
		mode = mode&^0o070 | mode&0o007<<3
	}
	_ = file.Chmod(mode)
}
