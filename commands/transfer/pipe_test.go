package transfer_test

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"redan/commands/transfer"
	"redan/conn/conntest"
	"redan/conn/resp"
)

// loaded is a bulk load and what was said of it on the way.
type loaded struct {
	transfer.PipeReport
	errors []string
	sent   bool
}

// load sends input to a server, after some words on the same connection that are no part of it.
func load(t *testing.T, addr string, input io.Reader, patience time.Duration) loaded {
	t.Helper()
	return loadUntil(t.Context(), t, addr, input, patience)
}

func loadUntil(ctx context.Context, t *testing.T, addr string, input io.Reader, patience time.Duration) (l loaded) {
	t.Helper()
	wire, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = wire.Close() }()
	p := transfer.Pipe{
		Patience: patience, Now: time.Now,
		OnError: func(e transfer.PipeError) {
			l.errors = append(l.errors, fmt.Sprintf("%d %.60s", e.Number, e.Text))
		},
	}
	var sent atomic.Bool
	p.OnSent = func() { sent.Store(true) }
	l.PipeReport = p.Run(ctx, wire, wire, input)
	l.sent = sent.Load()
	return l
}

// chunks reads from src in pieces of random sizes.
type chunks struct {
	src  io.Reader
	dice *rand.Rand
}

func (c *chunks) Read(b []byte) (int, error) {
	most := []int{1, 7, 100, 5000, len(b)}[c.dice.IntN(5)]
	return c.src.Read(b[:min(most, len(b))])
}

// randomInput makes commands in both forms, some of which fail and some of which answer at length, and says how many.
func randomInput(dice *rand.Rand) (input []byte, commands, failures int64) {
	for range dice.IntN(400) {
		var words []string
		switch dice.IntN(9) {
		case 0:
			words = []string{"SET", "k" + strconv.Itoa(dice.IntN(9)), "v"}
		case 1:
			words = []string{"NOSUCH", "x"}
			failures++
		case 2:
			words = []string{"LRANGE", "list", "0", "-1"}
		case 3:
			words = []string{"EVAL", "return {1,{'a',redis.status_reply('OK')},false,redis.error_reply('in it')}", "0"}
		case 4:
			words = []string{"EVAL", "return string.rep('x', " + strconv.Itoa(dice.IntN(200_000)) + ")", "0"}
		case 5:
			words = []string{"GET", "nothing"}
		case 6:
			words = []string{"INCR", "list"}
			failures++
		case 7:
			words = []string{"ECHO", strings.Repeat("*1\r\n$4\r\nPING\r\n", dice.IntN(6000))}
		case 8:
			input = append(input, []string{"\r\n", "\n", "  \r\n", "*0\r\n", "*-1\r\n"}[dice.IntN(5)]...)
			continue
		}
		commands++
		if dice.IntN(2) == 0 && !strings.ContainsAny(strings.Join(words, ""), "\r'") {
			input = append(input, strings.Join(words, " ")+[]string{"\n", "\r\n"}[dice.IntN(2)]...)
		} else {
			input = resp.AppendCommand(input, words...)
		}
	}
	return input, commands, failures
}

func TestPipeCounts(t *testing.T) {
	server := conntest.Start(t)
	server.Do("RPUSH", "list", "a", "b", "c")
	for seed := range uint64(25) {
		dice := rand.New(rand.NewPCG(seed, 1))
		input, commands, failures := randomInput(dice)
		l := load(t, server.Addr(), &chunks{bytes.NewReader(input), dice}, time.Minute)
		want := transfer.PipeProgress{Bytes: int64(len(input)), Commands: commands, Replies: commands, Errors: failures}
		if l.Ending != transfer.Complete || l.PipeProgress != want || len(l.errors) != int(failures) || !l.sent {
			t.Errorf("seed %d: %s %+v with %d errors told, want %+v", seed, l.Ending, l.PipeProgress, len(l.errors), want)
		}
	}
}

