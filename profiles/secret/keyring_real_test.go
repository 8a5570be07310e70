//go:build linux

package secret_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
	"redan/profiles/secret"
)

// TestSecretService stores, finds and forgets a secret in a real Secret Service.
func TestSecretService(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", conntest.SecretService(t))
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
