package modes

import (
	"fmt"
	"time"

	"github.com/charmbracelet/x/ansi"

	"redan/commands/latency"
	"redan/ui/theme"
)

// LatencyHistory is --latency-history on a terminal: a line for each window, with how it went.
type LatencyHistory struct {
	screen      Screen
	percentiles []float64
	windows     *latency.Windows
	length      time.Duration
	all         *latency.Tally
	began       time.Time
	parts       []latency.Moment // of the window that is open
	settled     []finished
	last        latency.Roundtrip
}

// finished is what is told of a window.
type finished struct {
	window  string // redis-cli's figures
	samples int64
	lasted  time.Duration
	p99     time.Duration
	parts   []latency.Moment
}

// A window is known in this many parts, of which at most so many are drawn.
const (
	parts  = 60
	sparks = 15
)

// NewLatencyHistory returns an empty history of windows of a length.
func NewLatencyHistory(s Screen, length time.Duration, percentiles []float64, began time.Time) *LatencyHistory {
	return &LatencyHistory{
		screen: s, percentiles: usual(percentiles), length: length, began: began,
		windows: latency.NewWindows(began, length, latency.PingEvery), all: latency.NewTally(latency.PingEvery),
	}
}

// Add implements [Live].
func (h *LatencyHistory) Add(r latency.Roundtrip) {
	h.last = r
	h.all.Add(r.Took)
	h.spark(r)
	if !h.windows.Add(r) {
		return
	}
	h.settled = append(h.settled, h.told())
	h.parts = nil
	h.windows.Next()
}

// told is the window that is open.
func (h *LatencyHistory) told() finished {
	w := h.windows.Open()
	return finished{
		fmt.Sprintf("min: %s, max: %s, avg: %s", fixed(w.Min(), 3), fixed(w.Max(), 3), fixed(w.Mean(), 3)),
		w.Count(), w.Lasted, w.Percentile(99), h.parts,
	}
}

// spark notes a round trip in its part of the window.
func (h *LatencyHistory) spark(r latency.Roundtrip) {
	into := r.Answered().Sub(h.windows.Open().Began)
	part := max(0, min(int(into*parts/max(h.length, 1)), parts-1))
	for len(h.parts) <= part {
		h.parts = append(h.parts, latency.Moment{})
	}
	h.parts[part].Slowest = max(h.parts[part].Slowest, r.Took)
}

// Settled implements [Live].
func (h *LatencyHistory) Settled(width int) []string {
	lines := make([]string, 0, len(h.settled))
	for _, f := range h.settled {
		lines = append(lines, h.line(f, width))
	}
	h.settled = nil
	return lines
}

// line is redis-cli's text, then the 99th percentile and a sparkline as far as there is room. What does not fit even so loses its count.
func (h *LatencyHistory) line(f finished, width int) string {
	text := fmt.Sprintf("%s (%d samples)%s", f.window, f.samples, rangeOf(f.lasted))
	if ansi.StringWidth(text) > width {
		return f.window + rangeOf(f.lasted)
	}
	if more := text + " p99: " + fixed(f.p99, 3); ansi.StringWidth(more) < width {
		text = more
	}
	room := min(width-1-ansi.StringWidth(text), sparks)
	if room < 4 {
		return text
	}
	cells := make([]latency.Moment, room)
	for i, m := range f.parts {
		at := i * room / parts
		cells[at].Slowest = max(cells[at].Slowest, m.Slowest)
	}
	return text + " " + h.screen.sparkline(cells, historyScale())
}

// historyScale is the same for all windows, so that they can be compared: from 10 microseconds to a second.
func historyScale() logScale { return logScale{10 * time.Microsecond, time.Second} }

// Frame implements [Live].
func (h *LatencyHistory) Frame(now time.Time, width, height int) []string {
	if height < 1 {
		return nil
	}
	since, late := waitsSince(h.last, h.began, now)
	text := ""
	switch open := h.told(); {
	case late && open.samples > 0:
		text = open.window + " " + h.screen.waiting(since, now)
	case late:
		text = h.screen.waiting(since, now)
	case open.samples > 0:
		text = h.line(open, width)
	}
	return []string{h.screen.fit(text, width)}
}

// Last implements [Live].
func (h *LatencyHistory) Last(now time.Time, width, height int) []string {
	var lines []string
	if open := h.told(); open.samples > 0 {
		lines = append(lines, h.screen.fit(h.line(open, width), width))
	}
	if h.all.Count() == 0 {
		return lines
	}
	lines = append(lines, h.screen.Theme.Paint(theme.Dim, "all of "+clock(now.Sub(h.began))+":"))
	return h.screen.fitAll(append(lines, h.screen.figures(h.all, h.percentiles, width)...), width, height)
}
