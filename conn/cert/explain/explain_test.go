package explain_test

import (
	"fmt"
	"strings"
	"testing"

	"redan/conn/cert"
	"redan/conn/cert/explain"
)

// TestFacts takes names, addresses, dates and files from texts and puts them into causes and commands.
func TestFacts(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	for _, test := range []struct {
		text  string
		facts string
		says  []string // in causes, fixes or the next command
		not   string
	}{
		{
			text:  "Could not connect to Redis at db.lab:6380: SSL_connect failed: certificate verify failed",
			facts: "host=db.lab port=6380",
			says:  []string{"redan -h db.lab -p 6380 --tls --cacert CA.crt ping", "redan cert check -h db.lab -p 6380"},
		},
		{
			text:  "tls: failed to verify certificate: x509: certificate is valid for redis-1.lab, redis-2.lab, not localhost",
			facts: "wanted=localhost present=redis-1.lab, redis-2.lab",
			says: []string{
				"it is for redis-1.lab, redis-2.lab, and localhost was dialled", "--tls-verify-name redis-1.lab ping",
				"subjectAltName = DNS:localhost", "redan cert check -h HOST -p PORT",
			},
		},
		{
			text:  "x509: certificate is valid for 10.101.2.3, not 127.0.0.1",
			facts: "wanted=127.0.0.1 present=10.101.2.3",
			says:  []string{"--tls-verify-name 10.101.2.3 ping", "subjectAltName = IP:127.0.0.1"},
		},
		{
			text: "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: other.lab. is not in the cert's altnames: " +
				"DNS:redis-1.lab, IP Address:10.0.0.1",
			facts: "wanted=other.lab present=redis-1.lab, 10.0.0.1",
			says:  []string{"--tls-verify-name redis-1.lab", "DNS:other.lab"},
		},
		{
			text:  "x509: certificate has expired or is not yet valid: current time 2026-11-22T05:37:42Z is after 2021-01-01T00:00:00Z",
			facts: "date=2021-01-01T00:00:00Z",
			says:  []string{"its end was 2021-01-01T00:00:00Z", "redan cert show HOST:PORT"},
		},
		{
			text:  "dial tcp [2001:db8::1]:6380: connect: connection refused",
			facts: "host=2001:db8::1 port=6380",
			says:  []string{"redan cert check -h 2001:db8::1 -p 6380"},
		},
		{
			text:  "1:M 22 Nov 2026 05:39:16.687 # Failed to load private key: /etc/redis/tls/redis.key: error:05800074:x509 certificate routines::key values mismatch",
			facts: "file=/etc/redis/tls/redis.key",
			says:  []string{"redan cert files --cert CERT.crt --key /etc/redis/tls/redis.key", "/etc/redis/tls/redis.key is the key of another certificate"},
		},
		{
			text:  "1:M 07 Oct 2024 00:00:00.000 # Error accepting a client connection: error:0A00010B:SSL routines::wrong version number (addr=10.0.0.9:5511 laddr=10.0.0.1:6379)",
			facts: "host=10.0.0.1 port=6379 peer=10.0.0.9:5511",
			says:  []string{"the client at 10.0.0.9:5511"},
		},
		{
			text:  `x509: certificate signed by unknown authority (possibly because of "crypto/rsa: verification error" while trying to verify candidate authority certificate "Lab Root A")`,
			facts: "ca=Lab Root A",
			says:  []string{"Lab Root A is the name; its keys differ"},
		},
		{
			text:  "getaddrinfo ENOTFOUND db.lab",
			facts: "host=db.lab",
			says:  []string{"getent hosts db.lab", "redan cert check -h db.lab -p PORT"},
		},
		{
			text:  "rediss://default:s3cret@db.lab:6380: tls: first record does not look like a TLS handshake",
			facts: "host=db.lab port=6380",
			says:  []string{"redan -h db.lab -p 6380 ping"},
			not:   "s3cret",
		},
		{ // what a text says does not act in a shell
			text:  "x509: certificate is valid for $(reboot), not other.lab",
			facts: "wanted=other.lab present=$(reboot)",
			says:  []string{"--tls-verify-name '$(reboot)' ping"},
		},
		{ // an outsider may write what it likes into a certificate
			text:  "x509: certificate is valid for \x1b[2Ja\u009bb\u202e, not localhost",
			facts: `wanted=localhost present=a\u009bb\u202e`,
		},
	} {
		result := x.Text(test.text)
		if len(result.Explanations) != 1 {
			t.Errorf("%q is explained as %s", test.text, codesOf(result))
			continue
		}
		e := result.Explanations[0]
		var facts []string
		for _, fact := range e.Facts {
			facts = append(facts, fact.Name+"="+fact.Value)
		}
		if got := strings.Join(facts, " "); got != test.facts {
			t.Errorf("%q\n has %s, want %s", test.text, got, test.facts)
		}
		all := strings.Join(everything(e), "\n")
		for _, want := range test.says {
			if !strings.Contains(all, want) {
				t.Errorf("%q\n does not say %q:\n%s", test.text, want, all)
			}
		}
		if test.not != "" && strings.Contains(all, test.not) {
			t.Errorf("%q\n says %q", test.text, test.not)
		}
	}
}

