package tui

import (
	"slices"

	"redan/ui/tui/kit"
)

// answers are the lines that were typed into sheets before, the newest last: what is left with esc, or was not written, is not lost.
type answers struct {
	before []string
	back   int    // how many back the line is; 0 is the new one
	own    string // the new one, while another is on screen
}

const (
	// answersKept is how many lines are kept, and answerLongest how long one may be, in bytes.
	answersKept   = 50
	answerLongest = 64 << 10
)

// remembered is list with a line that was typed where given stood.
func remembered(list []string, line, given string) []string {
	if line == "" || line == given || len(line) > answerLongest || len(list) > 0 && list[len(list)-1] == line {
		return list
	}
	list = append(slices.Clone(list), line)
	return list[max(0, len(list)-answersKept):]
}

// move goes n lines back, forth when negative.
func (a answers) move(n int, line kit.Line) (answers, kit.Line) {
	to := max(0, min(a.back+n, len(a.before)))
	switch {
	case to == a.back:
		return a, line
	case a.back == 0:
		a.own = line.Text()
	}
	if a.back = to; to == 0 {
		return a, kit.NewLine(a.own)
	}
	return a, kit.NewLine(a.before[len(a.before)-to])
}

// bindings are the keys of the lines before.
func (a answers) bindings(group string) []kit.Binding {
	none, newest := "", ""
	if len(a.before) == 0 {
		none = "nothing was typed into a sheet before"
	}
	if a.back == 0 {
		newest = "this is the new line"
	}
	return []kit.Binding{
		{ID: "sheet.older", Keys: []string{"up"}, Help: "typed before", Group: group, Footer: 30, Off: none},
		{ID: "sheet.newer", Keys: []string{"down"}, Help: "typed after", Group: group, Off: newest},
	}
}
