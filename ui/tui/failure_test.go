package tui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/conn"
	"redan/conn/conntest"
	"redan/conn/resp"
	"redan/ui/tui/kit"
)

// wrongPassword is what a server says whose password was changed.
func wrongPassword() error {
	return &conn.Error{
		Stage: conn.StageAuth, Code: conn.CodeWrongPassword, Line: "AUTH failed: WRONGPASS invalid username-password pair",
		Cause: "the server refuses the password", Fix: "--askpass asks for it",
	}
}

// TestPasswordChanged walks through a password that was changed while we were connected: it is asked for in place and never shown, a
// wrong one is asked for again, and what was open is as it was.
func TestPasswordChanged(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	openOrder(s)
	key := s.m.panes.keys.Current()
	s.server.down, s.refused = errDown, wrongPassword()
	s.wait(4 * time.Second)
	s.sees("the server refuses the password", "The password on redis-2.lab:6380", "not kept anywhere")
	s.text("sesame").sees("> ******")
	s.misses("sesame")
	s.send(tea.PasteMsg{Content: "42\n"})
	s.sees("> ********")
	s.keys("enter").sees("The password on") // it was wrong too
	s.wait(time.Second)
	s.text("open sesame")
	s.server.down, s.refused = nil, nil
	s.keys("enter").misses("The password on", "connection lost")
	if got := s.m.link.options.Password.Reveal(); got != "open sesame" {
		t.Errorf("the password is %q", got)
	}
	if s.m.panes.keys.Current() != key {
		t.Errorf("the cursor is on %q and was on %q", s.m.panes.keys.Current(), key)
	}
	for _, line := range s.m.typed {
		if strings.Contains(line, "sesame") {
			t.Errorf("%q is remembered", line)
		}
	}
}

// TestPasswordTakesNoTypedText holds that the sheet does not appear under the fingers of somebody who types a command, nor takes the
// keys that were meant for what was there before it.
func TestPasswordTakesNoTypedText(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start().keys("`").text("get half")
	s.server.down, s.refused = errDown, wrongPassword()
	s.wait(4 * time.Second)
	s.misses("The password on")
	s.sees("get half", "alt+p password")
	s.keys("alt+p")
	s.send(kit.Press("x"))
	s.sees("The password on", "The password on")
	s.misses("> *")
}

// TestPasswordAtTheStart offers to type it when the first connection lacks it.
func TestPasswordAtTheStart(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 100, 30)
	s.refused = &conn.Error{Stage: conn.StageAuth, Code: conn.CodeAuthRequired, Line: "NOAUTH", Cause: "the server wants a password"}
	s.start().sees("cannot be used", "▌ type the password")
	s.keys("enter").sees("The password on")
	s.wait(time.Second)
	s.text("sesame")
	s.refused = nil
	s.keys("enter").sees("orders:2026")
}

// TestPasswordOnARealServer holds that pools, the console and writes use the new password.
func TestPasswordOnARealServer(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t, conntest.Password("old"))
	server.Do("SET", "a", "1")
	o := conn.DefaultOptions()
	o.Port, o.Password = server.Port, conn.NewSecret("old")
	dialer, err := conn.NewDialer(o, conn.System())
	if err != nil {
		t.Fatal(err)
	}
	s := newScreen(t, 120, 40, func(c *Config) { c.Options, c.Dialer = o, dialer })
	s.m.how = connector(s.m.config)
	s.start().sees("1 key")
	admin := conntest.Connect(t, "tcp", "127.0.0.1:"+portText(server.Port))
	for _, words := range [][]string{{"AUTH", "old"}, {"CONFIG", "SET", "requirepass", "new"}, {"CLIENT", "KILL", "TYPE", "normal"}} {
		if reply, err := admin.TryDo(words...); err != nil {
			t.Fatalf("%q: %s, %v", words, reply, err)
		}
	}
	s.keys("R")
	s.wait(5 * time.Second)
	s.sees("refuses the password", "The password on")
	s.text("new").keys("enter").misses("refuses the password")
	s.keys("R")
	s.wait(time.Second)
	s.sees("1 key")
	s.keys("2").text("incr a").keys("enter").sees("(integer) 2")
	session, err := s.m.link.server.write(t.Context())
	if err != nil {
		t.Fatalf("writes: %v", err)
	}
	_ = session.Close()
}

// stuck is a client that answers when its context ends.
type stuck struct{ began chan struct{} }

func (c stuck) Do(ctx context.Context, _ ...string) (resp.Value, error) {
	c.began <- struct{}{}
	<-ctx.Done()
	return resp.Value{}, ctx.Err()
}

func (c stuck) Pipeline(ctx context.Context, _ ...[]string) ([]resp.Value, error) {
	_, err := c.Do(ctx)
	return nil, err
}

