package keys

import (
	"strings"
	"testing"

	"redan/ui/tui/kit"
)

// TestNothingMatchesSoFar holds that a filter which leaves nothing says that there is more to come, as long as there is.
func TestNothingMatchesSoFar(t *testing.T) {
	t.Parallel()
	d := newDriver(t, fixed(numbered("a:%02d", 40)...), 50, 12)
	for d.p.tree.RowCount() == 0 {
		d.run(0)
	}
	d.keys("/").text("zzz")
	for d.p.tree.RowCount() > 0 {
		d.run(0)
	}
	if frame := d.frame(); !strings.Contains(frame, "No key matches zzz so far.") {
		t.Errorf("while reading:\n%s", frame)
	}
	d.settle()
	if frame := d.frame(); !strings.Contains(frame, "No key matches zzz.") {
		t.Errorf("in the end:\n%s", frame)
	}
}

// TestDeletingTheNamelessKey names it.
func TestDeletingTheNamelessKey(t *testing.T) {
	t.Parallel()
	d := newDriver(t, fixed(""), 60, 12).settle().keys("d").settle()
	if title := d.sheet().Title; title != `Delete ""` {
		t.Errorf("asked for %q", title)
	}
}

// TestCancelStopsDeleting holds that ctrl+c, which reaches the pane as a message, stops what X stops: it cancels first and quits second.
func TestCancelStopsDeleting(t *testing.T) {
	t.Parallel()
	d := newDriver(t, fixed(numbered("a:%02d", 30)...), 60, 12).settle()
	if what := d.p.Underway(); what != "" {
		t.Errorf("%q is under way", what)
	}
	d.keys("d").settle()
	d.send(kit.Confirmed{ID: askRemoval, Yes: true})
	if what := d.p.Underway(); what != "deleting" {
		t.Errorf("%q is under way", what)
	}
	d.send(kit.Cancel{})
	d.settle()
	if !strings.Contains(d.told(), "stopped: deleted ") || d.p.Underway() != "" {
		t.Errorf("told: %s", d.told())
	}
}
