package keytree

import (
	"iter"
	"slices"
	"strings"
)

// Renew begins to load the keys of some masters once more, those of all masters when none is named. Every row, mark and open branch
// stays; keys that [Tree.Add] does not bring again are taken out by [Tree.Sweep]. Ten million keys take some 20 ms.
func (t *Tree) Renew(nodes ...int) {
	for _, records := range t.keys.records {
		for i := range records {
			if len(nodes) == 0 || slices.Contains(nodes, int(records[i].node)) {
				records[i].state |= unseen
			}
		}
	}
	t.sweepAt = 0
}

// Sweep takes out keys that were not brought again since [Tree.Renew], looking at about n. It reports how many went, and whether all
// were looked at.
func (t *Tree) Sweep(n int) (removed int, done bool) {
	for ; n > 0 && t.sweepAt < t.keys.made; n-- {
		id := small(t.sweepAt)
		t.sweepAt++
		if t.keys.is(id, unseen) && !t.keys.is(id, gone) && t.Remove(t.keys.key(id)) {
			removed++
		}
	}
	return removed, t.sweepAt >= t.keys.made
}

// Keys returns up to n of the keys that pass the filter, by their number, from one on: see [ID.Number]. next is where to go on, and the
// end is reached when there are no more.
func (t *Tree) Keys(from, n int) (keys []string, numbers []int, next int) {
	for next = max(from, 0); next < t.keys.made && len(keys) < n; next++ {
		if id := small(next); !t.keys.is(id, gone|hidden) {
			keys, numbers = append(keys, t.keys.key(id)), append(numbers, next)
		}
	}
	return keys, numbers, next
}

// Numbers is how many numbers were given to keys so far.
func (t *Tree) Numbers() int { return t.keys.made }

// Shown is how many keys pass the filter.
func (t *Tree) Shown() int { return t.keys.live - t.keys.hidden }

// ResetUnmarked is [Tree.Reset] but for the keys that are marked, which stay, and stay marked.
func (t *Tree) ResetUnmarked() {
	type kept struct {
		key  string
		node int
	}
	var marks []kept
	for key, node := range t.Marked() {
		marks = append(marks, kept{key, node})
	}
	t.Reset()
	ids := make([]uint32, len(marks))
	for i, k := range marks {
		t.Add([]string{k.key}, k.node)
		ids[i] = small(i)
	}
	t.setMarks(ids, true)
}

// Under yields the keys that begin with prefix, which ends with the delimiter, as far as they pass the filter, each with its master, in
// the order of the tree. The tree must not be changed meanwhile.
func (t *Tree) Under(prefix string) iter.Seq2[string, int] {
	nothing := func(func(string, int) bool) {}
	a := t.names.walk(prefix, 0, nowhere)
	switch {
	case a.branch != root && int(t.names.at(a.branch).end) == len(prefix):
		return t.yield(t.names, a.branch, 0, hidden)
	case !a.met || !strings.HasPrefix(t.names.text(a.entry), prefix):
		return nothing
	case a.entry.isBranch():
		return t.yield(t.names, a.entry.branch(), 0, hidden)
	case t.keys.is(a.entry.ref, hidden):
		return nothing
	}
	return func(yield func(string, int) bool) { yield(t.keys.key(a.entry.ref), int(t.keys.at(a.entry.ref).node)) }
}
