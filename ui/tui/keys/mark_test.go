package keys

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"redan/ui/tui/kit"
)

// TestMarkedBranch holds that a branch tells whether all of its keys are marked, or some.
func TestMarkedBranch(t *testing.T) {
	t.Parallel()
	p, _, run := fresh(t, []string{"a:1", "a:2", "b:1"})
	p, _ = run(p, p.Init())
	row := func() string {
		for line := range strings.Lines(ansi.Strip(p.View(40, 8))) {
			if strings.Contains(line, "a ") {
				return line
			}
		}
		return ""
	}
	press := func(keys ...string) {
		for _, key := range keys {
			next, cmd := p.Update(kit.Press(key))
			p, _ = run(next, cmd)
		}
	}
	press("m")
	if !strings.Contains(row(), kit.Marked().Of(p.config.Look)) {
		t.Errorf("all keys are marked: %q", row())
	}
	press("up", "right", "down", "m")
	if !strings.Contains(row(), kit.Partly().Of(p.config.Look)) {
		t.Errorf("one of two keys is marked: %q", row())
	}
}
