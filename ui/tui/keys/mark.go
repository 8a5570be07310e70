package keys

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace/keytree"
	"redan/ui/tui/kit"
)

// marking is a range that is being marked.
type marking struct {
	from keytree.ID // where it began; 0 when there is none
	last int        // the row that it reached
	base bool       // marks, or takes marks away
}

// actMany obeys the keys about many keys.
func (p Pane) actMany(id string) (Pane, tea.Cmd, bool) {
	switch id {
	case "keys.mark":
		p, cmd := p.mark()
		return p, cmd, true
	case "keys.range":
		p, cmd := p.markRange()
		return p, cmd, true
	case "keys.markall":
		n := p.tree.MarkAll(nil, true)
		return p, say(kit.Plain, keysText(n)+" marked, "+keysText(p.tree.MarkedCount())+" in all"), true
	case "keys.unmark":
		n := p.tree.UnmarkAll()
		p.marking = marking{}
		return p, say(kit.Plain, keysText(n)+" no longer marked"), true
	case "keys.delete":
		p, cmd := p.remove()
		return p, cmd, true
	case "keys.stop":
		p, cmd := p.stop()
		return p, cmd, true
	}
	return p, nil, false
}

// mark marks the row, or takes its mark away, and goes on to the next.
func (p Pane) mark() (Pane, tea.Cmd) {
	row, _ := p.current()
	p.tree.ToggleMark(row.ID)
	p.list = p.list.Move(1, p.tree.RowCount(), p.rows())
	return p.arrive()
}

// markRange begins a range at the row, or ends one.
func (p Pane) markRange() (Pane, tea.Cmd) {
	if p.marking.from != 0 {
		p.marking = marking{}
		return p, say(kit.Plain, keysText(p.tree.MarkedCount())+" marked")
	}
	row, _ := p.current()
	p.touched = true
	p.marking = marking{from: row.ID, last: p.list.Cursor, base: !row.Marked}
	p.tree.MarkRange(p.list.Cursor, p.list.Cursor, p.marking.base)
	return p, say(kit.Plain, "move to mark a range, v ends it")
}

// extend makes the range reach to the cursor.
func (p Pane) extend() Pane {
	if p.marking.from == 0 {
		return p
	}
	from, _ := p.tree.IndexOf(p.marking.from)
	if from < 0 {
		p.marking = marking{}
		return p
	}
	p.tree.MarkRange(from, p.marking.last, !p.marking.base) // what is left behind
	p.tree.MarkRange(from, p.list.Cursor, p.marking.base)
	p.marking.last = p.list.Cursor
	return p
}

// keysText is a number of keys in words.
func keysText(n int) string {
	if n == 1 {
		return "1 key"
	}
	return kit.Count(int64(n)) + " keys"
}

// share is a percentage for people: 0% and 100% only when it is so.
func share(fraction float64) string {
	percent := int(fraction * 100)
	if fraction < 1 {
		percent = min(percent, 99)
	}
	return strconv.Itoa(percent) + "%"
}
