package commands

import (
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write table.txt from the installed redis-server")

// embeddedTable gives the embedded table to a test.
func embeddedTable(tb testing.TB) *Table {
	tb.Helper()
	t, err := Embedded()
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// go generate runs this test with -update. A table from a server whose texts
// are not BSD-licensed (newer than 7.2) is never written.
func TestRenamed(t *testing.T) {
	live, err := ParseCommands([]byte(`[["config",-2,[],0,0,0,[],[],[],[["config|set",-4,["admin"],0,0,0,["@admin"],[],[],[]]]]]`))
	if err != nil {
		t.Fatal(err)
	}
	renamed := live.Renamed("cfg")
	if cmd, n := renamed.Lookup([]string{"cfg", "set", "a", "b"}); cmd == nil || n != 2 || cmd.Name != "CFG SET" || !cmd.HasFlag("admin") {
		t.Errorf("%+v %d", cmd, n)
	}
	if cmd, _ := renamed.Lookup([]string{"config"}); cmd != nil {
		t.Errorf("the old name stays: %+v", cmd)
	}
	if cmd, _ := live.Lookup([]string{"config", "set"}); cmd == nil {
		t.Error("the table itself was changed")
	}
}

func TestEmbeddedTableIsThatOfTheServer(t *testing.T) {
	live := startServer(t).table("-3")
	if *update {
		if !strings.HasPrefix(live.Version(), "7.0.") && !strings.HasPrefix(live.Version(), "7.2.") {
			t.Fatalf("the texts of redis-server %s may not be shipped: use 7.0 or 7.2", live.Version())
		}
		if err := os.WriteFile("table.txt", []byte(encode(live)), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	table := embeddedTable(t)
	if live.Version() == table.Version() {
		if encode(table) != encode(live) {
			t.Error("the embedded table is not what the server says: run go generate ./commands")
		}
	}
	// Other versions have other commands; on those of both they agree.
	both := 0
	for _, c := range table.Commands() {
		l, _ := live.Lookup(strings.Fields(c.Name))
		if l == nil || l.Name != c.Name {
			continue
		}
		both++
		if l.HasFlag("write") != c.HasFlag("write") {
			t.Errorf("%s: flags %q, the server %s says %q", c.Name, c.Flags, live.Version(), l.Flags)
		}
	}
	if both < 200 {
		t.Errorf("only %d commands in common with the server %s", both, live.Version())
	}
}

func TestParseReadsBothProtocols(t *testing.T) {
	s := startServer(t)
	if two, three := encode(s.table("-2")), encode(s.table("-3")); two != three {
		t.Error("RESP2's flat arrays and RESP3's maps do not give the same table")
	}
}

func TestDecodeReadsBackWhatEncodeWrote(t *testing.T) {
	table := embeddedTable(t)
	back, err := decode(encode(table))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, table) {
		t.Error("the table changed on the way")
	}
	if encode(table) != embedded {
		t.Error("table.txt is not as encode writes it")
	}
}

func TestDecodeRefusesDamage(t *testing.T) {
	for _, text := range []string{
		"7.0.15\nGET\ttwo\n",
		"7.0.15\n\t2\n",
		"7.0.15\n\tkey\n",
		"7.0.15\nGET\t2\n\t\tkey\t\tkey\n",
		"7.0.15\nGET\t2\n\tblock\t\tb\n\t\t\tkey\t\tkey\n",
	} {
		if _, err := decode(text); err == nil {
			t.Errorf("decode(%q) found no fault", text)
		}
	}
}

func TestLookup(t *testing.T) {
	table := embeddedTable(t)
	tests := []struct {
		line string
		name string
		n    int
	}{
		{"get k", "GET", 1},
		{"GeT", "GET", 1},
		{"client list", "CLIENT LIST", 2},
		{"CLIENT list id 1", "CLIENT LIST", 2},
		{"client nosuch", "CLIENT", 1},
		{"client", "CLIENT", 1},
		{"nosuch list", "", 0},
		{"", "", 0},
		{`"client list"`, "", 0},
		{`"" get`, "", 0},
	}
	for _, tt := range tests {
		words, err := Split(tt.line)
		if err != nil {
			t.Fatal(err)
		}
		c, n := table.Lookup(words)
		if n != tt.n || (c == nil) != (tt.name == "") || c != nil && c.Name != tt.name {
			t.Errorf("Lookup(%q) = %v, %d, want %q, %d", tt.line, c, n, tt.name, tt.n)
		}
	}
}

func TestEveryCommandIsFoundByItsName(t *testing.T) {
	table := embeddedTable(t)
	for _, c := range table.Commands() {
		words := strings.Fields(strings.ToLower(c.Name))
		if got, n := table.Lookup(words); got != c || n != len(words) {
			t.Errorf("Lookup(%q) = %v, %d", words, got, n)
		}
	}
}

func TestGroups(t *testing.T) {
	want := strings.Fields("bitmap cluster connection generic geo hash hyperloglog list pubsub scripting server set sorted-set stream string transactions")
	if got := embeddedTable(t).Groups(); !slices.Equal(got, want) {
		t.Errorf("Groups() = %q, want %q", got, want)
	}
}

func TestSubcommands(t *testing.T) {
	table := embeddedTable(t)
	names := func(name string) []string {
		c, _ := table.Lookup([]string{name})
		return table.subcommandWords(c)
	}
	if got, want := names("config"), []string{"GET", "HELP", "RESETSTAT", "REWRITE", "SET"}; !slices.Equal(got, want) {
		t.Errorf("CONFIG has %q, want %q", got, want)
	}
	if got := names("get"); len(got) != 0 {
		t.Errorf("GET has %q", got)
	}
	if got := names("xread"); len(got) != 0 {
		t.Errorf("XREAD has %q, which are XREADGROUP's business", got)
	}
}

func TestIsCommandName(t *testing.T) {
	table := embeddedTable(t)
	for name, want := range map[string]bool{
		"get": true, "GET": true, "client": true, "cert": false, "profile": false, "tunnel": false, "demo": false,
		"completion": false, "client list": false, "": false, "list": false,
	} {
		if got := table.IsCommandName(name); got != want {
			t.Errorf("IsCommandName(%q) = %v", name, got)
		}
	}
}

func TestMergeTopsUp(t *testing.T) {
	old := embeddedTable(t)
	docs, err := ParseDocs([]byte(`{
		"json.get": {"summary": "Get JSON", "since": "1.0.0", "group": "module", "arguments": [
			{"name": "key", "type": "key", "display_text": "key"},
			{"name": "path", "type": "string", "display_text": "the-path", "flags": ["optional", "multiple"], "unknown": 7}]},
		"get": {"summary": "New text", "since": "1.0.0", "group": "string", "arguments": [{"name": "k", "type": "key"}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	info, err := ParseCommands([]byte(`[["json.get",-2,["readonly"],1,1,1], ["get",7,["readonly","new"],1,1,1,["@read"],[],[],[]], null, []]`))
	if err != nil {
		t.Fatal(err)
	}
	before := encode(old)
	merged := old.Merge(docs).Merge(info)
	if encode(old) != before {
		t.Error("Merge changed the old table")
	}
	get, _ := merged.Lookup([]string{"GET"})
	if get.Summary != "New text" || get.Arity != 7 || !get.HasFlag("new") || len(get.Args) != 1 || get.Args[0].Name != "k" {
		t.Errorf("live does not win: %+v", get)
	}
	module, _ := merged.Lookup([]string{"json.get"})
	if module == nil || module.Arity != -2 || module.Syntax() != "key [the-path [the-path ...]]" {
		t.Errorf("the module's command: %+v", module)
	}
	set, _ := merged.Lookup([]string{"set"})
	if oldSet, _ := old.Lookup([]string{"set"}); !reflect.DeepEqual(set, oldSet) {
		t.Error("a command live does not have was changed")
	}
	if len(merged.Commands()) != len(old.Commands())+1 || merged.Version() != old.Version() {
		t.Errorf("%d commands of version %q", len(merged.Commands()), merged.Version())
	}
	if half, _ := old.Merge(docs).Lookup([]string{"get"}); half.Arity != 2 || half.FirstKey != 1 {
		t.Errorf("documentation without COMMAND forgot the arity: %+v", half)
	}
}

func TestParseRefusesOtherReplies(t *testing.T) {
	for _, text := range []string{``, `error:"ERR unknown command"`, `null`, `3`, `"x"`, `["get"]`, `[1,2]`} {
		if _, err := ParseDocs([]byte(text)); err == nil {
			t.Errorf("ParseDocs(%s) found no fault", text)
		}
	}
	for _, text := range []string{``, `error:"ERR"`, `null`, `{}`, `"x"`} {
		if _, err := ParseCommands([]byte(text)); err == nil {
			t.Errorf("ParseCommands(%s) found no fault", text)
		}
	}
}

func TestWritesAndDangerous(t *testing.T) {
	table := embeddedTable(t)
	for name, want := range map[string][2]bool{
		"GET": {false, false}, "SET": {true, false}, "FLUSHALL": {true, true}, "KEYS": {false, true},
		"CONFIG SET": {false, true}, "CONFIG": {false, false}, "PING": {false, false}, "MIGRATE": {true, true},
	} {
		c, _ := table.Lookup(strings.Fields(name))
		if got := [2]bool{c.Writes(), c.Dangerous()}; got != want {
			t.Errorf("%s: writes, dangerous = %v, want %v", name, got, want)
		}
	}
}

// Servers before 6.0 give no categories.
func TestWritesAndDangerousByFlagsAlone(t *testing.T) {
	table, err := ParseCommands([]byte(`[["set",-3,["write"],1,1,1],["config",-2,["admin"],0,0,0]]`))
	if err != nil {
		t.Fatal(err)
	}
	set, _ := table.Lookup([]string{"set"})
	config, _ := table.Lookup([]string{"config"})
	if !set.Writes() || set.Dangerous() || config.Writes() || !config.Dangerous() {
		t.Errorf("%+v, %+v", set, config)
	}
}

func BenchmarkEmbedded(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Embedded(); err != nil {
			b.Fatal(err)
		}
	}
}
