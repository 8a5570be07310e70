package conn

import (
	"context"
	"sync"
	"time"

	"redan/conn/resp"
)

// Credentials are a user and what proves it.
type Credentials struct {
	// User is the ACL user; empty means AUTH with the password alone.
	User     string
	Password Secret
	// Expires is when the password stops being valid; zero when that is not known.
	Expires time.Time
}

// Tokens are credentials that expire, as those of cloud services do. They are got when they are needed, kept until shortly before their
// end, and shared by all connections of a program; a connection that outlives them says AUTH again.
type Tokens struct {
	get func(ctx context.Context) (Credentials, error)
	now func() time.Time

	mu      sync.Mutex
	current Credentials
	got     bool
}

// NewTokens returns Tokens that get makes. What is valid already may be handed in as first.
func NewTokens(first Credentials, get func(ctx context.Context) (Credentials, error), now func() time.Time) *Tokens {
	return &Tokens{get: get, now: now, current: first, got: first.Password.IsSet()}
}

// renewBefore is how long before their end credentials are renewed: longer than a command takes, and a good part of no token's life.
const renewBefore = 30 * time.Second

// Current returns credentials that are valid for a while, new ones if need be.
func (t *Tokens) Current(ctx context.Context) (Credentials, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.got && !t.due(t.current) {
		return t.current, nil
	}
	c, err := t.get(ctx)
	if err != nil {
		return Credentials{}, err
	}
	t.current, t.got = c, true
	return c, nil
}

// due reports whether credentials have ended or are about to.
func (t *Tokens) due(c Credentials) bool {
	return !c.Expires.IsZero() && !t.now().Before(c.Expires.Add(-renewBefore))
}

// login fetches the credentials that the next AUTH says.
func (s *Session) login(ctx context.Context) error {
	if s.opts.Tokens == nil {
		return nil
	}
	c, err := s.opts.Tokens.Current(ctx)
	if err != nil {
		return &Error{Stage: StageAuth, Addr: s.addr, Code: CodeNoCredentials, Line: err.Error(), Err: err}
	}
	s.opts.User, s.opts.Password, s.credentials = userOr(c.User, s.opts.User), c.Password, c
	return nil
}

func userOr(name, fallback string) string {
	if name != "" {
		return name
	}
	return fallback
}

// renew says AUTH again on a connection whose credentials are about to end, so that what is open stays open. In a transaction, a
// subscription or with replies under way nothing may be said in between.
func (s *Session) renew(ctx context.Context) error {
	t := s.opts.Tokens
	if t == nil || !s.ownLogin() || !s.greeted || s.broken || s.state.Multi || s.state.Subscribed || len(s.out) > 0 || !t.due(s.credentials) {
		return nil
	}
	if err := s.login(ctx); err != nil {
		return err
	}
	g := s.authentication()
	s.Send(g.args...)
	if err := s.Flush(ctx); err != nil {
		return err
	}
	var reply resp.Value
	err := s.Receive(ctx, g.args, func(src resp.Source) (err error) {
		reply, err = resp.Collect(src)
		return err
	})
	if err != nil {
		return err
	}
	if refusal := reply.Err(); refusal != nil {
		if fatal := s.refuse(g, refusal); fatal != nil {
			return fatal
		}
	}
	return nil
}

// ownLogin reports whether the user of the connection is still the one that the options name, and not one that a typed AUTH made it.
func (s *Session) ownLogin() bool {
	return s.state.auth == nil || s.state.auth.user == s.opts.User && s.state.auth.password == s.opts.Password
}
