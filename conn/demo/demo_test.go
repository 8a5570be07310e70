package demo_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2/proto"

	"redan/conn/demo"
)

// clock is a time that only tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 22, 15, 4, 5, 678e6, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// start runs a demo with seed 1 at the clock's time.
func start(t testing.TB, c *clock) *demo.Server {
	t.Helper()
	s, err := demo.Start(t.Context(), demo.Options{Now: c.Now, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// client is a connection whose methods fail the test.
type client struct {
	*proto.Client
	t testing.TB
}

func connect(t testing.TB, s *demo.Server) client {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	c := client{proto.NewClient(conn), t}
	t.Cleanup(func() { _ = c.Close() }) // the demo may have closed it
	return c
}

// do returns the raw reply.
func (c client) do(args ...string) string {
	c.t.Helper()
	reply, err := c.Do(args...)
	if err != nil {
		c.t.Fatalf("%q: %v", args, err)
	}
	return reply
}

// text returns a bulk string.
func (c client) text(args ...string) string {
	c.t.Helper()
	text, err := proto.ReadString(c.do(args...))
	if err != nil {
		c.t.Fatalf("%q gave no string: %v", args, err)
	}
	return text
}

// list returns an array of bulk strings.
func (c client) list(args ...string) []string {
	c.t.Helper()
	list, err := c.DoStrings(args...)
	if err != nil {
		c.t.Fatalf("%q gave no list: %v", args, err)
	}
	return list
}

// number returns an integer.
func (c client) number(args ...string) (n int) {
	c.t.Helper()
	reply := c.do(args...)
	if _, err := fmt.Sscanf(reply, ":%d\r\n", &n); err != nil {
		c.t.Fatalf("%q gave no number but %q", args, reply)
	}
	return n
}

func TestSampleHasEveryType(t *testing.T) {
	t.Parallel()
	c := connect(t, start(t, newClock()))
	want := []map[string]int{
		{"string": 1053, "hash": 1657, "list": 122, "set": 29, "zset": 8, "stream": 2},
		{"hash": 120, "set": 1, "zset": 1},
		{"string": 9, "hash": 1, "list": 1, "set": 1},
	}
	for db := range want {
		c.do("SELECT", fmt.Sprint(db))
		got := map[string]int{}
		for _, key := range c.list("KEYS", "*") {
			got[strings.Trim(c.do("TYPE", key), "+\r\n")]++
		}
		if !maps.Equal(got, want[db]) {
			t.Errorf("database %d has %v, want %v", db, got, want[db])
		}
	}
}

func TestSampleIsAFunctionOfSeedAndTime(t *testing.T) {
	t.Parallel()
	now := newClock().Now()
	same := func(a, b []demo.Command) bool {
		return slices.EqualFunc(a, b, func(x, y demo.Command) bool {
			return x.DB == y.DB && x.Age == y.Age && slices.Equal(x.Args, y.Args)
		})
	}
	first := demo.Sample(1, now)
	if !same(first, demo.Sample(1, now.In(time.FixedZone("elsewhere", 3600)))) {
		t.Error("the same seed and time gave something else")
	}
	if same(first, demo.Sample(2, now)) || same(first, demo.Sample(1, now.Add(24*time.Hour))) {
		t.Error("another seed or time gave the same")
	}
}

func TestSampleValues(t *testing.T) {
	t.Parallel()
	c := connect(t, start(t, newClock()))
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	texts := map[string]string{
		"odd:binary:all-bytes":                string(all),
		"odd:empty":                           "",
		"odd:newline:first line\nsecond line": "one\ntwo\r\nthree\n",
		"odd:space: key with spaces ":         " value with spaces ",
		"odd:utf8:日本語:キー":                     "値",
	}
	for key, want := range texts {
		if got := c.text("GET", key); got != want {
			t.Errorf("GET %q gave %q, want %q", key, got, want)
		}
	}
	numbers := map[string]int{
		"LLEN queue:imports":             10000,
		"HLEN inventory:warehouse:koeln": 5000,
		"XLEN events:orders":             600,
		"ZCARD price:index":              240,
		"ZCARD stores:europe":            8,
		"EXISTS orders:2026:11:22:0042":  1,
		"SCARD orders:2026:11:22":        len(c.list("KEYS", "orders:2026:11:22:????")),
	}
	for command, want := range numbers {
		if got := c.number(strings.Fields(command)...); got != want {
			t.Errorf("%s gave %d, want %d", command, got, want)
		}
	}
	if n := c.number("BITCOUNT", "active:2026-11-22"); n < 40 || n > 60 {
		t.Errorf("%d bits are set, of 60", n)
	}
	if n := c.number("PFCOUNT", "visitors:2026-11-22"); n < 150 || n > 550 {
		t.Errorf("%d visitors, of 200 to 500", n)
	}
	for _, key := range c.list("KEYS", "orders:2026:11:22:????") {
		if placed := c.text("HGET", key, "placed_at"); !strings.HasPrefix(placed, "2026-11-22T") || placed > "2026-11-22T15:04:05Z" {
			t.Errorf("%s was placed at %s, and it is 2026-11-22T15:04:05Z", key, placed)
		}
	}
}

func TestTimesToLiveRunDown(t *testing.T) {
	t.Parallel()
	now := newClock()
	c := connect(t, start(t, now))
	c.do("SET", "short", "v", "PX", "2500")
	now.Advance(time.Second)
	if got := c.number("PTTL", "short"); got != 1500 {
		t.Errorf("PTTL is %d after a second, want 1500", got)
	}
	if got := c.number("EXISTS", "short"); got != 1 {
		t.Error("the key is gone too early")
	}
	now.Advance(1500 * time.Millisecond)
	if got := c.do("GET", "short"); got != "$-1\r\n" {
		t.Errorf("GET gave %q after its time", got)
	}
	sessions := func() int { return len(c.list("KEYS", "sessions:*")) }
	if before := sessions(); before < 590 {
		t.Errorf("%d sessions to begin with", before)
	}
	now.Advance(24 * time.Hour)
	if after := sessions(); after < 300 || after > 590 {
		t.Errorf("%d sessions are left after a day", after)
	}
	now.Advance(14 * 24 * time.Hour)
	if after := sessions(); after != 0 {
		t.Errorf("%d sessions are left after two weeks", after)
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	now := time.Now
	s, err := demo.Start(t.Context(), demo.Options{TLS: true, Now: now, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	ca, err := os.ReadFile(s.CAFile())
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		t.Fatalf("no certificate in %q", ca)
	}
	for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
		c, err := proto.DialTLS(s.Addr(), &tls.Config{RootCAs: roots, ServerName: name})
		if err != nil {
			t.Fatalf("as %s: %v", name, err)
		}
		if got := (client{c, t}).do("PING"); got != "+PONG\r\n" {
			t.Errorf("as %s PING gave %q", name, got)
		}
		_ = c.Close() // the demo never closes first
	}
	if _, err := proto.DialTLS(s.Addr(), &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "localhost"}); err == nil {
		t.Error("somebody else vouches for it")
	}
	s.Close()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("files left behind: %v, %v", left, err)
	}
}

func TestStartFails(t *testing.T) {
	t.Parallel()
	now := newClock().Now
	taken := start(t, newClock()).Addr()
	if _, err := demo.Start(t.Context(), demo.Options{Now: now, Addr: taken}); err == nil || !strings.Contains(err.Error(), taken) {
		t.Errorf("on a taken address: %v", err)
	}
	if _, err := demo.Start(t.Context(), demo.Options{Now: now, TLS: true}); err == nil || !strings.Contains(err.Error(), "Options.Dir") {
		t.Errorf("without a directory: %v", err)
	}
}

func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	one, two := start(t, newClock()), start(t, newClock())
	connect(t, one).do("FLUSHALL")
	if n := connect(t, two).number("DBSIZE"); n < 2000 {
		t.Errorf("the other demo has %d keys left", n)
	}
	one.Close()
	connect(t, two).do("PING")
}

func TestContextEndsIt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s, err := demo.Start(ctx, demo.Options{Now: newClock().Now})
	if err != nil {
		t.Fatal(err)
	}
	c := connect(t, s)
	c.do("PING")
	cancel()
	if _, err := c.Read(); err == nil {
		t.Error("the connection still gives replies")
	}
	s.Close() // waits for the end
	if _, err := net.Dial("tcp", s.Addr()); err == nil {
		t.Error("the port is still open")
	}
}

