package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// color is a colour of a cell: none, one of the palette's 16, or red, green and blue as #rrggbb.
type color struct {
	set   bool
	index int
	exact string
}

// style is how a cell is drawn.
type style struct {
	front, back                             color
	bold, dim, italic, underlined, reversed bool
}

// cell is one character, with all that combines with it, and how many columns it takes.
type cell struct {
	text  string
	width int
	style style
}

// parse takes text with escape sequences apart into lines of cells. What is neither text nor a colour is left out.
func parse(text string) [][]cell {
	var lines [][]cell
	var now style
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		var cells []cell
		state := byte(0)
		for len(line) > 0 {
			part, width, n, next := ansi.DecodeSequence(line, state, nil)
			state, line = next, line[n:]
			switch parameters, isStyle := strings.CutPrefix(part, "\x1b["); {
			case width > 0:
				cells = append(cells, cell{text: part, width: width, style: now})
			case isStyle && strings.HasSuffix(parameters, "m"):
				now = now.changed(strings.TrimSuffix(parameters, "m"))
			case len(cells) > 0 && part[0] >= utf8.RuneSelf: // combines with the one before
				cells[len(cells)-1].text += part
			}
		}
		lines = append(lines, cells)
	}
	return lines
}

// changed is the style after "select graphic rendition" with these parameters.
func (s style) changed(parameters string) style {
	numbers := strings.FieldsFunc(parameters, func(r rune) bool { return r == ';' || r == ':' })
	if len(numbers) == 0 {
		return style{}
	}
	for i := 0; i < len(numbers); i++ {
		n, err := strconv.Atoi(numbers[i])
		switch {
		case err != nil:
		case n == 38 || n == 48:
			c, used := extended(numbers[i+1:])
			if n == 38 {
				s.front = c
			} else {
				s.back = c
			}
			i += used
		default:
			s = s.with(n)
		}
	}
	return s
}

// with is the style after one parameter that stands for itself.
func (s style) with(n int) style {
	switch n {
	case 0:
		return style{}
	case 1:
		s.bold = true
	case 2:
		s.dim = true
	case 3:
		s.italic = true
	case 4:
		s.underlined = true
	case 7:
		s.reversed = true
	case 22:
		s.bold, s.dim = false, false
	case 23:
		s.italic = false
	case 24:
		s.underlined = false
	case 27:
		s.reversed = false
	case 39:
		s.front = color{}
	case 49:
		s.back = color{}
	}
	return s.colored(n)
}

// colored is the style after a parameter that is one of the 16 colours, in front or behind.
func (s style) colored(n int) style {
	switch {
	case n >= 30 && n <= 37:
		s.front = color{set: true, index: n - 30}
	case n >= 90 && n <= 97:
		s.front = color{set: true, index: n - 90 + 8}
	case n >= 40 && n <= 47:
		s.back = color{set: true, index: n - 40}
	case n >= 100 && n <= 107:
		s.back = color{set: true, index: n - 100 + 8}
	}
	return s
}

// extended reads what follows 38 or 48, and tells how many numbers that is.
func extended(numbers []string) (c color, used int) {
	if len(numbers) >= 4 && numbers[0] == "2" {
		var rgb [3]int
		for i := range rgb {
			rgb[i], _ = strconv.Atoi(numbers[1+i]) // what is no number is black
		}
		return color{set: true, exact: fmt.Sprintf("#%02x%02x%02x", rgb[0]&0xff, rgb[1]&0xff, rgb[2]&0xff)}, 4
	}
	if len(numbers) >= 2 && numbers[0] == "5" {
		n, _ := strconv.Atoi(numbers[1])
		return indexed(n & 0xff), 2
	}
	return color{}, 0
}

// indexed is a colour of the table of 256: 16 of the palette, a cube of 6 x 6 x 6, and 24 greys.
func indexed(n int) color {
	const cube, grey = 16, 232
	level := func(i int) int {
		if i == 0 {
			return 0
		}
		return 55 + 40*i
	}
	switch {
	case n < cube:
		return color{set: true, index: n}
	case n < grey:
		n -= cube
		return color{set: true, exact: fmt.Sprintf("#%02x%02x%02x", level(n/36), level(n/6%6), level(n%6))}
	}
	shade := 8 + 10*(n-grey)
	return color{set: true, exact: fmt.Sprintf("#%02x%02x%02x", shade, shade, shade)}
}
