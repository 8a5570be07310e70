package latency_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"redan/commands/latency"
	"redan/conn"
	"redan/conn/conntest"
	"redan/conn/resp"
)

// clock is time that passes only while somebody waits.
type clock struct{ now time.Time }

func newClock() *clock { return &clock{now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time { return c.now }

func (c *clock) Wait(ctx context.Context, d time.Duration) error {
	c.now = c.now.Add(d)
	return ctx.Err()
}

// told is a server that answers INFO with one text after the other; an error is a connection that breaks.
type told struct {
	replies []any
	opened  int
	closed  int
}

func (s *told) Do(context.Context, ...string) (resp.Value, error) {
	next := s.replies[0]
	s.replies = s.replies[1:]
	switch reply := next.(type) {
	case resp.ServerError:
		return resp.Value{Kind: resp.SimpleError, Text: []byte(reply)}, nil
	case error:
		return resp.Value{}, reply
	case string:
		return resp.Value{Kind: resp.BulkString, Text: []byte(reply)}, nil
	}
	panic("told: what is that?")
}

func (s *told) Close() error { s.closed++; return nil }

func (s *told) node(name string) latency.StatNode {
	return latency.StatNode{Name: name, Open: func(context.Context) (conn.Doer, error) {
		s.opened++
		return s, nil
	}}
}

func info(run string, commands, hits, misses int) string {
	return fmt.Sprintf("# Server\r\nrun_id:%s\r\nused_memory:1000\r\ntotal_commands_processed:%d\r\nkeyspace_hits:%d\r\nkeyspace_misses:%d\r\n"+
		"total_net_input_bytes:%d\r\ndb0:keys=3,expires=0,avg_ttl=0\r\ndb15:keys=4,expires=1,avg_ttl=7,subexpiry=0\r\n", run, commands, hits, misses, 10*commands)
}

func sampler(c *clock, nodes ...latency.StatNode) *latency.Stat {
	return latency.NewStat(latency.StatConfig{
		Nodes:    func(context.Context) ([]latency.StatNode, error) { return nodes, nil },
		Interval: 2 * time.Second, Now: c.Now, Wait: c.Wait,
	})
}

var errGone = errors.New("the connection broke")

func TestStatCounts(t *testing.T) {
	c := newClock()
	server := &told{replies: []any{info("a", 100, 5, 5), info("a", 160, 8, 6)}}
	s := sampler(c, server.node("one"))
	began := c.now
	first, err := s.Next(t.Context())
	if err != nil || first.Growth != (latency.Growth{}) || first.Keys != 7 || first.Commands != 100 || !c.now.Equal(began) {
		t.Fatalf("first row: %+v, %v, after %s", first, err, c.now.Sub(began))
	}
	second, err := s.Next(t.Context())
	want := latency.Growth{Commands: 60, Hits: 3, Misses: 1, CommandRate: 30, InRate: 300}
	if err != nil || second.Growth != want || c.now.Sub(began) != 2*time.Second {
		t.Errorf("second row: %+v, %v, after %s; want %+v", second.Growth, err, c.now.Sub(began), want)
	}
	if rate, ok := second.Growth.HitRate(); !ok || rate != 0.75 {
		t.Errorf("hit rate %v %v, want 0.75", rate, ok)
	}
	if server.opened != 1 {
		t.Errorf("opened %d connections, want one", server.opened)
	}
}

// A restart, or CONFIG RESETSTAT, is a new beginning: never a negative number, nor the total as if it had come at once.
func TestStatAfterRestart(t *testing.T) {
	for name, then := range map[string]string{"restarted": info("b", 5000, 1, 1), "reset": info("a", 3, 0, 0)} {
		c := newClock()
		server := &told{replies: []any{info("a", 1000, 9, 9), errGone, then, info("x", 1, 0, 0)}}
		s := sampler(c, server.node("one"))
		if _, err := s.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := s.Next(t.Context())
		var lost *latency.LostError
		if !errors.As(err, &lost) || lost.Attempts != 1 || !errors.Is(err, errGone) {
			t.Fatalf("%s: %v, want a lost server at the first attempt", name, err)
		}
		if server.closed != 1 {
			t.Errorf("%s: the broken connection was not closed", name)
		}
		row, err := s.Next(t.Context())
		if err != nil || row.Growth != (latency.Growth{}) {
			t.Errorf("%s: %+v, %v; want no growth", name, row.Growth, err)
		}
		if server.opened != 2 {
			t.Errorf("%s: %d connections, want two", name, server.opened)
		}
	}
}

// A server that only was out of reach has gone on counting, and the rate is over the whole time.
func TestStatAfterGap(t *testing.T) {
	c := newClock()
	server := &told{replies: []any{info("a", 1000, 0, 0), errGone, errGone, info("a", 1600, 0, 0)}}
	s := sampler(c, server.node("one"))
	var row latency.StatRow
	var attempts []int
	for range 4 {
		var err error
		row, err = s.Next(t.Context())
		if lost, ok := errors.AsType[*latency.LostError](err); ok {
			attempts = append(attempts, lost.Attempts)
		}
	}
	if row.Growth.Commands != 600 || row.Growth.CommandRate != 100 || !slices.Equal(attempts, []int{1, 2}) {
		t.Errorf("%+v after attempts %v, want 600 commands, 100 a second, after 1 and 2", row.Growth, attempts)
	}
}

// slow is a server that answers after the times of a list, each time one command more.
type slow struct {
	clock    *clock
	takes    []time.Duration
	commands int
}

func (s *slow) Do(context.Context, ...string) (resp.Value, error) {
	s.clock.now = s.clock.now.Add(s.takes[s.commands])
	s.commands++
	return resp.Value{Kind: resp.BulkString, Text: []byte(info("a", s.commands, 0, 0))}, nil
}

// Behind an answer that was late, or a program that was stopped, the next row counts a whole interval: what is counted over the moment that was
// left of one comes out as thousands a second.
func TestStatAfterStallCountsWholeInterval(t *testing.T) {
	c := newClock()
	server := &slow{clock: c, takes: []time.Duration{0, 1500 * time.Millisecond, 3 * time.Second, 0, 0, 0}}
	oversleeps := []time.Duration{0, 0, 0, 7 * time.Second, 0}
	s := latency.NewStat(latency.StatConfig{
		Nodes: func(context.Context) ([]latency.StatNode, error) {
			return []latency.StatNode{{Name: "one", Open: func(context.Context) (conn.Doer, error) { return server, nil }}}, nil
		},
		Interval: 2 * time.Second, Now: c.Now,
		Wait: func(ctx context.Context, d time.Duration) error {
			d += oversleeps[0]
			oversleeps = oversleeps[1:]
			return c.Wait(ctx, d)
		},
	})
	var rates []float64
	for range server.takes {
		row, err := s.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		rates = append(rates, row.Growth.CommandRate)
	}
	if want := []float64{0, 1 / 3.5, 1.0 / 5, 1.0 / 2, 1.0 / 9, 1.0 / 2}; !slices.Equal(rates, want) {
		t.Errorf("commands a second %v, want %v", rates, want)
	}
}

func TestStatRefusals(t *testing.T) {
	c := newClock()
	server := &told{replies: []any{
		resp.ServerError("BUSY Redis is busy running a script"),
		info("a", 10, 0, 0),
		resp.ServerError("NOPERM this user has no permissions to run the 'info' command"),
	}}
	s := sampler(c, server.node("one"))
	var lost *latency.LostError
	if _, err := s.Next(t.Context()); !errors.As(err, &lost) {
		t.Errorf("busy: %v, want a server that is lost for now", err)
	}
	if _, err := s.Next(t.Context()); err != nil || server.opened != 1 {
		t.Errorf("after busy: %v over %d connections, want one", err, server.opened)
	}
	var refused *latency.RefusedError
	if _, err := s.Next(t.Context()); !errors.As(err, &refused) || errors.As(err, &lost) {
		t.Errorf("no permission: %v, want a refusal", err)
	}
}

// Of several servers, those that answer are added up, and those that do not are named.
func TestStatOfSeveral(t *testing.T) {
	c := newClock()
	one := &told{replies: []any{info("a", 100, 1, 0), info("a", 110, 3, 0), info("a", 120, 3, 0)}}
	two := &told{replies: []any{info("b", 1000, 0, 1), errGone, info("b", 1040, 0, 3)}}
	s := sampler(c, one.node("one"), two.node("two"))
	row, err := s.Next(t.Context())
	if err != nil || row.Nodes != 2 || row.Keys != 14 || row.Commands != 1100 {
		t.Fatalf("%+v, %v", row, err)
	}
	row, err = s.Next(t.Context())
	if err != nil || row.Nodes != 1 || row.Growth.Commands != 10 || len(row.Lost) != 1 || row.Lost[0].Name != "two" {
		t.Fatalf("%+v, %v; want two to be lost", row, err)
	}
	row, err = s.Next(t.Context())
	if err != nil || row.Nodes != 2 || row.Growth.Commands != 50 || row.Growth.CommandRate != 5+10 {
		t.Errorf("%+v, %v; want 50 commands: 10 in two seconds and 40 in four", row, err)
	}
}

func TestStatEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := &told{replies: []any{info("a", 1, 0, 0)}}
	s := latency.NewStat(latency.StatConfig{
		Nodes:    func(context.Context) ([]latency.StatNode, error) { return []latency.StatNode{server.node("one")}, nil },
		Interval: time.Hour, Now: newClock().Now,
	})
	if _, err := s.Next(ctx); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := s.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the end of the context", err)
	}
}

