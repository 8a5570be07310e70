package viewer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

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
	sheet := kit.Confirm{
		ID: p.question(askSheet), Title: "Write " + p.subject() + "   " + preview.TTLEffect, Action: "write", Other: p.mend(),
		Lines: p.sheetLines(preview),
	}
	if to, replaces := p.replaces(change); replaces {
		sheet.Title, sheet.Action, sheet.Level = "Replace "+kit.Name(to)+"?   "+preview.TTLEffect, "replace", kit.Bad
		sheet.Lines = append([]string{"a " + p.writing.state.Other.Text + " of that name is there; it goes, and u brings it back"}, sheet.Lines...)
	} else if preview.Undoable {
		sheet.Title, sheet.Action, sheet.Level = "Remove from "+p.subject()+"   "+preview.TTLEffect, "remove", kit.Bad
		if _, whole := change.(edit.Delete); whole {
			sheet.Title, sheet.Action = "Delete "+p.subject()+"   "+preview.TTLEffect, "delete"
		}
	}
	if reason := p.config.Guard.Objection(preview.Commands...); reason != "" && p.config.Guard.Word != "" {
		sheet.Word, sheet.Level = p.config.Guard.Word, kit.Bad
		sheet.Lines = append(sheet.Lines, "It "+reason+".")
	}
	if p.writing.brokeJSON() {
		sheet.Lines = append(sheet.Lines, "! it was JSON and no longer is")
	}
	if p.writing.purpose == editValue && !p.writing.draft.Exact {
		sheet.Lines = append(sheet.Lines, "! it is packed anew: the same content beside what was edited, but perhaps other bytes")
	}
	return p, kit.Say(sheet)
}

// replaces reports whether a change takes the place of another key, and its name.
func (p Pane) replaces(change edit.Change) (key string, ok bool) {
	switch c := change.(type) {
	case edit.Rename:
		return c.To, c.Replace && p.writing.state.Other.Present
	case edit.Copy:
		return c.To, c.Replace && p.writing.state.Other.Present
	}
	return "", false
}

// brokeJSON reports whether what was typed made something else of a JSON document. A number or a word is one only by accident.
func (w writing) brokeJSON() bool {
	before := bytes.TrimSpace(w.draft.Text)
	document := len(before) > 0 && (before[0] == '{' || before[0] == '[')
	return w.purpose == editValue && document && json.Valid(before) && !json.Valid(w.text)
}

// confirmed takes in the answer to a sheet.
func (p Pane) confirmed(msg kit.Confirmed) (Pane, tea.Cmd) {
	switch {
	case msg.ID == p.question(askRestore):
		return p.restore(msg.Yes)
	case msg.ID == p.question(askMend) && p.writing.begun():
		if msg.Yes {
			return p.askAgain()
		}
		p.writing = writing{}
		return p, nil
	case msg.ID != p.question(askSheet) || !p.writing.ready:
		return p, nil
	}
	p.writing.ready = false
	if msg.Other {
		return p.askAgain()
	}
	if !msg.Yes {
		return p.leaveAsItWas()
	}
	if p.config.Guard.ReadOnly != "" { // since the sheet was shown
		p.writing = writing{}
		return p, say(kit.Warn, "nothing was written: "+p.config.Guard.ReadOnly)
	}
	open, change, state := p.config.Session, p.writing.change, p.writing.state
	p, load, cmd := p.begin("writing", func(ctx context.Context, s stamp) tea.Cmd {
		return applyChange(ctx, open, change, state, s)
	})
	p.writing.load = load
	return p, cmd
}

// leaveAsItWas gives a write up. Where others wrote meanwhile, theirs is shown.
func (p Pane) leaveAsItWas() (Pane, tea.Cmd) {
	key, contested := p.writing.key, p.writing.contested
	p.writing = writing{}
	if !contested {
		return p, say(kit.Plain, "left as it was")
	}
	p, again := p.keyChanged(key)
	return p, tea.Batch(again, say(kit.Plain, "left as others wrote it"))
}

