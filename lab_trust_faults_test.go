package main_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"redan/conn/conntest"
)

// serving starts a Redis with a certificate of the given authority, and returns how to reach its TLS port.
func (b *bench) serving(a *conntest.Authority, pair *conntest.Pair, opts ...conntest.Option) (options string) {
	b.t.Helper()
	if pair != nil {
		b.keepSecret(pair.KeyFile)
	}
	s := b.redis(append([]conntest.Option{conntest.WithCerts(a, pair)}, opts...)...)
	return at(s.Host, s.TLSPort)
}

// presenting starts a healthy Redis and then makes it present a certificate with which nobody could have looked whether it has started.
func (b *bench) presenting(a *conntest.Authority, pair *conntest.Pair, opts ...conntest.Option) (options string) {
	b.t.Helper()
	options = b.serving(a, nil, opts...)
	b.set("tls-cert-file", pair.ChainFile, "tls-key-file", pair.KeyFile)
	return options
}

// trustFaults are servers whose certificate leads to no trusted one.
func trustFaults() []fault {
	return []fault{
		{
			code: "UNKNOWN_CA", severity: "crit", scope: "cert:0", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				ca := b.authority("ca")
				b.authority("other")
				return b.serving(ca, nil) + "--cacert other.crt"
			},
		},
		{
			code: "UNKNOWN_CA", name: "without a copy", severity: "crit", scope: "cert:0", exit: 2, briefer: knowsLess, mends: []string{client},
			build: func(b *bench) string {
				b.authority("other")
				return b.serving(conntest.NewAuthority(b.t, func(o *conntest.IssueOptions) { o.CN = "Lab CA" }), nil) + "--cacert other.crt"
			},
		},
		{
			code: "SELF_SIGNED_LEAF", severity: "crit", scope: "cert:0", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				pair := conntest.SelfSigned(b.t, conntest.IssueOptions{CN: "redis-1.lab"})
				b.put("server.crt", pair.CertFile)
				return b.serving(b.authority("other"), pair) + "--cacert other.crt"
			},
		},
		{
			code: "SELF_SIGNED_LEAF", name: "without a copy", severity: "crit", scope: "cert:0", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				pair := conntest.SelfSigned(b.t, conntest.IssueOptions{CN: "redis-1.lab"})
				return b.serving(b.authority("other"), pair) + "--cacert other.crt"
			},
		},
		{
			code: "SAME_DN_CA", severity: "warn", scope: "cert:0", exit: 1,
			nobody: "only a certificate with another subject than its issuer's helps, which the CA has to issue",
			build: func(b *bench) string {
				ca := b.authority("ca", func(o *conntest.IssueOptions) { o.CN = "*" })
				return b.serving(ca, ca.Issue(b.t, conntest.IssueOptions{CN: "*"})) + "--cacert ca.crt"
			},
		},
		{
			code: "MISSING_INTERMEDIATE", severity: "crit", scope: "cert:0", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				ca := b.authority("root")
				middle := ca.Intermediate(b.t, conntest.IssueOptions{CN: "Lab Intermediate"})
				b.put("intermediate.crt", middle.CertFile)
				pair := middle.Issue(b.t, conntest.IssueOptions{CN: "redis-1.lab"})
				return b.serving(ca, pair, conntest.Config("tls-cert-file", pair.CertFile)) + "--cacert root.crt"
			},
		},
		{
			code: "CHAIN_WITH_ROOT", severity: "info", scope: "cert:1", exit: 0,
			nobody: "there is nothing to mend: a few bytes more in each handshake",
			build: func(b *bench) string {
				ca := b.authority("ca")
				pair := ca.Issue(b.t, conntest.IssueOptions{CN: "redis-1.lab"})
				b.put("whole.crt", pair.CertFile, ca.CertFile)
				return b.serving(ca, pair, conntest.Config("tls-cert-file", filepath.Join(b.dir, "whole.crt"))) + "--cacert ca.crt"
			},
		},
		{
			code: "WRONG_ROOT_SAME_NAME", severity: "crit", scope: "cert:0", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				named := func(o *conntest.IssueOptions) { o.CN = "Lab Root" }
				ca := b.authority("frankfurt", named)
				b.authority("dublin", named)
				return b.serving(ca, nil) + "--cacert dublin.crt"
			},
		},
		{
			code: "EXPIRED", severity: "crit", scope: "cert:0", exit: 2,
			nobody: "only the CA can issue its successor",
			build: func(b *bench) string {
				ca := b.authority("ca")
				return b.serving(ca, ca.Issue(b.t, expired(conntest.IssueOptions{CN: "redis-1.lab"}))) + "--cacert ca.crt"
			},
		},
		{
			code: "EXPIRED", name: "intermediate", severity: "crit", scope: "cert:1", exit: 2,
			nobody: "only the CA can issue its successor",
			build: func(b *bench) string {
				ca := b.authority("ca")
				middle := ca.Intermediate(b.t, expired(conntest.IssueOptions{CN: "Lab Intermediate"}))
				return b.serving(ca, middle.Issue(b.t, conntest.IssueOptions{CN: "redis-1.lab"})) + "--cacert ca.crt"
			},
		},
		{
			code: "EXPIRED", name: "root", severity: "crit", scope: "cert:1", exit: 2,
			nobody: "only the CA can issue its successor",
			build: func(b *bench) string {
				ca := b.authority("ca", func(o *conntest.IssueOptions) { *o = expired(*o) })
				return b.serving(ca, nil) + "--cacert ca.crt"
			},
		},
		{
			code: "NOT_YET_VALID", severity: "crit", scope: "cert:0", exit: 2,
			nobody: "only the CA can issue another, or time mends it",
			build: func(b *bench) string {
				ca := b.authority("ca")
				return b.serving(ca, ca.Issue(b.t, future(conntest.IssueOptions{CN: "redis-1.lab"}))) + "--cacert ca.crt"
			},
		},
		{
			code: "CLOCK_SKEW", severity: "crit", scope: "target", exit: 2, also: []string{"NOT_YET_VALID"},
			nobody: "a clock has to be set",
			build: func(b *bench) string {
				ca := b.authority("ca")
				pair := ca.Issue(b.t, future(conntest.IssueOptions{CN: "redis-1.lab"}))
				return at("127.0.0.1", conntest.Port(b.t, serverOfTomorrow(b, pair))) + "--cacert ca.crt"
			},
		},
		{
			code: "STALE_CERT", severity: "warn", scope: "cert:0", exit: 1, mends: []string{server},
			build: func(b *bench) string {
				ca := b.authority("ca")
				pair := ca.Issue(b.t, conntest.IssueOptions{CN: "redis-1.lab"})
				options := b.serving(ca, pair) + "--cacert ca.crt"
				renew(b, pair, ca.Issue(b.t, conntest.IssueOptions{CN: "redis-1.lab"}))
				return options
			},
		},
	}
}

