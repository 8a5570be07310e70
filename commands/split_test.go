package commands

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func splitTests() map[string][]string {
	return map[string][]string{
		"":                        nil,
		" \t\v\f\r\n":             nil,
		"get k":                   {"get", "k"},
		"  get\t\tk  ":            {"get", "k"},
		"get k\r\n":               {"get", "k"},
		`set k "a b"`:             {"set", "k", "a b"},
		`"\n\r\t\b\a"`:            {"\n\r\t\b\a"},
		`"\x00\xfF"`:              {"\x00\xff"},
		`"\x4"`:                   {"x4"},
		`"\xzz"`:                  {"xzz"},
		`"\0\q\"\\"`:              {`0q"\`},
		`'a\'b'`:                  {"a'b"},
		`'a\nb\\ '`:               {`a\nb\\ `},
		`a"b c"`:                  {"ab c"},
		`a'b c'`:                  {"ab c"},
		`z""`:                     {"z"},
		`"" ''`:                   {"", ""},
		`a\ b`:                    {`a\`, "b"},
		"a\vb\fc":                 {"a\vb\fc"},
		"\"a\"\vb":                {"a", "b"},
		"a\x00b":                  {"a"},
		"# no comment":            {"#", "no", "comment"},
		"set k 'a|b' | c;d":       {"set", "k", "a|b", "|", "c;d"},
		"h\u00e9llo \u00a0x":      {"h\u00e9llo", "\u00a0x"},
		"\xff\xfe":                {"\xff\xfe"},
		"'\xc3\xa9' \"\xc3\xa9\"": {"\u00e9", "\u00e9"},
	}
}

func TestSplit(t *testing.T) {
	for line, want := range splitTests() {
		if got, err := Split(line); err != nil || !slices.Equal(got, want) {
			t.Errorf("Split(%q) = %q, %v, want %q", line, got, err, want)
		}
	}
}

func badQuoting() map[string]error {
	return map[string]error{
		`get "a`:           ErrUnbalancedQuotes,
		`get 'a`:           ErrUnbalancedQuotes,
		`get "a\"`:         ErrUnbalancedQuotes,
		`get "a\`:          ErrUnbalancedQuotes,
		`get 'a\'`:         ErrUnbalancedQuotes,
		"get \"a\x00b\"":   ErrUnbalancedQuotes,
		`get x"y`:          ErrUnbalancedQuotes,
		`set "a b"c 1`:     ErrTextAfterQuote,
		`"a""b"`:           ErrTextAfterQuote,
		`'a'"b"`:           ErrTextAfterQuote,
		`'a'b "c`:          ErrTextAfterQuote,
		"get \"a\"\u00a0b": ErrTextAfterQuote,
	}
}

func TestSplitRefusesBadQuoting(t *testing.T) {
	for line, want := range badQuoting() {
		if got, err := Split(line); !errors.Is(err, want) {
			t.Errorf("Split(%q) = %q, %v, want %v", line, got, err, want)
		}
	}
}

// A script that shows its arguments in hex tells how redis-cli split the rest
// of the line.
func TestSplitAgreesWithRedisCLI(t *testing.T) {
	s := startServer(t)
	const show = `local t = {} for i, v in ipairs(ARGV) do t[i] = v:gsub('.', function(c) return string.format('%02x', c:byte()) end) end return #ARGV .. ':' .. table.concat(t, ',')`
	sha := strings.TrimSpace(string(s.cli("", "SCRIPT", "LOAD", show)))

	lines := randomLines(2000)
	for line := range splitTests() {
		lines = append(lines, line)
	}
	for line := range badQuoting() {
		lines = append(lines, line)
	}
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, "\n") })

	var input, want strings.Builder
	for _, line := range lines {
		line = "evalsha " + sha + " 0 " + line
		input.WriteString(line + "\n")
		want.WriteString(shown(line) + "\n")
	}
	got := strings.Split(string(s.cli(input.String())), "\n")
	for i, line := range strings.Split(want.String(), "\n") {
		if i >= len(got) || got[i] != line {
			t.Fatalf("line %d: %q\nredis-cli: %s\nSplit:     %s", i, lines[i], got[min(i, len(got)-1)], line)
		}
	}
}

// shown is what the script shows if redis-cli splits as we do.
func shown(line string) string {
	words, err := Split(line)
	if err != nil {
		return "Invalid argument(s)"
	}
	words = words[3:]
	var parts []string
	for _, w := range words {
		parts = append(parts, hex.EncodeToString([]byte(w)))
	}
	return fmt.Sprintf("%d:%s", len(words), strings.Join(parts, ","))
}

