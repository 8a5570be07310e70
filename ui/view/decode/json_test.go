package decode_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"redan/ui/view/decode"
)

func TestJSONLayout(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"empty", " { } ", "{}\n"},
		{"empty inside", `{"a":[],"b":{}}`, "{\n  \"a\": [],\n  \"b\": {}\n}\n"},
		{"nested", `{"a":[1,{"b":null}],"c":true}`, `{
  "a": [
    1,
    {
      "b": null
    }
  ],
  "c": true
}
`},
		{"nothing is normalised", `{"a":1.0e+05,"a":-0,"\u0061":"\/\u00e9é","b":123456789012345678901234567890.10}`, `{
  "a": 1.0e+05,
  "a": -0,
  "\u0061": "\/\u00e9é",
  "b": 123456789012345678901234567890.10
}
`},
		{"what a terminal must not get", "[\"\u202e\x7f\xff\"]", "[\n  \"\\u202e\\u007f\\xff\"\n]\n"},
		{"blanks", "\t[ 1\r\n , 2 ]\n", "[\n  1,\n  2\n]\n"},
		{"a scalar", ` "x" `, "\"x\"\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := laid(opened(t, c.data, decode.JSON).Document); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestJSONLinesLayout(t *testing.T) {
	got := laid(opened(t, "{\"a\":1}\n\n[2]\n", decode.NDJSON).Document)
	if want := "{\n  \"a\": 1\n}\n[\n  2\n]\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestJSONSpansAndFolds(t *testing.T) {
	d := opened(t, `{"k":[10,"s"],"e":[],"n":null,"t":true}`, decode.JSON).Document
	type seen struct {
		text  string
		kinds []decode.Kind
		fold  int
		items int
	}
	want := []seen{
		{"{", []decode.Kind{decode.Punct}, 7, 4},
		{`"k": [`, []decode.Kind{decode.Key, decode.Punct}, 4, 2},
		{"10,", []decode.Kind{decode.Number, decode.Punct}, -1, 0},
		{`"s"`, []decode.Kind{decode.String}, -1, 0},
		{"],", []decode.Kind{decode.Punct}, -1, 0},
		{`"e": [],`, []decode.Kind{decode.Key, decode.Punct}, -1, 0},
		{`"n": null,`, []decode.Kind{decode.Key, decode.Punct, decode.Null, decode.Punct}, -1, 0},
		{`"t": true`, []decode.Kind{decode.Key, decode.Punct, decode.Bool}, -1, 0},
		{"}", []decode.Kind{decode.Punct}, -1, 0},
	}
	want[0].fold = len(want) - 1
	if d.Len() != len(want) {
		t.Fatalf("%d lines, want %d:\n%s", d.Len(), len(want), laid(d))
	}
	for i, w := range want {
		line := d.Line(i)
		if line.Text() != w.text || line.Fold != w.fold || d.Fold(i) != w.fold || line.Items != w.items {
			t.Errorf("line %d: %q, fold %d, %d items; want %q, %d, %d", i, line.Text(), line.Fold, line.Items, w.text, w.fold, w.items)
		}
		for j, span := range line.Spans {
			if j >= len(w.kinds) || span.Kind != w.kinds[j] {
				t.Errorf("line %d, span %d: %+v, want kinds %v", i, j, span, w.kinds)
			}
		}
	}
}

func TestJSONErrorsNameThePlace(t *testing.T) {
	for data, want := range map[string]string{
		"":                  "line 1, column 1: ends too early",
		"{\n  \"a\" 1}":     "line 2, column 7: colon expected",
		`{"a": 1,}`:         "line 1, column 9: name in double quotes expected",
		`[1,]`:              "line 1, column 4: value expected",
		`[1 2]`:             "line 1, column 4: comma or ] expected",
		`{"a": 1]`:          "line 1, column 8: comma or } expected",
		`[1`:                "line 1, column 2: ends too early",
		`[01]`:              "line 1, column 3: a number does not begin with 0",
		`[1.]`:              "line 1, column 4: digit expected",
		`[-]`:               "line 1, column 3: digit expected",
		`["\x"]`:            "line 1, column 3: no such escape in a string",
		`["\u12g4"]`:        "line 1, column 3: no such escape in a string",
		"[\"a\tb\"]":        "line 1, column 4: control character in a string",
		`{'a': 1}`:          "line 1, column 2: name in double quotes expected",
		`[nul]`:             "line 1, column 2: value expected",
		`[NaN]`:             "line 1, column 2: value expected",
		`{} x`:              "line 1, column 4: the value is over: nothing more expected",
		"\xef\xbb\xbf[]":    "line 1, column 1: value expected",
		`["never closed`:    "line 1, column 2: ends too early",
		"[1, // one\n 2\n]": "line 1, column 5: value expected",
	} {
		view := decode.Standard().Open(decode.Value([]byte(data)), decode.Chain{decode.JSON}, 0)
		if m, ok := errors.AsType[*decode.MalformedError](view.Err); !ok || m.Error() != "json: "+want {
			t.Errorf("%q: got %v, want %s", data, view.Err, want)
		}
	}
	view := decode.Standard().Open(decode.Value([]byte("{\"a\": 1}\n{\"a\": 2} {}\n")), decode.Chain{decode.NDJSON}, 0)
	if view.Err == nil || view.Err.Error() != "ndjson: line 2, column 10: a line holds one value" {
		t.Errorf("two values in a line: %v", view.Err)
	}
}

