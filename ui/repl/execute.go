package repl

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"redan/commands"
	"redan/conn"
	"redan/conn/resp"
	"redan/ui/format"
)

// target is where replies go.
type target struct {
	out     *bufio.Writer
	printer format.Printer
	pipe    *shellPipe // when set, replies go there, raw, but errors still to out
}

// interruptible runs work with a context that Ctrl-C ends.
func (p *prompt) interruptible(ctx context.Context, work func(ctx context.Context)) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := p.editor.Watch(cancel)
	defer stop()
	work(ctx)
}

// send runs a command as often as asked and prints the replies.
func (p *prompt) send(ctx context.Context, input Input, to target) {
	if commands.EffectOf(input.Words) == commands.Syncs {
		p.say("SYNC and PSYNC turn the connection into a replication stream, which the prompt cannot show. Nothing was sent.")
		return
	}
	var err error
	began := p.Now()
	p.interruptible(ctx, func(ctx context.Context) {
		if !p.ready(ctx) {
			return
		}
		began = p.Now()
		for range input.Repeat {
			if err = p.run1(ctx, input.Words, to); err != nil {
				break
			}
			p.flush()
			Pause(ctx, p.Interval)
		}
	})
	took := p.Now().Sub(began)
	if err != nil {
		p.failed(ctx, input.Words, err)
	}
	if to.pipe == nil && p.Printer.Mode == format.Standard && took >= format.ElapsedThreshold && p.connected() {
		p.print(format.Elapsed(took))
	}
}

// run1 runs a command once.
func (p *prompt) run1(ctx context.Context, args []string, to target) error {
	effect := commands.EffectOf(args)
	streaming := effect == commands.Monitors || effect == commands.Subscribes && len(args) > 1
	if streaming && to.pipe == nil && p.Printer.Mode != format.Raw {
		p.say("Reading messages... (press Ctrl-C to quit)")
	}
	var summary format.Summary
	err := p.session.Stream(ctx, args, func(src resp.Source) (err error) {
		summary, err = to.print(args, src)
		return err
	})
	if err != nil || summary.Err != nil {
		return err
	}
	state := p.session.State()
	switch {
	case streaming && (state.Subscribed || state.Monitoring):
		return p.readMessages(ctx, to)
	case effect == commands.Unsubscribes && summary.Kind.IsAggregate():
		return p.readReplies(ctx, to, len(args)-2)
	}
	return nil
}

// errNobodyReads ends an endless reply to a shell command that has ended.
var errNobodyReads = errors.New("the shell command has ended")

// readMessages prints what the server sends until the connection or ctx ends.
func (p *prompt) readMessages(ctx context.Context, to target) error {
	for {
		if err := p.readReplies(ctx, to, 1); err != nil {
			return err
		}
		if to.pipe != nil && to.pipe.broken() {
			return errNobodyReads
		}
	}
}

// readReplies prints n more replies: UNSUBSCRIBE has one for each channel.
func (p *prompt) readReplies(ctx context.Context, to target, n int) error {
	for range n {
		if err := p.session.Next(ctx, func(src resp.Source) error {
			_, err := to.print(nil, src)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// print prints one reply, as plain text for the commands whose reply is one.
func (t target) print(args []string, src resp.Source) (format.Summary, error) {
	if t.pipe != nil {
		first, err := src.Next()
		if err != nil {
			return format.Summary{}, err
		}
		src = resp.Prepend(first, src)
		if !first.Kind.IsError() {
			t.out, t.printer = t.pipe.open(), format.New(format.Raw)
		}
	}
	if commands.AlwaysRaw(args) {
		return t.printer.PrintPlain(t.out, src)
	}
	return t.printer.Print(t.out, src)
}

// failed says what became of a command whose reply did not come whole.
func (p *prompt) failed(ctx context.Context, args []string, err error) {
	state := p.session.State()
	effect := commands.EffectOf(args)
	switch {
	case ctx.Err() != nil: // the program ends
	case errors.Is(err, context.Canceled):
		p.interrupted(ctx, state)
	case errors.Is(err, errNobodyReads):
		_ = p.session.Close()
		p.interruptible(ctx, func(ctx context.Context) { p.reconnect(ctx) })
	case effect == commands.ShutsDown && p.session.Broken():
	default:
		p.warn(p.ErrorText(err, true))
		p.tellLost(state)
	}
}

// interrupted goes on after Ctrl-C: the reply that may still come would be taken
// for that of the next command, so the connection is made anew.
func (p *prompt) interrupted(ctx context.Context, state conn.State) {
	streaming := state.Subscribed || state.Monitoring
	p.flush()
	p.sink.lineStart()
	if !streaming {
		p.warn("Interrupted. The server may have executed the command nevertheless.")
		p.tellLost(state)
	}
	p.interruptible(ctx, func(ctx context.Context) { p.ready(ctx) })
}

// tellLost says what a new connection will not have.
func (p *prompt) tellLost(state conn.State) {
	if lost := state.Lost(); len(lost) > 0 {
		p.warn("  lost:  " + strings.Join(lost, ", "))
	}
}

func (p *prompt) connected() bool { return p.session != nil && !p.session.Broken() }

// ready makes sure that there is a connection, and says why not.
func (p *prompt) ready(ctx context.Context) bool {
	if p.connected() {
		return true
	}
	return p.reconnect(ctx)
}

// reconnect connects anew, and says why not.
func (p *prompt) reconnect(ctx context.Context) bool {
	err := p.open(ctx)
	if err != nil && ctx.Err() == nil {
		p.cannotConnect(err)
	}
	return err == nil
}

// open makes the first connection, or a new one with what the last one had.
func (p *prompt) open(ctx context.Context) error {
	if p.session != nil {
		_, err := p.session.Reconnect(ctx)
		p.explained = p.explained && err != nil
		return err
	}
	session, err := conn.Open(ctx, p.Dialer, p.Options)
	if err != nil {
		return err
	}
	p.session = session
	session.Follow = p.Follow
	session.BeforeRead = p.flush
	session.OnPush = func(push resp.Value) {
		if p.Pushes {
			_, _ = p.Printer.Print(p.out, push.Source())
		}
	}
	session.OnRedirect = func(to conn.Redirect) {
		p.say(fmt.Sprintf("-> Redirected to slot [%d] located at %s", to.Slot, to.To))
	}
	p.welcome()
	return nil
}

// welcome follows a connection to a server we have not been connected to.
func (p *prompt) welcome() {
	for _, warning := range p.session.Warnings() {
		p.warn(string(format.AppendTerminal(nil, []byte(warning))))
	}
	p.explained = false
	p.known.forget()
}

// cannotConnect explains a failed connect: at length once, then in one line.
func (p *prompt) cannotConnect(err error) {
	p.warn(p.ErrorText(err, !p.explained))
	p.explained = true
}

// Pause waits for d or until ctx ends.
func Pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
