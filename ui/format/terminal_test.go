package format_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"redan/conn/resp"
	"redan/ui/format"
)

func TestAppendTerminal(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"printable", `plain "text" \x`, `plain "text" \x`},
		{"lines and tabs", "a\n\tb\r\nc\n", "a\n\tb\r\nc\n"},
		{"lone carriage returns", "a\rb\r\r\n\r", `a\x0db\x0d` + "\r\n" + `\x0d`},
		{"escape sequence", "\x1b[2J\x1b]0;title\a", `\x1b[2J\x1b]0;title\x07`},
		{"C0 and delete", "\x00\b\v\f\x7f", `\x00\x08\x0b\x0c\x7f`},
		{"UTF-8", "héllo €uro 😀", "héllo €uro 😀"},
		{"C1 in UTF-8", "a\u009bb\u0085\u00a0", `a\xc2\x9bb\xc2\x85` + "\u00a0"},
		{"C1 as a byte", "a\x9bb", `a\x9bb`},
		{"Latin-1", "h\xe9llo", `h\xe9llo`},
		{"broken off", "a\xe2\x82", `a\xe2\x82`},
		{"broken by another", "\xe2\x82\xe2\x82\xac\xf0\x9f\x1b", `\xe2\x82€\xf0\x9f\x1b`},
		{"broken by a line", "\xe2\r\n\xe2\n", `\xe2` + "\r\n" + `\xe2` + "\n"},
		{"overlong and surrogate", "\xc0\x9b\xed\xa0\x80", `\xc0\x9b\xed\xa0\x80`},
		{"replacement character", "\ufffd", "\ufffd"},
	} {
		if got := string(format.AppendTerminal(nil, []byte(test.text))); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// TestTerminalEverywhere hides a sequence in every place a server can put one.
func TestTerminalEverywhere(t *testing.T) {
	const evil = "\x1b\u009b\xff"
	for kind, payload := range map[resp.Kind]string{
		resp.SimpleString: evil, resp.SimpleError: evil, resp.BulkString: evil, resp.BulkError: evil,
		resp.VerbatimString: "txt:" + evil, resp.Double: evil, resp.BigNumber: evil,
	} {
		scalar := resp.Value{Kind: kind, Text: []byte(payload)}
		keys := resp.Value{Kind: resp.Array, Elems: []resp.Value{scalar}}
		for _, v := range []resp.Value{
			scalar, keys,
			{Kind: resp.Map, Elems: []resp.Value{scalar, scalar}},
			{Kind: resp.Integer, Attrs: []resp.Value{scalar, scalar}},
			{Kind: resp.Push, Elems: []resp.Value{bulk("invalidate"), keys}},
		} {
			for _, m := range modes() {
				p := format.New(m.mode)
				p.Terminal = true
				if got := p.String(v); !isSafe(got) {
					t.Errorf("%s prints %q", m.flag, got)
				}
			}
		}
	}
}

// isSafe reports whether text is UTF-8 that a terminal shows and does not obey.
func isSafe(text string) bool {
	for i, char := range text {
		switch {
		case char == '\n' || char == '\t':
		case char == '\r' && strings.HasPrefix(text[i+1:], "\n"):
		case char < ' ', char >= 0x7f && char < 0xa0:
			return false
		}
	}
	return utf8.ValidString(text)
}

func TestTerminalShowsTheRest(t *testing.T) {
	for _, test := range []struct {
		wire string
		mode format.Mode
		want string
	}{
		{"+é\x1b\r\n", format.Standard, "é\\x1b\n"},
		{"-ERR é\x1b\r\n", format.Standard, "(error) ERR é\\x1b\n"},
		{"=12\r\ntxt:a\tb\r\n\x1bé\r\n", format.Standard, "a\tb\r\n\\x1bé\n"},
		{"$3\r\né\x1b\r\n", format.Standard, "\"\\xc3\\xa9\\x1b\"\n"},
		{"$5\r\né\x1b\r\n\r\n", format.Raw, "é\\x1b\r\n\n"},
		{"$3\r\né\x1b\r\n", format.CSV, "\"\\xc3\\xa9\\x1b\"\n"},
		{"$9\r\né\x7f\xc2\x9b\xff\"\n\xc3\r\n", format.JSON, "\"é\\u007f\\u009b\\u00ff\\\"\\n\\u00c3\"\n"},
		{"$3\r\né\x1b\r\n", format.QuotedJSON, "\"\\\\xc3\\\\xa9\\\\x1b\"\n"},
	} {
		p := format.New(test.mode)
		p.Terminal = true
		if got := printed(t, p, readerOf(test.wire)); got != test.want {
			t.Errorf("%q in mode %d: got %q, want %q", test.wire, test.mode, got, test.want)
		}
	}
}

// TestJSONStringsAreJSON reads back what was written, if it was UTF-8.
func TestJSONStringsAreJSON(t *testing.T) {
	gen := newGenerator(4)
	for range 500 {
		text := strings.ToValidUTF8(string(gen.text("\x00\x01\n\r\t\b\f\a\"\\/ a\x7f\u009bé€\u2028")), "?")
		for _, terminal := range []bool{false, true} {
			p := format.Printer{Mode: format.JSON, Terminal: terminal}
			var got string
			if err := json.Unmarshal(p.Append(nil, bulk(text)), &got); err != nil || got != text {
				t.Fatalf("%q became %q, %v", text, got, err)
			}
		}
		var got string
		if err := json.Unmarshal(format.AppendJSONString(nil, []byte(text)), &got); err != nil || got != text {
			t.Fatalf("%q became %q, %v", text, got, err)
		}
	}
}

func TestAppendQuoted(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	got := string(format.AppendQuoted([]byte("k="), all))
	want := `k="\x00\x01\x02\x03\x04\x05\x06\a\b\t\n\x0b\x0c\r\x0e\x0f\x10`
	if !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want %q first", got, want)
	}
	if !strings.Contains(got, ` !\"#$%&'()`) || !strings.Contains(got, `[\\]`) || !strings.HasSuffix(got, `}~\x7f\x80`+got[len(got)-127*4-1:]) {
		t.Errorf("got %q", got)
	}
}
