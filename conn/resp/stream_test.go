package resp_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"redan/conn/resp"
)

// bufferSize is the size of a reader's buffer: what tests around it need to know.
const bufferSize = 64 << 10

// delivery is a way for bytes to arrive.
type delivery struct {
	name string
	of   func(wire []byte) io.Reader
}

// deliveries are the ways that must make no difference.
func deliveries() []delivery {
	return []delivery{
		{"in memory", func(wire []byte) io.Reader { return bytes.NewReader(wire) }},
		{"at once", func(wire []byte) io.Reader { return bytes.NewBuffer(wire) }},
		{"byte by byte", func(wire []byte) io.Reader { return iotest.OneByteReader(bytes.NewReader(wire)) }},
		{"in halves", func(wire []byte) io.Reader { return iotest.HalfReader(bytes.NewReader(wire)) }},
		{"line by line", func(wire []byte) io.Reader { return &byLines{wire: wire} }},
		{"EOF with the last byte", func(wire []byte) io.Reader { return iotest.DataErrReader(bytes.NewReader(wire)) }},
		{"at random", func(wire []byte) io.Reader {
			return &randomly{wire: wire, random: rand.New(rand.NewPCG(1, uint64(len(wire))))}
		}},
	}
}

// byLines delivers a line at a time, as a server that flushes after each.
type byLines struct{ wire []byte }

func (r *byLines) Read(p []byte) (int, error) {
	if len(r.wire) == 0 {
		return 0, io.EOF
	}
	line, _, _ := bytes.Cut(r.wire, []byte("\n"))
	n := copy(p, r.wire[:min(len(line)+1, len(r.wire))])
	r.wire = r.wire[n:]
	return n, nil
}

// randomly delivers 0 to 9 bytes, now and then very many.
type randomly struct {
	wire   []byte
	random *rand.Rand
}

func (r *randomly) Read(p []byte) (int, error) {
	if len(r.wire) == 0 {
		return 0, io.EOF
	}
	n := r.random.IntN(10)
	if r.random.IntN(20) == 0 {
		n = r.random.IntN(bufferSize)
	}
	n = copy(p[:min(n, len(p))], r.wire)
	r.wire = r.wire[n:]
	return n, nil
}

// repeated is an endless stream of s behind head, which takes no memory.
type repeated struct {
	head, s string
	at      int
}

func (r *repeated) Read(p []byte) (int, error) {
	n := copy(p, r.head)
	r.head = r.head[n:]
	for n < len(p) {
		c := copy(p[n:], r.s[r.at:])
		n += c
		r.at = (r.at + c) % len(r.s)
	}
	return n, nil
}

// reads returns all replies of r and the error that ended them.
func reads(r *resp.Reader) ([]resp.Value, error) {
	var values []resp.Value
	for {
		v, err := r.Read()
		if err != nil {
			return values, err
		}
		values = append(values, v)
	}
}

// tokens returns all tokens of src, their texts copied, and the error that ended them.
func tokens(src resp.Source) ([]resp.Token, error) {
	var all []resp.Token
	for {
		tok, err := src.Next()
		if err != nil {
			return all, err
		}
		tok.Text = bytes.Clone(tok.Text)
		all = append(all, tok)
	}
}

// errBroken is what a broken stream returns in these tests.
var errBroken = errors.New("stream is broken")

func TestErrorsStick(t *testing.T) {
	tests := []struct {
		name string
		src  io.Reader
		want error
	}{
		{"end", strings.NewReader(""), io.EOF},
		{"end inside a value", &scripted{{data: "*2\r\n"}, {err: io.EOF}, {data: ":1\r\n:2\r\n:3\r\n"}}, io.ErrUnexpectedEOF},
		{"broken stream", &scripted{{data: "*2\r\n"}, {err: errBroken}, {data: ":1\r\n:2\r\n:3\r\n"}}, errBroken},
		{"broken stream before a value", &scripted{{err: errBroken}, {data: ":1\r\n"}}, errBroken},
		{"no progress", idle{}, io.ErrNoProgress},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := resp.NewReader(tt.src)
			for range 3 {
				if _, err := r.Read(); !errors.Is(err, tt.want) {
					t.Fatalf("error is %v, want %v", err, tt.want)
				}
				if _, err := r.PeekKind(); !errors.Is(err, tt.want) {
					t.Fatalf("error of PeekKind is %v, want %v", err, tt.want)
				}
			}
		})
	}
}

// A protocol error must not be forgotten although what follows could be read.
func TestProtocolErrorSticks(t *testing.T) {
	r := resp.NewReader(strings.NewReader(":x\r\n:1\r\n$1\r\na\r\n"))
	for range 3 {
		_, err := r.Next()
		if detail(err) != `bad integer value "x"` {
			t.Fatalf("error is %v", err)
		}
		if _, err := r.PeekKind(); detail(err) == "" {
			t.Fatalf("error of PeekKind is %v", err)
		}
	}
}

// idle returns nothing and no error, for ever.
type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

// scripted is a stream that does as it was told, step by step, and then ends.
type scripted []step

type step struct {
	data string // must fit the reader's buffer
	err  error
}

