package cli

import (
	"time"

	"redan/ui/modes"
)

// redraw is how often a meter is drawn: often enough to look alive, seldom enough to cost nothing.
const redraw = 100 * time.Millisecond

// room is what a meter leaves at the end of its line: the terminal writes ^C there, and a line that it broke for that could not be erased.
const room = 3

const eraseLine = "\r\x1b[2K"

// meter draws the progress of long work on standard error when that is a terminal which can erase it; elsewhere it draws nothing. count puts an amount into words.
// The function it returns takes the meter away and may be called again.
func (a *app) meter(count func(int64) string, progress func() modes.Work) (stop func()) {
	if name, _ := a.sys.Getenv("TERM"); !a.sys.ErrTTY || name == "dumb" {
		return func() {}
	}
	m := modes.Meter{Screen: a.screen(a.sys.ErrTTY), Count: count}
	return a.startDrawing(a.sys.Stderr, redraw, redraw, func(elapsed time.Duration) string {
		work := progress()
		work.Elapsed = elapsed
		columns, _ := a.terminalSize()
		return eraseLine + m.Line(work, columns-room)
	}, func() string {
		if a.taken() {
			return "" // that line is no longer ours
		}
		return eraseLine
	})
}
