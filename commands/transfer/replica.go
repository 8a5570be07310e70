package transfer

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"

	"redan/conn/resp"
)

// Follower reads the commands that a master sends to its replicas.
type Follower struct {
	reader *resp.Reader
	began  atomic.Bool
	quit   context.CancelFunc
}

// Acknowledgement is what starts the stream behind a snapshot that ended with a mark. The offset stays 0: it is the master's count of
// what a replica has, and a Follower keeps nothing. A true one would make WAIT count it among the copies of what was written.
func Acknowledgement() Option { return Option{"ACK", "0"} }

const (
	// acknowledgeAfter is how soon the acknowledgement is sent again, at first. The master overhears those that come before it has
	// noticed that its snapshot was taken.
	acknowledgeAfter = 50 * time.Millisecond
	acknowledgeEvery = time.Second
)

// Follow goes on behind the payload, which has been read to its end. acknowledge starts the stream, as a server that does not announce lengths wants it.
func Follow(ctx context.Context, p *Payload, acknowledge bool) *Follower {
	ctx, quit := context.WithCancel(ctx)
	f := &Follower{quit: quit}
	f.began.Store(!acknowledge || p.start < p.end)
	f.reader = resp.NewReader(&noticing{f, p.Rest()})
	if acknowledge {
		go f.acknowledge(ctx, p.link.conn)
	}
	return f
}

// acknowledge does so until the stream begins.
func (f *Follower) acknowledge(ctx context.Context, w io.Writer) {
	o := Acknowledgement()
	line := resp.AppendCommand(nil, "REPLCONF", o.Name, o.Value)
	for wait := acknowledgeAfter; !f.began.Load(); wait = min(2*wait, acknowledgeEvery) {
		if _, err := w.Write(line); err != nil {
			return // who reads learns why
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
	}
}

// Next lets consume read the next command, to its end. It waits until there is one or the context of [Follow] ends. Errors are those
// of consume, or *[ReplicationError].
func (f *Follower) Next(consume func(resp.Source) error) error {
	if _, err := f.reader.PeekKind(); err != nil {
		return f.lost(err)
	}
	src := &watched{src: f.reader}
	err := consume(src)
	if src.err != nil {
		return f.lost(src.err)
	}
	return err
}

// Close ends what runs in the background. The connection stays.
func (f *Follower) Close() { f.quit() }

// lost explains the end of the stream.
func (f *Follower) lost(err error) error {
	protocol, garbled := errors.AsType[*resp.ProtocolError](err)
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case garbled:
		return &ReplicationError{Line: "Error: " + protocol.Error(), Cause: "what came is no command of a replication stream", Err: err}
	}
	failed := &ReplicationError{Line: "Error: Server closed the connection", Err: err}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		failed.Cause = "it ended, or dropped this replica: its log says why"
	} else {
		failed.Cause = severance(err)
	}
	return failed
}

// noticing reads what has begun.
type noticing struct {
	follower *Follower
	src      io.Reader
}

func (n *noticing) Read(b []byte) (int, error) {
	read, err := n.src.Read(b)
	if read > 0 {
		n.follower.began.Store(true)
	}
	return read, err
}

// watched keeps the error of a source, to be told from those of its reader.
type watched struct {
	src resp.Source
	err error
}

// Next implements [resp.Source].
func (w *watched) Next() (resp.Token, error) {
	token, err := w.src.Next()
	if err != nil {
		w.err = err
	}
	return token, err
}
