package modes

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"redan/commands/latency"
	"redan/ui/theme"
)

func statRow(commands, growth int64) latency.StatRow {
	return latency.StatRow{
		At:     time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
		Stats:  latency.Stats{Keys: 10, Memory: 3292528, Clients: 1, Commands: commands, Connections: 1378},
		Growth: latency.Growth{Commands: growth, CommandRate: float64(growth)},
		Nodes:  1,
	}
}

const statHeader = "------- data ------ --------------------- load -------------------- - child -\n" +
	"keys       mem      clients blocked requests            connections          \n"

func TestStatTable(t *testing.T) {
	var table StatTable
	got := string(table.Append(nil, statRow(1730192, 0)))
	want := statHeader + "10         3.14M    1       0       1730192 (+0)        1378        \n"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for i := range 45 {
		text := string(table.Append(nil, statRow(1, 1)))
		if headed := strings.HasPrefix(text, statHeader); headed != (i == 19 || i == 39) {
			t.Errorf("row %d has a header: %v", i+2, headed)
		}
	}
	for want, s := range map[string]latency.Stats{
		"": {}, "SAVE": {Saving: true}, "AOF": {Rewriting: true}, "SAVE+AOF": {Saving: true, Rewriting: true}, "LOAD": {Loading: true, Saving: true},
	} {
		table = StatTable{rows: 1}
		row := statRow(5, 5)
		row.Saving, row.Rewriting, row.Loading = s.Saving, s.Rewriting, s.Loading
		if got := string(table.Append(nil, row)); got != "10         3.14M    1       0       5 (+5)              1378        "+want+"\n" {
			t.Errorf("%s: %q", want, got)
		}
	}
}

