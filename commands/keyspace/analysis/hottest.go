package analysis

import "redan/commands/keyspace/sweep"

// hottestKept is how many keys --hotkeys tells, as redis-cli does.
const hottestKept = 16

// Hottest finds the keys that are used most: --hotkeys.
type Hottest struct {
	// Sampled are the keys that were looked at, and Counted those whose counter was told.
	Sampled, Counted int64

	arrivals arrivals
	top      *Top
}

// NewHottest returns a tally of no keys.
func NewHottest() *Hottest { return &Hottest{top: NewTop(hottestKept)} }

// Add looks at a key of a node and reports whether it is among the hottest so far. A counter of 0 is no use at all.
func (h *Hottest) Add(node int, k *sweep.Key) bool {
	h.Sampled++
	if k.Frequency >= 0 {
		h.Counted++
	}
	e := h.arrivals.entry(node, k, k.Frequency)
	return k.Frequency > 0 && h.top.Add(e)
}

// Keys returns the hottest keys, the hottest first; their Size is the counter.
func (h *Hottest) Keys() []Entry { return h.top.Sorted() }
