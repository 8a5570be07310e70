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

// Arrow is what leads somewhere.
func Arrow() Sign { return Sign{"→", "->"} }

// Marked is a marked row.
func Marked() Sign { return Sign{"●", "*"} }

// Ellipsis is what was cut off.
func Ellipsis() Sign { return Sign{"…", "~"} }

// TypeWord returns the short word for a key's type: "str", "hash", "strm".
func TypeWord(kind string) string {
	switch kind {
	case "string":
		return "str"
	case "stream":
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
