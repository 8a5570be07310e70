package cli

import (
	"strings"
	"testing"
	"time"

	"redan/conn/conntest"
	"redan/profiles/secret"
)

// TestTrialOfCertificates: profile test warns of a certificate that ends soon, and tells which of the files does not do.
func TestTrialOfCertificates(t *testing.T) {
	authority := conntest.NewAuthority(t, func(o *conntest.IssueOptions) {
		o.NotBefore, o.NotAfter = time.Now().AddDate(-1, 0, 0), time.Now().AddDate(5, 0, 0)
	})
	expiring := authority.Issue(t, conntest.IssueOptions{NotBefore: time.Now().AddDate(0, -3, 0), NotAfter: time.Now().Add(84 * time.Hour)})
	server := conntest.Start(t, conntest.WithCerts(authority, expiring), conntest.MutualTLS("yes"), conntest.Password("hunter1"))
	client := authority.Issue(t, conntest.IssueOptions{})
	strange := conntest.NewAuthority(t)
	stranger := strange.Issue(t, conntest.IssueOptions{})
	b := newBench(t)
	b.env["P"] = "hunter1"
	add := func(name string, ca *conntest.Authority, options ...string) {
		t.Helper()
		words := append(at(server.TLSAddr()), "--cacert", ca.CertFile, "profile", "add", name, "--secret", "env:P")
		b.ok(append(words, options...)...)
	}
	add("mutual", authority, "--cert", client.CertFile, "--key", client.KeyFile)
	add("nobody", authority)
	add("stranger", authority, "--cert", stranger.CertFile, "--key", stranger.KeyFile)
	add("distrusts", strange, "--cert", client.CertFile, "--key", client.KeyFile)
	for name, want := range map[string][]string{
		"mutual":    {"mutual: works", "ok    tls", "certificate 3 d, made out to 127.0.0.1", "warn  cert", "expires in 3 days", "ok    auth"},
		"nobody":    {"nobody: does not work", "FAIL  tls", "asks every client for a certificate", "--cert CLIENT.crt"},
		"stranger":  {"stranger: does not work", "FAIL  tls"},
		"distrusts": {"distrusts: does not work", "FAIL  tls", "fix:"},
	} {
		got := b.run("profile", "test", name)
		if (got.code == exitOK) != (name == "mutual") {
			t.Errorf("%s: %+v", name, got)
		}
		for _, text := range want {
			if !strings.Contains(got.stdout, text) {
				t.Errorf("%s\nlacks %q", got.stdout, text)
			}
		}
	}
}

// TestVerbsAtTheSystemsKeyring takes a secret through add, connect, rename, copy, edit and remove in a real Secret Service.
func TestVerbsAtTheSystemsKeyring(t *testing.T) {
	server := conntest.Start(t, conntest.Password("hunter1"))
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", conntest.SecretService(t))
	b := newBench(t)
	b.system = secret.SystemKeys{}
	holds := func(account, want string) {
		t.Helper()
		if got, _ := (secret.SystemKeys{}).Get(secret.Service, account); got != want {
			t.Errorf("the keyring has %q at %s", got, account)
		}
	}
	b.ok(append(at(server.Addr()), "-a", "hunter1", "--no-auth-warning", "profile", "add", "one", "--secret", "keyring")...)
	if out := b.ok("@one", "PING"); out != "PONG\n" {
		t.Errorf("%q", out)
	}
	b.ok("profile", "rename", "one", "two")
	holds("one", "")
	b.ok("profile", "copy", "two", "three")
	server.Do("CONFIG", "SET", "requirepass", "hunter2")
	b.passwords = []string{"hunter2"}
	b.ok("profile", "edit", "two", "--set-password")
	holds("two", "hunter2")
	holds("three", "hunter1")
	b.ok("profile", "test", "two")
	b.fails(1, "FAIL  auth", "profile", "test", "three")
	b.ok("profile", "remove", "--yes", "two", "three")
	holds("two", "")
	holds("three", "")
}
