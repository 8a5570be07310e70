package resp_test

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"testing"

	"redan/conn/resp"
)

// FuzzReader: whatever arrives, in whatever pieces, is read the same way, in
// bounded memory, and what was read can be written and read again.
func FuzzReader(f *testing.F) {
	for _, tt := range wellFormed() {
		f.Add([]byte(tt.wire))
	}
	for _, tt := range append(append(malformedScalars(), malformedStrings()...), malformedAggregates()...) {
		if len(tt.wire) < 1000 {
			f.Add([]byte(tt.wire))
		}
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		var values []resp.Value
		var end error
		got := allocated(func() { values, end = reads(resp.NewReader(bytes.NewReader(wire))) })
		// The reader, a value of 96 bytes for every 3 that arrived, twice for growth,
		// and what was promised by the lengths that arrived and by those still open.
		if most := 512<<10 + 1024*len(wire); got > uint64(most) {
			t.Errorf("%d bytes took %d of memory", len(wire), got)
		}
		if !isEnd(end) {
			t.Errorf("%q ends with %v", wire, end)
		}
		for _, way := range deliveries()[1:] {
			again, err := reads(resp.NewReader(way.of(wire)))
			if !sameAll(again, values) || err.Error() != end.Error() {
				t.Errorf("%q %s ends with %v, in memory with %v", wire, way.name, err, end)
			}
		}
		for _, v := range values {
			roundTrip(t, v)
		}
		sameSkips(t, wire, len(values), end)
	})
}

func isEnd(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || detail(err) != ""
}

// sameSkips checks that Skip finds as many replies as Read, and the same end.
func sameSkips(t *testing.T, wire []byte, replies int, end error) {
	t.Helper()
	r := resp.NewReader(bytes.NewReader(wire))
	for i := range replies {
		if err := resp.Skip(r); err != nil {
			t.Fatalf("%q: reply %d was read but not skipped: %v", wire, i, err)
		}
	}
	if err := resp.Skip(r); err == nil || err.Error() != end.Error() {
		t.Fatalf("%q ends with %v when skipped, with %v when read", wire, err, end)
	}
}

func roundTrip(t *testing.T, v resp.Value) {
	t.Helper()
	wire := resp.Append(nil, v)
	for _, way := range deliveries() {
		r := resp.NewReader(way.of(wire))
		got, err := r.Read()
		if err != nil || !same(got, v) {
			t.Fatalf("%q %s was read as %q, %v", wire, way.name, resp.Append(nil, got), err)
		}
		if _, err := r.Next(); !errors.Is(err, io.EOF) {
			t.Fatalf("%q %s leaves something behind: %v", wire, way.name, err)
		}
	}
	if got, err := resp.Collect(v.Source()); err != nil || !same(got, v) {
		t.Fatalf("%q was replayed as %q, %v", wire, resp.Append(nil, got), err)
	}
}

// FuzzRoundTrip: every value that can be made is written and read again, and
// replayed, without a loss.
func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte("a seed"))
	for kind := range byte(numKinds) {
		f.Add([]byte{kind, 3, 'a', '\r', '\n', 1, kind, 2, 1, 2, 3})
		f.Add([]byte{kind | withAttributes, 2, 4, 1, 1, kind | withAttributes, 3, 9, kind | streaming, 2, 1, 0, 255})
	}
	f.Fuzz(func(t *testing.T, seed []byte) {
		const depth = 20
		roundTrip(t, (&maker{seed: seed}).value(depth))
	})
}

// The first byte of a made value says its kind and these.
const (
	withAttributes = 0x80
	streaming      = 0x40
	numKinds       = 16
)

// maker makes values out of a seed; a seed that has ended is all zeros.
type maker struct{ seed []byte }

func (m *maker) next() byte {
	if len(m.seed) == 0 {
		return 0
	}
	b := m.seed[0]
	m.seed = m.seed[1:]
	return b
}

// text takes up to n bytes of the seed.
func (m *maker) text() []byte {
	n := min(int(m.next()), len(m.seed))
	s := bytes.Clone(m.seed[:n])
	m.seed = m.seed[n:]
	return s
}

