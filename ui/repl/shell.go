package repl

import (
	"bufio"
	"context"
	"fmt"
	"strconv"
	"strings"
)

// splitShell takes a line apart whose reply is to go to a shell command, as in
// "get doc | jq ." It does so only where the intent is plain: a bar outside
// quotes, with blanks on both sides, a command before it and one behind it.
// Every other bar is data.
func splitShell(line string) (command, shell string, ok bool) {
	var quote byte // the quote we are in
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == 0:
			return "", "", false // ends the line
		case quote != 0:
			if c == '\\' && i+1 < len(line) && (quote == '"' || line[i+1] == quote) {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '|' && i > 0 && isBlank(line[i-1]) && i+1 < len(line) && isBlank(line[i+1]):
			command, shell = strings.TrimFunc(line[:i], isBlankRune), strings.TrimFunc(line[i+1:], isBlankRune)
			return command, shell, command != "" && shell != ""
		}
	}
	return "", "", false
}

// isBlank reports whether c separates the words of a line.
func isBlank(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func isBlankRune(r rune) bool { return r < 0x80 && isBlank(byte(r)) }

// runPiped runs a command, or help, and gives what it replies, raw, to a
// command of the shell, which has the terminal meanwhile.
func (p *prompt) runPiped(ctx context.Context, input Input, shell string) {
	pipe := &shellPipe{start: func() (ShellCommand, error) { return p.Shell(ctx, shell) }}
	p.flush()
	p.editor.Lend(func() {
		p.piped = pipe
		if input.Action == Help {
			p.pipeHelp(ctx, pipe, input.Words[1:])
		} else {
			p.send(ctx, input, target{out: p.out, printer: p.Printer, pipe: pipe})
		}
		p.piped = nil
		p.flush()
		interrupted := false // Ctrl-C is for the shell command, which then ends as it likes
		stop := p.editor.Watch(func() { interrupted = true })
		complaint := pipe.finish()
		stop()
		if complaint != "" && !interrupted {
			p.warn(complaint)
		}
	})
}

func (p *prompt) pipeHelp(ctx context.Context, pipe *shellPipe, words []string) {
	out, err := pipe.open()
	if err != nil {
		p.warn(err.Error())
		return
	}
	p.help(ctx, out, words)
}

// shellPipe leads to a shell command, which starts when there is something for it.
type shellPipe struct {
	start   func() (ShellCommand, error)
	command ShellCommand // nil until started
	out     *bufio.Writer
	sink    *sink
}

// broken reports whether the command no longer reads.
func (s *shellPipe) broken() bool { return s.sink != nil && s.sink.err != nil }

// open starts the command, once. It may end before it has read everything, as
// head does: the rest is dropped then, since the reply must be read anyway.
func (s *shellPipe) open() (*bufio.Writer, error) {
	if s.command != nil {
		return s.out, nil
	}
	command, err := s.start()
	if err != nil {
		return nil, fmt.Errorf("the shell does not start: %w", err)
	}
	s.command, s.sink = command, &sink{out: command.Stdin()}
	s.out = bufio.NewWriterSize(s.sink, outBuffer)
	return s.out, nil
}

func (s *shellPipe) flush() {
	if s.out != nil {
		_ = s.out.Flush() // the sink keeps errors
	}
}

// finish waits for the end of the command and says how it ended, if not well.
func (s *shellPipe) finish() string {
	if s.command == nil {
		return ""
	}
	s.flush()
	_ = s.command.Stdin().Close() // fails when the command has ended already
	switch status, err := s.command.Wait(); {
	case err != nil:
		return "shell: " + err.Error()
	case status != 0:
		return "shell: exit status " + strconv.Itoa(status)
	}
	return ""
}
