package profiles

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// watched is a writer that looks around before each write, and may fail.
type watched struct {
	io.Writer
	look func() error
}

func (w watched) Write(data []byte) (int, error) {
	if err := w.look(); err != nil {
		return 0, err
	}
	return w.Writer.Write(data)
}

// TestReplace holds that a profile that takes another one's place is written at once: until then the old one is whole.
func TestReplace(t *testing.T) {
	const old = "host = \"old\"\n[tls]\nverify = \"ca\"\n"
	s := newStore(t, map[string]string{"profiles/p.toml": old})
	writes, full := 0, errors.New("no space left on device")
	failing := error(nil)
	s.files.Through = func(w io.Writer) io.Writer {
		return watched{w, func() error {
			writes++
			if got := s.text(t, "p"); got != old {
				t.Errorf("in the meantime the profile is %q", got)
			}
			return failing
		}}
	}
	failing = full
	if err := s.Replace(t.Context(), "p", Set("new", "host")); !errors.Is(err, full) || s.text(t, "p") != old {
		t.Errorf("%v, %q", err, s.text(t, "p"))
	}
	failing = nil
	for _, faulty := range []Change{Set("x", "hots"), Set(70000, "port"), Set("nobody", "extends")} {
		if err := s.Replace(t.Context(), "p", faulty); err == nil || s.text(t, "p") != old {
			t.Errorf("%v: %q", faulty, s.text(t, "p"))
		}
	}
	writes = 0
	if err := s.Replace(t.Context(), "p", Set("new", "host")); err != nil || writes != 1 {
		t.Errorf("%v after %d writes", err, writes)
	}
	if got := s.text(t, "p"); got != "version = 1\nhost = \"new\"\n" {
		t.Errorf("%q", got)
	}
	if err := s.Replace(t.Context(), "q"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

// TestSecretFiles holds that each key has a file of its own, and that a new secret never leaves the profile without one.
func TestSecretFiles(t *testing.T) {
	s := newStore(t, nil)
	for key, want := range map[string]Reference{"password": "age:p.age", "tls.key_data": "age:p~key_data.age"} {
		got, err := s.PutSecretFile(t.Context(), "p", key, []byte("old"))
		if err != nil || got != want || !s.HasOwnSecretFile("p", key, got) || s.HasOwnSecretFile("p", "tls.key_passphrase", got) {
			t.Errorf("%s: %s, %v", key, got, err)
		}
		if _, err := s.PutSecretFile(t.Context(), "p", key, []byte("new")); err == nil {
			t.Errorf("the file of %s is overwritten", key)
		}
	}
	path := filepath.Join(s.Folder(), "p.age")
	is := func(want string) {
		t.Helper()
		if text, err := os.ReadFile(path); err != nil || string(text) != want {
			t.Errorf("%q, %v, want %q", text, err, want)
		}
	}
	full := errors.New("no space left on device")
	s.files.Through = func(w io.Writer) io.Writer { return watched{w, func() error { is("old"); return full }} }
	if err := s.ReplaceSecretFile(t.Context(), "p", "password", []byte("new")); !errors.Is(err, full) {
		t.Error(err)
	}
	is("old")
	s.files.Through = nil
	if err := s.ReplaceSecretFile(t.Context(), "p", "password", []byte("new")); err != nil {
		t.Error(err)
	}
	is("new")
}