// written takes in what a write did.
func (p Pane) written(msg written) (Pane, tea.Cmd) {
	w := p.writing
	w.load.end()
	p.writing.load = loading{}
	if conflict, ok := errors.AsType[*edit.Conflict](msg.err); ok {
		return p.contested(conflict)
	}
	if _, exists := errors.AsType[*edit.Exists](msg.err); exists {
		if replacing, ok := replacing(w.change); ok {
			return p.prepare(replacing, true, false)
		}
	}
	if msg.err != nil {
		return p.refused(msg.err)
	}
	p.writing = writing{}
	if msg.result.Undo != nil {
		p.undo = msg.result.Undo
	}
	cmds := []tea.Cmd{say(kit.Good, p.done(w, msg.result))}
	switch change := w.change.(type) {
	case edit.Rename:
		cmds = append(cmds, kit.Say(kit.KeyGone{Key: w.key}), kit.Say(kit.KeyCreated{Key: change.To, Type: p.value.kind}), kit.Say(kit.OpenKey{Key: change.To, Type: p.value.kind}))
	case edit.Create:
		cmds = append(cmds, kit.Say(kit.KeyCreated{Key: w.key}), kit.Say(kit.OpenKey{Key: w.key}))
	case edit.Copy:
		if !change.OtherDB {
			cmds = append(cmds, kit.Say(kit.KeyCreated{Key: change.To, Type: p.value.kind}))
		}
	case edit.Move, edit.Delete:
		cmds = append(cmds, kit.Say(kit.KeyGone{Key: w.key}))
	default:
		cmds = append(cmds, kit.Say(kit.KeyChanged{Key: w.key}))
		if w.purpose == removeElement && p.last() == 1 {
			p = p.pop()
		}
	}
	return p, tea.Batch(cmds...)
}

// done says what a write did.
func (p Pane) done(w writing, result edit.Result) string {
	notice := "written"
	if trim, ok := w.change.(edit.StreamTrim); ok && len(result.Replies) > 0 {
		notice = some(result.Replies[0].Int, "entry", "entries") + " trimmed"
		if result.Replies[0].Int == 0 && trim.From != "" {
			notice = "nothing is older than " + trim.From
		}
	}
	switch {
	case result.Undo != nil:
		return notice + "   u: undo"
	case result.NoUndo != "":
		return notice + "; it cannot be undone: " + kit.Escape(result.NoUndo)
	}
	return notice
}

// replacing is a change that takes the place of the key that was found in its way, where that is possible.
func replacing(change edit.Change) (edit.Change, bool) {
	switch c := change.(type) {
	case edit.Rename:
		ok := !c.Replace
		c.Replace = true
		return c, ok
	case edit.Copy:
		ok := !c.Replace && !c.OtherDB
		c.Replace = true
		return c, ok
	}
	return nil, false
}

// contested shows what was read, what others wrote and what would be written, and asks. It never picks.
func (p Pane) contested(c *edit.Conflict) (Pane, tea.Cmd) {
	p.writing.state, p.writing.change = c.Theirs, c.Yours
	preview, err := edit.Plan(c.Yours, c.Theirs)
	if err != nil {
		return p.refused(err)
	}
	p.writing.ready, p.writing.contested = true, true
	return p, kit.Say(kit.Confirm{
		ID: p.question(askSheet), Title: "Changed meanwhile: " + p.subject(), Level: kit.Bad, Action: "write yours over theirs", Other: p.mend(),
		Lines: append(p.conflictLines(c, preview), "nothing has been written; esc leaves theirs"),
	})
}

// refused tells why a write is not done.
func (p Pane) refused(err error) (Pane, tea.Cmd) {
	var gone *edit.Gone
	var changed *edit.TypeChanged
	var server *edit.Refused
	w, key := p.writing, p.writing.key
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
	case errors.As(err, &changed):
		if key == p.value.key && p.value.state == here {
			p.value.state, p.value.why = turned, err
		}
		return p, say(kit.Bad, err.Error())
	case w.begun() && w.text != nil: // it must not be typed a second time
		p.writing = w
		p, sheet := p.unwritten("Not written", err)
		if ours(err) || errors.As(err, &server) {
			return p, sheet
		}
		return p, tea.Batch(sheet, kit.Say(kit.Failed{What: "write " + kit.Name(key), Err: err}))
	case errors.As(err, &server):
		return p, say(kit.Bad, err.Error())
	case ours(err):
		return p, say(kit.Warn, err.Error())
	}
	return p, kit.Say(kit.Failed{What: "write " + kit.Name(key), Err: err})
}

// ours reports whether an error is about the change and not about the connection.
func ours(err error) bool {
	var invalid *edit.Invalid
	var absent *edit.Absent
	var exists *edit.Exists
	var large *edit.TooLarge
	return errors.As(err, &invalid) || errors.As(err, &absent) || errors.As(err, &exists) || errors.As(err, &large) ||
		errors.Is(err, edit.ErrBusy) || errors.Is(err, edit.ErrMoving) || errors.Is(err, edit.ErrSession)
}

// askUndo asks whether the last write is to be taken back.
func (p Pane) askUndo() (Pane, tea.Cmd) {
	return p, kit.Say(kit.Confirm{
		ID: p.question(askRestore), Title: "Undo the last write to " + kit.Name(p.undo.Key), Action: "undo",
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
