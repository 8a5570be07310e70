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
	line     int

	elsewhere *conn.Addr // where "connect" led before there was a session
	explained bool       // a failed connect was explained at length
	lastReply time.Time  // when the last reply had been printed
}

// pipedCommand is a command in flight.
type pipedCommand struct {
	args []string
	line int
	sent time.Time
}

func (a *app) piped(ctx context.Context) int {
	a.sys.IgnoreBrokenPipe() // as redis-cli: what was piped in is still executed
	a.stdout.goOn = true
	interval, err := a.interval()
	if err != nil {
		return a.fail(err)
	}
	p := &piped{app: a, interval: interval}
	session, err := a.open(ctx)
	var failed *conn.Error
	switch {
	case err == nil:
		p.adopt(session)
	case !errors.As(err, &failed) || failed.Stage == conn.StageFiles || failed.Stage == conn.StageAuth:
		return a.fail(err)
	default:
		p.cannotConnect(err)
	}
	code := p.readLines(ctx)
	if p.session != nil {
		_ = p.session.Close()
	}
	return code
}

func (p *piped) adopt(session *conn.Session) {
	p.session = session
	session.OnRedirect = func(to conn.Redirect) {
		p.print(fmt.Sprintf("-> Redirected to slot [%d] located at %s\n", to.Slot, to.To))
	}
}

// cannotConnect reports a failed connect: at length once, then in one line.
func (p *piped) cannotConnect(err error) {
	p.flush()
	p.warn(errorText(err, !p.explained))
	p.explained = true
}

