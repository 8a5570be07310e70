package commands

import (
	"slices"
	"strings"
	"testing"
)

func TestComplete(t *testing.T) {
	table := embeddedTable(t)
	for line, want := range map[string][]string{
		"cli":                   {"client"},
		"CL":                    {"CLIENT", "CLUSTER"},
		"cLi":                   {"cLient"},
		"Cl":                    {"Client", "Cluster"},
		"client l":              {"client list"},
		"CLIENT L":              {"CLIENT LIST"},
		"config ":               {"config get", "config help", "config resetstat", "config rewrite", "config set"},
		"set k v ":              {"set k v nx", "set k v xx", "set k v get", "set k v ex", "set k v px", "set k v exat", "set k v pxat", "set k v keepttl"},
		"SET K v n":             {"SET K v nx"},
		"SET k V E":             {"SET k V EX", "SET k V EXAT"},
		"set k v ex 5 ":         {"set k v ex 5 nx", "set k v ex 5 xx", "set k v ex 5 get"},
		"set k v ex ":           nil,
		"set k v foo ":          nil,
		"set k v nx":            nil,
		"set ":                  nil,
		"nosuch ":               nil,
		"5 client li":           {"5 client list"},
		"help @str":             {"help @stream", "help @string"},
		"HELP @STR":             {"HELP @STREAM", "HELP @STRING"},
		"help geta":             nil,
		"help getd":             {"help getdel"},
		"? getd":                {"? getdel"},
		"help client li":        {"help client list"},
		"help client list ":     nil,
		"help get ":             nil,
		`"cli`:                  nil,
		`client "l`:             nil,
		`client "l"`:            nil,
		`get "a"b`:              nil,
		"xadd s ":               {"xadd s nomkstream", "xadd s maxlen", "xadd s minid", "xadd s *"},
		"zunionstore d 1 k ":    {"zunionstore d 1 k weights", "zunionstore d 1 k aggregate"},
		"sort k get p asc g":    {"sort k get p asc get"},
		"migrate h 1 k 0 9 au":  {"migrate h 1 k 0 9 auth", "migrate h 1 k 0 9 auth2"},
		"client list type NO":   {"client list type NORMAL"},
		"geosearch k from":      {"geosearch k frommember", "geosearch k fromlonlat"},
		"command list filterby": nil,
		"x\x00y":                nil,
	} {
		if got := table.Complete(line); !slices.Equal(got, want) {
			t.Errorf("Complete(%q) = %q, want %q", line, got, want)
		}
	}
	if got := table.Complete(""); len(got) < 200 || got[0] != "ACL" {
		t.Errorf("an empty line: %d candidates, %q first", len(got), got[:1])
	}
}

func TestCompleteOffersATokenOnce(t *testing.T) {
	table, err := ParseDocs([]byte(`{"m":{"summary":"s","arguments":[{"name":"x","type":"oneof","arguments":[
		{"name":"a","type":"integer","token":"BY"},{"name":"b","type":"string","token":"BY"}]}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := table.Complete("m "), []string{"m by"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// What is offered must be understood once chosen, for every command and
// option reachable from its name.
func TestCompletionsAreUnderstood(t *testing.T) {
	table := embeddedTable(t)
	for _, c := range table.Commands() {
		line := strings.ToLower(c.Name) + " "
		for range 6 {
			offered := table.Complete(line)
			for _, o := range offered {
				words, err := Split(o)
				if err != nil || !strings.HasPrefix(o, line) {
					t.Fatalf("Complete(%q) offers %q (%v)", line, o, err)
				}
				if _, ok := table.expect(words); !ok {
					t.Errorf("Complete(%q) offers %q, which is not understood", line, o)
				}
			}
			if len(offered) > 0 && len(table.Subcommands(c)) == 0 {
				line = offered[len(offered)-1] + " "
				continue
			}
			line += "1 "
		}
	}
}
