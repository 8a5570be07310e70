package tui

import (
	"redan/commands/keyspace/analysis"
	"redan/ui/modes"
	"redan/ui/tui/kit"
)

// analysisRow is a line of the analysis: a headline, what a type adds up to, a key that stands out, or a range of sizes.
type analysisRow struct {
	head  string
	sums  bool   // it is above what types add up to
	under string // the headline above it
	sum   *analysis.TypeStats
	share float64         // of all keys: of a type, or of the sizes of a range
	weigh float64         // of all memory: of a type; all of it, above types
	key   *analysis.Entry // that enter opens
	size  string          // of the key
	sizes *analysis.Range
}

// rows are what there is to see.
func (p analysisPage) rows() []analysisRow {
	f := p.found
	if f.sampled == 0 {
		return nil
	}
	rows := []analysisRow{{head: "Types", sums: true, weigh: float64(f.memory)}}
	var largest, longest []analysis.Entry
	units := map[string]string{}
	for i := range f.types {
		t := &f.types[i]
		rows = append(rows, analysisRow{sum: t, share: part(t.Keys, f.sampled), weigh: part(t.Memory, f.memory)})
		if t.Largest.Size > 0 {
			largest = append(largest, t.Largest)
		}
		if t.Longest.Size > 0 && t.Unit != "?" {
			longest = append(longest, t.Longest)
			units[t.Type] = t.Unit
		}
	}
	if len(f.ranges) > 0 {
		rows = append(rows, analysisRow{head: "How large keys are"})
	}
	for i := range f.ranges {
		rows = append(rows, analysisRow{sizes: &f.ranges[i], share: part(f.ranges[i].Count, f.measured)})
	}
	memory := func(e analysis.Entry) string { return kit.Size(e.Size) }
	length := func(e analysis.Entry) string { return kit.Count(e.Size) + " " + units[e.Type] }
	rows = append(rows, keyRows("Largest of each type", largest, memory)...)
	rows = append(rows, keyRows("Longest of each type", longest, length)...)
	return append(rows, keyRows("Largest by memory", f.largest, memory)...)
}

func keyRows(head string, keys []analysis.Entry, size func(analysis.Entry) string) []analysisRow {
	if len(keys) == 0 {
		return nil
	}
	rows := []analysisRow{{head: head}}
	for i := range keys {
		rows = append(rows, analysisRow{key: &keys[i], size: size(keys[i]), under: head})
	}
	return rows
}

func part(n, all int64) float64 {
	if all == 0 {
		return 0
	}
	return float64(n) / float64(all)
}

// row is the one under the cursor.
func (p analysisPage) row() analysisRow {
	rows := p.rows()
	if at := p.list.Cursor; at < len(rows) {
		return rows[at]
	}
	return analysisRow{}
}

func (r analysisRow) draw(cursor bool, w int, look kit.Look) string {
	bar := " "
	if cursor {
		bar = look.CursorBar(true)
	}
	switch {
	case r.sum != nil:
		return r.drawType(" "+bar+" ", w, look)
	case r.key != nil:
		return r.drawKey(" "+bar+" ", w, look)
	case r.sizes != nil:
		return r.drawSizes(" "+bar+" ", w, look)
	}
	head := " " + bar + look.Strong(r.head)
	if r.sums {
		head += look.Dim(kit.FitRight("keys", typeWidth+numberWidth-kit.Width(r.head)+1, look.ASCII))
	}
	if r.sums && r.weigh > 0 {
		head = joined(head, look.Dim(kit.FitRight("memory", shareWidth+numberWidth, look.ASCII)), w)
	}
	return head
}

// joined is a line and the next column of it, where that fits: half a number would be another one.
func joined(line, column string, w int) string {
	if kit.Width(line)+kit.Width(column) > w {
		return line
	}
	return line + column
}

// follow keeps the cursor on its key, at its place on the screen, when rows changed that it stood in.
func follow(l kit.List, before, after []analysisRow) kit.List {
	if l.Cursor >= len(before) || before[l.Cursor].key == nil {
		return l
	}
	was := before[l.Cursor]
	for i, row := range after {
		if row.key != nil && row.under == was.under && row.key.Name == was.key.Name && row.key.Node == was.key.Node {
			return l.Shift(i - l.Cursor)
		}
	}
	return l
}

// The widths of columns.
const (
	typeWidth   = 6 // fits the words of types
	numberWidth = 13
	shareWidth  = 8
	sizeWidth   = 16
)

func (r analysisRow) drawType(left string, w int, look kit.Look) string {
	t := r.sum
	word := kit.TypeWord(t.Type)
	if t.Type == "" {
		word = "?" // the server does not tell: no rights, or a cluster that is down
	} else if word == "?" || word == "" {
		word = kit.Escape(t.Type)
	}
	line := left + look.Hue(t.Type, kit.Fit(word, typeWidth, look.ASCII)) + kit.FitRight(kit.Count(t.Keys), numberWidth, look.ASCII)
	line = joined(line, kit.FitRight(modes.Percent(r.share), shareWidth, look.ASCII), w)
	if t.Memory > 0 {
		line = joined(line, kit.FitRight(kit.Size(t.Memory), numberWidth, look.ASCII), w)
		line = joined(line, kit.FitRight(modes.Percent(r.weigh), shareWidth, look.ASCII), w)
	}
	if t.Memory > 0 && w >= 80 {
		line += look.Dim("   average ") + kit.Size(t.Memory/max(t.Keys, 1))
	}
	if t.Unit != "?" && t.Length > 0 && w >= 110 {
		line += look.Dim(", ") + kit.Count(t.Length/max(t.Keys, 1)) + look.Dim(" "+t.Unit)
	}
	return line
}

func (r analysisRow) drawKey(left string, w int, look kit.Look) string {
	word := kit.TypeWord(r.key.Type)
	line := left + kit.FitRight(r.size, sizeWidth, look.ASCII) + "  " + look.Hue(r.key.Type, kit.Fit(word, typeWidth, look.ASCII))
	return line + kit.Cut(kit.Name(r.key.Name), max(1, w-kit.Width(line)), look.ASCII)
}

func (r analysisRow) drawSizes(left string, w int, look kit.Look) string {
	label := "up to " + kit.Size(r.sizes.Upto)
	line := left + kit.FitRight(label, sizeWidth, look.ASCII) + kit.FitRight(kit.Count(r.sizes.Count), numberWidth, look.ASCII)
	line = joined(line, kit.FitRight(modes.Percent(r.share), shareWidth, look.ASCII), w)
	cells := min(w-kit.Width(line)-3, 40)
	return joined(line, "  "+look.Accent(modes.Screen{Plain: look.ASCII}.Bar(r.share, max(cells, 0))), w)
}
