package conn_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
	"redan/conn/resp"
)

// TestCancelledCommandDoesNotBreakTheNextConnection: what ends a read that waits
// runs beside us, and must not reach the connection that replaces this one.
func TestCancelledCommandDoesNotBreakTheNextConnection(t *testing.T) {
	s := open(t, at(t, conntest.FakeLines(t, func([]string) string { return "+PONG\r\n" })))
	for range 1000 {
		ctx, cancel := context.WithCancel(t.Context())
		go cancel()
		_, err := s.Do(ctx, "PING") // the reply and the cancellation meet
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatalf("cancelled: %v", err)
		}
		cancel()
		if !s.Broken() {
			continue
		}
		if _, err := s.Reconnect(t.Context()); err != nil {
			t.Fatal(err)
		}
		if v, err := s.Do(t.Context(), "PING"); err != nil || v.String() != "PONG" {
			t.Fatalf("after Reconnect: %v, %v", v, err)
		}
	}
}

// TestCancelledWrite: a server that takes nothing does not hold us.
func TestCancelledWrite(t *testing.T) {
	for name, overTLS := range map[string]bool{"plain": false, "tls": true} {
		t.Run(name, func(t *testing.T) {
			done := make(chan struct{})
			var opts []conntest.FakeOption
			ca := conntest.NewAuthority(t)
			if overTLS {
				opts = append(opts, conntest.OverTLS(&tls.Config{Certificates: []tls.Certificate{ca.Issue(t, conntest.IssueOptions{}).TLS()}}))
			}
			begun := make(chan struct{}, 1)
			o := at(t, conntest.Fake(t, func(c net.Conn) {
				if _, err := io.ReadFull(c, make([]byte, 1)); err == nil {
					begun <- struct{}{}
					<-done
				}
			}, opts...))
			t.Cleanup(func() { close(done) })
			if overTLS {
				o.TLS = &conn.TLSOptions{CAFiles: []string{ca.CertFile}}
			}
			s := open(t, o)
			ctx, cancel := context.WithCancel(t.Context())
			go func() { <-begun; cancel() }()
			if _, err := s.Do(ctx, "SET", "k", strings.Repeat("x", 64<<20)); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			if !s.Broken() {
				t.Error("half a command was sent, and the session counts as whole")
			}
			began := time.Now()
			_ = s.Close()
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("closing took %v: it waits for a peer that takes nothing", took)
			}
		})
	}
}

// TestReplyToACommandThatWasNotTaken: a server that refuses a command in the
// middle says why and closes; that it said so is not lost in the failed write.
func TestReplyToACommandThatWasNotTaken(t *testing.T) {
	o := at(t, conntest.Fake(t, func(c net.Conn) {
		_, _ = io.ReadFull(c, make([]byte, 64<<10))
		_, _ = io.WriteString(c, "-ERR Protocol error: invalid bulk length\r\n")
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.CloseRead() // the rest of what is sent meets a reset
		}
	}))
	s := open(t, o)
	v, err := s.Do(t.Context(), "SET", "k", strings.Repeat("x", 64<<20))
	if err != nil || v.Err() == nil || !strings.Contains(v.Err().Error(), "invalid bulk length") {
		t.Errorf("got %v, %v", v, err)
	}
	if !s.Broken() {
		t.Error("the connection is of no use any more")
	}
}

// TestAlertOfATLSServerToAPlainClient: some TLS servers do not just close.
func TestAlertOfATLSServerToAPlainClient(t *testing.T) {
	alert := conntest.ReplyOnce("\x15\x03\x01\x00\x02\x02\x46")
	for name, change := range map[string]func(*conn.Options){
		"command": func(*conn.Options) {},
		"opening": func(o *conn.Options) { o.DB = 1 },
	} {
		t.Run(name, func(t *testing.T) {
			o := at(t, conntest.Fake(t, alert))
			change(&o)
			check(t, failure(t, o), wanted{conn.StageTLS, conn.CodePlainToTLS, `Error: Protocol error, got "\x15" as reply type byte`})
		})
	}
}

