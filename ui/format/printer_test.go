package format_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"redan/conn/resp"
	"redan/ui/format"
)

// TestChunksChangeNothing prints values however their bytes and their strings
// are cut: from the value, from a connection that delivers byte by byte, and
// from a source that hands out tiny parts.
func TestChunksChangeNothing(t *testing.T) {
	gen := newGenerator(2)
	gen.exotic = true
	for i := range 200 {
		v := gen.value(4)
		wire := string(resp.Append(nil, v))
		for _, m := range modes() {
			p := format.New(m.mode)
			p.Terminal = i%2 == 0
			want := printed(t, p, v.Source())
			for size := 1; size <= 7; size += 2 {
				if got := printed(t, p, &splitter{src: v.Source(), size: size}); got != want {
					t.Fatalf("%s, parts of %d: %q\ngot\n%s\nwant\n%s", m.flag, size, wire, got, want)
				}
			}
			if got := printed(t, p, resp.NewReader(iotest.OneByteReader(strings.NewReader(wire)))); got != want {
				t.Fatalf("%s, byte by byte: %q\ngot\n%s\nwant\n%s", m.flag, wire, got, want)
			}
		}
	}
}

// TestBufferSizesChangeNothing prints to writers whose buffer is smaller than
// anything that is written, and with something in it already.
func TestBufferSizesChangeNothing(t *testing.T) {
	gen := newGenerator(3)
	gen.exotic = true
	for range 100 {
		v := gen.value(4)
		v = resp.Value{Kind: resp.Array, Elems: []resp.Value{v, bulk(strings.Repeat("long\x01", 1000)), v}}
		for _, m := range modes() {
			p := format.New(m.mode)
			want := "before" + printed(t, p, v.Source())
			for _, size := range []int{16, 100, 300, 5000} {
				var out bytes.Buffer
				w := bufio.NewWriterSize(&out, size)
				if _, err := w.WriteString("before"); err != nil {
					t.Fatal(err)
				}
				if _, err := p.Print(w, v.Source()); err != nil {
					t.Fatal(err)
				}
				if err := w.Flush(); err != nil {
					t.Fatal(err)
				}
				if out.String() != want {
					t.Fatalf("%s, buffer of %d: got\n%s\nwant\n%s", m.flag, size, out.String(), want)
				}
			}
		}
	}
}

func bulk(s string) resp.Value { return resp.Value{Kind: resp.BulkString, Text: []byte(s)} }

func TestAppendHasNoTerminator(t *testing.T) {
	p := format.Printer{Mode: format.Raw, ElementDelimiter: "|", ReplyDelimiter: "!"}
	v := resp.Value{Kind: resp.Array, Elems: []resp.Value{bulk("a"), bulk("b")}}
	if got := string(p.Append([]byte("> "), v)); got != "> a|b" {
		t.Errorf("got %q", got)
	}
	if got := (format.Printer{}).String(v); got != "1) \"a\"\n2) \"b\"" {
		t.Errorf("got %q", got)
	}
}

func TestConsumesExactlyOneReply(t *testing.T) {
	for _, g := range append(goldens(), exotics()...) {
		for _, m := range modes() {
			src := readerOf(g.wire + "+next\r\n")
			printed(t, format.New(m.mode), src)
			if next, err := src.Read(); err != nil || next.String() != "next" {
				t.Fatalf("after %s %s: %s, %v", g.name, m.flag, next, err)
			}
		}
	}
}

func TestSummary(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for _, test := range []struct {
		wire string
		kind resp.Kind
		err  error
	}{
		{"+OK\r\n", resp.SimpleString, nil},
		{"-ERR x\r\n", resp.SimpleError, resp.ServerError("ERR x")},
		{"-\r\n", resp.SimpleError, resp.ServerError("")},
		{"!5\r\nERR y\r\n", resp.BulkError, resp.ServerError("ERR y")},
		{"-" + long + "\r\n", resp.SimpleError, resp.ServerError(long[:1024])},
		{"*1\r\n-ERR x\r\n", resp.Array, nil},
		{"|1\r\n-a\r\n-b\r\n:1\r\n", resp.Integer, nil},
		{"|1\r\n+a\r\n+b\r\n-ERR z\r\n", resp.SimpleError, resp.ServerError("ERR z")},
		{">2\r\n$10\r\ninvalidate\r\n*0\r\n", resp.Push, nil},
		{"$-1\r\n", resp.NullBulk, nil},
	} {
		for _, m := range modes() {
			w := bufio.NewWriter(io.Discard)
			for name, show := range map[string]func(*bufio.Writer, resp.Source) (format.Summary, error){
				"Print": format.New(m.mode).Print, "PrintPlain": format.New(m.mode).PrintPlain,
			} {
				got, err := show(w, readerOf(test.wire))
				if err != nil || got.Kind != test.kind || !errors.Is(got.Err, test.err) {
					t.Errorf("%s %s %.20q: got %c, %.20v, %v", name, m.flag, test.wire, got.Kind, got.Err, err)
				}
			}
		}
	}
}

