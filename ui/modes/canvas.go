package modes

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Canvas redraws a block of lines in place. It remembers how wide they were: a terminal that has become narrower since has broken them.
type Canvas struct{ widths []int }

// Draw returns what puts lines in the place of those drawn before, on a terminal that is so many columns wide. The cursor ends below them.
func (c *Canvas) Draw(lines []string, columns int) string {
	var b strings.Builder
	b.WriteString(c.home(columns))
	c.widths = c.widths[:0]
	for _, line := range lines {
		b.WriteString(line + "\x1b[K\n")
		c.widths = append(c.widths, ansi.StringWidth(line))
	}
	b.WriteString("\x1b[J") // what is left of a block that was taller
	return b.String()
}

// Erase returns what takes the block away. The cursor ends where it began.
func (c *Canvas) Erase(columns int) string {
	if len(c.widths) == 0 {
		return ""
	}
	home := c.home(columns)
	c.widths = c.widths[:0]
	return home + "\x1b[J"
}

// home leads to the first cell of the block.
func (c *Canvas) home(columns int) string {
	rows := 0
	for _, width := range c.widths {
		rows += max((width+columns-1)/max(columns, 1), 1)
	}
	if rows == 0 {
		return "\r"
	}
	return fmt.Sprintf("\r\x1b[%dA", rows)
}
