package modes

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"redan/commands/latency"
	"redan/ui/theme"
)

// Live is a measurement as a terminal shows it: lines that stay, and under them some that are drawn again and again.
type Live interface {
	// Add takes in a round trip.
	Add(r latency.Roundtrip)
	// Settled returns the lines that stay and have not been returned yet.
	Settled(width int) []string
	// Frame returns the lines in place at a time; none is wider than width, and there are at most height.
	Frame(now time.Time, width, height int) []string
	// Last returns what is left when the measurement has ended.
	Last(now time.Time, width, height int) []string
}

// unanswered is how long an answer has to be late before that is said.
const unanswered = 300 * time.Millisecond

// waitsSince tells since when an answer is awaited, and whether it is so long that it should be said: measured from the last one, and with the
// pause; before the first one from the beginning.
func waitsSince(last latency.Roundtrip, began, now time.Time) (since time.Time, late bool) {
	since = began
	if !last.Sent.IsZero() {
		since = last.Answered().Add(latency.PingEvery)
	}
	return since, now.Sub(since) > unanswered
}

// waiting says that an answer is late.
func (s Screen) waiting(since, now time.Time) string {
	return s.Theme.Error(fmt.Sprintf("no answer for %.1f s", now.Sub(since).Seconds()))
}

// usual are the percentiles that a terminal shows unless others are asked for.
func usual(asked []float64) []float64 {
	if len(asked) > 0 {
		return asked
	}
	return []float64{50, 90, 99, 99.9}
}

// figures are redis-cli's line and the percentiles, in milliseconds with three decimals; in a narrow terminal as many as there is room for.
func (s Screen) figures(t *latency.Tally, percentiles []float64, width int) []string {
	minimum, maximum, mean, count := fixed(t.Min(), 3), fixed(t.Max(), 3), fixed(t.Mean(), 3), strconv.FormatInt(t.Count(), 10)
	values, words := make([]string, len(percentiles)), make([]string, len(percentiles))
	for i, p := range percentiles {
		values[i] = "p" + percentName(p) + ": " + fixed(t.Percentile(p), 3)
		words[i] = "p" + percentName(p) + " " + fixed(t.Percentile(p), 3)
	}
	first := "min: " + minimum + ", max: " + maximum + ", avg: " + mean + " (" + count + " samples)"
	second := strings.Join(values, ", ") + " ms"
	if max(len(first), len(second)) <= width {
		return []string{first, second}
	}
	return []string{packed(words, width), packed([]string{"max " + maximum, "avg " + mean, "min " + minimum, count + " samples"}, width)}
}

// packed is as many of the words as there is room for, those that come first.
func packed(words []string, width int) string {
	line := ""
	for i, word := range words {
		if i > 0 && len(line)+1+len(word) > width {
			break
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return line
}

// sparkline draws moments in one line, on a logarithmic scale from low to high.
func (s Screen) sparkline(moments []latency.Moment, scale logScale) string {
	ticks := []rune(s.sign("▁▂▃▄▅▆▇█", "_.-=#"))
	var b strings.Builder
	for _, m := range moments {
		if m.Slowest == 0 {
			b.WriteByte(' ')
			continue
		}
		b.WriteRune(ticks[min(int(scale.at(m.Slowest)*float64(len(ticks))), len(ticks)-1)])
	}
	return s.Theme.Paint(theme.Accent, b.String())
}
