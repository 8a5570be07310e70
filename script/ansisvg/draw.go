package main

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// Sizes in pixels. A cell is as wide as common fonts of that size have it.
const (
	cellWidth  = 8.4
	cellHeight = 18
	fontSize   = 14
	baseline   = 13.5
	padding    = 14
	barHeight  = 30
)

// window is what is drawn around the cells.
type window struct {
	title   string
	columns int
	colors  palette
}

// draw is the picture of lines of cells.
func draw(lines [][]cell, w window) string {
	columns := w.columns
	for _, line := range lines {
		columns = max(columns, width(line))
	}
	total := number(float64(columns)*cellWidth + 2*padding)
	height := number(float64(len(lines)*cellHeight + barHeight + 2*padding))
	p := w.colors
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %[1]s %[2]s">`+"\n", total, height)
	fmt.Fprintf(&b, `<rect x="0.5" y="0.5" width="%s" height="%s" rx="9" fill="%s" stroke="%s"/>`+"\n",
		less(total), less(height), p.back, p.rim)
	fmt.Fprintf(&b, `<path d="M0.5 %d V9.5 a9 9 0 0 1 9 -9 H%s a9 9 0 0 1 9 9 V%[1]d z" fill="%[3]s" stroke="%[4]s"/>`+"\n",
		barHeight, number(float64(columns)*cellWidth+2*padding-9.5), p.bar, p.rim)
	for i, button := range []string{p.red, p.yellow, p.green} {
		fmt.Fprintf(&b, `<circle cx="%d" cy="15" r="5.5" fill="%s"/>`+"\n", 18+20*i, button)
	}
	fmt.Fprintf(&b, `<text x="50%%" y="19.5" text-anchor="middle" font-family="system-ui, sans-serif" font-size="12.5" fill="%s">%s</text>`+"\n",
		p.barText, escape(w.title))
	fmt.Fprintf(&b, `<g transform="translate(%d %d)" font-family="%s" font-size="%d" xml:space="preserve">`+"\n",
		padding, barHeight+padding, "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace", fontSize)
	for i, line := range lines {
		drawGrounds(&b, line, i, p)
		drawText(&b, line, i, p)
	}
	b.WriteString("</g>\n</svg>\n")
	return b.String()
}

// stretch is cells next to each other that are drawn alike, from a column on.
type stretch struct {
	column int
	cells  []cell
}

// stretches parts a line where alike does not hold of neighbours.
func stretches(line []cell, alike func(a, b cell) bool) []stretch {
	var list []stretch
	column := 0
	for i, c := range line {
		if i == 0 || !alike(line[i-1], c) {
			list = append(list, stretch{column: column})
		}
		last := &list[len(list)-1]
		last.cells = append(last.cells, c)
		column += c.width
	}
	return list
}

func width(cells []cell) int {
	n := 0
	for _, c := range cells {
		n += c.width
	}
	return n
}

// drawGrounds draws what lies behind the text.
func drawGrounds(b *strings.Builder, line []cell, row int, p palette) {
	same := func(a, b cell) bool {
		_, first := p.inks(a.style)
		_, second := p.inks(b.style)
		return first == second
	}
	for _, r := range stretches(line, same) {
		if _, back := p.inks(r.cells[0].style); back != p.back {
			drawRect(b, float64(r.column), float64(row), float64(width(r.cells)), 1, back)
		}
	}
}

// drawText draws runs of one style. What is wider than a column, or drawn as a shape, is a run of its own.
func drawText(b *strings.Builder, line []cell, row int, p palette) {
	same := func(a, b cell) bool {
		return a.style == b.style && a.width == 1 && b.width == 1 && len(shapeOf(a.text)) == 0 && len(shapeOf(b.text)) == 0
	}
	for _, r := range stretches(line, same) {
		front, _ := p.inks(r.cells[0].style)
		if shape := shapeOf(r.cells[0].text); len(shape) > 0 {
			for _, s := range shape {
				drawRect(b, float64(r.column)+s.x, float64(row)+s.y, s.w, s.h, front)
			}
			continue
		}
		var text strings.Builder
		for _, c := range r.cells {
			text.WriteString(c.text)
		}
		whole := text.String()
		shown := strings.TrimLeft(whole, " ")
		r.column += len(whole) - len(shown)
		shown = strings.TrimRight(shown, " ")
		if shown == "" && !r.cells[0].style.underlined {
			continue
		}
		columns := width(r.cells) - (len(whole) - len(strings.Trim(whole, " ")))
		fmt.Fprintf(b, `<text x="%s" y="%s" textLength="%s" lengthAdjust="spacingAndGlyphs" fill="%s"%s>%s</text>`+"\n",
			number(float64(r.column)*cellWidth), number(float64(row*cellHeight)+baseline), number(float64(columns)*cellWidth),
			front, traits(r.cells[0].style), escape(shown))
	}
}

// traits are the attributes of a style beside its colours.
func traits(s style) string {
	text := ""
	if s.bold {
		text += ` font-weight="bold"`
	}
	if s.italic {
		text += ` font-style="italic"`
	}
	if s.underlined {
		text += ` text-decoration="underline"`
	}
	return text
}

// drawRect draws a rectangle that is given in cells.
func drawRect(b *strings.Builder, x, y, w, h float64, fill string) {
	fmt.Fprintf(b, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`+"\n",
		number(x*cellWidth), number(y*cellHeight), number(w*cellWidth), number(h*cellHeight), fill)
}

// number is a length with as many digits as it needs, at most two behind the point.
func number(n float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(n, 'f', 2, 64), "0"), ".")
}

// less is a length without the half pixels that a rim takes at both ends.
func less(length string) string {
	n, _ := strconv.ParseFloat(length, 64) // it was printed by number
	return number(n - 1)
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}
