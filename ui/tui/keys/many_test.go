package keys

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"redan/commands/keyspace"
	"redan/conn"
	"redan/conn/resp"
	"redan/ui/tui/kit"
)

func fixed(names ...string) *store {
	s := &store{keys: map[string]life{}, page: 5, denied: map[string]string{}, fixed: map[string]bool{}}
	for _, name := range names {
		s.keys[name] = life{kind: "string", size: 100}
	}
	return s
}

func numbered(format string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(format, i)
	}
	return list
}

// count is how often a command was sent, by its first words.
func (s *store) count(begin string) (n int) {
	for _, words := range s.sent {
		if strings.HasPrefix(strings.Join(words, " ")+" ", begin+" ") {
			n++
		}
	}
	return n
}

// TestReadingAgain keeps cursor, marks and open branches; what is no more goes at the end, and that is told.
func TestReadingAgain(t *testing.T) {
	t.Parallel()
	s := fixed(slices.Concat(numbered("a:%d", 20), numbered("b:%d", 20), []string{"c", "d"})...)
	d := newDriver(t, s, 50, 12).settle().keys("right", "down", "down", "m", "m", "down", "down").settle()
	at, line := d.p.Current(), d.p.list.Cursor-d.p.list.Top
	delete(s.keys, "a:1")
	delete(s.keys, "c")
	s.keys["a:0.5"] = life{kind: "hash"}
	d.keys("R")
	for len(d.tasks) > 0 {
		d.run(0)
		if d.p.Current() != at {
			t.Fatalf("the cursor went from %q to %q", at, d.p.Current())
		}
	}
	d.settle()
	if d.p.Current() != at || d.p.list.Cursor-d.p.list.Top != line {
		t.Errorf("the cursor is on %q, line %d, not on %q, line %d", d.p.Current(), d.p.list.Cursor-d.p.list.Top, at, line)
	}
	if d.p.tree.MarkedCount() != 1 || d.p.tree.Contains("c") || !d.p.tree.Contains("a:0.5") || d.p.tree.Len() != 41 {
		t.Errorf("%d marked, %d keys:\n%s", d.p.tree.MarkedCount(), d.p.tree.Len(), d.frame())
	}
	if !strings.Contains(d.told(), "2 keys are no more") {
		t.Errorf("told: %s", d.told())
	}
}

// TestReadingAgainInParts holds that keys of a server that could not be read to its end are not taken for gone.
func TestReadingAgainInParts(t *testing.T) {
	t.Parallel()
	s := fixed(numbered("k%d", 30)...)
	d := newDriver(t, s, 50, 12).settle().keys("R")
	d.run(0)
	s.down = true
	for len(d.tasks) > 0 {
		d.run(0)
	}
	if d.p.tree.Len() != 30 {
		t.Errorf("%d keys of 30", d.p.tree.Len())
	}
	s.down = false
	d.settle()
	if d.p.tree.Len() != 30 || !d.p.load.progress.Done {
		t.Errorf("%d keys of 30, done %v", d.p.tree.Len(), d.p.load.progress.Done)
	}
}

// TestMarksOutliveFilters of both kinds, and are always counted.
func TestMarksOutliveFilters(t *testing.T) {
	t.Parallel()
	s := fixed("a:1", "a:2", "b:1", "b:2")
	s.matches = func(pattern, key string) bool {
		return pattern == "*" || strings.HasPrefix(key, strings.TrimSuffix(pattern, "*"))
	}
	d := newDriver(t, s, 50, 12).settle().keys("m").settle()
	d.keys("/").text("b").keys("enter").settle()
	if frame := d.frame(); !strings.Contains(frame, "2 marked") {
		t.Errorf("with a filter:\n%s", frame)
	}
	d.keys("esc").send(kit.Answered{ID: askGlob, Text: "b*", OK: true})
	d.settle()
	if frame := d.frame(); !strings.Contains(frame, "2 marked") || d.p.tree.Len() != 4 || !d.p.tree.Contains("a:1") {
		t.Errorf("with another pattern, %d keys:\n%s", d.p.tree.Len(), frame)
	}
	d.keys("I").settle()
	if frame := d.frame(); !strings.Contains(frame, "2 marked") {
		t.Errorf("the other way round:\n%s", frame)
	}
	var marked []string
	for key := range d.p.tree.Marked() {
		marked = append(marked, key)
	}
	if !slices.Equal(marked, []string{"b:1", "b:2"}) {
		t.Errorf("marked: %q", marked)
	}
}

