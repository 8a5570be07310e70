package keys

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"redan/commands/keyspace"
	"redan/conn"
	"redan/conn/resp"
	"redan/ui/tui/kit"
)

// client answers SCAN with pages of its own making, and says of each key that it is a string that lives for a while.
type client struct {
	pages [][]string
	err   error
}

func (c *client) Do(ctx context.Context, args ...string) (resp.Value, error) {
	replies, err := c.Pipeline(ctx, args)
	if err != nil {
		return resp.Value{}, err
	}
	return replies[0], nil
}

func (c *client) Pipeline(_ context.Context, commands ...[]string) ([]resp.Value, error) {
	if c.err != nil {
		return nil, c.err
	}
	var replies []resp.Value
	for _, args := range commands {
		switch args[0] {
		case "SCAN":
			at := strings.Count(args[1], "1")
			page, next := c.pages[at], strings.Repeat("1", at+1)
			if at+1 == len(c.pages) {
				next = "0"
			}
			replies = append(replies, array(text(next), array(texts(page)...)))
		case "TYPE":
			replies = append(replies, text("string"))
		case "PTTL":
			replies = append(replies, resp.Value{Kind: resp.Integer, Int: 90_000})
		default:
			replies = append(replies, resp.Value{Kind: resp.Integer, Int: 1000})
		}
	}
	return replies, nil
}

func text(s string) resp.Value { return resp.Value{Kind: resp.BulkString, Text: []byte(s)} }

func array(elems ...resp.Value) resp.Value { return resp.Value{Kind: resp.Array, Elems: elems} }

func texts(list []string) []resp.Value {
	values := make([]resp.Value, len(list))
	for i, s := range list {
		values[i] = text(s)
	}
	return values
}

// fresh returns a pane of 60 columns and 12 lines over pages of keys, and what it asked the root for.
func fresh(t *testing.T, pages ...[]string) (Pane, *client, func(Pane, tea.Cmd) (Pane, []kit.Message)) {
	t.Helper()
	c := &client{pages: pages}
	start := time.Date(2026, 11, 22, 14, 2, 0, 0, time.UTC)
	p := New(Config{
		Context: t.Context(), Masters: keyspace.One(conn.Addr{Host: "h", Port: 1}, c), Now: func() time.Time { return start }, ID: 7,
		Timer: func(_ time.Duration, m kit.Message) tea.Cmd { return kit.Say(m) }, Database: "db 0",
	})
	run := func(p Pane, cmd tea.Cmd) (Pane, []kit.Message) {
		var asked []kit.Message
		for queue := []tea.Cmd{cmd}; len(queue) > 0; queue = queue[1:] {
			if queue[0] == nil {
				continue
			}
			switch msg := queue[0]().(type) {
			case tea.BatchMsg:
				queue = append(queue, msg...)
			case message:
				var next tea.Cmd
				p, next = p.Update(msg)
				queue = append(queue, next)
			case kit.Message:
				asked = append(asked, msg)
			}
		}
		return p, asked
	}
	p, _ = p.Update(tea.WindowSizeMsg{Width: 60, Height: 12})
	return p, c, run
}

// TestReadsAndDescribes reads pages, shows them in order, and describes what is on screen.
func TestReadsAndDescribes(t *testing.T) {
	t.Parallel()
	p, _, run := fresh(t, []string{"b:2", "a"}, []string{}, []string{"b:1", "c\x00", "a"})
	p, asked := run(p, p.Init())
	view := ansi.Strip(p.Focused(true).View(60, 12))
	for _, want := range []string{"▸ b", "a  ", "str    1m 30s", `c\x00`} {
		if !strings.Contains(view, want) {
			t.Errorf("%q is not in\n%s", want, view)
		}
	}
	if p.Status(80) != "4 keys" || len(asked) != 0 {
		t.Errorf("the status is %q; asked for %v", p.Status(80), asked)
	}
}

// TestOthersMessages holds that messages of another database's pane, and of an earlier scan, change nothing.
func TestOthersMessages(t *testing.T) {
	t.Parallel()
	p, _, run := fresh(t, []string{"a"})
	p, _ = run(p, p.Init())
	batch := []keyspace.Batch{{Keys: []string{"stray"}}}
	for _, s := range []stamp{{pane: 8, gen: p.load.gen}, {pane: 7, gen: p.load.gen - 1}} {
		if after, _ := p.Update(batchRead{stamp: s, batches: batch}); after.tree.Contains("stray") {
			t.Errorf("%+v was taken in", s)
		}
	}
}

