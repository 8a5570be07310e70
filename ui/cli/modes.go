package cli

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"redan/conn"
)

// mode is one of redis-cli's special modes.
type mode struct {
	option string // without dashes
	run    func(ctx context.Context) int
}

// modes are redis-cli's special modes in its order: of several that are asked for the first one runs, and a command behind them is not
// looked at.
func (a *app) modes() []mode {
	return []mode{
		{"cluster", a.later("--cluster")},
		{"latency", a.latency},
		{"latency-history", a.latencyHistory},
		{"latency-dist", a.latencyDist},
		{"replica", a.replica},
		{"rdb", a.dumpRDB},
		{"functions-rdb", a.dumpRDB},
		{"pipe", a.pipe},
		{"bigkeys", a.bigKeys},
		{"memkeys", a.memKeys},
		{"memkeys-samples", a.memKeys},
		{"keystats", a.keyStats},
		{"keystats-samples", a.keyStats},
		{"hotkeys", a.hotKeys},
		{"stat", a.stat},
		{"scan", a.scan},
		{"lru-test", a.lruTest},
		{"intrinsic-latency", a.intrinsicLatency},
		{"ldb", a.later("--ldb")},
		{"ldb-sync-mode", a.later("--ldb")},
	}
}

// modeAsked returns the mode that the command line asks for; nil for none.
func (a *app) modeAsked() *mode {
	for _, m := range a.modes() {
		if a.inv.given(m.option) {
			return &m
		}
	}
	return nil
}

// later is the mode that is not there yet.
func (a *app) later(option string) func(context.Context) int {
	return func(context.Context) int {
		a.warn(option + " is not in this version of redan yet; redis-cli " + option + " does it.")
		return exitError
	}
}

// untilInterrupted returns a context that Ctrl-C and a request to terminate end, for the modes that then say what they have found so
// far. A second one ends the program at once: writing what was found may wait for a reader that does not read. It is called before
// anything is connected to: the commands of profiles that open the way must not end at these signals by themselves.
func (a *app) untilInterrupted(ctx context.Context) (context.Context, func()) {
	a.catching = true
	ctx, cancel := context.WithCancelCause(ctx)
	interrupts, stop := a.sys.Interrupts()
	done := make(chan struct{})
	go func() {
		select {
		case s := <-interrupts:
			cancel(&interruptedError{signal: s})
			select {
			case <-time.After(echo):
			case <-done:
			}
			stop()
		case <-done:
		}
	}()
	return ctx, func() {
		close(done)
		stop()
		cancel(nil)
	}
}

// echo is how long after a signal another one is taken for the same: timeout(1) sends each twice, and so do wrappers that hand on what the
// terminal has sent to all.
const echo = 300 * time.Millisecond

// interruptedError is why a context ended that [app.untilInterrupted] made.
type interruptedError struct{ signal os.Signal }

func (e *interruptedError) Error() string { return "stopped by " + e.signal.String() }

// interrupted reports whether ctx, of [app.untilInterrupted], was ended by a signal. The program then ends by it once all is told and
// cleaned up, with this exit code where that cannot be.
func (a *app) interrupted(ctx context.Context) (code int, ok bool) {
	stopped, ok := errors.AsType[*interruptedError](context.Cause(ctx))
	if ok {
		a.endsBy = stopped.signal
	}
	return exitInterrupted, ok
}

// found returns the exit code of a mode that has told what it found until ctx, of [app.untilInterrupted], ended. Ctrl-C is how a person ends
// it. Who asks it to terminate did not want half of it taken for all: it ends by that signal, as redis-cli does.
func (a *app) found(ctx context.Context, code int) int {
	if stopped, ok := errors.AsType[*interruptedError](context.Cause(ctx)); ok && stopped.signal != os.Interrupt {
		code, _ = a.interrupted(ctx)
	}
	return code
}

// exitInterrupted is what a shell makes of an end by Ctrl-C.
const exitInterrupted = 130

// openNode returns what opens a connection of its own to a node, as the command line says for the server.
func (a *app) openNode(at conn.Addr) func(ctx context.Context) (*conn.Session, error) {
	return func(ctx context.Context) (*conn.Session, error) {
		d, o, err := a.dialer(ctx)
		if err != nil {
			return nil, err
		}
		if at != o.Addr() {
			o.Host, o.Port, o.Socket = at.Host, at.Port, ""
		}
		return conn.Open(ctx, d, o)
	}
}

// openNodes returns what opens connections to nodes, of several at the same time, and tells what each could not do.
func (a *app) openNodes() func(ctx context.Context, at conn.Addr) (*conn.Session, error) {
	var telling sync.Mutex
	return func(ctx context.Context, at conn.Addr) (*conn.Session, error) {
		session, err := a.openNode(at)(ctx)
		if err == nil {
			telling.Lock()
			defer telling.Unlock()
			a.warnings(session)
		}
		return session, err
	}
}
