//go:build unix

package cli

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// haltDelay is how long a signal may take to stop us. Where nobody could continue us, the system drops it.
const haltDelay = 200 * time.Millisecond

// onSuspend calls asked at each Ctrl-Z from now on; halt stops the program as that would have. Where whoever started the program has it
// ignore Ctrl-Z, it stays ignored.
func onSuspend(asked func(halt func())) {
	if signal.Ignored(syscall.SIGTSTP) {
		return
	}
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTSTP)
	go func() {
		for range c {
			asked(suspend)
		}
	}()
}

// suspend stops the program and returns when it is continued. Those that share a pipeline with it have had their Ctrl-Z. The signal is
// another one that stops: once Go has caught Ctrl-Z it never lets it stop the program again. SIGSTOP would also where nobody could continue.
func suspend() {
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, syscall.SIGCONT)
	defer signal.Stop(continued)
	if syscall.Kill(syscall.Getpid(), syscall.SIGTTOU) != nil {
		return
	}
	select {
	case <-continued:
	case <-time.After(haltDelay):
	}
}
