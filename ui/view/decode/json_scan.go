package decode

import (
	"bytes"
	"errors"
)

// mark is the kind of a JSON token.
type mark uint8

const (
	markOpen   mark = iota // { or [
	markClose              // } or ]
	markColon              // :
	markComma              // ,
	markName               // the name of a member
	markString             // a string that is a value
	markNumber             // a number
	markWord               // true, false, null
	markEnd                // no token: the text is over
)

// token is a piece of a JSON text.
type token struct {
	mark       mark
	start, end int
}

// errShort is returned where the text ends before the value does.
var errShort = errors.New("ends too early")

// expectation is what may come next.
type expectation uint8

const (
	wantValue expectation = iota
	wantValueOrClose
	wantName
	wantNameOrClose
	wantColon
	wantCommaOrClose
	wantEnd
)

// scanner reads JSON (RFC 8259) token by token, strictly and without recursion. The bytes of strings are not checked to be UTF-8: a
// value that has one wrong byte is easier to read as JSON than as none.
type scanner struct {
	data  []byte
	pos   int
	name  Name // JSON, or NDJSON: any number of values, each on lines of its own
	want  expectation
	stack []byte // the brackets that are open
}

// next returns the next token; markEnd at the end of a text that is complete. The error is errShort or a *MalformedError.
func (s *scanner) next() (token, error) {
	before := s.pos
	s.pos += blank(s.data[s.pos:])
	if s.want == wantEnd && s.name == NDJSON && s.pos < len(s.data) {
		if bytes.IndexByte(s.data[before:s.pos], '\n') < 0 {
			return token{}, s.malformed("a line holds one value")
		}
		s.want = wantValue
	}
	if s.pos == len(s.data) {
		if s.want == wantEnd {
			return token{mark: markEnd, start: s.pos, end: s.pos}, nil
		}
		return token{}, errShort
	}
	return s.accept(s.data[s.pos])
}

// blank returns how many bytes of white space data begins with.
func blank(data []byte) int {
	for i, c := range data {
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return i
		}
	}
	return len(data)
}

// accept reads the token that begins with c, if it may come here.
func (s *scanner) accept(c byte) (token, error) {
	switch s.want {
	case wantEnd:
		return token{}, s.malformed("the value is over: nothing more expected")
	case wantColon:
		if c != ':' {
			return token{}, s.malformed("colon expected")
		}
		s.want = wantValue
		return s.take(markColon), nil
	case wantCommaOrClose:
		return s.acceptAfterElement(c)
	case wantName, wantNameOrClose:
		if c == '}' && s.want == wantNameOrClose {
			return s.close(), nil
		}
		if c != '"' {
			return token{}, s.malformed("name in double quotes expected")
		}
		return s.text(markName, wantColon)
	case wantValueOrClose:
		if c == ']' {
			return s.close(), nil
		}
	default:
	}
	return s.acceptValue(c)
}

func (s *scanner) acceptAfterElement(c byte) (token, error) {
	open := s.stack[len(s.stack)-1]
	switch {
	case c == ',' && open == '{':
		s.want = wantName
		return s.take(markComma), nil
	case c == ',':
		s.want = wantValue
		return s.take(markComma), nil
	case c == '}' && open == '{', c == ']' && open == '[':
		return s.close(), nil
	case open == '{':
		return token{}, s.malformed("comma or } expected")
	default:
		return token{}, s.malformed("comma or ] expected")
	}
}

func (s *scanner) acceptValue(c byte) (token, error) {
	switch c {
	case '{':
		s.stack, s.want = append(s.stack, c), wantNameOrClose
		return s.take(markOpen), nil
	case '[':
		s.stack, s.want = append(s.stack, c), wantValueOrClose
		return s.take(markOpen), nil
	case '"':
		return s.text(markString, s.afterValue())
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	}
	if c == '-' || isDigit(c) {
		return s.number()
	}
	return token{}, s.malformed("value expected")
}

// take returns the next n bytes as a token of one byte.
func (s *scanner) take(m mark) token {
	s.pos++
	return token{mark: m, start: s.pos - 1, end: s.pos}
}

func (s *scanner) close() token {
	s.stack = s.stack[:len(s.stack)-1]
	s.want = s.afterValue()
	return s.take(markClose)
}

// afterValue is what may come after a value in the bracket that is open.
func (s *scanner) afterValue() expectation {
	if len(s.stack) == 0 {
		return wantEnd
	}
	return wantCommaOrClose
}

func (s *scanner) word(word string) (token, error) {
	rest := s.data[s.pos:]
	if len(rest) < len(word) && bytes.HasPrefix([]byte(word), rest) {
		return token{}, errShort
	}
	if !bytes.HasPrefix(rest, []byte(word)) {
		return token{}, s.malformed("value expected")
	}
	s.pos, s.want = s.pos+len(word), s.afterValue()
	return token{mark: markWord, start: s.pos - len(word), end: s.pos}, nil
}

// text reads a string.
func (s *scanner) text(m mark, then expectation) (token, error) {
	start := s.pos
	for i := start + 1; i < len(s.data); i++ {
		switch c := s.data[i]; {
		case c == '"':
			s.pos, s.want = i+1, then
			return token{mark: m, start: start, end: i + 1}, nil
		case c < ' ':
			s.pos = i
			return token{}, s.malformed("control character in a string")
		case c == '\\':
			n, ok := escapeLength(s.data[i:])
			if !ok {
				s.pos = i
				return token{}, s.malformed("no such escape in a string")
			}
			i += n - 1
		}
	}
	return token{}, errShort
}

// escapeLength returns the length of the escape that data begins with; beyond data where it is cut off.
func escapeLength(data []byte) (int, bool) {
	if len(data) < 2 {
		return 2, true
	}
	switch data[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, true
	case 'u':
		for _, c := range data[2:min(6, len(data))] {
			if !isDigit(c) && (c|' ' < 'a' || c|' ' > 'f') {
				return 0, false
			}
		}
		return 6, true
	}
	return 0, false
}

// number reads a number. One that reaches to the end of the data is complete only where it may be: at the top, in a text that is.
func (s *scanner) number() (token, error) {
	start := s.pos
	i := start
	if s.data[i] == '-' {
		i++
	}
	var ok bool
	if i < len(s.data) && s.data[i] == '0' {
		i, ok = i+1, true
	} else {
		i, ok = s.digits(i)
	}
	if ok && i < len(s.data) && s.data[i] == '.' {
		i, ok = s.digits(i + 1)
	}
	if ok && i < len(s.data) && s.data[i]|' ' == 'e' {
		i++
		if i < len(s.data) && (s.data[i] == '+' || s.data[i] == '-') {
			i++
		}
		i, ok = s.digits(i)
	}
	if i == len(s.data) && (!ok || len(s.stack) > 0) {
		return token{}, errShort
	}
	s.pos = i
	if !ok {
		return token{}, s.malformed("digit expected")
	}
	if isDigit(s.data[i-1]) && i < len(s.data) && isDigit(s.data[i]) {
		return token{}, s.malformed("a number does not begin with 0")
	}
	s.want = s.afterValue()
	return token{mark: markNumber, start: start, end: i}, nil
}

// digits returns where the digits from i on end, and whether there is one.
func (s *scanner) digits(i int) (int, bool) {
	start := i
	for i < len(s.data) && isDigit(s.data[i]) {
		i++
	}
	return i, i > start
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (s *scanner) malformed(reason string) *MalformedError {
	return malformedAt(s.name, s.data, s.pos, reason)
}
