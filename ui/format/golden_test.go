package format_test

import (
	"testing"

	"redan/ui/format"
)

// golden is what redis-cli 7.0.15 printed for one reply in each mode, with the
// terminator.
type golden struct {
	name, wire                           string
	standard, raw, csv, json, quotedJSON string
}

// goldens are the types redis-cli knows, by mode.
func goldens() []golden {
	return append(scalarGoldens(), aggregateGoldens()...)
}

// wanted returns the golden of one mode.
func (g golden) wanted(mode format.Mode) string {
	switch mode {
	case format.Raw:
		return g.raw
	case format.CSV:
		return g.csv
	case format.JSON:
		return g.json
	case format.QuotedJSON:
		return g.quotedJSON
	default:
		return g.standard
	}
}

func TestPrintsAsRedisCLIDid(t *testing.T) {
	for _, g := range goldens() {
		for _, m := range modes() {
			t.Run(g.name+" "+m.flag, func(t *testing.T) {
				if got := printed(t, format.New(m.mode), readerOf(g.wire)); got != g.wanted(m.mode) {
					t.Errorf("got\n%s\nwant\n%s\n(%q, %q)", got, g.wanted(m.mode), got, g.wanted(m.mode))
				}
			})
		}
	}
}
