package tui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/conn"
	"redan/ui/tui/kit"
)

// row is the line of the screen that holds a text, or -1.
func (s *screen) row(text string) int {
	return slices.IndexFunc(strings.Split(s.frame(), "\n"), func(line string) bool { return strings.Contains(line, text) })
}

// step runs the next command that is kept.
func (s *screen) step() bool {
	if len(s.kept) == 0 {
		return false
	}
	next := s.kept[0]
	s.kept = s.kept[1:]
	if next != nil {
		s.kept = append(s.kept, s.deliver(next())...)
	}
	return true
}

// TestTheCursorStaysOnItsRow holds that keys that arrive move neither the cursor's row on the screen nor the cursor off its key.
func TestTheCursorStaysOnItsRow(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 100, 20)
	s.server.page = 9
	s.held = true
	s.start()
	for s.row("board") < 0 && s.step() {
	}
	for range 12 {
		s.send(kit.Press("down"))
	}
	key, at := s.m.panes.keys.Current(), s.row("▌")
	if key == "" || at < 0 {
		t.Fatalf("no key is under the cursor:\n%s", s.frame())
	}
	moved := 0
	for s.step() {
		if s.m.panes.keys.Current() != key {
			t.Fatalf("the cursor went from %q to %q:\n%s", key, s.m.panes.keys.Current(), s.frame())
		}
		if s.row("▌") != at {
			moved++
		}
	}
	// At the top the list has no room to scroll, and the row must give way to those that come above it.
	if len(s.frame()) == 0 || moved > 20 {
		t.Errorf("the cursor's row moved %d times", moved)
	}
	s.sees("170 keys")
}

// TestOnlyRestingOpens holds that running along the keys reads the value of the last one only.
func TestOnlyRestingOpens(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start().keys("end")
	s.wait(time.Second)
	s.server.sent = nil
	for range 5 {
		s.send(kit.Press("up"))
		s.wait(10 * time.Millisecond)
	}
	s.wait(time.Second)
	read := map[string]bool{}
	for _, words := range s.server.sent {
		if name := words[0]; name == "GETRANGE" || name == "STRLEN" || name == "LRANGE" || name == "SSCAN" || name == "ZRANGE" {
			read[words[1]] = true
		}
	}
	if len(read) > 1 {
		t.Errorf("values of %v were read", read)
	}
}

// TestLostAndFound walks through a lost connection: it is said, the place and what was typed are kept, nothing is asked meanwhile, it is
// tried again at growing intervals, and goes on by itself.
func TestLostAndFound(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	openOrder(s)
	s.keys("`").text("get half a comm")
	s.server.down, s.refused = errDown, refusedConnection()
	s.wait(3 * time.Second)
	s.sees("connection lost", "as of 14:02:", "retry", "0041", "get half a comm")
	asked := len(s.server.sent)
	s.wait(time.Minute)
	if n := len(s.server.sent) - asked; n > 0 {
		t.Errorf("%d commands were sent to a server that is not there", n)
	}
	s.sees("nothing listens")
	if n := s.m.link.attempt; n < 4 || n > 7 {
		t.Errorf("%d attempts in a minute", n)
	}
	s.server.down, s.refused = nil, nil
	s.send(kit.Press("alt+r"))
	s.wait(time.Second)
	s.misses("connection lost")
	s.sees("get half a comm", "0041")
	if s.m.link.phase != online {
		t.Errorf("phase %v", s.m.link.phase)
	}
}

// late is an error that says that an answer took too long.
type late struct{ error }

func (late) Timeout() bool   { return true }
func (late) Temporary() bool { return true }

// TestSlowServer holds that a server that answers late is said to be slow, and only lost when it goes on like that.
func TestSlowServer(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	s.server.down = late{errDown}
	s.wait(3 * time.Second)
	s.misses("connection lost")
	s.server.down = nil
	s.wait(10 * time.Second)
	s.server.down, s.refused = late{errDown}, errDown
	s.wait(20 * time.Second)
	s.sees("connection lost")
}

// TestGoingElsewhereWhileLost holds that trying another server, in vain, does not end the attempts to reach this one.
func TestGoingElsewhereWhileLost(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	s.server.down, s.refused = errDown, refusedConnection()
	s.wait(3 * time.Second)
	s.keys(":").text("connect nowhere:1").keys("enter").sees("could not go there", "connection lost")
	s.server.down, s.refused = nil, nil
	s.wait(time.Minute)
	s.misses("connection lost")
}

