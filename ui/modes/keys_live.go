package modes

import (
	"fmt"

	"redan/commands/keyspace/analysis"
	"redan/ui/theme"
)

// share is a part of all keys as text.
func share(part, all int64) string { return fmt.Sprintf("%.1f%%", percent(part, all)) }

// barCells is the length of the bars in tables.
const barCells = 10

// Live is a line for each type that there are keys of: how many, and the biggest.
func (b *BigKeys) Live(block Block, w Work) []string {
	title := "the biggest key of each type"
	if b.mode == "memkeys" {
		title = "the key of each type that takes the most memory"
	}
	lines := append(block.head(title, w), "")
	columns := []column{
		{}, {drop: 4, role: theme.Accent}, {right: true, drop: 2, role: theme.Dim}, {right: true, drop: 3}, {right: true, role: theme.Strong}, {},
	}
	rows := [][]string{{"type", "", "", "keys", "biggest", ""}}
	for _, t := range b.tally.Types() {
		if t.Keys == 0 {
			continue
		}
		row := []string{
			typeWord(t.Type), block.Bar(float64(t.Keys)/float64(b.tally.Sampled), barCells), share(t.Keys, b.tally.Sampled), Thousands(t.Keys), "", "",
		}
		if t.Biggest.Size > 0 {
			row[4], row[5] = amount(t.Biggest.Size, t.Unit), block.cell(t.Biggest.Name)
		}
		rows = append(rows, row)
	}
	return block.fit(append(lines, block.headed(columns, rows)...))
}

// amount is a size for people.
func amount(n int64, unit string) string {
	if unit == "bytes" {
		return Bytes(n)
	}
	return Thousands(n) + " " + unit
}

// headed is a table with a first row that only names the columns.
func (b Block) headed(columns []column, rows [][]string) []string {
	lines := b.table(columns, rows)
	plain := b
	plain.Theme = theme.Theme{}
	lines[0] = b.Theme.Paint(theme.Dim, plain.table(columns, rows)[0])
	return lines
}

// Live is the hottest keys so far.
func (h *HotKeys) Live(block Block, w Work) []string {
	lines := append(block.head("the keys that are used most", w), "")
	columns := []column{{right: true, role: theme.Strong}, {drop: 1, role: theme.Accent}, {}}
	keys := h.tally.Keys()
	rows := append(make([][]string, 0, 1+len(keys)), []string{"counter", "", "key"})
	for _, k := range keys {
		rows = append(rows, []string{Thousands(k.Size), block.Bar(float64(k.Size)/float64(keys[0].Size), barCells), block.cell(k.Name)})
	}
	return block.fit(append(lines, block.headed(columns, rows)...))
}

// Live is the largest keys so far, what types there are, and how sizes are distributed.
func (s *KeyStats) Live(block Block, w Work) []string {
	t := s.tally
	types := t.Types()
	lines := append(block.head("the keys that take the most memory", w), block.sentence(
		Bytes(t.Memory), "half of the keys up to "+Bytes(t.Sizes.AtPercentile(50)), "99% up to "+Bytes(t.Sizes.AtPercentile(99))), "")
	room := block.Height - len(lines)
	below := len(types) + 2 // an empty line, the names of the columns
	if room < below+4 {
		below = 0
	}
	keys := t.First(max(min(s.top, room-below-1), 0))
	rows := append(make([][]string, 0, 1+len(keys)), []string{"size", "type", "largest keys"})
	for _, k := range keys {
		rows = append(rows, []string{Bytes(k.Size), typeWord(k.Type), block.cell(k.Name)})
	}
	lines = append(lines, block.headed([]column{{right: true, role: theme.Strong}, {drop: 1, role: theme.Dim}, {}}, rows)...)
	if below > 0 && len(types) > 0 {
		lines = append(lines, "")
		lines = append(lines, s.liveTypes(block, types)...)
	}
	return block.fit(lines)
}

func (s *KeyStats) liveTypes(block Block, types []*analysis.TypeStats) []string {
	rows := append(make([][]string, 0, 1+len(types)), []string{"type", "", "", "keys", "memory", "average", "length"})
	for _, t := range types {
		length := ""
		if t.Unit != "?" {
			length = amount(t.Length, t.Unit)
		}
		rows = append(rows, []string{
			typeWord(t.Type), block.Bar(float64(t.Keys)/float64(s.tally.Sampled), barCells), share(t.Keys, s.tally.Sampled), Thousands(t.Keys),
			Bytes(t.Memory), Bytes(t.Memory / t.Keys), length,
		})
	}
	return block.headed([]column{
		{},
		{drop: 5, role: theme.Accent},
		{right: true, drop: 1, role: theme.Dim},
		{right: true, drop: 2},
		{right: true, role: theme.Strong},
		{right: true, drop: 3},
		{right: true, drop: 4},
	}, rows)
}
