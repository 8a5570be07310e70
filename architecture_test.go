package main_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// layer is one row of the import table in docs/architecture.md.
type layer struct {
	folder string
	ours   []string // folders of ours it may import
	others []string // third-party packages it may import, each with what is below it
}

const (
	modulePath = "redan"
	goRedis    = "github.com/redis/go-redis/v9"
	readline   = "github.com/chzyer/readline"
	kong       = "github.com/alecthomas/kong"
)

// layers is the import table. Knowledge never imports the network, the network never imports the screen, and the faces never
// import each other. A new folder or a new arrow is added here and in docs/architecture.md, in the same commit.
func layers() []layer {
	return []layer{
		{folder: ".", ours: []string{"ui/cli"}},
		{folder: "script/ansisvg", others: []string{"github.com/charmbracelet/x/ansi"}},
		{folder: "commands"},
		{folder: "commands/keyspace", ours: []string{"conn", "conn/resp"}},
		{folder: "commands/keyspace/keytree"},
		{folder: "commands/nearest"},
		{folder: "commands/atomicfile"},
		{folder: "commands/guard", ours: []string{"commands"}},
		{folder: "commands/edit", ours: []string{"conn", "conn/resp"}},
		{folder: "commands/keyspace/sweep", ours: []string{"commands/keyspace", "conn", "conn/resp"}},
		{folder: "commands/keyspace/analysis", ours: []string{"commands/keyspace/sweep"}, others: []string{"github.com/HdrHistogram/hdrhistogram-go"}},
		{folder: "commands/latency", ours: []string{"conn", "conn/resp"}, others: []string{"github.com/HdrHistogram/hdrhistogram-go"}},
		{folder: "commands/transfer", ours: []string{"commands/atomicfile", "conn", "conn/resp"}},
		{folder: "conn", ours: []string{"conn/resp", "conn/cert"}, others: []string{goRedis}},
		{folder: "conn/resp"},
		{folder: "conn/cert", ours: []string{"commands/nearest", "conn/cert/hello"}, others: []string{"golang.org/x/crypto", "software.sslmate.com/src/go-pkcs12"}},
		{folder: "conn/cert/hello"},
		{folder: "conn/cert/issue", ours: []string{"conn/cert"}, others: []string{"software.sslmate.com/src/go-pkcs12"}},
		{folder: "conn/cert/explain", ours: []string{"conn/cert"}},
		{folder: "conn/cert/conffile", ours: []string{"commands/nearest"}},
		{folder: "conn/demo", others: []string{"github.com/alicebob/miniredis/v2"}},
		{folder: "conn/conntest"},
		{folder: "profiles/secret", ours: []string{"conn", "conn/cert"}, others: []string{"github.com/zalando/go-keyring", "filippo.io/age"}},
		{folder: "profiles", ours: []string{"commands/nearest", "conn", "conn/cert", "profiles/safefile", "profiles/secret", "profiles/tomlfile"}},
		{
			folder: "profiles/exchange", ours: []string{"conn", "conn/cert", "conn/cert/conffile", "profiles", "profiles/secret", "profiles/tomlfile"},
			others: []string{"github.com/pelletier/go-toml/v2", "go.yaml.in/yaml/v3"},
		},
		{folder: "profiles/safefile", ours: []string{"commands/atomicfile"}, others: []string{"github.com/gofrs/flock"}},
		{folder: "profiles/tomlfile", ours: []string{"commands/nearest"}, others: []string{"github.com/pelletier/go-toml/v2"}},
		{folder: "ui/theme", ours: []string{"commands/nearest"}},
		{folder: "ui/format", ours: []string{"conn/resp"}},
		{folder: "ui/certreport", ours: []string{"conn/cert", "ui/theme"}},
		{
			folder: "ui/modes",
			ours: []string{
				"commands/keyspace/sweep", "commands/keyspace/analysis", "commands/latency", "commands/transfer",
				"conn/resp", "ui/format", "ui/theme",
			},
			others: []string{"github.com/charmbracelet/x/ansi"},
		},
		{folder: "ui/view", ours: []string{"conn", "conn/resp", "ui/view/decode"}},
		{folder: "ui/view/decode", others: []string{"github.com/klauspost/compress", "github.com/pierrec/lz4/v4"}},
		{
			folder: "ui/repl", ours: []string{"commands", "commands/atomicfile", "commands/guard", "conn", "conn/resp", "ui/format", "ui/theme"},
			others: []string{readline},
		},
		{
			folder: "ui/tui/kit", ours: []string{"conn/resp", "ui/theme"},
			others: []string{"charm.land/bubbletea/v2", "github.com/charmbracelet/x/ansi"},
		},
		{
			folder: "ui/tui/keys",
			ours:   []string{"commands/keyspace", "commands/keyspace/keytree", "conn", "conn/resp", "ui/theme", "ui/tui/kit"},
			others: []string{"charm.land/bubbletea/v2", "github.com/charmbracelet/x/ansi"},
		},
		{
			folder: "ui/tui/viewer",
			ours:   []string{"commands/edit", "conn", "conn/resp", "ui/theme", "ui/tui/kit", "ui/view", "ui/view/decode"},
			others: []string{"charm.land/bubbletea/v2", "github.com/charmbracelet/x/ansi"},
		},
		{
			folder: "ui/tui/console",
			ours:   []string{"commands", "commands/guard", "commands/nearest", "conn", "conn/resp", "ui/format", "ui/repl", "ui/theme", "ui/tui/kit"},
			others: []string{"charm.land/bubbletea/v2", "github.com/charmbracelet/x/ansi"},
		},
		{
			folder: "ui/tui",
			ours: []string{
				"commands", "commands/nearest", "commands/guard", "commands/keyspace", "commands/keyspace/sweep", "commands/keyspace/analysis",
				"commands/latency", "ui/modes",
				"conn", "conn/resp", "conn/cert", "profiles", "ui/certreport", "ui/theme",
				"ui/tui/kit", "ui/tui/keys", "ui/tui/viewer", "ui/tui/console",
			},
			others: []string{"charm.land/bubbletea/v2", "github.com/charmbracelet/x/ansi"},
		},
		{folder: "bench/rig"},
		{folder: "bench/cli", ours: []string{"bench/rig", "conn/cert/issue"}},
		{folder: "bench/screen", ours: []string{"bench/rig"}, others: []string{"github.com/charmbracelet/x/ansi", "github.com/creack/pty"}},
		{
			folder: "ui/cli",
			ours: []string{
				"commands", "commands/guard", "commands/nearest", "commands/keyspace", "commands/keyspace/sweep",
				"commands/latency", "commands/transfer", "ui/modes",
				"conn", "conn/resp", "conn/cert", "conn/cert/issue", "conn/cert/explain", "conn/cert/conffile",
				"conn/demo", "profiles", "profiles/tomlfile", "profiles/secret", "profiles/exchange",
				"ui/theme", "ui/certreport", "ui/format", "ui/repl", "ui/tui", "ui/tui/kit",
			},
			others: []string{kong, "golang.org/x/sys/unix", "golang.org/x/term"},
		},
	}
}

