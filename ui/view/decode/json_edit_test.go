package decode_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"redan/ui/view/decode"
)

func TestTrapJSONBytesUnchangedWhenNotEdited(t *testing.T) {
	for _, c := range []struct{ name, original, from, to, want string }{
		{"a value", `{"amount":1299, "currency" : "EUR" }`, "1299", "1399", `{"amount":1399, "currency" : "EUR" }`},
		{"two values far apart", `{"a":1,"b":[ 2,3 ],"c":1e5,"d":4}`, `"a": 1|"d": 4`, `"a": 9|"d": 8`, `{"a":9,"b":[ 2,3 ],"c":1e5,"d":8}`},
		{"a name", `{ "a":1.0 }`, `"a"`, `"b"`, `{ "b":1.0 }`},
		{"a member more", `{"a":1, "b":2}`, `"b": 2`, `"b": 2,` + "\n" + `  "c": 3`, `{"a":1, "b":2, "c":3}`},
		{"a member more in front", `{"a": 1, "b": 2}`, `"a"`, `"z": 0,` + "\n" + `  "a"`, `{"z": 0, "a": 1, "b": 2}`},
		{"a member less", `{"a":1, "b":2, "c":3}`, "  \"b\": 2,\n", "", `{"a":1, "c":3}`},
		{"the last one less", `[1, 2, 3]`, ",\n  3", "", `[1, 2]`},
		{"the first one less", `[1, 2, 3]`, "1,\n  ", "", `[2, 3]`},
		{"into something empty", `{"a":[]}`, "[]", "[1,\n 2]", `{"a":[1,2]}`},
		{"lines stay lines", "{\n\t\"a\": 1,\n\t\"b\": 2\n}\n", `"a": 1`, `"a": 5`, "{\n\t\"a\": 5,\n\t\"b\": 2\n}\n"},
		{"a line more", "{\n\t\"a\": 1\n}", `"a": 1`, "\"a\": 1,\n  \"b\": 2", "{\n\t\"a\": 1,\n  \"b\": 2\n}"},
		{"an element more before a blank", "[ 1, 2 ]", "2", "2,\n  3", "[ 1, 2, 3 ]"},
		{"a value before a blank", `{"a":1 ,"b":2}`, `"a": 1`, `"a": 9`, `{"a":9 ,"b":2}`},
		{"white space alone", `{"a":1}`, "\n", "\n\n", `{"a":1}`},
		{"everything", `[1]`, "[\n  1\n]", `"x"`, `"x"`},
		{"names that come twice", `{"a":1,"a":2}`, `"a": 2`, `"a": 3`, `{"a":1,"a":3}`},
		{"escapes elsewhere", `{"a":"\u00e9\/","b":1}`, `"b": 1`, `"b": 2`, `{"a":"\u00e9\/","b":2}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			pretty, err := decode.Pretty([]byte(c.original))
			if err != nil {
				t.Fatal(err)
			}
			edited := string(pretty)
			to := strings.Split(c.to, "|")
			for i, from := range strings.Split(c.from, "|") {
				if !strings.Contains(edited, from) {
					t.Fatalf("no %q in\n%s", from, edited)
				}
				edited = strings.Replace(edited, from, to[i], 1)
			}
			got, err := decode.Minimal([]byte(c.original), []byte(edited))
			if err != nil || string(got) != c.want {
				t.Errorf("got  %s (%v)\nwant %s", got, err, c.want)
			}
		})
	}
}

func TestMinimalRefusesWhatIsNoJSON(t *testing.T) {
	_, err := decode.Minimal([]byte(`{"a": 1}`), []byte("{\n  \"a\": \n}"))
	if m, ok := errors.AsType[*decode.MalformedError](err); !ok || m.Line != 3 || m.Column != 1 {
		t.Errorf("got %v", err)
	}
}

func TestMinimalOnValuesThatDifferEverywhere(t *testing.T) {
	original := "[" + strings.Repeat("1, ", 5000) + "1]"
	edited := "[" + strings.Repeat("2, ", 5000) + "2]"
	got, err := decode.Minimal([]byte(original), []byte(edited))
	if err != nil || compacted(got) != compacted([]byte(edited)) {
		t.Errorf("%v: %.100s", err, got)
	}
}

// FuzzMinimal: the result says what was typed, and what was not edited does not change.
func FuzzMinimal(f *testing.F) {
	for _, seed := range [][2]string{
		{`{"a":1}`, `{"a":2}`}, {`[1, 2, 3]`, `[1,3]`}, {`[]`, `[1,2]`}, {"[\n1\n]", `[1,2,{}]`}, {`{"a":[1,{"b":2}]}`, `{"b":[{"a":2},1]}`}, {`1`, ` 2 `},
	} {
		f.Add([]byte(seed[0]), []byte(seed[1]))
	}
	f.Fuzz(func(t *testing.T, original, edited []byte) {
		if !json.Valid(original) {
			return
		}
		pretty, err := decode.Pretty(original)
		if err != nil {
			return // too deep
		}
		if compacted(pretty) != compacted(original) {
			t.Fatalf("%q laid out is %q", original, pretty)
		}
		if back, err := decode.Minimal(original, pretty); err != nil || string(back) != string(original) {
			t.Fatalf("nothing edited: %q became %q (%v)", original, back, err)
		}
		got, err := decode.Minimal(original, edited)
		if (err == nil) != json.Valid(edited) {
			t.Fatalf("%q: %v", edited, err)
		}
		if err == nil && compacted(got) != compacted(edited) {
			t.Fatalf("%q edited to %q became %q", original, edited, got)
		}
	})
}
