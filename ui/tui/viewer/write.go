package viewer

import (
	"context"
	"encoding/json"
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
	case p.config.Guard.ReadOnly != "":
		return p.config.Guard.ReadOnly
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
		{ID: "value.deletekey", Keys: []string{"X"}, Help: "delete the key", Group: groupWrite, Off: off},
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
	bindings = append(bindings, p.editKeys(e, r, some, off)...)
	if collection(r.Type) {
		return append(bindings, p.elementKeys(r, some, off)...)
	}
	return append(bindings, p.wholeKeys(r, off)...)
}

// editKeys are the bindings for what can be edited: a value, or an element of one.
func (p Pane) editKeys(e *view.Element, r view.Request, some bool, off string) []kit.Binding {
	if _, can := (writing{request: r, element: e}).draftFor(); !can || !some && collection(r.Type) {
		return nil
	}
	off = either(off, p.sketchOff())
	return []kit.Binding{
		{ID: "value.edit", Keys: []string{"e"}, Help: "edit", Group: groupWrite, Off: off, Footer: 15},
		{ID: "value.editor", Keys: []string{"ctrl+e"}, Help: "edit in $EDITOR", Group: groupWrite, Off: off},
	}
}

// elementKeys are the bindings for the elements of a value.
func (p Pane) elementKeys(r view.Request, some bool, off string) []kit.Binding {
	if r.Type == view.Vector {
		return nil
	}
	here := either(off, elementOff(some))
	var bindings []kit.Binding
	if p.top().isTable {
		bindings = append(bindings, kit.Binding{ID: "value.add", Keys: []string{"a"}, Help: "add", Group: groupWrite, Off: off, Footer: 55})
	}
	bindings = append(bindings, kit.Binding{ID: "value.remove", Keys: []string{"d", "delete"}, Help: "remove", Group: groupWrite, Off: here, Footer: 52})
	rename := kit.Binding{ID: "value.renameelement", Keys: []string{"N"}, Help: "change what it is called", Group: groupWrite, Off: here}
	switch r.Type {
	case view.Hash:
		return append(bindings, rename, kit.Binding{ID: "value.fieldlife", Keys: []string{"T"}, Help: "TTL of the field", Group: groupWrite, Off: here})
	case view.Set, view.ZSet:
		return append(bindings, rename)
	case view.List:
		return append(bindings,
			kit.Binding{ID: "value.insertbefore", Keys: []string{"i"}, Help: "insert before", Group: groupWrite, Off: here},
			kit.Binding{ID: "value.insertafter", Keys: []string{"I"}, Help: "insert after", Group: groupWrite, Off: here})
	case view.Stream:
		return append(bindings, kit.Binding{ID: "value.trim", Keys: []string{"T"}, Help: "trim the stream", Group: groupWrite, Off: off})
	}
	return bindings
}

// wholeKeys are the bindings for values that have no elements.
func (p Pane) wholeKeys(r view.Request, off string) []kit.Binding {
	switch r.Type {
	case view.String:
		if p.sketchOff() != "" {
			return []kit.Binding{{ID: "value.countin", Keys: []string{"a"}, Help: "count an element in", Group: groupWrite, Off: off, Footer: 55}}
		}
		return []kit.Binding{
			{ID: "value.append", Keys: []string{"a"}, Help: "append", Group: groupWrite, Off: off, Footer: 55},
			{ID: "value.patch", Keys: []string{"x"}, Help: "overwrite bytes", Group: groupWrite, Off: either(off, patchOff(p.top().doc))},
		}
	case view.JSON:
		return []kit.Binding{{ID: "value.deletepath", Keys: []string{"d", "delete"}, Help: "remove this member", Group: groupWrite, Off: off, Footer: 52}}
	}
	return nil
}

// sketchOff says why the bytes of a HyperLogLog are not edited.
func (p Pane) sketchOff() string {
	if len(p.faces) > 0 && p.faces[0].doc.sketch != nil {
		return "a HyperLogLog is not edited by its bytes: a counts an element in"
	}
	return ""
}

// patchOff says why no bytes can be overwritten.
func patchOff(d document) string {
	if d.bits || len(d.view.Chain) != 1 || d.shows() != decode.Hex {
		return "bytes are overwritten where they are shown as hex (v)"
	}
	return ""
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
	if p.config.Guard.ReadOnly == "" && p.config.Session == nil {
		return "this connection only reads"
	}
	return p.config.Guard.ReadOnly
}

