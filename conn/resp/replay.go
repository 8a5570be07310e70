package resp

import "io"

// Source returns the tokens of v, as a Reader would have returned them.
func (v Value) Source() Source {
	return &replay{open: []replayFrame{{elems: []Value{v}}}}
}

// replay walks a value depth first.
type replay struct {
	open []replayFrame // the aggregates we are in; the first holds the value itself
}

// replayFrame is an aggregate whose children are being returned.
type replayFrame struct {
	kind       Kind
	elems      []Value // children still to come
	attributed bool    // the attributes of the first of them were returned
}

// Next implements [Source].
func (s *replay) Next() (Token, error) {
	top := &s.open[len(s.open)-1]
	if len(top.elems) == 0 {
		if len(s.open) == 1 {
			return Token{}, io.EOF
		}
		kind := top.kind
		s.open = s.open[:len(s.open)-1]
		return Token{Kind: kind, End: true}, nil
	}
	v := &top.elems[0]
	if len(v.Attrs) > 0 && !top.attributed {
		top.attributed = true
		return s.begin(Attribute, v.Attrs), nil
	}
	top.elems, top.attributed = top.elems[1:], false
	if !v.Kind.IsAggregate() {
		return Token{Kind: v.Kind, Text: v.Text, Int: v.Int, Streamed: v.Streamed}, nil
	}
	tok := s.begin(v.Kind, v.Elems)
	if v.Streamed {
		tok.Int = -1
	}
	return tok, nil
}

func (s *replay) begin(kind Kind, elems []Value) Token {
	s.open = append(s.open, replayFrame{kind: kind, elems: elems})
	return Token{Kind: kind, Int: int64(len(elems))}
}
