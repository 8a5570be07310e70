package view

import (
	"bytes"
	"context"
	"encoding/binary"
	"unicode/utf8"

	"redan/ui/view/decode"
)

// loadString reads a window of bytes. One of text ends where a line does, if that is near, or else a character, and what it leaves is
// where the next one begins: no byte is in neither.
func loadString(ctx context.Context, c Client, r Request) (Page, error) {
	from, to := r.between()
	length, replies, err := window(ctx, c, r, []string{"GETRANGE", r.Key, itoa(from), itoa(to)})
	if err != nil {
		return Page{}, err
	}
	data := replies[0].Payload()
	more := from+int64(len(data)) < length
	if r.Back && from > 0 {
		n := leadingPart(data)
		data, from = data[n:], from+int64(n)
	}
	if more && !r.Back {
		data = data[:len(data)-trailingPart(data)]
	}
	end := from + int64(len(data))
	return Page{
		Input: decode.Input{Bytes: data, Offset: from, More: more}, Length: length,
		Before: Place{Rank: from}, HasBefore: from > 0,
		After: Place{Rank: end}, HasAfter: end < length && len(data) > 0,
	}, nil
}

// nearBreak is how near to its ends a window is cut at a line break.
const nearBreak = 4 << 10

// leadingPart is how many bytes at the beginning are the end of a line or a character, 0 where that is not UTF-8.
func leadingPart(data []byte) int {
	if n := bytes.IndexByte(data[:min(len(data), nearBreak)], '\n'); n >= 0 && n+1 < len(data) {
		return n + 1
	}
	n := 0
	for n < len(data) && n < utf8.UTFMax && !utf8.RuneStart(data[n]) {
		n++
	}
	if n == utf8.UTFMax || n == len(data) {
		return 0
	}
	return n
}

// trailingPart is how many bytes at the end are the beginning of a line or a character.
func trailingPart(data []byte) int {
	if n := bytes.LastIndexByte(data[max(0, len(data)-nearBreak):], '\n'); n >= 0 {
		if n += max(0, len(data)-nearBreak); n > 0 {
			return len(data) - n - 1
		}
	}
	for n := 1; n < min(utf8.UTFMax, len(data)); n++ {
		if b := data[len(data)-n]; utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRune(data[len(data)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// Sketch is what a HyperLogLog says of itself.
type Sketch struct {
	Count  uint64 // estimated when it was last asked for
	Fresh  bool   // nothing was added since then
	Sparse bool
}

// sketchHeader is the length of what precedes the registers.
const sketchHeader = 16

// ParseSketch reports whether a string is a HyperLogLog, from its header: magic, encoding, and the count of the last PFCOUNT, whose
// highest bit tells that it is out of date. PFCOUNT itself would write that count into the value.
func ParseSketch(data []byte) (Sketch, bool) {
	const dense, sparse = 0, 1
	if len(data) < sketchHeader || !bytes.HasPrefix(data, []byte("HYLL")) || data[4] > sparse {
		return Sketch{}, false
	}
	const stale = 1 << 63
	count := binary.LittleEndian.Uint64(data[8:sketchHeader])
	return Sketch{Count: count &^ stale, Fresh: count&stale == 0, Sparse: data[4] != dense}, true
}

// CountSketch asks the server for the count of a HyperLogLog. The server keeps the answer in the value.
func CountSketch(ctx context.Context, c Client, key string) (int64, error) {
	return count(ctx, c, "PFCOUNT", key)
}

// CountBits asks the server how many bits of a string are set. It reads all of the string.
func CountBits(ctx context.Context, c Client, key string) (int64, error) {
	return count(ctx, c, "BITCOUNT", key)
}

func count(ctx context.Context, c Client, command ...string) (int64, error) {
	replies, err := ask(ctx, c, command)
	if err != nil {
		return 0, err
	}
	n, ok := number(replies[0])
	if !ok {
		return 0, errShape
	}
	return n, nil
}
