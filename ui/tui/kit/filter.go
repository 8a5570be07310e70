package kit

import (
	"regexp"
	"strings"
)

// Filter returns the test that what was typed into a filter stands for, nil when it is empty:
//
//	word other    every word occurs, letter after letter, close together
//	~regex        a regular expression
//	!...          none of what follows
//
// Case matters only where capitals are typed. The error is that of a regular expression.
func Filter(text string) (func(string) bool, error) {
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "!"); ok {
		match, err := Filter(rest)
		if match == nil || err != nil {
			return nil, err
		}
		return func(s string) bool { return !match(s) }, nil
	}
	if pattern, ok := strings.CutPrefix(text, "~"); ok {
		if pattern == "" {
			return nil, nil //nolint:nilnil // no filter and no error is a filter that lets everything pass
		}
		if pattern == strings.ToLower(pattern) {
			pattern = "(?i)" + pattern
		}
		re, err := regexp.Compile(pattern)
		if err != nil {
			return nil, err
		}
		return re.MatchString, nil
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil, nil //nolint:nilnil // as above
	}
	return func(s string) bool {
		for _, word := range words {
			if !near(word, s) {
				return false
			}
		}
		return true
	}, nil
}

// near reports whether the bytes of word occur in text in this order with few others between them. It allocates nothing: it is asked
// for every key there is.
func near(word, text string) bool {
	exact := word != strings.ToLower(word)
	for start := 0; start+len(word) <= len(text); start++ {
		if !same(word[0], text[start], exact) {
			continue
		}
		end, i := min(len(text), start+2*len(word)+2), 1
		for at := start + 1; at < end && i < len(word); at++ {
			if same(word[i], text[at], exact) {
				i++
			}
		}
		if i == len(word) {
			return true
		}
	}
	return false
}

func same(typed, b byte, exact bool) bool {
	return typed == b || !exact && 'A' <= b && b <= 'Z' && typed == b+'a'-'A'
}
