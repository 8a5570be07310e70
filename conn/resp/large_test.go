package resp_test

import (
	"errors"
	"io"
	"math"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"redan/conn/resp"
)

// around are the sizes at which something could go wrong with a buffer of size n.
func around(n int) []int {
	var sizes []int
	for d := -4; d <= 3; d++ {
		sizes = append(sizes, n+d)
	}
	return sizes
}

// pattern is n bytes in which a displaced one shows.
func pattern(n int) string {
	var s strings.Builder
	for i := 0; s.Len() < n; i++ {
		s.WriteString(strconv.Itoa(i))
		s.WriteByte(' ')
	}
	return s.String()[:n]
}

func TestStringsAsLargeAsTheBuffer(t *testing.T) {
	sizes := append(around(bufferSize), 2*bufferSize-1, 2*bufferSize+1)
	for _, n := range sizes {
		s := pattern(n)
		replies := []resp.Value{
			text(resp.SimpleString, s),
			text(resp.SimpleError, s),
			bulk(s),
			text(resp.BulkError, s),
			text(resp.VerbatimString, "txt:"+s[4:]),
			streamed(bulk(s)),
			list(resp.Array, bulk(s[:n/2]), bulk(s[:n-1]), bulk("end")),
		}
		for _, want := range replies {
			wire := resp.Append(nil, want)
			for _, way := range deliveries() {
				r := resp.NewReader(way.of(append(wire, ":7\r\n"...)))
				if v, err := r.Read(); err != nil || !same(v, want) {
					t.Fatalf("%s of %d bytes, %s: %v, or another text", want.Kind, n, way.name, err)
				}
				if v, err := r.Read(); err != nil || v.Int != 7 {
					t.Fatalf("%s of %d bytes, %s: then came %s, %v", want.Kind, n, way.name, v.Kind, err)
				}
			}
		}
	}
}

func TestChunksAsLargeAsTheBuffer(t *testing.T) {
	for _, n := range around(bufferSize) {
		s := pattern(n)
		chunk := ";" + strconv.Itoa(n) + "\r\n" + s + "\r\n"
		wire := "$?\r\n" + chunk + chunk + ";0\r\n"
		for _, way := range deliveries() {
			values, err := reads(resp.NewReader(way.of([]byte(wire))))
			if !errors.Is(err, io.EOF) || len(values) != 1 || !same(values[0], streamed(bulk(s+s))) {
				t.Fatalf("chunks of %d bytes, %s: %d values, %v", n, way.name, len(values), err)
			}
		}
	}
}

// A CR that is the last byte of the buffer may or may not begin the end of the line.
func TestCRAtTheBuffersEnd(t *testing.T) {
	for _, n := range around(bufferSize) {
		for _, tail := range []string{"", "\r", "\n", "\ra", "\r\r", "\n\r"} {
			want := text(resp.SimpleString, pattern(n)+tail)
			for _, way := range deliveries() {
				values, err := reads(resp.NewReader(way.of([]byte("+" + string(want.Text) + "\r\n"))))
				if !errors.Is(err, io.EOF) || !sameAll(values, []resp.Value{want}) {
					t.Fatalf("%d bytes and %q, %s: %d values, %v", n, tail, way.name, len(values), err)
				}
			}
		}
	}
}

func TestBigNumberAsLargeAsTheBuffer(t *testing.T) {
	longest := bufferSize - len("\r\n")
	for _, n := range around(longest) {
		digits := strings.Repeat("7", n)
		for _, way := range deliveries() {
			v, err := resp.NewReader(way.of([]byte("(" + digits + "\r\n"))).Read()
			if n <= longest && (err != nil || string(v.Text) != digits) {
				t.Fatalf("%d digits, %s: %v, or other digits", n, way.name, err)
			}
			if n > longest && err == nil {
				t.Fatalf("%d digits, %s: no error", n, way.name)
			}
		}
	}
}

