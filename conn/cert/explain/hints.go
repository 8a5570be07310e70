package explain

import (
	"cmp"
	"slices"
	"strings"
)

// hints returns the known texts that an unknown one resembles most.
func (x *Explainer) hints(text []byte) []Hint {
	const most, mostWords, likeness = 3, 64, 0.5
	words := strings.Fields(wordsOf(string(text)))
	words = words[:min(len(words), mostWords)]
	type candidate struct {
		rule  int
		words string
		score float64
	}
	var candidates []candidate
	for i, r := range x.table.rules {
		texts := r.texts
		if r.isCode {
			texts = r.codes
		}
		best := candidate{rule: i}
		for _, known := range texts {
			if score := resemblance(words, strings.Fields(wordsOf(known))); score > best.score {
				best.score, best.words = score, known
			}
		}
		if best.score >= likeness {
			candidates = append(candidates, best)
		}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	hints := make([]Hint, 0, most)
	for _, c := range candidates {
		text := strings.TrimSuffix(strings.ReplaceAll(c.words, " && ", " ... "), "$")
		isKnown := slices.ContainsFunc(hints, func(h Hint) bool { return wordsOf(h.Text) == wordsOf(text) })
		if !isKnown && len(hints) < most {
			hints = append(hints, Hint{Text: text, Codes: x.table.rules[c.rule].codes})
		}
	}
	return hints
}

// resemblance returns how much of known is in words, from 0 to 1, by the length of what is. Words that only look alike count half.
func resemblance(words, known []string) float64 {
	total, found, matched := 0, 0, 0
	for _, wanted := range known {
		if len(wanted) < 3 { // they are everywhere
			continue
		}
		total += 2 * len(wanted)
		best := 0
		for _, word := range words {
			switch {
			case word == wanted:
				best = 2
			case best == 0 && isAlike(word, wanted):
				best = 1
			}
		}
		if best > 0 {
			matched++
		}
		found += best * len(wanted)
	}
	if found == 0 {
		return 0
	}
	if len(words) <= len(known) { // all that was given
		return float64(found) / float64(total)
	}
	const forShort = 10 // a short text is easily a part of another
	if matched < 2 {
		return 0
	}
	return float64(found) / float64(total+forShort)
}

// isAlike reports whether two words differ by one letter that is wrong, missing, too many, or in its neighbour's place.
func isAlike(a, b string) bool {
	const shortest = 4
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < shortest || len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) || a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
