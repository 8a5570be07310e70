package cli

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"redan/conn/conntest"
	"redan/profiles"
	"redan/profiles/secret"
)

// keyringOfTest is a keyring in memory, with the errors of the real one's library.
type keyringOfTest struct {
	mu      sync.Mutex
	entries map[string]string
	broken  error
	full    error // of Set alone
}

// errNoEntry is an entry that is not there.
var errNoEntry = secret.ErrNotInKeyring

func (k *keyringOfTest) Get(_, account string) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.broken != nil {
		return "", k.broken
	}
	text, ok := k.entries[account]
	if !ok {
		return "", errNoEntry
	}
	return text, nil
}

func (k *keyringOfTest) Set(_, account, text string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := errors.Join(k.broken, k.full); err != nil {
		return err
	}
	k.entries[account] = text
	return nil
}

func (k *keyringOfTest) Delete(_, account string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.entries[account]; !ok {
		return errNoEntry
	}
	delete(k.entries, account)
	return k.broken
}

// bench is a directory of profiles and a keyring, on which commands are run one after the other.
type bench struct {
	t       *testing.T
	dir     string
	keyring *keyringOfTest
	system  secret.Keys // goes before keyring
	env     map[string]string
	// answers are what the person types, passwords in order what is typed unseen; with either there is a terminal.
	answers   string
	passwords []string
	editor    func(path string) error
}

func newBench(t *testing.T) *bench {
	t.Helper()
	return &bench{t: t, dir: t.TempDir(), keyring: &keyringOfTest{entries: map[string]string{}}, env: map[string]string{}}
}

func (b *bench) run(args ...string) ran {
	b.t.Helper()
	w := newTwin(args...)
	w.env = map[string]string{"REDAN_CONFIG": b.dir}
	maps.Copy(w.env, b.env)
	w.Keyring = b.keyring
	if b.system != nil {
		w.Keyring = b.system
	}
	w.WorkFactor = 10
	w.SaveNew = saveNew
	w.ReadWithInfo = readWithInfo
	w.Stdin = strings.NewReader(b.answers)
	w.InTTY = b.answers != "" || b.passwords != nil || b.editor != nil
	w.ErrTTY = w.InTTY
	w.LookPath = exec.LookPath
	w.Attend = func(program *exec.Cmd) error { return b.editor(program.Args[len(program.Args)-1]) }
	w.ReadPassword = func(string) (string, error) {
		if len(b.passwords) == 0 {
			return "", errInterrupted
		}
		var first string
		first, b.passwords = b.passwords[0], b.passwords[1:]
		return first, nil
	}
	got := w.run(b.t)
	b.answers = ""
	for _, known := range []string{"hunter", "s3cret"} {
		if strings.Contains(got.stdout+got.stderr, known) {
			b.t.Errorf("redan %q shows a secret: %q %q", args, got.stdout, got.stderr)
		}
	}
	return got
}

// ok runs a command that succeeds and returns what it prints.
func (b *bench) ok(args ...string) string {
	b.t.Helper()
	got := b.run(args...)
	if got.code != exitOK {
		b.t.Fatalf("redan %q: %+v", args, got)
	}
	return got.stdout
}

// fails runs a command that fails with an exit code and says something.
func (b *bench) fails(code int, says string, args ...string) {
	b.t.Helper()
	got := b.run(args...)
	if got.code != code || !strings.Contains(got.stderr+got.stdout, says) {
		b.t.Errorf("redan %q: %+v, want exit code %d and %q", args, got, code, says)
	}
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, "profiles", name+".toml") }

