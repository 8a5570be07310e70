package modes

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"redan/ui/format"
)

func TestKeyLines(t *testing.T) {
	for _, c := range []struct {
		mode     format.Mode
		terminal bool
		name     string
		want     string
	}{
		{format.Raw, false, "a\x00b\n\xff\x1b", "a\x00b\n\xff\x1b"},
		{format.CSV, false, `a"b`, `a"b`},
		{format.Raw, true, "a\x00b\x1b[2J\xff\u009b", `a\x00b\x1b[2J\xff\xc2\x9b`},
		{format.Standard, true, "a\x00b\n\xffé", `"a\x00b\n\xff\xc3\xa9"`},
		{format.JSON, false, "a\x00b\n\"é", `"a\u0000b\n\"é"`},
		{format.JSON, true, "a\u009bb", `"a\u009bb"`},
		{format.JSON, false, "\xff\x00", `{"base64":"/wA="}`},
		{format.QuotedJSON, false, "\"é\n", `"\\\"\\xc3\\xa9\\n"`},
		{format.JSON, false, "", `""`},
	} {
		l := KeyLines{Mode: c.mode, Terminal: c.terminal}
		if got := string(l.Append([]byte("> "), c.name)); got != "> "+c.want+"\n" {
			t.Errorf("%v, terminal %v: %q is %q, want %q", c.mode, c.terminal, c.name, got, c.want)
		}
	}
}

// FuzzKeyJSON: every name becomes valid JSON, and comes back as it was.
func FuzzKeyJSON(f *testing.F) {
	for _, seed := range []string{"", "a", "\x00", "\xff", "é", "\u009b", `"\`, "\U0010ffff", "\xed\xa0\x80"} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, name string, terminal bool) {
		for _, mode := range []format.Mode{format.JSON, format.QuotedJSON} {
			line := KeyLines{Mode: mode, Terminal: terminal}.Append(nil, name)
			if !json.Valid(line) {
				t.Fatalf("%q is %q, which is not JSON", name, line)
			}
		}
		line := appendKeyJSON(nil, name, terminal)
		var text string
		var object struct{ Base64 []byte }
		if utf8.ValidString(name) {
			if err := json.Unmarshal(line, &text); err != nil || text != name {
				t.Fatalf("%q is %q, which is read as %q, %v", name, line, text, err)
			}
			return
		}
		if err := json.Unmarshal(line, &object); err != nil || string(object.Base64) != name {
			t.Fatalf("%q is %q, which is read as %q, %v", name, line, object.Base64, err)
		}
	})
}
