package main

import (
	"regexp"
	"slices"
	"strings"
)

// exactly compares every byte.
func exactly(answer []byte) string { return string(answer) }

// nothing compares no answer: what is left behind counts.
func nothing([]byte) string { return "" }

// sorted compares lines in any order: SCAN promises none.
func sorted(answer []byte) string {
	lines := strings.Split(string(answer), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// summary compares the summary of --bigkeys and --memkeys: which types stand in what order is not promised, nor which of several keys
// that are as big is named.
func summary(answer []byte) string {
	_, text, _ := strings.Cut(string(answer), "-------- summary -------")
	return sorted([]byte(biggest().ReplaceAllString(text, "$1 NAME $2")))
}

func biggest() *regexp.Regexp { return regexp.MustCompile(`(Biggest +\S+ found) .* (has \d)`) }

// hottest compares how hot the hottest keys are; of keys that are as hot any may be named.
func hottest(answer []byte) string {
	return matches(answer, `Sampled \d+ keys|found with counter: \d+`)
}

// sampled compares how many keys were looked at, where the two programs are asked for different things.
func sampled(answer []byte) string {
	found := regexp.MustCompile(`Sampled (\d+) keys|Keys sampled: (\d+)`).FindSubmatch(answer)
	if found == nil {
		return ""
	}
	return string(found[1]) + string(found[2])
}

// statistics compares what --keystats has of each type, and the number and size of all keys.
func statistics(answer []byte) string {
	return matches(answer, `(?m)^Keys s.*|^Total key length.*|^\S+ +\d+ +[\d.]+% .*`)
}

// matches are all matches of a pattern, in order of the alphabet.
func matches(answer []byte, pattern string) string {
	return sorted([]byte(strings.Join(regexp.MustCompile(pattern).FindAllString(string(answer), -1), "\n")))
}
