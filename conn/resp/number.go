package resp

import (
	"bytes"
	"errors"
	"math"
	"strconv"
)

var errNotInteger = errors.New("not a 64-bit integer")

// parseInt reads a decimal 64-bit integer with an optional sign.
func parseInt(b []byte) (int64, error) {
	digits, negative := b, false
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		digits, negative = b[1:], b[0] == '-'
	}
	if len(digits) == 0 {
		return 0, errNotInteger
	}
	var n uint64
	for _, c := range digits {
		if c < '0' || c > '9' || n > (math.MaxUint64-9)/10 {
			return 0, errNotInteger
		}
		n = n*10 + uint64(c-'0')
	}
	switch {
	case negative && n <= 1<<63:
		return int64(-n), nil //nolint:gosec // two's complement: -(1<<63) is the smallest int64
	case !negative && n < 1<<63:
		return int64(n), nil
	}
	return 0, errNotInteger
}

// shortNumber reads the digits and the CRLF that follow the type byte of b, and
// says how many bytes that makes with the type byte. The size is 0 if there is
// anything else, or more than fits 64 bits for sure.
func shortNumber(b []byte) (n int64, size int) {
	const maxDigits = 18
	for i := 1; i < len(b)-1 && i <= 1+maxDigits; i++ {
		c := b[i] - '0'
		if c > 9 {
			if i > 1 && b[i] == '\r' && b[i+1] == '\n' {
				return n, i + len(crlf)
			}
			break
		}
		n = n*10 + int64(c)
	}
	return 0, 0
}

// isDouble reports whether b is a double as RESP3 writes it: a decimal with
// optional fraction and exponent, or inf, -inf, nan (any case, any sign, as C
// libraries print them).
func isDouble(b []byte) bool {
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9', c == '+', c == '-', c == '.', c == 'e', c == 'E':
		case isLetterOf(c, "infnaINFNAtyTY"):
		default:
			return false
		}
	}
	_, err := strconv.ParseFloat(string(b), 64)
	return err == nil || errors.Is(err, strconv.ErrRange) || isSignedNaN(b)
}

// isSignedNaN accepts "-nan", which C's printf writes and Go's parser refuses.
func isSignedNaN(b []byte) bool {
	return len(b) > 0 && (b[0] == '-' || b[0] == '+') && bytes.EqualFold(b[1:], []byte("nan"))
}

func isLetterOf(c byte, set string) bool {
	for i := range len(set) {
		if set[i] == c {
			return true
		}
	}
	return false
}

func isBigNumber(b []byte) bool {
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		b = b[1:]
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}

// quoteByte shows a byte the way redis-cli shows an unknown reply type.
func quoteByte(c byte) string {
	switch {
	case c == '"' || c == '\\':
		return `"\` + string(rune(c)) + `"`
	case c == '\n':
		return `"\n"`
	case c == '\r':
		return `"\r"`
	case c == '\t':
		return `"\t"`
	case c == '\a':
		return `"\a"`
	case c == '\b':
		return `"\b"`
	case c >= 0x20 && c < 0x7f:
		return `"` + string(rune(c)) + `"`
	}
	const hex = "0123456789abcdef"
	return `"\x` + string(hex[c>>4]) + string(hex[c&15]) + `"`
}
