package decode

import (
	"fmt"
	"strings"
)

// Preview is the beginning of a value in one line: for a cell of a table.
type Preview struct {
	Chain Chain
	Spans []Span
	Items int  // elements of an array or members of an object, where all of them were seen
	Cut   bool // there is more than the spans show
}

// Preview shows the input through a chain in one line of at least width bytes, if there are as many, for the caller to cut to its
// columns. It decodes a few KiB at most, so that a screen full of cells is made between two frames.
func (s Set) Preview(in Input, chain Chain, width int) Preview {
	width = max(1, min(width, longestLine))
	view := s.Open(in, chain, trialBytes)
	p := Preview{Chain: view.Chain, Cut: view.Cut}
	switch p.Chain[len(p.Chain)-1] {
	case Hex:
		return p.bytes(view.Bytes, width)
	case Text:
		return p.lines(view.Document, width, Span{Text: `\n`, Kind: Escape})
	default:
		return p.lines(view.Document, width, Span{Text: " ", Kind: Punct})
	}
}

// bytes shows bytes as pairs of hex digits.
func (p Preview) bytes(data []byte, width int) Preview {
	const each = 3 // columns of a byte
	if n := (width + each - 1) / each; n < len(data) {
		data, p.Cut = data[:n], true
	}
	for i, c := range data {
		separator := " "
		if i == 0 {
			separator = ""
		}
		p.Spans = appendSpan(p.Spans, fmt.Sprintf("%s%02x", separator, c), Plain)
	}
	return p
}

// lines joins lines by lineBreak. A blank stands after commas only: brackets sit close to what they hold.
func (p Preview) lines(d Document, width int, lineBreak Span) Preview {
	if d.Len() > 0 && !p.Cut {
		p.Items = d.Line(0).Items
	}
	used := 0
	for i := range d.Len() {
		if used >= width {
			p.Cut = true
			return p
		}
		line := d.Line(i)
		text := line.Text()
		for _, span := range line.Spans {
			p.Spans = appendSpan(p.Spans, span.Text, span.Kind)
		}
		used += len(text)
		if i+1 < d.Len() && !line.More && (lineBreak.Kind == Escape || strings.HasSuffix(text, ",")) {
			p.Spans = appendSpan(p.Spans, lineBreak.Text, lineBreak.Kind)
			used += len(lineBreak.Text)
		}
	}
	return p
}
