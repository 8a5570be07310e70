package console

import (
	"maps"
	"slices"
	"strings"

	"redan/ui/tui/kit"
)

// linesRecalled bounds the lines of before in memory. How many the file keeps is up to the user.
const linesRecalled = 100_000

// recall goes through the lines of before. What is changed on the way stays changed until a line is entered.
type recall struct {
	lines  []string // oldest first
	back   int      // how many lines back; 0 is the new one
	edited map[int]string
}

// add puts lines at the end, and the place there.
func (r recall) add(lines ...string) recall {
	r.back, r.edited = 0, nil
	if len(lines) == 0 {
		return r
	}
	r.lines = slices.Concat(r.lines, lines)
	r.lines = r.lines[max(0, len(r.lines)-linesRecalled):]
	return r
}

// before puts lines in front: those of the file come when some may have been typed already.
func (r recall) before(lines []string) recall {
	all := slices.Concat(lines, r.lines)
	r.lines = all[max(0, len(all)-linesRecalled):]
	return r
}

// move goes n lines back, forth when negative.
func (r recall) move(n int, current string) (recall, string, bool) {
	to := r.back + n
	if to < 0 || to > len(r.lines) {
		return r, current, false
	}
	edited := maps.Clone(r.edited)
	if edited == nil {
		edited = map[int]string{}
	}
	edited[r.back] = current
	r.back, r.edited = to, edited
	if line, ok := edited[to]; ok {
		return r, line, true
	}
	return r, r.lines[len(r.lines)-to], true
}

// search is ctrl+r: it finds lines of before by a part of them.
type search struct {
	on     bool
	query  kit.Line
	at     int // index of the line found; len(lines) before any was
	failed bool
}

// find looks for the query from a line on, in steps of -1 (older) or 1. A line like the one found is no news.
func (s search) find(lines []string, from, step int) search {
	query := s.query.Text()
	if query == "" {
		s.at, s.failed = len(lines), false
		return s
	}
	current := s.found(lines)
	for i := from; i >= 0 && i < len(lines); i += step {
		if strings.Contains(lines[i], query) && (i == s.at || lines[i] != current || !strings.Contains(current, query)) {
			s.at, s.failed = i, false
			return s
		}
	}
	s.failed = true
	return s
}

func (s search) found(lines []string) string {
	if s.at < 0 || s.at >= len(lines) {
		return ""
	}
	return lines[s.at]
}

// prompt stands before the line while it is searched for.
func (s search) prompt() string {
	what := "search"
	if s.failed {
		what = "not found"
	}
	return what + " '" + kit.Escape(s.query.Text()) + "': "
}
