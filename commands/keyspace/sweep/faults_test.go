package sweep_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"redan/commands/keyspace"
	"redan/commands/keyspace/sweep"
	"redan/conn"
	"redan/conn/conntest"
	"redan/conn/resp"
)

// bulks is an array of bulk strings on the wire.
func bulks(words ...string) string { return string(resp.AppendCommand(nil, words...)) }

// scanReply is a reply to SCAN.
func scanReply(cursor string, names ...string) string {
	return "*2\r\n" + bulks(cursor)[len("*1\r\n"):] + bulks(names...)
}

// failedOn returns the only failure, which must be of one node and command.
func failedOn(t *testing.T, failures []error, node int, command string) *sweep.NodeError {
	t.Helper()
	failed := &sweep.NodeError{}
	if len(failures) != 1 || !errors.As(failures[0], &failed) || failed.Node != node || failed.Command != command {
		t.Fatalf("failed with %v, want one of node %d in %q", failures, node, command)
	}
	return failed
}

func TestServerRefusesSCAN(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"LOADING Redis is loading the dataset in memory", "NOAUTH Authentication required.", "ERR unknown command 'SCAN'",
		"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", "NOPERM this user has no permissions",
	} {
		addr := conntest.FakeLines(t, func([]string) string { return "-" + text + "\r\n" })
		_, failures := read(t, sweep.New(nodes(t, addr), sweep.Options{}))
		failed := failedOn(t, failures, 0, "SCAN")
		if refused := resp.ServerError(""); !errors.As(failed, &refused) || string(refused) != text {
			t.Errorf("%v, want %q", failed, text)
		}
		if want := addr + ": SCAN: " + text; failed.Error() != want {
			t.Errorf("%q, want %q", failed, want)
		}
	}
}

// A server that has as many clients as it takes says so to the first command, whatever that is, and hangs up.
func TestServerIsFull(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t, conntest.Config("maxclients", "1"))
	_ = conntest.Connect(t, "tcp", server.Addr())
	for command, ask := range map[string]sweep.Questions{"SCAN": {}, "READONLY": everything()} {
		_, failures := read(t, sweep.New(nodes(t, server.Addr()), sweep.Options{Ask: ask}))
		failed := &sweep.NodeError{}
		if len(failures) != 1 || !errors.As(failures[0], &failed) || failed.Command != command || failed.Err.Error() != "ERR max number of clients reached" {
			t.Errorf("%v", failures)
		}
	}
}

func TestServerRefusesDBSIZE(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t, conntest.ACL("user sizeless on >pw ~* +@all -dbsize"))
	server.Do("SET", "key", "v")
	s := sweep.New([]sweep.Node{node(t, server.Addr(), conn.Options{User: "sizeless", Password: conn.NewSecret("pw")})}, sweep.Options{Size: true})
	if got := names(readAll(t, s)); !slices.Equal(got, []string{"key"}) {
		t.Errorf("%q", got)
	}
	if r := s.Refusals(); len(r) != 1 || r[0].Command != "DBSIZE" || r[0].Count != 1 || s.Progress().Expected != -1 {
		t.Errorf("refused %v, progress %+v", r, s.Progress())
	}
	locked := conntest.Start(t, conntest.Password("secret"))
	_, failures := read(t, sweep.New(nodes(t, locked.Addr()), sweep.Options{Size: true}))
	if failed := failedOn(t, failures, 0, "DBSIZE"); failed.Err.Error() != "NOAUTH Authentication required." {
		t.Errorf("%v", failed)
	}
}

