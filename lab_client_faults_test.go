package main_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"

	"redan/conn/conntest"
)

// clientFaults are client certificates that are missing, or that the server refuses. Under TLS 1.3 it says so only after the handshake.
func clientFaults() []fault {
	const reissue = "only the CA can issue another certificate"
	all := []fault{
		{
			code: "CLIENT_INTERMEDIATE_NOT_SENT", severity: "crit", scope: "client:0", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				ca := b.authority("ca")
				middle := ca.Intermediate(b.t, conntest.IssueOptions{CN: "Lab Intermediate"})
				b.put("intermediate.crt", middle.CertFile)
				b.pair("app", middle.Issue(b.t, conntest.IssueOptions{CN: "app"}))
				return b.serving(ca, nil, conntest.MutualTLS("yes")) + "--cacert ca.crt --cert app.crt --key app.key"
			},
		},
		{
			code: "CLIENT_EXPIRED", severity: "crit", scope: "client:0", exit: 2, mends: []string{server},
			build: func(b *bench) string {
				ca := b.authority("ca")
				b.pair("app", ca.Issue(b.t, expired(conntest.IssueOptions{CN: "app"})))
				return b.serving(ca, nil, conntest.MutualTLS("yes")) + "--cacert ca.crt --cert app.crt --key app.key"
			},
		},
		{
			code: "CLIENT_EXPIRED", name: "with a successor", severity: "crit", scope: "client:0", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				ca := b.authority("ca")
				b.pair("app", ca.Issue(b.t, expired(conntest.IssueOptions{CN: "app"})))
				b.pair("app-2026", ca.Issue(b.t, conntest.IssueOptions{CN: "app"}))
				return b.serving(ca, nil, conntest.MutualTLS("yes")) + "--cacert ca.crt --cert app.crt --key app.key"
			},
		},
		{
			code: "CLIENT_WRONG_EKU", severity: "crit", scope: "client:0", exit: 2, mends: []string{server},
			build: func(b *bench) string {
				ca := b.authority("ca")
				b.pair("app", ca.Issue(b.t, conntest.IssueOptions{CN: "app", EKU: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}))
				return b.serving(ca, nil, conntest.MutualTLS("yes")) + "--cacert ca.crt --cert app.crt --key app.key"
			},
		},
		{
			code: "CLIENT_REFUSED", name: "by stunnel", severity: "crit", scope: "client:0", exit: 2, nobody: "the proxy has a list, and who runs it has to add to it",
			build: func(b *bench) string {
				ca := b.authority("ca")
				b.put("allowed.crt", ca.Issue(b.t, conntest.IssueOptions{CN: "somebody"}).CertFile)
				b.pair("app", ca.Issue(b.t, conntest.IssueOptions{CN: "app"}))
				redis := conntest.Start(b.t)
				addr := conntest.Stunnel(b.t, redis.Addr(), ca.Issue(b.t, conntest.IssueOptions{}),
					"verifyPeer = yes", "CAfile = "+b.dir+"/allowed.crt")
				return at("127.0.0.1", conntest.Port(b.t, addr)) + "--cacert ca.crt --cert app.crt --key app.key"
			},
		},
		{
			code: "CLIENT_REFUSED", name: "for its name", severity: "crit", scope: "client:0", exit: 2, nobody: reissue,
			build: func(b *bench) string {
				ca := b.authority("ca")
				b.pair("app", ca.Issue(b.t, conntest.IssueOptions{CN: "app"}))
				pair := ca.Issue(b.t, conntest.IssueOptions{})
				addr := conntest.FakeLines(b.t, func([]string) string { return "+PONG\r\n" }, conntest.OverTLS(&tls.Config{
					Certificates: []tls.Certificate{pair.TLS()}, ClientAuth: tls.RequireAnyClientCert,
					VerifyConnection: func(tls.ConnectionState) error { return errors.New("not on the list") },
				}))
				return at("127.0.0.1", conntest.Port(b.t, addr)) + "--cacert ca.crt --cert app.crt --key app.key"
			},
		},
		{
			code: "CLIENT_CERT_UNUSED", severity: "info", scope: "client:0", exit: 0, nobody: "there is nothing to mend",
			build: func(b *bench) string {
				ca := b.authority("ca")
				b.pair("app", ca.Issue(b.t, conntest.IssueOptions{CN: "app"}))
				return b.serving(ca, nil) + "--cacert ca.crt --cert app.crt --key app.key"
			},
		},
	}
	for _, version := range []string{"TLSv1.2", "TLSv1.3"} {
		mutual := []conntest.Option{conntest.MutualTLS("yes"), conntest.TLSProtocols(version)}
		all = append(all, fault{
			code: "CLIENT_CERT_MISSING", name: version, severity: "crit", scope: "target", exit: 2, mends: []string{client, server},
			build: func(b *bench) string {
				ca := b.authority("ca")
				b.pair("app", ca.Issue(b.t, conntest.IssueOptions{CN: "app"}))
				return b.serving(ca, nil, mutual...) + "--cacert ca.crt"
			},
		}, fault{
			code: "CLIENT_CA_UNKNOWN", name: version, severity: "crit", scope: "client:0", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				ca := b.authority("ca")
				b.pair("app", ca.Issue(b.t, conntest.IssueOptions{CN: "app"}))
				b.pair("office", b.authority("office-ca").Issue(b.t, conntest.IssueOptions{CN: "office"}))
				return b.serving(ca, nil, mutual...) + "--cacert ca.crt --cert office.crt --key office.key"
			},
		})
	}
	return all
}
