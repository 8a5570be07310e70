package demo

import (
	"strconv"
	"strings"
)

// splitInline takes an inline command apart: words between spaces, "double
// quotes" with escapes (\n \r \t \b \a \xHH), 'single quotes' with \' only.
func splitInline(line string) ([]string, error) {
	var args []string
	rest := strings.TrimLeft(line, inlineSpace)
	for rest != "" {
		arg, after, ok := inlineArg(rest)
		if !ok {
			return nil, &protocolError{"unbalanced quotes in request"}
		}
		args = append(args, arg)
		rest = strings.TrimLeft(after, inlineSpace)
	}
	return args, nil
}

const inlineSpace = " \t\r\n\v\f\x00"

// inlineArg takes the first argument off s, which begins with it.
func inlineArg(s string) (arg, rest string, ok bool) {
	var word strings.Builder
	for s != "" && !strings.ContainsRune(inlineSpace, rune(s[0])) {
		if s[0] != '"' && s[0] != '\'' {
			word.WriteByte(s[0])
			s = s[1:]
			continue
		}
		if s, ok = quoted(&word, s[1:], s[0]); !ok {
			return "", "", false
		}
		// A closing quote ends the argument.
		if s != "" && !strings.ContainsRune(inlineSpace, rune(s[0])) {
			return "", "", false
		}
	}
	return word.String(), s, true
}

// quoted copies what is inside quotes and returns what is behind the closing one.
func quoted(word *strings.Builder, s string, quote byte) (rest string, ok bool) {
	for s != "" {
		switch {
		case s[0] == quote:
			return s[1:], true
		case s[0] != '\\' || len(s) == 1:
			word.WriteByte(s[0])
			s = s[1:]
		case quote == '"':
			var b byte
			b, s = unescape(s[1:])
			word.WriteByte(b)
		case s[1] == quote:
			word.WriteByte(quote)
			s = s[2:]
		default:
			word.WriteByte('\\')
			s = s[1:]
		}
	}
	return "", false
}

// unescape reads what follows a backslash; s is not empty.
func unescape(s string) (b byte, rest string) {
	switch s[0] {
	case 'n':
		return '\n', s[1:]
	case 'r':
		return '\r', s[1:]
	case 't':
		return '\t', s[1:]
	case 'b':
		return '\b', s[1:]
	case 'a':
		return '\a', s[1:]
	case 'x':
		if len(s) >= 3 {
			if v, err := strconv.ParseUint(s[1:3], 16, 8); err == nil {
				return byte(v), s[3:]
			}
		}
	}
	return s[0], s[1:]
}
