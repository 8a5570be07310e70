package cert_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"redan/conn/cert"
	"redan/conn/conntest"
)

// endless sends text again and again, as fast as it is taken.
func endless(text string) conntest.Script {
	return func(c net.Conn) {
		for {
			if _, err := io.WriteString(c, text); err != nil {
				return
			}
		}
	}
}

// drip sends text one byte at a time, at a pace that never lets a read wait long, and then for ever its last byte.
func drip(text string) conntest.Script {
	return func(c net.Conn) {
		for i := 0; ; i++ {
			at := min(i, len(text)-1)
			if _, err := io.WriteString(c, text[at:at+1]); err != nil {
				return
			}
			time.Sleep(10 * time.Millisecond) // the pace of the fake, which nothing waits for
		}
	}
}

// deaf takes nothing until over is done, after the handshake when it speaks TLS.
func deaf(over context.Context) conntest.Script {
	return func(c net.Conn) {
		if secure, ok := c.(*tls.Conn); ok && secure.HandshakeContext(over) != nil {
			return
		}
		<-over.Done()
	}
}

// hostile is an end that does what no server should.
type hostile struct {
	name  string
	addr  string
	stage cert.Stage
	reply string // its beginning
	heavy bool   // for the one who plays it
}

func hostileServers(t *testing.T) []hostile {
	t.Helper()
	root := conntest.NewAuthority(t)
	pair := root.Issue(t, conntest.IssueOptions{}).TLS()
	showing := func(version uint16, script conntest.Script, more ...[]byte) string {
		shown := pair
		shown.Certificate = append([][]byte{pair.Certificate[0]}, more...)
		return conntest.Fake(t, script, conntest.OverTLS(&tls.Config{Certificates: []tls.Certificate{shown}, MaxVersion: version}))
	}
	chain := make([][]byte, 99)
	for i := range chain {
		chain[i] = root.Cert.Raw
	}
	const suite = 0xc02f         // ECDHE-RSA-AES128-GCM-SHA256
	large := make([]byte, 3<<19) // more than anybody reads, and not too much for the fake to encrypt
	return []hostile{
		{"silent", conntest.Fake(t, conntest.Silence()), cert.StageTLS, "", false},
		{"hangs up", conntest.Fake(t, conntest.HangUp()), cert.StageTLS, "", false},
		{"resets", conntest.Fake(t, conntest.Reset()), cert.StageTLS, "", false},
		{"deaf", conntest.Fake(t, deaf(t.Context())), cert.StageTLS, "", false},
		{"endless empty records", conntest.Fake(t, endless("\x16\x03\x03\x00\x00")), cert.StageTLS, "", false},
		{"endless warnings", conntest.Fake(t, endless("\x15\x03\x03\x00\x02\x01\x70")), cert.StageTLS, "", false},
		{"endless text", conntest.Fake(t, endless("all work and no play ")), cert.StageTLS, "", false},
		{"dripping record", conntest.Fake(t, drip("\x16\x03\x03\x40\x00\x02\x00")), cert.StageTLS, "", false},
		{"10 MB of certificate", conntest.Fake(t, presenting(suite, make([]byte, 10<<20))), cert.StageTLS, "", false},
		{"too large a certificate, encrypted", showing(tls.VersionTLS13, pong(), large), cert.StageTLS, "", true},
		{"100 certificates", showing(tls.VersionTLS13, pong(), chain...), cert.StageDone, "+PONG", false},
		{"deaf over TLS", showing(tls.VersionTLS13, deaf(t.Context())), cert.StageReply, "", false},
		{"silent over TLS", showing(tls.VersionTLS12, conntest.Silence()), cert.StageReply, "", false},
		{"endless reply", showing(tls.VersionTLS13, endless("+"+strings.Repeat("x", 1000))), cert.StageDone, "+xxx", false},
		{"endless text over TLS", showing(tls.VersionTLS12, endless("all work and no play ")), cert.StageReply, "all work", false},
		{"dripping reply", showing(tls.VersionTLS13, drip("+x")), cert.StageReply, "+x", false},
		{"dripping text", showing(tls.VersionTLS13, drip("all work")), cert.StageReply, "all", false},
		{"control bytes", showing(tls.VersionTLS13, conntest.ReplyOnce("-\x1b[2J\x00\r\n")), cert.StageDone, "-\x1b[2J\x00", false},
	}
}

