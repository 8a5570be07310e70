package commands

import (
	"slices"
	"strings"
)

// Complete gives the lines that a line being typed may be completed to, at its
// last word: names of commands and sub-commands, option words that the
// grammar takes at this place, and after "help" or "?" also groups. Every
// candidate begins with the line as typed; what is added is in the case of
// the letters typed. Values, key names among them, are not known here: see
// KeyAt.
func (t *Table) Complete(line string) []string {
	p, err := SplitPartial(line)
	if err != nil || strings.ContainsRune(line, 0) || line[p.Start:] != p.Word {
		return nil // a quoted word is a value
	}
	var found []string
	for _, candidate := range t.candidates(p.Words) {
		if n := len(p.Word); len(candidate) > n && strings.EqualFold(candidate[:n], p.Word) {
			found = append(found, line+inCaseOf(line, candidate[n:]))
		}
	}
	return found
}

// candidates gives what may be the word after those given.
func (t *Table) candidates(words []string) []string {
	if len(words) > 0 && (strings.EqualFold(words[0], "help") || words[0] == "?") {
		return t.topics(words[1:])
	}
	words = withoutRepeat(words)
	if len(words) == 0 {
		return t.names()
	}
	c, n := t.Lookup(words)
	if c == nil {
		return nil
	}
	var found []string
	if len(words) == n {
		found = t.subcommandWords(c)
	}
	list, ok := t.expect(words)
	if !ok {
		return found
	}
	for s := range starts(list) {
		if s.token != "" && !slices.Contains(found, s.token) {
			found = append(found, s.token)
		}
	}
	return found
}

// topics gives what may follow help and the words after it.
func (t *Table) topics(words []string) []string {
	switch len(words) {
	case 0:
		found := t.names()
		for _, group := range t.Groups() {
			found = append(found, "@"+group)
		}
		return found
	case 1:
		if c, _ := t.Lookup(words); c != nil {
			return t.subcommandWords(c)
		}
	}
	return nil
}

// names gives the names of all commands that are no sub-commands.
func (t *Table) names() []string {
	var names []string
	for _, c := range t.sorted {
		if c.words() == 1 {
			names = append(names, c.Name)
		}
	}
	return names
}

// subcommandWords gives the second words of the sub-commands.
func (t *Table) subcommandWords(c *Command) []string {
	subcommands := t.Subcommands(c)
	words := make([]string, 0, len(subcommands))
	for _, sub := range subcommands {
		words = append(words, strings.TrimPrefix(sub.Name, c.Name+" "))
	}
	return words
}

// inCaseOf puts what completes a line in the case of the last letter typed.
// Without a letter it stays as it is.
func inCaseOf(line, rest string) string {
	i := strings.LastIndexFunc(line, asciiLetter)
	switch {
	case i < 0:
		return rest
	case line[i] >= 'a':
		return strings.ToLower(rest)
	default:
		return strings.ToUpper(rest)
	}
}

func asciiLetter(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}