// TestRange marks what lies between two rows, whatever arrives meanwhile, and takes no mark away that was there before.
func TestRange(t *testing.T) {
	t.Parallel()
	s := fixed("b", "c", "d", "e", "f")
	d := newDriver(t, s, 50, 12).settle()
	d.keys("m", "down", "v", "down", "down") // b is marked; the range is d to f
	d.p = d.p.anchored(func() { d.p.tree.Add([]string{"a", "d1", "z"}, 0) })
	if frame := d.frame(); !strings.Contains(frame, "4 in range") || strings.Count(frame, "●") != 5 {
		t.Errorf("while it is stretched:\n%s", frame)
	}
	d.keys("up", "up", "up", "up") // back over its beginning: c to d
	d.keys("v").settle()
	var marked []string
	for key := range d.p.tree.Marked() {
		marked = append(marked, key)
	}
	if !slices.Equal(marked, []string{"b", "c", "d"}) {
		t.Errorf("marked: %q", marked)
	}
	d.keys("v", "down", "esc").settle()
	if d.p.tree.MarkedCount() != 3 || d.p.marking.from != 0 {
		t.Errorf("%d marked after a range that was left", d.p.tree.MarkedCount())
	}
}

// TestDeleteABranchThatIsBeingRead asks the server for all of it first, by a pattern that means its bytes, and trusts no server.
func TestDeleteABranchThatIsBeingRead(t *testing.T) {
	t.Parallel()
	s := fixed(slices.Concat(numbered("a*[:%02d", 30), numbered("ab[:%02d", 10), []string{"a*[", "a*[x"})...)
	var asked string
	s.matches = func(pattern, _ string) bool { // takes no notice of patterns
		if pattern != "*" {
			asked = pattern
		}
		return true
	}
	d := newDriver(t, s, 60, 12)
	for d.p.tree.RowCount() == 0 || !strings.HasPrefix(d.p.Current(), "a*[:") {
		d.run(0)
		d.keys("home")
	}
	d.keys("space") // the main scan stands still
	d.tasks, d.alarms = nil, nil
	loaded := d.p.tree.Len()
	row, _ := d.p.current()
	if !row.Branch || loaded >= 30 {
		t.Fatalf("the cursor is on %+v, %d keys are loaded", row, loaded)
	}
	d.keys("d").settle()
	sheet := d.sheet()
	if sheet.Title != "Delete 30 keys under a*[" || sheet.Word != "30" || asked != `a\*\[:*` {
		t.Fatalf("asked for %q, then %+v", asked, sheet)
	}
	if s.count("UNLINK") > 0 {
		t.Fatal("keys were deleted before anything was confirmed")
	}
	d.send(kit.Confirmed{ID: askRemoval, Yes: true})
	d.settle()
	if len(s.keys) != 12 || s.count("UNLINK") != 30 {
		t.Errorf("%d keys are left of 42, %d were deleted", len(s.keys), s.count("UNLINK"))
	}
	if !strings.Contains(d.told(), "deleted 30 keys") {
		t.Errorf("told: %s", d.told())
	}
}

// TestStopLooking for the keys of a branch deletes nothing.
func TestStopLooking(t *testing.T) {
	t.Parallel()
	s := fixed(numbered("a:%02d", 40)...)
	d := newDriver(t, s, 60, 12)
	for d.p.tree.RowCount() == 0 || !d.p.row0Branch() {
		d.run(0)
	}
	d.keys("space")
	d.tasks = nil
	d.keys("d")
	d.run(0)
	d.keys("X").settle()
	if s.count("UNLINK") > 0 || d.p.counting.scanner != nil || !strings.Contains(d.told(), "nothing was deleted") {
		t.Errorf("told: %s", d.told())
	}
	for _, msg := range d.asked {
		if _, ok := msg.(kit.Confirm); ok {
			t.Errorf("asked %+v", msg)
		}
	}
}

func (p Pane) row0Branch() bool {
	rows := p.tree.Rows(0, 1)
	return len(rows) == 1 && rows[0].Branch
}