// The longest line that may be a number is so by any way of delivery.
func TestLongestNumber(t *testing.T) {
	for _, way := range deliveries() {
		v, err := resp.NewReader(way.of([]byte("," + strings.Repeat("0", 511) + "1\r\n"))).Read()
		if err != nil || len(v.Text) != 512 {
			t.Errorf("%s: 512 digits: %d were read, %v", way.name, len(v.Text), err)
		}
	}
}

// What has arrived of a large string is handed out before the rest arrives, but
// never less than the format of a verbatim string.
func TestLargeStringsDoNotWait(t *testing.T) {
	r := resp.NewReader(&scripted{{data: "$100000\r\nabcdef"}, {err: errBroken}})
	tok, err := r.Next()
	if err != nil || string(tok.Text) != "abcdef" || !tok.More {
		t.Errorf("token is %q, More %t, %v", tok.Text, tok.More, err)
	}
	r = resp.NewReader(iotest.OneByteReader(&repeated{head: "=100000\r\ntxt:", s: "x"}))
	tok, err = r.Next()
	if err != nil || string(tok.Text) != "txt:" || len(tok.Payload()) != 0 || !tok.More {
		t.Errorf("first token is %q, More %t, %v", tok.Text, tok.More, err)
	}
	if tok, err = r.Next(); err != nil || string(tok.Payload()) != "xxxx" {
		t.Errorf("second token is %q, %v", tok.Text, err)
	}
}

func TestDepth(t *testing.T) {
	const limit = 512
	for _, open := range []string{"*1\r\n", "%1\r\n:1\r\n", "~?\r\n", ">1\r\n", "|1\r\n:1\r\n"} {
		over := strings.Repeat(open, limit+1)
		r := resp.NewReader(strings.NewReader(over))
		_, err := r.Read()
		if detail(err) != "reply nests deeper than 512 levels" {
			t.Errorf("%q over the limit: %v", open, err)
		}
		_, err = resp.NewReader(strings.NewReader(over[len(open):])).Read()
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q at the limit: %v", open, err)
		}
	}
	deepest := strings.Repeat("*1\r\n", limit) + ":1\r\n"
	v, err := resp.NewReader(strings.NewReader(deepest)).Read()
	if err != nil || string(resp.Append(nil, v)) != deepest {
		t.Errorf("array at the limit: %v, or another one", err)
	}
}

func TestLimits(t *testing.T) {
	limits := resp.Limits{Depth: 1, Bulk: 3, Elements: 2}
	tests := map[string]string{
		"*2\r\n$3\r\nabc\r\n:1\r\n":              "",
		"%2\r\n:1\r\n:2\r\n:3\r\n$0\r\n\r\n":     "",
		"$?\r\n;3\r\nabc\r\n;3\r\ndef\r\n;0\r\n": "",
		"*1\r\n*0\r\n":                           "reply nests deeper than 1 levels",
		"$4\r\nabcd\r\n":                         "bulk string of 4 bytes is over the limit of 3",
		"!4\r\nabcd\r\n":                         "bulk error of 4 bytes is over the limit of 3",
		"=4\r\ntxt:\r\n":                         "verbatim string of 4 bytes is over the limit of 3",
		"$?\r\n;4\r\nabcd":                       `invalid chunk "4" of a streamed string`,
		"*3\r\n":                                 "array of 3 elements is over the limit of 2",
		"%3\r\n":                                 "map of 3 elements is over the limit of 2",
	}
	for wire, want := range tests {
		for _, way := range deliveries() {
			for _, before := range []string{"", ":1\r\n"} {
				_, err := reads(resp.NewReaderLimits(way.of([]byte(before+wire)), limits))
				if detail(err) != want || want == "" && !errors.Is(err, io.EOF) {
					t.Errorf("%q, %s: %v, want %q", before+wire, way.name, err, want)
				}
			}
		}
	}
}

