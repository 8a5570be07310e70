package tui

import (
	"context"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
)

// The traps that other clients fell into; docs/architecture.md tells where each is held.

// live is a screen on a real server.
func live(t *testing.T, o conn.Options, dial conn.DialFunc, change ...option) *screen {
	t.Helper()
	if dial == nil {
		dial = conn.System()
	}
	dialer, err := conn.NewDialer(o, dial)
	if err != nil {
		t.Fatal(err)
	}
	s := newScreen(t, 120, 40, append(change, func(c *Config) { c.Options, c.Dialer, c.Network = o, dialer, dial })...)
	s.m.how = connector(s.m.config)
	return s.start()
}

// wiretap keeps the first bytes that are sent on each connection.
type wiretap struct {
	mu    sync.Mutex
	first map[string][]string // by the address that was dialled
}

// tapped is a connection that is listened in to.
type tapped struct {
	net.Conn
	tap     *wiretap
	address string
	once    sync.Once
}

// Write implements net.Conn.
func (c *tapped) Write(p []byte) (int, error) {
	c.once.Do(func() {
		c.tap.mu.Lock()
		defer c.tap.mu.Unlock()
		c.tap.first[c.address] = append(c.tap.first[c.address], string(p[:min(3, len(p))]))
	})
	return c.Conn.Write(p)
}

func (w *wiretap) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := conn.System()(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &tapped{Conn: c, tap: w, address: address}, nil
}

// TestTrapClusterTLS holds that a cluster over TLS is spoken to in TLS on every connection to every node: those that scan, read, write,
// examine the certificate, and the console's.
func TestTrapClusterTLS(t *testing.T) {
	t.Parallel()
	cluster := conntest.Cluster(t, 3, conntest.TLS())
	seed := cluster.Nodes[0]
	for n := range 30 {
		key := "shop:" + strconv.Itoa(n)
		cluster.Node(key).Do("SET", key, "v")
	}
	o := conn.DefaultOptions()
	o.Port, o.TLS = seed.TLSPort, &conn.TLSOptions{CAFiles: []string{seed.CAFile}}
	tap := &wiretap{first: map[string][]string{}}
	s := live(t, o, tap.dial, func(c *Config) { c.Follow = true })
	s.sees("30 keys")
	s.keys("E", "down", "down", "down", "2")
	for n := range 9 {
		s.text("set shop:" + strconv.Itoa(n) + " w").keys("enter")
	}
	s.keys("alt+4", "1")
	for _, node := range cluster.Nodes {
		if len(tap.first[net.JoinHostPort(node.Host, strconv.Itoa(node.TLSPort))]) == 0 {
			t.Errorf("%d was never spoken to; %v were", node.TLSPort, slices.Collect(maps.Keys(tap.first)))
		}
	}
	for address, starts := range tap.first {
		for _, start := range starts {
			if !strings.HasPrefix(start, "\x16\x03") { // a handshake of TLS
				t.Errorf("a connection to %s began with %q", address, start)
			}
		}
	}
	for n := range 9 {
		key := "shop:" + strconv.Itoa(n)
		if got := cluster.Node(key).Do("GET", key); got != "w" {
			t.Errorf("%s is %q", key, got)
		}
	}
}

// TestTrapDatabaseAfterReconnect holds that a connection that comes back leads to the same database, in all of the screen.
func TestTrapDatabaseAfterReconnect(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t)
	server.Do("SET", "zero", "v")
	o := conn.DefaultOptions()
	o.Port, o.DB = server.Port, 3
	s := live(t, o, nil)
	s.sees("db 3", "There are no keys in db 3.")
	s.keys(":").text("set before v").keys("enter").sees("OK")
	server.Stop()
	s.wait(10 * time.Second)
	s.sees("connection lost")
	server.Restart()
	s.send(retryDue{gen: s.m.link.gen})
	s.misses("connection lost")
	s.keys("alt+2").text("get nothing").keys("enter") // which may be what the console learns of the loss by: nothing is sent twice by itself
	s.wait(10 * time.Second)
	s.text("set after v").keys("enter")
	s.keys("alt+1", "esc", "R")
	s.wait(time.Second)
	s.sees("db 3", "after")
	if got := server.Do("INFO", "keyspace"); !strings.Contains(got, "db3:keys=1") || strings.Contains(got, "db0") {
		t.Errorf("after the reconnect the keys went to\n%s", got)
	}
}

