package decode

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// dialect is how what cannot be shown is written.
type dialect uint8

const (
	raw      dialect = iota // text as it is: \x1b, \u202e
	jsonText                // the inside of a JSON string, which has its own backslashes: \u007f, \u202e
	quoted                  // bytes between quotes that we put: a quote and a backslash of their own are escaped as well
)

// crowd is how many combining marks may stand on one character.
const crowd = 8

// appendEscaped appends text as spans: what a terminal may get as kind, what it must not as [Escape]. Control characters, invalid
// UTF-8, characters without ink and those that turn the direction of writing are escaped, and so is a combining mark that would end up
// on a character before the text.
func appendEscaped(spans []Span, text []byte, kind Kind, d dialect) []Span {
	if isPrintableASCII(text) && d != quoted {
		return appendSpan(spans, string(text), kind)
	}
	run := run{spans: spans}
	marks := crowd // combining marks in a row
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		c := text[i : i+n]
		i += n
		mark := unicode.Is(unicode.M, r)
		switch {
		case !shown(r, n), mark && marks >= crowd:
			run.append(escaped(c, r, d), Escape)
			marks = crowd
		case mark:
			run.append(c, kind)
			marks++
		case d == quoted && (r == '"' || r == '\\'):
			run.append([]byte{'\\', c[0]}, kind)
			marks = 0
		default:
			run.append(c, kind)
			marks = 0
		}
	}
	return run.end()
}

// run gathers text of one kind before it becomes a span.
type run struct {
	spans []Span
	text  []byte
	kind  Kind
}

func (r *run) append(text []byte, kind Kind) {
	if kind != r.kind {
		r.spans = r.end()
		r.kind = kind
	}
	r.text = append(r.text, text...)
}

// end returns the spans with the last run.
func (r *run) end() []Span {
	spans := appendSpan(r.spans, string(r.text), r.kind)
	r.text = r.text[:0]
	return spans
}

// appendSpan appends text, to the last span where that is of the same kind.
func appendSpan(spans []Span, text string, kind Kind) []Span {
	if text == "" {
		return spans
	}
	if last := len(spans) - 1; last >= 0 && spans[last].Kind == kind {
		spans[last].Text += text
		return spans
	}
	return append(spans, Span{Text: text, Kind: kind})
}

// shown reports whether a character of n bytes can be seen where it stands.
func shown(r rune, n int) bool {
	if r == utf8.RuneError && n <= 1 || !unicode.IsGraphic(r) {
		return false
	}
	switch r {
	case '\u00a0', '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u2800', '\u3164', '\uffa0':
		return false // blanks that are none, letters without ink
	}
	return true
}

// escaped returns a character as its escape.
func escaped(b []byte, r rune, d dialect) []byte {
	switch {
	case r == utf8.RuneError && len(b) <= 1:
		return fmt.Appendf(nil, `\x%02x`, b[0])
	case r == '\n':
		return []byte(`\n`)
	case r == '\r':
		return []byte(`\r`)
	case r == '\t':
		return []byte(`\t`)
	case r < utf8.RuneSelf && d != jsonText:
		return fmt.Appendf(nil, `\x%02x`, r)
	case r <= 0xffff:
		return fmt.Appendf(nil, `\u%04x`, r)
	default:
		return fmt.Appendf(nil, `\U%08x`, r)
	}
}

func isPrintableASCII(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// unprintable counts the bytes of text that a text does not have: controls other than line breaks and tabs, and what is no UTF-8. An
// incomplete character at the end is not counted where the text goes on.
func unprintable(text []byte, more bool) int {
	bad := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
				bad++
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n <= 1 {
			if more && !utf8.FullRune(text[i:]) {
				return bad
			}
			bad++
		}
		i += n
	}
	return bad
}

// lineCut returns how much of text a line shows, cutting no character in two.
func lineCut(text []byte) int {
	if len(text) <= longestLine {
		return len(text)
	}
	for at := longestLine; at > longestLine-utf8.UTFMax; at-- {
		if utf8.RuneStart(text[at]) {
			return at
		}
	}
	return longestLine // no UTF-8 here: any place will do
}

// place returns the line and the column, both from 1, of an offset.
func place(data []byte, offset int) (line, column int) {
	before := data[:min(offset, len(data))]
	return 1 + bytes.Count(before, []byte{'\n'}), len(before) - bytes.LastIndexByte(before, '\n')
}
