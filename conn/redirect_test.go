package conn_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"redan/conn"
	"redan/conn/conntest"
	"redan/conn/resp"
)

// node is a fake cluster node that keeps the commands it gets.
type node struct {
	addr string

	mu       sync.Mutex
	commands []string
	reply    func(args []string) string
}

// fakeNode starts a node; its reply may be set until the first command comes.
func fakeNode(t *testing.T) *node {
	t.Helper()
	n := &node{}
	n.addr = conntest.FakeLines(t, func(args []string) string {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.commands = append(n.commands, strings.Join(args, " "))
		return n.reply(args)
	})
	return n
}

func (n *node) got() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.commands)
}

// always answers everything alike.
func always(reply string) func([]string) string { return func([]string) string { return reply } }

// follower opens a session on n that follows.
func follower(t *testing.T, n *node) *conn.Session {
	t.Helper()
	s := open(t, at(t, n.addr))
	s.Follow = true
	return s
}

func TestAskIsFollowedWithAsking(t *testing.T) {
	seed, target := fakeNode(t), fakeNode(t)
	seed.reply = always("-ASK 5 " + target.addr + "\r\n")
	target.reply = always("+OK\r\n")
	s := follower(t, seed)
	var told []conn.Redirect
	s.OnRedirect = func(to conn.Redirect) { told = append(told, to) }
	if v, err := s.Do(t.Context(), "SET", "k", "v"); err != nil || v.String() != "OK" {
		t.Fatalf("got %v, %v", v, err)
	}
	if got := target.got(); !slices.Equal(got, []string{"ASKING", "SET k v"}) {
		t.Errorf("the target got %q", got)
	}
	if len(told) != 1 || !told[0].Ask || told[0].Slot != 5 || told[0].To.String() != target.addr {
		t.Errorf("told %+v", told)
	}
	if s.Addr().String() != target.addr {
		t.Errorf("the session is at %v", s.Addr())
	}
}

// TestRedirectAfterAnAttribute: attributes may stand before any reply.
func TestRedirectAfterAnAttribute(t *testing.T) {
	const attribute = "|2\r\n+a\r\n*2\r\n$3\r\none\r\n|1\r\n+deep\r\n:1\r\n:2\r\n+b\r\n#t\r\n"
	seed, target := fakeNode(t), fakeNode(t)
	seed.reply = always(attribute + "-MOVED 5 " + target.addr + "\r\n")
	target.reply = func(args []string) string {
		if args[0] == "ERR" {
			return attribute + "-ERR no\r\n"
		}
		return attribute + "*2\r\n+x\r\n+y\r\n"
	}
	s := follower(t, seed)
	v, err := s.Do(t.Context(), "GET", "k")
	if err != nil || len(v.Elems) != 2 || v.Elems[1].String() != "y" {
		t.Fatalf("got %+v, %v", v, err)
	}
	if len(v.Attrs) != 4 || v.Attrs[0].String() != "a" || len(v.Attrs[1].Elems) != 2 || v.Attrs[1].Elems[0].String() != "one" {
		t.Errorf("the attributes of the reply are lost: %+v", v.Attrs)
	}
	if v, err := s.Do(t.Context(), "ERR"); err != nil || v.Err() == nil || len(v.Attrs) != 4 {
		t.Errorf("an error that is no redirect: %+v, %v", v, err)
	}
}

// TestNoRedirectOutOfATransaction: the commands of a MULTI would be executed one
// by one somewhere else.
func TestNoRedirectOutOfATransaction(t *testing.T) {
	seed, target := fakeNode(t), fakeNode(t)
	seed.reply = func(args []string) string {
		switch args[0] {
		case "MULTI":
			return "+OK\r\n"
		case "EXEC":
			return "-EXECABORT Transaction discarded because of previous errors.\r\n"
		}
		return "-MOVED 5 " + target.addr + "\r\n"
	}
	target.reply = always("+OK\r\n")
	s := follower(t, seed)
	for _, step := range []struct{ command, reply string }{
		{"MULTI", "OK"}, {"SET k v", "MOVED 5 " + target.addr}, {"EXEC", "EXECABORT Transaction discarded because of previous errors."},
	} {
		if v, err := s.Do(t.Context(), strings.Fields(step.command)...); err != nil || v.String() != step.reply {
			t.Errorf("%s: %v, %v", step.command, v, err)
		}
	}
	if got := target.got(); len(got) != 0 {
		t.Errorf("%q was executed on its own", got)
	}
	if v, err := s.Do(t.Context(), "SET", "k", "v"); err != nil || v.String() != "OK" {
		t.Errorf("after the transaction: %v, %v", v, err)
	}
}

func TestWithoutFollowARedirectIsAReply(t *testing.T) {
	seed := fakeNode(t)
	seed.reply = always("-MOVED 5 127.0.0.1:1\r\n")
	s := open(t, at(t, seed.addr))
	if v, err := s.Do(t.Context(), "GET", "k"); err != nil || v.String() != "MOVED 5 127.0.0.1:1" {
		t.Errorf("got %v, %v", v, err)
	}
}

