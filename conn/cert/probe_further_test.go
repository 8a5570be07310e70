package cert_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"io"
	"math/big"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"redan/conn/cert"
	"redan/conn/conntest"
)

// pong answers as a Redis does.
func pong() conntest.Script {
	return conntest.Answer(func([]string) string { return "+PONG\r\n" })
}

// routed is a proxy that knows one name, db.lab. What it does with others is otherwise's.
func routed(t *testing.T, otherwise func(*tls.ClientHelloInfo) (*tls.Certificate, error), script conntest.Script) (addr string) {
	t.Helper()
	pair := conntest.NewAuthority(t).Issue(t, conntest.IssueOptions{DNS: []string{"*.lab", "db.lab"}}).TLS()
	config := &tls.Config{GetCertificate: func(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
		if h.ServerName == "db.lab" || otherwise == nil {
			return &pair, nil
		}
		return otherwise(h)
	}}
	return conntest.Fake(t, script, conntest.OverTLS(config))
}

func named(target cert.Target, host, serverName string) cert.Target {
	target.Host, target.ServerName = host, serverName
	return target
}

func TestProbeFindsTheNameThatWorks(t *testing.T) {
	refuse := func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, nil } // crypto/tls says unrecognized_name
	hangUp := func(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
		_ = h.Conn.Close()
		return nil, errors.New("no backend")
	}
	web := func(c net.Conn) {
		secure := c.(*tls.Conn)
		if secure.HandshakeContext(t.Context()) != nil {
			return
		}
		if secure.ConnectionState().ServerName == "db.lab" {
			pong()(c)
			return
		}
		conntest.ReplyOnce("HTTP/1.1 400 Bad Request\r\nServer: web\r\n\r\n")(c)
	}
	for _, tt := range []struct {
		name             string
		addr             string
		host, serverName string
		alert            uint8
		reply            string
		stage            cert.Stage
	}{
		{"alert, by the host dialled", routed(t, refuse, pong()), "db.lab", "other.lab", cert.AlertUnrecognizedName, "", cert.StageTLS},
		{"end, by the host dialled", routed(t, hangUp, pong()), "db.lab", "other.lab", 0, "", cert.StageTLS},
		{"web server, by the certificate", routed(t, nil, web), "127.0.0.1", "", 0, "HTTP/1.1 400 Bad Request", cert.StageReply},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := prober().Probe(t.Context(), named(targetAt(t, tt.addr), tt.host, tt.serverName))
			if o.Stage != tt.stage || o.Reply != tt.reply || (o.Alert != nil) != (tt.alert != 0) || o.Alert != nil && o.Alert.Number != tt.alert {
				t.Errorf("stage %s, reply %q, alert %v, error %v", o.Stage, o.Reply, o.Alert, o.Err)
			}
			if isWeb := tt.reply != ""; isWeb != errors.Is(o.Err, cert.ErrNotRedis) {
				t.Errorf("error %v", o.Err)
			}
			if len(o.Trials) == 0 || len(o.Trials) > 2 {
				t.Fatalf("trials %+v", o.Trials)
			}
			last := o.Trials[len(o.Trials)-1]
			if last.ServerName != "db.lab" || !last.OK || last.Reply != "+PONG" || last.Leaf == nil {
				t.Errorf("the last trial is %+v", last)
			}
			if first := o.Trials[0]; len(o.Trials) == 2 && (!first.NoName || first.ServerName != "" || first.OK) {
				t.Errorf("the first trial is %+v", first)
			}
		})
	}
}

// A certificate may list more names than anybody wants to try.
func TestProbeTriesFewNames(t *testing.T) {
	var names []string
	for i := range 50 {
		names = append(names, strings.Repeat("a", i+1)+".lab")
	}
	pair := conntest.NewAuthority(t).Issue(t, conntest.IssueOptions{DNS: names}).TLS()
	addr := conntest.Fake(t, conntest.ReplyOnce("hello\r\n"), conntest.OverTLS(&tls.Config{Certificates: []tls.Certificate{pair}}))
	o := prober().Probe(t.Context(), targetAt(t, addr))
	if len(o.Trials) != 6 || o.Trials[5].ServerName == o.Trials[4].ServerName {
		t.Errorf("%d trials: %+v", len(o.Trials), o.Trials)
	}
}

