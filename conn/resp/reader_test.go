package resp_test

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"redan/conn/resp"
)

// reply is a reply on the wire and what it means.
type reply struct {
	name string
	wire string
	want resp.Value
}

func wellFormed() []reply {
	return append(append(scalars(), aggregates()...), attributes()...)
}

func scalars() []reply {
	return []reply{
		{"status", "+OK\r\n", text(resp.SimpleString, "OK")},
		{"empty status", "+\r\n", text(resp.SimpleString, "")},
		{"status with NUL, CR and LF", "+a\x00b\rc\nd\r\r\n", text(resp.SimpleString, "a\x00b\rc\nd\r")},
		{"error", "-ERR unknown command\r\n", text(resp.SimpleError, "ERR unknown command")},
		{"integer", ":1000\r\n", integer(1000)},
		{"zero", ":0\r\n", integer(0)},
		{"integer with plus", ":+5\r\n", integer(5)},
		{"integer with zeros", ":007\r\n", integer(7)},
		{"integer of many zeros", ":" + strings.Repeat("0", 400) + "7\r\n", integer(7)},
		{"18 digits", ":999999999999999999\r\n", integer(999999999999999999)},
		{"19 digits", ":1000000000000000000\r\n", integer(1000000000000000000)},
		{"largest integer", ":9223372036854775807\r\n", integer(1<<63 - 1)},
		{"smallest integer", ":-9223372036854775808\r\n", integer(-1 << 63)},
		{"bulk", "$5\r\nhello\r\n", bulk("hello")},
		{"empty bulk", "$0\r\n\r\n", bulk("")},
		{"bulk of CRLF", "$4\r\n\r\n\r\n\r\n", bulk("\r\n\r\n")},
		{"binary bulk", "$6\r\n\x00\xff\r\n$1\r\n", bulk("\x00\xff\r\n$1")},
		{"bulk length with zeros", "$003\r\nabc\r\n", bulk("abc")},
		{"null bulk", "$-1\r\n", resp.Value{Kind: resp.NullBulk}},
		{"null array", "*-1\r\n", resp.Value{Kind: resp.NullArray}},
		{"null of RESP3", "_\r\n", resp.Value{Kind: resp.Null}},
		{"true", "#t\r\n", resp.Value{Kind: resp.Boolean, Int: 1}},
		{"false", "#f\r\n", resp.Value{Kind: resp.Boolean}},
		{"double", ",3.141592653589793\r\n", text(resp.Double, "3.141592653589793")},
		{"double without fraction", ",10\r\n", text(resp.Double, "10")},
		{"double with exponent", ",1e+100\r\n", text(resp.Double, "1e+100")},
		{"double with capital exponent", ",-1.5E-7\r\n", text(resp.Double, "-1.5E-7")},
		{"double beyond 64 bits", ",1e400\r\n", text(resp.Double, "1e400")},
		{"infinity", ",inf\r\n", text(resp.Double, "inf")},
		{"negative infinity", ",-inf\r\n", text(resp.Double, "-inf")},
		{"capital infinity", ",INF\r\n", text(resp.Double, "INF")},
		{"spelled infinity", ",-Infinity\r\n", text(resp.Double, "-Infinity")},
		{"nan", ",nan\r\n", text(resp.Double, "nan")},
		{"negative nan", ",-nan\r\n", text(resp.Double, "-nan")},
		{"capital nan", ",-NAN\r\n", text(resp.Double, "-NAN")},
		{"positive nan", ",+nan\r\n", text(resp.Double, "+nan")},
		{"big number", "(3492890328409238509324850943850943825024385\r\n", text(resp.BigNumber, "3492890328409238509324850943850943825024385")},
		{"negative big number", "(-12\r\n", text(resp.BigNumber, "-12")},
		{"positive big number", "(+12\r\n", text(resp.BigNumber, "+12")},
		{"bulk error", "!21\r\nSYNTAX invalid syntax\r\n", text(resp.BulkError, "SYNTAX invalid syntax")},
		{"bulk error of two lines", "!7\r\nERR\r\nab\r\n", text(resp.BulkError, "ERR\r\nab")},
		{"verbatim string", "=15\r\ntxt:Some string\r\n", text(resp.VerbatimString, "txt:Some string")},
		{"empty verbatim string", "=4\r\nmkd:\r\n", text(resp.VerbatimString, "mkd:")},
		{"streamed string", "$?\r\n;4\r\nHell\r\n;6\r\no worl\r\n;1\r\nd\r\n;0\r\n", streamed(bulk("Hello world"))},
		{"empty streamed string", "$?\r\n;0\r\n", streamed(bulk(""))},
		{"streamed string like an end", "$?\r\n;4\r\n;0\r\n\r\n;0\r\n", streamed(bulk(";0\r\n"))},
	}
}

