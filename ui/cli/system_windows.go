//go:build windows

package cli

import (
	"errors"
	"os"
	"syscall"
)

// ignoreBrokenPipe does nothing: Windows has no SIGPIPE.
func ignoreBrokenPipe() {}

// isBrokenPipe reports whether the reader of a pipe has left.
func isBrokenPipe(err error) bool {
	const noData = syscall.Errno(232) // ERROR_NO_DATA: the pipe is being closed
	return errors.Is(err, syscall.ERROR_BROKEN_PIPE) || errors.Is(err, noData)
}

// raise does nothing: Windows has no signals to end by, the exit code has to do.
func raise(os.Signal) {}

// terminalTaken never knows: a console does not tell.
func terminalTaken() bool { return false }
