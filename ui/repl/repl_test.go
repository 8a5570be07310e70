package repl

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
	"redan/ui/format"
)

func TestAConversation(t *testing.T) {
	k := newTalk(t, optionsOf(conntest.Start(t)))
	code := k.run(lines("set a 1", "", "  ", "get a", "3 incr a", "select 3", "multi", "select 2", "get a", "exec", "discard",
		"select 0", "nosuch", `get "x`, "0 get a", ":set foo", ":nosuch", "restart", "client reply skip", "ping", "clear", "quit now", "get never")...)
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	k.printed(`OK
"1"
(integer) 2
(integer) 3
(integer) 4
OK
OK
QUEUED
QUEUED
1) OK
2) (nil)
(error) ERR DISCARD without MULTI
OK
(error) ERR unknown command 'nosuch', with args beginning with: 
Invalid argument(s)
Invalid redis-cli repeat command option value.
unknown redis-cli preference 'foo'
unknown redis-cli internal command ':nosuch'
Use 'restart' only in Lua debugging mode.
` + clearScreen)
	k.prompted("#> ", "#> ", "#> ", "#> ", "#> ", "#> ", "#[3]> ", "#[3](TX)> ", "#[2](TX)> ", "#[2](TX)> ", "#[2]> ", "#[2]> ",
		"#> ", "#> ", "#> ", "#> ", "#> ", "#> ", "#> ", "#> ", "#> ", "#> ")
}

func TestCtrlCCancelsTheCommandAndKeepsThePrompt(t *testing.T) {
	server := conntest.Start(t)
	k := newTalk(t, optionsOf(server))
	blocked := func() bool { return strings.Contains(server.Do("CLIENT", "LIST"), "cmd=blpop") }
	k.run(step{line: "select 3"}, step{line: "watch k"}, step{line: "blpop q 0", interrupt: blocked}, step{line: "set db three"},
		step{err: errInterrupted}, step{line: "typed", err: errInterrupted})
	k.printed(`OK
OK
Interrupted. The server may have executed the command nevertheless.
  lost:  the watched keys (WATCH)
OK
(Ctrl-D or quit leaves)
`)
	k.prompted("#> ", "#[3]> ", "#[3]> ", "#[3]> ", "#[3]> ", "#[3]> ", "#[3]> ")
	if got := server.Do("SWAPDB", "0", "3") + server.Do("GET", "db"); got != "OKthree" {
		t.Errorf("after the interrupt the command ran in another database: %q", got)
	}
}

func TestALostConnectionIsMadeAnewForTheNextCommand(t *testing.T) {
	server := conntest.Start(t)
	k := newTalk(t, optionsOf(server))
	k.run(step{line: "select 2"}, step{line: "multi"}, step{line: "incr n", before: server.Kill},
		step{line: "ping"}, step{line: "ping"},
		step{line: "incr n", before: server.Restart}, step{line: "shutdown nosave"}, step{line: "ping"}, step{line: "help append"})
	k.printed(`OK
OK
Error: Server closed the connection
  lost:  the transaction (MULTI)
Could not connect to Redis at #: Connection refused
  fix:   ...
Could not connect to Redis at #: Connection refused
(integer) 1
Could not connect to Redis at #: Connection refused
  fix:   ...
` + "\r\n  \x1b[1mAPPEND\x1b[0m \x1b[90mkey value\x1b[0m\r\n  \x1b[33msummary:\x1b[0m Append a value to a key\r\n" +
		"  \x1b[33msince:\x1b[0m 2.0.0\r\n  \x1b[33mgroup:\x1b[0m string\r\n\r\n")
	k.prompted("#> ", "#[2]> ", "#[2](TX)> ", notConnected, notConnected, notConnected, "#[2]> ", notConnected, notConnected, notConnected)
}

