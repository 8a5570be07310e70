package transfer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"redan/conn"
)

// Option is something that a replica says about itself before it asks for the dataset.
type Option struct{ Name, Value string }

// SnapshotOptions are those of a client that wants the dataset, or with functionsOnly the functions in it, and nothing after it.
func SnapshotOptions(functionsOnly bool) []Option {
	options := []Option{{"capa", "eof"}, {"rdb-only", "1"}}
	if functionsOnly {
		options = append(options, Option{"rdb-filter-only", "functions"})
	}
	return options
}

// FollowOptions are those of a client that wants to see what is written from now on: it asks for a snapshot with nothing in it.
func FollowOptions() []Option { return []Option{{"capa", "eof"}, {"rdb-filter-only", ""}} }

// String returns the command that says it.
func (o Option) String() string { return "REPLCONF " + o.Name + " " + o.Value }

// Needed reports whether nothing good comes of a snapshot without the option: it would hold the whole dataset. Old servers and proxies
// refuse options that they do not know, and do their best without.
func (o Option) Needed() bool { return o.Value == "functions" }

// Tell says o to the server. The error that the server may answer with is refusal.
func (o Option) Tell(ctx context.Context, s *conn.Session, patience time.Duration) (refusal, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, ErrSilence)
	defer cancel()
	reply, err := s.Do(ctx, "REPLCONF", o.Name, o.Value)
	if errors.Is(context.Cause(ctx), ErrSilence) {
		return nil, silent(patience)
	}
	return reply.Err(), err
}

// Patience is how long a server may keep silent before it is given up, as replicas do (repl-timeout, by default). While it prepares
// a snapshot it sends a line break each second.
const Patience = time.Minute

func silent(patience time.Duration) error {
	return &ReplicationError{
		Line:  "Error: Connection timed out",
		Cause: fmt.Sprintf("the server has not sent a byte for %s; while it prepares a snapshot it sends one each second", patience),
		Fix:   "look whether it hangs, or is busy with a command that takes so long", Err: ErrSilence,
	}
}

// Sync asks for a snapshot and waits until it begins. The session has been turned into a replication stream then: only its Close is
// of use. The end of ctx ends whatever waits on it. Errors are *[ReplicationError] or the context's.
func Sync(ctx context.Context, s *conn.Session, patience time.Duration) (*Payload, error) {
	r, c := s.Detach()
	p := &Payload{link: newLink(ctx, r, c), patience: patience, buf: make([]byte, window), check: NewRDBCheck(), size: -1}
	// Like redis-cli in the form without lengths, that servers of all ages and simple proxies understand.
	if _, err := c.Write([]byte("SYNC\r\n")); err != nil {
		return nil, broken("I/O error writing to socket", err, " before it was asked for a snapshot")
	}
	line, err := p.announcement()
	if err != nil {
		return nil, err
	}
	switch mark, isMark := bytes.CutPrefix(line, []byte("$EOF:")); {
	case line[0] == '-':
		return nil, refused(string(line))
	case isMark && len(mark) == MarkLength:
		p.mark = bytes.Clone(mark)
	case line[0] != '$' || isMark:
		return nil, notAnnounced(line)
	default:
		if p.size, err = strconv.ParseInt(string(line[1:]), 10, 64); err != nil || p.size < 0 {
			return nil, notAnnounced(line)
		}
	}
	return p, nil
}

const readingLength = "Error reading bulk length while SYNCing"

func notAnnounced(line []byte) error {
	return &ReplicationError{
		Line:  readingLength,
		Cause: fmt.Sprintf("instead of the length of a snapshot came %q", line[:min(len(line), 60)]),
		Fix:   "look at what listens there: a proxy may not know SYNC, and other programs than Redis do not",
		Err:   errors.New("not the beginning of a snapshot"),
	}
}

// longestAnnouncement bounds the line before a snapshot. Error replies are the longest.
const longestAnnouncement = 1024

// announcement reads the line before the snapshot. Line breaks before it say that the server is at work.
func (p *Payload) announcement() ([]byte, error) {
	for {
		for p.start < p.end && (p.buf[p.start] == '\n' || p.buf[p.start] == '\r') {
			p.start++
		}
		came := p.buf[p.start:p.end]
		line, _, whole := bytes.Cut(came, []byte{'\n'})
		switch {
		case len(came) > 0 && came[0] != '$' && came[0] != '-', len(line) > longestAnnouncement:
			return nil, notAnnounced(line)
		case whole:
			p.start += len(line) + 1
			return bytes.TrimSuffix(line, []byte{'\r'}), nil
		}
		switch err := p.fill(p.patience); {
		case errors.Is(err, ErrSilence):
			return nil, silent(p.patience)
		case err != nil:
			return nil, broken(readingLength, err, " while it was to prepare a snapshot; its log says why")
		}
	}
}

// link is a connection that has become a replication stream.
type link struct {
	ctx  context.Context //nolint:containedctx // it ends what waits on the connection, for as long as there is one
	src  io.Reader
	conn *conn.Conn

	gathering bool
}

func newLink(ctx context.Context, r io.Reader, c *conn.Conn) *link {
	context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	return &link{ctx: ctx, src: r, conn: c}
}

// glance is how long is waited for what should have come already.
const glance = 200 * time.Millisecond

// readMuch is read for what comes in a flood: as long as it does, small pieces are gathered, so that the server spends less of its time on
// waking us.
func (l *link) readMuch(b []byte, patience time.Duration) (int, error) {
	l.gather(true)
	n, err := l.readWithin(b, pauseBegins)
	if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		return n, err
	}
	return l.read(b, patience)
}

func (l *link) gather(wanted bool) {
	if wanted == l.gathering {
		return
	}
	l.gathering = wanted
	if wanted {
		l.conn.Gather(gathered)
	} else {
		l.conn.Gather(1)
	}
}

// read waits no longer than patience; 0 is for ever. The error is [ErrSilence] then, and reading can go on.
func (l *link) read(b []byte, patience time.Duration) (int, error) {
	l.gather(false) // every byte counts
	n, err := l.readWithin(b, patience)
	if patience > glance && errors.Is(err, os.ErrDeadlineExceeded) && l.ctx.Err() == nil {
		// It may be this program that was stopped and not the server: what came meanwhile counts.
		n, err = l.readWithin(b, glance)
	}
	switch {
	case n > 0:
		return n, nil // an error comes again
	case l.ctx.Err() != nil:
		return 0, l.ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return 0, ErrSilence
	}
	return 0, err
}

func (l *link) readWithin(b []byte, patience time.Duration) (int, error) {
	deadline := time.Time{}
	if patience > 0 {
		deadline = time.Now().Add(patience)
	}
	_ = l.conn.SetReadDeadline(deadline)
	if l.ctx.Err() != nil { // whose own deadline may just have been overwritten
		return 0, l.ctx.Err()
	}
	return l.src.Read(b)
}