// TestMovedWithoutAHost leads to another port of the same host.
func TestMovedWithoutAHost(t *testing.T) {
	seed, target := fakeNode(t), fakeNode(t)
	_, port, _ := net.SplitHostPort(target.addr)
	seed.reply = always("-MOVED 5 :" + port + "\r\n")
	target.reply = always("+here\r\n")
	if v, err := follower(t, seed).Do(t.Context(), "GET", "k"); err != nil || v.String() != "here" {
		t.Errorf("got %v, %v", v, err)
	}
}

// TestRedirectsInACircleEnd, and the session is still good.
func TestRedirectsInACircleEnd(t *testing.T) {
	one, two := fakeNode(t), fakeNode(t)
	to := func(n *node) func([]string) string {
		return func(args []string) string {
			if args[0] == "PING" {
				return "+PONG\r\n"
			}
			return "-MOVED 5 " + n.addr + "\r\n"
		}
	}
	one.reply, two.reply = to(two), to(one)
	s := follower(t, one)
	if _, err := s.Do(t.Context(), "GET", "k"); err == nil || !strings.Contains(err.Error(), "16 times") {
		t.Errorf("got %v", err)
	}
	if v, err := s.Do(t.Context(), "PING"); err != nil || v.String() != "PONG" || s.Broken() {
		t.Errorf("afterwards: %v, %v", v, err)
	}
}

// TestRedirectToAnUnreachableNode names the node, and the next attempt asks the
// seed again: by then it may know who has taken over.
func TestRedirectToAnUnreachableNode(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := listener.Addr().String()
	_ = listener.Close()
	seed, target := fakeNode(t), fakeNode(t)
	target.reply = always("+OK\r\n")
	asked := 0
	seed.reply = func([]string) string {
		if asked++; asked == 1 {
			return "-MOVED 5 " + gone + "\r\n"
		}
		return "-MOVED 5 " + target.addr + "\r\n"
	}
	s := follower(t, seed)
	_, err = s.Do(t.Context(), "SET", "k", "v")
	failed, ok := errors.AsType[*conn.Error](err)
	if !ok || failed.Code != conn.CodeRefused || !strings.Contains(failed.Line, gone) || !s.Broken() {
		t.Fatalf("got %v, broken %v", err, s.Broken())
	}
	if _, err := s.Reconnect(t.Context()); err != nil {
		t.Fatalf("the seed is there, but: %v", err)
	}
	if v, err := s.Do(t.Context(), "SET", "k", "v"); err != nil || v.String() != "OK" {
		t.Errorf("got %v, %v", v, err)
	}
	// And when the node we are on goes away.
	if s.Addr().String() != target.addr {
		t.Fatalf("the session is at %v", s.Addr())
	}
}

// TestRedirectTakesTheOpeningAlong: credentials and protocol hold on every node.
func TestRedirectTakesTheOpeningAlong(t *testing.T) {
	seed, target := fakeNode(t), fakeNode(t)
	seed.reply = func(args []string) string {
		if args[0] == "GET" {
			return "-MOVED 5 " + target.addr + "\r\n"
		}
		return "+OK\r\n"
	}
	target.reply = always("+OK\r\n")
	o := at(t, seed.addr)
	o.User, o.Password, o.Protocol = "u", conn.NewSecret("pw"), 3
	s := open(t, o)
	s.Follow = true
	if _, err := s.Do(t.Context(), "GET", "k"); err != nil {
		t.Fatal(err)
	}
	if got := target.got(); !slices.Equal(got, []string{"AUTH u pw", "HELLO 3", "GET k"}) {
		t.Errorf("the target got %q", got)
	}
}

// TestCancelDuringARedirect ends in time and without a race, on whichever
// connection it meets the session.
func TestCancelDuringARedirect(t *testing.T) {
	one, two := fakeNode(t), fakeNode(t)
	hops := make(chan struct{}, 100)
	to := func(n *node) func([]string) string {
		return func([]string) string {
			select {
			case hops <- struct{}{}:
			default:
			}
			return "-MOVED 5 " + n.addr + "\r\n"
		}
	}
	one.reply, two.reply = to(two), to(one)
	for i := range 30 {
		s := follower(t, one)
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			for range i % 5 {
				<-hops
			}
			cancel()
		}()
		if _, err := s.Do(ctx, "GET", "k"); err == nil {
			t.Error("no error")
		}
		cancel()
		for len(hops) > 0 {
			<-hops
		}
		_ = s.Close()
	}
}

// TestFollowKeepsRepliesWhole: what is not a redirect comes through unchanged.
func TestFollowKeepsRepliesWhole(t *testing.T) {
	long := strings.Repeat("x", 200_000)
	for name, reply := range map[string]string{
		"error": "-ERR no\r\n", "long error": "-" + long + "\r\n", "status": "+OK\r\n", "array": "*2\r\n+MOVED 1 h:1\r\n-MOVED 1 h:1\r\n",
		"text": "$14\r\nMOVED 1 h:1234\r\n", "empty": "*0\r\n", "null": "$-1\r\n", "big": fmt.Sprintf("$%d\r\n%s\r\n", len(long), long),
	} {
		t.Run(name, func(t *testing.T) {
			n := fakeNode(t)
			n.reply = always(reply)
			got, err := follower(t, n).Do(t.Context(), "X")
			if err != nil {
				t.Fatal(err)
			}
			want, err := resp.NewReader(strings.NewReader(reply)).Read()
			if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("it came as %.100v, %v", got, err)
			}
		})
	}
}