// Whatever the other end does, a probe ends in time, and leaves neither a goroutine nor a connection behind.
func TestProbeSurvivesHostileServers(t *testing.T) {
	const timeout = 400 * time.Millisecond // longer than a probe waits before it looks a second time
	for _, h := range hostileServers(t) {
		t.Run(h.name, func(t *testing.T) {
			p := prober()
			p.Timeout = timeout
			p.Siblings = []int{1}
			var open atomic.Int64
			p.Dial = counting(&open)
			target := targetAt(t, h.addr)
			probeOnce := func(target cert.Target) cert.Observation {
				begun := time.Now()
				o := p.Probe(t.Context(), target)
				if took := time.Since(begun); took > timeout+3*time.Second {
					t.Errorf("a probe took %s", took)
				}
				return o
			}
			if o := probeOnce(target); o.Stage != h.stage || (o.Err == nil) != (h.stage == cert.StageDone) || !strings.HasPrefix(o.Reply, h.reply) || len(o.Reply) > 256 {
				t.Errorf("stage %s, error %v, reply %q", o.Stage, o.Err, o.Reply)
			}
			var all sync.WaitGroup
			probes := 50
			if h.heavy {
				probes = 4
			}
			for i := range probes {
				all.Go(func() {
					target := target
					target.Plain = i%2 == 1
					probeOnce(target)
				})
			}
			all.Wait()
			if n := open.Load(); n != 0 {
				t.Errorf("%d connections are open", n)
			}
			settle(t, func() bool { return len(probing()) == 0 })
			if left := probing(); len(left) > 0 {
				t.Errorf("%d goroutines, the first of them\n%s", len(left), left[0])
			}
		})
	}
}

// counting dials, and counts the connections that are open.
func counting(open *atomic.Int64) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		open.Add(1)
		return &counted{Conn: c, open: open}, nil
	}
}

// counted is a connection that counts while it is open.
type counted struct {
	net.Conn
	open *atomic.Int64
	once sync.Once
}

func (c *counted) Close() error {
	c.once.Do(func() { c.open.Add(-1) })
	return c.Conn.Close()
}

// probing returns the stacks of the goroutines that are in a probe, or were started by one.
func probing() []string {
	stacks := make([]byte, 1<<20)
	var found []string
	for stack := range strings.SplitSeq(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
		if strings.Contains(stack, "cert.(*probing)") || strings.Contains(stack, "cert.(*wire)") || strings.Contains(stack, "handshakeContext") {
			found = append(found, stack)
		}
	}
	return found
}

// settle waits for a condition, for a while.
func settle(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !done() && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
}

// Many targets that say nothing do not wait for each other.
func TestProbesOfStalledServersRunSideBySide(t *testing.T) {
	addr := conntest.Fake(t, conntest.Silence())
	p := prober()
	p.Timeout = 3 * time.Second // one after the other they would take five minutes
	begun := time.Now()
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			if o := p.Probe(t.Context(), targetAt(t, addr)); o.Stage != cert.StageTLS || !o.Plain.Done || o.Plain.Reset || len(o.Plain.Reply) > 0 {
				t.Errorf("stage %s, plain look %+v", o.Stage, o.Plain)
			}
		})
	}
	all.Wait()
	if took := time.Since(begun); took > time.Minute {
		t.Errorf("it took %s", took)
	}
}

// BenchmarkProbe compares a probe with what it should cost: one handshake and one PING.
func BenchmarkProbe(b *testing.B) {
	server := conntest.Start(b, conntest.TLS())
	target := targetAt(b, server.TLSAddr())
	b.Run("probe", func(b *testing.B) {
		p := prober()
		for b.Loop() {
			if o := p.Probe(b.Context(), target); o.Stage != cert.StageDone {
				b.Fatal(o.Err)
			}
		}
	})
	b.Run("ping", func(b *testing.B) {
		for b.Loop() {
			raw, err := new(net.Dialer).DialContext(b.Context(), "tcp", target.Address)
			if err != nil {
				b.Fatal(err)
			}
			secure := tls.Client(raw, &tls.Config{InsecureSkipVerify: true})
			if _, err := io.WriteString(secure, "PING\r\n"); err != nil {
				b.Fatal(err)
			}
			if line, err := bufio.NewReader(secure).ReadString('\n'); err != nil || line != "+PONG\r\n" {
				b.Fatal(line, err)
			}
			_ = raw.Close()
		}
	})
}
