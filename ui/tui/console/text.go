package console

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"redan/ui/theme"
	"redan/ui/tui/kit"
)

// tone is what a piece of text means, from which its look follows.
type tone uint8

const (
	plain tone = iota
	dim
	accent
	strong
	good
	warn
	danger
	name   // of a field, in a table or in JSON
	number // a number, true, false or null in JSON
)

func (t tone) paint(look kit.Look, s string) string {
	switch t {
	case dim:
		return look.Dim(s)
	case accent:
		return look.Accent(s)
	case strong:
		return look.Strong(s)
	case good:
		return look.Good(s)
	case warn:
		return look.Warn(s)
	case danger:
		return look.Danger(s)
	case name:
		return look.Paint(theme.JSONKey, s)
	case number:
		return look.Paint(theme.JSONNumber, s)
	case plain:
	}
	return s
}

// span is text of one tone, fit for cells.
type span struct {
	text string
	tone tone
}

// row is a line of output, of any length.
type row []span

// say returns rows of one tone, one for each line of text.
func say(t tone, content string) []row {
	var rows []row
	for line := range strings.SplitSeq(strings.TrimRight(content, "\r\n"), "\n") {
		rows = append(rows, row{{kit.Escape(strings.ReplaceAll(strings.TrimSuffix(line, "\r"), "\t", "    ")), t}})
	}
	return rows
}

func (r row) width() int {
	w := 0
	for _, s := range r {
		w += kit.Width(s.text)
	}
	return w
}

// size is what a row costs to keep, in bytes.
func (r row) size() int {
	const overhead = 48
	n := overhead
	for _, s := range r {
		n += len(s.text) + overhead
	}
	return n
}

func (r row) paint(look kit.Look) string {
	var b strings.Builder
	for _, s := range r {
		b.WriteString(s.tone.paint(look, s.text))
	}
	return b.String()
}

// plain is the text of a row.
func (r row) plain() string {
	var b strings.Builder
	for _, s := range r {
		b.WriteString(s.text)
	}
	return b.String()
}

// wrap breaks a row into rows of at most w columns, the first of at most first.
func (r row) wrap(first, w int) []row {
	if w < 1 {
		return nil
	}
	room := max(1, min(first, w))
	rows, line := []row{}, row{}
	for _, s := range r {
		for rest := s.text; rest != ""; {
			head, used := fitting(rest, room)
			if head == "" && len(line) == 0 {
				head, used = widest(rest, w) // a character that fits nowhere
			}
			if head != "" {
				line, rest, room = append(line, span{head, s.tone}), rest[len(head):], room-used
			}
			if rest != "" {
				rows, line, room = append(rows, line), row{}, w
			}
		}
	}
	return append(rows, line)
}

// fitting is as much of the beginning of s as fits into w columns.
func fitting(s string, w int) (string, int) {
	if n := min(len(s), w); ascii(s[:n]) && (n == len(s) || s[n] < 0x80) {
		return s[:max(0, n)], max(0, n)
	}
	at, used := 0, 0
	for at < len(s) {
		g, width := ansi.FirstGraphemeCluster(s[at:], ansi.GraphemeWidth)
		if g == "" || used+width > w {
			break
		}
		at, used = at+len(g), used+width
	}
	return s[:at], used
}

// widest takes one character wherever it is too wide; a pane that narrow cuts it.
func widest(s string, w int) (string, int) {
	g, width := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	if g == "" {
		return s, w
	}
	return g, width
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
