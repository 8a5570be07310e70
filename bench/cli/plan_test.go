package main

import (
	"strings"
	"testing"
)

// Each work can be told from the others by its name, is measured, and has a bar; what the issue asks for is there.
func TestPlan(t *testing.T) {
	seen := map[string]bool{}
	for _, g := range plan(full(), false) {
		for _, w := range g.works {
			if w.rounds < 1 || w.runs < 1 || w.bar <= 0 || (w.same == nil) != w.self {
				t.Errorf("%s: %+v", w.name, w)
			}
			for _, r := range w.rows() {
				if seen[r.name] {
					t.Errorf("two rows are called %q", r.name)
				}
				seen[r.name] = true
			}
		}
	}
	for _, want := range []string{
		"--pipe of 1,000,000 SETs", "--scan of 1,000,000 keys", "--bigkeys of 1,000,000 keys", "--memkeys of 1,000,000 keys",
		"--keystats of 1,000,000 keys (left: --memkeys)", "--hotkeys of 1,000,000 keys", "--bigkeys of 10,000 keys, 1 ms away",
		"--rdb of 1 GiB", "--rdb of 1 GiB, memory", "100,000 SETs from standard input", "LRANGE of 1,000,000, raw",
	} {
		if !seen[want] {
			t.Errorf("nothing is called %q", want)
		}
	}
}

// A redis-cli that knows --keystats is asked for it; for another one it is the strict choice that stands left.
func TestPlanOfKeystats(t *testing.T) {
	for _, tt := range []struct {
		knows        bool
		name, theirs string
	}{
		{true, "--keystats of 1,000,000 keys", ""},
		{false, "--keystats of 1,000,000 keys (left: --memkeys)", "-p $port --memkeys"},
	} {
		w := selected(plan(full(), tt.knows), "--keystats")[0].works[0]
		if w.name != tt.name || w.theirs != tt.theirs || w.words != "-p $port --keystats" {
			t.Errorf("%v: %q, %q beside %q", tt.knows, w.name, w.theirs, w.words)
		}
	}
}

func TestSelected(t *testing.T) {
	for word, want := range map[string]string{
		"":             "commands 6, pipe 2, keyspace 5, far 1, snapshot 1",
		"--bigkeys":    "keyspace 1, far 1",
		"bigkeys, m":   "",
		"--rdb":        "snapshot 1",
		"memory":       "commands 2, pipe 2, keyspace 2, snapshot 1",
		"no such row":  "",
		"inline, memo": "pipe 1",
	} {
		var got []string
		for _, g := range selected(plan(full(), false), word) {
			got = append(got, g.name+" "+string(rune('0'+len(g.works))))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%q: %s, want %s", word, strings.Join(got, ", "), want)
		}
	}
}

func TestParse(t *testing.T) {
	environment := func(name string) string { return map[string]string{"REDAN": "./other"}[name] }
	none := func(string) string { return "" }
	o, err := parse([]string{"--keys", "500", "--rounds", "1", "scan"}, environment, t.Output())
	if err != nil || o.redan != "./other" || o.rediscli != "redis-cli" || o.sizes.keys != 500 || o.only != "scan" {
		t.Errorf("%+v: %v", o, err)
	}
	for _, g := range plan(o.sizes, false) {
		for _, w := range g.works {
			if w.rounds != 1 {
				t.Errorf("%s has %d rounds", w.name, w.rounds)
			}
		}
	}
	if o, err := parse([]string{"--readme"}, none, t.Output()); err != nil || !o.readme {
		t.Errorf("%+v: %v", o, err)
	}
	for _, words := range [][]string{{"--readme", "scan"}, {"--readme", "--keys", "500"}, {"one", "two"}} {
		if _, err := parse(words, none, t.Output()); err == nil {
			t.Errorf("%q is taken", words)
		}
	}
	if _, err := parse([]string{"--readme"}, environment, t.Output()); err == nil {
		t.Error("another program's figures may go into the README")
	}
}
