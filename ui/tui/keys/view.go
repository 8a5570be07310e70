package keys

import (
	"strings"
	"time"

	"redan/commands/keyspace/keytree"
	"redan/ui/tui/kit"
)

// View draws the pane: exactly h lines of w columns.
func (p Pane) View(w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	lines := make([]string, 0, h)
	lines = append(lines, p.title(w))
	if p.tree.RowCount() == 0 {
		for _, text := range p.empty() {
			lines = append(lines, "")
			for _, line := range kit.Wrap(text, " ", w) {
				lines = append(lines, p.config.Look.Dim(line))
			}
		}
		return kit.Frame(lines, w, h, p.config.Look.ASCII)
	}
	list := p.list.Fit(p.tree.RowCount(), h-1)
	from, to, ranged := p.span()
	for i, row := range p.tree.Rows(list.Top, h-1) {
		at := list.Top + i
		row.Marked = row.Marked || ranged && from <= at && at <= to
		lines = append(lines, p.row(row, at == list.Cursor, w))
	}
	return kit.Frame(lines, w, h, p.config.Look.ASCII)
}

// title is the filter, and how many keys there are.
func (p Pane) title(w int) string {
	look := p.config.Look
	right := p.counts(w / 2)
	room := w - kit.Width(right) - 2
	if p.filter.typing {
		if p.filter.wrong != "" {
			right, room = p.filter.wrong, w-kit.Width(p.filter.wrong)-2
		}
		hint := " words, ~regex, !not"
		return look.Accent(" / ") + p.filter.line.View(max(1, room-3), look, hint) + " " + look.Dim(right) + " "
	}
	left := look.Dim(" / filter")
	switch {
	case p.filter.text != "":
		left = " / " + kit.Escape(p.filter.text)
	case p.serverFilter() != "":
		left = " " + kit.Escape(p.serverFilter())
	case p.breadcrumb() != "":
		left = " " + kit.Escape(p.breadcrumb())
	}
	if p.focused && (p.filter.text != "" || p.breadcrumb() != "") {
		left = look.Accent(left)
	}
	return kit.Fit(left, room+1, look.ASCII) + look.Dim(right)
}

// breadcrumb is the branch that the first row on screen is in, when the row of that branch is not on screen.
func (p Pane) breadcrumb() string {
	if p.list.Top == 0 {
		return ""
	}
	rows := p.tree.Rows(p.list.Top, 1)
	if len(rows) == 0 || rows[0].Depth == 0 {
		return ""
	}
	parent, ok := p.tree.Parent(rows[0].ID)
	if !ok {
		return ""
	}
	at, _ := p.tree.IndexOf(parent)
	if around := p.tree.Rows(at, 1); len(around) == 1 {
		return strings.TrimSuffix(around[0].Key, p.tree.Delimiter())
	}
	return ""
}

// counts is what stands at the right of the title, in at most w columns: what matters least gives way.
func (p Pane) counts(w int) string {
	var parts []string
	if from, to, ok := p.span(); ok {
		parts = append(parts, kit.Count(int64(p.tree.InRange(from, to)))+" in range")
	}
	if n := p.tree.MarkedCount(); n > 0 {
		parts = append(parts, kit.Count(int64(n))+" marked")
	}
	if p.filter.text != "" {
		parts = append(parts, kit.Count(int64(p.tree.Shown()))+" of "+kit.Count(int64(p.tree.Len())))
	}
	if p.order.by != byName {
		by := "by " + p.order.by.String()
		if p.order.reverse {
			by += " reversed"
		}
		parts = append(parts, by)
	}
	if at := p.master(); at != "" {
		parts = append(parts, at)
	}
	text := strings.Join(parts, "  ")
	for len(parts) > 1 && kit.Width(text) > w {
		parts = parts[:len(parts)-1]
		text = strings.Join(parts, "  ")
	}
	return text
}

// master is where the key under the cursor is, now that slots may have moved since it was read.
func (p Pane) master() string {
	row, ok := p.current()
	if !p.config.Masters.Cluster() || !ok || row.Branch {
		return ""
	}
	nodes := p.config.Masters.Nodes()
	node, served := p.config.Masters.Owner(row.Key)
	switch {
	case !served:
		return "on no node"
	case node < len(nodes):
		return "on " + kit.Escape(nodes[node].Addr.String())
	}
	return ""
}

