package tomlfile

import (
	"fmt"
	"strings"
)

// Position is a place in a file. Lines and columns count from 1, columns in characters.
type Position struct {
	File         string
	Line, Column int
}

// String returns the place as compilers and editors write it: file:line:column. Without a line it is the file alone.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Fault is one thing that is wrong in a file.
type Fault struct { //nolint:errname // a fault is one of several; it is what people correct, and an error by the way
	At Position
	// Key is the key it is about, in its dotted form; empty when the text is no TOML at all.
	Key string
	// Text says what is wrong. It never holds a value, which may be a secret.
	Text string
	// Nearest is the name that was probably meant; empty when there is none.
	Nearest string
}

// Error implements error: place, fault, and the nearest name.
func (f Fault) Error() string {
	text := f.Text
	if at := f.At.String(); at != "" {
		text = at + ": " + text
	}
	if f.Nearest != "" {
		text += `; did you mean "` + f.Nearest + `"?`
	}
	return text
}

// Faults are all that is wrong in one or several files, in their order.
type Faults []Fault //nolint:errname // see Fault

// Error implements error: one line for each fault.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// OrNil returns f as an error, and nil when there are none.
func (f Faults) OrNil() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// Unwrap lets errors.As find the first fault.
func (f Faults) Unwrap() []error {
	errs := make([]error, len(f))
	for i := range f {
		errs[i] = f[i]
	}
	return errs
}
