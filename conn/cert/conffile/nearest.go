package conffile

// closest returns the word of known that word was probably meant to be, or "".
func closest(word string, known []string) string {
	const most = 3
	nearest, best := "", min(most, max(1, len(word)/4))+1
	for _, candidate := range known {
		if abs(len(candidate)-len(word)) >= best {
			continue // the distance is at least that
		}
		if d := distance(word, candidate); d < best {
			nearest, best = candidate, d
		}
	}
	return nearest
}

func abs(n int) int { return max(n, -n) }

// distance is the number of insertions, deletions and replacements that turn a into b, whatever their case.
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
			if lower(a[i]) != lower(b[j]) {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
