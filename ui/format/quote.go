package format

// encoding is how the bytes of a string are written down.
type encoding int

const (
	plain      encoding = iota // as they are
	quoted                     // redis-cli's escapes, see AppendQuoted
	quotedJSON                 // the same with every backslash doubled
	jsonText                   // JSON's escapes, see AppendJSONString
)

// isASCII reports whether the result is printable ASCII, whatever went in.
func (e encoding) isASCII() bool { return e == quoted || e == quotedJSON }

const hexDigits = "0123456789abcdef"

// AppendQuoted appends b to dst between double quotes, in printable ASCII only:
// backslash, double quote, line feed, carriage return, tab, bell and backspace
// as two characters, every other byte that is not printable as \xNN. It is what
// redis-cli shows and what it reads back.
func AppendQuoted(dst, b []byte) []byte {
	dst = append(dst, '"')
	dst = quoted.append(dst, b)
	return append(dst, '"')
}

// AppendJSONString appends b to dst as a JSON string. Bytes above 0x7e pass
// unchanged, so that UTF-8 stays readable; b that is not UTF-8 does not become it.
func AppendJSONString(dst, b []byte) []byte {
	dst = append(dst, '"')
	dst = jsonText.append(dst, b)
	return append(dst, '"')
}

// append appends b without quotes around it. Every byte stands for itself, so
// b may be any part of a longer string.
func (e encoding) append(dst, b []byte) []byte {
	if e == plain {
		return append(dst, b...)
	}
	clean := 0 // b[clean:i] needs no escape
	for i, c := range b {
		if !e.escapes(c) {
			continue
		}
		dst = append(dst, b[clean:i]...)
		dst = e.appendEscape(dst, c)
		clean = i + 1
	}
	return append(dst, b[clean:]...)
}

// escapes reports whether c must not stand for itself.
func (e encoding) escapes(c byte) bool {
	switch {
	case c == '"' || c == '\\' || c < ' ':
		return true
	case e == jsonText:
		return false
	}
	return c >= 0x7f
}

func (e encoding) appendEscape(dst []byte, c byte) []byte {
	short := e.shortEscape(c)
	if e == quotedJSON {
		dst = append(dst, '\\')
		if c == '\\' {
			dst = append(dst, '\\')
		}
	}
	switch {
	case short != 0:
		return append(dst, '\\', short)
	case e == jsonText:
		return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
	}
	return appendHex(dst, c)
}

// shortEscape returns the letter that follows the backslash, or 0 if c has none.
func (e encoding) shortEscape(c byte) byte {
	switch c {
	case '"', '\\':
		return c
	case '\n':
		return 'n'
	case '\r':
		return 'r'
	case '\t':
		return 't'
	case '\b':
		return 'b'
	case '\a':
		if e != jsonText {
			return 'a'
		}
	case '\f':
		if e == jsonText {
			return 'f'
		}
	}
	return 0
}

func appendHex(dst []byte, c byte) []byte {
	return append(dst, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
}
