package format_test

import (
	"bufio"
	"bytes"
	"net"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"redan/conn/conntest"
	"redan/conn/resp"
	"redan/ui/format"
)

// scripted returns the address of a server that answers the commands of each
// connection with the given replies, one after the other.
func scripted(t *testing.T, replies []string) string {
	t.Helper()
	return conntest.Fake(t, func(conn net.Conn) {
		commands := bufio.NewReader(conn)
		for i := 0; i < len(replies); {
			command, err := conntest.ReadCommand(commands)
			if err != nil {
				return
			}
			reply := "+hello\r\n" // --json implies protocol 3
			if command[0] != "HELLO" {
				reply = replies[i]
				i++
			}
			if _, err := conn.Write([]byte(reply)); err != nil {
				return
			}
		}
	})
}

// redisCLI returns what the system's redis-cli prints on standard output.
func redisCLI(t *testing.T, addr, stdin string, args ...string) string {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "redis-cli", append([]string{"-h", host, "-p", port}, args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	if err := cmd.Run(); err != nil || stderr.Len() > 0 {
		t.Fatalf("redis-cli %q: %v, %s", args, err, stderr.String())
	}
	return stdout.String()
}

// TestPrintsAsRedisCLIDoes prints the same replies here and with redis-cli, the
// goldens and many values made at random.
func TestPrintsAsRedisCLIDoes(t *testing.T) {
	var replies []string
	for _, g := range goldens() {
		replies = append(replies, g.wire)
	}
	const deep = 30
	replies = append(replies, strings.Repeat("*2\r\n:1\r\n", deep)+"*0\r\n")
	const seed = 7
	for gen := newGenerator(seed); len(replies) < 400; {
		replies = append(replies, string(resp.Append(nil, gen.value(4))))
	}
	// A push comes out of band: redis-cli waits for a reply behind it.
	for _, keys := range []string{"*2\r\n$1\r\na\r\n$3\r\nb'\x01\r\n", "*0\r\n", "_\r\n", "~1\r\n$1\r\na\r\n"} {
		replies = append(replies, ">2\r\n$10\r\ninvalidate\r\n"+keys+"+behind\r\n")
	}
	replies = append(replies, ">2\r\n+invalidate\r\n*1\r\n$1\r\na\r\n+behind\r\n", ">1\r\n+message\r\n+behind\r\n",
		">2\r\n$5\r\ninval\r\n*1\r\n$1\r\na\r\n+behind\r\n")

	addr := scripted(t, replies)
	for _, m := range modes() {
		t.Run(m.flag, func(t *testing.T) {
			theirs := redisCLI(t, addr, "", "--show-pushes", "y", m.flag, "-r", strconv.Itoa(len(replies)), "next")
			compare(t, m.mode, replies, theirs)
		})
	}
}

// compare finds the first reply that is printed differently.
func compare(t *testing.T, mode format.Mode, replies []string, theirs string) {
	t.Helper()
	for i, reply := range replies {
		src := readerOf(reply)
		ours := printed(t, format.New(mode), src)
		if reply[0] == '>' {
			ours += printed(t, format.New(mode), src)
		}
		if !strings.HasPrefix(theirs, ours) {
			t.Fatalf("reply %d, %q:\ngot\n%s\nwant\n%s", i, reply, ours, theirs[:min(len(theirs), len(ours)+40)])
		}
		theirs = theirs[len(ours):]
	}
	if theirs != "" {
		t.Errorf("redis-cli printed more: %q", theirs)
	}
}

func TestDelimitersAsRedisCLI(t *testing.T) {
	replies := []string{"+PONG\r\n", "*2\r\n:1\r\n*2\r\n+a\r\n*0\r\n", "%2\r\n+k\r\n:1\r\n+l\r\n:2\r\n", "-ERR x\r\n", "_\r\n", "*1\r\n-ERR y\r\n"}
	addr := scripted(t, replies)
	for _, d := range []struct{ element, reply string }{{",", "\n"}, {"\n", "|"}, {"", ""}, {"<->", "<=>"}, {`\n`, `\n`}} {
		for _, m := range modes() {
			p := format.Printer{Mode: m.mode, ElementDelimiter: d.element, ReplyDelimiter: d.reply}
			var ours strings.Builder
			for _, reply := range replies {
				ours.WriteString(printed(t, p, readerOf(reply)))
			}
			theirs := redisCLI(t, addr, "", m.flag, "-d", d.element, "-D", d.reply, "-r", strconv.Itoa(len(replies)), "next")
			if ours.String() != theirs {
				t.Errorf("%s -d %q -D %q: got %q, want %q", m.flag, d.element, d.reply, ours.String(), theirs)
			}
		}
	}
}

func TestPlainAsRedisCLI(t *testing.T) {
	replies := []string{
		"$10\r\nid=1\r\nid=2\r\n", "=9\r\ntxt:id=1\n\r\n", "-ERR no\r\n", "+QUEUED\r\n", "*2\r\n:1\r\n+b\r\n", "_\r\n",
	}
	addr := scripted(t, replies)
	for _, m := range modes() {
		var out bytes.Buffer
		w := bufio.NewWriter(&out)
		for _, reply := range replies {
			if _, err := format.New(m.mode).PrintPlain(w, readerOf(reply)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		theirs := redisCLI(t, addr, "", m.flag, "-r", strconv.Itoa(len(replies)), "client", "list")
		if out.String() != theirs {
			t.Errorf("%s: got %q, want %q", m.flag, out.String(), theirs)
		}
	}
}

// TestPrintsRealReplies asks a real server for every type it can be made to
// send, in both protocols.
func TestPrintsRealReplies(t *testing.T) {
	server := conntest.Start(t, conntest.Config("enable-debug-command", "yes"))
	commands := realCommands()
	wantKinds(t, server.Addr(), commands)
	elapsed := regexp.MustCompile(`(?m)^\(\d+\.\d\ds\)\n`) // only if the machine is slow
	for _, version := range []string{"2", "3"} {
		for _, m := range modes() {
			t.Run("RESP"+version+" "+m.flag, func(t *testing.T) {
				theirs := redisCLI(t, server.Addr(), strings.Join(commands, "\n")+"\n", "-"+version, m.flag)
				theirs = elapsed.ReplaceAllString(theirs, "")
				var ours strings.Builder
				src := ask(t, server.Addr(), version, commands)
				for range commands {
					ours.WriteString(printed(t, format.New(m.mode), src))
				}
				if ours.String() != theirs {
					t.Errorf("got\n%s\nwant\n%s", ours.String(), theirs)
				}
			})
		}
	}
}

// realCommands are free of quotes, so that an inline command and a line of
// redis-cli's standard input mean the same.
func realCommands() []string {
	return []string{
		"FLUSHALL", "SET s v", "GET s", "GET none", "INCR n", "LPUSH s x", "NOSUCH",
		"RPUSH l a b c d e f g h i j k", "LRANGE l 0 -1", "LRANGE none 0 -1", "HSET h f1 v1 f2 v2", "HGETALL h", "HGETALL none",
		"SADD set 3 1 2", "SMEMBERS set", "SMEMBERS none", "ZADD z 1.5 a 2 b inf c", "ZRANGE z 0 -1 WITHSCORES", "ZSCORE z a",
		"XADD x 1-1 f v", "XADD x 1-2 f v g w", "XRANGE x - +", "XINFO STREAM x FULL", "GEOADD g 13.361389 38.115556 p", "GEOPOS g p none",
		"EVAL return{1,{2,{3,{}},{true}},redis.status_reply(KEYS[1]),redis.error_reply(KEYS[1]),false} 1 k",
		"COMMAND INFO get set", "CONFIG GET maxmemory*", "MULTI", "SET s w", "LPUSH s x", "HGETALL h", "EXEC",
		"DEBUG PROTOCOL string", "DEBUG PROTOCOL integer", "DEBUG PROTOCOL double", "DEBUG PROTOCOL null", "DEBUG PROTOCOL array",
		"DEBUG PROTOCOL set", "DEBUG PROTOCOL map", "DEBUG PROTOCOL verbatim", "DEBUG PROTOCOL true", "DEBUG PROTOCOL false",
	}
}

// ask sends the commands inline and returns the source of their replies.
func ask(t *testing.T, addr, version string, commands []string) *resp.Reader {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := conn.Write([]byte("HELLO " + version + "\r\n" + strings.Join(commands, "\r\n") + "\r\n")); err != nil {
		t.Fatal(err)
	}
	reader := resp.NewReader(conn)
	if hello, err := reader.Read(); err != nil || hello.Kind.IsError() {
		t.Fatalf("HELLO: %s, %v", hello, err)
	}
	return reader
}

// wantKinds makes sure that the commands do bring all kinds, so that the test
// does not shrink unnoticed.
func wantKinds(t *testing.T, addr string, commands []string) {
	t.Helper()
	src := ask(t, addr, "3", commands)
	seen := map[resp.Kind]bool{}
	for range commands {
		v, err := src.Read()
		if err != nil {
			t.Fatal(err)
		}
		seen[v.Kind] = true
	}
	for _, kind := range []resp.Kind{
		resp.SimpleString, resp.SimpleError, resp.Integer, resp.BulkString, resp.Array, resp.Null, resp.Boolean, resp.Double,
		resp.VerbatimString, resp.Map, resp.Set,
	} {
		if !seen[kind] {
			t.Errorf("no command was answered with a %c", kind)
		}
	}
}
