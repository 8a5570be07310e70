package commands

import (
	"strings"
	"testing"
)

func TestSecret(t *testing.T) {
	secret := []string{
		"auth pw", "AUTH user pw", "auth", "3 auth pw", "0 auth pw", "-1 auth pw",
		"hello 3 auth u p", "HELLO 2 setname x AUTH u p",
		"migrate h 1 k 0 1 auth pw", "migrate h 1 k 0 1 copy AUTH2 u p", `migrate h 1 "" 0 1 auth pw keys a`,
		"acl setuser u >pw", "ACL SetUser u", "acl getuser u", "acl deluser u",
		"config set requirepass x", "config set maxmemory 0 requirepass x", "CONFIG SET MasterAuth x", "config set masteruser x",
		"config set primaryauth x", "config set tls-key-file-pass x", "config set save 60 tls-client-key-file-pass x",
		"sentinel set m auth-pass x", "SENTINEL SET m down-after-milliseconds 1 AUTH-USER x",
		"sentinel config set sentinel-pass x", "sentinel config set sentinel-user x",
	}
	for _, line := range secret {
		if !SecretLine(line) {
			t.Errorf("%q is not seen as secret", line)
		}
	}
	open := []string{
		"", "get auth", "set k auth", "hello", "hello 3", "hello 3 setname auth1", "migrate h 1 k 0 1",
		`migrate h 1 "" 0 1 keys auth auth2`, "acl", "acl list", "acl whoami", "config", "config set", "config get requirepass",
		"config set maxmemory 0", "sentinel", "sentinel masters", "sentinel set", "3", "3 get k", "echo auth pw", "eval return 0",
	}
	for _, line := range open {
		if SecretLine(line) {
			t.Errorf("%q is seen as secret", line)
		}
	}
	if Secret(nil) || !Secret([]string{"AUTH", "p w"}) {
		t.Error("Secret and SecretLine disagree")
	}
}

// redis-cli stores such lines although they hold what the user meant to send.
func TestSecretInLineWithBadQuoting(t *testing.T) {
	for _, line := range []string{
		`auth "pass`, `auth 'a'b`, `"auth" "pass`, `config set "requirepass" "x`, `3 auth "x`, `hello 3 "auth" u "p`,
	} {
		if _, err := Split(line); err == nil {
			t.Fatalf("%q has no bad quoting", line)
		}
		if !SecretLine(line) {
			t.Errorf("%q is not seen as secret", line)
		}
	}
	if SecretLine(`get "auth`) || SecretLine(`"`) || SecretLine(strings.Repeat(`'x`, 3)) {
		t.Error("bad quoting alone is no secret")
	}
}

// TestSecretConnect holds that :connect with a password is seen, in all the ways it is given.
func TestSecretConnect(t *testing.T) {
	for line, want := range map[string]bool{
		"connect -a pw": true, ":connect h -a pw": true, ":connect --pass pw": true, ":connect --pass=pw": true, ":connect redis://u:p@h": true,
		"connect redan -u rediss://p@h": true, `\watch 2 auth pw`: true, `\watch config set masterauth x`: true,
		":connect -h x -p 7": false, "connect h 7": false, ":connect redis://h/2": false, ":connect --askpass": false, `\watch get auth`: false,
		`\watch`: false, "set connect -a": false,
	} {
		if got := SecretLine(line); got != want {
			t.Errorf("%q is secret: %v", line, got)
		}
	}
}

// TestMaskedReply takes what a server repeats of a secret out of what it says, and nothing else.
func TestMaskedReply(t *testing.T) {
	for _, test := range []struct{ line, said, want string }{
		{"auth hunter2", "ERR unknown command 'auth', with args beginning with: 'hunter2' ", "ERR unknown command 'auth', with args beginning with: ***"},
		{"acl setuser bob >hunter2 no", "ERR Error in ACL SETUSER modifier '>hunter2': bad", "ERR Error in ACL SETUSER modifier '***': bad"},
		{"acl setuser bob >hunter2", "ERR hunter2", "ERR ***"},
		{"config set masterauth hunter2", "ERR CONFIG SET failed (masterauth) hunter2", "ERR CONFIG SET failed (masterauth) ***"},
		{"get hunter2", "ERR hunter2", "ERR hunter2"},
	} {
		words, err := Split(test.line)
		if err != nil {
			t.Fatal(err)
		}
		if got := MaskedReply(words, test.said); got != test.want {
			t.Errorf("%s: %q, not %q", test.line, got, test.want)
		}
		if masked := strings.Join(Masked(words), " "); Secret(words) == strings.Contains(masked, "hunter2") {
			t.Errorf("%s is shown as %q", test.line, masked)
		}
	}
}
