package keys

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace/keytree"
	"redan/ui/tui/kit"
)

// marking is a range of rows, from one to the cursor, that is shown as if it were marked until v marks it or esc leaves it.
type marking struct {
	from keytree.ID // where it began; 0 when there is none
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
	case "keys.invert":
		n := p.tree.MarkInvert()
		return p, say(kit.Plain, "marks are the other way round: "+keysText(n)+" marked"), true
	case "keys.delete":
		p, cmd := p.remove()
		return p, cmd, true
	case "keys.stop":
		p, cmd := p.stop()
		return p, cmd, true
	}
	return p, nil, false
}

// mark marks the row, or takes its mark away, and goes on to the next. While a range is being marked, it marks that.
func (p Pane) mark() (Pane, tea.Cmd) {
	if p.marking.from != 0 {
		return p.markRange()
	}
	row, _ := p.current()
	p.tree.ToggleMark(row.ID)
	p.list = p.list.Move(1, p.tree.RowCount(), p.rows())
	return p.arrive()
}

// markRange begins a range at the row, or marks one; if all of it is marked already, it takes the marks away.
func (p Pane) markRange() (Pane, tea.Cmd) {
	p.touched = true
	if from, to, ok := p.span(); ok {
		if p.tree.MarkRange(from, to, true) == 0 {
			p.tree.MarkRange(from, to, false)
		}
		p.marking = marking{}
		return p, say(kit.Plain, keysText(p.tree.MarkedCount())+" marked")
	}
	row, _ := p.current()
	p.marking = marking{from: row.ID}
	return p, say(kit.Plain, "move to stretch the range; v or m marks it, esc leaves it")
}

// span is the range that is being marked, as rows. Rows that come or go do not shift it.
func (p Pane) span() (from, to int, ok bool) {
	if p.marking.from == 0 {
		return 0, 0, false
	}
	from, _ = p.tree.IndexOf(p.marking.from)
	if from < 0 {
		return p.list.Cursor, p.list.Cursor, true
	}
	return min(from, p.list.Cursor), max(from, p.list.Cursor), true
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
