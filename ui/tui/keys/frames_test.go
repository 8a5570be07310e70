package keys

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"redan/ui/tui/kit"
)

var rewrite = flag.Bool("update", false, "write the golden frames anew")

// TestFrames compares the pane in each of its states with its golden picture, wide and narrow, with the line that tells how far it is.
func TestFrames(t *testing.T) {
	t.Parallel()
	begun := func(d *driver) { // one page is there, and described
		for d.p.tree.Len() == 0 {
			d.run(0)
		}
		for len(d.alarms) > 0 {
			d.ring(0)
		}
		d.run(len(d.tasks) - 1)
	}
	for name, walk := range map[string]func(d *driver){
		"first":   func(*driver) {},
		"reading": begun,
		"paused":  func(d *driver) { begun(d); d.keys("space") },
		"read":    func(d *driver) { d.settle() },
		"again": func(d *driver) {
			d.settle().keys("R")
			for d.p.load.progress.Seen == 0 {
				d.run(0)
			}
		},
		"open":    func(d *driver) { d.settle().keys("right", "down", "down", "down").settle() },
		"marked":  func(d *driver) { d.settle().keys("m", "down", "right", "down", "v", "down", "down").settle() },
		"list":    func(d *driver) { d.settle().keys("F").settle().keys("down", "down").settle() },
		"by_size": func(d *driver) { d.settle().keys("F", "s", "s", "s").settle().keys("home").settle() },
		"filter":  func(d *driver) { d.settle().keys("/").text("ord 1").settle() },
		"wrong":   func(d *driver) { d.settle().keys("/").text("~[").settle() },
		"nothing": func(d *driver) { d.settle().keys("/").text("nosuch").keys("enter").settle() },
		"gone": func(d *driver) {
			d.settle().keys("F").settle()
			clear(d.server.keys)
			d.now = d.now.Add(time.Minute)
			d.send(kit.Tick{Now: d.now})
			d.settle()
		},
		"expired": func(d *driver) {
			d.settle().keys("F").settle()
			d.send(kit.Offline{})
			d.now = d.now.Add(90 * time.Second)
			d.send(kit.Tick{Now: d.now})
		},
		"unread":  func(d *driver) { begun(d); d.server.down = true; d.tail(); d.server.down = false },
		"refused": func(d *driver) { d.server.denied["SCAN"] = "NOPERM no SCAN for you"; d.settle() },
		"empty":   func(d *driver) { clear(d.server.keys); d.settle() },
		"pattern": func(d *driver) {
			d.settle()
			d.server.matches = func(string, string) bool { return false }
			d.send(kit.Answered{ID: askGlob, Text: "zzz* type:hash", OK: true})
			d.settle()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			for _, size := range [][2]int{{60, 14}, {28, 8}} {
				s := &store{keys: sample(60), page: 11, denied: map[string]string{}, fixed: map[string]bool{}}
				d := newDriver(t, s, size[0], size[1])
				walk(d)
				d.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				b.WriteString("[" + ansi.Strip(d.p.Status(58)) + "]\n" + d.frame() + "\n")
			}
			golden(t, name, b.String())
		})
	}
}

// tail lets all tasks go, and no alarm ring.
func (d *driver) tail() {
	for len(d.tasks) > 0 {
		d.run(0)
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *rewrite {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the picture is not that of %s; go test -update writes it anew\n%s", path, got)
	}
}
