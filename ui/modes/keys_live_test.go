package modes

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"redan/commands/keyspace/sweep"
	"redan/ui/theme"
)

var update = flag.Bool("update", false, "write the golden blocks anew")

// oddKeys are keys whose names no terminal should be given as they are, and types of modules.
func oddKeys() []sweep.Key {
	var keys []sweep.Key
	for i, name := range []string{
		"", "line\nbreak\ttab", "\x1b[2Jescape\u009b", "bytes\xff\xfe", strings.Repeat("long", 2500), strings.Repeat("日本語", 30), "emoji 👩‍👩‍👧 1️⃣", "\u0301combines",
		"\u202ereversed", "\x00",
	} {
		typ := []string{"string", "list", "hash", "set", "zset", "stream", "ReJSON-RL", "vectorset", "\x1b[31mtype", "bytes\xff"}[i]
		keys = append(keys, sweep.Key{Name: name, Type: typ, Length: int64(i+1) * 1234567, Memory: int64(i+1) * 7654321, Frequency: int64(250 - 20*i)})
	}
	return keys
}

// liveReports are the analyses in the middle of these keys.
func liveReports(keys []sweep.Key) map[string]KeyReport {
	reports := map[string]KeyReport{"bigkeys": NewBigKeys(), "memkeys": NewMemKeys(), "hotkeys": NewHotKeys(), "keystats": NewKeyStats(12)}
	for _, report := range reports {
		for i := range keys {
			report.Take(0, &keys[i], int64(2*len(keys)))
		}
	}
	return reports
}

func TestLiveBlocks(t *testing.T) {
	t.Parallel()
	keys := append(sampleKeys(t), oddKeys()...)
	work := Work{Done: int64(len(keys)), Fraction: 0.5, Elapsed: 90 * time.Second}
	for name, report := range liveReports(keys) {
		for _, size := range []struct {
			columns, lines int
			plain          bool
		}{{120, 40, false}, {80, 24, false}, {60, 16, false}, {40, 12, false}, {24, 7, false}, {60, 16, true}} {
			block := Block{Screen: Screen{Plain: size.plain}, Width: size.columns - 1, Height: size.lines, Source: "127.0.0.1:6379"}
			got := strings.Join(report.Live(block, work), "\n") + "\n"
			file := fmt.Sprintf("testdata/live/%s-%dx%d.txt", name, size.columns, size.lines)
			if size.plain {
				file = strings.Replace(file, ".txt", "-ascii.txt", 1)
			}
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
			}
		}
	}
}

// TestLiveBlocksFit: at no size is there a line too many, a cell too many, or a byte that acts on the terminal.
func TestLiveBlocksFit(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]sweep.Key{nil, oddKeys(), append(sampleKeys(t), oddKeys()...)} {
		for name, report := range liveReports(keys) {
			for i, width := range append(upTo(32), 39, 47, 59, 79, 119, 200) {
				for j, height := range []int{1, 3, 7, 8, 16, 50} {
					for k, plain := range []bool{false, true} {
						if (i+j+k)%3 != 0 { // a third of all pairs has each width, and each height many times
							continue
						}
						block := Block{Screen: Screen{Theme: theme.New(true), Plain: plain}, Width: width, Height: height, Source: "host\x1b:1"}
						checkFits(t, fmt.Sprintf("%s %dx%d", name, width, height), block, report.Live(block, Work{Done: 5, Total: 10, Elapsed: time.Minute}))
					}
				}
			}
		}
	}
}

func upTo(n int) []int {
	var all []int
	for i := range n {
		all = append(all, i)
	}
	return all
}

func checkFits(t *testing.T, what string, b Block, lines []string) {
	t.Helper()
	if len(lines) > b.Height {
		t.Fatalf("%s: %d lines", what, len(lines))
	}
	for _, line := range lines {
		text := ansi.Strip(line)
		if width := ansi.StringWidth(text); width > b.Width {
			t.Fatalf("%s: %d cells: %q", what, width, text)
		}
		for _, r := range text {
			if unicode.IsControl(r) || r == unicode.ReplacementChar || b.Plain && r > 0x7e {
				t.Fatalf("%s: %q in %q", what, r, text)
			}
		}
	}
}

// TestCanvas: the terminal is left once, as it was, and a shorter block leaves nothing of a longer one.
func TestCanvas(t *testing.T) {
	t.Parallel()
	var c Canvas
	for _, step := range []struct{ got, want string }{
		{c.Leave(), ""},
		{c.Draw([]string{"a", "b"}), "\x1b[?1049h\x1b[?25l\x1b[Ha\x1b[K\r\nb\x1b[K\x1b[J"},
		{c.Draw([]string{"c"}), "\x1b[Hc\x1b[K\x1b[J"},
		{c.Leave(), "\x1b[H\x1b[2J\x1b[?25h\x1b[?1049l"},
		{c.Leave(), ""},
		{c.Draw(nil), "\x1b[?1049h\x1b[?25l\x1b[H\x1b[J"},
	} {
		if step.got != step.want {
			t.Errorf("%q, want %q", step.got, step.want)
		}
	}
}
