package modes

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"redan/commands/latency"
	"redan/ui/format"
)

// LatencyText writes what round trips add up to in the forms that scripts read, which are redis-cli's. These have whole milliseconds: the
// shortest is rounded down and the longest up, where redis-cli takes the difference of two clocks that show milliseconds, which comes out as
// one or the other by chance. The average is that of the true times. With Percentiles there are three decimals, as in redis-cli 8.10.
type LatencyText struct {
	Mode        format.Mode
	Percentiles []float64
	// Connected, if not nil, is added to JSON.
	Connected *Connected
}

// Line is one line, with its end.
func (l LatencyText) Line(t *latency.Tally) string { return l.line(t, 0) }

// WindowLine is the line of a window of a history. JSON has its length besides.
func (l LatencyText) WindowLine(w latency.Window) string { return l.line(w.Tally, w.Lasted) }

func (l LatencyText) line(t *latency.Tally, lasted time.Duration) string {
	least, most, mean := strconv.FormatInt(t.Min().Milliseconds(), 10), strconv.FormatInt(wholeUp(t.Max()), 10), fixed(t.Mean(), 2)
	if len(l.Percentiles) > 0 {
		least, most, mean = fixed(t.Min(), 3), fixed(t.Max(), 3), fixed(t.Mean(), 3)
	}
	count := strconv.FormatInt(t.Count(), 10)
	switch l.Mode {
	case format.JSON, format.QuotedJSON:
		return "{" + `"min": ` + least + `, "max": ` + most + `, "avg": ` + mean + `, "count": ` + count + l.rest(t, lasted) + "}\n"
	case format.CSV:
		return strings.Join(append([]string{least, most, mean, count}, l.values(t)...), ",") + "\n"
	case format.Standard:
		words := []string{"min: " + least, "max: " + most, "avg: " + mean + " (" + count + " samples)"}
		for i, value := range l.values(t) {
			words = append(words, "p"+percentName(l.Percentiles[i])+": "+value)
		}
		text := strings.Join(words, ", ")
		if lasted > 0 {
			text += rangeOf(lasted) + "\n"
		}
		return text
	case format.Raw:
	}
	return strings.Join(append([]string{least, most, mean, count}, l.values(t)...), " ") + "\n"
}

// rangeOf is how redis-cli ends a window.
func rangeOf(lasted time.Duration) string {
	return fmt.Sprintf(" -- %.2f seconds range", lasted.Seconds())
}

// rest is what JSON has behind redis-cli's keys.
func (l LatencyText) rest(t *latency.Tally, lasted time.Duration) string {
	var b strings.Builder
	if len(l.Percentiles) > 0 {
		b.WriteString(`, "percentiles": {`)
		for i, value := range l.values(t) {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(`"` + percentName(l.Percentiles[i]) + `": ` + value)
		}
		b.WriteString("}")
	}
	if lasted > 0 {
		fmt.Fprintf(&b, `, "seconds": %.2f`, lasted.Seconds())
	}
	if l.Connected != nil {
		b.WriteString(`, "connection": ` + l.Connected.JSON())
	}
	return b.String()
}

func (l LatencyText) values(t *latency.Tally) []string {
	all := make([]string, 0, len(l.Percentiles))
	for _, p := range l.Percentiles {
		all = append(all, fixed(t.Percentile(p), 3))
	}
	return all
}

// percentName is a percentage as it was asked for: "99.9".
func percentName(p float64) string { return strconv.FormatFloat(p, 'f', -1, 64) }

// fixed is a time in milliseconds with so many decimals.
func fixed(d time.Duration, decimals int) string {
	return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', decimals, 64)
}

// wholeUp is a time in milliseconds, rounded up.
func wholeUp(d time.Duration) int64 { return int64(math.Ceil(float64(d) / float64(time.Millisecond))) }

// Connected is how long it took until the connection stood and had answered.
type Connected struct {
	latency.Opening

	FirstPing time.Duration
}

// Parts are the steps of it, each with its time.
func (c Connected) Parts(plain bool) []string {
	parts := []string{"connect " + shortTime(c.Connect, plain)}
	if c.Handshake > 0 {
		name := c.Protocol + " handshake "
		if c.Resumed {
			name = c.Protocol + " resumed "
		}
		parts = append(parts, name+shortTime(c.Handshake, plain))
	}
	if c.Login > 0 {
		parts = append(parts, "login "+shortTime(c.Login, plain))
	}
	if c.FirstPing > 0 {
		parts = append(parts, "first PING "+shortTime(c.FirstPing, plain))
	}
	return parts
}

// JSON is an object with the times in milliseconds.
func (c Connected) JSON() string {
	text := `{"connect": ` + fixed(c.Connect, 3)
	if c.Handshake > 0 {
		text += `, "tls_handshake": ` + fixed(c.Handshake, 3) + `, "tls_version": "` + c.Protocol + `"`
	}
	if c.Login > 0 {
		text += `, "login": ` + fixed(c.Login, 3)
	}
	return text + `, "first_ping": ` + fixed(c.FirstPing, 3) + "}"
}

// shortTime is a time in three digits with the unit that suits it: "31.4 µs", "2.10 s".
func shortTime(d time.Duration, plain bool) string {
	units := []string{"ns", "µs", "ms", "s"}
	if plain {
		units[1] = "us"
	}
	value, unit := float64(d), 0
	for value >= 999.5 && unit < len(units)-1 {
		value, unit = value/1000, unit+1
	}
	decimals := 0
	if unit > 0 {
		switch {
		case value < 9.995:
			decimals = 2
		case value < 99.95:
			decimals = 1
		}
	}
	return strconv.FormatFloat(value, 'f', decimals, 64) + " " + units[unit]
}
