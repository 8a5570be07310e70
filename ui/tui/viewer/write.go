package viewer

import (
	"context"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/commands/edit"
	"redan/ui/tui/kit"
	"redan/ui/view"
	"redan/ui/view/decode"
)

// Session is a connection of its own: checked writes need one.
type Session interface {
	edit.Session
	Close() error
}

// longestDraft is how long a value may be to be edited.
const longestDraft = 1 << 20

// longestLine is how long a text may be to be edited in a line; what is longer, or has more than one line, goes to the editor.
const longestLine = 500

// writeOff says why nothing is written here.
func (p Pane) writeOff() string {
	switch {
	case p.config.ReadOnly != "":
		return p.config.ReadOnly
	case p.config.Session == nil:
		return "this connection only reads"
	case p.value.state != here:
		return "there is no value to write to"
	}
	return ""
}

// element is what the keys of writing are about: the element under the cursor, or the one that is open.
func (p Pane) element() (*view.Element, view.Request, bool) {
	f := p.top()
	if f.isTable && !f.table.fixed {
		e, ok := f.table.at(f.list.Cursor)
		return &e, f.table.request, ok
	}
	if p.last() == 1 && f.element != nil {
		return f.element, p.request(), true
	}
	return nil, p.request(), false
}

// writeKeys are the bindings of what writes.
func (p Pane) writeKeys() []kit.Binding {
	off := p.writeOff()
	e, r, some := p.element()
	bindings := []kit.Binding{
		{ID: "value.life", Keys: []string{"t"}, Help: "TTL", Group: groupWrite, Off: off, Footer: 50},
		{ID: "value.rename", Keys: []string{"R"}, Help: "rename the key", Group: groupWrite, Off: off},
		{ID: "value.copykey", Keys: []string{"C"}, Help: "copy to another key", Group: groupWrite, Off: off},
		{ID: "value.move", Keys: []string{"M"}, Help: "move to another database", Group: groupWrite, Off: off},
		{ID: "value.create", Keys: []string{"+"}, Help: "new key", Group: groupWrite, Off: p.createOff()},
		{ID: "value.undo", Keys: []string{"u"}, Help: "undo the last write", Group: groupWrite, Off: p.undoOff()},
	}
	if r.Part == view.Pending {
		return append(bindings,
			kit.Binding{ID: "value.ack", Keys: []string{"a"}, Help: "acknowledge", Group: groupWrite, Off: either(off, elementOff(some)), Footer: 20},
			kit.Binding{ID: "value.claim", Keys: []string{"K"}, Help: "give to another consumer", Group: groupWrite, Off: either(off, elementOff(some)), Footer: 25})
	}
	if r.Part != view.Entries || p.top().table.fixed {
		return bindings
	}
	if w := (writing{request: r, element: e}); some || !collection(r.Type) {
		if _, can := w.draftFor(); can {
			bindings = append(bindings,
				kit.Binding{ID: "value.edit", Keys: []string{"e"}, Help: "edit", Group: groupWrite, Off: off, Footer: 15},
				kit.Binding{ID: "value.editor", Keys: []string{"ctrl+e"}, Help: "edit in $EDITOR", Group: groupWrite, Off: off})
		}
	}
	if collection(r.Type) && r.Type != view.Vector {
		if p.top().isTable {
			bindings = append(bindings, kit.Binding{ID: "value.add", Keys: []string{"a"}, Help: "add", Group: groupWrite, Off: off, Footer: 55})
		}
		bindings = append(bindings, kit.Binding{ID: "value.remove", Keys: []string{"d", "delete"}, Help: "remove", Group: groupWrite, Off: either(off, elementOff(some)), Footer: 52})
	}
	switch r.Type {
	case view.Hash:
		bindings = append(bindings, kit.Binding{ID: "value.fieldlife", Keys: []string{"T"}, Help: "TTL of the field", Group: groupWrite, Off: either(off, elementOff(some))})
		fallthrough
	case view.Set, view.ZSet:
		bindings = append(bindings, kit.Binding{ID: "value.renameelement", Keys: []string{"N"}, Help: "change what it is called", Group: groupWrite, Off: either(off, elementOff(some))})
	}
	return bindings
}

