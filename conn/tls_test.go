package conn_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/cert"
	"redan/conn/conntest"
	"redan/conn/resp"
)

// TestAlertIsNeverLost: under TLS 1.3 a client certificate is refused after the
// handshake. Whether the first write or the first read meets the end of the
// connection is a matter of luck; the reason must come out of both.
func TestAlertIsNeverLost(t *testing.T) {
	server := conntest.Start(t, conntest.MutualTLS("yes"))
	ca := conntest.NewAuthority(t)
	stranger := ca.Issue(t, conntest.IssueOptions{})
	run := func(t *testing.T, o conn.Options, want string, ask func(*conn.Session) error) {
		t.Helper()
		t.Parallel()
		d := dialer(t, o)
		for i := range 40 {
			s, err := conn.Open(t.Context(), d, o)
			if err == nil {
				if i%3 == 2 { // let the end arrive first
					time.Sleep(time.Millisecond)
				}
				err = ask(s)
				_ = s.Close()
			}
			failed, ok := errors.AsType[*conn.Error](err)
			if !ok || failed.Code != want || failed.Stage != conn.StageTLS {
				t.Fatalf("attempt %d: %v (%T), want %s", i, err, err, want)
			}
		}
	}
	ping := func(s *conn.Session) error { _, err := s.Do(t.Context(), "PING"); return err }
	big := func(s *conn.Session) error {
		_, err := s.Do(t.Context(), "SET", "k", strings.Repeat("x", 2<<20))
		return err
	}
	window := func(s *conn.Session) error {
		w := conn.NewWindow(s, 64, func(int) error {
			return s.Receive(t.Context(), []string{"SET"}, resp.Skip)
		}, func() {})
		for i := range 50 {
			w.Send(t.Context(), i, "SET", "k", strings.Repeat("x", 100_000))
		}
		return w.Close(t.Context())
	}
	for name, ask := range map[string]func(*conn.Session) error{"command": ping, "large command": big, "window": window} {
		o := options(t, server, true)
		t.Run("no certificate/"+name, func(t *testing.T) { run(t, o, cert.CodeClientCertMissing, ask) })
		o = options(t, server, true)
		o.TLS.CertFile, o.TLS.KeyFile = stranger.CertFile, stranger.KeyFile
		t.Run("stranger/"+name, func(t *testing.T) { run(t, o, cert.CodeClientCAUnknown, ask) })
		o.DB = 3
		t.Run("stranger with opening/"+name, func(t *testing.T) { run(t, o, cert.CodeClientCAUnknown, ask) })
	}
}

// TestClientCertificateIsSent, also to a server whose list of CAs does not name its issuer.
func TestClientCertificateIsSent(t *testing.T) {
	server := conntest.Start(t, conntest.MutualTLS("yes"))
	o := options(t, server, true)
	o.TLS.CertFile, o.TLS.KeyFile = server.CertFile, server.KeyFile
	if v, err := open(t, o).Do(t.Context(), "PING"); err != nil || v.String() != "PONG" {
		t.Errorf("got %v, %v", v, err)
	}
}

// tlsServer is a fake server with TLS of its own making.
func tlsServer(t *testing.T, ca *conntest.Authority, change func(*tls.Config)) string {
	t.Helper()
	config := &tls.Config{Certificates: []tls.Certificate{ca.Issue(t, conntest.IssueOptions{}).TLS()}}
	if change != nil {
		change(config)
	}
	return conntest.Fake(t, conntest.Answer(func([]string) string { return "+PONG\r\n" }), conntest.OverTLS(config))
}

// TestHandshakesThatEndWithoutAWord are told from those that say why.
func TestHandshakesThatEndWithoutAWord(t *testing.T) {
	for name, test := range map[string]struct {
		script conntest.Script
		want   wanted
	}{
		"end":   {conntest.HangUp(), wanted{conn.StageTLS, conn.CodeCloseAtOnce, "SSL_connect failed: unexpected eof while reading"}},
		"reset": {reset, wanted{conn.StageTLS, conn.CodeCloseAtOnce, "SSL_connect failed: Connection reset by peer"}},
		"redis": {conntest.ReplyOnce("-NOAUTH Authentication required.\r\n"), wanted{conn.StageTLS, conn.CodeTLSToPlain, "SSL_connect failed: this port speaks plain Redis, not TLS"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := at(t, conntest.Fake(t, test.script))
			o.TLS = &conn.TLSOptions{}
			check(t, failure(t, o), test.want)
		})
	}
}

// reset takes what is sent first, whatever it is, and answers with a TCP reset.
func reset(c net.Conn) {
	_, _ = c.Read(make([]byte, 1024))
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}

// TestOldVersions: --tls-max below what we speak by default means just that.
func TestOldVersions(t *testing.T) {
	ca := conntest.NewAuthority(t)
	addr := tlsServer(t, ca, func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 })
	o := at(t, addr)
	o.TLS = &conn.TLSOptions{CAFiles: []string{ca.CertFile}}
	check(t, failure(t, o), wanted{conn.StageTLS, cert.CodeVersion, "SSL_connect failed"})
	o.TLS.MaxVersion = tls.VersionTLS11
	s := open(t, o)
	if state, _ := s.Conn().TLS(); state.Version != tls.VersionTLS11 {
		t.Errorf("version %x", state.Version)
	}
	o.TLS.MaxVersion, o.TLS.MinVersion = 0, tls.VersionTLS10
	open(t, o)
}

