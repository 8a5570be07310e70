package decode_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"redan/ui/view/decode"
)

const order = `{"amount":1299,"currency":"EUR"}`

func TestEditsReachThroughWhatWraps(t *testing.T) {
	for _, c := range []struct {
		name  string
		data  []byte
		chain decode.Chain
		exact bool
	}{
		{"text", []byte(order), decode.Chain{decode.Text}, true},
		{"JSON", []byte(order), decode.Chain{decode.JSON}, true},
		{"gzip", gzipped(t, order), decode.Chain{decode.Gzip, decode.JSON}, true},
		{"zlib", zlibbed(t, order), decode.Chain{decode.Zlib, decode.JSON}, true},
		{"zstd", zstdded(t, order), decode.Chain{decode.Zstd, decode.JSON}, true},
		{"gzip that does not compress", stored(t, order), decode.Chain{decode.Gzip, decode.JSON}, false},
		{"LZ4", lz4ed(t, order), decode.Chain{decode.LZ4, decode.JSON}, true},
		{"base64", []byte(base64.StdEncoding.EncodeToString([]byte(order))), decode.Chain{decode.Base64, decode.JSON}, true},
		{
			"gzip in base64", []byte(base64.URLEncoding.EncodeToString(gzipped(t, order))),
			decode.Chain{decode.Base64, decode.Gzip, decode.Text},
			true,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := decode.Standard()
			draft, err := set.Edit(c.data, c.chain, 0)
			if err != nil {
				t.Fatal(err)
			}
			if draft.Exact != c.exact || !draft.Plain {
				t.Errorf("exact %v, plain %v", draft.Exact, draft.Plain)
			}
			if same, err := draft.Apply(bytes.Clone(draft.Text)); err != nil || !bytes.Equal(same, c.data) {
				t.Errorf("nothing edited: %q, %v", same, err)
			}
			edited, err := draft.Apply(bytes.Replace(draft.Text, []byte("1299"), []byte("1399"), 1))
			if err != nil {
				t.Fatal(err)
			}
			raw := slices.Concat(c.chain[:len(c.chain)-1], decode.Chain{decode.Text})
			view := set.Open(decode.Value(edited), raw, 0)
			if got, want := string(view.Bytes), strings.Replace(order, "1299", "1399", 1); got != want || view.Err != nil {
				t.Errorf("got %s (%v), want %s", got, view.Err, want)
			}
		})
	}
}

// stored returns gzip that holds text as it is: compressed again it has other bytes.
func stored(t *testing.T, plain string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.NoCompression)
	if err != nil {
		t.Fatal(err)
	}
	return packed(t, w, &b, plain)
}

func TestEditsKeepTheMannerOfTheOriginal(t *testing.T) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	w.Name, w.Comment, w.ModTime = "dump.txt", "nightly", time.Unix(1_700_000_000, 0)
	draft, err := decode.Standard().Edit(packed(t, w, &b, "hello"), decode.Chain{decode.Gzip, decode.Text}, 0)
	if err != nil {
		t.Fatal(err)
	}
	edited, err := draft.Apply([]byte("hello, you"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(edited))
	if err != nil || r.Name != "dump.txt" || r.Comment != "nightly" || r.ModTime.Unix() != 1_700_000_000 || edited[8] != 2 {
		t.Errorf("%v: %+v", err, r.Header)
	}
	wide := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0xfb, 0xff}, 100))
	for name, data := range map[string]string{
		"76 columns":         broken(wide, 76),
		"64 columns, CR LF":  strings.ReplaceAll(broken(wide, 64), "\n", "\r\n"),
		"one line":           wide,
		"one line, ended":    wide + "\n",
		"URL alphabet":       strings.NewReplacer("+", "-", "/", "_").Replace(wide),
		"without padding":    strings.TrimRight(wide, "="),
		"an unended line":    strings.TrimRight(broken(wide, 76), "\n"),
		"lines of one width": broken(wide[:76*2], 76),
	} {
		draft, err := decode.Standard().Edit([]byte(data), decode.Chain{decode.Base64, decode.Hex}, 0)
		if err != nil || !draft.Exact {
			t.Errorf("%s: exact %v, %v", name, draft.Exact, err)
		}
	}
	ragged := wide[:10] + "\n" + wide[10:]
	if draft, err := decode.Standard().Edit([]byte(ragged[:len(ragged)/2/4*4+1]+"\n"), decode.Chain{decode.Base64, decode.Hex}, 0); err == nil && draft.Exact {
		t.Error("lines of different widths were called exact")
	}
}

