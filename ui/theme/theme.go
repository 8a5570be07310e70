// Package theme is how things look on a terminal: every colour and style the
// faces use has one name here, which says what a text means and not how it is
// drawn.
//
// It is plain string building on purpose: a one-shot command must not pay for a
// styling library's start.
package theme

// Theme wraps texts in the escape sequences of their meaning. The zero value
// has no colour and returns every text unchanged.
type Theme struct {
	color bool
}

// New returns a Theme. The caller decides about color: it is false when the
// output is not a terminal or NO_COLOR is set.
func New(color bool) Theme { return Theme{color: color} }

// Color reports whether the theme changes texts at all.
func (t Theme) Color() bool { return t.color }

// The parameters of the escape sequence "select graphic rendition".
const (
	dim           = "0;90;49" // dark grey on the default background, as redis-cli's hints
	bold          = "1"
	red           = "31"
	green         = "32"
	yellow        = "33"
	cyan          = "36"
	whiteOnRed    = "1;97;41"
	grey          = "90"
	sequenceStart = "\x1b["
	sequenceEnd   = "m"
	reset         = "\x1b[0m"
)

// Hint is what is offered but not typed yet: the arguments a command still
// takes.
func (t Theme) Hint(s string) string { return t.wrap(dim, s) }

// Error is a failure.
func (t Theme) Error(s string) string { return t.wrap(red, s) }

// Warning is what should be looked at but did not fail.
func (t Theme) Warning(s string) string { return t.wrap(yellow, s) }

// OK is a success worth pointing out.
func (t Theme) OK(s string) string { return t.wrap(green, s) }

// Trusted is what trust rests on: the CA certificate a chain ends at.
func (t Theme) Trusted(s string) string { return t.wrap(cyan, s) }

// Unchecked is what was not looked at, so that nothing is known of it.
func (t Theme) Unchecked(s string) string { return t.wrap(grey, s) }

// Strong is what the eye should find first: what a report is about, the command that mends a fault.
func (t Theme) Strong(s string) string { return t.wrap(bold, s) }

// Production marks a connection on which a mistake is expensive.
func (t Theme) Production(s string) string { return t.wrap(whiteOnRed, s) }

// Name is the name of a command in help texts.
func (t Theme) Name(s string) string { return t.wrap(bold, s) }

// Syntax is the arguments of a command in help texts.
func (t Theme) Syntax(s string) string { return t.wrap(grey, s) }

// Label is what stands before a fact in help texts ("since:").
func (t Theme) Label(s string) string { return t.wrap(yellow, s) }

// wrap returns s between a style and its end. An empty text stays empty, so
// that no stray sequence is written for nothing.
func (t Theme) wrap(style, s string) string {
	if !t.color || s == "" {
		return s
	}
	return sequenceStart + style + sequenceEnd + s + reset
}