func elementOff(some bool) string {
	if !some {
		return "there is nothing here"
	}
	return ""
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (p Pane) createOff() string {
	if p.config.ReadOnly == "" && p.config.Session == nil {
		return "this connection only reads"
	}
	return p.config.ReadOnly
}

func (p Pane) undoOff() string {
	switch {
	case p.undo == nil:
		return "there is nothing to undo"
	case p.config.ReadOnly != "":
		return p.config.ReadOnly
	}
	return ""
}

// actWrite obeys the keys that write. Nothing is written before the sheet was agreed to.
func (p Pane) actWrite(id string) (Pane, tea.Cmd) {
	e, r, _ := p.element()
	w := writing{key: p.value.key, request: r, element: e, started: true}
	switch id {
	case "value.undo":
		return p.askUndo()
	case "value.create":
		return p.create()
	}
	for other, purpose := range map[string]purpose{
		"value.edit": editValue, "value.editor": editValue, "value.life": setLife, "value.fieldlife": setFieldLife, "value.add": addElement,
		"value.remove": removeElement, "value.renameelement": renameElement, "value.rename": renameKey, "value.copykey": copyKey,
		"value.move": moveKey, "value.ack": ackEntry, "value.claim": claimEntry,
	} {
		if other == id {
			w.purpose = purpose
			return p.write(w, id == "value.editor")
		}
	}
	return p, nil
}

// write begins a write: what is edited is read, what is typed is asked for, what needs neither is planned.
func (p Pane) write(w writing, editor bool) (Pane, tea.Cmd) {
	p.writing.load.end()
	w.chain = p.top().doc.view.Chain
	p.writing = w
	name := ""
	if w.element != nil {
		name = string(w.element.Name)
	}
	question := func(title, text, example string) (Pane, tea.Cmd) {
		return p, kit.Say(kit.Ask{ID: p.question(askText), Title: title, Text: text, Example: example})
	}
	const lives = "2h30m, 3d, 2026-12-24 18:00, or none"
	switch w.purpose {
	case editValue:
		return p.readDraft(editor)
	case setLife:
		left := ""
		if !p.value.expires.IsZero() {
			left = kit.Life(max(0, p.value.expires.Sub(p.now)))
		}
		return question("TTL of "+w.key, "", strings.TrimPrefix("now "+left+": ", "now : ")+lives)
	case setFieldLife:
		return question("TTL of the field "+name, "", lives)
	case addElement:
		return question("Add to "+w.key, "", additionHint(w.request.Type))
	case renameElement:
		return question("Another name for "+name, name, "what holds it goes along")
	case renameKey:
		return question("Rename "+w.key, w.key, "a new name; an existing key is never replaced")
	case copyKey:
		return question("Copy "+w.key, w.key, "the name of the copy; an existing key is never replaced")
	case moveKey:
		return question("Move "+w.key+" to database", "", "a number")
	case claimEntry:
		return question("Give "+name+" to the consumer", "", "its name")
	case removeElement, ackEntry, createKey:
	}
	return p.planText("")
}

// readDraft reads what is to be edited.
func (p Pane) readDraft(editor bool) (Pane, tea.Cmd) {
	change, ok := p.writing.draftFor()
	if !ok {
		return p, say(kit.Warn, "this cannot be edited in place")
	}
	return p.prepare(change, false, editor)
}

// prepare reads what a change depends on.
func (p Pane) prepare(change edit.Change, plan, editor bool) (Pane, tea.Cmd) {
	open, key := p.config.Session, p.writing.key
	p, load, cmd := p.begin("what is to be changed", func(ctx context.Context, s stamp) tea.Cmd {
		return readState(ctx, open, key, change, prepared{stamp: s, plan: plan, editor: editor})
	})
	p.writing.load = load
	return p, cmd
}

// prepared takes in what a change depends on: it is edited, or the sheet is shown.
func (p Pane) prepared(msg prepared) (Pane, tea.Cmd) {
	p.writing.load.end()
	p.writing.load = loading{}
	if msg.err != nil {
		return p.refused(msg.err)
	}
	p.writing.state = msg.state
	if msg.plan {
		return p.sheet(msg.change)
	}
	w := p.writing
	draft, err := draftOf(w.chain, msg.state.Old.Text)
	if msg.state.Old.Sum != "" {
		err = decode.ErrTooLong
	}
	if err != nil {
		return p, say(kit.Warn, err.Error())
	}
	p.writing.draft = draft
	text := string(draft.Text)
	if !msg.editor && draft.Plain && len(text) <= longestLine && !strings.ContainsAny(text, "\n") {
		return p, kit.Say(kit.Ask{ID: p.question(askText), Title: "Edit " + p.subject(), Text: text})
	}
	return p, kit.Say(kit.EditText{ID: p.question(askText), Name: fileName(w.chain), Text: draft.Text})
}

// draftOf is what is edited of a value: through what it is shown as, as text where that cannot be, and as hex where that cannot be.
func draftOf(chain decode.Chain, text string) (decode.Draft, error) {
	set := decode.Standard()
	data := []byte(text)
	if chain == nil {
		chain = set.Detect(decode.Value(data))
	}
	short := len(text) <= longestLine && !strings.Contains(text, "\n")
	if last := len(chain) - 1; last >= 0 && chain[last] == decode.JSON && short { // in a line it is edited as it is
		chain = append(append(decode.Chain{}, chain[:last]...), decode.Text)
	}
	draft, err := set.Edit(data, chain, longestDraft)
	for _, other := range []decode.Name{decode.Text, decode.Hex} {
		if err == nil || errors.Is(err, decode.ErrTooLong) {
			break
		}
		draft, err = set.Edit(data, decode.Chain{other}, longestDraft)
	}
	return draft, err
}

// fileName is a name that tells editors what a text is.
func fileName(chain decode.Chain) string {
	if n := len(chain); n > 0 && chain[n-1] == decode.JSON {
		return "value.json"
	}
	return "value.txt"
}

// subject is what is written to: the key, and the element of it.
func (p Pane) subject() string {
	w := p.writing
	if w.element == nil || w.purpose == renameKey || w.purpose == setLife || w.purpose == copyKey || w.purpose == moveKey || w.purpose == addElement || w.purpose == createKey {
		return w.key
	}
	return w.key + " " + kit.Arrow().Of(p.config.Look) + " " + elementTitle(w.request, *w.element)
}

// typed takes in what was typed, in a line or in the editor.
func (p Pane) typed(text []byte) (Pane, tea.Cmd) {
	if p.writing.purpose != editValue {
		return p.planText(string(text))
	}
	p.writing.text = text
	value, err := p.writing.draft.Apply(text)
	if err != nil {
		return p, say(kit.Warn, err.Error())
	}
	change, err := p.writing.changeFor(string(value), p.now)
	if err != nil {
		return p, say(kit.Warn, err.Error())
	}
	return p.sheet(change)
}

// planText reads what the change depends on that was typed.
func (p Pane) planText(text string) (Pane, tea.Cmd) {
	change, err := p.writing.changeFor(text, p.now)
	if err != nil {
		return p, say(kit.Warn, err.Error())
	}
	return p.prepare(change, true, false)
}

// edited takes in what came back from the editor.
func (p Pane) edited(msg kit.Edited) (Pane, tea.Cmd) {
	switch {
	case msg.ID != p.question(askText) || !p.writing.begun():
		return p, nil
	case msg.Err != nil:
		return p, say(kit.Bad, "the editor: "+msg.Err.Error())
	case !msg.Changed:
		return p, say(kit.Plain, "nothing was changed")
	}
	return p.typed(editorText(p.writing.draft.Text, msg.Text))
}

// editorText is what was edited without the line break that editors put at the end of what had none.
func editorText(before, after []byte) []byte {
	if n := len(after); n > 0 && after[n-1] == '\n' && (len(before) == 0 || before[len(before)-1] != '\n') {
		return after[:n-1]
	}
	return after
}
