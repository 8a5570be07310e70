package cli

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
	"redan/profiles/secret"
)

// withProfiles returns a twin with these profiles, by name.
func withProfiles(t *testing.T, profiles map[string]string, args ...string) *twin {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "profiles"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range profiles {
		if err := os.WriteFile(filepath.Join(dir, "profiles", name+".toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := newTwin(args...)
	w.env = map[string]string{"REDAN_CONFIG": dir}
	w.ReadWithInfo, w.FreePort = readWithInfo, unusedPort
	return w
}

// TestProfileOptions holds what goes before what: options over environment over the profile.
func TestProfileOptions(t *testing.T) {
	texts := map[string]string{
		"tcp":    "host = 'p'\nport = 7\nuser = 'u'\npassword = 'text:pw'\ndb = 2\n",
		"socket": "socket = '/s'\npassword = 'text:pw'\n",
		"tls":    "extends = 'tcp'\ntls.verify = 'ca'\ntls.server_name = 'n'\n",
		"follow": "cluster.follow = true\nprotocol = 3\n",
	}
	for _, test := range []struct {
		args string
		env  string // REDISCLI_AUTH
		want string
	}{
		{"@tcp", "", "p:7 user=u pass='pw' db=2 tls=false"},
		{"@tcp -h h", "", "h:7 user=u pass='pw' db=2 tls=false"},
		{"@tcp -n 0 --user w", "", "p:7 user=w pass='pw' db=0 tls=false"},
		{"@tcp -a flag", "env", "p:7 user=u pass='flag' db=2 tls=false"},
		{"@tcp", "env", "p:7 user=u pass='env' db=2 tls=false"},
		{"@tcp -s /r", "", "/r user=u pass='pw' db=2 tls=false"},
		{"@tcp -u redis://h", "", "h:6379 user=u pass='pw' db=2 tls=false"},
		{"@tcp -u redis://w:x@h:1/5", "", "h:1 user=w pass='x' db=5 tls=false"},
		{"@tcp --insecure", "", "p:7 user=u pass='pw' db=2 tls=true"},
		{"@socket", "", "/s user= pass='pw' db=0 tls=false"},
		{"@socket -p 7", "", "127.0.0.1:7 user= pass='pw' db=0 tls=false"},
		{"@socket -h h", "", "h:6379 user= pass='pw' db=0 tls=false"},
		{"@socket -u redis://h", "", "h:6379 user= pass='pw' db=0 tls=false"},
		{"@tls", "", "p:7 user=u pass='pw' db=2 tls=true"},
	} {
		w := withProfiles(t, texts, strings.Fields(test.args)...)
		if test.env != "" {
			w.env["REDISCLI_AUTH"] = test.env
		}
		a := newApp(w.System)
		inv, err := parseArgs(w.Args)
		if err == nil {
			a.inv, err = a.atName(inv)
		}
		if err != nil {
			t.Fatal(err)
		}
		r, err := a.newReach(t.Context(), a.inv)
		if err != nil {
			t.Errorf("%s: %v", test.args, err)
			continue
		}
		if got := address(r.options); got != test.want {
			t.Errorf("%s: %s, want %s", test.args, got, test.want)
		}
	}
}

// TestPasswordThatEnds holds that a password with an end is got anew for the connections after it, as the user that came with it.
func TestPasswordThatEnds(t *testing.T) {
	w := withProfiles(t, map[string]string{
		"p": `password = 'shell:printf x >> "$COUNT"; printf "{\"username\":\"u\",\"password\":\"%s\",\"expires_in\":60}" $(wc -c < "$COUNT")'` + "\n",
	}, "--profile", "p")
	count := filepath.Join(t.TempDir(), "count")
	w.Environ = func() []string { return []string{"PATH=" + os.Getenv("PATH"), "COUNT=" + count} }
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	w.Now = func() time.Time { return now }
	a := newApp(w.System)
	a.inv = parsed(t, w.Args...)
	r, err := a.newReach(t.Context(), a.inv)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"u 1", "u 1", "u 2", "u 2"} {
		if i == 2 {
			now = now.Add(time.Minute)
		}
		c, err := r.options.Tokens.Current(t.Context())
		if got := c.User + " " + c.Password.Reveal(); err != nil || got != want {
			t.Errorf("%d: %s, %v, want %s", i, got, err, want)
		}
	}
}

// TestKeyringOfTheSystem connects with a password from a real Secret Service, and says what to do where there is none.
func TestKeyringOfTheSystem(t *testing.T) {
	server := conntest.Start(t, conntest.Password("s3cret"))
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", conntest.SecretService(t))
	reference, err := secret.Parse("keyring:orders")
	if err == nil {
		err = secret.Sources{Keyring: secret.SystemKeys{}}.Store(t.Context(), reference, conn.NewSecret("s3cret"))
	}
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{
		"p": fmt.Sprintf("port = %d\npassword = 'keyring:orders'\n", server.Port),
		"q": "password = 'keyring:nothing'\n",
	}
	w := withProfiles(t, texts, "@p", "ping")
	w.Keyring = secret.SystemKeys{}
	check(t, "keyring", w.run(t), 0, "PONG\n")
	w = withProfiles(t, texts, "@q", "ping")
	w.Keyring = secret.SystemKeys{}
	if got := w.run(t); got.code != 1 || !strings.Contains(got.stderr, "q.toml:1:1: password of profile q: the secret keyring:nothing: the keyring has no such entry") {
		t.Errorf("%+v", got)
	}
	w = withProfiles(t, texts, "@p", "ping")
	if got := w.run(t); got.code != 1 || !strings.Contains(got.stderr, "no keyring answers here") || !strings.Contains(got.stderr, "env:NAME") {
		t.Errorf("%+v", got)
	}
}

// faulty is a connection with a fault of ours.
type faulty struct{ net.Conn }

func (faulty) Write([]byte) (int, error) { panic("a fault") }

// TestPanicShowsNoSecret holds that a fault of ours shows no password, and leaves no command of a profile behind.
func TestPanicShowsNoSecret(t *testing.T) {
	note := filepath.Join(t.TempDir(), "pid")
	w := withProfiles(t, map[string]string{
		"p": fmt.Sprintf("port = 1\npassword = 'hushhush'\nbefore.command = ['sh', '-c', 'echo $$ > %s; exec sleep 100']\n", note),
	}, "@p", "--verbose", "ping")
	w.Dial = func(context.Context, string, string) (net.Conn, error) {
		if _, err := os.Stat(note); err != nil {
			return nil, err // as long as the command has not begun
		}
		near, _ := net.Pipe()
		return faulty{near}, nil
	}
	defer func() {
		text := fmt.Sprint(recover()) + string(debug.Stack()) + w.stdout.String() + w.stderr.String()
		if !strings.Contains(text, "a fault") || strings.Contains(text, "hushhush") {
			t.Errorf("%s", text)
		}
		line, err := os.ReadFile(note)
		if err != nil {
			t.Fatal(err)
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(line)))
		if err != nil {
			t.Fatal(err)
		}
		if p, err := os.FindProcess(pid); err == nil && p.Signal(syscall.Signal(0)) == nil {
			t.Error("the command goes on")
		}
	}()
	Main(t.Context(), w.System)
}
