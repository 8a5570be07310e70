package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"

	"github.com/alecthomas/kong"

	"redan/conn/conntest"
)

// port returns -h and -p for a server.
func at(addr string) []string {
	colon := strings.LastIndexByte(addr, ':')
	return []string{"-h", addr[:colon], "-p", addr[colon+1:]}
}

func with(at []string, args ...string) []string { return append(append([]string{}, at...), args...) }

func check(t *testing.T, what string, got ran, code int, stdout string) {
	t.Helper()
	if got.code != code || got.stdout != stdout {
		t.Errorf("%s: exit code %d, stdout %q (stderr %q), want %d, %q", what, got.code, got.stdout, got.stderr, code, stdout)
	}
}

func TestOneShot(t *testing.T) {
	server := conntest.Start(t)
	server.Do("RPUSH", "l", "a", "b")
	server.Do("SET", "k", "v")
	tests := map[string]struct {
		args   []string
		stdin  string
		code   int
		stdout string
		stderr string // a part of it; nothing at all when empty
	}{
		"status":            {[]string{"set", "k", "v"}, "", 0, "OK\n", ""},
		"array":             {[]string{"lrange", "l", "0", "-1"}, "", 0, "a\nb\n", ""},
		"for people":        {[]string{"--no-raw", "lrange", "l", "0", "-1"}, "", 0, "1) \"a\"\n2) \"b\"\n", ""},
		"json":              {[]string{"--json", "lrange", "l", "0", "-1"}, "", 0, "[\"a\",\"b\"]\n", ""},
		"error":             {[]string{"nosuch"}, "", 0, "ERR unknown command 'nosuch', with args beginning with: \n\n", ""},
		"error with -e":     {[]string{"-e", "nosuch"}, "", 1, "", "ERR unknown command 'nosuch', with args beginning with: \n"},
		"-e without error":  {[]string{"-e", "ping"}, "", 0, "PONG\n", ""},
		"repeat":            {[]string{"-r", "3", "-D", "|", "ping"}, "", 0, "PONG|PONG|PONG|", ""},
		"repeat 0":          {[]string{"-r", "0", "ping"}, "", 0, "", ""},
		"repeat ends at -e": {[]string{"-e", "-r", "5", "nosuch"}, "", 1, "", "ERR unknown command"},
		"interval":          {[]string{"-r", "2", "-i", "0.01", "ping"}, "", 0, "PONG\nPONG\n", ""},
		"-x":                {[]string{"-x", "echo"}, "a\x00b\r\n", 0, "a\x00b\r\n\n", ""},
		"-x of nothing":     {[]string{"-x", "echo"}, "", 0, "\n", ""},
		"-X":                {[]string{"-X", "TAG", "mget", "TAG", "TAG"}, "k", 0, "v\n\n", ""},
		"-X without tag":    {[]string{"-X", "TAG", "echo", "x"}, "k", 1, "", "Using -X option but stdin tag not match."},
		"quoted input":      {[]string{"--quoted-input", "echo", `"a\x00b"`}, "", 0, "a\x00b\n", ""},
		"bad quoted input":  {[]string{"--quoted-input", "echo", `"a`}, "", 1, "Invalid quoted string\n", ""},
		"bad -r":            {[]string{"-r", "x", "ping"}, "", 1, "", "-r takes a number"},
		"bad -i":            {[]string{"-i", "x", "ping"}, "", 1, "", "-i takes seconds"},
		"negative -i":       {[]string{"-i", "-1", "ping"}, "", 1, "", "-i takes seconds"},
		"eval of no file":   {[]string{"--eval", "nosuch.lua"}, "", 1, "", "Can't open file 'nosuch.lua': No such file or directory"},
		"sync":              {[]string{"sync"}, "", 1, "", "Nothing was sent."},
		"psync":             {[]string{"psync", "?", "-1"}, "", 1, "", "Nothing was sent."},
		"database":          {[]string{"-n", "5", "client", "info"}, "", 0, "", ""},
		"bad database":      {[]string{"-n", "99", "ping"}, "", 1, "", "SELECT 99 failed: ERR DB index is out of range"},
		"bad pushes":        {[]string{"--show-pushes", "maybe", "ping"}, "", 0, "PONG\n", "Unknown --show-pushes value 'maybe' (valid: '[y]es', '[n]o')"},
		"user alone":        {[]string{"--user", "u", "ping"}, "", 0, "PONG\n", "has no effect without a password"},
		"empty command":     {[]string{""}, "", 0, "ERR unknown command '', with args beginning with: \n\n", ""},
		"dashes":            {[]string{"--", "ping", "--raw"}, "", 0, "--raw\n", ""},
		"verb to come":      {[]string{"tunnel", "show"}, "", 1, "", "redan tunnel is not in this version yet"},
		"verb as a command": {[]string{"--", "cert", "show"}, "", 0, "ERR unknown command 'cert', with args beginning with: 'show' \n\n", ""},
		"serve":             {[]string{"--serve"}, "", 1, "", "redan demo --serve"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := redan(t, test.stdin, with(at(server.Addr()), test.args...)...)
			if name == "database" {
				if !strings.Contains(got.stdout, " db=5 ") {
					t.Errorf("stdout %q", got.stdout)
				}
				return
			}
			check(t, name, got, test.code, test.stdout)
			if test.stderr == "" && got.stderr != "" || !strings.Contains(got.stderr, test.stderr) {
				t.Errorf("stderr %q, want %q", got.stderr, test.stderr)
			}
		})
	}
}

