//go:build unix

package repl

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// stopDelay is how long a stop signal may take to stop us. Where nobody could
// continue us, the system drops it.
const stopDelay = 200 * time.Millisecond

// suspendProcess stops the program, and those it shares a pipeline with, as the
// terminal does on Ctrl-Z, and returns when it is continued.
func suspendProcess() {
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, syscall.SIGCONT)
	defer signal.Stop(continued)
	if syscall.Kill(0, syscall.SIGTSTP) != nil {
		return
	}
	select {
	case <-continued:
	case <-time.After(stopDelay):
	}
}
