package tui

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
	"redan/conn/cert"
	"redan/ui/tui/kit"
)

// TestViewsAreNoCommands holds that no view's name in the colon line hides a command of Redis, and that all have what the frame needs.
func TestViewsAreNoCommands(t *testing.T) {
	t.Parallel()
	table, err := commands.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[view]bool{}
	for _, v := range (model{pages: newPages()}).views() {
		if v.name == "" || v.help == "" || v.short == "" || len(v.short) > 4 || seen[v.id] {
			t.Errorf("%+v is not whole", v)
		}
		seen[v.id] = true
		if v.id == keysView {
			continue // has no verb for that reason
		}
		if _, n := table.Lookup([]string{string(v.id)}); n > 0 {
			t.Errorf("%s is a command", v.id)
		}
	}
}

// TestServerView folds, filters, copies and stops the view of the server.
func TestServerView(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start().keys("3")
	s.wait(20 * time.Second)
	s.sees("operations   1.2k/s", "answer time", "net in", "used_memory                      13002342   12.4 MiB", "the last 2")
	s.keys("W").sees("▸ Memory  3").misses("maxmemory")
	s.keys("E", "/").text("maxmem").sees("maxmemory").misses("keyspace_hits", "operations")
	s.keys("enter", "end", "y")
	if s.clipboard != "maxmemory:104857600" {
		t.Errorf("copied %q", s.clipboard)
	}
	s.keys("esc").sees("keyspace_hits")
	s.keys("/").text("clients").keys("enter", "Y")
	if s.clipboard != "# Clients\nconnected_clients:12\n" {
		t.Errorf("copied %q", s.clipboard)
	}
	s.keys("esc", "home", "space")
	s.server.info = "redis_version:9.9.9\r\nused_memory:2048\r\n"
	s.wait(5 * time.Second)
	s.sees("stands still since", "operations   1.2k/s")
	s.keys("space")
	s.wait(2 * time.Second)
	s.sees("redis_version                    9.9.9").misses("1.2k/s")
}

// TestServerViewOfNodes goes through the nodes of a cluster.
func TestServerViewOfNodes(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	s.clustered()
	s.keys("3").sees("node redis-2.lab:6380 of 3")
	s.keys("n").sees("node redis-2.lab:7001 of 3", "operations")
	s.wait(3 * time.Second)
	s.sees("the last 3s")
	s.server.noACL["INFO"] = true
	s.keys("n").sees("node redis-2.lab:7002 of 3", "does not tell about itself: NOPERM")
}

// TestSeries holds what a chart is made of: gaps where nothing was told, the hit rate of what was asked since.
func TestSeries(t *testing.T) {
	t.Parallel()
	var s series
	at := newClock().Now()
	for i, text := range []string{
		"keyspace_hits:10\r\nkeyspace_misses:0\r\nused_memory:100\r\n", "keyspace_hits:13\r\nkeyspace_misses:1\r\n",
		"keyspace_hits:13\r\nkeyspace_misses:1\r\nused_memory:300\r\n", "keyspace_hits:0\r\nkeyspace_misses:0\r\nused_memory:200\r\n",
	} {
		s = s.add(parseInfo(text), at.Add(time.Duration(i)*time.Second), time.Millisecond)
	}
	rates := s.points(func(s sample) float64 { return s.hitRate })
	if rates[0] != untold || rates[1] != 75 || rates[2] != 75 || rates[3] != untold {
		t.Errorf("hit rates %v", rates)
	}
	if got := chart(s.points(func(s sample) float64 { return s.memory }), 10, false, kit.Look{ASCII: true}); got != "_ #-" && got != "_ #." {
		t.Errorf("memory %q", got)
	}
	if s.span() != 3*time.Second {
		t.Errorf("span %v", s.span())
	}
	for range 2 * seriesKept {
		s = s.add(info{}, at, 0)
	}
	if len(s.samples) != seriesKept {
		t.Errorf("%d samples are kept", len(s.samples))
	}
}

