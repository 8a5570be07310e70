package repl

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"redan/commands/atomicfile"
)

// history is the file with the lines of before, the same that redis-cli uses.
// Several prompts may use it at once and lose nothing: each line is appended
// under a lock, and when the file has grown too long, what is in it by then is
// trimmed, not what one of the prompts remembers.
type history struct {
	path string // empty: nothing is kept
	keep int    // how many lines; 0 means maxRecall
}

// kept is how many lines the file is trimmed to, and longest how many it may grow to before that: trimming is rare, since it writes all.
func (h history) kept() int {
	if h.keep > 0 {
		return h.keep
	}
	return maxRecall
}

func (h history) longest() int { return 2 * h.kept() }

// History is the file with the lines of before, for another face that keeps the same. Its zero value keeps nothing.
type History struct{ file history }

// NewHistory returns the history in the file at path, which keeps that many lines, 1000 when it is 0; an empty path keeps nothing.
func NewHistory(path string, lines int) History {
	return History{file: history{path: path, keep: lines}}
}

// Load returns the lines, oldest first. With an error there may be lines nevertheless.
func (h History) Load() ([]string, error) { return h.file.load() }

// Add appends a line. What holds a secret is for the caller to keep out.
func (h History) Add(line string) error { return h.file.add(line) }

const (
	// lockAttempts and lockInterval bound the wait for another prompt, which
	// holds the lock for as long as it takes to write a line.
	lockAttempts = 100
	lockInterval = 10 * time.Millisecond
)

var (
	errLocked     = errors.New("another program keeps it locked")
	errNotRegular = errors.New("not a regular file")
)

// load returns the last lines of the file, oldest first. A file that is not
// there has none. With an error there may be lines nevertheless.
func (h history) load() ([]string, error) {
	if h.path == "" {
		return nil, nil
	}
	info, err := os.Stat(h.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err == nil && !info.Mode().IsRegular():
		return nil, h.failed("read", errNotRegular)
	case err != nil:
		return nil, h.failed("read", err)
	}
	data, err := os.ReadFile(h.path)
	if err != nil {
		return nil, h.failed("read", err)
	}
	lines := splitLines(string(data))
	if len(lines) > h.longest() {
		if err = h.trim(); err != nil {
			err = h.failed("shorten", err)
		}
	}
	return lines[max(0, len(lines)-h.kept()):], err
}

func splitLines(text string) []string {
	text = strings.TrimSuffix(text, "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// add appends a line.
func (h history) add(line string) error {
	if h.path == "" {
		return nil
	}
	file, err := h.open()
	if err != nil {
		return h.failed("write", err)
	}
	if err = errors.Join(appendLine(file, line), file.Close()); err != nil { // closing unlocks
		return h.failed("write", err)
	}
	return nil
}

// open opens the file, for the user alone, and locks it.
func (h history) open() (*os.File, error) {
	for range lockAttempts {
		file, err := os.OpenFile(h.path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
		if err != nil {
			return nil, err
		}
		usable, err := h.settle(file)
		if usable && err == nil {
			return file, nil
		}
		_ = file.Close()
		if err != nil {
			return nil, err
		}
		time.Sleep(lockInterval)
	}
	return nil, errLocked
}

// settle locks an open file and reports whether it is the one to write to: it
// is not when another prompt has just put a trimmed one in its place.
func (h history) settle(file *os.File) (bool, error) {
	opened, err := file.Stat()
	if err != nil {
		return false, err
	}
	if !opened.Mode().IsRegular() {
		return false, errNotRegular
	}
	if opened.Mode().Perm()&0o077 != 0 {
		_ = file.Chmod(0o600) // a file that is not ours stays as it is
	}
	if !tryLock(file) {
		return false, nil
	}
	current, err := os.Stat(h.path)
	return err == nil && os.SameFile(opened, current), nil
}

// appendLine adds a line to the end of a file. What cannot be written whole, on
// a full disk, is taken back.
func appendLine(file *os.File, line string) error {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	text := line + "\n"
	if size > 0 {
		last := make([]byte, 1)
		if _, err := file.ReadAt(last, size-1); err != nil {
			return err
		}
		if last[0] != '\n' { // somebody's write was cut off
			text = "\n" + text
		}
	}
	if _, err := file.WriteString(text); err != nil {
		return errors.Join(err, file.Truncate(size))
	}
	return nil
}

// trim shortens a file that has grown too long: a new one takes its place, so
// that at no time there is less than one of them.
func (h history) trim() error {
	file, err := h.open()
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // nothing was written to it
	data, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	lines := splitLines(string(data))
	if len(lines) <= h.longest() { // somebody else was faster
		return nil
	}
	path, err := atomicfile.Follow(h.path) // a link stays one
	if err != nil {
		return err
	}
	short, err := atomicfile.Create(path, filepath.Base(path)+".*", 0o600)
	if err != nil {
		return err
	}
	defer short.Discard()
	if _, err := short.WriteString(strings.Join(lines[len(lines)-h.kept():], "\n") + "\n"); err != nil {
		return err
	}
	return short.Commit()
}

func (h history) failed(what string, err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	return fmt.Errorf("cannot %s the history in %s: %w", what, h.path, err)
}