func TestLostConnections(t *testing.T) {
	tests := map[string]struct {
		script conntest.Script
		code   string
		line   string
		midway bool
	}{
		"hang-up":          {conntest.HangUp(), conn.CodeClosed, "Error: Server closed the connection", false},
		"reset":            {conntest.Reset(), conn.CodeClosed, "Error: Connection reset by peer", false},
		"half a bulk":      {conntest.HalfBulk(), conn.CodeClosed, "Error: Server closed the connection", true},
		"half an array":    {conntest.ReplyOnce("*2\r\n$1\r\na\r\n"), conn.CodeClosed, "Error: Server closed the connection", true},
		"half a line":      {conntest.ReplyOnce("+PON"), conn.CodeClosed, "Error: Server closed the connection", true},
		"garbage":          {conntest.ReplyOnce("SSH-2.0\r\n"), conn.CodeProtocol, `Error: Protocol error, got "S" as reply type byte`, false},
		"garbage inside":   {conntest.ReplyOnce("*1\r\nX\r\n"), conn.CodeProtocol, `Error: Protocol error, got "X" as reply type byte`, false},
		"a length of 2^40": {conntest.ReplyOnce("$1099511627776\r\n"), conn.CodeProtocol, "Error: Protocol error, ", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := open(t, at(t, conntest.Fake(t, test.script)))
			_, err := s.Do(t.Context(), "PING")
			failed, ok := errors.AsType[*conn.Error](err)
			if !ok {
				t.Fatalf("got %v (%T)", err, err)
			}
			if failed.Stage != conn.StageIO || failed.Code != test.code || !strings.HasPrefix(failed.Line, test.line) {
				t.Errorf("got %+v", failed)
			}
			if got := strings.Contains(failed.Cause, "middle of a reply"); got != test.midway {
				t.Errorf("cause %q", failed.Cause)
			}
			if !s.Broken() {
				t.Error("the session must say that it is broken")
			}
		})
	}
}

// TestConsumerThatFails breaks the session: the next reply could not be told from
// the rest of this one.
func TestConsumerThatFails(t *testing.T) {
	s := open(t, at(t, conntest.FakeLines(t, func([]string) string { return "*2\r\n+a\r\n+b\r\n" })))
	why := errors.New("disk full")
	if err := s.Stream(t.Context(), []string{"X"}, func(src resp.Source) error {
		_, _ = src.Next()
		return why
	}); !errors.Is(err, why) || !s.Broken() {
		t.Errorf("got %v, broken %v", err, s.Broken())
	}
	if _, err := s.Reconnect(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Stream(t.Context(), []string{"X"}, func(src resp.Source) error {
		_, err := src.Next()
		return err
	}); err == nil || !s.Broken() {
		t.Errorf("a reply read in part: %v, broken %v", err, s.Broken())
	}
}

// TestBeforeRead is called whenever a read may wait, so that nothing printed is held back.
func TestBeforeRead(t *testing.T) {
	s := open(t, at(t, conntest.Fake(t, func(c net.Conn) {
		r := bufio.NewReader(c)
		if _, err := conntest.ReadCommand(r); err == nil {
			_, _ = io.WriteString(c, "*2\r\n+one\r\n")
		}
		if _, err := conntest.ReadCommand(r); err == nil { // sent by BeforeRead
			_, _ = io.WriteString(c, "+two\r\n")
		}
	})))
	seen := 0
	s.BeforeRead = func() {
		if seen == 2 {
			_, _ = s.Conn().Write([]byte("PING\r\n"))
		}
	}
	var texts []string
	if err := s.Stream(t.Context(), []string{"X"}, func(src resp.Source) error {
		for range 4 {
			tok, err := src.Next()
			if err != nil {
				return err
			}
			seen++
			texts = append(texts, string(tok.Text))
		}
		return nil
	}); err != nil || strings.Join(texts, "|") != "|one|two|" {
		t.Errorf("%q, %v", texts, err)
	}
}

// TestNextReadsMessages: after SUBSCRIBE, whatever comes, until ctx ends it.
func TestNextReadsMessages(t *testing.T) {
	server := conntest.Start(t)
	for _, protocol := range []int{0, 3} {
		o := options(t, server, false)
		o.Protocol = protocol
		s := open(t, o)
		v, err := s.Do(t.Context(), "SUBSCRIBE", "news")
		if err != nil || v.Elems[0].String() != "subscribe" || !s.State().Subscribed {
			t.Fatalf("SUBSCRIBE: %v, %v, %+v", v, err, s.State())
		}
		server.Do("PUBLISH", "news", "hello")
		ctx, cancel := context.WithCancel(t.Context())
		var got resp.Value
		if err := s.Next(ctx, func(src resp.Source) (err error) {
			got, err = resp.Collect(src)
			return err
		}); err != nil || len(got.Elems) != 3 || got.Elems[2].String() != "hello" {
			t.Errorf("message %v, %v", got, err)
		}
		cancel()
		if err := s.Next(ctx, func(resp.Source) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("after cancel: %v", err)
		}
		if lost, err := s.Reconnect(t.Context()); err != nil || strings.Join(lost, "") != "the subscriptions" {
			t.Errorf("lost %q, %v", lost, err)
		}
	}
}

// TestFamilies: -4 and -6 choose among the addresses of a name, and say so when
// there is none.
func TestFamilies(t *testing.T) {
	server := conntest.Start(t)
	o := options(t, server, false)
	o.Family = 4
	if v, err := open(t, o).Do(t.Context(), "PING"); err != nil || v.String() != "PONG" {
		t.Errorf("-4: %v, %v", v, err)
	}
	o.Family = 6
	check(t, failure(t, o), wanted{conn.StageDNS, conn.CodeDNS, "Could not connect to Redis at " + server.Host})
	o.Family, o.Host = 4, "::1"
	check(t, failure(t, o), wanted{conn.StageDNS, conn.CodeDNS, "Could not connect to Redis at ::1:"})
	if !conntest.HasIPv6() {
		t.Log("this machine has no IPv6: the rest is not tried")
		return
	}
	six := conntest.Start(t, conntest.IPv6())
	o = options(t, six, false)
	o.Host, o.Family = "::1", 6
	if v, err := open(t, o).Do(t.Context(), "PING"); err != nil || v.String() != "PONG" {
		t.Errorf("-6: %v, %v", v, err)
	}
}

// TestNameServerThatFails is not a name that does not exist.
func TestNameServerThatFails(t *testing.T) {
	o := conn.DefaultOptions()
	d, err := conn.NewDialer(o, func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "server misbehaving", Name: "h", IsTemporary: true}}
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.Open(t.Context(), d, o)
	if failed, ok := errors.AsType[*conn.Error](err); !ok || failed.Code != conn.CodeDNS ||
		!strings.Contains(failed.Line, "Temporary failure in name resolution") || failed.Fix == "" {
		t.Errorf("got %+v", err)
	}
}