// testOnly is what a _test.go file may import on top of its folder's row.
func testOnly() layer {
	return layer{ours: []string{"conn/conntest"}, others: []string{"github.com/rogpeppe/go-internal"}}
}

// rowOf returns the row of the table for a folder.
func rowOf(folder string) (layer, bool) {
	for _, l := range layers() {
		if l.folder == folder {
			return l, true
		}
	}
	return layer{}, false
}

// source is one Go file of the project: its path from the root, with slashes, and its syntax.
type source struct {
	path string
	file *ast.File
}

func (s source) folder() string { return path.Dir(s.path) }

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// imports lists the file's import paths.
func (s source) imports() []string {
	var paths []string
	for _, spec := range s.file.Imports {
		paths = append(paths, strings.Trim(spec.Path.Value, "`\""))
	}
	return paths
}

// importProblems says what a file imports against the table.
func importProblems(s source) []string {
	row, ok := rowOf(s.folder())
	if !ok {
		return []string{fmt.Sprintf(
			"%s: the folder %s has no row in the import table: say what it is for and what it may import in docs/architecture.md and in layers()",
			s.path, s.folder())}
	}
	ours, others := row.ours, row.others
	if s.isTest() {
		// An external test package imports the package it tests.
		ours = slices.Concat(ours, testOnly().ours, []string{row.folder})
		others = slices.Concat(others, testOnly().others)
	}
	var problems []string
	for _, imported := range s.imports() {
		if !allowed(imported, ours, others) {
			problems = append(problems, fmt.Sprintf(
				"%s: %s may not import %s: turn the dependency round, or argue for the new arrow in docs/architecture.md and layers()",
				s.path, row.folder, imported))
		}
	}
	return problems
}

// allowed reports whether an import is from the standard library, a folder of ours that is named, or a third-party package at or
// below one that is named.
func allowed(imported string, ours, others []string) bool {
	if imported == modulePath || strings.HasPrefix(imported, modulePath+"/") {
		return slices.Contains(ours, strings.TrimPrefix(imported, modulePath+"/"))
	}
	if host, _, _ := strings.Cut(imported, "/"); !strings.Contains(host, ".") {
		return true
	}
	return slices.ContainsFunc(others, func(other string) bool { return isAtOrBelow(imported, other) })
}

