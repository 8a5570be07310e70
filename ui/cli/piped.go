package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"redan/commands"
	"redan/conn"
	"redan/conn/resp"
	"redan/ui/format"
	"redan/ui/repl"
)

// windowSize is how many commands may be in flight when commands are piped in.
const windowSize = 4096

// piped runs the commands of standard input, one a line. Commands go out ahead
// of the replies to earlier ones, but never further than what has arrived on
// standard input: a producer that pauses gets every answer first.
type piped struct {
	*app
	session  *conn.Session
	window   *conn.Window[pipedCommand]
	interval time.Duration
	line     int // the line read last
	sent     int // the line of the command sent last

	elsewhere *conn.Addr    // where "connect" led before there was a session
	explained bool          // a failed connect was explained at length
	garbled   chan struct{} // closed when the server's bytes make no sense
}

// pipedCommand is a command in flight.
type pipedCommand struct {
	args []string
	line int
}

func (a *app) piped(ctx context.Context) int {
	a.sys.IgnoreBrokenPipe() // as redis-cli: what was piped in is still executed
	a.stdout.goOn = true
	interval, err := a.interval()
	if err != nil {
		return a.fail(err)
	}
	p := &piped{app: a, interval: interval, garbled: make(chan struct{})}
	if err := p.connect(ctx); isFatal(err) {
		return a.fail(err)
	} else if err != nil {
		p.cannotConnect(err)
	}
	code := p.readLines(ctx)
	if p.session != nil {
		_ = p.session.Close()
	}
	return code
}

func (p *piped) readLines(ctx context.Context) int {
	for {
		if code, done := p.sendArrived(ctx); done {
			return code
		}
		line, err := p.nextLine()
		if line == "" && err != nil {
			code, _ := p.drain(ctx)
			if !errors.Is(err, io.EOF) {
				p.warn(fmt.Sprintf("cannot read standard input after line %d: %v", p.line, rootCause(err)))
				return exitError
			}
			return code
		}
		p.line++
		if code, done := p.run(ctx, strings.TrimRight(line, "\r\n")); done {
			return code
		}
	}
}

// sendArrived sends what was encoded when the next line has not arrived yet:
// whoever writes the lines may wait for the replies first.
func (p *piped) sendArrived(ctx context.Context) (code int, done bool) {
	arrived, _ := p.stdin.Peek(p.stdin.Buffered())
	if p.window == nil || bytes.IndexByte(arrived, '\n') >= 0 {
		return exitOK, false
	}
	p.window.Flush(ctx)
	if len(p.window.Unsent()) > 0 {
		return p.drain(ctx)
	}
	return exitOK, false
}

// nextLine returns the next line, or the end of the input as soon as what comes
// from the server cannot be understood any more.
func (p *piped) nextLine() (string, error) {
	if arrived, _ := p.stdin.Peek(p.stdin.Buffered()); p.window == nil || bytes.IndexByte(arrived, '\n') >= 0 {
		return p.stdin.ReadString('\n')
	}
	type read struct {
		line string
		err  error
	}
	next := make(chan read, 1)
	go func() {
		line, err := p.stdin.ReadString('\n')
		next <- read{line, err}
	}()
	select {
	case r := <-next:
		return r.line, r.err
	case <-p.garbled:
		return "", io.EOF
	}
}

// run does what one line asks for and reports whether that ends the program.
func (p *piped) run(ctx context.Context, line string) (code int, done bool) {
	if cut := strings.IndexByte(line, 0); cut >= 0 {
		line = line[:cut] // as redis-cli reads it
	}
	input := repl.Interpret(line)
	if input.Action == repl.Nothing {
		return exitOK, false
	}
	if p.window != nil && p.window.Err() != nil { // lost while we waited for this line, which connects anew
		if code, done = p.drain(ctx); done {
			return code, true
		}
	}
	if input.Action == repl.Send {
		if err := p.permit(ctx, input.Words); err != nil {
			return p.refused(ctx, err), true
		}
	}
	if input.Action == repl.Send && p.pipelines(input) {
		return p.sendAhead(ctx, input.Words)
	}
	if code, done = p.drain(ctx); done {
		return code, true
	}
	switch input.Action {
	case repl.Send:
		return p.sendAlone(ctx, input)
	case repl.Quit:
		return exitOK, true
	case repl.Help:
		p.localHelp(input.Words)
	case repl.Clear:
		p.print("\x1b[H\x1b[2J")
	case repl.Connect:
		return p.connectTo(ctx, input.Words[1], input.Words[2])
	default:
		if refusal := repl.Refusal(input); refusal != "" {
			p.print(refusal + "\n")
		}
	}
	p.flush()
	return exitOK, false
}

