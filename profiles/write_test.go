package profiles

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain lets the test binary be one of many programs that add a profile.
func TestMain(m *testing.M) {
	if dir := os.Getenv("REDAN_TEST_ADD"); dir != "" {
		name := os.Getenv("REDAN_TEST_NAME")
		s := NewStore(dir, "")
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		err := errors.Join(s.Create(ctx, name, Set("h", "host")), s.EditPreferences(ctx, Set("gzip", "defaults", "decoders", name)))
		cancel()
		if err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestManyPrograms adds profiles from 50 programs at once, which also change one file together: nothing is lost.
func TestManyPrograms(t *testing.T) {
	const many = 50
	s := NewStore(filepath.Join(t.TempDir(), "redan"), "")
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "REDAN_TEST_ADD="+s.Directory(), fmt.Sprintf("REDAN_TEST_NAME=p%d", i), "GORACE=atexit_sleep_ms=0")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	all.Wait()
	entries, err := s.List()
	if err != nil || len(entries) != many {
		t.Fatalf("%d profiles, %v", len(entries), err)
	}
	for _, e := range entries {
		if e.Err != nil || e.Profile.Host != "h" || len(e.Profile.Decoders) != many {
			t.Errorf("%s: %v, %d decoders", e.Name, e.Err, len(e.Profile.Decoders))
		}
	}
}

func TestCreate(t *testing.T) {
	s := NewStore(filepath.Join(t.TempDir(), "redan"), "")
	err := s.Create(t.Context(), "orders-prod", Set("h", "host"), Set([]string{"a", "b"}, "tags"), Set("full", "tls", "verify"), Set(true, "read_only"))
	if err != nil {
		t.Fatal(err)
	}
	want := "version = 1\nhost = \"h\"\ntags = [\"a\", \"b\"]\nread_only = true\n\n[tls]\nverify = \"full\"\n"
	if got := s.text(t, "orders-prod"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if p := s.load(t, "orders-prod"); p.Host != "h" || !p.ReadOnly || p.Version != 1 {
		t.Errorf("%+v", p)
	}
	for path, mode := range map[string]os.FileMode{s.Path("orders-prod"): 0o600, filepath.Dir(s.Path("x")): 0o700, s.Directory(): 0o700} {
		if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	for name, want := range map[string]error{"orders-prod": ErrExists, "Orders-Prod": ErrExists, "../x": ErrName} {
		if err := s.Create(t.Context(), name); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.Create(t.Context(), "ORDERS-prod"); err == nil || !strings.Contains(err.Error(), "capitals") {
		t.Errorf("the clash is not told: %v", err)
	}
	if err := s.Create(t.Context(), "bad", Set(70000, "port")); err == nil {
		t.Error("a faulty profile is made")
	}
	if names, _ := s.Names(); len(names) != 1 {
		t.Errorf("profiles %q", names)
	}
}

func TestEdit(t *testing.T) {
	const before = "# orders\nhost = 'h'  # where\n\n[tls]\n# who vouches\nca = 'ca.crt'\n"
	s := newStore(t, map[string]string{"profiles/p.toml": before})
	if err := s.Edit(t.Context(), "p", Set("i", "host"), Set(7, "port"), Set("n", "tls", "server_name")); err != nil {
		t.Fatal(err)
	}
	want := "# orders\nhost = \"i\"  # where\nport = 7\n\n[tls]\n# who vouches\nca = 'ca.crt'\nserver_name = \"n\"\n"
	if got := s.text(t, "p"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if err := s.Edit(t.Context(), "p", Unset("tls"), Unset("port"), Unset("user")); err != nil {
		t.Fatal(err)
	}
	if got, want := s.text(t, "p"), "# orders\nhost = \"i\"  # where\n\n# who vouches\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	before2 := s.text(t, "p")
	for _, change := range []Change{Set("x", "prot"), Set("x", "port"), Set("nobody", "extends"), Set("p", "extends"), Set(2, "version")} {
		if err := s.Edit(t.Context(), "p", change); err == nil {
			t.Errorf("%v is accepted", change)
		}
	}
	if got := s.text(t, "p"); got != before2 {
		t.Errorf("a refused change is written: %s", got)
	}
	if err := s.Edit(t.Context(), "q", Set("x", "host")); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

// TestMend holds that an edit can repair a faulty file, and touches none that it cannot read.
func TestMend(t *testing.T) {
	s := newStore(t, map[string]string{"profiles/slip.toml": "hots = 'h'\n", "profiles/no.toml": "no toml", "profiles/newer.toml": "version = 2\nx = 1\n"})
	if err := s.Edit(t.Context(), "slip", Set("h", "host")); err == nil {
		t.Error("the fault stays and it is written")
	}
	if err := s.Edit(t.Context(), "slip", Unset("hots"), Set("h", "host")); err != nil || s.load(t, "slip").Host != "h" {
		t.Error(err)
	}
	if err := s.Write(t.Context(), "no", []byte("host = 'x'\n")); err != nil || s.load(t, "no").Host != "x" {
		t.Error(err)
	}
	for name, try := range map[string]func() error{
		"edit":  func() error { return s.Edit(t.Context(), "newer", Set("h", "host")) },
		"write": func() error { return s.Write(t.Context(), "newer", []byte("host = 'x'\n")) },
	} {
		if err := try(); !isNewer(err) || s.text(t, "newer") != "version = 2\nx = 1\n" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWrite(t *testing.T) {
	s := newStore(t, map[string]string{"profiles/p.toml": "host = 'h'\n"})
	for text, good := range map[string]bool{"# new\nport = 7\n": true, "port = 'x'\n": false, "port": false, "version = 2\n": false} {
		before := s.text(t, "p")
		err := s.Write(t.Context(), "p", []byte(text))
		if after := s.text(t, "p"); (err == nil) != good || good && after != text || !good && after != before {
			t.Errorf("%q: %v, %q", text, err, after)
		}
	}
	if err := s.Write(t.Context(), "fresh", []byte("port = 8\n")); err != nil || s.load(t, "fresh").Port != 8 {
		t.Error(err)
	}
	if err := s.Write(t.Context(), "Fresh", []byte("port = 8\n")); !errors.Is(err, ErrExists) {
		t.Error(err)
	}
}

func TestRename(t *testing.T) {
	s := newStore(t, map[string]string{
		"profiles/base.toml": "host = 'h'\n", "profiles/heir.toml": "extends = 'base' # mother\n", "profiles/other.toml": "# no\n", "profiles/no.toml": "no toml",
	})
	if err := s.Rename(t.Context(), "base", "eu"); err != nil {
		t.Fatal(err)
	}
	if got := s.text(t, "heir"); got != "extends = \"eu\" # mother\n" || s.load(t, "heir").Host != "h" {
		t.Errorf("the heir says %q", got)
	}
	if _, err := s.Load("base"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if err := s.Rename(t.Context(), "eu", "EU"); err != nil || s.load(t, "EU").Host != "h" {
		t.Errorf("another case: %v", err)
	}
	for from, want := range map[string]error{"EU": ErrExists, "none": ErrNotFound} {
		if err := s.Rename(t.Context(), from, "other"); !errors.Is(err, want) {
			t.Errorf("%s: %v", from, err)
		}
	}
}

func TestCopyAndRemove(t *testing.T) {
	s := newStore(t, map[string]string{"profiles/base.toml": "# c\nhost = 'h'\n", "profiles/heir.toml": "extends = 'base'\n", "profiles/no.toml": "no toml"})
	if err := s.Copy(t.Context(), "base", "two"); err != nil || s.text(t, "two") != "# c\nhost = 'h'\n" {
		t.Error(err)
	}
	if err := s.Copy(t.Context(), "base", "heir"); !errors.Is(err, ErrExists) {
		t.Error(err)
	}
	if err := s.Remove(t.Context(), "base"); !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), "heir") {
		t.Error(err)
	}
	for _, name := range []string{"heir", "base", "no"} {
		if err := s.Remove(t.Context(), name); err != nil {
			t.Error(err)
		}
	}
	if names, _ := s.Names(); len(names) != 1 {
		t.Errorf("left: %q", names)
	}
}

func TestEditPreferences(t *testing.T) {
	s := newStore(t, map[string]string{"config.toml": "# mine\nface = 'screen'\n[keys]\nhelp = ['f1']\n"})
	if err := s.EditPreferences(t.Context(), Set("prompt", "face"), Set([]string{"f"}, "keys", "keys.filter")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(s.PreferencesPath())
	if want := "# mine\nface = \"prompt\"\n[keys]\nhelp = ['f1']\n\"keys.filter\" = [\"f\"]\n"; err != nil || string(text) != want {
		t.Errorf("got %s, %v", text, err)
	}
	if err := s.EditPreferences(t.Context(), Set("x", "face")); err == nil {
		t.Error("a faulty value is written")
	}
	fresh := NewStore(filepath.Join(t.TempDir(), "x"), "")
	if err := fresh.EditPreferences(t.Context(), Set("dark", "theme")); err != nil {
		t.Fatal(err)
	}
	if p, err := fresh.Preferences(); err != nil || p.Theme != "dark" || p.Version != 1 {
		t.Errorf("%+v, %v", p, err)
	}
}

type failing struct{ error }

func (f failing) Write([]byte) (int, error) { return 0, f.error }

// TestNoRoom holds that what cannot be written leaves everything as it was.
func TestNoRoom(t *testing.T) {
	s := newStore(t, map[string]string{"profiles/p.toml": "host = 'h'\n", "config.toml": "theme = 'x'\n"})
	errFull := errors.New("no space left on device")
	s.files.Through = func(io.Writer) io.Writer { return failing{errFull} }
	for name, try := range map[string]func() error{
		"edit":        func() error { return s.Edit(t.Context(), "p", Set("i", "host")) },
		"create":      func() error { return s.Create(t.Context(), "q") },
		"copy":        func() error { return s.Copy(t.Context(), "p", "q") },
		"preferences": func() error { return s.EditPreferences(t.Context(), Set("y", "theme")) },
	} {
		if err := try(); !errors.Is(err, errFull) || !strings.Contains(err.Error(), "nothing is changed") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if names, _ := s.Names(); len(names) != 1 || s.text(t, "p") != "host = 'h'\n" {
		t.Errorf("left: %q, %q", names, s.text(t, "p"))
	}
}

// TestNoFolder holds that a configuration directory that cannot be made is told.
func TestNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := NewStore(filepath.Join(file, "redan"), "").Create(t.Context(), "p"); err == nil || !strings.Contains(err.Error(), "nothing is changed") {
		t.Error(err)
	}
}
