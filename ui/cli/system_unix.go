//go:build unix

package cli

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func ignoreBrokenPipe() { signal.Ignore(syscall.SIGPIPE) }

// isBrokenPipe reports whether the reader of a pipe has left.
func isBrokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }

// raise ends the program by a signal, as if it had not been caught.
func raise(s os.Signal) {
	number, ok := s.(syscall.Signal)
	if !ok {
		return
	}
	signal.Reset(s)
	_ = syscall.Kill(syscall.Getpid(), number)
	time.Sleep(time.Second) // it arrives at another thread, perhaps
}