func (p *piped) readLines(ctx context.Context) int {
	for {
		line, err := p.nextLine(ctx)
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

// nextLine returns the next line of standard input. If it has not arrived yet,
// everything sent so far is flushed first.
func (p *piped) nextLine(ctx context.Context) (string, error) {
	arrived, _ := p.stdin.Peek(p.stdin.Buffered())
	if p.window != nil && bytes.IndexByte(arrived, '\n') < 0 {
		p.window.Flush(ctx)
	}
	return p.stdin.ReadString('\n')
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
	if input.Action == repl.Send && p.pipelines(input) {
		return exitOK, p.sendAhead(ctx, input.Words)
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
		for range input.Repeat {
			p.localHelp(input.Words)
		}
	case repl.Clear:
		p.print("\x1b[H\x1b[2J")
	case repl.Connect:
		p.connectTo(ctx, input.Words[1], input.Words[2])
	default:
		p.print(repl.Refusal(input) + "\n")
	}
	p.flush()
	return exitOK, false
}

// pipelines reports whether a command may go out before earlier replies came.
func (p *piped) pipelines(input repl.Input) bool {
	return input.Repeat == 1 && p.interval == 0 && !p.inv.options.Cluster &&
		p.session != nil && !p.session.Broken() && !mustRunAlone(input.Words)
}

// mustRunAlone reports whether replies after a command come in another form, as
// another user, not at all, or without being asked for.
func mustRunAlone(args []string) bool {
	effect := commands.EffectOf(args)
	return effect.ChangesReplyStream() || effect == commands.Authenticates
}

// sendAhead puts a command into the window. It reports whether the program ends.
func (p *piped) sendAhead(ctx context.Context, args []string) bool {
	if p.window == nil {
		p.window = conn.NewWindow(p.session, windowSize,
			func(c pipedCommand) error { return p.receive(ctx, c) }, p.flush)
	}
	p.window.Send(ctx, p.command(args), args...)
	if p.window.Err() != nil {
		_, done := p.drain(ctx)
		return done
	}
	return false
}

func (p *piped) command(args []string) pipedCommand {
	c := pipedCommand{args: args, line: p.line}
	if p.printer.Mode == format.Standard {
		c.sent = p.sys.Now()
	}
	return c
}

// drain waits for all replies. A lost connection is reported, and the lines
// whose fate is unknown; the next command connects again, as redis-cli does.
func (p *piped) drain(ctx context.Context) (code int, done bool) {
	if p.window == nil {
		return exitOK, false
	}
	err := p.window.Close(ctx)
	p.window = nil
	p.flush()
	return p.lost(err)
}

// lost handles the end of a connection and reports whether it ends the program.
func (p *piped) lost(err error) (code int, done bool) {
	var gone *lostReply
	if !errors.As(err, &gone) {
		return exitOK, false
	}
	p.warn(errorText(gone.err, true))
	if gone.line < p.line {
		p.warn(fmt.Sprintf("  the replies to lines %d to %d did not come; the server may have run them", gone.line, p.line))
	}
	var failed *conn.Error
	if errors.As(gone.err, &failed) && failed.Code == conn.CodeProtocol {
		return exitError, true
	}
	return exitOK, false
}

// lostReply is a reply that did not come.
type lostReply struct {
	line int
	err  error
}

// Error implements error.
func (e *lostReply) Error() string { return "line " + strconv.Itoa(e.line) + ": " + e.err.Error() }

// Unwrap returns what happened to the connection.
func (e *lostReply) Unwrap() error { return e.err }

// receive prints the reply to one command of the window.
func (p *piped) receive(ctx context.Context, c pipedCommand) error {
	err := p.session.Receive(ctx, c.args, func(src resp.Source) error {
		summary, err := p.printReply(c.args, src)
		if err == nil {
			p.noteError(c, summary)
		}
		return err
	})
	if err != nil {
		if isShutdown(c.args) {
			return nil
		}
		return &lostReply{c.line, err}
	}
	p.printElapsed(c)
	return nil
}

// noteError tells the line of a command that failed, under --verbose.
func (p *piped) noteError(c pipedCommand, summary format.Summary) {
	if summary.Err != nil && p.inv.options.Verbose {
		p.flush()
		p.warn(fmt.Sprintf("line %d: %s", c.line, printable(summary.Err.Error())))
	}
}

// slow is how long a reply must have taken for its time to be printed.
const slow = 500 * time.Millisecond

// printElapsed prints how long a slow command took, in the human format, as
// redis-cli does. In a window a command starts when the one before it ended.
func (p *piped) printElapsed(c pipedCommand) {
	if p.printer.Mode != format.Standard {
		return
	}
	now := p.sys.Now()
	began := c.sent
	if p.lastReply.After(began) {
		began = p.lastReply
	}
	p.lastReply = now
	if took := now.Sub(began); took >= slow {
		p.print(format.Elapsed(took))
	}
}

// sendAlone runs a command with nothing else in flight.
func (p *piped) sendAlone(ctx context.Context, input repl.Input) (code int, done bool) {
	for range input.Repeat {
		if !p.connected(ctx) {
			pause(ctx, p.interval)
			continue
		}
		if streams(input.Words) {
			return p.duplex(ctx, input.Words), true
		}
		c := p.command(input.Words)
		p.session.Send(c.args...)
		err := p.session.Flush(ctx)
		if err != nil {
			err = &lostReply{c.line, err}
		} else {
			err = p.receive(ctx, c)
		}
		p.flush()
		if code, done := p.lost(err); done {
			return code, true
		}
		pause(ctx, p.interval)
	}
	return exitOK, false
}

// connected makes sure there is a connection, anew if need be.
func (p *piped) connected(ctx context.Context) bool {
	if p.session == nil {
		session, err := p.reopen(ctx)
		if err != nil {
			p.cannotConnect(err)
			return false
		}
		p.adopt(session)
		return true
	}
	if !p.session.Broken() {
		return true
	}
	if _, err := p.session.Reconnect(ctx); err != nil {
		p.cannotConnect(err)
		return false
	}
	return true
}

// reopen is open without the warnings and questions that were settled before.
func (p *piped) reopen(ctx context.Context) (*conn.Session, error) {
	noWarn := p.inv.options.NoAuthWarn
	p.inv.options.NoAuthWarn = true
	defer func() { p.inv.options.NoAuthWarn = noWarn }()
	return p.openAt(ctx, p.elsewhere)
}

func (p *piped) connectTo(ctx context.Context, host, port string) {
	number, err := parsePort(port)
	if err != nil {
		p.print(err.Error() + "\n")
		return
	}
	if p.session == nil {
		p.elsewhere = &conn.Addr{Host: host, Port: number}
		p.connected(ctx)
		return
	}
	if err := p.session.ConnectTo(ctx, host, number); err != nil {
		p.cannotConnect(err)
	}
}

// duplex prints whatever the server sends while the remaining lines are sent,
// after a command whose replies do not end. The end of standard input does not
// end it; the server or the user does.
func (p *piped) duplex(ctx context.Context, args []string) int {
	if p.printer.Mode != format.Raw {
		p.print("Reading messages... (press Ctrl-C to quit)\n")
		p.flush()
	}
	p.session.Send(args...)
	if err := p.session.Flush(ctx); err != nil {
		return p.fail(err)
	}
	go p.forwardLines()
	for {
		err := p.session.Next(ctx, func(src resp.Source) error {
			_, err := p.printer.Print(p.out, src)
			return err
		})
		if err != nil {
			return p.fail(err)
		}
		if p.stdout.err != nil {
			return exitOK // nobody reads on
		}
	}
}

// forwardLines sends the remaining lines as they come.
func (p *piped) forwardLines() {
	wire := p.session.Conn()
	for {
		line, err := p.stdin.ReadString('\n')
		input := repl.Interpret(strings.TrimRight(line, "\r\n"))
		switch input.Action {
		case repl.Send:
			if _, err := wire.Write(resp.AppendCommand(nil, input.Words...)); err != nil {
				return
			}
		case repl.Quit:
			_ = wire.Close()
			return
		}
		if err != nil {
			return
		}
	}
}