func TestMessagesUntilCtrlC(t *testing.T) {
	server := conntest.Start(t)
	k := newTalk(t, optionsOf(server))
	publish := func() bool { return server.Do("PUBLISH", "news", "hello") == "1" && k.saw(`"hello"`)() }
	k.run(step{line: "select 1"}, step{line: "subscribe news", interrupt: publish}, step{line: "ping"},
		step{line: "multi"}, step{line: "subscribe news"}, step{line: "discard"}, step{line: "unsubscribe a b c"}, step{line: "ping"})
	got := k.screen.String()
	head, rest, _ := strings.Cut(got, "1) \"message\"\n2) \"news\"\n3) \"hello\"\n")
	if want := "OK\nReading messages... (press Ctrl-C to quit)\n1) \"subscribe\"\n2) \"news\"\n3) (integer) 1\n"; head != want {
		t.Errorf("first:\n%s\nwant:\n%s", head, want)
	}
	rest = strings.ReplaceAll(rest, "1) \"message\"\n2) \"news\"\n3) \"hello\"\n", "")
	if want := "PONG\nOK\nReading messages... (press Ctrl-C to quit)\nQUEUED\nOK\n" +
		"1) \"unsubscribe\"\n2) \"a\"\n3) (integer) 0\n1) \"unsubscribe\"\n2) \"b\"\n3) (integer) 0\n1) \"unsubscribe\"\n2) \"c\"\n3) (integer) 0\nPONG\n"; rest != want {
		t.Errorf("then:\n%s\nwant:\n%s", rest, want)
	}
	k.prompted("#> ", "#[1]> ", "#[1]> ", "#[1]> ", "#[1](TX)> ", "#[1](TX)> ", "#[1]> ", "#[1]> ", "#[1]> ")
}

func TestMonitorEndsWithTheServer(t *testing.T) {
	server := conntest.Start(t)
	k := newTalk(t, optionsOf(server))
	k.run(step{line: "monitor", interrupt: func() bool {
		if k.saw("\nOK\n")() {
			server.Kill()
		}
		return false
	}})
	k.printed("Reading messages... (press Ctrl-C to quit)\nOK\nError: Server closed the connection\n")
	k.prompted("#> ", notConnected)
}

func TestPushesAreShownBeforeTheNextReply(t *testing.T) {
	server := conntest.Start(t)
	k := newTalk(t, optionsOf(server))
	k.config.Options.Protocol = 3
	k.run(step{line: "client tracking on"}, step{line: "get k"}, step{line: "ping", before: func() { server.Do("SET", "k", "v") }})
	k.printed("OK\n(nil)\n-> invalidate: 'k'\nPONG\n")
}

func TestRedirectsAreToldAndFollowed(t *testing.T) {
	other := conntest.FakeLines(t, func([]string) string { return "$1\r\nv\r\n" })
	seed := conntest.FakeLines(t, func([]string) string { return "-MOVED 9189 " + other + "\r\n" })
	o := conn.DefaultOptions()
	o.Port = conntest.Port(t, seed)
	k := newTalk(t, o)
	k.config.Follow = true
	k.run(lines("get k", "get k")...)
	k.printed("-> Redirected to slot [9189] located at " + other + "\n\"v\"\n\"v\"\n")
	k.prompted("#> ", other+"> ", other+"> ")
}

func TestElapsedTimeOfTheWholeRun(t *testing.T) {
	for mode, want := range map[format.Mode]string{
		format.Standard: "PONG\nPONG\n(0.60s)\n",
		format.Raw:      "PONG\nPONG\n",
	} {
		k := newTalk(t, optionsOf(conntest.Start(t)))
		now := time.Unix(0, 0)
		k.config.Printer = format.New(mode)
		k.config.Now = func() time.Time {
			now = now.Add(600 * time.Millisecond)
			return now
		}
		k.run(lines("2 ping")...)
		k.printed(want)
	}
}

func TestConnect(t *testing.T) {
	first, second := conntest.Start(t), conntest.Start(t)
	second.Do("SET", "k", "of the second")
	k := newTalk(t, optionsOf(first))
	k.run(lines("multi", "connect "+second.Host+" "+strconv.Itoa(second.Port), "get k", "connect here 70000", "connect here", "get k")...)
	k.printed("OK\n  lost:  the transaction (MULTI)\n\"of the second\"\n" +
		"Invalid port '70000': connect takes a host and a number from 1 to 65535.\n" +
		"(error) ERR unknown command 'connect', with args beginning with: 'here' \n\"of the second\"\n")
	k.prompted("#> ", "#(TX)> ", second.Addr()+"> ", second.Addr()+"> ", second.Addr()+"> ", second.Addr()+"> ", second.Addr()+"> ")
}

