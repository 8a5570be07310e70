package console

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// find looks for text in the output.
type find struct {
	on     bool
	line   kit.Line
	at     spot
	failed bool
}

// spot is a row of an entry.
type spot struct{ entry, row int }

// match reports whether a row holds a text, in any case unless that has capitals.
func (r row) match(query string) bool {
	line := r.plain()
	if query == strings.ToLower(query) {
		line = strings.ToLower(line)
	}
	return query != "" && strings.Contains(line, query)
}

// next is the nearest row with query from a spot on, that not included, in steps of -1 (older) or 1. What is folded is looked at too.
func (o output) next(query string, from spot, step int) (spot, bool) {
	for i := from.entry; i >= 0 && i < len(o.entries); i += step {
		rows := o.entries[i].rows
		start := 0
		if step < 0 {
			start = len(rows) - 1
		}
		if i == from.entry {
			start = from.row + step
		}
		for j := start; j >= 0 && j < len(rows); j += step {
			if rows[j].match(query) {
				return spot{i, j}, true
			}
		}
	}
	return from, false
}

// reveal scrolls so that a row is in the middle of h, unfolded as far as it takes.
func (o output) reveal(at spot, w, h int) output {
	e := o.entries[at.entry]
	offset := 0
	for i, r := range e.rows[:at.row] {
		offset += len(r.wrap(e.firstWidth(i, w), w))
	}
	if e.shown <= offset {
		e.shown = (offset/foldAt + 1) * foldAt
		o.entries = slices.Clone(o.entries)
		o.entries[at.entry] = e
	}
	below := len(e.visible(w)) - offset - 1
	for _, later := range o.entries[at.entry+1:] {
		below += len(later.visible(w))
	}
	o.back = max(0, below-h/2)
	o.found = hit{id: e.id, row: offset}
	return o
}

// hit is the row, as wrapped, that was found last; the zero one is none.
type hit struct{ id, row int }

// beginFind begins to look for text, from the end.
func (p Pane) beginFind(query string) Pane {
	p.menu = menu{}
	p.find = find{on: true, line: kit.NewLine(query), at: spot{len(p.out.entries), 0}}
	return p.seek(-1)
}

// seek goes to the next row found.
func (p Pane) seek(step int) Pane {
	query := p.find.line.Text()
	if query == "" {
		p.find.failed, p.out.found = false, hit{}
		return p
	}
	at := p.find.at
	if at.entry >= len(p.out.entries) && len(p.out.entries) > 0 {
		last := len(p.out.entries) - 1
		at = spot{last, len(p.out.entries[last].rows)}
	}
	at, ok := p.out.next(query, at, step)
	if p.find.failed = !ok; ok {
		p.find.at = at
		p.out = p.out.reveal(at, p.columns(p.width), p.scrolledHeight())
	}
	return p
}

// endFind leaves the search; the place it has led to stays on screen.
func (p Pane) endFind() Pane {
	p.find, p.out.found = find{}, hit{}
	return p
}

func (p Pane) pressFind(msg tea.KeyPressMsg) (Pane, tea.Cmd) {
	b, ok := kit.Find(p.Keys(), msg)
	if !ok {
		before := p.find.line.Text()
		p.find.line, _ = p.find.line.Update(msg)
		if p.find.line.Text() != before { // a longer text may still be in the row that was found
			p.find.at.row++
			p = p.seek(-1)
		}
		return p, nil
	}
	switch b.ID {
	case "console.find.older":
		p = p.seek(-1)
	case "console.find.newer":
		p = p.seek(1)
	case "console.find.leave":
		p = p.endFind()
	}
	return p, nil
}

// prompt stands before the text that is looked for.
func (f find) prompt() string {
	if f.failed {
		return "no more: "
	}
	return "find: "
}

// highlight marks where a row holds a text.
func (r row) highlight(query string) row {
	if query == "" || !r.match(query) {
		return r
	}
	exact := query != strings.ToLower(query)
	var marked row
	for _, s := range r {
		for rest := s.text; rest != ""; {
			line := rest
			if !exact {
				line = strings.ToLower(rest)
			}
			at := strings.Index(line, query)
			if at < 0 || len(line) != len(rest) { // some letters are longer in lower case
				marked = append(marked, span{rest, s.tone})
				break
			}
			if at > 0 {
				marked = append(marked, span{rest[:at], s.tone})
			}
			marked = append(marked, span{rest[at : at+len(query)], accent})
			rest = rest[at+len(query):]
		}
	}
	return marked
}
