package certreport

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"redan/conn/cert"
)

// isShown reports whether r can be seen where it stands. What cannot, and what changes the characters around it, is escaped: control
// characters, the marks that turn the direction of writing, spaces that are none, letters without ink.
func isShown(r rune) bool {
	switch {
	case r == ' ':
		return true
	case r == unicode.ReplacementChar, !unicode.IsGraphic(r), unicode.Is(unicode.Zs, r), unicode.Is(unicode.Variation_Selector, r):
		return false
	}
	switch r {
	case '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u2800', '\u3164', '\uffa0':
		return false
	}
	return true
}

// escape returns text fit for a terminal: what isShown refuses becomes \x1b or \u202e, and with ascii so does all that is not ASCII.
// Escaping twice changes nothing.
func escape(text string, ascii bool) string {
	if strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf || r < ' ' || r == '\x7f' }) < 0 {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case !isShown(r), ascii && r >= utf8.RuneSelf:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		default:
			b.WriteString(text[:size])
		}
		text = text[size:]
	}
	return b.String()
}

// How many bytes of a text are shown. A name in a certificate may be megabytes long.
const (
	longestName  = 300
	longestProse = 4000
)

// bounded returns text, or both its ends and a fingerprint of the whole when it is endless: two texts that differ still do.
func bounded(text string, most int) string {
	if len(text) <= most {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	return text[:most/2] + fmt.Sprintf("[..%d-bytes..sha256:%s..]", len(text), hex.EncodeToString(sum[:8])) + text[len(text)-most/4:]
}

// name returns a name from outside, for the style's terminal.
func (s Style) name(text string) string { return escape(edged(bounded(text, longestName)), s.ASCII) }

// edged makes those blanks of a name visible that a reader, or a paragraph, takes for none: the first, the last, and all after another.
func edged(text string) string {
	if !strings.Contains(text, "  ") && strings.Trim(text, " ") == text {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		if text[i] == ' ' && (i == 0 || i == len(text)-1 || text[i-1] == ' ') {
			b.WriteString(`\x20`)
			continue
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// prose returns a sentence, for the style's terminal.
func (s Style) prose(text string) string { return escape(bounded(text, longestProse), s.ASCII) }

// command returns a command line for the style's terminal, whole. Where only ASCII can be shown, characters beyond it are written so
// that the shell, or Redis, reads them back: inside the quotes they always stand in.
func (s Style) command(f cert.Fix) string {
	text := escape(f.Command, false)
	if !s.ASCII {
		return text
	}
	var b strings.Builder
	for text != "" {
		run := strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
		if run < 0 {
			run = len(text)
		}
		b.WriteString(text[:run])
		text = text[run:]
		end := strings.IndexFunc(text, func(r rune) bool { return r < utf8.RuneSelf })
		if end < 0 {
			end = len(text)
		}
		if end > 0 {
			b.WriteString(spelled(text[:end], f.Language))
		}
		text = text[end:]
	}
	return b.String()
}

// spelled returns characters that are not ASCII as bytes in escapes of a language.
func spelled(text string, language cert.Language) string {
	var b strings.Builder
	for i := range len(text) {
		if language == cert.LanguageRedis {
			fmt.Fprintf(&b, `\x%02x`, text[i])
			continue
		}
		fmt.Fprintf(&b, `\%03o`, text[i])
	}
	if language == cert.LanguageRedis {
		return b.String()
	}
	return `'$'` + b.String() + `''`
}
