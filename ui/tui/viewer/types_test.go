package viewer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"redan/conn/resp"
	"redan/ui/tui/kit"
)

func TestLivesOfFields(t *testing.T) {
	f := &fake{keys: map[string]*fakeKey{"h": {kind: "hash", items: []string{"a", "1", "b", "2"}, extra: map[string]resp.Value{
		"HPTTL": array(integer(90_000), integer(-1)),
	}}}}
	d := newDriver(f, 60, 16, false)
	if frame := d.open("h", "hash"); !strings.Contains(frame, "1m 30s") || !strings.Contains(frame, "∞") {
		t.Errorf("the lives are not shown:\n%s", frame)
	}
	d.send(kit.Tick{Now: noon().Add(time.Minute)})
	if frame := d.frame(); !strings.Contains(frame, "30s") || strings.Contains(frame, "1m 30s") {
		t.Errorf("they do not tick:\n%s", frame)
	}
}

// A server that has no lives of fields is asked once.
func TestNoLivesOfFields(t *testing.T) {
	f := sample()
	d := newDriver(f, 60, 16, false)
	d.open("orders:2026:11:22:0042", "hash")
	d.press("ctrl+r", "ctrl+r")
	asked := 0
	for _, words := range f.sent {
		if words[0] == "HPTTL" {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("HPTTL was sent %d times", asked)
	}
}

func TestTooLongModuleValues(t *testing.T) {
	f := sample()
	f.keys["flags"].memory, f.keys["sketch"].memory = 64<<20, 64<<20
	d := newDriver(f, 80, 24, false)
	for _, key := range []string{"flags", "sketch"} {
		if frame := d.open(key, ""); !strings.Contains(frame, "too much to show") || !strings.Contains(frame, "64.0 MiB") {
			t.Errorf("%s:\n%s", key, frame)
		}
	}
	for _, words := range f.sent {
		if words[0] == "JSON.GET" || words[0] == "DUMP" {
			t.Errorf("%q was sent", words)
		}
	}
	f.keys["flags"].extra["JSON.DEBUG MEMORY"] = array(integer(100))
	d.open("flags", "")
	d.press("J")
	d.send(kit.Answered{ID: d.pane.question(askPlace), Text: "$.a", OK: true})
	if frame := d.frame(); !strings.Contains(frame, "false") {
		t.Errorf("a path in it cannot be read:\n%s", frame)
	}
}

func TestWindowsOfALongString(t *testing.T) {
	line := func(i int) string { return fmt.Sprintf("line %-45d.", i) } // long, because each line on the way costs a frame
	var text strings.Builder
	for i := range 8000 {
		text.WriteString(line(i) + "\n")
	}
	f := &fake{keys: map[string]*fakeKey{"long": {kind: "string", text: text.String(), memory: 500_000}}}
	d := newDriver(f, 80, 24, false)
	d.open("long", "string")
	seen := map[string]bool{}
	for range 1600 {
		shown := strings.Split(d.frame(), "\n")[d.pane.above()+d.pane.top().list.Cursor-d.pane.top().list.Top]
		seen[strings.TrimSpace(strings.Trim(shown, " ▌"))] = true
		d.press("down")
		if seen[line(1500)] {
			break
		}
	}
	for i := range 1500 {
		if !seen[line(i)] {
			t.Fatalf("line %d was not shown on the way down", i)
		}
	}
	d.press("G")
	if !strings.Contains(d.frame(), "line 7999") {
		t.Errorf("the end is not shown:\n%s", d.frame())
	}
	d.press("g")
	if !strings.Contains(d.frame(), "line 0 ") {
		t.Errorf("the beginning is not shown:\n%s", d.frame())
	}
	for _, words := range f.sent {
		if words[0] == "GET" {
			t.Errorf("%q was sent", words)
		}
	}
}
