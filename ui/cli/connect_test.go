package cli

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/cert"
)

// connection returns the options a command line and an environment lead to.
func connection(t *testing.T, env map[string]string, args ...string) (conn.Options, error) {
	t.Helper()
	w := newTwin(args...)
	w.env = env
	a := newApp(w.System)
	a.inv = parsed(t, args...)
	return a.connectOptions(a.inv)
}

// address shows where options lead and as whom.
func address(o conn.Options) string {
	password := "-"
	if o.Password.IsSet() {
		password = "'" + o.Password.Reveal() + "'"
	}
	return fmt.Sprintf("%s user=%s pass=%s db=%d tls=%v", o.Addr(), o.User, password, o.DB, o.TLS != nil)
}

// TestConnectOptions holds the order of precedence: flag over environment over
// default, and of a URI and single options the later.
func TestConnectOptions(t *testing.T) {
	auth := map[string]string{"REDISCLI_AUTH": "env"}
	for _, test := range []struct {
		args string
		env  map[string]string
		want string
	}{
		{"", nil, "127.0.0.1:6379 user= pass=- db=0 tls=false"},
		{"-h h -p 7 -n 3 -a pw --user u", nil, "h:7 user=u pass='pw' db=3 tls=false"},
		{"", auth, "127.0.0.1:6379 user= pass='env' db=0 tls=false"},
		{"", map[string]string{"REDISCLI_AUTH": ""}, "127.0.0.1:6379 user= pass='' db=0 tls=false"},
		{"-a flag", auth, "127.0.0.1:6379 user= pass='flag' db=0 tls=false"},
		{"-u redis://uri@h", auth, "h:6379 user= pass='uri' db=0 tls=false"},
		{"-u redis://h", auth, "h:6379 user= pass='env' db=0 tls=false"},
		// A URI keeps what it leaves out; what comes later wins.
		{"-h a -p 1 -n 4 -u redis://h", nil, "h:1 user= pass=- db=4 tls=false"},
		{"-h a -p 1 -n 4 -u redis://h:2/5", nil, "h:2 user= pass=- db=5 tls=false"},
		{"-u redis://h:2/5 -p 1", nil, "h:1 user= pass=- db=5 tls=false"},
		{"-u redis://h:2/5 -h a -n 0", nil, "a:2 user= pass=- db=0 tls=false"},
		{"-a flag -u redis://u:uri@h", nil, "h:6379 user=u pass='uri' db=0 tls=false"},
		{"-u redis://u:uri@h -a flag", nil, "h:6379 user=u pass='flag' db=0 tls=false"},
		{"-u rediss://h", nil, "h:6379 user= pass=- db=0 tls=true"},
		{"-s /run/r.sock -h h", nil, "/run/r.sock user= pass=- db=0 tls=false"},
		{"-u unix:///run/r.sock?db=2", nil, "/run/r.sock user= pass=- db=2 tls=false"},
		{"--uri redis://h --auth pw --ndb 4 --redisuser u", nil, "h:6379 user=u pass='pw' db=4 tls=false"},
		{"-h ::1", nil, "::1:6379 user= pass=- db=0 tls=false"},
		// Any certificate option means TLS.
		{"--tls", nil, "127.0.0.1:6379 user= pass=- db=0 tls=true"},
		{"--cacert ca.pem", nil, "127.0.0.1:6379 user= pass=- db=0 tls=true"},
		{"--cacertdir d", nil, "127.0.0.1:6379 user= pass=- db=0 tls=true"},
		{"--cert c", nil, "127.0.0.1:6379 user= pass=- db=0 tls=true"},
		{"--key k", nil, "127.0.0.1:6379 user= pass=- db=0 tls=true"},
		{"--sni n", nil, "127.0.0.1:6379 user= pass=- db=0 tls=true"},
		{"--insecure", nil, "127.0.0.1:6379 user= pass=- db=0 tls=true"},
		{"--skipverify", nil, "127.0.0.1:6379 user= pass=- db=0 tls=true"},
		{"--tls-verify ca", nil, "127.0.0.1:6379 user= pass=- db=0 tls=true"},
		{"--tls-ciphers HIGH", nil, "127.0.0.1:6379 user= pass=- db=0 tls=true"},
		{"", map[string]string{"REDIS_CERTFILE": "ca.pem"}, "127.0.0.1:6379 user= pass=- db=0 tls=false"},
	} {
		o, err := connection(t, test.env, strings.Fields(test.args)...)
		if err != nil {
			t.Errorf("redan %s: %v", test.args, err)
			continue
		}
		if got := address(o); got != test.want {
			t.Errorf("redan %s %v:\n got %s\nwant %s", test.args, test.env, got, test.want)
		}
	}
}

