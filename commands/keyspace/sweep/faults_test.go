package sweep_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
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

// SCAN has no TYPE before Redis 6.
func TestOldServerWithType(t *testing.T) {
	t.Parallel()
	addr := conntest.FakeLines(t, func(args []string) string {
		switch {
		case args[0] == "SCAN" && slices.Contains(args, "TYPE"):
			return "-ERR syntax error\r\n"
		case args[0] == "SCAN" && args[1] == "0":
			return scanReply("5", "list:1", "hash:1", "list:2")
		case args[0] == "SCAN":
			return scanReply("0", "hash:2", "list:3")
		case args[0] == "TYPE":
			kind, _, _ := strings.Cut(args[1], ":")
			return "+" + kind + "\r\n"
		}
		return ":7\r\n"
	})
	for _, ask := range []sweep.Questions{{}, {Length: true}} {
		s := sweep.New(nodes(t, addr), sweep.Options{Type: "LIST", Ask: ask})
		got := readAll(t, s)
		if !slices.Equal(names(got), []string{"list:1", "list:2", "list:3"}) || s.Progress().Seen != 3 {
			t.Errorf("%+v", got)
		}
		if length := got[0].Length; ask.Length != (length == 7) {
			t.Errorf("length %d", length)
		}
	}
	_, failures := read(t, sweep.New(nodes(t, conntest.FakeLines(t, func([]string) string { return "-ERR no\r\n" })), sweep.Options{Type: "list"}))
	if failed := failedOn(t, failures, 0, "SCAN"); failed.Err.Error() != "ERR no" {
		t.Errorf("%v", failed)
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

// A node that hangs does not keep what the others have told: there is a page each beat, if an empty one.
func TestBeatsWhileNodeHangs(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t)
	server.Do("MSET", "a", "1", "b", "2")
	silent := conntest.Fake(t, conntest.Silence())
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	keys, beats := 0, 0
	for page, err := range sweep.New(nodes(t, silent, server.Addr()), sweep.Options{Beat: time.Millisecond}).Pages(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if keys += len(page.Keys); len(page.Keys) == 0 && page.Cursor == "" {
			beats++
		}
		if keys == 2 && beats > 2 {
			break
		}
	}
	if keys != 2 || beats < 3 {
		t.Errorf("%d keys and %d beats until the end of patience", keys, beats)
	}
}
