package analysis

import (
	"maps"
	"slices"
	"strings"
)

// builtin are the types that every server has, in the order in which they are told, and what their length counts. redis-cli's order is
// that of a hash table.
func builtin() [][2]string {
	return [][2]string{
		{"string", "bytes"}, {"list", "items"}, {"hash", "fields"}, {"set", "members"}, {"zset", "members"}, {"stream", "entries"},
	}
}

// table has a T for every type of key.
type table[T any] struct {
	builtin []*T
	names   []string
	others  map[string]*T // of modules
	make    func(name, unit string) *T
}

func newTable[T any](construct func(name, unit string) *T) table[T] {
	t := table[T]{make: construct, others: map[string]*T{}}
	for _, b := range builtin() {
		t.names = append(t.names, b[0])
		t.builtin = append(t.builtin, construct(b[0], b[1]))
	}
	return t
}

// of returns the T of a type. What a length of a module's type counts, nobody knows.
func (t *table[T]) of(name string) *T {
	for i, known := range t.names {
		if known == name {
			return t.builtin[i]
		}
	}
	found := t.others[name]
	if found == nil {
		name = strings.Clone(name)
		found = t.make(name, "?")
		t.others[name] = found
	}
	return found
}

// all returns the built-in types, and then those of modules by their names.
func (t *table[T]) all() []*T {
	found := slices.Clone(t.builtin)
	for _, name := range slices.Sorted(maps.Keys(t.others)) {
		found = append(found, t.others[name])
	}
	return found
}
