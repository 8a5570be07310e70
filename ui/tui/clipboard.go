package tui

import (
	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// copyMost is how much text terminals take for the clipboard, in bytes before it is encoded.
const copyMost = 74994 / 4 * 3

// copyText puts text on the clipboard: by the terminal, which works over SSH too, and by the system where there is one at hand.
func (m model) copyText(msg kit.CopyText) (model, tea.Cmd) {
	if len(msg.Text) > copyMost && m.config.Clipboard == nil {
		return m.say(kit.Warn, "too long for the terminal's clipboard: "+kit.Size(int64(len(msg.Text)))+", "+kit.Size(copyMost)+" fit")
	}
	m, cmd := m.say(kit.Good, "copied "+msg.What)
	cmds := []tea.Cmd{cmd}
	if len(msg.Text) <= copyMost {
		cmds = append(cmds, tea.SetClipboard(msg.Text))
	}
	if m.config.Clipboard != nil {
		cmds = append(cmds, putOnClipboard(m.ctx, m.config.Clipboard, msg.Text))
	}
	return m, tea.Batch(cmds...)
}
