package keys

import (
	"cmp"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// The groups of the help.
const (
	groupMove = "Move in the keys"
	groupKeys = "Keys"
	groupMany = "Many keys"
)

// Keys are the bindings of the pane as they are now.
func (p Pane) Keys() []kit.Binding {
	if p.filter.typing {
		return kit.Remap(p.filterKeys(), p.config.Keys)
	}
	row, some := p.current()
	none := ""
	if !some {
		none = "there is no key here"
	}
	branch := some && row.Branch
	asking := cmp.Or(none, p.offlineOff())
	scanning := ""
	if p.load.progress.Done {
		scanning = "all keys are read; R reads them again"
	}
	pause := "pause"
	if p.load.paused {
		pause = "go on reading"
	}
	bindings := []kit.Binding{
		{ID: "keys.up", Keys: []string{"up", "k"}, Help: "up", Group: groupMove, Off: none},
		{ID: "keys.down", Keys: []string{"down", "j"}, Help: "down", Group: groupMove, Off: none},
		{ID: "keys.open", Keys: []string{"right", "l"}, Help: "open", Group: groupMove, Off: none, Footer: 10},
		{ID: "keys.close", Keys: []string{"left", "h"}, Help: "close, or up a branch", Group: groupMove, Off: none},
		{ID: "keys.enter", Keys: []string{"enter"}, Help: "open or close; read a value", Group: groupMove, Off: none},
		{ID: "keys.pageup", Keys: []string{"pgup", "ctrl+b"}, Help: "a page up", Group: groupMove, Off: none},
		{ID: "keys.pagedown", Keys: []string{"pgdown", "ctrl+f"}, Help: "a page down", Group: groupMove, Off: none},
		{ID: "keys.halfup", Keys: []string{"ctrl+u"}, Help: "half a page up", Group: groupMove, Off: none},
		{ID: "keys.halfdown", Keys: []string{"ctrl+d"}, Help: "half a page down", Group: groupMove, Off: none},
		{ID: "keys.first", Keys: []string{"home", "g"}, Help: "first", Group: groupMove, Off: none},
		{ID: "keys.last", Keys: []string{"end", "G"}, Help: "last", Group: groupMove, Off: none},
		{ID: "keys.expand", Keys: []string{"E"}, Help: "open all branches", Group: groupMove, Off: p.flatOff()},
		{ID: "keys.collapse", Keys: []string{"W"}, Help: "close all branches", Group: groupMove, Off: p.flatOff()},

		{ID: "keys.filter", Keys: []string{"/"}, Help: "filter", Group: groupKeys, Footer: 40},
		{ID: "keys.glob", Keys: []string{"M", "ctrl+_", "ctrl+/"}, Help: "pattern or type, by the server", Group: groupKeys, Off: p.offlineOff()},
		{ID: "keys.back", Keys: []string{"esc"}, Help: "leave filter, range, marks", Group: groupKeys, Off: p.backOff()},
		{ID: "keys.pause", Keys: []string{"space"}, Help: pause, Group: groupKeys, Off: scanning},
		{ID: "keys.rescan", Keys: []string{"R"}, Help: "read all keys again", Group: groupKeys, Off: p.offlineOff()},
		{ID: "keys.flat", Keys: []string{"F"}, Help: "list or tree", Group: groupKeys, Off: none},
		{ID: "keys.sort", Keys: []string{"s"}, Help: "sort by name, type, TTL, size, idle", Group: groupKeys, Off: asking},
		{ID: "keys.reverse", Keys: []string{"S"}, Help: "sort the other way round", Group: groupKeys, Off: p.order.reverseOff()},
		{ID: "keys.memory", Keys: []string{"i"}, Help: "memory of a branch", Group: groupKeys, Off: asking},
		{ID: "keys.copy", Keys: []string{"y"}, Help: "copy name", Group: groupKeys, Off: none, Footer: 60},

		{ID: "keys.mark", Keys: []string{"m"}, Help: "mark", Group: groupMany, Off: none, Footer: 70},
		{ID: "keys.range", Keys: []string{"v"}, Help: "mark a range", Group: groupMany, Off: none},
		{ID: "keys.markall", Keys: []string{"*"}, Help: "mark all that are shown", Group: groupMany, Off: none},
		{ID: "keys.invert", Keys: []string{"I"}, Help: "marks the other way round", Group: groupMany, Off: none},
		{ID: "keys.unmark", Keys: []string{"U"}, Help: "take all marks away", Group: groupMany, Off: p.unmarkOff()},
		{ID: "keys.delete", Keys: []string{"d", "delete"}, Help: "delete", Group: groupMany, Off: p.deleteOff(some), Footer: 50},
		{ID: "keys.stop", Keys: []string{"X"}, Help: "stop deleting, sorting, measuring", Group: groupMany, Off: p.stopOff()},
	}
	if branch {
		bindings[2].Help = "open branch"
	}
	return kit.Remap(bindings, p.config.Keys)
}

// offlineOff is for what must ask the server.
func (p Pane) offlineOff() string {
	if p.load.offline {
		return "the connection is lost; what was read stays"
	}
	return ""
}

func (p Pane) flatOff() string {
	if p.tree.Flat() {
		return "this is a list; F makes it a tree"
	}
	return ""
}

func (p Pane) backOff() string {
	if p.filter.text == "" && p.marking.from == 0 && p.tree.MarkedCount() == 0 {
		return "no filter and no marks to leave"
	}
	return ""
}

func (p Pane) unmarkOff() string {
	if p.tree.MarkedCount() == 0 {
		return "no key is marked"
	}
	return ""
}

// press obeys a key.
func (p Pane) press(msg tea.KeyPressMsg) (Pane, tea.Cmd) {
	binding, ok := kit.Find(p.Keys(), msg)
	switch {
	case !ok && p.filter.typing:
		return p.typeFilter(msg)
	case !ok:
		return p, nil
	case binding.Off != "":
		return p, say(kit.Plain, binding.Off)
	}
	if moved, ok := p.move(binding.ID); ok {
		return moved.arrive()
	}
	return p.act(binding.ID)
}

// move obeys the keys that move the cursor.
func (p Pane) move(id string) (Pane, bool) {
	count, height := p.tree.RowCount(), p.rows()
	switch id {
	case "keys.up":
		p.list = p.list.Move(-1, count, height)
	case "keys.down":
		p.list = p.list.Move(1, count, height)
	case "keys.pageup":
		p.list = p.list.Move(-height, count, height)
	case "keys.pagedown":
		p.list = p.list.Move(height, count, height)
	case "keys.halfup":
		p.list = p.list.Move(-height/2, count, height)
	case "keys.halfdown":
		p.list = p.list.Move(height/2, count, height)
	case "keys.first":
		p.list = p.list.To(0, count, height)
	case "keys.last":
		p.list = p.list.To(count-1, count, height)
	default:
		return p, false
	}
	return p, true
}

// act obeys the keys that do something else.
func (p Pane) act(id string) (Pane, tea.Cmd) {
	switch id {
	case "keys.open":
		return p.open()
	case "keys.close":
		return p.close()
	case "keys.enter":
		return p.enter()
	case "keys.expand":
		return p.anchored(p.tree.OpenAll).look()
	case "keys.collapse":
		return p.collapse()
	case "keys.pause":
		return p.pause()
	case "keys.rescan":
		return p.rescan()
	case "keys.flat":
		return p.flat()
	case "keys.memory":
		return p.weigh()
	case "keys.copy":
		return p.copyName()
	}
	if changed, cmd, ok := p.actMany(id); ok {
		return changed, cmd
	}
	return p.actFilter(id)
}
