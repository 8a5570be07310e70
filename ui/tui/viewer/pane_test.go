package viewer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"redan/conn/resp"
	"redan/ui/theme"
	"redan/ui/tui/kit"
)

func TestFramesFitAnySize(t *testing.T) {
	t.Parallel()
	for name, steps := range views() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDriver(sample(), 100, 30, len(name)%2 == 0)
			d.open(steps[0], "")
			d.press(steps[1:]...)
			for w := 1; w <= 200; w += 1 + w/6 {
				for h := 1; h <= 60; h += 1 + h/4 {
					d.send(tea.WindowSizeMsg{Width: w, Height: h})
					checkFrame(t, d.frame(), w, h)
				}
			}
		})
	}
}

// The sizes that a frame is asked for need not be those that were told.
func TestFrameOfAnotherSize(t *testing.T) {
	d := newDriver(sample(), 100, 30, false)
	d.open("queue", "")
	checkFrame(t, d.pane.View(33, 7), 33, 7)
}

func TestASCIIHasNoSigns(t *testing.T) {
	for name, steps := range views() {
		if strings.Contains(strings.Join([]string{"hash", "json", "json_folded", "hash_field"}, " "), name) {
			continue // their values are not ASCII
		}
		d := newDriver(sample(), 60, 16, true)
		d.open(steps[0], "")
		d.press(steps[1:]...)
		for i, r := range d.frame() {
			if r > 0x7e && !slices.Contains([]rune("naïve☕漢字é"), r) {
				t.Errorf("%s: %q at byte %d:\n%s", name, r, i, d.frame())
				break
			}
		}
	}
}

func TestColoursOnlyWhereAllowed(t *testing.T) {
	d := newDriver(sample(), 80, 24, false)
	if frame := d.open("config", ""); ansi.Strip(frame) != frame {
		t.Error("escape sequences without colours")
	}
	d.pane.config.Look.Theme = theme.New(true)
	if frame := d.frame(); ansi.Strip(frame) == frame {
		t.Error("no escape sequences with colours")
	}
	checkFrame(t, d.frame(), 80, 24)
}

func TestNextPageLoadsNearTheEnd(t *testing.T) {
	f := sample()
	d := newDriver(f, 80, 24, false)
	d.open("queue", "list")
	loaded := len(d.pane.top().table.elements)
	if loaded >= 1000 || loaded == 0 {
		t.Fatalf("%d elements loaded at once", loaded)
	}
	for range 12 {
		d.press("pgdown")
	}
	if got := len(d.pane.top().table.elements); got <= loaded {
		t.Errorf("still %d elements after 12 pages down", got)
	}
	for i, e := range d.pane.top().table.elements {
		if string(e.Value) != fmt.Sprintf("job %d", i) {
			t.Fatalf("element %d is %q", i, e.Value)
		}
	}
}

func TestBothEndsOfAList(t *testing.T) {
	d := newDriver(sample(), 80, 24, false)
	d.open("queue", "list")
	d.press("G")
	if frame := d.frame(); !strings.Contains(frame, "job 999") || strings.Contains(frame, "job 1\n") {
		t.Fatalf("the end is not shown:\n%s", frame)
	}
	for range 60 {
		d.press("pgup")
	}
	e, _ := d.pane.top().table.at(d.pane.top().list.Cursor)
	if string(e.Value) != "job 0" {
		t.Errorf("60 pages up from the end lead to %q", e.Value)
	}
	elements := d.pane.top().table.elements
	for i := 1; i < len(elements); i++ {
		if elements[i].Index != elements[i-1].Index+1 {
			t.Fatalf("index %d follows on %d", elements[i].Index, elements[i-1].Index)
		}
	}
}

