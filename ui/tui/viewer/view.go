package viewer

import (
	"strings"

	"redan/ui/tui/kit"
	"redan/ui/view"
)

// margin is what stands before a row: the cursor.
const margin = 3

// inner is how many columns a row has.
func (p Pane) inner() int { return max(1, p.width-margin-1) }

// heading is what stands above the rows. In the smallest windows it gives way: one row of the value is in sight, and the status.
func (p Pane) heading() []string {
	lines := p.head()
	if p.value.state != here || len(p.faces) == 0 { // what is wrong matters more than what was there
		return lines
	}
	return lines[:min(len(lines), max(0, p.height-leastRows))]
}

// leastRows is how many lines a row of the value and the status take.
const leastRows = 2

// above is how many lines stand above the rows.
func (p Pane) above() int {
	n := len(p.heading())
	if p.airy() {
		n++
	}
	if p.headed() {
		n++
	}
	return n
}

// airy reports whether there is room for a blank line below the header.
func (p Pane) airy() bool {
	const tall = 14
	return p.height >= tall
}

// headed reports whether columns have titles.
func (p Pane) headed() bool {
	const tall = 8
	return p.height >= tall && p.top().isTable
}

// rows is how many rows of the value are on screen. The last line is the status.
func (p Pane) rows() int { return max(1, p.height-p.above()-1) }

// View draws the pane: exactly h lines of w columns.
func (p Pane) View(w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	if w != p.width || h != p.height {
		p = p.resize(w, h)
	}
	look := p.config.Look
	if p.value.state == empty && !p.opening.load.slow {
		return kit.Frame(p.nothing(), w, h, look.ASCII)
	}
	lines := p.heading()
	if p.airy() {
		lines = append(lines, "")
	}
	if p.headed() {
		lines = append(lines, p.titles())
	}
	lines = append(lines, p.body()...)
	lines = lines[:min(len(lines), max(0, h-1))]
	for len(lines) < h-1 {
		lines = append(lines, "")
	}
	if h == 1 && len(p.head()) > 0 {
		return kit.Frame(p.head(), w, h, look.ASCII)
	}
	return kit.Frame(append(lines, p.status()), w, h, look.ASCII)
}

// nothing says why there is nothing, and what to do.
func (p Pane) nothing() []string {
	look := p.config.Look
	return []string{"", " " + look.Dim("No key is open."), "", " " + look.Dim("enter on a key in the list opens it")}
}

// body is the rows of what is on top.
func (p Pane) body() []string {
	look := p.config.Look
	if len(p.faces) == 0 {
		return p.blank()
	}
	f := p.top()
	f.list = f.list.Fit(f.count(), p.rows())
	if f.count() == 0 {
		return p.hollow(f)
	}
	var lines []string
	for row := f.list.Top; row < min(f.count(), f.list.Top+p.rows()); row++ {
		bar := strings.Repeat(" ", margin)
		if row == f.list.Cursor {
			bar = " " + look.CursorBar(p.focused) + " "
		}
		if f.isTable {
			lines = append(lines, bar+p.tableRow(f.table, row))
		} else {
			lines = append(lines, bar+f.doc.row(look, row))
		}
		if last := len(lines) - 1; row == f.list.Cursor && p.focused {
			lines[last] = look.Selected(kit.Fit(lines[last], p.width, look.ASCII))
		}
	}
	return lines
}

// blank is what is said where no value is.
func (p Pane) blank() []string {
	look := p.config.Look
	load, waiting := p.waiting()
	switch {
	case waiting && load.slow:
		return []string{"", " " + look.Dim(load.what+kit.Ellipsis().Of(look)+"   esc: stop waiting")}
	case p.value.state == failed:
		return []string{"", " " + look.Dim("ctrl+r: try again")}
	}
	return nil
}

// hollow says why there are no rows.
func (p Pane) hollow(f face) []string {
	look := p.config.Look
	text := "It is empty."
	switch {
	case f.doc.tooLong:
		text = "It can be read only as a whole and takes " + kit.Size(max(0, p.value.facts.Memory)) + ": too much to show."
		if p.value.kind == view.JSON {
			text += " J: jump to a path in it"
		}
	case f.filter.text != "" && f.load.active():
		text = "Nothing matches " + kit.Escape(f.filter.text) + " so far."
	case f.filter.text != "":
		text = "Nothing matches " + kit.Escape(f.filter.text) + "."
	case f.table.request.Part == view.Groups:
		text = "The stream has no consumer groups."
	case f.table.request.Part == view.Pending:
		text = "Nothing is pending: all that was delivered is acknowledged."
	case f.load.active() || f.table.more:
		text = "Nothing so far."
	}
	return []string{" " + look.Dim(kit.Cut(text, p.width-2, look.ASCII))}
}

// titles are the titles of the columns.
func (p Pane) titles() string {
	look, t := p.config.Look, p.top().table
	columns, widths := view.Columns(t.request), t.layout(p.tableWidth(t))
	var b strings.Builder
	for i, c := range columns {
		if widths[i] == 0 {
			continue
		}
		title := c.Title
		if c.Right {
			title = kit.FitRight(title, widths[i], look.ASCII)
		} else {
			title = kit.Fit(title, widths[i], look.ASCII)
		}
		b.WriteString(title)
		if i < len(columns)-1 {
			b.WriteString("  ")
		}
	}
	text := b.String()
	if t.lives {
		text = kit.Fit(text, p.tableWidth(t), look.ASCII) + kit.FitRight("TTL", lifeWidth, look.ASCII)
	}
	return strings.Repeat(" ", margin) + look.Dim(text)
}

