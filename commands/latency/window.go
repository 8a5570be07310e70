package latency

import "time"

// Window is what the round trips of a stretch of time add up to.
type Window struct {
	Began  time.Time
	Lasted time.Duration
	*Tally
}

// Windows cuts round trips into windows.
type Windows struct {
	length time.Duration
	window Window
}

// NewWindows returns windows of a length, which begin at began. every is the pause between two PINGs.
func NewWindows(began time.Time, length, every time.Duration) *Windows {
	return &Windows{length: length, window: Window{Began: began, Tally: NewTally(every)}}
}

// Add puts a round trip into the window that is open, and reports whether that is its last one: a window ends with the first answer after its
// time, as redis-cli's do, so it lasts a little longer; and far longer when the server hangs.
func (w *Windows) Add(r Roundtrip) (full bool) {
	w.window.Add(r.Took)
	w.window.Lasted = r.Answered().Sub(w.window.Began)
	return w.window.Lasted > w.length
}

// Open is the window that round trips go into. It is valid until [Windows.Next].
func (w *Windows) Open() Window { return w.window }

// Next empties the window and begins another one where it ended.
func (w *Windows) Next() {
	w.window.Began = w.window.Began.Add(w.window.Lasted)
	w.window.Lasted = 0
	w.window.Reset()
}