// A server may hand out more than COUNT: it is cut, and nothing is lost.
func TestPagesAreCappedByUs(t *testing.T) {
	f := &fake{keys: map[string]*fakeKey{"h": {kind: "hash", memory: 1 << 20, extra: map[string]resp.Value{"HLEN": integer(5000)}}}}
	for i := range 5000 {
		f.keys["h"].items = append(f.keys["h"].items, fmt.Sprintf("f%04d", i), "v")
	}
	f.keys["h"].extra["HSCAN"] = array(bulk("0"), bulks(f.keys["h"].items...))
	d := newDriver(f, 80, 24, false)
	d.open("h", "hash")
	if got := len(d.pane.top().table.elements); got > 400 {
		t.Fatalf("%d elements in the first pages", got)
	}
	for range 300 {
		d.press("pgdown")
	}
	if got := len(d.pane.top().table.elements); got != 5000 {
		t.Errorf("%d fields in the end, want 5000", got)
	}
}

func TestMovingOnCancels(t *testing.T) {
	f := sample()
	d := newDriver(f, 80, 24, false)
	d.hold = true
	d.send(kit.OpenKey{Key: "queue", Type: "list"})
	d.send(kit.OpenKey{Key: "tags", Type: "set"})
	d.release()
	if frame := d.frame(); !strings.Contains(frame, "tags") || strings.Contains(frame, "job") {
		t.Errorf("the key opened last is not shown:\n%s", frame)
	}
	for _, words := range f.sent {
		if len(words) > 1 && words[1] == "queue" {
			t.Errorf("%q was sent for a key that was left", words)
		}
	}
}

// TestProblemsAreWrappedAtBlanks holds that no word of an error is cut in two.
func TestProblemsAreWrappedAtBlanks(t *testing.T) {
	d := newDriver(sample(), 60, 20, false)
	d.open("tags", "set")
	d.pane.value.state, d.pane.value.why = failed, errors.New("GET: BUSY Redis is busy running a script. You can only call SCRIPT KILL or that")
	if frame := d.frame(); !strings.Contains(frame, "\n script. You ") {
		t.Errorf("\n%s", frame)
	}
}

func TestSlowServer(t *testing.T) {
	d := newDriver(sample(), 80, 24, false)
	d.open("tags", "set")
	d.hold = true
	d.send(kit.OpenKey{Key: "queue", Type: "list"})
	if frame := d.frame(); !strings.Contains(frame, "green") {
		t.Errorf("what was there is not kept while the next key is fetched:\n%s", frame)
	}
	d.send(d.timer.due[len(d.timer.due)-1])
	frame := d.frame()
	if strings.Contains(frame, "green") || !strings.Contains(frame, "reading the value") || !strings.Contains(frame, "esc: stop") || !strings.Contains(frame, "queue") {
		t.Errorf("it is not told what is awaited:\n%s", frame)
	}
	d.press("esc")
	d.release()
	if frame := d.frame(); !strings.Contains(frame, "given up") || strings.Contains(frame, "job 1") {
		t.Errorf("after giving up:\n%s", frame)
	}
	d.press("ctrl+r")
	if frame := d.frame(); !strings.Contains(frame, "job 1") {
		t.Errorf("it cannot be read again:\n%s", frame)
	}
}

func TestGoneMeanwhile(t *testing.T) {
	f := sample()
	d := newDriver(f, 80, 24, false)
	d.open("queue", "list")
	delete(f.keys, "queue")
	d.press("G")
	frame := d.frame()
	if !strings.Contains(frame, "no longer exists") || !strings.Contains(frame, "job 1") || !strings.Contains(frame, "12:00:00") {
		t.Errorf("it is not said, or the value is not kept:\n%s", frame)
	}
	if !d.askedFor(kit.KeyGone{Key: "queue"}) {
		t.Errorf("the root was told %v", d.asked)
	}
}

// TestBackOnlineReadsAgain holds that what was read before a connection broke is not shown as if it still were so.
func TestBackOnlineReadsAgain(t *testing.T) {
	f := sample()
	d := newDriver(f, 80, 24, false)
	d.open("tags", "set")
	d.press("down")
	d.send(kit.Offline{})
	delete(f.keys, "tags")
	d.send(kit.Online{})
	if frame := d.frame(); !strings.Contains(frame, "no longer exists") || !strings.Contains(frame, "▌ green") {
		t.Errorf("\n%s", frame)
	}
}

