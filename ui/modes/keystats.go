package modes

import (
	"fmt"
	"math"
	"strings"

	"redan/commands/keyspace/analysis"
	"redan/commands/keyspace/sweep"
)

// KeyStats is --keystats: the largest keys, the largest and longest of each type, and how sizes are distributed.
type KeyStats struct {
	tally *analysis.KeyStats
	top   int
}

// NewKeyStats returns the report without keys, which lists the top largest.
func NewKeyStats(top int) *KeyStats { return &KeyStats{analysis.NewKeyStats(top), top} }

// Intro is redis-cli's.
func (s *KeyStats) Intro() string {
	return `
# Scanning the entire keyspace to find the biggest keys and distribution information.
# Use -i 0.1 to sleep 0.1 sec per 100 SCAN commands (not usually needed).
# Use --cursor <n> to start the scan at the cursor <n> (usually after a Ctrl-C).
# Use --top <n> to display <n> top key sizes (default is 10).
# Ctrl-C to stop the scan.

`
}

// Take counts a key. There are no lines on the way.
func (s *KeyStats) Take(node int, k *sweep.Key, _ int64) string {
	s.tally.Add(node, k)
	return ""
}

// Empty tells that neither sizes nor lengths were told.
func (s *KeyStats) Empty() bool {
	if s.tally.Sampled == 0 || s.tally.Measured > 0 {
		return false
	}
	for _, t := range s.tally.Types() {
		if t.Length > 0 {
			return false
		}
	}
	return true
}

// Summary is redis-cli's.
func (s *KeyStats) Summary(e Ending) string {
	var b strings.Builder
	t := s.tally
	fmt.Fprintf(&b, "%6.2f%% keys scanned\nKeys sampled: %d\nKeys size:    %s\n", e.percent(t.Sampled), t.Sampled, ShortBytes(t.Memory))
	fmt.Fprintf(&b, "\n--- Top %d key sizes ---\n", s.top)
	for i, key := range t.Largest() {
		fmt.Fprintf(&b, "%3d %8s %-10s %s\n", i+1, ShortBytes(key.Size), typeWord(key.Type), e.quoted(key.Name))
	}
	s.perType(&b, e)
	s.distributions(&b)
	s.table(&b)
	if e.Interrupted {
		b.WriteString(resumption(e.Resume))
	}
	return b.String()
}

func (s *KeyStats) perType(b *strings.Builder, e Ending) {
	b.WriteString("\n--- Top size per type ---\n")
	for _, t := range s.tally.Types() {
		if t.Largest.Size > 0 {
			fmt.Fprintf(b, "%-10s %s is %s\n", typeWord(t.Type), e.bare(t.Largest.Name), ShortBytes(t.Largest.Size))
		}
	}
	b.WriteString("\n--- Top length and cardinality per type ---\n")
	for _, t := range s.tally.Types() {
		if t.Longest.Size > 0 {
			fmt.Fprintf(b, "%-10s %s has %s\n", typeWord(t.Type), e.bare(t.Longest.Name), counted(t.Longest.Size, t.Unit))
		}
	}
}

// counted is a length with what it counts.
func counted(n int64, unit string) string {
	if unit == "bytes" {
		return ShortBytes(n)
	}
	return fmt.Sprintf("%d %s", n, unit)
}

func (s *KeyStats) distributions(b *strings.Builder) {
	t := s.tally
	b.WriteString("\nKey size Percentile Total keys\n-------- ---------- -----------\n")
	for _, step := range t.Sizes.Steps() {
		fmt.Fprintf(b, "%8s %9.4f%% %11d\n", ShortBytes(step.Size), step.Percentile, step.Keys)
	}
	fmt.Fprintf(b, "Note: 0.01%% size precision, Mean: %s, StdDeviation: %s\n", ShortBytes(int64(t.Sizes.Mean())), ShortBytes(int64(t.Sizes.StdDev())))
	b.WriteString("\nKey name length Percentile Total keys\n--------------- ---------- -----------\n")
	for _, step := range t.Names.Steps() {
		fmt.Fprintf(b, "%15s %9.4f%% %11d\n", ShortBytes(step.Size), step.Percentile, step.Keys)
	}
	mean := "0"
	if t.Sampled > 0 {
		mean = ShortBytes(t.Names.Total / t.Sampled)
	}
	fmt.Fprintf(b, "Total key length is %s (%s avg)\n", ShortBytes(t.Names.Total), mean)
}

func (s *KeyStats) table(b *strings.Builder) {
	b.WriteString("\nType        Total keys  Keys % Tot size Avg size  Total length/card Avg ln/card\n" +
		"--------- ------------ ------- -------- -------- ------------------ -----------\n")
	for _, t := range s.tally.Types() {
		fmt.Fprintf(b, "%-9s %12d %6.2f%% %8s %8s ", typeWord(t.Type), t.Keys, percent(t.Keys, s.tally.Sampled), ShortBytes(t.Memory), ShortBytes(t.Memory/t.Keys))
		switch t.Unit {
		case "?":
			fmt.Fprintf(b, "%18s %11s\n", "- ", "- ")
		case "bytes":
			fmt.Fprintf(b, "%18s %11s\n", ShortBytes(t.Length), ShortBytes(int64(math.Round(average(t.Length, t.Keys)))))
		default:
			fmt.Fprintf(b, "%18s %11.2f\n", counted(t.Length, t.Unit), average(t.Length, t.Keys))
		}
	}
}

// resumption says how to go on.
func resumption(commands []string) string {
	switch {
	case len(commands) == 0:
		return "\nScan interrupted.\n"
	case len(commands) == 1 && !strings.ContainsAny(commands[0], "'"):
		return "\nScan interrupted:\nUse '" + commands[0] + "' to restart from the last cursor.\n"
	}
	return "\nScan interrupted:\nTo restart from the last cursor:\n  " + strings.Join(commands, "\n  ") + "\n"
}
