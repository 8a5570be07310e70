package format_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"redan/conn/resp"
	"redan/ui/format"
)

// exotics are the replies redis-cli refuses, as we decided to print them.
func exotics() []golden {
	return []golden{
		{
			name: "big number", wire: "(-123456789012345678901\r\n",
			standard:   "(big number) -123456789012345678901\n",
			raw:        "-123456789012345678901\n",
			csv:        "-123456789012345678901\n",
			json:       "-123456789012345678901\n",
			quotedJSON: "-123456789012345678901\n",
		},
		{
			name: "NaN", wire: ",nan\r\n",
			standard: "(double) nan\n", raw: "nan\n", csv: "nan\n", json: "nan\n", quotedJSON: "nan\n",
		},
		{
			name: "bulk error", wire: "!6\r\nERR\nx\"\r\n",
			standard: "(error) ERR\nx\"\n", raw: "ERR\nx\"\n\n", csv: "ERROR,\"ERR\\nx\\\"\"\n",
			json: "error:\"ERR\\nx\\\"\"\n", quotedJSON: "error:\"ERR\\\\nx\\\\\"\"\n",
		},
		{
			name: "big number and NaN as keys", wire: "%2\r\n(7\r\n+a\r\n,nan\r\n+b\r\n",
			standard: "1# (big number) 7 => a\n2# (double) nan => b\n", raw: "7 a\nnan b\n", csv: "7,\"a\",nan,\"b\"\n",
			json: `{"7":"a","nan":"b"}` + "\n", quotedJSON: `{"7":"a","nan":"b"}` + "\n",
		},
		{
			name: "attribute", wire: "|2\r\n+ttl\r\n:3600\r\n+hits\r\n*2\r\n:1\r\n:2\r\n$1\r\nv\r\n",
			standard: "1| ttl => (integer) 3600\n" +
				"2| hits => \n" +
				"   1) (integer) 1\n" +
				"   2) (integer) 2\n" +
				"\"v\"\n",
			raw: "v\n", csv: "\"v\"\n", json: "\"v\"\n", quotedJSON: "\"v\"\n",
		},
		{
			name: "attributes inside", wire: "*3\r\n:1\r\n|1\r\n+a\r\n+b\r\n|1\r\n+c\r\n+d\r\n:2\r\n%2\r\n+k\r\n|1\r\n+e\r\n+f\r\n*0\r\n+l\r\n*1\r\n|1\r\n+g\r\n+h\r\n:4\r\n",
			standard: "1) (integer) 1\n" +
				"2) 1| a => b\n" +
				"   1| c => d\n" +
				"   (integer) 2\n" +
				"3) 1# k => \n" +
				"      1| e => f\n" +
				"      (empty array)\n" +
				"   2# l => \n" +
				"      1) 1| g => h\n" +
				"         (integer) 4\n",
			raw: "1\n2\nk \nl 4\n", csv: "1,2,\"k\",,\"l\",4\n",
			json: `[1,2,{"k":[],"l":[4]}]` + "\n", quotedJSON: `[1,2,{"k":[],"l":[4]}]` + "\n",
		},
		{
			name: "attribute of an error", wire: "|1\r\n+a\r\n-b\r\n-ERR x\r\n",
			standard: "1| a => (error) b\n(error) ERR x\n", raw: "ERR x\n\n", csv: "ERROR,\"ERR x\"\n",
			json: "error:\"ERR x\"\n", quotedJSON: "error:\"ERR x\"\n",
		},
		{
			name: "empty attribute", wire: "%1\r\n+k\r\n|0\r\n*1\r\n:1\r\n",
			standard: "1# k => 1) (integer) 1\n", raw: "k 1\n", csv: "\"k\",1\n", json: "{\"k\":[1]}\n", quotedJSON: "{\"k\":[1]}\n",
		},
		{
			name: "streamed", wire: "*?\r\n~?\r\n.\r\n%?\r\n+k\r\n*?\r\n:1\r\n:2\r\n.\r\n+l\r\n*?\r\n:3\r\n.\r\n.\r\n$?\r\n;2\r\nab\r\n;1\r\nc\r\n;0\r\n.\r\n",
			standard: "1) (empty set)\n" +
				"2) 1# k => \n" +
				"      1) (integer) 1\n" +
				"      2) (integer) 2\n" +
				"   2# l => 1) (integer) 3\n" +
				"3) \"abc\"\n",
			raw: "\nk 1\n2\nl 3\nabc\n", csv: ",\"k\",1,2,\"l\",3,\"abc\"\n",
			json: `[[],{"k":[1,2],"l":[3]},"abc"]` + "\n", quotedJSON: `[[],{"k":[1,2],"l":[3]},"abc"]` + "\n",
		},
		{
			name: "ten streamed", wire: "*?\r\n:1\r\n:2\r\n:3\r\n:4\r\n:5\r\n:6\r\n:7\r\n:8\r\n:9\r\n|1\r\n+a\r\n+b\r\n:10\r\n.\r\n",
			standard: " 1) (integer) 1\n" +
				" 2) (integer) 2\n" +
				" 3) (integer) 3\n" +
				" 4) (integer) 4\n" +
				" 5) (integer) 5\n" +
				" 6) (integer) 6\n" +
				" 7) (integer) 7\n" +
				" 8) (integer) 8\n" +
				" 9) (integer) 9\n" +
				"10) 1| a => b\n" +
				"    (integer) 10\n",
			raw: "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", csv: "1,2,3,4,5,6,7,8,9,10\n",
			json: "[1,2,3,4,5,6,7,8,9,10]\n", quotedJSON: "[1,2,3,4,5,6,7,8,9,10]\n",
		},
		{
			name: "nine streamed", wire: "*?\r\n:1\r\n:2\r\n:3\r\n:4\r\n:5\r\n:6\r\n:7\r\n:8\r\n|1\r\n+a\r\n+b\r\n*2\r\n:9\r\n:9\r\n.\r\n",
			standard: "1) (integer) 1\n" +
				"2) (integer) 2\n" +
				"3) (integer) 3\n" +
				"4) (integer) 4\n" +
				"5) (integer) 5\n" +
				"6) (integer) 6\n" +
				"7) (integer) 7\n" +
				"8) (integer) 8\n" +
				"9) 1| a => b\n" +
				"   1) (integer) 9\n" +
				"   2) (integer) 9\n",
			raw: "1\n2\n3\n4\n5\n6\n7\n8\n9\n9\n", csv: "1,2,3,4,5,6,7,8,9,9\n",
			json: "[1,2,3,4,5,6,7,8,[9,9]]\n", quotedJSON: "[1,2,3,4,5,6,7,8,[9,9]]\n",
		},
		{
			name: "attribute of a key", wire: "%1\r\n+k\r\n%1\r\n|1\r\n+a\r\n+b\r\n+l\r\n*2\r\n:1\r\n:2\r\n",
			standard: "1# k => \n" +
				"   1# 1| a => b\n" +
				"      l => \n" +
				"      1) (integer) 1\n" +
				"      2) (integer) 2\n",
			raw: "k l 1\n2\n", csv: "\"k\",\"l\",1,2\n",
			json: `{"k":{"l":[1,2]}}` + "\n", quotedJSON: `{"k":{"l":[1,2]}}` + "\n",
		},
		{
			// redis-cli 7.0 aborts on a key that is not a string.
			name: "odd invalidation", wire: ">2\r\n$10\r\ninvalidate\r\n*3\r\n|1\r\n+a\r\n+b\r\n:1\r\n$-1\r\n+k\r\n",
			standard: "-> invalidate: '1', '', 'k'\n", raw: "invalidate\n1\n\nk\n", csv: "\"invalidate\",1,NULL,\"k\"\n",
			json: `["invalidate",[1,null,"k"]]` + "\n", quotedJSON: `["invalidate",[1,null,"k"]]` + "\n",
		},
	}
}

