package decode

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"
)

// msgpack shows MessagePack as a tree that reads like JSON, with what JSON does not have told by a word: bin, ext, timestamp. Names
// that are no strings are shown as what they are.
type msgpack struct{}

func (msgpack) Name() Name  { return Msgpack }
func (msgpack) Wraps() bool { return false }

// Sniff wants a map or an array that has text in it and ends where the value ends: MessagePack has no magic, and almost any byte
// begins some value.
func (msgpack) Sniff(in Input) Confidence {
	const enough = 4
	head := in.head(sniffBytes)
	if in.Offset != 0 || len(head.Bytes) == 0 || isCleanText(head.Bytes, head.More) {
		return No
	}
	first, err := readPackHead(head.Bytes)
	if err != nil || first.kind != packArray && first.kind != packMap {
		return No
	}
	s := packScanner{data: head.Bytes}
	err = s.scan()
	whole := err == nil && s.pos == len(head.Bytes) && !head.More
	short := errors.Is(err, errShort) && head.More
	switch {
	case !whole && !short:
		return No
	case s.texts == 0 || len(head.Bytes) < enough:
		return Possible
	case whole:
		return Certain
	case first.kind == packMap && s.texts > 1:
		return Likely
	}
	return Possible
}

func (msgpack) Decode(in Input, limit int) (Result, error) {
	data, cut := in.Bytes, in.More
	if limit = bounded(limit); len(data) > limit {
		data, cut = data[:limit], true
	}
	s := packScanner{data: data}
	err := s.scan()
	switch {
	case errors.Is(err, errShort) && cut:
		err = nil
	case err != nil:
		return Result{}, &MalformedError{Name: Msgpack, Offset: int64(s.pos), Reason: err.Error(), Err: err}
	case s.pos < len(data):
		return Result{}, &MalformedError{Name: Msgpack, Offset: int64(s.pos), Reason: "the value is over: nothing more expected"}
	}
	return Result{Document: Document{rows: &packRows{data: data, rows: s.rows}}, Cut: cut}, err
}

// packRow is a line of MessagePack: where its value is, and how it stands there.
type packRow struct {
	value  uint32 // where the value begins
	part   uint32 // where in a long string the row begins
	name   int32  // where the member's name begins, or -1
	indent uint32
	fold   int32
	role   packRole
	comma  bool
	more   bool // the string goes on in the next row
}

// packRole is what of a value a row shows.
type packRole uint8

const (
	packLeaf packRole = iota
	packOpen
	packClose
	packNameLeaf // a name alone in its row, since its value was cut off
	packNameOpen // the opening of an array or a map that is a name
	packNameClose
)

type packRows struct {
	data []byte
	rows []packRow
}

func (r *packRows) count() int     { return len(r.rows) }
func (r *packRows) fold(i int) int { return int(r.rows[i].fold) }

func (r *packRows) line(i int) Line {
	row := r.rows[i]
	line := Line{Indent: int(row.indent), Fold: int(row.fold), More: row.more}
	if row.name >= 0 {
		line.Spans = r.appendScalar(line.Spans, packRow{value: uint32(row.name)}, true)
		line.Spans = appendSpan(line.Spans, ": ", Punct)
	}
	head, _ := readPackHead(r.data[row.value:]) // it was read before
	brackets := "[]"
	if head.kind == packMap {
		brackets = "{}"
	}
	switch row.role {
	case packOpen, packNameOpen:
		if row.role == packNameOpen {
			line.Spans = appendSpan(line.Spans, "? ", Punct)
		}
		line.Spans = appendSpan(line.Spans, brackets[:1], Punct)
		line.Items = head.items()
	case packClose:
		line.Spans = appendSpan(line.Spans, brackets[1:], Punct)
	case packNameClose:
		line.Spans = appendSpan(line.Spans, brackets[1:]+":", Punct)
	case packNameLeaf:
		if line.Spans = r.appendScalar(line.Spans, row, true); !row.more {
			line.Spans = appendSpan(line.Spans, ":", Punct)
		}
	default:
		line.Spans = r.appendScalar(line.Spans, row, false)
	}
	if row.comma {
		line.Spans = appendSpan(line.Spans, ",", Punct)
	}
	return line
}

