package modes

import "strings"

// A canvas is the terminal's other screen, on which a block of lines is redrawn in place: what was on the terminal before comes back when it
// is left, whatever was done to the size meanwhile. A terminal without one is cleared.
const (
	enterCanvas = "\x1b[?1049h\x1b[?25l"
	leaveCanvas = "\x1b[H\x1b[2J\x1b[?25h\x1b[?1049l"
)

// Canvas draws on the other screen. The zero value has not entered it.
type Canvas struct{ entered bool }

// Draw returns what puts lines in the place of those drawn before.
func (c *Canvas) Draw(lines []string) string {
	var b strings.Builder
	if !c.entered {
		b.WriteString(enterCanvas)
		c.entered = true
	}
	b.WriteString("\x1b[H")
	for i, line := range lines {
		if i > 0 {
			b.WriteString("\r\n")
		}
		b.WriteString(line + "\x1b[K")
	}
	b.WriteString("\x1b[J") // what is left of a block that was taller
	return b.String()
}

// Leave returns what brings back the terminal as it was, nothing if it was not left.
func (c *Canvas) Leave() string {
	if !c.entered {
		return ""
	}
	c.entered = false
	return leaveCanvas
}
