package tui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"redan/ui/tui/kit"
)

// bindingsInSource finds the bindings in the source of the full screen: their IDs, and all keys that they have anywhere.
func bindingsInSource(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for _, folder := range []string{".", "keys", "viewer", "console"} {
		names, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		var files []*ast.File
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
		for _, file := range files {
			ast.Inspect(file, func(n ast.Node) bool {
				literal, ok := n.(*ast.CompositeLit)
				if !ok {
					return true
				}
				fields := map[string]ast.Expr{}
				for _, element := range literal.Elts {
					if pair, ok := element.(*ast.KeyValueExpr); ok {
						if name, ok := pair.Key.(*ast.Ident); ok {
							fields[name.Name] = pair.Value
						}
					}
				}
				if id, ok := fields["ID"].(*ast.BasicLit); ok && id.Kind == token.STRING && fields["Keys"] != nil {
					found[unquoted(t, id)] = append(found[unquoted(t, id)], keysOf(t, files, fields["Keys"])...)
				}
				return true
			})
		}
	}
	for _, b := range (model{pages: newPages()}).viewBindings() { // made of the list of views
		found[b.ID] = b.Keys
	}
	for id, keys := range found {
		var once []string
		for _, key := range keys {
			if !slices.Contains(once, key) {
				once = append(once, key)
			}
		}
		found[id] = once
	}
	return found
}

// keysOf returns the texts of a list of keys, or of all lists in the function that is called for it.
func keysOf(t *testing.T, files []*ast.File, expression ast.Expr) []string {
	t.Helper()
	var keys []string
	texts := func(n ast.Node) bool {
		if literal, ok := n.(*ast.CompositeLit); ok {
			for _, element := range literal.Elts {
				if text, ok := element.(*ast.BasicLit); ok && text.Kind == token.STRING {
					keys = append(keys, unquoted(t, text))
				}
			}
		}
		return true
	}
	call, ok := expression.(*ast.CallExpr)
	if !ok {
		ast.Inspect(expression, texts)
		return keys
	}
	selector, ok := call.Fun.(*ast.SelectorExpr)
	for _, file := range files {
		for _, declaration := range file.Decls {
			if f, isFunc := declaration.(*ast.FuncDecl); ok && isFunc && f.Name.Name == selector.Sel.Name {
				ast.Inspect(f.Body, texts)
			}
		}
	}
	return keys
}

func unquoted(t *testing.T, literal *ast.BasicLit) string {
	t.Helper()
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestActionsAreTheBindings holds that the list of actions, which preferences are checked against, is that of the source.
func TestActionsAreTheBindings(t *testing.T) {
	t.Parallel()
	found := bindingsInSource(t)
	var b strings.Builder
	for _, id := range slices.Sorted(maps.Keys(found)) {
		b.WriteString(strings.Join(append([]string{id}, found[id]...), " ") + "\n")
	}
	if *rewrite {
		if err := os.WriteFile("actions.txt", []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if b.String() != actionsText {
		t.Errorf("actions.txt is not what the bindings are; go test ./ui/tui -run Actions -update makes it:\n%s", b.String())
	}
	if len(found) < 100 {
		t.Errorf("only %d actions are found", len(found))
	}
}

// TestLiveBindingsAreActions holds that what can be pressed anywhere can be given other keys.
func TestLiveBindingsAreActions(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, a := range Actions() {
		known[a.ID] = true
		for _, key := range a.Keys {
			if !kit.KnownKey(key) {
				t.Errorf("%s has the key %q, which cannot be chosen", a.ID, key)
			}
		}
	}
	for name, walk := range modeWalks() {
		s := newScreen(t, 120, 40).start()
		walk(s)
		for _, b := range s.m.live() {
			if !known[b.ID] {
				t.Errorf("%s: %s is no action", name, b.ID)
			}
		}
	}
}

func TestCheckKeys(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		chosen map[string][]string
		good   []string // actions
		want   string   // the problems
	}{
		{"all well", map[string][]string{"help": {"f2"}, "keys.filter": {"ctrl+g", "&"}}, []string{"help", "keys.filter"}, ""},
		{"defaults", map[string][]string{"help": {"?"}, "value.open": {"enter"}}, []string{"help", "value.open"}, ""},
		{"no key", map[string][]string{"zoom": {}}, []string{"zoom"}, ""},
		{"keys swapped", map[string][]string{"keys.sort": {"S"}, "keys.reverse": {"s"}}, []string{"keys.reverse", "keys.sort"}, ""},
		{"other places", map[string][]string{"keys.sort": {"e"}, "log.copy": {"s"}}, []string{"keys.sort", "log.copy"}, ""},
		{"unknown action", map[string][]string{"keys.filtr": {"x"}}, nil, `there is no action "keys.filtr"`},
		{"unknown key", map[string][]string{"help": {"f2", "entr"}}, nil, `there is no key "entr"`},
		{"shift of a letter", map[string][]string{"help": {"shift+g"}}, nil, `there is no key "shift+g"`},
		{"no way out", map[string][]string{"cancel": {}}, nil, "cancel needs a key: it is the way out"},
		{"twice in a place", map[string][]string{"keys.sort": {"y"}}, nil, `"y" does keys.copy already, where it would do keys.sort`},
		{"both chosen", map[string][]string{"keys.sort": {"Q"}, "keys.copy": {"Q"}}, []string{"keys.sort"}, `"Q" does keys.sort already, where it would do keys.copy`},
		{"everywhere and a pane", map[string][]string{"help": {"y"}}, nil, `"y" does keys.copy already, where it would do help`},
		{"everywhere", map[string][]string{"keys.filter": {"ctrl+c"}}, nil, `"ctrl+c" does cancel already, where it would do keys.filter`},
		{
			"a default that was given away",
			map[string][]string{"keys.sort": {"y"}, "keys.reverse": {"s"}},
			nil,
			`"s" does keys.sort already`,
		},
	} {
		good, problems := CheckKeys(tt.chosen)
		var texts []string
		for _, p := range problems {
			texts = append(texts, p.Text)
		}
		said := strings.Join(texts, "\n")
		if got := slices.Sorted(maps.Keys(good)); !slices.Equal(got, tt.good) || (tt.want == "") != (said == "") || !strings.Contains(said, tt.want) {
			t.Errorf("%s: good %q, want %q; said %q, want %q", tt.name, got, tt.good, said, tt.want)
		}
	}
}