func TestBrokenReplies(t *testing.T) {
	for _, test := range []struct {
		wire string
		want error // nil: a protocol error
	}{
		{"", io.EOF},
		{"$5\r\nab", io.ErrUnexpectedEOF},
		{"*2\r\n:1\r\n", io.ErrUnexpectedEOF},
		{"%1\r\n+k\r\n", io.ErrUnexpectedEOF},
		{"%1\r\n+k\r\n*1\r\n", io.ErrUnexpectedEOF},
		{"|1\r\n+k\r\n+v\r\n", io.ErrUnexpectedEOF},
		{"*1\r\n|1\r\n+k\r\n", io.ErrUnexpectedEOF},
		{"*?\r\n:1\r\n", io.ErrUnexpectedEOF},
		{">2\r\n$10\r\ninvalidate\r\n", io.ErrUnexpectedEOF},
		{">2\r\n$10\r\ninvalidate\r\n*2\r\n+a\r\n", io.ErrUnexpectedEOF},
		{"*1\r\n?\r\n", nil},
		{"*?\r\n|1\r\n+a\r\n+b\r\n.\r\n", nil},
		{"%?\r\n+a\r\n.\r\n", nil},
		{"*1\r\n%?\r\n+k\r\n%?\r\n+a\r\n.\r\n.\r\n", nil},
	} {
		for _, m := range modes() {
			var out bytes.Buffer
			_, err := format.New(m.mode).Print(bufio.NewWriter(&out), readerOf(test.wire))
			var protocol *resp.ProtocolError
			if !errors.Is(err, test.want) && (test.want != nil || !errors.As(err, &protocol)) || err == nil {
				t.Errorf("%s %q: got error %v", m.flag, test.wire, err)
			}
		}
	}
}

// TestValuesNoReaderReturns prints what is no reply: an error, and never a panic.
func TestValuesNoReaderReturns(t *testing.T) {
	one := resp.Value{Kind: resp.Integer, Int: 1}
	keyOnly := resp.Value{Kind: resp.Map, Elems: []resp.Value{one}}
	protocol := &resp.ProtocolError{}
	for name, test := range map[string]struct {
		value resp.Value
		err   any // as in errors.As, or nil
	}{
		"zero":              {resp.Value{}, nil},
		"unknown kind":      {resp.Value{Kind: '?', Text: []byte("x")}, nil},
		"key only":          {keyOnly, &protocol},
		"key only inside":   {resp.Value{Kind: resp.Map, Elems: []resp.Value{one, keyOnly}}, &protocol},
		"key only of one":   {resp.Value{Kind: resp.Integer, Attrs: []resp.Value{one}}, nil},
		"dangling":          {resp.Value{Kind: resp.Array, Elems: []resp.Value{{Kind: resp.Attribute, Elems: []resp.Value{one, one}}}}, &protocol},
		"dangling as value": {resp.Value{Kind: resp.Map, Elems: []resp.Value{one, {Kind: resp.Attribute}}}, &protocol},
	} {
		for _, m := range modes() {
			p := format.New(m.mode)
			_, err := p.Print(bufio.NewWriter(io.Discard), test.value.Source())
			if test.err != nil && !errors.As(err, test.err) {
				t.Errorf("%s %s: got error %v", name, m.flag, err)
			}
			_ = p.String(test.value)
		}
	}
}