func TestQuestionsRefused(t *testing.T) {
	t.Parallel()
	const keys = 20_000
	server := conntest.Start(t, conntest.Config("enable-debug-command", "yes"), conntest.Config("rename-command", "MEMORY", ""),
		conntest.ACL("user narrow on >pw ~* +@all -strlen", "user some on >pw ~key:1* +@all", "user blind on >pw ~* +@all -type"))
	server.Do("DEBUG", "POPULATE", strconv.Itoa(keys), "key", "3")
	server.Do("RPUSH", "list", "x")
	sweeping := func(user string, ask sweep.Questions) (*sweep.Sweep, []sweep.Key) {
		server.Do("CONFIG", "RESETSTAT")
		o := conn.Options{User: user, Password: conn.NewSecret("pw")}
		s := sweep.New([]sweep.Node{node(t, server.Addr(), o)}, sweep.Options{Ask: ask})
		got := readAll(t, s)
		if len(got) != keys+1 {
			t.Errorf("%s: %d keys, want %d", user, len(got), keys+1)
		}
		return s, got
	}
	// calls is how often a command was asked for.
	calls := func(command string) (n int) {
		for line := range strings.Lines(server.Do("INFO", "commandstats")) {
			if rest, ok := strings.CutPrefix(line, "cmdstat_"+command+":"); ok {
				for field := range strings.SplitSeq(rest, ",") {
					name, value, _ := strings.Cut(field, "=")
					if name == "calls" || name == "rejected_calls" {
						count, _ := strconv.Atoi(value)
						n += count
					}
				}
			}
		}
		return n
	}
	find := func(all []sweep.Key, name string) sweep.Key {
		return all[slices.IndexFunc(all, func(k sweep.Key) bool { return k.Name == name })]
	}

	s, got := sweeping("narrow", sweep.Questions{Length: true, Memory: true})
	if list := find(got, "list"); list.Length != 1 || list.Type != "list" || find(got, "key:1").Length != -1 {
		t.Errorf("the list is %+v", list)
	}
	refused := map[string]sweep.Refusal{}
	for _, r := range s.Refusals() {
		refused[r.Command] = r
	}
	if r := refused["STRLEN"]; !strings.HasPrefix(r.Err.Error(), "NOPERM") || r.Count < 1000 || r.Count >= keys || calls("strlen") >= keys {
		t.Errorf("STRLEN: %+v, sent %d times", r, calls("strlen"))
	}
	if r := refused["MEMORY USAGE"]; !strings.HasPrefix(r.Err.Error(), "ERR unknown command") || r.Count >= keys {
		t.Errorf("MEMORY USAGE: %+v", r)
	}

	// Rights on some keys are no reason to give up on all.
	s, got = sweeping("some", sweep.Questions{Type: true})
	if r := s.Refusals(); len(r) != 1 || find(got, "key:0").Type != "" || find(got, "key:19999").Type != "string" {
		t.Errorf("refused %v", r)
	}

	s, _ = sweeping("blind", sweep.Questions{Length: true})
	if r := s.Refusals(); len(r) != 1 || r[0].Command != "TYPE" || calls("strlen") != 0 || calls("type") >= keys {
		t.Errorf("refused %v, TYPE sent %d times", r, calls("type"))
	}
}

// Keys change while they are read: they go away, become another type, and modules have types of their own.
func TestKeysThatChange(t *testing.T) {
	t.Parallel()
	addr := conntest.FakeLines(t, func(args []string) string {
		switch key := args[len(args)-1]; args[0] + " " + key {
		case "TYPE gone":
			return "+none\r\n"
		case "TYPE other":
			return "+list\r\n"
		case "LLEN other":
			return "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n"
		case "TYPE doc":
			return "+ReJSON-RL\r\n"
		case "MEMORY gone", "OBJECT gone":
			return "$-1\r\n"
		case "MEMORY other", "MEMORY doc":
			return ":64\r\n"
		case "OBJECT other", "OBJECT doc":
			return ":5\r\n"
		}
		if args[0] == "SCAN" {
			return scanReply("0", "gone", "other", "doc")
		}
		return "-ERR unknown command\r\n"
	})
	s := sweep.New(nodes(t, addr), sweep.Options{Ask: everything()})
	want := []sweep.Key{
		{Name: "gone", Type: sweep.Gone, Length: -1, Memory: -1, Frequency: -1},
		{Name: "other", Type: "list", Length: -1, Memory: 64, Frequency: 5},
		{Name: "doc", Type: "ReJSON-RL", Length: -1, Memory: 64, Frequency: 5},
	}
	if got := readAll(t, s); !slices.Equal(got, want) || s.Refusals() != nil {
		t.Errorf("%+v, refused %v", got, s.Refusals())
	}
}

