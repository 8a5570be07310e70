package conn

import (
	"context"
	"errors"
	"time"

	"redan/conn/resp"
)

// Doer runs a command and returns its reply. An error reply is a reply: err is
// about the connection.
type Doer interface {
	Do(ctx context.Context, args ...string) (resp.Value, error)
}

// Session is one connection to a server, for what a person types: each command
// is sent once, exactly as given, and its reply is handed on losslessly. It
// follows what commands do to the connection (SELECT, MULTI, SUBSCRIBE ...) so
// that it can say so and put it back after a reconnect. A Session is not safe
// for concurrent use, but for Close.
type Session struct {
	// OnPush receives the pushes of RESP3 that are not the reply to a command;
	// without it they are dropped.
	OnPush func(resp.Value)
	// OnRedirect is told before a MOVED or ASK is followed.
	OnRedirect func(Redirect)
	// Follow makes the session follow MOVED and ASK to other nodes.
	Follow bool
	// BeforeRead is called before each read that may wait, so that a caller can
	// flush what it has printed.
	BeforeRead func()

	dialer   *Dialer
	opts     Options
	addr     Addr
	conn     *Conn
	reader   *resp.Reader
	out      []byte
	state    State
	broken   bool
	greeted  bool // the opening of this connection is done
	warnings []string
}

