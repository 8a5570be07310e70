package modes

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"redan/commands/latency"
	"redan/ui/format"
	"redan/ui/theme"
)

// Spectrum writes the rows of --latency-dist. With Color they are redis-cli's: the sign of each range, and the part of the round trips that fell into
// it as its background. Without, a row has a digit for the part, in tenths, below a line of the signs.
type Spectrum struct {
	Mode  format.Mode
	Color bool
	// Mono asks for greys.
	Mono bool
}

// legendEvery is after how many rows the legend comes again.
const legendEvery = 20

// Legend stands above the rows, and again after each twenty; nothing for programs.
func (s Spectrum) Legend(row int) string {
	if row%legendEvery != 0 || s.forPrograms() {
		return ""
	}
	const rule = "---------------------------------------------\n"
	text := rule + ". - * #          .01 .125 .25 .5 milliseconds\n" +
		"1,2,3,...,9      from 1 to 9     milliseconds\n" +
		"A,B,C,D,E        10,20,30,40,50  milliseconds\n" +
		"F,G,H,I,J        .1,.2,.3,.4,.5       seconds\n" +
		"K,L,M,N,O,P,Q,?  1,2,4,8,16,30,60,>60 seconds\n"
	if s.Color {
		return text + "From 0 to 100%: " + s.scale() + rule
	}
	var signs []byte
	for _, shade := range latency.Shades() {
		signs = append(signs, shade.Sign)
	}
	return text + "From 0 to 100%: " + plainShades + "  (tenths; + is all)\n" + rule + string(signs) + "\n"
}

// plainShades are the signs for nothing, less than a tenth, one tenth and so on, and all.
const plainShades = " .123456789+"

func (s Spectrum) scale() string {
	var b strings.Builder
	for _, color := range s.palette() {
		fmt.Fprintf(&b, "\x1b[48;5;%dm ", color)
	}
	return b.String() + "\x1b[0m\n"
}

// palette are colours of 256, from nothing to all.
func (s Spectrum) palette() []int {
	greys := []int{0, 233, 234, 235, 237, 239, 241, 243, 245, 247}
	if s.Mono {
		return append(greys, 249, 251, 253)
	}
	return append(greys, 144, 143, 142, 184, 226, 214, 208, 202, 196)
}

func (s Spectrum) forPrograms() bool {
	return s.Mode == format.CSV || s.Mode == format.JSON || s.Mode == format.QuotedJSON
}

// Row is one row, with its end: a spectrum of round trips, and what they add up to.
func (s Spectrum) Row(spectrum latency.Spectrum, w latency.Window) string {
	switch s.Mode {
	case format.CSV:
		counts := make([]string, 0, len(spectrum))
		for _, n := range spectrum {
			counts = append(counts, strconv.FormatInt(n, 10))
		}
		return strings.Join(counts, ",") + "\n"
	case format.JSON, format.QuotedJSON:
		return s.object(spectrum, w)
	case format.Standard, format.Raw:
	}
	return s.Cells(spectrum) + "\n"
}

// Cells is a row for people.
func (s Spectrum) Cells(spectrum latency.Spectrum) string {
	total := max(spectrum.Count(), 1)
	var b strings.Builder
	if s.Color {
		b.WriteString("\x1b[38;5;0m")
	}
	palette, shades := s.palette(), latency.Shades()
	for i, n := range spectrum {
		part := float64(n) / float64(total)
		if s.Color {
			fmt.Fprintf(&b, "\x1b[48;5;%dm%c", palette[int(math.Ceil(part*float64(len(palette)-1)))], shades[i].Sign)
			continue
		}
		b.WriteByte(plainShade(n, part))
	}
	if s.Color {
		b.WriteString("\x1b[0m")
	}
	return b.String()
}

// plainShade is the sign for a part of all.
func plainShade(n int64, part float64) byte {
	if n == 0 {
		return plainShades[0]
	}
	return plainShades[1+int(part*10)]
}

// object is a row as JSON: how many answers came within which time, in milliseconds, where there are any.
func (s Spectrum) object(spectrum latency.Spectrum, w latency.Window) string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"seconds": %.2f, "count": %d, "min": %s, "max": %s, "avg": %s, "upto_ms": {`,
		w.Lasted.Seconds(), spectrum.Count(), fixed(w.Min(), 3), fixed(w.Max(), 3), fixed(w.Mean(), 3))
	first := true
	for i, shade := range latency.Shades() {
		if spectrum[i] == 0 {
			continue
		}
		if !first {
			b.WriteString(", ")
		}
		first = false
		upto := "more"
		if i < len(spectrum)-1 {
			upto = strconv.FormatFloat(float64(shade.Upto)/float64(time.Millisecond), 'f', -1, 64)
		}
		fmt.Fprintf(&b, `"%s": %d`, upto, spectrum[i])
	}
	return b.String() + "}}\n"
}

// SpectrumScreen is --latency-dist on a terminal: a row for each window, with its figures as far as there is room.
type SpectrumScreen struct {
	screen   Screen
	text     Spectrum
	windows  *latency.Windows
	spectrum latency.Spectrum
	all      *latency.Tally
	usual    []float64
	began    time.Time
	rows     int
	settled  []spectrumRow
	last     latency.Roundtrip
}

type spectrumRow struct{ cells, figures string }

// NewSpectrumScreen returns an empty screen with a row for each window of a length.
func NewSpectrumScreen(s Screen, text Spectrum, length time.Duration, percentiles []float64, began time.Time) *SpectrumScreen {
	return &SpectrumScreen{
		screen: s, text: text, windows: latency.NewWindows(began, length, latency.PingEvery),
		all: latency.NewTally(latency.PingEvery), usual: usual(percentiles), began: began,
	}
}

// Add implements [Live].
func (s *SpectrumScreen) Add(r latency.Roundtrip) {
	s.last = r
	s.all.Add(r.Took)
	s.spectrum.Add(r.Took)
	if !s.windows.Add(r) {
		return
	}
	w := s.windows.Open()
	s.settled = append(s.settled, spectrumRow{s.text.Cells(s.spectrum), fmt.Sprintf("  p50 %s  p99 %s  max %s",
		shortTime(w.Percentile(50), s.screen.Plain), shortTime(w.Percentile(99), s.screen.Plain), shortTime(w.Max(), s.screen.Plain))})
	s.spectrum = latency.Spectrum{}
	s.windows.Next()
}

// Settled implements [Live].
func (s *SpectrumScreen) Settled(width int) []string {
	var lines []string
	for _, row := range s.settled {
		if legend := s.text.Legend(s.rows); legend != "" {
			lines = append(lines, strings.Split(strings.TrimSuffix(legend, "\n"), "\n")...)
		}
		s.rows++
		line := row.cells
		if len(latency.Spectrum{})+len([]rune(row.figures)) < width {
			line += s.screen.Theme.Paint(theme.Dim, row.figures)
		}
		lines = append(lines, line)
	}
	s.settled = nil
	return lines
}

// Frame implements [Live]. It is empty unless an answer is late.
func (s *SpectrumScreen) Frame(now time.Time, width, height int) []string {
	since, late := waitsSince(s.last, s.began, now)
	if !late {
		return nil
	}
	return s.screen.fitAll([]string{s.screen.waiting(since, now)}, width, height)
}

// Last implements [Live].
func (s *SpectrumScreen) Last(_ time.Time, width, height int) []string {
	if s.all.Count() == 0 {
		return nil
	}
	return s.screen.fitAll(s.screen.figures(s.all, s.usual, width), width, height)
}