// Pushes may come between any two replies of RESP3, and attributes stand before any value.
func TestPushesAndAttributes(t *testing.T) {
	t.Parallel()
	const push, attribute = ">2\r\n+invalidate\r\n*1\r\n$1\r\nk\r\n", "|1\r\n+ttl\r\n*2\r\n:1\r\n:2\r\n"
	addr := conntest.FakeLines(t, func(args []string) string {
		switch args[0] {
		case "SCAN":
			return push + attribute + "*2\r\n" + attribute + "$1\r\n0\r\n" + attribute + "~2\r\n$1\r\na\r\n" + attribute + "$1\r\nb\r\n" + push
		case "TYPE":
			return push + push + attribute + "$6\r\nstring\r\n"
		case "STRLEN":
			return attribute + ":3\r\n" + push
		}
		return push + "_\r\n"
	})
	s := sweep.New(nodes(t, addr), sweep.Options{Ask: everything(), Size: true})
	want := []sweep.Key{{Name: "a", Type: "string", Length: 3, Memory: -1, Frequency: -1}, {Name: "b", Type: "string", Length: 3, Memory: -1, Frequency: -1}}
	if got := readAll(t, s); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestNotSCAN(t *testing.T) {
	t.Parallel()
	for reply, want := range map[string]string{
		":5\r\n":                             "it replies with an integer",
		"+OK\r\n":                            "it replies with a simple string",
		"$-1\r\n":                            "it replies with a null",
		"*0\r\n":                             "its cursor is none",
		"*1\r\n$1\r\n0\r\n":                  "there is an array instead of its keys",
		"*2\r\n*0\r\n*0\r\n":                 "its cursor is none",
		"*2\r\n$0\r\n\r\n*0\r\n":             "its cursor is none",
		"*2\r\n$1\r\n0\r\n$1\r\nk\r\n":       "there is a bulk string instead of its keys",
		"*2\r\n$1\r\n0\r\n*1\r\n*0\r\n":      "there is an array among its keys",
		"*2\r\n$1\r\n0\r\n*1\r\n$-1\r\n":     "there is a null among its keys",
		"*3\r\n$1\r\n0\r\n*0\r\n$1\r\nx\r\n": "there is more in its reply",
		"*2\r\n$2000\r\n" + strings.Repeat("1", 2000) + "\r\n*0\r\n": "its cursor is none",
	} {
		addr := conntest.FakeLines(t, func([]string) string { return reply })
		_, failures := read(t, sweep.New(nodes(t, addr), sweep.Options{}))
		if failed := failedOn(t, failures, 0, "SCAN"); !errors.Is(failed, keyspace.ErrBadScan) || !strings.Contains(failed.Error(), want) {
			t.Errorf("%.60q: %v, want %q", reply, failed, want)
		}
	}
}

// Cursors that lead round and round without a key end with an error; those that bring keys, or that are only repeated for long, do not.
func TestCursorsInCircles(t *testing.T) {
	t.Parallel()
	for name, lap := range map[string][]string{"one": {"7"}, "three": {"7", "8", "9"}, "with a way there": {"1", "2", "3", "7", "7", "7"}} {
		calls := 0
		addr := conntest.FakeLines(t, func([]string) string {
			cursor := lap[calls%len(lap)]
			if calls++; name == "with a way there" {
				cursor = lap[min(calls, len(lap)-1)]
			}
			return scanReply(cursor)
		})
		_, failures := read(t, sweep.New(nodes(t, addr), sweep.Options{}))
		if failed := failedOn(t, failures, 0, "SCAN"); !strings.Contains(failed.Error(), "comes again and again, without keys") {
			t.Errorf("%s: %v", name, failed)
		}
	}
	calls := 0
	addr := conntest.FakeLines(t, func([]string) string {
		switch calls++; {
		case calls == 5000:
			return scanReply("0", "last")
		case calls%900 == 0:
			return scanReply("7", strconv.Itoa(calls))
		}
		return scanReply("7")
	})
	if got := names(readAll(t, sweep.New(nodes(t, addr), sweep.Options{}))); len(got) != 6 || got[5] != "last" {
		t.Errorf("a proxy that knows the place itself: %q", got)
	}
}

// A server that returns all its keys at once is read in pages.
func TestAllKeysInOneReply(t *testing.T) {
	t.Parallel()
	const keys = 50_000
	all := make([]string, keys)
	for i := range all {
		all[i] = "key:" + strconv.Itoa(i)
	}
	reply := scanReply("0", all...)
	var largest, inFlight atomic.Int64
	addr := conntest.FakeLines(t, func(args []string) string {
		if args[0] == "SCAN" {
			return reply
		}
		inFlight.Add(1)
		return "+string\r\n"
	})
	s := sweep.New(nodes(t, addr), sweep.Options{Ask: sweep.Questions{Type: true}})
	var got []string
	for page, err := range s.Pages(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		largest.Store(max(largest.Load(), int64(len(page.Keys))))
		got = append(got, names(page.Keys)...)
	}
	if !slices.Equal(got, all) || largest.Load() > 5000 {
		t.Errorf("%d keys, %d in a page", len(got), largest.Load())
	}
}

// unbuffered is a network without room: what one side writes waits until the other reads it.
func unbuffered(t *testing.T, script conntest.Script) conn.DialFunc {
	t.Helper()
	return func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		done := make(chan struct{})
		go func() {
			defer close(done)
			script(theirs)
			_ = theirs.Close() // we may have closed first
		}()
		t.Cleanup(func() {
			_ = theirs.Close()
			<-done
		})
		return ours, nil
	}
}

