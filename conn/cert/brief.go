package cert

import (
	"slices"
	"strconv"
	"strings"
)

// Brief returns the two lines that decorate a failed connection: why, and the command that mends it. Both are empty when the report
// has nothing to say.
func (r Report) Brief() (cause, fix string) {
	first, ok := r.First()
	if !ok {
		return "", ""
	}
	cause = first.Message
	const short = 140 // characters: longer ones belong into the whole report
	if first.Cause != "" && len(cause)+len(first.Cause) <= short {
		cause += "; " + first.Cause
	}
	var more []string
	for _, f := range r.Findings {
		if f.Severity == SeverityCrit && f.Code != first.Code && !slices.Contains(more, f.Code) {
			more = append(more, f.Code)
		}
	}
	if len(more) > 0 {
		cause += " (and " + strconv.Itoa(len(more)) + " more: " + strings.Join(more, ", ") + "; " + r.program() + " cert shows all)"
	}
	if len(first.Fixes) > 0 {
		fix = first.Fixes[0].Line()
	}
	return cause, fix
}

// program is how redan was called.
func (r Report) program() string {
	if r.Program == "" {
		return "redan"
	}
	return r.Program
}

// Line returns the fix in one line: who has to act, when that is the server, then the command, then when it is right.
func (f Fix) Line() string {
	text := f.Command
	switch {
	case text == "":
		text = f.Note
	case f.Note != "":
		text += "   (" + f.Note + ")"
	}
	if f.Side == SideServer && text != "" {
		return "on the server: " + text
	}
	return text
}
