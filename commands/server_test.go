package commands

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// server is a real redis-server of this test's own, spoken to by redis-cli.
type server struct {
	t    *testing.T
	port string
}

// startServer runs redis-server on a free loopback port until the test ends.
func startServer(t *testing.T) server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "")
	cmd.Dir = t.TempDir()
	if err := cmd.Start(); err != nil {
		t.Fatalf("these tests need redis-server: %v", err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // the test's context has ended and killed it
	waitForPong(t, port)
	return server{t, port}
}

func waitForPong(t *testing.T, port string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		c, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err != nil {
			time.Sleep(5 * time.Millisecond) // poll: it is starting
			continue
		}
		_ = c.SetDeadline(time.Now().Add(5 * time.Second))
		_, _ = fmt.Fprint(c, "PING\r\n")
		line, err := bufio.NewReader(c).ReadString('\n')
		_ = c.Close()
		if err == nil && line == "+PONG\r\n" {
			return
		}
	}
	t.Fatal("redis-server did not answer PING")
}

// cli runs redis-cli with input on its standard input and gives its standard
// output.
func (s server) cli(input string, args ...string) []byte {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), "redis-cli", append([]string{"-h", "127.0.0.1", "-p", s.port}, args...)...)
	cmd.Stdin = strings.NewReader(input)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("redis-cli %v: %v: %s", args, err, stderr.Bytes())
	}
	return out
}

// version is the server's version.
func (s server) version() string {
	s.t.Helper()
	for line := range strings.SplitSeq(string(s.cli("", "INFO", "server")), "\n") {
		if v, ok := strings.CutPrefix(line, "redis_version:"); ok {
			return strings.TrimSpace(v)
		}
	}
	s.t.Fatal("INFO server has no redis_version")
	return ""
}

// table is what the server says of its commands, asked in a protocol ("-2" or
// "-3").
func (s server) table(protocol string) *Table {
	s.t.Helper()
	docs, err := ParseDocs(s.cli("", protocol, "--json", "COMMAND", "DOCS"))
	if err != nil {
		s.t.Fatal(err)
	}
	info, err := ParseCommands(s.cli("", protocol, "--json", "COMMAND"))
	if err != nil {
		s.t.Fatal(err)
	}
	return newTable(s.version(), docs.Merge(info).sorted)
}