func TestTypeChangedMeanwhile(t *testing.T) {
	f := sample()
	d := newDriver(f, 80, 24, false)
	d.open("queue", "list")
	f.keys["queue"] = f.keys["tags"]
	d.press("G")
	if frame := d.frame(); !strings.Contains(frame, "it was a list and is a set now") {
		t.Errorf("it is not said:\n%s", frame)
	}
	d.press("ctrl+r")
	if frame := d.frame(); !strings.Contains(frame, "green") || strings.Contains(frame, "it was") {
		t.Errorf("after reading it again:\n%s", frame)
	}
}

func TestLifeTicksAndEnds(t *testing.T) {
	f := sample()
	d := newDriver(f, 80, 24, false)
	d.open("orders:2026:11:22:0042", "hash")
	d.send(kit.Tick{Now: noon().Add(2*time.Hour + 13*time.Minute + 30*time.Second)})
	if frame := d.frame(); !strings.Contains(frame, "TTL 30s") {
		t.Errorf("the life does not tick:\n%s", frame)
	}
	delete(f.keys, "orders:2026:11:22:0042")
	d.send(kit.Tick{Now: noon().Add(3 * time.Hour)})
	if frame := d.frame(); !strings.Contains(frame, "no longer exists") || !strings.Contains(frame, "paid") {
		t.Errorf("its end is not noticed:\n%s", frame)
	}
}

func TestRefusedCommands(t *testing.T) {
	f := sample()
	f.refuse = map[string]string{"MEMORY": "NOPERM this user has no permissions to run the 'memory|usage' command"}
	d := newDriver(f, 80, 24, false)
	if frame := d.open("tags", "set"); !strings.Contains(frame, "refused: memory") || !strings.Contains(frame, "green") {
		t.Errorf("it is not said in place:\n%s", frame)
	}
	f.refuse["LRANGE"] = "NOPERM this user has no permissions to run the 'lrange' command"
	if frame := d.open("queue", "list"); !strings.Contains(frame, "could not be read") || !strings.Contains(frame, "NOPERM") {
		t.Errorf("it is not said in place:\n%s", frame)
	}
}

func TestConnectionLost(t *testing.T) {
	f := sample()
	d := newDriver(f, 80, 24, false)
	d.open("queue", "list")
	f.failing = errors.New("broken pipe")
	d.press("G")
	if frame := d.frame(); !strings.Contains(frame, "job 1") {
		t.Errorf("what was there is gone:\n%s", frame)
	}
	var told bool
	for _, msg := range d.asked {
		failed, ok := msg.(kit.Failed)
		told = told || ok && errors.Is(failed.Err, f.failing)
	}
	if !told {
		t.Errorf("the root was told %v", d.asked)
	}
}

func (d *driver) askedFor(want tea.Msg) bool {
	return slices.Contains(d.asked, want)
}

func TestCopy(t *testing.T) {
	for _, c := range []struct {
		steps []string
		want  string
	}{
		{[]string{"orders:2026:11:22:0042", "down", "y"}, `{"amount": 1299, "currency": "EUR"}`},
		{[]string{"orders:2026:11:22:0042", "down", "Y"}, "total"},
		{[]string{"orders:2026:11:22:0042", "G", "y"}, "\x00\x01\x02\xfe\xff\x00\x03\x04"},
		{[]string{"config", "y"}, `{"name":"redan","list":[1,2,{"deep":true,"none":null}],"empty":{},"text":"naïve ☕ 漢字"}`},
		{[]string{"board", "y"}, "player:000"},
		{[]string{"queue", "Y"}, "queue"},
		{[]string{"telemetry", "y"}, "sensor=3\ncelsius=29.5"},
	} {
		d := newDriver(sample(), 80, 24, false)
		d.open(c.steps[0], "")
		d.press(c.steps[1:]...)
		var got []string
		for _, msg := range d.asked {
			if m, ok := msg.(kit.CopyText); ok {
				got = append(got, m.Text)
			}
		}
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%q copies %q, want %q", c.steps, got, c.want)
		}
	}
}

