package repl

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"
)

// plainEditor is a lineEditor for where there is nothing to edit on: input that
// is no terminal, or a terminal that obeys no escape sequences. Such a terminal
// edits lines by itself, and Ctrl-C is a signal.
type plainEditor struct {
	in         *bufio.Reader
	out        io.Writer
	interrupts <-chan os.Signal

	lines   chan typedLine
	reading bool // a line is being read
}

// typedLine is the outcome of reading a line.
type typedLine struct {
	text string
	err  error
}

func newPlainEditor(in io.Reader, out io.Writer, interrupts <-chan os.Signal) *plainEditor {
	return &plainEditor{in: bufio.NewReader(in), out: out, interrupts: interrupts, lines: make(chan typedLine, 1)}
}

// ReadLine implements [lineEditor].
func (e *plainEditor) ReadLine(ctx context.Context, prompt string) (string, error) {
	_, _ = io.WriteString(e.out, prompt)
	if !e.reading {
		e.reading = true
		go func() {
			text, err := e.in.ReadString('\n')
			e.lines <- typedLine{text, err}
		}()
	}
	select {
	case line := <-e.lines:
		e.reading = false
		if line.err != nil && line.text == "" {
			_, _ = io.WriteString(e.out, "\n")
			return "", line.err
		}
		return strings.TrimRight(line.text, "\r\n"), nil
	case <-e.interrupts: // the terminal has dropped what was typed
		_, _ = io.WriteString(e.out, "\n")
		return "", errInterrupted
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Remember implements [lineEditor]; there is no way to ask for a line.
func (e *plainEditor) Remember(string) {}

// Watch implements [lineEditor].
func (e *plainEditor) Watch(interrupted func()) (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-e.interrupts:
				interrupted()
			case <-quit:
				return
			}
		}
	}()
	return func() {
		close(quit)
		<-done
	}
}

// Lend implements [lineEditor].
func (e *plainEditor) Lend(use func()) { use() }

// Close implements [lineEditor].
func (e *plainEditor) Close() {}
