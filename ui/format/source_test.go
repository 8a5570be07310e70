package format_test

import (
	"bufio"
	"bytes"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"redan/conn/resp"
	"redan/ui/format"
)

// flaggedMode is a mode and the flag of redis-cli that selects it.
type flaggedMode struct {
	flag string
	mode format.Mode
}

func modes() []flaggedMode {
	return []flaggedMode{
		{"--no-raw", format.Standard},
		{"--raw", format.Raw},
		{"--csv", format.CSV},
		{"--json", format.JSON},
		{"--quoted-json", format.QuotedJSON},
	}
}

// readerOf returns a source of the replies in wire.
func readerOf(wire string) *resp.Reader { return resp.NewReader(strings.NewReader(wire)) }

// printed returns what Print writes for one reply of src.
func printed(t *testing.T, p format.Printer, src resp.Source) string {
	t.Helper()
	var out bytes.Buffer
	w := bufio.NewWriter(&out)
	if _, err := p.Print(w, src); err != nil {
		t.Fatalf("Print: %v (printed %q)", err, out.String())
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// splitter hands out the scalars of a source in parts of at most size bytes,
// but a verbatim string's format whole. It overwrites the text of a token when
// the next is asked for, as a reader may.
type splitter struct {
	src  resp.Source
	size int
	rest resp.Token // what is left of a scalar
	more bool
	text []byte // the last one handed out
}

func (s *splitter) Next() (resp.Token, error) {
	for i := range s.text {
		s.text[i] = '?'
	}
	tok, size := s.rest, s.size
	if !s.more {
		var err error
		if tok, err = s.src.Next(); err != nil {
			return tok, err
		}
		if tok.Kind == resp.VerbatimString {
			size = max(size, len("txt:"))
		}
	}
	if s.more = len(tok.Text) > size; s.more {
		s.rest = tok
		s.rest.Text = bytes.Clone(tok.Text[size:])
		tok.Text, tok.More = tok.Text[:size], true
	}
	s.text = bytes.Clone(tok.Text)
	tok.Text = s.text
	return tok, nil
}

// generator makes values at random: what redis-cli can print, or with exotic
// set everything.
type generator struct {
	*rand.Rand
	exotic bool
}

func newGenerator(seed uint64) generator {
	return generator{Rand: rand.New(rand.NewPCG(seed, seed)), exotic: false}
}

// value makes a value that nests at most depth levels.
func (g generator) value(depth int) resp.Value {
	if depth == 0 || g.IntN(3) == 0 {
		return g.attributed(g.scalar(), depth)
	}
	v := resp.Value{Kind: pick(g, resp.Array, resp.Array, resp.Set, resp.Map, resp.Map)}
	n := pick(g, 0, 1, 1, 1, 2, 3, 4, 11)
	if v.Kind == resp.Map {
		n *= 2
	}
	for range n {
		v.Elems = append(v.Elems, g.value(depth-1))
	}
	v.Streamed = g.exotic && g.IntN(3) == 0
	return g.attributed(v, depth)
}

func (g generator) attributed(v resp.Value, depth int) resp.Value {
	if g.exotic && depth > 0 && g.IntN(4) == 0 {
		v.Attrs = []resp.Value{g.value(depth - 1), g.value(depth - 1)}
	}
	return v
}

func (g generator) scalar() resp.Value {
	kinds := []resp.Kind{
		resp.SimpleString, resp.SimpleError, resp.Integer, resp.BulkString, resp.BulkString, resp.Null, resp.NullBulk,
		resp.NullArray, resp.Boolean, resp.Double, resp.VerbatimString,
	}
	if g.exotic {
		kinds = append(kinds, resp.BigNumber, resp.BulkError)
	}
	v := resp.Value{Kind: pick(g, kinds...)}
	switch v.Kind {
	case resp.SimpleString, resp.SimpleError:
		v.Text = g.text(" abc\"\\'/\x01\x1b\x7f\xc3\xa9\xff\t")
	case resp.BulkString, resp.BulkError:
		v.Text = g.text("\x00ab\"\\\r\n\n\x1b\x7f\xc2\x9b\xe2\x82\xac\xff\t\a\b\f")
	case resp.VerbatimString:
		v.Text = append([]byte("txt:"), g.text("\x00ab\"\\\r\n\n\x1b\xc2\x9b\xe2\x82\xac")...)
	case resp.Integer:
		v.Int = g.Int64() >> g.IntN(64)
	case resp.Boolean:
		v.Int = g.Int64N(2)
	case resp.Double:
		v.Text = []byte(pick(g, "1.5", "inf", "-inf", "-0", "1e+100", strconv.FormatFloat(g.NormFloat64(), 'g', -1, 64)))
		if g.exotic {
			v.Text = []byte(pick(g, "nan", "-nan", "3"))
		}
	case resp.BigNumber:
		v.Text = []byte(pick(g, "-123456789012345678901234567890", "7"))
	default: // nulls
	}
	return v
}

// text draws up to ten bytes from an alphabet.
func (g generator) text(alphabet string) []byte {
	b := make([]byte, g.IntN(11))
	for i := range b {
		b[i] = alphabet[g.IntN(len(alphabet))]
	}
	return b
}

func pick[T any](g generator, from ...T) T { return from[g.IntN(len(from))] }
