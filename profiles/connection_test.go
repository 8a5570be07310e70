package profiles

import (
	"cmp"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/cert"
)

const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"

func TestConnection(t *testing.T) {
	plain := conn.DefaultOptions()
	with := func(change func(o *conn.Options)) conn.Options { o := plain; change(&o); return o }
	secured := func(options conn.TLSOptions) conn.Options { return with(func(o *conn.Options) { o.TLS = &options }) }
	for _, tt := range []struct {
		name, base, text string
		want             Connection
	}{
		{"nothing", "", "", Connection{Options: plain}},
		{"everything", "", `
host = "h"
port = 7000
ip = 6
user = "u"
password = "env:PW"
db = 3
protocol = 3
client_name = "c"
timeout = "1500ms"
cluster.follow = true
`, Connection{Options: conn.Options{
			Host: "h", Port: 7000, Family: 6, User: "u", DB: 3, Protocol: 3, ClientName: "c", ConnectTimeout: 1500 * time.Millisecond,
		}, Password: "env:PW", Follow: true}},
		{"tls", "", `
[tls]
ca = "/a"
ca_dirs = ["/b"]
cert = "/c"
key = "/k"
key_passphrase = "prompt"
verify = "ca"
server_name = "n"
verify_names = ["x"]
min = "1.0"
max = "1.3"
ciphers = "HIGH"
ciphersuites = "TLS_AES_128_GCM_SHA256"
`, Connection{Options: secured(conn.TLSOptions{
			CAFiles: []string{"/a"}, CADirs: []string{"/b"}, CertFile: "/c", KeyFile: "/k", Level: cert.LevelCA, ServerName: "n",
			VerifyNames: []string{"x"}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS13, Ciphers: "HIGH", Ciphersuites: "TLS_AES_128_GCM_SHA256",
		}), KeyPassphrase: "prompt"}},
		{
			"inline", "", "[tls]\nca_data = '''\n" + pem + "'''\ncert_data = '" + base64.StdEncoding.EncodeToString([]byte(pem)) + "'\nkey_data = 'keyring:k'\n",
			Connection{Options: secured(conn.TLSOptions{CAData: []byte(pem), CertData: []byte(pem)}), KeyData: "keyring:k"},
		},
		{"any key turns TLS on", "", "tls.verify = 'none'", Connection{Options: secured(conn.TLSOptions{Level: cert.LevelNone})}},
		{"TLS", "", "tls.enabled = true", Connection{Options: secured(conn.TLSOptions{})}},
		{"the table alone turns TLS on", "", "[tls]", Connection{Options: secured(conn.TLSOptions{})}},
		{"TLS off", "tls.ca = '/a'", "tls.enabled = false", Connection{Options: plain}},
		{"uri", "", "uri = 'rediss://u:p%40@h:1/2'", Connection{Options: with(func(o *conn.Options) {
			o.Host, o.Port, o.DB, o.User, o.TLS = "h", 1, 2, "u", &conn.TLSOptions{}
		}), Password: "text:p@"}},
		{
			"single keys go before the uri", "", "uri = 'redis://:p@h:1/2'\nport = 3\ndb = 0\npassword = 'prompt'",
			Connection{Options: with(func(o *conn.Options) { o.Host, o.Port = "h", 3 }), Password: "prompt"},
		},
		{
			"a uri replaces what is inherited", "host = 'b'\nport = 9\nuser = 'b'\npassword = 'env:B'\ndb = 4", "uri = 'redis://h'",
			Connection{Options: with(func(o *conn.Options) { o.Host, o.User, o.DB = "h", "b", 4 }), Password: "env:B"},
		},
		{
			"with all it says", "host = 'b'\nuser = 'b'\npassword = 'env:B'\ndb = 4", "uri = 'redis://u:p@h/5'",
			Connection{Options: with(func(o *conn.Options) { o.Host, o.User, o.DB = "h", "u", 5 }), Password: "text:p"},
		},
		{"a host replaces an inherited socket", "socket = '/s'", "host = 'h'", Connection{Options: with(func(o *conn.Options) { o.Host = "h" })}},
		{"a host goes before an inherited uri", "uri = 'unix:///s'", "host = 'h'", Connection{Options: with(func(o *conn.Options) { o.Host = "h" })}},
		{"socket", "host = 'h'", "socket = '/s'", Connection{Options: with(func(o *conn.Options) { o.Host, o.Socket = "h", "/s" })}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t, map[string]string{"profiles/base.toml": tt.base, "profiles/p.toml": "extends = 'base'\n" + tt.text})
			got, err := s.load(t, "p").Connection()
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v %+v\nwant %+v %+v", got, got.Options.TLS, tt.want, tt.want.Options.TLS)
			}
			if string(got.Password) != string(tt.want.Password) {
				t.Error("another password")
			}
		})
	}
}

