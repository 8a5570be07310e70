package repl

import (
	"bufio"
	"context"
	"io"
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
			command, shell = strings.Trim(line[:i], blanks), strings.Trim(line[i+1:], blanks)
			return command, shell, command != "" && shell != ""
		}
	}
	return "", "", false
}

// blanks are what separates the words of a line.
const blanks = " \t\n\v\f\r"

func isBlank(c byte) bool { return strings.IndexByte(blanks, c) >= 0 }

// runPiped runs a command, or help, and gives what it replies, raw, to a
// command of the shell, which has the terminal meanwhile.
func (p *prompt) runPiped(ctx context.Context, input Input, shell string) {
	pipe := &shellPipe{start: func() (ShellCommand, error) { return p.Shell(ctx, shell) }}
	p.flush()
	p.editor.Lend(func() {
		p.piped = pipe
		if input.Action == Help {
			p.help(ctx, pipe.open(), input.Words[1:])
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

// shellPipe leads to a shell command, which starts when there is something for it.
type shellPipe struct {
	start   func() (ShellCommand, error)
	command ShellCommand // nil until started
	failed  error        // to start
	sink    *sink
	out     *bufio.Writer // nil until opened
}

// open starts the command, once. It may end before it has read everything, as
// head does, or not start at all: what is written then is dropped, since the
// reply must be read anyway.
func (s *shellPipe) open() *bufio.Writer {
	if s.out != nil {
		return s.out
	}
	s.sink = &sink{out: io.Discard}
	if s.command, s.failed = s.start(); s.failed == nil {
		s.sink.out = s.command.Stdin()
	}
	s.out = bufio.NewWriterSize(s.sink, outBuffer)
	return s.out
}

// broken reports whether nobody reads.
func (s *shellPipe) broken() bool { return s.failed != nil || s.sink != nil && s.sink.err != nil }

func (s *shellPipe) flush() {
	if s.out != nil {
		_ = s.out.Flush() // the sink keeps errors
	}
}

// finish waits for the end of the command and says how it ended, if not well.
func (s *shellPipe) finish() string {
	switch {
	case s.failed != nil:
		return "the shell does not start: " + s.failed.Error()
	case s.command == nil:
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
