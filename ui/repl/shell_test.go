package repl

import (
	"strings"
	"testing"

	"redan/commands"
)

func TestSplitShell(t *testing.T) {
	for _, tc := range []struct {
		line, command, shell string
		ok                   bool
	}{
		{"get doc | jq .", "get doc", "jq .", true},
		{"get doc\t|\tjq .", "get doc", "jq .", true},
		{"  get doc  |  sort | uniq -c  ", "get doc", "sort | uniq -c", true},
		{`get "a b" | wc`, `get "a b"`, "wc", true},
		{`get 'it\'s' | wc`, `get 'it\'s'`, "wc", true},
		{`get "a\" | b" | wc`, `get "a\" | b"`, "wc", true},
		{`get a | grep "x | y"`, "get a", `grep "x | y"`, true},
		{"lrange l 0 -1 | head -1", "lrange l 0 -1", "head -1", true},
		{"3 incr c | sort", "3 incr c", "sort", true},

		{"set k 'a|b'", "", "", false},
		{"set k 'a | b'", "", "", false},
		{`set k "a | b"`, "", "", false},
		{`set k "a \" | b"`, "", "", false},
		{`set k 'a \ | b'`, "", "", false},
		{`set k '\\' | b'`, "", "", false}, // single quotes know only \'
		{"set k a|b", "", "", false},
		{"set k a| b", "", "", false},
		{"set k a |b", "", "", false},
		{"set k |", "", "", false},
		{"set k | ", "", "", false},
		{"| jq", "", "", false},
		{"  | jq", "", "", false},
		{"get a || true", "", "", false},
		{"get a\x00 | jq", "", "", false},
		{`get "a | jq`, "", "", false},
		{"", "", "", false},
	} {
		command, shell, ok := splitShell(tc.line)
		if ok != tc.ok || ok && (command != tc.command || shell != tc.shell) {
			t.Errorf("%q: got %q, %q, %v; want %q, %q, %v", tc.line, command, shell, ok, tc.command, tc.shell, tc.ok)
		}
	}
}

// A bar is for the shell only where the line would otherwise have it as a word
// of its own, outside quotes.
func FuzzSplitShellAgreesWithSplit(f *testing.F) {
	f.Add(`get "a | b" 'c' | jq .`)
	f.Fuzz(func(t *testing.T, line string) {
		command, shell, ok := splitShell(line)
		if !ok {
			return
		}
		if strings.TrimSpace(command) == "" || strings.TrimSpace(shell) == "" {
			t.Errorf("%q: %q, %q", line, command, shell)
		}
		words, err := commands.Split(command)
		if err != nil {
			return // will be refused as it stands
		}
		all, err := commands.Split(command + " |")
		if err != nil || len(all) != len(words)+1 || all[len(words)] != "|" {
			t.Errorf("%q: the bar behind %q stands in quotes", line, command)
		}
	})
}
