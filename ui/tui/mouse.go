package tui

import (
	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// mouse is what the mouse drags.
type mouse struct {
	wall, rule bool
}

// point obeys the mouse.
func (m model) point(msg tea.MouseMsg) (model, tea.Cmd) {
	p, at := m.picture(), msg.Mouse()
	if _, click := msg.(tea.MouseClickMsg); click && at.Button == tea.MouseLeft && p.footer.Contains(at.X, at.Y) {
		if h, ok := m.hintAt(at.X); ok {
			return m.press(kit.Press(h.binding.Keys[0]))
		}
		return m, nil
	}
	switch {
	case len(m.over) > 0:
		return m.pointOver(msg)
	case m.link.server == nil:
		return m.pointWelcome(msg)
	}
	switch msg := msg.(type) {
	case tea.MouseReleaseMsg:
		m.mouse = mouse{}
		return m, nil
	case tea.MouseMotionMsg:
		return m.drag(at, p)
	case tea.MouseClickMsg:
		return m.click(msg, p)
	case tea.MouseWheelMsg:
		return m.hand(msg, at, p, false)
	}
	return m, nil
}

// click takes hold of what can be dragged, shows the view whose name was met, or goes to the pane.
func (m model) click(msg tea.MouseClickMsg, p picture) (model, tea.Cmd) {
	at := msg.Mouse()
	switch {
	case at.Button != tea.MouseLeft:
		return m, nil
	case p.wall.Contains(at.X, at.Y):
		m.mouse.wall = true
		return m, nil
	case p.drawerRule.Contains(at.X, at.Y):
		m.mouse.rule = true
		return m, nil
	case p.tabs.Contains(at.X, at.Y):
		return m.clickTab(at.X)
	}
	return m.hand(msg, at, p, true)
}

// clickable is an overlay with rows to click on. y is a line of what it draws.
type clickable interface {
	click(m model, y int) (model, tea.Cmd)
}

// pointOver lets the mouse choose from, and the wheel move, what lies over the panes.
func (m model) pointOver(msg tea.MouseMsg) (model, tea.Cmd) {
	top, body := m.over[len(m.over)-1], m.picture().body
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		key := tea.KeyPressMsg{Code: tea.KeyDown}
		if msg.Button == tea.MouseWheelUp {
			key = tea.KeyPressMsg{Code: tea.KeyUp}
		}
		return top.press(m, key)
	case tea.MouseClickMsg:
		lines := min(body.H, len(top.draw(m, body.W, body.H)))
		y := msg.Y - (body.Y + body.H - lines)
		if rows, ok := top.(clickable); ok && msg.Button == tea.MouseLeft && y >= 0 && y < lines {
			return rows.click(m, y)
		}
	}
	return m, nil
}

// pointWelcome chooses what was clicked on.
func (m model) pointWelcome(msg tea.MouseMsg) (model, tea.Cmd) {
	click, ok := msg.(tea.MouseClickMsg)
	body := m.picture().body
	if !ok || click.Button != tea.MouseLeft || m.link.phase != homeless || m.link.welcome.typing {
		return m, nil
	}
	choices := m.choices()
	for i, y := range m.choiceRows(body.W) {
		if click.Y != body.Y+y-m.welcomeTop(body.W, body.H) {
			continue
		}
		m.link.welcome.cursor = i
		if off := choices[i].off; off != "" {
			return m.say(kit.Plain, off)
		}
		return m.choose(choices[i].id)
	}
	return m, nil
}

// takeMouse takes the mouse from the terminal, or leaves it to it.
func (m model) takeMouse() (model, tea.Cmd) {
	m.noMouse, m.mouse = !m.noMouse, mouse{}
	if m.noMouse {
		return m.say(kit.Plain, "the mouse is the terminal's: it selects text; the same key takes it back")
	}
	return m.say(kit.Plain, "the mouse is redan's; with shift it still selects text in most terminals")
}

// drag moves what was taken hold of.
func (m model) drag(at tea.Mouse, p picture) (model, tea.Cmd) {
	switch {
	case m.mouse.wall:
		m.shape.split = max(leastPane, min(at.X, m.width-1-leastPane))
	case m.mouse.rule:
		m.shape.drawer = max(leastDrawer, p.body.Y+p.body.H-at.Y-1)
	default:
		return m, nil
	}
	return m.relayout()
}

// clickTab shows the view whose name was met.
func (m model) clickTab(x int) (model, tea.Cmd) {
	at := 1
	for _, t := range m.tabList() {
		width := kit.Width(t.text)
		if x >= at && x < at+width {
			return m.show(t.id)
		}
		at += width + len(tabGap)
	}
	return m, nil
}

// hand gives a click or a turn of the wheel to the pane it met, in that pane's coordinates. A click gives it the keyboard too.
func (m model) hand(msg tea.MouseMsg, at tea.Mouse, p picture, click bool) (model, tea.Cmd) {
	var focus, cmd tea.Cmd
	switch {
	case m.shape.view == keysView && p.keys.Contains(at.X, at.Y):
		if click {
			m, focus = m.focus(keysPlace)
		}
		m.panes.keys, cmd = m.panes.keys.Update(moved(msg, p.keys))
	case m.shape.view == keysView && p.value.Contains(at.X, at.Y):
		if click {
			m, focus = m.focus(valuePlace)
		}
		m.panes.viewer, cmd = m.panes.viewer.Update(moved(msg, p.value))
	case m.consoleRect(p).Contains(at.X, at.Y):
		if click && m.shape.view == keysView {
			m, focus = m.focus(consolePlace)
		}
		m.panes.console, cmd = m.panes.console.Update(moved(msg, m.consoleRect(p)))
	case p.body.Contains(at.X, at.Y):
		m, cmd = m.turn(moved(msg, p.body))
	}
	return m, tea.Batch(focus, cmd)
}

// moved returns a mouse message in the coordinates of a rectangle.
func moved(msg tea.MouseMsg, r kit.Rect) tea.Msg {
	at := msg.Mouse()
	at.X, at.Y = at.X-r.X, at.Y-r.Y
	switch msg.(type) {
	case tea.MouseWheelMsg:
		return tea.MouseWheelMsg(at)
	default:
		return tea.MouseClickMsg(at)
	}
}
