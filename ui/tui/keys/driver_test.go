package keys

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"redan/commands/keyspace"
	"redan/conn"
	"redan/conn/resp"
	"redan/ui/theme"
	"redan/ui/tui/kit"
)

// store is a server with keys that come and go. It scans them in an order that is not that of their names.
type store struct {
	mu      sync.Mutex // the masters of a cluster are asked at the same time
	keys    map[string]life
	page    int  // keys a page, whatever COUNT says
	down    bool // connections break
	denied  map[string]string
	fixed   map[string]bool // keys that may not be deleted
	sent    [][]string
	matches func(pattern, key string) bool
	slots   resp.Value // of its cluster, where it is in one
}

type life struct {
	kind string
	ttl  time.Duration // 0 for ever
	size int64
}

var errDown = errors.New("reset by peer")

func (s *store) Do(ctx context.Context, args ...string) (resp.Value, error) {
	replies, err := s.Pipeline(ctx, args)
	if err != nil {
		return resp.Value{}, err
	}
	return replies[0], nil
}

func (s *store) Pipeline(ctx context.Context, commands ...[]string) ([]resp.Value, error) {
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case s.down:
		return nil, errDown
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	replies := make([]resp.Value, len(commands))
	for i, words := range commands {
		s.sent = append(s.sent, words)
		replies[i] = s.answer(words)
	}
	return replies, nil
}

func (s *store) answer(words []string) resp.Value {
	if text, ok := s.denied[words[0]]; ok {
		return resp.Value{Kind: resp.SimpleError, Text: []byte(text)}
	}
	number := func(n int64) resp.Value { return resp.Value{Kind: resp.Integer, Int: n} }
	switch words[0] {
	case "SCAN":
		return s.scan(words)
	case "DBSIZE":
		return number(int64(len(s.keys)))
	case "INFO":
		return text("run_id:x\r\n")
	case "CLUSTER":
		return s.slots
	}
	key := words[len(words)-1]
	if words[0] == "MEMORY" {
		key = words[2]
	}
	known, ok := s.keys[key]
	switch {
	case words[0] == "UNLINK" && s.fixed[key]:
		return resp.Value{Kind: resp.SimpleError, Text: []byte("NOPERM not this key")}
	case words[0] == "UNLINK":
		delete(s.keys, key)
		if ok {
			return number(1)
		}
		return number(0)
	case !ok && words[0] == "TYPE":
		return text("none")
	case !ok && words[0] == "PTTL":
		return number(-2)
	case !ok:
		return resp.Value{Kind: resp.NullBulk}
	case words[0] == "TYPE":
		return text(known.kind)
	case words[0] == "PTTL" && known.ttl == 0:
		return number(-1)
	case words[0] == "PTTL":
		return number(known.ttl.Milliseconds())
	case words[0] == "MEMORY":
		return number(known.size)
	}
	return number(int64(len(key))) // OBJECT IDLETIME
}

func (s *store) scan(words []string) resp.Value {
	names := make([]string, 0, len(s.keys))
	for key := range s.keys {
		names = append(names, key)
	}
	slices.SortFunc(names, func(a, b string) int {
		return strings.Compare(strconv.Itoa(len(a)*7%5)+a, strconv.Itoa(len(b)*7%5)+b)
	})
	match := "*"
	for i := range words {
		if words[i] == "MATCH" {
			match = words[i+1]
		}
	}
	at, _ := strconv.Atoi(words[1])
	end := min(len(names), at+s.page)
	var found []resp.Value
	for _, key := range names[min(at, end):end] {
		if s.matches == nil || s.matches(match, key) {
			found = append(found, text(key))
		}
	}
	next := strconv.Itoa(end)
	if end == len(names) {
		next = "0"
	}
	return array(text(next), array(found...))
}

// driver drives a pane by hand: what it asks for waits until it is let go.
type driver struct {
	t      testing.TB
	p      Pane
	now    time.Time
	server *store
	tasks  []tea.Cmd
	alarms []alarm
	asked  []kit.Message // of the root
}

type alarm struct {
	after time.Duration
	msg   kit.Message
}

func newDriver(t testing.TB, server *store, w, h int) *driver {
	t.Helper()
	return newDriverOf(t, server, keyspace.One(conn.Addr{Host: "h", Port: 1}, server), w, h)
}

func newDriverOf(t testing.TB, server *store, masters *keyspace.Masters, w, h int) *driver {
	t.Helper()
	d := &driver{t: t, server: server, now: time.Date(2026, 11, 22, 14, 2, 0, 0, time.UTC)}
	d.p = New(Config{
		Context: t.Context(), Masters: masters, Now: func() time.Time { return d.now }, ID: 7,
		Timer: func(after time.Duration, msg kit.Message) tea.Cmd {
			d.alarms = append(d.alarms, alarm{after, msg})
			return nil
		},
		Database: "db 0", Look: kit.Look{Theme: theme.New(true)},
	}).Focused(true)
	d.send(tea.WindowSizeMsg{Width: w, Height: h})
	d.later(d.p.Init())
	return d
}