// line is a text without the end of a line.
func (m *maker) line() []byte { return bytes.ReplaceAll(m.text(), []byte("\r\n"), []byte(" ")) }

func (m *maker) integer() int64 {
	var n int64
	for range m.next() % 9 {
		n = n<<8 | int64(m.next())
	}
	return n
}

func (m *maker) values(n, depth int) []resp.Value {
	all := make([]resp.Value, 0, n)
	for range n {
		all = append(all, m.value(depth))
	}
	return all
}

func (m *maker) value(depth int) resp.Value {
	what := m.next()
	var attrs []resp.Value
	if what&withAttributes != 0 && depth > 0 {
		attrs = m.values(2*int(m.next()%3), depth-1)
	}
	v := m.bare(what, depth)
	v.Attrs = attrs
	return v
}

func (m *maker) bare(what byte, depth int) resp.Value {
	stream := what&streaming != 0
	switch what % numKinds {
	case 0:
		return resp.Value{Kind: resp.NullArray}
	case 1:
		return resp.Value{Kind: resp.NullBulk}
	case 2:
		return resp.Value{Kind: resp.Null}
	case 3:
		return resp.Value{Kind: resp.Boolean, Int: int64(m.next() % 2)}
	case 4:
		return integer(m.integer())
	case 5:
		return resp.Value{Kind: resp.SimpleString, Text: m.line()}
	case 6:
		return resp.Value{Kind: resp.SimpleError, Text: m.line()}
	case 7:
		return resp.Value{Kind: resp.BulkString, Text: m.text(), Streamed: stream}
	case 8:
		return resp.Value{Kind: resp.BulkError, Text: m.text()}
	case 9:
		return resp.Value{Kind: resp.VerbatimString, Text: m.text()}
	case 10:
		return text(resp.BigNumber, strconv.FormatInt(m.integer(), 10)+strconv.Itoa(int(m.next())))
	case 11:
		return text(resp.Double, m.double())
	}
	if depth == 0 {
		return integer(0)
	}
	n := int(m.next() % 5)
	switch what % numKinds {
	case 12:
		return resp.Value{Kind: resp.Map, Elems: m.values(2*n, depth-1), Streamed: stream}
	case 13:
		return resp.Value{Kind: resp.Set, Elems: m.values(n, depth-1), Streamed: stream}
	case 14:
		return resp.Value{Kind: resp.Push, Elems: m.values(n, depth-1)}
	}
	return resp.Value{Kind: resp.Array, Elems: m.values(n, depth-1), Streamed: stream}
}

func (m *maker) double() string {
	special := []string{"inf", "-inf", "nan", "-nan", "1e+100", "-0"}
	if n := int(m.next()); n < len(special) {
		return special[n]
	}
	return strconv.FormatFloat(float64(m.integer())/7, 'g', -1, 64)
}

// FuzzCommand: a command arrives as the arguments it was made of.
func FuzzCommand(f *testing.F) {
	f.Add("SET", "k", "a\r\nb")
	f.Add("", "\x00", "$1\r\n")
	f.Add("ключ", "\xff\xfe", "*3\r\n")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		args := []string{a, b, c, "", b + a}
		for n := range len(args) + 1 {
			wire := resp.AppendCommand(nil, args[:n]...)
			v, err := resp.NewReader(bytes.NewReader(wire)).Read()
			if err != nil || v.Kind != resp.Array || len(v.Elems) != n {
				t.Fatalf("%q was read as %s of %d, %v", wire, v.Kind, len(v.Elems), err)
			}
			for i, elem := range v.Elems {
				if elem.Kind != resp.BulkString || string(elem.Text) != args[i] {
					t.Errorf("argument %d of %q is %q", i, args[:n], elem.Text)
				}
			}
			if again := resp.Append(nil, v); !bytes.Equal(again, wire) {
				t.Errorf("%q was written again as %q", wire, again)
			}
		}
	})
}