// TestOpening sends the key that is opened to the root, and goes to its value.
func TestOpening(t *testing.T) {
	t.Parallel()
	p, _, run := fresh(t, []string{"a", "b"})
	p, _ = run(p, p.Init())
	p, asked := run(p.Update(kit.Press("down")))
	if len(asked) != 1 || asked[0] != (kit.OpenKey{Key: "b", Type: "string"}) {
		t.Errorf("resting on a key asked for %v", asked)
	}
	_, asked = run(p.Update(kit.Press("enter")))
	if len(asked) != 2 || asked[0] != (kit.OpenKey{Key: "b", Type: "string"}) || asked[1] != (kit.FocusValue{}) {
		t.Errorf("enter asked for %v", asked)
	}
}

// TestPausing reads no further while it is paused.
func TestPausing(t *testing.T) {
	t.Parallel()
	p, _, run := fresh(t, []string{"a"}, []string{"b"})
	cmd := p.Init()
	p, _ = p.Update(kit.Press("space"))
	if !p.load.scanner.Paused() || !strings.Contains(p.Status(80), "paused") {
		t.Errorf("the status is %q", p.Status(80))
	}
	p, resume := p.Update(kit.Press("space"))
	p, _ = run(p, tea.Batch(cmd, resume))
	if !p.tree.Contains("b") {
		t.Error("it did not go on")
	}
}

// TestFailures tells of an error, waits while offline, and goes on.
func TestFailures(t *testing.T) {
	t.Parallel()
	p, c, run := fresh(t, []string{"a"})
	c.err = errors.New("reset by peer")
	p, _ = p.Update(kit.Offline{})
	p, asked := run(p, p.Init())
	failed, ok := asked[0].(kit.Failed)
	if !ok || !errors.Is(failed.Err, c.err) {
		t.Fatalf("asked for %v", asked)
	}
	c.err = nil
	p, _ = run(p.Update(kit.Online{}))
	if !p.tree.Contains("a") {
		t.Error("it did not go on")
	}
}

// TestReport accounts for every key of a deletion.
func TestReport(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		state keyspace.Removed
		n     int
	}{
		"deleted 1 key": {keyspace.Removed{Removed: 1, Done: true}, 1},
		"deleted 1,200 keys in 4s, 3 were gone already":        {keyspace.Removed{Removed: 1200, Gone: 3, Elapsed: 4 * time.Second, Done: true}, 1203},
		"deleted 5 keys, 2 were refused: NOPERM no":            {keyspace.Removed{Removed: 5, Refused: 2, Reasons: map[string]int64{"NOPERM no": 2}, Done: true}, 7},
		"deleted 5 keys, 1 are gone, by us or already, 4 stay": {keyspace.Removed{Removed: 5, Unsure: 1}, 10},
	} {
		if got := report(c.state, c.n); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// TestTexts holds how numbers and names are told.
func TestTexts(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"9,999": about(9_999), "~12.3k": about(12_345), "~412k": about(412_000), "~1.2M": about(1_204_210), "~3.4G": about(3_400_000_000), "~1.0M": about(999_990), "~100k": about(99_960),
		"0%": share(0), "99%": share(0.999), "100%": share(1),
		"a": examples([]string{"a"}), `a  b\n  c  ...`: examples([]string{"a", "b\n", "c", "d"}),
		"str, hash":                           typesText(map[string]int64{"hash": 1, "string": 2}),
		"?, hash, list, set and 2 types more": typesText(map[string]int64{"hash": 8, "list": 7, "set": 6, "zset": 5, "stream": 4, "unheard-of": 9}),
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// TestTypesAreInOrder holds that a sort by type has the types in the order of the docs, and unknown ones last.
func TestTypesAreInOrder(t *testing.T) {
	t.Parallel()
	last := int64(-1)
	for _, kind := range []string{"string", "hash", "list", "set", "zset", "stream", "ReJSON-RL", "vectorset", "MBbloom--"} {
		if typeRank(kind) <= last {
			t.Errorf("%s comes before the type above it", kind)
		}
		last = typeRank(kind)
	}
}
