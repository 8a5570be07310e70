package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Errors of editing a value in the person's editor.
var (
	errNoEditor   = errors.New("no editor was found: set VISUAL or EDITOR, for example EDITOR=nano")
	errOpenQuote  = errors.New("VISUAL or EDITOR has a quote that does not end")
	errLongEdited = errors.New("what the editor saved is longer than 64 MiB; nothing was written")
)

// editorGrace is how long an editor has to end when it is asked to.
const editorGrace = 2 * time.Second

// longestEdited is how much of an edited text is read back, in bytes.
const longestEdited = 64 << 20

// editors opens the person's editor on texts. Each text is in a file of its own (mode 0600) in a directory of its own (0700), so that
// what editors put beside a file, as swap and backup files, goes away with it.
type editors struct {
	getenv   func(string) (string, bool)
	lookPath func(string) (string, error)
	tempDir  func(string) (string, func(), error)
	windows  bool

	mu   sync.Mutex
	left []func() // remove what was not read back: the program stops while an editor is open
}

// within is [tui.Config.Editor]: editors that are asked to end with ctx, since the program cannot end before them.
func (e *editors) within(ctx context.Context) func(string, []byte) (*exec.Cmd, func() ([]byte, error), error) {
	return func(name string, text []byte) (*exec.Cmd, func() ([]byte, error), error) {
		return e.edit(ctx, name, text)
	}
}

// edit puts text into a file and returns what edits it, and what reads it back and removes it.
func (e *editors) edit(ctx context.Context, name string, text []byte) (*exec.Cmd, func() ([]byte, error), error) {
	words, err := e.words()
	if err != nil {
		return nil, nil, err
	}
	dir, remove, err := e.tempDir("redan-edit-")
	if err != nil {
		return nil, nil, fmt.Errorf("make a directory for the text to be edited: %w", err)
	}
	path := filepath.Join(dir, filepath.Base(name))
	if err := os.WriteFile(path, text, 0o600); err != nil {
		remove()
		return nil, nil, fmt.Errorf("put the text to be edited into a file: %w", err)
	}
	e.mu.Lock()
	e.left = append(e.left, remove)
	e.mu.Unlock()
	read := func() ([]byte, error) {
		defer remove()
		return readEdited(path)
	}
	cmd := exec.CommandContext(ctx, words[0], append(words[1:], path)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // editors save what they have for recovery
	cmd.WaitDelay = editorGrace
	return cmd, read, nil
}

// readEdited reads what an editor saved. It is opened by its name: editors save into a new file that takes the place of the old one.
func readEdited(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read what was edited: %w", err)
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, longestEdited+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read what was edited: %w", err)
	case len(text) > longestEdited:
		return nil, errLongEdited
	}
	return text, nil
}

// removeAll removes what was not read back.
func (e *editors) removeAll() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, remove := range e.left {
		remove()
	}
	e.left = nil
}

// words are the editor's name and its options: from VISUAL, else EDITOR, else the first that is there of those that most systems have.
func (e *editors) words() ([]string, error) {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		value, _ := e.getenv(name)
		words, err := editorWords(value, e.windows)
		if err != nil {
			return nil, err
		}
		if len(words) > 0 {
			return words, nil
		}
	}
	usual := []string{"vi", "vim", "nano"}
	if e.windows {
		usual = []string{"notepad"}
	}
	at := slices.IndexFunc(usual, func(name string) bool {
		_, err := e.lookPath(name)
		return err == nil
	})
	if at < 0 {
		return nil, errNoEditor
	}
	return usual[at : at+1], nil
}

// editorWords takes apart what VISUAL and EDITOR hold, as a shell does: words at blanks, quotes and, but for Windows where it parts
// folders, the backslash keep blanks together. Nothing else is special.
func editorWords(text string, windows bool) ([]string, error) {
	var words []string
	var word strings.Builder
	var quote byte
	begun := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case c == '\\' && !windows && quote != '\'' && i+1 < len(text):
			i++
			begun = true
			word.WriteByte(text[i])
		case quote != 0:
			word.WriteByte(c)
		case c == '"' || c == '\'':
			quote, begun = c, true
		case c == ' ' || c == '\t':
			if begun {
				words = append(words, word.String())
			}
			begun = false
			word.Reset()
		default:
			begun = true
			word.WriteByte(c)
		}
	}
	if quote != 0 {
		return nil, errOpenQuote
	}
	if begun {
		words = append(words, word.String())
	}
	return words, nil
}
