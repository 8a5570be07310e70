package viewer

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
	"redan/ui/view"
)

// face is what is seen of a value: its elements, its bytes, or something of them that was opened.
type face struct {
	title   string // how it was got to: "total"; empty for the value itself
	isTable bool
	table   table
	doc     document
	list    kit.List
	filter  filter
	load    loading
	stopped bool   // loading more by itself was given up
	note    string // what was found out: a count
	match   func(string) bool
	element *view.Element // that it was opened from
}

// filter is what is shown of a face.
type filter struct {
	typing bool
	line   kit.Line
	text   string // what is in force
	wrong  string // why the text that was typed is not
	pages  int    // loaded by itself to find more
}

// count is how many rows there are.
func (f face) count() int {
	if f.isTable {
		return f.table.count()
	}
	return len(f.doc.rows)
}

// fit lays the face out.
func (f face) fit(width, rows int) face {
	if !f.isTable {
		line := f.doc.lineAt(f.list.Cursor)
		f.doc = f.doc.fit(width, f.match)
		if line >= 0 {
			f.list.Cursor = f.doc.rowOf(line)
		}
	}
	f.list = f.list.Fit(f.count(), rows)
	return f
}

// top is the face that is seen; an empty one when there is none.
func (p Pane) top() face {
	if len(p.faces) == 0 {
		return face{}
	}
	return p.faces[len(p.faces)-1]
}

// last is the index of the face that is seen, -1 for none.
func (p Pane) last() int { return len(p.faces) - 1 }

// with returns the pane with another face in a place.
func (p Pane) with(i int, f face) Pane {
	p.faces = slices.Clone(p.faces)
	p.faces[i] = f
	return p
}

// push puts a face on top.
func (p Pane) push(f face) Pane {
	p.faces = append(slices.Clip(p.faces), f.fit(p.inner(), p.rows()))
	return p
}

// pop takes the uppermost face away.
func (p Pane) pop() Pane {
	p.faces[p.last()].load.end()
	p.faces = p.faces[:p.last():p.last()]
	return p
}

// near loads the page before or after what is there when the cursor comes close to an end.
func (p Pane) near(i int) (Pane, tea.Cmd) {
	if i < 0 || p.value.state != here || p.offline {
		return p, nil
	}
	f := p.faces[i]
	if !f.isTable || f.load.active() || f.table.fixed || f.stopped {
		return p, nil
	}
	ahead := max(1, p.rows())
	after := f.table.more && f.list.Cursor+ahead >= f.count()
	if after && f.match != nil { // it is the filter that lacks rows
		if f.filter.pages >= morePages {
			after = false
		}
		f.filter.pages++
		p = p.with(i, f)
	}
	switch {
	case after:
		return p.more(i, false)
	case f.table.less && f.list.Cursor < ahead && f.match == nil:
		return p.more(i, true)
	}
	return p, nil
}

// morePages is how many pages a filter reads by itself, unless it is stopped before.
const morePages = 1000

// more loads the page after, or before, what is there.
func (p Pane) more(i int, back bool) (Pane, tea.Cmd) {
	f := p.faces[i]
	request := f.table.request
	request.Back, request.Place = back, f.table.after
	if back {
		request.Place = f.table.before
	}
	request.Count = f.table.pageSize()
	if f.match != nil {
		request.Count = view.SearchSize(p.value.facts)
	}
	request.NoFieldLife = p.noLives
	client := p.config.Client
	return p.load(i, "more of the value", func(ctx context.Context, s stamp) tea.Cmd {
		return readPage(ctx, client, request, s)
	})
}

// paged takes in a page of a table.
func (p Pane) paged(i int, f face, msg paged) (Pane, tea.Cmd) {
	if msg.err != nil {
		f.stopped = true // until the user asks for more
		return p.with(i, f).trouble("read more of "+kit.Name(p.value.key), msg.err)
	}
	p.noLives = p.noLives || msg.page.NoFieldLife
	back := msg.request.Back
	skipped := 0
	if f.match != nil { // what does not match is not kept: the whole of a long value is searched
		msg.page.Elements, skipped = matching(msg.page.Elements, f.match)
	} else {
		f.table.request.Count = msg.request.Count
	}
	extended, shift := f.table.extend(msg.page, back)
	extended.skipped += int64(skipped)
	if f.match == nil {
		f.list = f.list.Shift(shift)
	}
	f.table = extended.filter(f.match)
	if msg.page.Length != view.Missing && i == 0 {
		p.value.facts.Length = msg.page.Length
	}
	f.list = f.list.Fit(f.count(), p.rows())
	return p.with(i, f).near(i)
}

// replaced takes in what a face shows in the place of what it showed.
func (p Pane) replaced(i int, f face, msg shown) (Pane, tea.Cmd) {
	if msg.err != nil {
		return p.with(i, f).trouble(msg.what, msg.err)
	}
	if msg.push {
		p = p.with(i, f)
		if i != p.last() { // something else was opened meanwhile
			return p, nil
		}
		p = p.push(msg.face)
		return p.near(p.last())
	}
	next := msg.face
	next.title = f.title
	if next.element == nil {
		next.element = f.element
	}
	if next.isTable == f.isTable && next.isTable {
		next.filter, next.match = f.filter, f.match
		next.table = next.table.filter(f.match)
	}
	next.list = msg.list
	next = next.fit(p.inner(), p.rows())
	if msg.end {
		next.list = next.list.To(next.count()-1, next.count(), p.rows())
	}
	p = p.with(i, next)
	return p.near(i)
}

// counted takes in a count that was asked for.
func (p Pane) counted(i int, f face, msg counted) (Pane, tea.Cmd) {
	if msg.err != nil {
		return p.with(i, f).trouble(msg.what, msg.err)
	}
	f.note = msg.text
	return p.with(i, f), nil
}
