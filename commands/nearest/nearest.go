// Package nearest finds the word that was probably meant by a mistyped one: a command, an option, a key of a file, a profile.
package nearest

import "strings"

// longest is how long a mistyped word may be, in bytes: nobody means an option by more, and the work grows with it.
const longest = 80

// Word returns the one of known that word was probably meant to be, and "" when none is near: one slip is forgiven in a word of up
// to six letters, two in one of up to ten, three in longer ones. A slip is a letter too many, too few, wrong, or swapped with its neighbour; capitals, - and _ do not
// count. Of several that are as near the first in the order of known counts.
func Word(word string, known []string) string {
	folded := fold(word)
	if folded == "" || len(folded) > longest {
		return ""
	}
	best, least := "", min(3, max(1, (len(word)+1)/4))+1
	for _, candidate := range known {
		other := fold(candidate)
		if max(len(other)-len(folded), len(folded)-len(other)) >= least {
			continue // there are at least so many slips between them
		}
		if n := Slips(folded, other); n < least {
			best, least = candidate, n
		}
	}
	return best
}

func fold(word string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return -1
		}
		return r
	}, strings.ToLower(word))
}

// Slips is the number of slips between two words, in bytes (the optimal string alignment distance).
func Slips(a, b string) int {
	before, last, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			wrong := 1
			if a[i-1] == b[j-1] {
				wrong = 0
			}
			next[j] = min(last[j]+1, next[j-1]+1, last[j-1]+wrong)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, last, next = last, next, before
	}
	return last[len(b)]
}
