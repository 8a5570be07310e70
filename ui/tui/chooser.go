package tui

import (
	"cmp"
	"slices"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/ui/tui/kit"
)

// item is something to choose.
type item struct {
	id                   string // of what is remembered as chosen; empty for what is not
	group, title, detail string
	bonus                int // for what was chosen lately
	run                  func(m model) (model, tea.Cmd)
}

// recentKept is how many choices are remembered.
const recentKept = 50

// chose does what an item says, and remembers that.
func (m model) chose(i item) (model, tea.Cmd) {
	if i.id != "" {
		rest := slices.DeleteFunc(slices.Clone(m.recent), func(id string) bool { return id == i.id })
		rest = append([]string{i.id}, rest...)
		m.recent = rest[:min(len(rest), recentKept)]
	}
	return i.run(m)
}

// recentFirst puts what was chosen lately first, the last choice at the top, and leaves the order of the others.
func (m model) recentFirst(items []item) []item {
	rank := func(i item) int {
		if at := slices.Index(m.recent, i.id); at >= 0 && i.id != "" {
			return at
		}
		return recentKept
	}
	for n, i := range items {
		items[n].bonus = (recentKept - rank(i)) / 4
	}
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(rank(a), rank(b)) })
	return items
}

// chooser is a list of items that what is typed narrows down: the palette, the databases.
type chooser struct {
	title string
	id    string // of a list that changes while it is shown
	items []item
	list  kit.List
	line  kit.Line
	rows  int
	// preview shows what choosing an item would do, and undo takes that back; both may be nil.
	preview func(m model, i item) (model, tea.Cmd)
	undo    func(m model) (model, tea.Cmd)
}

func newChooser(m model, title string, items []item) chooser {
	return chooser{title: title, items: items, rows: max(1, min(16, m.picture().body.H-2))}
}

func (chooser) bindings(model) []kit.Binding {
	const group = "In this list"
	return []kit.Binding{
		{ID: "list.up", Keys: []string{"up", "ctrl+p", "shift+tab"}, Help: "up", Group: group},
		{ID: "list.down", Keys: []string{"down", "ctrl+n", "tab"}, Help: "down", Group: group, Footer: 10},
		{ID: "list.pageup", Keys: []string{"pgup"}, Help: "a page up", Group: group},
		{ID: "list.pagedown", Keys: []string{"pgdown"}, Help: "a page down", Group: group},
		{ID: "list.choose", Keys: []string{"enter"}, Help: "choose", Group: group, Footer: 20},
		{ID: "sheet.leave", Keys: []string{"esc"}, Help: "leave", Group: group, Footer: 30},
	}
}

