package conntest_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"testing"

	"redan/conn/conntest"
)

func TestTerminators(t *testing.T) {
	t.Parallel()
	root := conntest.NewAuthority(t)
	pair := root.Issue(t, conntest.IssueOptions{})
	redis := conntest.Start(t)
	tests := []struct {
		name, addr, want string
	}{
		{"stunnel", conntest.Stunnel(t, redis.Addr(), pair), "+PONG\r\n"},
		{"haproxy", conntest.HAProxy(t, "ssl crt "+pair.Bundle(t), "default_backend redis", "backend redis", "server redis "+redis.Addr()), "+PONG\r\n"},
		{"nginx", conntest.HTTPS(t, pair), "HTTP/1.1 400 Bad Request\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			conn, err := tls.Dial("tcp", tt.addr, &tls.Config{RootCAs: root.Pool()})
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, "PING\r\n"); err != nil {
				t.Fatal(err)
			}
			if got, err := bufio.NewReader(conn).ReadString('\n'); got != tt.want {
				t.Errorf("answered %q, want %q (%v)", got, tt.want, err)
			}
		})
	}
}

func TestServersElsewhere(t *testing.T) {
	t.Parallel()
	s := conntest.Start(t, conntest.StandardPorts(), conntest.TLS(), conntest.Lenient(t))
	if s.Port != 6379 || s.TLSPort != 6380 || !net.ParseIP(s.Host).IsLoopback() {
		t.Errorf("listens on %s and %s", s.Addr(), s.TLSAddr())
	}
	if got := conntest.Port(t, s.TLSAddr()); got != 6380 {
		t.Errorf("port %d", got)
	}
	weak := s.Authority.Forge(t, conntest.IssueOptions{}, conntest.Forgery{Key: rsaKey(t, 1024)})
	s.Do("CONFIG", "SET", "tls-cert-file", weak.CertFile, "tls-key-file", weak.KeyFile)
	if outside := conntest.OutsideAddress(); outside != "" {
		if ip := net.ParseIP(outside); ip == nil || ip.IsLoopback() {
			t.Errorf("the address outside is %s", outside)
		}
		conntest.Start(t, conntest.Bind(outside), conntest.Config("protected-mode", "no"))
	}
}

func TestConnectionStaysOpen(t *testing.T) {
	t.Parallel()
	s := conntest.Start(t)
	c := conntest.Connect(t, "tcp", s.Addr())
	before, err := c.TryDo("CLIENT", "ID")
	if err != nil {
		t.Fatal(err)
	}
	s.Do("CONFIG", "SET", "maxclients", "1")
	if after, err := c.TryDo("CLIENT", "ID"); after != before || err != nil {
		t.Errorf("client %s, then %s (%v)", before, after, err)
	}
	if _, err := s.TryDo("PING"); err == nil {
		t.Error("a second client was let in")
	}
	s.Kill()
	if reply, err := c.TryDo("PING"); err == nil {
		t.Errorf("a dead server said %q", reply)
	}
}
