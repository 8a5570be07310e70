package tomlfile

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func parse(t *testing.T, text string) Document {
	t.Helper()
	d, err := Parse("p.toml", []byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return d
}

func TestSet(t *testing.T) {
	tests := []struct {
		name, before string
		path         []string
		value        any
		after        string
	}{
		{"value, comment kept", "# mine\nhost   =  'a' # where\nport = 1\n", []string{"host"}, "b", "# mine\nhost   =  \"b\" # where\nport = 1\n"},
		{"list over several lines", "tags = [ # all\n 'a',\n]\nx = 1\n", []string{"tags"}, []string{"b", `"`}, "tags = [\"b\", \"\\\"\"]\nx = 1\n"},
		{"text over several lines", "a = '''\nx\ny'''\nb = 1\n", []string{"a"}, "z", "a = \"z\"\nb = 1\n"},
		{"text that gets several lines", "a = 1\nb = 1\n", []string{"a"}, "x\ny\n", "a = '''\nx\ny\n'''\nb = 1\n"},
		{"new, empty file", "", []string{"host"}, "h", "host = \"h\"\n"},
		{"new, no line break at the end", "host = 'h'", []string{"port"}, 7, "host = 'h'\nport = 7\n"},
		{"new, before the first table", "host = 'h'\n\n# the table\n[tls]\nca = 'x'\n", []string{"port"}, 7, "host = 'h'\nport = 7\n\n# the table\n[tls]\nca = 'x'\n"},
		{"new, only a comment above the table", "# the table\n[tls]\nca = 'x'\n", []string{"port"}, 7, "port = 7\n# the table\n[tls]\nca = 'x'\n"},
		{"new, a comment for the file", "# the file\n\n# the table\n[tls]\n", []string{"port"}, 7, "# the file\nport = 7\n\n# the table\n[tls]\n"},
		{"new, nothing but a comment", "# the file\n", []string{"port"}, 7, "# the file\nport = 7\n"},
		{"new in a table", "[tls]\nca = 'x' # c\n\n[guard]\n", []string{"tls", "cert"}, "y", "[tls]\nca = 'x' # c\ncert = \"y\"\n\n[guard]\n"},
		{"new in an empty table", "[tls]\n\n[guard]\n", []string{"tls", "cert"}, "y", "[tls]\ncert = \"y\"\n\n[guard]\n"},
		{"new table", "host = 'h'\n", []string{"tls", "cert"}, "y", "host = 'h'\n\n[tls]\ncert = \"y\"\n"},
		{"new table, no line break", "host = 'h'", []string{"tls", "cert"}, "y", "host = 'h'\n\n[tls]\ncert = \"y\"\n"},
		{"beside dots", "tls.ca = 'x'\nport = 1\n", []string{"tls", "cert"}, "y", "tls.ca = 'x'\ntls.cert = \"y\"\nport = 1\n"},
		{"beside dots in a table", "[a]\nb.c = 1\nd = 2\n", []string{"a", "b", "e"}, true, "[a]\nb.c = 1\nb.e = true\nd = 2\n"},
		{"in an inline table", "tls = { ca = 'x', cert = 'y' } # t\n", []string{"tls", "ca"}, "z", "tls = { ca = \"z\", cert = 'y' } # t\n"},
		{"new in an inline table", "tls = { ca = 'x' } # t\n", []string{"tls", "cert"}, "a\nb", "tls = { ca = 'x', cert = \"a\\nb\" } # t\n"},
		{"new in an empty inline table", "tls = {}\n", []string{"tls", "cert"}, "y", "tls = { cert = \"y\" }\n"},
		{"below an inline table", "a = { b = { c = 1 } }\n", []string{"a", "b", "d"}, 2, "a = { b = { c = 1, d = 2 } }\n"},
		{"quoted key", "[decoders]\n'a:*' = 'gzip'\n", []string{"decoders", "b.*"}, "json", "[decoders]\n'a:*' = 'gzip'\n\"b.*\" = \"json\"\n"},
		{"other line breaks", "a = 1\r\nb = 2\r\n", []string{"c"}, 3, "a = 1\r\nb = 2\r\nc = 3\r\n"},
		{"super-table later", "[a.b]\nc = 1\n", []string{"a", "d"}, 1, "[a.b]\nc = 1\n\n[a]\nd = 1\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := parse(t, tt.before).Set(tt.value, tt.path...)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(d.Bytes()); got != tt.after {
				t.Errorf("got\n%s\nwant\n%s", got, tt.after)
			}
			if got, ok := d.Value(tt.path...); !ok || !reflect.DeepEqual(got, plain(tt.value)) {
				t.Errorf("it says %v", got)
			}
		})
	}
}