// TestRefusedKeysStay on screen, and are told; the others go.
func TestRefusedKeysStay(t *testing.T) {
	t.Parallel()
	s := fixed(numbered("a:%02d", 20)...)
	s.fixed["a:03"], s.fixed["a:07"] = true, true
	d := newDriver(t, s, 60, 12).settle().keys("d").settle()
	d.send(kit.Confirmed{ID: askRemoval, Yes: true})
	d.settle()
	if d.p.tree.Len() != 2 || !d.p.tree.Contains("a:03") || !strings.Contains(d.told(), "deleted 18 keys, 2 were refused: NOPERM not this key") {
		t.Errorf("%d keys; told: %s", d.p.tree.Len(), d.told())
	}
}

// TestReplicaGivesUp: a server that stays read-only is believed, and the keys stay.
func TestReplicaGivesUp(t *testing.T) {
	t.Parallel()
	s := fixed(numbered("a:%02d", 20)...)
	s.denied["UNLINK"] = "READONLY You can't write against a read only replica."
	d := newDriver(t, s, 60, 12).settle().keys("d").settle()
	d.send(kit.Confirmed{ID: askRemoval, Yes: true})
	d.settle()
	if told := d.told(); d.p.tree.Len() != 20 || !strings.Contains(told, "given up") || !strings.Contains(told, "READONLY") || !strings.Contains(told, "20 stay") {
		t.Errorf("%d keys; told: %s", d.p.tree.Len(), told)
	}
	if n := s.count("UNLINK"); n > 20*(stubborn+2) {
		t.Errorf("tried %d times", n)
	}
}

// TestSortingAsksOnlyWhatItNeeds of every key that is shown, once, and tells of those that it cannot know.
func TestSortingAsksOnlyWhatItNeeds(t *testing.T) {
	t.Parallel()
	s := fixed(numbered("k%03d", 300)...)
	for i := range 300 {
		s.keys[fmt.Sprintf("k%03d", i)] = life{kind: "string", size: int64(i*7%300 + 1)}
	}
	d := newDriver(t, s, 60, 12).settle()
	s.sent = nil
	d.keys("s", "s", "s").settle()
	if s.count("MEMORY USAGE") != 300 || s.count("OBJECT") > 0 || s.count("TYPE") > 12 {
		t.Errorf("asked %d times for memory, %d for types", s.count("MEMORY USAGE"), s.count("TYPE"))
	}
	if !strings.Contains(d.told(), "sorted by size: 300 keys") {
		t.Errorf("told: %s", d.told())
	}
	last := int64(1 << 60)
	for _, row := range d.p.tree.Rows(0, 300) {
		size := s.keys[row.Key].size
		if size > last {
			t.Fatalf("%d comes after %d", size, last)
		}
		last = size
	}
	s.denied["OBJECT"] = "ERR An LFU maxmemory policy is selected, idle time not tracked."
	d.keys("s").settle()
	if told := d.told(); !strings.Contains(told, "does not tell the idle time") || d.p.order.by != bySize {
		t.Errorf("by %v; told: %s", d.p.order.by, told)
	}
}

// TestSortingManyTellsItsCost before it asks the server, and can be left or stopped.
func TestSortingManyTellsItsCost(t *testing.T) {
	t.Parallel()
	s := fixed(numbered("k%05d", sweepTried+sweepFree+1000)...)
	s.page = 5000
	d := newDriver(t, s, 60, 12).settle()
	key := d.p.Current()
	s.sent = nil
	d.keys("s", "s", "s").settle()
	sheet := d.sheet()
	if sheet.Title != "Sort 23,000 keys by size" || sheet.ID != askSort || s.count("MEMORY USAGE") > sweepTried+500 {
		t.Fatalf("%+v after %d questions", sheet, s.count("MEMORY USAGE"))
	}
	d.send(kit.Confirmed{ID: askSort})
	d.settle()
	if d.p.order.by != byName || d.p.order.sweep != nil || d.p.Current() != key {
		t.Errorf("left, it is sorted by %v", d.p.order.by)
	}
	d.keys("s", "s", "s").settle()
	d.send(kit.Confirmed{ID: askSort, Yes: true})
	for range 20 {
		d.run(0)
	}
	d.keys("X").settle()
	if d.p.order.by != bySize || d.p.order.told == 0 || d.p.order.told == 23_000 || !strings.Contains(d.told(), "stopped, sorted by size") {
		t.Errorf("by %v, %d known; told: %s", d.p.order.by, d.p.order.told, d.told())
	}
	if d.p.Current() != key {
		t.Errorf("the cursor went from %q to %q", key, d.p.Current())
	}
}

