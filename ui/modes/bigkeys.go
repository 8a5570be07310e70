package modes

import (
	"fmt"
	"strings"

	"redan/commands/keyspace/analysis"
	"redan/commands/keyspace/sweep"
)

// BigKeys is --bigkeys and --memkeys: the biggest key of each type, and how big they are on average.
type BigKeys struct {
	mode  string
	tally *analysis.Biggest
}

// NewBigKeys returns the report of --bigkeys without keys.
func NewBigKeys() *BigKeys { return &BigKeys{"bigkeys", analysis.NewBiggest(analysis.Length)} }

// NewMemKeys returns the report of --memkeys without keys.
func NewMemKeys() *BigKeys { return &BigKeys{"memkeys", analysis.NewBiggest(analysis.Memory)} }

// Intro is redis-cli's.
func (b *BigKeys) Intro() string {
	return `
# Scanning the entire keyspace to find biggest keys as well as
# average sizes per key type.  You can use -i 0.1 to sleep 0.1 sec
# per 100 SCAN commands (not usually needed).

`
}

// Take counts a key; a line tells if it is the biggest of its type so far.
func (b *BigKeys) Take(node int, k *sweep.Key, expected int64) string {
	before := b.tally.Sampled
	biggest := b.tally.Add(node, k)
	if b.tally.Sampled == before {
		return ""
	}
	line := ""
	if biggest {
		size := k.Length
		if b.mode == "memkeys" {
			size = k.Memory
		}
		line = fmt.Sprintf("[%05.2f%%] Biggest %-6s found so far %s with %d %s\n",
			percent(before, expected), typeWord(k.Type), quoted(k.Name), size, b.tally.Unit(k.Type))
	}
	return line + milestone(b.tally.Sampled, expected)
}

// Empty tells that no size was told.
func (b *BigKeys) Empty() bool { return b.tally.Sampled > 0 && b.tally.Measured == 0 }

// Summary is redis-cli's.
func (b *BigKeys) Summary(e Ending) string {
	var s strings.Builder
	t := b.tally
	s.WriteString("\n-------- summary -------\n\n" + e.sampled(t.Sampled))
	fmt.Fprintf(&s, "Total key length in bytes is %d (avg len %.2f)\n\n", t.NameBytes, average(t.NameBytes, t.Sampled))
	for _, sum := range t.Types() {
		if sum.Biggest.Size > 0 {
			fmt.Fprintf(&s, "Biggest %6s found %s has %d %s\n", typeWord(sum.Type), e.quoted(sum.Biggest.Name), sum.Biggest.Size, sum.Unit)
		}
	}
	s.WriteByte('\n')
	for _, sum := range t.Types() {
		fmt.Fprintf(&s, "%d %ss with %d %s (%05.2f%% of keys, avg size %.2f)\n", sum.Keys, typeWord(sum.Type), sum.Total, sum.Unit,
			percent(sum.Keys, t.Sampled), average(sum.Total, sum.Keys))
	}
	return s.String()
}

// average is 0 where there is nothing.
func average(total, count int64) float64 {
	if count == 0 {
		return 0
	}
	return float64(total) / float64(count)
}
