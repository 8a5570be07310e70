package viewer

import (
	"context"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
	"redan/ui/view"
)

// openElement shows the element under the cursor as a whole.
func (p Pane) openElement() (Pane, tea.Cmd) {
	t := p.top().table
	e, ok := t.at(p.top().list.Cursor)
	if !ok {
		return p, nil
	}
	title := elementTitle(t.request, e)
	switch t.request.Part {
	case view.Groups:
		return p.openGroup(t.request, string(e.Name), view.Pending)
	case view.Consumers, view.Pending:
		return p, nil
	case view.Entries:
	}
	switch t.request.Type {
	case view.Stream:
		fields := table{request: view.Request{Key: t.request.Key, Type: view.Hash}, length: int64(len(e.Pairs)), fixed: true}
		return p.push(face{title: title, isTable: true, table: fields.add(view.Fields(e), false), element: &e}), nil
	case view.Vector:
		return p.openVector(t.request, e, title)
	case view.Hash, view.List:
		if e.Cut && !t.fixed {
			return p.readWhole(t.request, e, title)
		}
	default: // of a set: the name is all there is
		e.Value = e.Name
	}
	return p.push(elementFace(e, title, e.Chain)), nil
}

// readWhole reads an element of which only the beginning is here.
func (p Pane) readWhole(r view.Request, e view.Element, title string) (Pane, tea.Cmd) {
	client := p.config.Client
	result := shown{push: true, what: "read " + title}
	result.face.title = title
	return p.load(p.last(), "the element", func(ctx context.Context, s stamp) tea.Cmd {
		result.stamp = s
		return readElement(ctx, client, r, e, result)
	})
}

// openGroup shows the consumers of a group, or what they have not acknowledged.
func (p Pane) openGroup(r view.Request, group string, part view.Part) (Pane, tea.Cmd) {
	r.Part, r.Group, r.Count, r.Place = part, group, view.MostElements, view.Place{}
	result := shown{push: true, what: "read the group " + kit.Escape(group)}
	result.face.title = "pending of " + kit.Escape(group)
	if part == view.Consumers {
		result.face.title = "consumers of " + kit.Escape(group)
	}
	return p.show(r, result)
}

func (p Pane) openVector(r view.Request, e view.Element, title string) (Pane, tea.Cmd) {
	client := p.config.Client
	return p.load(p.last(), "the vector", func(ctx context.Context, s stamp) tea.Cmd {
		return readVector(ctx, client, r.Key, e, shown{stamp: s, push: true, what: "read " + title, face: face{title: title}})
	})
}

// elementTitle says what an element is found by.
func elementTitle(r view.Request, e view.Element) string {
	if r.Type == view.List {
		return "[" + kit.Count(e.Index) + "]"
	}
	if len(e.Name) == 0 {
		return `""`
	}
	return kit.Escape(string(e.Name))
}

// rereadTop reads the element on top again, if it has a value of its own.
func (p Pane) rereadTop() (Pane, tea.Cmd) {
	f := p.top()
	if p.last() > 0 && f.isTable && f.table.request.Part != view.Entries {
		return p.rereadGroup()
	}
	if f.element == nil || p.last() != 1 {
		return p, nil
	}
	r := p.request()
	if r.Type != view.Hash && r.Type != view.List {
		return p, nil
	}
	client, e := p.config.Client, *f.element
	result := shown{what: "read " + f.title, list: f.list}
	result.face.title, result.face.doc.view.Chain = f.title, f.doc.view.Chain
	return p.load(p.last(), "the element", func(ctx context.Context, s stamp) tea.Cmd {
		result.stamp = s
		return readElement(ctx, client, r, e, result)
	})
}

// rereadGroup reads the table about a group that is on top again.
func (p Pane) rereadGroup() (Pane, tea.Cmd) {
	f := p.top()
	r := f.table.request
	r.Place = view.Place{}
	return p.show(r, shown{what: "read " + f.title, list: f.list})
}

