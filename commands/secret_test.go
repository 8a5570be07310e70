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