// TestTLSView copies the fixes of what was found, and the fingerprint.
func TestTLSView(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 100, 30)
	s.secured = certified(s.clock.Now().Add(time.Hour))
	s.start()
	s.m.link.server.examine = func(context.Context) cert.Report {
		return cert.Report{Findings: []cert.Finding{{
			Code: "EXPIRED", Severity: cert.SeverityCrit, Message: "it ends soon",
			Fixes: []cert.Fix{{Command: "redan cert issue a"}, {Command: "redan cert issue b"}, {Note: "ask"}},
		}}}
	}
	s.keys("4").sees("0 hours left")
	for _, want := range []string{"redan cert issue a", "redan cert issue b", "redan cert issue a"} {
		if s.keys("y"); s.clipboard != want {
			t.Errorf("copied %q, want %q", s.clipboard, want)
		}
	}
	if s.keys("f"); len(s.clipboard) != 64 {
		t.Errorf("copied %q", s.clipboard)
	}
	// The connection was lost and stands again: another certificate, perhaps.
	looked := 0
	s.m.link.server.examine = func(context.Context) cert.Report { looked++; return cert.Report{} }
	s.server.down, s.refused = errDown, errDown
	s.wait(3 * time.Second)
	s.secured = certified(s.clock.Now().Add(1000 * 24 * time.Hour))
	s.server.down, s.refused = nil, nil
	s.keys("r").sees("999 days left")
	if looked != 1 {
		t.Errorf("it was looked at %d times after the connection stood again", looked)
	}
}

// TestPaletteRemembers holds that what was chosen last stands first the next time.
func TestPaletteRemembers(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	if first := newPalette(s.m).found()[0].title; first == "draw the screen again" {
		t.Fatal("it stands first already")
	}
	s.keys("ctrl+p").text("draw").keys("enter")
	if !s.cleared {
		t.Error("the palette did not do it")
	}
	s.keys("ctrl+p").text("db 3").keys("enter")
	found := newPalette(s.m).found()
	if found[0].title != "db 3" || found[1].title != "draw the screen again" {
		t.Errorf("it begins with %q and %q", found[0].title, found[1].title)
	}
}

// TestMouseOnHintsAndRows clicks on the footer, on rows of lists, on the choices of the welcome, and drags the console.
func TestMouseOnHintsAndRows(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	click := func(x, y int) { s.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }
	column := func(text string) int {
		before, _, _ := strings.Cut(strings.Split(s.frame(), "\n")[s.row(text)], text)
		return kit.Width(before)
	}
	click(column("ctrl+p palette"), 39)
	s.sees("Go to or do").text("databases")
	click(20, s.row("▌ do"))
	s.sees("Databases", "db 3")
	click(20, s.row("db 3"))
	s.sees("   db 3   ")
	s.keys("`")
	rule := s.m.picture().drawerRule
	click(5, rule.Y)
	s.send(tea.MouseMotionMsg{X: 5, Y: rule.Y - 6, Button: tea.MouseLeft})
	s.send(tea.MouseReleaseMsg{X: 5, Y: rule.Y - 6})
	if now := s.m.picture().drawerRule; now.Y != rule.Y-6 {
		t.Errorf("the console's rule went from %d to %d", rule.Y, now.Y)
	}
	s.send(tea.MouseWheelMsg{X: 5, Y: 8, Button: tea.MouseWheelDown})
	if s.m.shape.focus != consolePlace {
		t.Error("the wheel took the keyboard")
	}
	w := newScreen(t, 100, 30)
	w.refused = refusedConnection()
	w.start()
	w.refused = nil
	w.send(tea.MouseClickMsg{X: 8, Y: w.row("try redis-2.lab:6380 again"), Button: tea.MouseLeft})
	w.sees("orders:2026")
}

// TestMouseOff leaves the mouse to the terminal.
func TestMouseOff(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 100, 30).start()
	if s.m.View().MouseMode == tea.MouseModeNone {
		t.Error("it is off at first")
	}
	if s.keys("alt+m"); s.m.View().MouseMode != tea.MouseModeNone {
		t.Error("it is on")
	}
	off := newScreen(t, 100, 30, func(c *Config) { c.NoMouse = true }).start()
	if off.m.View().MouseMode != tea.MouseModeNone {
		t.Error("NoMouse leaves it on")
	}
}
