package transfer

import (
	"bufio"
	"context"
	"io"
	"net"
	"strconv"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
)

const mark = "0123456789abcdef0123456789abcdef01234567"

// patience bounds what takes milliseconds when all is well.
const patience = 20 * time.Second

// master is a server that says OK to every option, and answers SYNC as play does.
func master(t *testing.T, play func(c net.Conn, r *bufio.Reader)) *conn.Session {
	t.Helper()
	return session(t, conntest.Fake(t, func(c net.Conn) {
		r := bufio.NewReader(c)
		for {
			words, err := conntest.ReadCommand(r)
			if err != nil {
				return
			}
			if words[0] == "SYNC" {
				play(c, r)
				return
			}
			_, _ = io.WriteString(c, "+OK\r\n")
		}
	}))
}

// saying answers SYNC with texts, one write each, and ends the stream.
func saying(t *testing.T, texts ...string) *conn.Session {
	t.Helper()
	return master(t, func(c net.Conn, r *bufio.Reader) {
		for _, text := range texts {
			_, _ = io.WriteString(c, text) // the client may be gone
		}
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
		_, _ = io.Copy(io.Discard, r)
	})
}

// stuck answers SYNC with a text and then says nothing, until the client goes.
func stuck(t *testing.T, text string) *conn.Session {
	t.Helper()
	return master(t, func(c net.Conn, r *bufio.Reader) {
		_, _ = io.WriteString(c, text)
		_, _ = io.Copy(io.Discard, r)
	})
}

func session(t *testing.T, addr string) *conn.Session {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	o := conn.DefaultOptions()
	o.Host = host
	if o.Port, err = strconv.Atoi(port); err != nil {
		t.Fatal(err)
	}
	d, err := conn.NewDialer(o, conn.System())
	if err != nil {
		t.Fatal(err)
	}
	s, err := conn.Open(context.Background(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func begin(t *testing.T, s *conn.Session) *Payload {
	t.Helper()
	p, err := Sync(t.Context(), s, patience)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