func TestAPromptWithoutAServer(t *testing.T) {
	server := conntest.Start(t)
	o := optionsOf(server)
	server.Stop()
	k := newTalk(t, o)
	k.config.Banner = func(session *conn.Session) string {
		return map[bool]string{true: "no server", false: "server"}[session == nil]
	}
	k.run(step{line: "ping"}, step{line: "connect " + server.Host + " " + strconv.Itoa(server.Port), before: server.Restart}, step{line: "ping"})
	k.printed("Could not connect to Redis at #: Connection refused\n  fix:   ...\n\x1b[0;90;49mno server\x1b[0m\n" +
		"Could not connect to Redis at #: Connection refused\nPONG\n")
	k.prompted(notConnected, notConnected, "#> ", "#> ")
}

func TestAWrongPasswordEndsThePrompt(t *testing.T) {
	o := optionsOf(conntest.Start(t, conntest.Password("right")))
	o.Password = conn.NewSecret("wrong")
	k := newTalk(t, o)
	if code := k.run(lines("ping")...); code != 1 {
		t.Errorf("exit code %d", code)
	}
	k.printed("AUTH failed: WRONGPASS invalid username-password pair or user is disabled.\n  fix:   ...\n")
	k.prompted()
}

func TestSyncIsNotSent(t *testing.T) {
	k := newTalk(t, optionsOf(conntest.Start(t)))
	k.run(lines("sync", "psync ? -1", "ping")...)
	if got := k.screen.String(); strings.Count(got, "Nothing was sent.\n") != 2 || !strings.HasSuffix(got, "\nPONG\n") {
		t.Errorf("printed:\n%s", got)
	}
}

func TestSecretsAndRepetitionsStayOutOfTheHistory(t *testing.T) {
	k := newTalk(t, optionsOf(conntest.Start(t)))
	write(t, k.config.HistoryPath, "get old\n")
	k.run(lines("get old", "set a 1", "set a 1", "auth s3cret", `config set requirepass "s3cret`, "5 auth s3cret", "0 get a", " get  b ", `get "x`)...)
	want := []string{"get old", "set a 1", " get  b ", `get "x`}
	if !slices.Equal(k.person.remembered, want) {
		t.Errorf("in memory: %q, want %q", k.person.remembered, want)
	}
	if got := splitLines(read(t, k.config.HistoryPath)); !slices.Equal(got, want) {
		t.Errorf("in the file: %q, want %q", got, want)
	}
}

func TestAHistoryThatCannotBeKeptIsToldOnce(t *testing.T) {
	k := newTalk(t, optionsOf(conntest.Start(t)))
	k.config.HistoryPath = filepath.Join(t.TempDir(), "no", "history")
	k.run(lines("ping", "echo a")...)
	k.printed("cannot write the history in " + k.config.HistoryPath + ": no such file or directory; going on without it\nPONG\n\"a\"\n")
	if len(k.person.remembered) != 2 {
		t.Errorf("in memory: %q", k.person.remembered)
	}
}

func TestPreferencesFile(t *testing.T) {
	k := newTalk(t, optionsOf(conntest.Start(t)))
	k.config.RCPath = "/home/me/.redisclirc"
	k.config.ReadFile = func(string) ([]byte, error) {
		return []byte(":set nohints\r\n\n# no comments\n:set foo\n:set \"x\n:set noshell"), nil
	}
	k.config.Shell = func(context.Context, string) (ShellCommand, error) { return nil, errors.New("must not start") }
	k.run(lines("set k a | b")...)
	k.printed(".redisclirc: unknown redis-cli internal command '#'\n.redisclirc: unknown redis-cli preference 'foo'\n" +
		".redisclirc: Invalid argument(s)\n(error) ERR syntax error\n")
	if hint := k.prompt.Hint("get "); hint != "" {
		t.Errorf("there are hints: %q", hint)
	}
	k.prompt.set([]string{":SET", "HINTS"}, "")
	for line, want := range map[string]string{"get ": "key", "get": " key", "set k": " value", "": "", " ": "", "3 get ": "", `get "`: ""} {
		if hint := k.prompt.Hint(line); !strings.HasPrefix(hint, want) || (hint == "") != (want == "") {
			t.Errorf("%q: hint %q, want %q", line, hint, want)
		}
	}
}

