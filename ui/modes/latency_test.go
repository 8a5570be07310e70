package modes

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"redan/commands/latency"
	"redan/ui/format"
	"redan/ui/theme"
)

func began() time.Time { return time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC) }

// roundtrips are those of so many seconds with a server that is quick, slower for a while, and hangs once.
func roundtrips(seconds int) []latency.Roundtrip {
	var all []latency.Roundtrip
	at, seed := began(), uint32(1)
	for end := at.Add(time.Duration(seconds) * time.Second); at.Before(end); {
		seed = seed*1664525 + 1013904223
		took := 40*time.Microsecond + time.Duration(seed>>24)*300*time.Nanosecond
		into := int(at.Sub(began()) / time.Second)
		switch {
		case into%20 >= 12 && seed>>16&7 == 0:
			took *= 20
		case into == 30 && len(all)%1000 > 900:
			took = 3400 * time.Millisecond
		}
		r := latency.Roundtrip{Sent: at, Took: took}
		all = append(all, r)
		at = r.Answered().Add(latency.PingEvery)
	}
	return all
}

func golden(t *testing.T, name string, lines []string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	got := []byte(strings.Join(lines, "\n") + "\n")
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
	}
}

func overTLS() latency.Opening {
	return latency.Opening{
		Connect: 412 * time.Microsecond, Handshake: 1870 * time.Microsecond, Login: 290 * time.Microsecond, Protocol: "TLS 1.3",
	}
}

// lives are the three measurements after so many seconds.
func lives(s Screen, seconds int) map[string]Live {
	all := map[string]Live{
		"latency":          NewLatencyScreen(s, "127.0.0.1:6379", overTLS(), nil, began()),
		"latency-history":  NewLatencyHistory(s, 15*time.Second, nil, began()),
		"latency-spectrum": NewSpectrumScreen(s, Spectrum{Color: s.Theme.Color()}, time.Second, nil, began()),
	}
	for _, live := range all {
		for _, r := range roundtrips(seconds) {
			live.Add(r)
		}
	}
	return all
}

func whole(live Live, now time.Time, width, height int) []string {
	return append(live.Settled(width), live.Frame(now, width, height)...)
}

func TestLatencyFrames(t *testing.T) {
	sizes := [][2]int{{120, 40}, {80, 24}, {60, 16}, {20, 5}}
	rich, plain := Screen{}, Screen{Plain: true}
	for _, size := range sizes {
		for name, live := range lives(rich, 47) {
			name += "-" + strconv.Itoa(size[0]) + "x" + strconv.Itoa(size[1])
			golden(t, name, whole(live, began().Add(47*time.Second), size[0]-1, size[1]-1))
		}
	}
	for name, live := range lives(plain, 200) {
		golden(t, name+"-plain", append(whole(live, began().Add(205*time.Second), 79, 23), live.Last(began().Add(205*time.Second), 79, 23)...))
	}
	for name, live := range lives(Screen{Theme: theme.New(true)}, 5) {
		golden(t, name+"-color", whole(live, began().Add(5*time.Second), 79, 23))
	}
	for name, live := range lives(rich, 0) {
		golden(t, name+"-silent", whole(live, began().Add(4200*time.Millisecond), 79, 23))
	}
}

// No frame is wider or higher than it may be, and none is missing.
func TestLatencyFramesFit(t *testing.T) {
	t.Parallel()
	for i, s := range []Screen{{Plain: true}, {Theme: theme.New(true)}} {
		for name, live := range lives(s, 33) {
			for j, width := range []int{1, 8, 9, 19, 25, 40, 59, 73, 79, 119} {
				for k, height := range []int{1, 2, 4, 7, 8, 9, 15, 23, 39} {
					if (i+j+k)%2 != 0 { // the other half has the other signs
						continue
					}
					now := began().Add(34 * time.Second)
					for what, frame := range map[string][]string{"frame": live.Frame(now, width, height), "last": live.Last(now, width, height)} {
						if len(frame) > height {
							t.Fatalf("%s %s at %dx%d has %d lines", name, what, width, height, len(frame))
						}
						for _, line := range frame {
							if ansi.StringWidth(line) > width {
								t.Fatalf("%s %s at %dx%d: %q", name, what, width, height, line)
							}
							if s.Plain && strings.IndexFunc(line, func(r rune) bool { return r > '~' }) >= 0 {
								t.Fatalf("%s %s is not ASCII: %q", name, what, line)
							}
						}
					}
				}
			}
		}
	}
}

func tallyOf(times ...time.Duration) *latency.Tally {
	t := latency.NewTally(latency.PingEvery)
	for _, d := range times {
		t.Add(d)
	}
	return t
}

