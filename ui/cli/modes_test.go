package cli

import (
	"os"
	"sync/atomic"
	"testing"
)

// A signal that comes twice, as timeout(1) sends it, is one: while the first is heeded the second does not end the program.
func TestSignalThatComesTwice(t *testing.T) {
	signals := make(chan os.Signal, 1)
	var left atomic.Bool // the system ends the program at the next one
	w := newTwin()
	w.Interrupts = func() (<-chan os.Signal, func()) { return signals, func() { left.Store(true) } }
	ctx, done := newApp(w.System).untilInterrupted(t.Context())
	signals <- os.Interrupt
	<-ctx.Done()
	if left.Load() {
		t.Error("the second signal would end the program")
	}
	done()
	if !left.Load() {
		t.Error("signals are caught for ever")
	}
}
