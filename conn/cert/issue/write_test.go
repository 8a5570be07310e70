package issue

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// failing is the real file system, in which one step fails, or every link.
type failing struct {
	OS
	at, n   int // the step that fails, and those so far
	err     error
	noLinks bool
	before  func(step string) // looks on
}

func (f *failing) step(name string) error {
	if f.before != nil {
		f.before(name)
	}
	if f.n++; f.n == f.at {
		return f.err
	}
	return nil
}

func (f *failing) Mkdir(path string, mode fs.FileMode) error {
	if err := f.step("mkdir"); err != nil {
		return err
	}
	return f.OS.Mkdir(path, mode)
}

func (f *failing) CreateTemp(dir, pattern string) (TempFile, error) {
	if err := f.step("create"); err != nil {
		return nil, err
	}
	file, err := f.OS.CreateTemp(dir, pattern)
	return &failingFile{file, f}, err
}

func (f *failing) Link(from, to string) error {
	if f.noLinks {
		return syscall.EPERM
	}
	if err := f.step("link"); err != nil {
		return err
	}
	return f.OS.Link(from, to)
}

func (f *failing) Rename(from, to string) error {
	if err := f.step("rename"); err != nil {
		return err
	}
	return f.OS.Rename(from, to)
}

func (f *failing) SyncDir(path string) error {
	if err := f.step("syncdir"); err != nil {
		return err
	}
	return f.OS.SyncDir(path)
}

type failingFile struct {
	TempFile
	fs *failing
}

func (f *failingFile) Write(p []byte) (int, error) {
	if err := f.fs.step("write"); err != nil {
		n, _ := f.TempFile.Write(p[:len(p)/2]) // as much as there was room for
		return n, err
	}
	return f.TempFile.Write(p)
}

func (f *failingFile) Sync() error {
	if err := f.fs.step("sync"); err != nil {
		return err
	}
	return f.TempFile.Sync()
}

func (f *failingFile) Close() error {
	return errors.Join(f.TempFile.Close(), f.fs.step("close"))
}

// snapshot is all files below dir with their content and mode.
func snapshot(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil || entry.IsDir() {
			fmt.Fprintln(&all, path)
			return err
		}
		data, err := os.ReadFile(path)
		fmt.Fprintf(&all, "%s %v %s\n", path, info.Mode(), data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// TestAllOrNothing: whichever step fails, everything is as it was before.
func TestAllOrNothing(t *testing.T) {
	for name, test := range map[string]struct{ isOld, force, noLinks bool }{
		"new directory":            {},
		"new, forced":              {force: true},
		"over old files":           {isOld: true, force: true},
		"without links":            {noLinks: true},
		"over old, without links ": {isOld: true, force: true, noLinks: true},
	} {
		t.Run(name, func(t *testing.T) {
			for at := 1; ; at++ {
				top := t.TempDir()
				dir := filepath.Join(top, "a", "b")
				if test.isOld {
					dir = top
					for _, file := range []string{"ca.crt", "node.key", "other"} {
						if err := os.WriteFile(filepath.Join(dir, file), []byte("old "+file), 0o640); err != nil {
							t.Fatal(err)
						}
					}
				}
				before := snapshot(t, top)
				fsys := &failing{at: at, err: syscall.ENOSPC, noLinks: test.noLinks}
				files := []File{{"ca.crt", []byte("new ca"), 0o644}, {"node.crt", []byte("new node"), 0o600}, {"node.key", []byte("new key"), 0o600}}
				_, err := Write(fsys, dir, files, test.force)
				if fsys.n < at { // nothing failed any more
					if err != nil || at < 10 {
						t.Fatalf("after %d steps: %v", at, err)
					}
					checkWritten(t, dir, files, test.isOld)
					return
				}
				after := snapshot(t, top)
				if err == nil && after == before {
					t.Fatalf("step %d: no error, and nothing written", at)
				}
				if err == nil { // a file system without room for a second name: the file was moved instead
					checkWritten(t, dir, files, test.isOld)
					continue
				}
				if after != before {
					t.Errorf("step %d failed (%v) and left\n%sof\n%s", at, err, after, before)
				}
				if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "no space left on device; nothing was changed") {
					t.Errorf("step %d: %v", at, err)
				}
			}
		})
	}
}

func checkWritten(t *testing.T, dir string, files []File, isOld bool) {
	t.Helper()
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(dir, file.Name))
		if err != nil || string(data) != string(file.Data) {
			t.Errorf("%s holds %q (%v)", file.Name, data, err)
		}
		if info, err := os.Stat(filepath.Join(dir, file.Name)); err != nil || info.Mode() != file.Mode {
			t.Errorf("%s: mode %v, %v", file.Name, info.Mode(), err)
		}
	}
	want := len(files)
	if isOld {
		want++ // the one that does not concern us
	} else if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the directory: %v, %v", info.Mode(), err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != want {
		t.Errorf("%v (%v), want %d files", entries, err, want)
	}
}

func TestNothingIsOverwritten(t *testing.T) {
	dir := t.TempDir()
	files := []File{{"a", []byte("1"), 0o600}, {"b", []byte("2"), 0o600}, {"c", []byte("3"), 0o600}}
	for _, name := range []string{"b", "c"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("3"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := snapshot(t, dir)
	_, err := Write(OS{}, dir, files, false)
	var exists *ExistsError
	if !errors.As(err, &exists) || strings.Join(exists.Names, " ") != "b" || snapshot(t, dir) != before {
		t.Errorf("%v", err)
	}
	same, err := Write(OS{}, dir, files, true)
	if err != nil || strings.Join(same, " ") != "c" {
		t.Errorf("left %v, %v", same, err)
	}
	if same, err = Write(OS{}, dir, files, false); err != nil || len(same) != 3 {
		t.Errorf("the same again: left %v, %v", same, err)
	}
}

// TestSomebodyElseIsFaster: a file that appears while ours are being written is not overwritten either.
func TestSomebodyElseIsFaster(t *testing.T) {
	for _, noLinks := range []bool{false, true} {
		dir := t.TempDir()
		target := filepath.Join(dir, "b")
		fsys := &failing{noLinks: noLinks, before: func(step string) {
			if step == "close" {
				_ = os.WriteFile(target, []byte("theirs"), 0o600)
			}
		}}
		_, err := Write(fsys, dir, []File{{"a", []byte("1"), 0o600}, {"b", []byte("2"), 0o600}}, false)
		if err == nil || !strings.Contains(err.Error(), "by somebody else") {
			t.Errorf("no links %v: %v", noLinks, err)
		}
		if got := snapshot(t, dir); strings.Count(got, "\n") != 2 || !strings.Contains(got, "theirs") {
			t.Errorf("no links %v: %s", noLinks, got)
		}
	}
}

func TestPlacesThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "ca.crt"), 0o700); err != nil {
		t.Fatal(err)
	}
	files := []File{{"ca.crt", []byte("1"), 0o600}}
	for want, test := range map[string]struct {
		dir string
		fs  FS
	}{
		"is a file, not a directory": {filepath.Join(dir, "file"), OS{}},
		"not a directory":            {filepath.Join(dir, "file", "sub"), OS{}},
		"is no regular file":         {dir, OS{}},
		"name a directory of yours":  {filepath.Join(dir, "new"), &failing{at: 1, err: &fs.PathError{Op: "mkdir", Path: "x", Err: fs.ErrPermission}}},
	} {
		before := snapshot(t, dir)
		_, err := Write(test.fs, test.dir, files, true)
		if err == nil || !strings.Contains(err.Error(), want) || snapshot(t, dir) != before {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
