package view

import (
	"fmt"
	"math/bits"

	"redan/ui/view/decode"
)

// Bits shows bytes as the bits of a bitmap, the first bit of a byte being its highest, as SETBIT counts them.
type Bits struct {
	Input   decode.Input
	PerLine int // bytes
}

// BitsPerLine returns how many bytes of a bitmap fit in width columns, at least 1.
func BitsPerLine(width int) int {
	const offset, each = 14, 9
	n := 16
	for n > 1 && offset+n*each > width {
		n /= 2
	}
	return n
}

// Len returns the number of lines.
func (b Bits) Len() int { return (len(b.Input.Bytes) + b.PerLine - 1) / b.PerLine }

// Fold returns -1: nothing is folded.
func (Bits) Fold(int) int { return -1 }

// Line returns the offset of a line's first bit, its bits, and how many of them are set.
func (b Bits) Line(i int) decode.Line {
	from := i * b.PerLine
	row := b.Input.Bytes[from:min(from+b.PerLine, len(b.Input.Bytes))]
	const bitsOfByte, columns = 8, 12
	spans := make([]decode.Span, 0, 1+len(row))
	spans = append(spans, decode.Span{Text: fmt.Sprintf("%-*d", columns, bitsOfByte*(b.Input.Offset+int64(from))), Kind: decode.Offset})
	for _, c := range row {
		kind := decode.Plain
		if c == 0 {
			kind = decode.Dim
		}
		spans = append(spans, decode.Span{Text: fmt.Sprintf("%08b ", c), Kind: kind})
	}
	return decode.Line{Spans: spans, Fold: -1}
}

// Ones counts the bits of the window that are set, and finds the first of them, -1 where there is none.
func (b Bits) Ones() (count int, first int64) {
	first = -1
	for i, c := range b.Input.Bytes {
		if c != 0 && first < 0 {
			first = 8*(b.Input.Offset+int64(i)) + int64(bits.LeadingZeros8(c))
		}
		count += bits.OnesCount8(c)
	}
	return count, first
}

// Lines are what a document and a bitmap have in common.
type Lines interface {
	Len() int
	Line(i int) decode.Line
	Fold(i int) int
}