func TestShortBytes(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0B", 512: "512B", 1023: "1023B", 1024: "1.00K", 1038684: "1014.34K", 2506097: "2.39M", 1288490189: "1.20G", 3 << 40: "3.00T", 3 << 50: "3.00P",
	} {
		if got := ShortBytes(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

// What a terminal shows keeps redis-cli's columns where they are.
func TestStatScreen(t *testing.T) {
	row := statRow(1730192, 350)
	row.Growth = latency.Growth{Commands: 350, Hits: 999, Misses: 1, Evicted: 1234, InRate: 64e6, OutRate: 1.2e3, CommandRate: 500}
	row.Saving = true
	for width, want := range map[int]string{
		60: "keys       mem      clients blocked requests\n" +
			"10         3.14M    1       0       1730192 (+350)      SAVE\n",
		76: "keys       mem      clients blocked requests            connections\n" +
			"10         3.14M    1       0       1730192 (+350)      1378        SAVE\n",
		80: statHeader + "10         3.14M    1       0       1730192 (+350)      1378        SAVE\n",
		100: "------- data ------ --------------------- load -------------------- - child - ----- cache, net ----\n" +
			"keys       mem      clients blocked requests            connections          hits   in/s out/s evict\n" +
			"10         3.14M    1       0       1730192 (+350)      1378        SAVE     99.9%  64M  1.2k  1.2k\n",
		121: "------- data ------ --------------------- load -------------------- - child - ----- cache, net ---- --------------------\n" +
			"keys       mem      clients blocked requests            connections          hits   in/s out/s evict 0             1.0k/s\n" +
			"10         3.14M    1       0       1730192 (+350)      1378        SAVE     99.9%  64M  1.2k  1.2k  ##########\n",
		20: "keys       mem\n10         3.14M    \n",
		1:  "k\n1\n",
	} {
		screen := StatScreen{Screen: Screen{Plain: true}}
		got := string(screen.Append(nil, row, width, 24))
		if got != trim(want) { // blanks at the end would wrap when the terminal becomes narrower
			t.Errorf("%d columns:\n%s\nwant\n%s", width, got, want)
		}
	}
}

// trim takes blanks away at the ends of lines.
func trim(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// No row wraps, whatever is in it, and colours change nothing about that.
func TestStatScreenFits(t *testing.T) {
	row := statRow(1<<62, 1<<61)
	row.Keys, row.Memory, row.MaxMemory, row.Clients, row.Blocked, row.Connections = 1<<60, 1<<60, 1, 1<<30, 1<<30, 1<<60
	row.Growth = latency.Growth{Commands: 1 << 61, Hits: 1, Misses: 1 << 60, Evicted: 1 << 60, InRate: 1e18, OutRate: 1e18, CommandRate: 1e18}
	row.Rewriting, row.Saving = true, true
	for width := 1; width <= 200; width++ {
		for _, screen := range []StatScreen{{Screen: Screen{Theme: theme.New(true)}}, {Screen: Screen{Plain: true}}} {
			for _, r := range []latency.StatRow{statRow(1, 0), row, statRow(5, 3)} {
				for line := range strings.SplitSeq(string(screen.Append(nil, r, width, 24)), "\n") {
					if got := ansi.StringWidth(line); got > width {
						t.Fatalf("%d columns: %d cells: %q", width, got, line)
					}
				}
			}
		}
	}
}

// The header is always on the screen, and comes again at once when the width is another one or the bars get another scale.
func TestStatScreenHeader(t *testing.T) {
	headed := func(text []byte) bool { return bytes.Contains(text, []byte("keys")) }
	var screen StatScreen
	since := 0
	for i := range 100 {
		text := screen.Append(nil, statRow(1, 0), 80, 12)
		if since++; headed(text) {
			since = 1
		}
		if headed(text) != (since == 1) || since > 12-3 {
			t.Fatalf("row %d is %d lines below its header", i, since)
		}
	}
	if !headed(screen.Append(nil, statRow(1, 0), 70, 12)) {
		t.Error("no header after a change of the width")
	}
	if headed(screen.Append(nil, statRow(1, 1e6), 70, 12)) {
		t.Error("a header for a scale that nobody sees")
	}
	wide := StatScreen{}
	wide.Append(nil, statRow(1, 0), 150, 50)
	if !headed(wide.Append(nil, statRow(1, 1500), 150, 50)) || headed(wide.Append(nil, statRow(1, 1900), 150, 50)) {
		t.Error("a header belongs to a new scale, and to no other row")
	}
	if headed(wide.Append(nil, statRow(1, 3), 150, 50)) || wide.scale != 2000 {
		t.Errorf("a calm row changes the scale to %v", wide.scale)
	}
	heads := 0
	for range 3 * calmRows {
		if headed(wide.Append(nil, statRow(1, 0), 150, 10_000)) {
			heads++
		}
	}
	if heads != 1 || wide.scale != slowest {
		t.Errorf("after calm rows the scale ends at %v with %d headers, want %v with one", wide.scale, heads, slowest)
	}
}

func TestStatForPrograms(t *testing.T) {
	row := statRow(100, 7)
	row.Growth.Hits, row.Growth.Misses = 3, 1
	row.Lost = []latency.LostNode{{Name: "10.0.0.1:7001", Err: errors.New("quote \" and \xff\x1b")}}
	text := AppendStatJSON(nil, row)
	var parsed map[string]any
	if err := json.Unmarshal(text, &parsed); err != nil || !utf8.Valid(text) || bytes.Count(text, []byte("\n")) != 1 {
		t.Fatalf("%q: %v", text, err)
	}
	for name, want := range map[string]string{
		"time": "2026-11-22T12:00:00Z", "keys": "10", "commands": "7", "hit_rate": "0.75", "child": "", "nodes": "1", "total_commands_processed": "100",
	} {
		if got := fmt.Sprint(parsed[name]); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if idle := AppendStatJSON(nil, statRow(1, 0)); !bytes.Contains(idle, []byte(`"hit_rate":null`)) || !bytes.HasSuffix(idle, []byte(`"lost":[]}`+"\n")) {
		t.Errorf("idle: %s", idle)
	}
	rows, err := csv.NewReader(strings.NewReader(StatCSVHeader() + string(AppendStatCSV(AppendStatCSV(nil, row), statRow(1, 0))))).ReadAll()
	if err != nil || len(rows) != 3 || len(rows[0]) != 19 || rows[1][12] != "0.7500" || rows[2][12] != "" || rows[0][12] != "hit_rate" {
		t.Errorf("%q, %v", rows, err)
	}
}

func TestShort(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 999.4: "999", 999.6: "1.0k", 9949: "9.9k", 9999: "10k", 999_400: "999k", 999_600: "1.0M", 34e6: "34M", 1e18: "1000P",
	} {
		if got := Short(x); got != want {
			t.Errorf("%v: %q, want %q", x, got, want)
		}
	}
	for x, want := range map[float64]float64{0: 10, 10: 10, 11: 20, 50: 50, 51: 100, 123456: 200000} {
		if got := RoundUp(x); got != want {
			t.Errorf("the round number above %v is %v, want %v", x, got, want)
		}
	}
	if Percent(0.99999) != "99.9%" || Percent(1) != "100.0%" || Percent(0) != "0.0%" {
		t.Error("only what is whole is 100%")
	}
}