func TestContradictions(t *testing.T) {
	for text, want := range map[string]string{
		"uri = 'rediss://h'\ntls.enabled = false": "p.toml:2:1: tls.enabled says no",
		"tls.cert = 'a'\ntls.cert_data = 'AAAA'":  "p.toml:2:1: tls.cert_data is the same as tls.cert",
		"tls.key = 'a'\ntls.key_data = 'env:K'":   "p.toml:2:1: tls.key_data is the same as tls.key",
		"tls.max = '1.1'\ntls.min = '1.2'":        "p.toml:2:1: tls.min is newer than tls.max",
		"socket = '/s'\ncluster.follow = true":    "p.toml:2:1: cluster.follow needs host and port",
	} {
		_, err := newStore(t, map[string]string{"profiles/p.toml": text}).load(t, "p").Connection()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// TestEveryOptionHasAKey holds that whatever the command line can say of a connection, a profile can: each field of conn's options is set by some key.
func TestEveryOptionHasAKey(t *testing.T) {
	s := newStore(t, map[string]string{"profiles/a.toml": `
uri = "redis://h"
host = "x"
port = 7000
socket = "/s"
ip = 6
user = "u"
password = "env:PW"
db = 3
protocol = 3
client_name = "c"
timeout = "1s"
[tls]
ca = "/a"
ca_dirs = ["/b"]
ca_data = "AAAA"
cert = "/c"
key = "/k"
key_passphrase = "prompt"
verify = "ca"
server_name = "n"
verify_names = ["x"]
min = "1.0"
max = "1.3"
ciphers = "HIGH"
ciphersuites = "X"
`, "profiles/b.toml": "tls.cert_data = 'AAAA'\ntls.key_data = 'env:K'"})
	resolve := func(string, Reference) (conn.Secret, error) { return conn.NewSecret("AAAA"), nil }
	var all [2]conn.Options
	for i, name := range []string{"a", "b"} {
		c, err := s.load(t, name).Connection()
		if err != nil {
			t.Fatal(err)
		}
		if all[i], err = c.Reveal(resolve); err != nil {
			t.Fatal(err)
		}
	}
	elsewhere := []string{"Program", "PasswordFromEnvironment", "AsRedisCLI", "PassphraseFile", "Tokens", "Profile", "Base"} // the run's, not the server's
	for _, values := range [][2]reflect.Value{
		{reflect.ValueOf(all[0]), reflect.ValueOf(all[1])}, {reflect.ValueOf(*all[0].TLS), reflect.ValueOf(*all[1].TLS)},
	} {
		for i := range values[0].NumField() {
			name := values[0].Type().Field(i).Name
			if values[0].Field(i).IsZero() && values[1].Field(i).IsZero() && !slices.Contains(elsewhere, name) {
				t.Errorf("no key sets %s", name)
			}
		}
	}
}

func TestReveal(t *testing.T) {
	c := Connection{
		Options: conn.Options{TLS: &conn.TLSOptions{}}, Password: "env:A", KeyData: "env:K", KeyPassphrase: "env:P",
	}
	var asked []Reference
	var keys []string
	o, err := c.Reveal(func(key string, r Reference) (conn.Secret, error) {
		asked, keys = append(asked, r), append(keys, key)
		return conn.NewSecret(pem + string(r)), nil
	})
	if err != nil || o.Password.Reveal() != pem+"env:A" || o.TLS.KeyData.Reveal() != pem+"env:K" || len(asked) != 2 {
		t.Errorf("%v %v %v", o.Password.Reveal(), asked, err)
	}
	for range 2 {
		if pass, err := o.TLS.Passphrase("k"); err != nil || string(pass) != pem+"env:P" {
			t.Errorf("%s, %v", pass, err)
		}
	}
	if got := strings.Join(keys, " "); got != "password tls.key_data tls.key_passphrase" {
		t.Errorf("resolved: %s", got)
	}
	if c.Options.TLS.KeyData.IsSet() {
		t.Error("the profile's own options hold the key")
	}
	for _, c := range []Connection{{Password: "hush"}, {Options: c.Options, KeyData: "hush"}} {
		no := errors.New("no")
		if _, err := c.Reveal(func(string, Reference) (conn.Secret, error) { return conn.Secret{}, no }); !errors.Is(err, no) || strings.Contains(err.Error(), "hush") {
			t.Error(err)
		}
	}
}

func TestReferences(t *testing.T) {
	at := place{folder: "/p", home: "/home/ann"}
	for text, want := range map[Reference]struct {
		shown, below Reference
		clear        bool
	}{
		"prompt": {shown: "prompt"}, "env:A": {shown: "env:A"}, "keyring:n": {shown: "keyring:n"}, "command:./x y": {shown: "command:./x y"},
		"file:x": {shown: "file:x", below: "file:/p/x"}, "file:~/x": {shown: "file:~/x", below: "file:/home/ann/x"}, "file:/x": {shown: "file:/x"},
		"age:f#id": {shown: "age:f#id", below: "age:/p/f#/p/id"}, "hush": {shown: "***", clear: true}, "text:hush": {shown: "***", clear: true},
		"environment": {shown: "***", clear: true},
	} {
		if got := text.String(); got != string(want.shown) || text.IsClear() != want.clear {
			t.Errorf("%q: %s, in clear: %v", string(text), got, text.IsClear())
		}
		if got := text.below(at); got != cmp.Or(want.below, text) {
			t.Errorf("%q below %+v: %q", string(text), at, string(got))
		}
	}
	for _, text := range []Reference{"env:", "keyring", "command:'"} {
		if err := text.Check(); err == nil {
			t.Errorf("%q passes", string(text))
		}
	}
}

// TestSecretsDoNotPrint holds that what stands in a file in clear is shown by no verb, and in no error.
func TestSecretsDoNotPrint(t *testing.T) {
	s := newStore(t, map[string]string{"profiles/p.toml": "uri = 'redis://u:hush@h'\npassword = 'hush'\ntls.key_passphrase = 'text:hush'\ntls.key_data = 'hush'\n"})
	p := s.load(t, "p")
	c, err := p.Connection()
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if shown := fmt.Sprintf(verb+verb, p, c); strings.Contains(shown, "hush") || strings.Contains(shown, "68757368") {
			t.Errorf("%s shows %s", verb, shown)
		}
	}
	if got := strings.Join(p.ClearSecrets(), " "); got != "password tls.key_data tls.key_passphrase uri" {
		t.Errorf("in clear: %s", got)
	}
	// Without a password there is no secret, though the server is to be told that there is none.
	if got := (Profile{Settings: Settings{URI: "redis://ann:@h"}}).ClearSecrets(); len(got) != 0 {
		t.Errorf("in clear: %q", got)
	}
	for uri, want := range map[URI]string{"redis://u:hush@h:1/2": "redis://u:***@h:1/2", "redis://hush@h": "redis://***@h", "redis://h": "redis://h"} {
		if uri.String() != want {
			t.Errorf("%s, want %s", uri, want)
		}
	}
	for _, text := range []string{"password = ['hush']", "passwrd = 'hush'", "password.x = 'hush'", "password = 'hush", "password = 'hush'\npassword = 'hush'", "uri = 'redis://u:hush@h:x'"} {
		if _, err := newStore(t, map[string]string{"profiles/p.toml": text}).Load("p"); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
