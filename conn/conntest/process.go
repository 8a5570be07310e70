package conntest

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// stopGrace is how long a server may take to end on SIGTERM before it is
// killed. Without persistence it needs a few milliseconds.
const stopGrace = 5 * time.Second

// process is one running program.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed once the program has ended and was waited for
}

// startProcess runs a program whose output, both kinds, is appended to a file. env adds to our own environment.
func startProcess(path string, args []string, output string, env ...string) (*process, error) {
	out, err := os.OpenFile(output, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(context.Background(), path, args...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.Env = append(append(os.Environ(), "LC_ALL=C"), env...) // English messages: see portTaken
	cmd.SysProcAttr = dieWithParent()

	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		// The kernel ties the child's life to this thread, not to our process;
		// a goroutine that keeps its thread until the child has ended makes
		// them the same.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(p.done)
		defer out.Close() //nolint:errcheck // nothing was written through our own handle
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is told by its log
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// running reports whether the program has not ended yet.
func (p *process) running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// stop asks the program to end, insists after a while, and waits for it.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // an error means it is gone already
	select {
	case <-p.done:
	case <-time.After(stopGrace):
		p.kill()
	}
}

// kill ends the program at once and waits for it.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // an error means it is gone already
	<-p.done
}