// TestKeysOfEvalAreNoVerbs: behind --eval stand keys, and one may be called demo.
func TestKeysOfEvalAreNoVerbs(t *testing.T) {
	server := conntest.Start(t)
	for _, key := range []string{"demo", "cert", "@prod"} {
		w := newTwin(with(at(server.Addr()), "--eval", "f.lua", key, ",", "x")...)
		w.ReadFile = func(string) ([]byte, error) { return []byte("return {KEYS[1], ARGV[1]}"), nil }
		check(t, key, w.run(t), 0, key+"\nx\n")
	}
}

// TestFailuresSayWhy: redis-cli's line first, then cause and remedy; exit code 1.
func TestFailuresSayWhy(t *testing.T) {
	closed := conntest.Start(t)
	refused := at(closed.Addr())
	closed.Stop()
	for name, test := range map[string]struct {
		args []string
		line string
	}{
		"refused":  {with(refused, "ping"), "Could not connect to Redis at " + closed.Addr() + ": Connection refused\n  cause: "},
		"dns":      {[]string{"-h", "no-such-host.invalid", "ping"}, "Could not connect to Redis at no-such-host.invalid:6379: "},
		"socket":   {[]string{"-s", "/no/such.sock", "ping"}, "Could not connect to Redis at /no/such.sock: No such file or directory\n  cause: "},
		"hang-up":  {with(at(conntest.Fake(t, conntest.HangUp())), "ping"), "Error: Server closed the connection\n"},
		"garbage":  {with(at(conntest.Fake(t, conntest.ReplyOnce("\x1b]0;gotcha\x07\r\n"))), "ping"), `Error: Protocol error, got "\x1b" as reply type byte` + "\n  cause: "},
		"subcribe": {with(at(conntest.Fake(t, conntest.ReplyOnce("*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n"))), "subscribe", "a"), "Error: Server closed the connection\n"},
		"options":  {[]string{"--bogus"}, "Unrecognized option or bad number of args for: '--bogus'\n"},
		"files":    {[]string{"--cacert", "/no/such.pem", "ping"}, "Could not negotiate a TLS connection: Invalid CA Certificate File/Directory\n  cause: /no/such.pem"},
	} {
		t.Run(name, func(t *testing.T) {
			got := redan(t, "", test.args...)
			if got.code != 1 || !strings.HasPrefix(got.stderr, test.line) {
				t.Errorf("exit code %d, stderr %q, want %q", got.code, got.stderr, test.line)
			}
			if strings.Contains(got.stderr, "\x1b") {
				t.Error("a server reaches the terminal")
			}
		})
	}
}

// TestWhatCameOfAReplyIsPrinted, and the exit code says that it is not all.
func TestWhatCameOfAReplyIsPrinted(t *testing.T) {
	addr := conntest.Fake(t, conntest.ReplyOnce("*3\r\n$1\r\na\r\n$1\r\nb\r\n$5\r\nhal"))
	got := redan(t, "", with(at(addr), "lrange", "l", "0", "-1")...)
	if got.code != 1 || !strings.HasPrefix(got.stdout, "a\nb") || !strings.Contains(got.stderr, "middle of a reply") {
		t.Errorf("%+v", got)
	}
}

