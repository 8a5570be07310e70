package repl

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"

	"redan/conn/conntest"
)

// shellStub is a shell command that reads at most so much.
type shellStub struct {
	in     strings.Builder
	limit  int
	status int
	err    error
	closed bool
}

func (s *shellStub) Stdin() io.WriteCloser { return s }
func (s *shellStub) Wait() (int, error)    { return s.status, s.err }
func (s *shellStub) Close() error          { s.closed = true; return nil }
func (s *shellStub) Write(p []byte) (int, error) {
	if s.limit > 0 && s.in.Len()+len(p) > s.limit {
		return 0, fs.ErrClosed
	}
	return s.in.Write(p)
}

func TestRepliesToTheShell(t *testing.T) {
	server := conntest.Start(t)
	server.Do("SET", "doc", "{\"a\":\x1b}")
	for i := range 20000 {
		if i%1000 == 0 {
			server.Do("RPUSH", "list", strings.Repeat("x", 1000))
		}
	}
	for _, tc := range []struct {
		line     string
		stub     *shellStub
		in, text string
	}{
		{"get doc | jq .", &shellStub{}, "{\"a\":\x1b}\n", "PONG\n"}, // bytes as they are
		{"3 incr n | sort", &shellStub{}, "1\n2\n3\n", "PONG\n"},
		{"lrange doc 0 -1 | wc", nil, "", "(error) WRONGTYPE Operation against a key holding the wrong kind of value\nPONG\n"},
		{"lrange list 0 -1 | head -1", &shellStub{limit: 1}, "", "PONG\n"}, // ends early: the reply is read all the same
		{"get doc | false", &shellStub{status: 1}, "{\"a\":\x1b}\n", "shell: exit status 1\nPONG\n"},
		{"get doc | crash", &shellStub{err: errors.New("signal: killed")}, "{\"a\":\x1b}\n", "shell: signal: killed\nPONG\n"},
		{"help @nosuch | wc", &shellStub{}, "\r\n", "PONG\n"},
		{`get "doc | jq`, nil, "", "Invalid argument(s)\nPONG\n"},
		{"clear | jq", nil, "", "(error) ERR unknown command 'clear', with args beginning with: '|' 'jq' \nPONG\n"},
	} {
		k := newTalk(t, optionsOf(server))
		k.config.Shell = func(_ context.Context, command string) (ShellCommand, error) {
			if tc.stub == nil {
				t.Errorf("%s: %q is started", tc.line, command)
				return nil, errors.New("no")
			}
			if want := strings.TrimSpace(tc.line[strings.Index(tc.line, "|")+1:]); command != want {
				t.Errorf("%s: %q is started", tc.line, command)
			}
			return tc.stub, nil
		}
		k.run(lines(tc.line, "ping")...)
		k.printed(tc.text)
		if tc.stub != nil && (tc.stub.in.String() != tc.in || !tc.stub.closed) {
			t.Errorf("%s: the shell got %q, closed %v; want %q", tc.line, tc.stub.in.String(), tc.stub.closed, tc.in)
		}
	}
}

func TestAnEndlessReplyEndsWithTheShellCommand(t *testing.T) {
	server := conntest.Start(t)
	k := newTalk(t, optionsOf(server))
	k.config.Shell = func(context.Context, string) (ShellCommand, error) { return &shellStub{limit: 10}, nil }
	k.run(step{line: "monitor | head -1", interrupt: func() bool {
		_, _ = server.TryDo("PING")
		return false
	}}, step{line: "ping"})
	k.printed("PONG\n")
}

func TestAShellThatDoesNotStart(t *testing.T) {
	k := newTalk(t, optionsOf(conntest.Start(t)))
	k.config.Shell = func(context.Context, string) (ShellCommand, error) { return nil, errors.New("no such program") }
	k.run(lines("multi", "echo a | jq", "help get | jq", "monitor | jq", "exec")...)
	sentence := "the shell does not start: no such program\n"
	k.printed("OK\n" + sentence + sentence + sentence + "1) \"a\"\n2) (error) ERR MONITOR isn't allowed for DENY BLOCKING client\n")
}

func TestNobodyButAPersonGetsTheShell(t *testing.T) {
	k := newTalk(t, optionsOf(conntest.Start(t)))
	k.config.Person = false
	k.config.Shell = func(context.Context, string) (ShellCommand, error) { return nil, errors.New("must not start") }
	k.run(lines("echo a | b", ":set shell", "rpush l a | b")...)
	k.printed("(error) ERR wrong number of arguments for 'echo' command\n(integer) 3\n")
	if _, err := os.Stat(k.config.HistoryPath); err == nil {
		t.Error("there is a history")
	}
}