// refused ends the run at a command that the guard keeps back: what follows was written by somebody who took it for done.
func (p *piped) refused(ctx context.Context, err error) int {
	if code, done := p.drain(ctx); done {
		return code
	}
	return p.fail(fmt.Errorf("line %d: %w; nothing after it was sent", p.line, err))
}

// pipelines reports whether a command may go out before earlier replies came.
func (p *piped) pipelines(input repl.Input) bool {
	timed := p.printer.Mode == format.Standard // a server that sleeps holds back the replies before, too
	if timed || input.Repeat > 1 || p.interval > 0 || p.follows() || mustRunAlone(input.Words) {
		return false
	}
	// While there is a window the session is its business, and its error tells.
	return p.window != nil || p.connected()
}

// mustRunAlone reports whether replies after a command come in another form, as
// another user, not at all, or without being asked for.
func mustRunAlone(args []string) bool {
	effect := commands.EffectOf(args)
	return effect.ChangesReplyStream() || effect == commands.Authenticates
}

// sendAhead puts a command into the window. It reports whether the program ends.
func (p *piped) sendAhead(ctx context.Context, args []string) (code int, done bool) {
	if p.window == nil {
		p.window = conn.NewWindow(p.session, windowSize, func(c pipedCommand) error {
			_, err := p.receive(ctx, c)
			return err
		}, p.flush)
		p.window.Failed = p.reportLoss
	}
	p.sent = p.line
	p.window.Send(ctx, pipedCommand{args: args, line: p.line}, args...)
	if p.window.Err() != nil {
		return p.drain(ctx)
	}
	return exitOK, false
}

// drain waits for all replies. After a lost connection the next command
// connects again, as with redis-cli.
func (p *piped) drain(ctx context.Context) (code int, done bool) {
	if p.window == nil {
		return exitOK, false
	}
	err := p.window.Close(ctx)
	unsent := p.window.Unsent()
	p.window = nil
	p.flush()
	if len(unsent) > 0 {
		p.sent = unsent[0].line - 1
	}
	if code, done = p.unanswered(err); done {
		return code, true
	}
	for _, c := range unsent { // read when the connection was lost already, so they go out on a new one
		if code, done = p.runAlone(ctx, c); done {
			return code, true
		}
	}
	return exitOK, false
}

// unanswered tells which lines got no reply, and reports whether that ends the program.
func (p *piped) unanswered(err error) (code int, done bool) {
	gone, ok := errors.AsType[*lostReplyError](err)
	if !ok {
		return exitOK, false
	}
	if gone.line == p.sent {
		p.warn(fmt.Sprintf("  the reply to line %d did not come; the server may have run it", gone.line))
	} else {
		p.warn(fmt.Sprintf("  the replies to lines %d to %d did not come; the server may have run them", gone.line, p.sent))
	}
	if isGarbled(err) {
		return exitError, true
	}
	return exitOK, false
}

// lostReplyError is a reply that did not come.
type lostReplyError struct {
	line int
	err  error
}

// Error implements error.
func (e *lostReplyError) Error() string { return "line " + strconv.Itoa(e.line) + ": " + e.err.Error() }

// Unwrap returns what happened to the connection.
func (e *lostReplyError) Unwrap() error { return e.err }

