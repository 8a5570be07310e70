package decode

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// dump shows bytes as they are.
type dump struct{}

func (dump) Name() Name             { return Hex }
func (dump) Wraps() bool            { return false }
func (dump) Sniff(Input) Confidence { return Possible }

// Decode has no use for the limit: a dump takes no memory.
func (dump) Decode(in Input, _ int) (Result, error) {
	return Result{Document: Dump(in, usualPerLine), Cut: in.More}, nil
}

// usualPerLine is how many bytes a line of a dump has where nobody asked for another number.
const usualPerLine = 16

// Dump returns the input as offset, bytes in hex and printable ASCII, perLine bytes a line.
func Dump(in Input, perLine int) Document {
	perLine = max(1, min(perLine, longestLine/4))
	digits := max(8, len(fmt.Sprintf("%x", in.Offset+int64(len(in.Bytes)))))
	return Document{rows: dumpRows{data: in.Bytes, offset: in.Offset, perLine: perLine, digits: digits}}
}

// PerLine returns the largest power of two of bytes whose dump fits in width columns, at least 1 and at most 32.
func PerLine(width int) int {
	const offset, rim = 10, 4
	n := 32
	for n > 1 && offset+3*n+n/8+rim+n > width {
		n /= 2
	}
	return n
}

type dumpRows struct {
	data    []byte
	offset  int64
	perLine int
	digits  int
}

func (r dumpRows) count() int   { return (len(r.data) + r.perLine - 1) / r.perLine }
func (r dumpRows) fold(int) int { return -1 }

func (r dumpRows) line(i int) Line {
	from := i * r.perLine
	row := r.data[from:min(from+r.perLine, len(r.data))]
	spans := make([]Span, 0, 8)
	spans = append(spans, Span{Text: fmt.Sprintf("%0*x  ", r.digits, r.offset+int64(from)), Kind: Offset})
	for j := range r.perLine {
		if j > 0 && j%8 == 0 {
			spans = appendSpan(spans, " ", Plain)
		}
		if j >= len(row) {
			spans = appendSpan(spans, "   ", Plain)
			continue
		}
		kind := Plain
		if row[j] == 0 {
			kind = Dim // the eye looks for what is not zero
		}
		spans = appendSpan(spans, fmt.Sprintf("%02x ", row[j]), kind)
	}
	return Line{Spans: appendSpan(spans, " |"+ascii(row)+"|", Dim), Fold: -1}
}

// ascii returns bytes as characters, with a dot for what is none.
func ascii(row []byte) string {
	shown := make([]byte, len(row))
	for i, c := range row {
		if c < ' ' || c > '~' {
			c = '.'
		}
		shown[i] = c
	}
	return string(shown)
}

// Draft returns pairs of hex digits, 16 bytes a line.
func (dump) Draft(data []byte, limit int) ([]byte, error) {
	if len(data) > bounded(limit) {
		return nil, ErrTooLong
	}
	draft := make([]byte, 0, 3*len(data))
	for i, c := range data {
		draft = hex.AppendEncode(draft, []byte{c})
		if (i+1)%usualPerLine == 0 || i+1 == len(data) {
			draft = append(draft, '\n')
		} else {
			draft = append(draft, ' ')
		}
	}
	return draft, nil
}

// Encode reads hex digits back. White space between bytes is free; anything else is an error.
func (dump) Encode(_, draft []byte) ([]byte, error) {
	data := make([]byte, 0, len(draft)/2)
	for i := 0; i < len(draft); {
		if strings.IndexByte(" \t\r\n", draft[i]) >= 0 {
			i++
			continue
		}
		if i+1 == len(draft) {
			return nil, malformedAt(Hex, draft, i, "a byte has two hex digits")
		}
		var err error
		if data, err = hex.AppendDecode(data, draft[i:i+2]); err != nil {
			return nil, malformedAt(Hex, draft, i, "a byte has two hex digits")
		}
		i += 2
	}
	return data, nil
}

// malformedAt returns the error for a place in a text.
func malformedAt(name Name, data []byte, offset int, reason string) *MalformedError {
	line, column := place(data, offset)
	return &MalformedError{Name: name, Offset: int64(offset), Line: line, Column: column, Reason: reason}
}
