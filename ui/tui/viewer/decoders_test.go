package viewer

import (
	"testing"

	"redan/ui/view/decode"
)

// TestGlob matches keys as the server does.
func TestGlob(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"cache:*", "cache:a/b:c", true},
		{"cache:*", "cach", false},
		{"*:blob", "a:b:blob", true},
		{"*:blob", "a:b:blobs", false},
		{"h?llo", "hello", true},
		{"h?llo", "hllo", false},
		{"h[ae]llo", "hallo", true},
		{"h[^e]llo", "hello", false},
		{"h[a-c]llo", "hbllo", true},
		{"h[a-c]llo", "hdllo", false},
		{`a\*b`, "a*b", true},
		{`a\*b`, "axb", false},
		{"[", "a", false},
		{"a[", "a", false},
	} {
		if got := matchesGlob(c.pattern, c.text); got != c.want {
			t.Errorf("%q matches %q: %v", c.pattern, c.text, got)
		}
	}
}

// TestDecoders chooses by the longest pattern, and only what fits the bytes.
func TestDecoders(t *testing.T) {
	t.Parallel()
	chosen := map[string]string{"*": "text", "cache:*": "hex", "cache:doc:*": "json"}
	for key, want := range map[string]decode.Name{"a": "text", "cache:1": "hex", "cache:doc:1": "json"} {
		if got := decoderFor(key, chosen); got != want {
			t.Errorf("%s is shown by %q, want %q", key, got, want)
		}
	}
	in := decode.Value([]byte(`{"a":1}`))
	if chain := through("hex", in); len(chain) != 1 || chain[0] != decode.Hex {
		t.Errorf("hex is reached by %v", chain)
	}
	if chain := through("gzip", in); chain != nil {
		t.Errorf("what is no gzip is shown by %v", chain)
	}
}