// TestCloseLeavesNothing closes the demo under clients that make it hard. It is not
// parallel, since it counts goroutines.
func TestCloseLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 3 {
		s, err := demo.Start(t.Context(), demo.Options{Now: newClock().Now})
		if err != nil {
			t.Fatal(err)
		}
		var conns []net.Conn
		for _, says := range []string{
			"", "PING\r\n", "*2\r\n$3\r\nGET\r\n$100\r\nhalf", "BLPOP nothing 0\r\n", "BLPOP nothing 0\r\n", "XREAD BLOCK 0 STREAMS nothing $\r\n",
			"SUBSCRIBE news\r\n", "MULTI\r\nGET a\r\n",
			strings.Repeat("GET export:orders.csv\r\n", 100), // and never reads the ten megabytes
		} {
			conn, err := net.Dial("tcp", s.Addr())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, says); err != nil {
				t.Fatal(err)
			}
			conns = append(conns, conn)
		}
		connect(t, s).do("PUBLISH", "news", strings.Repeat("x", 1<<20))
		s.Close()
		s.Close()
		for _, conn := range conns {
			_ = conn.Close() // the demo closed it
		}
	}
	deadline := time.Now().Add(10 * time.Second)
	for runtime.NumGoroutine() > before {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
		time.Sleep(time.Millisecond)
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		s, err := demo.Start(b.Context(), demo.Options{Now: time.Now, Seed: 1})
		if err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}
