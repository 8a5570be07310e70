package viewer

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
	"redan/ui/view"
	"redan/ui/view/decode"
)

// The groups of the help.
const (
	groupMove  = "Move in the value"
	groupValue = "Value"
	groupShow  = "How it is shown"
	groupWrite = "Change it"
)

// Keys are the bindings of the pane as they are now.
func (p Pane) Keys() []kit.Binding {
	if p.Typing() {
		return kit.Remap(filterKeys(), p.config.Keys)
	}
	bindings := p.moveKeys()
	bindings = append(bindings, p.valueKeys()...)
	f := p.top()
	switch {
	case len(p.faces) == 0:
	case f.isTable:
		bindings = append(bindings, p.tableKeys(f)...)
	default:
		bindings = append(bindings, p.documentKeys(f)...)
	}
	bindings = append(bindings, p.writeKeys()...)
	return kit.Remap(bindings, p.config.Keys)
}

func (p Pane) moveKeys() []kit.Binding {
	off := p.noneOff()
	return []kit.Binding{
		{ID: "value.up", Keys: []string{"up", "k"}, Help: "up", Group: groupMove, Off: off},
		{ID: "value.down", Keys: []string{"down", "j"}, Help: "down", Group: groupMove, Off: off},
		{ID: "value.pageup", Keys: []string{"pgup", "ctrl+b"}, Help: "a page up", Group: groupMove, Off: off},
		{ID: "value.pagedown", Keys: []string{"pgdown", "ctrl+f"}, Help: "a page down", Group: groupMove, Off: off},
		{ID: "value.halfup", Keys: []string{"ctrl+u"}, Help: "half a page up", Group: groupMove, Off: off},
		{ID: "value.halfdown", Keys: []string{"ctrl+d"}, Help: "half a page down", Group: groupMove, Off: off},
		{ID: "value.first", Keys: []string{"home", "g"}, Help: "to the beginning", Group: groupMove, Off: off},
		{ID: "value.last", Keys: []string{"end", "G"}, Help: "to the end", Group: groupMove, Off: off},
		{ID: "value.jump", Keys: []string{"J"}, Help: "jump to a place", Group: groupMove, Off: p.jumpOff(), Footer: 45},
	}
}

func (p Pane) valueKeys() []kit.Binding {
	off := p.noneOff()
	none := ""
	if p.value.state == empty {
		none = "no key is open"
	}
	return []kit.Binding{
		{ID: "value.follow", Keys: []string{"f"}, Help: "go to the key named here", Group: groupValue, Off: p.followOff(), Footer: p.followRank()},
		{ID: "value.filter", Keys: []string{"/"}, Help: "filter", Group: groupValue, Off: off, Footer: 40},
		{ID: "value.copy", Keys: []string{"y"}, Help: "copy", Group: groupValue, Off: off, Footer: 60},
		{ID: "value.copyname", Keys: []string{"Y"}, Help: p.copyNameHelp(), Group: groupValue, Off: none},
		{ID: "value.reload", Keys: []string{"ctrl+r"}, Help: "read again", Group: groupValue, Off: none, Footer: 65},
		{ID: "value.back", Keys: p.backKeys(), Help: p.backHelp(), Group: groupValue, Off: p.backOff(), Footer: p.backRank()},
	}
}

