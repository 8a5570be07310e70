package modes

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"redan/commands/latency"
	"redan/ui/theme"
)

// StatScreen puts the rows of --stat on a terminal: redis-cli's columns as far as they fit, and where there is room what a row says about
// the cache and the network, with a bar for the commands a second.
type StatScreen struct {
	Screen

	under int     // rows since the last header
	width int     // of the last header
	scale float64 // of the bar: commands a second at its end
	peak  float64 // the highest rate of late
	calm  int     // how many rows that is
}

// statColumn is a column of the table on a terminal.
type statColumn struct {
	title string
	width int
	role  func(latency.StatRow) (theme.Role, bool)
	cell  func(latency.StatRow) string
}

const (
	statWhole    = 77  // redis-cli's columns
	statWithMore = 100 // and ours
	statWithBar  = 116 // and the bar
	barWidest    = 50
)

// Append adds a row for a terminal of so many columns and lines, and the header where it has scrolled away or does not fit any more.
func (t *StatScreen) Append(dst []byte, row latency.StatRow, width, height int) []byte {
	page := height - 3 // the header, and the line of the cursor
	if height <= 0 {
		page = statPage
	}
	rescaled := t.rescale(row.Growth.CommandRate) && rateCells(width) > 0
	if rescaled || t.under >= max(page, 1) || t.under == 0 || width != t.width {
		dst = t.header(dst, width)
		t.under, t.width = 0, width
	}
	t.under++
	var line strings.Builder
	for _, c := range statColumns(width) {
		text := c.cell(row)
		padded := fmt.Sprintf("%-*s", c.width, text)
		if role, ok := c.role(row); ok {
			padded = t.Theme.Paint(role, text) + padded[len(text):]
		}
		line.WriteString(padded)
	}
	if cells := rateCells(width); cells > 0 {
		line.WriteString(" " + t.Theme.Paint(theme.Accent, t.Bar(row.Growth.CommandRate/t.scale, cells)))
	}
	if width < statWhole {
		line.WriteString(t.Theme.Paint(theme.Warning, child(row.Stats)))
	}
	return append(append(dst, within(line.String(), width)...), '\n')
}

// within cuts a line off at width. Blanks at its end would wrap when the terminal becomes narrower.
func within(line string, width int) string {
	return strings.TrimRight(ansi.Truncate(line, width, ""), " ")
}

func (t *StatScreen) header(dst []byte, width int) []byte {
	groups := ""
	var titles strings.Builder
	if width >= statWhole {
		groups = "------- data ------ --------------------- load -------------------- - child -"
	}
	if width >= statWithMore {
		groups += " ----- cache, net ----"
	}
	for _, c := range statColumns(width) {
		_, _ = fmt.Fprintf(&titles, "%-*s", c.width, c.title)
	}
	if cells := rateCells(width); cells > 0 {
		groups += " " + strings.Repeat("-", cells)
		end := Short(t.scale) + "/s"
		titles.WriteString(" 0" + strings.Repeat(" ", max(cells-len(end)-1, 1)) + end)
	}
	for _, line := range []string{groups, titles.String()} {
		if line != "" {
			dst = append(append(dst, t.Theme.Paint(theme.Dim, within(line, width))...), '\n')
		}
	}
	return dst
}