func TestPrintsWhatRedisCLIRefuses(t *testing.T) {
	for _, g := range exotics() {
		for _, m := range modes() {
			t.Run(g.name+" "+m.flag, func(t *testing.T) {
				if got := printed(t, format.New(m.mode), readerOf(g.wire)); got != g.wanted(m.mode) {
					t.Errorf("got\n%s\nwant\n%s\n(%q, %q)", got, g.wanted(m.mode), got, g.wanted(m.mode))
				}
			})
		}
	}
}

// TestUnannouncedLengthsChangeNothing prints a value and the same value with
// every length withheld.
func TestUnannouncedLengthsChangeNothing(t *testing.T) {
	gen := newGenerator(1)
	for range 300 {
		v := gen.value(5)
		streamed := withheld(v)
		for _, m := range modes() {
			p := format.New(m.mode)
			if got, want := p.String(streamed), p.String(v); got != want {
				t.Fatalf("%s: got\n%s\nwant\n%s", m.flag, got, want)
			}
		}
	}
}

func withheld(v resp.Value) resp.Value {
	v.Streamed = v.Kind.IsAggregate()
	elems := make([]resp.Value, 0, len(v.Elems))
	for _, elem := range v.Elems {
		elems = append(elems, withheld(elem))
	}
	v.Elems = elems
	return v
}

// TestTooLongToCount prints aggregates of unannounced length that are too large
// to hold: their numbers are not aligned, but all of it is there.
func TestTooLongToCount(t *testing.T) {
	const size, elements = 8 << 20, 12
	element := fmt.Sprintf("$%d\r\n%s\r\n", size, strings.Repeat("x", size))
	for _, test := range []struct{ element, want string }{
		{element, "1) 2) 3) 4) 5) 6) 7) 8) 9) 10) 11) 12) "},
		{"*?\r\n" + element + ".\r\n", "1) 1) 2) 1) 3) 1) 4) 1) 5) 1) 6) 1) 7) 1) 8) 1) 9) 1) 10) 1) 11) 1) 12) 1) "},
	} {
		wire := io.MultiReader(strings.NewReader("*?\r\n"), &repeater{text: test.element, times: elements}, strings.NewReader(".\r\n"))
		out := &lineStarts{}
		w := bufio.NewWriter(out)
		if _, err := (format.Printer{}).Print(w, resp.NewReader(wire)); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if got := out.kept.String(); got != test.want || out.dropped != elements*(size+len("\"\"\n")) {
			t.Errorf("got %q and %d more, want %q", got, out.dropped, test.want)
		}
	}
}

// lineStarts keeps what stands before the first quote of each line.
type lineStarts struct {
	kept    strings.Builder
	inside  bool
	dropped int
}

func (l *lineStarts) Write(b []byte) (int, error) {
	n := len(b)
	for len(b) > 0 {
		stop := byte('"')
		if l.inside {
			stop = '\n'
		}
		i := bytes.IndexByte(b, stop)
		found := i >= 0
		if !found {
			i = len(b)
		}
		if l.inside {
			l.dropped += i
		} else {
			l.kept.Write(b[:i])
		}
		if b = b[i:]; found {
			l.inside = !l.inside
			l.dropped++
			b = b[1:]
		}
	}
	return n, nil
}
