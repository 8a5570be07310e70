package kit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fuzzy reports whether the characters of pattern occur in text in this order, and how well: the higher the score, the closer they
// stand together and the more of them begin words. Case matters only where pattern has capitals. An empty pattern matches all.
func Fuzzy(pattern, text string) (score int, ok bool) {
	if pattern == "" {
		return 0, true
	}
	exact := pattern != strings.ToLower(pattern)
	if at := index(pattern, text, exact); at >= 0 {
		return whole(pattern, text, at), true
	}
	rest, previous, run, skipped := pattern, ' ', 0, 0
	for _, r := range text {
		want, size := utf8.DecodeRuneInString(rest)
		if r == want || !exact && unicode.ToLower(r) == want {
			run++
			score += 2*run - min(skipped, 8)
			skipped = 0
			if !isWord(previous) {
				score += 6
			}
			if rest = rest[size:]; rest == "" {
				return score - len(text)/8, true
			}
		} else {
			run = 0
			if len(rest) < len(pattern) {
				skipped++
			}
		}
		previous = r
	}
	return 0, false
}

func index(pattern, text string, exact bool) int {
	if exact {
		return strings.Index(text, pattern)
	}
	return strings.Index(strings.ToLower(text), pattern)
}

// whole is the score of a pattern that occurs in one piece: always above one that is scattered.
func whole(pattern, text string, at int) int {
	n := utf8.RuneCountInString(pattern)
	score := n*(n+1) + 8*n - len(text)/8
	if at == 0 {
		score += 12
	} else if at <= len(text) {
		if r, _ := utf8.DecodeLastRuneInString(text[:at]); !isWord(r) {
			score += 8
		}
	}
	return score
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
