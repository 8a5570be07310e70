package kit

import (
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"redan/ui/theme"
)

// Line is one line of text that is being typed. The cursor never stands inside a grapheme.
type Line struct {
	text string
	at   int // byte offset of the cursor
}

// NewLine returns a line that holds text, with the cursor at its end.
func NewLine(text string) Line { return Line{text: text, at: len(text)} }

// Text is what was typed.
func (l Line) Text() string { return l.text }

// Before is what was typed before the cursor.
func (l Line) Before() string { return l.text[:l.at] }

// AtEnd reports whether the cursor is behind the last character.
func (l Line) AtEnd() bool { return l.at == len(l.text) }

// Insert puts text in at the cursor. Line breaks become blanks.
func (l Line) Insert(text string) Line {
	text = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(text)
	l.text = l.text[:l.at] + text + l.text[l.at:]
	l.at += len(text)
	return l
}

// Update edits the line as a shell would. It reports whether the key meant anything.
func (l Line) Update(msg tea.KeyPressMsg) (Line, bool) {
	switch msg.Keystroke() {
	case "left", "ctrl+b":
		l.at -= len(l.last())
	case "right", "ctrl+f":
		l.at += len(l.first())
	case "home", "ctrl+a":
		l.at = 0
	case "end", "ctrl+e":
		l.at = len(l.text)
	case "alt+left", "alt+b", "ctrl+left":
		l.at = l.wordStart()
	case "alt+right", "alt+f", "ctrl+right":
		l.at = l.wordEnd()
	case "backspace", "ctrl+h", "shift+backspace":
		l = l.cut(l.at-len(l.last()), l.at)
	case "delete", "ctrl+d":
		l = l.cut(l.at, l.at+len(l.first()))
	case "ctrl+w", "alt+backspace":
		l = l.cut(l.wordStart(), l.at)
	case "alt+d":
		l = l.cut(l.at, l.wordEnd())
	case "ctrl+u":
		l = l.cut(0, l.at)
	case "ctrl+k":
		l = l.cut(l.at, len(l.text))
	default:
		if msg.Text == "" {
			return l, false
		}
		return l.Insert(msg.Text), true
	}
	return l, true
}

func (l Line) cut(from, to int) Line {
	return Line{text: l.text[:from] + l.text[to:], at: from}
}

// first is the grapheme behind the cursor.
func (l Line) first() string {
	g, _ := ansi.FirstGraphemeCluster(l.text[l.at:], ansi.GraphemeWidth)
	return g
}

// last is the grapheme before the cursor.
func (l Line) last() string {
	last := ""
	for rest := l.text[:l.at]; rest != ""; rest = rest[len(last):] {
		if last, _ = ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth); last == "" {
			return rest
		}
	}
	return last
}

func (l Line) wordStart() int {
	at := l.at
	for _, inside := range []bool{false, true} {
		for at > 0 {
			r, n := utf8.DecodeLastRuneInString(l.text[:at])
			if isWord(r) != inside {
				break
			}
			at -= n
		}
	}
	return at
}

func (l Line) wordEnd() int {
	at := l.at
	for _, inside := range []bool{false, true} {
		for at < len(l.text) {
			r, n := utf8.DecodeRuneInString(l.text[at:])
			if isWord(r) != inside {
				break
			}
			at += n
		}
	}
	return at
}

// View returns the line in exactly w columns with a cursor in it, moved so that the cursor is seen. hint stands, dim, behind a line
// whose cursor is at its end.
func (l Line) View(w int, look Look, hint string) string {
	if w <= 0 {
		return ""
	}
	before, under, after := Escape(l.text[:l.at]), l.first(), ""
	if under != "" {
		after = Escape(l.text[l.at+len(under):])
		under = Escape(under)
	}
	width := max(1, Width(under))
	if room := w - width; Width(before) > room {
		before = clipLeft(before, room)
	}
	room := max(0, w-Width(before)-width)
	if under == "" {
		after = look.Hint(Cut(Escape(hint), room, look.ASCII))
	} else if Width(after) > room {
		after = Clip(after, room)
	}
	return Fit(before+cursor(under)+after, w, look.ASCII)
}

// cursor is the cell of the cursor.
func cursor(under string) string {
	if under == "" {
		under = " "
	}
	return theme.Cursor(under)
}
