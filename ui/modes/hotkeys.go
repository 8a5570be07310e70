package modes

import (
	"fmt"
	"strings"

	"redan/commands/keyspace/analysis"
	"redan/commands/keyspace/sweep"
)

// HotKeys is --hotkeys: the keys that are used most.
type HotKeys struct{ tally *analysis.Hottest }

// NewHotKeys returns the report without keys.
func NewHotKeys() *HotKeys { return &HotKeys{analysis.NewHottest()} }

// Intro is redis-cli's.
func (h *HotKeys) Intro() string {
	return `
# Scanning the entire keyspace to find hot keys as well as
# average sizes per key type.  You can use -i 0.1 to sleep 0.1 sec
# per 100 SCAN commands (not usually needed).

`
}

// Take looks at a key; a line tells if it is among the hottest so far.
func (h *HotKeys) Take(node int, k *sweep.Key, expected int64) string {
	before, line := h.tally.Sampled, ""
	if h.tally.Add(node, k) {
		line = fmt.Sprintf("[%05.2f%%] Hot key %s found so far with counter %d\n", percent(before, expected), quoted(k.Name), k.Frequency)
	}
	return line + milestone(h.tally.Sampled, expected)
}

// Empty tells that no counter was told.
func (h *HotKeys) Empty() bool { return h.tally.Sampled > 0 && h.tally.Counted == 0 }

// Summary is redis-cli's.
func (h *HotKeys) Summary(e Ending) string {
	var s strings.Builder
	s.WriteString("\n-------- summary -------\n\n" + e.sampled(h.tally.Sampled))
	for _, key := range h.tally.Keys() {
		fmt.Fprintf(&s, "hot key found with counter: %d\tkeyname: %s\n", key.Size, e.quoted(key.Name))
	}
	return s.String()
}