// receive prints the reply to one command. Errors are [*lostReplyError].
func (p *piped) receive(ctx context.Context, c pipedCommand) (summary format.Summary, err error) {
	err = p.session.Receive(ctx, c.args, func(src resp.Source) (err error) {
		summary, err = p.printReply(c.args, src)
		return err
	})
	switch {
	case err == nil:
		p.noteError(c, summary)
		return summary, nil
	case isShutdown(c.args):
		return summary, nil
	}
	return summary, &lostReplyError{c.line, err}
}

// reportLoss reports the loss of the connection and of what was its state. Who
// waits for a reply may send no further line before.
func (p *piped) reportLoss(err error) {
	if gone, ok := errors.AsType[*lostReplyError](err); ok {
		p.flush()
		p.warn(p.errorText(gone.err, true))
		p.warnLost()
		if isGarbled(err) {
			close(p.garbled)
		}
	}
}

// isGarbled reports whether the peer does not speak the protocol. Nobody knows
// then what its next bytes mean, so nothing more is sent.
func isGarbled(err error) bool {
	failed, ok := errors.AsType[*conn.Error](err)
	return !ok || failed.Code == conn.CodeProtocol
}

// noteError tells the line of a command that failed, under --verbose.
func (p *piped) noteError(c pipedCommand, summary format.Summary) {
	if summary.Err != nil && p.inv.options.Verbose {
		p.flush()
		p.warn(fmt.Sprintf("line %d: %s", c.line, printable(summary.Err.Error())))
	}
}

// printElapsed prints how long a slow line took, all its repetitions together,
// in the human format, as redis-cli does.
func (p *piped) printElapsed(began time.Time) {
	if took := p.sys.Now().Sub(began); p.printer.Mode == format.Standard && took >= format.ElapsedThreshold {
		p.print(format.Elapsed(took))
		p.flush()
	}
}

// sendAlone runs a command with nothing else in flight.
func (p *piped) sendAlone(ctx context.Context, input repl.Input) (code int, done bool) {
	if commands.EffectOf(input.Words) == commands.Syncs {
		p.warn(syncRefusal)
		return exitOK, false
	}
	defer p.printElapsed(p.sys.Now())
	for range input.Repeat {
		if code, done = p.runAlone(ctx, pipedCommand{args: input.Words, line: p.line}); done {
			return code, true
		}
		repl.Pause(ctx, p.interval)
	}
	return exitOK, false
}

// runAlone runs one command, on a new connection if there is none.
func (p *piped) runAlone(ctx context.Context, c pipedCommand) (code int, done bool) {
	if !p.connected() {
		switch err := p.connect(ctx); {
		case isFatal(err):
			return p.fail(err), true
		case err != nil:
			p.cannotConnect(err)
			return exitOK, false
		}
	}
	p.sent = c.line
	return p.exchange(ctx, c)
}

// exchange sends one command and prints all its replies. Those to SUBSCRIBE and
// MONITOR do not end before the program does.
func (p *piped) exchange(ctx context.Context, c pipedCommand) (code int, done bool) {
	p.announceStream(c.args)
	p.session.Send(c.args...)
	err := p.session.Flush(ctx)
	if err != nil {
		err = &lostReplyError{c.line, err}
	} else {
		var summary format.Summary
		summary, err = p.receive(ctx, c)
		if err == nil && summary.Kind.IsAggregate() && commands.EffectOf(c.args) == commands.Unsubscribes {
			err = p.receiveMore(ctx, c, len(c.args)-2)
		}
	}
	p.flush()
	if err == nil && !p.session.Broken() && isStreaming(p.session.State()) {
		return p.duplex(ctx, c.args), true
	}
	p.reportLoss(err)
	return p.unanswered(err)
}

// receiveMore prints n more replies to a command.
func (p *piped) receiveMore(ctx context.Context, c pipedCommand, n int) error {
	for range n {
		if err := p.session.Next(ctx, func(src resp.Source) error {
			_, err := p.printer.Print(p.out, src)
			return err
		}); err != nil {
			return &lostReplyError{c.line, err}
		}
	}
	return nil
}
