package viewer

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
	"redan/ui/view"
	"redan/ui/view/decode"
)

// move obeys the keys that move the cursor.
func (p Pane) move(id string) (Pane, tea.Cmd, bool) {
	if len(p.faces) == 0 {
		return p, nil, false
	}
	height := p.rows()
	switch id {
	case "value.up":
		p, cmd := p.step(-1)
		return p, cmd, true
	case "value.down":
		p, cmd := p.step(1)
		return p, cmd, true
	case "value.pageup":
		p, cmd := p.step(-height)
		return p, cmd, true
	case "value.pagedown":
		p, cmd := p.step(height)
		return p, cmd, true
	case "value.halfup":
		p, cmd := p.step(-max(1, height/2))
		return p, cmd, true
	case "value.halfdown":
		p, cmd := p.step(max(1, height/2))
		return p, cmd, true
	case "value.first":
		p, cmd := p.edge(false)
		return p, cmd, true
	case "value.last":
		p, cmd := p.edge(true)
		return p, cmd, true
	}
	return p, nil, false
}

// step moves the cursor by n rows. At the end of a window of bytes it goes on to the next.
func (p Pane) step(n int) (Pane, tea.Cmd) {
	f := p.top()
	at := f.list.Cursor
	f.list = f.list.Move(n, f.count(), p.rows())
	f.stopped = false
	p = p.with(p.last(), f)
	if !f.isTable && f.list.Cursor == at {
		return p.turn(n > 0)
	}
	return p.near(p.last())
}

// turn goes to the window of bytes after, or before, the one that is shown.
func (p Pane) turn(on bool) (Pane, tea.Cmd) {
	f := p.top()
	d := f.doc
	if f.load.active() || p.value.state != here || on && !d.more || !on && !d.less {
		return p, nil
	}
	if on {
		return p.turnTo(d.after, false, false)
	}
	return p.turnTo(d.before, true, true)
}

// turnTo reads the window of bytes at a place. The cursor goes to its beginning, or its end.
func (p Pane) turnTo(to view.Place, back, end bool) (Pane, tea.Cmd) {
	f := p.top()
	r := f.doc.request
	r.Key, r.Type, r.Place, r.Back, r.Count = p.value.key, p.value.kind, to, back, view.StringPage
	client := p.config.Client
	result := shown{end: end, what: "read more of " + kit.Name(p.value.key)}
	result.face.doc.view.Chain = f.doc.view.Chain
	return p.load(p.last(), "a window of the value", func(ctx context.Context, s stamp) tea.Cmd {
		result.stamp = s
		return readFace(ctx, client, r, result)
	})
}

// edge goes to the beginning or to the end: of the value, where that can be read from both, else of what was loaded.
func (p Pane) edge(end bool) (Pane, tea.Cmd) {
	f := p.top()
	f.stopped = false
	p = p.with(p.last(), f)
	switch {
	case !f.isTable && end && f.doc.more && p.value.state == here:
		return p.turnTo(view.Place{Rank: f.doc.whole}, true, true)
	case !f.isTable && !end && f.doc.less && p.value.state == here:
		return p.turnTo(view.Place{}, false, false)
	case f.isTable && f.table.bothEnds() && (end && f.table.more || !end && f.table.less) && f.match == nil && p.value.state == here:
		return p.tableEdge(end)
	}
	at := 0
	if end {
		at = f.count() - 1
	}
	f.list = f.list.To(at, f.count(), p.rows())
	return p.with(p.last(), f).near(p.last())
}

// tableEdge reads the first page of a table, or the last.
func (p Pane) tableEdge(end bool) (Pane, tea.Cmd) {
	r := p.top().table.request
	r.Place, r.Back = view.Place{}, false
	if end {
		r.Place, r.Back = view.PlaceEnd(r, p.top().table.length), true
	}
	return p.show(r, shown{end: end, what: "read " + kit.Name(p.value.key)})
}

// show reads what a request says and shows it in place of the face on top.
func (p Pane) show(r view.Request, result shown) (Pane, tea.Cmd) {
	client := p.config.Client
	return p.load(p.last(), "the value", func(ctx context.Context, s stamp) tea.Cmd {
		result.stamp = s
		return readFace(ctx, client, r, result)
	})
}

// actTable obeys the keys about how a table is read.
func (p Pane) actTable(id string) (Pane, tea.Cmd) {
	r := p.top().table.request
	r.Place, r.Back = view.Place{}, false
	result := shown{what: "read " + kit.Name(p.value.key)}
	switch id {
	case "value.order":
		r.Reverse = !r.Reverse
	case "value.geo":
		r.Geo = !r.Geo
		r.Place = p.top().here()
	case "value.groups":
		r.Part, r.Count, result.push = view.Groups, view.MostElements, true
		result.face.title = "groups"
	}
	return p.show(r, result)
}

// here is the place of the first row on screen.
func (f face) here() view.Place {
	if e, ok := f.table.at(f.list.Top); ok {
		return view.PlaceHere(f.table.request, e)
	}
	return view.Place{}
}

