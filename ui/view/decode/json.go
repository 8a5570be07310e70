package decode

import (
	"errors"
	"unicode/utf8"
)

// jsonDecoder shows JSON, or JSON lines. Order, numbers, escapes and names that come twice stay as they are in the value.
type jsonDecoder struct{ name Name }

func (d jsonDecoder) Name() Name { return d.name }
func (jsonDecoder) Wraps() bool  { return false }

// Sniff takes objects and arrays for JSON. A number or a word is JSON as well, but shown as text it says the same.
func (d jsonDecoder) Sniff(in Input) Confidence {
	if in.Offset != 0 {
		return No
	}
	head := in.head(sniffBytes)
	s := scanner{data: head.Bytes, name: d.name}
	values, scalars := 0, 0
	for {
		top := len(s.stack) == 0
		t, err := s.next()
		switch {
		case errors.Is(err, errShort) && head.More:
			return d.judge(values, scalars, Likely)
		case err != nil:
			return No
		case t.mark == markEnd:
			return d.judge(values, scalars, Certain)
		case top:
			values++
			if t.mark != markOpen {
				scalars++
			}
		}
	}
}

// judge returns found, or less where the values at the top, of which some are scalars, are not what the decoder is for.
func (d jsonDecoder) judge(values, scalars int, found Confidence) Confidence {
	if values == 0 || d.name == NDJSON && values == 1 {
		return No
	}
	if scalars > 0 {
		return Possible
	}
	return found
}

func (d jsonDecoder) Decode(in Input, limit int) (Result, error) {
	data, cut := in.Bytes, in.More
	if limit = bounded(limit); len(data) > limit {
		data, cut = data[:limit], true
	}
	s := scanner{data: data, name: d.name}
	l := jsonLayout{rows: jsonRows{data: data}}
	for {
		t, err := s.next()
		switch {
		case errors.Is(err, errShort) && cut:
			l.addPartial(&s)
			return Result{Document: Document{rows: &l.rows}, Cut: true}, nil
		case errors.Is(err, errShort):
			return Result{}, s.malformed(err.Error())
		case err != nil:
			return Result{}, err
		case t.mark == markEnd:
			return Result{Document: Document{rows: &l.rows}, Cut: cut}, nil
		}
		l.add(t)
	}
}

// Draft returns JSON laid out for editing. JSON lines stay as they are: laid out, they would be lines no more.
func (d jsonDecoder) Draft(data []byte, limit int) ([]byte, error) {
	if d.name == NDJSON {
		return textDraft(data, limit)
	}
	if len(data) > bounded(limit) {
		return nil, ErrTooLong
	}
	if !utf8.Valid(data) {
		return nil, ErrBinary
	}
	return Pretty(data)
}

func (d jsonDecoder) Encode(original, draft []byte) ([]byte, error) {
	if d.name == NDJSON {
		return draft, nil
	}
	return Minimal(original, draft)
}

// jsonRow is a line of JSON: bytes of the value, with white space that is not shown.
type jsonRow struct {
	start, end uint32
	indent     uint32
	fold       int32
	items      int32
	inside     mark // of the token that goes on from the row before; markEnd where none does
	named      bool // the row begins with a name
	more       bool // its last token goes on in the next row
}

type jsonRows struct {
	data []byte
	rows []jsonRow
}

func (r *jsonRows) count() int     { return len(r.rows) }
func (r *jsonRows) fold(i int) int { return int(r.rows[i].fold) }

func (r *jsonRows) line(i int) Line {
	row := r.rows[i]
	data := r.data[row.start:row.end]
	line := Line{Indent: int(row.indent), Fold: int(row.fold), Items: int(row.items), More: row.more}
	named := row.named
	if row.inside != markEnd {
		n := tokenLength(data, row.inside)
		line.Spans = appendToken(line.Spans, data[:n], row.inside)
		data = data[n:]
	}
	for {
		data = data[blank(data):]
		if len(data) == 0 {
			return line
		}
		m := markOf(data[0], named)
		named = false
		n := 1
		if m != markColon && m != markComma && m != markOpen && m != markClose {
			n += tokenLength(data[1:], m)
		}
		line.Spans = appendToken(line.Spans, data[:n], m)
		data = data[n:]
	}
}

// markOf returns the kind of the token that begins with c.
func markOf(c byte, named bool) mark {
	switch c {
	case '{', '[':
		return markOpen
	case '}', ']':
		return markClose
	case ':':
		return markColon
	case ',':
		return markComma
	case '"':
		if named {
			return markName
		}
		return markString
	case 't', 'f', 'n':
		return markWord
	}
	return markNumber
}

// tokenLength returns how much of data belongs to a token that has begun before it.
func tokenLength(data []byte, m mark) int {
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch m {
		case markName, markString:
			if c == '"' {
				return i + 1
			}
			if c == '\\' {
				i++
			}
		default:
			if !isDigit(c) && (c|' ' < 'a' || c|' ' > 'z') && c != '+' && c != '-' && c != '.' {
				return i
			}
		}
	}
	return len(data)
}

// appendToken appends a token, or a piece of one.
func appendToken(spans []Span, data []byte, m mark) []Span {
	switch m {
	case markName:
		return appendEscaped(spans, data, Key, jsonText)
	case markString:
		return appendEscaped(spans, data, String, jsonText)
	case markNumber:
		return appendEscaped(spans, data, Number, raw)
	case markWord:
		if data[0] == 'n' {
			return appendEscaped(spans, data, Null, raw)
		}
		return appendEscaped(spans, data, Bool, raw)
	case markColon:
		return appendSpan(spans, ": ", Punct)
	default:
		return appendEscaped(spans, data, Punct, raw)
	}
}
