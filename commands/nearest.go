package commands

import "strings"

// Nearest returns the name that a mistyped word is closest to, in any case, or
// "" when none is close: one slip in a word of up to seven letters, two or
// three in a longer one.
// A slip is a letter too many, too few, wrong, or swapped with its neighbour.
func Nearest(word string, names []string) string {
	const longest = 40 // nobody means a command by more
	if word == "" || len(word) > longest {
		return ""
	}
	word = strings.ToUpper(word)
	best, distance := "", min(3, max(1, len(word)/4))+1
	for _, name := range names {
		if d := slips(word, strings.ToUpper(name)); d < distance {
			best, distance = name, d
		}
	}
	return best
}

// slips is the number of slips between two words.
func slips(a, b string) int {
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