func (b *bench) write(name, text string) {
	b.t.Helper()
	if err := os.MkdirAll(filepath.Join(b.dir, "profiles"), 0o700); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(b.path(name), []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) file(name string) string {
	b.t.Helper()
	text, err := os.ReadFile(b.path(name))
	if err != nil {
		b.t.Fatal(err)
	}
	for _, known := range []string{"hunter", "s3cret"} {
		if strings.Contains(string(text), known) {
			b.t.Errorf("the file of %s has a secret in it: %s", name, text)
		}
	}
	return string(text)
}

// is compares a profile's file, line by line without the version.
func (b *bench) is(name, want string) {
	b.t.Helper()
	got := strings.TrimPrefix(b.file(name), "version = 1\n")
	if strings.TrimSpace(got) != strings.TrimSpace(want) {
		b.t.Errorf("%s:\n%s\nwant:\n%s", name, got, want)
	}
}

// TestEveryOptionBecomesAKey: what the command line says of a connection is what the profile says of it.
func TestEveryOptionBecomesAKey(t *testing.T) {
	here, err := filepath.Abs("ca.crt")
	if err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"-h db -p 1 -n 3 -t 2.5 -3 -4 -c":                     "host = \"db\"\nport = 1\ndb = 3\nprotocol = 3\nip = 4\ntimeout = \"2.5s\"\n\n[cluster]\nfollow = true",
		"-s /run/r.sock -2":                                   "socket = \"/run/r.sock\"\nprotocol = 2",
		"-u redis://ann@db:7/4 -n 5":                          "", // a password, by redis-cli's rules
		"-u rediss://ann:@db:7/4 -n 5 --secret env:X":         "host = \"db\"\nport = 7\nuser = \"ann\"\ndb = 5\npassword = \"env:X\"\n\n[tls]\nenabled = true",
		"--cacert ca.crt":                                     "host = \"127.0.0.1\"\nport = 6379\n\n[tls]\nca = [\"" + here + "\"]",
		"--tls":                                               "host = \"127.0.0.1\"\nport = 6379\n\n[tls]\nenabled = true",
		"--insecure --cert ~/c --key /k --key-pass-file /p":   "host = \"127.0.0.1\"\nport = 6379\n\n[tls]\ncert = \"~/c\"\nkey = \"/k\"\nkey_passphrase = \"file:/p\"\nverify = \"none\"",
		"--sni n --tls-verify-name a --tls-verify-name b":     "host = \"127.0.0.1\"\nport = 6379\n\n[tls]\nverify_names = [\"a\", \"b\"]\nserver_name = \"n\"",
		"--tls-min 1.1 --tls-max 1.2 --tls-ciphers HIGH":      "host = \"127.0.0.1\"\nport = 6379\n\n[tls]\nmin = \"1.1\"\nmax = \"1.2\"\nciphers = \"HIGH\"",
		"--extends base --group G --tag a --tag b --env prod": "extends = \"base\"\ngroup = \"G\"\nenvironment = \"prod\"\ntags = [\"a\", \"b\"]",
		"--set delimiter=/ --set before.command=a --set before.command=b --read-only": "read_only = true\nhost = \"127.0.0.1\"\nport = 6379\ndelimiter = \"/\"\n\n[before]\ncommand = [\"a\", \"b\"]",
	} {
		if want == "" {
			continue
		}
		b := newBench(t)
		b.write("base", "host = \"base\"\n")
		words := strings.Fields(args)
		b.ok(append([]string{"profile", "add", "x"}, words...)...)
		b.is("x", want)
	}
}

// TestAddRefuses: nothing is made, and it is said what to do.
func TestAddRefuses(t *testing.T) {
	b := newBench(t)
	b.write("there", "host = \"h\"\n")
	for _, test := range []struct {
		args, says string
		code       int
	}{
		{"profile add there", "redan profile edit there", 1},
		{"profile add There", "capitals", 1},
		{"profile add a/b", "not a name", 1},
		{"profile add", "a name is missing", 2},
		{"profile add a b", "one word too many", 2},
		{"profile add x --bogus", "--bogus", 2},
		{"profile add x --secret", "--secret", 2},
		{"profile add x --secret text:hunter", "takes the place of a secret", 2},
		{"profile add x --secret hunter", "takes the place of a secret", 2},
		{"profile add x --set password=hunter", "takes a reference", 2},
		{"profile add x --set uri=redis://:hunter@h", "a password in it", 2},
		{"profile add x --set hots=a", `did you mean "host"?`, 2},
		{"profile add x --set version=2", "not yours", 2},
		{"profile add x --set port=a", "a number", 2},
		{"profile add x --set port=70000", "65535", 1},
		{"profile add x --environment prodution", "production", 1},
		{"profile add x --extends nobody", "nobody", 1},
		{"profile add x -2 -3", "mutually exclusive", 2},
		{"profile add x -a hunter --secret env:X --no-auth-warning", "Leave one of them out", 2},
		{"profile add x --secret age", "no terminal", 1},
		{"profile add x --secret keyring", "there is no password", 1},
		{"profile add x --tls-min 1.3 --tls-max 1.2", "newer", 1},
		{"--profile there profile add x", "redan profile copy there x", 2},
	} {
		b.fails(test.code, test.says, strings.Fields(test.args)...)
	}
	if names, err := profiles.NewStore(b.dir, "").Names(); err != nil || len(names) != 1 {
		t.Errorf("%v, %v", names, err)
	}
	if len(b.keyring.entries) != 0 {
		t.Errorf("the keyring has %d entries", len(b.keyring.entries))
	}
}

