package tui

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/commands/keyspace/analysis"
	"redan/conn"
	"redan/conn/conntest"
	"redan/ui/tui/kit"
)

// TestAnalysis reads all keys when it is told to and not before, shows what they add up to while it does, and opens one.
func TestAnalysis(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start().keys("6")
	s.wait(5 * time.Second)
	s.sees("space reads all keys").misses("Largest")
	if s.sweeps != 0 {
		t.Fatal("it read the keys without being told to")
	}
	s.midway(1).sees("59%  100 keys", "Largest by memory").misses("sessions")
	s.resume().sees("170 keys, 671.1 KiB", "str ", "read all again").misses("59%")
	if s.sweeps != 1 || s.closedRuns != 1 {
		t.Errorf("%d begun, %d ended", s.sweeps, s.closedRuns)
	}
	s.keys("end", "home", "down", "y")
	if s.clipboard != "" {
		t.Errorf("copied %q of a type", s.clipboard)
	}
	s.keys("end", "y")
	name := s.clipboard
	if !strings.HasPrefix(name, "orders:2026:11:22:") {
		t.Errorf("copied %q", name)
	}
	s.keys("enter")
	if s.m.shape.view != keysView {
		t.Errorf("enter shows %s", s.m.shape.view)
	}
	s.sees(name, "hash   6 fields")
}

// TestAnalysisStops keeps what was found until then.
func TestAnalysisStops(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"space", "esc"} {
		s := newScreen(t, 120, 40).start().keys("6").midway(1)
		s.held = false
		s.m, _ = s.m.Update(kit.Press(key))
		s.sees("Stopping")
		s.resume().sees("100 keys, 502.7 KiB, 58.8% of all", "Largest by memory")
		if s.closedRuns != 1 {
			t.Errorf("%s: %d of 1 ended", key, s.closedRuns)
		}
		s.keys("space").sees("170 keys")
	}
}

// TestAnalysisOfLostServer says that it is not all, and drops everything once another server may answer.
func TestAnalysisOfLostServer(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start().keys("6").midway(1)
	s.server.down, s.refused = errDown, errDown
	s.resume().sees("100 keys", "not all could be read: ").misses("of all")
	s = newScreen(t, 120, 40).start().keys("6").midway(1)
	s.held = false
	s.m, _ = s.m.turnAll(left{})
	s.resume().sees("space reads all keys").misses("100 keys")
	if s.closedRuns != 1 {
		t.Error("what nobody wants any more goes on")
	}
}

// TestAnalysisOfServerThatHangs shows what there is, and that no more comes.
func TestAnalysisOfServerThatHangs(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start().keys("6")
	s.server.hangs = 20
	s.midway(12).sees("100 keys", "Largest by memory", "no answer for 2s")
	s.resume().sees("170 keys").misses("no answer")
}

func TestAnalysisOfNothing(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	clear(s.server.keys)
	s.start().keys("6", "space").sees("There are no keys in db 0.").misses("0 keys")
}

// TestAnalysisThatReadNothing does not say of a server that broke at once, or refused to tell, that it has no keys.
func TestAnalysisThatReadNothing(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24).start().keys("6").midway(0)
	s.server.down, s.refused = errDown, errDown
	s.resume().sees("not all could be read: ", "Nothing was read.").misses("There are no keys", "0 keys")
}

// TestExplainedLineIsNoLogLine: what redis-cli begins such a line with says nothing on a screen.
func TestExplainedLineIsNoLogLine(t *testing.T) {
	t.Parallel()
	for _, failure := range []*conn.Error{{Line: "Error: Server closed the connection"}, {Line: "Error: x", Cause: "Server closed the connection"}} {
		if cause, _ := explain(failure); cause != "Server closed the connection" {
			t.Errorf("%q", cause)
		}
	}
}

// TestAnalysisKeepsCursor holds that the row under the cursor stays there when others come.
func TestAnalysisKeepsCursor(t *testing.T) {
	t.Parallel()
	row := func(under, name string) analysisRow {
		return analysisRow{under: under, key: &analysis.Entry{Name: name}}
	}
	before := []analysisRow{{head: "x"}, row("x", "a"), row("x", "b"), {head: "y"}, row("y", "b")}
	after := []analysisRow{{head: "x"}, row("x", "c"), row("x", "a"), {head: "y"}, row("y", "d"), row("y", "e"), row("y", "b")}
	for cursor, want := range map[int]kit.List{0: {Cursor: 0}, 1: {Cursor: 2, Top: 1}, 2: {Cursor: 2}, 3: {Cursor: 3}, 4: {Cursor: 6, Top: 2}, 9: {Cursor: 9}} {
		if got := follow(kit.List{Cursor: cursor}, before, after); got != want {
			t.Errorf("from row %d: %+v, want %+v", cursor, got, want)
		}
	}
}

