package conn

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
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
// for concurrent use; what waits is ended through its context.
type Session struct {
	// OnPush receives the pushes of RESP3 that are not the reply to a command;
	// without it they are dropped.
	OnPush func(resp.Value)
	// OnRedirect is told before a MOVED or ASK is followed.
	OnRedirect func(Redirect)
	// Follow makes the session follow MOVED and ASK to other nodes, but not
	// out of a transaction: its commands belong together, on one connection.
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
	answered bool // a reply came over this connection
	warnings []string
	// credentials are what the last AUTH said, when they came from Tokens.
	credentials Credentials
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

// Dialer returns what the session dials with, for a [Pool] beside it.
func (s *Session) Dialer() *Dialer { return s.dialer }

// State returns what the commands sent so far have made of the connection.
func (s *Session) State() State { return s.state }

// Conn returns the network connection, for what it can tell about TLS.
func (s *Session) Conn() *Conn { return s.conn }

// Broken reports whether the connection is of no use any more: only Reconnect
// and Close make sense then.
func (s *Session) Broken() bool { return s.broken }

// Close closes the connection.
func (s *Session) Close() error {
	switch {
	case s.conn == nil:
		return nil
	case s.broken:
		return s.conn.abort()
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

// Ping asks for a first reply: only that shows whether the server takes the client certificate (under TLS 1.3 it decides after the
// handshake) and wants a password. An error of type *[Error] says why the server cannot be used; that it is still loading, or that
// the user may not PING, is none.
func (s *Session) Ping(ctx context.Context) error {
	reply, err := s.Do(ctx, "PING")
	if err != nil {
		return err
	}
	refusal := reply.Err()
	switch {
	case refusal == nil:
		return nil
	case strings.HasPrefix(refusal.Error(), "ERR "):
		return s.turnedAway(ctx, refusal)
	case !strings.HasPrefix(refusal.Error(), "NOAUTH"):
		return nil
	}
	e := &Error{Stage: StageAuth, Addr: s.addr, Code: CodeAuthRequired, Line: refusal.Error(), Err: refusal}
	s.dialer.explain(e, s.dialer.answered(s.addr, s.conn, "-"+refusal.Error()))
	return e
}

// turnedAway tells whether a server that answered PING with an error closed the connection after it, as one does that has as many
// clients as it takes. One that only does not know PING can be used.
func (s *Session) turnedAway(ctx context.Context, refusal error) error {
	_, err := s.Do(ctx, "PING")
	if err == nil || ctx.Err() != nil {
		return err
	}
	text := strings.TrimPrefix(refusal.Error(), "ERR ")
	return &Error{
		Stage: StageIO, Addr: s.addr, Code: CodeClosed, Line: refusal.Error(), Err: refusal,
		Cause: "the server answered “" + text + "” and closed the connection",
		Fix:   "on the server: look at CLIENT LIST and maxclients",
	}
}

// Stream runs a command and lets consume read its reply, token by token. It
// must read the reply to its end.
func (s *Session) Stream(ctx context.Context, args []string, consume func(resp.Source) error) error {
	if err := s.renew(ctx); err != nil {
		return err
	}
	s.Send(args...)
	if err := s.Flush(ctx); err != nil {
		return err
	}
	return s.Receive(ctx, args, consume)
}

// Send encodes a command; Flush sends what was encoded.
func (s *Session) Send(args ...string) { s.out = resp.AppendCommand(s.out, args...) }

// Flush writes the commands encoded by Send.
func (s *Session) Flush(ctx context.Context) error {
	if len(s.out) == 0 {
		return nil
	}
	stop := s.guard(ctx)
	_, err := s.conn.Write(s.out)
	if err != nil {
		err = s.lastWords(err)
	}
	s.out = s.out[:0]
	if cap(s.out) > maxKept {
		s.out = nil
	}
	if interrupted := stop(); interrupted != nil {
		return interrupted
	}
	if err != nil {
		return s.readFailed(ctx, err)
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
	to, err := s.receive(ctx, args, consume)
	if to != nil {
		return s.redirect(ctx, *to, args, consume)
	}
	return err
}

// receive lets consume read a reply, unless that is a redirect to be followed:
// then it returns where to.
func (s *Session) receive(ctx context.Context, args []string, consume func(resp.Source) error) (*Redirect, error) {
	stop := s.guard(ctx)
	to, err := s.readReply(ctx, args, consume)
	if interrupted := stop(); interrupted != nil {
		return nil, interrupted
	}
	return to, err
}

func (s *Session) readReply(ctx context.Context, args []string, consume func(resp.Source) error) (*Redirect, error) {
	kind, err := s.skipPushes(args)
	if err != nil {
		return nil, s.readFailed(ctx, err)
	}
	if why := s.refusedByTLS(ctx, kind); why != nil {
		return nil, why
	}
	src := &replySource{reader: s.reader}
	if s.Follow && !s.state.Multi {
		if to := src.redirect(); to != nil {
			return to, nil
		}
	}
	if src.err == nil {
		err = consume(src)
	}
	if src.err != nil {
		return nil, s.readFailed(ctx, src.err)
	}
	s.state.after(args, src.first)
	s.answered = true
	if err == nil && s.reader.Midway() {
		err = errors.New("reply was not read to its end")
	}
	if err != nil {
		s.broken = true
	}
	return nil, err
}

// tlsAlert opens the record by which a TLS server refuses what is not TLS.
const tlsAlert = resp.Kind(0x15)

// refusedByTLS explains a reply that begins with kind if it is no reply but such a refusal.
func (s *Session) refusedByTLS(ctx context.Context, kind resp.Kind) error {
	if kind != tlsAlert || s.conn.tls != nil {
		return nil
	}
	s.broken = true
	why, _ := s.dialer.plainToTLS(ctx, s.addr, errTLSAlert)
	return why
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
	kind, err := s.reader.PeekKind()
	switch {
	case err != nil:
		src.err = err
	default:
		if err = s.refusedByTLS(ctx, kind); err == nil {
			err = consume(src)
		}
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
	// This connection, not s.conn: the call may come late, when there is a new one.
	stop := context.AfterFunc(ctx, s.conn.interrupt)
	return func() error {
		if stop() {
			return nil
		}
		s.broken = true
		return ctx.Err()
	}
}

// lastWords looks, after a failed write, for what the server said before it
// closed: the alert of TLS 1.3 that refuses our certificate, or an error reply,
// such as that to a value over its limit. It returns nil when there is a reply
// to be received.
func (s *Session) lastWords(failure error) error {
	s.broken = true
	if isTimeout(failure) {
		return failure
	}
	_ = s.conn.SetReadDeadline(time.Now().Add(probeTimeout))
	switch _, err := s.reader.PeekKind(); {
	case err == nil:
		return nil
	case isTimeout(err):
		return failure
	default:
		return err
	}
}

func (s *Session) readFailed(ctx context.Context, err error) error {
	return s.Explain(ctx, err, s.reader.Midway() || s.reader.Buffered() > 0)
}

// Explain turns the error of a read into an *[Error] that says what happened to the connection, as the session's own methods do; it is for
// those who read from a connection after [Session.Detach]. midway tells that a reply had begun. When ctx has ended, it is ctx's error.
func (s *Session) Explain(ctx context.Context, err error, midway bool) error {
	s.broken = true
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if s.conn.received.Load() == 0 {
		if why, ok := s.dialer.replyError(ctx, s.addr, s.conn, err); ok {
			return why
		}
	}
	failed := streamError(s.addr, err, midway)
	if failed.Code == CodeProtocol && s.conn.tls != nil && !s.answered {
		s.dialer.otherProtocol(ctx, failed)
	}
	return failed
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

// Detach hands the connection over to a caller that goes on with it as something else than commands and replies, such as a replication
// stream. Reads from r begin with what has arrived already; writes and deadlines go to the connection. The session must not be used
// any more, except for its Close.
func (s *Session) Detach() (r io.Reader, c *Conn) {
	s.broken = true
	rest := bytes.Clone(s.reader.Unread())
	return io.MultiReader(bytes.NewReader(rest), s.conn), s.conn
}

// Failed is Explain for who has what had arrived and was not understood.
func (s *Session) Failed(ctx context.Context, err error, next []byte) error {
	if len(next) > 0 {
		if why := s.refusedByTLS(ctx, resp.Kind(next[0])); why != nil {
			return why
		}
	}
	return s.Explain(ctx, err, len(next) > 0)
}
