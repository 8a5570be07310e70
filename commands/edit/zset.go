package edit

import (
	"math"
	"strconv"
	"strings"
)

// ZSetAdd adds a member to a sorted set, or changes its score. Score is as [ParseScore] accepts it, and goes to the server as typed.
type ZSetAdd struct{ Member, Score string }

// ZSetRemove removes a member of a sorted set.
type ZSetRemove struct{ Member string }

// ZSetRename gives a member another name, with its score. It never replaces a member.
type ZSetRename struct{ Member, To string }

// ParseScore reads a score: a number as Redis reads it, "inf" and "-inf" included. Errors are of type [*Invalid].
func ParseScore(text string) (float64, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || strings.Contains(text, "_") {
		return 0, &Invalid{strconv.Quote(text) + ` is no score; it is a number such as 12, -0.5, 1e6, inf or -inf`}
	}
	return f, nil
}

// scorePart is a score in the one form that all protocol versions are brought to.
func scorePart(text string) (Part, error) {
	f, err := ParseScore(text)
	if err != nil {
		return Part{}, err
	}
	return textPart(formatScore(f)), nil
}

// formatScore writes the shortest text that is read back as f.
func formatScore(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case f == 0 || math.Abs(f) >= 1e-5 && math.Abs(f) < 1e17:
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

func (ZSetAdd) keyType() string    { return typeZSet }
func (ZSetRemove) keyType() string { return typeZSet }
func (ZSetRename) keyType() string { return typeZSet }

func scoreLookup(st State, member string, into target) lookup {
	return lookup{args: []string{"ZSCORE", st.Key, member}, shape: score, into: into}
}

func (c ZSetAdd) lookups(st State) []lookup { return []lookup{scoreLookup(st, c.Member, intoOld)} }

func (c ZSetRemove) lookups(st State) []lookup { return []lookup{scoreLookup(st, c.Member, intoOld)} }

func (c ZSetRename) lookups(st State) []lookup {
	return []lookup{scoreLookup(st, c.Member, intoOld), scoreLookup(st, c.To, intoOther)}
}

func (c ZSetRename) before(State) Part { return textPart(c.Member) }
func (c ZSetRename) after(State) Part  { return textPart(c.To) }

func (c ZSetAdd) after(State) Part {
	p, err := scorePart(c.Score)
	if err != nil {
		return textPart(c.Score) // and possible says why that is none
	}
	return p
}

func (c ZSetAdd) possible(State) error {
	_, err := ParseScore(c.Score)
	return err
}

func (c ZSetRename) possible(now State) error { return replaceable(now, "member ", c.Member, c.To) }

func (c ZSetAdd) script(now State) [][]string    { return one("ZADD", now.Key, c.Score, c.Member) }
func (c ZSetRemove) script(now State) [][]string { return one("ZREM", now.Key, c.Member) }

func (c ZSetRename) script(now State) [][]string {
	// Adding first, the sorted set is never empty, which would end it together with its time to live.
	return [][]string{{"ZADD", now.Key, now.Old.Text, c.To}, {"ZREM", now.Key, c.Member}}
}

func (c ZSetRemove) ttlEffect(read State) string { return lastGoes(read, "member") }

func (c ZSetRemove) removes(now State) string { return now.Key }
