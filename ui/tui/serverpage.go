package tui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"redan/ui/tui/kit"
)

// series are the last key figures, for charts.
type series struct {
	operations, memory, clients []float64
}

// seriesKept is how many points a chart has.
const seriesKept = 60

func (s series) add(i info) series {
	point := func(list []float64, name string) []float64 {
		n, ok := i.number(name)
		if !ok {
			return list
		}
		list = append(slices.Clone(list), float64(n))
		return list[max(0, len(list)-seriesKept):]
	}
	return series{
		operations: point(s.operations, "instantaneous_ops_per_sec"),
		memory:     point(s.memory, "used_memory"),
		clients:    point(s.clients, "connected_clients"),
	}
}

// chart draws points as columns of one line.
func chart(points []float64, w int, look kit.Look) string {
	ticks := []rune("▁▂▃▄▅▆▇█")
	if look.ASCII {
		ticks = []rune("_.-=#")
	}
	points = points[max(0, len(points)-w):]
	if len(points) == 0 {
		return ""
	}
	low, high := slices.Min(points), slices.Max(points)
	var b strings.Builder
	for _, p := range points {
		i := 0
		if high > low {
			i = int((p - low) / (high - low) * float64(len(ticks)-1))
		}
		b.WriteRune(ticks[i])
	}
	return look.Accent(b.String())
}

// serverLines are the server's key figures, and all it says of itself.
func (m model) serverLines(w int) []string {
	look, i := m.look, m.facts.info
	if !m.facts.known {
		if m.facts.why != "" {
			return []string{"", " The server does not tell about itself: " + kit.Escape(m.facts.why)}
		}
		return []string{"", look.Dim(" Asking the server" + kit.Ellipsis().Of(look))}
	}
	lines := append([]string{""}, m.keyFigures(w)...)
	for _, section := range i.sections {
		lines = append(lines, "", " "+look.Accent(kit.Escape(section.name)))
		lines = append(lines, infoRows(section.rows, w, look)...)
	}
	return lines
}

// figure is one line of what matters first.
type figure struct {
	name, value string
	points      []float64
}

// keyFigures are what matters first, charted over the last minutes.
func (m model) keyFigures(w int) []string {
	i, look := m.facts.info, m.look
	figures := []figure{
		{name: "operations", value: m.operations(), points: m.facts.series.operations},
		{name: "memory", value: m.memoryFigure(), points: m.facts.series.memory},
		{name: "clients", value: i.values["connected_clients"], points: m.facts.series.clients},
		{name: "hit rate", value: hitRate(i)},
		{name: "keys", value: keysFigure(i)},
		{name: "evicted", value: grouped(i, "evicted_keys")},
		{name: "uptime", value: uptime(i)},
		{name: "last save", value: lastSave(i, m.now)},
	}
	var lines []string
	for _, f := range figures {
		if f.value == "" {
			continue
		}
		line := "  " + look.Dim(kit.Fit(f.name, 12, look.ASCII)) + kit.Fit(kit.Escape(f.value), 28, look.ASCII)
		if len(f.points) > 1 && w > 60 {
			line += "  " + chart(f.points, min(seriesKept, w-46), look)
		}
		lines = append(lines, line)
	}
	return lines
}

func (m model) memoryFigure() string {
	text := m.memory()
	if most, ok := m.facts.info.number("maxmemory"); ok && most > 0 {
		text += " of " + kit.Size(most)
	}
	if peak, ok := m.facts.info.number("used_memory_peak"); ok && text != "" {
		text += ", peak " + kit.Size(peak)
	}
	return text
}

func hitRate(i info) string {
	hits, ok := i.number("keyspace_hits")
	misses, told := i.number("keyspace_misses")
	if !ok || !told || hits+misses == 0 {
		return ""
	}
	return strconv.FormatFloat(100*float64(hits)/float64(hits+misses), 'f', 1, 64) + "% of " + kit.Count(hits+misses)
}

func keysFigure(i info) string {
	var total int64
	for _, d := range databasesOf(i) {
		total += d.keys
	}
	return kit.Count(total)
}

func grouped(i info, name string) string {
	if n, ok := i.number(name); ok {
		return kit.Count(n)
	}
	return ""
}

func uptime(i info) string {
	if n, ok := i.number("uptime_in_seconds"); ok {
		return kit.Life(time.Duration(n) * time.Second)
	}
	return ""
}

func lastSave(i info, now time.Time) string {
	n, ok := i.number("rdb_last_save_time")
	if !ok || n == 0 {
		return ""
	}
	return kit.Life(max(0, now.Sub(time.Unix(n, 0)))) + " ago"
}

// infoRows are a section's lines, in as many columns as fit.
func infoRows(rows [][2]string, w int, look kit.Look) []string {
	const nameWidth, least = 32, 58
	count := max(1, (w-2)/least)
	width := (w - 2) / count
	height := (len(rows) + count - 1) / count
	lines := make([]string, height)
	for i := range lines {
		cells := []string{"  "}
		for at := i; at < len(rows); at += height {
			name := kit.Fit(kit.Escape(rows[at][0]), min(nameWidth, width/2), look.ASCII)
			cells = append(cells, kit.Fit(look.Dim(name)+" "+kit.Escape(rows[at][1]), width, look.ASCII))
		}
		lines[i] = strings.Join(cells, "")
	}
	return lines
}

// database is one of the numbered databases.
type database struct {
	number        int
	keys, expires int64
}

// databasesOf are the databases that hold keys, as INFO tells.
func databasesOf(i info) []database {
	var list []database
	for _, s := range i.sections {
		for _, row := range s.rows {
			number, ok := strings.CutPrefix(row[0], "db")
			n, err := strconv.Atoi(number)
			if !ok || err != nil || s.name != "Keyspace" {
				continue
			}
			d := database{number: n}
			for part := range strings.SplitSeq(row[1], ",") {
				name, value, _ := strings.Cut(part, "=")
				count, _ := strconv.ParseInt(value, 10, 64)
				switch name {
				case "keys":
					d.keys = count
				case "expires":
					d.expires = count
				}
			}
			list = append(list, d)
		}
	}
	return list
}