func TestConnectOptionsRefuse(t *testing.T) {
	for args, want := range map[string]string{
		"-p 0":                        "Invalid server port.\n-p takes a number from 1 to 65535, not '0'.",
		"-p 70000":                    "Invalid server port.",
		"-p abc":                      "Invalid server port.",
		"-p -1":                       "Invalid server port.",
		"-n x":                        "Invalid database number",
		"-n -1":                       "Invalid database number",
		"-t 0":                        "Invalid connection timeout for -t.",
		"-t -1":                       "Invalid connection timeout for -t.",
		"-t x":                        "Invalid connection timeout for -t.",
		"-t nan":                      "Invalid connection timeout for -t.",
		"-t inf":                      "Invalid connection timeout for -t.",
		"-t 1e300":                    "Invalid connection timeout for -t.",
		"-u http://h":                 "Invalid URI scheme",
		"-u redis://u:s3cret%zz@h":    "Illegal character in URI encoding",
		"-u redis://u:s3cret@h:x":     "Invalid server port.",
		"-c -u unix:///s":             "Options -c and -s are mutually exclusive.",
		"--certb64 !!!":               "--certb64 is not valid base64",
		"--tls-verify maybe":          "--tls-verify: ",
		"--tls-min 9":                 "--tls-min: ",
		"--tls-max x":                 "--tls-max: ",
		"--tls-min 1.3 --tls-max 1.2": "--tls-min 1.3 is newer than --tls-max 1.2.",
	} {
		_, err := connection(t, nil, strings.Fields(args)...)
		if _, ok := errors.AsType[*usageError](err); !ok || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("redan %s: %v, want %q", args, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("redan %s: the password shows", args)
		}
	}
}

func TestProtocolAndTimeout(t *testing.T) {
	for args, want := range map[string]int{
		"": 0, "-2": 0, "-3": 3, "--json": 3, "--quoted-json": 3, "--json -2": 0, "-2 --quoted-json": 0, "--json --raw": 3, "--csv": 0,
	} {
		if o, err := connection(t, nil, strings.Fields(args)...); err != nil || o.Protocol != want {
			t.Errorf("redan %s: protocol %d, %v, want %d", args, o.Protocol, err, want)
		}
	}
	for args, want := range map[string]time.Duration{
		"": conn.DefaultConnectTimeout, "-t 2": 2 * time.Second, "-t 0.5": 500 * time.Millisecond, "-t .25": 250 * time.Millisecond,
	} {
		if o, err := connection(t, nil, strings.Fields(args)...); err != nil || o.ConnectTimeout != want {
			t.Errorf("redan %s: %v, %v, want %v", args, o.ConnectTimeout, err, want)
		}
	}
	for args, want := range map[string]int{"": 0, "-4": 4, "-6": 6} {
		if o, err := connection(t, nil, strings.Fields(args)...); err != nil || o.Family != want {
			t.Errorf("redan %s: family %d, %v", args, o.Family, err)
		}
	}
}

// TestVerifyLevel: how much is verified depends on the options, and on the name
// that redan was started under.
func TestVerifyLevel(t *testing.T) {
	for _, test := range []struct {
		name, args string
		want       cert.Level
	}{
		{"redan", "--tls", cert.LevelFull},
		{"redan", "--tls-verify full", cert.LevelFull},
		{"redan", "--tls-verify ca", cert.LevelCA},
		{"redan", "--tls-verify none", cert.LevelNone},
		{"redan", "--insecure", cert.LevelNone},
		{"redan", "--skipverify", cert.LevelNone},
		{"redan", "--insecure --tls-verify full", cert.LevelFull},
		{"redan", "--tls-verify ca --insecure", cert.LevelNone},
		{"redis-cli", "--tls", cert.LevelCA},
		{"redis-cli", "--tls-verify full", cert.LevelFull},
		{"redis-cli", "--insecure", cert.LevelNone},
	} {
		w := newTwin(strings.Fields(test.args)...)
		w.Name = test.name
		a := newApp(w.System)
		a.inv = parsed(t, w.Args...)
		o, err := a.connectOptions(a.inv)
		if err != nil || o.TLS.Level != test.want || o.TLS.AsRedisCLI != (test.name == "redis-cli") {
			t.Errorf("%s %s: %+v, %v", test.name, test.args, o.TLS, err)
		}
	}
}

