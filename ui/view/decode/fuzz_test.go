package decode_test

import (
	"bytes"
	"slices"
	"strconv"
	"testing"
	"unicode"
	"unicode/utf8"

	"redan/ui/view/decode"
)

// unescaped returns the bytes that an Escape span stands for.
func unescaped(t *testing.T, text string) string {
	t.Helper()
	var out []byte
	for text != "" {
		if len(text) >= 4 && text[:2] == `\x` {
			c, err := strconv.ParseUint(text[2:4], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			out, text = append(out, byte(c)), text[4:]
			continue
		}
		r, _, rest, err := strconv.UnquoteChar(text, 0)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		out, text = utf8.AppendRune(out, r), rest
	}
	return string(out)
}

// checkSafe wants lines that a terminal may get, and none that is long.
func checkSafe(t *testing.T, d decode.Document) {
	t.Helper()
	for i, line := range d.Lines(0, 3000) {
		if text := line.Text(); len(text) > 10*1024+100 {
			t.Fatalf("line %d has %d bytes", i, len(text))
		}
		if line.Fold >= d.Len() || line.Fold >= 0 && line.Fold <= i {
			t.Fatalf("line %d of %d folds to %d", i, d.Len(), line.Fold)
		}
		for _, span := range line.Spans {
			if span.Text == "" {
				t.Fatalf("line %d has an empty span", i)
			}
			if !utf8.ValidString(span.Text) {
				t.Fatalf("line %d: no UTF-8: %q", i, span.Text)
			}
			for _, r := range span.Text {
				if !unicode.IsGraphic(r) || unicode.Is(unicode.Bidi_Control, r) {
					t.Fatalf("line %d: %U in %q", i, r, span.Text)
				}
			}
		}
	}
}

// FuzzOpen: whatever a value is, it is shown, within the limit and fit for a terminal.
func FuzzOpen(f *testing.F) {
	for _, seed := range [][]byte{
		nil, []byte("text\n\x1b[2J"), []byte(order), gzipped(f, order), zlibbed(f, order), zstdded(f, order), lz4ed(f, order),
		[]byte("SGVsbG8sIHRoaXMgaXMgYSB0ZXh0"), []byte("\x82\xa1a\x92\x01\x80\xa1b\x90"), []byte("\x82\x92\x01\x02\xa1x\xa1y\x05"),
		[]byte("{\"a\":1}\n{\"a\":2}\n"), zstdded(f, noise(3000)), lz4ed(f, noise(3000)), gzipped(f, string(gzipped(f, noise(3000)))),
		[]byte("\x93\xd6\xff\x65\x92\x00\x80\xd7\xff\x1d\xcd\x65\x00\x65\x92\x00\x80\xc7\x0c\xff\x00\x00\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff"),
	} {
		f.Add(seed, false, uint16(1000))
		f.Add(seed[:len(seed)/2], true, uint16(10))
	}
	f.Fuzz(func(t *testing.T, data []byte, more bool, limit uint16) {
		set, in := decode.Standard(), decode.Input{Bytes: data, More: more}
		most := max(1, int(limit))
		kept := bytes.Clone(data)
		chains := set.Offers(in)
		for _, d := range set {
			chains = append(chains, decode.Chain{d.Name()})
			result, err := d.Decode(in, most)
			if len(result.Inner) > most {
				t.Fatalf("%s wrote %d bytes of %d", d.Name(), len(result.Inner), most)
			}
			if c := d.Sniff(in); c == decode.Certain && !d.Wraps() && len(data) <= 4096 && err != nil {
				t.Fatalf("%s was certain of %q: %v", d.Name(), data, err)
			}
		}
		for _, chain := range chains {
			view := set.Open(in, chain, most)
			if len(view.Chain) == 0 {
				t.Fatalf("%v shows nothing", chain)
			}
			if len(view.Bytes) > most && len(view.Chain) > 1 {
				t.Fatalf("%v wrote %d bytes of %d", chain, len(view.Bytes), most)
			}
			checkSafe(t, view.Document)
			preview := set.Preview(in, chain, 60)
			for _, span := range preview.Spans {
				if !utf8.ValidString(span.Text) {
					t.Fatalf("%v: preview %q", chain, span.Text)
				}
			}
		}
		if !bytes.Equal(kept, data) {
			t.Fatal("the value was changed")
		}
	})
}

// FuzzEdit: what can be edited and was not comes back as it was, and what was edited is what is inside afterwards.
func FuzzEdit(f *testing.F) {
	for _, seed := range [][]byte{
		nil, []byte("text"), []byte(order), gzipped(f, order), zlibbed(f, order), zstdded(f, order), lz4ed(f, order), []byte("aGVsbG8=\n"),
	} {
		f.Add(seed, []byte(`{"edited": [1, 2]}`))
	}
	f.Fuzz(func(t *testing.T, data, edited []byte) {
		set := decode.Standard()
		for _, chain := range set.Offers(decode.Value(data)) {
			draft, err := set.Edit(data, chain, 1<<16)
			if err != nil {
				continue
			}
			if same, err := draft.Apply(bytes.Clone(draft.Text)); err != nil || !bytes.Equal(same, data) {
				t.Fatalf("%v: nothing edited: %q became %q (%v)", chain, data, same, err)
			}
			written, err := draft.Apply(edited)
			if err != nil || chain[len(chain)-1] == decode.Hex {
				continue
			}
			raw := slices.Concat(chain[:len(chain)-1], decode.Chain{decode.Text})
			inside := set.Open(decode.Value(written), raw, 1<<16)
			if inside.Err != nil {
				t.Fatalf("%v: what was written does not read back: %v", chain, inside.Err)
			}
			same := bytes.Equal(inside.Bytes, edited)
			if chain[len(chain)-1] == decode.JSON {
				same = compacted(inside.Bytes) == compacted(edited)
			}
			if !same {
				t.Fatalf("%v: edited to %q, written %q", chain, edited, inside.Bytes)
			}
		}
	})
}