func TestLatencyText(t *testing.T) {
	tally := tallyOf(900*time.Microsecond, 1100*time.Microsecond, 1200*time.Microsecond)
	window := latency.Window{Lasted: 15010 * time.Millisecond, Tally: tally}
	for _, c := range []struct {
		text         LatencyText
		line, window string
	}{
		{LatencyText{Mode: format.Raw}, "0 2 1.07 3\n", "0 2 1.07 3\n"},
		{LatencyText{Mode: format.CSV}, "0,2,1.07,3\n", "0,2,1.07,3\n"},
		{
			LatencyText{Mode: format.JSON},
			`{"min": 0, "max": 2, "avg": 1.07, "count": 3}` + "\n",
			`{"min": 0, "max": 2, "avg": 1.07, "count": 3, "seconds": 15.01}` + "\n",
		},
		{LatencyText{Mode: format.Standard}, "min: 0, max: 2, avg: 1.07 (3 samples)", "min: 0, max: 2, avg: 1.07 (3 samples) -- 15.01 seconds range\n"},
		{LatencyText{Mode: format.Raw, Percentiles: []float64{50, 99.9}}, "0.900 1.200 1.067 3 1.101 1.200\n", "0.900 1.200 1.067 3 1.101 1.200\n"},
		{
			LatencyText{Mode: format.JSON, Percentiles: []float64{50}, Connected: &Connected{Opening: overTLS()}},
			`{"min": 0.900, "max": 1.200, "avg": 1.067, "count": 3, "percentiles": {"50": 1.101}, "connection": ` +
				`{"connect": 0.412, "tls_handshake": 1.870, "tls_version": "TLS 1.3", "login": 0.290, "first_ping": 0.000}}` + "\n",
			`{"min": 0.900, "max": 1.200, "avg": 1.067, "count": 3, "percentiles": {"50": 1.101}, "seconds": 15.01, "connection": ` +
				`{"connect": 0.412, "tls_handshake": 1.870, "tls_version": "TLS 1.3", "login": 0.290, "first_ping": 0.000}}` + "\n",
		},
	} {
		if got := c.text.Line(tally); got != c.line {
			t.Errorf("%+v\n got %q\nwant %q", c.text, got, c.line)
		}
		got := c.text.WindowLine(window)
		if got != c.window {
			t.Errorf("%+v\n got %q\nwant %q", c.text, got, c.window)
		}
		if c.text.Mode == format.JSON && !json.Valid([]byte(got)) {
			t.Errorf("not JSON: %s", got)
		}
	}
	// A server that answers within a microsecond is not one that takes none.
	if got := (LatencyText{Mode: format.Raw}).Line(tallyOf(400)); got != "0 1 0.00 1\n" {
		t.Errorf("got %q", got)
	}
}

func TestIntrinsicText(t *testing.T) {
	found := latency.Intrinsic{Runs: 11096492, Elapsed: time.Second, Worst: 144 * time.Microsecond, Over: [4]int64{7, 1, 0, 0}}
	for mode, want := range map[format.Mode]string{
		format.Raw: "\n11096492 total runs (avg latency: 0.0901 microseconds / 90.12 nanoseconds per run).\n" +
			"Worst run took 1598x longer than the average latency.\n",
		format.CSV: "11096492,90.12,144,1598\n",
		format.JSON: `{"runs": 11096492, "seconds": 1.00, "avg_ns": 90.12, "max_us": 144.000, "ratio": 1598, ` +
			`"runs_over_us": {"10": 7, "100": 1, "1000": 0, "10000": 0}}` + "\n",
	} {
		if got := (IntrinsicText{mode}).Summary(found); got != want {
			t.Errorf("got %q\nwant %q", got, want)
		}
	}
	if got := (IntrinsicText{format.Raw}).Worse(26700 * time.Nanosecond); got != "Max latency so far: 26 microseconds.\n" {
		t.Errorf("got %q", got)
	}
	if got := (IntrinsicText{format.JSON}).Worse(time.Second); got != "" {
		t.Errorf("JSON is one document, got %q", got)
	}
}