// TestCertificateSources: the command line, then redli's environment.
func TestCertificateSources(t *testing.T) {
	const pem = "-----BEGIN CERTIFICATE-----\n"
	b64 := base64.StdEncoding.EncodeToString([]byte(pem))
	env := map[string]string{"REDIS_CERTFILE": "env.pem", "REDIS_CERTB64": b64}
	for _, test := range []struct {
		args string
		env  map[string]string
		want string // files, directories, data
	}{
		{"--tls", nil, "[] [] "},
		{"--cacert a --cacert b --cacertdir d", env, "[a b] [d] "},
		{"--certb64 " + b64, env, "[] [] " + pem},
		{"--cacert a --certb64 " + b64[:8] + " --certb64 " + b64, nil, "[a] [] " + pem},
		{"--tls", env, "[env.pem] [] "},
		{"--tls", map[string]string{"REDIS_CERTB64": b64[:10] + "\n " + b64[10:]}, "[] [] " + pem},
	} {
		o, err := connection(t, test.env, strings.Fields(test.args)...)
		if err != nil {
			t.Errorf("%s: %v", test.args, err)
			continue
		}
		if got := fmt.Sprintf("%v %v %s", o.TLS.CAFiles, o.TLS.CADirs, o.TLS.CAData); got != test.want {
			t.Errorf("redan %s %v: %q, want %q", test.args, test.env, got, test.want)
		}
	}
}

// TestKeyPassphrase: a file, the environment, the terminal, in this order.
func TestKeyPassphrase(t *testing.T) {
	w := newTwin()
	w.ReadFile = func(path string) ([]byte, error) {
		if path == "pass.txt" {
			return []byte("from file\r\n"), nil
		}
		return nil, errors.New("no such file")
	}
	asked := ""
	w.ReadPassword = func(prompt string) (string, error) { asked = prompt; return "typed", nil }
	a := newApp(w.System)
	try := func(file string) string {
		t.Helper()
		pass, err := a.keyPassphrase(file)("/etc/redis/client.key")
		if err != nil {
			return "error: " + err.Error()
		}
		return string(pass)
	}
	if got := try(""); !strings.Contains(got, "--key-pass-file") || !strings.Contains(got, "REDAN_KEY_PASS") {
		t.Errorf("nowhere to get it from: %q", got)
	}
	a.sys.InTTY = true
	if got := try(""); got != "typed" || asked != "Passphrase of client.key: " {
		t.Errorf("terminal: %q, asked %q", got, asked)
	}
	w.env["REDAN_KEY_PASS"] = "from env"
	if got := try(""); got != "from env" {
		t.Errorf("environment: %q", got)
	}
	if got := try("pass.txt"); got != "from file" {
		t.Errorf("file: %q", got)
	}
	if got := try("none"); !strings.HasPrefix(got, "error: --key-pass-file: ") {
		t.Errorf("missing file: %q", got)
	}
}