// Open connects, authenticates and selects as o says. Warnings tells what the server
// did not grant without that being fatal. Errors are of type *[Error], or the
// context's own.
func Open(ctx context.Context, d *Dialer, o Options) (*Session, error) {
	s := &Session{dialer: d, opts: o, addr: o.Addr()}
	if err := s.connect(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// Warnings returns what the last connect could not do though the session
// stands, one line each, such as "HELLO 3 failed: ERR unknown command".
func (s *Session) Warnings() []string { return s.warnings }

// Addr returns the address of the node the session is connected to; with Follow
// it changes.
func (s *Session) Addr() Addr { return s.addr }

// State returns what the commands sent so far have made of the connection.
func (s *Session) State() State { return s.state }

// Conn returns the network connection, for what it can tell about TLS.
func (s *Session) Conn() *Conn { return s.conn }

// Broken reports whether the connection is of no use any more: only Reconnect
// and Close make sense then.
func (s *Session) Broken() bool { return s.broken }

// Close closes the connection. It may be called from another goroutine to end a
// read that waits.
func (s *Session) Close() error {
	if s.conn == nil {
		return nil
	}
	return s.conn.Close()
}

// Do implements [Doer].
func (s *Session) Do(ctx context.Context, args ...string) (resp.Value, error) {
	var reply resp.Value
	err := s.Stream(ctx, args, func(src resp.Source) (err error) {
		reply, err = resp.Collect(src)
		return err
	})
	return reply, err
}

// Stream runs a command and lets consume read its reply, token by token. It
// must read the reply to its end.
func (s *Session) Stream(ctx context.Context, args []string, consume func(resp.Source) error) error {
	s.Send(args...)
	if err := s.Flush(ctx); err != nil {
		return err
	}
	return s.Receive(ctx, args, consume)
}

// Send encodes a command; Flush sends what was encoded.
func (s *Session) Send(args ...string) { s.out = resp.AppendCommand(s.out, args...) }

// Pending returns how many bytes wait for Flush.
func (s *Session) Pending() int { return len(s.out) }

// Flush writes the commands encoded by Send.
func (s *Session) Flush(ctx context.Context) error {
	if len(s.out) == 0 {
		return nil
	}
	stop := s.guard(ctx)
	_, err := s.conn.Write(s.out)
	s.out = s.out[:0]
	if cap(s.out) > maxKept {
		s.out = nil
	}
	if interrupted := stop(); interrupted != nil {
		return interrupted
	}
	if err != nil {
		return s.writeFailed(ctx, err)
	}
	return nil
}

// maxKept is how large an encoding buffer may be to be kept for the next command.
const maxKept = 1 << 20

// Receive lets consume read the reply to args, which were sent before. Replies
// come in the order of the commands.
func (s *Session) Receive(ctx context.Context, args []string, consume func(resp.Source) error) error {
	if s.state.silent(args) {
		s.state.after(args, resp.Token{})
		return nil
	}
	stop := s.guard(ctx)
	err := s.receive(ctx, args, consume)
	if interrupted := stop(); interrupted != nil {
		return interrupted
	}
	return err
}

func (s *Session) receive(ctx context.Context, args []string, consume func(resp.Source) error) error {
	kind, err := s.skipPushes(args)
	if err != nil {
		return s.readFailed(ctx, err)
	}
	src := &replySource{reader: s.reader}
	if s.Follow && kind == resp.SimpleError {
		tok, err := s.reader.Next()
		if err != nil {
			return s.readFailed(ctx, err)
		}
		if to, ok := parseRedirect(tok.Text); ok && !tok.More {
			return s.redirect(ctx, to, args, consume)
		}
		src.pending, src.hasPending = tok, true
	}
	err = consume(src)
	if src.err != nil {
		return s.readFailed(ctx, src.err)
	}
	s.state.after(args, src.first)
	if err == nil && s.reader.Midway() {
		err = errors.New("reply was not read to its end")
	}
	if err != nil {
		s.broken = true
	}
	return err
}

// skipPushes hands pushes to OnPush until a reply comes. The reply to
// SUBSCRIBE and its like is a push itself.
func (s *Session) skipPushes(args []string) (resp.Kind, error) {
	for {
		kind, err := s.reader.PeekKind()
		if err != nil || kind != resp.Push || isSubscribing(args) {
			return kind, err
		}
		push, err := s.reader.Read()
		if err != nil {
			return 0, err
		}
		if s.OnPush != nil {
			s.OnPush(push)
		}
	}
}

// Next lets consume read whatever the server sends next: messages after
// SUBSCRIBE, lines after MONITOR. It waits until ctx is done.
func (s *Session) Next(ctx context.Context, consume func(resp.Source) error) error {
	stop := s.guard(ctx)
	src := &replySource{reader: s.reader}
	_, err := s.reader.PeekKind()
	if err == nil {
		err = consume(src)
	} else {
		src.err = err
	}
	if interrupted := stop(); interrupted != nil {
		return interrupted
	}
	if src.err != nil {
		return s.readFailed(ctx, src.err)
	}
	return err
}

// guard makes ctx end reads and writes that wait. The function it returns says
// whether that happened; the connection is then of no use.
func (s *Session) guard(ctx context.Context) func() error {
	if ctx.Done() == nil {
		return func() error { return nil }
	}
	stop := context.AfterFunc(ctx, s.interrupt)
	return func() error {
		if stop() {
			return nil
		}
		s.broken = true
		return ctx.Err()
	}
}

// interrupt ends reads and writes that wait, now and from now on.
func (s *Session) interrupt() { _ = s.conn.SetDeadline(time.Unix(1, 0)) }

// writeFailed explains a failed write. A TLS 1.3 server that refuses the client
// certificate closes after the handshake: the write fails, but the alert that
// says why is still there to be read.
func (s *Session) writeFailed(ctx context.Context, err error) error {
	if s.conn.tls != nil && s.conn.received.Load() == 0 {
		_ = s.conn.SetReadDeadline(time.Now().Add(probeTimeout))
		if _, readErr := s.conn.Read(make([]byte, 1)); readErr != nil && !isTimeout(readErr) {
			err = readErr
		}
	}
	return s.readFailed(ctx, err)
}

func (s *Session) readFailed(ctx context.Context, err error) error {
	s.broken = true
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if s.conn.received.Load() == 0 {
		if why, ok := s.dialer.replyError(ctx, s.addr, s.conn, err); ok {
			return why
		}
	}
	return streamError(s.addr, err, s.reader.Midway() || s.reader.Buffered() > 0)
}

// read is the reader's stream.
func (s *Session) read(p []byte) (int, error) {
	if s.BeforeRead != nil {
		s.BeforeRead()
	}
	return s.conn.Read(p)
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// replySource passes tokens on and remembers how the reply began.
type replySource struct {
	reader     *resp.Reader
	pending    resp.Token
	hasPending bool
	first      resp.Token // without Text beyond what [State] looks at
	begun      bool
	attributes int // depth inside attributes before the reply
	err        error
}

// Next implements [resp.Source].
func (s *replySource) Next() (resp.Token, error) {
	tok := s.pending
	if s.hasPending {
		s.hasPending = false
	} else {
		var err error
		if tok, err = s.reader.Next(); err != nil {
			s.err = err
			return tok, err
		}
	}
	if !s.begun {
		s.begin(tok)
	}
	return tok, nil
}

// maxFirst is as much of a reply's first text as [State] looks at.
const maxFirst = 64

func (s *replySource) begin(tok resp.Token) {
	switch {
	case tok.End:
		s.attributes--
	case tok.Kind.IsAggregate() && (tok.Kind == resp.Attribute || s.attributes > 0):
		s.attributes++
	case s.attributes == 0:
		s.begun = true
		s.first = tok
		s.first.Text = append([]byte(nil), tok.Text[:min(len(tok.Text), maxFirst)]...)
	}
}
