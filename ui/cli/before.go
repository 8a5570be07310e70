package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"redan/conn"
	"redan/profiles"
	"redan/profiles/tomlfile"
)

const (
	// beforeWait is how long a profile's command may take to open its port, unless the profile says so.
	beforeWait = 15 * time.Second
	// quietWait is how long a person is left without a word about what is awaited.
	quietWait = 150 * time.Millisecond
	// knockPause is between two attempts, knockLimit what one may take.
	knockPause, knockLimit = 20 * time.Millisecond, 2 * time.Second
)

// network returns the network that leads to the server at addr: through the command of the profile, which is started, or straight.
func (a *app) network(ctx context.Context, inv *invocation, addr conn.Addr) (conn.DialFunc, error) {
	f, err := a.startBefore(ctx, inv, addr)
	switch {
	case err != nil:
		return nil, err
	case f == nil:
		return a.sys.Dial, nil
	}
	return f.Dial, nil
}

// startBefore starts the command of the profile; nil when there is none, or the command line leads elsewhere. It ends with the run.
func (a *app) startBefore(ctx context.Context, inv *invocation, addr conn.Addr) (*forward, error) {
	p := a.profile
	if p == nil || len(p.Before.Command) == 0 || goesElsewhere(inv) {
		return nil, nil //nolint:nilnil // most profiles have none
	}
	f, err := a.newForward(ctx, p, addr)
	if err != nil {
		return nil, err
	}
	a.befores = append(a.befores, f)
	f.faced = a.reach != nil // a person sits before a prompt, and Ctrl-C ends the waiting only
	if err := f.start(ctx); err != nil {
		f.stop()
		return nil, err
	}
	if a.inv == inv && a.modeAsked() == nil && a.interactive() && len(inv.command) == 0 && inv.options.Eval == "" { // it puts the terminal back before it ends
		f.faced = true
		f.running().endsWithUs(false)
	}
	return f, nil
}

// forward is the command that runs for a profile, such as a port-forward. Connections to the profile's server go through the port that it
// opens, or, when it opens none (as a VPN does), where they always go. Names of certificates stay those of the server.
type forward struct {
	a       *app
	profile string
	at      tomlfile.Position // where the command stands
	words   []string
	env     []string // variables that are kept from it
	wait    time.Duration

	server conn.Addr // what is dialled
	door   conn.Addr // where that leads; the same for a VPN

	starting sync.Mutex // held while the command is started again
	faced    bool       // a person sits before it
	silent   bool       // the screen is not ours to write to

	mu      sync.Mutex
	process *process // the one started last
	knocked net.Conn // the connection that proved the port open, for whoever dials first
	stopped bool
}

func (a *app) newForward(ctx context.Context, p *profiles.Profile, server conn.Addr) (*forward, error) {
	f := &forward{
		a: a, profile: p.Name, words: slices.Clone(p.Before.Command), env: secretVariables(p), wait: beforeWait, server: server, door: server,
	}
	f.at, _ = p.Origin("before.command")
	if p.Before.Wait > 0 {
		f.wait = time.Duration(p.Before.Wait)
	}
	const placeholder = "${port}"
	port := int(p.Before.Port)
	asks := slices.ContainsFunc(f.words, func(word string) bool { return strings.Contains(word, placeholder) })
	if port == 0 && asks {
		var err error
		if port, err = a.sys.FreePort(ctx); err != nil {
			return nil, f.failure(fmt.Errorf("there is no free port for it: %w", err))
		}
	}
	for i, word := range f.words {
		f.words[i] = strings.ReplaceAll(word, placeholder, strconv.Itoa(port))
	}
	if port != 0 {
		f.door = conn.Addr{Network: "tcp", Host: conn.DefaultHost, Port: port}
	}
	return f, nil
}

// failure tells of the command what went wrong.
func (f *forward) failure(err error) error {
	return fmt.Errorf("%s: before.command of profile %s (%s): %w", f.at, f.profile, printable(filepath.Base(f.words[0])), err)
}

