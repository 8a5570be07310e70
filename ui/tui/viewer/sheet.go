package viewer

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/commands/edit"
	"redan/ui/tui/kit"
)

// sheet shows what a change will do, and asks.
func (p Pane) sheet(change edit.Change) (Pane, tea.Cmd) {
	preview, err := edit.Plan(change, p.writing.state)
	if err != nil {
		return p.refused(err)
	}
	p.writing.change, p.writing.ready = change, true
	level, action := kit.Plain, "write"
	if !preview.Diff.New.Present && p.writing.purpose == removeElement {
		level, action = kit.Bad, "remove"
	}
	lines := sheetLines(preview)
	if p.writing.brokeJSON() {
		lines = append(lines, "! it was JSON and no longer is")
	}
	return p, kit.Say(kit.Confirm{
		ID: p.question(askSheet), Title: "Write " + p.subject() + "   " + preview.TTLEffect, Lines: lines, Action: action, Level: level,
	})
}

// brokeJSON reports whether what was typed made something else of JSON.
func (w writing) brokeJSON() bool {
	return w.purpose == editValue && json.Valid(w.draft.Text) && !json.Valid(w.text)
}

// sheetLines are what was there, what will be, and the commands.
func sheetLines(preview edit.Preview) []string {
	var lines []string
	if preview.Diff.Old.Present {
		lines = append(lines, "- "+sideText(preview.Diff.Old))
	}
	if preview.Diff.New.Present {
		lines = append(lines, "+ "+sideText(preview.Diff.New))
	}
	for _, words := range preview.Commands {
		shown := make([]string, len(words))
		for i, word := range words {
			shown[i] = quoted(word)
		}
		lines = append(lines, strings.Join(shown, " "))
	}
	return lines
}

// sideText is one side of a difference.
func sideText(s edit.Side) string {
	if s.Sum != "" {
		return kit.Size(s.Size) + ", too long to show"
	}
	text := s.Text
	if text == "" && s.Size == 0 {
		text = `""`
	}
	if s.Before > 0 {
		text = "(" + kit.Size(s.Before) + " before) " + text
	}
	if s.After > 0 {
		text += " (" + kit.Size(s.After) + " after)"
	}
	return text
}

// confirmed takes in the answer to a sheet.
func (p Pane) confirmed(msg kit.Confirmed) (Pane, tea.Cmd) {
	switch {
	case msg.ID == p.question(askRestore):
		return p.restore(msg.Yes)
	case msg.ID != p.question(askSheet) || !p.writing.ready:
		return p, nil
	}
	p.writing.ready = false
	if !msg.Yes {
		p.writing = writing{}
		return p, say(kit.Plain, "left as it was")
	}
	open, change, state := p.config.Session, p.writing.change, p.writing.state
	p, load, cmd := p.begin("the write", func(ctx context.Context, s stamp) tea.Cmd {
		return applyChange(ctx, open, change, state, s)
	})
	p.writing.load = load
	return p, cmd
}

// written takes in what a write did.
func (p Pane) written(msg written) (Pane, tea.Cmd) {
	w := p.writing
	w.load.end()
	p.writing.load = loading{}
	if conflict, ok := errors.AsType[*edit.Conflict](msg.err); ok {
		return p.contested(conflict)
	}
	p.writing = writing{}
	if msg.err != nil {
		return p.refused(msg.err)
	}
	notice := "written"
	if msg.result.Undo != nil {
		p.undo = msg.result.Undo
		notice = "written   u: undo"
	}
	cmds := []tea.Cmd{say(kit.Good, notice)}
	switch change := w.change.(type) {
	case edit.Rename:
		cmds = append(cmds, kit.Say(kit.KeyGone{Key: w.key}), kit.Say(kit.KeyCreated{Key: change.To, Type: p.value.kind}), kit.Say(kit.OpenKey{Key: change.To, Type: p.value.kind}))
	case edit.Create:
		cmds = append(cmds, kit.Say(kit.KeyCreated{Key: w.key}), kit.Say(kit.OpenKey{Key: w.key}))
	case edit.Copy:
		cmds = append(cmds, kit.Say(kit.KeyCreated{Key: change.To, Type: p.value.kind}))
	case edit.Move:
		cmds = append(cmds, kit.Say(kit.KeyGone{Key: w.key}))
	default:
		cmds = append(cmds, kit.Say(kit.KeyChanged{Key: w.key}))
		if w.purpose == removeElement && p.last() == 1 {
			p = p.pop()
		}
	}
	return p, tea.Batch(cmds...)
}

