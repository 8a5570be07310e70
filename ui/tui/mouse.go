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
	if len(m.over) > 0 {
		return m.pointOver(msg)
	}
	if m.link.server == nil {
		return m, nil
	}
	p, at := m.picture(), msg.Mouse()
	switch msg := msg.(type) {
	case tea.MouseReleaseMsg:
		m.mouse = mouse{}
		return m, nil
	case tea.MouseMotionMsg:
		return m.drag(at, p)
	case tea.MouseClickMsg:
		if at.Button == tea.MouseLeft {
			if p.wall.Contains(at.X, at.Y) {
				m.mouse.wall = true
				return m, nil
			}
			if p.drawerRule.Contains(at.X, at.Y) {
				m.mouse.rule = true
				return m, nil
			}
			if p.tabs.Contains(at.X, at.Y) {
				return m.clickTab(at.X)
			}
		}
		return m.hand(msg, at, p, true)
	case tea.MouseWheelMsg:
		return m.hand(msg, at, p, false)
	}
	return m, nil
}

// pointOver lets the wheel move what lies over the panes.
func (m model) pointOver(msg tea.MouseMsg) (model, tea.Cmd) {
	wheel, ok := msg.(tea.MouseWheelMsg)
	if !ok {
		return m, nil
	}
	key := tea.KeyPressMsg{Code: tea.KeyDown}
	if wheel.Button == tea.MouseWheelUp {
		key = tea.KeyPressMsg{Code: tea.KeyUp}
	}
	return m.over[len(m.over)-1].press(m, key)
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
	for i, name := range viewNames(m.picture().narrow) {
		width := kit.Width(name) + len("1 ")
		if x >= at && x < at+width {
			return m.show(view(i))
		}
		at += width + len("  ")
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
		m = m.pointPage(msg, at.Y-p.body.Y)
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
