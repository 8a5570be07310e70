package tui

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/conn"
	"redan/ui/tui/kit"
)

// serverView is the view of the server's key figures and of all that it says of itself.
const serverView view = "server"

// serverPage is that view.
type serverPage struct {
	list   kit.List
	folded map[string]bool // sections whose lines are not shown
	line   kit.Line        // the filter
	search bool            // it is being typed
	paused bool
	still  facts // what is shown while paused
	node   int   // of a cluster; 0 is the one we connected to, of which the header tells
	other  facts // of another node
}

func (serverPage) about() about {
	return about{id: serverView, name: "Server", short: "Serv", help: "Server: key figures and INFO"}
}

func (p serverPage) typing() bool { return p.search }

func (p serverPage) bindings(m model) []kit.Binding {
	const group = "In this view"
	if p.search {
		return []kit.Binding{
			{ID: "server.search", Keys: []string{"enter"}, Help: "keep the filter", Group: group, Footer: 10},
			{ID: "server.all", Keys: []string{"esc"}, Help: "all lines", Group: group, Footer: 20},
			{ID: "page.up", Keys: []string{"up"}, Help: "up", Group: group},
			{ID: "page.down", Keys: []string{"down"}, Help: "down", Group: group},
		}
	}
	pause, noSection, noLine, unfiltered, alone := "pause", "", "", "", ""
	if p.paused {
		pause = "go on"
	}
	row := p.row(m)
	if row.section == "" || row.kind == figureRow {
		noSection = "this is no section of INFO"
	}
	if row.kind != infoRow && row.kind != figureRow {
		noLine = "this line says nothing to copy"
	}
	if p.line.Text() == "" {
		unfiltered = "there is no filter"
	}
	if m.link.server == nil || !m.link.server.masters.Cluster() {
		alone = "the server is in no cluster; -c follows one"
	}
	return append(moveBindings(),
		kit.Binding{ID: "server.fold", Keys: []string{"enter", "left", "right", "h", "l"}, Help: "fold", Group: group, Footer: 20, Off: noSection},
		kit.Binding{ID: "server.foldall", Keys: []string{"W"}, Help: "fold all sections", Group: group, Off: p.foldedOff(m, true)},
		kit.Binding{ID: "server.unfoldall", Keys: []string{"E"}, Help: "unfold all sections", Group: group, Off: p.foldedOff(m, false)},
		kit.Binding{ID: "server.filter", Keys: []string{"/"}, Help: "filter", Group: group, Footer: 15},
		kit.Binding{ID: "server.all", Keys: []string{"esc"}, Help: "all lines", Group: group, Off: unfiltered},
		kit.Binding{ID: "server.copy", Keys: []string{"y"}, Help: "copy", Group: group, Footer: 25, Off: noLine},
		kit.Binding{ID: "server.copyall", Keys: []string{"Y"}, Help: "copy all lines", Group: group},
		kit.Binding{ID: "server.pause", Keys: []string{"space"}, Help: pause, Group: group, Footer: 30},
		kit.Binding{ID: "server.node", Keys: []string{"n"}, Help: "next node", Group: group, Off: alone})
}

func (p serverPage) update(m model, msg tea.Msg) (page, tea.Cmd) {
	switch msg := msg.(type) {
	case left:
		return serverPage{folded: p.folded, line: p.line}, nil
	case entered, kit.Tick:
		return p.askNode(m)
	case nodeInformed:
		return p.nodeInformed(m, msg), nil
	case chosen:
		return p.obey(m, msg.id)
	case tea.KeyPressMsg:
		p.line, _ = p.line.Update(msg)
		p.list = kit.List{}
	case tea.PasteMsg:
		p.line = p.line.Insert(msg.Content)
	case tea.MouseWheelMsg, tea.MouseClickMsg:
		p.list = pointed(msg, p.list, serverHead, len(p.rows(m)), p.height(m))
	}
	return p, nil
}

// serverHead is how many lines stand above the rows.
const serverHead = 2

func (p serverPage) height(m model) int { return max(1, m.picture().body.H-serverHead) }

