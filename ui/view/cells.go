package view

import (
	"strconv"
	"time"

	"redan/ui/view/decode"
)

// Column is one of those that elements are shown in.
type Column struct {
	Title string
	Right bool // numbers, at the right edge of the column
	Name  bool // what the element is found by: it gets room before what it holds
}

// Columns returns the columns that the elements of a request are shown in. The last one takes the room that is left.
func Columns(r Request) []Column {
	switch r.Part {
	case Groups:
		return []Column{{Title: "group", Name: true}, {Title: "consumers", Right: true}, {Title: "pending", Right: true}, {Title: "lag", Right: true}, {Title: "delivered up to"}}
	case Consumers:
		return []Column{{Title: "consumer", Name: true}, {Title: "pending", Right: true}, {Title: "idle", Right: true}, {Title: "inactive", Right: true}, {}}
	case Pending:
		return []Column{{Title: "id", Name: true}, {Title: "consumer", Name: true}, {Title: "idle", Right: true}, {Title: "deliveries", Right: true}, {}}
	case Entries:
	}
	switch r.Type {
	case Hash:
		return []Column{{Title: "field", Name: true}, {Title: "value"}}
	case List:
		return []Column{{Title: "#", Right: true}, {Title: "element"}}
	case ZSet:
		if r.Geo {
			return []Column{{Title: "#", Right: true}, {Title: "longitude", Right: true}, {Title: "latitude", Right: true}, {Title: "member"}}
		}
		return []Column{{Title: "#", Right: true}, {Title: "score", Right: true}, {Title: "member"}}
	case Stream:
		return []Column{{Title: "id", Name: true}, {Title: "time"}, {Title: "fields"}}
	default:
		return []Column{{Title: "member"}}
	}
}

// Cell is what stands in a column.
type Cell struct {
	Spans []decode.Span
	Note  string // of the encoding, for the right edge: "gzip → json"
}

// Cells returns an element's cells, one for each of Columns, made for a value of at most width columns. Times are in the zone of at.
func Cells(e Element, r Request, width int, at *time.Location) []Cell {
	if r.Part != Entries {
		cells := []Cell{{Spans: Text(e.Name, width)}}
		for _, pair := range e.Pairs {
			cells = append(cells, Cell{Spans: Text(pair.Value, width)})
		}
		if r.Part != Groups {
			cells = append(cells, Cell{})
		}
		return cells
	}
	index := plain(itoa(e.Index))
	switch r.Type {
	case Hash:
		return []Cell{{Spans: Text(e.Name, width)}, Value(e, width)}
	case List:
		return []Cell{dim(index), Value(e, width)}
	case ZSet:
		cells := []Cell{dim(index)}
		if r.Geo {
			cells = append(cells, coordinates(e)...)
		} else {
			cells = append(cells, Cell{Spans: []decode.Span{{Text: e.Score, Kind: decode.Number}}})
		}
		return append(cells, Cell{Spans: Text(e.Name, width)})
	case Stream:
		return []Cell{{Spans: Text(e.Name, width)}, dim(plain(EntryTime(string(e.Name), at))), {Spans: fields(e.Pairs, width)}}
	default:
		return []Cell{{Spans: Text(e.Name, width)}}
	}
}

func plain(text string) Cell { return Cell{Spans: []decode.Span{{Text: text}}} }

func dim(c Cell) Cell {
	for i := range c.Spans {
		c.Spans[i].Kind = decode.Dim
	}
	return c
}

func coordinates(e Element) []Cell {
	if e.Place == nil {
		return []Cell{plain("-"), plain("-")}
	}
	return []Cell{plain(degrees(e.Place.Longitude)), plain(degrees(e.Place.Latitude))}
}

// degrees shortens a coordinate to 10 cm, which is finer than the server keeps it.
func degrees(text string) string {
	const decimals, bits = 6, 64
	value, err := strconv.ParseFloat(text, bits)
	if err != nil {
		return text
	}
	return strconv.FormatFloat(value, 'f', decimals, bits)
}

// Text returns the beginning of bytes as text in one line, with escapes for what is none.
func Text(data []byte, width int) []decode.Span {
	if len(data) == 0 {
		return []decode.Span{{Text: `""`, Kind: decode.Dim}}
	}
	return decode.Standard().Preview(decode.Value(data), decode.Chain{decode.Text}, width).Spans
}

// Value returns the beginning of an element's value in one line, decoded, and how it is encoded where that is not plain text.
func Value(e Element, width int) Cell {
	if len(e.Value) == 0 {
		return Cell{Spans: Text(nil, width)}
	}
	chain := e.Chain
	if len(chain) == 0 {
		chain = decode.Chain{decode.Text}
	}
	cell := Cell{Spans: decode.Standard().Preview(decode.Input{Bytes: e.Value, More: e.Cut}, chain, width).Spans}
	if len(chain) > 1 || chain[0] != decode.Text {
		cell.Note = chain.Join("→")
	}
	return cell
}

// fields returns the fields of a stream's entry in one line.
func fields(list []Pair, width int) []decode.Span {
	var spans []decode.Span
	used := 0
	for i, pair := range list {
		if used >= width {
			break
		}
		if i > 0 {
			spans = append(spans, decode.Span{Text: "  "})
		}
		name, value := Text(pair.Name, width), Text(pair.Value, width)
		for j := range name {
			if name[j].Kind == decode.Plain {
				name[j].Kind = decode.Key
			}
		}
		spans = append(append(append(spans, name...), decode.Span{Text: "=", Kind: decode.Punct}), value...)
		for _, s := range spans[len(spans)-len(name)-len(value)-1:] {
			used += len(s.Text)
		}
	}
	return spans
}

// EntryTime returns when a stream's entry was added, by its id. Ids that were made by hand may be no times: those are empty.
func EntryTime(id string, at *time.Location) string {
	const first, last = 100_000_000_000, 10_000_000_000_000 // 1973 to 2286
	parsed, ok := ParseEntryID(id)
	if !ok || parsed.Millis < first || parsed.Millis > last {
		return ""
	}
	return time.UnixMilli(int64(parsed.Millis)).In(at).Format("2006-01-02 15:04:05")
}
