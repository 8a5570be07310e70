package viewer

import (
	"strings"

	"redan/ui/tui/kit"
	"redan/ui/view"
	"redan/ui/view/decode"
)

// document is bytes as they are shown.
type document struct {
	input  decode.Input
	view   decode.View
	offers []decode.Chain
	lines  view.Lines
	bits   bool
	whole  int64 // bytes of the value; view.Missing where unknown
	window

	wrap   bool
	left   int          // columns scrolled to the right
	folded map[int]bool // lines whose insides are not shown; never changed, but replaced
	rows   []docRow     // what is shown, in order
	width  int          // that rows were made for
}

// window is where the bytes of a document are in a value that was not read as a whole.
type window struct {
	request       view.Request
	place         view.Place // of the window
	before, after view.Place // of those around
	less, more    bool       // whether there are any
	tooLong       bool       // the value was not read at all
	sketch        *view.Sketch
}

// docRow is a line, or a part of one that is wrapped.
type docRow struct{ line, part int32 }

// newDocument lays out bytes through a chain; nil detects it. It takes time: it is made in a task.
func newDocument(in decode.Input, chain decode.Chain, whole int64) document {
	set := decode.Standard()
	d := document{input: in, offers: set.Offers(in), whole: whole}
	if chain == nil {
		chain = d.offers[0]
	}
	d.view = set.Open(in, chain, decode.DefaultLimit)
	d.lines = d.view.Document
	d.wrap = d.shows() == decode.Text
	return d
}

// asBits lays out bytes as a bitmap.
func asBits(in decode.Input, whole int64) document {
	return document{input: in, offers: decode.Standard().Offers(in), bits: true, whole: whole}
}

// shows is the decoder at the end of the chain.
func (d document) shows() decode.Name {
	if len(d.view.Chain) == 0 {
		return ""
	}
	return d.view.Chain[len(d.view.Chain)-1]
}

// label says how the bytes are shown.
func (d document) label(arrow string) string {
	if d.bits {
		return "bits"
	}
	return d.view.Chain.Join(arrow)
}

// fit lays the lines out for a width. match leaves out the lines that it is false for.
func (d document) fit(width int, match func(string) bool) document {
	d.width = width
	switch {
	case d.bits:
		d.lines = view.Bits{Input: d.input, PerLine: view.BitsPerLine(width)}
	case d.shows() == decode.Hex:
		d.lines = decode.Dump(decode.Input{Bytes: d.view.Bytes, Offset: d.view.Offset, More: d.view.Cut}, decode.PerLine(width))
	}
	d.rows = nil
	if d.lines == nil {
		return d
	}
	for i := 0; i < d.lines.Len(); i++ {
		if match != nil && !match(plainText(d.lines.Line(i).Spans)) {
			continue
		}
		d.rows = d.appendLine(d.rows, i)
		if end := d.lines.Fold(i); match == nil && end > i && d.folded[i] {
			i = end
		}
	}
	return d
}

func (d document) appendLine(rows []docRow, i int) []docRow {
	parts := 1
	if d.wrap {
		line := d.lines.Line(i)
		if room := d.room(line); spansWidth(line.Spans) > room {
			parts = len(wrapSpans(line.Spans, room))
		}
	}
	for part := range parts {
		rows = append(rows, docRow{int32(i), int32(part)}) //nolint:gosec // a document has at most as many lines as a window has bytes
	}
	return rows
}

// indent is how many blanks stand before a line. Hostile values are deep.
func (d document) indent(line decode.Line) int { return min(2*line.Indent, d.width/2) }

func (d document) room(line decode.Line) int { return max(1, d.width-d.indent(line)) }

// row draws a row in at most width columns.
func (d document) row(look kit.Look, i int) string {
	at := d.rows[i]
	line := d.lines.Line(int(at.line))
	spans := line.Spans
	indent := d.indent(line)
	if d.folded[int(at.line)] && line.Fold > int(at.line) {
		spans = append(append([]decode.Span{}, spans...), d.foldedSpans(look, line)...)
	}
	if d.wrap {
		if parts := wrapSpans(spans, d.room(line)); int(at.part) < len(parts) {
			spans = parts[at.part]
		}
	} else if d.left > 0 {
		spans = append([]decode.Span{{Text: strings.Repeat(" ", indent)}}, spans...)
		return paint(look, skipColumns(spans, d.left), d.width)
	}
	return strings.Repeat(" ", indent) + paint(look, spans, d.width-indent)
}

// foldedSpans stand for what is folded: how many elements, and the bracket that closes them.
func (d document) foldedSpans(look kit.Look, line decode.Line) []decode.Span {
	return []decode.Span{
		{Text: " " + kit.Ellipsis().Of(look) + " " + some(int64(line.Items), "item", "items") + " ", Kind: decode.Dim},
		{Text: strings.TrimSpace(plainText(d.lines.Line(line.Fold).Spans)), Kind: decode.Punct},
	}
}

// lineAt is the line of a row, -1 where there is none.
func (d document) lineAt(row int) int {
	if row < 0 || row >= len(d.rows) {
		return -1
	}
	return int(d.rows[row].line)
}

// rowOf is the row that a line is in, or the one before where it is folded.
func (d document) rowOf(line int) int {
	low, high := 0, len(d.rows)
	for low < high {
		middle := (low + high) / 2
		if int(d.rows[middle].line) < line {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low < len(d.rows) && int(d.rows[low].line) == line {
		return low
	}
	return max(0, low-1)
}

// foldable reports whether the line of a row opens something that can be folded.
func (d document) foldable(row int) bool {
	line := d.lineAt(row)
	return line >= 0 && d.lines.Fold(line) > line
}

// fold folds a line, or unfolds it.
func (d document) fold(line int, folded bool) document {
	changed := make(map[int]bool, len(d.folded)+1)
	for k := range d.folded {
		changed[k] = true
	}
	delete(changed, line)
	if folded {
		changed[line] = true
	}
	d.folded = changed
	return d
}

// foldAll folds everything but the outermost.
func (d document) foldAll() document {
	d.folded = map[int]bool{}
	for i := 1; i < d.lines.Len(); i++ {
		if d.lines.Fold(i) > i {
			d.folded[i] = true
		}
	}
	return d
}

// around is the line that opens what a line is in, -1 where that is nothing.
func (d document) around(line int) int {
	for i := line - 1; i >= 0; i-- {
		if d.lines.Fold(i) > line {
			return i
		}
	}
	return -1
}

// nextChain is the chain after the one that is shown.
func (d document) nextChain(step int) decode.Chain {
	if len(d.offers) == 0 {
		return nil
	}
	at := -1
	for i, offer := range d.offers {
		if offer.Join(" ") == d.view.Chain.Join(" ") {
			at = i
		}
	}
	if at < 0 {
		return d.offers[0]
	}
	return d.offers[(at+step+len(d.offers))%len(d.offers)]
}

// isWhole reports whether the input is all of the value.
func isWhole(in decode.Input) bool { return in.Offset == 0 && !in.More }
