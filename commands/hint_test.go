package commands

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestHintSuite(t *testing.T) {
	suite, err := os.ReadFile("testdata/hints.txt")
	if err != nil {
		t.Fatal(err)
	}
	report, err := embeddedTable(t).RunHintFile(bytes.NewReader(suite))
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range report.Problems {
		t.Error(problem)
	}
	if report.Total < 100 {
		t.Errorf("only %d hints in the file", report.Total)
	}
}

// After the name and a blank the hint is the whole syntax, whatever the case.
func TestHintOfACommandIsItsSyntax(t *testing.T) {
	table := embeddedTable(t)
	for _, c := range table.Commands() {
		for _, name := range []string{c.Name, strings.ToLower(c.Name)} {
			if got, want := table.Hint(name+" "), c.Syntax(); got != want {
				t.Errorf("Hint(%q) = %q, want %q", name+" ", got, want)
			}
		}
		if got := table.Hint(c.Name); c.words() == 1 && got != "" {
			t.Errorf("Hint(%q) = %q before a blank", c.Name, got)
		}
	}
}

// Following the hint word by word, taking the first thing that may come each
// time, a line stays understood until nothing is left to come.
func TestHintsCanBeFollowed(t *testing.T) {
	table := embeddedTable(t)
	values := map[ArgType]string{ArgInteger: "7", ArgDouble: "-1.5", ArgUnixTime: "1700000000"}
	for _, c := range table.Commands() {
		list, words := c.elements(), []string{c.Name}
		for range 30 {
			var next *start
			for s := range starts(list) {
				next = &s
				break
			}
			if next == nil {
				break
			}
			word := next.token
			if word == "" {
				word = values[next.arg.Type]
			}
			if word == "" {
				word = "some-text"
			}
			words = append(words, word)
			var ok bool
			if list, ok = advance(list, word); !ok {
				t.Errorf("%q is not understood", words)
				break
			}
		}
	}
}

func TestRunHintFile(t *testing.T) {
	table := embeddedTable(t)
	tests := []struct {
		name, file     string
		passed, total  int
		problems       []string
		wantConclusion string
	}{
		{"nothing", "", 0, 0, nil, "SUCCESS: 0/0 passed"},
		{"comments and blanks", "# get\n\n   \n\"GET \" \"key\"", 1, 1, nil, "SUCCESS: 1/1 passed"},
		{"blanks at the end", "\"GET \" \"key   \"\n", 1, 1, nil, "SUCCESS: 1/1 passed"},
		{
			"mismatch", "\"GET \" \"kei\"\n\"GET k \" \"\"\n", 1, 2,
			[]string{"Line 1: hint for 'GET ' is 'key', expected 'kei'"},
			"FAILURE: 1/2 passed",
		},
		{"no expectation", "\"GET \"\n", 0, 1, []string{"Missing expected hint for input 'GET '"}, "FAILURE: 0/1 passed"},
		{
			"bad quoting", "\"GET \" \"key\"\"\n\"GET \" \"key\"\n", 1, 1,
			[]string{"Line 1 skipped: " + ErrTextAfterQuote.Error()},
			"SUCCESS: 1/1 passed",
		},
		{"a bracket too many", `"BITFIELD_RO k GET e " "offset [GET encoding offset ...]]"`, 1, 1, nil, "SUCCESS: 1/1 passed"},
		{"quotes in a hint", `"MIGRATE h 1 " "key|\"\" destination-db timeout [COPY] [REPLACE] [[AUTH password]|[AUTH2 username password]] [KEYS key [key ...]]"`, 1, 1, nil, "SUCCESS: 1/1 passed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			report, err := table.RunHintFile(strings.NewReader(tt.file))
			if err != nil || report.Passed != tt.passed || report.Total != tt.total || !slices.Equal(report.Problems, tt.problems) {
				t.Errorf("%+v, %v", report, err)
			}
			if report.Summary() != tt.wantConclusion || report.Failures() != tt.total-tt.passed {
				t.Errorf("%q, %d failures", report.Summary(), report.Failures())
			}
		})
	}
}

func TestRunHintFileTellsReadErrors(t *testing.T) {
	r := io.MultiReader(strings.NewReader("\"GET \" \"key\"\n"), iotest.ErrReader(io.ErrUnexpectedEOF))
	report, err := embeddedTable(t).RunHintFile(r)
	if !errors.Is(err, io.ErrUnexpectedEOF) || report.Passed != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}

