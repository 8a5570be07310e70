package cli

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"redan/conn/conntest"
)

// lines are commands as they are piped in.
func lines(l ...string) string { return strings.Join(l, "\n") + "\n" }

func TestPiped(t *testing.T) {
	server := conntest.Start(t)
	tests := map[string]struct {
		args   []string
		stdin  string
		stdout string
	}{
		"nothing":               {nil, "", ""},
		"blank lines":           {nil, "\n  \n\t\r\n", ""},
		"no end of line":        {nil, "ping", "PONG\n"},
		"carriage returns":      {nil, "ping\r\necho a\r\n", "PONG\na\n"},
		"NUL cuts the line":     {nil, "echo a\x00b c d\nping\n", "a\nPONG\n"},
		"quotes":                {nil, `echo "a\x00\"b" ` + "\n", "a\x00\"b\n"},
		"unbalanced":            {nil, lines(`echo "a`, "ping"), "Invalid argument(s)\nPONG\n"},
		"pipe is data":          {nil, "echo 'a | b'\n", "a | b\n"},
		"comment is a command":  {nil, "# x\n", "ERR unknown command '#', with args beginning with: 'x' \n\n"},
		"repeat":                {nil, lines("3 incr rep", "0 incr rep", "-1 incr rep", "get rep"), "1\n2\n3\nInvalid redis-cli repeat command option value.\nInvalid redis-cli repeat command option value.\n3\n"},
		"quit":                  {nil, lines("ping", "quit", "incr never"), "PONG\n"},
		"exit":                  {nil, lines("ping", "EXIT", "incr never"), "PONG\n"},
		"select":                {nil, lines("select 3", "set k 3", "select 0", "get k", "select 3", "get k"), "OK\nOK\nOK\n\nOK\n3\n"},
		"transaction":           {nil, lines("multi", "incr tx", "incr tx", "exec", "get tx"), "OK\nQUEUED\nQUEUED\n1\n2\n2\n"},
		"hello in the middle":   {nil, lines("hset h a 1", "hello 3", "hgetall h", "hello 2", "hgetall h"), ""},
		"reply off, on, skip":   {nil, lines("client reply off", "set r 1", "ping", "client reply on", "get r", "client reply skip", "ping", "get r"), "OK\n1\n1\n"},
		"reply skip, then on":   {nil, lines("client reply skip", "client reply on", "ping"), "OK\nPONG\n"},
		"reply off in a multi":  {nil, lines("multi", "client reply off", "ping", "discard", "ping"), "OK\nQUEUED\nQUEUED\nOK\nPONG\n"},
		"unsubscribe several":   {nil, lines("unsubscribe a b", "get none", "ping"), "unsubscribe\na\n0\nunsubscribe\nb\n0\n\nPONG\n"},
		"unsubscribe, no name":  {nil, lines("unsubscribe", "ping"), "unsubscribe\n\n0\nPONG\n"},
		"unsubscribe in RESP3":  {[]string{"-3"}, lines("unsubscribe a b", "ping"), "unsubscribe\na\n0\nunsubscribe\nb\n0\nPONG\n"},
		"subscribe, no name":    {nil, lines("subscribe", "ping"), "ERR wrong number of arguments for 'subscribe' command\n\nPONG\n"},
		"subscribe in a multi":  {nil, lines("multi", "subscribe a", "ping", "discard", "ping"), "OK\nQUEUED\nQUEUED\nOK\nPONG\n"},
		"subscribe and back":    {nil, lines("subscribe a b", "ping", "unsubscribe b a", "get none", "echo end"), "subscribe\na\n1\nsubscribe\nb\n2\npong\n\nunsubscribe\nb\n1\nunsubscribe\na\n0\n\nend\n"},
		"back from everything":  {nil, lines("subscribe a", "unsubscribe", "echo end"), "subscribe\na\n1\nunsubscribe\na\n0\nend\n"},
		"subscribe, quit":       {nil, lines("subscribe a", "2 ping", "quit", "ping never"), "subscribe\na\n1\npong\n\npong\n\n"},
		"subscribe, reset":      {nil, lines("subscribe a", "reset", "echo end"), "subscribe\na\n1\nRESET\nend\n"},
		"subscribe in RESP3":    {[]string{"-3"}, lines("subscribe a", "echo in", "unsubscribe a", "echo out"), "subscribe\na\n1\nin\nunsubscribe\na\n0\nout\n"},
		"monitor, reset":        {nil, lines("monitor", "reset", "echo end"), "OK\nRESET\nend\n"},
		"sync":                  {nil, lines("sync", "ping"), "PONG\n"},
		"quit sent":             {nil, lines("2 quit"), "OK\n"},
		"interval":              {[]string{"-i", "0.001"}, lines("ping", "ping"), "PONG\nPONG\n"},
		"-e has no effect":      {[]string{"-e"}, lines("nosuch", "ping"), "ERR unknown command 'nosuch', with args beginning with: \n\nPONG\n"},
		"-r has no effect":      {[]string{"-r", "5"}, lines("ping"), "PONG\n"},
		"help":                  {nil, lines("help nosuchcommand", "ping"), "\r\nPONG\n"},
		"password from stdin":   {[]string{"--askpass"}, lines("", "ping"), "PONG\n"},
		"connect, a wrong port": {nil, lines("connect h 0", "ping"), "Invalid port '0': connect takes a host and a number from 1 to 65535.\nPONG\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := redan(t, test.stdin, with(at(server.Addr()), test.args...)...)
			if got.code != 0 {
				t.Errorf("exit code %d", got.code)
			}
			switch name {
			case "hello in the middle":
				if !strings.HasSuffix(got.stdout, "a\n1\n") || !strings.Contains(got.stdout, "\na 1\n") {
					t.Errorf("stdout %q", got.stdout)
				}
			default:
				if got.stdout != test.stdout {
					t.Errorf("stdout %q, want %q (stderr %q)", got.stdout, test.stdout, got.stderr)
				}
			}
		})
	}
	if got := server.Do("EXISTS", "never"); got != "0" {
		t.Error("a command behind quit was executed")
	}
}