// TestMeasuring shows how far it is and how sure, and can be stopped.
func TestMeasuring(t *testing.T) {
	t.Parallel()
	s := fixed(numbered("a:%05d", 9000)...)
	for i := range 9000 {
		s.keys[fmt.Sprintf("a:%05d", i)] = life{kind: "string", size: int64(100 + i%7*5000)}
	}
	s.page = 5000
	d := newDriver(t, s, 60, 12).settle().keys("i")
	for d.p.weighing.so.Sampled == 0 {
		d.run(0)
	}
	d.keys("X").settle()
	if told := d.told(); !strings.Contains(told, "stopped: a: about ") || !strings.Contains(told, "±") {
		t.Errorf("told: %s", told)
	}
	d.asked = nil
	d.keys("i").settle()
	if told := d.told(); !strings.Contains(told, "a: about ") || !strings.Contains(told, "keys of 9,000") || !strings.Contains(told, "±") {
		t.Errorf("told: %s", told)
	}
	var worked bool
	for _, msg := range d.asked {
		work, ok := msg.(kit.Working)
		worked = worked || ok && work.Cancel == "X" && strings.Contains(work.Text, "measuring a")
	}
	if !worked {
		t.Error("nothing was told while it was measured")
	}
}

// TestWrongFilter tells why a filter is none, and keeps the one before.
func TestWrongFilter(t *testing.T) {
	t.Parallel()
	d := newDriver(t, fixed("aa", "ab", "b"), 70, 12).settle().keys("/").text("~a(").settle()
	if frame := d.frame(); !strings.Contains(frame, "missing closing )") || strings.Contains(frame, "  b ") || !strings.Contains(frame, "ab") {
		t.Errorf("\n%s", frame)
	}
	d.keys("enter").settle()
	if !d.p.Typing() || !strings.Contains(d.told(), "no regular expression: missing closing )") {
		t.Errorf("told: %s", d.told())
	}
}

// TestCountsWhileReading have a sign that they may grow, until all is read.
func TestCountsWhileReading(t *testing.T) {
	t.Parallel()
	d := newDriver(t, fixed(numbered("a:%02d", 40)...), 50, 12)
	for !d.p.row0Branch() {
		d.run(0)
	}
	if frame := d.frame(); !strings.Contains(frame, "…\n") {
		t.Errorf("while reading:\n%s", frame)
	}
	d.settle()
	if frame := d.frame(); strings.Contains(frame, "…") || !strings.Contains(frame, "40 \n") {
		t.Errorf("in the end:\n%s", frame)
	}
}

// TestNodeOfAKey shows where the key under the cursor is, by its slot, not by where it was read.
func TestNodeOfAKey(t *testing.T) {
	t.Parallel()
	s := fixed("foo", "bar")
	number := func(n int64) resp.Value { return resp.Value{Kind: resp.Integer, Int: n} }
	s.slots = array(array(number(0), number(8191), array(text("n1"), number(7001))), array(number(8192), number(16383), array(text("n2"), number(7002))))
	masters, err := keyspace.Discover(t.Context(), keyspace.Config{Seed: conn.Addr{Host: "n1", Port: 7001}, Open: func(conn.Addr) keyspace.Client { return s }})
	if err != nil {
		t.Fatal(err)
	}
	d := newDriverOf(t, s, masters, 60, 12).settle()
	for key, node := range map[string]string{"bar": "on n1:7001", "foo": "on n2:7002"} { // slots 5061 and 12182
		d.p, _ = d.p.Select(key)
		if frame := d.frame(); !strings.Contains(frame, node) {
			t.Errorf("%s is not %s:\n%s", key, node, frame)
		}
	}
}

// TestPaced keeps the steps of the tree between two frames.
func TestPaced(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n    int
		took time.Duration
		want int
	}{
		{1000, 5 * time.Millisecond, 1000},
		{1000, 20 * time.Millisecond, 500},
		{1000, time.Millisecond, 2000},
		{stepLeast, time.Second, stepLeast},
		{stepMost, 0, stepMost},
	} {
		if got := paced(c.n, c.took); got != c.want {
			t.Errorf("%d in %v: %d, not %d", c.n, c.took, got, c.want)
		}
	}
}
