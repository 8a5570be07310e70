package latency

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"redan/conn"
	"redan/conn/resp"
)

// CacheConfig says how a cache is tested.
type CacheConfig struct {
	// Keys is how many different keys are asked for; at least 1.
	Keys int64
	// Interval is the time between two rows; zero is a second.
	Interval time.Duration
	// Now is the clock.
	Now func() time.Time
	// Random returns a number from 0 up to, not including, 1.
	Random func() float64
}

// CacheTest plays the clients of a cache: it writes and asks for keys named lru:<number> with an 80-20 distribution, and counts how
// often the server still has them. It writes to the server without end.
type CacheTest struct {
	config  CacheConfig
	session *conn.Session
	seen    map[string]bool // error codes
	began   bool
}

// NewCacheTest returns a test over a connection, which stays the caller's to close.
func NewCacheTest(session *conn.Session, c CacheConfig) *CacheTest {
	c.Keys = max(c.Keys, 1)
	if c.Interval <= 0 {
		c.Interval = statInterval
	}
	return &CacheTest{config: c, session: session, seen: map[string]bool{}}
}

// CacheRow is what came of one interval.
type CacheRow struct {
	Elapsed      time.Duration
	Hits, Misses int64
	// Errors is how many replies were errors. First are those of a kind that had not come before.
	Errors int64
	First  []string
}

// Gets is how many keys were asked for and answered.
func (r CacheRow) Gets() int64 { return r.Hits + r.Misses }

// Rate is how many that were in a second.
func (r CacheRow) Rate() float64 {
	if r.Elapsed <= 0 {
		return 0
	}
	return float64(r.Gets()) / r.Elapsed.Seconds()
}

// batch is how many commands are sent before their replies are read, as redis-cli does.
const batch = 250

// Next plays for one interval. An error is about the connection, a [*RefusedError] of a server that refuses everything, or the
// context's own; the row has what was counted before.
func (t *CacheTest) Next(ctx context.Context) (CacheRow, error) {
	var row CacheRow
	start := t.config.Now()
	for {
		if err := t.exchange(ctx, &row, t.set); err != nil {
			return row, err
		}
		if err := t.exchange(ctx, &row, t.get); err != nil {
			return row, err
		}
		if !t.began && row.Errors == 2*batch {
			return row, &RefusedError{Err: errors.New(row.First[0])}
		}
		t.began = true
		if row.Elapsed = t.config.Now().Sub(start); row.Elapsed >= t.config.Interval {
			return row, nil
		}
	}
}

// exchange sends a batch of commands and counts what comes back.
func (t *CacheTest) exchange(ctx context.Context, row *CacheRow, command func() []string) error {
	var args []string
	for range batch {
		args = command()
		t.session.Send(args...)
	}
	if err := t.session.Flush(ctx); err != nil {
		return err
	}
	// The end of the context is watched once for all replies, since that costs more than to read one.
	connection := t.session.Conn()
	stop := context.AfterFunc(ctx, func() { _ = connection.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	calm := context.WithoutCancel(ctx)
	count := func(src resp.Source) error { return t.count(row, src, args[0] == "GET") }
	for range batch {
		if err := t.session.Receive(calm, args, count); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return err
		}
	}
	return nil
}

// count reads one reply.
func (t *CacheTest) count(row *CacheRow, src resp.Source, isGet bool) error {
	first, err := src.Next()
	if err != nil {
		return err
	}
	switch {
	case first.Kind.IsError():
		reply, err := resp.CollectFrom(src, first)
		if err != nil {
			return err
		}
		row.Errors++
		t.note(row, string(reply.Text))
		return nil
	case isGet && first.Kind.IsNull():
		row.Misses++
	case isGet:
		row.Hits++
	}
	_, err = resp.CollectFrom(src, first)
	return err
}

// note keeps an error the first time that one with its code comes.
func (t *CacheTest) note(row *CacheRow, text string) {
	code, _, _ := strings.Cut(text, " ")
	if !t.seen[code] {
		t.seen[code] = true
		row.First = append(row.First, text)
	}
}

func (t *CacheTest) get() []string { return []string{"GET", t.key()} }

func (t *CacheTest) set() []string { return []string{"SET", t.key(), t.value()} }

func (t *CacheTest) key() string {
	return "lru:" + strconv.FormatInt(EightyTwenty(t.config.Random(), t.config.Keys), 10)
}

// value is five printable characters.
func (t *CacheTest) value() string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
	var value [5]byte
	at := uint32(t.config.Random() * (1 << 25))
	for i := range value {
		value[i] = letters[at&31]
		at >>= 5
	}
	return string(value[:])
}

// EightyTwenty turns an even number from 0 up to 1 into one of the numbers 1 to n, of which the lowest fifth comes up in four of
// five cases, and so on down the scale.
//
// With k = ln 0.2 / ln 0.8 the part of the numbers up to x·n is 1-(1-x)^k, which is 0.8 at x = 0.2; this is the inverse of it.
func EightyTwenty(even float64, n int64) int64 {
	k := math.Log(0.2) / math.Log(0.8)
	x := 1 - math.Pow(1-even, 1/k)
	return min(int64(x*float64(n)), n-1) + 1
}

// CacheLimits is how much memory a server gives to its keys, and what it does when that is full.
type CacheLimits struct {
	MaxMemory int64
	Policy    string
}

// AskCacheLimits reads them from INFO. ok is false where the server does not tell.
func AskCacheLimits(ctx context.Context, server conn.Doer) (limits CacheLimits, ok bool, err error) {
	reply, err := server.Do(ctx, "INFO", "memory")
	if err != nil {
		return limits, false, fmt.Errorf("INFO memory: %w", err)
	}
	if reply.Kind.IsError() {
		return limits, false, nil
	}
	for line := range strings.Lines(reply.String()) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch name {
		case "maxmemory":
			limits.MaxMemory, ok = number([]byte(value)), true
		case "maxmemory_policy":
			limits.Policy = value
		}
	}
	return limits, ok, nil
}
