package decode

import "unicode/utf8"

// jsonLayout puts tokens into rows: a member or an element a row, an empty object or array in one piece.
type jsonLayout struct {
	rows   jsonRows
	open   []int32 // the rows that open what is open
	last   mark    // the token before
	joined bool    // the next token goes into the row of the one before
}

// add lays out the next token.
func (l *jsonLayout) add(t token) {
	switch {
	case t.mark == markClose:
		l.close(t)
	case l.joined || t.mark == markComma || t.mark == markColon:
		l.extend(t)
	default:
		l.begin(t)
	}
	switch t.mark {
	case markOpen:
		l.open = append(l.open, int32(len(l.rows.rows)-1)) //nolint:gosec // at most the limit, which fits
	case markComma:
		l.rows.rows[l.open[len(l.open)-1]].items++
	default:
	}
	l.joined = t.mark == markColon
	l.last = t.mark
}

// addPartial lays out the beginning of the token that the text breaks off in.
func (l *jsonLayout) addPartial(s *scanner) {
	end := s.pos + len(withoutPartialRune(s.data[s.pos:]))
	if s.pos >= end {
		return
	}
	m := markOf(s.data[s.pos], s.want == wantName || s.want == wantNameOrClose)
	l.add(token{mark: m, start: s.pos, end: end})
}

// begin lays out a token as the first of a row.
func (l *jsonLayout) begin(t token) {
	if l.last == markOpen && len(l.open) > 0 {
		l.rows.rows[l.open[len(l.open)-1]].items = 1
	}
	l.rows.rows = append(l.rows.rows, jsonRow{
		start: uint32(t.start), indent: uint32(len(l.open)), fold: -1, inside: markEnd, named: t.mark == markName, //nolint:gosec // bounded by the limit
	})
	l.extend(t)
}

// extend lays out a token at the end of the row, and in rows of its own what of it is too long for one.
func (l *jsonLayout) extend(t token) {
	for {
		row := &l.rows.rows[len(l.rows.rows)-1]
		n := tokenCut(l.rows.data[t.start:t.end])
		row.end = uint32(t.start + n) //nolint:gosec // at most the limit, which fits
		t.start += n
		if t.start == t.end {
			return
		}
		row.more = true
		l.rows.rows = append(l.rows.rows, jsonRow{start: row.end, indent: row.indent, fold: -1, inside: t.mark})
	}
}

// tokenCut returns how much of a token goes into one row, cutting neither an escape nor a character in two.
func tokenCut(data []byte) int {
	if len(data) <= longestLine {
		return len(data)
	}
	at := 0
	for i := 0; i <= longestLine; {
		at = i
		if data[i] == '\\' {
			n, _ := escapeLength(data[i:])
			i += n
			continue
		}
		_, n := utf8.DecodeRune(data[i:])
		i += n
	}
	return at
}

// close lays out a bracket that closes.
func (l *jsonLayout) close(t token) {
	opened := l.open[len(l.open)-1]
	l.open = l.open[:len(l.open)-1]
	if l.last == markOpen {
		l.extend(t)
		return
	}
	l.begin(t)
	l.rows.rows[opened].fold = int32(len(l.rows.rows) - 1) //nolint:gosec // at most the limit, which fits
}

// Pretty returns JSON laid out as its document is: a member a line, two blanks an indent. Its tokens are data's, byte for byte.
func Pretty(data []byte) ([]byte, error) {
	result, err := jsonDecoder{name: JSON}.Decode(Value(data), max(1, len(data)))
	if err != nil {
		return nil, err
	}
	if result.Cut {
		return nil, ErrTooLong
	}
	rows, ok := result.Document.rows.(*jsonRows)
	if !ok {
		return nil, ErrUnknown
	}
	return rows.pretty()
}

// pretty writes rows out. Deep nesting makes indents grow without bound; that is left to those who edit JSON as it is.
func (r *jsonRows) pretty() ([]byte, error) {
	longest := 16*len(r.data) + 1<<16
	out := make([]byte, 0, 2*len(r.data))
	for i, row := range r.rows {
		if row.inside == markEnd {
			for range row.indent {
				out = append(out, "  "...)
			}
		}
		out = r.appendTokens(out, row)
		if !row.more && i+1 < len(r.rows) {
			out = append(out, '\n')
		}
		if len(out) > longest {
			return nil, ErrTooLong
		}
	}
	return out, nil
}

// appendTokens appends the tokens of a row, with a blank after each colon.
func (r *jsonRows) appendTokens(out []byte, row jsonRow) []byte {
	data := r.data[row.start:row.end]
	if row.inside != markEnd {
		n := tokenLength(data, row.inside)
		out, data = append(out, data[:n]...), data[n:]
	}
	for {
		if data = data[blank(data):]; len(data) == 0 {
			return out
		}
		n := 1
		switch m := markOf(data[0], false); m {
		case markColon:
			out = append(out, ": "...)
			data = data[1:]
			continue
		case markComma, markOpen, markClose:
		default:
			n += tokenLength(data[1:], m)
		}
		out, data = append(out, data[:n]...), data[n:]
	}
}
