package modes

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"redan/ui/theme"
)

// Work is how far something that takes long has come.
type Work struct {
	// Done and Total are in the unit of the meter; Total is 0 or less while nobody can know it.
	Done, Total int64
	// Fraction is how much is done, 0 to 1, where that is known better than from Done and Total; negative is not.
	Fraction float64
	// Elapsed is how long it has taken so far, pauses included.
	Elapsed time.Duration
	// Note is what else there is to tell; it is the first to go where there is no room.
	Note string
}

// Meter draws the progress of long work as one line.
type Meter struct {
	Screen
	// Count puts an amount into words, such as "1,200 keys" or "3.5 MiB".
	Count func(n int64) string
}

const (
	narrowest = 4 // cells of a bar; below it there is none
	widest    = 40
)

// Line is the progress in at most width cells: a bar, the part done, how much that is, how fast it goes, and the time left.
func (m Meter) Line(w Work, width int) string {
	text, fraction := m.Text(w, width), w.part()
	cells := min(width-len(text)-1, widest)
	if fraction < 0 || cells < narrowest {
		return text
	}
	return m.track(fraction, cells) + " " + text
}

// Text is the line without the bar, in ASCII as far as the count is.
func (m Meter) Text(w Work, width int) string {
	fraction := w.part()
	words := []string{m.Count(w.Done)}
	if fraction >= 0 {
		words = append([]string{fmt.Sprintf("%3.0f%%", 100*fraction)}, words...)
	}
	if seconds := w.Elapsed.Seconds(); float64(w.Done) >= seconds && seconds > 0 {
		words = append(words, m.Count(int64(float64(w.Done)/seconds))+"/s")
	}
	if left, ok := w.left(fraction); ok {
		words = append(words, clock(left)+" left")
	}
	if w.Note != "" {
		words = append(words, w.Note)
	}
	for len(words) > 1 && len(strings.Join(words, "  ")) > width {
		words = words[:len(words)-1]
	}
	text := strings.Join(words, "  ")
	return text[:min(len(text), max(width, 0))]
}

// track is a bar that shows how long it will be, too.
func (m Meter) track(fraction float64, cells int) string {
	full, empty := m.sign("━", "#"), m.sign("─", "-")
	done := min(int(fraction*float64(cells)), cells)
	return m.Theme.Paint(theme.Accent, strings.Repeat(full, done)) + m.Theme.Paint(theme.Dim, strings.Repeat(empty, cells-done))
}

// part is the fraction done, or -1.
func (w Work) part() float64 {
	switch {
	case w.Fraction >= 0:
		return min(w.Fraction, 1)
	case w.Total > 0:
		return min(float64(w.Done)/float64(w.Total), 1)
	}
	return -1
}

// left is how long the rest takes if it goes on like this. It is not told before that means something.
func (w Work) left(fraction float64) (time.Duration, bool) {
	if fraction < 0.01 || fraction >= 1 || w.Elapsed < time.Second {
		return 0, false
	}
	return time.Duration(float64(w.Elapsed) * (1 - fraction) / fraction), true
}

// clock is a duration as minutes and seconds.
func clock(d time.Duration) string {
	seconds := int64(d.Round(time.Second) / time.Second)
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// Counted is an amount of things with separated thousands: "1,234,567 keys".
func Counted(unit string) func(int64) string {
	return func(n int64) string { return Thousands(n) + " " + unit }
}

// Thousands writes n with a comma between each three digits.
func Thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return sign + digits
}

// Bytes is an amount of bytes with the unit that suits it: "512 B", "3.5 MiB".
func Bytes(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10) + " B"
	}
	value, unit := float64(n), 0
	for value >= 1024 && unit < 5 {
		value, unit = value/1024, unit+1
	}
	return fmt.Sprintf("%.1f %ciB", value, " KMGTP"[unit])
}
