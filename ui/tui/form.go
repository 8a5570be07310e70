package tui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/profiles"
	"redan/ui/tui/kit"
)

// form is a profile that is being written: a line for each of its keys.
type form struct {
	from   string // the profile that is edited; empty for a new one
	fields []field
	at     int
	top    int
	wrong  string // why it was not saved
	saving bool
}

// openForm shows the form of a profile, or of a new one; what was typed there before and not saved is there again.
func (m model) openForm(p Profile) model {
	for _, f := range m.forms {
		if f.from == p.Name {
			f.wrong, f.saving = "", false
			return m.push(f)
		}
	}
	f := form{from: p.Name, fields: formFields(p)}
	if p.Fault != nil {
		f.wrong = faultText(p)
	}
	return m.push(f)
}

func (f form) bindings(model) []kit.Binding {
	const group = "Editing a profile"
	off := ""
	if at := f.faulty(); at >= 0 {
		off = f.fields[at].label + " " + f.fields[at].wrong
	} else if f.saving {
		off = "it is being written"
	} else if len(f.changes()) == 0 && f.name() == f.from {
		off = "nothing was changed"
	}
	bindings := []kit.Binding{
		{ID: "form.save", Keys: []string{"enter", "ctrl+s"}, Help: "save", Group: group, Footer: 10, Off: off},
		{ID: "form.down", Keys: []string{"tab", "down"}, Help: "next", Group: group, Footer: 20},
		{ID: "form.up", Keys: []string{"shift+tab", "up"}, Help: "before", Group: group},
		{ID: "form.pagedown", Keys: []string{"pgdown"}, Help: "a page down", Group: group},
		{ID: "form.pageup", Keys: []string{"pgup"}, Help: "a page up", Group: group},
		{ID: "form.undo", Keys: []string{"ctrl+r"}, Help: "as the file has it", Group: group, Footer: 40, Off: f.undoOff()},
		leaveBinding(group, "leave"),
	}
	if len(f.fields[f.at].choices) > 0 {
		bindings = append(bindings, kit.Binding{ID: "form.choose", Keys: []string{"space", "right"}, Help: "another", Group: group, Footer: 15})
	}
	return bindings
}

func (f form) undoOff() string {
	if one := f.fields[f.at]; one.line.Text() == one.was {
		return "this is what the file has"
	}
	return ""
}

func (f form) press(m model, msg tea.KeyPressMsg) (model, tea.Cmd) {
	b, ok := kit.Find(m.bound(f), msg)
	one := f.fields[f.at]
	switch {
	case !ok:
		line, changed := one.line.Update(msg)
		if !changed {
			return m, nil
		}
		return m.swap(f.typed(line)), nil
	case b.Off != "":
		if at := f.faulty(); b.ID == "form.save" && at >= 0 {
			m = m.swap(f.to(m, at))
		}
		return m.say(kit.Warn, b.Off)
	}
	switch b.ID {
	case "form.down":
		return m.swap(f.to(m, f.at+1)), nil
	case "form.up":
		return m.swap(f.to(m, f.at-1)), nil
	case "form.pagedown":
		return m.swap(f.to(m, min(len(f.fields)-1, f.at+formPage))), nil
	case "form.pageup":
		return m.swap(f.to(m, max(0, f.at-formPage))), nil
	case "form.choose":
		next := (slices.Index(one.choices, one.line.Text()) + 1) % len(one.choices)
		return m.swap(f.typed(kit.NewLine(one.choices[next]))), nil
	case "form.undo":
		return m.swap(f.typed(kit.NewLine(one.was))), nil
	case "form.save":
		return f.save(m)
	case "sheet.leave":
		return f.leave(m.pop())
	}
	return m, nil
}

// formPage is how far a page key goes.
const formPage = 8

// typed changes the field under the cursor, and says at once what is wrong with it.
func (f form) typed(line kit.Line) form {
	f.fields = slices.Clone(f.fields)
	one := &f.fields[f.at]
	one.line = line
	one.wrong = one.check()
	f.wrong = ""
	return f
}

// to moves the cursor to a field, round at the ends.
func (f form) to(m model, at int) form {
	f.at = (at + len(f.fields)) % len(f.fields)
	f.top = f.fit(f.height(m.picture().body.H))
	return f
}

// faulty is the first field with something wrong; -1 when there is none.
func (f form) faulty() int {
	return slices.IndexFunc(f.fields, func(one field) bool { return one.wrong != "" })
}

func (f form) name() string { return strings.TrimSpace(f.fields[0].line.Text()) }

// changes are what the file is to be told: of what was not touched, nothing.
func (f form) changes() []profiles.Change {
	var changes []profiles.Change
	for _, one := range f.fields[1:] {
		if text := strings.TrimSpace(one.line.Text()); text != one.was {
			changes = append(changes, profiles.Change{Path: one.path(), Value: one.value(text)})
		}
	}
	return changes
}

// save writes what was changed.
func (f form) save(m model) (model, tea.Cmd) {
	f.saving = true
	from, name, changes, store := f.from, f.name(), f.changes(), m.config.Profiles
	done := name + " is saved"
	if n := len(changes); from != "" && n == 1 {
		done += ": " + changes[0].Path[len(changes[0].Path)-1] + " was changed, and nothing else"
	}
	return m.swap(f), changeProfiles(m.ctx, profileChanged{form: true, name: name, done: done}, func(ctx context.Context) error {
		return store.Save(ctx, from, name, changes)
	})
}

// formRefused says in the form why it was not saved.
func (m model) formRefused(err error) model {
	for i, o := range m.over {
		if f, ok := o.(form); ok {
			f.saving, f.wrong = false, oneLine(err.Error())
			m.over = append([]overlay(nil), m.over...)
			m.over[i] = f
		}
	}
	return m
}

// formSaved takes the form away, and what was left in others of its profile.
func (m model) formSaved() model {
	for i, o := range m.over {
		if f, ok := o.(form); ok {
			m.forms = slices.DeleteFunc(slices.Clone(m.forms), func(other form) bool { return other.from == f.from })
			m.over = slices.Delete(slices.Clone(m.over), i, i+1)
			return m
		}
	}
	return m
}

func (f form) paste(m model, text string) (model, tea.Cmd) {
	return m.swap(f.typed(f.fields[f.at].line.Insert(strings.TrimSpace(text)))), nil
}

// leave keeps what was typed for the next time. Only a secret that stands there in clear is forgotten.
func (f form) leave(m model) (model, tea.Cmd) {
	m.forms = slices.DeleteFunc(slices.Clone(m.forms), func(other form) bool { return other.from == f.from })
	if len(f.changes()) == 0 && f.name() == f.from {
		return m, nil
	}
	f.fields = slices.Clone(f.fields)
	for i, one := range f.fields {
		if one.inClear() {
			f.fields[i].line, f.fields[i].wrong = kit.NewLine(one.was), ""
		}
	}
	m.forms = append(m.forms, f)
	return m.say(kit.Plain, "nothing was written; what was typed is there when the form is opened again")
}
