package commands

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Errors of Split and Unquote. They tell what is wrong with the quoting and
// carry nothing of the line, which may hold a secret.
var (
	// ErrUnbalancedQuotes means that a quote was opened and never closed.
	ErrUnbalancedQuotes = errors.New("unbalanced quotes: close the quote, or escape it as \\\" inside double quotes")
	// ErrTextAfterQuote means that a closing quote is followed by more text
	// of the same word, which redis-cli refuses too.
	ErrTextAfterQuote = errors.New("text directly after a closing quote: put a space there, or quote the whole word")
	// ErrNotOneWord means that Unquote was given no word, or several.
	ErrNotOneWord = errors.New("not exactly one word: put quotes around a word that is empty or has spaces")
)

// Split cuts a typed line into words the way redis-cli does: words end at
// blanks, double quotes know \n \r \t \b \a \xHH and take any other escaped
// byte literally, single quotes know only \'. Quotes may open inside a word
// but a closing quote ends it. A NUL byte ends the line. A blank line gives no
// words and no error.
func Split(line string) ([]string, error) {
	s := scanner{line: untilNUL(line)}
	var words []string
	for s.skipBlanks() {
		word, err := s.word()
		if err != nil {
			return nil, err
		}
		words = append(words, word)
	}
	return words, nil
}

// Unquote reads one word in the notation of Split, as --quoted-input needs it.
// It fails with ErrNotOneWord when there is no word or more than one.
func Unquote(word string) (string, error) {
	words, err := Split(word)
	if err != nil {
		return "", err
	}
	if len(words) != 1 {
		return "", ErrNotOneWord
	}
	return words[0], nil
}

// Partial is a line that is still being typed, cut at the word under the
// cursor. The cursor is at the end of the line.
type Partial struct {
	Words []string // the finished words
	Word  string   // the word being typed, unquoted; empty after a blank
	Start int      // byte offset at which the word being typed begins
	Open  bool     // the word being typed has a quote that is still open
}

// SplitPartial cuts a line that is still being typed. Unlike Split it accepts
// an open quote in the last word; text after a closing quote is still an error.
func SplitPartial(line string) (Partial, error) {
	line = untilNUL(line)
	s := scanner{line: line}
	p := Partial{Start: len(line)}
	for s.skipBlanks() {
		start := s.pos
		word, err := s.word()
		open := errors.Is(err, ErrUnbalancedQuotes)
		if err != nil && !open {
			return Partial{}, err
		}
		if s.pos == len(line) {
			p.Word, p.Start, p.Open = word, start, open
			break
		}
		p.Words = append(p.Words, word)
	}
	return p, nil
}

// Quote writes a word so that Split reads it back: bare where that is safe and
// readable, in double quotes otherwise. Printable UTF-8 stays readable.
func Quote(word string) string {
	if bare(word) {
		return word
	}
	const hex = "0123456789abcdef"
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(word); {
		r, size := utf8.DecodeRuneInString(word[i:])
		c := word[i]
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case escapeLetter(c) != 0:
			b.WriteByte('\\')
			b.WriteByte(escapeLetter(c))
		case readable(r, size):
			b.WriteString(word[i : i+size])
		default:
			size = 1
			b.WriteString(`\x`)
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
		i += size
	}
	b.WriteByte('"')
	return b.String()
}

// bare reports whether a word needs no quotes. A lone bar needs them although
// Split takes it literally: at the prompt it would start a shell command.
func bare(word string) bool {
	if word == "" || word == "|" {
		return false
	}
	for i := 0; i < len(word); {
		r, size := utf8.DecodeRuneInString(word[i:])
		if r == ' ' || r == '"' || r == '\'' || !readable(r, size) {
			return false
		}
		i += size
	}
	return true
}

func readable(r rune, size int) bool {
	return (r != utf8.RuneError || size > 1) && unicode.IsPrint(r)
}

func escapeLetter(c byte) byte {
	switch c {
	case '\n':
		return 'n'
	case '\r':
		return 'r'
	case '\t':
		return 't'
	case '\b':
		return 'b'
	case '\a':
		return 'a'
	}
	return 0
}

func untilNUL(line string) string {
	line, _, _ = strings.Cut(line, "\x00")
	return line
}

// scanner walks over a line word by word.
type scanner struct {
	line string
	pos  int
}

// skipBlanks moves to the next word and reports whether there is one.
func (s *scanner) skipBlanks() bool {
	for s.pos < len(s.line) && blank(s.line[s.pos]) {
		s.pos++
	}
	return s.pos < len(s.line)
}

// word reads the word at the scanner. With ErrUnbalancedQuotes the text read
// so far comes along and the scanner stands at the end of the line.
func (s *scanner) word() (string, error) {
	start := s.pos
	for s.pos < len(s.line) {
		switch c := s.line[s.pos]; {
		case c == '"' || c == '\'':
			return s.quoted(start, c)
		case endsWord(c):
			return s.line[start:s.pos], nil
		}
		s.pos++
	}
	return s.line[start:], nil
}

// quoted reads the rest of a word whose quote opens at the scanner and whose
// first byte is at start.
func (s *scanner) quoted(start int, quote byte) (string, error) {
	word := []byte(s.line[start:s.pos])
	s.pos++
	for s.pos < len(s.line) {
		c := s.line[s.pos]
		if c == quote {
			s.pos++
			if s.pos < len(s.line) && !blank(s.line[s.pos]) {
				return "", ErrTextAfterQuote
			}
			return string(word), nil
		}
		if c == '\\' && s.pos+1 < len(s.line) {
			c = s.escape(quote)
		}
		word = append(word, c)
		s.pos++
	}
	return string(word), ErrUnbalancedQuotes
}

// escape decodes the escape at the scanner and leaves it on the last byte of
// the sequence.
func (s *scanner) escape(quote byte) byte {
	next := s.line[s.pos+1]
	if quote == '\'' {
		if next != quote {
			return '\\'
		}
		s.pos++
		return next
	}
	if next == 'x' && s.pos+3 < len(s.line) {
		if n, err := strconv.ParseUint(s.line[s.pos+2:s.pos+4], 16, 8); err == nil {
			s.pos += 3
			return byte(n)
		}
	}
	s.pos++
	switch next {
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'b':
		return '\b'
	case 'a':
		return '\a'
	}
	return next
}

// blank is what separates words and may follow a closing quote.
func blank(c byte) bool {
	return c == '\v' || c == '\f' || endsWord(c)
}

// endsWord is what ends an unquoted word. Vertical tab and form feed do not:
// redis-cli skips them between words but keeps them inside one.
func endsWord(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r'
}
