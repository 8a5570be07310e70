package main_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"

	"redan/conn/conntest"
)

// transportFaults are ports that speak something else than what was meant, or nothing.
func transportFaults() []fault {
	all := []fault{
		{
			code: "PLAIN_TO_TLS", severity: "crit", scope: "target", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				s := b.redis(conntest.TLSOnly())
				b.put("ca.crt", s.CAFile)
				return fmt.Sprintf("-u redis://127.0.0.1:%d", s.TLSPort)
			},
		},
		{
			code: "TLS_TO_PLAIN", severity: "crit", scope: "target", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				s := b.redis()
				b.authority("ca")
				return at(s.Host, s.Port) + "--cacert ca.crt"
			},
		},
		{
			code: "TLS_TO_PLAIN", name: "beside a TLS port", severity: "crit", scope: "target", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				s := b.redis(conntest.TLS())
				b.put("ca.crt", s.CAFile)
				return at(s.Host, s.Port) + "--cacert ca.crt"
			},
		},
		{
			code: "NOT_REDIS_TLS", name: "nginx", severity: "crit", scope: "target", exit: 2,
			nobody: "only the user knows which server is meant",
			build: func(b *bench) string {
				ca := b.authority("ca")
				addr := conntest.HTTPS(b.t, ca.Issue(b.t, conntest.IssueOptions{}))
				return at("127.0.0.1", conntest.Port(b.t, addr)) + "--cacert ca.crt"
			},
		},
		{
			code: "REFUSED", severity: "crit", scope: "target", exit: 2,
			nobody: "the server has to be started, and only the user knows where",
			build:  func(b *bench) string { return at("127.0.0.1", unusedPort(b)) + "--tls" },
		},
		{
			code: "REFUSED", name: "beside a Redis", severity: "crit", scope: "target", exit: 2, briefer: knowsLess, mends: []string{client},
			build: func(b *bench) string {
				s := b.redis(conntest.StandardPorts(), conntest.TLS())
				b.put("ca.crt", s.CAFile)
				return at(s.Host, 6390) + "--cacert ca.crt"
			},
		},
		{
			code: "STALL", severity: "crit", scope: "target", exit: 3,
			nobody: "a server that says nothing gives no hint",
			build: func(b *bench) string {
				return at("127.0.0.1", conntest.Port(b.t, conntest.Fake(b.t, conntest.Silence()))) + "--tls -t 1"
			},
		},
		{
			code: "CLOSE_AT_ONCE", name: "haproxy without a backend", severity: "crit", scope: "target", exit: 2,
			nobody: "the proxy has nothing behind it",
			build: func(b *bench) string {
				addr := conntest.HAProxy(b.t, "", "mode tcp", "default_backend none", "backend none", "mode tcp")
				return at("127.0.0.1", conntest.Port(b.t, addr)) + "--tls"
			},
		},
		{
			code: "CLOSE_AT_ONCE", name: "an end of the stream", severity: "crit", scope: "target", exit: 2,
			nobody: "the server does not say why",
			build: func(b *bench) string {
				return at("127.0.0.1", conntest.Port(b.t, conntest.Fake(b.t, conntest.HangUp()))) + "--tls"
			},
		},
		{
			code: "DNS", severity: "crit", scope: "target", exit: 2,
			nobody: "only the user knows which name is meant",
			build:  func(b *bench) string { return at("redis-2..lab", 6380) + "--tls" },
		},
		{
			code: "MAXCLIENTS", severity: "crit", scope: "target", exit: 2, briefer: knowsLess, mends: []string{server},
			build: func(b *bench) string {
				s := b.redis(conntest.StandardPorts(), conntest.TLS())
				b.put("ca.crt", s.CAFile)
				b.admin = conntest.Connect(b.t, "tcp", s.Addr()).TryDo
				s.Do("CONFIG", "SET", "maxclients", "1")
				return at(s.Host, s.TLSPort) + "--cacert ca.crt"
			},
		},
		{
			code: "PROTECTED_MODE", name: "without TLS", severity: "crit", scope: "target", exit: 2, also: []string{"TLS_TO_PLAIN"},
			nobody: "there is no Redis behind it, only its words: on loopback a real one is not protected",
			build: func(b *bench) string {
				return at("127.0.0.1", conntest.Port(b.t, conntest.Fake(b.t, denied))) + "--tls"
			},
		},
		{
			code: "PROTECTED_MODE", name: "inside TLS", severity: "crit", scope: "target", exit: 2, reply: true,
			nobody: "there is no Redis behind it, only its words: on loopback a real one is not protected",
			build: func(b *bench) string {
				pair := b.authority("ca").Issue(b.t, conntest.IssueOptions{})
				addr := conntest.Fake(b.t, denied, conntest.OverTLS(&tls.Config{Certificates: []tls.Certificate{pair.TLS()}}))
				return at("127.0.0.1", conntest.Port(b.t, addr)) + "--cacert ca.crt"
			},
		},
	}
	if host := conntest.OutsideAddress(); host != "" {
		all = append(all, protectedAt(host)...)
	}
	return all
}

// protectedAt is protected mode as a real Redis has it, for machines with an address that is not loopback.
func protectedAt(host string) []fault {
	start := func(b *bench) *conntest.Server {
		ca := b.authority("ca")
		pair := ca.Issue(b.t, conntest.IssueOptions{IPs: []net.IP{net.ParseIP(host)}})
		s := b.redis(conntest.Bind(host), conntest.WithCerts(ca, pair), conntest.UnixSocket())
		b.admin = conntest.Connect(b.t, "unix", s.Socket).TryDo
		return s
	}
	return []fault{
		{
			code: "PROTECTED_MODE", name: "of a Redis", severity: "crit", scope: "target", exit: 2, reply: true, mends: []string{server},
			build: func(b *bench) string { return at(host, start(b).TLSPort) + "--cacert ca.crt" },
		},
		{
			code: "PROTECTED_MODE", name: "on the plain port of a Redis", severity: "crit", scope: "target", exit: 2,
			also: []string{"TLS_TO_PLAIN"}, mends: []string{server},
			build: func(b *bench) string { return at(host, start(b).Port) + "--cacert ca.crt" },
		},
	}
}

// denied says what a Redis in protected mode does, in fewer words, and hangs up.
func denied(conn net.Conn) {
	_, _ = io.WriteString(conn, "-DENIED Redis is running in protected mode because protected mode is enabled and no password is set\r\n")
	conntest.HangUp()(conn)
}

// unusedPort is one that nobody listens on.
func unusedPort(b *bench) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.t.Fatal(err)
	}
	defer l.Close()
	return conntest.Port(b.t, l.Addr().String())
}