// found are the items that match what was typed, the best first.
func (c chooser) found() []item {
	if c.line.Text() == "" {
		return c.items
	}
	type scored struct {
		item
		score int
	}
	var list []scored
	for _, i := range c.items {
		if score, ok := kit.Fuzzy(c.line.Text(), i.title+" "+i.detail); ok {
			list = append(list, scored{i, score + i.bonus})
		}
	}
	slices.SortStableFunc(list, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	items := make([]item, len(list))
	for i := range list {
		items[i] = list[i].item
	}
	return items
}

func (c chooser) press(m model, msg tea.KeyPressMsg) (model, tea.Cmd) {
	found := c.found()
	b, ok := kit.Find(m.bound(c), msg)
	if !ok {
		if line, changed := c.line.Update(msg); changed {
			c.line, c.list = line, kit.List{}
		}
		return c.moved(m)
	}
	switch b.ID {
	case "list.up":
		c.list = c.list.Move(-1, len(found), c.rows)
	case "list.down":
		c.list = c.list.Move(1, len(found), c.rows)
	case "list.pageup":
		c.list = c.list.Move(-c.rows, len(found), c.rows)
	case "list.pagedown":
		c.list = c.list.Move(c.rows, len(found), c.rows)
	case "list.choose":
		if c.list.Cursor < len(found) {
			return m.pop().chose(found[c.list.Cursor])
		}
	case "sheet.leave":
		return c.leave(m.pop())
	}
	return c.moved(m)
}

// moved shows the item under the cursor.
func (c chooser) moved(m model) (model, tea.Cmd) {
	m = m.swap(c)
	if found := c.found(); c.preview != nil && c.list.Cursor < len(found) {
		return c.preview(m, found[c.list.Cursor])
	}
	return m, nil
}

// click chooses the item on a line.
func (c chooser) click(m model, y int) (model, tea.Cmd) {
	found := c.found()
	row := c.list.Fit(len(found), c.height(m.picture().body.H)).Top + y - chooserHead
	if y < chooserHead || row >= len(found) {
		return m, nil
	}
	return m.pop().chose(found[row])
}

// chooserHead is how many lines stand above the items.
const chooserHead = 2

// height is how many items are shown in a body of h lines.
func (c chooser) height(h int) int { return max(0, min(c.rows, h-chooserHead)) }

func (c chooser) paste(m model, text string) (model, tea.Cmd) {
	c.line, c.list = c.line.Insert(text), kit.List{}
	return c.moved(m)
}

func (c chooser) leave(m model) (model, tea.Cmd) {
	if c.undo != nil {
		return c.undo(m)
	}
	return m, nil
}

func (c chooser) draw(m model, w, h int) []string {
	look := m.look
	found := c.found()
	rows := c.height(h)
	head := " " + look.Strong(c.title) + "  "
	hint := ""
	if c.line.Text() == "" {
		hint = "type to search"
	}
	lines := []string{look.Line(w), head + c.line.View(max(1, w-kit.Width(head)-1), look, hint)}
	list := c.list.Fit(len(found), rows)
	for i := list.Top; i < min(len(found), list.Top+rows); i++ {
		lines = append(lines, itemLine(found[i], i == list.Cursor, w, look))
	}
	if len(found) == 0 {
		lines = append(lines, look.Dim("   nothing matches"))
	}
	for len(lines) < rows+chooserHead {
		lines = append(lines, "")
	}
	return lines
}

func itemLine(i item, cursor bool, w int, look kit.Look) string {
	const groupWidth, titleMost, detailLeast = 10, 40, 24
	bar, title := " ", kit.Fit(kit.Escape(i.title), min(titleMost, max(8, w-groupWidth-4-detailLeast)), look.ASCII)
	if cursor {
		bar, title = look.CursorBar(true), look.Strong(title)
	}
	row := " " + bar + " " + look.Dim(kit.Fit(i.group, groupWidth, look.ASCII)) + title + " " + look.Dim(kit.Escape(i.detail))
	if cursor {
		return look.Selected(kit.Fit(row, w, look.ASCII))
	}
	return row
}

// newPalette offers everything that can be done, the keys visited, and the databases.
func newPalette(m model) chooser {
	var items []item
	for _, k := range m.trail.recent() {
		items = append(items, item{
			id: "key " + k.Key, group: "key", title: k.Key, detail: kit.TypeWord(k.Type),
			run: func(m model) (model, tea.Cmd) { return m.visit(k) },
		})
	}
	own := map[string]bool{}
	for _, b := range m.bindings() {
		own[b.ID] = true
	}
	for _, b := range m.live() {
		if b.Off != "" || len(b.Keys) == 0 || b.ID == "palette" || moves(b.Keys[0]) {
			continue
		}
		run := func(m model) (model, tea.Cmd) { return m.pressPane(kit.Press(b.Keys[0])) }
		if own[b.ID] {
			run = func(m model) (model, tea.Cmd) { return m.act(b.ID) }
		}
		items = append(items, item{id: "do " + b.ID, group: "do", title: b.Help, detail: kit.Fit(keyName(b.Keys[0], m.look), keyColumn, m.look.ASCII) + " " + b.Group, run: run})
	}
	items = append(items, m.profileItems()...)
	for _, d := range m.databases() {
		items = append(items, m.databaseItem(d))
	}
	return newChooser(m, "Go to or do", m.recentFirst(append(items, m.themeItems()...)))
}

// keyColumn is room for the longest of our keys, shift+tab.
const keyColumn = 9

// moves reports whether a key moves a cursor: not worth choosing from a list.
func moves(key string) bool {
	switch key {
	case "up", "down", "left", "right", "home", "end", "pgup", "pgdown", "ctrl+u", "ctrl+d", "esc", "ctrl+c":
		return true
	}
	return false
}

func (m model) databaseItem(d keyspace.Database) item {
	detail := kit.Count(d.Keys) + " keys"
	switch {
	case m.all.Counts != keyspace.Known && len(m.all.Databases) > 0 && d.Index != m.panes.db:
		detail = ""
	case d.Keys == 0:
		detail = "empty"
	case d.Expires > 0:
		detail += ", " + kit.Count(d.Expires) + " expire"
	}
	if d.Index == m.panes.db {
		detail += "   here"
	}
	return item{
		id: "database " + databaseName(d.Index), group: "database", title: databaseName(d.Index), detail: detail,
		run: func(m model) (model, tea.Cmd) { return m.switchTo(d.Index) },
	}
}