// TestCancelTellsWhat holds that ctrl+c names what it ended in the pane, and does not say that there was nothing.
func TestCancelTellsWhat(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	s.keys("2").text("get half a line").keys("ctrl+c").sees("cancelled the line; ctrl+c again quits")
	s.misses("half a line")
	s.keys("up").sees("half a line").keys("ctrl+c", "x", "backspace", "ctrl+c").sees("nothing was under way")
}

// TestWaiting holds that what takes long is named, with the key that cancels it, and that the key does.
func TestWaiting(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	client := awaited{inner: stuck{began: make(chan struct{})}, pending: s.m.pending}
	ended := make(chan error, 2)
	ask := func(args ...string) {
		go func() {
			_, err := client.Do(t.Context(), args...)
			ended <- err
		}()
		<-client.inner.(stuck).began
	}
	ask("HGETALL", "a\x1bkey")
	s.misses("waiting")
	s.clock.add(200 * time.Millisecond)
	s.sees(`waiting: HGETALL a\x1bkey 200.0 ms  ctrl+c cancel`)
	ask("AUTH", "ann", "hunter2")
	s.clock.add(time.Second)
	s.sees("waiting: HGETALL", "+1", "1.2 s")
	s.misses("hunter2")
	s.send(tea.WindowSizeMsg{Width: 60, Height: 16})
	s.sees("waiting: ", "ctrl+c cancel", "? help")
	s.send(lateDue{})
	if n := len(s.alarms); n == 0 {
		t.Error("the picture stands still")
	}
	s.keys("ctrl+c").sees("cancelled HGETALL")
	for range 2 {
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
	}
	for s.m.pending.busy() {
		time.Sleep(time.Millisecond)
	}
	s.wait(time.Second)
	if s.m.lateTimer {
		t.Error("the picture is drawn on and on")
	}
}

// TestLateAnswersAreTold holds that the root hears of an answer that takes long, and of none that is quick.
func TestLateAnswersAreTold(t *testing.T) {
	t.Parallel()
	p := newPending(time.Now)
	told := make(chan struct{}, 10)
	p.tell(func() { told <- struct{}{} })
	_, quick := p.begin(t.Context(), []string{"PING"})
	quick()
	_, slow := p.begin(t.Context(), []string{"SCAN", "0"}, []string{"PING"})
	<-told
	if list := p.waiting(time.Now().Add(time.Second)); len(list) != 1 || list[0].what != "SCAN 0 and 1 more" {
		t.Errorf("waiting for %+v", list)
	}
	slow()
	if len(told) > 0 || p.busy() {
		t.Error("a quick answer was told as a late one, or is still waited for")
	}
}

// TestTrouble holds what is said of a server that answers and cannot do its work.
func TestTrouble(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"role:master\r\nloading:0\r\n": "",
		"loading:1\r\nloading_loaded_perc:43.2\r\nloading_eta_seconds:72\r\n": "the server reads its data into memory: 43%, about 1m 12s more; " +
			"keys cannot be read until then",
		"loading:1\r\n": "the server reads its data into memory; keys cannot be read until then",
		"role:slave\r\nmaster_host:10.0.0.1\r\nmaster_port:6379\r\nmaster_link_status:down\r\nmaster_link_down_since_seconds:5\r\n": "this replica has lost " +
			"its master 10.0.0.1:6379, 5s ago; what is read may be old",
		"role:slave\r\nmaster_link_status:up\r\n": "",
	} {
		if got := parseInfo(text).trouble(); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestBusyScript holds that a server which answers nothing but BUSY is told of, and that what it refused is asked for again.
func TestBusyScript(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	s.server.info = "-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE."
	s.wait(3 * time.Second)
	s.sees("! the server runs a script and does nothing else; SCRIPT KILL in the console ends it")
	s.server.info = "-NOPERM User ann has no permissions to run the 'info' command"
	s.wait(3 * time.Second)
	s.sees("! the server does not tell about itself any more: NOPERM User ann")
	s.server.info = ""
	s.wait(3 * time.Second)
	s.misses("! the server")
}

// TestFailover holds that a change of role is told, shown in the header, and that keys are read on when a server can answer again.
func TestFailover(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.server.info = "redis_version:7.0.15\r\nloading:1\r\nloading_loaded_perc:43.2\r\nrole:master\r\n"
	s.start().sees("reads its data into memory: 43%", "cannot be read")
	s.server.info = "redis_version:7.0.15\r\nloading:0\r\nrole:master\r\n"
	s.wait(5 * time.Second)
	s.sees("170 keys")
	s.server.info = "redis_version:7.0.15\r\nrole:slave\r\nmaster_host:10.0.0.9\r\nmaster_port:6379\r\nmaster_link_status:up\r\n"
	s.wait(3 * time.Second)
	s.sees("replica 7.0.15", "became a replica of 10.0.0.9:6379: it refuses writes")
	s.server.info = "redis_version:7.0.15\r\nrole:master\r\n"
	s.wait(3 * time.Second)
	s.sees("master 7.0.15", "was a replica and is a master now")
}

// TestBackOff holds that attempts get rarer, are spread, and never rarer than twice a minute.
func TestBackOff(t *testing.T) {
	t.Parallel()
	for attempt := range 20 {
		late, soon := backOff(attempt, 0), backOff(attempt, 1)
		if soon >= late || soon < late*3/4 || late > 30*time.Second || late < time.Second || late < backOff(attempt-1, 0) {
			t.Errorf("attempt %d comes after %v to %v", attempt, soon, late)
		}
	}
}

// TestStrayPanics holds that a panic of a command that is no task ends the program in good order too, alone and among others.
func TestStrayPanics(t *testing.T) {
	t.Parallel()
	poison := func() tea.Msg { panic("hunter2") }
	for name, cmd := range map[string]tea.Cmd{"alone": poison, "batch": tea.Batch(poison, func() tea.Msg { return nil })} {
		msg := caught(cmd)()
		if batch, ok := msg.(tea.BatchMsg); ok {
			msg = batch[0]()
		}
		crash, ok := msg.(kit.Crashed)
		if !ok || strings.Contains(crash.What+crash.Stack, "hunter2") {
			t.Errorf("%s: %+v", name, msg)
		}
	}
	if caught(nil) != nil {
		t.Error("no command became one")
	}
}

// TestTooManyClients holds that a server that turns us away is lost, and says why.
func TestTooManyClients(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t)
	server.Do("CONFIG", "SET", "maxclients", "1")
	held := conntest.Connect(t, "tcp", "127.0.0.1:"+portText(server.Port))
	if _, err := held.TryDo("PING"); err != nil {
		t.Fatal(err)
	}
	o := conn.DefaultOptions()
	o.Port = server.Port
	dialer, err := conn.NewDialer(o, conn.System())
	if err != nil {
		t.Fatal(err)
	}
	s := newScreen(t, 100, 30, func(c *Config) { c.Options, c.Dialer = o, dialer })
	s.m.how = connector(s.m.config)
	s.start().sees("cannot be used", "max number of clients reached", "CLIENT LIST")
}