// contested shows what was read, what others wrote and what would be written, and asks. It never picks.
func (p Pane) contested(c *edit.Conflict) (Pane, tea.Cmd) {
	p.writing.state, p.writing.change = c.Theirs, c.Yours
	preview, err := edit.Plan(c.Yours, c.Theirs)
	if err != nil {
		return p.refused(err)
	}
	p.writing.ready = true
	read := "read    (nothing)"
	if c.Read.Old.Present {
		read = "read    " + partText(c.Read.Old)
	}
	theirs := "theirs  (removed)"
	if c.Theirs.Old.Present {
		theirs = "theirs  " + partText(c.Theirs.Old)
	}
	yours := "yours   (removed)"
	if preview.Diff.New.Present {
		yours = "yours   " + sideText(preview.Diff.New)
	}
	return p, kit.Say(kit.Confirm{
		ID: p.question(askSheet), Title: "Changed meanwhile: " + p.subject(), Level: kit.Bad, Action: "write yours over theirs",
		Lines: []string{read, theirs, yours, "nothing has been written; esc leaves theirs"},
	})
}

func partText(part edit.Part) string {
	const longest = 400
	if part.Sum != "" {
		return kit.Size(part.Size) + ", too long to show"
	}
	return part.Text[:min(len(part.Text), longest)]
}

// refused tells why a write is not done.
func (p Pane) refused(err error) (Pane, tea.Cmd) {
	var gone *edit.Gone
	var turned *edit.TypeChanged
	var server *edit.Refused
	key := p.writing.key
	p.writing = writing{}
	var unsure *edit.Unsure
	switch {
	case errors.As(err, &unsure):
		return p, tea.Batch(say(kit.Bad, err.Error()), kit.Say(kit.KeyChanged{Key: key}))
	case errors.Is(err, context.Canceled):
		return p, say(kit.Plain, "given up; nothing was written")
	case errors.Is(err, edit.ErrUnchanged):
		return p, say(kit.Plain, "nothing was changed")
	case errors.As(err, &gone):
		return p, tea.Batch(say(kit.Warn, err.Error()), kit.Say(kit.KeyGone{Key: key}))
	case errors.As(err, &turned), errors.As(err, &server):
		return p, say(kit.Bad, err.Error())
	case ours(err):
		return p, say(kit.Warn, err.Error())
	}
	return p, kit.Say(kit.Failed{What: "write " + kit.Escape(key), Err: err})
}

// ours reports whether an error is about the change and not about the connection.
func ours(err error) bool {
	var invalid *edit.Invalid
	var absent *edit.Absent
	var exists *edit.Exists
	var large *edit.TooLarge
	return errors.As(err, &invalid) || errors.As(err, &absent) || errors.As(err, &exists) || errors.As(err, &large) ||
		errors.Is(err, edit.ErrBusy) || errors.Is(err, edit.ErrSession)
}

// askUndo asks whether the last write is to be taken back.
func (p Pane) askUndo() (Pane, tea.Cmd) {
	return p, kit.Say(kit.Confirm{
		ID: p.question(askRestore), Title: "Undo the last write to " + p.undo.Key, Action: "undo",
		Lines: []string{"the key comes back as it was before, if nobody has written to it since"},
	})
}

// restore takes the last write back.
func (p Pane) restore(yes bool) (Pane, tea.Cmd) {
	if !yes || p.undo == nil {
		return p, nil
	}
	open, undo := p.config.Session, *p.undo
	p, load, cmd := p.begin("undoing", func(ctx context.Context, s stamp) tea.Cmd { return restoreKey(ctx, open, undo, s) })
	p.writing = writing{key: undo.Key, load: load}
	return p, cmd
}

// restored takes in that a write was taken back.
func (p Pane) restored(msg restored) (Pane, tea.Cmd) {
	p.writing.load.end()
	p.writing.load = loading{}
	if msg.err != nil {
		return p.refused(msg.err)
	}
	key := p.writing.key
	p.writing, p.undo = writing{}, nil
	p, again := p.keyBack(key)
	return p, tea.Batch(again, say(kit.Good, "undone"), kit.Say(kit.KeyChanged{Key: key}))
}

// keyBack reads a key again that had gone and is there again.
func (p Pane) keyBack(key string) (Pane, tea.Cmd) {
	if p.value.key == key && p.value.state == gone {
		return p.again()
	}
	return p, nil
}
