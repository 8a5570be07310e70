package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// View implements tea.Model.
func (m model) View() tea.View {
	v := tea.NewView(m.draw())
	v.AltScreen, v.ReportFocus = true, true
	if !m.noMouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	v.WindowTitle = m.title()
	return v
}

// title is the window's: where we are, and nothing else.
func (m model) title() string {
	if m.config.Profile != "" {
		return "redan " + kit.Escape(m.config.Profile)
	}
	return "redan " + kit.Escape(m.link.options.Addr().Target())
}

// draw returns the whole picture: exactly height lines of width columns.
func (m model) draw() string {
	if m.width <= 0 || m.height <= 0 {
		return ""
	}
	p := m.picture()
	if p.rule.Empty() {
		return m.tiny()
	}
	lines := make([]string, 0, m.height)
	lines = append(lines, m.header(p.header.W), m.ruleLine(p.rule.W))
	if !p.tabs.Empty() {
		lines = append(lines, m.tabs(p.tabs.W))
	}
	lines = append(lines, m.covered(m.body(p), p)...)
	lines = append(lines, m.footer(p.footer.W))
	return kit.Frame(lines, m.width, m.height, m.look.ASCII)
}

// tiny is the one line of a window too small for more.
func (m model) tiny() string {
	text := m.link.options.Addr().Target()
	if row := m.panes.keys.Current(); m.link.server != nil && row != "" {
		text = row
	}
	return kit.Frame([]string{kit.Escape(text)}, m.width, m.height, m.look.ASCII)
}

// body returns the lines between the views and the footer.
func (m model) body(p picture) []string {
	switch {
	case m.link.server == nil:
		return m.welcomeLines(p.body.W, p.body.H)
	case m.shape.view == consoleView:
		return strings.Split(m.panes.console.View(p.body.W, p.body.H), "\n")
	case m.shape.view != keysView:
		page, _ := m.page()
		return page.draw(m, p.body.W, p.body.H)
	}
	var lines []string
	switch {
	case !p.wall.Empty():
		lines = m.panesBeside(p)
	case !p.keys.Empty():
		lines = strings.Split(m.panes.keys.View(p.keys.W, p.keys.H), "\n")
	case !p.value.Empty():
		lines = strings.Split(m.panes.viewer.View(p.value.W, p.value.H), "\n")
	}
	if !p.drawer.Empty() {
		if !p.drawerRule.Empty() {
			lines = append(lines, m.drawerRule(p))
		}
		lines = append(lines, strings.Split(m.panes.console.View(p.drawer.W, p.drawer.H), "\n")...)
	}
	return lines
}

// panesBeside joins keys and value, line by line.
func (m model) panesBeside(p picture) []string {
	left := strings.Split(m.panes.keys.View(p.keys.W, p.keys.H), "\n")
	right := strings.Split(m.panes.viewer.View(p.value.W, p.value.H), "\n")
	wall := m.look.Rule(kit.Wall().Of(m.look))
	lines := make([]string, p.keys.H)
	for i := range lines {
		lines[i] = left[i] + wall + right[i]
	}
	return lines
}

// drawerRule parts the console from the panes above; the wall ends in it.
func (m model) drawerRule(p picture) string {
	return m.look.Rule(m.look.Line(p.wall.X) + kit.Foot().Of(m.look) + m.look.Line(p.drawerRule.W-p.wall.X-1))
}

// covered lays the overlays over the lower part of the body, the uppermost last.
func (m model) covered(lines []string, p picture) []string {
	for len(lines) < p.body.H {
		lines = append(lines, "")
	}
	lines = lines[:p.body.H]
	for _, o := range m.over {
		sheet := o.draw(m, p.body.W, p.body.H)
		if len(sheet) > p.body.H {
			sheet = sheet[len(sheet)-p.body.H:]
		}
		lines = append(lines[:p.body.H-len(sheet):p.body.H-len(sheet)], sheet...)
	}
	return lines
}
