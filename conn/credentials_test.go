package conn_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
)

// tokenServer is a real server with a user for whom each password is good once it was made, and a maker of such passwords.
type tokenServer struct {
	*conntest.Server
	made atomic.Int64
	now  atomic.Int64 // seconds
}

func (s *tokenServer) clock() time.Time { return time.Unix(s.now.Load(), 0) }

// token makes the user a new password that is good for an hour, and takes the old one away.
func (s *tokenServer) token(context.Context) (conn.Credentials, error) {
	password := "token-" + strconv.FormatInt(s.made.Add(1), 10)
	s.Do("ACL", "SETUSER", "iam", "on", "resetpass", ">"+password, "~*", "&*", "+@all") //nolint:contextcheck // it is a helper of tests
	return conn.Credentials{User: "iam", Password: conn.NewSecret(password), Expires: s.clock().Add(time.Hour)}, nil
}

func (s *tokenServer) options() conn.Options {
	o := conn.DefaultOptions()
	o.Port = s.Port
	o.Tokens = conn.NewTokens(conn.Credentials{}, s.token, s.clock)
	return o
}

func dialerFor(t *testing.T, o conn.Options) *conn.Dialer {
	t.Helper()
	d, err := conn.NewDialer(o, conn.System())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestTokensRenewed holds that an open session says AUTH again before its token ends, once, and that one of a transaction waits.
func TestTokensRenewed(t *testing.T) {
	server := &tokenServer{Server: conntest.Start(t)}
	o := server.options()
	session, err := conn.Open(t.Context(), dialerFor(t, o), o)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	do := func(want string, words ...string) {
		t.Helper()
		reply, err := session.Do(t.Context(), words...)
		if err != nil || string(reply.Text) != want {
			t.Fatalf("%q: %q, %v; want %q", words, reply.Text, err, want)
		}
	}
	do("iam", "ACL", "WHOAMI")
	if n := server.made.Load(); n != 1 {
		t.Fatalf("%d tokens for one connection", n)
	}
	do("OK", "MULTI")
	server.now.Add(2 * 3600)
	do("QUEUED", "PING")
	do("OK", "DISCARD")
	if n := server.made.Load(); n != 1 {
		t.Fatalf("AUTH was said in a transaction: %d tokens", n)
	}
	do("iam", "ACL", "WHOAMI")
	do("iam", "ACL", "WHOAMI")
	if n := server.made.Load(); n != 2 {
		t.Fatalf("%d tokens, want a second one and no third", n)
	}
	server.now.Add(2 * 3600)
	if _, err := session.Reconnect(t.Context()); err != nil {
		t.Fatal(err)
	}
	do("iam", "ACL", "WHOAMI")
	if n := server.made.Load(); n != 3 {
		t.Fatalf("%d tokens after a reconnect, want 3", n)
	}
}

// TestTokensYieldToTypedAuth holds that who logs in by hand stays logged in: no token takes that away, not even after a reconnect.
func TestTokensYieldToTypedAuth(t *testing.T) {
	server := &tokenServer{Server: conntest.Start(t)}
	server.Do("ACL", "SETUSER", "ann", "on", ">sesame", "~*", "&*", "+@all")
	o := server.options()
	session, err := conn.Open(t.Context(), dialerFor(t, o), o)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	if _, err := session.Do(t.Context(), "AUTH", "ann", "sesame"); err != nil {
		t.Fatal(err)
	}
	server.now.Add(2 * 3600)
	for range 2 {
		reply, err := session.Do(t.Context(), "ACL", "WHOAMI")
		if err != nil || string(reply.Text) != "ann" {
			t.Fatalf("%q, %v", reply.Text, err)
		}
		if _, err := session.Reconnect(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTokensOfPool holds that a pool's connections are made with valid tokens.
func TestTokensOfPool(t *testing.T) {
	server := &tokenServer{Server: conntest.Start(t)}
	o := server.options()
	pool := conn.NewPool(dialerFor(t, o), o, false)
	defer pool.Close()
	for hour := range 3 {
		reply, err := pool.Do(t.Context(), "ACL", "WHOAMI")
		if err != nil || string(reply.Text) != "iam" || server.made.Load() != int64(hour+1) {
			t.Fatalf("%d: %q, %v, %d tokens", hour, reply.Text, err, server.made.Load())
		}
		server.now.Add(3600)
	}
}

// TestNoToken holds that a source that fails says so, on session and pool.
func TestNoToken(t *testing.T) {
	server := conntest.Start(t)
	o := conn.DefaultOptions()
	o.Port = server.Port
	o.Tokens = conn.NewTokens(conn.Credentials{}, func(context.Context) (conn.Credentials, error) {
		return conn.Credentials{}, errors.New("the vault is sealed")
	}, time.Now)
	d := dialerFor(t, o)
	_, err := conn.Open(t.Context(), d, o)
	if failed, ok := errors.AsType[*conn.Error](err); !ok || failed.Code != conn.CodeNoCredentials || !strings.Contains(err.Error(), "sealed") {
		t.Errorf("session: %v", err)
	}
	pool := conn.NewPool(d, o, false)
	defer pool.Close()
	if _, err := pool.Do(t.Context(), "PING"); err == nil || !strings.Contains(err.Error(), "sealed") {
		t.Errorf("pool: %v", err)
	}
}
