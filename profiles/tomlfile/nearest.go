package tomlfile

import "strings"

// Nearest returns the known word that word was probably meant to be, or "". Letters that are swapped, missing, doubled or wrong are
// forgiven, one for every three letters and at least one; case, - and _ do not count.
func Nearest(word string, known []string) string {
	folded := fold(word)
	best, limit := "", max(1, len(folded)/3)
	for _, candidate := range known {
		if d := distance(folded, fold(candidate)); d <= limit && (best == "" || d < limit) {
			best, limit = candidate, d
		}
	}
	return best
}

func fold(word string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(word))
}

// distance counts the edits between two words; swapping two neighbours is one edit.
func distance(a, b string) int {
	before := make([]int, len(b)+1)
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
