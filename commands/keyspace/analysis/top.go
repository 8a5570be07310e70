package analysis

import (
	"cmp"
	"slices"
	"strings"

	"redan/commands/keyspace/sweep"
)

// Entry is a key that stands out, and the figure by which it does.
type Entry struct {
	Name, Type string
	Size       int64
	// Node is the number of the node that it is on.
	Node int

	order int64 // how many keys that node had told before
}

// compare ranks entries: larger ones first, then as a node told them. So the order does not depend on whose page came first.
func (e Entry) compare(o Entry) int {
	return cmp.Or(cmp.Compare(o.Size, e.Size), cmp.Compare(e.Node, o.Node), cmp.Compare(e.order, o.order))
}

// arrivals number the keys of each node as they come.
type arrivals struct{ told []int64 }

// entry makes an entry of the next key of a node. Its name is still a part of the page that it came with.
func (a *arrivals) entry(node int, k *sweep.Key, size int64) Entry {
	for len(a.told) <= node {
		a.told = append(a.told, 0)
	}
	a.told[node]++
	return Entry{Name: k.Name, Type: k.Type, Size: size, Node: node, order: a.told[node]}
}

// kept is the entry with names of its own, so that it does not hold the whole page in memory.
func (e Entry) kept() Entry {
	e.Name = strings.Clone(e.Name)
	return e
}

// Top keeps the largest of all entries.
type Top struct {
	limit int
	heap  []Entry // the one that would go first is at 0
}

// NewTop returns a Top of at most limit entries. It takes memory for those that it has, not for those that it might.
func NewTop(limit int) *Top { return &Top{limit: max(limit, 0)} }

// Add offers an entry and reports whether it is among the largest so far.
func (t *Top) Add(e Entry) bool {
	switch {
	case len(t.heap) < t.limit:
		t.heap = append(t.heap, e.kept())
		t.up(len(t.heap) - 1)
		return true
	case t.limit == 0 || e.compare(t.heap[0]) > 0:
		return false
	}
	t.heap[0] = e.kept()
	t.down(0)
	return true
}

// Sorted returns the entries, the largest first.
func (t *Top) Sorted() []Entry { return slices.SortedFunc(slices.Values(t.heap), Entry.compare) }

// First returns the n largest entries, the largest first, without sorting all.
func (t *Top) First(n int) []Entry {
	if n >= len(t.heap) {
		return t.Sorted()
	}
	few := NewTop(n)
	for _, e := range t.heap {
		few.Add(e)
	}
	return few.Sorted()
}

func (t *Top) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if t.heap[i].compare(t.heap[parent]) < 0 {
			return
		}
		t.heap[i], t.heap[parent] = t.heap[parent], t.heap[i]
		i = parent
	}
}

func (t *Top) down(i int) {
	for {
		last := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(t.heap); child++ {
			if t.heap[child].compare(t.heap[last]) > 0 {
				last = child
			}
		}
		if last == i {
			return
		}
		t.heap[i], t.heap[last] = t.heap[last], t.heap[i]
		i = last
	}
}