// TestTrapKeyNames holds that keys are shown and deleted by their name whatever bytes it has, and nothing else is.
func TestTrapKeyNames(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t)
	names := map[string]string{ // as it is → as it is shown
		"with space ": "with space ", "new\nline": `new\nline`, "cr\r\tand \"quotes\"": `cr\r\tand "quotes"`, "\x1b[31mred": `\x1b[31mred`,
		"nul\x00byte\xff": `nul\x00byte\xff`, "*": "*", "naïve ☕": "naïve ☕", "a'b;c|d>e": "a'b;c|d>e",
	}
	o := conn.DefaultOptions()
	o.Port = server.Port
	for name, shown := range names {
		for other := range names {
			server.Do("SET", other, "v")
		}
		server.Do("SET", "", "the empty name")
		s := live(t, o, nil)
		s.sees(shown)
		s.keys("F", "home")
		for at := 0; s.m.panes.keys.Current() != name; at++ {
			if at > len(names)+1 {
				t.Fatalf("the cursor never came to %q:\n%s", name, s.frame())
			}
			s.keys("down")
		}
		s.keys("d")
		s.wait(time.Second)
		s.sees("Delete")
		s.keys("enter")
		s.wait(time.Second)
		if got := server.Do("EXISTS", name); got != "0" {
			t.Errorf("%q is still there:\n%s", name, s.frame())
		}
		if got := server.Do("DBSIZE"); got != strconv.Itoa(len(names)) {
			t.Errorf("after %q was deleted there are %s keys:\n%s", name, got, s.frame())
		}
	}
}

// TestTrapTLSToPlainPort holds that TLS to a plain port, and to one that says nothing, ends in time and in a sentence.
func TestTrapTLSToPlainPort(t *testing.T) {
	t.Parallel()
	plain := conntest.Start(t)
	silent, err := net.ResolveTCPAddr("tcp", conntest.Fake(t, conntest.Silence()))
	if err != nil {
		t.Fatal(err)
	}
	for port, want := range map[int]string{plain.Port: "this port speaks plain Redis, not TLS", silent.Port: strconv.Itoa(silent.Port)} {
		o := conn.DefaultOptions()
		o.Port, o.TLS, o.ConnectTimeout = port, &conn.TLSOptions{}, time.Second
		began := time.Now()
		s := live(t, o, nil)
		s.sees(want, "connect to another address")
		if s.m.link.phase != homeless {
			t.Errorf("phase %v", s.m.link.phase)
		}
		if took := time.Since(began); took > 15*time.Second { // of a second, on a busy machine
			t.Errorf("it took %v", took)
		}
	}
}

// TestTrapSilentPlaintext holds that somebody who has TLS gets plaintext at another address only by asking for it.
func TestTrapSilentPlaintext(t *testing.T) {
	t.Parallel()
	before := conn.DefaultOptions()
	before.Password = conn.NewSecret("hunter2")
	before.TLS = &conn.TLSOptions{CAFiles: []string{"ca.crt"}, ServerName: "old.lab", VerifyNames: []string{"old.lab"}}
	for address, secured := range map[string]bool{
		"new.lab": true, "new.lab:6380": true, "[::1]:6380": true, "rediss://new.lab": true, "REDISS://new.lab": true,
		"redis://new.lab": false, "valkey://new.lab": false, "/run/redis.sock": false,
	} {
		o, err := parseAddress(address, before)
		switch {
		case err != nil:
			t.Errorf("%s: %v", address, err)
		case secured != (o.TLS != nil):
			t.Errorf("%s: TLS is %+v", address, o.TLS)
		case secured && (!slices.Equal(o.TLS.CAFiles, before.TLS.CAFiles) || o.TLS.ServerName != "" || len(o.TLS.VerifyNames) > 0):
			t.Errorf("%s: TLS is %+v", address, o.TLS)
		case o.Password.IsSet():
			t.Errorf("%s gets the password of the server before", address)
		}
	}
	o, err := parseAddress("new.lab", conn.DefaultOptions())
	if err != nil || o.TLS != nil {
		t.Errorf("TLS from nowhere: %+v, %v", o.TLS, err)
	}
}

// TestTrapPasswordNotNeeded holds that a password given to a server that has none is told, and the screen opens.
func TestTrapPasswordNotNeeded(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t)
	server.Do("SET", "free", "v")
	o := conn.DefaultOptions()
	o.Port, o.Password = server.Port, conn.NewSecret("hunter2")
	s := live(t, o, nil)
	s.sees("free", "AUTH failed", "without any password configured")
	s.misses("hunter2")
}