// A server that accepts and says nothing is lost after the patience, with that as the reason.
func TestStatSilence(t *testing.T) {
	addr := conntest.Fake(t, conntest.Silence())
	s := latency.NewStat(latency.StatConfig{
		Nodes: func(context.Context) ([]latency.StatNode, error) {
			return []latency.StatNode{{Name: addr, Open: func(ctx context.Context) (conn.Doer, error) { return open(ctx, t, addr) }}}, nil
		},
		Patience: 20 * time.Millisecond, Now: newClock().Now,
	})
	defer s.Close()
	_, err := s.Next(t.Context())
	var lost *latency.LostError
	if !errors.As(err, &lost) || lost.Error() != "no answer for 20ms" {
		t.Errorf("%v, want a lost server and why", err)
	}
}

// The figures are those of a real server.
func TestStatOfRealServer(t *testing.T) {
	server := conntest.Start(t)
	for db := range 3 {
		server.Do("SWAPDB", "0", strconv.Itoa(db))
		server.Do("MSET", "a", "1", "b", "2")
	}
	s := latency.NewStat(latency.StatConfig{
		Nodes: func(context.Context) ([]latency.StatNode, error) {
			return []latency.StatNode{{Name: "one", Open: func(ctx context.Context) (conn.Doer, error) { return open(ctx, t, server.Addr()) }}}, nil
		},
		Interval: time.Millisecond, Now: time.Now,
	})
	defer s.Close()
	first, err := s.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	server.Do("GET", "a")
	server.Do("GET", "nothing")
	row, err := s.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if first.Keys != 6 || first.Memory == 0 || first.Clients == 0 {
		t.Errorf("%+v", first.Stats)
	}
	if g := row.Growth; g.Hits != 1 || g.Misses != 1 || g.Commands < 3 || g.InRate <= 0 || g.OutRate <= 0 {
		t.Errorf("%+v", g)
	}
}

