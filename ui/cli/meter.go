package cli

import (
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
	if !a.metered() {
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

// metered reports whether meters are drawn: standard error is a terminal that can take them away again.
func (a *app) metered() bool {
	name, _ := a.sys.Getenv("TERM")
	return a.sys.ErrTTY && name != "dumb"
}

// meterBeside is meter on a terminal that somebody else prints on meanwhile: it stands at the right of the line that the cursor is in, which it
// does not move, so that what is printed there stays as it is.
func (a *app) meterBeside(count func(int64) string, progress func() modes.Work) (stop func()) {
	if !a.metered() {
		return func() {}
	}
	m := modes.Meter{Screen: a.screen(a.sys.ErrTTY), Count: count}
	begins := 0 // the column where the text does that is to be taken away
	put := func(text string, columns int) string {
		at := columns - room - len(text) + 1
		if begins == 0 || at < begins {
			begins = at
		}
		erased := "\x1b7\x1b[" + strconv.Itoa(begins) + "G\x1b[K"
		begins = at
		return erased + "\x1b[" + strconv.Itoa(at) + "G" + text + "\x1b8"
	}
	return a.startDrawing(a.sys.Stderr, firstBeside, nextBeside, func(elapsed time.Duration) string {
		work := progress()
		work.Elapsed = elapsed
		columns, _ := a.terminalSize()
		return put(m.Text(work, max(0, columns*3/5-room)), columns)
	}, func() string {
		if a.taken() {
			return ""
		}
		return "\x1b7\x1b[" + strconv.Itoa(begins) + "G\x1b[K\x1b8"
	})
}