// TestPanicsOfTheWholeProgram runs all of it until it panics, in Update and beside it: the terminal is put back, the report is kept where
// it says, and nothing of the panic's value is told.
func TestPanicsOfTheWholeProgram(t *testing.T) {
	t.Parallel()
	for name, where := range map[string]struct {
		now  func(calls int64) time.Time
		dial conn.DialFunc
	}{
		"update": {
			now: func(calls int64) time.Time {
				if calls > 8 {
					panic("hunter2")
				}
				return time.Now()
			},
			dial: func(context.Context, string, string) (net.Conn, error) { return nil, errDown },
		},
		"task": {
			now:  func(int64) time.Time { return time.Now() },
			dial: func(context.Context, string, string) (net.Conn, error) { panic("hunter2") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := conn.DefaultOptions()
			dialer, err := conn.NewDialer(o, where.dial)
			if err != nil {
				t.Fatal(err)
			}
			input, typed := io.Pipe()
			defer typed.Close()
			var calls atomic.Int64
			out, report := &terminal{wrote: make(chan struct{}, 1)}, ""
			var told bytes.Buffer
			code := Run(t.Context(), Config{
				Program: "redan", Version: "0.1", Dialer: dialer, Options: o, Input: input, Output: out, Stderr: &told,
				Now:        func() time.Time { return where.now(calls.Add(1)) },
				SaveReport: func(text string) (string, error) { report = text; return "there.txt", nil },
				Environ:    []string{"TERM=xterm-256color"},
			})
			if code != exitError || !strings.Contains(told.String(), "there.txt") || !strings.Contains(report, "redan 0.1") {
				t.Errorf("exit code %d, told %q, reported %q", code, told.String(), report)
			}
			if strings.Contains(told.String()+report, "hunter2") {
				t.Errorf("the value of the panic is told: %s%s", told.String(), report)
			}
			if shown := out.shown.String(); strings.LastIndex(shown, "\x1b[?1049l") < strings.LastIndex(shown, "\x1b[?1049h") {
				t.Errorf("the terminal is not put back: %q", shown[max(0, len(shown)-200):])
			}
		})
	}
}

// hangup is a file whose other end is gone.
type hangup struct{ file }

func (hangup) Read([]byte) (int, error) { return 0, io.EOF }

// TestTerminalGone holds that the end of the terminal is told, and that what is no terminal is left as it is.
func TestTerminalGone(t *testing.T) {
	t.Parallel()
	ended := false
	if _, err := untilHungUp(hangup{}, func() { ended = true }).Read(nil); !errors.Is(err, io.EOF) || !ended {
		t.Errorf("%v, ended: %v", err, ended)
	}
	input := strings.NewReader("")
	if untilHungUp(input, nil) != io.Reader(input) {
		t.Error("what is no terminal was changed")
	}
}
