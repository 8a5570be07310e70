package decode

import (
	"bytes"
	"errors"
)

// Minimal returns original with what edited says, and nothing else, changed. Both are JSON; edited is usually [Pretty]'s layout of
// original with some values changed. The result's tokens are edited's, byte for byte; white space around what was not edited, order,
// and the spelling of numbers and strings stay original's. Where only white space was edited, the result is original.
//
// An error is a [*MalformedError] that tells the place in edited.
func Minimal(original, edited []byte) ([]byte, error) {
	before, err := tokenize(original)
	if err != nil {
		return nil, err
	}
	after, err := tokenize(edited)
	if err != nil {
		return nil, err
	}
	same := func(i, j int) bool { return bytes.Equal(before.text(i), after.text(j)) }
	hunks := diff(before.len(), after.len(), same)
	m := merger{before: before, after: after, out: make([]byte, 0, len(original)+len(edited))}
	m.learnStyle()
	for _, h := range hunks {
		m.merge(h)
	}
	m.keep(before.len())
	return append(m.out, before.gap(before.len())...), nil
}

// tokens is a JSON text with the places of its tokens.
type tokens struct {
	data []byte
	list []token
}

func tokenize(data []byte) (tokens, error) {
	if len(data) > most {
		return tokens{}, ErrTooLong
	}
	s := scanner{data: data, name: JSON}
	found := tokens{data: data}
	for {
		t, err := s.next()
		if errors.Is(err, errShort) {
			return tokens{}, s.malformed(err.Error())
		}
		if err != nil {
			return tokens{}, err
		}
		if t.mark == markEnd {
			return found, nil
		}
		found.list = append(found.list, t)
	}
}

func (t tokens) len() int { return len(t.list) }

func (t tokens) text(i int) []byte { return t.data[t.list[i].start:t.list[i].end] }

// gap returns the white space before a token, or after the last one.
func (t tokens) gap(i int) []byte {
	from, to := 0, len(t.data)
	if i > 0 {
		from = t.list[i-1].end
	}
	if i < len(t.list) {
		to = t.list[i].start
	}
	return t.data[from:to]
}

// merger writes original with its hunks replaced.
type merger struct {
	before, after tokens
	out           []byte
	next          int // the first token of before not dealt with
	// How before spaces its tokens, for what is new.
	lines                  bool
	afterColon, afterComma []byte
}

// learnStyle looks at how before is laid out.
func (m *merger) learnStyle() {
	for i := 1; i < m.before.len(); i++ {
		gap := m.before.gap(i)
		if bytes.IndexByte(gap, '\n') >= 0 {
			m.lines = true
			return
		}
		switch m.before.list[i-1].mark {
		case markColon:
			m.afterColon = gap
		case markComma:
			m.afterComma = gap
		default:
		}
	}
}

// keep writes the tokens of before up to, but not including, one.
func (m *merger) keep(to int) {
	for ; m.next < to; m.next++ {
		m.out = append(m.out, m.before.gap(m.next)...)
		m.out = append(m.out, m.before.text(m.next)...)
	}
}

// merge writes a hunk and the token after it. The gap before the hunk stays there, whatever stands behind it now.
func (m *merger) merge(h hunk) {
	m.keep(h.from)
	first, last := m.gaps(h)
	m.out = append(m.out, first...)
	for j := h.start; j < h.end; j++ {
		if j > h.start {
			m.out = append(m.out, m.style(j)...)
		}
		m.out = append(m.out, m.after.text(j)...)
	}
	m.next = h.to
	if h.to < m.before.len() {
		m.out = append(m.out, last...)
		m.out = append(m.out, m.before.text(h.to)...)
		m.next++
	}
}

// gaps returns the gaps before a hunk and before the token after it.
func (m *merger) gaps(h hunk) (first, last []byte) {
	before, after := m.before.gap(h.from), m.before.gap(h.to)
	switch {
	case h.start == h.end: // nothing came in: the token after it takes the place
		return before, nil
	case h.from < h.to:
		return before, after
	case m.after.list[h.start].mark == markComma: // from here on nothing went
		return nil, after
	default:
		return before, m.style(h.end)
	}
}

// style returns the gap before a token of after, as before would have it.
func (m *merger) style(j int) []byte {
	if m.lines {
		return m.after.gap(j)
	}
	switch m.after.list[j-1].mark {
	case markColon:
		return m.afterColon
	case markComma:
		return m.afterComma
	default:
		return nil
	}
}