// TestEndInsideAReply is about sources that end with io.EOF wherever they are.
func TestEndInsideAReply(t *testing.T) {
	attribute := resp.Value{Kind: resp.Attribute, Elems: []resp.Value{bulk("a"), bulk("b")}}
	for _, m := range modes() {
		_, err := format.New(m.mode).Print(bufio.NewWriter(io.Discard), attribute.Source())
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: got %v", m.flag, err)
		}
	}
}

// TestVerbatimFormatOnce has parts that look like a format themselves.
func TestVerbatimFormatOnce(t *testing.T) {
	v := resp.Value{Kind: resp.VerbatimString, Text: []byte("txt:abc:mkd:")}
	if got := printed(t, format.New(format.Raw), &splitter{src: v.Source(), size: 4}); got != "abc:mkd:\n" {
		t.Errorf("got %q", got)
	}
}

// failingWriter accepts nothing.
type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

// TestStopsWhenNobodyReads prints an endless reply to a writer that fails.
func TestStopsWhenNobodyReads(t *testing.T) {
	closed := errors.New("closed pipe")
	for _, m := range modes() {
		for _, element := range []string{":1\r\n", "$3\r\na\x00b\r\n", "*2\r\n:1\r\n+k\r\n"} {
			src := resp.NewReader(io.MultiReader(strings.NewReader("*1000000000\r\n"), &repeater{text: element}))
			if _, err := format.New(m.mode).Print(bufio.NewWriter(failingWriter{closed}), src); !errors.Is(err, closed) {
				t.Errorf("%s: got %v", m.flag, err)
			}
		}
	}
}

// repeater reads as a text over and over, for ever or a number of times.
type repeater struct {
	text  string
	at    int
	times int
}

func (r *repeater) Read(b []byte) (int, error) {
	n := 0
	for n < len(b) {
		copied := copy(b[n:], r.text[r.at:])
		n += copied
		if r.at += copied; r.at == len(r.text) {
			r.at = 0
			if r.times--; r.times == 0 {
				return n, io.EOF
			}
		}
	}
	return n, nil
}

// TestMemoryDoesNotGrow prints replies of many MiB.
func TestMemoryDoesNotGrow(t *testing.T) {
	const elements = 20_000
	const large = 1 << 20
	const limit = 32 << 10 // bytes; a fraction of any of the replies
	for name, wire := range map[string]io.Reader{
		"array":  io.MultiReader(strings.NewReader(fmt.Sprintf("*%d\r\n", elements)), &repeater{text: "$9\r\nabc\x00\xc3\xa9def\r\n", times: elements}),
		"map":    io.MultiReader(strings.NewReader(fmt.Sprintf("%%%d\r\n", elements)), &repeater{text: "+k\r\n*2\r\n:1\r\n:2\r\n", times: elements}),
		"chains": io.MultiReader(strings.NewReader(fmt.Sprintf("%%%d\r\n", elements)), &repeater{text: "+k\r\n*1\r\n*1\r\n:2\r\n", times: elements}),
		"string": io.MultiReader(strings.NewReader(fmt.Sprintf("$%d\r\n", large)), &repeater{text: "0123456\xc2\xa9\x01", times: large / 10}, strings.NewReader("123456"[:large%10]+"\r\n")),
	} {
		replay, err := io.ReadAll(wire)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range modes() {
			for _, terminal := range []bool{false, true} {
				p := format.New(m.mode)
				p.Terminal = terminal
				src := resp.NewReader(bytes.NewReader(replay))
				w := bufio.NewWriterSize(io.Discard, 64<<10)
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				if _, err := p.Print(w, src); err != nil {
					t.Fatal(err)
				}
				runtime.ReadMemStats(&after)
				grown := after.TotalAlloc - before.TotalAlloc
				if grown > limit {
					t.Errorf("%s %s, terminal %v: %d bytes allocated", name, m.flag, terminal, grown)
				}
			}
		}
	}
}

func TestElapsed(t *testing.T) {
	for d, want := range map[time.Duration]string{
		500 * time.Millisecond:                              "(0.50s)\n",
		604 * time.Millisecond:                              "(0.60s)\n",
		time.Minute + 30*time.Second + 999*time.Microsecond: "(90.00s)\n",
	} {
		if got := format.Elapsed(d); got != want {
			t.Errorf("Elapsed(%s) = %q, want %q", d, got, want)
		}
	}
}
