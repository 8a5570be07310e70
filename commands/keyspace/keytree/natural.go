package keytree

import (
	"cmp"
	"strings"
)

// natural orders names as people read them: a run of digits counts as one number, so item9 comes before item10. Names that read the
// same (7 and 007) are ordered by their bytes, so that only equal names are equal.
func natural(a, b string) int {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if !isDigit(a[i]) || !isDigit(b[j]) {
			if a[i] != b[j] {
				return cmp.Compare(a[i], b[j])
			}
			i, j = i+1, j+1
			continue
		}
		var x, y string
		x, i = number(a, i)
		y, j = number(b, j)
		if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(len(a)-i, len(b)-j), strings.Compare(a, b))
}

// number returns the run of digits at s[i:] without leading zeros, and where it ends.
func number(s string, i int) (digits string, end int) {
	for i < len(s) && s[i] == '0' {
		i++
	}
	end = i
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	return s[i:end], end
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// longNumber is how many digits a run needs to carry its length in a byte of its own.
const longNumber = 9

// headBytes is the size of a head.
const headBytes = 8

// head packs the beginning of a name into a number that never disagrees with [natural]: head(a) < head(b) means that a comes first,
// equal heads tell nothing. It stands in the pages, so that most comparisons touch no text.
//
// A byte stands for itself. A run of digits is a byte in the place of the digits that tells its length, then two digits a byte.
func head(name string) uint64 {
	var h uint64
	room := headBytes
	put := func(b byte) {
		if room > 0 {
			room--
			h |= uint64(b) << (8 * room)
		}
	}
	for i := 0; i < len(name) && room > 0; {
		if !isDigit(name[i]) {
			put(name[i])
			i++
			continue
		}
		var digits string
		digits, i = number(name, i)
		put('0' + byte(min(len(digits), longNumber)))
		if len(digits) >= longNumber {
			length := min(len(digits)-longNumber, 0xff)
			put(byte(length))
			if length == 0xff {
				break // longer ones look the same from here on
			}
		}
		if len(digits)%2 == 1 {
			put(digits[0] - '0')
			digits = digits[1:]
		}
		for d := 0; d < len(digits) && room > 0; d += 2 {
			put((digits[d]-'0')<<4 | (digits[d+1] - '0'))
		}
	}
	return h
}
