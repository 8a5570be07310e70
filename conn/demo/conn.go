package demo

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
)

const (
	// maxArgs, maxArg and maxInline are redis-server's own limits: the arguments
	// of a command, the bytes of one, and the bytes of an inline command.
	maxArgs   = 1024 * 1024
	maxArg    = 512 << 20
	maxInline = 64 << 10
	// malformed is a command no client sends: it takes a protocol error to the
	// place where replies are written, so that it comes behind the replies
	// to the commands before it.
	malformed = "\x00MALFORMED"
)

// conn gives miniredis only whole, well-formed commands to read: by itself it falls
// over an empty one, and hangs up on inline commands. What miniredis writes goes
// to an outbox.
type conn struct {
	net.Conn
	in      *bufio.Reader
	pending bytes.Buffer // of a command that is not read yet
	failed  error        // ends the connection once pending is read
	out     *outbox

	onCommand func() // called for each command before it is read
}

func newConn(c net.Conn, onCommand func()) *conn {
	return &conn{Conn: c, in: bufio.NewReader(c), out: newOutbox(c, maxOutput), onCommand: onCommand}
}

// Read gives the next part of the next command.
func (c *conn) Read(p []byte) (int, error) {
	for c.pending.Len() == 0 {
		if c.failed != nil {
			return 0, c.failed
		}
		args, err := readCommand(c.in)
		if protocol := new(protocolError); errors.As(err, &protocol) {
			c.failed = io.EOF
			args = []string{malformed, protocol.Error()}
		} else if err != nil {
			c.failed = err
			continue
		}
		if len(args) > 0 {
			c.onCommand()
			writeCommand(&c.pending, args)
		}
	}
	return c.pending.Read(p)
}

// Write leaves something to be sent.
func (c *conn) Write(p []byte) (int, error) { return c.out.Write(p) }

// Close ends the connection once everything has been sent.
func (c *conn) Close() error {
	c.out.Close()
	return nil
}

// protocolError is a client's violation of the protocol, in redis-server's words
// as far as it has any.
type protocolError struct{ reason string }

func (e *protocolError) Error() string { return "ERR Protocol error: " + e.reason }

func writeCommand(w *bytes.Buffer, args []string) {
	fmt.Fprintf(w, "*%d\r\n", len(args))
	for _, arg := range args {
		fmt.Fprintf(w, "$%d\r\n%s\r\n", len(arg), arg)
	}
}

// readCommand reads a command, an array of bulk strings or an inline one. An empty
// command is no error. Errors are a [protocolError] or the stream's.
func readCommand(r *bufio.Reader) ([]string, error) {
	line, err := readLine(r)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(line, "*") {
		return splitInline(line)
	}
	n, err := strconv.Atoi(line[1:])
	if err != nil || n > maxArgs {
		return nil, &protocolError{"invalid multibulk length"}
	}
	var args []string
	for range n { // none if negative
		arg, err := readArg(r)
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
	}
	return args, nil
}

func readArg(r *bufio.Reader) (string, error) {
	line, err := readLine(r)
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(line, "$") {
		return "", &protocolError{fmt.Sprintf("expected '$', got %q", line[:min(1, len(line))])}
	}
	n, err := strconv.Atoi(line[1:])
	if err != nil || n < 0 || n > maxArg {
		return "", &protocolError{"invalid bulk length"}
	}
	var arg bytes.Buffer // grows with what arrives, not with what is promised
	if _, err := io.CopyN(&arg, r, int64(n)); err != nil {
		return "", err
	}
	_, err = r.Discard(len("\r\n"))
	return arg.String(), err
}

// readLine reads up to the end of a line, which it takes off.
func readLine(r *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxInline {
			return "", &protocolError{"too big inline request"}
		}
		if err == nil {
			break
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return "", err
		}
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r"), nil
}
