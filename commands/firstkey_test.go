package commands

import (
	"slices"
	"strings"
	"testing"
)

func TestFirstKey(t *testing.T) {
	table, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	finder := table.KeyFinder()
	for line, want := range map[string]string{
		"set a 1": "a", "SET a 1": "a", "Set a": "a", "mset a 1 b 2": "a", "bitop and d a b": "d", "xgroup create s g 0": "s",
		"object encoding k": "k", "eval x 2 a b": "a", "xread count 2 streams s t 0 0": "s", "zunionstore d 2 a b": "d",
		"georadius k 1 2 3 m store d": "k", "jsonish.set doc path": "doc", "sort k by x": "k", "migrate h 1 k 0 1": "k", "spublish c m": "c",
		"set ''": "",
		// without a key
		"ping": "-", "ping text": "-", "set": "-", "eval x 0 a": "-", "eval x": "-", "eval": "-", "object": "-", "object help": "-", "publish c m": "-",
		"config set a b": "-", "xgroup": "-", "script load x": "-", "xread count 2": "-", "jsonish.set": "-", "flushall async": "-",
	} {
		for range 2 { // found, and remembered
			words, err := Split(line)
			if err != nil {
				t.Fatal(err)
			}
			key, ok := finder.FirstKey(words)
			if !ok {
				key = "-"
			}
			if key != want {
				t.Errorf("%s: %q, want %q", line, key, want)
			}
		}
	}
	if _, ok := finder.FirstKey(nil); ok {
		t.Error("a key of nothing")
	}
}

// What is remembered is what is found, for all commands of the table.
func TestFirstKeyIsFirstOfKeys(t *testing.T) {
	table, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	finder := table.KeyFinder()
	for _, c := range table.Commands() {
		words := append(strings.Fields(c.Name), "1", "1", "2", "3", "STREAMS", "x", "y", "z")
		want, found := "", false
		if keys := c.Keys(words); len(keys) > 0 && len(table.Subcommands(c)) == 0 {
			want, found = words[slices.Min(keys)], true
		}
		if key, ok := finder.FirstKey(words); (key != want || ok != found) && len(table.Subcommands(c)) == 0 {
			t.Errorf("%q: %q %t, want %q %t", words, key, ok, want, found)
		}
	}
}

// Input that is no commands does not make a finder grow.
func TestKeyFinderIsBounded(t *testing.T) {
	table, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	finder := table.KeyFinder()
	for i := range 3 * maxSpellings {
		_, _ = finder.FirstKey([]string{strings.Repeat("x", i), "k"})
	}
	if len(finder.at) > maxSpellings {
		t.Errorf("%d names", len(finder.at))
	}
}