// empty says why there is nothing, and what to do.
func (p Pane) empty() []string {
	look := p.config.Look
	switch {
	case p.load.failure != nil && p.tree.Len() == 0:
		return []string{"The keys cannot be read: " + kit.Escape(p.load.failure.Error()), "R: try again"}
	case p.tree.Len() > 0 && p.filter.text != "" && !p.load.progress.Done:
		return []string{"No key matches " + kit.Escape(p.filter.text) + " so far.", "esc: all " + kit.Count(int64(p.tree.Len())) + " keys"}
	case p.tree.Len() > 0 && p.filter.text != "":
		return []string{"No key matches " + kit.Escape(p.filter.text) + ".", "esc: all " + kit.Count(int64(p.tree.Len())) + " keys"}
	case !p.load.progress.Done && p.load.paused:
		return []string{"No keys so far.", "space: go on reading"}
	case !p.load.progress.Done:
		return []string{"Reading keys" + kit.Ellipsis().Of(look)}
	case p.serverFilter() != "":
		return []string{"The server has no key that matches.", "M: another pattern, or none"}
	default:
		return []string{"There are no keys in " + p.config.Database + ".", "D: other databases", "R: look again"}
	}
}

// signColumn is where the sign of a row stands.
func signColumn(depth int) int { return 1 + 2*depth }

// The columns at the right of a row.
const (
	typeWidth = 4
	lifeWidth = 8
	// Below these widths of the pane a column gives way to the name.
	typeFrom = 26
	lifeFrom = 34
	// maxIndent keeps deep branches on screen.
	maxIndent = 24
)

// row draws one row.
func (p Pane) row(row keytree.Row, cursor bool, w int) string {
	look := p.config.Look
	indent := min(signColumn(row.Depth), maxIndent, w/2)
	left := p.margin(row, cursor, indent)
	right := p.right(row, w)
	room := w - indent - 2 - kit.Width(right) - 1
	if room < 3 {
		room, right = w-indent-2, ""
	}
	label := kit.Fit(p.label(row), room, look.ASCII)
	switch known := p.facts.known[row.Key]; {
	case cursor && p.focused:
		label = look.Strong(label)
	case !row.Branch && known.gone:
		label = look.Dim(label)
	}
	if cursor && p.focused {
		return look.Selected(left + label + " " + right)
	}
	return left + label + " " + right
}

func (p Pane) label(row keytree.Row) string {
	if row.Label == "" {
		return `""`
	}
	return kit.Escape(row.Label)
}

// margin is what stands before the label: marks, the cursor, the sign of a branch.
func (p Pane) margin(row keytree.Row, cursor bool, indent int) string {
	look := p.config.Look
	cells := []string{strings.Repeat(" ", indent), " ", " "}
	if row.Branch {
		cells[1] = kit.Closed().Of(look)
		if row.Open {
			cells[1] = kit.Open().Of(look)
		}
	}
	bar := look.CursorBar(p.focused)
	mark := ""
	switch {
	case row.Marked, row.Branch && row.MarkedBelow > 0 && row.MarkedBelow == row.Count && p.filter.text == "": // a filter hides keys
		mark = look.Accent(kit.Marked().Of(look))
	case row.Branch && row.MarkedBelow > 0:
		mark = look.Dim(kit.Partly().Of(look))
	}
	switch {
	case cursor && row.Branch && indent > 0 && mark == "":
		cells[0] = strings.Repeat(" ", indent-1) + bar
	case cursor && row.Branch:
		cells[2] = bar
	case cursor:
		cells[1] = bar
	}
	if mark != "" && indent > 0 {
		cells[0] = mark + strings.Repeat(" ", indent-1)
	}
	return strings.Join(cells, "")
}