// appendScalar appends a value that is no array or map with elements.
func (r *packRows) appendScalar(spans []Span, row packRow, isName bool) []Span {
	data := r.data[row.value:]
	head, _ := readPackHead(data) // it was read before
	content := data[min(head.size, len(data)):]
	content = content[:min(head.content(), uint64(len(content)))]
	switch head.kind {
	case packString:
		return appendPackString(spans, content, row, isName, uint64(len(content)) < head.length)
	case packBinary:
		return appendBytes(spans, "bin", content, head.length)
	case packExtension:
		if at, ok := timestamp(head, content); ok {
			return appendSpan(appendSpan(spans, "timestamp ", Type), at, String)
		}
		return appendBytes(spans, "ext("+strconv.Itoa(int(head.ext))+")", content, head.length)
	case packArray:
		return appendSpan(spans, "[]", Punct)
	case packMap:
		return appendSpan(spans, "{}", Punct)
	case packNil:
		return appendSpan(spans, "null", Null)
	case packBool:
		return appendSpan(spans, strconv.FormatBool(head.bits == 1), Bool)
	default:
		return appendSpan(spans, number(head), Number)
	}
}

// number returns a number with all its digits.
func number(head packHead) string {
	switch head.kind {
	case packInt:
		return strconv.FormatInt(int64(head.bits), 10) //nolint:gosec // the bits are a signed number's
	case packFloat32:
		return float(float64(math.Float32frombits(uint32(head.bits))), 32) //nolint:gosec // the bits are a float32's
	case packFloat64:
		return float(math.Float64frombits(head.bits), 64)
	default:
		return strconv.FormatUint(head.bits, 10)
	}
}

// float returns a float so that it is told from an integer.
func float(f float64, size int) string {
	if text := strconv.FormatFloat(f, 'g', -1, size); f != math.Trunc(f) || math.Abs(f) >= 1e21 {
		return text
	}
	return strconv.FormatFloat(f, 'f', 1, size)
}

// appendPackString appends a string, or the part of it that a row shows.
func appendPackString(spans []Span, content []byte, row packRow, isName, short bool) []Span {
	kind := String
	if isName {
		kind = Key
	}
	part := content[min(int(row.part), len(content)):]
	if row.part == 0 {
		spans = appendSpan(spans, `"`, kind)
	}
	spans = appendEscaped(spans, part[:lineCut(part)], kind, quoted)
	switch {
	case row.more:
		return spans
	case short:
		return appendSpan(spans, "...", Dim)
	}
	return appendSpan(spans, `"`, kind)
}

// appendBytes appends bytes that have no other form, from their beginning.
func appendBytes(spans []Span, word string, content []byte, length uint64) []Span {
	const first = 32
	digits := hex.EncodeToString(content[:min(len(content), first)])
	spans = appendSpan(spans, word+" ", Type)
	spans = appendSpan(spans, digits, Number)
	if uint64(len(digits)/2) < length {
		spans = appendSpan(spans, "...", Dim)
	}
	return appendSpan(spans, fmt.Sprintf(" (%d B)", length), Dim)
}

// timestamp returns the time of an extension that is one.
func timestamp(head packHead, content []byte) (string, bool) {
	if head.ext != -1 || uint64(len(content)) != head.length {
		return "", false
	}
	var seconds int64
	var nanoseconds uint64
	bits, _ := bigEndian(content, min(len(content), 8))
	switch len(content) {
	case 4:
		seconds = int64(bits) //nolint:gosec // 32 bits
	case 8:
		seconds, nanoseconds = int64(bits&(1<<34-1)), bits>>34
	case 12:
		nanoseconds = bits >> 32
		bits, _ = bigEndian(content[4:], 8)
		seconds = int64(bits) //nolint:gosec // the seconds are signed
	default:
		return "", false
	}
	const second, firstYear, lastYear = 1e9, -62135596800, 253402300799 // the years 1 to 9999
	if nanoseconds >= second || seconds < firstYear || seconds > lastYear {
		return "", false
	}
	return time.Unix(seconds, int64(nanoseconds)).UTC().Format(time.RFC3339Nano), true
}
