package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestSaveNew holds that what the user saves is for the user alone, and that no file is lost for it.
func TestSaveNew(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "reply.txt")
	if err := saveNew(name, []byte("a\x00b")); err != nil {
		t.Fatal(err)
	}
	if err := saveNew(name, []byte("other")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a file that is there was written again: %v", err)
	}
	data, err := os.ReadFile(name)
	if err != nil || string(data) != "a\x00b" {
		t.Errorf("it holds %q, %v", data, err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
}