// right is what stands at the right edge: how many keys a branch has, type and life of a key.
func (p Pane) right(row keytree.Row, w int) string {
	look := p.config.Look
	if row.Branch {
		return look.Dim(kit.Count(int64(row.Count)) + p.more())
	}
	if w < typeFrom {
		return ""
	}
	known, ok := p.facts.known[row.Key]
	kind := kit.Fit(kit.TypeWord(known.kind), typeWidth, look.ASCII)
	switch {
	case known.gone && w >= lifeFrom:
		return look.Warn(kit.FitRight("gone", typeWidth+1+lifeWidth, look.ASCII)) + " "
	case known.gone:
		return look.Warn("gone") + " "
	case w < lifeFrom:
		return look.Hue(known.kind, kind) + " "
	case !ok:
		return strings.Repeat(" ", typeWidth+1+lifeWidth) + " "
	}
	return look.Hue(known.kind, kind) + " " + p.life(row, known) + " "
}

// more is the sign behind a count that may grow: not all keys are read.
func (p Pane) more() string {
	if p.load.progress.Done {
		return " "
	}
	return kit.Ellipsis().Of(p.config.Look)
}

// life is how long a key has to live, or what the keys are sorted by.
func (p Pane) life(row keytree.Row, known fact) string {
	look := p.config.Look
	if text, ok := p.sortedBy(row); ok {
		return kit.FitRight(text, lifeWidth, look.ASCII)
	}
	switch {
	case !known.told:
		return strings.Repeat(" ", lifeWidth)
	case known.expires.IsZero():
		return look.Dim(kit.FitRight(kit.Forever().Of(look), lifeWidth, look.ASCII))
	case known.over(p.now):
		return look.Warn(kit.FitRight("expired", lifeWidth, look.ASCII))
	}
	left := max(0, known.expires.Sub(p.now))
	text := kit.FitRight(kit.Life(left), lifeWidth, look.ASCII)
	if left < soon {
		return look.Warn(text)
	}
	return text
}

// sortedBy is what a key is sorted by, where that is not told by a column of its own.
func (p Pane) sortedBy(row keytree.Row) (string, bool) {
	number, ok := row.ID.Number()
	if !ok || number >= len(p.order.values) || p.order.values[number] == unknown {
		return "", false
	}
	switch value := p.order.values[number]; p.order.by {
	case bySize:
		return kit.Size(-value), true
	case byIdle:
		return kit.Life(time.Duration(-value) * time.Second), true
	case byName, byType, byLife, sortings:
	}
	return "", false
}

// Status says how far the keys are read, in at most w columns: for the line above the panes.
func (p Pane) Status(w int) string {
	look, progress := p.config.Look, p.load.progress
	if p.load.failure != nil {
		return look.Warn(kit.Cut(p.unread(w), w, look.ASCII))
	}
	if p.load.stepping && !p.load.cleaning {
		return look.Dim(kit.Cut("sorting out "+share(p.tree.Progress())+" of "+keysText(p.tree.Len()), w, look.ASCII))
	}
	if progress.Done {
		return look.Dim(kit.Cut(keysText(p.tree.Len()), w, look.ASCII))
	}
	text := kit.Count(int64(p.tree.Len()))
	if p.load.renewing {
		text = "again: " + kit.Count(progress.Seen)
	}
	switch {
	case p.serverFilter() != "": // how many match nobody knows before the end
		text += " found"
	case progress.Expected >= 0:
		text += " of " + about(progress.Expected)
	}
	hint := "space: pause"
	if p.load.paused {
		hint = "paused  space: go on"
	}
	if p.load.offline {
		hint = "offline"
	}
	const barWidth = 12
	long := text + "  " + look.Accent(look.Bar(progress.Fraction, barWidth)) + " " + share(progress.Fraction) + "  " + look.Dim(hint)
	part, hint := share(progress.Fraction), "  "+look.Dim(hint)
	for _, line := range []string{long, text + " " + part + hint, part + hint} {
		if kit.Width(line) <= w {
			return line
		}
	}
	return kit.Cut(text+" "+part, w, look.ASCII)
}

// unread says what could not be read.
func (p Pane) unread(w int) string {
	at, count := kit.Escape(p.load.failure.Addr.String()), keysText(p.tree.Len())
	for _, text := range []string{"! " + at + " cannot be read; " + count + " so far", "! " + count + ", not all can be read"} {
		if kit.Width(text) <= w {
			return text
		}
	}
	return "! " + count
}
