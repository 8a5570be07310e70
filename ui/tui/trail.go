package tui

import (
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// trail is the keys visited, as a browser's history.
type trail struct {
	keys []kit.OpenKey
	at   int
}

// trailKept is how many visits are remembered.
const trailKept = 200

// visit remembers a key that was opened. What was ahead is forgotten.
func (t trail) visit(k kit.OpenKey) trail {
	if t.at < len(t.keys) && t.keys[t.at].Key == k.Key {
		return t
	}
	kept := slices.Clone(t.keys[:min(len(t.keys), t.at+1)])
	if len(kept) == trailKept {
		kept = kept[1:]
	}
	return trail{keys: append(kept, k), at: len(kept)}
}

func (t trail) backOff() string {
	if t.at == 0 {
		return "no key was visited before"
	}
	return ""
}

func (t trail) forwardOff() string {
	if t.at+1 >= len(t.keys) {
		return "no key was visited after"
	}
	return ""
}

// recent are the keys visited, the last first, each once.
func (t trail) recent() []kit.OpenKey {
	var list []kit.OpenKey
	for _, k := range slices.Backward(t.keys) {
		if !slices.ContainsFunc(list, func(other kit.OpenKey) bool { return other.Key == k.Key }) {
			list = append(list, k)
		}
	}
	return list
}

// travel opens the key visited before or after.
func (m model) travel(n int) (model, tea.Cmd) {
	at := m.trail.at + n
	if at < 0 || at >= len(m.trail.keys) {
		return m, nil
	}
	m.trail.at = at
	k := m.trail.keys[at]
	k.Back = true
	return m.visit(k)
}

// visit goes to a key: in the tree, if it is loaded, and its value.
func (m model) visit(k kit.OpenKey) (model, tea.Cmd) {
	m.shape.view = keysView
	var look tea.Cmd
	m.panes.keys, look = m.panes.keys.Select(k.Key)
	m, layout := m.relayout()
	m, open := m.openKey(k)
	return m, tea.Batch(look, layout, open)
}

func databaseName(n int) string { return "db " + strconv.Itoa(n) }
