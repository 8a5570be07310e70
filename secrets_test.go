package main_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"redan/conn/conntest"
)

// spy is a forwarder that profiles run, and that writes down all that another program of this user can see: the arguments and the
// environment of every process.
func spy() {
	file, err := os.OpenFile(os.Getenv("SPY"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		os.Exit(1)
	}
	for _, pid := range []int{os.Getppid(), os.Getpid()} {
		for _, what := range []string{"cmdline", "comm"} {
			text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, what))
			_, _ = file.Write(append(text, '\n'))
		}
	}
	_, _ = fmt.Fprintln(file, "own environment:", os.Environ())
	_ = file.Close()
	forward()
}

// hideout is a home with profiles that refer to one secret in every way.
type hideout struct {
	home   string
	env    []string
	secret string
	seen   []string // all that was ever shown
}

func (h *hideout) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(h.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run runs redan and keeps what it says.
func (h *hideout) run(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "redan", args...)
	cmd.Env, cmd.Dir, cmd.Stdin = h.environment(args[0]), h.home, strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		t.Fatal(err)
	}
	h.seen = append(h.seen, fmt.Sprintf("redan %s:\n%s", strings.Join(args, " "), out))
	return string(out)
}

// environment is that of a run by a profile; the variable with the secret is in it where the profile refers to that.
func (h *hideout) environment(profile string) []string {
	if profile != "@env" {
		return h.env
	}
	return append(slices.Clone(h.env), "THE_SECRET="+h.secret)
}

// sit has a person sit before the prompt, type lines and leave; what is on the screen and in the title is kept.
func (h *hideout) sit(t *testing.T, profile string, lines ...string) {
	t.Helper()
	term, err := openTerminal(h.home, h.environment("@"+profile), 150, 50, []string{"redan", "--verbose", "--repl", "@" + profile})
	if err != nil {
		t.Fatal(err)
	}
	defer term.close()
	await := func(pattern string) {
		t.Helper()
		shown := ""
		for deadline := time.Now().Add(scriptPatience); !regexp.MustCompile(pattern).MatchString(shown); time.Sleep(5 * time.Millisecond) {
			if shown, err = term.screen(); err != nil || time.Now().After(deadline) {
				t.Fatalf("%s does not come (%v):\n%s", pattern, err, shown)
			}
		}
	}
	await(`(?m)^` + profile + ` .*>$`)
	for _, line := range append(lines, "exit") {
		if _, err := term.tell("send-keys", line, "Enter"); err != nil {
			t.Fatal(err)
		}
	}
	await(`\[exit 0\]`)
	for _, what := range [][]string{{"capture-pane", "-p", "-S", "-"}, {"display-message", "-p", "#{pane_title} #{window_name}"}} {
		shown, err := term.tell(what...)
		if err != nil {
			t.Fatal(err)
		}
		h.seen = append(h.seen, "at the prompt of "+profile+":\n"+shown)
	}
}

