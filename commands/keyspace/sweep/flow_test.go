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

	"redan/commands/keyspace/sweep"
	"redan/conn"
	"redan/conn/conntest"
)

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