func aggregates() []reply {
	return []reply{
		{"empty array", "*0\r\n", list(resp.Array)},
		{"array", "*3\r\n:1\r\n$1\r\na\r\n+b\r\n", list(resp.Array, integer(1), bulk("a"), text(resp.SimpleString, "b"))},
		{
			"array of nulls", "*3\r\n$-1\r\n*-1\r\n_\r\n",
			list(resp.Array, resp.Value{Kind: resp.NullBulk}, resp.Value{Kind: resp.NullArray}, resp.Value{Kind: resp.Null}),
		},
		{
			"nested arrays", "*2\r\n*2\r\n:1\r\n*0\r\n*1\r\n-ERR x\r\n",
			list(resp.Array, list(resp.Array, integer(1), list(resp.Array)), list(resp.Array, text(resp.SimpleError, "ERR x"))),
		},
		{"empty map", "%0\r\n", list(resp.Map)},
		{"map in wire order, a key twice", "%2\r\n+b\r\n:1\r\n+b\r\n:2\r\n", list(resp.Map, text(resp.SimpleString, "b"), integer(1), text(resp.SimpleString, "b"), integer(2))},
		{
			"map with aggregates as keys", "%1\r\n*1\r\n:1\r\n%1\r\n:2\r\n:3\r\n",
			list(resp.Map, list(resp.Array, integer(1)), list(resp.Map, integer(2), integer(3))),
		},
		{"set", "~2\r\n+a\r\n#t\r\n", list(resp.Set, text(resp.SimpleString, "a"), resp.Value{Kind: resp.Boolean, Int: 1})},
		{"push", ">2\r\n$10\r\ninvalidate\r\n_\r\n", list(resp.Push, bulk("invalidate"), resp.Value{Kind: resp.Null})},
		{"streamed array", "*?\r\n:1\r\n:2\r\n.\r\n", streamed(list(resp.Array, integer(1), integer(2)))},
		{"empty streamed array", "*?\r\n.\r\n", streamed(list(resp.Array))},
		{"streamed map", "%?\r\n+a\r\n:1\r\n+b\r\n:2\r\n.\r\n", streamed(list(resp.Map, text(resp.SimpleString, "a"), integer(1), text(resp.SimpleString, "b"), integer(2)))},
		{"empty streamed map", "%?\r\n.\r\n", streamed(list(resp.Map))},
		{"streamed set of odd size", "~?\r\n:1\r\n.\r\n", streamed(list(resp.Set, integer(1)))},
		{
			"streamed inside announced inside streamed", "*?\r\n*2\r\n*?\r\n.\r\n$?\r\n;1\r\nx\r\n;0\r\n.\r\n",
			streamed(list(resp.Array, list(resp.Array, streamed(list(resp.Array)), streamed(bulk("x"))))),
		},
	}
}

