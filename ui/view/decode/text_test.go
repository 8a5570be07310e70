package decode_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"redan/ui/view/decode"
)

func TestTextLines(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"nothing", "", ""},
		{"one line", "a", "a\n"},
		{"a line break at the end", "a\n", "a\n\n"},
		{"line breaks of two kinds", "a\r\nb\n", "a\\r\nb\n\n"},
		{"controls", "a\tb\x1b[2Jc\x00\u0085", "a\\tb\\x1b[2Jc\\x00\\u0085\n"},
		{"no UTF-8", "caf\xe9 \xff\xfe\n\xc3", "caf\\xe9 \\xff\\xfe\n\\xc3\n"},
		{"what turns the text", "\u202eevil\u2066\u200f\u061c", "\\u202eevil\\u2066\\u200f\\u061c\n"},
		{"without ink", "a\u200bb\u00a0c\u3164\U000e0041\ufeff", "a\\u200bb\\u00a0c\\u3164\\U000e0041\\ufeff\n"},
		{"marks on nothing", "\u0301a\u0301", "\\u0301a\u0301\n"},
		{"a tower of marks", "a" + strings.Repeat("\u0301", 10), "a" + strings.Repeat("\u0301", 8) + "\\u0301\\u0301\n"},
		{"letters of all kinds", "naïve café ☕ 日本語 👍 \ufffd", "naïve café ☕ 日本語 👍 \ufffd\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := laid(opened(t, c.data, decode.Text).Document); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestTextEscapesAreToldFromText(t *testing.T) {
	line := opened(t, `\x1b`+"\x1b", decode.Text).Document.Line(0)
	if len(line.Spans) != 2 || line.Spans[0] != (decode.Span{Text: `\x1b`}) || line.Spans[1] != (decode.Span{Text: `\x1b`, Kind: decode.Escape}) {
		t.Errorf("got %+v", line.Spans)
	}
}

func TestLongTextLines(t *testing.T) {
	data := strings.Repeat("é", 3000) + "\n" + strings.Repeat("x", 1024) + "\nend"
	d := opened(t, data, decode.Text).Document
	var whole strings.Builder
	for i := range d.Len() {
		line := d.Line(i)
		if len(line.Text()) > 1024 {
			t.Errorf("line %d has %d bytes", i, len(line.Text()))
		}
		whole.WriteString(line.Text())
		if !line.More && i+1 < d.Len() {
			whole.WriteString("\n")
		}
	}
	if whole.String() != data {
		t.Errorf("got %d bytes, want %d", whole.Len(), len(data))
	}
}

func TestTextIsCutBetweenCharacters(t *testing.T) {
	view := decode.Standard().Open(decode.Value([]byte("日本語")), decode.Chain{decode.Text}, 4)
	if got := laid(view.Document); got != "日\n" || !view.Cut {
		t.Errorf("got %q, cut %v", got, view.Cut)
	}
	view = decode.Standard().Open(decode.Input{Bytes: []byte("日本\xe8"), More: true}, decode.Chain{decode.Text}, 0)
	if got := laid(view.Document); got != "日本\n" || !view.Cut {
		t.Errorf("a window: got %q, cut %v", got, view.Cut)
	}
}

func TestHexDump(t *testing.T) {
	in := decode.Input{Bytes: []byte("\x1f\x8b\x08\x00hello, w\xc3\xb6rld\n"), Offset: 0x12340, More: true}
	got := laid(decode.Dump(in, 16))
	want := "00012340  1f 8b 08 00 68 65 6c 6c  6f 2c 20 77 c3 b6 72 6c  |....hello, w..rl|\n" +
		"00012350  64 0a                                             |d.|\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	zero := decode.Dump(in, 16).Line(0).Spans
	if zero[0].Kind != decode.Offset || zero[2] != (decode.Span{Text: "00 ", Kind: decode.Dim}) {
		t.Errorf("got %+v", zero)
	}
	if wide := decode.Dump(decode.Input{Bytes: []byte{1}, Offset: 1 << 33}, 4).Line(0).Text(); !strings.HasPrefix(wide, "200000000  01") {
		t.Errorf("beyond 4 GiB: %s", wide)
	}
}

func TestPerLineFits(t *testing.T) {
	data := bytes.Repeat([]byte{'x'}, 64)
	last := 0
	for width := range 200 {
		n := decode.PerLine(width)
		if got := len(decode.Dump(decode.Value(data), n).Line(0).Text()); got > width && n > 1 {
			t.Errorf("%d columns: %d bytes take %d", width, n, got)
		}
		if n < last || n > 32 {
			t.Errorf("%d columns: %d bytes after %d", width, n, last)
		}
		last = n
	}
	if last != 32 || decode.PerLine(80) != 16 {
		t.Errorf("the widest is %d, 80 columns %d", last, decode.PerLine(80))
	}
}

func TestHexIsReadBackStrictly(t *testing.T) {
	draft, err := decode.Standard().Edit([]byte("0123456789abcdefX\x00"), decode.Chain{decode.Hex}, 0)
	if err != nil || !draft.Exact || !strings.HasSuffix(string(draft.Text), "66\n58 00\n") {
		t.Fatalf("%v, %+v", err, draft)
	}
	for text, want := range map[string]string{"": "", "  0aFF\n00 ": "\n\xff\x00", "61 62\t63": "abc"} {
		if got, err := draft.Apply([]byte(text)); err != nil || string(got) != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for text, column := range map[string]int{"0": 1, "61 6": 4, "xx": 1, "6 1": 1, "61 0x62": 4} {
		_, err := draft.Apply([]byte(text))
		if m, ok := errors.AsType[*decode.MalformedError](err); !ok || m.Column != column {
			t.Errorf("%q: %v, want column %d", text, err, column)
		}
	}
}