func TestUnixSockets(t *testing.T) {
	server := conntest.Start(t, conntest.UnixSocket())
	o := conn.DefaultOptions()
	o.Socket = server.Socket
	if v, err := open(t, o).Do(t.Context(), "PING"); err != nil || v.String() != "PONG" {
		t.Errorf("unix: %v, %v", v, err)
	}
	server.Stop()
	if got := failure(t, o); got.Stage != conn.StageConnect || !strings.HasPrefix(got.Line, "Could not connect to Redis at "+server.Socket+": ") {
		t.Errorf("got %+v", got)
	}
}

// TestTLSOverAUnixSocket: redis-cli tries it, for whoever puts a TLS server there.
func TestTLSOverAUnixSocket(t *testing.T) {
	ca := conntest.NewAuthority(t)
	path := t.TempDir() + "/tls.sock"
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan struct{})
	t.Cleanup(func() { _ = listener.Close(); <-served })
	go func() {
		defer close(served)
		c, err := listener.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		conntest.Answer(func([]string) string { return "+PONG\r\n" })(tls.Server(c, &tls.Config{
			Certificates: []tls.Certificate{ca.Issue(t, conntest.IssueOptions{}).TLS()},
		}))
	}()
	o := conn.DefaultOptions()
	o.Socket = path
	o.TLS = &conn.TLSOptions{CAFiles: []string{ca.CertFile}}
	s := open(t, o)
	if v, err := s.Do(t.Context(), "PING"); err != nil || v.String() != "PONG" {
		t.Errorf("TLS over unix: %v, %v", v, err)
	}
	if state, ok := s.Conn().TLS(); !ok || !state.HandshakeComplete {
		t.Error("the connection does not know its TLS")
	}
	_ = s.Close()
}
