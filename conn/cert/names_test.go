package cert

import (
	"crypto/x509"
	"strings"
	"testing"
)

func TestVerifyRefusesTheName(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	tests := map[string]struct {
		common  string
		changes []change
		wanted  string
		code    string
		words   []string
	}{
		"common name only":       {"redis.lab", nil, "redis.lab", CodeCNOnly, []string{"common name", "--tls-verify ca", "subjectAltName = DNS:redis.lab"}},
		"no names":               {"Generic-cert", nil, "redis.lab", CodeNoNames, []string{"Generic-cert", "--tls-verify ca", "DNS:redis.lab"}},
		"no names, by address":   {"Generic-cert", nil, "10.0.0.7", CodeNoNames, []string{"subjectAltName = IP:10.0.0.7"}},
		"no addresses":           {"x", []change{withDNS("redis-1.lab")}, "10.0.0.7", CodeNoIPSAN, []string{"no addresses", "--sni redis-1.lab", "--tls-verify-name redis-1.lab", "--tls-verify ca"}},
		"address as DNS name":    {"x", []change{withDNS("10.0.0.7")}, "10.0.0.7", CodeIPAsDNS, []string{"10.0.0.7 written as a DNS name", "subjectAltName = IP:10.0.0.7"}},
		"IPv6 as DNS name":       {"x", []change{withDNS("fd00::1")}, "fd00:0::1", CodeIPAsDNS, nil},
		"another address":        {"x", []change{withIP("10.101.2.3")}, "10.0.0.7", CodeOtherIP, []string{"10.101.2.3", "not for 10.0.0.7", "--tls-verify-name 10.101.2.3"}},
		"another name":           {"x", []change{withDNS("redis-1.lab")}, "other.lab", CodeOtherName, []string{"is for redis-1.lab, not for other.lab", "--sni redis-1.lab", "--tls-verify ca"}},
		"name but only address":  {"x", []change{withIP("10.101.2.3")}, "other.lab", CodeOtherName, nil},
		"one label too many":     {"x", []change{withDNS("*.lab.internal")}, "a.b.lab.internal", CodeWildcardDepth, []string{"one label", "--tls-verify-name redis.lab.internal"}},
		"one label too few":      {"x", []change{withDNS("*.lab.internal")}, "lab.internal", CodeWildcardDepth, []string{"one label"}},
		"wildcard elsewhere":     {"x", []change{withDNS("*.lab.internal")}, "redis.example.com", CodeOtherName, []string{"--tls-verify-name redis.lab.internal"}},
		"part of a label":        {"x", []change{withDNS("redis-*.redislabs.com")}, "redis-12000.redislabs.com", CodePartialWildcard, []string{"matches nothing", "--tls-verify ca"}},
		"star in a later label":  {"x", []change{withDNS("redis.*.com")}, "redis.foo.com", CodePartialWildcard, nil},
		"many names":             {"x", []change{withDNS(strings.Fields("a1 a2 a3 a4 a5 a6 a7 a8 a9 a10")...)}, "b", CodeOtherName, []string{"a8 and 2 more"}},
		"capitals are no matter": {"x", []change{withDNS("*.LAB.internal")}, "A.b.lab.INTERNAL", CodeWildcardDepth, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			leaf := root.issue(t, test.common, test.changes...)
			policy := policyFor(test.wanted, root)
			wantVerifyError(t, connect(t, leaf.chain(), policy), test.code, test.words...)
			var said []string
			policy.Notice = func(s string) { said = append(said, s) }

			policy.Level = LevelCA
			if err := connect(t, leaf.chain(), policy); err != nil || len(said) != 0 {
				t.Errorf("level ca: %v, said %q; want silence", err, said)
			}
			policy.AsRedisCLI = true
			if err := connect(t, leaf.chain(), policy); err != nil || len(said) != 1 {
				t.Errorf("level ca as redis-cli: %v, said %q; want one notice", err, said)
			}
			policy.Level, policy.AsRedisCLI, policy.Loopback = LevelFull, false, true
			if err := connect(t, leaf.chain(), policy); err != nil || len(said) != 2 {
				t.Errorf("on loopback: %v, said %q; want one more notice", err, said)
			}
			t.Log(strings.Join(said, "\n"))
		})
	}
}

func TestFixNamesWork(t *testing.T) {
	t.Parallel()
	// Whatever name a fix offers must be accepted when it is used.
	for _, names := range []change{
		withDNS("redis-1.lab"), withDNS("*.lab"), withIP("10.1.2.3"), withIP("fd00::7"), withDNS("redis-*.lab", "b.lab"), withDNS("10.0.0.1"),
		withDNS("-h", "ok.lab"), withDNS("a b", "\x1b[1m"),
	} {
		leaf := newRoot(t, "r", names).cert
		name, _ := usableName(leaf)
		if name != "" && leaf.VerifyHostname(name) != nil {
			t.Errorf("%v: offered %q, which does not match", Names(leaf), name)
		}
		if strings.HasPrefix(name, "-") || strings.ContainsAny(name, " \x1b'\"$") {
			t.Errorf("%v: offered %q, which a shell would not take as it is", Names(leaf), name)
		}
	}
}

func TestLoopbackKnowsThisHost(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	leaf := root.issue(t, "node", withIP("10.101.2.3"))
	asked := 0
	policy := policyFor("127.0.0.1", root)
	policy.LocalNames = func() []string { asked++; return []string{"node7", "10.101.2.3"} }
	policy.Notice = func(s string) { t.Errorf("unexpected notice %q", s) }

	wantVerifyError(t, connect(t, leaf.chain(), policy), CodeOtherIP)
	if asked != 0 {
		t.Error("asked for the names of this host though the target is elsewhere")
	}
	policy.Loopback = true
	if err := connect(t, leaf.chain(), policy); err != nil || asked != 1 {
		t.Errorf("a certificate for this host: %v, asked %d times", err, asked)
	}
	plain := root.issue(t, "node", withIP("127.0.0.1"))
	if err := connect(t, plain.chain(), policy); err != nil || asked != 1 {
		t.Errorf("a certificate that matches at once: %v, asked %d times; want no further question", err, asked)
	}
}

func TestIsLoopback(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"127.0.0.1", "127.8.9.1", "::1", "[::1]", "::ffff:127.0.0.1", "localhost", "LOCALHOST", "localhost."} {
		if !IsLoopback(host) {
			t.Errorf("%q is loopback", host)
		}
	}
	for _, host := range []string{"", "10.0.0.1", "128.0.0.1", "::2", "localhost.example.com", "redis.lab", "0.0.0.0"} {
		if IsLoopback(host) {
			t.Errorf("%q is not loopback", host)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	c := &x509.Certificate{DNSNames: []string{"a.lab", "b\x1b.lab"}}
	withIP("10.0.0.1")(c)
	if got, want := strings.Join(Names(c), " "), `a.lab b\x1b.lab 10.0.0.1`; got != want {
		t.Errorf("Names = %q, want %q", got, want)
	}
}
