package tui

import (
	"strconv"
	"strings"
	"time"

	"redan/ui/tui/kit"
)

// rowKind is what a row of the server view is.
type rowKind int

const (
	noRow rowKind = iota
	figureRow
	headRow // of a section of INFO
	infoRow
)

// serverRow is one row of the server view.
type serverRow struct {
	kind        rowKind
	section     string
	name, value string
	figure      figure
	count       int // lines of a section
	folded      bool
}

// rows are what there is to see: the key figures, then INFO by its sections, as far as they match the filter.
func (p serverPage) rows(m model) []serverRow {
	f := p.shown(m)
	if !f.known {
		return nil
	}
	match, err := kit.Filter(p.line.Text())
	wanted := func(text string) bool { return err != nil || match == nil || match(text) }
	var rows []serverRow
	for _, one := range keyFigures(f.info, f.took, m.now) {
		if wanted(one.name) {
			rows = append(rows, serverRow{kind: figureRow, name: one.name, value: one.value, figure: one})
		}
	}
	for _, s := range f.info.sections {
		var inside []serverRow
		for _, line := range s.rows {
			if wanted(line[0] + " " + s.name) {
				inside = append(inside, serverRow{kind: infoRow, section: s.name, name: line[0], value: line[1]})
			}
		}
		if len(inside) == 0 {
			continue
		}
		rows = append(rows, serverRow{kind: headRow, section: s.name, count: len(inside), folded: p.folded[s.name]})
		if !p.folded[s.name] {
			rows = append(rows, inside...)
		}
	}
	return rows
}

// row is the one under the cursor.
func (p serverPage) row(m model) serverRow {
	rows := p.rows(m)
	if at := p.list.Cursor; at < len(rows) {
		return rows[at]
	}
	return serverRow{}
}

// copiedRows are rows as INFO writes them; the figures above it are not of INFO.
func copiedRows(rows []serverRow) string {
	var b strings.Builder
	for _, r := range rows {
		switch r.kind {
		case headRow:
			b.WriteString("# " + r.section + "\n")
		case infoRow:
			b.WriteString(r.name + ":" + r.value + "\n")
		case noRow, figureRow:
		}
	}
	return b.String()
}

func (r serverRow) draw(s series, cursor bool, w int, look kit.Look) string {
	bar := " "
	if cursor {
		bar = look.CursorBar(true)
	}
	switch r.kind {
	case figureRow:
		return " " + bar + r.figure.line(s, w-2, look)[1:]
	case headRow:
		sign := kit.Open()
		if r.folded {
			sign = kit.Closed()
		}
		return " " + bar + sign.Of(look) + " " + look.Strong(kit.Escape(r.section)) + "  " + look.Dim(kit.Count(int64(r.count)))
	case infoRow:
		const nameWidth = 32
		name := kit.Fit(kit.Escape(r.name), min(nameWidth, max(8, w/2)), look.ASCII)
		text := " " + bar + "   " + look.Dim(name) + " " + kit.Escape(r.value)
		if meant := meaning(r.name, r.value); meant != "" {
			text += "   " + look.Dim(meant)
		}
		return text
	case noRow:
	}
	return " " + bar
}

// meaning is a number of INFO as people read it; empty when it is legible as it stands.
func meaning(name, value string) string {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 0 || strings.HasSuffix(name, "_human") {
		return ""
	}
	ends := func(suffixes ...string) bool {
		for _, s := range suffixes {
			if strings.HasSuffix(name, s) {
				return true
			}
		}
		return false
	}
	switch {
	case strings.HasPrefix(name, "used_memory") || strings.HasPrefix(name, "allocator_") || ends("_bytes", "memory", "_size", "_buffer", "_length_max"):
		if n >= 1024 {
			return kit.Size(n)
		}
	case ends("_seconds", "_sec") && !ends("per_sec"):
		if n >= 60 {
			return kit.Life(time.Duration(n) * time.Second)
		}
	case ends("_time") && n > 1_000_000_000 && n < 10_000_000_000:
		return time.Unix(n, 0).UTC().Format("2006-01-02 15:04:05") + " UTC"
	case n >= 10_000 && !ends("_id", "_port", "_usec", "pid"):
		return kit.Count(n)
	}
	return ""
}