func isAtOrBelow(imported, parent string) bool {
	return imported == parent || strings.HasPrefix(imported, parent+"/")
}

// dialProblems says where a file outside conn opens network connections by itself. Tests may: they play the other side.
func dialProblems(s source) []string {
	if s.isTest() || s.folder() == "conn" || s.folder() == "conn/conntest" || s.folder() == "bench/rig" {
		return nil
	}
	networks := map[string]bool{}
	for _, spec := range s.file.Imports {
		imported := strings.Trim(spec.Path.Value, "`\"")
		if imported != "net" && imported != "crypto/tls" {
			continue
		}
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		networks[name] = true
	}
	var problems []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if pkg, ok := selector.X.(*ast.Ident); ok && networks[pkg.Name] && strings.HasPrefix(selector.Sel.Name, "Dial") {
			problems = append(problems, fmt.Sprintf("%s: %s.%s: only conn dials; take a dial function as a parameter",
				s.path, pkg.Name, selector.Sel.Name))
		}
		return true
	})
	return problems
}

// skipped names the folders that are not the project: tools, caches and what was built.
func skipped(name string) bool {
	switch name {
	case ".git", ".bin", ".cache", "dist":
		return true
	}
	return false
}

// walk calls visit for every file of the project, with its slash path from the root.
func walk(t *testing.T, visit func(path string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && skipped(entry.Name()):
			return fs.SkipDir
		case entry.Type().IsRegular():
			visit(filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sources parses every Go file of the project.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	walk(t, func(name string) {
		if !strings.HasSuffix(name, ".go") || strings.Contains(name, "testdata/") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.FromSlash(name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Errorf("parse: %v", err)
			return
		}
		all = append(all, source{name, file})
	})
	if len(all) == 0 {
		t.Fatal("no Go file found: the test does not run at the root of the project")
	}
	return all
}

func TestImportsFollowTheTable(t *testing.T) {
	for _, s := range sources(t) {
		for _, problem := range importProblems(s) {
			t.Error(problem)
		}
	}
}

// A row or an arrow that nothing in the project uses lets in what nobody argued for.
func TestTheTableHasNothingToSpare(t *testing.T) {
	drawn := map[string][]string{}
	for _, s := range sources(t) {
		drawn[s.folder()] = append(drawn[s.folder()], s.imports()...)
	}
	for _, row := range layers() {
		imports, ok := drawn[row.folder]
		if !ok {
			t.Errorf("the import table has a row for %s, which is no folder", row.folder)
		}
		for _, ours := range row.ours {
			if !slices.Contains(imports, modulePath+"/"+ours) {
				t.Errorf("%s may import %s, and does not: take the arrow out of the import table", row.folder, ours)
			}
		}
		for _, other := range row.others {
			if !slices.ContainsFunc(imports, func(imported string) bool { return isAtOrBelow(imported, other) }) {
				t.Errorf("%s may import %s, and does not: take the arrow out of the import table", row.folder, other)
			}
		}
	}
}

func TestOnlyConnDials(t *testing.T) {
	for _, s := range sources(t) {
		for _, problem := range dialProblems(s) {
			t.Error(problem)
		}
	}
}

// The line editor is behind a small interface in one file, so that it can be replaced.
func TestReadlineStaysInOneFile(t *testing.T) {
	var users []string
	for _, s := range sources(t) {
		if !s.isTest() && slices.ContainsFunc(s.imports(), func(p string) bool { return isAtOrBelow(p, readline) }) {
			users = append(users, s.path)
		}
	}
	if len(users) > 1 {
		t.Errorf("%d files import %s, want one: %s", len(users), readline, strings.Join(users, ", "))
	}
}

// A folder is named after the thing it is about.
func TestFolderNamesSayWhatIsInside(t *testing.T) {
	for _, s := range sources(t) {
		for name := range strings.SplitSeq(s.folder(), "/") {
			switch name {
			case "util", "utils", "common", "types", "lib", "helpers", "misc", "shared":
				t.Errorf("%s: a folder named %s tells nothing: name it after the one thing it is about", s.path, name)
			}
		}
	}
}

func TestMainIsShort(t *testing.T) {
	text, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(text), "\n"); lines >= 20 {
		t.Errorf("main.go has %d lines, want fewer than 20: it wires the outside world and returns what cli.Main returned", lines)
	}
}

// The document is the table in words: a folder that exists is described there.
func TestArchitectureDocumentNamesEveryFolder(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, s := range sources(t) {
		folders = append(folders, s.folder())
	}
	slices.Sort(folders)
	for _, folder := range slices.Compact(folders) {
		if folder != "." && !strings.Contains(string(text), "`"+folder+"/`") {
			t.Errorf("docs/architecture.md does not name `%s/`", folder)
		}
	}
}

// The rules above are code too: each must see its own violation.
func TestRulesSeeViolations(t *testing.T) {
	tests := []struct {
		name, path, code string
		want             string // part of the one problem; empty for none
	}{
		{"knowledge and network", "commands/table.go", `import _ "redan/conn"`, "commands may not import redan/conn"},
		{"network and screen", "conn/dialer.go", `import _ "redan/ui/format"`, "conn may not import redan/ui/format"},
		{"face and face", "ui/tui/root.go", `import _ "redan/ui/repl"`, "ui/tui may not import redan/ui/repl"},
		{"go-redis outside conn", "ui/cli/main.go", `import _ "github.com/redis/go-redis/v9"`, "ui/cli may not import"},
		{"kong below the command line", "ui/repl/repl.go", `import _ "github.com/alecthomas/kong"`, "ui/repl may not import"},
		{"a longer name is another module", "ui/cli/main.go", `import _ "github.com/alecthomas/kongplete"`, "may not import"},
		{"test helpers in the program", "ui/cli/main.go", `import _ "redan/conn/conntest"`, "may not import redan/conn/conntest"},
		{"test helpers in a test", "ui/cli/main_test.go", `import _ "redan/conn/conntest"`, ""},
		{"the package under test", "ui/cli/main_test.go", `import _ "redan/ui/cli"`, ""},
		{"part of a module", "conn/pool.go", `import _ "github.com/redis/go-redis/v9/logging"`, ""},
		{"new folder", "ui/web/web.go", `import _ "fmt"`, "the folder ui/web has no row"},
		{"dial", "ui/cli/main.go", `import "net"; var _ = net.DialTimeout`, "net.DialTimeout: only conn dials"},
		{"dial under another name", "profiles/p.go", `import n "crypto/tls"; var _ = n.Dial`, "n.Dial: only conn dials"},
		{"own dialer", "commands/c.go", `import "net"; var _ net.Dialer`, "net.Dialer: only conn dials"},
		{"dial in conn", "conn/dialer.go", `import "net"; var _ net.Dialer`, ""},
		{"listen", "conn/demo/demo.go", `import "net"; var _ = net.Listen`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file, err := parser.ParseFile(token.NewFileSet(), tt.path, "package p; "+tt.code, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			s := source{tt.path, file}
			got := strings.Join(append(importProblems(s), dialProblems(s)...), "\n")
			if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("problems: %q, want %q", got, tt.want)
			}
		})
	}
}

