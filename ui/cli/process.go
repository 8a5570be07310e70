package cli

import (
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// politeness is how long a program may take to end when it is asked to.
const politeness = time.Second

// process is a program that runs beside redan and ends with it.
type process struct {
	cmd    *exec.Cmd
	stderr lastLine
	ended  chan struct{} // closed when it has
	err    error         // how it ended, once it has

	once    sync.Once
	release func()      // of the signals that end redan
	dying   atomic.Bool // redan is about to end by a signal
}

// startProcess starts a program without input in a process group of its own.
func startProcess(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, ended: make(chan struct{}), release: func() {}}
	cmd.Stderr = &p.stderr
	cmd.WaitDelay = politeness // something that it left behind may hold its output open
	ownGroup(cmd)
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // on Linux it is told when the thread that started it ends
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.ended)
		}
	}()
	if err := <-started; err != nil {
		if failed, ok := errors.AsType[*exec.Error](err); ok {
			err = failed.Err
		}
		return nil, fmt.Errorf("it does not start: %w", err)
	}
	p.endsWithUs(true)
	return p, nil
}

// endsWithUs makes the signals that end redan end the program first. With leave redan ends by them as it always does; otherwise it sees to
// that itself.
func (p *process) endsWithUs(leave bool) {
	p.release()
	p.release = onEnd(leave, func() {
		p.dying.Store(leave)
		p.end()
	})
}

// endsAfterUs leaves Ctrl-C and a request to terminate to redan, which catches them, tells what it has to tell over the way that the program
// keeps open, and then ends both. Other signals end the program first, then redan.
func (p *process) endsAfterUs() {
	p.release()
	p.release = onHangup(func() {
		p.dying.Store(true)
		p.end()
	})
}

// hasEnded reports whether the program has ended.
func (p *process) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// stop ends the program and all that it started.
func (p *process) stop() {
	p.release()
	p.end()
}

func (p *process) end() {
	p.once.Do(func() {
		endGroup(p.cmd, p.hasEnded())
		select {
		case <-p.ended:
		case <-time.After(politeness):
		}
		killGroup(p.cmd, p.hasEnded())
		<-p.ended
	})
}

// why is how the program ended, with its last words.
func (p *process) why() error {
	text := "it ended"
	if p.err != nil {
		text = "it failed (" + p.err.Error() + ")"
	}
	return errors.New(text + p.lastWords())
}

// lastWords are the last line that the program complained of.
func (p *process) lastWords() string {
	if line := p.stderr.String(); line != "" {
		return ": " + printable(line)
	}
	return ""
}

// lastLine keeps the last line of what is written to it.
type lastLine struct {
	mu         sync.Mutex
	last, next []byte
}

// longestLine bounds the line that is kept.
const longestLine = 400

// Write implements io.Writer.
func (l *lastLine) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range text {
		switch {
		case c == '\n':
			if strings.TrimSpace(string(l.next)) != "" {
				l.last = append(l.last[:0], l.next...)
			}
			l.next = l.next[:0]
		case len(l.next) < longestLine:
			l.next = append(l.next, c)
		}
	}
	return len(text), nil
}

// String returns the last line that is not blank.
func (l *lastLine) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if line := strings.TrimSpace(string(l.next)); line != "" {
		return line
	}
	return strings.TrimSpace(string(l.last))
}
