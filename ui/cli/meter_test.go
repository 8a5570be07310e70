package cli

import (
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

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

// TestNoMeterOverPrompt: ssh host cat commands | redan --pipe has ssh ask for a password. The meter neither draws over the question, nor erases
// what it drew before; it goes on when the terminal is everybody's again.
func TestNoMeterOverPrompt(t *testing.T) {
	w := newTwin()
	w.ErrTTY = true
	var taken atomic.Bool
	looks := make(chan struct{})
	w.Taken = func() bool {
		select {
		case looks <- struct{}{}:
		default:
		}
		return taken.Load()
	}
	taken.Store(true)
	stop := newApp(w.System).meter(modes.Counted("keys"), func() modes.Work { return modes.Work{Done: 5, Fraction: -1} })
	for range 3 {
		select {
		case <-looks:
		case <-time.After(patience):
			t.Fatal("nobody asks whose the terminal is")
		}
	}
	if got := w.stderr.String(); got != "" {
		t.Errorf("over the prompt: %q", got)
	}
	taken.Store(false)
	await(t, &w.stderr, "5 keys")
	taken.Store(true)
	stop()
	if got := w.stderr.String(); strings.HasSuffix(got, eraseLine) {
		t.Errorf("the prompt is erased: %q", got)
	}
}

// TestNoMeterOnDumbTerminal: what cannot erase a line gets none.
func TestNoMeterOnDumbTerminal(t *testing.T) {
	w := newTwin()
	w.ErrTTY, w.env["TERM"] = true, "dumb"
	a := newApp(w.System)
	defer a.meter(modes.Counted("keys"), func() modes.Work { return modes.Work{} })()
	if a.drawn.Load() != nil {
		t.Error("something is drawn")
	}
}

// TestMeterBesidePipe: --scan | grep prints on the terminal that the meter is on. What is printed there is not erased.
func TestMeterBesidePipe(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = read.Close(), write.Close() }()
	synctest.Test(t, func(t *testing.T) {
		w := newTwin()
		w.ErrTTY, w.Stdout = true, write
		a := newApp(w.System)
		if !a.intoPipe() {
			t.Error("that is a pipe")
		}
		done := int64(5)
		stop := a.meterBeside(modes.Counted("keys"), func() modes.Work {
			done /= 5
			return modes.Work{Done: 1000 * done, Fraction: -1}
		})
		time.Sleep(firstBeside - 1) // no time passes in a bubble
		synctest.Wait()
		if got := w.stderr.String(); got != "" {
			t.Errorf("what is over soon shows %q", got)
		}
		time.Sleep(nextBeside + 1)
		stop()
		const want = "\x1b7\x1b[56G\x1b[K\x1b[56G1,000 keys  500 keys/s\x1b8" + // 80 columns
			"\x1b7\x1b[56G\x1b[K\x1b[72G0 keys\x1b8" +
			"\x1b7\x1b[72G\x1b[K\x1b8"
		if got := w.stderr.String(); got != want {
			t.Errorf(" got %q\nwant %q", got, want)
		}
	})
}
