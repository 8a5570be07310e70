package conn_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
	"redan/conn/resp"
)

// reading returns what a window's receive does in these tests: read one reply to
// a command that changes nothing, and keep it.
func reading(t *testing.T, s *conn.Session, got *[]string) func(int) error {
	t.Helper()
	return func(int) error {
		return s.Receive(t.Context(), []string{"X"}, func(src resp.Source) error {
			v, err := resp.Collect(src)
			if err == nil {
				*got = append(*got, v.String())
			}
			return err
		})
	}
}

// within fails the test when work takes too long, instead of hanging it.
func within(t *testing.T, limit time.Duration, what string, work func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); work() }()
	select {
	case <-done:
	case <-time.After(limit):
		t.Fatalf("%s took more than %v", what, limit)
	}
}

// TestWindowEndsWhenNobodyReads: a peer that sends garbage and takes nothing
// neither leaves the sender waiting for it nor the receiver.
func TestWindowEndsWhenNobodyReads(t *testing.T) {
	done := make(chan struct{})
	o := at(t, conntest.Fake(t, func(c net.Conn) {
		_, _ = io.ReadFull(c, make([]byte, 1)) // by now the sender writes
		_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n")
		<-done
	}))
	t.Cleanup(func() { close(done) })
	s := open(t, o)
	var got []string
	w := conn.NewWindow(s, 64, reading(t, s, &got), func() {})
	within(t, 20*time.Second, "a window on a peer that takes nothing", func() {
		for i := range 3 {
			w.Send(t.Context(), i, "SET", "k", strings.Repeat("x", 64<<20))
		}
		failed, ok := errors.AsType[*conn.Error](w.Close(t.Context()))
		if !ok || failed.Code != conn.CodeProtocol {
			t.Errorf("got %v", w.Err())
		}
	})
	if !s.Broken() {
		t.Error("the session must say that it is broken")
	}
}

// TestWindowAgainstAServerThatWaits: a server whose replies are not read stops
// reading commands; both sides must still come to an end.
func TestWindowAgainstAServerThatWaits(t *testing.T) {
	const n, size = 200, 1 << 20
	reply := "$" + fmt.Sprint(size) + "\r\n" + strings.Repeat("r", size) + "\r\n"
	o := at(t, conntest.FakeLines(t, func([]string) string { return reply }))
	s := open(t, o)
	replies := 0
	w := conn.NewWindow(s, 4096, func(int) error {
		return s.Receive(t.Context(), []string{"X"}, func(src resp.Source) error {
			replies++
			return resp.Skip(src)
		})
	}, func() {})
	value := strings.Repeat("x", 1<<18)
	within(t, 60*time.Second, "a window full both ways", func() {
		for i := range n {
			w.Send(t.Context(), i, "ECHO", value)
		}
		if err := w.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	if replies != n {
		t.Errorf("%d replies, want %d", replies, n)
	}
}

// TestWindowServerDies: wherever the server stops, every reply that came is
// handed on, in order, and the error is that of the connection.
func TestWindowServerDies(t *testing.T) {
	for _, after := range []int{0, 1, 7, 300, 999} {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			o := at(t, conntest.Fake(t, func(c net.Conn) {
				r, w := bufio.NewReader(c), bufio.NewWriter(c)
				for i := range after {
					if r.Buffered() == 0 {
						_ = w.Flush()
					}
					if _, err := conntest.ReadCommand(r); err != nil {
						return
					}
					_, _ = fmt.Fprintf(w, ":%d\r\n", i)
				}
				_, _ = w.WriteString("$100\r\nhalf of the next")
				_ = w.Flush()
				_, _ = conntest.ReadCommand(r)
			}))
			s := open(t, o)
			var got []int64
			w := conn.NewWindow(s, 64, func(int) error {
				return s.Receive(t.Context(), []string{"X"}, func(src resp.Source) error {
					v, err := resp.Collect(src)
					if err == nil {
						got = append(got, v.Int)
					}
					return err
				})
			}, func() {})
			var err error
			within(t, 20*time.Second, "the window", func() {
				for i := range 1000 {
					w.Send(t.Context(), i, "X", fmt.Sprint(i))
				}
				err = w.Close(t.Context())
			})
			if failed, ok := errors.AsType[*conn.Error](err); !ok || failed.Stage != conn.StageIO {
				t.Errorf("ended with %v", err)
			}
			if len(got) != after {
				t.Errorf("%d replies were handed on, want %d", len(got), after)
			}
			for i, n := range got {
				if n != int64(i) {
					t.Fatalf("reply %d is %d", i, n)
				}
			}
		})
	}
}

// TestWindowIsIdleBeforeItWaits: when the commands so far are answered, idle is
// called before the window waits for more, so that what was printed goes out.
func TestWindowIsIdleBeforeItWaits(t *testing.T) {
	s := open(t, at(t, conntest.FakeLines(t, func([]string) string { return "+PONG\r\n" })))
	answered, flushed := 0, make(chan int, 100)
	w := conn.NewWindow(s, 64, func(int) error {
		answered++
		return s.Receive(t.Context(), []string{"PING"}, resp.Skip)
	}, func() { flushed <- answered })
	for i := range 3 {
		w.Send(t.Context(), i, "PING")
		w.Flush(t.Context())
		within(t, 10*time.Second, "idle", func() {
			for <-flushed != i+1 {
			}
		})
	}
	if err := w.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestWindowIsCancelled: a full window on a silent server ends with its context.
func TestWindowIsCancelled(t *testing.T) {
	s := open(t, at(t, conntest.Fake(t, conntest.Silence())))
	ctx, cancel := context.WithCancel(t.Context())
	w := conn.NewWindow(s, 64, func(int) error {
		return s.Receive(ctx, []string{"PING"}, resp.Skip)
	}, func() {})
	go cancel()
	within(t, 10*time.Second, "the window", func() {
		for i := range 2000 { // more than it holds
			w.Send(ctx, i, "PING")
		}
		if err := w.Close(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// TestWindowFollowsState: what changes the connection inside the window is noticed.
func TestWindowFollowsState(t *testing.T) {
	server := conntest.Start(t)
	s := open(t, options(t, server, false))
	w := conn.NewWindow(s, 64, func(args []string) error {
		return s.Receive(t.Context(), args, resp.Skip)
	}, func() {})
	for _, line := range []string{"SELECT 6", "WATCH k", "MULTI", "SET k v", "SELECT 7", "EXEC", "CLIENT REPLY OFF", "SET muted 1", "CLIENT REPLY ON", "SELECT 8"} {
		args := strings.Fields(line)
		w.Send(t.Context(), args, args...)
	}
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.State().Visible(); got != (conn.State{DB: 8, Protocol: 2}) {
		t.Errorf("state %+v", got)
	}
	if v, err := s.Do(t.Context(), "ECHO", "in step"); err != nil || v.String() != "in step" {
		t.Errorf("after the window: %v, %v", v, err)
	}
}
