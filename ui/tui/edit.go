package tui

import (
	"bytes"
	"context"
	"errors"
	"os/exec"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// The steps of editing a text in the user's editor.
type (
	editReady struct {
		kit.Sealed
		id     int
		before []byte
		edit   *exec.Cmd
		read   func() ([]byte, error)
		err    error
	}
	editDone struct {
		kit.Sealed
		ready editReady
		err   error
	}
)

var errNoEditor = errors.New("there is no editor: set VISUAL or EDITOR")

// edit opens the user's editor on a text that a pane has; the pane gets a kit.Edited.
func (m model) edit(msg kit.EditText) (model, tea.Cmd) {
	if m.config.Editor == nil {
		return m.tell(kit.Edited{ID: msg.ID, Err: errNoEditor})
	}
	return m, prepareEdit(m.ctx, m.config.Editor, msg)
}

// editReady gives the terminal to the editor.
func (m model) editReady(msg editReady) (model, tea.Cmd) {
	if msg.err != nil {
		return m.tell(kit.Edited{ID: msg.id, Err: msg.err})
	}
	if msg.edit.Stdin == nil && m.config.Input != nil { // Bubble Tea would give it what it reads itself, which is no file: see hungUp
		msg.edit.Stdin = m.config.Input
	}
	return m, tea.ExecProcess(msg.edit, func(err error) tea.Msg { return editDone{ready: msg, err: err} })
}

// prepareEdit puts the text into a file.
func prepareEdit(ctx context.Context, editor func(string, []byte) (*exec.Cmd, func() ([]byte, error), error), msg kit.EditText) tea.Cmd {
	return kit.Task(ctx, func(context.Context) editReady {
		ready := editReady{id: msg.ID, before: msg.Text}
		ready.edit, ready.read, ready.err = editor(msg.Name, msg.Text)
		return ready
	})
}

// readEdited reads what became of the text. It is read after a failure too, which removes the file.
func readEdited(ctx context.Context, msg editDone) tea.Cmd {
	return kit.Task(ctx, func(context.Context) kit.Edited {
		text, err := msg.ready.read()
		return kit.Edited{ID: msg.ready.id, Text: text, Changed: !bytes.Equal(text, msg.ready.before), Err: errors.Join(msg.err, err)}
	})
}
