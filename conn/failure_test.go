package conn_test

import (
	"crypto/x509"
	"errors"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/cert"
	"redan/conn/conntest"
)

// at points options at a host:port.
func at(t *testing.T, addr string) conn.Options {
	t.Helper()
	o := conn.DefaultOptions()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	o.Host = host
	o.Port, _ = strconv.Atoi(port)
	return o
}

// failure connects and runs PING, and returns how that failed.
func failure(t *testing.T, o conn.Options) *conn.Error {
	t.Helper()
	var failed *conn.Error
	d, err := conn.NewDialer(o, conn.System())
	if err == nil {
		var s *conn.Session
		if s, err = conn.Open(t.Context(), d, o); err == nil {
			defer s.Close()
			_, err = s.Do(t.Context(), "PING")
		}
	}
	if !errors.As(err, &failed) {
		t.Fatalf("got %v (%T), want a *conn.Error", err, err)
	}
	return failed
}

type wanted struct {
	stage conn.Stage
	code  string
	line  string // how the line redis-cli prints begins, after the address
}

func check(t *testing.T, got *conn.Error, want wanted) {
	t.Helper()
	if got.Stage != want.stage || got.Code != want.code {
		t.Errorf("stage %s code %s, want %s %s (%v)", got.Stage, got.Code, want.stage, want.code, got)
	}
	if !strings.Contains(got.Line, want.line) {
		t.Errorf("line %q lacks %q", got.Line, want.line)
	}
	if got.Cause == "" || got.Fix == "" {
		t.Errorf("no cause or no fix: %+v", got)
	}
}

func TestFailuresWithoutTLS(t *testing.T) {
	server := conntest.Start(t, conntest.TLS())
	refused := at(t, server.Addr())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused.Port = listener.Addr().(*net.TCPAddr).Port
	_ = listener.Close()
	check(t, failure(t, refused), wanted{conn.StageConnect, conn.CodeRefused, "Could not connect to Redis at " + refused.Addr().String() + ": Connection refused"})

	noName := at(t, server.Addr())
	noName.Host = "no-such-host.invalid"
	check(t, failure(t, noName), wanted{conn.StageDNS, conn.CodeDNS, ": Name or service not known"})

	noSocket := conn.DefaultOptions()
	noSocket.Socket = t.TempDir() + "/none"
	check(t, failure(t, noSocket), wanted{conn.StageConnect, conn.CodeNoSocket, ": No such file or directory"})

	check(t, failure(t, at(t, server.TLSAddr())), wanted{conn.StageTLS, conn.CodePlainToTLS, "Error: "})

	garbage := failure(t, at(t, conntest.Fake(t, conntest.ReplyOnce("HTTP/1.1 400 Bad Request\r\n"))))
	check(t, garbage, wanted{conn.StageIO, conn.CodeProtocol, `Error: Protocol error, got "H" as reply type byte`})
}

func TestFailuresOfTheHandshake(t *testing.T) {
	server := conntest.Start(t, conntest.TLS())
	mutual := conntest.Start(t, conntest.MutualTLS("yes"))
	mutual12 := conntest.Start(t, conntest.MutualTLS("yes"), conntest.TLSProtocols("TLSv1.2"))
	only12 := conntest.Start(t, conntest.TLS(), conntest.TLSProtocols("TLSv1.2"))
	strangers := conntest.NewAuthority(t, func(o *conntest.IssueOptions) { o.CN = "strangers" })

	tests := map[string]struct {
		server *conntest.Server
		plain  bool
		change func(*conn.TLSOptions)
		want   wanted
	}{
		"TLS to a plain port":      {server: server, plain: true, want: wanted{conn.StageTLS, conn.CodeTLSToPlain, "SSL_connect failed"}},
		"unknown CA":               {server: server, change: func(o *conn.TLSOptions) { o.CAFiles = []string{strangers.CertFile} }, want: wanted{conn.StageTLS, cert.CodeUnknownCA, "certificate verify failed"}},
		"no client certificate":    {server: mutual, want: wanted{conn.StageTLS, cert.CodeClientCertMissing, "Error: Server closed the connection"}},
		"no client certificate 12": {server: mutual12, want: wanted{conn.StageTLS, cert.CodeClientCertMissing, "handshake failure"}},
		"client of an unknown CA": {server: mutual, change: func(o *conn.TLSOptions) {
			pair := strangers.Issue(t, conntest.IssueOptions{})
			o.CertFile, o.KeyFile = pair.CertFile, pair.KeyFile
		}, want: wanted{conn.StageTLS, cert.CodeClientCAUnknown, "Error: Server closed the connection"}},
		"version":    {server: only12, change: func(o *conn.TLSOptions) { o.MinVersion = 0x0304 }, want: wanted{conn.StageTLS, cert.CodeVersion, "protocol version"}},
		"other name": {server: server, change: func(o *conn.TLSOptions) { o.ServerName = "redis.example.com" }, want: wanted{conn.StageTLS, cert.CodeOtherName, "certificate verify failed"}},
		"key of another": {server: server, change: func(o *conn.TLSOptions) {
			o.CertFile = server.CertFile
			o.KeyFile = strangers.Issue(t, conntest.IssueOptions{}).KeyFile
		}, want: wanted{conn.StageFiles, cert.CodeKeyMismatch, "Could not negotiate a TLS connection: Invalid private key"}},
		"no such file": {server: server, change: func(o *conn.TLSOptions) { o.CAFiles = []string{"nosuch.crt"} }, want: wanted{conn.StageFiles, cert.CodeFileUnreadable, "Invalid CA Certificate File/Directory"}},
		"garbled file": {server: server, change: func(o *conn.TLSOptions) { o.CAFiles = []string{"failure_test.go"} }, want: wanted{conn.StageFiles, cert.CodeFileNotPEM, "Invalid CA Certificate File/Directory"}},
		"ciphers":      {server: server, change: func(o *conn.TLSOptions) { o.Ciphers = "NOSUCH" }, want: wanted{conn.StageFiles, conn.CodeCiphers, "Error while configuring ciphers"}},
		"suite":        {server: server, change: func(o *conn.TLSOptions) { o.Ciphersuites = "TLS_CHACHA20_POLY1305_SHA256" }, want: wanted{conn.StageTLS, conn.CodeCiphers, "SSL_connect failed"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			o := options(t, test.server, true)
			if test.plain {
				o.Port = test.server.Port
			}
			if test.change != nil {
				test.change(o.TLS)
			}
			check(t, failure(t, o), test.want)
		})
	}
}

