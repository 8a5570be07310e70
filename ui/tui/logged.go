package tui

import (
	"context"

	"redan/conn"
	"redan/conn/resp"
	"redan/ui/tui/console"
	"redan/ui/tui/viewer"
)

// loggedWriter is a connection for writes whose commands are remembered.
type loggedWriter struct {
	viewer.Session
	log  *commandLog
	from origin
}

// Do implements conn.Doer.
func (w loggedWriter) Do(ctx context.Context, args ...string) (resp.Value, error) {
	start := w.log.now()
	reply, err := w.Session.Do(ctx, args...)
	w.log.remember(args, w.from, refusalOf(reply), err, start)
	return reply, err
}

// Stream implements edit.Session.
func (w loggedWriter) Stream(ctx context.Context, args []string, consume func(resp.Source) error) error {
	return w.log.stream(ctx, w.Session.Stream, args, w.from, consume)
}

// loggedConsole is the console's connection whose commands are remembered.
type loggedConsole struct {
	console.Session
	log     *commandLog
	options conn.Options
}

// Stream implements console.Session.
func (c loggedConsole) Stream(ctx context.Context, args []string, consume func(resp.Source) error) error {
	o := c.options
	o.DB = c.State().DB
	if addr := c.Addr(); addr.Network != "unix" {
		o = *atNode(o, addr)
	}
	return c.log.stream(ctx, c.Session.Stream, args, origin{typed: true, at: &o}, consume)
}

// Reconnect implements console.Session.
func (c loggedConsole) Reconnect(ctx context.Context) ([]string, error) {
	start := c.log.now()
	o := c.options
	o.DB = c.State().DB
	lost, err := c.Session.Reconnect(ctx)
	c.log.opened(o, start)
	return lost, err
}

// stream remembers a command whose reply is read by consume.
func (l *commandLog) stream(
	ctx context.Context, run func(context.Context, []string, func(resp.Source) error) error, args []string, from origin,
	consume func(resp.Source) error,
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
	l.remember(args, from, refused, err, start)
	return err
}

// refusalOf is the text of an error reply, empty for others.
func refusalOf(reply resp.Value) string {
	if reply.Kind.IsError() {
		return string(reply.Text)
	}
	return ""
}