// TestCommandsInSight holds that the reply to a colon command is seen, wherever it was typed.
func TestCommandsInSight(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{120, 40}, {60, 16}} {
		for _, before := range []string{"1", "2", "3", "4", "5", "tab"} {
			s := newScreen(t, size[0], size[1]).start().keys(before)
			if before == "2" {
				s.text("lrange queue:01 0 5").keys("enter")
			} else {
				s.keys(":").text("lrange queue:01 0 5").keys("enter")
			}
			s.sees(`1) "a"`)
		}
	}
}

// TestStayOffline holds that esc stops the attempts, r makes one, and browsing goes on.
func TestStayOffline(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	s.server.down, s.refused = errDown, errDown
	s.wait(3 * time.Second)
	s.keys("esc").sees("offline", "r connect")
	s.wait(5 * time.Minute)
	if s.m.link.phase != offline {
		t.Fatal("it was tried again by itself")
	}
	s.keys("down", "down", "right").sees("10:22")
	s.server.down, s.refused = nil, nil
	s.keys("r").misses("offline")
}

// TestScanGoesOnAfterALoss holds that keys are read on from where they were when the connection broke.
func TestScanGoesOnAfterALoss(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.server.page, s.server.lives = 10, 9
	s.start().sees("connection lost")
	loaded := s.m.panes.keys.Loaded()
	if loaded == 0 || loaded == 170 {
		t.Fatalf("%d keys were read before the connection broke", loaded)
	}
	s.server.down = nil
	scans := len(s.server.sent)
	s.wait(time.Minute)
	s.sees("170 keys")
	pages := 0
	for _, words := range s.server.sent[scans:] {
		if words[0] == "SCAN" {
			pages++
		}
	}
	if most := (170-loaded)/10 + 3; pages > most {
		t.Errorf("%d pages for %d keys", pages, 170-loaded)
	}
}

// TestWelcome walks from no server to one.
func TestWelcome(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 100, 30)
	s.refused = refusedConnection()
	s.start().sees("No server answers on redis-2.lab:6380.", "nothing listens", "start it")
	s.keys("down", "enter").text("other.lab:7000")
	s.refused = nil
	s.keys("enter").sees("other.lab:7000", "orders:2026")
	if o := s.m.link.options; o.Host != "other.lab" || o.Port != 7000 {
		t.Errorf("connected to %v", o.Addr())
	}
}

// TestDemoFromTheWelcome starts the embedded server.
func TestDemoFromTheWelcome(t *testing.T) {
	t.Parallel()
	demo := func(context.Context) (conn.Options, error) {
		o := conn.DefaultOptions()
		o.Port = 4242
		return o, nil
	}
	s := newScreen(t, 100, 30, func(c *Config) { c.Demo = demo })
	s.refused = refusedConnection()
	s.start()
	s.refused = nil
	s.keys("down", "down", "down", "enter").sees("127.0.0.1:4242", "orders:2026")
}

// TestDatabasesKeepTheirPlace goes to another database and back.
func TestDatabasesKeepTheirPlace(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	openOrder(s)
	key, line := s.m.panes.keys.Current(), s.row("▌")
	s.keys(":").text("db 3").keys("enter").sees("db 3")
	if s.m.panes.keys.Current() == key {
		t.Error("the other database is where the first one was")
	}
	connections := s.connections
	s.keys("D", "home").text("db 0").keys("enter").sees("db 0", "0041")
	if s.m.panes.keys.Current() != key || s.row("▌") != line {
		t.Errorf("back at %q, line %d; it was %q, line %d", s.m.panes.keys.Current(), s.row("▌"), key, line)
	}
	if s.connections != connections {
		t.Error("the database was connected to again")
	}
}

// TestGrace holds that keys typed before a sheet could be read neither confirm nor dismiss it.
func TestGrace(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	s.keys("end")
	s.send(kit.Press("d"))
	s.send(kit.Press("enter"))
	s.send(kit.Press("esc"))
	s.wait(300 * time.Millisecond)
	s.send(kit.Press("enter"))
	s.sees("Delete with space and\\nnewline")
	s.wait(time.Second)
	s.keys("esc").misses("Delete with")
	if _, ok := s.server.keys["with space and\nnewline"]; !ok {
		t.Error("the key was deleted")
	}
}

