package modes

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"redan/commands/latency"
	"redan/ui/format"
)

// StatTable puts the rows of --stat into redis-cli's bytes. The header comes first, and again every so many rows.
type StatTable struct {
	rows int
}

// statPage is how many rows stand under one header.
const statPage = 20

const statHead = "------- data ------ --------------------- load -------------------- - child -\n" +
	"keys       mem      clients blocked requests            connections          \n"

// Append adds a row, and what stands above it, to dst.
func (t *StatTable) Append(dst []byte, row latency.StatRow) []byte {
	if t.rows%statPage == 0 {
		dst = append(dst, statHead...)
	}
	t.rows++
	return fmt.Appendf(dst, "%-11d%-8s %-8d%-8d%-19s %-12d%s\n", row.Keys, ShortBytes(row.Memory), row.Clients, row.Blocked,
		requests(row), row.Connections, child(row.Stats))
}

// requests is the number of commands, and how many came since the row before.
func requests(row latency.StatRow) string {
	return fmt.Sprintf("%d (+%d)", row.Commands, row.Growth.Commands)
}

// child is what the server writes or reads in the background, in redis-cli's words.
func child(s latency.Stats) string {
	switch {
	case s.Loading:
		return "LOAD"
	case s.Saving && s.Rewriting:
		return "SAVE+AOF"
	case s.Saving:
		return "SAVE"
	case s.Rewriting:
		return "AOF"
	}
	return ""
}

// ShortBytes is an amount of bytes as redis-cli writes it: "512B", "3.14M".
func ShortBytes(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10) + "B"
	}
	value, unit := float64(n)/1024, 0
	for value >= 1024 && unit < 4 {
		value, unit = value/1024, unit+1
	}
	return fmt.Sprintf("%.2f%c", value, "KMGTP"[unit])
}

// statFields are the fields of a row for programs, by INFO's names where it has one.
func statFields(row latency.StatRow) []statField {
	hitRate := "null"
	if rate, ok := row.Growth.HitRate(); ok {
		hitRate = strconv.FormatFloat(rate, 'f', 4, 64)
	}
	return []statField{
		{"time", `"` + row.At.UTC().Format(time.RFC3339Nano) + `"`},
		{"keys", digits(row.Keys)},
		{"used_memory", digits(row.Memory)},
		{"maxmemory", digits(row.MaxMemory)},
		{"connected_clients", digits(row.Clients)},
		{"blocked_clients", digits(row.Blocked)},
		{"total_commands_processed", digits(row.Commands)},
		{"commands", digits(row.Growth.Commands)},
		{"commands_per_second", perSecond(row.Growth.CommandRate)},
		{"total_connections_received", digits(row.Connections)},
		{"hits", digits(row.Growth.Hits)},
		{"misses", digits(row.Growth.Misses)},
		{"hit_rate", hitRate},
		{"input_bytes_per_second", perSecond(row.Growth.InRate)},
		{"output_bytes_per_second", perSecond(row.Growth.OutRate)},
		{"expired", digits(row.Growth.Expired)},
		{"evicted", digits(row.Growth.Evicted)},
		{"child", `"` + child(row.Stats) + `"`},
		{"nodes", strconv.Itoa(row.Nodes)},
	}
}

// statField is a name and a value in JSON.
type statField struct{ name, value string }

func digits(n int64) string { return strconv.FormatInt(n, 10) }

func perSecond(rate float64) string { return strconv.FormatFloat(rate, 'f', 1, 64) }

// AppendStatJSON adds a row as one line of JSON.
func AppendStatJSON(dst []byte, row latency.StatRow) []byte {
	dst = append(dst, '{')
	for _, f := range statFields(row) {
		dst = fmt.Appendf(dst, "%q:%s,", f.name, f.value)
	}
	dst = append(dst, `"lost":[`...)
	for i, node := range row.Lost {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"node":`...)
		dst = appendText(dst, node.Name)
		dst = append(dst, `,"error":`...)
		dst = appendText(dst, node.Err.Error())
		dst = append(dst, '}')
	}
	return append(dst, "]}\n"...)
}

// appendText adds a string in JSON, which is valid whatever a server said.
func appendText(dst []byte, text string) []byte {
	return format.AppendJSONString(dst, []byte(strings.ToValidUTF8(text, "\uFFFD")))
}

// StatCSVHeader is the line above the rows of [AppendStatCSV].
func StatCSVHeader() string {
	fields := statFields(latency.StatRow{})
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return strings.Join(names, ",") + "\n"
}

// AppendStatCSV adds a row as one line of CSV.
func AppendStatCSV(dst []byte, row latency.StatRow) []byte {
	for i, f := range statFields(row) {
		if i > 0 {
			dst = append(dst, ',')
		}
		if f.value != "null" {
			dst = append(dst, f.value...)
		}
	}
	return append(dst, '\n')
}