// TestLatency measures while it is on screen, and no longer; every connection is closed.
func TestLatency(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start().keys("7")
	s.wait(3 * time.Second)
	s.sees("space measures")
	sent := func() (n int) {
		for _, words := range s.server.sent {
			if words[0] == "PING" {
				n++
			}
		}
		return n
	}
	if sent() != 0 || s.pingLinks != 0 {
		t.Fatal("it measured without being told to")
	}
	s.keys("space")
	s.wait(3 * time.Second)
	s.sees("measuring   for 3s", "p50: 0.400", "1 second a column", "TLS 1.3 handshake 1.90 ms")
	if n := sent(); n < 250 || n > 400 || s.pingLinks != 1 {
		t.Errorf("%d PINGs in three seconds, on %d connections", n, s.pingLinks)
	}
	s.keys("space").sees("stopped", "p50: 0.400")
	before := sent()
	s.wait(3 * time.Second)
	if sent() != before || s.pingLinks != 0 {
		t.Errorf("%d PINGs after it was stopped, %d connections open", sent()-before, s.pingLinks)
	}
	s.keys("space")
	s.wait(time.Second)
	s.keys("R").sees("samples)")
	s.keys("1")
	s.wait(time.Second)
	before = sent()
	s.wait(time.Second)
	if sent() != before || s.pingLinks != 0 {
		t.Errorf("%d PINGs while another view is on screen, %d connections open", sent()-before, s.pingLinks)
	}
	s.keys("7").sees("stopped, since another view was on screen")
}

func TestLatencyBreaks(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start().keys("7", "space")
	s.wait(time.Second)
	s.server.down, s.refused = errDown, errDown
	s.wait(time.Second)
	s.sees("connection reset by peer", "p50: 0.400")
	if s.pingLinks != 0 {
		t.Error("the connection stays open")
	}
	s.keys("space").sees("there is no connection")
	s.server.down, s.refused = nil, nil
	s.wait(5 * time.Second)
	s.sees("space measures").misses("p50") // another server may answer there now
	s.server.noACL["PING"] = true
	s.keys("space").sees("NOPERM")
	if s.pingLinks != 0 {
		t.Error("the connection stays open after a refusal")
	}
}

// TestLatencyLeft gives up what is under way, whether a task is out or not.
func TestLatencyLeft(t *testing.T) {
	t.Parallel()
	for _, parts := range []int{0, 1, 2} {
		s := newScreen(t, 120, 40).start().keys("7").midway(parts)
		s.held = false
		m, end := s.m.turnAll(left{})
		s.m = m
		s.run(end)
		s.resume().wait(time.Second)
		s.sees("space measures")
		if s.pingLinks != 0 {
			t.Errorf("after %d parts a connection stays open", parts)
		}
	}
}

// TestMeasuresRealServer reads the keys of a real server, over TLS and with a password, and measures how long it takes to answer.
func TestMeasuresRealServer(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t, conntest.TLS(), conntest.Password("hunter2"))
	for n := range 300 {
		server.Do("SET", "user:"+strconv.Itoa(n), "x")
	}
	server.Do("RPUSH", "queue", "a", "b", "c")
	server.Do("SET", "blob", strings.Repeat("x", 5000))
	s := newRealScreen(t, server)
	s.m.how.pause = s.pause
	s.start().keys("6", "space").sees("302 keys, ", "3 items  list  queue", "KiB  str   blob", "5,000 bytes  str   blob")
	s.keys("7", "space")
	s.wait(2 * time.Second)
	s.sees("measuring", "TLS 1.3", "p99.9")
	s.keys("space", "alt+5").sees("SCAN 0", "PING").misses("hunter2")
	if clients := server.Do("CLIENT", "LIST"); strings.Contains(clients, "cmd=ping") || strings.Contains(clients, "cmd=scan ") {
		t.Errorf("a connection stays open:\n%s", clients)
	}
}

// TestLatencyHangs says while it happens that the server does not answer, and stops without waiting for it.
func TestLatencyHangs(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start().keys("7", "space")
	s.wait(time.Second)
	s.misses("no answer")
	s.held, s.kept = true, nil // a PING goes out and nothing comes back
	s.wait(2500 * time.Millisecond)
	s.sees("no answer for 2.", "p50: 0.400")
	s.keys("space").sees("stopped").misses("no answer")
	s.resume()
	if s.pingLinks != 0 {
		t.Error("the connection stays open")
	}
}

// TestUntoldType names what a server does not tell: of a cluster that is down the keys can be read, and their types not.
func TestUntoldType(t *testing.T) {
	t.Parallel()
	row := analysisRow{sum: &analysis.TypeStats{Keys: 7}}
	if line := row.draw(false, 80, kit.Look{}); !strings.HasPrefix(line, "   ? ") {
		t.Errorf("%q", line)
	}
}

// TestAnalysisCutsNoNumber leaves out the columns that do not fit: half a number is another one.
func TestAnalysisCutsNoNumber(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start().keys("6", "space")
	shown, _ := s.m.page()
	rows := shown.(analysisPage).rows()
	for w := 35; w <= 200; w++ {
		for _, row := range rows {
			if line := row.draw(false, w, kit.Look{}); row.key == nil && kit.Width(line) > w {
				t.Errorf("%d columns: %q", w, line)
			}
		}
	}
}
