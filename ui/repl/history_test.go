package repl

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestHistoryIsAddedTo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	h := history{path: path}
	if lines, err := h.load(); len(lines) > 0 || err != nil {
		t.Fatalf("no file: got %q, %v", lines, err)
	}
	for _, line := range []string{"get a", "  get b ", "set k \"\\x00é\""} {
		if err := h.add(line); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"get a", "  get b ", "set k \"\\x00é\""}
	if lines, err := h.load(); !slices.Equal(lines, want) || err != nil {
		t.Errorf("got %q, %v", lines, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
}

func TestHistoryOfRedisCLIGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	write(t, path, "old\nwrite that was cut o") // for all to read, and without the last line end
	if err := (history{path: path}).add("new"); err != nil {
		t.Fatal(err)
	}
	if got := read(t, path); got != "old\nwrite that was cut o\nnew\n" {
		t.Errorf("got %q", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
}

// Prompts that write at the same time, and others that start meanwhile and
// find the file too long, lose nothing of each other.
func TestPromptsLoseNothingOfEachOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	var old strings.Builder
	for i := range 2*maxRecall - 30 {
		fmt.Fprintf(&old, "old %d\n", i)
	}
	write(t, path, old.String())
	const prompts, lines = 6, 40 // fewer than what is kept: none may be missing
	var wait sync.WaitGroup
	for p := range prompts {
		wait.Go(func() {
			for i := range lines {
				if err := (history{path: path}).add(fmt.Sprintf("prompt %d line %d", p, i)); err != nil {
					t.Error(err)
				}
				if i%5 == 0 {
					if _, err := (history{path: path}).load(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wait.Wait()
	kept := map[string]int{}
	for _, line := range splitLines(read(t, path)) {
		kept[line]++
	}
	for p := range prompts {
		for i := range lines {
			if line := fmt.Sprintf("prompt %d line %d", p, i); kept[line] != 1 {
				t.Errorf("%q is there %d times", line, kept[line])
			}
		}
	}
	if len(kept) > 2*maxRecall {
		t.Errorf("%d lines: nobody has shortened the file", len(kept))
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestALongHistoryIsShortenedAndALinkStaysOne(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "dotfiles"), filepath.Join(dir, "history")
	write(t, path, strings.Repeat("x\n", 2*maxRecall)+"last\n")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	lines, err := history{path: link}.load()
	if err != nil || len(lines) != maxRecall || lines[maxRecall-1] != "last" {
		t.Errorf("%d lines, %v", len(lines), err)
	}
	if got := strings.Count(read(t, path), "\n"); got != maxRecall {
		t.Errorf("%d lines are left, want %d", got, maxRecall)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info.Mode(), err)
	}
}

func TestHistoryThatCannotBeKept(t *testing.T) {
	dir := t.TempDir()
	for name, path := range map[string]string{
		"no such folder":     filepath.Join(dir, "no", "such", "folder"),
		"not a regular file": dir,
	} {
		err := history{path: path}.add("get a")
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := (history{path: dir}).load(); err == nil {
		t.Error("a folder is no history")
	}
	if err := (history{}).add("get a"); err != nil {
		t.Errorf("no history: %v", err)
	}
}

func TestALineThatCannotBeWrittenWholeIsTakenBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	write(t, path, "old\n")
	file, err := os.Open(path) // for reading only
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := appendLine(file, "new"); err == nil {
		t.Error("no error")
	}
	if got := read(t, path); got != "old\n" {
		t.Errorf("got %q", got)
	}
}