func TestWhatCannotBeEditedSaysWhy(t *testing.T) {
	long := strings.Repeat("x", 2000)
	for _, c := range []struct {
		name  string
		data  []byte
		chain decode.Chain
		want  error
	}{
		{"binary as text", []byte("\xff\xfe"), decode.Chain{decode.Text}, decode.ErrBinary},
		{"binary as JSON", []byte("[\"\xff\"]"), decode.Chain{decode.JSON}, decode.ErrBinary},
		{"long text", []byte(long), decode.Chain{decode.Text}, decode.ErrTooLong},
		{"long hex", []byte(long), decode.Chain{decode.Hex}, decode.ErrTooLong},
		{"a bomb", gzipped(t, long), decode.Chain{decode.Gzip, decode.Text}, decode.ErrTooLong},
		{"long base64", []byte(long), decode.Chain{decode.Base64, decode.Hex}, decode.ErrTooLong},
		{"msgpack", []byte("\x81\xa1a\x01"), decode.Chain{decode.Msgpack}, decode.ErrReadOnly},
		{"unknown", nil, decode.Chain{"pickle"}, decode.ErrUnknown},
	} {
		if _, err := decode.Standard().Edit(c.data, c.chain, 1000); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

func TestDraftsThatSmallEditorsLoseSomethingOf(t *testing.T) {
	for text, plain := range map[string]bool{"a\nb é": true, "a\tb": false, "a\r\n": false, "\x1b": false, "\u200b": false} {
		if draft, err := decode.Standard().Edit([]byte(text), decode.Chain{decode.Text}, 0); err != nil || draft.Plain != plain {
			t.Errorf("%q: plain %v, %v", text, draft.Plain, err)
		}
	}
}

func TestPreview(t *testing.T) {
	set := decode.Standard()
	for _, c := range []struct {
		name, data, want string
		items            int
		cut              bool
	}{
		{"text", "hello\nworld", `hello\nworld`, 0, false},
		{"JSON", "{\n \"a\": [1, 2],\n \"b\": {}}", `{"a": [1, 2], "b": {}}`, 2, false},
		{"an array", "[1,2,3]", "[1, 2, 3]", 3, false},
		{"JSON lines", "{\"a\":1}\n{\"a\":2}", `{"a": 1}{"a": 2}`, 1, false},
		{"bytes", "\x1f\x8b\x08\x00", "1f 8b 08 00", 0, false},
		{"gzip", string(gzipped(t, "inside")), "inside", 0, false},
		{"long text", strings.Repeat("word\n", 100), strings.Repeat(`word\n`, 7), 0, true},
		{"many bytes", strings.Repeat("\xff", 100), strings.TrimSpace(strings.Repeat("ff ", 14)), 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := decode.Value([]byte(c.data))
			p := set.Preview(in, set.Detect(in), 40)
			if got := (decode.Line{Spans: p.Spans}).Text(); got != c.want || p.Items != c.items || p.Cut != c.cut {
				t.Errorf("got %s, %d items, cut %v; want %s, %d, %v", got, p.Items, p.Cut, c.want, c.items, c.cut)
			}
		})
	}
}

func TestWhatWasNotEditedIsNotCompressedAgain(t *testing.T) {
	data := stored(t, order)
	for _, chain := range []decode.Chain{{decode.Gzip}, {decode.Gzip, decode.Text}, {decode.Gzip, decode.Hex}} {
		draft, err := decode.Standard().Edit(data, chain, 0)
		if err != nil {
			t.Fatal(err)
		}
		if same, err := draft.Apply(bytes.Clone(draft.Text)); err != nil || !bytes.Equal(same, data) {
			t.Errorf("%v: %q, %v", chain, same, err)
		}
	}
}

func TestBase64ThatWouldNotComeBackIsRefused(t *testing.T) {
	for _, data := range []string{"aGVsbG9=", "aGVsbG8", "aGVs+G8_", "aGVs=bG8", "aGVsbG8=aGVs", "aGVs bG8="} {
		draft, err := decode.Standard().Edit([]byte(data), decode.Chain{decode.Base64, decode.Text}, 0)
		if err == nil && (!draft.Exact || data != "aGVsbG8") {
			t.Errorf("%s: exact %v, %q", data, draft.Exact, draft.Text)
		}
	}
}