// TestAbout puts into commands what the command line said and the text did not.
func TestAbout(t *testing.T) {
	t.Parallel()
	x, err := explain.New(explain.About{Program: "redis-cli", Host: "db.lab", Port: "6380"})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"alert 116":                                  "redis-cli cert check -h db.lab -p 6380",
		"dial tcp 10.0.0.5:7: i/o timeout":           "redis-cli cert check -h 10.0.0.5 -p 7",
		"lookup other.lab: no such host":             "redis-cli cert check -h other.lab -p 6380",
		"SSL_connect failed: wrong version number\n": "redis-cli cert check -h db.lab -p 6380",
	} {
		result := x.Text(text)
		if len(result.Explanations) != 1 || result.Explanations[0].Next != want || len(result.Explanations[0].Facts) > 2 {
			t.Errorf("%q: %+v, want %q", text, result.Explanations, want)
		}
	}
}

// TestFixes tells which commands can be run as they stand, and where.
func TestFixes(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	e, ok := x.Code("CLIENT_CERT_MISSING")
	if !ok || len(e.Fixes) != 2 {
		t.Fatalf("%+v", e)
	}
	client, server := e.Fixes[0], e.Fixes[1]
	if client.Side != cert.SideClient || client.Language != cert.LanguageShell || !client.Placeholders {
		t.Errorf("%+v", client)
	}
	if server.Side != cert.SideServer || server.Language != cert.LanguageRedis || server.Placeholders || server.Command != "CONFIG SET tls-auth-clients optional" {
		t.Errorf("%+v", server)
	}
	if _, ok := x.Code("NOPE"); ok {
		t.Error("an unknown code is explained")
	}
	for command, want := range map[string]bool{
		`CONFIG SET tls-protocols "TLSv1.2 TLSv1.3"`: false, "CONFIG SET tls-ciphers DEFAULT": false, "CLIENT LIST": false,
		"CONFIG SET tls-cert-file CERT.crt tls-key-file KEY.key": true, "timedatectl": false, "openssl rehash DIR": true, "INFO stats": false,
	} {
		found := false
		for _, name := range x.Codes() {
			e, _ := x.Code(name)
			for _, fix := range e.Fixes {
				if fix.Command == command {
					found = true
					if fix.Placeholders != want {
						t.Errorf("%s: %q has placeholders: %t", name, command, fix.Placeholders)
					}
				}
			}
		}
		if !found {
			t.Errorf("no code says %q", command)
		}
	}
}

func ExampleExplainer_Text() {
	x, err := explain.New(explain.About{})
	if err != nil {
		panic(err)
	}
	result := x.Text("Error accepting a client connection: error:0A0000C7:SSL routines::peer did not return a certificate")
	for _, e := range result.Explanations {
		fmt.Println(e.Code, "-", e.Meaning)
	}
	// Output: CLIENT_CERT_MISSING - a client came without the certificate the server demands
}