func (d *driver) send(msg tea.Msg) {
	var cmd tea.Cmd
	d.p, cmd = d.p.Update(msg)
	d.later(cmd)
}

func (d *driver) later(cmd tea.Cmd) {
	if cmd != nil {
		d.tasks = append(d.tasks, cmd)
	}
}

// run lets one task go and delivers what it brings.
func (d *driver) run(i int) {
	task := d.tasks[i]
	d.tasks = slices.Delete(d.tasks, i, i+1)
	switch msg := task().(type) {
	case tea.BatchMsg:
		for _, cmd := range msg {
			d.later(cmd)
		}
	case kit.Crashed:
		d.t.Fatalf("a task panicked: %s\n%s", msg.What, msg.Stack)
	case message:
		d.send(msg)
	case kit.Message:
		d.asked = append(d.asked, msg)
	}
}

// ring lets the time of an alarm come.
func (d *driver) ring(i int) {
	a := d.alarms[i]
	d.alarms = slices.Delete(d.alarms, i, i+1)
	d.now = d.now.Add(a.after)
	d.send(a.msg)
}

// settle lets all tasks go, and all alarms ring, until there are none.
func (d *driver) settle() *driver {
	for n := 0; len(d.tasks) > 0 || len(d.alarms) > 0; n++ {
		switch {
		case n > 50_000:
			d.t.Fatal("there is no end")
		case len(d.tasks) > 0:
			d.run(0)
		default:
			d.ring(0)
		}
	}
	return d
}

func (d *driver) keys(names ...string) *driver {
	for _, name := range names {
		d.send(kit.Press(name))
	}
	return d
}

func (d *driver) text(s string) *driver {
	for _, r := range s {
		d.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return d
}

// told are the notices that were shown.
func (d *driver) told() string {
	var lines []string
	for _, msg := range d.asked {
		if notice, ok := msg.(kit.Notice); ok {
			lines = append(lines, notice.Text)
		}
	}
	return strings.Join(lines, "\n")
}

// sheet is the last question that was asked.
func (d *driver) sheet() kit.Confirm {
	for _, msg := range slices.Backward(d.asked) {
		if sheet, ok := msg.(kit.Confirm); ok {
			return sheet
		}
	}
	d.t.Helper()
	d.t.Fatalf("nothing was asked; told:\n%s", d.told())
	return kit.Confirm{}
}

// frame is the picture, which must be exactly as large as the pane.
func (d *driver) frame() string {
	d.t.Helper()
	view := d.p.View(d.p.width, d.p.height)
	if d.p.width <= 0 || d.p.height <= 0 {
		if view != "" {
			d.t.Fatalf("%q is shown in no room", view)
		}
		return ""
	}
	lines := strings.Split(view, "\n")
	if len(lines) != d.p.height {
		d.t.Fatalf("%d lines in %d x %d", len(lines), d.p.width, d.p.height)
	}
	for _, line := range lines {
		if n := ansi.StringWidth(line); n != d.p.width {
			d.t.Fatalf("%d columns in %d x %d: %q", n, d.p.width, d.p.height, line)
		}
	}
	for _, w := range []int{0, 1, 9, 20, 33, 60, 90} {
		if n := ansi.StringWidth(d.p.Status(w)); n > w {
			d.t.Fatalf("the status takes %d of %d columns: %q", n, w, d.p.Status(w))
		}
	}
	return ansi.Strip(view)
}

// sample are keys of all shapes.
func sample(n int) map[string]life {
	kinds := []string{"string", "hash", "list", "set", "zset", "stream", "ReJSON-RL", "unheard-of"}
	keys := map[string]life{"": {kind: "string"}, "a": {kind: "string"}, "a:": {kind: "hash"}, "a::b": {kind: "list"}, ":a": {kind: "set"}, "\xff\n 漢": {kind: "string"}}
	for i := range n {
		name := [...]string{
			fmt.Sprintf("orders:2026:%02d:%04d", i%12+1, i), fmt.Sprintf("session:%08x", i*2654435761%(1<<32)), fmt.Sprintf("user:%d:name", i/2),
			fmt.Sprintf("flat-%d", i), fmt.Sprintf("a:b:%d", i%7),
		}[i%5]
		keys[name] = life{kind: kinds[i%len(kinds)], ttl: time.Duration(i%4) * time.Minute, size: int64(50 + i*37%1000)}
	}
	return keys
}
