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

// terminalTaken reports whether we are in the background, or the terminal does not hand on whole lines, or does not show what is typed.
// Programs begin with one that does both.
func terminalTaken() bool {
	const shared = unix.ICANON | unix.ECHO
	for _, stream := range []*os.File{os.Stdout, os.Stderr} {
		terminal := int(stream.Fd())
		if state, err := unix.IoctlGetTermios(terminal, getTermios); err == nil {
			group, err := unix.IoctlGetInt(terminal, unix.TIOCGPGRP) // an error: it controls others than us
			own, _ := unix.Getpgid(0)
			return err == nil && group != own || state.Lflag&shared != shared
		}
	}
	return false
}
