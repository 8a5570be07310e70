package tui

import (
	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// askQuit is the root's question; panes number theirs from 101.
const askQuit = 1

// quit leaves, but asks when that would lose something.
func (m model) quit() (model, tea.Cmd) {
	var lines []string
	if text := m.panes.console.Unfinished(); text != "" {
		lines = append(lines, text)
	}
	if m.link.server != nil {
		if text := m.panes.keys.Unfinished(); text != "" {
			lines = append(lines, text)
		}
	}
	if len(lines) == 0 {
		return m, tea.Quit
	}
	return m.confirm(kit.Confirm{ID: askQuit, Title: "Quit all the same?", Lines: lines, Action: "quit", Level: kit.Warn})
}

func (m model) quitConfirmed(msg kit.Confirmed) (model, tea.Cmd) {
	if msg.Yes {
		return m, tea.Quit
	}
	return m, nil
}