// TestPasswordsGoToTheKeyring, wherever they were given, and never into a file.
func TestPasswordsGoToTheKeyring(t *testing.T) {
	b := newBench(t)
	b.ok("-a", "hunter1", "--no-auth-warning", "profile", "add", "one")
	b.ok("-u", "redis://ann:hunter2@h", "--no-auth-warning", "profile", "add", "two")
	b.env["REDISCLI_AUTH"] = "hunter3"
	if out := b.ok("profile", "add", "three"); !strings.Contains(out, "taken from REDISCLI_AUTH") {
		t.Errorf("%q", out)
	}
	b.ok("profile", "add", "four", "--secret", "env:REDISCLI_AUTH")
	delete(b.env, "REDISCLI_AUTH")
	b.passwords = []string{"hunter5"}
	b.ok("profile", "add", "five", "--secret", "keyring")
	b.keyring.entries["six"] = "s3cret of another directory"
	b.ok("-a", "hunter6", "--no-auth-warning", "profile", "add", "six")
	for name, want := range map[string]string{"one": "hunter1", "two": "hunter2", "three": "hunter3", "five": "hunter5", "six.2": "hunter6"} {
		if got := b.keyring.entries[name]; got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, name := range []string{"one", "two", "three", "four", "five", "six"} {
		b.file(name)
	}
	if b.keyring.entries["six"] != "s3cret of another directory" {
		t.Error("an entry of somebody else is overwritten")
	}
	b.keyring.broken = errors.New("no bus")
	b.fails(1, "--secret env:NAME", "-a", "hunter", "--no-auth-warning", "profile", "add", "seven")
	if _, err := os.Stat(b.path("seven")); err == nil {
		t.Error("there is a profile without its secret")
	}
}

// TestEncryptedFile is made beside the profile, follows it, and goes with it.
func TestEncryptedFile(t *testing.T) {
	b := newBench(t)
	b.passwords = []string{"s3cret phrase", "s3cret phrase"}
	b.ok("-a", "hunter", "--no-auth-warning", "profile", "add", "one", "--secret", "age")
	if !strings.Contains(b.file("one"), `password = "age:one.age"`) {
		t.Errorf("%s", b.file("one"))
	}
	b.ok("profile", "rename", "one", "two")
	b.ok("profile", "copy", "two", "three")
	b.ok("profile", "remove", "--yes", "two")
	left, err := filepath.Glob(filepath.Join(b.dir, "profiles", "*.age"))
	if err != nil || len(left) != 1 || filepath.Base(left[0]) != "three.age" {
		t.Errorf("%v", left)
	}
	b.passwords = []string{"a", "b"}
	b.fails(1, "differ", "-a", "hunter", "--no-auth-warning", "profile", "add", "x", "--secret", "age")
}

// TestSecretsFollowTheirProfile when it gets another name, a twin, or goes.
func TestSecretsFollowTheirProfile(t *testing.T) {
	b := newBench(t)
	b.ok("-a", "hunter", "--no-auth-warning", "profile", "add", "one")
	b.ok("profile", "add", "heir", "--extends", "one")
	b.ok("profile", "add", "shares", "--secret", "keyring:one")
	if out := b.ok("profile", "rename", "one", "two"); !strings.Contains(out, "stays") {
		t.Errorf("%s", out)
	}
	b.is("heir", `extends = "two"`)
	b.ok("profile", "copy", "two", "three")
	for _, account := range []string{"one", "two", "three"} {
		if b.keyring.entries[account] != "hunter" {
			t.Errorf("the keyring lacks %s", account)
		}
	}
	b.fails(1, "heir", "profile", "remove", "two")
	b.ok("profile", "remove", "--yes", "two", "heir", "three")
	if len(b.keyring.entries) != 1 || b.keyring.entries["one"] == "" {
		t.Errorf("%d entries are left", len(b.keyring.entries))
	}
}

func TestRemoveAsks(t *testing.T) {
	b := newBench(t)
	b.write("p", "host = \"h\"\nenvironment = \"production\"\n")
	b.write("d", "host = \"h\"\n")
	b.write("broken", "host = \n")
	b.fails(1, "--yes", "profile", "remove", "p")
	b.fails(1, "--yes", "profile", "remove", "broken")
	b.answers = "yes\n"
	b.fails(1, "nothing is removed", "profile", "remove", "p")
	b.answers = "\n"
	b.fails(1, "nothing is removed", "profile", "remove", "d")
	b.answers = "p\n"
	b.ok("profile", "remove", "p")
	b.answers = "y\n"
	b.ok("profile", "remove", "d")
	b.ok("profile", "remove", "--yes", "broken")
	b.fails(1, "no such profile", "profile", "remove", "p")
}

// TestSecure takes every secret out of a file and leaves the rest as it is.
func TestSecure(t *testing.T) {
	const text = "# mine\nuri = \"redis://ann:s3cret1@h:1/2\" # here\n[tls]\nkey_passphrase = \"s3cret2\"\nkey = \"/k\"\n"
	b := newBench(t)
	b.write("one", text)
	b.ok("profile", "secure", "one")
	b.is("one", "# mine\nuri = \"redis://h:1/2\" # here\nuser = \"ann\"\npassword = \"keyring:one\"\n[tls]\nkey_passphrase = \"keyring:one/key_passphrase\"\nkey = \"/k\"")
	if b.keyring.entries["one"] != "s3cret1" || b.keyring.entries["one/key_passphrase"] != "s3cret2" {
		t.Errorf("the keyring has %d entries", len(b.keyring.entries))
	}
	if out := b.ok("profile", "secure", "one"); !strings.Contains(out, "unchanged") {
		t.Errorf("%q", out)
	}
	b.write("two", "password = \"s3cret\"\n")
	b.env["P"] = "another"
	b.fails(1, "another secret", "profile", "secure", "two", "--to", "env:P")
	b.fails(1, "not set", "profile", "secure", "two", "--to", "env:Q")
	b.env["P"] = "s3cret"
	b.ok("profile", "secure", "two", "--to", "env:P")
	b.is("two", `password = "env:P"`)
	b.write("three", "extends = \"four\"\n")
	b.write("four", "password = \"s3cret\"\n")
	b.fails(1, "four.toml:1:1", "profile", "secure", "three")
	b.keyring.broken = errors.New("no bus")
	b.fails(1, "no keyring", "profile", "secure", "four")
	if text, err := os.ReadFile(b.path("four")); err != nil || string(text) != "password = \"s3cret\"\n" {
		t.Errorf("%q, %v", text, err)
	}
}

// TestEdit changes the lines that it is about.
func TestEdit(t *testing.T) {
	const text = "# mine\nhost = \"a\" # here\nport = 1\n\n[tls]\nca = \"/ca\"\n# end\n"
	b := newBench(t)
	b.write("x", text)
	b.ok("profile", "edit", "x", "-p", "2", "--group", "G")
	b.is("x", "# mine\nhost = \"a\" # here\nport = 2\ngroup = \"G\"\n\n[tls]\nca = \"/ca\"\n# end")
	b.ok("profile", "edit", "x", "-p", "1", "--group", "")
	b.is("x", text)
	if out := b.ok("profile", "edit", "x", "-p", "1"); !strings.Contains(out, "unchanged") {
		t.Errorf("%q", out)
	}
	b.ok("profile", "edit", "x", "-s", "/r.sock", "--unset", "tls")
	if got := b.file("x"); strings.Contains(got, "host") || strings.Contains(got, "tls") || !strings.Contains(got, "socket") {
		t.Errorf("%s", got)
	}
	b.ok("profile", "edit", "x", "-h", "b")
	if got := b.file("x"); strings.Contains(got, "socket") || !strings.Contains(got, `host = "b"`) {
		t.Errorf("%s", got)
	}
	b.fails(1, "newer", "profile", "edit", "x", "--tls-min", "1.3", "--tls-max", "1.2")
	if got := b.file("x"); strings.Contains(got, "tls") {
		t.Errorf("what contradicts itself is kept: %s", got)
	}
	b.ok("-a", "hunter1", "--no-auth-warning", "profile", "edit", "x")
	b.passwords = []string{"hunter2"}
	b.ok("profile", "edit", "x", "--set-password")
	if len(b.keyring.entries) != 1 || b.keyring.entries["x"] != "hunter2" {
		t.Errorf("%d entries", len(b.keyring.entries))
	}
	b.ok("profile", "edit", "x", "--secret", "env:P")
	b.passwords = []string{"hunter3"}
	b.fails(1, "env:P, which redan cannot change", "profile", "edit", "x", "--set-password")
	b.passwords = nil
	b.fails(1, "no such profile", "profile", "edit", "y", "-p", "2")
	b.fails(1, "terminal", "profile", "edit", "x")
}

// TestEditor: what is faulty does not take the file's place, and what was written is not lost.
func TestEditor(t *testing.T) {
	b := newBench(t)
	b.write("x", "host = \"a\"\n")
	b.env["EDITOR"] = "true"
	put := func(texts ...string) func(string) error {
		return func(path string) error {
			text := texts[0]
			texts = texts[1:]
			return os.WriteFile(path, []byte(text), 0o600)
		}
	}
	b.editor = put("host = \"b\"\n")
	b.ok("profile", "edit", "x")
	b.is("x", `host = "b"`)
	b.editor = put("hots = \"c\"\n", "host = \"c\"\n")
	b.answers = "e\n"
	b.ok("profile", "edit", "x")
	b.is("x", `host = "c"`)
	b.editor = put("hots = \"d\"\n")
	b.answers = "l\n"
	b.fails(1, "x.toml.edited1", "profile", "edit", "x")
	b.is("x", `host = "c"`)
	if text, err := os.ReadFile(b.path("x") + ".edited1"); err != nil || string(text) != "hots = \"d\"\n" {
		t.Errorf("%q, %v", text, err)
	}
	b.editor = func(string) error { return errors.New("exit status 1") }
	b.fails(1, "as it was", "profile", "edit", "x")
	b.editor = func(path string) error {
		b.write("x", "host = \"other\"\n")
		return put("host = \"e\"\n")(path)
	}
	b.answers = "l\n"
	b.fails(1, "somebody else", "profile", "edit", "x")
	b.is("x", `host = "other"`)
}

// TestForm asks until an answer can be used, and makes nothing before the last.
func TestForm(t *testing.T) {
	b := newBench(t)
	b.write("there", "host = \"h\"\n")
	b.answers = "there\nnew\nh:p\ndb:7\nann\n\nq\nn\ntopsecret\nkeyring\nproduction\n\nOrders\n"
	b.passwords = []string{"hunter"}
	b.ok("profile", "add")
	b.is("new", "host = \"db\"\nport = 7\nuser = \"ann\"\nenvironment = \"production\"\nread_only = true\ngroup = \"Orders\"\npassword = \"keyring:new\"")
	b.answers = "more\n\n\n\n\n\n"
	b.fails(1, "no profile is made", "profile", "add")
	if _, err := os.Stat(b.path("more")); err == nil {
		t.Error("half an answer makes a profile")
	}
}

func TestList(t *testing.T) {
	b := newBench(t)
	if out := b.ok("profile"); !strings.Contains(out, "profile add") {
		t.Errorf("%q", out)
	}
	b.write("zeta", "host = \"h\"\ngroup = \"A\"\ntags = [\"x\", \"y\"]\n")
	b.write("alpha", "host = \"a-very-long-host-name.of.a.cloud.example.com\"\ngroup = \"B\"\nenvironment = \"live\"\nread_only = true\n[tls]\n")
	b.ok("profile", "list", "--group", "A")
	if out := b.ok("profile", "list", "--tag", "x", "--tag", "y"); strings.Contains(out, "alpha") || !strings.Contains(out, "zeta") {
		t.Errorf("%s", out)
	}
	b.write("broken", "hots = \"h\"\n")
	for _, columns := range []string{"60", "40", ""} {
		b.env["COLUMNS"] = columns
		got := b.run("profile", "list")
		if got.code != 1 || !strings.Contains(got.stdout, "broken.toml:1:1: unknown key") || strings.Index(got.stdout, "alpha") < strings.Index(got.stdout, "zeta") {
			t.Errorf("%+v", got)
		}
		for line := range strings.Lines(got.stdout) {
			if columns == "60" && len(strings.TrimSuffix(line, "\n")) > 60 && !strings.Contains(line, "toml:") {
				t.Errorf("%d columns: %q", len(line), line)
			}
		}
	}
	var list struct {
		Schema   string
		Profiles []struct {
			Name     string
			ReadOnly bool `json:"read_only"`
			Faults   []struct{ Line, Column int }
		}
	}
	got := b.run("profile", "list", "--json")
	if err := json.Unmarshal([]byte(got.stdout), &list); err != nil || list.Schema != "redan.profile/1" || len(list.Profiles) != 3 {
		t.Fatalf("%v %+v", err, got)
	}
	if p := list.Profiles[0]; p.Name != "broken" || len(p.Faults) != 1 || p.Faults[0].Line != 1 {
		t.Errorf("%+v", p)
	}
}

// TestCheckAndTest against servers that are there and that are not.
func TestCheckAndTest(t *testing.T) {
	server := conntest.Start(t)
	server.Do("ACL", "SETUSER", "ann", "on", ">hunter", "~*", "+@all", "-set")
	server.Do("ACL", "SETUSER", "default", "resetpass", ">s3cret")
	gone := conntest.Start(t)
	gone.Stop()
	b := newBench(t)
	b.env["P"] = "hunter"
	b.ok(append(at(server.Addr()), "--user", "ann", "profile", "add", "up", "--secret", "env:P")...)
	b.ok(append(at(server.Addr()), "profile", "add", "asks", "--secret", "prompt")...)
	if out := b.ok("profile", "list", "--check"); !strings.Contains(out, "up, no login") || !strings.Contains(out, " ms ") {
		t.Errorf("%s", out)
	}
	b.ok(append(at(gone.Addr()), "profile", "add", "down")...)
	b.fails(1, "down", "profile", "list", "--check")
	out := b.ok("profile", "test", "up")
	for _, want := range []string{"up: works", "user ann", "ok    read", "warn  write", "env:P", "ok    db"} {
		if !strings.Contains(out, want) {
			t.Errorf("%s\nlacks %q", out, want)
		}
	}
	b.fails(1, "FAIL  connect", "profile", "test", "down")
	b.env["P"] = "hunter and more"
	b.fails(1, "FAIL  auth", "profile", "test", "up")
	b.fails(1, `"state": "fail"`, "profile", "test", "up", "--json")
	b.fails(2, "--all", "profile", "test")
	b.fails(2, "not both", "profile", "test", "--all", "up")
}

// TestShow tells where values come from, and no secret.
func TestShow(t *testing.T) {
	b := newBench(t)
	b.write("base", "timeout = \"3s\"\npassword = \"s3cret\"\n")
	b.write("x", "extends = \"base\"\nuri = \"redis://:s3cret@h:1/2\"\nread_only = true\n")
	out := b.ok("profile", "show", "x")
	for _, want := range []string{`timeout = "3s"`, "# from base", "***@h:1", "redan -h h -p 1"} {
		if !strings.Contains(out, want) {
			t.Errorf("%s\nlacks %q", out, want)
		}
	}
	if out := b.ok("profile", "show", "x", "--origins"); !strings.Contains(out, "base.toml:1:1") {
		t.Errorf("%s", out)
	}
	var said struct {
		Settings []struct {
			Key  string
			Line int
		}
	}
	if err := json.Unmarshal([]byte(b.ok("profile", "show", "x", "--json")), &said); err != nil || len(said.Settings) != 4 {
		t.Errorf("%v %+v", err, said)
	}
	b.write("odd", "password = [\"s3cret\"]\nhost = \"h\"\npasword = \"s3cret\"\n")
	b.fails(1, "broken", "profile", "show", "odd")
}

// TestImport puts passwords into the keyring, asks about names that are taken, and does not run what it did not ask about.
func TestImport(t *testing.T) {
	b := newBench(t)
	source := filepath.Join(t.TempDir(), "servers.env")
	if err := os.WriteFile(source, []byte("CACHE_URL=redis://:hunter1@h:1\nJOBS_URL=rediss://ann:hunter2@j:2/3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := b.ok("profile", "import", source, "--dry-run"); strings.Count(out, "would add") != 2 || len(b.keyring.entries) != 0 {
		t.Errorf("%s", out)
	}
	b.ok("profile", "import", source, "--group", "G")
	if b.keyring.entries["cache"] != "hunter1" || b.keyring.entries["jobs"] != "hunter2" || !strings.Contains(b.file("jobs"), `group = "G"`) {
		t.Errorf("%s", b.file("jobs"))
	}
	if out := b.ok("profile", "import", source); strings.Count(out, "skipped") != 2 {
		t.Errorf("%s", out)
	}
	b.ok("profile", "import", source, "--on-conflict", "rename")
	b.file("cache-2")
	b.ok("profile", "edit", "cache", "-h", "elsewhere")
	b.ok("profile", "import", source, "--on-conflict", "replace", "--secrets", "skip")
	if text := b.file("cache"); !strings.Contains(text, `host = "h"`) || strings.Contains(text, "keyring") {
		t.Errorf("%s", text)
	}
	b.answers = "rename!\n"
	b.ok("profile", "import", source, "--secrets", "skip")
	b.file("cache-3")
	b.file("jobs-3")
	b.keyring.broken = errors.New("no bus")
	b.fails(1, "--secrets skip", "profile", "import", source, "--on-conflict", "rename")
	b.fails(2, "--on-conflict", "profile", "import", source, "--on-conflict", "x")
	b.fails(1, "no such file", "profile", "import", "/no/such")
	if out := b.ok("profile", "export", "cache", "jobs-3", "--format", "uri"); !strings.Contains(out, "rediss://ann") {
		t.Errorf("%s", out)
	}
	out := filepath.Join(t.TempDir(), "all.toml")
	b.ok("profile", "export", "-o", out)
	b.fails(1, "already", "profile", "export", "-o", out)
}

// TestProfileIsNoVerbOfRedisCLI: under that name all words go to the server.
func TestProfileIsNoVerbOfRedisCLI(t *testing.T) {
	server := conntest.Start(t)
	for _, word := range []string{"profile", "completion", completeVerb} {
		w := newTwin(append(at(server.Addr()), word, "list")...)
		w.Name = "redis-cli"
		if got := w.run(t); !strings.Contains(got.stdout, "ERR unknown command '"+word+"'") {
			t.Errorf("%+v", got)
		}
	}
}

// TestProfileHelp: every sub-command has help, which fits 80 columns and names every option.
func TestProfileHelp(t *testing.T) {
	b := newBench(t)
	overview := b.ok("profile", "--help")
	for _, verb := range profileVerbs() {
		if !strings.Contains(overview, "\n  "+verb.name+" ") {
			t.Errorf("redan profile --help lacks %s", verb.name)
		}
		help := b.ok("profile", verb.name, "--help")
		if !strings.HasPrefix(help, "redan profile "+verb.name+": ") {
			t.Errorf("%s: %q", verb.name, help)
		}
		for line := range strings.Lines(help) {
			if len(line) > 80 {
				t.Errorf("%s: %d columns: %s", verb.name, len(line), line)
			}
		}
		for _, s := range ownSections("profile", verb.name) {
			for _, option := range optionsOf([]*section{s}) {
				if option != "--version" && option != "--help" && !strings.Contains(help, option) {
					t.Errorf("redan profile %s --help lacks %s", verb.name, option)
				}
			}
		}
	}
	b.fails(2, "Did you mean redan profile rename?", "profile", "renam", "x")
}