func (p Pane) undoOff() string {
	switch {
	case p.undo == nil:
		return "there is nothing to undo"
	case p.config.Guard.ReadOnly != "":
		return p.config.Guard.ReadOnly
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
		"value.move": moveKey, "value.ack": ackEntry, "value.claim": claimEntry, "value.deletekey": deleteKey, "value.append": appendText, "value.countin": countElement,
		"value.patch": patchBytes, "value.deletepath": deletePath, "value.insertbefore": insertBefore, "value.insertafter": insertAfter,
		"value.trim": trimStream,
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
	top := p.top()
	w.chain = top.doc.view.Chain
	if w.request.Type == view.JSON {
		w.path = top.doc.request.Place.ID
	}
	if w.purpose == patchBytes {
		w.at = top.doc.view.Offset + int64(max(0, top.doc.lineAt(top.list.Cursor)))*int64(decode.PerLine(p.inner()))
	}
	p.writing = w
	if w.purpose == editValue {
		return p.readDraft(editor)
	}
	ask, asked := p.asks()
	if !asked {
		return p.planText("")
	}
	ask.Text = p.firstText()
	return p, kit.Say(ask)
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
	p, load, cmd := p.begin("reading what is to be changed", func(ctx context.Context, s stamp) tea.Cmd {
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
	return p.draft(msg.editor)
}

// draft lets what was read be edited: in a line where it fits one, else in the editor.
func (p Pane) draft(editor bool) (Pane, tea.Cmd) {
	w := p.writing
	draft, chain, err := draftOf(w.chain, w.state.Old.Text, editor)
	switch {
	case w.state.Old.Sum != "":
		err = decode.ErrTooLong
	case w.request.Type == view.JSON && !json.Valid([]byte(w.state.Old.Text)):
		err = invalid("the path " + w.path + " leads to more than one place, which cannot be edited as one")
	}
	if err != nil {
		p.writing = writing{}
		return p, say(kit.Warn, err.Error())
	}
	text := string(draft.Text)
	p.writing.draft, p.writing.chain, p.writing.given = draft, chain, draft.Text
	p.writing.editor = editor || !draft.Plain || len(text) > longestLine || strings.ContainsAny(text, "\n")
	return p, p.askEdit()
}

// askEdit asks for what is there to be edited.
func (p Pane) askEdit() tea.Cmd {
	w := p.writing
	if w.editor {
		return kit.Say(kit.EditText{ID: p.question(askText), Name: fileName(w.chain), Text: w.given})
	}
	return kit.Say(kit.Ask{ID: p.question(askText), Title: "Edit " + p.subject(), Text: string(w.given), Example: remade(w.draft)})
}

// remade says that what wraps a value is made anew.
func remade(d decode.Draft) string {
	if d.Exact {
		return ""
	}
	return "it is packed anew when it is written: the same content, but perhaps other bytes"
}

// draftOf is what is edited of a value: through what it is shown as, as text where that cannot be, and as hex where that cannot be.
// In a line JSON is edited as it is; the editor gets it laid out, and what is not edited keeps its bytes all the same.
func draftOf(chain decode.Chain, text string, editor bool) (decode.Draft, decode.Chain, error) {
	set := decode.Standard()
	data := []byte(text)
	if chain == nil {
		chain = set.Detect(decode.Value(data))
	}
	short := len(text) <= longestLine && !strings.Contains(text, "\n")
	if last := len(chain) - 1; last >= 0 && chain[last] == decode.JSON && short && !editor {
		chain = append(append(decode.Chain{}, chain[:last]...), decode.Text)
	}
	draft, err := set.Edit(data, chain, longestDraft)
	for _, other := range []decode.Name{decode.Text, decode.Hex} {
		if err == nil || errors.Is(err, decode.ErrTooLong) {
			break
		}
		chain = decode.Chain{other}
		draft, err = set.Edit(data, chain, longestDraft)
	}
	return draft, chain, err
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
	switch w.purpose { //nolint:exhaustive // the others are about an element
	case renameKey, setLife, copyKey, moveKey, addElement, createKey, deleteKey, appendText, countElement, patchBytes, deletePath, trimStream:
		return kit.Name(w.key)
	}
	if w.element == nil {
		return kit.Name(w.key)
	}
	return kit.Name(w.key) + " " + kit.Arrow().Of(p.config.Look) + " " + elementTitle(w.request, *w.element)
}

// typed takes in what was typed, in a line or in the editor.
func (p Pane) typed(text []byte) (Pane, tea.Cmd) {
	p.writing.text = text
	if p.writing.purpose != editValue {
		return p.planText(string(text))
	}
	value, err := p.writing.draft.Apply(text)
	if err != nil {
		return p.mistyped(err)
	}
	change, err := p.writing.changeFor(string(value), p.now)
	if err != nil {
		return p.mistyped(err)
	}
	return p.sheet(change)
}

// planText reads what the change depends on that was typed.
func (p Pane) planText(text string) (Pane, tea.Cmd) {
	if p.writing.purpose == copyKey && p.writing.to == "" {
		p.writing.to = text
		ask, _ := p.asks()
		return p, kit.Say(ask)
	}
	change, err := p.writing.changeFor(text, p.now)
	if err != nil {
		return p.mistyped(err)
	}
	return p.prepare(change, true, false)
}

// edited takes in what came back from the editor.
func (p Pane) edited(msg kit.Edited) (Pane, tea.Cmd) {
	switch {
	case msg.ID != p.question(askText) || !p.writing.begun():
		return p, nil
	case msg.Err != nil:
		p.writing = writing{}
		return p, say(kit.Bad, "nothing was written: the editor: "+msg.Err.Error())
	}
	return p.typed(editorText(p.writing.given, msg.Text))
}

// editorText is what was edited without the line break that editors put at the end of what had none.
func editorText(before, after []byte) []byte {
	if n := len(after); n > 0 && after[n-1] == '\n' && (len(before) == 0 || before[len(before)-1] != '\n') {
		return after[:n-1]
	}
	return after
}
