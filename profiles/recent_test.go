package profiles_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"redan/profiles"
)

// TestRecent remembers uses, the newest of each, and forgets the oldest.
func TestRecent(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state", "recent")
	r := profiles.NewRecent(path)
	if used, err := r.Load(); err != nil || len(used) != 0 {
		t.Fatalf("without a file: %v, %v", used, err)
	}
	start := time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)
	for i := range 110 {
		if err := r.Note(t.Context(), fmt.Sprintf("p%03d", i), start.Add(time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Note(t.Context(), "p050", start.Add(24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := r.Note(t.Context(), "a name\nthat is none", start); err == nil {
		t.Error("a name that is none was noted")
	}
	used, err := r.Load()
	if err != nil || len(used) != 100 || !used["p050"].Equal(start.Add(24*time.Hour)) || !used["p009"].IsZero() {
		t.Errorf("%d uses, p050 at %v, p009 at %v: %v", len(used), used["p050"], used["p009"], err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v: %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("rubbish\n2026-11-22T14:00:00Z good\n2026-11-22T13:00:00Z good\n2026 ../x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if used, err := r.Load(); err != nil || len(used) != 1 || !used["good"].Equal(start) {
		t.Errorf("of a damaged file %v is left: %v", used, err)
	}
}

// TestRecentTogether notes uses from many sides at once.
func TestRecentTogether(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "recent")
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if err := profiles.NewRecent(path).Note(t.Context(), fmt.Sprintf("p%02d", i), time.Unix(int64(i), 0)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	text, err := os.ReadFile(path)
	if n := strings.Count(string(text), "\n"); err != nil || n != 20 {
		t.Errorf("%d of 20 uses are left: %v\n%s", n, err, text)
	}
}

// TestCheck tells of single values what the file would be refused for.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value any
		path  []string
		bad   bool
	}{
		{"db.lab", []string{"host"}, false},
		{70000, []string{"port"}, true},
		{6380, []string{"port"}, false},
		{"6380", []string{"port"}, true},
		{"prodution", []string{"environment"}, true},
		{"fulll", []string{"tls", "verify"}, true},
		{[]string{"a.pem"}, []string{"tls", "ca"}, false},
		{"http://x", []string{"uri"}, true},
		{nil, []string{"port"}, false},
		{true, []string{"read_only"}, false},
		{"env:", []string{"password"}, true},
	} {
		err := profiles.Check(c.value, c.path...)
		if (err != nil) != c.bad {
			t.Errorf("%v for %v: %v", c.value, c.path, err)
		}
		if err != nil && strings.Contains(err.Error(), strings.Join(c.path, ".")) {
			t.Errorf("the key is said twice: %v", err)
		}
	}
}
