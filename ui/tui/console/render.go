package console

import (
	"fmt"
	"strings"
	"time"

	"redan/commands"
	"redan/conn/resp"
	"redan/ui/format"
	"redan/ui/tui/kit"
)

// render returns a reply as rows, by what it is, the attributes that RESP3 puts before it first.
func render(words []string, v resp.Value) []row {
	var rows []row
	for i := 0; i+1 < len(v.Attrs); i += 2 {
		rows = append(rows, row{{"attribute " + cell(v.Attrs[i]) + ": " + flat(v.Attrs[i+1]), dim}})
	}
	v.Attrs = nil
	return append(rows, renderBare(words, v)...)
}

// flat is a value in one line.
func flat(v resp.Value) string {
	if !v.Kind.IsAggregate() {
		return cell(v)
	}
	parts := make([]string, len(v.Elems))
	for i, e := range v.Elems {
		parts[i] = flat(e)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// renderBare returns a reply as rows. Where nothing else is known it is what redis-cli prints for people.
func renderBare(words []string, v resp.Value) []row {
	switch {
	case v.Kind == 0:
		return []row{{{"(no reply: the connection was told CLIENT REPLY OFF)", dim}}}
	case v.Kind.IsError():
		return say(danger, format.New(format.Standard).String(v))
	case v.Kind.IsNull():
		return say(dim, format.New(format.Standard).String(v))
	case commands.AlwaysRaw(words):
		return report(string(v.Payload()))
	}
	if rows := asText(v); rows != nil {
		return rows
	}
	if pairs := asPairs(words, v); pairs != nil {
		return table(pairs)
	}
	if rows := asEntries(words, v); rows != nil {
		return rows
	}
	return standard(v)
}

func standard(v resp.Value) []row {
	p := format.New(format.Standard)
	p.Terminal = true
	return say(plain, p.String(v))
}

// cutNote tells what of a reply was not kept, nil when all was.
func cutNote(c collector) []row {
	var parts []string
	if c.cutElems > 0 {
		parts = append(parts, kit.Count(c.cutElems)+" elements")
	}
	if c.cutText > 0 {
		parts = append(parts, kit.Size(c.cutText))
	}
	if len(parts) == 0 {
		return nil
	}
	return []row{{{"the reply was larger: " + strings.Join(parts, " and ") + " more were read and are not shown", warn}}}
}

// report is a text for people: INFO by its sections, CLIENT LIST and such line by line.
func report(body string) []row {
	rows := say(plain, body)
	for i, r := range rows {
		line := r.plain()
		switch field, value, ok := strings.Cut(line, ":"); {
		case strings.HasPrefix(line, "# "):
			rows[i] = row{{line[2:], strong}}
		case ok && field != "" && !strings.ContainsAny(field, " ="):
			rows[i] = row{{field, name}, {":", dim}, {value, plain}}
		}
	}
	return rows
}

// asText shows a string that is JSON, or a text of the server's, by its lines.
func asText(v resp.Value) []row {
	switch {
	case v.Kind == resp.BulkString:
		return prettyJSON(v.Text)
	case v.Kind == resp.VerbatimString && strings.Contains(string(v.Payload()), "\n"):
		return report(string(v.Payload()))
	}
	return nil
}

// pair is a row of a table.
type pair struct{ key, value resp.Value }

// asPairs returns what is a table: a map of scalars, and the flat list that RESP2 has in its place.
func asPairs(words []string, v resp.Value) []pair {
	var pairs []pair
	switch {
	case v.Kind == resp.Map, v.Kind == resp.Array && repliesInPairs(words) && len(v.Elems)%2 == 0:
		for i := 0; i+1 < len(v.Elems); i += 2 {
			pairs = append(pairs, pair{v.Elems[i], v.Elems[i+1]})
		}
	case v.Kind == resp.Array && scored(words): // RESP3
		for _, e := range v.Elems {
			if len(e.Elems) != 2 {
				return nil
			}
			pairs = append(pairs, pair{e.Elems[0], e.Elems[1]})
		}
	}
	for _, p := range pairs {
		if p.key.Kind.IsAggregate() || p.value.Kind.IsAggregate() {
			return nil
		}
	}
	return pairs
}

// repliesInPairs reports whether a command's array is a list of names and values.
func repliesInPairs(words []string) bool {
	if len(words) == 0 {
		return false
	}
	switch strings.ToUpper(words[0]) {
	case "HGETALL":
		return true
	case "CONFIG":
		return len(words) > 2 && strings.EqualFold(words[1], "get")
	case "PUBSUB":
		return len(words) > 1 && strings.HasSuffix(strings.ToLower(words[1]), "numsub")
	case "HRANDFIELD":
		return len(words) == 4 && strings.EqualFold(words[3], "withvalues")
	}
	return scored(words)
}

// scored reports whether the elements of a sorted set come with their scores.
func scored(words []string) bool {
	if len(words) == 0 || !strings.HasPrefix(strings.ToUpper(words[0]), "Z") {
		return false
	}
	for _, word := range words[1:] {
		if strings.EqualFold(word, "withscores") {
			return true
		}
	}
	return false
}

// widestName is how far apart names and values of a table stand at most.
const widestName = 32

func table(pairs []pair) []row {
	names := make([]string, len(pairs))
	wide := 0
	for i, p := range pairs {
		names[i] = cell(p.key)
		if w := kit.Width(names[i]); w <= widestName {
			wide = max(wide, w)
		}
	}
	rows := make([]row, len(pairs))
	for i, p := range pairs {
		rows[i] = row{{kit.Escape(names[i]), name}, {strings.Repeat(" ", max(0, wide-kit.Width(names[i]))+2), plain}}
		if p.value.Kind.IsNull() {
			rows[i] = append(rows[i], span{"(nil)", dim})
			continue
		}
		rows[i] = append(rows[i], span{cell(p.value), plain})
	}
	return rows
}

// cell is a scalar in one line: a string as it is, or quoted where that would not tell all of it.
func cell(v resp.Value) string {
	switch v.Kind {
	case resp.BulkString, resp.SimpleString, resp.VerbatimString, resp.Double, resp.BigNumber:
		content := string(v.Payload())
		if content == "" || strings.TrimSpace(content) != content || kit.Escape(content) != content {
			return kit.Escape(commands.Quote(content))
		}
		return content
	default:
		return kit.Escape(format.New(format.Standard).String(v))
	}
}

// asEntries shows the entries of streams: the ID, and its fields below it.
func asEntries(words []string, v resp.Value) []row {
	if len(words) == 0 || len(v.Elems) == 0 {
		return nil
	}
	switch strings.ToUpper(words[0]) {
	case "XRANGE", "XREVRANGE", "XCLAIM":
		return entries(v.Elems)
	case "XREAD", "XREADGROUP":
	default:
		return nil
	}
	var rows []row
	add := func(key, list resp.Value) bool {
		below := entries(list.Elems)
		rows = append(append(rows, row{{cell(key), accent}}), below...)
		return below != nil
	}
	if v.Kind == resp.Map {
		for i := 0; i+1 < len(v.Elems); i += 2 {
			if !add(v.Elems[i], v.Elems[i+1]) {
				return nil
			}
		}
		return rows
	}
	for _, e := range v.Elems {
		if len(e.Elems) != 2 || !add(e.Elems[0], e.Elems[1]) {
			return nil
		}
	}
	return rows
}

// entries is nil when it meets what is no entry.
func entries(list []resp.Value) []row {
	var rows []row
	for _, e := range list {
		if len(e.Elems) != 2 || e.Elems[0].Kind.IsAggregate() || len(e.Elems[1].Elems)%2 != 0 {
			return nil
		}
		rows = append(rows, row{{cell(e.Elems[0]), strong}})
		var pairs []pair
		fields := e.Elems[1].Elems
		for i := 0; i+1 < len(fields); i += 2 {
			pairs = append(pairs, pair{fields[i], fields[i+1]})
		}
		for _, r := range table(pairs) {
			rows = append(rows, append(row{{"  ", plain}}, r...))
		}
	}
	return rows
}

// pushText is a push of RESP3 in one line.
func pushText(push resp.Value) string {
	parts := make([]string, len(push.Elems))
	for i, e := range push.Elems {
		parts[i] = cell(e)
	}
	return strings.Join(parts, " ")
}

// took is a length of time for the right edge.
func took(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	return kit.Life(d)
}
