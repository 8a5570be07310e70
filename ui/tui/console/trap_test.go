package console

import (
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"redan/ui/format"
	"redan/ui/tui/kit"
)

// The traps that other clients fell into, as far as they concern a console.

// TestTrapNegativeArguments holds that what looks like an option is an argument.
func TestTrapNegativeArguments(t *testing.T) {
	t.Parallel()
	s := story()
	d := drive(t, config(t), server(s))
	d.enter("lrange l 0 -1", "-1", "set k -h", "zrangebyscore z -inf (-5", "set --json -n")
	want := []string{"lrange l 0 -1", "-1", "set k -h", "zrangebyscore z -inf (-5", "set --json -n"}
	if got := s.lines(); !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
}

// TestTrapShellSignsAreText holds that nothing of a shell's is done with a line.
func TestTrapShellSignsAreText(t *testing.T) {
	t.Parallel()
	s := story()
	d := drive(t, config(t), server(s))
	d.enter(`set k a|b;c>d`, `set k a | grep b`, `set k > file ; del x`, "set k $HOME `id` $(id) * ~ !x &", `set "a b" 'c d' "\x00\xff\n"`)
	want := [][]string{
		{"set", "k", "a|b;c>d"},
		{"set", "k", "a", "|", "grep", "b"},
		{"set", "k", ">", "file", ";", "del", "x"},
		{"set", "k", "$HOME", "`id`", "$(id)", "*", "~", "!x", "&"},
		{"set", "a b", "c d", "\x00\xff\n"},
	}
	if !slices.EqualFunc(s.sent, want, slices.Equal[[]string]) {
		t.Errorf("sent %q", s.sent)
	}
	d.enter(`set k "open`, `set k "a"b`)
	if len(s.sent) != len(want) {
		t.Errorf("lines with bad quotes were sent: %q", s.sent[len(want):])
	}
	d.shows("Invalid argument(s)")
}

// TestTrapRepliesReadLikeRedisCLI compares the form that is copied with what the system's redis-cli prints to people.
func TestTrapRepliesReadLikeRedisCLI(t *testing.T) {
	t.Parallel()
	s, at := realServer(t, 2)
	s.Do("RPUSH", "l", "a", "", "b\"\x01\xff")
	s.Do("XADD", "x", "1-1", "f", "v")
	for _, words := range [][]string{
		{"get", "nosuch"},
		{"lrange", "nosuch", "0", "-1"},
		{"lrange", "l", "0", "-1"},
		{"mget", "nosuch", "l"},
		{"eval", "return {1,{2,{},{3,{'x'}}},false}", "0"},
		{"xrange", "x", "-", "+"},
		{"set", "k", "v"},
		{"set", "k", "v", "nx"},
		{"get", "k"},
		{"set", "e", ""},
		{"get", "e"},
		{"incr", "k"},
		{"lpush", "k", "v"},
		{"nosuch", "x"},
		{"exec"},
		{"ping"},
		{"command", "info", "nosuch"},
		{"hgetall", "nosuch"},
		{"echo", "naïve \x1b[31m"},
		{"blpop", "nosuch", "0.01"},
	} {
		d := drive(t, config(t), at)
		quoted := make([]string, len(words))
		for i, word := range words {
			quoted[i] = strconv.Quote(word)
		}
		d.enter(strings.Join(quoted, " "))
		k := d.pane.replyInSight()
		if k == nil {
			t.Fatalf("%q has no reply:\n%s", words, d.frame(100, 20))
		}
		out, err := exec.Command("redis-cli", append([]string{"--no-raw", "-h", s.Host, "-p", strconv.Itoa(s.Port)}, words...)...).Output()
		if err != nil && len(out) == 0 {
			t.Fatal(err)
		}
		got, want := strings.TrimRight(k.text(format.Standard), "\n"), strings.TrimRight(string(out), "\n")
		if got != want {
			t.Errorf("%q: %q, redis-cli prints %q", words, got, want)
		}
	}
}

// TestTrapMonitorEndsWithItsConnection holds that a list does not wait for ever for what cannot come.
func TestTrapMonitorEndsWithItsConnection(t *testing.T) {
	t.Parallel()
	s, at := realServer(t, 2)
	d := drive(t, config(t), at)
	d.typed("monitor")
	d.press("enter")
	d.until("it monitors", func() bool { return d.pane.live.on })
	s.Kill()
	d.settle()
	d.shows("monitor ended after") // how many depends on when the connection beside it says hello
	if d.pane.live.on {
		t.Error("the list still waits")
	}
}

