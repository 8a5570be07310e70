package repl

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// buffer is the line being edited.
type buffer struct {
	text   []rune // see toRunes
	pos    int    // the cursor stands before text[pos]
	killed []rune // what yank brings back
}

// rawByte is where bytes that are not UTF-8 live in a []rune: above all
// characters, so that what is typed is what is sent.
const rawByte = utf8.MaxRune + 1

// toRunes is []rune(s) without loss.
func toRunes(s string) []rune {
	runes := make([]rune, 0, len(s))
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && size == 1 {
			r = rawByte + rune(s[0])
		}
		runes = append(runes, r)
		s = s[size:]
	}
	return runes
}

// fromRunes undoes toRunes.
func fromRunes(runes []rune) string {
	var b strings.Builder
	for _, r := range runes {
		if r >= rawByte {
			b.WriteByte(byte(r - rawByte)) //nolint:gosec // toRunes put a byte there
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func (b *buffer) String() string { return fromRunes(b.text) }

// head is the text before the cursor.
func (b *buffer) head() string { return fromRunes(b.text[:b.pos]) }

// atEnd reports whether the cursor stands behind the text.
func (b *buffer) atEnd() bool { return b.pos == len(b.text) }

// set replaces the text and puts the cursor behind it.
func (b *buffer) set(s string) {
	b.text = toRunes(s)
	b.pos = len(b.text)
}

// setHead replaces the text before the cursor.
func (b *buffer) setHead(s string) {
	head := toRunes(s)
	b.text = slices.Concat(head, b.text[b.pos:])
	b.pos = len(head)
}

func (b *buffer) insert(runes []rune) {
	b.text = slices.Insert(b.text, b.pos, runes...)
	b.pos += len(runes)
}

// left returns where the character before pos begins, with the marks that
// combine with it.
func (b *buffer) left(pos int) int {
	for pos > 0 {
		pos--
		if pos == 0 || runeWidth(b.text[pos]) > 0 {
			break
		}
	}
	return pos
}

// right returns where the character at pos ends.
func (b *buffer) right(pos int) int {
	if pos < len(b.text) {
		pos++
	}
	for pos < len(b.text) && runeWidth(b.text[pos]) == 0 {
		pos++
	}
	return pos
}

// wordLeft returns where the word before the cursor begins.
func (b *buffer) wordLeft() int { return b.back(isWord) }

// argumentLeft is wordLeft for words that only blanks separate.
func (b *buffer) argumentLeft() int {
	return b.back(func(r rune) bool { return !unicode.IsSpace(r) })
}

// back returns where the run of runes of a kind begins that the cursor is in
// or behind.
func (b *buffer) back(kind func(rune) bool) int {
	pos := b.pos
	for pos > 0 && !kind(b.text[pos-1]) {
		pos--
	}
	for pos > 0 && kind(b.text[pos-1]) {
		pos--
	}
	return pos
}

// wordRight returns where the word at or after the cursor ends.
func (b *buffer) wordRight() int {
	pos := b.pos
	for pos < len(b.text) && !isWord(b.text[pos]) {
		pos++
	}
	for pos < len(b.text) && isWord(b.text[pos]) {
		pos++
	}
	return pos
}

func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r >= rawByte
}

// erase removes text[from:to].
func (b *buffer) erase(from, to int) {
	b.text = slices.Delete(b.text, from, to)
	b.pos = from
}

// kill is erase for what yank is to bring back.
func (b *buffer) kill(from, to int) {
	if from < to {
		b.killed = slices.Clone(b.text[from:to])
		b.erase(from, to)
	}
}

// transpose swaps the characters around the cursor; at the end of the line the
// last two.
func (b *buffer) transpose() {
	pos := b.pos
	if pos == len(b.text) {
		pos--
	}
	if pos < 1 {
		return
	}
	b.text[pos-1], b.text[pos] = b.text[pos], b.text[pos-1]
	b.pos = pos + 1
}

// edit applies a key that moves or changes text within the line, and reports
// whether the key is one.
func (b *buffer) edit(p press) bool {
	switch p.key {
	case keyText:
		b.insert(toRunes(p.text))
	case keyBackspace:
		b.erase(b.left(b.pos), b.pos)
	case keyDelete:
		b.erase(b.pos, b.right(b.pos))
	case keyLeft:
		b.pos = b.left(b.pos)
	case keyRight:
		b.pos = b.right(b.pos)
	case keyWordLeft:
		b.pos = b.wordLeft()
	case keyWordRight:
		b.pos = b.wordRight()
	case keyHome:
		b.pos = 0
	case keyEnd:
		b.pos = len(b.text)
	case keyKillToEnd:
		b.kill(b.pos, len(b.text))
	case keyKillToStart:
		b.kill(0, b.pos)
	case keyKillArgument:
		b.kill(b.argumentLeft(), b.pos)
	case keyKillWordLeft:
		b.kill(b.wordLeft(), b.pos)
	case keyKillWordRight:
		b.kill(b.pos, b.wordRight())
	case keyYank:
		b.insert(b.killed)
	case keyTranspose:
		b.transpose()
	default:
		return false
	}
	return true
}
