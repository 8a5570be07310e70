package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a word of redan cert show is: a file when there is one, and otherwise what it looks like.
func TestShowTellsFilesFromServers(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"redis.crt", "redis:6380", "10.0.0.1", "plain"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for word, want := range map[string]bool{
		"redis.crt": true, "redis:6380": true, "10.0.0.1": true, "plain": true, // they are there
		"none.crt": true, "none.PEM": true, filepath.Join("dir", "none"): true, "~/none": true, // they could be nothing else
		"":     false,
		"none": false, "db.example.com": false, "db.example.com:6380": false, "db.crt:6380": false,
		"::1": false, "[::1]:6380": false, "10.0.0.2": false, "rediss://redis.crt": false, "rediss://h:1/0": false,
	} {
		s := &showing{app: newApp(System{Stdin: strings.NewReader(""), Stdout: &strings.Builder{}, Stderr: &strings.Builder{}})}
		if got := s.isFile(word); got != want {
			t.Errorf("%q: a file %v, want %v", word, got, want)
		}
	}
}

// An empty answer is none, and after Ctrl-C nothing is asked any more.
func TestShowAsksPatiently(t *testing.T) {
	answers := []struct {
		text string
		err  error
	}{{"", nil}, {"open", nil}, {"", errInterrupted}, {"never asked for", nil}}
	asked := 0
	ask := (&showing{}).patiently(func(string) ([]byte, error) {
		asked++
		return []byte(answers[asked-1].text), answers[asked-1].err
	})
	for i, want := range []error{errNoPassphrase, nil, errInterrupted, errNoPassphrase, errNoPassphrase} {
		if got, err := ask("file"); !errors.Is(err, want) || want == nil && string(got) != "open" {
			t.Errorf("%d: %q, %v; want %v", i, got, err, want)
		}
	}
	if asked != 3 {
		t.Errorf("asked %d times", asked)
	}
}