func (p serverPage) obey(m model, id string) (page, tea.Cmd) {
	switch id {
	case "server.fold":
		section := p.row(m).section
		p = p.fold(section)
		rows := p.rows(m)
		head := slices.IndexFunc(rows, func(r serverRow) bool { return r.kind == headRow && r.section == section })
		p.list = p.list.To(head, len(rows), p.height(m))
	case "server.foldall":
		p.folded = map[string]bool{}
		for _, s := range p.shown(m).info.sections {
			p.folded[s.name] = true
		}
		p.list = kit.List{}
	case "server.unfoldall":
		p.folded = nil
	case "server.filter":
		p.search = true
	case "server.search":
		p.search = false
	case "server.all":
		p.search, p.line, p.list = false, kit.Line{}, kit.List{}
	case "server.copy":
		row := p.row(m)
		return p, kit.Say(kit.CopyText{Text: row.name + ":" + row.value, What: row.name})
	case "server.copyall":
		return p, kit.Say(kit.CopyText{Text: copiedRows(p.rows(m)), What: "what is shown"})
	case "server.pause":
		p.paused, p.still = !p.paused, p.shown(m)
	case "server.node":
		p.node, p.other, p.paused = (p.node+1)%len(m.link.server.masters.Nodes()), facts{}, false
		return p.askNode(m)
	default:
		p.list = stepped(id, p.list, len(p.rows(m)), p.height(m))
	}
	return p, nil
}

// foldedOff says why folding all sections, or unfolding them, would change nothing.
func (p serverPage) foldedOff(m model, fold bool) string {
	for _, s := range p.shown(m).info.sections {
		if p.folded[s.name] != fold {
			return ""
		}
	}
	if fold {
		return "all sections are folded"
	}
	return "no section is folded"
}

func (p serverPage) fold(section string) serverPage {
	folded := map[string]bool{section: !p.folded[section]}
	for name, on := range p.folded {
		if name != section {
			folded[name] = on
		}
	}
	p.folded = folded
	return p
}

// shown are the figures to show: of the node that was chosen, and as they were when they were told to stand still.
func (p serverPage) shown(m model) facts {
	switch {
	case p.paused:
		return p.still
	case p.node > 0:
		return p.other
	}
	return m.facts
}

// address is that of the node shown.
func (p serverPage) address(m model) conn.Addr {
	if p.node > 0 {
		if nodes := m.link.server.masters.Nodes(); p.node < len(nodes) {
			return nodes[p.node].Addr
		}
	}
	return m.link.options.Addr()
}

// nodeInformed is the answer of another node of the cluster.
type nodeInformed struct {
	informed
	node int
}

// askNode asks another node than the one we connected to for its figures; the root asks that one.
func (p serverPage) askNode(m model) (page, tea.Cmd) {
	if p.node == 0 || p.other.asking || m.link.phase != online || m.link.server.at == nil {
		return p, nil
	}
	p.other.asking, p.other.asked = true, m.now
	return p, askNode(m.ctx, m.link.server.at(p.address(m)), m.config.Now, m.link.gen, p.node)
}

func (p serverPage) nodeInformed(m model, msg nodeInformed) serverPage {
	if msg.gen != m.link.gen || msg.node != p.node {
		return p
	}
	p.other.asking, p.other.took, p.other.why = false, msg.took, msg.why
	switch {
	case msg.err != nil:
		p.other.why, _ = explain(msg.err)
	case msg.known:
		p.other.info, p.other.known = msg.info, true
		p.other.series = p.other.series.add(msg.info, m.now, msg.took)
	}
	return p
}

func (p serverPage) draw(m model, w, h int) []string {
	look, f := m.look, p.shown(m)
	lines := []string{p.head(m, f, w), ""}
	switch rows := p.rows(m); {
	case !f.known && f.why != "":
		lines = append(lines, kit.Wrap("The server does not tell about itself: "+kit.Escape(f.why), " ", w)...)
	case !f.known:
		lines = append(lines, look.Dim(" Asking the server"+kit.Ellipsis().Of(look)))
	case len(rows) == 0:
		lines = append(lines, " No line matches; "+look.Strong("esc")+" shows all.")
	default:
		list := p.list.Fit(len(rows), max(1, h-serverHead))
		for i := list.Top; i < len(rows) && len(lines) < h; i++ {
			lines = append(lines, rows[i].draw(f.series, i == list.Cursor, w, look))
		}
	}
	return lines[:min(len(lines), h)]
}

// head says which server, since when its figures are charted, and what is filtered.
func (p serverPage) head(m model, f facts, w int) string {
	look := m.look
	left := " " + look.Dim("/ filter")
	if p.search || p.line.Text() != "" {
		left = " " + look.Accent("/ ") + kit.Escape(p.line.Text())
	}
	if p.search {
		left = " " + look.Accent("/ ") + p.line.View(max(1, min(30, w/2)), look, "")
	}
	var facts []string
	if nodes := m.link.server.masters; nodes.Cluster() {
		facts = append(facts, "node "+kit.Escape(p.address(m).String())+" of "+kit.Count(int64(len(nodes.Nodes()))))
	}
	if span := f.series.span(); span > 0 {
		facts = append(facts, "the last "+kit.Life(span.Round(time.Second)))
	}
	if p.paused {
		facts = append(facts, "stands still since "+f.asked.Format(time.TimeOnly))
	}
	return justify(left, look.Dim(strings.Join(facts, "   "))+" ", w, look)
}
