package safefile

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test binary be the program that is killed in the middle of a write.
func TestMain(m *testing.M) {
	if path := os.Getenv("REDAN_TEST_WRITE"); path != "" {
		files := Files{Through: func(w io.Writer) io.Writer { return &stuck{w} }}
		_ = files.Replace(path, bytes.Repeat([]byte("new\n"), 1000))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// stuck writes half of it, says so, and never comes back.
type stuck struct{ w io.Writer }

func (s *stuck) Write(p []byte) (int, error) {
	_, _ = s.w.Write(p[:len(p)/2])
	_, _ = os.Stdout.WriteString("half\n")
	select {}
}

// full is a disk on which there is room for n bytes.
type full struct {
	w io.Writer
	n int
}

var errFull = errors.New("no space left on device")

func (f *full) Write(p []byte) (int, error) {
	n, _ := f.w.Write(p[:min(f.n, len(p))])
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// has holds what a folder has in it: names and contents.
func has(t *testing.T, folder string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if expected, ok := want[entry.Name()]; !ok || err != nil || string(text) != expected {
			t.Errorf("%s holds %q (%v), want %q", entry.Name(), text, err, expected)
		}
	}
	if len(entries) != len(want) {
		t.Errorf("%d files, want %d", len(entries), len(want))
	}
}

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.toml")
	for _, text := range []string{"one", "two"} {
		if err := (Files{}).Replace(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		has(t, dir, map[string]string{"a.toml": text})
	}
	write(t, path, "open to all")
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := (Files{}).Replace(path, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != FileMode {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// TestFullDisk holds that a disk that is full after any number of bytes leaves the old file whole and nothing else behind.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.toml")
	write(t, path, "old")
	for n := range len("the new content") {
		files := Files{Through: func(w io.Writer) io.Writer { return &full{w, n} }}
		if err := files.Replace(path, []byte("the new content")); !errors.Is(err, errFull) {
			t.Fatalf("after %d bytes: %v", n, err)
		}
		has(t, dir, map[string]string{"a.toml": "old"})
	}
}

// TestKilled kills a program in the middle of a write: the old file is whole, and the next write clears up.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.toml")
	write(t, path, "old")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "REDAN_TEST_WRITE="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err := errors.Join(err, cmd.Process.Kill()); err != nil || line != "half\n" {
		t.Fatalf("%q, %v", line, err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("it was not killed")
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "old" {
		t.Fatalf("%q, %v", text, err)
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 2 {
		t.Fatalf("%d files, want the old one and half of the new one", len(entries))
	}
	if names, err := Names(dir); err != nil || len(names) != 1 {
		t.Errorf("names %q, %v", names, err)
	}
	if err := (Files{}).Replace(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	has(t, dir, map[string]string{"a.toml": "new"})
}

func TestSymbolicLinks(t *testing.T) {
	dir, home := t.TempDir(), t.TempDir()
	target := filepath.Join(dir, "dotfiles.toml")
	write(t, target, "old")
	link, again := filepath.Join(home, "again.toml"), filepath.Join(home, "config.toml")
	if err := errors.Join(os.Symlink(target, link), os.Symlink("again.toml", again)); err != nil {
		t.Fatal(err)
	}
	if err := (Files{}).Replace(again, []byte("new")); err != nil {
		t.Fatal(err)
	}
	has(t, dir, map[string]string{"dotfiles.toml": "new"})
	if to, err := os.Readlink(again); err != nil || to != "again.toml" {
		t.Errorf("the link leads to %q, %v", to, err)
	}
	dangling, loop := filepath.Join(home, "dangling"), filepath.Join(home, "loop")
	if err := errors.Join(os.Symlink(filepath.Join(dir, "fresh"), dangling), os.Symlink(loop, loop)); err != nil {
		t.Fatal(err)
	}
	if err := (Files{}).Replace(dangling, []byte("made")); err != nil {
		t.Fatal(err)
	}
	has(t, dir, map[string]string{"dotfiles.toml": "new", "fresh": "made"})
	if err := (Files{}).Replace(loop, []byte("x")); err == nil {
		t.Error("a link to itself was written")
	}
}

func TestOddFiles(t *testing.T) {
	dir := t.TempDir()
	if err := (Files{}).Replace(dir, nil); !errors.Is(err, errOdd) {
		t.Errorf("a folder is replaced: %v", err)
	}
	if _, err := (Files{}).Read(dir); !errors.Is(err, errOdd) {
		t.Errorf("a folder is read: %v", err)
	}
	path := filepath.Join(dir, "huge")
	write(t, path, "")
	if err := os.Truncate(path, maxSize+1); err != nil {
		t.Fatal(err)
	}
	if _, err := (Files{}).Read(path); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("a huge file is read: %v", err)
	}
}

func TestLocked(t *testing.T) {
	files := Files{Lock: filepath.Join(t.TempDir(), "made", ".lock")}
	err := files.Locked(t.Context(), func() error {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		defer cancel()
		return files.Locked(ctx, func() error { t.Error("both hold it"); return nil })
	})
	if !errors.Is(err, ErrLocked) {
		t.Errorf("the second one: %v", err)
	}
	if err := files.Locked(t.Context(), func() error { return errFull }); !errors.Is(err, errFull) {
		t.Errorf("the error of the work is %v", err)
	}
	if err := files.Locked(t.Context(), func() error { return nil }); err != nil {
		t.Errorf("it is still locked: %v", err)
	}
}
