package nearest_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"redan/commands/nearest"
)

func TestWord(t *testing.T) {
	known := []string{"read_only", "readonly_mode", "GET", "GETEX", "HGETALL", "--tls-verify", "--tls-verify-name", "a", "theme"}
	for word, want := range map[string]string{
		"readonly": "read_only", "raed_only": "read_only", "red_only": "read_only", "READ-ONLY": "read_only", "gte": "GET", "hgetal": "HGETALL",
		"hegtall": "HGETALL", "--tls-verfy": "--tls-verify", "theem": "theme", "themes": "theme", "b": "a", "quite something else": "", "": "",
		"-_": "", strings.Repeat("x", 1<<20): "",
	} {
		if got := nearest.Word(word, known); got != want {
			t.Errorf("%.40q: %q, want %q", word, got, want)
		}
	}
	known = []string{"HGET", "HGETALL", "FLUSHALL", "CONNECT", "SET", "MSET", "host", "port", "description", "tls"}
	for word, want := range map[string]string{
		"hgetal": "HGETALL", "flsuhall": "FLUSHALL", "conect": "CONNECT", "HGTE": "HGET", "xyz": "", "hello": "", "hots": "host", "prot": "port",
		"discription": "description", "tsl": "tls", "zzz": "", strings.Repeat("get", 50): "",
	} {
		if got := nearest.Word(word, known); got != want {
			t.Errorf("%.40q: %q, want %q", word, got, want)
		}
	}
	if got := nearest.Word("get", nil); got != "" {
		t.Errorf("nothing is known, and %q is near", got)
	}
}

// TestOneSlip holds that any single slip in a word of four letters or more finds it among words that are far from it.
func TestOneSlip(t *testing.T) {
	known := []string{"subscribe", "flushall", "timeout", "password", "host"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		word := known[random.IntN(len(known))]
		typed, at := []byte(word), random.IntN(len(word)-1)
		switch random.IntN(4) {
		case 0:
			typed = append(typed[:at], typed[at+1:]...)
		case 1:
			typed[at] = 'z'
		case 2:
			typed[at], typed[at+1] = typed[at+1], typed[at]
		default:
			typed = append(typed[:at], append([]byte{'q'}, typed[at:]...)...)
		}
		if got := nearest.Word(string(typed), known); got != word {
			t.Fatalf("%q for %q, want %q", got, typed, word)
		}
	}
}

func TestSlips(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"a", "", 1},
		{"", "abc", 3},
		{"--json", "--json", 0},
		{"--jsno", "--json", 1},
		{"--jso", "--json", 1},
		{"--pass", "--port", 3},
		{"kitten", "sitting", 3},
	} {
		if got := nearest.Slips(test.a, test.b); got != test.want {
			t.Errorf("%q to %q is %d, want %d", test.a, test.b, got, test.want)
		}
		if got := nearest.Slips(test.b, test.a); got != test.want {
			t.Errorf("%q to %q is %d, want %d", test.b, test.a, got, test.want)
		}
	}
}