func TestUnset(t *testing.T) {
	for _, tt := range []struct {
		name, before string
		path         []string
		after        string
	}{
		{"key", "# c\na = 1 # x\nb = 2\n", []string{"a"}, "# c\nb = 2\n"},
		{"last, no line break", "a = 1\nb = [\n1]", []string{"b"}, "a = 1\n"},
		{"in a table", "[t]\na = 1\n# b\nb = 2\n", []string{"t", "a"}, "[t]\n# b\nb = 2\n"},
		{"table", "x = 1\n[t]\na = 1\n[t.u]\nb = 1\n# v\n[v]\nc = 1\n", []string{"t"}, "x = 1\n# v\n[v]\nc = 1\n"},
		{"table of dots", "t.a = 1\nx = 1\nt.b = 2\n", []string{"t"}, "x = 1\n"},
		{"first of an inline table", "t = { a = 1, b = 2 }\n", []string{"t", "a"}, "t = { b = 2 }\n"},
		{"last of an inline table", "t = { a = 1, b = 2 }\n", []string{"t", "b"}, "t = { a = 1 }\n"},
		{"only one of an inline table", "t = { a = 1 }\n", []string{"t", "a"}, "t = {  }\n"},
		{"inline table", "t = { a = 1 }\nx = 1\n", []string{"t"}, "x = 1\n"},
		{"not there", "a = 1\n", []string{"b", "c"}, "a = 1\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, err := parse(t, tt.before).Unset(tt.path...)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(d.Bytes()); got != tt.after {
				t.Errorf("got\n%s\nwant\n%s", got, tt.after)
			}
		})
	}
}

func TestSetRefuses(t *testing.T) {
	for name, try := range map[string]func() error{
		"a table is in the way": func() error { _, err := parse(t, "[a]\nb = 1\n").Set(1, "a"); return err },
		"a value is in the way": func() error { _, err := parse(t, "a = 1\n").Set(1, "a", "b"); return err },
		"a list of tables":      func() error { _, err := parse(t, "[[a]]\nb = 1\n").Set(1, "a", "b"); return err },
		"no text":               func() error { _, err := parse(t, "").Set("\xff", "a"); return err },
		"no kind of value":      func() error { _, err := parse(t, "").Set(1.5, "a"); return err },
		"no key":                func() error { _, err := parse(t, "").Set(1); return err },
	} {
		if try() == nil {
			t.Errorf("%s: it is set", name)
		}
	}
}