func attributes() []reply {
	key, val := text(resp.SimpleString, "k"), text(resp.SimpleString, "v")
	return []reply{
		{"attribute of a scalar", "|1\r\n+k\r\n+v\r\n:1\r\n", attributed(integer(1), key, val)},
		{"attribute of an array", "|1\r\n+k\r\n+v\r\n*1\r\n:1\r\n", attributed(list(resp.Array, integer(1)), key, val)},
		{"attribute of a null", "|1\r\n+k\r\n+v\r\n$-1\r\n", attributed(resp.Value{Kind: resp.NullBulk}, key, val)},
		{"attribute of a push", "|1\r\n+k\r\n+v\r\n>1\r\n+a\r\n", attributed(list(resp.Push, text(resp.SimpleString, "a")), key, val)},
		{"empty attribute", "|0\r\n:1\r\n", integer(1)},
		{"two attributes", "|1\r\n+k\r\n+v\r\n|1\r\n+k\r\n:2\r\n:1\r\n", attributed(integer(1), key, val, key, integer(2))},
		{
			"attributes in an array", "*2\r\n|1\r\n+k\r\n+v\r\n:1\r\n|1\r\n+k\r\n+v\r\n:2\r\n",
			list(resp.Array, attributed(integer(1), key, val), attributed(integer(2), key, val)),
		},
		{
			"attributes in a nested array", "*1\r\n*2\r\n:1\r\n|1\r\n+k\r\n*1\r\n+v\r\n:2\r\n",
			list(resp.Array, list(resp.Array, integer(1), attributed(integer(2), key, list(resp.Array, val)))),
		},
		{
			"attributes on a map's key and value", "%1\r\n|1\r\n+k\r\n+v\r\n+a\r\n|1\r\n+k\r\n+v\r\n+b\r\n",
			list(resp.Map, attributed(text(resp.SimpleString, "a"), key, val), attributed(text(resp.SimpleString, "b"), key, val)),
		},
		{
			"attribute of an attribute", "|1\r\n+k\r\n|1\r\n+k\r\n+v\r\n:2\r\n:1\r\n",
			attributed(integer(1), key, attributed(integer(2), key, val)),
		},
		{
			"attribute in a streamed array", "*?\r\n|1\r\n+k\r\n+v\r\n:1\r\n.\r\n",
			streamed(list(resp.Array, attributed(integer(1), key, val))),
		},
		{
			"attributes of streamed things", "|1\r\n+k\r\n+v\r\n%?\r\n|1\r\n+k\r\n+v\r\n$?\r\n;0\r\n:1\r\n.\r\n",
			attributed(streamed(list(resp.Map, attributed(streamed(bulk("")), key, val), integer(1))), key, val),
		},
	}
}

func TestRead(t *testing.T) {
	for _, tt := range wellFormed() {
		t.Run(tt.name, func(t *testing.T) {
			for _, way := range deliveries() {
				r := resp.NewReader(way.of([]byte(tt.wire + tt.wire)))
				values, err := reads(r)
				if !errors.Is(err, io.EOF) {
					t.Errorf("%s: %v", way.name, err)
				}
				if !sameAll(values, []resp.Value{tt.want, tt.want}) {
					t.Errorf("%s: %q was read as %q, twice %q is right", way.name, tt.wire+tt.wire,
						resp.Append(nil, list(resp.Array, values...)), resp.Append(nil, tt.want))
				}
			}
		})
	}
}

// Memory for elements grows as they come, in steps that must not show.
func TestReadManyElements(t *testing.T) {
	for _, n := range []int{31, 32, 33, 64, 65, 1000} {
		var elems []resp.Value
		for i := range n {
			elems = append(elems, integer(int64(i)))
		}
		for _, want := range []resp.Value{list(resp.Array, elems...), streamed(list(resp.Set, elems...))} {
			got, err := resp.NewReader(bytes.NewReader(resp.Append(nil, want))).Read()
			if err != nil || !same(got, want) {
				t.Errorf("%s of %d elements: %d were read, %v", want.Kind, n, len(got.Elems), err)
			}
			if room := cap(got.Elems); !want.Streamed && room != n {
				t.Errorf("%s of %d elements has room for %d", want.Kind, n, room)
			}
		}
	}
}

