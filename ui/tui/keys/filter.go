package keys

import (
	"errors"
	"regexp/syntax"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/ui/tui/kit"
)

// filtering is what is shown of the keys that are loaded.
type filtering struct {
	typing bool
	line   kit.Line
	text   string // what is in force
	wrong  string // why the text that was typed is not
	match  func(string) bool
}

// filterKeys are the bindings while a filter is being typed.
func (p Pane) filterKeys() []kit.Binding {
	const group = "Typing a filter"
	return []kit.Binding{
		{ID: "keys.filter.done", Keys: []string{"enter"}, Help: "to the keys", Group: group, Footer: 10},
		{ID: "keys.filter.leave", Keys: []string{"esc"}, Help: "all keys", Group: group, Footer: 20},
		{ID: "keys.up", Keys: []string{"up"}, Help: "up", Group: group},
		{ID: "keys.down", Keys: []string{"down"}, Help: "down", Group: group},
	}
}

// actFilter obeys the keys about filters and order.
func (p Pane) actFilter(id string) (Pane, tea.Cmd) {
	switch id {
	case "keys.filter":
		p.filter.typing, p.filter.line = true, kit.NewLine(p.filter.text)
	case "keys.filter.done":
		if p.filter.wrong != "" {
			return p, say(kit.Warn, p.filter.wrong)
		}
		p.filter.typing = false
	case "keys.filter.leave":
		p.filter.typing = false
		return p.apply("")
	case "keys.back":
		return p.back()
	case "keys.glob":
		return p, kit.Say(kit.Ask{
			ID: askGlob, Title: "Keys that the server looks for", Text: p.serverFilter(),
			Example: "a glob such as user:*:name, and type:hash or both; empty for all",
		})
	case "keys.sort":
		return p.sortNext()
	case "keys.reverse":
		return p.sortReverse()
	}
	return p, nil
}

// typeFilter edits the filter, which is in force at once.
func (p Pane) typeFilter(msg tea.KeyPressMsg) (Pane, tea.Cmd) {
	line, _ := p.filter.line.Update(msg)
	return p.edited(line)
}

func (p Pane) paste(text string) (Pane, tea.Cmd) {
	if !p.filter.typing {
		return p, nil
	}
	return p.edited(p.filter.line.Insert(text))
}

func (p Pane) edited(line kit.Line) (Pane, tea.Cmd) {
	changed := line.Text() != p.filter.line.Text()
	p.filter.line = line
	if !changed {
		return p, nil
	}
	return p.apply(line.Text())
}

// apply puts a filter in force. While it cannot be understood, the last one stays.
func (p Pane) apply(text string) (Pane, tea.Cmd) {
	match, err := kit.Filter(text)
	p.filter.wrong = ""
	if err != nil {
		p.filter.wrong = wrongText(err)
		return p, nil
	}
	p.filter.text, p.filter.match = strings.TrimSpace(text), match
	p = p.anchored(func() { p.tree.SetFilter(match) })
	if p.filter.text != "" {
		p = p.openOnly()
	}
	p, cmd := p.step()
	p.list = p.list.Fit(p.tree.RowCount(), p.rows())
	p, look := p.look()
	return p, tea.Batch(cmd, look)
}

// openOnly opens the branches that hold all that a filter leaves, as long as each is the only row of its branch.
func (p Pane) openOnly() Pane {
	for {
		count := p.tree.RowCount()
		rows := p.tree.Rows(count-1, 1)
		if count == 0 || len(rows) == 0 || !rows[0].Branch || rows[0].Open || rows[0].Depth != count-1 {
			return p
		}
		if !p.tree.Open(rows[0].ID) || p.tree.RowCount() == count {
			return p
		}
	}
}

// wrongText says why a filter is none.
func wrongText(err error) string {
	if wrong, ok := errors.AsType[*syntax.Error](err); ok {
		return "no regular expression: " + wrong.Code.String()
	}
	return "no regular expression"
}

// back leaves the innermost of what is on: a range, marks, a filter.
func (p Pane) back() (Pane, tea.Cmd) {
	switch {
	case p.marking.from != 0:
		p.marking = marking{}
		return p, say(kit.Plain, "no range is being marked any more")
	case p.filter.text != "":
		return p.apply("")
	}
	n := p.tree.UnmarkAll()
	return p, say(kit.Plain, keysText(n)+" no longer marked")
}

// serverFilter is the server's filter as it is typed.
func (p Pane) serverFilter() string {
	text := p.load.glob
	if p.load.kind != "" {
		text = strings.TrimSpace(text + " type:" + p.load.kind)
	}
	return text
}

// answered takes in the server's filter: the keys are read again.
func (p Pane) answered(msg kit.Answered) (Pane, tea.Cmd) {
	if msg.ID != askGlob || !msg.OK {
		return p, nil
	}
	glob, kind := "", ""
	for word := range strings.FieldsSeq(msg.Text) {
		if name, ok := strings.CutPrefix(word, "type:"); ok {
			kind = keyspace.TypeWord(name)
		} else {
			glob = strings.TrimSpace(glob + " " + word)
		}
	}
	p.load.glob, p.load.kind = glob, kind
	p, cmd := p.reload()
	if kind != "" && !slices.Contains(keyspace.TypeWords(), kind) {
		cmd = tea.Batch(cmd, say(kit.Plain, kit.Escape(kind)+" is taken as the name of a module's type"))
	}
	return p, cmd
}
