//go:build linux

package secret_test

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"redan/conn"
	"redan/profiles/secret"
)

// secretService is a session of D-Bus of the test's own, with gnome-keyring's Secret Service in it, unlocked.
func secretService(t *testing.T) (address string) {
	t.Helper()
	home := t.TempDir()
	env := append(os.Environ(), "HOME="+home, "XDG_RUNTIME_DIR="+home, "XDG_DATA_HOME="+filepath.Join(home, "data"), "GNOME_KEYRING_CONTROL=")
	bus := exec.CommandContext(t.Context(), "dbus-daemon", "--session", "--nofork", "--print-address=1", "--address=unix:dir="+home)
	bus.Env = env
	address = firstLine(t, bus)

	keyring := exec.CommandContext(t.Context(), "gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets", "--control-directory="+home)
	keyring.Env = slices.Concat(env, []string{"DBUS_SESSION_BUS_ADDRESS=" + address})
	keyring.Stdin = strings.NewReader("the keyring's own password")
	firstLine(t, keyring) // it says where it is once it is there
	return address
}

// firstLine starts a program that runs until the test ends, and returns the first line that it prints.
func firstLine(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("this test needs %s: %v", cmd.Args[0], err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	lines := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(out).ReadString('\n')
		lines <- strings.TrimSpace(line)
	}()
	select {
	case line := <-lines:
		return line
	case <-time.After(20 * time.Second):
		t.Fatalf("%s said nothing", cmd.Args[0])
		return ""
	}
}

// TestSecretService stores, finds and forgets a secret in a real Secret Service.
func TestSecretService(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", secretService(t))
	s := secret.Sources{Keyring: secret.SystemKeys{}}
	r := parse(t, "keyring:orders prod/default")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()

	if _, err := s.Resolve(ctx, r, "password"); !errors.Is(err, secret.ErrNotInKeyring) || !strings.Contains(err.Error(), "--set-password") {
		t.Fatalf("before: %v", err)
	}
	const text = "päss wörd\x01\"'"
	if err := s.Store(ctx, r, conn.NewSecret(text)); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Resolve(ctx, r, "password"); err != nil || got.Secret.Reveal() != text {
		t.Fatalf("got %q, %v", got.Secret.Reveal(), err)
	}
	if err := s.Forget(ctx, r); err != nil {
		t.Fatal(err)
	}
	if err := s.Forget(ctx, r); err != nil {
		t.Errorf("what is not there cannot be forgotten, and that is no error: %v", err)
	}
	if _, err := s.Resolve(ctx, r, "password"); !errors.Is(err, secret.ErrNotInKeyring) {
		t.Errorf("after: %v", err)
	}
}

// TestNoSecretService holds that where no keyring runs this is said, with the other places.
func TestNoSecretService(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	_, err := secret.Sources{Keyring: secret.SystemKeys{}}.Resolve(t.Context(), parse(t, "keyring:x"), "password")
	if !errors.Is(err, secret.ErrNoKeyring) || !strings.Contains(err.Error(), "env:NAME") {
		t.Errorf("got %v", err)
	}
}