func (p Pane) tableKeys(f face) []kit.Binding {
	_, some := f.table.at(f.list.Cursor)
	open := ""
	if !some {
		open = "there is nothing here to open"
	}
	bindings := []kit.Binding{{ID: "value.open", Keys: []string{"enter", "right", "l"}, Help: "open", Group: groupValue, Off: open, Footer: 10}}
	if f.match != nil {
		on := ""
		if !f.table.more {
			on = "all of the value was searched"
		}
		bindings = append(bindings, kit.Binding{ID: "value.searchon", Keys: []string{"n"}, Help: "search on", Group: groupValue, Off: on, Footer: 42})
	}
	if f.table.request.Part == view.Groups {
		bindings = append(bindings, kit.Binding{ID: "value.consumers", Keys: []string{"c"}, Help: "its consumers", Group: groupValue, Off: open, Footer: 30})
	}
	if p.last() > 0 || f.table.request.Part != view.Entries {
		return bindings
	}
	switch f.table.request.Type {
	case view.ZSet:
		bindings = append(bindings,
			kit.Binding{ID: "value.order", Keys: []string{"s"}, Help: "highest or lowest first", Group: groupShow},
			kit.Binding{ID: "value.geo", Keys: []string{"o"}, Help: "coordinates or scores", Group: groupShow})
	case view.Stream:
		bindings = append(bindings,
			kit.Binding{ID: "value.order", Keys: []string{"s"}, Help: "newest or oldest first", Group: groupShow},
			kit.Binding{ID: "value.groups", Keys: []string{"c"}, Help: "consumer groups", Group: groupValue, Footer: 30})
	}
	return bindings
}

func (p Pane) documentKeys(f face) []kit.Binding {
	bindings := []kit.Binding{
		{ID: "value.decode", Keys: []string{"v"}, Help: "show as", Group: groupShow, Footer: 30},
		{ID: "value.decodeback", Keys: []string{"V"}, Help: "show as, back", Group: groupShow},
		{ID: "value.right", Keys: []string{"right", "l"}, Help: "unfold, or scroll right", Group: groupMove},
		{ID: "value.left", Keys: []string{"left", "h"}, Help: "fold, or scroll left", Group: groupMove},
		{ID: "value.wrap", Keys: []string{"w"}, Help: "wrap or cut long lines", Group: groupShow, Off: wrapOff(f.doc)},
	}
	if p.last() == 0 && p.value.kind == view.String {
		word := "count the bits that are set"
		if f.doc.sketch != nil {
			word = "count the elements"
		}
		bindings = append(bindings,
			kit.Binding{ID: "value.bits", Keys: []string{"b"}, Help: "show the bits", Group: groupShow},
			kit.Binding{ID: "value.count", Keys: []string{"c"}, Help: word, Group: groupValue})
	}
	fold := ""
	if !folds(f.doc) {
		fold = "nothing here can be folded"
	}
	return append(bindings,
		kit.Binding{ID: "value.fold", Keys: []string{"space", "enter"}, Help: "fold or unfold", Group: groupShow, Off: fold},
		kit.Binding{ID: "value.unfoldall", Keys: []string{"E"}, Help: "unfold all", Group: groupShow, Off: fold},
		kit.Binding{ID: "value.foldall", Keys: []string{"W"}, Help: "fold all", Group: groupShow, Off: fold})
}

func folds(d document) bool {
	return !d.bits && slices.Contains([]decode.Name{decode.JSON, decode.NDJSON, decode.Msgpack}, d.shows())
}

func wrapOff(d document) string {
	if d.bits || d.shows() == decode.Hex {
		return "these lines are never too long"
	}
	return ""
}

func filterKeys() []kit.Binding {
	const group = "Typing a filter"
	return []kit.Binding{
		{ID: "value.filter.done", Keys: []string{"enter"}, Help: "to what is left", Group: group, Footer: 10},
		{ID: "value.filter.leave", Keys: []string{"esc"}, Help: "all of it", Group: group, Footer: 20},
		{ID: "value.up", Keys: []string{"up"}, Help: "up", Group: group},
		{ID: "value.down", Keys: []string{"down"}, Help: "down", Group: group},
	}
}

func (p Pane) noneOff() string {
	switch {
	case p.value.state == empty:
		return "no key is open"
	case len(p.faces) == 0:
		return "there is no value here"
	}
	return ""
}

func (p Pane) jumpOff() string {
	switch {
	case p.noneOff() != "":
		return p.noneOff()
	case p.last() > 0 || view.SeekHint(p.request()) == "":
		return "there is no place to jump to here"
	}
	return ""
}

