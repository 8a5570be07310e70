package decode_test

import (
	"errors"
	"strings"
	"testing"

	"redan/ui/view/decode"
)

func TestMsgpackLayout(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"a map", "\x82\xa1a\x01\xa1b\xc3", "{\n  \"a\": 1,\n  \"b\": true\n}\n"},
		{"nested", "\x82\xa1a\x92\x01\x80\xa1b\x90", "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}\n"},
		{"names that are no strings", "\x84\x01\xc0\xc2\xc0\xc4\x01\xff\xc0\xff\xc0", "{\n  1: null,\n  false: null,\n  bin ff (1 B): null,\n  -1: null\n}\n"},
		{"a name that is an array", "\x82\x92\x01\x02\xa1x\xa1y\x05", "{\n  ? [\n    1,\n    2\n  ]:\n  \"x\",\n  \"y\": 5\n}\n"},
		{
			"integers", "\x99\x7f\xe0\xcc\xff\xcd\xff\xff\xce\xff\xff\xff\xff\xcf\xff\xff\xff\xff\xff\xff\xff\xff\xd0\x80\xd1\x80\x00\xd3\x80\x00\x00\x00\x00\x00\x00\x00",
			"[\n  127,\n  -32,\n  255,\n  65535,\n  4294967295,\n  18446744073709551615,\n  -128,\n  -32768,\n  -9223372036854775808\n]\n",
		},
		{
			"floats", "\x95\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00\xca\x3d\xcc\xcc\xcd\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00\xcb\x80\x00\x00\x00\x00\x00\x00\x00",
			"[\n  1.0,\n  0.1,\n  +Inf,\n  NaN,\n  -0.0\n]\n",
		},
		{"bytes", "\x92\xc4\x03\x01\x02\x03\xc4\x00", "[\n  bin 010203 (3 B),\n  bin  (0 B)\n]\n"},
		{"extensions", "\x92\xd4\x05\xab\xc7\x03\x80\x01\x02\x03", "[\n  ext(5) ab (1 B),\n  ext(-128) 010203 (3 B)\n]\n"},
		{
			"timestamps", "\x93\xd6\xff\x65\x92\x00\x80\xd7\xff\x1d\xcd\x65\x00\x65\x92\x00\x80\xc7\x0c\xff\x00\x00\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff",
			"[\n  timestamp 2024-01-01T00:00:00Z,\n  timestamp 2024-01-01T00:00:00.125Z,\n  timestamp 1969-12-31T23:59:59.000000001Z\n]\n",
		},
		{"a timestamp that is none", "\x91\xd7\xff\xff\xff\xff\xff\xff\xff\xff\xff", "[\n  ext(-1) ffffffffffffffff (8 B)\n]\n"},
		{"strings", "\x92\xa7a\"\\\n\x1b\xffb\xd9\x03\xe2\x80\xae", "[\n  \"a\\\"\\\\\\n\\x1b\\xffb\",\n  \"\\u202e\"\n]\n"},
		{"a scalar", "\x2a", "42\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := laid(opened(t, c.data, decode.Msgpack).Document); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestMsgpackFolds(t *testing.T) {
	d := opened(t, "\x82\xa1a\x92\x01\x02\xa1b\xc3", decode.Msgpack).Document
	if d.Fold(0) != 6 || d.Line(0).Items != 2 || d.Fold(1) != 4 || d.Line(1).Items != 2 || d.Fold(2) != -1 {
		t.Errorf("folds %d %d %d in\n%s", d.Fold(0), d.Fold(1), d.Fold(2), laid(d))
	}
}

func TestMsgpackErrorsAndCuts(t *testing.T) {
	set := decode.Standard()
	for data, want := range map[string]string{
		"":                         "msgpack: byte 0: ends too early",
		"\x92\x01":                 "msgpack: byte 2: ends too early",
		"\xdd\xff\xff\xff\xff\x01": "msgpack: byte 6: ends too early",
		"\xdb\xff\xff\xff\xffa":    "msgpack: byte 6: ends too early",
		"\x92\x01\xc1":             "msgpack: byte 2: 0xc1 begins no value",
		"\x01\x02":                 "msgpack: byte 1: the value is over: nothing more expected",
	} {
		view := set.Open(decode.Value([]byte(data)), decode.Chain{decode.Msgpack}, 0)
		if _, ok := errors.AsType[*decode.MalformedError](view.Err); !ok || view.Err.Error() != want {
			t.Errorf("%q: got %v, want %s", data, view.Err, want)
		}
	}
	for data, want := range map[string]string{
		"\x92\x01":             "[\n  1\n",
		"\x92\x01\xa5hel":      "[\n  1,\n  \"hel...\n",
		"\x82\xa1a\xc4\x09abc": "{\n  \"a\": bin 616263... (9 B)\n",
	} {
		view := set.Open(decode.Input{Bytes: []byte(data), More: true}, decode.Chain{decode.Msgpack}, 0)
		if got := laid(view.Document); got != want || view.Err != nil || !view.Cut {
			t.Errorf("%q: %v, got\n%s", data, view.Err, got)
		}
	}
}

func TestLongMsgpackStringsGoOnInTheNextLine(t *testing.T) {
	long := strings.Repeat("é", 2000)
	data := "\x81\xda\x0f\xa0" + long + "\xda\x0f\xa0" + long
	d := opened(t, data, decode.Msgpack).Document
	var whole strings.Builder
	for _, line := range d.Lines(0, d.Len()) {
		if len(line.Text()) > 1100 {
			t.Errorf("a line of %d bytes", len(line.Text()))
		}
		whole.WriteString(line.Text())
	}
	if want := `{"` + long + `":"` + long + `"}`; whole.String() != want {
		t.Errorf("got %d bytes, want %d: %.60s", whole.Len(), len(want), whole.String())
	}
}
