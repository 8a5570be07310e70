package tui

import (
	"context"
	"time"

	"redan/conn/resp"
	"redan/ui/tui/console"
	"redan/ui/tui/viewer"
)

// loggedWriter is a connection for writes whose commands are remembered.
type loggedWriter struct {
	viewer.Session
	log *commandLog
}

// Do implements conn.Doer.
func (w loggedWriter) Do(ctx context.Context, args ...string) (resp.Value, error) {
	start := w.log.now()
	reply, err := w.Session.Do(ctx, args...)
	w.log.remember(args, refusalOf(reply), err, start)
	return reply, err
}

// Stream implements edit.Session.
func (w loggedWriter) Stream(ctx context.Context, args []string, consume func(resp.Source) error) error {
	return w.log.stream(ctx, w.Session.Stream, args, consume)
}

// loggedConsole is the console's connection whose commands are remembered.
type loggedConsole struct {
	console.Session
	log *commandLog
}

// Stream implements console.Session.
func (c loggedConsole) Stream(ctx context.Context, args []string, consume func(resp.Source) error) error {
	return c.log.stream(ctx, c.Session.Stream, args, consume)
}

// stream remembers a command whose reply is read by consume.
func (l *commandLog) stream(
	ctx context.Context, run func(context.Context, []string, func(resp.Source) error) error, args []string, consume func(resp.Source) error,
) error {
	start, refused := l.now(), ""
	err := run(ctx, args, func(src resp.Source) error {
		first, err := src.Next()
		if err != nil {
			return err
		}
		if first.Kind.IsError() {
			refused = string(first.Text)
		}
		return consume(resp.Prepend(first, src))
	})
	l.remember(args, refused, err, start)
	return err
}

// remember adds a command, when it was sent, how long it took and what went wrong.
func (l *commandLog) remember(args []string, refused string, err error, start time.Time) {
	s := newSent(args)
	s.at, s.took, s.note = start, l.now().Sub(start), refused
	if err != nil {
		s.note = err.Error()
	}
	l.add(s)
}

// refusalOf is the text of an error reply, empty for others.
func refusalOf(reply resp.Value) string {
	if reply.Kind.IsError() {
		return string(reply.Text)
	}
	return ""
}