// randomDocument makes a text with all ways to write keys.
func randomDocument(r *rand.Rand) string {
	var b strings.Builder
	lines := func(prefix string, names ...string) {
		for _, name := range names {
			switch r.IntN(8) {
			case 0:
				fmt.Fprintf(&b, "# about %s\n", name)
			case 1:
				b.WriteString("\n")
			case 2:
				fmt.Fprintf(&b, "%s%s = { k = 1, l = ['x'] } # inline\n", prefix, name)
			case 3:
				fmt.Fprintf(&b, "%s%s.k = \"dots\"\n%s%s.m = 2\n", prefix, name, prefix, name)
			case 4:
				fmt.Fprintf(&b, "  %s%s = [\n  'a', # first\n  'b' ]\n", prefix, name)
			case 5:
				fmt.Fprintf(&b, "%s%s = '''\n[not a table]\n# not a comment'''\n", prefix, name)
			case 6:
				fmt.Fprintf(&b, "%s\"%s\"\t=\ttrue# tight\n", prefix, name)
			}
		}
	}
	lines("", "a", "b", "c")
	for _, table := range []string{"t", "u", "t.v", `u."w.x"`} {
		if r.IntN(3) > 0 {
			fmt.Fprintf(&b, "%s[%s] # table\n", strings.Repeat("\n", r.IntN(2)), table)
			lines("", "d", "e", "f")
		}
	}
	text := b.String()
	if r.IntN(4) == 0 {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if r.IntN(3) == 0 {
		text = strings.TrimRight(text, "\r\n")
	}
	return text
}

// TestSetTouchesOneKey holds that what is set is all that changes: the rest of the tree, and every line that is not about the key.
func TestSetTouchesOneKey(t *testing.T) {
	paths := [][]string{
		{"a"}, {"z"}, {"a", "k"}, {"b", "new"}, {"t", "d"}, {"t", "d", "k"}, {"t", "z"}, {"u", "w.x", "d"}, {"u", "w.x", "y"}, {"n", "m"}, {"t", "v", "f", "m"},
	}
	values := []any{"text", "a\nb", `'"\`, "\t\x01é", true, 12, []string{}, []string{"x", "y z"}}
	changed := 0
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 1))
		text := randomDocument(r)
		d, err := Parse("p", []byte(text))
		if err != nil {
			continue // a table by dots and by header
		}
		path, value := paths[r.IntN(len(paths))], values[r.IntN(len(values))]
		want := copyTree(d.tree)
		possible := plant(want, path, plain(value))
		after, err := d.Set(value, path...)
		switch {
		case err != nil && possible:
			t.Fatalf("seed %d: %v in\n%s", seed, err, text)
		case err != nil:
			continue
		}
		changed++
		if !reflect.DeepEqual(pruned(after.tree), pruned(want)) {
			t.Fatalf("seed %d: %v = %v: other keys changed\n%s\n---\n%s", seed, path, value, text, after.Bytes())
		}
		onlyOnePlace(t, seed, text, string(after.Bytes()))
		back, err := after.Unset(path...)
		if err != nil {
			t.Fatalf("seed %d: unset: %v", seed, err)
		}
		if back.at(path) != nil {
			t.Fatalf("seed %d: it is still there", seed)
		}
	}
	if changed < 1000 {
		t.Errorf("only %d documents were changed", changed)
	}
}

// onlyOnePlace holds that two texts differ in one run of lines, and that no line is lost but those of one value.
func onlyOnePlace(t *testing.T, seed uint64, before, after string) {
	t.Helper()
	a, b := strings.SplitAfter(before, "\n"), strings.SplitAfter(after, "\n")
	bare := func(line string) string { return strings.TrimRight(line, "\r\n") } // the last line may gain a break
	for len(a) > 1 && len(b) > 1 && a[0] == b[0] || len(a) == 1 && len(b) > 0 && bare(a[0]) == bare(b[0]) {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	const longest = 3                           // lines of a value here
	if len(a) > longest || len(b) > longest+3 { // a header, a blank line and the end
		t.Fatalf("seed %d: lines %q became %q", seed, a, b)
	}
}

func FuzzSet(f *testing.F) {
	for _, text := range []string{"", "a = 1\n[t]\nb = {}\n", "[[x]]\ny = 1\n", "a.b = { c = [ {d=1} ] }\n", "# c\n\n[t]\r\n"} {
		f.Add([]byte(text), "t", "k", "v")
	}
	f.Fuzz(func(t *testing.T, text []byte, table, key, value string) {
		d, err := Parse("p", text)
		if err != nil {
			return
		}
		before := bytes.Clone(d.text)
		_ = d.Leaves()
		if after, err := d.Set(value, table, key); err == nil {
			if got, _ := after.Value(table, key); got != value {
				t.Errorf("%q says %q, want %q", after.text, got, value)
			}
			if back, err := after.Unset(table, key); err == nil && back.at([]string{table, key}) != nil {
				t.Errorf("%q still has it", back.text)
			}
		}
		if !slices.Equal(before, d.text) {
			t.Error("the document changed")
		}
	})
}