// A server that reads no command before its replies are taken does not stop the sweep.
func TestNoDeadlock(t *testing.T) {
	t.Parallel()
	next := 0
	network := unbuffered(t, conntest.Answer(func(args []string) string {
		switch args[0] {
		case "SCAN":
			next++
			all := make([]string, 3000)
			for i := range all {
				all[i] = fmt.Sprintf("page %d key %d", next, i)
			}
			return scanReply(strconv.Itoa(next%10), all...)
		case "TYPE":
			return "+hash\r\n"
		}
		return ":1\r\n"
	}))
	s := sweep.New([]sweep.Node{nodeBy(t, network, "127.0.0.1:1", conn.Options{})}, sweep.Options{Ask: everything()})
	got := readAll(t, s)
	if len(got) != 30_000 || slices.ContainsFunc(got, func(k sweep.Key) bool { return k.Type != "hash" || k.Length != 1 || k.Memory != 1 }) {
		t.Errorf("%d keys", len(got))
	}
}

// smallRoom is a network that takes 2 KiB before it waits, as the smallest socket does.
type smallRoom struct {
	net.Conn
	parts chan []byte
}

func (c smallRoom) Write(p []byte) (int, error) {
	const room = 2 << 10
	for rest := p; len(rest) > 0; {
		n := min(len(rest), room)
		c.parts <- slices.Clone(rest[:n])
		rest = rest[n:]
	}
	return len(p), nil
}

// Without questions commands are written without the background, if they are short.
func TestNoDeadlockWithoutQuestions(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"*", strings.Repeat("*", 8000)} {
		next := 0
		inner := unbuffered(t, conntest.Answer(func([]string) string {
			next++
			return scanReply(strconv.Itoa(next%10), strings.Repeat("long", 100_000), "b")
		}))
		network := func(ctx context.Context, family, addr string) (net.Conn, error) {
			c, err := inner(ctx, family, addr)
			parts := make(chan []byte, 1)
			go func() {
				for p := range parts {
					_, _ = c.Write(p) // the sweep may have closed it
				}
			}()
			t.Cleanup(func() { close(parts) })
			return smallRoom{c, parts}, err
		}
		s := sweep.New([]sweep.Node{nodeBy(t, network, "127.0.0.1:1", conn.Options{})}, sweep.Options{Match: &pattern})
		if got := readAll(t, s); len(got) != 20 {
			t.Errorf("%d keys", len(got))
		}
	}
}

// One node of three goes away in the middle: the others are read to their end.
func TestOneOfThreeNodesDies(t *testing.T) {
	t.Parallel()
	first, want := populated(t, 5000)
	third := conntest.Start(t)
	third.Do("SET", "other", "v")
	scans := 0
	dying := conntest.FakeLines(t, func([]string) string {
		if scans++; scans > 3 {
			return ""
		}
		return scanReply(strconv.Itoa(scans), "dying:"+strconv.Itoa(scans))
	})
	s := sweep.New(nodes(t, first.Addr(), dying, third.Addr()), sweep.Options{})
	got, failures := read(t, s)
	failed := failedOn(t, failures, 1, "")
	if failed.Addr.String() != dying {
		t.Errorf("it names %v, want %s", failed.Addr, dying)
	}
	if why := (*conn.Error)(nil); !errors.As(failed, &why) || why.Code != conn.CodeClosed {
		t.Errorf("%v", failed)
	}
	if all := slices.Concat(want, []string{"dying:1", "dying:2", "dying:3", "other"}); !slices.Equal(names(got), all) {
		t.Errorf("%d keys, want %d", len(got), len(all))
	}
	nobody := node(t, "127.0.0.1:1", conn.Options{})
	got, failures = read(t, sweep.New([]sweep.Node{nobody, nodes(t, third.Addr())[0]}, sweep.Options{}))
	if _ = failedOn(t, failures, 0, ""); len(got) != 1 {
		t.Errorf("beside a node that is not there: %v", got)
	}
}

