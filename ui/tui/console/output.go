package console

import (
	"slices"
	"strings"

	"redan/ui/tui/kit"
)

const (
	// entriesKept and bytesKept bound what can be scrolled back to.
	entriesKept = 2000
	bytesKept   = 8 << 20
	// foldAt is how many rows of a reply are shown at first, and how many more each time.
	foldAt = 200
)

// entry is a piece of output: a command, its reply, or what there is to say.
type entry struct {
	id   int
	rows []row
	note string // at the right edge of the first row
	// shown is how many rows, as wrapped, are shown.
	shown int
	memo  *memo
}

// memo keeps what was wrapped last, because View may be asked for the same picture often. It only spares work.
type memo struct {
	width int
	rows  []row
}

// output is what can be scrolled.
type output struct {
	entries []entry
	size    int
	made    int
	back    int // rows scrolled back from the end
}

// print adds an entry and returns its ID. Who has scrolled back stays where they are.
func (o output) print(w int, note string, rows ...row) output {
	o.made++
	e := entry{id: o.made, rows: rows, note: note, shown: foldAt, memo: &memo{}}
	for _, r := range rows {
		o.size += r.size()
	}
	o.entries = append(slices.Clip(o.entries), e)
	if o.back > 0 {
		o.back += len(e.visible(w))
	}
	drop := 0
	for len(o.entries)-drop > entriesKept || o.size > bytesKept && len(o.entries)-drop > 1 {
		for _, r := range o.entries[drop].rows {
			o.size -= r.size()
		}
		drop++
	}
	o.entries = o.entries[drop:]
	return o
}

// replace puts new rows in the place of an entry.
func (o output) replace(w, id int, note string, rows ...row) output {
	for i, e := range o.entries {
		if e.id == id {
			o.entries = append([]entry(nil), o.entries...)
			for _, r := range e.rows {
				o.size -= r.size()
			}
			for _, r := range rows {
				o.size += r.size()
			}
			o.entries[i] = entry{id: id, rows: rows, note: note, shown: e.shown, memo: &memo{}}
			return o
		}
	}
	return o.print(w, note, rows...)
}

// wrapped are all rows of an entry in w columns.
func (e entry) wrapped(w int) []row {
	if w < 1 {
		return nil
	}
	if e.memo.width == w {
		return e.memo.rows
	}
	var rows []row
	for i, r := range e.rows {
		first := w
		if room := w - kit.Width(e.note) - 2; i == 0 && e.note != "" && room >= w/2 {
			first = room
		}
		rows = append(rows, r.wrap(first, w)...)
	}
	e.memo.width, e.memo.rows = w, rows
	return rows
}

// folded is how many rows are not shown.
func (e entry) folded(w int) int { return max(0, len(e.wrapped(w))-e.shown) }

// visible are the rows of an entry that are shown.
func (e entry) visible(w int) []row {
	rows := e.wrapped(w)
	if n := len(rows) - e.shown; n > 0 {
		more := row{{kit.Count(int64(n)) + " more lines " + "(space: more)", accent}}
		return append(rows[:e.shown:e.shown], more)
	}
	return rows
}

// last is the newest entry that is folded, -1 for none.
func (o output) lastFolded(w int) int {
	for i := len(o.entries) - 1; i >= 0 && i >= len(o.entries)-nearEnd; i-- {
		if o.entries[i].folded(w) > 0 {
			return i
		}
	}
	return -1
}

// nearEnd is how many entries back a folded reply is looked for: who has typed on has seen enough of it.
const nearEnd = 3

// unfold shows more of the newest folded entry, which stays where it is on the screen.
func (o output) unfold(w int) output {
	at := o.lastFolded(w)
	if at < 0 {
		return o
	}
	e := o.entries[at]
	before := len(e.visible(w))
	e.shown += foldAt
	o.entries = append([]entry(nil), o.entries...)
	o.entries[at] = e
	o.back += len(e.visible(w)) - before
	return o
}

// scroll moves back by n rows, forth when negative.
func (o output) scroll(n, w, h int) output {
	o.back = max(0, o.back+n)
	if total, _ := o.reach(w, o.back+h); o.back > max(0, total-h) {
		o.back = max(0, total-h)
	}
	return o
}

// reach goes back from the end until n rows are counted, and returns how many there are and the entry reached.
func (o output) reach(w, n int) (count, at int) {
	for at = len(o.entries); at > 0 && count < n; at-- {
		count += len(o.entries[at-1].visible(w))
	}
	return count, at
}

// window draws h rows, the newest at the bottom.
func (o output) window(w, h int, look kit.Look) []string {
	if h <= 0 {
		return nil
	}
	count, at := o.reach(w, o.back+h)
	lines := make([]string, 0, count)
	for _, e := range o.entries[at:] {
		for i, r := range e.visible(w) {
			line := r.paint(look)
			if i == 0 && e.note != "" {
				if gap := w - r.width() - kit.Width(e.note); gap >= 1 {
					line += strings.Repeat(" ", gap) + look.Dim(e.note)
				}
			}
			lines = append(lines, line)
		}
	}
	end := max(min(h, len(lines)), len(lines)-o.back)
	return lines[max(0, end-h):end]
}