func TestFailuresOfServerCertificates(t *testing.T) {
	ca := conntest.NewAuthority(t)
	past, future := time.Now().Add(-48*time.Hour), time.Now().Add(48*time.Hour)
	tests := map[string]struct {
		issue conntest.IssueOptions
		code  string
	}{
		"expired":       {conntest.IssueOptions{NotBefore: past.Add(-time.Hour), NotAfter: past}, cert.CodeExpired},
		"not yet valid": {conntest.IssueOptions{NotBefore: future, NotAfter: future.Add(time.Hour)}, cert.CodeNotYetValid},
		"client only":   {conntest.IssueOptions{EKU: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}, cert.CodeWrongEKU},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server := conntest.Start(t, conntest.TLS(), conntest.WithCerts(ca, ca.Issue(t, test.issue)))
			o := options(t, server, true)
			o.TLS.CAFiles = []string{ca.CertFile}
			check(t, failure(t, o), wanted{conn.StageTLS, test.code, "SSL_connect failed: certificate verify failed"})
			o.TLS.Level = cert.LevelNone
			if v, err := open(t, o).Do(t.Context(), "PING"); err != nil || v.String() != "PONG" {
				t.Errorf("with --insecure: %v %v", v, err)
			}
		})
	}
	t.Run("self-signed", func(t *testing.T) {
		self := conntest.SelfSigned(t, conntest.IssueOptions{})
		server := conntest.Start(t, conntest.TLS(), conntest.WithCerts(ca, self))
		o := options(t, server, true)
		o.TLS.CAFiles = []string{ca.CertFile}
		check(t, failure(t, o), wanted{conn.StageTLS, cert.CodeSelfSignedLeaf, "certificate verify failed"})
		o.TLS.CAFiles = []string{self.CertFile}
		open(t, o)
	})
}

// TestNameOnLoopback holds the one exception of the name policy: there is no
// network to be attacked on, so it connects and says so, once.
func TestNameOnLoopback(t *testing.T) {
	ca := conntest.NewAuthority(t)
	other := ca.Issue(t, conntest.IssueOptions{DNS: []string{"redis.lab"}, IPs: []net.IP{net.IPv4(203, 0, 113, 9)}})
	server := conntest.Start(t, conntest.TLS(), conntest.WithCerts(ca, other))
	o := options(t, server, true)
	o.TLS.CAFiles = []string{ca.CertFile}
	d := dialer(t, o)
	var notices []string
	d.Notices(func(text string) { notices = append(notices, text) })
	for range 3 {
		s, err := conn.Open(t.Context(), d, o)
		if err != nil {
			t.Fatal(err)
		}
		_ = s.Close()
	}
	if len(notices) != 1 || !strings.Contains(notices[0], "redis.lab") {
		t.Errorf("notices: %q", notices)
	}
	o.TLS.VerifyNames = []string{"redis.lab"}
	open(t, o)
}

// TestHandshakeDeadline holds that silence ends within the connect timeout.
func TestHandshakeDeadline(t *testing.T) {
	o := at(t, conntest.Fake(t, conntest.Silence()))
	o.TLS = &conn.TLSOptions{}
	o.ConnectTimeout = 600 * time.Millisecond
	check(t, failure(t, o), wanted{conn.StageTLS, conn.CodeTimeout, ": Connection timed out"})
	o.TLS = nil
	o.Password = conn.NewSecret("x")
	if got := failure(t, o); got.Code != conn.CodeTimeout {
		t.Errorf("silence after AUTH: %+v", got)
	}
}

// TestNotTLSNotRedis tells what does listen there.
func TestNotTLSNotRedis(t *testing.T) {
	o := at(t, conntest.Fake(t, func(c net.Conn) { _, _ = c.Write([]byte("SSH-2.0-OpenSSH_9.2\r\n")) }))
	o.TLS = &conn.TLSOptions{}
	got := failure(t, o)
	check(t, got, wanted{conn.StageTLS, conn.CodeNotRedis, "wrong version number"})
	if !strings.Contains(got.Cause, "SSH-2") {
		t.Errorf("cause %q does not say what answered", got.Cause)
	}
}
