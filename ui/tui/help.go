package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// help shows all keys that do something here, grouped, and says of the others why they do not. It is made from the bindings.
type help struct {
	list   []kit.Binding
	filter kit.Line
	top    int
}

func newHelp(m model) help { return help{list: append(m.live(), verbBindings()...)} }

func (help) bindings(model) []kit.Binding {
	const group = "In this help"
	return []kit.Binding{
		{ID: "help.up", Keys: []string{"up"}, Help: "up", Group: group},
		{ID: "help.down", Keys: []string{"down"}, Help: "down", Group: group, Footer: 10},
		{ID: "help.pageup", Keys: []string{"pgup"}, Help: "a page up", Group: group},
		{ID: "help.pagedown", Keys: []string{"pgdown", "space"}, Help: "a page down", Group: group},
		{ID: "sheet.leave", Keys: []string{"esc", "?", "f1"}, Help: "close", Group: group, Footer: 20},
	}
}

func (h help) press(m model, msg tea.KeyPressMsg) (model, tea.Cmd) {
	b, ok := kit.Find(m.bound(h), msg)
	if !ok {
		line, changed := h.filter.Update(msg)
		if changed {
			h.filter, h.top = line, 0
		}
		return m.swap(h), nil
	}
	page := max(1, m.picture().body.H-3)
	switch b.ID {
	case "help.up":
		h.top--
	case "help.down":
		h.top++
	case "help.pageup":
		h.top -= page
	case "help.pagedown":
		h.top += page
	case "sheet.leave":
		return h.leave(m.pop())
	}
	rows := len(h.rows(m.look, m.width))
	h.top = max(0, min(h.top, rows-page))
	return m.swap(h), nil
}

func (h help) paste(m model, text string) (model, tea.Cmd) {
	h.filter = h.filter.Insert(text)
	return m.swap(h), nil
}

func (help) leave(m model) (model, tea.Cmd) { return m, nil }

func (h help) draw(m model, w, height int) []string {
	look := m.look
	head := " " + look.Strong("Keys that work here") + "   " + look.Dim("type to search") + " "
	lines := []string{head + h.filter.View(max(1, w-kit.Width(head)-1), look, ""), ""}
	rows := h.rows(look, w)
	if len(rows) == 0 {
		rows = []string{"   no key does that; " + look.Strong("esc") + " closes the help"}
	}
	from := max(0, min(h.top, len(rows)-1))
	lines = append(lines, rows[from:min(len(rows), from+max(0, height-3))]...)
	for len(lines) < height-1 {
		lines = append(lines, "")
	}
	return append(lines[:max(0, height-1)], more(from, len(rows), height-3, look))
}

// more says how much of a list is out of sight.
func more(from, count, height int, look kit.Look) string {
	if count <= height {
		return ""
	}
	return look.Dim(" " + kit.Count(int64(from+1)) + "-" + kit.Count(int64(min(count, from+height))) + " of " + kit.Count(int64(count)))
}

// rows are the lines of the help: headings and bindings, in one or two columns.
func (h help) rows(look kit.Look, w int) []string {
	var groups [][]string
	for _, name := range groupsOf(h.list) {
		rows := []string{" " + look.Accent(name)}
		for _, b := range h.list {
			if b.Group == name && h.wanted(b) {
				rows = append(rows, helpRow(b, look))
			}
		}
		if len(rows) > 1 {
			groups = append(groups, append(rows, ""))
		}
	}
	const twoColumns = 100
	if w < twoColumns {
		var rows []string
		for _, g := range groups {
			rows = append(rows, g...)
		}
		return rows
	}
	return columns(groups, w, look)
}

func (h help) wanted(b kit.Binding) bool {
	match, err := kit.Filter(h.filter.Text())
	return err != nil || match == nil || match(b.Help+" "+strings.Join(b.Keys, " ")+" "+b.Group)
}

func groupsOf(list []kit.Binding) []string {
	var names []string
	seen := map[string]bool{}
	for _, b := range list {
		if !seen[b.Group] {
			seen[b.Group] = true
			names = append(names, b.Group)
		}
	}
	return names
}

// helpRow is one binding: its keys, what they do, and why they do nothing now.
func helpRow(b kit.Binding, look kit.Look) string {
	const keysWidth = 18
	names := make([]string, len(b.Keys))
	for i, key := range b.Keys {
		names[i] = keyName(key, look)
	}
	keys := kit.Fit(strings.Join(names, " "), keysWidth, look.ASCII)
	if b.Off != "" {
		return look.Dim("   " + keys + " " + b.Help + " (" + b.Off + ")")
	}
	return "   " + look.Strong(keys) + " " + b.Help
}

// columns puts groups into two columns of about the same height, without parting any.
func columns(groups [][]string, w int, look kit.Look) []string {
	total := 0
	for _, g := range groups {
		total += len(g)
	}
	var left, right []string
	for _, g := range groups {
		if len(left) == 0 || len(left)+len(g) <= (total+1)/2+1 {
			left = append(left, g...)
		} else {
			right = append(right, g...)
		}
	}
	half := w / 2
	rows := make([]string, max(len(left), len(right)))
	for i := range rows {
		var l, r string
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		rows[i] = kit.Fit(l, half, look.ASCII) + r
	}
	return rows
}
