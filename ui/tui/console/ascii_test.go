package console

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"redan/ui/theme"
	"redan/ui/tui/kit"
)

// TestASCII holds that a terminal limited to ASCII gets nothing else but what replies hold.
func TestASCII(t *testing.T) {
	t.Parallel()
	const held = "ïé☕" // by the replies
	for name, act := range map[string]func(*driver){
		"replies": func(d *driver) {
			d.enter("hgetall x", "get x", "lrange l 0 -1", "bad x", "info", "3 incr x", "xrange s - +")
		},
		"pasted": func(d *driver) { d.pasted("set a 1\nget a") },
		"menu":   func(d *driver) { d.typed("client "); d.press("tab"); d.settle() },
		"hint":   func(d *driver) { d.enter("multi"); d.typed("set k ") },
		"search": func(d *driver) { d.enter("get one"); d.press("ctrl+r"); d.typed("get") },
		"live":   func(d *driver) { d.subscribe(news("hello")); d.press("space") },
		"waiting": func(d *driver) {
			d.typed("blpop queue 0")
			d.press("enter")
			d.until("the timer is set", func() bool { return len(d.timers) > 0 })
			d.fire()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(t)
			c.Look.ASCII = true
			d := drive(t, c, server(story()))
			act(d)
			for _, size := range [][2]int{{120, 40}, {80, 10}, {30, 6}} {
				for line := range strings.SplitSeq(ansi.Strip(d.pane.View(size[0], size[1])), "\n") {
					if at := strings.IndexFunc(line, func(r rune) bool { return r > 0x7e && !strings.ContainsRune(held, r) }); at >= 0 {
						t.Errorf("%q in %s", line[at:], line)
					}
				}
			}
			for _, b := range d.pane.Keys() {
				if text := b.Help + b.Off + b.Group; len(text) != kit.Width(text) {
					t.Errorf("the footer says %q", text)
				}
			}
		})
	}
}

// TestRestyle holds that what was printed before is drawn in a new look too.
func TestRestyle(t *testing.T) {
	t.Parallel()
	d := drive(t, config(t), server(story()))
	d.enter("get doc", "bad thing")
	before := d.pane.View(80, 20)
	made, err := theme.Named("gruvbox", false, nil)
	if err != nil {
		t.Fatal(err)
	}
	d.send(kit.Restyle{Look: kit.Look{Theme: made}})
	after := d.pane.View(80, 20)
	if after == before || ansi.Strip(after) != ansi.Strip(before) || !strings.Contains(after, made.Paint(theme.JSONNumber, "1299")) {
		t.Errorf("before:\n%q\nafter:\n%q", before, after)
	}
}
