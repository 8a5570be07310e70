package tui

import (
	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// The root's questions; panes number theirs from 101.
const (
	askQuit     = 1
	askReadOnly = 2
	askRemove   = 3
	askCopy     = 4
)

// quit leaves, but asks when that would lose something.
func (m model) quit() (model, tea.Cmd) {
	var lines []string
	if text := m.panes.console.Unfinished(); text != "" {
		lines = append(lines, text)
	}
	for _, p := range m.everyKeys() {
		if text := p.Unfinished(); text != "" {
			lines = append(lines, text)
		}
	}
	if len(lines) == 0 {
		return m, tea.Quit
	}
	return m.confirm(kit.Confirm{ID: askQuit, Title: "Quit all the same?", Lines: lines, Action: "quit", Level: kit.Warn})
}

// confirmed takes in an answer: to a question of ours, or for the panes.
func (m model) confirmed(msg kit.Confirmed) (model, tea.Cmd) {
	switch {
	case msg.ID >= firstOfPanes:
		return m.tell(msg)
	case !msg.Yes:
		return m, nil
	case msg.ID == askQuit:
		return m, tea.Quit
	case msg.ID == askReadOnly:
		return m.allowWriting()
	case msg.ID == askRemove:
		return m.removeProfile()
	}
	return m, nil
}

// firstOfPanes is where the numbers of the panes' questions begin.
const firstOfPanes = 5
