// Package theme is how things look on a terminal: every colour and style the
// faces use has one name here, which says what a text means and not how it is
// drawn.
//
// It is plain string building on purpose: a one-shot command must not pay for a
// styling library's start. A theme may name colours that the terminal does not
// have; the full screen's renderer finds the nearest of those it has.
package theme

import "strings"

// Theme wraps texts in the escape sequences of their meaning. The zero value
// has no style at all and returns every text unchanged.
type Theme struct {
	styles *styles
}

// styles are the parameters of "select graphic rendition" by role; an empty one
// leaves a text as it is.
type styles [roles]string

// New returns the theme of what is printed line by line: sixteen colours of the
// terminal's own, which it is not asked about. The caller decides about color:
// it is false when the output is not a terminal or NO_COLOR is set.
func New(color bool) Theme {
	if !color {
		return Theme{}
	}
	return Theme{&styles{
		Accent:  "36",
		Strong:  "1",
		Dim:     "90",
		Rule:    "90",
		Hint:    "0;90;49", // as redis-cli's hints
		Label:   "33",
		Danger:  "31",
		Warning: "33",
		Good:    "32",

		Production: "1;97;41",
		Selection:  "7",

		TypeHash: "34", TypeList: "32", TypeSet: "35", TypeZset: "95", TypeStream: "33", TypeJSON: "36",
		JSONKey: "34", JSONNumber: "36", JSONLiteral: "33", JSONPunctuation: "90", JSONEscape: "33",
	}}
}

// Color reports whether the theme changes texts at all.
func (t Theme) Color() bool { return t.styles != nil }

// The ends of an escape sequence.
const (
	sequenceStart = "\x1b["
	sequenceEnd   = "m"
	reset         = "\x1b[0m"
)

// Paint returns s in the style of a role. An empty text stays empty, so that no
// stray sequence is written for nothing.
func (t Theme) Paint(r Role, s string) string {
	if t.styles == nil || s == "" || t.styles[r] == "" {
		return s
	}
	return sequenceStart + t.styles[r] + sequenceEnd + s + reset
}

// Under lays the style of a role under a text that is painted already, so that
// its parts keep their colours: the row under the cursor.
func (t Theme) Under(r Role, s string) string {
	if t.styles == nil || s == "" || t.styles[r] == "" {
		return s
	}
	start := sequenceStart + t.styles[r] + sequenceEnd
	return start + strings.ReplaceAll(s, reset, reset+start) + reset
}

// Cursor is the cell of the text cursor. It is the same in every theme, and
// without one: reverse is no colour.
func Cursor(cell string) string { return "\x1b[7m" + cell + "\x1b[27m" }

// Hint is what is offered but not typed yet: the arguments a command still
// takes.
func (t Theme) Hint(s string) string { return t.Paint(Hint, s) }

// Error is a failure.
func (t Theme) Error(s string) string { return t.Paint(Danger, s) }

// Warning is what should be looked at but did not fail.
func (t Theme) Warning(s string) string { return t.Paint(Warning, s) }

// OK is a success worth pointing out.
func (t Theme) OK(s string) string { return t.Paint(Good, s) }

// Trusted is what trust rests on: the CA certificate a chain ends at.
func (t Theme) Trusted(s string) string { return t.Paint(Accent, s) }

// Unchecked is what was not looked at, so that nothing is known of it.
func (t Theme) Unchecked(s string) string { return t.Paint(Dim, s) }

// Strong is what the eye should find first: what a report is about, the command that mends a fault.
func (t Theme) Strong(s string) string { return t.Paint(Strong, s) }

// Production marks a connection on which a mistake is expensive.
func (t Theme) Production(s string) string { return t.Paint(Production, s) }

// Name is the name of a command in help texts.
func (t Theme) Name(s string) string { return t.Paint(Strong, s) }

// Syntax is the arguments of a command in help texts.
func (t Theme) Syntax(s string) string { return t.Paint(Dim, s) }

// Label is what stands before a fact in help texts ("since:").
func (t Theme) Label(s string) string { return t.Paint(Label, s) }
