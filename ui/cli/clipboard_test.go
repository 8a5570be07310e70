package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestClipboardToolIsFound(t *testing.T) {
	for _, c := range []struct {
		name, system, env string
		found             string
		want              string
	}{
		{"wayland first", "linux", "WAYLAND_DISPLAY DISPLAY", "wl-copy xclip", "wl-copy"},
		{"X", "linux", "DISPLAY", "wl-copy xclip xsel", "xclip"},
		{"X with xsel", "linux", "DISPLAY", "xsel", "xsel"},
		{"a console", "linux", "", "xclip", ""},
		{"mac", "darwin", "", "pbcopy", "pbcopy"},
		{"windows", "windows", "", "clip.exe", "clip.exe"},
		{"windows' linux", "linux", "WSL_DISTRO_NAME", "clip.exe", "clip.exe"},
		{"over SSH", "darwin", "SSH_CONNECTION", "pbcopy", ""},
		{"over SSH with X forwarded", "linux", "SSH_TTY DISPLAY", "xclip", ""},
		{"nothing installed", "linux", "DISPLAY", "", ""},
	} {
		getenv := func(name string) (string, bool) {
			if strings.Contains(" "+c.env+" ", " "+name+" ") {
				return "x", true
			}
			return "", false
		}
		look := func(name string) (string, error) {
			if strings.Contains(" "+c.found+" ", " "+name+" ") {
				return name, nil
			}
			return "", errors.New("not found")
		}
		tool, found := findClipboard(c.system, getenv, look)
		if found != (c.want != "") || found && tool.words[0] != c.want {
			t.Errorf("%s: %q, want %q", c.name, tool.words, c.want)
		}
		if put := tool.clipboard(t.Context(), found); (put != nil) != found {
			t.Errorf("%s: a clipboard without a tool", c.name)
		}
	}
}

// script makes a tool of a shell script.
func script(t *testing.T, text string) clipboardTool {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tool")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	return clipboardTool{words: []string{path}}
}

func TestClipboardGetsTextOnStandardInput(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	// As xclip does, it leaves a child behind that would keep its output open.
	tool := script(t, "cat >"+out+"; echo \"$@\" >>"+out+"; sleep 2 &")
	start := time.Now()
	if err := tool.put(t.Context(), patience, "sec\x00ret\n"); err != nil {
		t.Fatal(err)
	}
	if time.Since(start) > patience/2 {
		t.Error("it waited for the child of the tool")
	}
	if got, _ := os.ReadFile(out); string(got) != "sec\x00ret\n\n" {
		t.Errorf("the tool got %q", got)
	}
}

func TestClipboardToolThatHangs(t *testing.T) {
	err := script(t, "exec sleep 20").put(t.Context(), 50*time.Millisecond, "x")
	if !errors.Is(err, errClipboardSlow) {
		t.Errorf("a tool that hangs: %v", err)
	}
	if err := script(t, "exit 3").put(context.Background(), patience, "x"); err == nil || strings.Contains(err.Error(), "time") {
		t.Errorf("a tool that fails: %v", err)
	}
}

func TestClipboardOfWindowsWantsUTF16(t *testing.T) {
	tool := clipboardTool{utf16: true}
	if got := tool.encode("aé😀"); got != "a\x00\xe9\x00\x3d\xd8\x00\xde" {
		t.Errorf("%q", got)
	}
	if got := tool.encode("\xff"); got != "\xff" {
		t.Errorf("what is no text became %q", got)
	}
}
