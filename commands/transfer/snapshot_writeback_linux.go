//go:build !ppc64 && !ppc64le

package transfer

import (
	"os"
	"syscall"
)

// startWriting makes the system begin to write n bytes of a file to the disk, while the next ones are on their way. Otherwise it may leave
// a gigabyte of them to the end.
func startWriting(file *os.File, from, n int64) {
	raw, err := file.SyscallConn()
	if err != nil {
		return
	}
	const initiate = 2                                                                          // SYNC_FILE_RANGE_WRITE
	_ = raw.Control(func(fd uintptr) { _ = syscall.SyncFileRange(int(fd), from, n, initiate) }) // it is only a hint
}