func TestProbeFindsTheVersionThatWorks(t *testing.T) {
	pair := conntest.NewAuthority(t).Issue(t, conntest.IssueOptions{}).TLS()
	addr := conntest.Fake(t, pong(), conntest.OverTLS(&tls.Config{
		Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11,
	}))
	o := prober().Probe(t.Context(), targetAt(t, addr))
	if o.Alert == nil || o.Alert.Number != cert.AlertProtocolVersion || len(o.Trials) != 4 || o.Hello.Done {
		t.Fatalf("alert %v, trials %+v, hello %v", o.Alert, o.Trials, o.Hello.Done)
	}
	for i, trial := range o.Trials {
		if trial.Version != tls.VersionTLS10+uint16(i) || trial.OK != (i < 2) || (trial.Alert == nil) != (i < 2) {
			t.Errorf("trial %d is %+v", i, trial)
		}
	}
}

// What a real Redis can be set to although crypto/tls then cannot reach it.
func TestProbeSaysHelloToARealRedis(t *testing.T) {
	root := conntest.NewAuthority(t)
	pair := root.Issue(t, conntest.IssueOptions{KeyType: conntest.RSA2048})
	server := conntest.Start(t, conntest.WithCerts(root, pair))
	other := root.Issue(t, conntest.IssueOptions{})
	t.Run("DHE only", func(t *testing.T) {
		server.Do("CONFIG", "SET", "tls-protocols", "TLSv1.2", "tls-ciphers", "DHE-RSA-AES256-GCM-SHA384")
		o := prober().Probe(t.Context(), targetAt(t, server.TLSAddr()))
		h := o.Hello
		if o.Alert == nil || o.Alert.Number != cert.AlertHandshakeFailure || !h.Done || !slices.Equal(h.Suites, []string{"DHE-RSA-AES256-GCM-SHA384"}) {
			t.Errorf("alert %v, hello %+v", o.Alert, h)
		}
		if !slices.Equal(h.Versions, []uint16{tls.VersionTLS12}) || h.Alerts[tls.VersionTLS13] != cert.AlertProtocolVersion {
			t.Errorf("versions %x, alerts %v", h.Versions, h.Alerts)
		}
		if len(h.Chain) != 2 || len(o.Chain) != 2 || !o.Chain[0].Equal(pair.Cert) {
			t.Errorf("%d raw certificates, %d read", len(h.Chain), len(o.Chain))
		}
	})
	t.Run("key of another kind", func(t *testing.T) {
		server.Do("CONFIG", "SET", "tls-protocols", "", "tls-ciphers", "DEFAULT")
		server.Do("CONFIG", "SET", "tls-key-file", other.KeyFile)
		o := prober().Probe(t.Context(), targetAt(t, server.TLSAddr()))
		if o.Alert == nil || o.Alert.Number != cert.AlertHandshakeFailure || !o.Hello.Done || len(o.Hello.Suites)+len(o.Hello.Versions) != 0 {
			t.Errorf("alert %v, hello %+v", o.Alert, o.Hello)
		}
	})
}

// presenting plays the beginning of a TLS 1.2 handshake, as far as the certificates. The ServerHelloDone behind them comes too early.
func presenting(suite uint16, chain ...[]byte) conntest.Script {
	var list []byte
	size := func(body []byte) []byte {
		return append([]byte{byte(len(body) >> 16), byte(len(body) >> 8), byte(len(body))}, body...)
	}
	for _, der := range chain {
		list = append(list, size(der)...)
	}
	body := append([]byte{3, 3}, make([]byte, 32)...)
	body = append(body, 0, byte(suite>>8), byte(suite), 0)
	messages := append([]byte{2}, size(body)...)
	messages = append(messages, append([]byte{11}, size(size(list))...)...)
	messages = append(messages, 14, 0, 0, 0)
	return func(c net.Conn) {
		if _, err := c.Read(make([]byte, 1)); err != nil {
			return
		}
		for part := range slices.Chunk(messages, 1<<14) {
			record := binary.BigEndian.AppendUint16([]byte{22, 3, 3}, uint16(len(part)))
			if _, err := c.Write(append(record, part...)); err != nil {
				return
			}
		}
		conntest.Silence()(c)
	}
}

