package certreport

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ink is what a text means, and so how it is drawn.
type ink int

const (
	plain   ink = iota
	strong      // what the eye should find first
	broken      // breaks a connection now
	fragile     // will break
	good        // looked at, and good
	trusted     // what trust rests on
	unknown     // not looked at
)

// draw returns text in its ink.
func (s Style) draw(i ink, text string) string {
	switch i {
	case strong:
		return s.Theme.Strong(text)
	case broken:
		return s.Theme.Error(text)
	case fragile:
		return s.Theme.Warning(text)
	case good:
		return s.Theme.OK(text)
	case trusted:
		return s.Theme.Trusted(text)
	case unknown:
		return s.Theme.Unchecked(text)
	default:
		return text
	}
}

// piece is a stretch of text in one ink.
type piece struct {
	text  string
	ink   ink
	whole bool // its blanks are no places to break the line
	joint bool // it stands between two pieces, and goes where the line is broken
}

func say(text string) piece             { return piece{text: text} }
func inked(i ink, text string) piece    { return piece{text: text, ink: i} }
func unbroken(i ink, text string) piece { return piece{text: text, ink: i, whole: true} }

// page is a report being written.
type page struct {
	Style
	Options
	out strings.Builder
}

// line writes a line as it is.
func (p *page) line(parts ...piece) {
	p.raw(parts...)
	p.out.WriteByte('\n')
}

func (p *page) raw(parts ...piece) {
	for _, part := range parts {
		p.out.WriteString(p.draw(part.ink, part.text))
	}
}

// paragraph writes pieces as words with one blank between them, wrapped at the page's width. The first line begins with lead, in
// indent columns or more, and the others are indented by as many.
func (p *page) paragraph(lead []piece, indent int, parts ...piece) {
	taken := 0
	for _, part := range lead {
		taken += columns(part.text)
	}
	first := p.room(max(taken, indent))
	if taken > indent {
		first = -first // nothing is lost by leaving the line to a lead as long as that
	}
	for i, line := range fill(p.wordsOf(parts, indent), first, p.room(indent)) {
		switch {
		case i > 0:
			p.out.WriteString(blanks(indent))
		case len(line) == 0:
			lead = trimmed(lead)
			p.raw(lead...)
		default:
			p.raw(lead...)
			p.out.WriteString(blanks(indent - taken))
		}
		p.words(line)
		p.out.WriteByte('\n')
	}
}

// room is how many columns of a line are left behind the first ones.
func (p *page) room(taken int) int {
	if p.Width == 0 {
		return math.MaxInt32
	}
	return max(1, p.Width-taken)
}

// trimmed returns pieces without the blanks at their end.
func trimmed(parts []piece) []piece {
	parts = slices.Clone(parts)
	for n := len(parts); n > 0; n-- {
		last := &parts[n-1]
		if last.text = strings.TrimRight(last.text, " "); last.text != "" {
			return parts
		}
		parts = parts[:n-1]
	}
	return parts
}

// fill puts words into lines: the first has first columns, the others rest. A word wider than a line has one of its own, and goes beyond
// it; the first line is left empty for such a word, or one too wide for it, only when first is negative. There is always a first line.
func fill(words []piece, first, rest int) [][]piece {
	lines := [][]piece{nil}
	room, mayBeEmpty := max(first, -first), first < 0
	used := 0
	for i, word := range words {
		line := len(lines) - 1
		needed := used + columns(strings.TrimRight(word.text, " "))
		if used > 0 {
			needed++
		}
		if word.joint && i+1 < len(words) && needed+1+columns(strings.TrimRight(words[i+1].text, " ")) > room {
			used = room // what follows begins a line
			continue
		}
		if needed > room && (used > 0 || mayBeEmpty) {
			lines, line = append(lines, nil), line+1
			room, used = rest, 0
		}
		mayBeEmpty = false
		if used > 0 {
			used++
		}
		used += columns(word.text)
		lines[line] = append(lines[line], word)
	}
	return lines
}

// words writes a line, neighbours in the same ink as one.
func (p *page) words(line []piece) {
	line = trimmed(line)
	var run piece
	for i, word := range line {
		switch {
		case i == 0:
			run = word
		case run.ink == word.ink:
			run.text += " " + word.text
		default:
			p.raw(run)
			p.out.WriteByte(' ')
			run = word
		}
	}
	p.raw(run)
}

// wordsOf takes pieces apart into what a line may not be broken in. What is to stay whole is taken apart only where it fits in no line.
func (p *page) wordsOf(parts []piece, indent int) []piece {
	var words []piece
	for _, part := range parts {
		if part.whole && (p.Width == 0 || indent+columns(part.text) <= p.Width) {
			if strings.Trim(part.text, " ") != "" {
				words = append(words, part)
			}
			continue
		}
		for word := range strings.FieldsSeq(part.text) {
			words = append(words, piece{text: word, ink: part.ink})
		}
	}
	return words
}

// blanks returns n blanks; none when n is negative.
func blanks(n int) string {
	if n <= 0 {
		return ""
	}
	return strings.Repeat(" ", n)
}

// padded returns text with blanks behind it up to a number of columns.
func padded(text string, to int) string { return text + blanks(to-columns(text)) }

// columns is how many columns of a terminal text takes: East Asian characters take two, marks that sit on others none.
func columns(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			n++
		case unicode.In(r, unicode.Mn, unicode.Me):
		case isWide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// isWide reports whether r takes two columns.
func isWide(r rune) bool {
	return 0x1100 <= r && r <= 0x115f || 0x2e80 <= r && r <= 0xa4cf || 0xa960 <= r && r <= 0xa97f || 0xac00 <= r && r <= 0xd7a3 ||
		0xf900 <= r && r <= 0xfaff || 0xfe30 <= r && r <= 0xfe6f || 0xff00 <= r && r <= 0xff60 || 0xffe0 <= r && r <= 0xffe6 ||
		0x1f300 <= r && r <= 0x1faff || 0x20000 <= r && r <= 0x3fffd
}