// What a server makes of an input is what framing says: cut anywhere, the commands before are answered, and nothing of the rest is run.
func TestPipeCutAnywhere(t *testing.T) {
	server := conntest.Start(t)
	first := resp.AppendCommand(nil, "INCR", "first")
	second := resp.AppendCommand(nil, "SET", "second", strings.Repeat("x", 60))
	whole := append(append([]byte{}, first...), second...)
	for size := range len(whole) + 1 {
		l := load(t, server.Addr(), bytes.NewReader(whole[:size]), time.Minute)
		switch complete := size == 0 || size == len(first) || size == len(first)-1 || size == len(first)-2 || size >= len(whole)-2; {
		case complete && (l.Ending != transfer.Complete || l.Replies != l.Commands):
			t.Errorf("%d bytes: %s, %d of %d commands answered", size, l.Ending, l.Replies, l.Commands)
		case !complete && (l.Ending != transfer.Truncated || l.Cut == nil || l.Replies != l.Commands || l.Cut.Offset != int64(size)):
			t.Errorf("%d bytes: %s, cut %+v, %d of %d commands answered", size, l.Ending, l.Cut, l.Replies, l.Commands)
		}
		if got := server.Do("EXISTS", "second"); got != "0" && size < len(whole)-2 {
			t.Fatalf("%d bytes: %q is in the database", size, got)
		}
	}
}

func TestPipeEndings(t *testing.T) {
	server, guarded := conntest.Start(t), conntest.Start(t, conntest.Password("secret"))
	deaf := conntest.Start(t, conntest.ACL("user default on nopass ~* +@all -echo"))
	const short = 500 * time.Millisecond
	for _, c := range []struct {
		name, addr, input string
		patience          time.Duration
		want              transfer.Ending
		commands, replies int64
		errors            []string
		last              string
	}{
		{name: "transaction left open", input: "MULTI\nSET a 1\n", want: transfer.Unconfirmed, commands: 2, replies: 3, last: "QUEUED"},
		{
			name: "no password", addr: guarded.Addr(), input: "SET a 1\n", want: transfer.Unconfirmed, commands: 1, replies: 2,
			errors: []string{"1 NOAUTH Authentication required.", "2 NOAUTH Authentication required."}, last: "NOAUTH Authentication required.",
		},
		{
			name: "no right to echo", addr: deaf.Addr(), input: "SET a 1\n", want: transfer.Unconfirmed, commands: 1, replies: 2,
			errors: []string{"2 NOPERM this user has no permissions to run the 'echo' comman"}, last: "NOPERM",
		},
		{name: "quit", input: "SET a 1\nQUIT\nSET a 2\n", want: transfer.Lost, commands: 3, replies: 2},
		{
			name: "protocol error", input: "SET a 1\r\n*1\r\nfoo\r\n", want: transfer.Lost, commands: 1, replies: 2,
			errors: []string{"2 ERR Protocol error: expected '$', got 'f'"}, last: "ERR Protocol error: expected '$', got 'f'",
		},
		{name: "NUL in a line", input: "SET a \x00b\nPING\n", patience: short, want: transfer.Silent, commands: 2},
		{name: "NUL in a number", input: "PING\n*1\r\n$4\x00\r\nPING\r\n", patience: short, want: transfer.Silent, commands: 1, replies: 1},
		{name: "replies turned off", input: "SET a 1\nCLIENT REPLY OFF\nSET a 2\n", patience: short, want: transfer.Silent, commands: 3, replies: 1},
		{name: "more replies than commands", input: "SUBSCRIBE a b c\nUNSUBSCRIBE\nPING\n", want: transfer.Complete, commands: 3, replies: 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.addr == "" {
				c.addr = server.Addr()
			}
			l := load(t, c.addr, strings.NewReader(c.input), c.patience)
			if l.Ending != c.want || l.Commands != c.commands || l.Replies != c.replies || !l.sent {
				t.Errorf("%s (%v), %d commands, %d replies, sent %t", l.Ending, l.Err, l.Commands, l.Replies, l.sent)
			}
			if fmt.Sprint(l.errors) != fmt.Sprint(c.errors) || !strings.HasPrefix(l.Last, c.last) {
				t.Errorf("errors %q, the last %q", l.errors, l.Last)
			}
		})
	}
}