func TestProbeKeepsCertificatesCryptoTLSRefuses(t *testing.T) {
	const suite = 0xc02f // ECDHE-RSA-AES128-GCM-SHA256
	root := conntest.NewAuthority(t)
	n := new(big.Int).Lsh(big.NewInt(1), 9000)
	huge, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"},
	}, root.Cert, &rsa.PublicKey{N: n.Add(n, big.NewInt(1)), E: 65537}, root.Key)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name                  string
		chain                 [][]byte
		read, unparsed, bytes int
	}{
		{"an RSA key of 9000 bits", [][]byte{huge, root.Cert.Raw}, 2, 0, 2},
		{"garbage behind", [][]byte{huge, []byte("garbage")}, 1, 1, 2},
		{"garbage in front", [][]byte{[]byte("garbage"), root.Cert.Raw}, 0, 1, 2},
		{"no certificate", nil, 0, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			addr := conntest.Fake(t, presenting(suite, tt.chain...))
			o := prober().Probe(t.Context(), targetAt(t, addr))
			if o.Stage != cert.StageTLS || o.Err == nil || o.Alert != nil || o.Version != tls.VersionTLS12 || o.Suite != suite {
				t.Errorf("stage %s, error %v, alert %v, version %x, suite %x", o.Stage, o.Err, o.Alert, o.Version, o.Suite)
			}
			if len(o.Chain) != tt.read || len(o.Unparsed) != tt.unparsed || len(o.Hello.Chain) != tt.bytes || !o.Hello.Done {
				t.Errorf("%d certificates, %v, %d in all", len(o.Chain), o.Unparsed, len(o.Hello.Chain))
			}
		})
	}
}

// Under TLS 1.3 alone the certificates are encrypted.
func TestProbeKeepsEncryptedCertificatesCryptoTLSRefuses(t *testing.T) {
	pair := conntest.NewAuthority(t).Issue(t, conntest.IssueOptions{}).TLS()
	pair.Certificate = append(pair.Certificate, []byte("garbage"))
	addr := conntest.Fake(t, pong(), conntest.OverTLS(&tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS13}))
	o := prober().Probe(t.Context(), targetAt(t, addr))
	if o.Stage != cert.StageTLS || o.Version != tls.VersionTLS13 || len(o.Chain) != 1 || !o.Chain[0].Equal(pair.Leaf) || len(o.Unparsed) != 1 {
		t.Errorf("stage %s, version %x, %d certificates, %v", o.Stage, o.Version, len(o.Chain), o.Unparsed)
	}
}

func TestProbeLooksAtSiblings(t *testing.T) {
	server := conntest.Start(t, conntest.TLS())
	web := conntest.Fake(t, conntest.ReplyOnce("HTTP/1.1 400 Bad Request\r\n"))
	closed := conntest.Start(t)
	closed.Stop()
	want := []cert.Sibling{
		{Port: server.Port, Reply: "+PONG"},
		{Port: server.TLSPort, TLS: true},
		{Port: targetAt(t, web).Port, Reply: "HTTP/1.1 400 Bad Request"},
	}
	p := prober()
	p.Siblings = []int{server.Port, server.TLSPort, targetAt(t, web).Port, closed.Port}
	for _, addr := range []string{closed.Addr(), conntest.Fake(t, conntest.HangUp())} {
		for _, target := range []cert.Target{targetAt(t, addr), plainly(targetAt(t, addr))} {
			begun := time.Now()
			o := p.Probe(t.Context(), target)
			if !slices.Equal(o.Siblings, want) {
				t.Errorf("siblings %+v (stage %s, %v)", o.Siblings, o.Stage, o.Err)
			}
			if isRefused := addr == closed.Addr(); isRefused != errors.Is(o.Err, syscall.ECONNREFUSED) || isRefused != (o.Stage == cert.StageConnect) {
				t.Errorf("stage %s, error %v", o.Stage, o.Err)
			}
			if took := time.Since(begun); took > 2*time.Second {
				t.Errorf("it took %s", took)
			}
		}
	}
}