// TestPipedKeepsOrder: many commands, replies of all sizes, in the order sent.
func TestPipedKeepsOrder(t *testing.T) {
	server := conntest.Start(t)
	var in, want strings.Builder
	for i := range 20_000 {
		text := fmt.Sprintf("%d-%s", i, strings.Repeat("x", i%97))
		fmt.Fprintf(&in, "echo %s\n", text)
		want.WriteString(text + "\n")
	}
	big := strings.Repeat("y", 3<<20)
	in.WriteString("echo " + big + "\n")
	want.WriteString(big + "\n")
	if got := redan(t, in.String(), at(server.Addr())...); got.code != 0 || got.stdout != want.String() || got.stderr != "" {
		t.Errorf("exit code %d, %d bytes of %d, stderr %q", got.code, len(got.stdout), want.Len(), got.stderr)
	}
}

// TestSlowProducerGetsEachAnswerAtOnce: nothing is held back while input pauses.
func TestSlowProducerGetsEachAnswerAtOnce(t *testing.T) {
	server := conntest.Start(t)
	w := newTwin(at(server.Addr())...)
	say, end := w.typed(t)
	wait := w.begin(t)
	for i := range 5 {
		say(fmt.Sprintf("echo answer-%d", i))
		await(t, &w.stdout, fmt.Sprintf("answer-%d\n", i))
	}
	say("echo one", "echo two", "nosuch")
	await(t, &w.stdout, "one\ntwo\nERR unknown command")
	end()
	if got := wait(); got.code != 0 || got.stderr != "" {
		t.Errorf("%+v", got)
	}
}

