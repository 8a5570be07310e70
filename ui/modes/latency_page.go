package modes

import (
	"time"

	"redan/commands/latency"
)

// Picture draws what [LatencyScreen.Frame] does, but for the line that says how it ends: for a screen that has a place of its own for that.
// measuring tells that a PING may be out.
func (l *LatencyScreen) Picture(s Screen, measuring bool, now time.Time, width, height int) []string {
	if l.tally.Count() == 0 || height < 1 {
		return nil
	}
	drawn := *l
	drawn.screen = s
	_, late := waitsSince(l.last, l.began, now)
	lines := drawn.lines(now, width, height+1, measuring && late)
	return s.fitAll(lines[:len(lines)-1], width, height)
}

// Late says since when the answer to a PING that is out is awaited, once that is worth saying.
func (l *LatencyScreen) Late(now time.Time) (since time.Duration, ok bool) {
	from, ok := waitsSince(l.last, l.began, now)
	return now.Sub(from), ok
}

// Count is how many round trips were taken in.
func (l *LatencyScreen) Count() int64 { return l.tally.Count() }

// Anew begins another measurement over the same connection.
func (l *LatencyScreen) Anew(began time.Time) {
	connected := l.connected
	*l = *NewLatencyScreen(l.screen, l.server, connected.Opening, l.percentiles, began)
	l.connected = connected
}

// Reopened tells that the measurement goes on over another connection.
func (l *LatencyScreen) Reopened(opening latency.Opening) { l.connected = Connected{Opening: opening} }
