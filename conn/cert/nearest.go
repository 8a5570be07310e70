package cert

import "strings"

// closest returns the word of known that is most like word, or nothing when none is.
func closest(word string, known []string) string {
	nearest, best := "", max(2, len(word)/3)+1
	for _, candidate := range known {
		if abs := max(len(word)-len(candidate), len(candidate)-len(word)); abs >= best {
			continue // the distance is at least that
		}
		if d := distance(strings.ToLower(word), strings.ToLower(candidate)); d < best {
			nearest, best = candidate, d
		}
	}
	return nearest
}

// distance is the number of insertions, deletions and replacements that turn a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
