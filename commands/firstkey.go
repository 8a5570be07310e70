package commands

import "strings"

// KeyFinder finds the key by which a cluster routes a command, for many commands. It remembers names as they are spelled, which takes no
// memory for the usual ones. It is not safe for concurrent use.
type KeyFinder struct {
	table *Table
	at    map[string]int // by the first word as it was spelled: where the first key is always, or findAnew
}

const (
	findAnew = -1
	// maxSpellings bounds what input that is no commands makes a finder remember.
	maxSpellings = 1024
)

// KeyFinder returns a finder that knows the commands of the table.
func (t *Table) KeyFinder() *KeyFinder { return &KeyFinder{table: t, at: map[string]int{}} }

// FirstKey returns the first key of a full command line; ok is false when it has none. Of a command that the table does not know, which may
// be one of a module, it is the first argument: a guess, which a cluster corrects by a redirection.
func (f *KeyFinder) FirstKey(words []string) (key string, ok bool) {
	if len(words) < 2 {
		return "", false
	}
	at, known := f.at[words[0]]
	if !known {
		at = f.always(words[0])
		if len(f.at) < maxSpellings {
			f.at[strings.Clone(words[0])] = at
		}
	}
	if at == findAnew {
		at = f.find(words)
	}
	if at <= 0 || at >= len(words) {
		return "", false
	}
	return words[at], true
}

// always returns where the first key of a command is whatever its words are, 0 for a command that has none, and else findAnew.
func (f *KeyFinder) always(name string) int {
	c, _ := f.table.Lookup([]string{name})
	switch {
	case c == nil:
		return 1
	case len(f.table.Subcommands(c)) > 0:
		return findAnew
	}
	specs := c.keySpecs()
	switch {
	case len(specs) == 0:
		return 0
	case specs[0].Begin == "index" && specs[0].Find == "range":
		return specs[0].Index
	}
	return findAnew
}

func (f *KeyFinder) find(words []string) int {
	c, _ := f.table.Lookup(words)
	if keys := c.Keys(words); len(keys) > 0 {
		return keys[0]
	}
	return 0
}
