package cli

import (
	"strings"
	"testing"

	"redan/ui/modes"
)

// TestLineBesideMeter: --scan > file says on the terminal which node failed, in a line of its own and not behind the meter.
func TestLineBesideMeter(t *testing.T) {
	w := newTwin()
	w.ErrTTY = true
	a := newApp(w.System)
	stop := a.meter(modes.Counted("keys"), func() modes.Work { return modes.Work{Done: 5, Fraction: 0.5} })
	await(t, &w.stderr, "5 keys")
	a.warn("a node is gone")
	stop()
	stop() // may be called again
	a.warn("the end")
	got := w.stderr.String()
	if !strings.Contains(got, eraseLine+"a node is gone\n") {
		t.Errorf("behind the meter: %q", got)
	}
	if !strings.HasSuffix(got, "gone\nthe end\n") && !strings.HasSuffix(got, eraseLine+"the end\n") {
		t.Errorf("the meter is still there: %q", got)
	}
}

// TestNoMeterInFile: what is no terminal gets none.
func TestNoMeterInFile(t *testing.T) {
	w := newTwin()
	a := newApp(w.System)
	defer a.meter(modes.Counted("keys"), func() modes.Work { return modes.Work{} })()
	if a.drawn.Load() != nil {
		t.Error("something is drawn")
	}
}
