package latency_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"

	"redan/commands/latency"
	"redan/conn/conntest"
)

// The lowest fifth comes up in four of five cases, and so does the lowest fifth of what is left after each fifth is taken away: the
// part up to x is 1-(1-x)^k.
func TestEightyTwenty(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	k := math.Log(0.2) / math.Log(0.8)
	for _, n := range []int64{1, 2, 10, 1000, 1 << 40} {
		const draws = 200_000
		var tenths [11]int
		for range draws {
			x := latency.EightyTwenty(random.Float64(), n)
			if x < 1 || x > n {
				t.Fatalf("%d is not one of 1 to %d", x, n)
			}
			for tenth := range tenths {
				if float64(x) <= float64(tenth)/10*float64(n) {
					tenths[tenth]++
				}
			}
		}
		if n < 10 {
			continue
		}
		for tenth, count := range tenths {
			want := 1 - math.Pow(1-float64(tenth)/10, k)
			if got := float64(count) / draws; math.Abs(got-want) > 0.005 {
				t.Errorf("of %d keys the first %d tenths come up in %.3f of the cases, want %.3f", n, tenth, got, want)
			}
		}
	}
	if got := latency.EightyTwenty(math.Nextafter(1, 0), 3); got != 3 {
		t.Errorf("the last of three is %d", got)
	}
}

// FuzzEightyTwenty holds that it is one of the keys, and that a larger draw is never a lower key.
func FuzzEightyTwenty(f *testing.F) {
	f.Add(0.2, 0.8, int64(10))
	f.Add(0.0, math.Nextafter(1, 0), int64(math.MaxInt64))
	f.Fuzz(func(t *testing.T, a, b float64, n int64) {
		if n < 1 || !(a >= 0 && a < 1) || !(b >= a && b < 1) {
			return
		}
		low, high := latency.EightyTwenty(a, n), latency.EightyTwenty(b, n)
		if low < 1 || high > n || low > high {
			t.Errorf("%v and %v of %d are %d and %d", a, b, n, low, high)
		}
	})
}

// cacheTest is a test against a server, with a clock that a minute passes on at every look.
func cacheTest(t *testing.T, addr string, keys int64) *latency.CacheTest {
	t.Helper()
	session, err := open(t.Context(), t, addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	c := newClock()
	random := rand.New(rand.NewPCG(1, 2))
	return latency.NewCacheTest(session, latency.CacheConfig{
		Keys: keys, Random: random.Float64,
		Now: func() time.Time { c.now = c.now.Add(time.Minute); return c.now },
	})
}

func TestCacheTest(t *testing.T) {
	server := conntest.Start(t)
	test := cacheTest(t, server.Addr(), 10)
	row, err := test.Next(t.Context())
	if err != nil || row.Gets() != 250 || row.Errors != 0 || row.Elapsed != time.Minute || row.Hits < 240 {
		t.Errorf("%+v, %v; want 250 gets, nearly all found", row, err)
	}
	if value := server.Do("GET", "lru:1"); len(value) != 5 {
		t.Errorf("lru:1 is %q, want five characters", value)
	}
	if got := server.Do("DBSIZE"); got == "0" || len(got) > 2 {
		t.Errorf("%s keys, want up to 10", got)
	}
}

// What goes over the wire is what redis-cli sends: 250 SETs, then 250 GETs, of keys lru:<number>.
func TestCacheTestOnTheWire(t *testing.T) {
	sent := make(chan string, 500)
	addr := conntest.Fake(t, func(c net.Conn) {
		r := bufio.NewReader(c)
		for {
			words, err := conntest.ReadCommand(r)
			if err != nil {
				return
			}
			sent <- strings.Join(words, " ")
			if words[0] == "SET" {
				_, _ = io.WriteString(c, "+OK\r\n")
			} else {
				_, _ = io.WriteString(c, "$-1\r\n")
			}
		}
	})
	row, err := cacheTest(t, addr, 1000).Next(t.Context())
	if err != nil || row.Misses != 250 || row.Hits != 0 {
		t.Fatalf("%+v, %v", row, err)
	}
	for i := range 500 {
		line := <-sent
		if want := []string{"SET lru:", "GET lru:"}[i/250]; !strings.HasPrefix(line, want) {
			t.Fatalf("command %d is %q, want %q...", i, line, want)
		}
	}
}

func TestCacheTestErrors(t *testing.T) {
	server := conntest.Start(t, conntest.Config("maxmemory", "1"), conntest.Config("maxmemory-policy", "noeviction"))
	test := cacheTest(t, server.Addr(), 100)
	row, err := test.Next(t.Context())
	if err != nil || row.Errors != 250 || row.Misses != 250 || len(row.First) != 1 || !strings.HasPrefix(row.First[0], "OOM ") {
		t.Errorf("%+v, %v; want 250 errors, and the first of them", row, err)
	}
	row, err = test.Next(t.Context())
	if err != nil || row.Errors != 250 || len(row.First) != 0 {
		t.Errorf("%+v, %v; want the errors counted and not told again", row, err)
	}
	protected := conntest.Start(t, conntest.Password("secret"))
	_, err = cacheTest(t, protected.Addr(), 100).Next(t.Context())
	var refused *latency.RefusedError
	if !errors.As(err, &refused) || !strings.HasPrefix(err.Error(), "NOAUTH") {
		t.Errorf("%v, want that the server refuses everything", err)
	}
}

func TestCacheTestEnds(t *testing.T) {
	got := make(chan struct{}, 1000)
	addr := conntest.Fake(t, conntest.Answer(func([]string) string {
		got <- struct{}{}
		<-t.Context().Done()
		return ""
	}))
	test := cacheTest(t, addr, 10)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-got
		cancel()
	}()
	if _, err := test.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the end of the context", err)
	}
}

func TestAskCacheLimits(t *testing.T) {
	server := conntest.Start(t, conntest.Config("maxmemory", "100mb"), conntest.Config("maxmemory-policy", "allkeys-lfu"),
		conntest.ACL("user blind on nopass ~* +@all -info"))
	session, err := open(t.Context(), t, server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = session.Close() }()
	limits, ok, err := latency.AskCacheLimits(t.Context(), session)
	if err != nil || !ok || limits != (latency.CacheLimits{MaxMemory: 100 << 20, Policy: "allkeys-lfu"}) {
		t.Errorf("%+v %v %v", limits, ok, err)
	}
	if _, err := session.Do(t.Context(), "AUTH", "blind", "x"); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := latency.AskCacheLimits(t.Context(), session); ok || err != nil {
		t.Errorf("a user who may not INFO: %v %v, want that nothing is known", ok, err)
	}
}