// reload reads what is on screen again.
func (p Pane) reload() (Pane, tea.Cmd) {
	f := p.top()
	if p.last() > 0 && f.isTable && f.table.request.Part != view.Entries {
		return p.rereadGroup()
	}
	return p.again()
}

// answered takes in what the user typed into a sheet: what to write, or where to go.
func (p Pane) answered(msg kit.Answered) (Pane, tea.Cmd) {
	if msg.ID == p.question(askName) {
		return p.named(msg)
	}
	if msg.ID == p.question(askText) && p.writing.begun() && !p.writing.ready {
		if !msg.OK {
			p.writing = writing{}
			return p, nil
		}
		return p.typed([]byte(msg.Text))
	}
	if msg.ID != p.question(askPlace) || !msg.OK || msg.Text == "" || len(p.faces) == 0 {
		return p, nil
	}
	for p.last() > 0 {
		p = p.pop()
	}
	client, r, at := p.config.Client, p.request(), p.now.Location()
	return p.load(0, "the place", func(ctx context.Context, s stamp) tea.Cmd {
		return seek(ctx, client, r, msg.Text, at, s)
	})
}

// sought goes to the place that was found.
func (p Pane) sought(i int, f face, msg sought) (Pane, tea.Cmd) {
	p = p.with(i, f)
	switch {
	case errors.Is(msg.err, view.ErrNotFound), errors.Is(msg.err, view.ErrNotPlace), errors.Is(msg.err, view.ErrTooLong):
		return p, say(kit.Warn, msg.err.Error())
	case msg.err != nil:
		return p.trouble("jump in "+kit.Name(p.value.key), msg.err)
	case msg.target.Element != nil:
		e := *msg.target.Element
		if p.request().Type != view.Hash {
			e.Value = e.Name
		}
		return p.push(elementFace(e, elementTitle(p.request(), e), nil)), nil
	}
	p, cmd := p.apply("")
	r := p.request()
	r.Place, r.Back = msg.target.Place, false
	result := shown{what: "jump in " + kit.Name(p.value.key)}
	if r.Type == view.String {
		r.Count = view.StringPage
		result.face.doc.view.Chain = f.doc.view.Chain
	}
	p, show := p.show(r, result)
	return p, tea.Batch(cmd, show)
}

// copyValue copies the element under the cursor, or the bytes of a document.
func (p Pane) copyValue() (Pane, tea.Cmd) {
	f := p.top()
	if !f.isTable {
		what := "the value"
		if f.title != "" {
			what = f.title
		}
		if !isWhole(f.doc.input) {
			what = "the " + kit.Size(int64(len(f.doc.input.Bytes))) + " of it that are shown"
		}
		return p, kit.Say(kit.CopyText{Text: string(f.doc.input.Bytes), What: what})
	}
	e, ok := f.table.at(f.list.Cursor)
	if !ok {
		return p, nil
	}
	text, what := string(e.Value), elementTitle(f.table.request, e)
	switch {
	case len(e.Pairs) > 0:
		text = pairsText(e.Pairs)
	case f.table.request.Type != view.Hash && f.table.request.Type != view.List:
		text = string(e.Name)
	}
	if e.Cut {
		what = "the first " + kit.Size(int64(len(text))) + " of " + what + "; open it to copy all"
	}
	return p, kit.Say(kit.CopyText{Text: text, What: what})
}

func pairsText(pairs []view.Pair) string {
	lines := make([]string, len(pairs))
	for i, pair := range pairs {
		lines[i] = string(pair.Name) + "=" + string(pair.Value)
	}
	return strings.Join(lines, "\n")
}

// copyName copies what the element under the cursor is found by, or the key.
func (p Pane) copyName() (Pane, tea.Cmd) {
	f := p.top()
	if e, ok := f.table.at(f.list.Cursor); ok && f.isTable && f.table.request.Type != view.List {
		return p, kit.Say(kit.CopyText{Text: string(e.Name), What: "its name"})
	}
	return p, kit.Say(kit.CopyText{Text: p.value.key, What: "the key's name"})
}
