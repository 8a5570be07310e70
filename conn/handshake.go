package conn

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"redan/conn/resp"
)

// connect dials and says what has to be said first: AUTH, SELECT, HELLO and
// CLIENT SETNAME, in redis-cli's order and in one write.
func (s *Session) connect(ctx context.Context) error {
	conn, err := s.dialer.Dial(ctx, s.addr)
	if err != nil {
		s.broken = true
		return err
	}
	s.conn, s.broken, s.out = conn, false, nil
	s.reader = resp.NewReader(readFunc(s.read))
	s.state, s.greeted, s.answered = State{Protocol: 2}, false, false
	s.warnings = nil
	if err := s.login(ctx); err != nil {
		s.broken = true
		_ = conn.abort()
		return err
	}
	opening, cancel := context.WithTimeout(ctx, s.dialer.timeout)
	defer cancel()
	if err := s.greet(opening); err != nil {
		s.broken = true
		_ = conn.abort()
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			return silentError(s.addr, err)
		}
		return err
	}
	s.greeted = true
	return nil
}

// greeting is a command of the opening and what its refusal means.
type greeting struct {
	args []string
	// refused turns an error reply into a fatal error, or nil for a warning.
	refused func(addr Addr, text string) *Error
	label   string
}

// Opening are the commands that a session's connection begins with, the password left out.
func (o Options) Opening() [][]string {
	s := Session{opts: o}
	greetings := s.greetings()
	list := make([][]string, 0, len(greetings))
	for _, g := range greetings {
		words := g.args
		if g.label == "AUTH" {
			words = []string{"AUTH", "***"}
		}
		list = append(list, words)
	}
	return list
}

func (s *Session) greetings() []greeting {
	var list []greeting
	if s.opts.Password.IsSet() {
		list = append(list, s.authentication())
	}
	if s.opts.DB != 0 {
		db := strconv.Itoa(s.opts.DB)
		list = append(list, greeting{[]string{"SELECT", db}, selectRefused, "SELECT " + db})
	}
	if s.opts.Protocol != 0 {
		version := strconv.Itoa(s.opts.Protocol)
		list = append(list, greeting{[]string{"HELLO", version}, nil, "HELLO " + version})
	}
	if s.opts.ClientName != "" {
		list = append(list, greeting{[]string{"CLIENT", "SETNAME", s.opts.ClientName}, nil, "CLIENT SETNAME"})
	}
	return list
}

func (s *Session) authentication() greeting {
	args := []string{"AUTH", s.opts.Password.Reveal()}
	if s.opts.User != "" {
		args = []string{"AUTH", s.opts.User, s.opts.Password.Reveal()}
	}
	return greeting{args, authRefused, "AUTH"}
}

func (s *Session) greet(ctx context.Context) error {
	list := s.greetings()
	if len(list) == 0 {
		return nil
	}
	for _, g := range list {
		s.Send(g.args...)
	}
	if err := s.Flush(ctx); err != nil {
		return err
	}
	var fatal *Error
	for _, g := range list {
		var reply resp.Value
		err := s.Receive(ctx, g.args, func(src resp.Source) (err error) {
			reply, err = resp.Collect(src)
			return err
		})
		if err != nil && fatal != nil {
			return fatal // and the server closed the connection for it
		}
		if err != nil {
			return err
		}
		if refusal := reply.Err(); refusal != nil && fatal == nil {
			fatal = s.refuse(g, refusal)
		}
	}
	if fatal != nil {
		return fatal
	}
	return nil
}

// refuse returns the fatal error of a greeting that got an error reply, or
// notes a warning.
func (s *Session) refuse(g greeting, refusal error) *Error {
	text := s.opts.Password.mask(refusal.Error())
	if g.refused != nil {
		if fatal := g.refused(s.addr, text); fatal != nil {
			fatal.Line = g.label + " failed: " + fatal.Line
			fatal.Err = resp.ServerError(text)
			if fatal.Code == CodeWrongPassword {
				s.dialer.explainLogin(fatal, s.conn, text)
			}
			return fatal
		}
	}
	s.warnings = append(s.warnings, g.label+" failed: "+text)
	return nil
}

// authRefused says whether a refused AUTH ends the connection. A password given
// to a server that has none does not: everything works without it.
func authRefused(addr Addr, text string) *Error {
	if strings.Contains(text, "without any password configured") || strings.Contains(text, "no password is set") {
		return nil
	}
	e := &Error{Stage: StageAuth, Addr: addr, Line: text, Code: CodeNoPermission}
	if strings.HasPrefix(text, "WRONGPASS") || strings.Contains(text, "invalid password") {
		e.Code = CodeWrongPassword
	}
	return e
}

func selectRefused(addr Addr, text string) *Error {
	e := &Error{Stage: StageAuth, Addr: addr, Line: text, Code: CodeSelect}
	switch {
	case strings.HasPrefix(text, "NOAUTH"):
		e.Code = CodeAuthRequired
		e.Cause = "the server wants a password; no command was sent"
		e.Fix = "give it with --askpass, REDISCLI_AUTH, -a or in the URI"
	default:
		e.Cause = "the command was not sent, since it would have run in database 0"
		e.Fix = "choose another database with -n"
	}
	return e
}

// Reconnect makes the connection anew and restores database, protocol, name and
// authentication. It returns what could not be restored, see [State.Lost]. When
// a cluster's node cannot be reached, the next attempt goes to where the
// session began, which knows who has taken over.
func (s *Session) Reconnect(ctx context.Context) (lost []string, err error) {
	if s.greeted {
		lost = s.state.Lost()
		s.opts = s.restored()
	}
	_ = s.Close()
	if err = s.connect(ctx); err != nil && ctx.Err() == nil {
		s.addr = s.opts.Addr()
	}
	return lost, err
}

// restored returns the options that lead back to where the session was.
func (s *Session) restored() Options {
	o := s.opts
	o.DB = s.state.DB
	if s.state.Multi {
		o.DB = s.state.beforeMulti
	}
	o.Protocol = 0
	if s.state.Protocol == 3 {
		o.Protocol = 3
	}
	if !s.ownLogin() {
		o.Tokens = nil
	}
	if s.state.auth != nil {
		o.User, o.Password = s.state.auth.user, s.state.auth.password
	}
	if s.state.name != nil {
		o.ClientName = *s.state.name
	}
	return o
}

// Options returns options that lead to where the session is now: node, database,
// protocol and user, whatever they were set by.
func (s *Session) Options() Options {
	o := s.restored()
	if s.addr.Network != "unix" {
		o.Host, o.Port, o.Socket = s.addr.Host, s.addr.Port, ""
	}
	return o
}

// ConnectTo leaves the server for another one at host and port. Database,
// protocol and credentials are taken along.
func (s *Session) ConnectTo(ctx context.Context, host string, port int) error {
	s.opts.Host, s.opts.Port, s.opts.Socket = host, port, ""
	s.addr = s.opts.Addr()
	s.dialer = s.dialer.seededAt(host) // the old server's name proves nothing about this one
	_, err := s.Reconnect(ctx)
	return err
}
