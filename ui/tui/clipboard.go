package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// copyMost is how much text terminals take for the clipboard, in bytes before it is encoded.
const copyMost = 74994 / 4 * 3

// copied is what became of text that was given to the system's clipboard.
type copied struct {
	kit.Sealed
	what     string
	terminal bool // the terminal was given it too
	err      error
}

// copyText puts text on the clipboard: by the terminal, which works over SSH too, and by the system where there is one at hand.
func (m model) copyText(msg kit.CopyText) (model, tea.Cmd) {
	short := len(msg.Text) <= copyMost
	if !short && m.config.Clipboard == nil {
		return m.say(kit.Warn, "too long for the terminal's clipboard: "+kit.Size(int64(len(msg.Text)))+", "+kit.Size(copyMost)+" fit")
	}
	var cmds []tea.Cmd
	if short {
		cmds = append(cmds, tea.SetClipboard(msg.Text))
	}
	if m.config.Clipboard != nil {
		return m, tea.Batch(append(cmds, putOnClipboard(m.ctx, m.config.Clipboard, msg.Text, copied{what: msg.What, terminal: short}))...)
	}
	m, cmd := m.say(kit.Good, "copied "+msg.What)
	return m, tea.Batch(append(cmds, cmd)...)
}

// copied tells what became of text that the system's clipboard was given.
func (m model) copied(msg copied) (model, tea.Cmd) {
	switch {
	case msg.err == nil:
		return m.say(kit.Good, "copied "+msg.what)
	case msg.terminal:
		return m.say(kit.Warn, "gave "+msg.what+" to the terminal's clipboard; the system's failed: "+kit.Escape(msg.err.Error()))
	}
	return m.say(kit.Bad, "not copied: "+kit.Escape(msg.err.Error()))
}

// putOnClipboard gives text to the system's clipboard. Where that fails there is the terminal's.
func putOnClipboard(ctx context.Context, put func(string) error, text string, result copied) tea.Cmd {
	return kit.Task(ctx, func(context.Context) copied {
		result.err = put(text)
		return result
	})
}
