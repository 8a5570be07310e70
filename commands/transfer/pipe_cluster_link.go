package transfer

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"redan/conn"
	"redan/conn/resp"
)

// errLost ends what waits for other masters when one is lost.
var errLost = errors.New("another master was lost")

// masterLink is a connection to a master.
type masterLink struct {
	session *conn.Session
	wire    *conn.Conn
	reader  *resp.Reader
	out     *bufio.Writer
}

// link returns the connection to a master, which is made when it is needed first.
func (p *ClusterPipe) link(ctx context.Context, node int) (*masterLink, error) {
	p.mu.Lock()
	l, halted := p.links[node], p.halted
	p.mu.Unlock()
	if l != nil || halted != nil {
		return l, halted
	}
	session, err := p.Open(ctx, node)
	if err != nil {
		return nil, err
	}
	replies, wire := session.Detach()
	l = &masterLink{
		session: session, wire: wire, reader: resp.NewReader(&heardReader{src: replies, hear: p.hear}),
		out: bufio.NewWriterSize(&countingWriter{to: wire, count: &p.sent}, chunkSize),
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.links[node] = l
	if p.halted != nil {
		l.halt()
	}
	return l, nil
}

// halt ends what waits for the master, now and later.
func (l *masterLink) halt() { _ = l.wire.SetDeadline(time.Unix(1, 0)) }

// exchange sends commands and reads the reply to each. Writing and reading do not wait for each other.
func (l *masterLink) exchange(ctx context.Context, commands []*parcel) error {
	written := make(chan error, 1)
	go func() { written <- l.send(commands) }()
	err := l.receive(commands)
	if err != nil {
		_ = l.wire.SetWriteDeadline(time.Unix(1, 0))
	}
	unsent := <-written
	if err == nil {
		err = unsent
	}
	if err != nil {
		return naming(l.session.Addr(), l.session.Failed(context.WithoutCancel(ctx), err, l.reader.Unread()))
	}
	return nil
}

// naming says which master an error is about.
func naming(at conn.Addr, err error) error {
	failed, ok := errors.AsType[*conn.Error](err)
	if !ok || strings.Contains(failed.Line, at.String()) {
		return err
	}
	told := *failed
	told.Line = at.String() + ": " + told.Line
	return &told
}

func (l *masterLink) send(commands []*parcel) error {
	for _, c := range commands {
		if c.asking {
			_, _ = l.out.Write(resp.AppendCommand(nil, "ASKING"))
		}
		_, _ = l.out.WriteString(c.text)
	}
	return l.out.Flush() // has the error of a write before it, too
}

func (l *masterLink) receive(commands []*parcel) error {
	for _, c := range commands {
		if c.asking {
			if err := resp.Skip(l.reader); err != nil {
				return err
			}
		}
		if size, _ := plainReply(l.reader.Unread()); size > 0 { // nearly all are
			l.reader.Discard(size)
		} else if err := l.reply(c); err != nil {
			return err
		}
		c.answered = true
	}
	return nil
}

// reply reads the reply to a command.
func (l *masterLink) reply(c *parcel) error {
	for {
		switch kind, err := l.reader.PeekKind(); {
		case err != nil:
			return err
		case kind.IsError():
			return l.failure(c)
		case kind != resp.Push:
			return resp.Skip(l.reader)
		}
		if err := resp.Skip(l.reader); err != nil {
			return err
		}
	}
}

// longestFailure bounds what is kept of an error reply in a round.
const longestFailure = 1 << 10

// failure reads an error reply.
func (l *masterLink) failure(c *parcel) error {
	var text []byte
	for {
		tok, err := l.reader.Next()
		if err != nil {
			return err
		}
		room := min(len(tok.Text), longestFailure-len(text))
		text = append(text, tok.Text[:room]...)
		c.shortened = c.shortened || room < len(tok.Text)
		if !tok.More {
			c.refused, c.failure = true, string(text)
			return nil
		}
	}
}

// heardReader tells when something came.
type heardReader struct {
	src  io.Reader
	hear func()
}

// Read implements io.Reader.
func (r *heardReader) Read(b []byte) (int, error) {
	n, err := r.src.Read(b)
	if n > 0 {
		r.hear()
	}
	return n, err
}

// countingWriter counts the bytes that were taken.
type countingWriter struct {
	to    io.Writer
	count *atomic.Int64
}

// Write implements io.Writer.
func (w *countingWriter) Write(b []byte) (int, error) {
	n, err := w.to.Write(b)
	w.count.Add(int64(n))
	return n, err
}
