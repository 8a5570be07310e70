package main

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// emulator knows what a terminal shows. A program that draws well writes only what changes, so its output cannot be searched; the
// screen can. It understands what the full screen sends to a terminal that calls itself an xterm, and leaves colours out.
type emulator struct {
	width, height int
	cells         [][]rune
	x, y          int
	top, bottom   int // the lines that scroll
	last          rune
	parser        *ansi.Parser
	drawing       bool   // a frame has begun and not ended: what is on the screen is neither the old nor the new one
	answer        []byte // to what the program asked its terminal
}

func newEmulator(width, height int) *emulator {
	e := &emulator{width: width, height: height, bottom: height - 1, parser: ansi.NewParser()}
	for range height {
		e.cells = append(e.cells, e.blank())
	}
	e.parser.SetHandler(ansi.Handler{Print: e.print, Execute: e.control, HandleCsi: e.sequence, HandleEsc: e.escape})
	return e
}

// Write takes in what a program sends to its terminal.
func (e *emulator) Write(data []byte) {
	for _, b := range data {
		e.parser.Advance(b)
	}
}

// Line returns a line of the screen, 0 being the first.
func (e *emulator) Line(y int) string { return strings.TrimRight(string(e.cells[y]), " ") }

// Find returns the first line that has text, or -1.
func (e *emulator) Find(text string) int {
	for y := range e.cells {
		if strings.Contains(string(e.cells[y]), text) {
			return y
		}
	}
	return -1
}

// String is the whole screen.
func (e *emulator) String() string {
	lines := make([]string, e.height)
	for y := range lines {
		lines[y] = e.Line(y)
	}
	return strings.Join(lines, "\n")
}

func (e *emulator) blank() []rune { return []rune(strings.Repeat(" ", e.width)) }

func (e *emulator) print(r rune) {
	width := ansi.StringWidth(string(r))
	if width == 0 {
		return
	}
	if e.x+width > e.width {
		e.x = 0
		e.down()
	}
	e.cells[e.y][e.x] = r
	if width == 2 {
		e.cells[e.y][e.x+1] = ' '
	}
	e.x += width
	e.last = r
}

// down goes to the next line; the last one scrolls.
func (e *emulator) down() {
	if e.y == e.bottom {
		e.scroll(e.top, 1)
		return
	}
	e.y = min(e.y+1, e.height-1)
}

// scroll moves the lines from the one given to the end of what scrolls: up, or down for a negative number.
func (e *emulator) scroll(from, lines int) {
	for ; lines > 0; lines-- {
		copy(e.cells[from:e.bottom+1], e.cells[from+1:e.bottom+1])
		e.cells[e.bottom] = e.blank()
	}
	for ; lines < 0; lines++ {
		copy(e.cells[from+1:e.bottom+1], e.cells[from:e.bottom])
		e.cells[from] = e.blank()
	}
}

func (e *emulator) control(b byte) {
	switch b {
	case '\r':
		e.x = 0
	case '\n':
		e.down()
	case '\b':
		e.x = max(0, min(e.x, e.width)-1)
	case '\t':
		e.x = min(e.width-1, e.x/8*8+8)
	}
}

func (e *emulator) escape(cmd ansi.Cmd) {
	if cmd.Final() != 'M' || cmd.Intermediate() != 0 {
		return
	}
	if e.y == e.top {
		e.scroll(e.top, -1)
		return
	}
	e.y = max(0, e.y-1)
}

// sequence does what a control sequence says.
func (e *emulator) sequence(cmd ansi.Cmd, params ansi.Params) {
	if cmd.Intermediate() != 0 || cmd.Prefix() != 0 {
		e.mode(cmd, number(params, 0, 0))
		return
	}
	n := number(params, 0, 1)
	switch cmd.Final() {
	case 'A', 'B', 'C', 'D', 'E', 'F', 'G', '`', 'd', 'H', 'f', 'a', 'e':
		e.move(cmd.Final(), n, number(params, 1, 1))
	case 'J', 'K', 'X', '@', 'P':
		e.change(cmd.Final(), n, number(params, 0, 0))
	case 'L':
		e.scroll(e.y, -n)
	case 'M':
		e.scroll(e.y, n)
	case 'S':
		e.scroll(e.top, n)
	case 'T':
		e.scroll(e.top, -n)
	case 'b':
		for range n {
			e.print(e.last)
		}
	case 'r':
		e.top, e.bottom = n-1, min(number(params, 1, e.height), e.height)-1
		e.x, e.y = 0, 0
	}
}

// mode changes how the terminal works, or is asked about it: it can show whole frames only, as most do today.
func (e *emulator) mode(cmd ansi.Cmd, mode int) {
	set := int(cmd) == ansi.Command('?', 0, 'h')
	switch {
	case mode == ansi.ModeSynchronizedOutput.Mode() && int(cmd) == ansi.Command('?', '$', 'p'):
		e.answer = append(e.answer, ansi.ReportMode(ansi.ModeSynchronizedOutput, ansi.ModeReset)...)
	case mode == ansi.ModeSynchronizedOutput.Mode():
		e.drawing = set
	case mode == ansi.ModeAltScreenSaveCursor.Mode() && set:
		e.erase(0, 0, e.height*e.width)
		e.x, e.y = 0, 0
	}
}

// number returns a parameter; 0 and nothing are the default.
func number(params ansi.Params, i, otherwise int) int {
	n, _, _ := params.Param(i, otherwise)
	if n == 0 {
		return otherwise
	}
	return n
}

// move puts the cursor elsewhere.
func (e *emulator) move(final byte, n, second int) {
	switch final {
	case 'A':
		e.y -= n
	case 'B', 'e':
		e.y += n
	case 'C', 'a':
		e.x += n
	case 'D':
		e.x -= n
	case 'E':
		e.x, e.y = 0, e.y+n
	case 'F':
		e.x, e.y = 0, e.y-n
	case 'G', '`':
		e.x = n - 1
	case 'd':
		e.y = n - 1
	case 'H', 'f':
		e.x, e.y = second-1, n-1
	}
	e.x, e.y = max(0, min(e.x, e.width-1)), max(0, min(e.y, e.height-1))
}

// change erases, inserts and takes away cells; mode is the parameter where 0 is a value.
func (e *emulator) change(final byte, n, mode int) {
	x := min(e.x, e.width-1)
	line := e.cells[e.y]
	switch final {
	case 'J':
		switch mode {
		case 0:
			e.erase(x, e.y, e.height*e.width)
		case 1:
			e.erase(0, 0, e.y*e.width+x+1)
		default:
			e.erase(0, 0, e.height*e.width)
		}
	case 'K':
		switch mode {
		case 0:
			e.erase(x, e.y, e.width-x)
		case 1:
			e.erase(0, e.y, x+1)
		default:
			e.erase(0, e.y, e.width)
		}
	case 'X':
		e.erase(x, e.y, min(n, e.width-x))
	case '@':
		n = min(n, e.width-x)
		copy(line[x+n:], line[x:])
		e.erase(x, e.y, n)
	case 'P':
		n = min(n, e.width-x)
		copy(line[x:], line[x+n:])
		e.erase(e.width-n, e.y, n)
	}
}

// erase makes n cells blank, in reading order.
func (e *emulator) erase(x, y, n int) {
	for at := y*e.width + x; n > 0 && at < e.height*e.width; at, n = at+1, n-1 {
		e.cells[at/e.width][at%e.width] = ' '
	}
}
