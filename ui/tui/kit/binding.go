package kit

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// Binding is a thing to do and the keys that do it. Footer, help, palette and docs are made from bindings, never typed by hand.
type Binding struct {
	ID    string   // stable, for the preferences file: "keys.filter"
	Keys  []string // as tea.KeyPressMsg.String says: "enter", "ctrl+p", "?"
	Help  string   // one or two words: "filter"
	Group string   // heading in the help: "Keys", "Move"
	// Off says why it does nothing here and now; empty means that it works.
	Off string
	// Footer is its rank in the footer, lowest first; 0 leaves it to the help.
	Footer int
}

// Matches reports whether msg is one of the binding's keys. A binding that is off matches too: the pane then says why.
func (b Binding) Matches(msg tea.KeyPressMsg) bool { return slices.Contains(b.Keys, msg.String()) }

// Find returns the binding that msg is a key of.
func Find(bindings []Binding, msg tea.KeyPressMsg) (Binding, bool) {
	for _, b := range bindings {
		if b.Matches(msg) {
			return b, true
		}
	}
	return Binding{}, false
}

// Remap returns bindings with the keys that the user chose, by ID.
func Remap(bindings []Binding, chosen map[string][]string) []Binding {
	remapped := slices.Clone(bindings)
	for i, b := range remapped {
		if keys, ok := chosen[b.ID]; ok {
			remapped[i].Keys = keys
		}
	}
	return remapped
}