// TestDeleteABranch deletes many keys: counted, with a sample, typed, in pipelines of UNLINK, and reported.
func TestDeleteABranch(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40, production).start()
	s.keys("down", "down", "d").sees("Delete 120 keys under orders:2026", "PRODUCTION", "hash", "0 without TTL", "e.g. orders:2026", "type orders-prod")
	s.wait(time.Second)
	s.text("orders-prid").keys("enter").sees("type orders-prod to go on")
	s.keys("backspace", "backspace").text("od").keys("enter")
	s.wait(time.Second)
	s.sees("deleted 120 keys", "50 keys")
	for key := range s.server.keys {
		if strings.HasPrefix(key, "orders") {
			t.Fatalf("%s is still there", key)
		}
	}
	for _, words := range s.server.sent {
		if words[0] == "DEL" || words[0] == "UNLINK" && len(words) > 1001 {
			t.Fatalf("%.3q ... %d words", words, len(words))
		}
	}
}

// TestSorting sorts by what the server must be asked for, once, and only for what the filter leaves.
func TestSorting(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start().keys("/").text("sessions").keys("enter", "right")
	s.server.sent = nil
	s.keys("s", "s")
	s.wait(time.Second)
	s.sees("sorted by TTL: 30 keys")
	if s.row("20s") > s.row("1m 0s") {
		t.Errorf("20s is below 1m 0s:\n%s", s.frame())
	}
	s.keys("S")
	s.wait(time.Second)
	if s.row("19m 40s") > s.row("19m 0s") {
		t.Errorf("19m 40s is below 19m 0s, the other way round:\n%s", s.frame())
	}
	asked := map[string]int{}
	for _, words := range s.server.sent {
		if words[0] == "PTTL" {
			asked[words[1]]++
		}
	}
	if len(asked) != 30 || asked["sessions:00000000"] > 4 {
		t.Errorf("%d keys were asked for, one of them %d times", len(asked), asked["sessions:00000000"])
	}
	s.keys("s")
	s.wait(time.Second)
	s.sees("sorted by size", "236 B")
	s.keys("s", "s").sees("sorted by name")
}

// TestMemory measures a branch on demand.
func TestMemory(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start().keys("down", "down", "i")
	s.sees("orders:2026: 32.3 KiB", "hash", "0 without TTL")
	s.server.noACL["MEMORY"] = true
	s.keys("i").sees("the server does not tell", "NOPERM")
}

// TestExpiredWhileShown holds that a key whose time is up says so where it stands.
func TestExpiredWhileShown(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	s.keys(":").text("key sessions:00000000").keys("enter").sees("20s", "sessions:00000000")
	delete(s.server.keys, "sessions:00000000")
	s.wait(30 * time.Second)
	s.sees("gone")
}

// TestIdle holds that redan asks little when nothing is done, and nothing when nobody looks.
func TestIdle(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	openOrder(s)
	s.wait(2 * time.Second)
	s.server.trips = 0
	s.wait(time.Minute)
	if s.server.trips > 60 {
		t.Errorf("%d round trips in a minute", s.server.trips)
	}
	s.send(tea.BlurMsg{})
	s.wait(time.Second)
	s.server.trips = 0
	s.wait(10 * time.Minute)
	if s.server.trips > 0 {
		t.Errorf("%d round trips while the window has no focus", s.server.trips)
	}
	s.send(tea.FocusMsg{})
	s.wait(time.Minute)
	if s.server.trips == 0 || s.server.trips > 61 {
		t.Errorf("%d round trips in the minute after", s.server.trips)
	}
}

// TestNothingDangerousIsSent holds that browsing, in all its views, sends no command that would be felt.
func TestNothingDangerousIsSent(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	for range 8 {
		s.keys("down", "right", "left", "tab", "tab", "3", "4", "5", "1", "D", "esc", "/", "o", "enter", "esc")
	}
	for _, words := range s.server.sent {
		switch words[0] {
		case "KEYS", "HGETALL", "SMEMBERS", "HKEYS", "HVALS", "GET", "DUMP", "MONITOR", "FLUSHALL", "FLUSHDB":
			t.Fatalf("%q was sent", words)
		case "LRANGE", "ZRANGE":
			if words[3] == "-1" {
				t.Fatalf("%q was sent", words)
			}
		}
	}
}

