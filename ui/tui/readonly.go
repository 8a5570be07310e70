package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// setReadOnly is ":readonly on" and ":readonly off". What the profile forbids is allowed only to who types its name.
func (m model) setReadOnly(args []string) (model, tea.Cmd) {
	switch strings.ToLower(strings.Join(args, " ")) {
	case "":
		if m.readOnly() {
			return m.say(kit.Plain, m.whyReadOnly())
		}
		return m.say(kit.Plain, "writes are allowed; :readonly on forbids them")
	case "on":
		m.writing = locked
		return m.regarded().say(kit.Good, "nothing is written from now on; :readonly off allows it again")
	case "off":
		return m.askWriting()
	}
	return m.say(kit.Warn, "readonly takes on or off")
}

// askWriting asks before writes are allowed that profile or command line forbid.
func (m model) askWriting() (model, tea.Cmd) {
	switch {
	case !m.readOnly():
		return m.say(kit.Plain, "writes are allowed already")
	case !m.config.ReadOnly && !m.config.Plain.ReadOnly:
		return m.allowWriting()
	}
	q := kit.Confirm{ID: askReadOnly, Title: "Allow writes", Action: "allow writes", Level: kit.Bad, Lines: []string{
		"this connection was opened read-only; that holds again for the next one",
	}}
	if m.config.ReadOnly && m.config.Profile != "" {
		q.Title, q.Word = "Allow writes to "+m.config.Profile, m.config.Profile
		q.Lines[0] = "the profile says read_only; it will say so again for the next connection"
	}
	return m.confirm(q)
}

func (m model) allowWriting() (model, tea.Cmd) {
	m.writing = allowed
	return m.regarded().say(kit.Warn, "writes are allowed; :readonly on forbids them")
}