// Limits as large as they can be must not overflow.
func TestBoundlessLimits(t *testing.T) {
	limits := resp.Limits{Depth: math.MaxInt, Bulk: math.MaxInt64, Elements: math.MaxInt64}
	const largest = "9223372036854775807"
	for wire, want := range map[string]string{
		"$" + largest + "\r\nabc":        "over the limit",
		"*" + largest + "\r\n:1\r\n":     "over the limit",
		"%" + largest + "\r\n:1\r\n":     "over the limit",
		"%4611686018427387903\r\n:1\r\n": "",
		"$9223372036854775805\r\nabcd":   "",
	} {
		_, err := resp.NewReaderLimits(strings.NewReader(wire), limits).Read()
		switch {
		case want == "" && !errors.Is(err, io.ErrUnexpectedEOF):
			t.Errorf("%q: %v", wire, err)
		case want != "" && !strings.Contains(detail(err), want):
			t.Errorf("%q: %v", wire, err)
		}
	}
}

// allocated returns how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Memory follows what arrives and not what is promised.
func TestPromisesTakeNoMemory(t *testing.T) {
	const most = 1 << 20
	tests := []struct{ name, wire string }{
		{"string of 4 GiB", "$4294967296\r\n0123456789"},
		{"bulk error of 4 GiB", "!4294967296\r\n0123456789"},
		{"chunk of 4 GiB", "$?\r\n;4294967296\r\n0123456789"},
		{"array of 2^32-1", "*4294967295\r\n:1\r\n"},
		{"map of 2^32-1", "%4294967295\r\n:1\r\n"},
		{"attribute of 2^32-1", "|4294967295\r\n:1\r\n"},
		{"arrays of 2^32-1, nested", strings.Repeat("*4294967295\r\n", 100)},
		{"attributes of 2^32-1, nested", strings.Repeat("|4294967295\r\n", 100)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var err error
			got := allocated(func() { _, err = resp.NewReader(strings.NewReader(tt.wire)).Read() })
			if !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("error is %v", err)
			}
			if got > most {
				t.Errorf("%d bytes were allocated", got)
			}
		})
	}
}

func TestSmallRepliesInMemoryTakeSmallReaders(t *testing.T) {
	wire := []byte("+OK\r\n")
	got := allocated(func() {
		for range 100 {
			if _, err := resp.NewReader(deliveries()[0].of(wire)).Read(); err != nil {
				t.Error(err)
			}
		}
	})
	if got > 100*2048 {
		t.Errorf("a reader takes %d bytes", got/100)
	}
}

// A long reply passes through in constant memory: no allocation per element.
func TestStreamingAllocatesNothing(t *testing.T) {
	tests := []struct {
		name, element string
		tokens        int
	}{
		{"bulk strings", "$5\r\nhello\r\n", 1_000_000},
		{"integers", ":-123\r\n", 100_000},
		{"doubles", ",3.25\r\n", 100_000},
		{"statuses", "+QUEUED\r\n", 100_000},
		{"pairs", "*2\r\n$1\r\na\r\n:1\r\n", 100_000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := resp.NewReader(&repeated{head: "*4294967295\r\n", s: tt.element})
			allocs := testing.AllocsPerRun(1, func() {
				for range tt.tokens {
					if _, err := r.Next(); err != nil {
						t.Fatal(err)
					}
				}
			})
			if allocs > 2 {
				t.Errorf("%d tokens took %v allocations", tt.tokens, allocs)
			}
		})
	}
}

// Strings of 512 MiB, and one that never ends, pass through in constant memory.
func TestStreamingALargeStringAllocatesNothing(t *testing.T) {
	for _, head := range []string{"$536870912\r\n", "+", "$?\r\n;536870912\r\n"} {
		r := resp.NewReader(&repeated{head: head, s: pattern(4096)})
		var total int
		got := allocated(func() {
			for total < 16<<20 {
				tok, err := r.Next()
				if err != nil || !tok.More {
					t.Fatalf("%q: More %t, %v", head, tok.More, err)
				}
				total += len(tok.Text)
			}
		})
		if got > 1<<20 {
			t.Errorf("%q: %d bytes were allocated", head, got)
		}
	}
}
