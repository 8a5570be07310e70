package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/creack/pty"
)

// The size of the terminal that everything is measured on.
const (
	columns = 120
	lines   = 40
)

// terminal is a program that runs on a pseudo-terminal, and what it shows.
type terminal struct {
	cmd     *exec.Cmd
	tty     *os.File
	started time.Time
	ended   chan struct{}

	mu      sync.Mutex
	screen  *emulator
	at      time.Time     // of the last output
	written int64         // bytes of output
	changed chan struct{} // closed by the next whole frame
}

// open starts a program on a terminal.
func open(cmd *exec.Cmd) (*terminal, error) {
	t := &terminal{cmd: cmd, screen: newEmulator(columns, lines), changed: make(chan struct{}), ended: make(chan struct{})}
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "LANG=C.UTF-8", "REDISCLI_HISTFILE="+os.DevNull, "REDAN_FACE=")
	t.started = time.Now()
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: lines, Cols: columns})
	if err != nil {
		return nil, fmt.Errorf("%s on a pseudo-terminal: %w", cmd.Path, err)
	}
	t.tty = tty
	go t.read()
	return t, nil
}

// read takes in the output as it comes.
func (t *terminal) read() {
	defer close(t.ended)
	buffer := make([]byte, 64<<10)
	for {
		n, err := t.tty.Read(buffer)
		at := time.Now()
		t.mu.Lock()
		t.screen.Write(buffer[:n])
		t.at = at
		t.written += int64(n)
		answer := t.screen.answer
		t.screen.answer = nil
		if !t.screen.drawing {
			close(t.changed)
			t.changed = make(chan struct{})
		}
		t.mu.Unlock()
		if len(answer) > 0 {
			_, _ = t.tty.Write(answer)
		}
		if err != nil {
			return
		}
	}
}

// patience is how long anything is waited for.
const patience = 5 * time.Minute

var errNotSeen = errors.New("did not appear on the screen")

// wait waits until the screen is as it should be, and returns when that arrived.
func (t *terminal) wait(what string, limit time.Duration, good func(*emulator) bool) (time.Time, error) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		t.mu.Lock()
		at, seen, changed := t.at, !t.screen.drawing && good(t.screen), t.changed
		t.mu.Unlock()
		if seen {
			return at, nil
		}
		select {
		case <-changed:
		case <-t.ended:
			return at, fmt.Errorf("%s: %w, the program ended:\n%s", what, errNotSeen, t.show())
		case <-timer.C:
			return at, fmt.Errorf("%s: %w in %v:\n%s", what, errNotSeen, limit, t.show())
		}
	}
}

// show is what is on the screen now.
func (t *terminal) show() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.screen.String()
}

// output is how many bytes were written to the terminal.
func (t *terminal) output() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.written
}

// press sends keys and returns when.
func (t *terminal) press(keys string) (time.Time, error) {
	at := time.Now()
	_, err := io.WriteString(t.tty, keys)
	return at, err
}

// close ends the program as the end of a terminal does.
func (t *terminal) close() {
	_ = t.cmd.Process.Signal(syscall.SIGHUP)
	over := time.AfterFunc(5*time.Second, func() { _ = t.cmd.Process.Kill() })
	defer over.Stop()
	_ = t.cmd.Wait()
	_ = t.tty.Close()
	<-t.ended
}

func (t *terminal) pid() int { return t.cmd.Process.Pid }
