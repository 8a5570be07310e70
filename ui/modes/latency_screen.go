package modes

import (
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"redan/commands/latency"
	"redan/ui/theme"
)

// LatencyScreen is --latency on a terminal: redis-cli's figures and the percentiles, a chart of the time so far, and how round trips are distributed.
type LatencyScreen struct {
	screen      Screen
	server      string
	connected   Connected
	percentiles []float64
	began       time.Time
	tally       *latency.Tally
	trend       *latency.Trend
	last        latency.Roundtrip
}

// NewLatencyScreen returns an empty screen for a server that was connected to like this.
func NewLatencyScreen(s Screen, server string, opening latency.Opening, percentiles []float64, began time.Time) *LatencyScreen {
	return &LatencyScreen{
		screen: s, server: server, connected: Connected{Opening: opening}, percentiles: usual(percentiles), began: began,
		tally: latency.NewTally(latency.PingEvery), trend: latency.NewTrend(began),
	}
}

// Add implements [Live].
func (l *LatencyScreen) Add(r latency.Roundtrip) {
	if l.connected.FirstPing == 0 {
		l.connected.FirstPing = r.Took
	}
	l.tally.Add(r.Took)
	l.trend.Add(r)
	l.last = r
}

// Settled implements [Live].
func (l *LatencyScreen) Settled(int) []string { return nil }

// Frame implements [Live].
func (l *LatencyScreen) Frame(now time.Time, width, height int) []string {
	return l.screen.fitAll(l.lines(now, width, height, true), width, height)
}

// Last implements [Live].
func (l *LatencyScreen) Last(now time.Time, width, height int) []string {
	if l.tally.Count() == 0 {
		return nil
	}
	return l.screen.fitAll(l.lines(now, width, height, false), width, height)
}

// The heights from which on there is room for more.
const (
	roomForHead  = 7
	roomForChart = 9
	chartLeast   = 3
	chartMost    = 12
	barsMost     = 10
)

func (l *LatencyScreen) lines(now time.Time, width, height int, running bool) []string {
	if l.tally.Count() == 0 {
		return []string{l.status(now, running, width)}
	}
	waiting, _ := waitsSince(l.last, l.began, now)
	if !running {
		waiting = time.Time{}
	}
	var lines []string
	if height >= roomForHead {
		lines = append(lines, l.head(width))
	}
	lines = append(lines, l.screen.figures(l.tally, l.percentiles, width)...)
	left := height - len(lines) - 1 // a line for the status
	switch {
	case height >= roomForChart && width > 3*axis:
		lines = append(lines, l.pictures(waiting, now, width, left)...)
	case left > 0:
		moments, _ := l.trend.Moments(width, waiting, now)
		lines = append(lines, l.screen.sparkline(moments, scaleOf(moments)))
	}
	return append(lines, l.status(now, running, width))
}

// pictures are the chart and the bars in at most height lines.
func (l *LatencyScreen) pictures(waiting, now time.Time, width, height int) []string {
	bins := fewer(l.tally.Bins(), min(barsMost, (height-3)/2))
	chartLines := min(height-len(bins)-3, chartMost) // a blank line before each, and the legend
	if len(bins) < 2 || chartLines < chartLeast {
		bins, chartLines = nil, min(height-2, chartMost)
	}
	moments, seconds := l.trend.Moments(width-axis, waiting, now)
	lines := []string{""}
	lines = append(lines, l.screen.chart(moments, max(chartLines, chartLeast))...)
	lines = append(lines, l.screen.legend(len(moments), seconds, width))
	if len(bins) > 0 {
		lines = append(lines, "")
		lines = append(lines, l.screen.bars(bins, width)...)
	}
	return lines
}

// head says what it took to connect, and to which server when there is room for all of it.
func (l *LatencyScreen) head(width int) string {
	between := l.screen.sign(" · ", ", ")
	steps := l.connected.Parts(l.screen.Plain)
	line := strings.Join(append([]string{l.server}, steps...), between)
	if ansi.StringWidth(line) > width {
		line = steps[0]
		for _, step := range steps[1:] {
			if ansi.StringWidth(line+between+step) > width {
				break
			}
			line += between + step
		}
	}
	return l.screen.Theme.Paint(theme.Dim, line)
}

// status says that an answer is late, else what is going on, and how it ends above all.
func (l *LatencyScreen) status(now time.Time, running bool, width int) string {
	if !running {
		return l.screen.Theme.Paint(theme.Dim, "measured for "+clock(now.Sub(l.began)))
	}
	since, late := waitsSince(l.last, l.began, now)
	if late {
		return l.screen.waiting(since, now)
	}
	asked := "PING every 10 ms"
	if held := l.tally.HeldUp(); held > 0 {
		asked += " and " + Thousands(held) + " held up"
	}
	between := l.screen.sign(" · ", ", ")
	line := strings.Join([]string{clock(now.Sub(l.began)), asked, "Ctrl-C ends"}, between)
	if ansi.StringWidth(line) > width {
		line = clock(now.Sub(l.began)) + between + "Ctrl-C ends"
	}
	return l.screen.Theme.Paint(theme.Dim, line)
}
