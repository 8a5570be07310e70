package repl

import (
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"
)

// runeWidth returns how many columns a character takes on a terminal: 0 for
// one that combines with the character before it, 2 for a wide one.
func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me), r == zeroWidthJoiner, r >= 0x1f3fb && r <= 0x1f3ff:
		return 0
	case isWide(r):
		return 2
	}
	return 1
}

const zeroWidthJoiner = 0x200d

// isWide reports whether r is wide or full-width in the sense of Unicode's
// annex 11, emoji included.
func isWide(r rune) bool {
	wide := [...][2]rune{
		{0x1100, 0x115f}, {0x231a, 0x231b}, {0x23e9, 0x23ec}, {0x25fd, 0x25fe}, {0x2614, 0x2615}, {0x2648, 0x2653},
		{0x26aa, 0x26ab}, {0x26bd, 0x26be}, {0x26c4, 0x26c5}, {0x26f2, 0x26f5}, {0x2705, 0x2705}, {0x270a, 0x270b},
		{0x2728, 0x2728}, {0x274c, 0x274c}, {0x2753, 0x2757}, {0x2795, 0x2797}, {0x2b1b, 0x2b1c}, {0x2b50, 0x2b50},
		{0x2e80, 0x303e}, {0x3041, 0x4dbf}, {0x4e00, 0xa4cf}, {0xa960, 0xa97f}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
		{0xfe10, 0xfe19}, {0xfe30, 0xfe6f}, {0xff01, 0xff60}, {0xffe0, 0xffe6}, {0x16fe0, 0x18aff}, {0x1b000, 0x1b2ff},
		{0x1f004, 0x1f004}, {0x1f0cf, 0x1f0cf}, {0x1f18e, 0x1f18e}, {0x1f191, 0x1f19a}, {0x1f200, 0x1f320},
		{0x1f32d, 0x1f335}, {0x1f337, 0x1f37c}, {0x1f37e, 0x1f393}, {0x1f3a0, 0x1f3ca}, {0x1f3cf, 0x1f3d3},
		{0x1f3e0, 0x1f3f0}, {0x1f3f4, 0x1f3f4}, {0x1f3f8, 0x1f43e}, {0x1f440, 0x1f440}, {0x1f442, 0x1f4fc},
		{0x1f4ff, 0x1f53d}, {0x1f54b, 0x1f567}, {0x1f595, 0x1f596}, {0x1f5a4, 0x1f5a4}, {0x1f5fb, 0x1f64f},
		{0x1f680, 0x1f6c5}, {0x1f6cc, 0x1f6d2}, {0x1f6d5, 0x1f6df}, {0x1f6eb, 0x1f6ff}, {0x1f7e0, 0x1f7f0},
		{0x1f90c, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd},
	}
	_, found := slices.BinarySearchFunc(wide[:], r, func(span [2]rune, r rune) int {
		switch {
		case span[1] < r:
			return -1
		case span[0] > r:
			return 1
		}
		return 0
	})
	return found
}

// shown returns what stands for a character of the line on the screen. Whatever
// a terminal could obey is written out, and so is what would make text look
// like another (the marks that change its direction).
func shown(r rune) string {
	switch {
	case r == '\t':
		return "    "
	case r >= rawByte:
		return fmt.Sprintf(`\x%02x`, r-rawByte)
	case unicode.IsControl(r):
		return fmt.Sprintf(`\x%02x`, r)
	case r == utf8.RuneError, r == zeroWidthJoiner, !unicode.Is(unicode.Cf, r):
		return string(r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
