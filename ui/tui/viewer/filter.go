package viewer

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
	"redan/ui/view"
)

// startFilter begins to type a filter.
func (p Pane) startFilter() Pane {
	f := p.top()
	f.filter.typing, f.filter.line = true, kit.NewLine(f.filter.text)
	return p.with(p.last(), f)
}

// endFilter leaves the line; the filter stays.
func (p Pane) endFilter() Pane {
	f := p.top()
	f.filter.typing, f.filter.wrong = false, ""
	return p.with(p.last(), f)
}

// typeFilter edits the filter, which is in force at once.
func (p Pane) typeFilter(msg tea.KeyPressMsg) (Pane, tea.Cmd) {
	line, _ := p.top().filter.line.Update(msg)
	return p.filterEdited(line)
}

func (p Pane) paste(text string) (Pane, tea.Cmd) {
	if !p.Typing() {
		return p, nil
	}
	return p.filterEdited(p.top().filter.line.Insert(text))
}

func (p Pane) filterEdited(line kit.Line) (Pane, tea.Cmd) {
	f := p.top()
	changed := line.Text() != f.filter.line.Text()
	f.filter.line = line
	p = p.with(p.last(), f)
	if !changed {
		return p, nil
	}
	return p.apply(line.Text())
}

// apply puts a filter in force. While it cannot be understood, the last one stays.
func (p Pane) apply(text string) (Pane, tea.Cmd) {
	if len(p.faces) == 0 {
		return p, nil
	}
	f := p.top()
	match, err := kit.Filter(text)
	f.filter.wrong = ""
	if err != nil {
		f.filter.wrong = "not a regular expression yet"
		return p.with(p.last(), f), nil
	}
	f.filter.text, f.match, f.filter.pages, f.stopped = strings.TrimSpace(text), match, 0, false
	if f.isTable && f.table.skipped > 0 {
		return p.research(f)
	}
	if f.isTable {
		f.table = f.table.filter(match)
	}
	p = p.with(p.last(), f.fit(p.inner(), p.rows()))
	return p.near(p.last())
}

// research reads again what another filter left out: from the beginning, or, where nothing is filtered any more, around the element
// under the cursor.
func (p Pane) research(f face) (Pane, tea.Cmd) {
	r := f.table.request
	r.Place, r.Back = view.Place{}, false
	if e, ok := f.table.at(f.list.Cursor); ok && f.match == nil && f.table.bothEnds() {
		r.Place = view.PlaceHere(r, e)
	}
	return p.with(p.last(), f).show(r, shown{what: "read " + kit.Name(p.value.key)})
}

// searchOn lets a filter read more of the value.
func (p Pane) searchOn() (Pane, tea.Cmd) {
	f := p.top()
	f.filter.pages, f.stopped = 0, false
	p = p.with(p.last(), f)
	if f.load.active() {
		return p, nil
	}
	return p.more(p.last(), false)
}
