package modes

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"redan/commands/latency"
	"redan/ui/theme"
)

// logScale is a logarithmic scale between two powers of ten.
type logScale struct{ low, high time.Duration }

// scaleOf is the scale on which moments fit.
func scaleOf(moments []latency.Moment) logScale {
	low, high := time.Duration(math.MaxInt64), time.Duration(0)
	for _, m := range moments {
		if m.Count > 0 {
			low = min(low, m.Median)
		}
		if m.Slowest > 0 {
			low, high = min(low, m.Slowest), max(high, m.Slowest)
		}
	}
	if high == 0 {
		return logScale{10 * time.Microsecond, 100 * time.Microsecond}
	}
	scale := logScale{time.Microsecond, 10 * time.Microsecond}
	for scale.low*10 <= low {
		scale.low *= 10
	}
	for scale.high < high || scale.high <= scale.low {
		scale.high *= 10
	}
	return scale
}

// at is where a time is on the scale, 0 to 1.
func (l logScale) at(d time.Duration) float64 {
	part := math.Log(float64(d)/float64(l.low)) / math.Log(float64(l.high)/float64(l.low))
	return min(max(part, 0), 1)
}

// axis is the width of what stands left of a chart.
const axis = 8

// cell is one character of a chart.
type cell struct {
	sign string
	role theme.Role
}

// paint draws a row of cells, neighbours of one role together.
func (s Screen) paint(row []cell) string {
	var b strings.Builder
	for len(row) > 0 {
		n := 1
		for n < len(row) && row[n].role == row[0].role {
			n++
		}
		var run strings.Builder
		for _, c := range row[:n] {
			run.WriteString(c.sign)
		}
		b.WriteString(s.Theme.Paint(row[0].role, run.String()))
		row = row[n:]
	}
	return b.String()
}

// chart draws moments as columns, height lines high: solid up to the median, shaded up to the slowest.
func (s Screen) chart(moments []latency.Moment, height int) []string {
	scale := scaleOf(moments)
	rows := make([][]cell, height)
	for i := range rows {
		rows[i] = make([]cell, len(moments))
	}
	for x, m := range moments {
		for y, c := range s.column(m, scale, height) {
			rows[height-1-y][x] = c
		}
	}
	labels := axisLabels(scale, height, s.Plain)
	lines := make([]string, 0, height)
	for y, row := range rows {
		label := s.Theme.Paint(theme.Dim, fmt.Sprintf("%*s", axis-2, labels[height-1-y])+s.sign(" │", " |"))
		lines = append(lines, label+s.paint(row))
	}
	return lines
}

// column are the cells of a moment, from below.
func (s Screen) column(m latency.Moment, scale logScale, height int) []cell {
	const eighths = 8
	blocks := []rune("▁▂▃▄▅▆▇█")
	cells := make([]cell, height)
	solid := 0
	if m.Count > 0 {
		solid = max(1, int(scale.at(m.Median)*float64(height*eighths)+0.5))
	}
	shaded := 0
	if m.Slowest > 0 {
		shaded = int(math.Ceil(scale.at(m.Slowest) * float64(height)))
	}
	role := theme.Dim
	if m.Count == 0 || m.Slowest > slow*m.Median {
		role = theme.Warning
	}
	for y := range cells {
		switch level := solid - y*eighths; {
		case level >= eighths || level > 0 && s.Plain:
			cells[y] = cell{s.sign("█", "#"), theme.Accent}
		case level > 0:
			cells[y] = cell{string(blocks[level-1]), theme.Accent}
		case y < shaded:
			cells[y] = cell{s.sign("░", ":"), role}
		default:
			cells[y] = cell{" ", theme.Accent}
		}
	}
	return cells
}

// slow is how many times the median an answer takes that is pointed out.
const slow = 10

// axisLabels are what stands beside the rows of a chart, from below: the powers of ten where they lie, as far as there is room.
func axisLabels(scale logScale, height int, plain bool) []string {
	labels := make([]string, height)
	for d := scale.high; d >= scale.low; d /= 10 {
		row := min(int(scale.at(d)*float64(height)+0.001), height-1)
		if labels[row] == "" {
			labels[row] = roundTime(d, plain)
		}
	}
	return labels
}

// roundTime is a time that is round in its unit: "100 µs".
func roundTime(d time.Duration, plain bool) string {
	switch {
	case d >= time.Second:
		return strconv.FormatInt(int64(d/time.Second), 10) + " s"
	case d >= time.Millisecond:
		return strconv.FormatInt(int64(d/time.Millisecond), 10) + " ms"
	case plain:
		return strconv.FormatInt(int64(d/time.Microsecond), 10) + " us"
	}
	return strconv.FormatInt(int64(d/time.Microsecond), 10) + " µs"
}

// legend says what a chart of so many columns shows.
func (s Screen) legend(columns, seconds, width int) string {
	span := clock(time.Duration(columns*seconds) * time.Second)
	text := fmt.Sprintf("%s a column, %s in all", plural(seconds, "second"), span)
	signs := s.sign("█ median ░ slowest  ", "# median : slowest  ")
	if axis+len([]rune(signs))+len(text) > width {
		text = ""
	}
	return s.Theme.Paint(theme.Dim, strings.Repeat(" ", axis)+signs+text)
}

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}

// bars draws how many round trips fell into which range, one line for each.
func (s Screen) bars(bins []latency.Bin, width int) []string {
	var total, most int64
	for _, b := range bins {
		total, most = total+b.Count, max(most, b.Count)
	}
	lines := make([]string, 0, len(bins))
	for _, b := range bins {
		line := s.Theme.Paint(theme.Dim, fmt.Sprintf("%*s", rangeWidth, s.rangeText(b)))
		if width >= roomForCounts {
			line += fmt.Sprintf("%*s", countWidth, Thousands(b.Count))
		}
		line += fmt.Sprintf("%8s  ", Percent(float64(b.Count)/float64(max(total, 1))))
		cells := min(width-ansi.StringWidth(line), widest)
		lines = append(lines, line+s.Theme.Paint(theme.Accent, s.Bar(float64(b.Count)/float64(most), max(cells, 0))))
	}
	return lines
}

// rangeWidth fits "200 µs-100 ms".
const rangeWidth = 13

// countWidth fits the PINGs of a day; counts stand where the terminal has roomForCounts.
const (
	countWidth    = 11
	roomForCounts = 40
)

// rangeText names a range: "20-50 µs", "500 µs-1 ms".
func (s Screen) rangeText(b latency.Bin) string {
	upto := roundTime(b.Upto, s.Plain)
	if b.Above == 0 {
		return s.sign("≤ ", "<= ") + upto
	}
	above := roundTime(b.Above, s.Plain)
	if number, unit, _ := strings.Cut(above, " "); strings.HasSuffix(upto, " "+unit) {
		above = number
	}
	return above + "-" + upto
}

// fewer joins ranges until there are at most so many. A single one would tell nothing.
func fewer(bins []latency.Bin, most int) []latency.Bin {
	if most < 2 {
		return nil
	}
	for len(bins) > most {
		bins = joinBins(bins)
	}
	return bins
}

// joinBins joins ranges that lie beside each other, so that about half are left.
func joinBins(bins []latency.Bin) []latency.Bin {
	joined := make([]latency.Bin, 0, (len(bins)+1)/2)
	for i := 0; i < len(bins); i += 2 {
		b := bins[i]
		if i+1 < len(bins) {
			b.Upto, b.Count = bins[i+1].Upto, b.Count+bins[i+1].Count
		}
		joined = append(joined, b)
	}
	return joined
}
