package viewer

import (
	"slices"
	"strings"
	"time"

	"redan/ui/tui/kit"
	"redan/ui/view"
	"redan/ui/view/decode"
)

// table is elements of a value: those that were loaded, which are next to each other.
type table struct {
	request  view.Request
	elements []view.Element
	seen     map[string]bool // names of a scan, which may hand out the same one twice
	length   int64           // of the whole; view.Missing where unknown
	before   view.Place
	after    view.Place
	more     bool // there are elements after those loaded
	less     bool // and before
	note     []string
	widths   []int // of the columns; they grow only, so that nothing jumps
	lives    bool  // an element has a life of its own
	bytes    int   // of the last page, for the size of the next
	shown    []int // those that the filter lets pass; nil for all
	fixed    bool  // nothing can be loaded: the elements were there already
	skipped  int64 // elements that were read while a filter was in force, did not match and were not kept
}

const (
	// mostLoaded is how many elements of what can be read from both ends are held.
	mostLoaded = 5000
	// dropped is how many of them go when there are more.
	dropped = 1000
	// measured is how many columns of a cell are asked for when widths are taken.
	measured = 80
)

func newTable(r view.Request, page view.Page) table {
	t := table{request: r, length: page.Length, note: page.Note, more: page.HasAfter, less: page.HasBefore, after: page.After, before: page.Before}
	return t.add(page.Elements, false)
}

// add takes in elements, at the end or at the beginning.
func (t table) add(elements []view.Element, front bool) table {
	elements = t.fresh(elements)
	t.measure(elements)
	if front {
		t.elements = slices.Concat(elements, t.elements)
	} else {
		t.elements = append(t.elements, elements...)
	}
	t.bytes = 0
	for _, e := range elements {
		t.bytes += len(e.Name) + max(len(e.Value), int(e.Length))
	}
	return t
}

// fresh leaves out what a scan has handed out before.
func (t *table) fresh(elements []view.Element) []view.Element {
	if t.request.Part != view.Entries || t.request.Type != view.Hash && t.request.Type != view.Set {
		return elements
	}
	if t.seen == nil {
		t.seen = map[string]bool{}
	}
	kept := make([]view.Element, 0, len(elements))
	for _, e := range elements {
		if name := string(e.Name); !t.seen[name] {
			t.seen[name] = true
			kept = append(kept, e)
		}
	}
	return kept
}

// measure makes columns as wide as elements need.
func (t *table) measure(elements []view.Element) {
	columns := view.Columns(t.request)
	widths := make([]int, len(columns))
	copy(widths, t.widths)
	for i, c := range columns {
		widths[i] = max(widths[i], kit.Width(c.Title))
	}
	for _, e := range elements {
		t.lives = t.lives || e.Life > 0
		for i, cell := range view.Cells(e, t.request, 1, time.UTC)[:len(columns)-1] {
			if columns[i].Name {
				cell.Spans = view.Text(e.Name, measured)
			}
			widths[i] = max(widths[i], spansWidth(cell.Spans))
		}
	}
	t.widths = widths
}

// count is how many rows there are.
func (t table) count() int {
	if t.shown != nil {
		return len(t.shown)
	}
	return len(t.elements)
}

// at is the element of a row.
func (t table) at(row int) (view.Element, bool) {
	if t.shown != nil && row >= 0 && row < len(t.shown) {
		row = t.shown[row]
	} else if t.shown != nil {
		return view.Element{}, false
	}
	if row < 0 || row >= len(t.elements) {
		return view.Element{}, false
	}
	return t.elements[row], true
}

// filter shows the elements that match is true for; nil shows all.
func (t table) filter(match func(string) bool) table {
	t.shown = nil
	if match == nil {
		return t
	}
	t.shown = []int{}
	for i, e := range t.elements {
		if match(searched(e)) {
			t.shown = append(t.shown, i)
		}
	}
	return t
}

// matching are those elements that match, and how many do not.
func matching(elements []view.Element, match func(string) bool) (kept []view.Element, skipped int) {
	for _, e := range elements {
		if match(searched(e)) {
			kept = append(kept, e)
		}
	}
	return kept, len(elements) - len(kept)
}

// searched is the text of an element that a filter looks at.
func searched(e view.Element) string {
	const most = 4 << 10
	apart := strings.Repeat(" ", 64) // so far that letters on both sides are not taken for a word
	text := string(e.Name[:min(len(e.Name), most)])
	if len(e.Value) > 0 {
		text += apart + string(e.Value[:min(len(e.Value), most)])
	}
	if e.Score != "" {
		text += apart + e.Score
	}
	for _, pair := range e.Pairs {
		if len(text) < most {
			text += apart + string(pair.Name) + "=" + string(pair.Value)
		}
	}
	return text[:min(len(text), 2*most)]
}

// extend takes in the page after or before those loaded. shift is by how many rows those that were there moved down.
func (t table) extend(page view.Page, back bool) (extended table, shift int) {
	t.length = page.Length
	before := len(t.elements)
	t = t.add(page.Elements, back)
	added := len(t.elements) - before
	if back {
		t.before, t.less = page.Before, page.HasBefore && added > 0
		return t.trimEnd(), added
	}
	t.after, t.more = page.After, page.HasAfter
	return t.trimFront()
}

// bothEnds reports whether what is dropped can be loaded again.
func (t table) bothEnds() bool {
	return t.request.Part == view.Entries && slices.Contains([]string{view.List, view.ZSet, view.Stream}, t.request.Type)
}

func (t table) trimFront() (table, int) {
	if !t.bothEnds() || t.skipped > 0 || len(t.elements) <= mostLoaded {
		return t, 0
	}
	t.elements = slices.Clone(t.elements[dropped:])
	t.before, t.less = view.PlaceBefore(t.request, t.elements[0]), true
	return t, -dropped
}

func (t table) trimEnd() table {
	if !t.bothEnds() || len(t.elements) <= mostLoaded {
		return t
	}
	t.elements = slices.Clone(t.elements[:len(t.elements)-dropped])
	t.after, t.more = view.PlaceAfter(t.request, t.elements[len(t.elements)-1]), true
	return t
}

// pageSize is how many elements the next page should have, after what the last one brought.
func (t table) pageSize() int { return view.NextPageSize(t.request.Count, t.bytes) }

// layout returns the widths of the columns within width.
func (t table) layout(width int) []int {
	columns := view.Columns(t.request)
	widths := slices.Clone(t.widths)
	const gap, least = 2, 4
	reserve := 0 // what the last column gets in any case
	if columns[len(columns)-1].Title != "" {
		reserve = width / 3
	}
	left := width
	for _, names := range []bool{true, false} { // what elements are found by, then as many of the others as there is room for
		for i, c := range columns[:len(columns)-1] {
			switch {
			case c.Name != names:
				continue
			case names:
				widths[i] = min(widths[i], max(least, width*2/5))
			case left-widths[i]-gap < reserve: // a number is there as a whole or not at all
				widths[i] = 0
				continue
			}
			left -= widths[i] + gap
		}
	}
	widths[len(widths)-1] = max(0, left)
	return widths
}

// cell draws a cell in exactly width columns.
func cell(look kit.Look, c view.Column, spans []decode.Span, width int) string {
	text := paint(look, spans, width)
	if c.Right {
		return kit.FitRight(text, width, look.ASCII)
	}
	return kit.Fit(text, width, look.ASCII)
}
