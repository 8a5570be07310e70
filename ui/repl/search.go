package repl

import "strings"

// search is Ctrl-R: it finds lines of before by a part of them as that part is
// typed.
type search struct {
	lines   []string
	query   string
	at      int  // the line found; len(lines) before anything was
	forward bool // Ctrl-S
	failing bool // nothing (more) was found
}

func newSearch(lines []string) *search { return &search{lines: lines, at: len(lines)} }

// prompt replaces the prompt while searching.
func (s *search) prompt() string {
	name := "reverse-i-search"
	if s.forward {
		name = "i-search"
	}
	if s.failing {
		name = "failing " + name
	}
	return "(" + name + ")'" + s.query + "': "
}

// found returns the line found and where the query begins in it, as a byte
// offset.
func (s *search) found() (line string, offset int) {
	if s.at == len(s.lines) {
		return "", 0
	}
	line = s.lines[s.at]
	return line, max(0, strings.LastIndex(line, s.query)) // of a failing search it is not there
}

// press handles a key and reports whether the search goes on.
func (s *search) press(p press) bool {
	switch p.key {
	case keyText:
		for _, r := range toRunes(p.text) { // one by one, so that it does not matter how fast they came
			s.query += fromRunes([]rune{r})
			s.find(s.at)
		}
	case keyBackspace:
		runes := toRunes(s.query)
		s.query = fromRunes(runes[:max(0, len(runes)-1)])
		s.find(len(s.lines) - 1)
	case keySearchBack:
		s.forward = false
		s.find(s.at - 1)
	case keySearchForward:
		s.forward = true
		s.find(s.at + 1)
	default:
		return false
	}
	return true
}

// find looks for the query from a line on, in the direction of the search. A
// line equal to the one found is no news and passed over.
func (s *search) find(from int) {
	if s.query == "" {
		s.failing = false
		return
	}
	step := -1
	if s.forward {
		step = 1
	}
	current := ""
	if s.at < len(s.lines) && from != s.at {
		current = s.lines[s.at]
	}
	for i := min(from, len(s.lines)-1); i >= 0 && i < len(s.lines); i += step {
		if strings.Contains(s.lines[i], s.query) && s.lines[i] != current {
			s.at, s.failing = i, false
			return
		}
	}
	s.failing = true
}
