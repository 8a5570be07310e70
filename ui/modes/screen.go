package modes

import (
	"math"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"redan/ui/theme"
)

// Screen is how a terminal is drawn on.
type Screen struct {
	Theme theme.Theme
	// Plain asks for ASCII signs.
	Plain bool
}

// sign returns one of two signs.
func (s Screen) sign(rich, plain string) string {
	if s.Plain {
		return plain
	}
	return rich
}

// fit cuts a line off at width.
func (s Screen) fit(line string, width int) string {
	if ansi.StringWidth(line) <= width {
		return line
	}
	return ansi.Truncate(line, max(width, 0), "")
}

func (s Screen) fitAll(lines []string, width, height int) []string {
	lines = lines[:min(len(lines), max(height, 0))]
	for i := range lines {
		lines[i] = s.fit(lines[i], width)
	}
	return lines
}

// Bar is a part, 0 to 1, as a bar of at most so many cells. What is not nothing can be seen.
func (s Screen) Bar(part float64, cells int) string {
	if !(part > 0) {
		return ""
	}
	part = min(part, 1)
	if s.Plain {
		return strings.Repeat("#", int(math.Ceil(part*float64(cells))))
	}
	const eighths = 8
	length := int(math.Ceil(part * float64(eighths*cells)))
	text := strings.Repeat("█", length/eighths)
	if rest := length % eighths; rest > 0 {
		text += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return text
}

// Rows is how many rows of a terminal of so many columns lines take that were drawn, perhaps, when it was wider.
func Rows(lines []string, columns int) (rows int) {
	for _, line := range lines {
		rows += max(1, (ansi.StringWidth(line)+columns-1)/max(columns, 1))
	}
	return rows
}