// TestRepeatForEver ends when the connection does.
func TestRepeatForEver(t *testing.T) {
	n := 0
	addr := conntest.FakeLines(t, func([]string) string {
		if n++; n > 3 {
			return ""
		}
		return "+PONG\r\n"
	})
	got := redan(t, "", with(at(addr), "-r", "-1", "-i", "0.001", "ping")...)
	check(t, "-r -1", got, 1, "PONG\nPONG\nPONG\n")
	if !strings.HasPrefix(got.stderr, "Error: Server closed the connection") {
		t.Errorf("stderr %q", got.stderr)
	}
}

// TestShutdown closes the connection instead of replying, and that is all right.
func TestShutdown(t *testing.T) {
	server := conntest.Start(t)
	if got := redan(t, "", with(at(server.Addr()), "shutdown", "nosave")...); got != (ran{}) {
		t.Errorf("%+v", got)
	}
}

// brokenWriter takes n bytes and fails then.
type brokenWriter struct {
	left int
	why  error
}

func (w *brokenWriter) Write(p []byte) (int, error) {
	if len(p) > w.left {
		n := w.left
		w.left = 0
		return n, w.why
	}
	w.left -= len(p)
	return len(p), nil
}

// TestStdoutThatFails: what is piped in is executed to its end all the same; a
// reader that had enough is no error, a full disk is.
func TestStdoutThatFails(t *testing.T) {
	server := conntest.Start(t)
	server.Do("SET", "big", strings.Repeat("x", 200_000))
	run := func(why error, stdin string, args ...string) ran {
		w := newTwin(with(at(server.Addr()), args...)...)
		w.Stdin = strings.NewReader(stdin)
		w.Stdout = &brokenWriter{100, why}
		return w.run(t)
	}
	lines := strings.Repeat("get big\nincr piped\n", 50)
	if got := run(syscall.EPIPE, lines); got.code != 0 || got.stderr != "" {
		t.Errorf("| head: %+v", got)
	}
	if got := run(syscall.ENOSPC, lines); got.code != 1 || got.stderr != "cannot write to standard output: no space left on device\n" {
		t.Errorf("full disk: %+v", got)
	}
	if got := server.Do("GET", "piped"); got != "100" {
		t.Errorf("%s of 100 commands were executed", got)
	}
	if got := run(syscall.ENOSPC, "", "get", "big"); got.code != 1 || !strings.Contains(got.stderr, "no space left on device") {
		t.Errorf("one-shot on a full disk: %+v", got)
	}
	if got := run(syscall.ENOSPC, "", "-r", "-1", "get", "big"); got.code != 1 {
		t.Errorf("for ever, on a full disk: %+v", got)
	}
}

// TestStdinThatFails: nothing is sent of what was read in part.
func TestStdinThatFails(t *testing.T) {
	server := conntest.Start(t)
	run := func(stdin io.Reader, args ...string) ran {
		w := newTwin(with(at(server.Addr()), args...)...)
		w.Stdin = stdin
		return w.run(t)
	}
	got := run(io.MultiReader(strings.NewReader("half"), brokenReader{}), "-x", "set", "k")
	if got.code != 1 || !strings.Contains(got.stderr, "nothing was sent") || server.Do("EXISTS", "k") != "0" {
		t.Errorf("-x: %+v", got)
	}
	got = run(io.MultiReader(strings.NewReader("set a 1\nset b 2\n"), brokenReader{}))
	if got.code != 1 || got.stdout != "OK\nOK\n" || !strings.Contains(got.stderr, "after line 2") {
		t.Errorf("piped: %+v", got)
	}
}

// TestDemo runs one command on the embedded server, over TLS too.
func TestDemo(t *testing.T) {
	for _, args := range [][]string{{"demo", "ping"}, {"demo", "--tls", "ping"}, {"-3", "demo", "ping"}} {
		got := redan(t, "", args...)
		check(t, fmt.Sprint(args), got, 0, "PONG\n")
		if !strings.Contains(got.stderr, "demo") {
			t.Errorf("%q does not say that it is a demo: %q", args, got.stderr)
		}
	}
	w := newTwin("demo", "--tls", "ping")
	w.TempDir = func(string) (string, func(), error) { return "", nil, errors.New("read-only file system") }
	if got := w.run(t); got.code != 1 || !strings.Contains(got.stderr, "read-only file system") {
		t.Errorf("%+v", got)
	}
}

