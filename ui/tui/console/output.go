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
	// reply is what the rows were made of, nil when they are no reply.
	reply *kept
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
	found   hit
}

// print adds an entry and returns its ID. Who has scrolled back stays where they are.
func (o output) print(w int, note string, rows ...row) output {
	o.made++
	e := entry{id: o.made, rows: rows, note: note, shown: foldAt, memo: &memo{}}
	o.size += e.size()
	o.entries = append(slices.Clip(o.entries), e)
	if o.back > 0 {
		o.back += len(e.visible(w))
	}
	return o.bounded()
}

// size is what an entry costs to keep, in bytes.
func (e entry) size() int {
	n := e.reply.size()
	for _, r := range e.rows {
		n += r.size()
	}
	return n
}

// bounded drops the oldest entries when there is too much.
func (o output) bounded() output {
	drop := 0
	for len(o.entries)-drop > entriesKept || o.size > bytesKept && len(o.entries)-drop > 1 {
		o.size -= o.entries[drop].size()
		drop++
	}
	o.entries = o.entries[drop:]
	return o
}

// attach gives the newest entry the reply that its rows were made of.
func (o output) attach(reply *kept) output {
	if reply == nil || len(o.entries) == 0 {
		return o
	}
	last := len(o.entries) - 1
	o.entries = slices.Clone(o.entries)
	o.entries[last].reply = reply
	o.size += reply.size()
	return o.bounded()
}

// replace puts new rows in the place of an entry.
func (o output) replace(w, id int, note string, reply *kept, rows ...row) output {
	for i, e := range o.entries {
		if e.id == id {
			o.entries = append([]entry(nil), o.entries...)
			o.entries[i] = entry{id: id, rows: rows, note: note, reply: reply, shown: e.shown, memo: &memo{}}
			o.size += o.entries[i].size() - e.size()
			return o
		}
	}
	return o.print(w, note, rows...).attach(reply)
}

// firstWidth is how wide the first line of the row at i may be: beside the note it is less.
func (e entry) firstWidth(i, w int) int {
	if room := w - kit.Width(e.note) - 2; i == 0 && e.note != "" && room >= w/2 {
		return room
	}
	return w
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
		rows = append(rows, r.wrap(e.firstWidth(i, w), w)...)
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

// window draws h rows, the newest at the bottom, and marks where query is found. It returns also which row was found last, -1 for none.
func (o output) window(w, h int, look kit.Look, query string) (drawn []string, found int) {
	if h <= 0 {
		return nil, -1
	}
	found = -1
	count, at := o.reach(w, o.back+h)
	lines := make([]string, 0, count)
	for _, e := range o.entries[at:] {
		for i, r := range e.visible(w) {
			if o.found == (hit{e.id, i}) {
				found = len(lines)
			}
			line := r.highlight(query).paint(look)
			if i == 0 && e.note != "" {
				if gap := w - r.width() - kit.Width(e.note); gap >= 1 {
					line += strings.Repeat(" ", gap) + look.Dim(e.note)
				}
			}
			lines = append(lines, line)
		}
	}
	end := max(min(h, len(lines)), len(lines)-o.back)
	top := max(0, end-h)
	return lines[top:end], max(-1, found-top)
}
