package modes

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"redan/ui/theme"
)

// Block is what a block of lines that is redrawn in place may take.
type Block struct {
	Screen
	// Width and Height are in cells.
	Width, Height int
	// Source says whose keys these are.
	Source string
}

// column is one of a table. Where there is not enough room, those with the highest number go first; 0 stays.
type column struct {
	right bool
	drop  int
	role  theme.Role
}

// leastName is how many cells a name should have before a column is given up for it.
const leastName = 14

// table lays out rows of cells; the last column gets the room that is left, and what does not fit in it is cut.
func (b Block) table(columns []column, rows [][]string) []string {
	widths := make([]int, len(columns))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], ansi.StringWidth(cell))
		}
	}
	last := len(columns) - 1
	kept := make([]bool, len(columns))
	for i := range kept {
		kept[i] = true
	}
	room := func() int {
		left := b.Width
		for i := range last {
			if kept[i] {
				left -= widths[i] + 2
			}
		}
		return left
	}
	for room() < min(leastName, widths[last]) {
		next := -1
		for i := range last {
			if kept[i] && columns[i].drop > 0 && (next < 0 || columns[i].drop > columns[next].drop) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		kept[next] = false
	}
	widths[last] = max(min(room(), widths[last]), 0)
	lines := make([]string, 0, len(rows))
	for _, row := range rows {
		lines = append(lines, b.row(columns, row, widths, kept))
	}
	return lines
}

func (b Block) row(columns []column, row []string, widths []int, kept []bool) string {
	var line strings.Builder
	for i, cell := range row {
		if !kept[i] {
			continue
		}
		cell = b.cut(cell, widths[i])
		space := strings.Repeat(" ", max(widths[i]-ansi.StringWidth(cell), 0))
		painted := b.Theme.Paint(columns[i].role, cell)
		switch {
		case columns[i].right:
			painted = space + painted
		case i < len(row)-1:
			painted += space
		}
		line.WriteString(painted)
		if i < len(row)-1 {
			line.WriteString("  ")
		}
	}
	return strings.TrimRight(line.String(), " ")
}

// fit leaves what the block has room for. What does not fit is told.
func (b Block) fit(lines []string) []string {
	if len(lines) > b.Height {
		more := len(lines) - b.Height + 1
		lines = append(slices.Clone(lines[:max(b.Height-1, 0)]), b.Theme.Paint(theme.Dim, fmt.Sprintf("%s %d more", b.sign("…", "~"), more)))
	}
	return b.fitAll(lines, b.Width, b.Height)
}

func (b Block) cut(text string, width int) string {
	if ansi.StringWidth(text) <= width {
		return text
	}
	if width < 1 {
		return ""
	}
	return ansi.Truncate(text, width, b.sign("…", "~"))
}

// bytesPerCell is how much of a name is looked at for each cell that there is: no terminal shows more.
const bytesPerCell = 16

// cell is a name as it may stand in a cell: what a terminal would not show as one or two cells is written as an escape.
func (b Block) cell(name string) string {
	if name == "" {
		return `""`
	}
	var s strings.Builder
	for i := 0; i < len(name) && i <= bytesPerCell*b.Width; {
		r, n := utf8.DecodeRuneInString(name[i:])
		switch {
		case r == '\n':
			s.WriteString(`\n`)
		case r == '\t':
			s.WriteString(`\t`)
		case r == '\r':
			s.WriteString(`\r`)
		case r == utf8.RuneError && n == 1 || b.Plain && r >= 0x80 || !unicode.IsGraphic(r) || unicode.IsMark(r) && i == 0:
			for _, c := range []byte(name[i : i+n]) {
				fmt.Fprintf(&s, `\x%02x`, c)
			}
		default:
			s.WriteString(name[i : i+n])
		}
		i += n
	}
	return s.String()
}

// leastTitled is the height from which a block has a title.
const leastTitled = 8

// head is what stands above the tables: what this is, where there is room for that, and how far it has come.
func (b Block) head(title string, w Work) []string {
	meter := Meter{Screen: b.Screen, Count: Counted("keys")}.Line(w, b.Width)
	if b.Height < leastTitled {
		return []string{meter}
	}
	return []string{b.sentence(b.Theme.Paint(theme.Strong, title), b.Theme.Paint(theme.Dim, b.cell(b.Source)), b.Theme.Paint(theme.Dim, "ctrl+c ends with what was found")), "", meter}
}

// sentence is as many of the parts as fit side by side.
func (b Block) sentence(parts ...string) string {
	for len(parts) > 1 && ansi.StringWidth(strings.Join(parts, "  ")) > b.Width {
		parts = parts[:len(parts)-1]
	}
	return strings.Join(parts, "  ")
}