// echoing answers the ECHO at the end, once it has read so much input before it. It says the words before first.
func echoing(conn net.Conn, input int64, before ...string) {
	_, _ = io.CopyN(io.Discard, conn, input)
	words, err := conntest.ReadCommand(bufio.NewReader(skipLine(conn)))
	if err == nil && len(words) == 2 {
		_, _ = io.WriteString(conn, strings.Join(before, ""))
		_, _ = fmt.Fprintf(conn, "$%d\r\n%s\r\n", len(words[1]), words[1])
	}
	conntest.Silence()(conn)
}

// skipLine passes over the line break before ECHO.
func skipLine(r io.Reader) io.Reader {
	_, _ = io.CopyN(io.Discard, r, 2)
	return r
}

const ping = "PING\r\n"

func TestPipeFaultyServers(t *testing.T) {
	for _, c := range []struct {
		name     string
		input    string // a PING, if empty
		script   conntest.Script
		patience time.Duration
		want     transfer.Ending
		replies  int64
	}{
		{name: "never answers", script: conntest.Silence(), patience: 50 * time.Millisecond, want: transfer.Silent},
		{name: "answers half", script: conntest.ReplyThenSilence("$10\r\nabc"), patience: 50 * time.Millisecond, want: transfer.Silent},
		{name: "closes in the middle of a reply", script: conntest.HalfBulk(), want: transfer.Lost},
		{name: "closes at once", script: conntest.HangUp(), want: transfer.Lost},
		{name: "resets", script: conntest.Reset(), want: transfer.Lost},
		{name: "speaks something else", script: conntest.ReplyOnce("HTTP/1.1 400 Bad Request\r\n\r\n"), want: transfer.Lost},
		{
			name: "pushes", input: ping + ping, want: transfer.Complete, replies: 2,
			script: func(conn net.Conn) {
				_, _ = io.WriteString(conn, ">2\r\n+message\r\n$1\r\na\r\n+PONG\r\n>1\r\n:1\r\n|1\r\n+ttl\r\n:1\r\n$4\r\nPONG\r\n>0\r\n")
				echoing(conn, int64(2*len(ping)))
			},
		},
		{
			name: "sends what is as long as the echo, before it", input: ping + ping + ping, want: transfer.Complete, replies: 3,
			script: func(conn net.Conn) {
				const like = "$20\r\n12345678901234567890\r\n"
				echoing(conn, int64(3*len(ping)), like, "!20\r\nERR 5678901234567890\r\n", like)
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := load(t, conntest.Fake(t, c.script), strings.NewReader(cmp.Or(c.input, ping)), c.patience)
			if l.Ending != c.want || l.Replies != c.replies || !l.sent {
				t.Errorf("%s (%v), %d replies, sent %t", l.Ending, l.Err, l.Replies, l.sent)
			}
		})
	}
}

// TestPipeSlowServer waits for a reply as long as its bytes keep coming, however long that takes.
func TestPipeSlowServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const patience = 500 * time.Millisecond
		ours, theirs := net.Pipe()
		go func() {
			for _, c := range "$14\r\n" + "abcdefghijklmn" + "\r\n" {
				_, _ = io.WriteString(theirs, string(c))
				time.Sleep(patience - 1) // inside a bubble: no time passes
			}
			echoing(theirs, int64(len(ping)))
		}()
		p := transfer.Pipe{Now: time.Now, Patience: patience}
		if r := p.Run(t.Context(), ours, ours, strings.NewReader(ping)); r.Ending != transfer.Complete || r.Replies != 1 {
			t.Errorf("%s (%v), %d replies", r.Ending, r.Err, r.Replies)
		}
		_ = ours.Close()
	})
}

// waiting is an input that gives nothing more until it is closed.
func waiting(t *testing.T, before string) io.Reader {
	t.Helper()
	r, w := io.Pipe()
	t.Cleanup(func() { _ = w.Close() })
	return io.MultiReader(strings.NewReader(before), r)
}

