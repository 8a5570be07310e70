package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// testEditors are editors in an environment of our own, and the directory their files are made in.
func testEditors(t *testing.T, env map[string]string, found ...string) (*editors, string) {
	t.Helper()
	root := t.TempDir()
	return &editors{
		getenv: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		lookPath: func(name string) (string, error) {
			if slices.Contains(found, name) {
				return "/bin/" + name, nil
			}
			return "", errors.New("not found")
		},
		tempDir: func(prefix string) (string, func(), error) {
			dir, err := os.MkdirTemp(root, prefix) //nolint:usetesting // it is to be seen that it is removed
			return dir, func() { _ = os.RemoveAll(dir) }, err
		},
	}, root
}

func TestEditorWords(t *testing.T) {
	for _, c := range []struct {
		text    string
		windows bool
		want    []string
	}{
		{"", false, nil},
		{"  vim  ", false, []string{"vim"}},
		{"code --wait -n", false, []string{"code", "--wait", "-n"}},
		{`"/opt/my editor/ed" -c 'set ft=json'`, false, []string{"/opt/my editor/ed", "-c", "set ft=json"}},
		{`/opt/my\ editor -x`, false, []string{"/opt/my editor", "-x"}},
		{`C:\Tools\ed.exe /w`, true, []string{`C:\Tools\ed.exe`, "/w"}},
		{`"C:\Program Files\ed.exe" ""`, true, []string{`C:\Program Files\ed.exe`, ""}},
	} {
		if got, err := editorWords(c.text, c.windows); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q, %v, want %q", c.text, got, err, c.want)
		}
	}
	if _, err := editorWords(`vim "x`, false); !errors.Is(err, errOpenQuote) {
		t.Errorf("an open quote: %v", err)
	}
}

// TestEditorEndsWithTheProgram holds that an open editor does not keep the program from ending.
func TestEditorEndsWithTheProgram(t *testing.T) {
	e, _ := testEditors(t, map[string]string{"EDITOR": "sh -c 'echo open; exec sleep 20'"})
	ctx, cancel := context.WithCancel(t.Context())
	cmd, _, err := e.within(ctx)("value.txt", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	cancel()
	if err := cmd.Wait(); err == nil || time.Since(start) > patience/2 {
		t.Errorf("ended with %v after %v", err, time.Since(start))
	}
}

func TestEditorIsChosen(t *testing.T) {
	for _, c := range []struct {
		env   map[string]string
		found []string
		want  string
	}{
		{map[string]string{"VISUAL": "emacs -nw", "EDITOR": "ed"}, nil, "emacs -nw"},
		{map[string]string{"VISUAL": " ", "EDITOR": "ed"}, nil, "ed"},
		{nil, []string{"nano", "vim"}, "vim"},
		{nil, nil, ""},
	} {
		e, _ := testEditors(t, c.env, c.found...)
		words, err := e.words()
		if got := strings.Join(words, " "); got != c.want || (c.want == "") != errors.Is(err, errNoEditor) {
			t.Errorf("%v with %v: %q, %v, want %q", c.env, c.found, got, err, c.want)
		}
	}
}

// TestEditedTextIsPrivate holds that a value that is edited can be read by nobody else, is on no command line, and goes away.
func TestEditedTextIsPrivate(t *testing.T) {
	e, root := testEditors(t, map[string]string{"EDITOR": "ed --secure"})
	cmd, read, err := e.edit(t.Context(), "value.json", []byte("hunter2"))
	if err != nil {
		t.Fatal(err)
	}
	path := cmd.Args[len(cmd.Args)-1]
	if filepath.Base(path) != "value.json" || strings.Join(cmd.Args[:2], " ") != "ed --secure" || strings.Contains(strings.Join(cmd.Args, " "), "hunter2") {
		t.Errorf("started as %q", cmd.Args)
	}
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v, want %v", name, info.Mode(), err, want)
		}
	}
	// Editors save into a new file and leave others beside it.
	for name, text := range map[string]string{path + "~": "hunter2", path + ".new": "changed"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
	if text, err := read(); err != nil || string(text) != "changed" {
		t.Errorf("read back %q, %v", text, err)
	}
	if left, _ := os.ReadDir(root); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestEditedTextGoesWithTheProgram holds that nothing stays behind when the program ends while an editor is open.
func TestEditedTextGoesWithTheProgram(t *testing.T) {
	e, root := testEditors(t, map[string]string{"EDITOR": "ed"})
	_, read, err := e.edit(t.Context(), "value.txt", []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	e.removeAll()
	if left, _ := os.ReadDir(root); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := read(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reading what is gone: %v", err)
	}
}
