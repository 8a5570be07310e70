package atomicfile_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"redan/commands/atomicfile"
)

// create makes a file that is to take the place of target, and writes to it.
func create(t *testing.T, target string) *atomicfile.File {
	t.Helper()
	f, err := atomicfile.Create(target, ".a.*.part", 0o640)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Discard)
	if _, err := f.WriteString("new"); err != nil {
		t.Fatal(err)
	}
	return f
}

// has holds what is in a folder.
func has(t *testing.T, folder string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, entry := range entries {
		text, _ := os.ReadFile(filepath.Join(folder, entry.Name()))
		got[entry.Name()] = string(text)
	}
	if !maps.Equal(got, want) {
		t.Errorf("%s has %q, want %q", folder, got, want)
	}
}

func TestCommit(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "target")
	for _, old := range []map[string]string{{}, {"target": "old"}} {
		first, second := create(t, target), create(t, target)
		for _, f := range []*atomicfile.File{first, second} {
			if name := filepath.Base(f.Name()); !regexp.MustCompile(`^\.a\.\d+-\d+\.part$`).MatchString(name) {
				t.Errorf("it is called %q", name)
			}
		}
		second.Discard()
		beside := maps.Clone(old)
		beside[filepath.Base(first.Name())] = "new"
		has(t, dir, beside)
		if err := second.Commit(); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("what was discarded is committed: %v", err)
		}
		if err := first.Commit(); err != nil {
			t.Fatal(err)
		}
		first.Discard() // too late
		has(t, dir, map[string]string{"target": "new"})
		if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCommitFails holds that what cannot take the place of the target is gone, with the reason and nothing around it.
func TestCommitFails(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "folder")
	f := create(t, target)
	if err := os.MkdirAll(filepath.Join(target, "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err == nil {
		t.Error("a folder is replaced")
	}
	has(t, dir, map[string]string{"folder": ""})

	f = create(t, filepath.Join(dir, "lost"))
	_ = f.Close() // as a disk that fails when all is to be written
	if err := f.Commit(); !errors.Is(err, fs.ErrClosed) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v", err)
	}
	has(t, dir, map[string]string{"folder": ""})
}

func TestFollow(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := errors.Join(os.WriteFile(at("file"), nil, 0o600), os.Symlink("file", at("link")), os.Symlink(at("link"), at("again")),
		os.Symlink("none", at("dangling")), os.Symlink("loop", at("loop"))); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"file": "file", "link": "file", "again": "file", "dangling": "none", "none": "none"} {
		if got, err := atomicfile.Follow(at(name)); err != nil || got != at(want) {
			t.Errorf("%s leads to %q, %v, want %s", name, got, err, want)
		}
	}
	if _, err := atomicfile.Follow(at("loop")); !errors.Is(err, syscall.ELOOP) {
		t.Errorf("a link to itself: %v", err)
	}
}
