package analysis

import "redan/commands/keyspace/sweep"

// Measure is by what a key is big.
type Measure int

// The measures.
const (
	// Length is what the command for a key's type counts: bytes, items, members, fields or entries.
	Length Measure = iota
	// Memory is MEMORY USAGE.
	Memory
)

// of is the measure of a key, -1 when it was not told.
func (m Measure) of(k *sweep.Key) int64 {
	if m == Memory {
		return k.Memory
	}
	return k.Length
}

// Biggest finds the biggest key of each type, and adds up how big all are: --bigkeys and --memkeys.
type Biggest struct {
	// Sampled are the keys that were counted, and NameBytes what their names are long together.
	Sampled, NameBytes int64
	// Measured are those among them whose measure was told.
	Measured int64

	measure  Measure
	arrivals arrivals
	types    table[TypeSum]
}

// TypeSum is what the keys of a type add up to.
type TypeSum struct {
	Type string // "" when the server does not tell types
	// Unit is what Total and the Size of Biggest count; "?" for the length of a module's type.
	Unit        string
	Keys, Total int64
	// Biggest is the biggest key; its Size is 0 when there is none that is bigger than nothing.
	Biggest Entry
}

// NewBiggest returns a tally of no keys.
func NewBiggest(m Measure) *Biggest {
	return &Biggest{measure: m, types: newTable(func(name, unit string) *TypeSum {
		if m == Memory {
			unit = "bytes"
		}
		return &TypeSum{Type: name, Unit: unit}
	})}
}

// Add counts a key of a node and reports whether it is bigger than all of its type before. Keys that are gone do not count.
func (b *Biggest) Add(node int, k *sweep.Key) bool {
	if k.Type == sweep.Gone {
		return false
	}
	size := b.measure.of(k)
	if size >= 0 {
		b.Measured++
	}
	size = max(size, 0)
	b.Sampled++
	b.NameBytes += int64(len(k.Name))
	sum := b.types.of(k.Type)
	sum.Keys++
	sum.Total += size
	return claim(&sum.Biggest, b.arrivals.entry(node, k, size))
}

// claim puts e in the place of an entry that it goes before, and reports whether it is larger, too.
func claim(place *Entry, e Entry) bool {
	if e.Size == 0 || e.compare(*place) >= 0 {
		return false
	}
	larger := e.Size > place.Size
	*place = e.kept()
	return larger
}

// Types returns the sums of the built-in types, keys or not, and then those of the modules' types that were found.
func (b *Biggest) Types() []*TypeSum { return b.types.all() }

// Unit is what the measure of a type counts.
func (b *Biggest) Unit(typ string) string { return b.types.of(typ).Unit }
