package transfer_test

import (
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/commands/transfer"
	"redan/conn/conntest"
)

// endless gives the same text again and again, up to size bytes, and counts what was taken.
type endless struct {
	text        string
	size, taken int64
}

func (e *endless) Read(b []byte) (int, error) {
	left := e.size - e.taken
	if left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(b) && int64(n) < left {
		from := (e.taken + int64(n)) % int64(len(e.text))
		n += copy(b[n:min(int64(len(b)), left)], e.text[from:])
	}
	e.taken += int64(n)
	return n, nil
}

// allocated returns how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Memory does not grow with the input, with a value in it, with a reply, or with the number of errors.
func TestPipeMemory(t *testing.T) {
	const mib = 1 << 20
	value := "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + strconv.Itoa(16*mib) + "\r\n"
	for _, c := range []struct {
		name   string
		input  io.Reader
		before int64
		answer io.Reader
	}{
		{"many commands", &endless{text: "SET k v\r\n", size: 9 * mib}, 9 * mib, strings.NewReader("")},
		{
			"one value", io.MultiReader(strings.NewReader(value), &endless{text: "x", size: 16 * mib}, strings.NewReader("\r\n")),
			int64(len(value)) + 16*mib + 2, strings.NewReader("+OK\r\n"),
		},
		{
			"one reply", strings.NewReader(ping), int64(len(ping)),
			io.MultiReader(strings.NewReader("$"+strconv.Itoa(16*mib)+"\r\n"), &endless{text: "x", size: 16 * mib}, strings.NewReader("\r\n")),
		},
		{"one error", strings.NewReader(ping), int64(len(ping)), io.MultiReader(&endless{text: "-ERR ", size: 8 * mib}, strings.NewReader("\r\n"))},
	} {
		t.Run(c.name, func(t *testing.T) {
			addr := conntest.Fake(t, func(conn net.Conn) {
				_, _ = io.Copy(conn, c.answer)
				echoing(conn, c.before)
			})
			var l loaded
			if got := allocated(func() { l = load(t, addr, c.input, time.Minute) }); got > 4*mib {
				t.Errorf("%d bytes were allocated", got)
			}
			if l.Ending != transfer.Complete || l.Bytes != c.before {
				t.Errorf("%s (%v) after %d of %d bytes", l.Ending, l.Err, l.Bytes, c.before)
			}
		})
	}
}

// A server that answers much before it reads on is not waited for by the sending side, nor the other way round.
func TestPipeDoesNotLockUp(t *testing.T) {
	const replies, input = 2 << 20, 16 << 20
	addr := conntest.Fake(t, func(conn net.Conn) {
		_, _ = io.Copy(conn, &endless{text: "+OK\r\n", size: 5 * replies})
		echoing(conn, input)
	})
	// More replies than commands: there is one that goes on answering.
	l := load(t, addr, io.MultiReader(strings.NewReader("MONITOR\n"), &endless{text: "SET k v\n", size: input - 8}), time.Minute)
	if l.Ending != transfer.Complete || l.Replies != replies || l.Bytes != input || !l.Uneven {
		t.Errorf("%s (%v), %d replies, %d bytes, uneven %t", l.Ending, l.Err, l.Replies, l.Bytes, l.Uneven)
	}
}

// A server that reads no more stops the reading of the input, and an end by the context is possible then.
func TestPipeBackPressure(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	release := make(chan struct{})
	addr := conntest.Fake(t, func(conn net.Conn) {
		_, _ = io.WriteString(conn, "+OK\r\n")
		<-release
	})
	defer close(release)
	input := &stalling{endless: endless{text: "SET k v\n", size: 1 << 40}, stop: cancel}
	l := loadUntil(ctx, t, addr, input, time.Minute)
	if l.Ending != transfer.Stopped || !errors.Is(l.Err, context.Canceled) || l.sent {
		t.Errorf("%s (%v), sent %t", l.Ending, l.Err, l.sent)
	}
	if l.Replies != 1 || l.Bytes == 0 || l.Bytes > 64<<20 {
		t.Errorf("%d replies, %d bytes were taken", l.Replies, l.Bytes)
	}
}

// stalling calls stop when nothing was read for a while, which then shows that nobody reads.
type stalling struct {
	endless
	stop  func()
	timer *time.Timer
}

func (s *stalling) Read(b []byte) (int, error) {
	if s.timer != nil {
		s.timer.Stop()
	}
	defer func() { s.timer = time.AfterFunc(300*time.Millisecond, s.stop) }()
	return s.endless.Read(b)
}