func expired(o conntest.IssueOptions) conntest.IssueOptions {
	o.NotBefore, o.NotAfter = time.Now().AddDate(0, -2, 0), time.Now().Add(-26*time.Hour)
	return o
}

// future makes a certificate that is valid from tomorrow on.
func future(o conntest.IssueOptions) conntest.IssueOptions {
	o.NotBefore, o.NotAfter = time.Now().Add(23*time.Hour), time.Now().AddDate(1, 0, 0)
	return o
}

// renew puts a new certificate and key into the files of an old one.
func renew(b *bench, old, renewed *conntest.Pair) {
	b.t.Helper()
	for to, from := range map[string]string{old.ChainFile: renewed.ChainFile, old.KeyFile: renewed.KeyFile} {
		data, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(to, data, 0o600)
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
}

// serverOfTomorrow answers as a Redis whose clock is two days ahead.
func serverOfTomorrow(b *bench, pair *conntest.Pair) (addr string) {
	b.t.Helper()
	clock := time.Now().Add(48 * time.Hour)
	return conntest.FakeLines(b.t, func(args []string) string {
		switch strings.ToUpper(args[0]) {
		case "PING":
			return "+PONG\r\n"
		case "TIME":
			return fmt.Sprintf("*2\r\n$%d\r\n%d\r\n$1\r\n0\r\n", len(fmt.Sprint(clock.Unix())), clock.Unix())
		default:
			return "-ERR unknown command\r\n"
		}
	}, conntest.OverTLS(&tls.Config{Certificates: []tls.Certificate{pair.TLS()}}))
}

// issuerFaults are certificates that their issuers should not have made so.
func issuerFaults() []fault {
	const reissue = "only the CA can issue another certificate"
	return []fault{
		{
			code: "WRONG_EKU", severity: "crit", scope: "cert:0", exit: 2, nobody: reissue,
			build: func(b *bench) string {
				ca := b.authority("ca")
				pair := ca.Issue(b.t, conntest.IssueOptions{CN: "app", EKU: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
				return b.serving(ca, pair) + "--cacert ca.crt"
			},
		},
		{
			code: "WRONG_EKU", name: "intermediate", severity: "crit", scope: "cert:1", exit: 2, nobody: reissue,
			build: func(b *bench) string {
				ca := b.authority("ca")
				middle := ca.Intermediate(b.t, conntest.IssueOptions{
					CN: "Lab Intermediate", EKU: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
				})
				return b.serving(ca, middle.Issue(b.t, conntest.IssueOptions{CN: "redis-1.lab"})) + "--cacert ca.crt"
			},
		},
		{
			code: "LEAF_AS_CA", severity: "crit", scope: "cert:1", exit: 2, nobody: reissue,
			build: func(b *bench) string {
				ca := b.authority("ca")
				leaf := conntest.Authority{Pair: *ca.Issue(b.t, conntest.IssueOptions{CN: "redis-0.lab"})}
				return b.serving(ca, leaf.Issue(b.t, conntest.IssueOptions{CN: "redis-1.lab"})) + "--cacert ca.crt"
			},
		},
		{
			code: "PATHLEN", severity: "crit", scope: "cert:2", exit: 2, nobody: reissue,
			build: func(b *bench) string {
				ca := b.authority("ca")
				upper := ca.Intermediate(b.t, conntest.IssueOptions{CN: "Lab Upper", Change: func(c *x509.Certificate) { c.MaxPathLenZero = true }})
				lower := upper.Intermediate(b.t, conntest.IssueOptions{CN: "Lab Lower"})
				return b.serving(ca, lower.Issue(b.t, conntest.IssueOptions{CN: "redis-1.lab"})) + "--cacert ca.crt"
			},
		},
		{
			code: "NAME_CONSTRAINT", severity: "crit", scope: "cert:1", exit: 2, nobody: reissue,
			build: func(b *bench) string {
				ca := b.authority("ca", func(o *conntest.IssueOptions) {
					o.Change = func(c *x509.Certificate) {
						c.PermittedDNSDomains, c.PermittedDNSDomainsCritical = []string{"office.lab"}, true
					}
				})
				return b.serving(ca, nil) + "--cacert ca.crt"
			},
		},
	}
}