// request is what the value on screen was read by.
func (p Pane) request() view.Request {
	if len(p.faces) == 0 {
		return view.Request{Key: p.value.key, Type: p.value.kind}
	}
	if f := p.faces[0]; f.isTable {
		return f.table.request
	}
	r := p.faces[0].doc.request
	r.Key, r.Type = p.value.key, p.value.kind
	return r
}

func (p Pane) backOff() string {
	if _, waiting := p.waiting(); waiting || len(p.faces) > 1 || p.top().filter.text != "" {
		return ""
	}
	return "nothing to go back from in the value"
}

// backKeys are the keys that go back. Where they move nothing, those to the left do too.
func (p Pane) backKeys() []string {
	if p.last() > 0 && p.top().isTable {
		return []string{"esc", "left", "h"}
	}
	return []string{"esc"}
}

func (p Pane) backHelp() string {
	if _, waiting := p.waiting(); waiting {
		return "stop waiting"
	}
	if p.top().filter.text != "" {
		return "all of it"
	}
	return "back"
}

func (p Pane) backRank() int {
	const rank = 20
	if p.backOff() == "" {
		return rank
	}
	return 0
}

func (p Pane) followRank() int {
	const rank = 12
	if p.followOff() == "" {
		return rank
	}
	return 0
}

func (p Pane) copyNameHelp() string {
	if f := p.top(); f.isTable && f.table.request.Type != view.List {
		return "copy the field's or member's name"
	}
	return "copy the key's name"
}

// press obeys a key.
func (p Pane) press(msg tea.KeyPressMsg) (Pane, tea.Cmd) {
	binding, ok := kit.Find(p.Keys(), msg)
	switch {
	case !ok && p.Typing():
		return p.typeFilter(msg)
	case !ok:
		return p, nil
	case binding.Off != "":
		return p, say(kit.Plain, binding.Off)
	}
	if moved, cmd, ok := p.move(binding.ID); ok {
		return moved, cmd
	}
	return p.act(binding.ID)
}

// act obeys the keys that do not move the cursor.
func (p Pane) act(id string) (Pane, tea.Cmd) {
	switch id {
	case "value.open":
		return p.openElement()
	case "value.filter":
		return p.startFilter(), nil
	case "value.filter.done":
		return p.endFilter(), nil
	case "value.filter.leave":
		return p.endFilter().apply("")
	case "value.searchon":
		return p.searchOn()
	case "value.back":
		return p.back()
	case "value.copy":
		return p.copyValue()
	case "value.copyname":
		return p.copyName()
	case "value.follow":
		return p.follow()
	case "value.reload":
		return p.reload()
	case "value.jump":
		return p, kit.Say(kit.Ask{ID: p.question(askPlace), Title: "Jump to", Example: view.SeekHint(p.request())})
	case "value.consumers":
		e, _ := p.top().table.at(p.top().list.Cursor)
		return p.openGroup(p.top().table.request, string(e.Name), view.Consumers)
	case "value.order", "value.geo", "value.groups":
		return p.actTable(id)
	}
	if moved, cmd, ok := p.actDocument(id); ok {
		return moved, cmd
	}
	return p.actWrite(id)
}

// Questions, by their numbers. Those of other panes are smaller.
const (
	askBase  = 5000
	askPlace = iota
	askText
	askSheet
	askRestore
	askName
	askMend
	askCount // how many there are
)

// question is the number of a question of this pane.
func (p Pane) question(n int) int { return askBase + p.config.ID*askCount + n }

// back goes back one step: from waiting, from a filter, from what was opened.
func (p Pane) back() (Pane, tea.Cmd) {
	if _, waiting := p.waiting(); waiting {
		return p.giveUp(), nil
	}
	if p.top().filter.text != "" {
		return p.apply("")
	}
	return p.pop(), nil
}