// A text that was read must not change when the reader goes on.
func TestReadOwnsItsMemory(t *testing.T) {
	var wire []byte
	for i := range 20_000 {
		wire = resp.Append(wire, bulk(strconv.Itoa(i)))
	}
	values, err := reads(resp.NewReader(bytes.NewBuffer(wire)))
	if !errors.Is(err, io.EOF) || len(values) != 20_000 {
		t.Fatalf("%d values, %v", len(values), err)
	}
	for i, v := range values {
		if v.String() != strconv.Itoa(i) {
			t.Fatalf("value %d is %q", i, v)
		}
	}
}

func TestTokens(t *testing.T) {
	wire := "|1\r\n+k\r\n:1\r\n%?\r\n$1\r\na\r\n*-1\r\n.\r\n~2\r\n#t\r\n,inf\r\n$?\r\n;1\r\nx\r\n;0\r\n"
	want := []resp.Token{
		{Kind: resp.Attribute, Int: 2},
		{Kind: resp.SimpleString, Text: []byte("k")},
		{Kind: resp.Integer, Int: 1},
		{Kind: resp.Attribute, End: true},
		{Kind: resp.Map, Int: -1},
		{Kind: resp.BulkString, Text: []byte("a")},
		{Kind: resp.NullArray},
		{Kind: resp.Map, End: true},
		{Kind: resp.Set, Int: 2},
		{Kind: resp.Boolean, Int: 1},
		{Kind: resp.Double, Text: []byte("inf")},
		{Kind: resp.Set, End: true},
		{Kind: resp.BulkString, Text: []byte("x"), More: true, Streamed: true},
		{Kind: resp.BulkString, Streamed: true},
	}
	for _, way := range deliveries() {
		got, err := tokens(resp.NewReader(way.of([]byte(wire))))
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", way.name, err)
		}
		sameTokens(t, way.name, got, want)
	}
}

func sameTokens(t *testing.T, name string, got, want []resp.Token) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d tokens, want %d", name, len(got), len(want))
		return
	}
	for i := range got {
		g, w := got[i], want[i]
		if string(g.Text) != string(w.Text) || g.Kind != w.Kind || g.Int != w.Int || g.More != w.More || g.End != w.End || g.Streamed != w.Streamed {
			t.Errorf("%s: token %d is %+v, want %+v", name, i, g, w)
		}
	}
}

// What a caller appends to a token's text must not run over what is yet to be read.
func TestTextsCannotBeAppendedInPlace(t *testing.T) {
	wire := "$1\r\na\r\n+b\r\n,1\r\n(2\r\n=5\r\ntxt:c\r\n$?\r\n;1\r\nd\r\n;0\r\n"
	for _, way := range deliveries() {
		r := resp.NewReader(way.of([]byte(wire + wire)))
		for {
			tok, err := r.Next()
			if err != nil {
				if !errors.Is(err, io.EOF) {
					t.Errorf("%s: %v", way.name, err)
				}
				break
			}
			if len(tok.Text) != cap(tok.Text) {
				t.Errorf("%s: text %q has room behind it", way.name, tok.Text)
			}
			_ = append(tok.Text, "garbage"...)
		}
	}
}

// What lies whole in the buffer may be passed over by somebody else.
func TestDiscard(t *testing.T) {
	r := resp.NewReader(strings.NewReader("+OK\r\n:1\r\n+OK\r\n$1\r\na\r\n"))
	if v, err := r.Read(); err != nil || v.String() != "OK" {
		t.Fatal(v, err)
	}
	if got := string(r.Unread()); got != ":1\r\n+OK\r\n$1\r\na\r\n" {
		t.Errorf("unread: %q", got)
	}
	r.Discard(len(":1\r\n+OK\r\n"))
	if v, err := r.Read(); err != nil || v.String() != "a" {
		t.Error(v, err)
	}
}
