package explain

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func known(t *testing.T) *Explainer {
	t.Helper()
	x, err := New(About{})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestEveryCodeIsExplained looks for the codes in the source of package cert: a new one must be entered in table/codes.txt.
func TestEveryCodeIsExplained(t *testing.T) {
	t.Parallel()
	x := known(t)
	packages, err := parser.ParseDir(token.NewFileSet(), "..", nil, 0) //nolint:staticcheck // one folder without build tags is all there is
	if err != nil {
		t.Fatal(err)
	}
	codes := 0
	for name, file := range packages["cert"].Files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Names) != 1 || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Code") {
				return true
			}
			value, ok := spec.Values[0].(*ast.BasicLit)
			if !ok || value.Kind != token.STRING {
				return true
			}
			code, err := strconv.Unquote(value.Value)
			if err != nil {
				t.Fatal(err)
			}
			codes++
			if e, ok := x.Code(code); !ok || e.Meaning == "" {
				t.Errorf("%s (cert.%s) has no entry in table/codes.txt", code, spec.Names[0].Name)
			}
			return true
		})
	}
	if codes < 90 {
		t.Errorf("found only %d codes in package cert", codes)
	}
}

// TestCodesAreWholes says that a code alone is enough to go on.
func TestCodesAreWholes(t *testing.T) {
	t.Parallel()
	x := known(t)
	for _, name := range x.Codes() {
		for _, spelled := range []string{name, strings.ToLower(name), strings.ToLower(strings.ReplaceAll(name, "_", "-")), "FAIL  " + name + "  and more"} {
			result := x.Text(spelled)
			if len(result.Explanations) != 1 || result.Explanations[0].Code != name || result.Explanations[0].Ambiguous() {
				t.Errorf("%q is explained as %+v", spelled, result.Explanations)
				continue
			}
			e := result.Explanations[0]
			if e.Meaning == "" || len(e.Fixes) == 0 && e.Severity > 1 || e.Next == "" {
				t.Errorf("%s leaves something empty: %+v", name, e)
			}
		}
	}
}

// TestTextsAreReached feeds every text of the table, in its context, and expects its own rule: no other may stand in its light.
func TestTextsAreReached(t *testing.T) {
	t.Parallel()
	x := known(t)
	for i, text := range x.table.texts {
		if x.table.rules[text.rule].isCode {
			continue
		}
		words := make([]string, 0, len(text.phrases))
		for _, phrase := range text.phrases {
			words = append(words, strings.TrimSuffix(x.table.phrases[phrase], "$"))
		}
		r := &record{text: []byte(strings.Join(words, " ,, "))}
		if text.context != "" {
			at := slices.IndexFunc(x.table.contexts, func(m marker) bool { return m.name == text.context })
			if at < 0 {
				t.Errorf("text %q wants an unknown context %q", words, text.context)
				continue
			}
			if !x.contextOf(r.text).inContext(text.context) {
				r.text = append([]byte(x.table.phrases[x.table.contexts[at].texts[0][0]]+" ,, "), r.text...)
			}
		}
		found := x.contextOf(r.text).matches()
		if !slices.ContainsFunc(found, func(m match) bool { return m.rule == text.rule }) {
			got := "nothing"
			if len(found) > 0 {
				got = x.table.rules[found[0].rule].codes[0] + " by " + strconv.Quote(strings.Join(x.phrases(found[0].text), " && "))
			}
			t.Errorf("text %d %q @%s of %v is taken for %s", i, words, text.context, x.table.rules[text.rule].codes, got)
		}
	}
}

// contextOf looks at one line.
func (x *Explainer) contextOf(line []byte) *evidence {
	var at cursor
	hits := x.table.finder.scan(&at, line, nil)
	return x.evidence(&record{text: line, hits: x.table.finder.endLine(&at, len(line), hits)})
}

func (x *Explainer) phrases(text int) []string {
	var phrases []string
	for _, phrase := range x.table.texts[text].phrases {
		phrases = append(phrases, x.table.phrases[phrase])
	}
	return phrases
}

// TestTable holds what the code takes for granted about the tables.
func TestTable(t *testing.T) {
	t.Parallel()
	x := known(t)
	if n := len(x.table.finder.next); n >= 1<<16 {
		t.Errorf("the automaton has %d states, more than its numbers can hold", n)
	}
	seen := map[string]int{}
	for _, text := range x.table.texts {
		key := strings.Join(x.phrasesOf(text), "&&") + "@" + text.context
		if other, ok := seen[key]; ok && !x.table.rules[text.rule].isCode && !x.table.rules[other].isCode && x.table.rules[other].rank == x.table.rules[text.rule].rank {
			t.Errorf("%q stands for %v and for %v", key, x.table.rules[other].codes, x.table.rules[text.rule].codes)
		}
		seen[key] = text.rule
	}
	variable := regexp.MustCompile(`\{([a-z0-9]*)(\|[^}]*)?\}|[{}]`)
	names := []string{"at", "hostport", "host", "port", "peer", "wanted", "present", "present1", "date", "ca", "file", "value", "san"}
	for _, a := range x.accounts() {
		lines := []string{a.meaning, a.next}
		for _, cause := range a.causes {
			lines = append(lines, cause.Text)
			if _, ok := x.table.codes[cause.Code]; cause.Code != "" && !ok {
				t.Errorf("cause %q is of an unknown code", cause.Text)
			}
		}
		for _, fix := range a.fixes {
			lines = append(lines, fix.Command, fix.Note)
			for _, needs := range []string{"|| ", "||"} {
				if strings.Contains(fix.Command, needs) {
					t.Errorf("the command %q has two notes", fix.Command)
				}
			}
		}
		for _, line := range lines {
			for _, found := range variable.FindAllStringSubmatch(line, -1) {
				if !slices.Contains(names, found[1]) {
					t.Errorf("%q has the unknown %s", line, found[0])
				}
			}
			if strings.HasSuffix(line, ".") || strings.Contains(line, "!") || strings.Contains(line, "  ") {
				t.Errorf("%q ends with a full stop, exclaims, or has two blanks", line)
			}
		}
		if strings.Contains(a.meaning, "{") {
			t.Errorf("the meaning %q must stand without what the text says", a.meaning)
		}
	}
}

func (x *Explainer) phrasesOf(t text) []string {
	var phrases []string
	for _, phrase := range t.phrases {
		phrases = append(phrases, x.table.phrases[phrase])
	}
	return phrases
}

func (x *Explainer) accounts() []account {
	var list []account
	for _, entry := range x.table.codes {
		list = append(list, entry.account)
	}
	for _, r := range x.table.rules {
		list = append(list, r.account)
	}
	return list
}

// CA.crt is to be replaced, though it is short: a command with it does not run as it stands.
func TestPlaceholders(t *testing.T) {
	for command, want := range map[string]bool{
		"redan -h db -p 6380 --tls --cacert CA.crt ping": true, "redan -h HOST -p 6380 ping": true, "redan -h db -p 6380 --tls ping": false,
		"redan -h DB -p 6380 ping": false,
	} {
		if got := hasPlaceholder(command); got != want {
			t.Errorf("%q: %t", command, got)
		}
	}
}
