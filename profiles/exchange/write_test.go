package exchange_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"redan/profiles"
	"redan/profiles/exchange"
)

// loaded returns profiles of these files, in the order of their names.
func loaded(t *testing.T, files map[string]string) []profiles.Profile {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "profiles"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, "profiles", name+".toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := profiles.NewStore(dir, "/home/ann").List()
	if err != nil {
		t.Fatal(err)
	}
	var list []profiles.Profile
	for _, e := range entries {
		if e.Err != nil {
			t.Fatal(e.Err)
		}
		list = append(list, e.Profile)
	}
	return list
}

func TestWrite(t *testing.T) {
	key := "-----BEGIN PRIVATE KEY-----\naHVzaA==\n-----END PRIVATE KEY-----\n"
	list := loaded(t, map[string]string{
		"base": "host = 'b.example.com'\nuser = 'ann'\npassword = 'env:PW'\ntimeout = '1500ms'\ndescription = 'base'\nread_only = true\n[tls]\nca = '/ca.pem'\nmin = '1.2'\n[decoders]\n'a.b:*' = 'gzip'\n",
		"heir": "extends = 'base'\ntags = ['x', 'y z']\nread_only = false\nport = 7000\ncluster.follow = true\nprotocol = 3\n[tls]\nserver_name = \"it's\"\nkey_passphrase = 'file:/pass'\n" +
			"key = '/k.pem'\ncert = '/c.pem'\n[before]\ncommand = ['ssh', 'x']\nwait = '3s'\n",
		"secret": "uri = 'rediss://a%40b:hush@[::1]:1/2'\ntls.key_passphrase = 'hush'\ntls.key_data = 'hush'\ntls.cert_data = '''\n" + certificate + key + "'''\n",
		"socket": "socket = '/run/a b.sock'\ndb = 3\npassword = 'text:hush'\n",
	})
	for format, want := range map[exchange.Format][2]string{
		exchange.TOML: {`# Profiles of redan, without secrets. Read by: redan profile import FILE
version = 1

[profiles.base]
description = "base"
read_only = true
host = "b.example.com"
user = "ann"
password = "env:PW"
timeout = "1.5s"

[profiles.base.decoders]
"a.b:*" = "gzip"

[profiles.base.tls]
ca = ["/ca.pem"]
min = "1.2"

[profiles.heir]
tags = ["x", "y z"]
read_only = false
host = "b.example.com"
port = 7000
`, "secret: the password in uri stands in the profile in clear, and is left out|secret: the private key in tls.cert_data is left out|secret: tls.key_data stands in the profile in clear, and is left out|" +
			"secret: tls.key_passphrase stands in the profile in clear, and is left out|socket: password stands in the profile in clear, and is left out"},
		exchange.JSON: {`{
  "profiles": {
    "base": {
      "decoders": {
        "a.b:*": "gzip"
      },
      "description": "base",
      "host": "b.example.com",
      "password": "env:PW",
      "read_only": true,
      "timeout": "1.5s",
`, "secret: the password in uri stands in the profile in clear, and is left out|secret: the private key in tls.cert_data is left out|secret: tls.key_data stands in the profile in clear, and is left out|" +
			"secret: tls.key_passphrase stands in the profile in clear, and is left out|socket: password stands in the profile in clear, and is left out"},
		exchange.URIs: {`base = rediss://ann:@b.example.com:6379
heir = rediss://ann:@b.example.com:7000
secret = rediss://a%40b:@[::1]:1/2
socket = unix:///run/a%20b.sock?db=3
`, "base: an address cannot tell certificates, names and how they are verified|heir: an address cannot tell certificates, names and how they are verified|" +
			"secret: an address cannot tell certificates, names and how they are verified"},
		exchange.Shell: {`REDISCLI_AUTH="$PW" redan -h b.example.com -p 6379 --user ann --tls --cacert /ca.pem --tls-min 1.2 -t 1.5 --read-only # base
REDISCLI_AUTH="$PW" redan -h b.example.com -p 7000 --user ann --tls --cacert /ca.pem --cert /c.pem --key /k.pem --key-pass-file /pass --sni 'it'\''s' --tls-min 1.2 -3 -c -t 1.5 # heir
redan -h ::1 -p 1 --user a@b --askpass -n 2 --tls # secret
redan -s '/run/a b.sock' --askpass -n 3 # socket
`, "heir: a command line cannot tell what runs before it|secret: a command line cannot tell a client certificate that is within the profile"},
	} {
		written, err := exchange.Write(list, format)
		if err != nil {
			t.Fatal(err)
		}
		text, notes := string(written.Data), strings.Join(written.Notes, "|")
		if !strings.HasPrefix(text, want[0]) || notes != want[1] {
			t.Errorf("%s: got\n%s\n%s\nwant\n%s\n%s", format, text, notes, want[0], want[1])
		}
		if strings.Contains(text, "hush") || strings.Contains(text, "aHVzaA") || strings.Contains(notes, "hush") {
			t.Errorf("%s shows a secret: %s", format, text)
		}
	}
	if _, err := exchange.Write(list, exchange.RedisInsight); !errors.Is(err, exchange.ErrNotWritable) {
		t.Error(err)
	}
}