// TestVerboseNamesTheLine of each command that failed.
func TestVerboseNamesTheLine(t *testing.T) {
	server := conntest.Start(t)
	stdin := lines("ping", "", "nosuch", "ping", "incr", "select 99")
	got := redan(t, stdin, with(at(server.Addr()), "--verbose")...)
	for _, want := range []string{"line 3: ERR unknown command 'nosuch'", "line 5: ERR wrong number of arguments", "line 6: ERR DB index"} {
		if !strings.Contains(got.stderr, want) {
			t.Errorf("stderr %q lacks %q", got.stderr, want)
		}
	}
	if got := redan(t, stdin, at(server.Addr())...); got.stderr != "" {
		t.Errorf("without --verbose: %q", got.stderr)
	}
}

// TestPipedServerDies: wherever the server stops, every reply that came is
// printed, and the lines that got none are named.
func TestPipedServerDies(t *testing.T) {
	const sent = 1000
	for _, after := range []int{0, 1, 255, 256, 257, 600, sent - 1} {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			var once atomic.Bool
			addr := conntest.Fake(t, func(c net.Conn) {
				if !once.CompareAndSwap(false, true) {
					return // after that, it is gone
				}
				r, w := bufio.NewReader(c), bufio.NewWriter(c)
				for i := range after {
					if r.Buffered() == 0 {
						_ = w.Flush()
					}
					if _, err := conntest.ReadCommand(r); err != nil {
						return
					}
					_, _ = fmt.Fprintf(w, ":%d\r\n", i+1)
				}
				_ = w.Flush()
				_, _ = conntest.ReadCommand(r)
			})
			var in, want strings.Builder
			for i := range sent {
				in.WriteString("incr n\n")
				if i < after {
					fmt.Fprintf(&want, "%d\n", i+1)
				}
			}
			got := redan(t, in.String(), at(addr)...)
			if got.stdout != want.String() {
				t.Errorf("printed %d bytes, want %d", len(got.stdout), want.Len())
			}
			first := fmt.Sprint(after + 1)
			one, several := "  the reply to line "+first+" did not come", "  the replies to lines "+first+" to "
			if got.code != 0 || !strings.HasPrefix(got.stderr, "Error: ") || strings.Contains(got.stderr, one) == strings.Contains(got.stderr, several) {
				t.Errorf("exit code %d, stderr %.200q", got.code, got.stderr)
			}
		})
	}
}

// TestLossIsToldAtOnce: who waits for a reply sends nothing more before.
func TestLossIsToldAtOnce(t *testing.T) {
	addr := conntest.Fake(t, conntest.ReplyOnce(""))
	w := newTwin(at(addr)...)
	say, end := w.typed(t)
	wait := w.begin(t)
	say("incr n")
	await(t, &w.stderr, "Error: Server closed the connection")
	end()
	if got := wait(); !strings.Contains(got.stderr, "the reply to line 1 did not come") {
		t.Errorf("stderr %q", got.stderr)
	}
}

// TestLinesThatWereNotSentAreNotLost: a built-in behind the lost command is no
// command, and so are blank lines.
func TestLinesThatWereNotSentAreNotLost(t *testing.T) {
	addr := conntest.Fake(t, conntest.ReplyOnce("+OK\r\n"))
	got := redan(t, lines("ping", "ping", "", "", "help nosuchcommand"), at(addr)...)
	if !strings.Contains(got.stderr, "  the reply to line 2 did not come; ") {
		t.Errorf("stderr %q", got.stderr)
	}
}