// TestServerName: what is sent is the host, or --sni; an address is never sent.
func TestServerName(t *testing.T) {
	ca := conntest.NewAuthority(t)
	var seen atomic.Value
	addr := tlsServer(t, ca, func(c *tls.Config) {
		c.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			seen.Store(hello.ServerName)
			return nil, nil
		}
	})
	for _, test := range []struct{ host, sni, want string }{
		{"localhost", "", "localhost"}, {"127.0.0.1", "", ""}, {"127.0.0.1", "localhost", "localhost"},
	} {
		o := at(t, addr)
		o.Host = test.host
		o.TLS = &conn.TLSOptions{CAFiles: []string{ca.CertFile}, ServerName: test.sni}
		open(t, o)
		if got := seen.Load(); got != test.want {
			t.Errorf("host %s with --sni %q: sent %q, want %q", test.host, test.sni, got, test.want)
		}
	}
}

// TestSlowHandshakeIsNotCut: after a while we look whether the port speaks plain
// Redis; one that speaks both, slowly, is none of that.
func TestSlowHandshakeIsNotCut(t *testing.T) {
	ca := conntest.NewAuthority(t)
	pair := ca.Issue(t, conntest.IssueOptions{}).TLS()
	probed := make(chan struct{})
	var first atomic.Bool
	addr := conntest.Fake(t, func(c net.Conn) {
		if first.CompareAndSwap(false, true) {
			<-probed // not a word before the other connection was answered
			conntest.Answer(func([]string) string { return "+PONG\r\n" })(tls.Server(c, &tls.Config{Certificates: []tls.Certificate{pair}}))
			return
		}
		defer close(probed)
		conntest.ReplyOnce("NOT REDIS\r\n")(c)
	})
	o := at(t, addr)
	o.TLS = &conn.TLSOptions{CAFiles: []string{ca.CertFile}}
	s := open(t, o)
	if v, err := s.Do(t.Context(), "PING"); err != nil || v.String() != "PONG" {
		t.Errorf("got %v, %v", v, err)
	}
}

// TestDeadlines: whatever step is silent, the connect timeout ends it.
func TestDeadlines(t *testing.T) {
	const limit = 400 * time.Millisecond
	stuck := func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: ctx.Err()}
	}
	silent := conntest.Fake(t, conntest.Silence())
	tests := map[string]struct {
		dial   conn.DialFunc
		change func(*conn.Options)
		want   wanted
	}{
		"connect": {stuck, func(*conn.Options) {}, wanted{conn.StageConnect, conn.CodeUnreachable, ": Connection timed out"}},
		"connect for TLS": {
			stuck, func(o *conn.Options) { o.TLS = &conn.TLSOptions{} },
			wanted{conn.StageConnect, conn.CodeUnreachable, ": Connection timed out"},
		},
		"handshake": {
			conn.System(), func(o *conn.Options) { o.TLS = &conn.TLSOptions{} },
			wanted{conn.StageTLS, conn.CodeTimeout, ": Connection timed out"},
		},
		"AUTH": {
			conn.System(), func(o *conn.Options) { o.Password = conn.NewSecret("pw") },
			wanted{conn.StageIO, conn.CodeTimeout, "Error: Connection timed out"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			o := at(t, silent)
			o.ConnectTimeout = limit
			test.change(&o)
			d, err := conn.NewDialer(o, test.dial)
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			_, err = conn.Open(t.Context(), d, o)
			failed, ok := errors.AsType[*conn.Error](err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			check(t, failed, test.want)
			if took := time.Since(began); took < limit/2 || took > 10*limit {
				t.Errorf("it took %v, the limit is %v", took, limit)
			}
		})
	}
	// A command has no deadline: BLPOP may take for ever.
	s := open(t, at(t, silent))
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	if _, err := s.Do(ctx, "BLPOP", "q", "0"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// TestClusterNodesMayMatchTheSeed: a node's certificate may carry the name the
// cluster is known by instead of the address the node is announced with.
func TestClusterNodesMayMatchTheSeed(t *testing.T) {
	ca := conntest.NewAuthority(t)
	named := ca.Issue(t, conntest.IssueOptions{DNS: []string{"redis.test"}}).TLS()
	target := conntest.Fake(t, conntest.Answer(func([]string) string { return "+here\r\n" }), conntest.OverTLS(&tls.Config{Certificates: []tls.Certificate{named}}))
	_, port, _ := net.SplitHostPort(target)
	seed := conntest.Fake(t, conntest.Answer(func([]string) string { return "-MOVED 1 203.0.113.7:" + port + "\r\n" }),
		conntest.OverTLS(&tls.Config{Certificates: []tls.Certificate{named}}))
	o := at(t, seed)
	o.Host = "redis.test"
	o.TLS = &conn.TLSOptions{CAFiles: []string{ca.CertFile}}
	d, err := conn.NewDialer(o, func(ctx context.Context, network, addr string) (net.Conn, error) {
		_, port, _ := net.SplitHostPort(addr) // everything is here
		return conn.System()(ctx, network, net.JoinHostPort("127.0.0.1", port))
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := conn.Open(t.Context(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.Follow = true
	if v, err := s.Do(t.Context(), "GET", "k"); err != nil || v.String() != "here" {
		t.Errorf("got %v, %v", v, err)
	}
	// Another host that the user asks for gets no such credit when the name is not the seed's.
	o.Host = "203.0.113.9"
	strict, err := conn.NewDialer(o, func(ctx context.Context, network, _ string) (net.Conn, error) {
		return conn.System()(ctx, network, target)
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.Open(t.Context(), strict, o)
	if failed, ok := errors.AsType[*conn.Error](err); !ok || failed.Stage != conn.StageTLS {
		t.Errorf("a certificate for redis.test was taken for 203.0.113.9: %v", err)
	}
}
