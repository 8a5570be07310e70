//go:build unix

package transfer

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// folderHas holds what a folder has in it: names and contents.
func folderHas(t *testing.T, folder string, want map[string]string) {
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

func create(t *testing.T, name string) *SnapshotFile {
	t.Helper()
	f, err := CreateSnapshotFile(name, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("new")); err != nil {
		t.Fatal(err)
	}
	return f
}

func mode(t *testing.T, name string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func TestSnapshotFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "dump.rdb")
	f := create(t, name)
	if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is there before it is whole: %v", err)
	}
	f.Discard()
	f.Discard()
	folderHas(t, dir, nil)

	if err := create(t, name).Commit(); err != nil {
		t.Fatal(err)
	}
	folderHas(t, dir, map[string]string{"dump.rdb": "new"})
	if m := mode(t, name); m != 0o600 {
		t.Errorf("mode %v", m)
	}

	if err := errors.Join(os.WriteFile(name, []byte("an older and longer one"), 0o600), os.Chmod(name, 0o664)); err != nil {
		t.Fatal(err)
	}
	create(t, name).Discard()
	folderHas(t, dir, map[string]string{"dump.rdb": "an older and longer one"})
	f = create(t, name)
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	f.Discard() // too late
	folderHas(t, dir, map[string]string{"dump.rdb": "new"})
	if m := mode(t, name); m != 0o664 {
		t.Errorf("mode %v, want that of the older file", m)
	}
}

// TestSnapshotFileInterrupted holds that a snapshot that a signal discarded does not appear.
func TestSnapshotFileInterrupted(t *testing.T) {
	dir := t.TempDir()
	f := create(t, filepath.Join(dir, "dump.rdb"))
	f.Discard()
	_ = f.Commit()
	folderHas(t, dir, nil)
}

func TestSnapshotLinks(t *testing.T) {
	dir, home := t.TempDir(), t.TempDir()
	target, link, fresh := filepath.Join(dir, "target"), filepath.Join(home, "link"), filepath.Join(home, "fresh")
	loop := filepath.Join(home, "loop")
	if err := errors.Join(os.WriteFile(target, []byte("old"), 0o600), os.Symlink(target, link), os.Symlink("../"+filepath.Base(dir)+"/made", fresh),
		os.Symlink("loop", loop)); err != nil {
		t.Fatal(err)
	}
	f := create(t, link)
	folderHas(t, dir, map[string]string{"target": "old", filepath.Base(f.file.Name()): "new"})
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := create(t, fresh).Commit(); err != nil {
		t.Fatal(err)
	}
	folderHas(t, dir, map[string]string{"target": "new", "made": "new"})
	if to, err := os.Readlink(link); err != nil || to != target {
		t.Errorf("the link leads to %q, %v", to, err)
	}
	if _, err := CreateSnapshotFile(loop, 0o600); err == nil {
		t.Error("a link to itself can be written")
	}
}

func TestSnapshotDevice(t *testing.T) {
	f := create(t, os.DevNull)
	if f.Replaces() {
		t.Fatal("a device is to be replaced")
	}
	if err := f.Commit(); err != nil {
		t.Error(err)
	}
	f.Discard()
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("%v, %v", info, err)
	}
}

func TestSnapshotPipe(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan string, 1)
	go func() {
		text, _ := os.ReadFile(name)
		read <- string(text)
	}()
	if err := create(t, name).Commit(); err != nil {
		t.Error(err)
	}
	if text := <-read; text != "new" {
		t.Errorf("%q came out of the pipe", text)
	}
	if info, err := os.Stat(name); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		t.Errorf("the pipe is a %v now, %v", info.Mode(), err)
	}
}

func TestCannotOpen(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"":                                    "Error opening '': No such file or directory",
		dir:                                   "Error opening '" + dir + "': Is a directory",
		dir + "/new/":                         "Error opening '" + dir + "/new/': Is a directory",
		dir + "/none/o.rdb":                   "Error opening '" + dir + "/none/o.rdb': No such file or directory",
		file + "/o.rdb":                       "Error opening '" + file + "/o.rdb': Not a directory",
		dir + "/" + strings.Repeat("n", 5000): "Error opening '" + dir + "/" + strings.Repeat("n", 5000) + "': File name too long",
	} {
		_, err := CreateSnapshotFile(name, 0o600)
		failed := replicationError(t, err)
		if failed.Line != want {
			t.Errorf("%q, want %q", failed.Line, want)
		}
	}
	folderHas(t, dir, map[string]string{"file": ""})
}

// TestLongName holds that the temporary file has a name where the snapshot has the longest.
func TestLongName(t *testing.T) {
	name := filepath.Join(t.TempDir(), strings.Repeat("n", 255))
	if err := create(t, name).Commit(); err != nil {
		t.Error(err)
	}
}

// TestDiskFull writes to the device that is always full.
func TestDiskFull(t *testing.T) {
	f, err := CreateSnapshotFile("/dev/full", 0o600)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write([]byte("x"))
	failed := replicationError(t, err)
	if !errors.Is(err, syscall.ENOSPC) || failed.Line != "Error writing data to file: No space left on device" || !strings.Contains(failed.Fix, "make room") {
		t.Errorf("%+v", failed)
	}
}