// A node that is lost and silent does not keep the others from being told, and the nodes are looked for anew meanwhile.
func TestStatWithSilentNode(t *testing.T) {
	silent := conntest.Fake(t, conntest.Silence())
	server := conntest.Start(t)
	calls := 0
	nodes := func(context.Context) ([]latency.StatNode, error) {
		calls++
		all := []latency.StatNode{}
		for _, addr := range []string{server.Addr(), silent} {
			all = append(all, latency.StatNode{Name: addr, Open: func(ctx context.Context) (conn.Doer, error) { return open(ctx, t, addr) }})
		}
		return all, nil
	}
	s := latency.NewStat(latency.StatConfig{Nodes: nodes, Interval: time.Millisecond, Patience: 20 * time.Millisecond, Now: time.Now})
	defer s.Close()
	for range 3 {
		row, err := s.Next(t.Context())
		if err != nil || row.Nodes != 1 || len(row.Lost) != 1 || row.Lost[0].Name != silent {
			t.Fatalf("%+v, %v", row, err)
		}
	}
	if calls != 3 {
		t.Errorf("the nodes were asked for %d times, want at each row while one is lost", calls)
	}
}

// One of several nodes that is lost gets a second to come back, while the rows of the others wait; one that is alone gets all the patience.
func TestStatPatience(t *testing.T) {
	for several, want := range map[bool]time.Duration{true: time.Second, false: time.Hour} {
		c := newClock()
		there := &told{replies: []any{info("a", 1, 0, 0), info("a", 2, 0, 0)}}
		var left time.Duration
		nodes := []latency.StatNode{{Name: "lost", Open: func(ctx context.Context) (conn.Doer, error) {
			deadline, _ := ctx.Deadline()
			left = time.Until(deadline)
			return nil, errGone
		}}}
		if several {
			nodes = append(nodes, there.node("there"))
		}
		s := latency.NewStat(latency.StatConfig{
			Nodes: func(context.Context) ([]latency.StatNode, error) { return nodes, nil }, Patience: time.Hour, Now: c.Now, Wait: c.Wait,
		})
		for row := range 2 {
			_, _ = s.Next(t.Context()) // what it returns is tested elsewhere
			if row == 0 && left.Round(time.Minute) != time.Hour {
				t.Errorf("the first time it has %v, want an hour", left)
			}
		}
		if got := left.Round(time.Second / 10); got != want && got.Round(time.Minute) != want {
			t.Errorf("of several %v: once lost it has %v, want %v", several, got, want)
		}
	}
}
