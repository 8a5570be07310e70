package kit

import (
	"strings"

	"redan/ui/theme"
)

// The styles of the full screen, by what they mean. Meaning never hangs on colour alone: a sign or a word stands beside it.

// Paint returns s in the style of a role; the common roles have methods of their own.
func (l Look) Paint(r theme.Role, s string) string { return l.Theme.Paint(r, s) }

// Accent is what has the focus: the title of the pane, the cursor bar.
func (l Look) Accent(s string) string { return l.Paint(theme.Accent, s) }

// Dim is what is context.
func (l Look) Dim(s string) string { return l.Paint(theme.Dim, s) }

// Rule is a line between parts, and what stands in it.
func (l Look) Rule(s string) string { return l.Paint(theme.Rule, s) }

// Hint is what may be typed but was not.
func (l Look) Hint(s string) string { return l.Paint(theme.Hint, s) }

// Danger is what destroys, and what is broken.
func (l Look) Danger(s string) string { return l.Paint(theme.Danger, s) }

// Warn is what will break, and a life under a minute.
func (l Look) Warn(s string) string { return l.Paint(theme.Warning, s) }

// Good is what was checked and found well.
func (l Look) Good(s string) string { return l.Paint(theme.Good, s) }

// Strong is what the eye should find first.
func (l Look) Strong(s string) string { return l.Paint(theme.Strong, s) }

// Production is the badge of a connection on which a mistake is expensive.
func (l Look) Production(s string) string { return l.Paint(theme.Production, s) }

// Selected is the row under the cursor, painted or not, in as many columns as it is to take.
func (l Look) Selected(row string) string { return l.Theme.Under(theme.Selection, row) }

// Title is the title of a pane.
func (l Look) Title(s string, focused bool) string {
	if focused {
		return l.Accent(s)
	}
	return s
}

// At returns s in the style of a level.
func (l Look) At(level Level, s string) string {
	switch level {
	case Good:
		return l.Good(s)
	case Warn:
		return l.Warn(s)
	case Bad:
		return l.Danger(s)
	case Plain:
	}
	return s
}

// Hue returns s in the hue of a key's type, as [TypeWord] names it or as the server does.
func (l Look) Hue(kind, s string) string {
	switch TypeWord(kind) {
	case "str":
		return l.Paint(theme.TypeString, s)
	case "hash":
		return l.Paint(theme.TypeHash, s)
	case "list":
		return l.Paint(theme.TypeList, s)
	case "set":
		return l.Paint(theme.TypeSet, s)
	case "zset":
		return l.Paint(theme.TypeZset, s)
	case "strm":
		return l.Paint(theme.TypeStream, s)
	case "json":
		return l.Paint(theme.TypeJSON, s)
	case "hll":
		return l.Paint(theme.TypeHLL, s)
	case "bits":
		return l.Paint(theme.TypeBits, s)
	case "geo":
		return l.Paint(theme.TypeGeo, s)
	case "vset":
		return l.Paint(theme.TypeVector, s)
	case "":
		return s
	default:
		return l.Paint(theme.TypeUnknown, s)
	}
}

// Line returns a rule of w columns, unpainted.
func (l Look) Line(w int) string { return strings.Repeat(Rule().Of(l), max(0, w)) }

// Bar returns a progress bar of w columns for a share from 0 to 1.
func (l Look) Bar(share float64, w int) string {
	if w <= 0 {
		return ""
	}
	share = max(0, min(1, share))
	if l.ASCII {
		full := int(share*float64(w) + 0.5)
		return strings.Repeat("#", full) + strings.Repeat(".", w-full)
	}
	const eighths = "▏▎▍▌▋▊▉"
	cells := share * float64(w)
	full := int(cells)
	bar := strings.Repeat("█", full)
	if part := int((cells - float64(full)) * 8); part > 0 && full < w {
		bar += string([]rune(eighths)[part-1])
	}
	return bar + strings.Repeat(" ", w-Width(bar))
}