// TestRefusals holds that what the server refuses to tell is left out, and the rest works.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	for _, name := range []string{"INFO", "CONFIG", "MEMORY", "DBSIZE", "OBJECT", "PTTL", "CLIENT"} {
		s.server.noACL[name] = true
	}
	s.start()
	s.sees("orders:2026", "170 keys", "str")
	s.misses("master", "MiB", "/s", "∞")
	s.keys("3").sees("does not tell about itself", "NOPERM")
	asked := len(s.server.sent)
	s.wait(time.Minute)
	infos := 0
	for _, words := range s.server.sent[asked:] {
		if words[0] == "INFO" {
			infos++
		}
	}
	if infos > 0 {
		t.Errorf("INFO was asked for %d times after it was refused", infos)
	}
}

// TestSecrets holds that no password reaches the log, a copied line, the title, or the lines remembered.
func TestSecrets(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40, func(c *Config) {
		c.Options.Password, c.Options.User = conn.NewSecret("hunter2"), "ann"
	}).start()
	s.keys(":").text("auth ann hunter2").keys("enter", ":", "up").misses("hunter2")
	s.keys("esc", "alt+5").sees("auth ***")
	s.misses("hunter2")
	s.keys("down")
	s.keys("y")
	if strings.Contains(s.clipboard, "hunter2") || !strings.Contains(s.clipboard, "--askpass") {
		t.Errorf("copied %q", s.clipboard)
	}
	log, _ := s.m.page()
	for _, entry := range log.(logPage).log {
		if strings.Contains(strings.Join(entry.words, " ")+entry.note, "hunter2") {
			t.Errorf("logged %q", entry.words)
		}
	}
	if strings.Contains(s.m.title(), "hunter2") {
		t.Error("it is in the title")
	}
}

// TestEscKeepsWhatWasTyped holds that a colon line that was left is among the earlier ones.
func TestEscKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	s.keys(":").text("set a long line").keys("esc", ":", "up").sees(":set a long line")
}

// TestQuitting leaves from the top, goes back elsewhere, and asks when a transaction is open.
func TestQuitting(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	if s.keys("3", "q"); s.quit || s.m.shape.view != keysView {
		t.Fatal("q left from a view that is not the top")
	}
	if s.keys("q"); !s.quit {
		t.Fatal("q did not leave from the top")
	}
	s = newScreen(t, 120, 40).start()
	if s.keys("ctrl+c"); s.quit {
		t.Fatal("ctrl+c left at once")
	}
	if s.keys("down", "ctrl+c"); s.quit {
		t.Fatal("ctrl+c left though another key came between")
	}
	if s.keys("ctrl+c"); !s.quit {
		t.Fatal("ctrl+c did not leave the second time")
	}
	s = newScreen(t, 120, 40).start()
	s.keys("2").text("multi").keys("enter", "alt+1", "q").sees("Quit all the same?", "transaction")
	s.wait(time.Second)
	if s.keys("esc"); s.quit {
		t.Fatal("esc left")
	}
	s.keys("q")
	s.wait(time.Second)
	if s.keys("enter"); !s.quit {
		t.Fatal("enter did not leave")
	}
}

// TestStaleAnswers holds that what belongs to an attempt that was given up changes nothing.
func TestStaleAnswers(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.held = true
	s.start()
	gen := s.m.link.gen
	s.send(kit.Press("esc"))
	s.sees("connecting was stopped")
	s.send(connected{gen: gen, err: errors.New("too late")})
	s.misses("too late")
	other, _ := s.connect(t.Context(), s.m.link.here(), watch{log: s.m.log, pending: s.m.pending})
	s.send(connected{gen: gen, server: other})
	s.sees("connecting was stopped")
}

