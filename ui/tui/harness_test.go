package tui

import (
	"context"
	"crypto/tls"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"redan/commands/keyspace"
	"redan/conn"
	"redan/ui/theme"
	"redan/ui/tui/console"
	"redan/ui/tui/kit"
)

var rewrite = flag.Bool("update", false, "write the golden frames anew")

// sharedTable is parsed once for all screens of the tests: nothing changes it.
var sharedTable = sync.OnceValue(commandTable)

// alarm is a timer that was set.
type alarm struct {
	at  time.Time
	msg kit.Message
}

// screen runs a model in the test's goroutine: messages in, commands run to a fixed point, frames out. Timers wait for the clock.
type screen struct {
	t           testing.TB
	m           model
	clock       *clock
	server      *fakeServer
	alarms      []alarm
	quit        bool
	connections int
	tests       int // of profiles
	suspended   bool
	cleared     bool // the screen was drawn anew
	clipboard   string
	held        bool // commands are kept instead of run
	kept        []tea.Cmd
	refused     error // of connecting
	secured     *tls.ConnectionState
	sweeps      int // that were begun
	closedRuns  int // of them that ended
	pingLinks   int // that are open
}

// option changes the configuration of a screen.
type option func(*Config)

func production(c *Config) { c.Profile, c.Production = "orders-prod", true }

func ascii(c *Config) { c.Look = kit.Look{ASCII: true} }

func coloured(c *Config) { c.Look = kit.Look{Theme: theme.New(true)} }