func TestFilterReadsOn(t *testing.T) {
	d := newDriver(sample(), 80, 24, false)
	d.open("queue", "list")
	d.press("/")
	if !d.pane.Typing() {
		t.Fatal("not typing")
	}
	d.write("997")
	if frame := d.frame(); !strings.Contains(frame, "job 997") {
		t.Errorf("what is at the end is not found:\n%s", frame)
	}
	d.press("enter", "esc")
	if frame := d.frame(); d.pane.Typing() || !strings.Contains(frame, "job 990") || !strings.Contains(frame, "▌ 997") {
		t.Errorf("esc does not lead back to all, around what was found:\n%s", frame)
	}
	d.press("g")
	if frame := d.frame(); !strings.Contains(frame, "job 0") {
		t.Errorf("the beginning is lost:\n%s", frame)
	}
}

func TestJumps(t *testing.T) {
	for _, c := range []struct{ key, to, want string }{
		{"queue", "-1", "job 999"},
		{"queue", "500", "job 500"},
		{"queue", "1,000,000", "job 999"},
		{"orders:2026:11:22:0042", "customer", "c:88213"},
		{"telemetry", "2025-11-21 22:40:03", "1763764803000-0"},
	} {
		d := newDriver(sample(), 80, 24, false)
		d.open(c.key, "")
		d.press("J")
		ask, ok := d.asked[len(d.asked)-1].(kit.Ask)
		if !ok {
			t.Fatalf("%s: the root was asked for %v", c.key, d.asked)
		}
		d.send(kit.Answered{ID: ask.ID, Text: c.to, OK: true})
		f := d.pane.top()
		line := strings.Split(ansi.Strip(d.frame()), "\n")[d.pane.above()+f.list.Cursor-f.list.Top]
		if !strings.Contains(line, c.want) {
			t.Errorf("%s: %s leads to %q, want %q\n%s", c.key, c.to, line, c.want, d.frame())
		}
	}
}

func TestEveryKeyIsBoundOnce(t *testing.T) {
	for name, steps := range views() {
		d := newDriver(sample(), 80, 24, false)
		d.open(steps[0], "")
		d.press(steps[1:]...)
		bound := map[string]string{}
		for _, b := range d.pane.Keys() {
			for _, key := range b.Keys {
				if other, ok := bound[key]; ok {
					t.Errorf("%s: %s is %s and %s", name, key, other, b.ID)
				}
				bound[key] = b.ID
			}
		}
	}
}

func TestKeysCanBeChosen(t *testing.T) {
	d := newDriver(sample(), 80, 24, false)
	d.pane.config.Keys = map[string][]string{"value.copy": {"x"}}
	d.open("queue", "list")
	d.press("y")
	if len(d.asked) != 0 {
		t.Errorf("y still does %v", d.asked)
	}
	d.press("x")
	if len(d.asked) != 1 {
		t.Errorf("x does %v", d.asked)
	}
}

func TestForeignMessagesAreDropped(t *testing.T) {
	d := newDriver(sample(), 80, 24, false)
	d.hold = true
	d.send(kit.OpenKey{Key: "queue", Type: "list"})
	d.send(opened{stamp: stamp{pane: 2, gen: d.pane.gen}, err: context.DeadlineExceeded})
	d.release()
	if frame := d.frame(); !strings.Contains(frame, "job 1") {
		t.Errorf("another pane's message was taken in:\n%s", frame)
	}
}

// TestSmallestPane holds that a pane of two lines or more shows a row of the value: in a window of 20x5 there were the key's facts alone.
func TestSmallestPane(t *testing.T) {
	for h := 2; h <= 6; h++ {
		d := newDriver(sample(), 20, h, false)
		d.open("tags", "set")
		if frame := d.frame(); !strings.Contains(frame, "▌ red") || !strings.Contains(frame, "5 of 5") || h > 2 && !strings.Contains(frame, "tags") {
			t.Errorf("%d lines:\n%s", h, frame)
		}
	}
}