func TestCutJSONShowsWhatThereIs(t *testing.T) {
	for _, c := range []struct{ data, want string }{
		{`{"a": [1, 2`, "{\n  \"a\": [\n    1,\n    2\n"},
		{`{"a": "half a str`, "{\n  \"a\": \"half a str\n"},
		{`{"half a na`, "{\n  \"half a na\n"},
		{`[tr`, "[\n  tr\n"},
		{`[{"a":1},`, "[\n  {\n    \"a\": 1\n  },\n"},
	} {
		view := decode.Standard().Open(decode.Input{Bytes: []byte(c.data), More: true}, decode.Chain{decode.JSON}, 0)
		if got := laid(view.Document); got != c.want || view.Err != nil || !view.Cut || view.Chain[0] != decode.JSON {
			t.Errorf("%s: %v, cut %v, got\n%s", c.data, view.Err, view.Cut, got)
		}
	}
}

func TestLongTokensGoOnInTheNextLine(t *testing.T) {
	long := strings.Repeat(`é\"`, 2000)
	data := `{"` + long + `": "` + long + `", "n": ` + strings.Repeat("1234567890", 300) + `}`
	d := opened(t, data, decode.JSON).Document
	var whole strings.Builder
	for _, line := range d.Lines(0, d.Len()) {
		if len(line.Text()) > 2100 {
			t.Errorf("a line of %d bytes", len(line.Text()))
		}
		if line.Text() != "" && len(line.Spans) == 0 {
			t.Error("a line without spans")
		}
		whole.WriteString(line.Text())
	}
	compact := strings.ReplaceAll(data, ", ", ",")
	if whole.String() != compact {
		t.Errorf("the lines do not make the value:\n%.200s\n%.200s", whole.String(), compact)
	}
}

func TestDeepJSONIsLaidOut(t *testing.T) {
	const depth = 200_000
	d := opened(t, strings.Repeat("[", depth)+strings.Repeat("]", depth), decode.JSON).Document
	if d.Len() != 2*depth-1 || d.Fold(0) != d.Len()-1 || d.Line(depth-1).Indent != depth-1 {
		t.Errorf("%d lines, fold %d, indent %d", d.Len(), d.Fold(0), d.Line(depth-1).Indent)
	}
	if _, err := decode.Pretty([]byte(strings.Repeat("[", depth) + strings.Repeat("]", depth))); !errors.Is(err, decode.ErrTooLong) {
		t.Errorf("as text, with its indents: %v", err)
	}
}

// FuzzJSON holds the reader to the standard library's, and the layout to the value.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `[]`, ` {"a" : [1 , 2.5e-3, "x\u00e9\\", true,false,null, {} ]} `, `{"a":1,"a":2}`, `[1,]`, `"\ud800"`, `[[[[`, "-0", "1e5", `{"a":"` +
			strings.Repeat(`\u00e9`, 300) + `"}`, "[\"\u202e\"]", "\"\xff\"", "{}\n{}", "[1\n,2]",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		view := decode.Standard().Open(decode.Value(data), decode.Chain{decode.JSON}, len(data)+1)
		if valid := json.Valid(data); valid != (view.Err == nil) {
			t.Fatalf("%q: error %v, but valid: %v", data, view.Err, valid)
		}
		if view.Err != nil {
			return
		}
		var shown strings.Builder
		opens := 0
		for i := range view.Document.Len() {
			line := view.Document.Line(i)
			if line.Fold >= 0 {
				opens++
				if closing := view.Document.Line(line.Fold); closing.Indent != line.Indent || line.Fold <= i {
					t.Fatalf("%q: line %d folds to %d: indents %d and %d", data, i, line.Fold, line.Indent, closing.Indent)
				}
			}
			for _, span := range line.Spans {
				text := span.Text
				if span.Kind == decode.Escape {
					text = unescaped(t, text)
				}
				if span.Kind == decode.Punct {
					text = strings.ReplaceAll(text, " ", "")
				}
				shown.WriteString(text)
			}
		}
		if want := compacted(data); shown.String() != want {
			t.Fatalf("shown %q, want %q", shown.String(), want)
		}
	})
}

// compacted returns JSON without the white space between its tokens, and nothing else changed.
func compacted(data []byte) string {
	var b strings.Builder
	inString := false
	for i := 0; i < len(data); i++ {
		c := data[i]
		if !inString && strings.IndexByte(" \t\r\n", c) >= 0 {
			continue
		}
		b.WriteByte(c)
		switch {
		case inString && c == '\\':
			i++
			b.WriteByte(data[i])
		case c == '"':
			inString = !inString
		}
	}
	return b.String()
}
