package secret_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/zalando/go-keyring"

	"redan/conn"
	"redan/profiles/secret"
)

func parse(t *testing.T, text string) secret.Reference {
	t.Helper()
	r, err := secret.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sources are the real ones, with a directory of the test's own.
func sources(t *testing.T) secret.Sources {
	t.Helper()
	return secret.Sources{
		Getenv: func(name string) (string, bool) {
			text, ok := map[string]string{"REDIS_PASSWORD": "hunter2", "EMPTY": ""}[name]
			return text, ok
		},
		ReadFile: func(path string) ([]byte, fs.FileInfo, error) {
			info, err := os.Stat(path)
			if err != nil {
				return nil, nil, err
			}
			text, err := os.ReadFile(path)
			return text, info, err
		},
		Now:       func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) },
		Directory: t.TempDir(), Home: t.TempDir(), Limit: 10 * time.Second,
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]struct {
		kind  secret.Kind
		name  string
		words string
		bad   string
	}{
		"prompt":                      {kind: secret.Prompt},
		"env:NAME":                    {kind: secret.Env, name: "NAME"},
		"file:~/pass word":            {kind: secret.File, name: "~/pass word"},
		"command:pass show 'redis x'": {kind: secret.Command, name: "pass show 'redis x'", words: "pass|show|redis x"},
		`command:a "" b\ c "d\"e"`:    {kind: secret.Command, name: `a "" b\ c "d\"e"`, words: `a||b c|d"e`},
		"shell:echo $X | cut -c2-":    {kind: secret.Shell, name: "echo $X | cut -c2-"},
		"keyring:orders":              {kind: secret.Keyring, name: "orders"},
		"age:a.age":                   {kind: secret.Age, name: "a.age"},
		"age:a.age#me.txt":            {kind: secret.Age, name: "a.age"},
		"hunter2":                     {kind: secret.Text, name: "hunter2"},
		"":                            {kind: secret.Text},
		"text:env:NAME":               {kind: secret.Text, name: "env:NAME"},
		"pass:word":                   {kind: secret.Text, name: "pass:word"},
		"prompt:":                     {kind: secret.Text, name: "prompt:"},
		"env:":                        {bad: "env:NAME"},
		"keyring":                     {bad: "keyring:ACCOUNT"},
		"command: ":                   {bad: "command:PROGRAM"},
		"command:a 'b":                {bad: "not closed"},
		`command:a \`:                 {bad: `ends in \`},
		"command:''":                  {bad: "names no program"},
	} {
		r, err := secret.Parse(text)
		if want.bad != "" {
			if err == nil || !strings.Contains(err.Error(), want.bad) {
				t.Errorf("%q: %v, want %q", text, err, want.bad)
			}
			continue
		}
		if err != nil || r.Kind != want.kind || r.Name != want.name || strings.Join(r.Words, "|") != want.words {
			t.Errorf("%q: %+v %q %q, %v", text, r.Kind, r.Name, r.Words, err)
		}
		if printed := r.String(); !r.Clear() && printed != text {
			t.Errorf("%q prints as %q", text, printed)
		}
	}
}

// TestReferencesDoNotPrint holds that a clear text in a profile does not show, whatever prints the reference.
func TestReferencesDoNotPrint(t *testing.T) {
	for _, text := range []string{"hunter2", "text:hunter2"} {
		r := parse(t, text)
		err := &secret.Error{Reference: r, Err: errors.New("x")}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			if printed := fmt.Sprintf(verb+verb, r, err); strings.Contains(printed, "hunter2") || strings.Contains(printed, "68756e74657232") {
				t.Errorf("%s: %s", verb, printed)
			}
		}
	}
}

// TestResolve goes through every kind but the keyring, each found and each missed.
func TestResolve(t *testing.T) {
	t.Parallel()
	s := sources(t)
	write := func(name, text string, mode fs.FileMode) {
		path := filepath.Join(s.Directory, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	write("good", "hunter2\n", 0o600)
	write("windows", "\ufeffhunter2\r\n", 0o400)
	write("bare", "hunter2", 0o640)
	write("two", "hunter2\nx\n", 0o600)
	write("none", "\n", 0o600)
	write("everybody", "hunter2\n", 0o644)
	write("group", "hunter2\n", 0o660)
	for text, fault := range map[string]string{
		"env:REDIS_PASSWORD": "", "env:NONE": "not set", "env:EMPTY": "is empty",
		"file:good": "", "file:windows": "", "file:bare": "", "file:two": "2 lines", "file:none": "nothing in it",
		"file:everybody": "mode 0644", "file:group": "chmod 600", "file:missing": "no such file",
		"command:printf hunter2": "", "command:echo hunter2": "", "command:true": "nothing in it", "command:printf 'hunter2\\nx\\n'": "2 lines",
		"command:false": "exit status 1", "command:no-such-program-here": "not found in $PATH", "command:printf $HOME": "HOME",
		"shell:printf hunter; printf 2": "", "shell:echo no such secret >&2; exit 3": "no such secret",
		"shell:echo hunter2; echo hunter2 >&2; exit 1": "***", "shell:head -c 70000 /dev/zero": "64 KiB",
		"shell:sleep 60 & echo hunter2": "", "hunter2": "", "text:hunter2": "", "prompt": "nobody can be asked",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got, err := s.Resolve(t.Context(), parse(t, text), "password of x")
			var known *secret.Error
			switch {
			case text == "command:printf $HOME": // no shell: the text as it is
				if got.Secret.Reveal() != "$HOME" {
					t.Errorf("got %q, %v", got.Secret.Reveal(), err)
				}
			case fault == "" && (err != nil || got.Secret.Reveal() != "hunter2"):
				t.Errorf("got %q, %v", got.Secret.Reveal(), err)
			case fault != "" && (!errors.As(err, &known) || !strings.Contains(err.Error(), fault)):
				t.Errorf("got %v, want %q", err, fault)
			case fault != "" && !strings.Contains(text, "hunter2") && strings.Contains(err.Error(), "hunter2"):
				t.Errorf("the error tells the secret: %v", err)
			}
		})
	}
}

// TestHangingCommand holds that a command that hangs is stopped in time, with the children that it started.
func TestHangingCommand(t *testing.T) {
	s := sources(t)
	s.Limit = 200 * time.Millisecond
	pid := filepath.Join(s.Directory, "pid")
	_, err := s.Resolve(t.Context(), parse(t, "shell:sleep 300 & echo $! > "+pid+"; wait"), "password")
	if err == nil || !strings.Contains(err.Error(), "within 200ms") {
		t.Fatalf("got %v", err)
	}
	text, err := os.ReadFile(pid)
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(5 * time.Second); alive(strings.TrimSpace(string(text))); {
		if time.Now().After(end) {
			t.Fatal("what the command started is still there")
		}
	}
}

// alive reports whether a process is there and no zombie.
func alive(pid string) bool {
	state, err := os.ReadFile("/proc/" + pid + "/stat")
	return err == nil && !strings.Contains(string(state), ") Z ")
}

func TestCancelledCommand(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sources(t).Resolve(ctx, parse(t, "command:sleep 300"), "password"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestTokens holds that a command may say whose the secret is, and how long it lives.
func TestTokens(t *testing.T) {
	s := sources(t)
	for text, want := range map[string]struct {
		user, secret string
		in           time.Duration
	}{
		`{"password":"tok"}`: {secret: "tok"},
		`{"username":"ann","password":"tok","expires_in":900}`: {"ann", "tok", 15 * time.Minute},
		`{"password":"t","expires_at":"2026-11-22T13:00:00Z"}`: {"", "t", time.Hour},
		`{"token":"an object without password is itself"}`:     {secret: `{"token":"an object without password is itself"}`},
		`{not json`: {secret: `{not json`},
		`{"password":"t","expires_at":"tomorrow, I should say"}`: {},
	} {
		got, err := s.Resolve(t.Context(), parse(t, "command:printf %s '"+text+"'"), "password")
		if want.secret == "" {
			if err == nil || !strings.Contains(err.Error(), "expires_at") {
				t.Errorf("%s: %v", text, err)
			}
			continue
		}
		var in time.Duration
		if !got.Expires.IsZero() {
			in = got.Expires.Sub(s.Now())
		}
		if err != nil || got.User != want.user || got.Secret.Reveal() != want.secret || in != want.in {
			t.Errorf("%s: %q %q %s, %v", text, got.User, got.Secret.Reveal(), in, err)
		}
	}
}

// TestAge encrypts a secret and finds it again, by passphrase and by identity.
func TestAge(t *testing.T) {
	s := sources(t)
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	s.Ask = func(_ context.Context, question string) (string, error) {
		if !strings.Contains(question, "secret.age") || !strings.Contains(question, "password of x") {
			t.Errorf("asked %q", question)
		}
		return "open sesame", nil
	}
	file, err := secret.Sources{WorkFactor: 10}.Encrypt(conn.NewSecret("hunter2"), conn.NewSecret("open sesame"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(file), "hunter2") {
		t.Error("not encrypted")
	}
	other := s
	other.Ask = func(context.Context, string) (string, error) { return "shut sesame", nil }
	for name, text := range map[string]string{"secret.age": string(file), "me": identity.String() + "\n", "junk.age": "junk"} {
		if err := os.WriteFile(filepath.Join(s.Directory, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Resolve(t.Context(), parse(t, "age:secret.age"), "password of x"); err != nil || got.Secret.Reveal() != "hunter2" {
		t.Errorf("got %q, %v", got.Secret.Reveal(), err)
	}
	for text, from := range map[string]secret.Sources{"age:secret.age": other, "age:secret.age#me": s, "age:missing.age#me": s, "age:junk.age#me": s, "age:secret.age#junk.age": s} {
		if _, err := from.Resolve(t.Context(), parse(t, text), "password of x"); err == nil || strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestAgeIdentity(t *testing.T) {
	s := sources(t)
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	w, err := age.Encrypt(&file, identity.Recipient())
	if err == nil {
		_, err = w.Write([]byte("hunter2"))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"s.age": file.String(), "me": "# created\n" + identity.String() + "\n"} {
		if err := os.WriteFile(filepath.Join(s.Directory, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Resolve(t.Context(), parse(t, "age:s.age#me"), "password"); err != nil || got.Secret.Reveal() != "hunter2" {
		t.Errorf("got %q, %v", got.Secret.Reveal(), err)
	}
}

// TestStoreElsewhere holds that only the keyring is written to.
func TestStoreElsewhere(t *testing.T) {
	s := sources(t)
	if err := s.Store(t.Context(), parse(t, "env:X"), conn.NewSecret("hunter2")); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
	if err := s.Forget(t.Context(), parse(t, "env:X")); err != nil {
		t.Error(err)
	}
	if _, err := s.Resolve(t.Context(), parse(t, "keyring:x"), "password"); !errors.Is(err, secret.ErrNoKeyring) {
		t.Error(err)
	}
}

// TestResolveText holds that a key in PEM comes whole, from each place that can hold one, and that nothing is no key.
func TestResolveText(t *testing.T) {
	s := sources(t)
	const pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
	for name, text := range map[string]string{"key.pem": pem, "blank": "\n \n"} {
		if err := os.WriteFile(filepath.Join(s.Directory, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range []string{"file:key.pem", "command:cat " + filepath.Join(s.Directory, "key.pem"), "text:" + pem} {
		if found, err := s.ResolveText(t.Context(), parse(t, text), "key"); err != nil || found.Secret.Reveal() != pem {
			t.Errorf("%s: %q, %v", text, found.Secret.Reveal(), err)
		}
	}
	if _, err := s.ResolveText(t.Context(), parse(t, "file:blank"), "key"); err == nil {
		t.Error("blank lines are taken for a key")
	}
	if _, err := s.Resolve(t.Context(), parse(t, "file:key.pem"), "password"); err == nil {
		t.Error("several lines are taken for a password")
	}
}

// smallKeys is a keyring such as Windows' and macOS', which is for passwords and takes no private keys.
type smallKeys struct{}

func (smallKeys) Get(string, string) (string, error) { return "", secret.ErrNotInKeyring }
func (smallKeys) Set(string, string, string) error   { return keyring.ErrSetDataTooBig }
func (smallKeys) Delete(string, string) error        { return nil }

// TestTooBig holds that a secret which the keyring does not take is told from a keyring that is not there, with the way out.
func TestTooBig(t *testing.T) {
	s := sources(t)
	s.Keyring = smallKeys{}
	err := s.Store(t.Context(), parse(t, "keyring:x"), conn.NewSecret("hunter2"))
	if !errors.Is(err, secret.ErrTooBig) || errors.Is(err, secret.ErrNoKeyring) || !strings.Contains(err.Error(), "age:PATH") {
		t.Errorf("got %v", err)
	}
}