// A server may send any grammar; what it costs is bounded.
func TestHostileGrammarIsCheap(t *testing.T) {
	deep := `{"name":"a","type":"block","flags":["multiple"]}`
	for range 60 {
		deep = strings.Replace(deep, `]}`, `],"arguments":[`+deep+`]}`, 1)
		if len(deep) > 20_000 {
			break
		}
	}
	docs, err := ParseDocs([]byte(`{"evil":{"summary":"x","arguments":[` + deep + `]}}`))
	if err != nil {
		t.Fatal(err)
	}
	info, err := ParseCommands([]byte(`[["wide",2000000000,[],0,0,0],["low",-2000000000,[],1,-1,1000000000]]`))
	if err != nil {
		t.Fatal(err)
	}
	table := docs.Merge(info)
	for _, c := range table.Commands() {
		if n := len(c.Syntax()); n > 100_000 {
			t.Errorf("%s: a syntax of %d bytes", c.Name, n)
		}
	}
	if _, ok := table.KeyAt("low a"); !ok {
		t.Error("low has no key")
	}
}

// A list of keys may be as long as memory allows; what is kept of it while
// matching stays small.
func TestLongLinesAreCheap(t *testing.T) {
	table := embeddedTable(t)
	var depth func(list []element) int
	depth = func(list []element) int {
		deepest := 0
		for _, e := range list {
			deepest = max(deepest, depth(e.rest))
		}
		return deepest + 1
	}
	for line, more := range map[string]string{
		"del ": "k ", "mset ": "k v ", "hset k ": "f v ", "xread streams ": "k ", "sort k by p ": "get 1 ", "zunion 5000 ": "k ",
		"client kill ": "id 1 ", "bitfield k ": "get u8 0 overflow sat incrby u8 0 1 ",
	} {
		list, ok := table.expect(strings.Fields(line + strings.Repeat(more, 1000)))
		if n := depth(list); !ok || n > 4 {
			t.Errorf("%s...: understood %v, %d levels deep", line, ok, n)
		}
	}
}

func FuzzHint(f *testing.F) {
	table := embeddedTable(f)
	for _, c := range table.Commands() {
		f.Add(c.Name + " 1 2 3 4 ")
	}
	for _, line := range []string{
		"set k v ex 5 nx ", `get "a`, "5 get ", "help @st", "xadd s maxlen ~ 10 * f ", "zunionstore d 2 a b weights 1 ", "sort k get a asc get b ",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		hint := table.Hint(line)
		if balanced(hint) != hint || strings.Count(hint, "[") != strings.Count(hint, "]") {
			t.Errorf("Hint(%q) = %q: brackets", line, hint)
		}
		if strings.Contains(hint, "  ") || strings.TrimSpace(hint) != hint {
			t.Errorf("Hint(%q) = %q: blanks", line, hint)
		}
		for _, candidate := range table.Complete(line) {
			if !strings.HasPrefix(candidate, line) || candidate == line {
				t.Errorf("Complete(%q) offers %q", line, candidate)
			}
		}
		if prefix, ok := table.KeyAt(line); !ok && prefix != "" {
			t.Errorf("KeyAt(%q) = %q, false", line, prefix)
		}
		words, err := Split(line)
		if err != nil {
			return
		}
		if c, n := table.Lookup(words); c != nil {
			for _, i := range c.Keys(words) {
				if i < n || i >= len(words) {
					t.Errorf("Keys(%q) has %d", words, i)
				}
			}
		}
		_, _, _ = Secret(words), EffectOf(words), AlwaysRaw(words)
	})
}

func FuzzParse(f *testing.F) {
	f.Add(`{"get":{"summary":"s","arguments":[{"name":"key","type":"key","flags":["multiple","optional"]}]}}`, "get a b ")
	f.Add(`["get",["summary","s","arguments",[["name","k","type","oneof","token","T","arguments",[["name","x","type","pure-token"]]]]]]`, "get t ")
	f.Add(`[["x",-3,["write"],1,-1,2,["@write"],[],[{"begin_search":{"type":"keyword","spec":{"keyword":"K","startfrom":-2}}}],[]]]`, "x k a ")
	f.Fuzz(func(t *testing.T, reply, line string) {
		table := newTable("", nil)
		if docs, err := ParseDocs([]byte(reply)); err == nil {
			table = table.Merge(docs)
		}
		if info, err := ParseCommands([]byte(reply)); err == nil {
			table = table.Merge(info)
		}
		table.Hint(line)
		table.Complete(line)
		table.KeyAt(line)
		AppendHelp(nil, table.Help(strings.Fields(line)), true)
		words, err := Split(line)
		if err != nil {
			return
		}
		if c, _ := table.Lookup(words); c != nil {
			c.Keys(words)
		}
	})
}
