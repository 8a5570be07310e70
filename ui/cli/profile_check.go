package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"redan/conn"
	"redan/profiles"
	"redan/profiles/secret"
)

// checked is what --check found of a server.
type checked struct {
	OK bool `json:"ok"`
	// Authenticated is false where a password would have to be typed: the server was reached and no more.
	Authenticated bool    `json:"authenticated"`
	Milliseconds  float64 `json:"milliseconds,omitempty"`
	Error         string  `json:"error,omitempty"`
}

// word is the state in a table.
func (c *checked) word() string {
	switch {
	case c == nil:
		return ""
	case !c.OK:
		return "down"
	case !c.Authenticated:
		return "up, no login"
	}
	return "up " + milliseconds(c.Milliseconds)
}

func milliseconds(ms float64) string { return strconv.FormatFloat(ms, 'f', 1, 64) + " ms" }

// checkLimit is the time that --check and test take for a server.
func checkLimit(text string) (time.Duration, error) {
	const usual = 5 * time.Second
	if text == "" {
		return usual, nil
	}
	limit, ok := parseSeconds(text)
	if !ok || limit == 0 {
		return 0, &usageError{text: fmt.Sprintf("-t takes seconds above 0, such as 0.5, not '%s'.", text)}
	}
	return limit, nil
}

// checkAll asks all servers side by side.
func (r *profileRun) checkAll(ctx context.Context, all []listed, limit time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	seats := make(chan struct{}, maxProbes)
	var running sync.WaitGroup
	for i := range all {
		if !all[i].reachable {
			all[i].Check = &checked{Error: ""}
			continue
		}
		seats <- struct{}{}
		running.Go(func() {
			defer func() { <-seats }()
			all[i].Check = r.check(ctx, all[i])
		})
	}
	running.Wait()
}

// check connects to one server, without asking anybody anything.
func (r *profileRun) check(ctx context.Context, l listed) *checked {
	o, whole, err := r.revealed(ctx, l.Name, l.connection, false)
	if err != nil {
		return &checked{Error: err.Error()}
	}
	begin := r.sys.Now()
	session, err := r.open(ctx, o, r.sys.Dial)
	if err == nil {
		defer func() { _ = session.Close() }()
		err = session.Ping(ctx)
	}
	c := &checked{OK: err == nil, Authenticated: err == nil && whole, Milliseconds: r.since(begin)}
	switch {
	case err == nil:
	case ctx.Err() != nil:
		c.Error = errNoAnswer.Error()
	case !whole && isRefusal(err):
		c.OK = true
	default:
		c.Error = firstCause(err)
	}
	return c
}

// isRefusal reports whether a server answered, if only that it wants a password.
func isRefusal(err error) bool {
	failed, ok := errors.AsType[*conn.Error](err)
	return !ok || failed.Stage == conn.StageAuth || failed.Code == "NOAUTH"
}

// firstCause says in one line why a connection failed.
func firstCause(err error) string {
	failed, ok := errors.AsType[*conn.Error](err)
	switch {
	case !ok:
		return err.Error()
	case failed.Cause != "":
		first, _, _ := strings.Cut(failed.Cause, ". ")
		return strings.TrimSuffix(first, ".")
	}
	return strings.TrimSuffix(failed.Line, ".")
}

func (r *profileRun) since(begin time.Time) float64 {
	return float64(r.sys.Now().Sub(begin).Microseconds()) / 1000 //nolint:mnd // to milliseconds with a fraction
}

// open opens a session as the profile says.
func (r *profileRun) open(ctx context.Context, o conn.Options, network conn.DialFunc) (*conn.Session, error) {
	d, err := conn.NewDialer(o, network)
	if err != nil {
		return nil, err
	}
	return conn.Open(ctx, d, o)
}

// revealed resolves the secrets of a connection. Unless asking is wanted, those that a person would have to type are left out, and whole is
// false.
func (r *profileRun) revealed(ctx context.Context, name string, c profiles.Connection, asking bool) (o conn.Options, whole bool, err error) {
	whole = true
	sources := r.secretSources()
	if !asking {
		sources.Ask = nil
		if isTyped(c.Password) {
			c.Password, whole = "", false
		}
	}
	o, err = c.Reveal(func(key string, reference profiles.Reference) (conn.Secret, error) {
		parsed, err := reference.Parse()
		if err != nil {
			return conn.Secret{}, err
		}
		subject := secretOf(strings.Split(key, "."), name)
		if key == "tls.key_data" {
			found, err := sources.ResolveText(ctx, parsed, subject)
			return found.Secret, err
		}
		found, err := sources.Resolve(ctx, parsed, subject)
		return found.Secret, err
	})
	o.Program = r.programName()
	return o, whole, err
}

// isTyped reports whether a person has to type something for a secret.
func isTyped(reference profiles.Reference) bool {
	parsed, err := reference.Parse()
	return err == nil && reference != "" && (parsed.Kind == secret.Prompt || parsed.Kind == secret.Age && parsed.Identity == "")
}
