package console

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"redan/commands"
	"redan/conn"
	"redan/conn/resp"
	"redan/ui/theme"
	"redan/ui/tui/kit"
)

var update = flag.Bool("update", false, "write the golden files anew")

// scripted is a session that answers as it is told.
type scripted struct {
	mu     sync.Mutex
	answer func(words []string) (resp.Value, error)
	sent   [][]string
	state  conn.State
	broken bool
	pushed chan resp.Value
}

func (s *scripted) Stream(ctx context.Context, args []string, consume func(resp.Source) error) error {
	s.mu.Lock()
	s.sent = append(s.sent, args)
	s.mu.Unlock()
	if strings.EqualFold(args[0], "blpop") {
		<-ctx.Done()
		s.broken = true
		return ctx.Err()
	}
	v, err := s.answer(args)
	if err != nil {
		s.broken = true
		return err
	}
	switch strings.ToLower(args[0]) {
	case "multi":
		s.state.Multi = true
	case "exec", "discard":
		s.state.Multi = false
	case "select":
		s.state.DB = 3
	case "subscribe":
		s.state.Subscribed = true
	case "monitor":
		s.state.Monitoring = true
	}
	return consume(v.Source())
}

func (s *scripted) Next(ctx context.Context, consume func(resp.Source) error) error {
	select {
	case v := <-s.pushed:
		return consume(v.Source())
	case <-ctx.Done():
		s.broken = true
		return ctx.Err()
	}
}

func (s *scripted) Reconnect(context.Context) ([]string, error) {
	lost := s.state.Lost()
	s.state, s.broken = conn.State{DB: s.state.DB}, false
	return lost, nil
}
func (s *scripted) State() conn.State { return s.state }
func (s *scripted) Addr() conn.Addr   { return address() }
func (s *scripted) Broken() bool      { return s.broken }
func (s *scripted) Close() error      { return nil }

func (s *scripted) lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lines []string
	for _, words := range s.sent {
		lines = append(lines, strings.Join(words, " "))
	}
	return lines
}

func address() conn.Addr { return conn.Addr{Network: "tcp", Host: "redis-2.lab", Port: 6380} }

// clock moves on by 400 microseconds each time it is looked at.
func clock() func() time.Time {
	var n atomic.Int64
	start := time.Date(2026, 11, 22, 14, 2, 11, 0, time.UTC)
	return func() time.Time { return start.Add(time.Duration(n.Add(1)) * 400 * time.Microsecond) }
}

// held is a message of a timer, which the test delivers when it wants to.
type held struct {
	d time.Duration
	m tea.Msg
}

// driver runs a pane without a program: each command in a goroutine, each message in turn.
type driver struct {
	t        *testing.T
	pane     Pane
	arrived  chan tea.Msg
	timers   []held
	requests []kit.Message
	quits    int
	open     int // commands under way
}

func knownCommands(t testing.TB) *commands.Table {
	t.Helper()
	known, err := commands.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return known
}

func config(t testing.TB) Config {
	t.Helper()
	return Config{
		Context: t.Context(), Look: kit.Look{Theme: theme.New(true)}, Now: clock(), ID: 7, Table: knownCommands(t),
		Timer:   func(d time.Duration, m kit.Message) tea.Cmd { return func() tea.Msg { return held{d, m} } },
		Program: "redan", Version: "1",
	}
}

func drive(t *testing.T, c Config, s Server) *driver {
	t.Helper()
	d := &driver{t: t, arrived: make(chan tea.Msg, 1000)}
	d.pane = New(c).Focused(true)
	d.do(d.pane.Init())
	d.settle()
	d.send(tea.WindowSizeMsg{Width: 80, Height: 10})
	var cmd tea.Cmd
	d.pane, cmd = d.pane.Connect(s)
	d.do(cmd)
	return d
}

func (d *driver) send(msg tea.Msg) {
	var cmd tea.Cmd
	d.pane, cmd = d.pane.Update(msg)
	d.do(cmd)
}

func (d *driver) do(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	d.open++
	go func() { d.arrived <- cmd() }()
}

func (d *driver) take(msg tea.Msg) {
	d.open--
	switch msg := msg.(type) {
	case nil:
	case tea.BatchMsg:
		for _, cmd := range msg {
			d.do(cmd)
		}
	case held:
		d.timers = append(d.timers, msg)
	case tea.QuitMsg:
		d.quits++
	case kit.Crashed:
		d.t.Fatalf("a task panicked: %s\n%s", msg.What, msg.Stack)
	case message:
		d.send(msg)
	case kit.Message:
		d.requests = append(d.requests, msg)
	}
}

// settle runs until nothing is under way.
func (d *driver) settle() { d.until("all is quiet", func() bool { return d.open == 0 }) }

// until runs until a condition holds.
func (d *driver) until(what string, holds func() bool) {
	d.t.Helper()
	patience := time.After(20 * time.Second)
	again := time.NewTicker(5 * time.Millisecond) // what the world does brings no message
	defer again.Stop()
	for !holds() {
		select {
		case msg := <-d.arrived:
			d.take(msg)
		case <-again.C:
		case <-patience:
			d.t.Fatalf("waited in vain until %s; the pane:\n%s", what, d.frame(100, 30))
		}
	}
}

// fire delivers the timers so far.
func (d *driver) fire() {
	timers := d.timers
	d.timers = nil
	for _, h := range timers {
		d.send(h.m)
	}
}

// press presses keys in the notation of bindings.
func (d *driver) press(keys ...string) {
	for _, key := range keys {
		d.send(kit.Press(key))
	}
}

// enter types lines and runs them to their end.
func (d *driver) enter(lines ...string) {
	d.t.Helper()
	for _, line := range lines {
		d.typed(line)
		d.press("enter")
		d.settle()
	}
}

func (d *driver) typed(text string) {
	for _, r := range text {
		d.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

func (d *driver) frame(w, h int) string { return ansi.Strip(d.pane.View(w, h)) }

// shows fails unless the frame has all the texts.
func (d *driver) shows(texts ...string) {
	d.t.Helper()
	frame := d.frame(100, 40)
	for _, text := range texts {
		if !strings.Contains(frame, text) {
			d.t.Fatalf("the pane does not show %q:\n%s", text, frame)
		}
	}
}

func (d *driver) hides(texts ...string) {
	d.t.Helper()
	frame := d.frame(100, 40)
	for _, text := range texts {
		if strings.Contains(frame, text) {
			d.t.Fatalf("the pane shows %q:\n%s", text, frame)
		}
	}
}

// golden compares the frames at the three sizes.
func (d *driver) golden(name string) {
	d.t.Helper()
	for _, size := range []struct {
		name string
		w, h int
	}{{"120x40", 120, 40}, {"80x24", 80, 24}, {"60x16", 60, 16}} {
		d.send(tea.WindowSizeMsg{Width: size.w, Height: size.h})
		var lines []string
		for line := range strings.SplitSeq(d.frame(size.w, size.h), "\n") {
			lines = append(lines, strings.TrimRight(line, " "))
		}
		got := strings.Join(lines, "\n") + "\n"
		path := filepath.Join("testdata", name+"_"+size.name+".txt")
		if *update {
			if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(path, []byte(got), 0o600)); err != nil {
				d.t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			d.t.Fatal(err)
		}
		if got != string(want) {
			d.t.Errorf("%s differs from its golden file; got:\n%s", path, got)
		}
	}
}

func (d *driver) pasted(text string) { d.send(tea.PasteMsg{Content: text}) }
