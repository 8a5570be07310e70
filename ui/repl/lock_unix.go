//go:build unix && !solaris && !aix

package repl

import (
	"errors"
	"os"
	"syscall"
)

// tryLock locks a file until it is closed and reports whether nobody else has.
// Where files cannot be locked, as on some network file systems, it says yes:
// the history is worth no more.
func tryLock(file *os.File) bool {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	return !errors.Is(err, syscall.EWOULDBLOCK)
}