func TestSpectrumText(t *testing.T) {
	var s latency.Spectrum
	for range 27 {
		s.Add(100 * time.Microsecond)
	}
	s.Add(200 * time.Microsecond)
	s.Add(61 * time.Second)
	w := latency.Window{Lasted: time.Second, Tally: tallyOf(100*time.Microsecond, 61*time.Second)}
	for _, c := range []struct {
		text Spectrum
		want []string
	}{
		{Spectrum{Color: true}, []string{"\x1b[38;5;0m\x1b[48;5;0m.\x1b[48;5;202m-\x1b[48;5;233m*\x1b[48;5;0m#", "\x1b[48;5;233m?\x1b[0m\n"}},
		{Spectrum{Color: true, Mono: true}, []string{"\x1b[48;5;253m-\x1b[48;5;233m*"}},
		{Spectrum{}, []string{" 9. ", " .\n"}},
		{Spectrum{Mode: format.CSV}, []string{"0,27,1,0,0", ",0,1\n"}},
		{Spectrum{Mode: format.JSON}, []string{`"upto_ms": {"0.125": 27, "0.25": 1, "more": 1}}` + "\n"}},
	} {
		got := c.text.Row(s, w)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%+v: %q has no %q", c.text, got, want)
			}
		}
	}
	if (Spectrum{}).Legend(1) != "" || (Spectrum{Mode: format.CSV}).Legend(0) != "" || (Spectrum{}).Legend(20) == "" {
		t.Error("the legend comes at rows 0, 20, 40 ..., and for people only")
	}
}

func TestShortTime(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 ns", 999: "999 ns", 1000: "1.00 µs", 31400: "31.4 µs", 999600: "1.00 ms", 125 * time.Millisecond: "125 ms", 2100 * time.Millisecond: "2.10 s",
		90 * time.Second: "90.0 s", time.Hour: "3600 s",
	} {
		if got := shortTime(d, false); got != want {
			t.Errorf("%d: %q, want %q", d, got, want)
		}
	}
}

func TestRows(t *testing.T) {
	lines := []string{"", "abcd", "abcde", "\x1b[36mabcdefghi\x1b[0m"}
	if got := Rows(lines, 4); got != 1+1+2+3 {
		t.Errorf("%d rows", got)
	}
	if Rows(nil, 80) != 0 {
		t.Error("nothing drawn, no rows")
	}
}

func TestConnectedParts(t *testing.T) {
	c := Connected{Opening: overTLS(), FirstPing: 310 * time.Microsecond}
	got := strings.Join(c.Parts(true), ", ")
	if want := "connect 412 us, TLS 1.3 handshake 1.87 ms, login 290 us, first PING 310 us"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := strings.Join(Connected{Opening: latency.Opening{Connect: time.Millisecond}}.Parts(false), ", "); got != "connect 1.00 ms" {
		t.Error(got)
	}
}

// On a terminal of any height the last line says what is going on, that the server hangs above all: the pictures leave it room. And where there
// are bars, those of the slowest answers are.
func TestLatencyScreenKeepsItsStatus(t *testing.T) {
	trips := roundtrips(40)
	live := NewLatencyScreen(Screen{Theme: theme.New(false)}, "127.0.0.1:6379", overTLS(), nil, began())
	for _, r := range trips {
		live.Add(r)
	}
	now := trips[len(trips)-1].Answered().Add(time.Second)
	for height := 4; height <= 40; height++ {
		for _, width := range []int{24, 59, 79, 200} {
			if lines := live.Frame(now, width, height); !strings.Contains(lines[len(lines)-1], "no answer for") {
				t.Errorf("%d x %d:\n%s", width, height, strings.Join(lines, "\n"))
			}
		}
	}
}

// The chart gets the lines that are left when ranges have been joined.
func TestLatencyScreenUsesItsLines(t *testing.T) {
	live := lives(Screen{}, 40)["latency"]
	for height := roomForChart; height <= 40; height++ {
		lines := live.Frame(began().Add(40*time.Second), 79, height)
		if chart := strings.Count(strings.Join(lines, "\n"), "│"); chart < chartMost && len(lines) < height {
			t.Errorf("%d lines of %d are used, and the chart has %d:\n%s", len(lines), height, chart, strings.Join(lines, "\n"))
		}
	}
}

// The first PING is that of the connection: not the first one after a measurement has begun anew, and again one after it was opened anew.
func TestLatencyScreenKnowsFirstPing(t *testing.T) {
	live := NewLatencyScreen(Screen{}, "", latency.Opening{Connect: time.Millisecond}, nil, began())
	add := func(took time.Duration) { live.Add(latency.Roundtrip{Sent: began(), Took: took}) }
	head := func() string { return live.Frame(began(), 79, 20)[0] }
	add(5 * time.Millisecond)
	add(2 * time.Millisecond)
	live.Anew(began())
	add(3 * time.Millisecond)
	if got, want := head(), " · connect 1.00 ms · first PING 5.00 ms"; got != want || live.Count() != 1 {
		t.Errorf("begun anew: %q with %d samples, want %q", got, live.Count(), want)
	}
	live.Reopened(latency.Opening{Connect: 2 * time.Millisecond})
	add(4 * time.Millisecond)
	if got, want := head(), " · connect 2.00 ms · first PING 4.00 ms"; got != want || live.Count() != 2 {
		t.Errorf("opened anew: %q with %d samples, want %q", got, live.Count(), want)
	}
}