// start starts the command and waits until the way is open.
func (f *forward) start(ctx context.Context) error {
	if err := f.launch(); err != nil {
		return f.failure(err)
	}
	ctx, cancel := context.WithTimeout(ctx, f.wait)
	defer cancel()
	said := time.AfterFunc(quietWait, func() { f.say(fmt.Sprintf("Waiting for %s to open %s...", filepath.Base(f.words[0]), f.door)) })
	defer func() {
		if !said.Stop() {
			f.say("")
		}
	}()
	return f.awaitDoor(ctx)
}

// errStopped is a command that is not started any more, since redan ends.
var errStopped = errors.New("it was stopped")

func (f *forward) launch() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stopped {
		return errStopped
	}
	p, err := startProcess(f.a.program(f.words[0], f.words[1:], f.env))
	if err != nil {
		return err
	}
	switch {
	case f.a.catching:
		p.endsAfterUs()
	case f.faced:
		p.endsWithUs(false)
	}
	f.process = p
	return nil
}

// running is the command that was started last.
func (f *forward) running() *process {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.process
}

// say shows a person what is awaited, in the place of what was shown before.
func (f *forward) say(text string) {
	if f.a.sys.ErrTTY && !f.silent {
		_, _ = fmt.Fprint(f.a.sys.Stderr, "\r\x1b[K"+printable(text))
	}
}

// awaitDoor knocks until somebody opens.
func (f *forward) awaitDoor(ctx context.Context) error {
	ticker := time.NewTicker(knockPause)
	defer ticker.Stop()
	p := f.running()
	ended := p.ended
	for {
		knock, cancel := context.WithTimeout(ctx, knockLimit)
		c, err := f.a.sys.Dial(knock, f.door.Network, f.door.Target())
		cancel()
		if err == nil {
			f.keep(c)
			return nil
		}
		select {
		case <-ended:
			if !f.hasDone(p) {
				return f.failure(p.why())
			}
			ended = nil
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return f.failure(fmt.Errorf("%s did not open within %s%s (before.wait)", f.door, f.wait, p.lastWords()))
			}
			return ctx.Err()
		case <-ticker.C:
		}
	}
}

// hasDone reports whether a command that has ended did what it was there for: one that opens no port of this machine may have switched
// something on.
func (f *forward) hasDone(p *process) bool { return f.door == f.server && p.err == nil }

// keep holds the connection that proved the door open for whoever dials first: some commands take one only.
func (f *forward) keep(c net.Conn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.knocked = c
	time.AfterFunc(knockLimit, func() { // a server would wonder about it
		if f.takeIf(c) {
			_ = c.Close()
		}
	})
}

// takeIf takes the connection that is kept, if it is c.
func (f *forward) takeIf(c net.Conn) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.knocked != c {
		return false
	}
	f.knocked = nil
	return true
}

// take takes the connection that is kept; nil when there is none.
func (f *forward) take() net.Conn {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.knocked
	f.knocked = nil
	return c
}

// Dial is a [conn.DialFunc] that goes through the command. One that has ended is started again.
func (f *forward) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	if address != f.server.Target() {
		return f.a.sys.Dial(ctx, network, address)
	}
	if c := f.take(); c != nil {
		return c, nil
	}
	if err := f.revive(ctx); err != nil {
		return nil, err
	}
	if c := f.take(); c != nil {
		return c, nil
	}
	return f.a.sys.Dial(ctx, f.door.Network, f.door.Target())
}

// revive starts the command again when it has ended.
func (f *forward) revive(ctx context.Context) error {
	f.starting.Lock()
	defer f.starting.Unlock()
	p := f.running()
	if !p.hasEnded() || f.hasDone(p) {
		return nil
	}
	p.stop()
	return f.start(ctx)
}

// stop ends the command and all that it started, for good.
func (f *forward) stop() {
	if f == nil {
		return
	}
	f.mu.Lock()
	f.stopped = true
	p, c := f.process, f.knocked
	f.knocked = nil
	f.mu.Unlock()
	if c != nil {
		_ = c.Close()
	}
	if p != nil {
		p.stop()
	}
}

// stopBefores ends the commands of all profiles.
func (a *app) stopBefores() {
	for _, f := range a.befores {
		f.stop()
	}
}

// yieldToSignal waits for the end when a signal is ending redan: what happens because its command has ended is no failure to tell.
func (a *app) yieldToSignal() {
	for _, f := range a.befores {
		if p := f.running(); p != nil && p.dying.Load() {
			select {}
		}
	}
}
