package cli

import (
	"math"
	"strconv"
	"time"

	"redan/ui/modes"
)

// redraw is how often a meter is drawn: often enough to look alive, seldom enough to cost nothing.
const redraw = 100 * time.Millisecond

// room is what a meter leaves at the end of its line: the terminal writes ^C there, and a line that it broke for that could not be erased.
const room = 3

const eraseLine = "\r\x1b[2K"

// What reads a pipe mostly prints on the same terminal, as grep does: a meter comes late there, and seldom.
const (
	firstBeside = 2 * time.Second
	nextBeside  = 500 * time.Millisecond
)

// meter draws the progress of long work on standard error when that is a terminal which can erase it; elsewhere it draws nothing. count puts an amount into words.
// The function it returns takes the meter away and may be called again.
func (a *app) meter(count func(int64) string, progress func() modes.Work) (stop func()) {
	m := modes.Meter{Screen: a.screen(a.sys.ErrTTY), Count: count}
	return a.startMeter(redraw, redraw, progress, func(work modes.Work, columns int) string {
		return eraseLine + m.Line(work, columns-room)
	}, func() string { return eraseLine })
}

// meterBeside is meter on a terminal that somebody else prints on meanwhile: it stands at the right of the line that the cursor is in, which it
// does not move, so that what is printed there stays as it is.
func (a *app) meterBeside(count func(int64) string, progress func() modes.Work) (stop func()) {
	m := modes.Meter{Screen: a.screen(a.sys.ErrTTY), Count: count}
	begins := math.MaxInt // the column where the text does that is to be taken away
	return a.startMeter(firstBeside, nextBeside, progress, func(work modes.Work, columns int) string {
		text := m.Text(work, max(0, columns*3/5-room))
		at := columns - room - len(text) + 1
		erased := eraseFrom(min(at, begins))
		begins = at
		return "\x1b7" + erased + "\x1b[" + strconv.Itoa(at) + "G" + text + "\x1b8"
	}, func() string { return "\x1b7" + eraseFrom(begins) + "\x1b8" })
}

// eraseFrom erases the line of the cursor from a column on.
func eraseFrom(column int) string { return "\x1b[" + strconv.Itoa(column) + "G\x1b[K" }

// startMeter draws progress on standard error by draw until it is stopped. erase takes it away, but not from a line that is no longer ours.
func (a *app) startMeter(
	first, every time.Duration, progress func() modes.Work, draw func(work modes.Work, columns int) string, erase func() string,
) (stop func()) {
	if !a.metered() {
		return func() {}
	}
	return a.startDrawing(a.sys.Stderr, first, every, func(elapsed time.Duration) string {
		work := progress()
		work.Elapsed = elapsed
		columns, _ := a.terminalSize()
		return draw(work, columns)
	}, func() string {
		if a.taken() {
			return ""
		}
		return erase()
	})
}

// metered reports whether meters are drawn: standard error is a terminal that can take them away again.
func (a *app) metered() bool {
	name, _ := a.sys.Getenv("TERM")
	return a.sys.ErrTTY && name != "dumb"
}
