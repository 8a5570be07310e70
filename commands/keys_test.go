package commands

import (
	"slices"
	"strings"
	"testing"
)

// The server itself says which words of a command are keys.
func TestKeysAreThoseOfTheServer(t *testing.T) {
	s := startServer(t)
	table := s.table("-3")
	for _, line := range []string{
		"get k", "set k v ex 5", "mset a 1 b 2 c 3", "del a b c", "rename a b", "object encoding k", "memory usage k",
		"blpop a b 5", "bitop and d a b", "eval s 2 a b x", "eval s 0 x", "evalsha s 1 a", "fcall f 2 a b c",
		"zunionstore d 2 a b weights 1 2", "zinter 2 a b", "lmpop 2 a b left", "blmpop 0 1 a right", "zmpop 1 a min",
		"xread streams a b 1 2", "xread count 2 block 0 streams a 0", "xreadgroup group g c streams a b > >",
		"migrate h 1 k 0 1", `migrate h 1 "" 0 1 keys a b`, "georadius k 1 2 3 m store d", "geosearchstore d s fromlonlat 1 2 byradius 1 m",
		"sintercard 2 a b limit 1", "lcs a b", "copy a b", "xgroup create k g $", "pfcount a b", "smove a b m", "sdiffstore d a b",
	} {
		words, err := Split(line)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Split(strings.TrimSpace(string(s.cli("", append([]string{"--raw", "COMMAND", "GETKEYS"}, words...)...))), "\n")
		if strings.HasPrefix(want[0], "ERR") || strings.HasPrefix(line, "eval s 0") {
			want = nil
		}
		c, _ := table.Lookup(words)
		var got []string
		for _, i := range c.Keys(words) {
			if words[i] != "" {
				got = append(got, words[i])
			}
		}
		want = slices.DeleteFunc(want, func(k string) bool { return k == "" })
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: keys %q, the server says %q", line, got, want)
		}
	}
}

func TestKeysWithoutSpecs(t *testing.T) {
	old, err := ParseCommands([]byte(`[["del",-2,["write"],1,-1,1],["mset",-3,["write"],1,-1,2],["bitop",-4,["write"],2,-1,1],["rename",3,["write"],1,2,1],["move",-3,["write"],1,1,1],["ping",-1,[],0,0,0]]`))
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string][]int{
		"del a b": {1, 2}, "mset a 1 b 2": {1, 3}, "bitop and d a": {2, 3}, "rename a b": {1, 2}, "move a b c": {1}, "ping a": nil, "del": nil,
	} {
		words := strings.Fields(line)
		c, _ := old.Lookup(words)
		if got := c.Keys(words); !slices.Equal(got, want) {
			t.Errorf("%s: keys at %v, want %v", line, got, want)
		}
	}
}

func TestKeysBehindTheirNumber(t *testing.T) {
	// No command of ours has a word between the number and the keys, but a
	// module's may, and may have values between keys.
	c := Command{Name: "MOD", KeySpecs: []KeySpec{{Begin: "index", Index: 2, Find: "keynum", FirstAt: 2, Step: 2}}}
	if got, want := c.Keys(strings.Fields("mod x 2 y a 1 b 2 c")), []int{4, 6}; !slices.Equal(got, want) {
		t.Errorf("keys at %v, want %v", got, want)
	}
}

func TestKeysOfNonsense(t *testing.T) {
	table := embeddedTable(t)
	for _, line := range []string{"eval s 99999999999 a", "eval s -1 a", "eval s", "eval s x", "xread streams", "migrate keys", "zunionstore d 9223372036854775807 a b"} {
		words := strings.Fields(line)
		c, _ := table.Lookup(words)
		for _, i := range c.Keys(words) {
			if i <= 0 || i >= len(words) {
				t.Errorf("%s: key at %d", line, i)
			}
		}
	}
}

func TestKeyAt(t *testing.T) {
	table := embeddedTable(t)
	for _, tt := range []struct {
		line, prefix string
		ok           bool
	}{
		{"get ", "", true},
		{"get us", "us", true},
		{`get "user 1`, "user 1", true},
		{`get 'us`, "us", true},
		{"GET us ", "", false},
		{"get", "", false},
		{"", "", false},
		{"nosuch k", "", false},
		{"set k v", "", false},
		{"mset a 1 b", "b", true},
		{"mset a 1 b 2", "", false},
		{"5 get us", "us", true},
		{"object encoding us", "us", true},
		{"object us", "", false},
		{"client l", "", false},
		{"blpop a b", "b", true},
		{"eval s 1 a", "a", true},
		{"eval s 1 a b", "", false},
		{"eval s 0 a", "", false},
		{"xread count 1 streams st", "st", true},
		{"xread str", "", false},
		{"sort k store d", "d", true},
		{"sort k by p", "", false},
		{"zunionstore d 2 a b", "b", true},
		{"zunionstore d 2 a b we", "", false},
		{"set k v foo", "", false},
		{"set k v foo x", "", false},
		{"keys us", "", false},
		{`get "a"b`, "", false},
	} {
		if prefix, ok := table.KeyAt(tt.line); prefix != tt.prefix || ok != tt.ok {
			t.Errorf("KeyAt(%q) = %q, %v, want %q, %v", tt.line, prefix, ok, tt.prefix, tt.ok)
		}
	}
}

func TestKeyAtWithoutDocumentation(t *testing.T) {
	table, err := ParseCommands([]byte(`[["mod.set",-3,["write"],2,-1,2],["mod.none",-1,[],0,0,0]]`))
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]bool{
		"mod.set x": false, "mod.set x k": true, "mod.set x k v": false, "mod.set x k v ": true, "mod.none x": false,
	} {
		if _, ok := table.KeyAt(line); ok != want {
			t.Errorf("KeyAt(%q) = %v", line, ok)
		}
	}
}
