package tui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"redan/ui/tui/kit"
)

// series are the last key figures, for charts. Each is as long as the others; a figure that was not told is a gap.
type series struct {
	samples []sample
}

// sample is the key figures at one time; those that were not told are below zero.
type sample struct {
	at                                  time.Time
	operations, memory, clients         float64
	hits, misses, hitRate               float64 // hitRate is of what was asked since the sample before
	received, transmitted, milliseconds float64
}

// seriesKept is how many points a chart has.
const seriesKept = 120

// untold is a figure that the server did not tell.
const untold = -1

// add adds what the server told of itself at a time, after an answer that took so long.
func (s series) add(i info, at time.Time, took time.Duration) series {
	figure := func(name string) float64 {
		if n, err := strconv.ParseFloat(i.values[name], 64); err == nil && n >= 0 {
			return n
		}
		return untold
	}
	next := sample{
		at: at, operations: figure("instantaneous_ops_per_sec"), memory: figure("used_memory"), clients: figure("connected_clients"),
		hits: figure("keyspace_hits"), misses: figure("keyspace_misses"), hitRate: untold,
		received: figure("instantaneous_input_kbps"), transmitted: figure("instantaneous_output_kbps"),
		milliseconds: float64(took) / float64(time.Millisecond),
	}
	if n := len(s.samples); n > 0 {
		before := s.samples[n-1]
		hits, misses := next.hits-before.hits, next.misses-before.misses
		switch {
		case before.hits < 0 || next.hits < 0 || hits < 0 || misses < 0:
		case hits+misses > 0:
			next.hitRate = 100 * hits / (hits + misses)
		default: // nothing was asked: as it was
			next.hitRate = before.hitRate
		}
	}
	samples := append(slices.Clip(s.samples), next)
	return series{samples: samples[max(0, len(samples)-seriesKept):]}
}

// span is how long ago the first sample was.
func (s series) span() time.Duration {
	if len(s.samples) < 2 {
		return 0
	}
	return s.samples[len(s.samples)-1].at.Sub(s.samples[0].at)
}

// points are one figure over time.
func (s series) points(of func(sample) float64) []float64 {
	points := make([]float64, 0, len(s.samples))
	for _, one := range s.samples {
		points = append(points, of(one))
	}
	return points
}

// chart draws points as columns of one line, from 0 or the lowest to the highest; those that are untold are gaps.
func chart(points []float64, w int, fromZero bool, look kit.Look) string {
	ticks := []rune("▁▂▃▄▅▆▇█")
	if look.ASCII {
		ticks = []rune("_.-=#")
	}
	points = points[max(0, len(points)-w):]
	low, high, told := bounds(points)
	if !told {
		return ""
	}
	if fromZero {
		low = 0
	}
	var b strings.Builder
	for _, p := range points {
		switch {
		case p < 0:
			b.WriteRune(' ')
		case high > low:
			b.WriteRune(ticks[int((p-low)/(high-low)*float64(len(ticks)-1)+0.5)])
		default:
			b.WriteRune(ticks[0])
		}
	}
	return look.Accent(b.String())
}

// bounds are the lowest and the highest of the points that were told.
func bounds(points []float64) (low, high float64, told bool) {
	for _, p := range points {
		if p < 0 {
			continue
		}
		if !told {
			low, high, told = p, p, true
		}
		low, high = min(low, p), max(high, p)
	}
	return low, high, told
}

// figure is one line of what matters first.
type figure struct {
	name, value string
	of          func(sample) float64   // nil without a chart
	text        func(n float64) string // of a point
	fromZero    bool                   // its chart begins at 0
}

