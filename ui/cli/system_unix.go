//go:build unix

package cli

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
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

// terminalTaken reports whether the terminal does not hand on whole lines, or does not show what is typed. Programs begin with one that does
// both.
func terminalTaken() bool {
	const shared = unix.ICANON | unix.ECHO
	for _, stream := range []*os.File{os.Stdout, os.Stderr} {
		if state, err := unix.IoctlGetTermios(int(stream.Fd()), getTermios); err == nil {
			return state.Lflag&shared != shared
		}
	}
	return false
}
