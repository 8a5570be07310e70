package cli

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// clipboardPatience is how long a clipboard tool may take: one that waits for a display that is gone would wait for good.
const clipboardPatience = 3 * time.Second

// errClipboardSlow tells of a tool that did not end.
var errClipboardSlow = errors.New("it did not end in time")

// clipboardTool is a program that puts what it reads on the system's clipboard.
type clipboardTool struct {
	words []string
	utf16 bool // it wants UTF-16
}

// findClipboard returns the tool that reaches the clipboard of the person at the terminal. There is none over SSH: a tool would reach
// the clipboard of the machine that redan runs on, which is another one.
func findClipboard(system string, getenv func(string) (string, bool), lookPath func(string) (string, error)) (clipboardTool, bool) {
	set := func(name string) bool { value, _ := getenv(name); return value != "" }
	if set("SSH_CONNECTION") || set("SSH_TTY") || set("SSH_CLIENT") {
		return clipboardTool{}, false
	}
	var tools []clipboardTool
	if set("WAYLAND_DISPLAY") {
		tools = append(tools, clipboardTool{words: []string{"wl-copy"}})
	}
	if set("DISPLAY") {
		tools = append(tools, clipboardTool{words: []string{"xclip", "-selection", "clipboard", "-in"}},
			clipboardTool{words: []string{"xsel", "--clipboard", "--input"}})
	}
	if system == "darwin" {
		tools = append(tools, clipboardTool{words: []string{"pbcopy"}})
	}
	if system == "windows" || set("WSL_DISTRO_NAME") {
		tools = append(tools, clipboardTool{words: []string{"clip.exe"}, utf16: true})
	}
	for _, tool := range tools {
		if path, err := lookPath(tool.words[0]); err == nil {
			tool.words[0] = path
			return tool, true
		}
	}
	return clipboardTool{}, false
}

// put gives text to the tool, on its standard input: what is copied may be secret, and a command line can be read by others.
func (c clipboardTool) put(ctx context.Context, patience time.Duration, text string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	// Output stays closed: these tools leave a child behind that holds the selection, and waiting for its output would be waiting
	// until something else is copied.
	cmd := exec.CommandContext(ctx, c.words[0], c.words[1:]...)
	cmd.Stdin = strings.NewReader(c.encode(text))
	cmd.WaitDelay = patience / 4
	err := cmd.Run()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		err = errClipboardSlow
	}
	return fmt.Errorf("%s: %w", c.words[0], err)
}

// encode is text as the tool wants it. What is no text stays as it is.
func (c clipboardTool) encode(text string) string {
	if !c.utf16 || !utf8.ValidString(text) {
		return text
	}
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		out = binary.LittleEndian.AppendUint16(out, unit)
	}
	return string(out)
}

// clipboard is [tui.Config.Clipboard]: nil where there is no tool.
func (c clipboardTool) clipboard(ctx context.Context, found bool) func(string) error {
	if !found {
		return nil
	}
	return func(text string) error { return c.put(ctx, clipboardPatience, text) }
}
