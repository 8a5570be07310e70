package repl

import (
	"slices"
	"strings"
)

// colons are the lines that begin with a colon, with what may stand behind: the names that next finds.
func (p *prompt) colons() map[string]func() []string {
	known := map[string]func() []string{}
	if p.Switch != nil {
		known[":profile"] = func() []string { return nil }
		if p.Names != nil {
			known[":profile"] = p.Names
		}
	}
	if p.guard != nil {
		known[":readonly"] = func() []string { return []string{"off", "on"} }
	}
	return known
}

// completeColon completes a line that begins with a colon; known are the words it can begin with, and what may stand behind each.
func completeColon(head string, known map[string]func() []string) completion {
	word, rest, behind := strings.Cut(head, " ")
	var names []string
	if behind {
		if next := known[strings.ToLower(word)]; next != nil {
			names = next()
		}
	} else {
		for name := range known {
			names = append(names, name)
		}
	}
	rest = strings.TrimLeft(rest, " ")
	if !behind {
		rest = strings.ToLower(word)
	}
	before := head[:len(head)-len(rest)]
	if behind && strings.HasPrefix(rest, "@") { // as on the command line
		before, rest = before+"@", rest[1:]
	}
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !strings.HasPrefix(name, rest) })
	slices.Sort(names)
	switch len(names) {
	case 0:
		return completion{head: head}
	case 1:
		return completion{head: before + names[0] + " "}
	}
	return completion{head: before + commonPrefix(names), options: names}
}