// lifeWidth is how wide the column of the lives of fields is.
const lifeWidth = 9

// tableWidth is how many columns there are for cells.
func (p Pane) tableWidth(t table) int {
	if t.lives {
		return max(1, p.inner()-lifeWidth)
	}
	return p.inner()
}

// tableRow draws an element.
func (p Pane) tableRow(t table, row int) string {
	look := p.config.Look
	e, _ := t.at(row)
	width := p.tableWidth(t)
	columns, widths := view.Columns(t.request), t.layout(width)
	cells := view.Cells(e, t.request, width, p.now.Location())
	var b strings.Builder
	for i, c := range columns {
		if widths[i] == 0 {
			continue
		}
		if i < len(columns)-1 {
			b.WriteString(cell(look, c, cells[i].Spans, widths[i]) + "  ")
			continue
		}
		note := cells[i].Note
		if e.Cut && len(e.Pairs) == 0 {
			note = strings.TrimSpace(kit.Size(e.Length) + "  " + note)
		}
		if _, linked := p.linkOf(t.request, e); linked {
			note = "→ go to key"
		}
		if n := kit.Width(note); n > 0 && n+2 < widths[i]/2 {
			b.WriteString(cell(look, c, cells[i].Spans, widths[i]-n-2) + "  " + look.Dim(p.arrows(note)))
		} else {
			b.WriteString(cell(look, c, cells[i].Spans, widths[i]))
		}
	}
	if t.lives {
		b.WriteString(p.fieldLife(e))
	}
	return b.String()
}

// arrows puts the terminal's sign in the place of the arrow.
func (p Pane) arrows(text string) string {
	return strings.ReplaceAll(text, "→", kit.Arrow().Of(p.config.Look))
}

// fieldLife is how long a field has to live. It ticks with the key's.
func (p Pane) fieldLife(e view.Element) string {
	look := p.config.Look
	if e.Life < 0 {
		return look.Dim(kit.FitRight(kit.Forever().Of(look), lifeWidth, look.ASCII))
	}
	left := max(0, p.value.read.Add(e.Life).Sub(p.now))
	text := kit.FitRight(kit.Life(left), lifeWidth, look.ASCII)
	if left < soon {
		return look.Warn(text)
	}
	return text
}

// status is the last line: the filter, how much of the value is here, how it is shown, what is awaited.
func (p Pane) status() string {
	look := p.config.Look
	f := p.top()
	if f.filter.typing {
		hint, right := " words, ~regex, !not", f.filter.wrong
		room := p.width - 4 - kit.Width(right) - 1
		return look.Accent(" / ") + f.filter.line.View(max(1, room), look, hint) + " " + look.Warn(right)
	}
	left := p.extent()
	if f.filter.text != "" {
		left = "/ " + kit.Escape(f.filter.text) + "   " + left
	}
	if load, waiting := p.waiting(); waiting && load.slow && len(p.faces) > 0 {
		left += "   " + load.what + kit.Ellipsis().Of(look) + " esc: stop"
	}
	right := ""
	if !f.isTable && len(p.faces) > 0 && !f.doc.tooLong {
		right = f.doc.label(kit.Arrow().Of(look))
	}
	room := max(0, p.width-2-kit.Width(right)-1)
	return " " + look.Dim(kit.Fit(left, room, look.ASCII)+" "+right)
}

// extent says what part of the value is here.
func (p Pane) extent() string {
	f := p.top()
	switch {
	case len(p.faces) == 0 || f.doc.tooLong:
		return ""
	case f.isTable:
		return tableExtent(f)
	}
	d := f.doc
	text := ""
	if !isWhole(d.input) {
		from := d.input.Offset
		text = "bytes " + kit.Count(from) + " to " + kit.Count(from+int64(len(d.input.Bytes))) + " of " + kit.Count(d.whole)
	} else if f.count() > 0 {
		text = "line " + kit.Count(int64(d.lineAt(f.list.Cursor)+1)) + " of " + kit.Count(int64(d.lines.Len()))
	}
	if d.bits {
		ones, _ := view.Bits{Input: d.input, PerLine: 1}.Ones()
		text += "   " + some(int64(ones), "bit", "bits") + " set here"
	}
	return strings.TrimSpace(text)
}

// tableExtent says which elements are here, and how many there are.
func tableExtent(f face) string {
	t := f.table
	loaded := int64(len(t.elements))
	whole := max(loaded, t.length)
	text := kit.Count(loaded) + " of " + kit.Count(whole)
	if t.bothEnds() && t.request.Type != view.Stream && loaded > 0 {
		if e, ok := t.at(f.list.Cursor); ok {
			word := "index "
			if t.request.Type == view.ZSet {
				word = "rank "
			}
			text = word + kit.Count(e.Index) + "   last " + kit.Count(whole-1)
		}
	} else if t.more {
		text += " read"
	}
	if f.match != nil {
		text = kit.Count(int64(f.count())) + " of " + kit.Count(loaded+t.skipped) + " read match"
		switch {
		case t.more && f.load.active():
			text += ", " + kit.Count(whole) + " in all   searching, esc: stop"
		case t.more:
			text += ", " + kit.Count(whole) + " in all   n: search on"
		}
	}
	return text
}

// some is a number of things: "1 field", "1,200 fields".
func some(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return kit.Count(n) + " " + many
}