// TestLaterModes each end with one sentence.
func TestLaterModes(t *testing.T) {
	for args, option := range map[string]string{
		"--ldb --eval f": "--ldb", "--ldb-sync-mode --eval f": "--ldb",
		"--cluster create h:1": "--cluster",
	} {
		got := redan(t, "", strings.Fields(args)...)
		want := option + " is not in this version of redan yet; redis-cli " + option + " does it.\n"
		if got != (ran{1, "", want}) {
			t.Errorf("redan %s: %+v", args, got)
		}
	}
	// On their own their helpers ask for nothing.
	if got := redan(t, "", "--pattern", "x", "--count", "3", "--test_hint", "get "); got.code != 0 {
		t.Errorf("%+v", got)
	}
}

func TestExclusiveOptions(t *testing.T) {
	for args, want := range map[string]string{
		"-2 -3 ping": "-2 and -3", "-c -s x ping": "-c and -s", "-x -X t ping": "-x and -X", "-4 -6 ping": "-4 and -6",
	} {
		if got := redan(t, "", strings.Fields(args)...); got != (ran{1, "", "Options " + want + " are mutually exclusive.\n"}) {
			t.Errorf("redan %s: %+v", args, got)
		}
	}
}

// TestHelpText mentions every option that is not hidden, under each of its names, on lines that no terminal breaks.
func TestHelpText(t *testing.T) {
	help := helpText()
	for line := range strings.Lines(help + checkHelp) {
		if len(strings.TrimSuffix(line, "\n")) > 80 {
			t.Errorf("a line of more than 80 columns: %s", line)
		}
	}
	var g grammar
	for _, section := range g.sections() {
		if err := section.learn(); err != nil {
			t.Fatal(err)
		}
		for _, flag := range section.parser.Model.Flags {
			if flag.Hidden {
				continue
			}
			for _, name := range namesOf(flag) {
				if !strings.Contains(help, name+" ") && !strings.Contains(help, name+",") && !strings.Contains(help, name+"\n") {
					t.Errorf("--help lacks %s", name)
				}
			}
			if flag.Help == "" {
				t.Errorf("--%s is not explained", flag.Name)
			}
		}
	}
	for _, variable := range []string{"REDISCLI_AUTH", "REDISCLI_HISTFILE", "REDISCLI_RCFILE", "REDAN_PROFILE", "REDAN_KEY_PASS", "REDIS_CERTFILE", "REDIS_CERTB64", "NO_COLOR"} {
		if !strings.Contains(help, variable) {
			t.Errorf("--help lacks %s", variable)
		}
	}
	for _, args := range [][]string{{"--help"}, {"-h"}, {"-p", "1", "-h"}} {
		if got := redan(t, "", args...); got != (ran{0, help, ""}) {
			t.Errorf("redan %q: exit code %d, stderr %q", args, got.code, got.stderr)
		}
	}
}

func namesOf(flag *kong.Flag) []string {
	names := []string{"--" + flag.Name}
	for _, alias := range flag.Aliases {
		names = append(names, "--"+alias)
	}
	if flag.Short != 0 {
		names = append(names, "-"+string(flag.Short))
	}
	return names
}

func TestVersion(t *testing.T) {
	for name, args := range map[string][]string{"redan": {"-v"}, "redis-cli": {"--version", "--bogus"}} {
		w := newTwin(args...)
		w.Name = name
		if got := w.run(t); got.code != 0 || got.stderr != "" || !strings.HasPrefix(got.stdout, name+" ") || strings.Count(got.stdout, "\n") != 1 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestHints of --test_hint and --test_hint_file, which are redis-cli's own tests.
func TestHints(t *testing.T) {
	if got := redan(t, "", "--test_hint", "set "); got.code != 0 || !strings.HasPrefix(got.stdout, "key value") {
		t.Errorf("%+v", got)
	}
	if got := redan(t, "", "--test_hint_file", "/no/such"); got.code != 1 || got.stderr != "Can't open file '/no/such': no such file or directory\n" {
		t.Errorf("%+v", got)
	}
}