func TestPipeFaultyInputs(t *testing.T) {
	server := conntest.Start(t)
	broken := errors.New("input/output error")
	l := load(t, server.Addr(), io.MultiReader(strings.NewReader("PING\n"), iotest.ErrReader(broken)), time.Minute)
	if l.Ending != transfer.Unreadable || !errors.Is(l.Err, broken) || l.Commands != 1 || l.sent {
		t.Errorf("input that breaks: %s (%v), %d commands, sent %t", l.Ending, l.Err, l.Commands, l.sent)
	}
	l = load(t, server.Addr(), waiting(t, "PING\nQUIT\n"), time.Minute)
	if l.Ending != transfer.Lost || l.Replies != 2 || l.sent {
		t.Errorf("server that leaves while the input waits: %s (%v), %d replies, sent %t", l.Ending, l.Err, l.Replies, l.sent)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	l = loadUntil(ctx, t, server.Addr(), waiting(t, "PING\n"), time.Millisecond) // before the end there is no hurry
	if l.Ending != transfer.Stopped || l.Replies != 1 || l.sent {
		t.Errorf("input that waits: %s (%v), %d replies, sent %t", l.Ending, l.Err, l.Replies, l.sent)
	}
}

func TestPipeKinds(t *testing.T) {
	var answer strings.Builder
	for i := range 200 {
		fmt.Fprintf(&answer, "-MOVED %d 127.0.0.1:1\r\n-E%d x\r\n+OK\r\n-no code\r\n!8\r\nOOM full\r\n", i, i)
	}
	addr := conntest.Fake(t, func(conn net.Conn) {
		_, _ = io.WriteString(conn, answer.String())
		echoing(conn, 1000*int64(len(ping)))
	})
	l := load(t, addr, strings.NewReader(strings.Repeat(ping, 1000)), time.Minute)
	if l.Errors != 800 || len(l.errors) != 800 || l.errors[0] != "1 MOVED 0 127.0.0.1:1" {
		t.Fatalf("%d errors, %d told", l.Errors, len(l.errors))
	}
	total := int64(0)
	for _, kind := range l.Kinds {
		total += kind.Count
	}
	first := fmt.Sprintf("%+v", l.Kinds[:3])
	want := "[{Word: Count:339 First:4 Text:no code} {Word:MOVED Count:200 First:1 Text:MOVED 0 127.0.0.1:1} {Word:OOM Count:200 First:5 Text:OOM full}]"
	if total != 800 || len(l.Kinds) != 64 || first != want {
		t.Errorf("%d errors in %d kinds: %s", total, len(l.Kinds), first)
	}
}

// A server is the judge of where commands begin and end: in input with wrong bytes, too, what framing says is what it does.
func TestPipeDamagedInput(t *testing.T) {
	server := conntest.Start(t)
	seen := map[transfer.Ending]int{}
	for seed := range uint64(200) {
		dice := rand.New(rand.NewPCG(seed, 2))
		var input []byte
		for range 1 + dice.IntN(8) {
			input = resp.AppendCommand(input, "SET", "k"+strconv.Itoa(dice.IntN(20)), strings.Repeat("v\r\n", dice.IntN(10)))
			input = append(input, []string{"GET k\r\n", "\r\n", "SET k \"v w\"\n", "*0\r\n", ""}[dice.IntN(5)]...)
		}
		for range 1 + dice.IntN(2) {
			at := dice.IntN(len(input))
			switch wrong := "*$\r\n0123456789- \"a"; dice.IntN(3) {
			case 0:
				input[at] = wrong[dice.IntN(len(wrong))]
			case 1:
				input = append(input[:at], input[at+1:]...)
			case 2:
				input = input[:at+1]
			}
			if len(input) == 0 {
				break
			}
		}
		l := load(t, server.Addr(), bytes.NewReader(input), time.Minute)
		seen[l.Ending]++
		ok := false
		switch l.Ending {
		case transfer.Complete, transfer.Truncated:
			ok = l.Replies == l.Commands && l.Garbage == nil
		case transfer.Lost:
			ok = strings.HasPrefix(l.Last, "ERR Protocol error") && l.Unanswered() >= 0
		case transfer.Silent, transfer.Unconfirmed, transfer.Unreadable, transfer.Stopped, transfer.Unsendable:
		}
		if !ok {
			t.Errorf("seed %d: %s (%v), %d of %d commands answered, last %q, garbage %+v, cut %+v\n%q",
				seed, l.Ending, l.Err, l.Replies, l.Commands, l.Last, l.Garbage, l.Cut, input)
		}
	}
	if seen[transfer.Complete] < 20 || seen[transfer.Truncated] < 20 || seen[transfer.Lost] < 20 {
		t.Errorf("too few of a kind: %v", seen)
	}
}
