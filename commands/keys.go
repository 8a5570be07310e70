package commands

import (
	"slices"
	"strconv"
	"strings"
)

// KeyAt tells whether the word being typed at the end of a line stands where
// the command takes a key, and what is typed of it so far, unquoted. A repeat
// count in front is passed over. SplitPartial tells where the word begins.
func (t *Table) KeyAt(line string) (prefix string, ok bool) {
	p, err := SplitPartial(line)
	if err != nil {
		return "", false
	}
	words := withoutRepeat(p.Words)
	c, _ := t.Lookup(words)
	if c == nil {
		return "", false
	}
	if len(c.Args) == 0 {
		typed := append(slices.Clone(words), p.Word)
		if slices.Contains(c.Keys(typed), len(words)) {
			return p.Word, true
		}
		return "", false
	}
	list, ok := t.expect(words)
	if !ok {
		return "", false
	}
	for s := range starts(list) {
		if s.token == "" && s.arg.Type == ArgKey {
			return p.Word, true
		}
	}
	return "", false
}

// withoutRepeat leaves out a count in front of a command, as in "5 incr k".
func withoutRepeat(words []string) []string {
	if len(words) > 1 {
		if _, err := strconv.Atoi(words[0]); err == nil {
			return words[1:]
		}
	}
	return words
}

// Keys gives the positions of the keys in a full command line, the name being
// at 0. Keys that no rule of the server describes (the patterns of SORT) are
// not among them.
func (c *Command) Keys(words []string) []int {
	var keys []int
	for _, k := range c.keySpecs() {
		first, last, step := k.span(words)
		for i := first; i > 0 && i <= last && i < len(words) && step > 0; i += step {
			keys = append(keys, i)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// keySpecs gives the rules for keys. Servers before 7.0 give only a first and
// a last key and a step.
func (c *Command) keySpecs() []KeySpec {
	if len(c.KeySpecs) > 0 || c.FirstKey <= 0 {
		return c.KeySpecs
	}
	last := c.LastKey
	if last > 0 {
		last -= c.FirstKey
	}
	return []KeySpec{{Begin: "index", Index: c.FirstKey, Find: "range", Last: last, Step: c.KeyStep}}
}

// span gives the first key, the last it may be, and the distance between two.
// The first is 0 when there is none.
func (k *KeySpec) span(words []string) (first, last, step int) {
	first = k.begin(words)
	if first <= 0 {
		return 0, 0, 0
	}
	switch k.Find {
	case "range":
		switch {
		case k.Last >= 0:
			last = first + k.Last
		case k.Limit > 1:
			last = first + (len(words)-first)/k.Limit + k.Last
		default:
			last = len(words) + k.Last
		}
		return first, last, k.Step
	case "keynum":
		at := first + k.NumAt
		if at < 0 || at >= len(words) {
			return 0, 0, 0
		}
		n, err := strconv.Atoi(words[at])
		if err != nil || n < 1 {
			return 0, 0, 0
		}
		first += k.FirstAt
		// More keys than words would overflow, and mean the same.
		return first, first + (min(n, len(words))-1)*k.Step, k.Step
	}
	return 0, 0, 0
}

// begin finds the word where the rule of finding keys starts, or 0.
func (k *KeySpec) begin(words []string) int {
	switch {
	case k.Begin == "index":
		return k.Index
	case k.Begin != "keyword":
		return 0
	case k.From < 0:
		for i := len(words) + k.From; i > 0; i-- {
			if i < len(words) && strings.EqualFold(words[i], k.Keyword) {
				return i + 1
			}
		}
	default:
		for i := max(k.From, 1); i < len(words); i++ {
			if strings.EqualFold(words[i], k.Keyword) {
				return i + 1
			}
		}
	}
	return 0
}
