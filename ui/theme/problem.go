package theme

import (
	"fmt"
	"strings"
)

// UnknownThemeError is a theme that does not exist.
type UnknownThemeError struct{ Name, Nearest string }

// Error implements error.
func (e *UnknownThemeError) Error() string {
	return fmt.Sprintf("there is no theme %q%s; the themes are %s", e.Name, guess(e.Nearest), strings.Join(Names(), ", "))
}

// UnknownColorError is a colour that does not exist.
type UnknownColorError struct{ Name, Nearest string }

// Error implements error.
func (e *UnknownColorError) Error() string {
	if e.Nearest == "" {
		return fmt.Sprintf("there is no colour %q; the colours are %s", e.Name, strings.Join(colorNames(), ", "))
	}
	return fmt.Sprintf("there is no colour %q%s", e.Name, guess(e.Nearest))
}

// ValueError is a value that no colour can have.
type ValueError struct {
	Color, Value  string
	Word, Nearest string // the word of Value that is not understood, and one that is
}

// Error implements error.
func (e *ValueError) Error() string {
	where := ""
	if word := strings.TrimSpace(e.Word); word != "" && word != e.Value {
		where = fmt.Sprintf(" (%q is not understood)", word)
	}
	return fmt.Sprintf("the colour %s cannot be %q%s%s; give #rrggbb, a number from 0 to 255, a name such as red or bright-red, "+
		"bold, underline or reverse before it, or default", e.Color, e.Value, where, guess(e.Nearest))
}

func guess(nearest string) string {
	if nearest == "" {
		return ""
	}
	return ", did you mean " + nearest + "?"
}
