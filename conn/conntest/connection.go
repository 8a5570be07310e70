package conntest

import (
	"bufio"
	"errors"
	"io"
	"net"
	"time"
)

// Connection is one that stays open, where [Server.Do] makes a new one for each command.
type Connection struct {
	conn   net.Conn
	reader *bufio.Reader
}

// Connect opens a plain connection to a server until the test ends. network is "tcp" or "unix".
func Connect(t TB, network, addr string) *Connection {
	t.Helper()
	conn, err := dial(network, addr)
	if err != nil {
		t.Fatalf("conntest: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // the server may have closed it first
	return &Connection{conn: conn, reader: bufio.NewReader(conn)}
}

// TryDo runs one command and returns the reply as [Server.TryDo] does.
func (c *Connection) TryDo(args ...string) (string, error) {
	if err := c.conn.SetDeadline(time.Now().Add(talkTimeout)); err != nil {
		return "", err
	}
	if _, err := c.conn.Write(appendCommand(nil, args)); err != nil {
		return "", err
	}
	reply, err := readReply(c.reader)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return reply, err
}