// TestWrittenIsReadBack holds that what is written says all that the profiles say: it is read back as profiles that are written the same.
func TestWrittenIsReadBack(t *testing.T) {
	list := loaded(t, map[string]string{
		"all": `
description = "d \"q\" 'x'"
group = "g"
tags = ["a", "b"]
color = "#112233"
environment = "production"
read_only = false
face = "prompt"
prompt = "{host}>"
delimiter = "/"
filter = "a*"
no_history = true
no_key_names = true
uri = "redis://h"
host = "i"
port = 1
ip = 4
user = "u"
password = "keyring:all"
db = 0
protocol = 3
client_name = "c"
timeout = "90s"
cluster.follow = true
guard.exceptions = ["DEL"]
[decoders]
"cache:*" = "gzip"
"a.b" = "json"
[tls]
enabled = true
ca = ["/a", "/b"]
ca_dirs = ["/d"]
cert = "/c"
key_data = "env:K"
key_passphrase = "prompt"
verify = "ca"
server_name = "n"
verify_names = ["x"]
min = "1.2"
max = "1.3"
ciphers = "HIGH"
ciphersuites = "X"
[before]
command = ["a", "b c"]
port = 2
wait = "3s"
`,
		"dots.and-more_1": "host = 'h'\ntls.ca_data = '''\n" + certificate + "'''\n",
	})
	for _, format := range []exchange.Format{exchange.TOML, exchange.JSON} {
		written, err := exchange.Write(list, format)
		if err != nil || len(written.Notes) > 0 {
			t.Fatal(err, written.Notes)
		}
		result, err := exchange.Read("x", written.Data)
		if err != nil || len(result.Entries) != 2 || len(result.Notes) > 0 {
			t.Fatal(err, result)
		}
		s := newShelf(t)
		s.add(t, result.Entries)
		var back []profiles.Profile
		for _, e := range result.Entries {
			p, err := s.Load(e.Name)
			if err != nil {
				t.Fatal(err)
			}
			back = append(back, p)
		}
		again, err := exchange.Write(back, format)
		if err != nil || string(again.Data) != string(written.Data) {
			t.Errorf("%v\n%s\n%s", err, written.Data, again.Data)
		}
		for _, key := range profiles.Keys() { // none is forgotten
			name, _, _ := strings.Cut(key.Name, ".*")
			last := name[strings.LastIndex(name, ".")+1:]
			if !strings.Contains(string(written.Data), last) && name != "extends" && name != "socket" && name != "tls.key" && name != "tls.cert_data" {
				t.Errorf("%s lacks %s", format, name)
			}
		}
	}
}