func TestServerKilled(t *testing.T) {
	t.Parallel()
	server, _ := populated(t, 50_000)
	s := sweep.New(nodes(t, server.Addr()), sweep.Options{Count: 10, Ask: everything()})
	var failures []error
	pages := 0
	for _, err := range s.Pages(t.Context()) {
		if err != nil {
			failures = append(failures, err)
		}
		if pages++; pages == 3 {
			server.Kill()
		}
	}
	_ = failedOn(t, failures, 0, "")
}

// Ending the context ends everything, wherever it waits.
func TestContextEnds(t *testing.T) {
	t.Parallel()
	server, _ := populated(t, 20_000)
	silent := conntest.Fake(t, conntest.Silence())
	half := conntest.Fake(t, conntest.ReplyThenSilence("*2\r\n$1\r\n5\r\n*9\r\n$1\r\na\r\n"))
	hanging := sweep.Node{Open: func(ctx context.Context) (*conn.Session, error) {
		<-ctx.Done()
		return nil, errors.New("gave up")
	}}
	for name, c := range map[string]struct {
		nodes []sweep.Node
		o     sweep.Options
	}{
		"while connecting":       {[]sweep.Node{hanging}, sweep.Options{}},
		"before the first reply": {nodes(t, silent), sweep.Options{}},
		"in a reply":             {nodes(t, half), sweep.Options{}},
		"at rest":                {nodes(t, server.Addr()), sweep.Options{Interval: time.Hour, Every: 1}},
		"of several":             {slices.Concat(nodes(t, silent, half, server.Addr()), []sweep.Node{hanging}), sweep.Options{}},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(50*time.Millisecond, cancel)
		var failures []error
		for _, err := range sweep.New(c.nodes, c.o).Pages(ctx) {
			if err != nil {
				failures = append(failures, err)
			}
		}
		if len(failures) != 1 || !errors.Is(failures[0], context.Canceled) {
			t.Errorf("%s: %v", name, failures)
		}
		cancel()
	}
}

// Whoever stops early leaves no connection behind.
func TestStopEarly(t *testing.T) {
	t.Parallel()
	closed := make(chan struct{})
	addr := conntest.Fake(t, func(c net.Conn) {
		defer close(closed)
		conntest.Answer(func([]string) string { return scanReply("5", "key") })(c)
	})
	for _, err := range sweep.New(nodes(t, addr), sweep.Options{}).Pages(t.Context()) {
		if err != nil {
			t.Error(err)
		}
		break
	}
	select {
	case <-closed:
	case <-time.After(patience):
		t.Error("the connection stays open")
	}
}

// In a rest nothing is in flight: the server sees a command only when all its replies are taken, and the rests are as many as asked for.
func TestRest(t *testing.T) {
	t.Parallel()
	const interval, scans = 30 * time.Millisecond, 7
	asked, replied := 0, 0
	var resting []int // after which SCAN the server had to wait
	addr := conntest.Fake(t, func(c net.Conn) {
		r := bufio.NewReader(c)
		for {
			began := time.Now()
			args, err := conntest.ReadCommand(r)
			if err != nil {
				return
			}
			if time.Since(began) > interval/2 {
				resting = append(resting, asked)
			}
			reply := "+string\r\n"
			if args[0] == "SCAN" {
				asked++
				reply = scanReply(strconv.Itoa(asked%scans), "a", "b")
			}
			if _, err := io.WriteString(c, reply); err != nil {
				return
			}
			replied++
		}
	})
	began := time.Now()
	s := sweep.New(nodes(t, addr), sweep.Options{Interval: interval, Every: 3, Ask: sweep.Questions{Type: true}})
	if got := readAll(t, s); len(got) != 2*scans {
		t.Errorf("%d keys", len(got))
	}
	if took := time.Since(began); took < 2*interval {
		t.Errorf("it took %v, which has no room for two rests", took)
	}
	if !slices.Contains(resting, 3) || !slices.Contains(resting, 6) {
		t.Errorf("it rested after SCAN %v, want 3 and 6", resting)
	}
}
