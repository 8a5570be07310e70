package kit

import (
	"redan/ui/theme"
)

// Look is how things are drawn: the theme, and what the terminal can show.
type Look struct {
	Theme theme.Theme
	ASCII bool
}

// Sign is a glyph with a stand-in for terminals limited to ASCII.
type Sign struct{ utf8, ascii string }

// Of returns the glyph for a look.
func (s Sign) Of(l Look) string {
	if l.ASCII {
		return s.ascii
	}
	return s.utf8
}

// Cursor is the bar before the row that the next key goes to.
func Cursor() Sign { return Sign{"▌", ">"} }

// Place is the bar before the row that keys would go to had the pane the focus.
func Place() Sign { return Sign{"▏", "."} }

// CursorBar is the painted bar before the row under the cursor. A pane with the focus is told by its sign, not by its colour alone.
func (l Look) CursorBar(focused bool) string {
	if focused {
		return l.Accent(Cursor().Of(l))
	}
	return l.Dim(Place().Of(l))
}

// Open is a branch whose rows are shown.
func Open() Sign { return Sign{"▾", "-"} }

// Closed is a branch whose rows are not shown.
func Closed() Sign { return Sign{"▸", "+"} }

// Forever is a key without end.
func Forever() Sign { return Sign{"∞", "-"} }

// Passed is what was checked and found good.
func Passed() Sign { return Sign{"✓", "+"} }

// Broken is what does not work.
func Broken() Sign { return Sign{"✗", "x"} }

// Rule is a line between parts.
func Rule() Sign { return Sign{"─", "-"} }

// Bold is the line under the header.
func Bold() Sign { return Sign{"━", "="} }

// Wall is the line between panes.
func Wall() Sign { return Sign{"│", "|"} }

// Foot is where the wall ends in a rule.
func Foot() Sign { return Sign{"┴", "+"} }

// Arrow is what leads somewhere.
func Arrow() Sign { return Sign{"→", "->"} }

// Marked is a marked row.
func Marked() Sign { return Sign{"●", "*"} }

// Partly is a branch with marked rows in it.
func Partly() Sign { return Sign{"○", "o"} }

// Off is how far a number may be off.
func Off() Sign { return Sign{"±", "+/-"} }

// Ellipsis is what was cut off.
func Ellipsis() Sign { return Sign{"…", "~"} }

// TypeWord returns the short word for a key's type as the server names it: "str", "hash", "strm", and "?" for one that is not known. A
// word stays what it is, and so does a type that is not known yet, which is empty.
func TypeWord(kind string) string {
	switch kind {
	case "string", "str":
		return "str"
	case "stream", "strm":
		return "strm"
	case "hash", "list", "set", "zset", "hll", "bits", "geo", "vset":
		return kind
	case "ReJSON-RL", "json":
		return "json"
	case "vectorset":
		return "vset"
	case "":
		return ""
	default:
		return "?"
	}
}