func TestKeyNamesComeFromAnotherConnection(t *testing.T) {
	server := conntest.Start(t)
	k := newTalk(t, optionsOf(server))
	var got completion
	k.run(step{line: "select 4"}, step{line: "set user:1 v"}, step{line: "multi"}, step{line: "get user:1", before: func() {
		eventually(t, func() bool {
			got = k.prompt.Complete(t.Context(), "get us")
			return got.head != "get us"
		}, func() string { return "no key name" })
	}}, step{line: "exec"})
	if got.head != "get user:1 " {
		t.Errorf("got %+v", got)
	}
	k.printed("OK\nOK\nOK\nQUEUED\n1) \"v\"\n")
}

func TestOutputThatNobodyReadsEndsThePrompt(t *testing.T) {
	server := conntest.Start(t)
	k := newTalk(t, optionsOf(server))
	k.config.Stdout = &shellStub{limit: 1}
	if code := k.run(lines("incr n", "incr n")...); code != 1 {
		t.Errorf("exit code %d", code)
	}
	if got := server.Do("GET", "n"); got != "1" {
		t.Errorf("n is %s", got)
	}
}

func TestASinkNeverFailsAndWritesNothingAfterAnError(t *testing.T) {
	stub := &shellStub{limit: 3}
	s := &sink{out: stub}
	for _, text := range []string{"ab", "cde", "f"} {
		if n, err := s.Write([]byte(text)); n != len(text) || err != nil {
			t.Errorf("%q: %d, %v", text, n, err)
		}
	}
	if stub.in.String() != "ab" || s.err == nil {
		t.Errorf("wrote %q, kept %v", stub.in.String(), s.err)
	}
}

func TestTheEndOfTheProgramEndsACommand(t *testing.T) {
	server := conntest.Start(t)
	k := newTalk(t, optionsOf(server))
	ctx, cancel := context.WithCancel(t.Context())
	k.person.steps = []step{{line: "blpop q 0", interrupt: func() bool {
		if strings.Contains(server.Do("CLIENT", "LIST"), "cmd=blpop") {
			cancel()
		}
		return false
	}}, {err: context.Canceled}}
	k.prompt = newPrompt(k.config)
	k.prompt.editor = &k.person
	if code := k.prompt.run(ctx); code != 1 {
		t.Errorf("exit code %d", code)
	}
	k.printed("")
}

func TestRunWithoutATerminal(t *testing.T) {
	k := newTalk(t, optionsOf(conntest.Start(t)))
	k.config.Person = false
	k.config.Stdin = strings.NewReader("set a 1\nget a\n")
	if code := Run(t.Context(), k.config); code != 0 {
		t.Errorf("exit code %d", code)
	}
	k.printed("#> OK\n#> \"1\"\n#> \n")
}

func TestGeneralHelpNamesWhatIsOurs(t *testing.T) {
	k := newTalk(t, optionsOf(conntest.Start(t)))
	k.run(lines("help", "?")...)
	got := k.screen.String()
	if strings.Count(got, "redan test\n") != 2 || strings.Count(got, ":set noshell") != 2 {
		t.Errorf("printed:\n%s", got)
	}
	_, ours, _ := strings.Cut(got, "Beyond")
	ours, _, _ = strings.Cut(ours, "redan test")
	for line := range strings.SplitSeq(ours, "\n") {
		if len(line) > 80 {
			t.Errorf("wider than a terminal: %q", line)
		}
	}
}
