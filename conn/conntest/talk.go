package conntest

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// talkTimeout bounds one exchange with a server.
const talkTimeout = 10 * time.Second

// ReplyError is an error reply, without its leading dash.
type ReplyError string

// Error is the reply's text.
func (e ReplyError) Error() string { return string(e) }

// Do runs one command on a connection of its own and returns the reply as text:
// strings as they are, integers in decimal, nulls as "(nil)", the elements of
// arrays one a line. An error reply or a broken connection ends the test; use
// [Server.TryDo] to look at it.
func (s *Server) Do(args ...string) string {
	s.tb.Helper()
	reply, err := s.TryDo(args...)
	if err != nil {
		s.tb.Fatalf("conntest: %s on %s: %v", args[0], s.mainAddr(), err)
	}
	return reply
}

// TryDo is [Server.Do] with the error returned: a [ReplyError] when the server
// refused.
func (s *Server) TryDo(args ...string) (string, error) {
	conn, err := s.dial()
	if err != nil {
		return "", err
	}
	defer conn.Close() //nolint:errcheck // the reply has been read
	if s.settings.password != "" {
		if _, err := exchange(conn, "AUTH", s.settings.password); err != nil {
			return "", err
		}
	}
	return exchange(conn, args...)
}

// dial connects to the plain port, or where there is none to the TLS port.
func (s *Server) dial() (net.Conn, error) {
	if s.settings.plain {
		return dial("tcp", s.Addr())
	}
	return s.dialTLS()
}

func (s *Server) dialTLS() (net.Conn, error) {
	pair, err := tls.LoadX509KeyPair(s.CertFile, s.KeyFile)
	if err != nil {
		return nil, err
	}
	conn, err := dial("tcp", s.TLSAddr())
	if err != nil {
		return nil, err
	}
	return tls.Client(conn, &tls.Config{
		Certificates:       []tls.Certificate{pair},
		InsecureSkipVerify: true, // servers with bad certificates are what is being tested
	}), nil
}

func dial(network, addr string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), talkTimeout)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	if err := conn.SetDeadline(time.Now().Add(talkTimeout)); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// pingAll asks every address that the server should have.
func (s *Server) pingAll() error {
	if s.settings.plain {
		for _, host := range s.settings.bind {
			conn, err := dial("tcp", net.JoinHostPort(host, strconv.Itoa(s.Port)))
			if err := ping(conn, err); err != nil {
				return err
			}
		}
	}
	if s.settings.tls {
		if err := ping(s.dialTLS()); err != nil {
			return err
		}
	}
	if s.Socket != "" {
		return ping(dial("unix", s.Socket))
	}
	return nil
}

// ping accepts refusals as an answer: a server that wants a password is ready.
func ping(conn net.Conn, err error) error {
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // the reply has been read
	_, err = exchange(conn, "PING")
	if refusal := ReplyError(""); errors.As(err, &refusal) && !strings.HasPrefix(string(refusal), "LOADING") {
		return nil
	}
	return err
}

// exchange sends one command and reads one reply.
func exchange(conn net.Conn, args ...string) (string, error) {
	if _, err := conn.Write(appendCommand(nil, args)); err != nil {
		return "", err
	}
	return readReply(bufio.NewReader(conn))
}

func appendCommand(dst []byte, args []string) []byte {
	dst = fmt.Appendf(dst, "*%d\r\n", len(args))
	for _, arg := range args {
		dst = fmt.Appendf(dst, "$%d\r\n%s\r\n", len(arg), arg)
	}
	return dst
}

// readReply reads one RESP2 reply as the text that [Server.Do] promises.
func readReply(r *bufio.Reader) (string, error) {
	line, err := readLine(r)
	if err != nil {
		return "", err
	}
	kind, rest := line[0], line[1:]
	switch kind {
	case '+', ':':
		return rest, nil
	case '-':
		return "", ReplyError(rest)
	case '$', '*':
	default:
		return "", fmt.Errorf("not a RESP2 reply: %q", line)
	}
	n, err := strconv.Atoi(rest)
	if err != nil {
		return "", fmt.Errorf("not a RESP2 reply: %q", line)
	}
	switch {
	case n < 0:
		return "(nil)", nil
	case kind == '$':
		return readBulk(r, n)
	}
	return readElements(r, n)
}

// readElements joins n replies with newlines; errors inside are text there.
func readElements(r *bufio.Reader, n int) (string, error) {
	var elements []string
	for range n {
		element, err := readReply(r)
		if refusal := ReplyError(""); errors.As(err, &refusal) {
			element = "(error) " + refusal.Error()
		} else if err != nil {
			return "", err
		}
		elements = append(elements, element)
	}
	return strings.Join(elements, "\n"), nil
}

// readLine reads up to CR LF, which it takes off; what it returns is not empty.
func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.New("an empty line where RESP was expected")
	}
	return line, nil
}

// readBulk reads n bytes and the CR LF behind them.
func readBulk(r *bufio.Reader, n int) (string, error) {
	data := make([]byte, n+len("\r\n"))
	if _, err := io.ReadFull(r, data); err != nil {
		return "", err
	}
	return string(data[:n]), nil
}

// freePorts finds n different TCP ports that nobody uses at the moment.
func freePorts(host string, n int) ([]int, error) {
	ports := make([]int, 0, n)
	for range n {
		l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", net.JoinHostPort(host, "0"))
		if err != nil {
			return nil, err
		}
		// All stay open until the last is found, or one could be found twice.
		defer l.Close() //nolint:errcheck // nothing was accepted
		addr, ok := l.Addr().(*net.TCPAddr)
		if !ok {
			return nil, fmt.Errorf("listener has the address %s", l.Addr())
		}
		ports = append(ports, addr.Port)
	}
	return ports, nil
}

// HasIPv6 reports whether this machine has the IPv6 loopback address; many
// containers lack it.
func HasIPv6() bool {
	_, err := freePorts("::1", 1)
	return err == nil
}
