package conntest

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
)

// Script plays the server's part on one connection, which is closed when it
// returns.
type Script func(conn net.Conn)

// FakeOption changes how a fake server's connections begin.
type FakeOption func(net.Conn) net.Conn

// OverTLS makes a fake server speak TLS; the handshake takes place when the
// script first reads or writes.
func OverTLS(config *tls.Config) FakeOption {
	return func(conn net.Conn) net.Conn { return tls.Server(conn, config) }
}

// Fake runs a server that does what no real one does: script plays it on every
// connection, each in a goroutine of its own. When the test ends the connections are
// closed, and scripts must then return.
func Fake(t TB, script Script, opts ...FakeOption) (addr string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("conntest: fake server: %v", err)
	}
	f := &fake{script: script, opts: opts, open: map[net.Conn]struct{}{}}
	accepting := make(chan struct{})
	go func() {
		defer close(accepting)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // closed by the cleanup below
			}
			f.serve(conn)
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close() // it can only be closed already
		<-accepting
		f.close()
	})
	return listener.Addr().String()
}

// fake holds the connections of one fake server.
type fake struct {
	script Script
	opts   []FakeOption
	wait   sync.WaitGroup

	mu   sync.Mutex
	open map[net.Conn]struct{}
}

func (f *fake) serve(conn net.Conn) {
	f.mu.Lock()
	f.open[conn] = struct{}{}
	f.mu.Unlock()
	f.wait.Go(func() {
		played := conn
		for _, opt := range f.opts {
			played = opt(played)
		}
		f.script(played)
		_ = played.Close() // the client may have closed it first
		f.mu.Lock()
		delete(f.open, conn)
		f.mu.Unlock()
	})
}

func (f *fake) close() {
	f.mu.Lock()
	for conn := range f.open {
		_ = conn.Close() // the script may have closed it first
	}
	f.mu.Unlock()
	f.wait.Wait()
}

// ReplyOnce reads one command, answers with the given bytes, and ends the
// stream.
func ReplyOnce(reply string) Script {
	return func(conn net.Conn) {
		if _, err := ReadCommand(bufio.NewReader(conn)); err == nil {
			_, _ = io.WriteString(conn, reply) // the client may be gone
		}
		endStream(conn)
	}
}

// ReplyThenSilence reads one command, answers with the given bytes, and then
// keeps the connection open without another word: half a reply that never ends.
func ReplyThenSilence(reply string) Script {
	return func(conn net.Conn) {
		if _, err := ReadCommand(bufio.NewReader(conn)); err == nil {
			_, _ = io.WriteString(conn, reply) // the client may be gone
		}
		Silence()(conn)
	}
}

// HalfBulk promises a string of ten bytes, sends five, and ends the stream.
func HalfBulk() Script { return ReplyOnce("$10\r\nhello") }

// Silence takes all that is sent and never answers.
func Silence() Script {
	return func(conn net.Conn) {
		_, _ = io.Copy(io.Discard, conn) // ends when either side closes
	}
}

// HangUp ends the stream of each connection as soon as it is made.
func HangUp() Script { return endStream }

// Reset reads one command and answers with a TCP reset.
func Reset() Script {
	return func(conn net.Conn) {
		_, _ = ReadCommand(bufio.NewReader(conn)) // however it ends, reset it
		if wrapped, ok := conn.(*tls.Conn); ok {
			conn = wrapped.NetConn()
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // it can only be closed already
			_ = tcp.Close()
		}
	}
}

// endStream lets the client read the end of the stream, and waits for it to
// close: closing while there is something left to read would make a
// reset of it, and take away what was sent before.
func endStream(conn net.Conn) {
	if half, ok := conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		Silence()(conn)
	}
}

// Answer reads whole commands and sends for each what reply returns. An empty
// reply closes the connection.
func Answer(reply func(args []string) string) Script {
	return func(conn net.Conn) {
		r := bufio.NewReader(conn)
		for {
			args, err := ReadCommand(r)
			if err != nil {
				return
			}
			answer := reply(args)
			if answer == "" {
				return
			}
			if _, err := io.WriteString(conn, answer); err != nil {
				return
			}
		}
	}
}

// FakeLines is [Fake] with [Answer].
func FakeLines(t TB, reply func(args []string) string, opts ...FakeOption) (addr string) {
	t.Helper()
	return Fake(t, Answer(reply), opts...)
}

// ReadCommand reads one command, an array of bulk strings or an inline command.
// It returns io.EOF only between commands.
func ReadCommand(r *bufio.Reader) ([]string, error) {
	line, err := readLine(r)
	if err != nil {
		return nil, err
	}
	if line[0] != '*' {
		return strings.Fields(line), nil
	}
	n, err := strconv.Atoi(line[1:])
	if err != nil {
		return nil, fmt.Errorf("not a command: %q", line)
	}
	args := make([]string, 0, max(0, n))
	for range n {
		arg, err := readArgument(r)
		if err != nil {
			return nil, fmt.Errorf("argument %d of %d: %w", len(args)+1, n, noEOF(err))
		}
		args = append(args, arg)
	}
	return args, nil
}

func readArgument(r *bufio.Reader) (string, error) {
	line, err := readLine(r)
	if err != nil {
		return "", err
	}
	n, err := strconv.Atoi(strings.TrimPrefix(line, "$"))
	if err != nil || n < 0 || line[0] != '$' {
		return "", fmt.Errorf("not a bulk string: %q", line)
	}
	return readBulk(r, n)
}

// noEOF is for an end in the middle.
func noEOF(err error) error {
	if err == io.EOF { //nolint:errorlint // readers return it bare
		return io.ErrUnexpectedEOF
	}
	return err
}