func (s *scripted) Read(p []byte) (int, error) {
	if len(*s) == 0 {
		return 0, io.EOF
	}
	now := (*s)[0]
	*s = (*s)[1:]
	return copy(p, now.data), now.err
}

func TestPeekKindMayBeRepeatedAfterAnError(t *testing.T) {
	r := resp.NewReader(&scripted{{err: errBroken}, {data: ":1"}, {err: errBroken}, {data: "\r\n"}})
	if _, err := r.PeekKind(); !errors.Is(err, errBroken) {
		t.Fatalf("first peek: %v", err)
	}
	if kind, err := r.PeekKind(); kind != resp.Integer || err != nil {
		t.Fatalf("second peek: %s, %v", kind, err)
	}
	if _, err := r.Next(); !errors.Is(err, errBroken) {
		t.Fatalf("next: %v", err)
	}
	if _, err := r.PeekKind(); !errors.Is(err, errBroken) {
		t.Fatalf("peek after next failed: %v", err)
	}
}

func TestPeekKindConsumesNothing(t *testing.T) {
	wire := "$-1\r\n*-1\r\n_\r\n>1\r\n:1\r\n-ERR\r\n"
	want := []struct{ peeked, read resp.Kind }{
		{resp.BulkString, resp.NullBulk},
		{resp.Array, resp.NullArray},
		{resp.Null, resp.Null},
		{resp.Push, resp.Push},
		{resp.SimpleError, resp.SimpleError},
	}
	for _, way := range deliveries() {
		r := resp.NewReader(way.of([]byte(wire)))
		for _, w := range want {
			for range 2 {
				if kind, err := r.PeekKind(); kind != w.peeked || err != nil {
					t.Fatalf("%s: peeked %s, %v; want %s", way.name, kind, err, w.peeked)
				}
			}
			if v, err := r.Read(); v.Kind != w.read || err != nil {
				t.Fatalf("%s: read %s, %v; want %s", way.name, v.Kind, err, w.read)
			}
		}
		if _, err := r.PeekKind(); !errors.Is(err, io.EOF) {
			t.Errorf("%s: peek at the end: %v", way.name, err)
		}
	}
}

func TestPeekKindInsideAValue(t *testing.T) {
	r := resp.NewReader(strings.NewReader("|0\r\n"))
	if _, err := tokensOf(r, 2); err != nil {
		t.Fatal(err)
	}
	if _, err := r.PeekKind(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("peek at the end behind an attribute: %v", err)
	}
}

// tokensOf reads n tokens.
func tokensOf(r *resp.Reader, n int) (last resp.Token, err error) {
	for range n {
		if last, err = r.Next(); err != nil {
			return last, err
		}
	}
	return last, nil
}

func TestMidway(t *testing.T) {
	big := strings.Repeat("x", bufferSize)
	wire := ":1\r\n*1\r\n:1\r\n|0\r\n+a\r\n$" + "65536" + "\r\n" + big + "\r\n+" + big + "\r\n$?\r\n;1\r\na\r\n;0\r\n:1\r\n"
	want := "" +
		"." + // integer
		"MM." + // array
		"MM." + // attribute, its end, its value
		"M." + // large string, which takes two tokens
		"M." + // large status
		"M." + // streamed string
		"."
	r := resp.NewReader(strings.NewReader(wire))
	if r.Midway() {
		t.Error("a new reader is midway")
	}
	var got strings.Builder
	for range len(want) {
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
		got.WriteByte(map[bool]byte{true: 'M', false: '.'}[r.Midway()])
	}
	if got.String() != want {
		t.Errorf("midway after each token: %s, want %s", got.String(), want)
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("behind the last token: %v", err)
	}
}

func TestSkipConsumesExactlyOneReply(t *testing.T) {
	for _, tt := range wellFormed() {
		wire := tt.wire + ":12345\r\n"
		for _, way := range deliveries() {
			r := resp.NewReader(way.of([]byte(wire)))
			if err := resp.Skip(r); err != nil {
				t.Errorf("%s, %s: %v", tt.name, way.name, err)
				continue
			}
			if r.Midway() {
				t.Errorf("%s, %s: midway after Skip", tt.name, way.name)
			}
			if v, err := r.Read(); err != nil || v.Int != 12345 {
				t.Errorf("%s, %s: after Skip came %q, %v", tt.name, way.name, resp.Append(nil, v), err)
			}
		}
	}
}

func TestSkipReportsTheError(t *testing.T) {
	for _, wire := range []string{"", "*1\r\n", "|0\r\n", "$3\r\nab"} {
		want := io.ErrUnexpectedEOF
		if wire == "" {
			want = io.EOF
		}
		if err := resp.Skip(resp.NewReader(strings.NewReader(wire))); !errors.Is(err, want) {
			t.Errorf("%q: error is %v, want %v", wire, err, want)
		}
	}
}

func TestBuffered(t *testing.T) {
	r := resp.NewReader(strings.NewReader(":1\r\n$5\r\nhello\r\n"))
	if n := r.Buffered(); n != 0 {
		t.Errorf("before the first read %d bytes are buffered", n)
	}
	for _, want := range []int{11, 0} {
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
		if got := r.Buffered(); got != want {
			t.Errorf("%d bytes are buffered, want %d", got, want)
		}
	}
}
