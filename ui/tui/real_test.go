package tui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
	"redan/ui/tui/kit"
)

// newRealScreen is a screen that connects to a real server, over TLS and with the password hunter2.
func newRealScreen(t *testing.T, server *conntest.Server) *screen {
	t.Helper()
	o := conn.DefaultOptions()
	o.Port, o.Password = server.TLSPort, conn.NewSecret("hunter2")
	o.TLS = &conn.TLSOptions{CAFiles: []string{server.CAFile}}
	dialer, err := conn.NewDialer(o, conn.System())
	if err != nil {
		t.Fatal(err)
	}
	s := newScreen(t, 120, 40, func(c *Config) { c.Options, c.Dialer = o, dialer })
	s.m.how = connector(s.m.config)
	return s
}

// TestRealServer browses, types, deletes and changes databases on a real server, over TLS and with a password, and meets its end.
func TestRealServer(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t, conntest.TLS(), conntest.Password("hunter2"))
	for n := range 300 {
		server.Do("SET", "user:"+strconv.Itoa(n), "x", "EX", "3600")
	}
	server.Do("HSET", "order", "status", "paid")
	s := newRealScreen(t, server)
	s.start().sees("TLS 1.", "master", "301 keys", "order", "user", "hash")
	s.keys("4").sees("This connection", "cipher", "OK")
	s.keys("1", "2").text("set typed 'a b'").keys("enter").sees("OK")
	if got := server.Do("GET", "typed"); got != "a b" {
		t.Errorf("typed is %q", got)
	}
	s.keys("alt+5").sees("SCAN", "set typed")
	s.misses("hunter2")
	s.keys("1", "tab", "tab", "esc", "home")
	for s.m.panes.keys.Current() != "user:" {
		before := s.m.panes.keys.Current()
		if s.keys("down"); s.m.panes.keys.Current() == before {
			t.Fatalf("there is no branch user:\n%s", s.frame())
		}
	}
	s.keys("d")
	s.wait(time.Second)
	s.text("300").keys("enter").sees("deleted 300 keys")
	if got := server.Do("DBSIZE"); got != "2" {
		t.Errorf("%s keys are left", got)
	}
	s.keys(":").text("db 3").keys("enter").sees("There are no keys in db 3.")
	server.Stop()
	s.keys("R")
	s.wait(time.Second)
	s.sees("connection lost")
	server.Restart()
	s.keys("r")
	s.misses("connection lost")
}

// terminal is a terminal that is typed on when it has shown something.
type terminal struct {
	mu    sync.Mutex
	shown bytes.Buffer
	wrote chan struct{}
}

func (w *terminal) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.wrote <- struct{}{}:
	default:
	}
	return w.shown.Write(p)
}

// TestRun runs the whole program on something that is no terminal, and leaves it in three ways.
func TestRun(t *testing.T) {
	t.Parallel()
	refuse := func(context.Context, string, string) (net.Conn, error) { return nil, errDown }
	for name, leave := range map[string]func(input io.Writer, cancel func()){
		"by a key":     func(input io.Writer, _ func()) { _, _ = input.Write([]byte("q")) },
		"by ctrl+c":    func(input io.Writer, _ func()) { _, _ = input.Write([]byte{3, 3}) },
		"by a signal ": func(_ io.Writer, cancel func()) { cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := conn.DefaultOptions()
			dialer, err := conn.NewDialer(o, refuse)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			input, typed := io.Pipe()
			out := &terminal{wrote: make(chan struct{}, 1)}
			var told bytes.Buffer
			code := make(chan int, 1)
			go func() {
				code <- Run(ctx, Config{
					Program: "redan", Version: "0.1", Dialer: dialer, Options: o, Now: time.Now, Input: input, Output: out, Stderr: &told,
					Environ: []string{"TERM=xterm-256color"},
				})
			}()
			<-out.wrote
			go leave(typed, cancel)
			select {
			case got := <-code:
				if got != exitOK || told.Len() > 0 {
					t.Errorf("exit code %d, %q", got, told.String())
				}
			case <-time.After(20 * time.Second):
				t.Fatal("it does not end")
			}
		})
	}
}

// TestCrashReport holds what is told of a defect.
func TestCrashReport(t *testing.T) {
	t.Parallel()
	var told bytes.Buffer
	reportCrash(Config{Program: "redan", Version: "0.1", Stderr: &told}, kit.Crashed{What: "index out of range", Stack: "main()\n"})
	for _, want := range []string{"redan 0.1, go", "index out of range", "main()"} {
		if !strings.Contains(told.String(), want) {
			t.Errorf("%q is not in\n%s", want, told.String())
		}
	}
}

// TestEditing takes a text through the user's editor, and tells when there is none or it fails.
func TestEditing(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24).start()
	failing := func(string, []byte) (*exec.Cmd, func() ([]byte, error), error) {
		return nil, nil, errors.New("the disk is full")
	}
	ready, ok := prepareEdit(t.Context(), failing, kit.EditText{ID: 5})().(editReady)
	if !ok || ready.err == nil || ready.id != 5 {
		t.Errorf("%+v", ready)
	}
	for _, after := range []string{"same", "other"} {
		done := editDone{ready: editReady{id: 5, before: []byte("same"), read: func() ([]byte, error) { return []byte(after), nil }}}
		edited, ok := readEdited(t.Context(), done)().(kit.Edited)
		if !ok || edited.ID != 5 || edited.Changed != (after == "other") || edited.Err != nil || string(edited.Text) != after {
			t.Errorf("%+v", edited)
		}
	}
	s.send(kit.EditText{ID: 5}) // no editor: no panic, and the pane is told
	s.send(ready)
}