// randomLines makes lines out of everything that matters to splitting.
func randomLines(n int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{" ", " ", "\t", "\v", "\f", "\r", "\x00", `"`, `"`, `'`, `'`, `\`, `\x`, `\n`, "a", "4", "f", "x", "\xc3\xa9", "\xff", "|", "#"}
	lines := make([]string, n)
	for i := range lines {
		for range random.IntN(14) {
			lines[i] += pieces[random.IntN(len(pieces))]
		}
	}
	return lines
}

func TestUnquote(t *testing.T) {
	for word, want := range map[string]string{
		"plain": "plain", `"a\x00b"`: "a\x00b", `''`: "", ` a `: "a", `'a b'`: "a b",
	} {
		if got, err := Unquote(word); err != nil || got != want {
			t.Errorf("Unquote(%q) = %q, %v, want %q", word, got, err, want)
		}
	}
	for word, want := range map[string]error{
		"": ErrNotOneWord, "a b": ErrNotOneWord, `a"b`: ErrUnbalancedQuotes, `"a"b`: ErrTextAfterQuote,
	} {
		if got, err := Unquote(word); !errors.Is(err, want) {
			t.Errorf("Unquote(%q) = %q, %v, want %v", word, got, err, want)
		}
	}
}

func TestQuote(t *testing.T) {
	for word, want := range map[string]string{
		"user:1":                  "user:1",
		"":                        `""`,
		"a b":                     `"a b"`,
		"h\u00e9llo":              "h\u00e9llo",
		"h\u00e9 llo":             "\"h\u00e9 llo\"",
		"a\x00\xff":               `"a\x00\xff"`,
		`it's`:                    `"it's"`,
		`say "x\y"`:               `"say \"x\\y\""`,
		`a\b`:                     `a\b`,
		"\n\r\t\a\b\x1b":          `"\n\r\t\a\b\x1b"`,
		"|":                       `"|"`,
		"a|b":                     "a|b",
		"\u202e" + "evil":         `"\xe2\x80\xaeevil"`,
		"\u00a0":                  `"\xc2\xa0"`,
		"{user}:42:\U0001f600.id": "{user}:42:\U0001f600.id",
	} {
		if got := Quote(word); got != want {
			t.Errorf("Quote(%q) = %s, want %s", word, got, want)
		}
	}
}

func TestSplitPartial(t *testing.T) {
	for _, tt := range []struct {
		line string
		want Partial
	}{
		{"", Partial{}},
		{"ge", Partial{Word: "ge"}},
		{"get ", Partial{Words: []string{"get"}, Start: 4}},
		{"get  us", Partial{Words: []string{"get"}, Word: "us", Start: 5}},
		{`get "user 1`, Partial{Words: []string{"get"}, Word: "user 1", Start: 4, Open: true}},
		{`get 'it\'s`, Partial{Words: []string{"get"}, Word: "it's", Start: 4, Open: true}},
		{`get "a" `, Partial{Words: []string{"get", "a"}, Start: 8}},
		{`get "a"`, Partial{Words: []string{"get"}, Word: "a", Start: 4}},
		{`get "`, Partial{Words: []string{"get"}, Start: 4, Open: true}},
	} {
		got, err := SplitPartial(tt.line)
		if err != nil || !slices.Equal(got.Words, tt.want.Words) || got.Word != tt.want.Word || got.Start != tt.want.Start || got.Open != tt.want.Open {
			t.Errorf("SplitPartial(%q) = %+v, %v, want %+v", tt.line, got, err, tt.want)
		}
	}
	if _, err := SplitPartial(`get "a"b`); !errors.Is(err, ErrTextAfterQuote) {
		t.Errorf("text after a quote: %v", err)
	}
}

func FuzzSplit(f *testing.F) {
	for line := range splitTests() {
		f.Add(line)
	}
	for line := range badQuoting() {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if got, err := Unquote(Quote(line)); err != nil || got != line {
			t.Errorf("Unquote(Quote(%q)) = %q, %v", line, got, err)
		}
		words, err := Split(line)
		if err != nil {
			return
		}
		var quoted []string
		for _, w := range words {
			quoted = append(quoted, Quote(w))
		}
		if back, err := Split(strings.Join(quoted, " ")); err != nil || !slices.Equal(back, words) {
			t.Errorf("Split(%q) = %q, quoted and split again %q, %v", line, words, back, err)
		}
		p, err := SplitPartial(line)
		if err != nil || p.Open {
			t.Fatalf("SplitPartial(%q) = %+v, %v where Split sees no fault", line, p, err)
		}
		all := p.Words
		if p.Start < len(untilNUL(line)) {
			all = append(slices.Clone(all), p.Word)
		}
		if !slices.Equal(all, words) {
			t.Errorf("SplitPartial(%q) = %+v, Split %q", line, p, words)
		}
	})
}