// actDocument obeys the keys about how a document is shown.
func (p Pane) actDocument(id string) (acted Pane, cmd tea.Cmd, ok bool) {
	if len(p.faces) == 0 || p.top().isTable {
		return p, nil, false
	}
	f := p.top()
	line := f.doc.lineAt(f.list.Cursor)
	switch id {
	case "value.decode":
		p, cmd = p.redraw(f.doc.nextChain(1))
		return p, cmd, true
	case "value.decodeback":
		p, cmd = p.redraw(f.doc.nextChain(-1))
		return p, cmd, true
	case "value.bits":
		var chain decode.Chain
		if f.doc.bits {
			chain = decode.Standard().Detect(f.doc.input)
		}
		p, cmd = p.redraw(chain)
		return p, cmd, true
	case "value.count":
		p, cmd = p.count(f)
		return p, cmd, true
	case "value.wrap":
		f.doc.wrap, f.doc.left = !f.doc.wrap, 0
	case "value.fold":
		f.doc = f.doc.toggle(f.list.Cursor)
	case "value.unfoldall":
		f.doc.folded = nil
	case "value.foldall":
		f.doc = f.doc.foldAll()
	case "value.right":
		f.doc = f.doc.inward(f.list.Cursor)
	case "value.left":
		f.doc, line = f.doc.outward(line)
	default:
		return p, nil, false
	}
	f.doc = f.doc.fit(p.inner(), f.match)
	if line >= 0 {
		f.list = f.list.To(f.doc.rowOf(line), f.count(), p.rows())
	}
	return p.with(p.last(), f.fit(p.inner(), p.rows())), nil, true
}

// scrollStep is how many columns a key scrolls to the side.
const scrollStep = 8

// toggle folds or unfolds what a row opens.
func (d document) toggle(row int) document {
	if !d.foldable(row) {
		return d
	}
	line := d.lineAt(row)
	return d.fold(line, !d.folded[line])
}

// inward unfolds what a row opens, or scrolls.
func (d document) inward(row int) document {
	const farthest = 4096
	switch line := d.lineAt(row); {
	case d.foldable(row) && d.folded[line]:
		return d.fold(line, false)
	case !d.wrap && wrapOff(d) == "":
		d.left = min(d.left+scrollStep, farthest)
	}
	return d
}

// outward scrolls back, folds what a line opens, or goes to the line that opens what it is in.
func (d document) outward(line int) (document, int) {
	switch {
	case d.left > 0:
		d.left = max(0, d.left-scrollStep)
	case line >= 0 && d.lines.Fold(line) > line && !d.folded[line]:
		return d.fold(line, true), line
	case line >= 0:
		if around := d.around(line); around >= 0 {
			return d, around
		}
	}
	return d, line
}

// redraw shows the document through another chain; nil shows its bits.
func (p Pane) redraw(chain decode.Chain) (Pane, tea.Cmd) {
	d := p.top().doc
	return p.load(p.last(), "the value", func(ctx context.Context, s stamp) tea.Cmd {
		return redraw(ctx, d, chain, shown{stamp: s})
	})
}

// count asks for what a bitmap or a HyperLogLog counts.
func (p Pane) count(f face) (Pane, tea.Cmd) {
	client, key := p.config.Client, p.value.key
	if f.doc.sketch != nil {
		return p.load(p.last(), "the count", func(ctx context.Context, s stamp) tea.Cmd {
			return count(ctx, func(ctx context.Context) (int64, error) { return view.CountSketch(ctx, client, key) },
				counted{stamp: s, what: "count " + kit.Name(key)}, func(n int64) string { return "about " + some(n, "element", "elements") })
		})
	}
	return p.load(p.last(), "the count of bits", func(ctx context.Context, s stamp) tea.Cmd {
		return count(ctx, func(ctx context.Context) (int64, error) { return view.CountBits(ctx, client, key) },
			counted{stamp: s, what: "count the bits of " + kit.Name(key)}, func(n int64) string { return some(n, "bit", "bits") + " set" })
	})
}

// click moves the cursor to a row; a second click opens or folds it.
func (p Pane) click(msg tea.MouseClickMsg) (Pane, tea.Cmd) {
	f := p.top()
	if msg.Button != tea.MouseLeft || len(p.faces) == 0 {
		return p, nil
	}
	row := f.list.Top + msg.Y - p.above()
	if msg.Y < p.above() || row >= f.count() || msg.Y >= p.above()+p.rows() {
		return p, nil
	}
	again := row == f.list.Cursor
	f.list = f.list.To(row, f.count(), p.rows())
	p = p.with(p.last(), f)
	switch {
	case again && f.isTable:
		return p.openElement()
	case again:
		p, cmd, _ := p.actDocument("value.fold")
		return p, cmd
	}
	return p.near(p.last())
}

// wheelRows is how far one notch of the wheel goes.
const wheelRows = 3

func (p Pane) wheel(msg tea.MouseWheelMsg) (Pane, tea.Cmd) {
	if len(p.faces) == 0 {
		return p, nil
	}
	switch msg.Button {
	case tea.MouseWheelUp:
		return p.step(-wheelRows)
	case tea.MouseWheelDown:
		return p.step(wheelRows)
	default:
		return p, nil
	}
}
