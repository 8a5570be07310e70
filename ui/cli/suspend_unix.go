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

// suspensions makes Ctrl-Z arrive on the returned channel; halt stops the program as it would have. stop ends that.
func suspensions() (asked <-chan os.Signal, halt, stop func()) {
	if signal.Ignored(syscall.SIGTSTP) {
		return nil, func() {}, func() {}
	}
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTSTP)
	return c, suspend, func() { signal.Stop(c) }
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