func TestAskPassword(t *testing.T) {
	ask := func(change func(*twin)) (conn.Options, error) {
		w := newTwin()
		change(w)
		o := conn.DefaultOptions()
		o.Password = conn.NewSecret("from -a")
		return o, newApp(w.System).askPassword(&o)
	}
	stdin := func(text string) func(*twin) { return func(w *twin) { w.Stdin = strings.NewReader(text) } }
	for text, want := range map[string]string{"pw\nping\n": "pw", "pw": "pw", "pw\r\n": "pw", "\n": "", "p w \n": "p w "} {
		if o, err := ask(stdin(text)); err != nil || o.Password.Reveal() != want || !o.Password.IsSet() {
			t.Errorf("%q: %q, %v", text, o.Password.Reveal(), err)
		}
	}
	if o, err := ask(stdin("")); err != nil || o.Password.IsSet() {
		t.Errorf("nothing to read means no password, as with redis-cli: %q, %v", o.Password.Reveal(), err)
	}
	if _, err := ask(func(w *twin) { w.Stdin = io.MultiReader(strings.NewReader("p"), brokenReader{}) }); err == nil {
		t.Error("standard input cannot be read, and no word of it")
	}
	terminal := func(password string, err error) func(*twin) {
		return func(w *twin) {
			w.InTTY = true
			w.ReadPassword = func(prompt string) (string, error) {
				if prompt != "Please input password: " {
					t.Errorf("prompt %q", prompt)
				}
				return password, err
			}
		}
	}
	if o, err := ask(terminal("typed", nil)); err != nil || o.Password.Reveal() != "typed" {
		t.Errorf("%q, %v", o.Password.Reveal(), err)
	}
	if _, err := ask(terminal("", errInterrupted)); !errors.Is(err, errInterrupted) {
		t.Errorf("Ctrl-C: %v", err)
	}
}

// brokenReader is standard input that fails.
type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("input/output error") }

// TestReadMasked: one star a character, which Backspace and Ctrl-U take back.
func TestReadMasked(t *testing.T) {
	for typed, want := range map[string]struct{ password, shown string }{
		"abc\r":           {"abc", "***"},
		"abc\n":           {"abc", "***"},
		"ab\x7fc\r":       {"ac", "**\b \b*"},
		"ab\x08\x08\x08c": {"", ""}, // no end
		"abc\x15d\r":      {"d", "***\b \b\b \b\b \b*"},
		"\r":              {"", ""},
		"ab\x03":          {"", "**"},
		"\x04":            {"", ""},
		"p w+@%\r":        {"p w+@%", "******"},
	} {
		var shown strings.Builder
		got, err := readMasked(strings.NewReader(typed), &shown)
		ends := strings.ContainsAny(typed, "\r\n")
		if got != want.password || (err == nil) != ends || ends && shown.String() != want.shown {
			t.Errorf("%q: %q, %v, shown %q", typed, got, err, shown.String())
		}
	}
}

// TestPasswordWarning: for -a and for a URI that holds one, and for nothing else.
func TestPasswordWarning(t *testing.T) {
	for _, test := range []struct {
		args  string
		env   string
		warns bool
	}{
		{"-a pw", "", true},
		{"--pass pw", "", true},
		{"-a pw --no-auth-warning", "", false},
		{"-u redis://:pw@127.0.0.1", "", true},
		{"-u redis://127.0.0.1", "", false},
		{"-u redis://127.0.0.1", "pw", false},
		{"", "pw", false},
		{"", "", false},
		{"--askpass", "", false},
		{"--askpass -a pw", "", true},
	} {
		w := newTwin(strings.Fields(test.args)...)
		if test.env != "" {
			w.env["REDISCLI_AUTH"] = test.env
		}
		a := newApp(w.System)
		a.inv = parsed(t, w.Args...)
		if _, _, err := a.dialer(t.Context()); err != nil {
			t.Errorf("%s: %v", test.args, err)
		}
		if got := strings.Contains(w.stderr.String(), passwordWarning); got != test.warns {
			t.Errorf("redan %s (REDISCLI_AUTH=%q): %q", test.args, test.env, w.stderr.String())
		}
		before := w.stderr.String()
		if _, _, err := a.dialer(t.Context()); err != nil || w.stderr.String() != before {
			t.Errorf("redan %s: said or asked twice", test.args)
		}
	}
	// Without verification the password goes to whoever answers.
	w := newTwin("--insecure")
	w.env["REDISCLI_AUTH"] = "pw"
	a := newApp(w.System)
	a.inv = parsed(t, w.Args...)
	if _, _, err := a.dialer(t.Context()); err != nil || !strings.Contains(w.stderr.String(), "not verified") {
		t.Errorf("--insecure with a password: %q, %v", w.stderr.String(), err)
	}
}
