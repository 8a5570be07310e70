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

// nearest returns which of names is most like name, empty when none is.
func nearest(name string, names []string) string {
	best, least := "", max(1, len(name)/3)+1
	for _, candidate := range names {
		if d := distance(strings.ToLower(name), candidate); d < least {
			best, least = candidate, d
		}
	}
	return best
}

// distance is how many letters must be put in, taken out, replaced or swapped
// with their neighbour to make b of a.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range b {
		rows[0][j+1] = j + 1
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			other := 1
			if a[i-1] == b[j-1] {
				other = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+other)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