// keyFigures are what matters first. Those that the server does not tell are left out.
func keyFigures(i info, took time.Duration, now time.Time) []figure {
	rate := func(n float64) string { return perSecond(int64(n)) }
	kibi := func(n float64) string { return kit.Size(int64(n*1024)) + "/s" }
	count := func(n float64) string { return kit.Count(int64(n)) }
	percent := func(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) + "%" }
	told := func(name string, text func(float64) string) string {
		n, err := strconv.ParseFloat(i.values[name], 64)
		if err != nil {
			return ""
		}
		return text(n)
	}
	list := []figure{
		{"operations", told("instantaneous_ops_per_sec", rate), func(s sample) float64 { return s.operations }, rate, true},
		{"memory", memoryFigure(i), func(s sample) float64 { return s.memory }, func(n float64) string { return kit.Size(int64(n)) }, false},
		{"clients", clientsFigure(i), func(s sample) float64 { return s.clients }, count, true},
		{"hit rate", hitRate(i), func(s sample) float64 { return s.hitRate }, percent, true},
		{"net in", told("instantaneous_input_kbps", kibi), func(s sample) float64 { return s.received }, kibi, true},
		{"net out", told("instantaneous_output_kbps", kibi), func(s sample) float64 { return s.transmitted }, kibi, true},
		{"answer time", tookText(took), func(s sample) float64 { return s.milliseconds }, func(n float64) string {
			return tookText(time.Duration(n * float64(time.Millisecond)))
		}, true},
		{name: "keys", value: keysFigure(i)},
		{name: "evicted", value: grouped(i, "evicted_keys")},
		{name: "uptime", value: uptime(i)},
		{name: "last save", value: lastSave(i, now)},
	}
	return slices.DeleteFunc(list, func(f figure) bool { return f.value == "" })
}

func tookText(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return took(d)
}

func clientsFigure(i info) string {
	text := grouped(i, "connected_clients")
	if blocked, ok := i.number("blocked_clients"); ok && blocked > 0 && text != "" {
		text += ", " + kit.Count(blocked) + " blocked"
	}
	return text
}

// line draws a figure: its value, how it went, and between what it was.
func (f figure) line(s series, w int, look kit.Look) string {
	const nameWidth, least, boundsWidth = 12, 10, 22
	valueWidth := 30
	if w < 90 {
		valueWidth = 20
	}
	line := "  " + look.Dim(kit.Fit(f.name, nameWidth, look.ASCII)) + " " + kit.Fit(kit.Escape(f.value), valueWidth, look.ASCII)
	room := w - kit.Width(line) - 2
	if f.of == nil || room < least || len(s.samples) < 2 {
		return line
	}
	points := s.points(f.of)
	width, between := room, ""
	if room >= least+boundsWidth {
		width = min(seriesKept, room-boundsWidth)
		points = points[max(0, len(points)-width):]
		if low, high, told := bounds(points); told {
			between = "  " + f.text(low) + " - " + f.text(high)
		}
	}
	drawn := chart(points, width, f.fromZero, look)
	return line + " " + drawn + look.Dim(between)
}

func memoryFigure(i info) string {
	text := ""
	if n, ok := i.number("used_memory"); ok {
		text = kit.Size(n)
	}
	if most, ok := i.number("maxmemory"); ok && most > 0 {
		text += " of " + kit.Size(most)
	}
	if peak, ok := i.number("used_memory_peak"); ok && text != "" {
		text += ", peak " + kit.Size(peak)
	}
	return text
}

func hitRate(i info) string {
	hits, ok := i.number("keyspace_hits")
	misses, told := i.number("keyspace_misses")
	if !ok || !told || hits+misses == 0 {
		return ""
	}
	return strconv.FormatFloat(100*float64(hits)/float64(hits+misses), 'f', 1, 64) + "% of " + kit.Count(hits+misses)
}

func keysFigure(i info) string {
	var total int64
	for _, d := range databasesOf(i) {
		total += d.keys
	}
	return kit.Count(total)
}

func grouped(i info, name string) string {
	if n, ok := i.number(name); ok {
		return kit.Count(n)
	}
	return ""
}

func uptime(i info) string {
	if n, ok := i.number("uptime_in_seconds"); ok {
		return kit.Life(time.Duration(n) * time.Second)
	}
	return ""
}

func lastSave(i info, now time.Time) string {
	n, ok := i.number("rdb_last_save_time")
	if !ok || n == 0 {
		return ""
	}
	return kit.Life(max(0, now.Sub(time.Unix(n, 0)))) + " ago"
}
