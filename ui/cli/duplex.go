package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"redan/commands"
	"redan/conn"
	"redan/conn/resp"
	"redan/ui/format"
	"redan/ui/repl"
)

// announceStream says what redis-cli says before a command whose replies do not end.
func (a *app) announceStream(args []string) {
	if a.printer.Mode != format.Raw && commands.EffectOf(args) == commands.Subscribes {
		a.print("Reading messages... (press Ctrl-C to quit)\n")
		a.flush()
	}
}

func isStreaming(state conn.State) bool { return state.Subscribed || state.Monitoring }

// duplex prints whatever the server sends while the remaining lines are sent as
// they come, after a command whose replies do not end. It ends with the
// connection, with quit, or, when standard input has ended, with the last
// subscription: see [ledger].
func (p *piped) duplex(ctx context.Context, args []string) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	book := newLedger(args)
	refused := make(chan error, 1)
	go p.forwardLines(ctx, p.session.Conn(), book, func(err error) {
		refused <- err
		cancel()
	})
	for !book.settled() {
		err := p.session.Next(ctx, func(src resp.Source) error {
			message := &messageHead{src: src}
			_, err := p.printer.Print(p.out, message)
			book.received(message)
			return err
		})
		switch {
		case errors.Is(err, context.Canceled):
			return p.endOf(refused)
		case err != nil:
			return p.fail(err)
		case p.stdout.err != nil:
			return exitOK // nobody reads on
		}
	}
	return exitOK
}

// endOf is how a run ends whose last line was sent, or was not.
func (p *piped) endOf(refused <-chan error) int {
	select {
	case err := <-refused:
		if err != nil {
			return p.fail(fmt.Errorf("line %d: %w; nothing after it was sent", p.line, err))
		}
	default:
	}
	return exitOK
}

// forwardLines sends the remaining lines as they come, and calls end when
// nothing is to be waited for after the last one, or the guard keeps one back.
func (p *piped) forwardLines(ctx context.Context, wire *conn.Conn, book *ledger, end func(refused error)) {
	for {
		line, readErr := p.stdin.ReadString('\n')
		p.line++
		input := repl.Interpret(strings.TrimRight(line, "\r\n"))
		switch input.Action {
		case repl.Nothing:
		case repl.Send:
			if err := p.permit(ctx, input.Words); err != nil {
				end(err)
				return
			}
			if !p.forward(ctx, wire, book, input) {
				return // the reading side learns why, and says it
			}
		case repl.Quit:
			book.quit()
		default:
			p.warn(fmt.Sprintf("line %d: not a command for the server, while messages are read", p.line))
		}
		if readErr != nil {
			book.inputEnded()
		}
		if readErr != nil || input.Action == repl.Quit {
			if book.settled() {
				end(nil)
			}
			return
		}
	}
}

// forward sends a command as often as its line says, and reports whether the connection took it.
func (p *piped) forward(ctx context.Context, wire *conn.Conn, book *ledger, input repl.Input) bool {
	for range input.Repeat {
		book.sending(input.Words)
		if _, err := wire.Write(resp.AppendCommand(nil, input.Words...)); err != nil {
			return false
		}
		repl.Pause(ctx, p.interval)
	}
	return true
}
