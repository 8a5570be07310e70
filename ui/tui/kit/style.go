package kit

import "strings"

// The styles of the full screen, by what they mean. Meaning never hangs on colour alone: a sign or a word stands beside it.

// Accent is what has the focus: the title of the pane, the cursor bar.
func (l Look) Accent(s string) string { return l.Theme.Trusted(s) }

// Dim is what is context.
func (l Look) Dim(s string) string { return l.Theme.Unchecked(s) }

// Danger is what destroys, and what is broken.
func (l Look) Danger(s string) string { return l.Theme.Error(s) }

// Warn is what will break, and a life under a minute.
func (l Look) Warn(s string) string { return l.Theme.Warning(s) }

// Good is what was checked and found well.
func (l Look) Good(s string) string { return l.Theme.OK(s) }

// Strong is what the eye should find first.
func (l Look) Strong(s string) string { return l.Theme.Strong(s) }

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
	if !l.Theme.Color() || s == "" {
		return s
	}
	word := TypeWord(kind)
	if word == "?" {
		word = kind // a word already
	}
	var code string
	switch word {
	case "hash":
		code = "34"
	case "list":
		code = "32"
	case "set":
		code = "35"
	case "zset":
		code = "95"
	case "strm":
		code = "33"
	case "json":
		code = "36"
	default:
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// Line returns a rule of w columns.
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