// foreignNames returns what a text says about the machine it was made on: a path there, or where its packages came from.
// The patterns are put together here, so that this file does not match itself.
func foreignNames(text string) []string {
	paths := `/(?:wor` + `k|far` + `m|roo` + `t|tm` + `p)/[a-z0-9._-]+`
	found := regexp.MustCompile(paths).FindAllString(text, -1)
	for _, host := range []string{
		"proxy.golan" + "g.org", "sum.golan" + "g.org", "registry.np" + "mjs.org", "deb.debia" + "n.org", "security.debia" + "n.org", "pyp" + "i.org",
	} {
		if strings.Contains(text, host) { // by an expression it would take ten times as long
			found = append(found, host)
		}
	}
	// Where a server's socket customarily lies is a fact about Redis, and an example of a path.
	return slices.DeleteFunc(found, func(name string) bool { return strings.HasSuffix(name, ".sock") })
}

func TestNoFileNamesAMachineOrARegistry(t *testing.T) {
	walk(t, func(name string) {
		if name == ".git" { // of a second working tree, it names the first one
			return
		}
		text, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			t.Error(err)
			return
		}
		// A zero byte early on tells a program or a picture, as git sees it.
		if bytes.IndexByte(text[:min(len(text), 8000)], 0) >= 0 {
			return
		}
		for _, found := range foreignNames(string(text)) {
			t.Errorf("%s names %q: leave the machine and its registries out of what is published", name, found)
		}
	})
}

func TestForeignNamesAreSeen(t *testing.T) {
	for text, want := range map[string]int{
		"see /" + "work/main and /" + "tmp/x.log": 2,
		"GOPROXY=https://proxy.golan" + "g.org":   1,
		"redan -s /" + "tmp/redis.sock ping":      0,
		"exec redan --cacert $WORK/ca.crt":        0,
	} {
		if got := foreignNames(text); len(got) != want {
			t.Errorf("%q: found %q, want %d", text, got, want)
		}
	}
}
