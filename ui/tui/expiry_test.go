package tui

import (
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
)

// TestCertificateExpiresWhileOpen replaces the server's certificate by one that has expired and ends all connections: the banner names
// the cause, the place and what was typed are kept, and with a good certificate all is as it was.
func TestCertificateExpiresWhileOpen(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t, conntest.TLS())
	expired := server.Authority.Issue(t, conntest.IssueOptions{CN: "old", NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(-24 * time.Hour)})
	good := server.Authority.Issue(t, conntest.IssueOptions{CN: "new"})
	present := func(pair *conntest.Pair) {
		t.Helper()
		if got := server.Do("CONFIG", "SET", "tls-cert-file", pair.ChainFile, "tls-key-file", pair.KeyFile); got != "OK" {
			t.Fatalf("the certificate was not taken: %s", got)
		}
	}
	server.Do("MSET", "shop:1", "one", "shop:2", "the second value", "shop:3", "three")
	o := conn.DefaultOptions()
	o.Port, o.TLS = server.TLSPort, &conn.TLSOptions{CAFiles: []string{server.CAFile}}
	s := live(t, o, nil)
	s.sees("TLS 1.3", "3 keys").keys("E", "down", "down", "enter").sees("the second value")
	s.keys("e").text(" and more").sees("> the second value and more")

	present(expired)
	server.Do("CLIENT", "KILL", "TYPE", "normal")
	s.wait(4 * time.Second)
	s.send(retryDue{gen: s.m.link.gen})
	s.sees("✗ the server's certificate (CN=old) expired 24 hours ago", "retry", "> the second value and more", "▾ shop", "▏ 2")
	if s.m.link.phase != lost {
		t.Errorf("the connection is in phase %d", s.m.link.phase)
	}

	present(good)
	s.send(retryDue{gen: s.m.link.gen})
	s.misses("expired")
	s.sees("TLS 1.3", "▏ 2", "> the second value and more")
	s.keys("enter")
	s.wait(time.Second)
	s.keys("enter").sees("the second value and more")
	if got := server.Do("GET", "shop:2"); got != "the second value and more" {
		t.Errorf("shop:2 is %q", got)
	}
}
