package conffile_test

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"redan/conn/cert/conffile"
)

// files is a file system by path.
type files map[string]string

func (f files) reader() conffile.Reader {
	return conffile.Reader{
		ReadFile: func(name string) ([]byte, error) {
			if text, ok := f[name]; ok {
				return []byte(text), nil
			}
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		},
		Glob: func(pattern string) ([]string, error) {
			var found []string
			for name := range f {
				if ok, err := path.Match(pattern, name); err != nil {
					return nil, err
				} else if ok {
					found = append(found, name)
				}
			}
			slices.Sort(found)
			return found, nil
		},
		IsDir: func(name string) bool { return name != "nosuch" },
	}
}

func redisConf(t *testing.T, f files) *conffile.Redis {
	t.Helper()
	c, _, err := f.reader().Read("redis.conf")
	if err != nil || c == nil {
		t.Fatalf("got %v, %v, want a redis.conf", c, err)
	}
	return c
}

// problems are the lines refused, as "file:line name detail".
func problems(all []conffile.Problem) []string {
	texts := []string{}
	for _, p := range all {
		texts = append(texts, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", p.Origin, p.Name, p.Detail, p.Nearest)))
	}
	return texts
}

// Lines are read as redis-server 7.0 reads them; ui/cli compares with the server itself.
func TestRedisValues(t *testing.T) {
	c := redisConf(t, files{"redis.conf": "\n# comment\n  TLS-Port 6380  \r\n\ttls-cert-file \"a b\\x41\\\"\\n\"\t\n" +
		"tls-key-file 'it\\'s \\n'\ntls-ca-cert-file c\"d e\"\ntls-cert-file second\ntls-ciphers \"\"\n"})
	for name, want := range map[string]string{
		"tls-port": "6380 redis.conf:3", "tls-cert-file": "second redis.conf:7", "tls-key-file": "it's \\n redis.conf:5",
		"tls-ca-cert-file": "cd e redis.conf:6", "tls-ciphers": " redis.conf:8", "port": "6379 ", "tls-auth-clients": "yes ", "tls-protocols": " ",
	} {
		v := c.Value(name)
		if got := v.Text + " " + v.Origin.String(); got != want || v.Given() != (v.Origin.Line > 0) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
		if c.Values()[name] != v {
			t.Errorf("Values has another %s", name)
		}
	}
	if len(c.Problems) > 0 {
		t.Errorf("problems: %q", problems(c.Problems))
	}
	if all := c.All("tls-cert-file"); len(all) != 2 || all[0].Args[0] != "a bA\"\n" {
		t.Errorf("got %+v", all)
	}
}

func TestRedisProblems(t *testing.T) {
	tests := []struct{ line, want string }{
		{"tls-port 6380", ""},
		{"tls-port 99999", `tls-port must be a number from 0 to 65535, not "99999"`},
		{"tls-port 06380", `tls-port must be a number from 0 to 65535, not "06380"`},
		{"tls-port +1", `tls-port must be a number from 0 to 65535, not "+1"`},
		{"tls-port", "tls-port has no value"},
		{"tls-replication true", `tls-replication must be yes or no, not "true"`},
		{"tls-replication YES", ""},
		{"tls-auth-clients maybe", `tls-auth-clients must be one of no, yes, optional, not "maybe"`},
		{"tls-auth-clients Optional", ""},
		{"tls-auth-clients no # why", "tls-auth-clients has a comment behind its value, which belongs on a line of its own"},
		{"tls-protocols TLSv1.2 TLSv1.3", "tls-protocols takes one value, and has 2; one with blanks in it stands in quotes"},
		{`tls-protocols "TLSv1.2 TLSv1.3"`, ""},
		{`tls-ciphers "DEFAULT`, "tls-ciphers has quotes that are not closed, or text right behind a closing quote"},
		{`tls-ciphers "DEF"AULT`, "tls-ciphers has quotes that are not closed, or text right behind a closing quote"},
		{"tls-cert x", "tls-cert is no directive of Redis tls-cert-file"},
		{"tls_cert_file x", "tls_cert_file is no directive of Redis tls-cert-file"},
		{"tls-verion x", "tls-verion is no directive of Redis"},
		{"tls-auth-clients-user CN", ""}, // of a later version
		{"made-up-directive 1", ""},      // not about TLS
		{"\ufefftls-port 1", "tls-port begins with a byte order mark, which Redis takes for a part of the directive"},
		{"dir nosuch", "dir names a directory that does not exist"},
		{"include nosuch.conf", "include names a file that cannot be read (file does not exist)"},
		{"include a b", "include takes one file or pattern; write one line for each"},
		{"include nosuch*.conf", ""},
		{"include redis.conf", "include goes too deep; a file seems to include itself"},
	}
	for _, test := range tests {
		c := redisConf(t, files{"redis.conf": "port 0\n" + test.line + "\n"})
		got := strings.Join(problems(c.Problems), "; ")
		want := test.want
		if want != "" {
			want = "redis.conf:2 " + want
		}
		if got != want {
			t.Errorf("%s:\n got %q\nwant %q", test.line, got, want)
		}
	}
}

func TestRedisIncludes(t *testing.T) {
	c := redisConf(t, files{
		"redis.conf":    "port 1\ninclude conf.d/*.conf\ndir data\ninclude more.conf\ntls-cert-file s.crt",
		"conf.d/b.conf": "port 3\n", "conf.d/a.conf": "\nport 2\ntls-key-file /abs.key\n", "conf.d/.c.conf": "port 9\n",
		"data/more.conf": "tls-port 4\ndir deeper\n",
	})
	if got := c.Value("port"); got.Text != "3" || got.Origin.String() != "conf.d/b.conf:1" {
		t.Errorf("port: %+v", got)
	}
	if got := c.Value("tls-port").Origin.String(); got != "data/more.conf:1" {
		t.Errorf("tls-port stands in %q", got)
	}
	want := []string{"redis.conf", "conf.d/a.conf", "conf.d/b.conf", "data/more.conf"}
	if !slices.Equal(c.Files, want) {
		t.Errorf("read %q, want %q", c.Files, want)
	}
	if c.Resolve("s.crt") != "data/deeper/s.crt" || c.Resolve("/abs.key") != "/abs.key" || c.Resolve("") != "" {
		t.Errorf("paths: %q %q %q", c.Resolve("s.crt"), c.Resolve("/abs.key"), c.Resolve(""))
	}
	if !c.OpenEnd {
		t.Error("the file does not end with a line break")
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	const secret = "hunter2"
	c := redisConf(t, files{"redis.conf": "tls-key-file-pass hunter2\nrequirepass hunter2\nuser alice on >hunter2\nmasterauth \"hunter2\n" +
		"tls-client-key-file-pass hunter2 hunter2\n"})
	got := c.Secret("tls-key-file-pass")
	if !got.Given() || string(got.Reveal()) != secret {
		t.Fatalf("the passphrase is lost: %v", got)
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if text := fmt.Sprintf(format, got); strings.Contains(text, secret) {
			t.Errorf("%s prints %q", format, text)
		}
	}
	if text := fmt.Sprintf("%q %+v %+v %#v", problems(c.Problems), c.Values(), c.All("user"), c); strings.Contains(text, secret) {
		t.Errorf("a password shows: %s", text)
	}
	if len(c.Problems) != 2 {
		t.Errorf("problems: %q", problems(c.Problems))
	}
}

func TestSentinel(t *testing.T) {
	c := redisConf(t, files{"redis.conf": "tls-port 26380\nSentinel Monitor m 10.0.0.1 6380 2\nsentinel resolve-hostnames yes\nsentinel auth-pass m hunter2\n"})
	if !c.Sentinel || c.Value("port").Text != "26379" || !c.Value("sentinel resolve-hostnames").Yes() {
		t.Errorf("got %+v", c)
	}
	if d, ok := c.Last("sentinel monitor"); !ok || strings.Join(d.Args, " ") != "m 10.0.0.1 6380 2" {
		t.Errorf("got %+v", d)
	}
	if d, _ := c.Last("sentinel auth-pass"); d.Args != nil {
		t.Errorf("the password shows: %q", d.Args)
	}
	c = redisConf(t, files{"redis.conf": "sentinel monitor m 10.0.0.1 6380\n"})
	if got := problems(c.Problems); len(got) != 1 || !strings.Contains(got[0], "takes a name, a host, a port and a quorum") {
		t.Errorf("got %q", got)
	}
}

func TestDetect(t *testing.T) {
	for text, want := range map[string]conffile.Kind{
		"port 6379\n":                        conffile.KindRedis,
		"# only\n\nTLS-PORT 1\n":             conffile.KindRedis,
		"tls-crt x\n":                        conffile.KindRedis,
		"port 1\nsentinel monitor m h 1 1\n": conffile.KindSentinel,
		"; c\n[redis]\naccept = 1\n":         conffile.KindStunnel,
		"CLIENT=yes\n":                       conffile.KindStunnel,
		"\ufeffpid =\n":                      conffile.KindStunnel,
		"":                                   conffile.KindUnknown,
		"hello world\n":                      conffile.KindUnknown,
		"port 1\n-----BEGIN CERTIFICATE-----\nAA\n": conffile.KindUnknown,
		"port\x00 1\n":   conffile.KindUnknown,
		"[not stunnel\n": conffile.KindUnknown,
	} {
		if got := conffile.Detect([]byte(text)); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
	_, _, err := files{"x": "hello"}.reader().Read("x")
	if !errors.Is(err, conffile.ErrUnknownKind) {
		t.Errorf("got %v", err)
	}
	if _, _, err = (files{}).reader().Read("x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