// TestPipedGarbageEndsWithOne: a protocol error ends the run at once, also when
// more lines are under way.
func TestPipedGarbageEndsWithOne(t *testing.T) {
	for name, count := range map[string]int{"one line": 1, "few": 3, "many": 5000} {
		t.Run(name, func(t *testing.T) {
			addr := conntest.Fake(t, conntest.ReplyOnce("+OK\r\nHTTP/1.1 400 Bad Request\r\n"))
			got := redan(t, strings.Repeat("ping\n", max(2, count)), at(addr)...)
			if got.code != 1 || got.stdout != "OK\n" || !strings.HasPrefix(got.stderr, `Error: Protocol error, got "H" as reply type byte`) {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestLostTransactionIsTold: what comes behind would be executed outside of it.
func TestLostTransactionIsTold(t *testing.T) {
	var connections atomic.Int32
	addr := conntest.Fake(t, func(c net.Conn) {
		first := connections.Add(1) == 1
		conntest.Answer(func(args []string) string {
			switch {
			case args[0] == "set" && first:
				return ""
			case args[0] == "exec":
				return "-ERR EXEC without MULTI\r\n"
			}
			return "+OK\r\n"
		})(c)
	})
	got := redan(t, lines("watch k", "multi", "set k v", "exec"), with(at(addr), "--no-raw")...)
	if !strings.Contains(got.stderr, "  lost:  the transaction (MULTI), the watched keys (WATCH)\n") {
		t.Errorf("stderr %q", got.stderr)
	}
	if !strings.HasSuffix(got.stdout, "(error) ERR EXEC without MULTI\n") {
		t.Errorf("stdout %q", got.stdout)
	}
}

// TestPipedWithoutServer: at length once, then a line a command; exit code 0 as redis-cli's.
func TestPipedWithoutServer(t *testing.T) {
	server := conntest.Start(t)
	where := at(server.Addr())
	server.Stop()
	got := redan(t, lines("ping", "ping", "quit"), where...)
	if got.code != 0 || got.stdout != "" || strings.Count(got.stderr, "Could not connect to Redis at ") != 3 || strings.Count(got.stderr, "cause:") != 1 {
		t.Errorf("%+v", got)
	}
}

// TestPipedConnectsAnew: a server that comes later, or comes back, is used. The
// password is asked for once, or it would take the next line for one.
func TestPipedConnectsAnew(t *testing.T) {
	server := conntest.Start(t, conntest.Password("pw"))
	w := newTwin(with(at(server.Addr()), "--askpass", "-n", "2")...)
	server.Stop()
	say, end := w.typed(t)
	wait := w.begin(t)
	say("pw")
	await(t, &w.stderr, "Connection refused")
	server.Restart()
	say("set k v")
	await(t, &w.stdout, "OK\n")
	server.Stop()
	server.Restart()
	say("get k") // meets the end of the connection
	await(t, &w.stderr, "Error: ")
	say("set k v", "get k")
	await(t, &w.stdout, "OK\nOK\nv\n")
	end()
	if got := wait(); got.code != 0 {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(server.Do("INFO", "keyspace"), "db2:keys=1") {
		t.Error("it was another database")
	}
}

// TestPipedRefusedOpenings end the run, whenever they happen: the commands
// would run as somebody else, or somewhere else.
func TestPipedRefusedOpenings(t *testing.T) {
	server := conntest.Start(t, conntest.Password("pw"))
	got := redan(t, lines("ping", "ping"), with(at(server.Addr()), "-a", "wrong", "--no-auth-warning")...)
	if got.code != 1 || got.stdout != "" || strings.Count(got.stderr, "AUTH failed: WRONGPASS") != 1 {
		t.Errorf("at the start: %+v", got)
	}
	var connections atomic.Int32
	addr := conntest.Fake(t, func(c net.Conn) {
		first := connections.Add(1) == 1
		conntest.Answer(func(args []string) string {
			switch {
			case args[0] == "AUTH" && !first:
				return "-WRONGPASS invalid username-password pair or user is disabled.\r\n"
			case args[0] == "die":
				return ""
			}
			return "+OK\r\n"
		})(c)
	})
	got = redan(t, lines("ping", "2 die", "ping", "ping"), with(at(addr), "-a", "pw", "--no-auth-warning")...)
	if got.code != 1 || got.stdout != "OK\n" || strings.Count(got.stderr, "AUTH failed: WRONGPASS") != 1 {
		t.Errorf("at a reconnect: %+v", got)
	}
}

// TestConnectInPipedInput leads to another server, and tells what is lost.
func TestConnectInPipedInput(t *testing.T) {
	first, second := conntest.Start(t), conntest.Start(t)
	host, port, _ := strings.Cut(second.Addr(), ":")
	got := redan(t, lines("set who first", "watch k", "connect "+host+" "+port, "set who second", "connect "+host+" 1", "ping"), at(first.Addr())...)
	if got.code != 0 || got.stdout != "OK\nOK\nOK\n" || second.Do("GET", "who") != "second" || first.Do("GET", "who") != "first" {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(got.stderr, "lost:  the watched keys (WATCH)") || strings.Count(got.stderr, "Could not connect to Redis at "+host+":1: ") != 2 {
		t.Errorf("stderr %q", got.stderr)
	}
}

// TestPushesInOrder: a push stands before the reply it came before.
func TestPushesInOrder(t *testing.T) {
	addr := conntest.FakeLines(t, func(args []string) string {
		if args[0] == "HELLO" {
			return "%0\r\n"
		}
		return ">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n+" + args[1] + "\r\n"
	})
	stdin := lines("echo one", "echo two", "echo three")
	shown := "invalidate\nk\none\ninvalidate\nk\ntwo\ninvalidate\nk\nthree\n"
	for flag, want := range map[string]string{"y": shown, "n": "one\ntwo\nthree\n"} {
		check(t, "--show-pushes "+flag, redan(t, stdin, with(at(addr), "-3", "--show-pushes", flag)...), 0, want)
	}
}

// TestRedirectsInPipedInput are told on standard output, as redis-cli does.
func TestRedirectsInPipedInput(t *testing.T) {
	target := conntest.FakeLines(t, func([]string) string { return "+here\r\n" })
	seed := conntest.FakeLines(t, func(args []string) string {
		if args[0] == "watch" {
			return "+OK\r\n"
		}
		return "-MOVED 5 " + target + "\r\n"
	})
	got := redan(t, lines("watch k", "get k", "get k"), with(at(seed), "-c")...)
	check(t, "-c", got, 0, "OK\n-> Redirected to slot [5] located at "+target+"\nhere\nhere\n")
	if got.stderr != "  lost:  the watched keys (WATCH)\n" {
		t.Errorf("stderr %q", got.stderr)
	}
	check(t, "one-shot", redan(t, "", with(at(seed), "-c", "get", "k")...), 0, "here\n")
	check(t, "without -c", redan(t, "", with(at(seed), "get", "k")...), 0, "MOVED 5 "+target+"\n\n")
}

// TestElapsed: in the human format the time of a slow line follows its replies.
func TestElapsed(t *testing.T) {
	addr := conntest.FakeLines(t, func([]string) string { return "+OK\r\n" })
	for _, test := range []struct {
		step time.Duration // each look at the clock
		args []string
		want string
	}{
		{100 * time.Millisecond, []string{"--no-raw"}, "OK\nOK\nOK\n"},
		{600 * time.Millisecond, []string{"--no-raw"}, "OK\n(0.60s)\nOK\nOK\n(0.60s)\n"},
		{600 * time.Millisecond, []string{"--raw"}, "OK\nOK\nOK\n"},
	} {
		w := newTwin(with(at(addr), test.args...)...)
		var now atomic.Int64
		w.Now = func() time.Time { return time.Unix(0, now.Add(int64(test.step))) }
		w.Stdin = strings.NewReader(lines("ping", "2 ping"))
		check(t, fmt.Sprint(test.args, test.step), w.run(t), 0, test.want)
	}
}

// TestHugeLine passes through whole.
func TestHugeLine(t *testing.T) {
	const size = 16 << 20
	addr := conntest.FakeLines(t, func(args []string) string { return fmt.Sprintf(":%d\r\n", len(args[2])) })
	w := newTwin(at(addr)...)
	w.Stdin = io.MultiReader(strings.NewReader("set k "), io.LimitReader(letters{}, size), strings.NewReader("\nset k v\n"))
	check(t, "a line of 16 MiB", w.run(t), 0, fmt.Sprintf("%d\n1\n", size))
}

// letters is an endless word.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}