// leftBehind adds every file that is in the home now and was not put there.
func (h *hideout) leftBehind(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(h.home, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path, filepath.Join(h.home, ".config")) {
			return err
		}
		text, err := os.ReadFile(path)
		h.seen = append(h.seen, path+":\n"+string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// showsNothing fails when the secret is anywhere in what was seen, in any of the forms that it could have taken on the way.
func (h *hideout) showsNothing(t *testing.T) {
	t.Helper()
	for _, form := range []string{
		h.secret, url.QueryEscape(h.secret), hex.EncodeToString([]byte(h.secret)), base64.StdEncoding.EncodeToString([]byte(h.secret)),
	} {
		for _, text := range h.seen {
			if strings.Contains(text, form) {
				t.Errorf("the secret %q shows as %q in\n%s", h.secret, form, text)
			}
		}
	}
}

func randomSecret() string { return "Hush+" + rand.Text() }

// newHideout returns a home whose profiles lead through a spy to address, with a way to the same secret each.
func newHideout(t *testing.T, address, secret, key string, more string) *hideout {
	t.Helper()
	h := &hideout{home: t.TempDir(), secret: secret}
	h.env = []string{
		"HOME=" + h.home, "PATH=" + os.Getenv("PATH"), "TERM=xterm", "GORACE=atexit_sleep_ms=0", "SPY=" + filepath.Join(h.home, "spied"),
	}
	h.write(t, ".config/redan/profiles/secret", secret+"\n")
	h.write(t, ".config/redan/profiles/base.toml", fmt.Sprintf(
		"host = 'redis.example.com'\nport = 6380\nbefore.command = ['spy', '${port}', '%s']\n%s", address, more))
	path := filepath.Join(h.home, ".config/redan/profiles/secret")
	for kind, reference := range map[string]string{
		"env": "env:THE_SECRET", "file": "file:secret", "command": "command:cat " + path, "shell": "shell:cat " + path, "text": "text:" + secret, "bare": secret,
	} {
		h.write(t, ".config/redan/profiles/"+kind+".toml", fmt.Sprintf("extends = 'base'\n%s = '%s'\n", key, reference))
	}
	return h
}

func secretKinds() []string { return []string{"env", "file", "command", "shell", "text", "bare"} }

// TestNoPasswordShows holds that the password of a profile shows nowhere, wherever it comes from: not in the arguments of redan or its
// children, nor in their environment, in output, errors, titles, the history or any other file.
func TestNoPasswordShows(t *testing.T) {
	secret := randomSecret()
	server := conntest.Start(t, conntest.Password(secret))
	other := conntest.Start(t, conntest.Password("another"))
	_, otherPort, _ := strings.Cut(other.Addr(), ":")
	h := newHideout(t, server.Addr(), secret, "password", "")
	h.write(t, ".config/redan/profiles/uri.toml", "extends = 'base'\nuri = 'redis://:"+url.QueryEscape(secret)+"@redis.example.com:6380'\n")
	for _, kind := range append(secretKinds(), "uri") {
		if out := h.run(t, "", "@"+kind, "--verbose", "ping"); !strings.Contains(out, "PONG") {
			t.Fatalf("%s: the secret did not get through:\n%s", kind, out)
		}
		h.run(t, "", "@"+kind, "--verbose", "-h", "127.0.0.1", "-p", otherPort, "ping")
		if kind != "env" && kind != "text" { // of the others only what differs by kind
			continue
		}
		h.run(t, "", "@"+kind, "-n", "99", "ping")
		h.run(t, "", "@"+kind, "-u", "redis://127.0.0.1:1", "ping")
		h.run(t, "", "@"+kind, "cert", "check")
		h.run(t, "", "@"+kind, "--tls", "ping")
		h.run(t, "ping\nconnect 127.0.0.1 1\nping\nconnect 127.0.0.1 "+otherPort+"\nping\n", "@"+kind, "--verbose")
		h.run(t, "", "@"+kind, "--bogus")
		h.run(t, "", "@"+kind, "--help")
	}
	h.sit(t, "env", "ping")
	h.sit(t, "file", "ping", ":profile", ":profile text", "client list", "connect 127.0.0.1 "+otherPort, ":profile uri", ":profile nosuch")
	h.leftBehind(t)
	h.showsNothing(t)
	if all := strings.Join(h.seen, ""); !strings.Contains(all, "own environment: [HOME=") || !strings.Contains(all, "WRONGPASS") {
		t.Error("the spy saw nothing, or no password was refused: this test proves nothing")
	}
}

// TestNoPassphraseShows holds the same of the passphrase of a private key.
func TestNoPassphraseShows(t *testing.T) {
	secret := randomSecret()
	server := conntest.Start(t, conntest.MutualTLS("yes"))
	key := filepath.Join(t.TempDir(), "client.key")
	out, err := exec.Command("openssl", "pkcs8", "-topk8", "-in", server.KeyFile, "-passout", "pass:"+secret, "-out", key).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	h := newHideout(t, fmt.Sprintf("127.0.0.1:%d", server.TLSPort), secret, "tls.key_passphrase",
		fmt.Sprintf("[tls]\nca = '%s'\ncert = '%s'\nkey = '%s'\nserver_name = 'localhost'\n", server.CAFile, server.CertFile, key))
	for _, kind := range secretKinds() {
		if out := h.run(t, "", "@"+kind, "--verbose", "ping"); !strings.Contains(out, "PONG") {
			t.Fatalf("%s: the secret did not get through:\n%s", kind, out)
		}
		if kind != "env" && kind != "text" {
			continue
		}
		h.run(t, "", "@"+kind, "--key", "/no/such.key", "ping")
		h.run(t, "", "@"+kind, "cert", "check", "-v")
		h.run(t, "", "@"+kind, "--sni", "other.example.com", "ping")
		h.run(t, "ping\n", "@"+kind, "--verbose")
	}
	h.sit(t, "file", "ping", ":profile", ":profile text")
	h.leftBehind(t)
	h.showsNothing(t)
}

// TestNoWrongPassphraseShows holds it of one that does not open the key.
func TestNoWrongPassphraseShows(t *testing.T) {
	secret := randomSecret()
	server := conntest.Start(t, conntest.MutualTLS("yes"))
	key := filepath.Join(t.TempDir(), "client.key")
	out, err := exec.Command("openssl", "pkcs8", "-topk8", "-in", server.KeyFile, "-passout", "pass:right", "-out", key).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	h := newHideout(t, fmt.Sprintf("127.0.0.1:%d", server.TLSPort), secret, "tls.key_passphrase",
		fmt.Sprintf("[tls]\nca = '%s'\ncert = '%s'\nkey = '%s'\n", server.CAFile, server.CertFile, key))
	for _, kind := range secretKinds() {
		if out := h.run(t, "", "@"+kind, "ping"); !strings.Contains(out, "passphrase") {
			t.Errorf("%s: the key opened, or something else failed:\n%s", kind, out)
		}
	}
	h.run(t, "", "@text", "cert", "check", "-v")
	h.leftBehind(t)
	h.showsNothing(t)
}
