package main_test

import (
	"crypto/tls"

	"redan/conn/conntest"
)

// redisFaults are servers whose TLS is fine, and which refuse all the same: what redan must not blame certificates for.
func redisFaults() []fault {
	const password = "Sesame-7-open"
	return []fault{
		{
			code: "AUTH_REQUIRED", severity: "crit", scope: "target", exit: 2, mends: []string{client}, reply: true,
			build: func(b *bench) string {
				b.typed, b.secrets = password+"\n", []string{password}
				return b.serving(b.authority("ca"), nil, conntest.Password(password)) + "--cacert ca.crt"
			},
		},
		{
			code: "WRONG_PASSWORD", severity: "crit", scope: "target", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				b.typed, b.secrets = password+"\n", []string{password}
				return b.serving(b.authority("ca"), nil, conntest.Password(password)) + "--cacert ca.crt -a sesame-8-shut"
			},
		},
		{
			code: "WRONG_PASSWORD", name: "of a user", severity: "crit", scope: "target", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				b.env, b.secrets = []string{"REDISCLI_AUTH=sesame-8-shut"}, []string{password, "sesame-8-shut"}
				b.typed = password + "\n"
				return b.serving(b.authority("ca"), nil, conntest.ACL("user app on >"+password+" +@all")) + "--cacert ca.crt --user app"
			},
		},
		{
			code: "NO_PERMISSION", severity: "crit", scope: "target", exit: 2, mends: []string{server}, reply: true,
			build: func(b *bench) string {
				options := b.serving(b.authority("ca"), nil) + "--cacert ca.crt"
				b.acl("default", "-ping")
				return options
			},
		},
		{
			code: "NO_PERMISSION", name: "to look", severity: "info", scope: "target", exit: 0, mends: []string{server},
			build: func(b *bench) string {
				b.env, b.secrets = []string{"REDISCLI_AUTH=" + password}, []string{password}
				return b.serving(b.authority("ca"), nil, conntest.ACL("user app on >"+password+" ~* +ping +get")) + "--cacert ca.crt --user app"
			},
		},
		{
			code: "BUSY", severity: "warn", scope: "target", exit: 1, nobody: "it has to read its data first",
			reply: true,
			build: func(b *bench) string {
				pair := b.authority("ca").Issue(b.t, conntest.IssueOptions{})
				addr := conntest.FakeLines(b.t, func([]string) string { return "-LOADING Redis is loading the dataset in memory\r\n" },
					conntest.OverTLS(&tls.Config{Certificates: []tls.Certificate{pair.TLS()}}))
				return at("127.0.0.1", conntest.Port(b.t, addr)) + "--cacert ca.crt"
			},
		},
	}
}

// acl changes what a user may, past TLS.
func (b *bench) acl(user string, rules ...string) {
	b.t.Helper()
	if reply, err := b.admin(append([]string{"ACL", "SETUSER", user}, rules...)...); err != nil {
		b.t.Fatalf("ACL SETUSER %s %q: %s (%v)", user, rules, reply, err)
	}
}

// combinedFaults are faults that come together, and must be found together.
func combinedFaults() []fault {
	return []fault{
		{
			code: "EXPIRED", name: "and for another name, without a client certificate", severity: "crit", scope: "cert:0", exit: 2,
			also: []string{"CLIENT_CERT_MISSING", "OTHER_NAME"}, nobody: "only the CA can issue its successor",
			build: func(b *bench) string {
				ca := b.authority("ca")
				pair := ca.Issue(b.t, expired(conntest.IssueOptions{DNS: []string{"redis-1.lab"}}))
				return b.serving(ca, pair, conntest.MutualTLS("yes")) + "--cacert ca.crt --tls-verify-name redis-2.lab"
			},
		},
		{
			code: "EXPIRED", name: "with a successor on disk", severity: "crit", scope: "cert:0", exit: 2, briefer: knowsLess,
			also: []string{"STALE_CERT"}, mends: []string{server},
			build: func(b *bench) string {
				ca := b.authority("ca")
				pair := ca.Issue(b.t, expired(conntest.IssueOptions{CN: "redis-1.lab"}))
				options := b.serving(ca, pair) + "--cacert ca.crt"
				renew(b, pair, ca.Issue(b.t, conntest.IssueOptions{CN: "redis-1.lab"}))
				return options
			},
		},
		{
			code: "UNKNOWN_CA", name: "expired, for another name, and a key that does not fit", severity: "crit", scope: "cert:0", exit: 2, briefer: knowsLess,
			also: []string{"EXPIRED", "KEY_MISMATCH", "OTHER_NAME"}, mends: []string{client},
			build: func(b *bench) string {
				ca := b.authority("ca")
				other := b.authority("other")
				b.put("app.crt", other.Issue(b.t, conntest.IssueOptions{CN: "app"}).CertFile)
				b.put("other.key", other.Issue(b.t, conntest.IssueOptions{CN: "other"}).KeyFile)
				pair := ca.Issue(b.t, expired(conntest.IssueOptions{DNS: []string{"redis-1.lab"}}))
				return b.serving(ca, pair) + "--cacert other.crt --cert app.crt --key other.key --tls-verify-name redis-2.lab"
			},
		},
		{
			code: "AUTH_REQUIRED", name: "for another name", severity: "crit", scope: "target", exit: 2, briefer: knowsLess,
			also: []string{"OTHER_NAME"}, mends: []string{client},
			build: func(b *bench) string {
				b.typed = "Sesame-7-open\n"
				ca := b.authority("ca")
				pair := ca.Issue(b.t, conntest.IssueOptions{DNS: []string{"redis-1.lab"}})
				return b.serving(ca, pair, conntest.Password("Sesame-7-open")) + "--cacert ca.crt --tls-verify-name redis-2.lab"
			},
		},
		{
			code: "CLIENT_EXPIRED", name: "against an unknown CA", severity: "crit", scope: "client:0", exit: 2,
			also: []string{"UNKNOWN_CA"}, mends: []string{server},
			build: func(b *bench) string {
				ca := b.authority("ca")
				b.authority("other")
				b.pair("app", ca.Issue(b.t, expired(conntest.IssueOptions{CN: "app"})))
				return b.serving(ca, nil, conntest.MutualTLS("yes")) + "--cacert other.crt --cert app.crt --key app.key"
			},
		},
	}
}