// TestMouse clicks, turns the wheel, and drags the wall.
func TestMouse(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	at := s.row("sessions")
	s.send(tea.MouseClickMsg{X: 10, Y: at, Button: tea.MouseLeft})
	if key := s.m.panes.keys.Current(); key != "sessions:" {
		t.Errorf("the click met %q", key)
	}
	s.send(tea.MouseClickMsg{X: 10, Y: at, Button: tea.MouseLeft})
	s.sees("00001eef")
	before := s.row("▌")
	s.send(tea.MouseWheelMsg{X: 10, Y: 10, Button: tea.MouseWheelDown})
	if s.row("▌") == before {
		t.Error("the wheel moved nothing")
	}
	p := s.m.picture()
	s.send(tea.MouseClickMsg{X: p.wall.X, Y: 10, Button: tea.MouseLeft})
	s.send(tea.MouseMotionMsg{X: 70, Y: 12, Button: tea.MouseLeft})
	s.send(tea.MouseReleaseMsg{X: 70, Y: 12})
	if now := s.m.picture(); now.wall.X != 70 {
		t.Errorf("the wall is at %d", now.wall.X)
	}
	s.send(tea.MouseMotionMsg{X: 30, Y: 12})
	if now := s.m.picture(); now.wall.X != 70 {
		t.Error("the wall moves though it was let go")
	}
	s.send(tea.MouseClickMsg{X: 24, Y: p.tabs.Y, Button: tea.MouseLeft})
	if s.m.shape.view != serverView {
		t.Errorf("the click on a view's name shows %v", s.m.shape.view)
	}
	s.send(tea.MouseClickMsg{X: 3, Y: p.tabs.Y, Button: tea.MouseLeft})
	s.send(tea.MouseClickMsg{X: 100, Y: 10, Button: tea.MouseLeft})
	if s.m.shape.focus != valuePlace {
		t.Error("a click on the value does not give it the keyboard")
	}
}

// TestPanics holds that a panic anywhere ends the program in good order, with a report that holds nothing of the data.
func TestPanics(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	for name, poison := range map[string]tea.Msg{
		"update": poisoned{}, "task": kit.Task(t.Context(), func(context.Context) poisoned { panic("hunter2 " + s.m.title()) })(),
	} {
		broken := &wreck{quit: func() {}}
		g := guarded{model: s.m, wreck: broken}
		if name == "update" {
			g.model.timer = nil
			g.model.config.Now = func() time.Time { panic("hunter2") }
		}
		next, cmd := g.Update(poison)
		if broken.crash == nil || cmd == nil {
			t.Fatalf("%s: the panic was not caught", name)
		}
		if _, ok := cmd().(tea.QuitMsg); !ok {
			t.Errorf("%s: the program goes on", name)
		}
		if next.View().Content != "" {
			t.Errorf("%s: something is drawn", name)
		}
		report := broken.crash.What + broken.crash.Stack
		if strings.Contains(report, "hunter2") || strings.Contains(report, "0x") || !strings.Contains(report, "panic") {
			t.Errorf("%s: the report is\n%s", name, report)
		}
	}
	quit := make(chan struct{})
	broken := &wreck{quit: func() { close(quit) }}
	g := guarded{model: s.m, wreck: broken}
	g.model.over = []overlay{nil}
	if g.View(); broken.crash == nil {
		t.Fatal("a panic while drawing was not caught")
	}
	<-quit
}

type poisoned struct{ kit.Sealed }

// TestShellLine holds that copied lines are read by a shell as they were sent.
func TestShellLine(t *testing.T) {
	t.Parallel()
	o := conn.DefaultOptions()
	o.Host, o.Port, o.DB = "db.lab", 7000, 3
	o.TLS = &conn.TLSOptions{CAFiles: []string{"my ca.crt"}}
	got := shellLine("redan", o, []string{"SET", "it's a key", "$HOME", "\x00\xff'\\", "plain:key", ""})
	want := `redan -h db.lab -p 7000 -n 3 --tls --cacert 'my ca.crt' SET 'it'\''s a key' '$HOME' $'\x00\xff\'\\' plain:key ''`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestAddresses reads addresses as people type them.
func TestAddresses(t *testing.T) {
	t.Parallel()
	before := conn.DefaultOptions()
	before.Password = conn.NewSecret("of another server")
	if o, err := parseAddress("\tdb.lab ", before); err != nil || o.Host != "db.lab" {
		t.Errorf("blanks around an address are taken as part of it: %v, %v", o.Addr(), err)
	}
	for text, want := range map[string]string{
		"db.lab": "db.lab:6379", "db.lab:7000": "db.lab:7000", ":7000": "127.0.0.1:7000", "[::1]:7000": "::1:7000", "::1": "::1:6379",
		"redis://ann:pw@db.lab:7001/2": "db.lab:7001", "/run/redis.sock": "/run/redis.sock",
		"": "type an address", "db.lab:0": "a port is", "db.lab:x": "a port is", "http://x": "Invalid URI scheme",
	} {
		o, err := parseAddress(text, before)
		got := o.Addr().String()
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("%q leads to %q, not %q", text, got, want)
		}
		if o.Password.IsSet() && !strings.Contains(text, "@") {
			t.Errorf("%q takes another server's password along", text)
		}
	}
}
