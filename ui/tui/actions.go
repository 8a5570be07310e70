package tui

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"redan/ui/tui/kit"
)

// actionsText lists every action with its keys. It is made from the bindings in the source: go test ./ui/tui -run Actions -update.
//
//go:embed actions.txt
var actionsText string

// Action is something that keys do, and can be given others.
type Action struct {
	ID   string
	Keys []string // those it has unless the user chose others
}

// Actions lists all actions by ID.
func Actions() []Action {
	var actions []Action
	for line := range strings.Lines(actionsText) {
		if words := strings.Fields(line); len(words) > 0 {
			actions = append(actions, Action{ID: words[0], Keys: words[1:]})
		}
	}
	return actions
}

// KeyProblem says why keys that the user chose for an action cannot be used.
type KeyProblem struct {
	Action string
	Text   string
	// Word is what may be misspelt, and Known what could have been meant.
	Word  string
	Known []string
}

// CheckKeys returns the keys that can be used, and why the others cannot: an action or a key that there is not, a key that does two
// things in one place. What cannot be used keeps its default.
func CheckKeys(chosen map[string][]string) (good map[string][]string, problems []KeyProblem) {
	actions := Actions()
	good = maps.Clone(chosen)
	for _, id := range slices.Sorted(maps.Keys(chosen)) {
		if problem, bad := checkAction(actions, id, chosen[id]); bad {
			problems = append(problems, problem)
			delete(good, id)
		}
	}
	for {
		problem, found := clash(actions, good)
		if !found {
			return good, problems
		}
		problems = append(problems, problem)
		delete(good, problem.Action)
	}
}

// checkAction looks at the keys of one action alone.
func checkAction(actions []Action, id string, keys []string) (KeyProblem, bool) {
	if !slices.ContainsFunc(actions, func(a Action) bool { return a.ID == id }) {
		ids := make([]string, len(actions))
		for i, a := range actions {
			ids[i] = a.ID
		}
		return KeyProblem{Action: id, Text: fmt.Sprintf("there is no action %q", id), Word: id, Known: ids}, true
	}
	for _, key := range keys {
		if !kit.KnownKey(key) {
			return KeyProblem{Action: id, Text: fmt.Sprintf("there is no key %q", key), Word: key, Known: kit.KeyNames()}, true
		}
	}
	if len(keys) == 0 && (id == "cancel" || id == "sheet.leave") {
		return KeyProblem{Action: id, Text: id + " needs a key: it is the way out"}, true
	}
	return KeyProblem{}, false
}

// clash returns the first action with a chosen key that also does something else in the same place. Actions that share a key by default
// are never there at the same time, or know of each other.
func clash(actions []Action, chosen map[string][]string) (KeyProblem, bool) {
	for _, a := range actions {
		keys, isChosen := chosen[a.ID]
		if !isChosen {
			continue
		}
		for _, other := range actions {
			if other.ID == a.ID || !together(a.ID, other.ID) || shared(a.Keys, other.Keys) != "" {
				continue
			}
			others, ok := chosen[other.ID]
			if !ok {
				others = other.Keys
			}
			if key := shared(keys, others); key != "" {
				return KeyProblem{Action: a.ID, Text: fmt.Sprintf("%q does %s already, where it would do %s", key, other.ID, a.ID)}, true
			}
		}
	}
	return KeyProblem{}, false
}

// shared returns a key that is in both lists, or "".
func shared(keys, others []string) string {
	for _, key := range keys {
		if slices.Contains(others, key) {
			return key
		}
	}
	return ""
}

// together reports whether two actions can be had with the keyboard in one place.
func together(a, b string) bool {
	if a == "cancel" || b == "cancel" { // it works everywhere
		return true
	}
	here, there := placeOf(a), placeOf(b)
	if here == there {
		return true
	}
	for range 2 {
		switch here {
		case "root":
			if slices.Contains([]string{"keys", "value", "console", "page", "log", "tls"}, there) {
				return true
			}
		case "page":
			if there == "log" || there == "tls" {
				return true
			}
		case "sheet":
			if slices.Contains([]string{"list", "help", "colon", "profiles", "profiles.search", "form", "test"}, there) {
				return true
			}
		}
		here, there = there, here
	}
	return false
}

// placeOf returns where the keys of an action work.
func placeOf(id string) string {
	for _, mode := range []string{"keys.filter", "value.filter", "console.live.filter", "console.live", "console.search", "profiles.search"} {
		if strings.HasPrefix(id, mode+".") {
			return mode
		}
	}
	prefix, _, ok := strings.Cut(id, ".")
	if !ok || slices.Contains([]string{"view", "pane", "split", "drawer", "trail"}, prefix) {
		return "root"
	}
	return prefix
}
