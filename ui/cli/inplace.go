package cli

import (
	"slices"
	"strings"

	"redan/ui/modes"
)

// inPlace draws the last lines of a terminal again and again, without taking the whole of it: what is above stays, and what is left at the end
// stays too. Each drawing is one write, in which the cursor is hidden, so that nothing flickers and the cursor is there whenever and however
// the program ends. The cursor rests below the lines.
type inPlace struct {
	drawn   []string
	columns int
}

// draw returns what puts settled above the lines in place, and frame in their stead, on a terminal of so many columns. It is empty when nothing
// changes. The terminal may have become wider or narrower since the last time, and wrapped the lines there are.
func (p *inPlace) draw(settled, frame []string, columns int) string {
	if len(settled) == 0 && columns == p.columns && slices.Equal(frame, p.drawn) {
		return ""
	}
	var b strings.Builder
	b.WriteString("\x1b[?25l\r")
	for range modes.Rows(p.drawn, columns) {
		b.WriteString("\x1b[A")
	}
	for _, line := range settled {
		b.WriteString(line + "\x1b[K\n")
	}
	for _, line := range frame {
		b.WriteString(line + "\x1b[K\n")
	}
	b.WriteString("\x1b[J\x1b[?25h")
	p.drawn, p.columns = slices.Clone(frame), columns
	return b.String()
}