// TestTrapDatabaseAndNameAreKept holds that a new connection is where the old one was, and says what it is not any more.
func TestTrapDatabaseAndNameAreKept(t *testing.T) {
	t.Parallel()
	s, at := realServer(t, 3)
	d := drive(t, config(t), at)
	d.enter("select 5", "client setname ann", "set k 1")
	d.shows("only the console is in db 5; :db 5 takes")
	s.Do("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
	d.enter("ping", "ping", "set k 2", "client getname")
	d.shows("connected anew", "[5]>", `"ann"`)
	s.Do("SWAPDB", "0", "5")
	if got := strings.TrimSpace(s.Do("GET", "k")); got != "2" {
		t.Errorf("k in db 5 is %q", got)
	}
}

// TestTrapKeyNamesOfAnyBytes completes names with blanks, line breaks and bytes that are no text.
func TestTrapKeyNamesOfAnyBytes(t *testing.T) {
	t.Parallel()
	s, at := realServer(t, 2)
	name := "odd \n\x00\xff\"'name"
	d := drive(t, config(t), at)
	d.enter(`set "odd \n\x00\xff\"'name" v`)
	d.typed("get odd")
	d.press("tab")
	d.settle()
	d.press("enter")
	d.settle()
	d.shows(`"v"`)
	if !slices.Contains(d.pane.known.keys, name) {
		t.Errorf("learnt %q", d.pane.known.keys)
	}
	d.enter(":set nokeys") // names used here are offered without asking the server
	s.Do("SET", "oddother", "v")
	d.typed("get odd")
	d.press("tab")
	d.settle()
	if got := d.pane.line.Text(); !strings.HasPrefix(got, `get "odd \n`) {
		t.Errorf("completed to %q", got)
	}
}

// TestTrapMonitorHoldsNoSecretAndNothingOfOurs holds that redan's own traffic does not flood the list, and that passwords are left out
// whether or not the server does it.
func TestTrapMonitorHoldsNoSecretAndNothingOfOurs(t *testing.T) {
	t.Parallel()
	s := story()
	at := server(s)
	at.Own = func(client string) bool { return client == "127.0.0.1:7" }
	d := drive(t, config(t), at)
	d.typed("monitor")
	d.press("enter")
	d.until("the list begins", func() bool { return d.pane.live.on })
	for _, line := range []string{
		`1.0 [0 127.0.0.1:7] "INFO"`, `1.0 [0 127.0.0.1:8] "get" "their"`, `1.0 [0 127.0.0.1:8] "AUTH" "hunter2"`,
		`1.0 [0 [::1]:8] "ACL" "SETUSER" "bob" ">hunter2"`, `1.0 [0 127.0.0.1:8] "CONFIG" "SET" "requirepass" "hunter2"`,
	} {
		s.pushed <- status(line)
	}
	d.until("all have come", func() bool { return d.pane.live.total+d.pane.live.mine == 6 })
	d.shows("1 of redan's own left out", `"their"`, "AUTH ***", "CONFIG ***")
	d.hides("hunter2", "INFO")
	d.press("o")
	s.pushed <- status(`2.0 [0 127.0.0.1:7] "DBSIZE"`)
	d.until("ours has come", func() bool { return strings.Contains(d.frame(100, 20), "DBSIZE") })
}

// TestTrapFloodIsBounded holds that more messages than can be kept are counted, and said to be dropped.
func TestTrapFloodIsBounded(t *testing.T) {
	t.Parallel()
	l := live{on: true, title: "monitor"}
	for i := range 3 {
		list := make([]heard, heardKept/2+1)
		for j := range list {
			list[j].text = fmt.Sprint(i, j)
		}
		l = l.add(list, 0)
	}
	if len(l.list) != heardKept || l.lost != heardKept/2+3 || l.total != l.lost+heardKept {
		t.Errorf("%d kept, %d dropped of %d", len(l.list), l.lost, l.total)
	}
	l = l.tick()
	p := New(config(t))
	p.live = l
	for _, want := range []string{kit.Count(l.lost) + " dropped, the last 10,000 kept", kit.Count(l.total) + "/s"} {
		if frame := p.View(120, 20); !strings.Contains(frame, want) {
			t.Errorf("%q is not said:\n%s", want, frame)
		}
	}
}
