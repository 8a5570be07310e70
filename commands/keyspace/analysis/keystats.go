package analysis

import (
	"slices"

	"redan/commands/keyspace/sweep"
)

// KeyStats finds the largest keys by memory, the largest and the longest of each type, and how sizes are distributed: --keystats.
type KeyStats struct {
	// Sampled are the keys that were counted, Measured those among them whose memory was told, and Memory what these take together.
	Sampled, Measured, Memory int64
	// Sizes is how memory is distributed, and Names how the lengths of names are.
	Sizes *Sizes
	Names *NameLengths

	arrivals arrivals
	top      *Top
	types    table[TypeStats]
}

// TypeStats is what the keys of a type add up to.
type TypeStats struct {
	Type string // "" when the server does not tell types
	// Unit is what Length and the Size of Longest count; "?" for types of modules, whose length nobody knows.
	Unit                 string
	Keys, Memory, Length int64
	// Largest takes the most memory, and Longest is the longest; their Size is 0 when there is none.
	Largest, Longest Entry
}

// NewKeyStats returns a tally of no keys that keeps the top largest ones.
func NewKeyStats(top int) *KeyStats {
	return &KeyStats{Sizes: newSizes(), Names: newNameLengths(), top: NewTop(top), types: newTable(func(name, unit string) *TypeStats {
		return &TypeStats{Type: name, Unit: unit}
	})}
}

// Add counts a key of a node and reports whether it is among the largest so far. Keys that are gone do not count. Those whose memory is
// not told count with their length only.
func (s *KeyStats) Add(node int, k *sweep.Key) bool {
	if k.Type == sweep.Gone {
		return false
	}
	s.Sampled++
	s.Names.add(int64(len(k.Name)))
	sum := s.types.of(k.Type)
	sum.Keys++
	e := s.arrivals.entry(node, k, 0)
	if k.Length > 0 {
		sum.Length += k.Length
		longest := e
		longest.Size = k.Length
		claim(&sum.Longest, longest)
	}
	if k.Memory < 0 {
		return false
	}
	s.Measured++
	s.Memory += k.Memory
	s.Sizes.add(k.Memory)
	sum.Memory += k.Memory
	e.Size = k.Memory
	claim(&sum.Largest, e)
	return s.top.Add(e)
}

// Largest returns the largest keys by memory, the largest first.
func (s *KeyStats) Largest() []Entry { return s.top.Sorted() }

// First returns the first n of them.
func (s *KeyStats) First(n int) []Entry { return s.top.First(n) }

// Types returns what the types that were found add up to, the built-in ones first.
func (s *KeyStats) Types() []*TypeStats {
	return slices.DeleteFunc(s.types.all(), func(t *TypeStats) bool { return t.Keys == 0 })
}
