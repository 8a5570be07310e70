package decode_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"redan/ui/view/decode"
)

func TestDetect(t *testing.T) {
	const object = `{"amount": 1299, "currency": "EUR"}`
	b64 := base64.StdEncoding.EncodeToString
	for _, c := range []struct{ name, data, want string }{
		{"nothing", "", "text"},
		{"a word", "paid", "text"},
		{"a number", "42", "text"},
		{"a JSON word", "true", "text"},
		{"a JSON string", `"quoted text"`, "text"},
		{"words with accents", "naïve café ☕", "text"},
		{"Latin-1", "Les caf\xe9s du centre", "text"},
		{"terminal colours", "\x1b[31mred\x1b[0m and more text after it", "text"},
		{"an object", object, "json"},
		{"an array over lines", "[\n  1,\n  2\n]\n", "json"},
		{"a cut object", `{"amount": 1299, "curr`, "text"},
		{"two objects in a line", `{} {}`, "text"},
		{"JSON lines", "{\"a\":1}\n{\"a\":2}\n", "ndjson"},
		{"numbers on lines", "1\n2\n3\n", "text"},
		{"a template", "{{name}} said [hello]", "text"},
		{"a log line", "[INFO] started", "text"},
		{"JSON with a comment", "{\"a\": 1} // one", "text"},
		{"gzip of text", string(gzipped(t, "hello\n")), "gzip > text"},
		{"gzip of JSON", string(gzipped(t, object)), "gzip > json"},
		{"gzip of nothing", string(gzipped(t, "")), "gzip > text"},
		{"zlib of JSON", string(zlibbed(t, object)), "zlib > json"},
		{"zstd of JSON", string(zstdded(t, object)), "zstd > json"},
		{"LZ4 of JSON", string(lz4ed(t, object)), "lz4 > json"},
		{"gzip in gzip", string(gzipped(t, string(gzipped(t, object)))), "gzip > gzip > json"},
		{"five times gzip", nested(t, 5, object), "gzip > gzip > gzip > gzip > hex"},
		{"gzip's first bytes alone", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", "hex"},
		{"text that begins as zlib", "x^2 + y^2 = z^2", "text"},
		{"base64 of text", b64([]byte("Hello, this is a text")), "base64 > text"},
		{"base64 of JSON", b64([]byte(object)), "base64 > json"},
		{"base64 of gzip", b64(gzipped(t, object)), "base64 > gzip > json"},
		{"base64 of zlib", b64(zlibbed(t, object)), "base64 > zlib > json"},
		{"base64 of a picture", b64([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d")), "base64 > hex"},
		{"base64 over lines", broken(b64([]byte(strings.Repeat("Hello, text. ", 20))), 76), "base64 > text"},
		{"base64 without padding", strings.TrimRight(b64([]byte("Hello, this is a text!!")), "="), "base64 > text"},
		{"base64 too short to tell", b64([]byte("Hi there")), "base64?"},
		{"msgpack map", "\x82\xa1a\x01\xa1b\xc3", "msgpack"},
		{"msgpack array", "\x93\x01\xa5hello\xc0", "msgpack"},
		{"msgpack and one byte more", "\x82\xa1a\x01\xa1b\xc3\x00", "hex"},
		{"a bitmap that could be msgpack", "\x80", "hex"},
		{"bytes that could be msgpack", "\x91\x05", "hex"},
		{"a pickle", "\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x01a\x94K\x01s.", "hex"},
		{"HyperLogLog", "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x7f\xff", "hex"},
		{"zeros", "\x00\x00\x00\x00", "hex"},
		{"Java", "\xac\xed\x00\x05sr\x00\x11java.util.HashMap\x05\x07\xda\xc1\xc3\x16`\xd1\x03", "hex"},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := c.want
			if want == "base64?" { // not taken for it, but offered
				want = "text"
				if offers := fmt.Sprint(decode.Standard().Offers(decode.Value([]byte(c.data)))); !strings.Contains(offers, "[base64 text]") {
					t.Errorf("offered: %s", offers)
				}
			}
			if got := detect(decode.Value([]byte(c.data))); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func nested(t *testing.T, times int, plain string) string {
	t.Helper()
	for range times {
		plain = string(gzipped(t, plain))
	}
	return plain
}

// broken puts line breaks into text.
func broken(text string, width int) string {
	var b strings.Builder
	for len(text) > width {
		b.WriteString(text[:width] + "\n")
		text = text[width:]
	}
	return b.String() + text + "\n"
}

// Tiny RDM shows plain words as base64: every identifier of the right length is.
func TestWordsAreNotTakenForBase64(t *testing.T) {
	words := []string{
		"abcdefghijklmnop", "ABCDEFGHIJKLMNOP", "1234567890123456", "0123456789abcdef0123456789abcdef", "getUserAccountId",
		"customerServiceRepresentative123", "SESSIONIDENTIFIERTOKENVALUE1", "d41d8cd98f00b204e9800998ecf8427e",
		"Thequickbrownfoxjumpsoverthelazy", "UserAuthenticationServiceManager", "orders/2026/11/22/0042/itemsList",
		"com/example/service/OrderService", "AAAAAAAAAAAAAAAAAAAAAAAA", "AKIAIOSFODNN7EXAMPLE", "order_2026_November_Shipped_Done",
	}
	taken := 0
	for _, word := range append(words, identifiers(20_000)...) {
		if got := detect(decode.Value([]byte(word))); got != "text" {
			taken++
			if taken < 5 {
				t.Logf("%s: %s", word, got)
			}
		}
	}
	if taken > 0 {
		t.Errorf("%d words were not shown as text", taken)
	}
}

// identifiers returns n words as programs are full of: three or four words of a vocabulary, in camel case, some with a number.
func identifiers(n int) []string {
	vocabulary := strings.Fields("user account order session token cache item list count value index time zone name first last mail " +
		"address street city country code price amount tax total status state pending paid shipped done error retry queue worker job")
	var found []string
	for i := 0; len(found) < n; i++ {
		word, rest := "", i*2654435761
		for len(word) < 16 {
			w := vocabulary[rest%len(vocabulary)]
			rest = rest/len(vocabulary) + i*40503
			word += strings.ToUpper(w[:1]) + w[1:]
		}
		identifier := strings.ToLower(word[:1]) + word[1:len(word)/4*4]
		if i%3 == 0 {
			identifier = fmt.Sprintf("%s%04d", identifier, i%9973)
		}
		found = append(found, identifier)
	}
	return found
}

func TestDetectOnTheBeginningOfAValue(t *testing.T) {
	long := strings.Repeat(`{"name": "value", "list": [1, 2, 3]},`, 5000)
	cyrillic := strings.Repeat("текст ", 20_000)
	for _, c := range []struct{ name, data, want string }{
		{"JSON", "[" + long, "json"},
		{"JSON lines", strings.ReplaceAll(long, "},", "}\n"), "ndjson"},
		{"gzip", string(gzipped(t, noise(100_000))[:20_000]), "gzip > text"},
		{"msgpack", "\xdf\x7f\xff\xff\xff" + strings.Repeat("\xa3key\xa5value", 1000), "msgpack"},
		{"text cut in a character", cyrillic[:len(cyrillic)-2], "text"},
		{"base64", base64.StdEncoding.EncodeToString([]byte(long))[:10_001], "base64 > text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := decode.Input{Bytes: []byte(c.data), More: true}
			want := c.want
			if c.name == "base64" {
				// What is inside decides.
				want = detectInner(t, in)
			}
			if got := detect(in); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
	if got := detect(decode.Input{Bytes: []byte("x^rL]"), More: true}); got != "text" {
		t.Errorf("text that begins as zlib: got %s", got)
	}
	if got := detect(decode.Input{Bytes: []byte(`{"a": 1}`), Offset: 100}); got != "text" {
		t.Errorf("a window in the middle of a value: got %s", got)
	}
}

func detectInner(t *testing.T, in decode.Input) string {
	t.Helper()
	d, err := decode.Standard().Find(decode.Base64)
	if err != nil {
		t.Fatal(err)
	}
	result, err := d.Decode(in, 0)
	if err != nil {
		t.Fatal(err)
	}
	return "base64 > " + detect(decode.Input{Bytes: result.Inner, More: result.Cut})
}

func TestOffersBeginWithWhatIsDetected(t *testing.T) {
	offers := decode.Standard().Offers(decode.Value(gzipped(t, `{"a": 1}`)))
	var got []string
	for _, chain := range offers {
		got = append(got, chain.Join(">"))
	}
	want := "gzip > json|gzip > text|gzip > hex|text|hex"
	if joined := strings.Join(got, "|"); joined != want {
		t.Errorf("got  %s\nwant %s", joined, want)
	}
}

func TestOpenShowsSomethingInAnyCase(t *testing.T) {
	set := decode.Standard()
	for _, c := range []struct {
		name, data string
		chain      decode.Chain
		want, err  string
	}{
		{"no JSON", `{"a": }`, decode.Chain{decode.JSON}, "text", "json: line 1, column 7: value expected"},
		{"no gzip", "hello", decode.Chain{decode.Gzip, decode.JSON}, "text", "gzip: byte"},
		{"no msgpack", "\xc1", decode.Chain{decode.Msgpack}, "hex", "msgpack: byte 0: 0xc1 begins no value"},
		{"unknown", "hello", decode.Chain{"pickle"}, "text", `"pickle": no such decoder`},
		{"an empty chain", "hello", nil, "text", ""},
		{"a chain that only wraps", string(gzipped(t, "hello")), decode.Chain{decode.Gzip}, "gzip > text", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			view := set.Open(decode.Value([]byte(c.data)), c.chain, 0)
			if got := view.Chain.Join(">"); got != c.want || view.Document.Len() == 0 {
				t.Errorf("got %s with %d lines, want %s", got, view.Document.Len(), c.want)
			}
			if (view.Err == nil) != (c.err == "") || view.Err != nil && !strings.HasPrefix(view.Err.Error(), c.err) {
				t.Errorf("error %v, want %s", view.Err, c.err)
			}
		})
	}
	if _, err := set.Find("pickle"); !errors.Is(err, decode.ErrUnknown) {
		t.Errorf("got %v", err)
	}
}
