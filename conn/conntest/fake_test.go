package conntest_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"redan/conn/conntest"
)

func TestReadyScripts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		script conntest.Script
		want   string
		err    error // nil for a stream that ends
	}{
		{"reply once", conntest.ReplyOnce("+PONG\r\n"), "+PONG\r\n", nil},
		{"half a bulk", conntest.HalfBulk(), "$10\r\nhello", nil},
		{"hang up", conntest.HangUp(), "", nil},
		{"silence", conntest.Silence(), "", os.ErrDeadlineExceeded},
		{"half a bulk, then silence", conntest.ReplyThenSilence("$10\r\nhello"), "$10\r\nhello", os.ErrDeadlineExceeded},
		{"reset", conntest.Reset(), "", syscall.ECONNRESET},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			conn := dialPlain(t, conntest.Fake(t, tt.script))
			if errors.Is(tt.err, os.ErrDeadlineExceeded) {
				if err := conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
					t.Fatal(err)
				}
			}
			// More than one command, so that there is something left unread.
			if _, err := conn.Write([]byte(strings.Repeat("*1\r\n$4\r\nPING\r\n", 1000))); err != nil && tt.err == nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(conn)
			if string(got) != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("read %q and %v, want %q and %v", got, err, tt.want, tt.err)
			}
		})
	}
}

func TestFakeLinesAnswersWholeCommands(t *testing.T) {
	t.Parallel()
	addr := conntest.FakeLines(t, func(args []string) string {
		if args[0] == "QUIT" {
			return ""
		}
		return "+" + strings.Join(args, "|") + "\r\n"
	})
	conn := dialPlain(t, addr)
	for _, part := range []string{"*2\r\n$3\r\nGE", "T\r\n$4\r\na\r\nb\r\nping  x\r\n", "*1\r\n$4\r\nQUIT\r\n"} {
		if _, err := conn.Write([]byte(part)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := io.ReadAll(conn)
	if want := "+GET|a\r\nb\r\n+ping|x\r\n"; string(got) != want || err != nil {
		t.Errorf("read %q and %v, want %q", got, err, want)
	}
}

func TestFakeOverTLS(t *testing.T) {
	t.Parallel()
	authority := conntest.NewAuthority(t)
	config := &tls.Config{Certificates: []tls.Certificate{authority.Issue(t, conntest.IssueOptions{}).TLS()}}
	addr := conntest.Fake(t, conntest.ReplyOnce("+PONG\r\n"), conntest.OverTLS(config))
	conn := tls.Client(dialPlain(t, addr), &tls.Config{RootCAs: authority.Pool(), ServerName: "127.0.0.1"})
	if got := ping(conn); got != "+PONG\r\n" {
		t.Errorf("PING gave %q", got)
	}
}

func TestFakeEndsWithItsTest(t *testing.T) { //nolint:tparallel // the inner test must have ended for the outer one to look
	t.Parallel()
	var addr string
	ended := make(chan struct{})
	t.Run("inner", func(t *testing.T) {
		addr = conntest.Fake(t, func(conn net.Conn) {
			conntest.Silence()(conn)
			close(ended)
		})
		dialPlain(t, addr)
	})
	select {
	case <-ended:
	default:
		t.Error("the script still runs")
	}
	if _, err := net.Dial("tcp", addr); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("dialling after the test: %v", err)
	}
}

func TestReadCommandRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"*x\r\n":               "not a command",
		"*1\r\n:1\r\n":         "not a bulk string",
		"*1\r\n$-1\r\n":        "not a bulk string",
		"*2\r\n$1\r\na\r\n":    "unexpected EOF",
		"*1\r\n$9\r\nhalf\r\n": "unexpected EOF",
		"":                     "EOF",
	}
	for input, want := range tests {
		args, err := conntest.ReadCommand(bufio.NewReader(strings.NewReader(input)))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gave %q and %v, want %q", input, args, err, want)
		}
	}
}
