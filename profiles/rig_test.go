package profiles

import (
	"os"
	"path/filepath"
	"testing"
)

// newStore returns a store with these files, by their path in it.
func newStore(t *testing.T, files map[string]string) Store {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return NewStore(dir, "/home/ann")
}

func (s Store) load(t *testing.T, name string) Profile {
	t.Helper()
	p, err := s.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (s Store) text(t *testing.T, name string) string {
	t.Helper()
	text, err := s.Text(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