// newScreen returns a screen of w columns and h lines that is not connected yet.
func newScreen(t testing.TB, w, h int, options ...option) *screen {
	t.Helper()
	s := &screen{t: t, clock: newClock()}
	s.server = sampleServer(s.clock)
	o := conn.DefaultOptions()
	o.Host, o.Port = "redis-2.lab", 6380
	c := Config{Program: "redan", Version: "0.1", Options: o, Now: s.clock.Now}
	for _, change := range options {
		change(&c)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	s.m = newModel(ctx, c, sharedTable(), network{connect: s.connect, probe: s.probe, test: s.tested, chance: func() float64 { return 0 }, pause: s.pause}, s.timer)
	s.m.width, s.m.height = w, h
	return s
}

func (s *screen) connect(_ context.Context, way Way, seen watch) (*server, error) {
	o := way.Options
	if s.refused != nil {
		return nil, s.refused
	}
	s.connections++
	client := seen.client(s.server, origin{})
	return &server{
		options: o, client: client, masters: keyspace.One(o.Addr(), client), secured: s.secured, sweep: s.sweep, ping: s.ping,
		console: func(context.Context, func(string)) (console.Session, error) {
			return loggedConsole{Session: &typed{server: s.server, options: o}, log: seen.log}, nil
		},
	}, nil
}

func (s *screen) probe(context.Context, Way) (*tls.ConnectionState, error) {
	return s.secured, s.refused
}

func (s *screen) timer(d time.Duration, m kit.Message) tea.Cmd {
	s.alarms = append(s.alarms, alarm{at: s.clock.Now().Add(d), msg: m})
	return nil
}

// start connects, and waits until all keys are read.
func (s *screen) start() *screen {
	s.run(s.m.Init())
	s.send(tea.WindowSizeMsg{Width: s.m.width, Height: s.m.height})
	s.wait(300 * time.Millisecond)
	return s
}

// send delivers a message and runs what follows from it.
func (s *screen) send(msg tea.Msg) {
	var cmd tea.Cmd
	s.m, cmd = s.m.Update(msg)
	s.run(cmd)
}

// run runs a command and all that follows.
func (s *screen) run(cmd tea.Cmd) {
	queue := []tea.Cmd{cmd}
	for n := 0; len(queue) > 0; n++ {
		if n > 20000 {
			s.t.Fatal("commands follow from commands without end")
		}
		next := queue[0]
		queue = queue[1:]
		if next == nil {
			continue
		}
		if s.held {
			s.kept = append(s.kept, next)
			continue
		}
		queue = append(queue, s.deliver(next())...)
	}
}

func (s *screen) deliver(msg tea.Msg) []tea.Cmd {
	switch msg := msg.(type) {
	case nil:
		return nil
	case tea.BatchMsg:
		return msg
	case tea.QuitMsg:
		s.quit = true
		return nil
	case tea.SuspendMsg:
		s.suspended = true
		return nil
	case kit.Crashed:
		s.t.Fatalf("a task panicked: %s\n%s", msg.What, msg.Stack)
	case kit.Message:
		var cmd tea.Cmd
		s.m, cmd = s.m.Update(msg)
		return []tea.Cmd{cmd}
	}
	if reflect.TypeOf(msg) == reflect.TypeOf(tea.ClearScreen()) {
		s.cleared = true
		return nil
	}
	if v := reflect.ValueOf(msg); v.Kind() == reflect.String { // tea's own message for the clipboard is not exported
		s.clipboard = v.String()
	}
	return nil
}

// wait lets time pass: the clock goes on from alarm to alarm.
func (s *screen) wait(d time.Duration) {
	end := s.clock.Now().Add(d)
	for {
		slices.SortStableFunc(s.alarms, func(a, b alarm) int { return a.at.Compare(b.at) })
		if len(s.alarms) == 0 || s.alarms[0].at.After(end) {
			break
		}
		next := s.alarms[0]
		s.alarms = s.alarms[1:]
		if left := next.at.Sub(s.clock.Now()); left > 0 {
			s.clock.add(left)
		}
		s.send(next.msg)
	}
	if left := end.Sub(s.clock.Now()); left > 0 {
		s.clock.add(left)
	}
}

// keys presses keys, in the notation of bindings, with time to take effect after each.
func (s *screen) keys(keys ...string) *screen {
	for _, key := range keys {
		s.send(kit.Press(key))
		s.wait(100 * time.Millisecond)
	}
	return s
}

// text types text, letter by letter.
func (s *screen) text(text string) *screen {
	for _, r := range text {
		s.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	s.wait(100 * time.Millisecond)
	return s
}

// frame is the picture as text. It must be exactly as large as the window.
func (s *screen) frame() string {
	s.t.Helper()
	frame := s.m.View().Content
	lines := strings.Split(frame, "\n")
	if len(lines) != s.m.height {
		s.t.Fatalf("%d lines in a window of %d x %d", len(lines), s.m.width, s.m.height)
	}
	for i, line := range lines {
		if n := ansi.StringWidth(line); n != s.m.width {
			s.t.Fatalf("line %d is %d columns wide in a window of %d x %d: %q", i, n, s.m.width, s.m.height, line)
		}
	}
	return ansi.Strip(frame)
}

// sees fails unless the picture holds all texts.
func (s *screen) sees(texts ...string) *screen {
	s.t.Helper()
	frame := s.frame()
	for _, text := range texts {
		if !strings.Contains(frame, text) {
			s.t.Fatalf("%q is not on the screen:\n%s", text, frame)
		}
	}
	return s
}

// misses fails if the picture holds a text.
func (s *screen) misses(texts ...string) {
	s.t.Helper()
	frame := s.frame()
	for _, text := range texts {
		if strings.Contains(frame, text) {
			s.t.Fatalf("%q is on the screen:\n%s", text, frame)
		}
	}
}

// golden compares a text with the golden file of that name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *rewrite {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the picture is not that of %s; go test -update writes it anew\n%s", path, difference(string(want), got))
	}
}

// difference shows the lines that differ.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	var b strings.Builder
	for i := range max(len(w), len(g)) {
		var a, c string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			c = g[i]
		}
		if a != c {
			b.WriteString("- " + a + "\n+ " + c + "\n")
		}
	}
	return b.String()
}