// statColumns are those that fit, in redis-cli's order.
func statColumns(width int) []statColumn {
	plain := func(latency.StatRow) (theme.Role, bool) { return 0, false }
	all := []statColumn{
		{"keys", 11, plain, func(r latency.StatRow) string { return digits(r.Keys) }},
		{"mem", 9, memoryRole, func(r latency.StatRow) string { return ShortBytes(r.Memory) }},
		{"clients", 8, plain, func(r latency.StatRow) string { return digits(r.Clients) }},
		{"blocked", 8, blockedRole, func(r latency.StatRow) string { return digits(r.Blocked) }},
		{"requests", 20, plain, requests},
		{"connections", 12, plain, func(r latency.StatRow) string { return digits(r.Connections) }},
		{"", 9, childRole, func(r latency.StatRow) string { return child(r.Stats) }},
		{"hits", 7, hitRole, hits},
		{"in/s", 5, plain, func(r latency.StatRow) string { return Short(r.Growth.InRate) }},
		{"out/s", 6, plain, func(r latency.StatRow) string { return Short(r.Growth.OutRate) }},
		{"evict", 5, evictRole, func(r latency.StatRow) string { return Short(float64(r.Growth.Evicted)) }},
	}
	switch {
	case width >= statWithMore:
		return all
	case width >= statWhole:
		return all[:7]
	}
	shown, room := all[:1:1], width-all[0].width
	for _, c := range all[1:6] {
		need := c.width
		if c.title == "requests" {
			need = 14 // how wide its words usually are
		}
		if need > room {
			continue
		}
		shown, room = append(shown, c), room-c.width
	}
	return shown
}

func memoryRole(r latency.StatRow) (theme.Role, bool) {
	return theme.Warning, r.MaxMemory > 0 && r.Memory*10 >= r.MaxMemory*9
}

func blockedRole(r latency.StatRow) (theme.Role, bool) { return theme.Warning, r.Blocked > 0 }

func childRole(latency.StatRow) (theme.Role, bool) { return theme.Warning, true }

func evictRole(r latency.StatRow) (theme.Role, bool) { return theme.Warning, r.Growth.Evicted > 0 }

func hitRole(r latency.StatRow) (theme.Role, bool) {
	rate, ok := r.Growth.HitRate()
	if ok && rate < 0.5 {
		return theme.Warning, true
	}
	return theme.Good, ok
}

// hits is the hit rate in percent.
func hits(r latency.StatRow) string {
	rate, ok := r.Growth.HitRate()
	if !ok {
		return "-"
	}
	return Percent(rate)
}

// Percent is a part with one decimal. Only what is whole is 100%.
func Percent(part float64) string {
	text := fmt.Sprintf("%.1f%%", 100*part)
	if text == "100.0%" && part < 1 {
		return "99.9%"
	}
	return text
}

// rateCells is how wide the bar is on a terminal of so many columns; 0 is none.
func rateCells(width int) int {
	if width < statWithBar {
		return 0
	}
	return min(width-statWithMore-1, barWidest)
}

// slowest is the least end of the scale: a server that does nothing shall look like it.
const slowest = 1000

// calmRows is for how many rows a scale is kept when it is too large.
const calmRows = 60

// rescale finds a round end of the scale for the rates of late, and reports whether it is another one than before. It grows at once and
// shrinks after a while.
func (t *StatScreen) rescale(rate float64) bool {
	before := t.scale
	t.peak, t.calm = max(t.peak, rate), t.calm+1
	t.scale = max(RoundUp(t.peak), slowest)
	if t.calm >= calmRows {
		t.peak, t.calm = rate, 0
	}
	return t.scale != before
}

// RoundUp is the next of 1, 2, 5, 10, 20, 50 ... that is not below x; at least 10.
func RoundUp(x float64) float64 {
	for decade := 10.0; ; decade *= 10 {
		for _, step := range []float64{1, 2, 5} {
			if decade*step >= x || decade > 1e15 {
				return decade * step
			}
		}
	}
}

// Short is a number in at most five characters: "999", "1.2k", "34M".
func Short(x float64) string {
	if x < 999.5 {
		return fmt.Sprintf("%.0f", x)
	}
	unit := -1
	for x >= 999.5 && unit < 4 {
		x, unit = x/1000, unit+1
	}
	if x < 9.95 {
		return fmt.Sprintf("%.1f%c", x, "kMGTP"[unit])
	}
	return fmt.Sprintf("%.0f%c", x, "kMGTP"[unit])
}

// Reconnecting is redis-cli's word while the server is lost, which takes the place of itself.
func Reconnecting(attempt int) string { return fmt.Sprintf("\r\x1b[0KReconnecting... %d\r", attempt) }

// Erase takes the line of [Reconnecting] away.
const Erase = "\r\x1b[0K"
