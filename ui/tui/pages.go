package tui

import (
	tea "charm.land/bubbletea/v2"

	"redan/conn/cert"
	"redan/ui/tui/kit"
)

// pages are the views that are not panes of their own: server, TLS, command log. Each is a list of lines with a cursor or a scroll.
type pages struct {
	lists   map[view]kit.List
	log     []sent // as it was when it was looked at last
	total   int64
	frozen  bool // the log stands still
	report  *cert.Report
	looking bool // the certificate is being looked at
}

// forget drops what belongs to a server that was left.
func (p pages) forget() pages {
	p.report, p.looking = nil, false
	return p
}

// with returns the pages with another list for a view.
func (p pages) with(v view, l kit.List) pages {
	lists := map[view]kit.List{v: l}
	for other, list := range p.lists {
		if other != v {
			lists[other] = list
		}
	}
	p.lists = lists
	return p
}

// enterPage fetches what a view shows.
func (m model) enterPage(v view) (model, tea.Cmd) {
	if m.link.server == nil {
		return m, nil
	}
	switch v {
	case serverView:
		return m.askInfo()
	case tlsView:
		if m.pages.report == nil && !m.pages.looking && m.link.server.examine != nil {
			m.pages.looking = true
			return m, examine(m.ctx, m.link.server.examine, m.link.gen)
		}
	case logView:
		m.pages.log, m.pages.total = m.log.latest()
	case keysView, consoleView:
	}
	return m, nil
}

// refreshPage takes in what happened meanwhile.
func (m model) refreshPage() model {
	if m.shape.view == logView && !m.pages.frozen {
		m.pages.log, m.pages.total = m.log.latest()
	}
	return m
}

func (m model) examined(msg examined) model {
	if msg.gen == m.link.gen {
		m.pages.report, m.pages.looking = &msg.report, false
	}
	return m
}

// pageBindings are those of the view on screen.
func (m model) pageBindings() []kit.Binding {
	const group = "In this view"
	list := []kit.Binding{
		{ID: "page.up", Keys: []string{"up", "k"}, Help: "up", Group: group},
		{ID: "page.down", Keys: []string{"down", "j"}, Help: "down", Group: group, Footer: 10},
		{ID: "page.pageup", Keys: []string{"pgup", "ctrl+b"}, Help: "a page up", Group: group},
		{ID: "page.pagedown", Keys: []string{"pgdown", "ctrl+f"}, Help: "a page down", Group: group},
		{ID: "page.first", Keys: []string{"home", "g"}, Help: "first", Group: group},
		{ID: "page.last", Keys: []string{"end", "G"}, Help: "last", Group: group},
	}
	switch m.shape.view {
	case logView:
		freeze := "let it stand still"
		if m.pages.frozen {
			freeze = "let it go on"
		}
		return append(list,
			kit.Binding{ID: "log.copy", Keys: []string{"y"}, Help: "copy for redan", Group: group, Footer: 20, Off: m.copyOff()},
			kit.Binding{ID: "log.copycli", Keys: []string{"Y"}, Help: "copy for redis-cli", Group: group, Off: m.copyOff()},
			kit.Binding{ID: "log.freeze", Keys: []string{"space"}, Help: freeze, Group: group, Footer: 30})
	case tlsView:
		return append(list, kit.Binding{
			ID: "tls.again", Keys: []string{"R"}, Help: "look again", Group: group, Footer: 20, Off: m.examineOff(),
		})
	case serverView, keysView, consoleView:
	}
	return list
}

func (m model) examineOff() string {
	switch {
	case m.link.server == nil || m.link.server.examine == nil:
		return "the connection is not TLS"
	case m.pages.looking:
		return "it is being looked at"
	}
	return ""
}

// pressPage obeys a key in a view.
func (m model) pressPage(msg tea.KeyPressMsg) (model, tea.Cmd) {
	b, ok := kit.Find(m.paneBindings(), msg)
	switch {
	case !ok:
		return m, nil
	case b.Off != "":
		return m.say(kit.Plain, b.Off)
	}
	switch b.ID {
	case "log.copy":
		return m.copyCommand(m.config.Program)
	case "log.copycli":
		return m.copyCommand("redis-cli")
	case "log.freeze":
		m.pages.frozen = !m.pages.frozen
		return m, nil
	case "tls.again":
		m.pages.report = nil
		return m.enterPage(tlsView)
	}
	return m.scroll(b.ID), nil
}

// scroll moves within a view: the log has a cursor, the others scroll.
func (m model) scroll(id string) model {
	v, h := m.shape.view, m.picture().body.H
	list := m.pages.lists[v]
	if v == logView {
		rows := max(1, h-2)
		list = stepped(id, list, len(m.pages.log), rows)
	} else {
		count := len(m.pageLines(m.width))
		by := stepped(id, kit.List{Cursor: list.Top}, max(1, count-h+1), h)
		list = kit.List{Cursor: by.Cursor, Top: by.Cursor}
	}
	m.pages = m.pages.with(v, list)
	return m
}

func stepped(id string, l kit.List, count, height int) kit.List {
	switch id {
	case "page.up":
		return l.Move(-1, count, height)
	case "page.down":
		return l.Move(1, count, height)
	case "page.pageup":
		return l.Move(-height, count, height)
	case "page.pagedown":
		return l.Move(height, count, height)
	case "page.first":
		return l.To(0, count, height)
	case "page.last":
		return l.To(count-1, count, height)
	}
	return l
}

// pointPage obeys the mouse in a view.
func (m model) pointPage(msg tea.MouseMsg, y int) model {
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		id := "page.down"
		if msg.Button == tea.MouseWheelUp {
			id = "page.up"
		}
		for range 3 {
			m = m.scroll(id)
		}
	case tea.MouseClickMsg:
		if m.shape.view == logView && y >= 2 {
			list := m.pages.lists[logView]
			m.pages = m.pages.with(logView, list.To(list.Top+y-2, len(m.pages.log), max(1, m.picture().body.H-2)))
		}
	}
	return m
}

// page draws the view on screen.
func (m model) page(w, h int) []string {
	if m.shape.view == logView {
		return m.logLines(w, h)
	}
	lines := m.pageLines(w)
	top := max(0, min(m.pages.lists[m.shape.view].Top, len(lines)-h))
	return lines[top:min(len(lines), top+h)]
}

// pageLines are all lines of a view that scrolls.
func (m model) pageLines(w int) []string {
	if m.shape.view == tlsView {
		return m.tlsLines(w)
	}
	return m.serverLines(w)
}