func TestProbeOfNoTLS(t *testing.T) {
	banner := func(text string) conntest.Script {
		return func(c net.Conn) {
			_, _ = io.WriteString(c, text)
			conntest.Silence()(c)
		}
	}
	for _, tt := range []struct {
		name   string
		script conntest.Script
		plain  cert.PlainLook
	}{
		{"protected mode", banner("-DENIED Redis is running in protected mode\r\n"), cert.PlainLook{Reply: []byte("-DENIED Redis is running in protected mode")}},
		{"SSH", banner("SSH-2.0-OpenSSH_9.2\r\n"), cert.PlainLook{Reply: []byte("SSH-2.0-OpenSSH_9.2")}},
		{"MySQL", banner("J\x00\x00\x00\x0b8.0.36\x00"), cert.PlainLook{Reply: []byte("J\x00\x00\x00\x0b8.0.36\x00")}},
		{"resets", conntest.Reset(), cert.PlainLook{Reset: true}},
		{"ends", func(c net.Conn) {
			_, _ = c.Read(make([]byte, 1))
			conntest.HangUp()(c)
		}, cert.PlainLook{Reset: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			begun := time.Now()
			o := prober().Probe(t.Context(), targetAt(t, conntest.Fake(t, tt.script)))
			if took := time.Since(begun); took > 1500*time.Millisecond { // although some never end their line
				t.Errorf("it took %s", took)
			}
			if o.Stage != cert.StageTLS || !o.Plain.Done || string(o.Plain.Reply) != string(tt.plain.Reply) || o.Plain.Reset != tt.plain.Reset {
				t.Errorf("stage %s, error %v, plain %+v %q", o.Stage, o.Err, o.Plain, o.Plain.Reply)
			}
			if isText := tt.plain.Reply != nil; isText && !strings.HasPrefix(string(o.FirstBytes), string(tt.plain.Reply[:4])) {
				t.Errorf("first bytes %q", o.FirstBytes)
			}
		})
	}
}

func TestProbeOfAnUnknownName(t *testing.T) {
	p := prober()
	p.Dial = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", IsNotFound: true}}
	}
	for _, target := range []cert.Target{targetAt(t, "127.0.0.1:1"), plainly(targetAt(t, "127.0.0.1:1"))} {
		if o := p.Probe(t.Context(), target); o.Stage != cert.StageDNS || o.Err == nil {
			t.Errorf("stage %s, error %v", o.Stage, o.Err)
		}
	}
}

// The lookup of a name counts by itself.
func TestProbeSplitsTheTimeOfTheLookup(t *testing.T) {
	server := conntest.Start(t, conntest.TLS())
	target := targetAt(t, server.TLSAddr())
	_, port, _ := net.SplitHostPort(target.Address)
	target.Address, target.Network = net.JoinHostPort("localhost", port), "tcp4"
	o := prober().Probe(t.Context(), target)
	if o.Timing.DNS <= 0 || o.Timing.Connect <= 0 || o.Stage != cert.StageDone {
		t.Errorf("stage %s, times %+v, error %v", o.Stage, o.Timing, o.Err)
	}
}

// An interview cannot last longer than its probe, even if it moves the deadline.
func TestInterviewIsBounded(t *testing.T) {
	server := conntest.Start(t, conntest.TLS())
	for _, target := range []cert.Target{targetAt(t, server.TLSAddr()), plainly(targetAt(t, server.Addr()))} {
		p := prober()
		p.Timeout = 300 * time.Millisecond
		p.Interview = func(_ context.Context, c net.Conn) cert.Server {
			_ = c.SetDeadline(time.Now().Add(time.Hour))
			_, err := bufio.NewReader(c).ReadByte()
			_ = c.SetReadDeadline(time.Time{})
			_, again := c.Read(make([]byte, 1))
			var timeout net.Error
			if !errors.As(err, &timeout) || !timeout.Timeout() || again == nil {
				t.Errorf("errors %v and %v", err, again)
			}
			return cert.Server{Version: "7"}
		}
		begun := time.Now()
		o := p.Probe(t.Context(), target)
		if o.Stage != cert.StageDone || o.Err != nil || o.Server.Version != "7" || time.Since(begun) > 2*time.Second {
			t.Errorf("stage %s, error %v, server %+v after %s", o.Stage, o.Err, o.Server, time.Since(begun))
		}
	}
}
