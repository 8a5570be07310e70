package viewer

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"redan/ui/theme"
	"redan/ui/tui/kit"
)

// TestASCII holds that a terminal limited to ASCII gets nothing else, in no view of no type, but what the values hold.
func TestASCII(t *testing.T) {
	t.Parallel()
	const held = "ïé☕漢字" // by the sample
	for name, steps := range views() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, size := range [][2]int{{120, 40}, {60, 16}, {24, 8}} {
				d := newDriver(sample(), size[0], size[1], true)
				d.open(steps[0], "")
				d.press(steps[1:]...)
				for line := range strings.SplitSeq(ansi.Strip(d.frame()), "\n") {
					if at := strings.IndexFunc(line, func(r rune) bool { return r > 0x7e && !strings.ContainsRune(held, r) }); at >= 0 {
						t.Errorf("%q in %s", line[at:], line)
					}
				}
				for _, b := range d.pane.Keys() {
					if text := b.Help + b.Off + b.Group; len(text) != kit.Width(text) {
						t.Errorf("the footer says %q", text)
					}
				}
			}
		})
	}
}

// TestRestyle holds that a pane is drawn in a new look at once, and that its text stays.
func TestRestyle(t *testing.T) {
	t.Parallel()
	for name, steps := range views() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDriver(sample(), 100, 30, false)
			d.open(steps[0], "")
			d.press(steps[1:]...)
			before := d.frame()
			made, err := theme.Named("gruvbox", false, nil)
			if err != nil {
				t.Fatal(err)
			}
			d.send(kit.Restyle{Look: kit.Look{Theme: made}})
			if after := d.frame(); after == before || ansi.Strip(after) != ansi.Strip(before) {
				t.Errorf("before:\n%s\nafter:\n%s", before, after)
			}
			d.send(kit.Restyle{Look: kit.Look{}})
			if after := d.frame(); after != before && strings.Contains(strings.ReplaceAll(after, "\x1b[7m", ""), "\x1b[3") {
				t.Errorf("colours stay:\n%q", after)
			}
		})
	}
}
