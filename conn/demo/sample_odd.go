package demo

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strconv"
	"strings"
)

// stores are places on earth.
func (s *shop) stores() {
	s.do("GEOADD", "stores:europe",
		"-9.1393", "38.7223", "Lisboa", "6.9603", "50.9375", "Köln", "10.7522", "59.9139", "Oslo",
		"16.3738", "48.2082", "Wien", "19.9450", "50.0647", "Kraków", "2.3522", "48.8566", "Paris",
		"27.1428", "38.4237", "İzmir", "-6.2603", "53.3498", "Dublin")
	s.do("GEOADD", "stores:americas",
		"-73.5673", "45.5017", "Montréal", "-46.6333", "-23.5505", "São Paulo", "-122.4194", "37.7749", "San Francisco")
}

// oddities are keys and values that tools get wrong.
func (s *shop) oddities() {
	bytesOfAllKinds := make([]byte, 256)
	for i := range bytesOfAllKinds {
		bytesOfAllKinds[i] = byte(i)
	}
	for _, odd := range [][2]string{
		{"odd:binary:all-bytes", string(bytesOfAllKinds)},
		{"odd:binary:gzip", gzipped(strings.Repeat("The quick brown fox jumps over the lazy dog.\n", 50))},
		{"odd:binary:msgpack", "\x83\xa2id\x2a\xa4name\xa5caf\xc3\xa9\xa4tags\x92\xa1a\xa1b"},
		{"odd:binary:\x00\xff\xfe key", "the key is binary too"},
		{"odd:utf8:naïve café ☕", "Zażółć gęślą jaźń — 東京 — עברית — 👩‍👩‍👧‍👦 — e\u0301"},
		{"odd:utf8:日本語:キー", "値"},
		{"odd:empty", ""},
		{"odd:space: key with spaces ", " value with spaces "},
		{"odd:newline:first line\nsecond line", "one\ntwo\r\nthree\n"},
		{"odd:tab\tand \"quotes\" and 'quotes'", `she said "hi" \o/`},
		{"odd:escape:\x1b[31mred\x1b[0m", "\x1b]0;title\x07\x1b[2J terminals must not obey this"},
		{"odd::empty::levels::", "a name may have empty parts"},
		{"odd:*?[pattern]", "a key that looks like a pattern"},
		{"odd:integer", "9223372036854775807"},
		{"odd:json:broken", `{"unterminated": [1, 2`},
		{"odd:json:deep", strings.Repeat(`{"a":[`, 30) + "null" + strings.Repeat("]}", 30)},
		{"odd:long-line", strings.Repeat("0123456789", 2000)},
	} {
		s.do("SET", odd[0], odd[1])
	}
	s.do("HSET", "odd:hash", "", "an empty field", "line\nbreak", "\x00\x01\x02", "☕", "")
	s.do("ZADD", "odd:scores", "-inf", "least", "+inf", "most", "0.1", "tenth", "-1.5e-9", "tiny", "12345678901234567", "huge")
	s.do("SADD", "odd:set", "", " ", "a b", "\xff\xfe", "é")
	s.do("RPUSH", "odd:list", "", "", "twice", "twice", "\x00")
}

const (
	bigList = 10000
	bigHash = 5000
)

// bigKeys are what a reader should not fetch at once.
func (s *shop) bigKeys() {
	s.doMany(bigList, func(i int) []string {
		return []string{fmt.Sprintf("row %05d;%s;%s", i+1, s.product(), s.price())}
	}, "RPUSH", "queue:imports")
	s.doMany(bigHash, func(i int) []string {
		return []string{fmt.Sprintf("bin-%04d", i+1), strconv.Itoa(s.between(0, 999))}
	}, "HSET", "inventory:warehouse:koeln")
	var csv strings.Builder
	csv.WriteString("order,customer,total\n")
	for i := range 6000 {
		fmt.Fprintf(&csv, "%d,%s,%s\n", 40000+i, s.customer(), s.price())
	}
	s.do("SET", "export:orders.csv", csv.String())
}

// gzipped is text as gzip has it.
func gzipped(text string) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write([]byte(text)) // writing to memory does not fail
	_ = w.Close()
	return out.String()
}

// picture is a small PNG of one colour.
func picture(shade color.Color) string {
	img := image.NewPaletted(image.Rect(0, 0, 16, 16), color.Palette{shade})
	var out bytes.Buffer
	_ = png.Encode(&out, img) // writing to memory does not fail
	return out.String()
}
