package main_test

import (
	"net"

	"redan/conn/conntest"
)

// nameFaults are certificates that are made out to somebody else. Over loopback redan accepts them, unless a name was asked for.
func nameFaults() []fault {
	tests := []struct {
		code, name string
		options    string
		issue      conntest.IssueOptions
		version1   bool
	}{
		{code: "CN_ONLY", options: "--tls-verify-name redis-1.lab", issue: conntest.IssueOptions{CN: "redis-1.lab", DNS: []string{}}},
		{code: "NO_NAMES", options: "--tls-verify-name redis-1.lab", issue: conntest.IssueOptions{CN: "Generic-cert"}, version1: true},
		{code: "NO_IP_SAN", options: "--tls-verify-name 10.0.0.7", issue: conntest.IssueOptions{DNS: []string{"redis-1.lab"}}},
		{code: "IP_AS_DNS", options: "--tls-verify-name 10.0.0.7", issue: conntest.IssueOptions{DNS: []string{"10.0.0.7"}}},
		{code: "OTHER_IP", options: "--tls-verify-name 10.0.0.7", issue: conntest.IssueOptions{IPs: []net.IP{net.IPv4(10, 101, 2, 3)}}},
		{code: "OTHER_NAME", options: "--tls-verify-name redis-2.lab", issue: conntest.IssueOptions{DNS: []string{"redis-1.lab"}}},
		{code: "OTHER_NAME", name: "by SNI", options: "--sni redis-2.lab", issue: conntest.IssueOptions{DNS: []string{"redis-1.lab"}}},
		{
			code: "WILDCARD_DEPTH", options: "--tls-verify-name a.b.lab.internal",
			issue: conntest.IssueOptions{DNS: []string{"*.lab.internal"}},
		},
		{
			code: "PARTIAL_WILDCARD", options: "--tls-verify-name redis-12.redislabs.lab",
			issue: conntest.IssueOptions{DNS: []string{"redis-*.redislabs.lab"}},
		},
	}
	var all []fault
	for _, tt := range tests {
		all = append(all, fault{
			code: tt.code, name: tt.name, severity: "crit", scope: "cert:0", exit: 2, mends: []string{client},
			build: func(b *bench) string {
				ca := b.authority("ca")
				pair := ca.Forge(b.t, tt.issue, conntest.Forgery{Version1: tt.version1})
				return b.serving(ca, pair) + "--cacert ca.crt " + tt.options
			},
		})
	}
	all = append(all, fault{
		code: "OTHER_IP", name: "over loopback", severity: "info", scope: "cert:0", exit: 0,
		nobody: "there is nothing to mend, as long as nobody else connects from afar",
		build: func(b *bench) string {
			ca := b.authority("ca")
			pair := ca.Issue(b.t, conntest.IssueOptions{IPs: []net.IP{net.IPv4(10, 101, 2, 3)}})
			return b.serving(ca, pair) + "--cacert ca.crt"
		},
	})
	return all
}
