package profiles

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"redan/profiles/tomlfile"
)

func TestDirectory(t *testing.T) {
	for _, tt := range []struct {
		name, option, system, want string
		env                        map[string]string
	}{
		{"option", "/o", "linux", "/o", map[string]string{"REDAN_CONFIG": "/e", "HOME": "/h"}},
		{"environment", "", "linux", "/e", map[string]string{"REDAN_CONFIG": "/e", "XDG_CONFIG_HOME": "/x", "HOME": "/h"}},
		{"xdg", "", "linux", "/x/redan", map[string]string{"XDG_CONFIG_HOME": "/x", "HOME": "/h"}},
		{"relative xdg is void", "", "linux", "/h/.config/redan", map[string]string{"XDG_CONFIG_HOME": "x", "HOME": "/h"}},
		{"xdg on a Mac", "", "darwin", "/x/redan", map[string]string{"XDG_CONFIG_HOME": "/x", "HOME": "/h"}},
		{"home", "", "linux", "/h/.config/redan", map[string]string{"HOME": "/h"}},
		{"Mac", "", "darwin", "/h/Library/Application Support/redan", map[string]string{"HOME": "/h"}},
		{"Windows", "", "windows", "/a/redan", map[string]string{"APPDATA": "/a", "USERPROFILE": "/u"}},
		{"Windows without APPDATA", "", "windows", "/u/.config/redan", map[string]string{"USERPROFILE": "/u"}},
		{"nothing", "", "linux", "", nil},
	} {
		getenv := func(name string) (string, bool) { value, ok := tt.env[name]; return value, ok }
		got, err := Place{tt.option, getenv, tt.system}.Directory()
		if got != filepath.FromSlash(tt.want) || (tt.want == "") != errors.Is(err, ErrNoHome) {
			t.Errorf("%s: %q, %v; want %q", tt.name, got, err, tt.want)
		}
	}
}

func TestCheckName(t *testing.T) {
	for _, name := range []string{"a", "orders-prod", "eu.cache_2", "1", strings.Repeat("x", 64), "console", "com10"} {
		if err := CheckName(name); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{
		"", ".", "..", "../x", "a/b", `a\b`, "-x", ".x", "a.", "é", "a b", "a\x00", "con", "NUL", "Com1", "lpt9.x", strings.Repeat("x", 65), "a:b", "@x",
	} {
		if err := CheckName(name); !errors.Is(err, ErrName) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestList(t *testing.T) {
	s := newStore(t, map[string]string{
		"profiles/good.toml":       "host = 'h'",
		"profiles/slip.toml":       "hots = 'h'\nport = 7",
		"profiles/no.toml":         "no toml",
		"profiles/.hidden.toml":    "x",
		"profiles/notes.txt":       "x",
		"profiles/bad name.toml":   "x",
		"profiles/dir.toml/x":      "x",
		"profiles/newer.toml":      "version = 2\nwhatever = 1",
		"profiles/odd.toml":        "version = 'x'",
		"profiles/child.toml":      "extends = 'slip'",
		"profiles/motherless.toml": "extends = 'godo'",
	})
	entries, err := s.List()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"good": "", "slip": `slip.toml:1:1: unknown key "hots"; did you mean "host"?`, "no": "no.toml:1:", "newer": "use a newer redan",
		"odd": "odd.toml:1:1: version takes", "child": `slip.toml:1:1: unknown key "hots"`,
		"motherless": `motherless.toml:1:1: extends: there is no such profile as "godo"`,
	}
	for _, e := range entries {
		expected, known := want[e.Name]
		switch {
		case !known:
			t.Errorf("%s is no profile", e.Name)
		case (expected == "") != (e.Err == nil), e.Err != nil && !strings.Contains(e.Err.Error(), expected):
			t.Errorf("%s: %v, want %q", e.Name, e.Err, expected)
		}
		if e.Profile.Name != e.Name || e.Path != s.Path(e.Name) {
			t.Errorf("%s: entry %q %q", e.Name, e.Profile.Name, e.Path)
		}
	}
	if len(entries) != len(want) {
		t.Errorf("%d entries, want %d", len(entries), len(want))
	}
	if slip := entries[slices.IndexFunc(entries, func(e Entry) bool { return e.Name == "slip" })]; slip.Profile.Port != 7 {
		t.Error("what is right in a faulty file cannot be shown")
	}
}

func TestListWithoutFolder(t *testing.T) {
	entries, err := NewStore(filepath.Join(t.TempDir(), "none"), "").List()
	if len(entries) != 0 || err != nil {
		t.Errorf("%v, %v", entries, err)
	}
	s := newStore(t, map[string]string{"profiles": "a file"})
	if _, err := s.List(); err == nil {
		t.Error("a file in the place of the folder is no error")
	}
}

func TestNotFound(t *testing.T) {
	s := newStore(t, map[string]string{"profiles/orders-prod.toml": ""})
	_, err := s.Load("order-prod")
	if !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), `did you mean "orders-prod"?`) {
		t.Error(err)
	}
	if _, err := s.Load("Orders-Prod"); !errors.Is(err, ErrNotFound) { // also where the file system would open it
		t.Error(err)
	}
	if _, err := s.Load("../config"); !errors.Is(err, ErrName) {
		t.Error(err)
	}
}

func TestInheritance(t *testing.T) {
	s := newStore(t, map[string]string{
		"config.toml": "[defaults]\ntimeout = '3s'\ndelimiter = '/'\ndecoders.'a:*' = 'gzip'\n[defaults.tls]\nca = 'ca.crt'\n",
		"profiles/base.toml": "description = 'the base'\ntags = ['x', 'y']\ndelimiter = '|'\nread_only = true\nport = 7000\n" +
			"[decoders]\n'b:*' = 'json'\n[tls]\nverify = 'ca'\ncert = '~/c.pem'\n",
		"profiles/eu.toml": "extends = 'base'\nhost = 'eu'\n",
		"profiles/one.toml": "extends = 'eu'\ndescription = 'mine'\ntags = ['z']\nread_only = false\ntls.verify = 'full'\npassword = 'file:pw'\n" +
			"decoders.'b:*' = 'hex'\n",
	})
	p := s.load(t, "one")
	if p.Host != "eu" || p.Port != 7000 || p.Delimiter != "|" || p.ReadOnly || p.Description != "mine" || !slices.Equal(p.Tags, []string{"z"}) {
		t.Errorf("%+v", p)
	}
	if p.TLS.Verify != "full" || p.TLS.CA[0] != filepath.Join(s.Directory(), "ca.crt") || p.TLS.Cert != filepath.FromSlash("/home/ann/c.pem") {
		t.Errorf("%+v", p.TLS)
	}
	if p.Password != Reference("file:"+filepath.Join(s.Directory(), "profiles", "pw")) {
		t.Errorf("password %s", p.Password)
	}
	if p.Decoders["a:*"] != "gzip" || p.Decoders["b:*"] != "hex" || len(p.Decoders) != 2 {
		t.Errorf("decoders %v", p.Decoders)
	}
	if eu := s.load(t, "eu"); eu.Description != "" || !eu.ReadOnly {
		t.Errorf("%+v", eu)
	}
	for key, want := range map[string]string{
		"host": "eu.toml:2:1", "port": "base.toml:5:1", "tls.ca": "config.toml:6:1", "timeout": "config.toml:2:1", "read_only": "one.toml:4:1",
	} {
		if at, ok := p.Origin(key); !ok || !strings.HasSuffix(at.String(), want) {
			t.Errorf("%s is from %s, want %s", key, at, want)
		}
	}
	if _, ok := p.Origin("user"); ok {
		t.Error("a user comes from nowhere")
	}
}

func TestCycles(t *testing.T) {
	s := newStore(t, map[string]string{
		"profiles/a.toml": "extends = 'b'", "profiles/b.toml": "host = 'h'\nextends = 'c'", "profiles/c.toml": "extends = 'b'", "profiles/self.toml": "extends = 'self'",
	})
	for name, want := range map[string]string{"a": "b -> c -> b", "b": "b -> c -> b", "self": "self -> self"} {
		_, err := s.Load(name)
		cycle, ok := errors.AsType[*CycleError](err)
		if !ok || strings.Join(cycle.Path, " -> ") != want || !strings.Contains(err.Error(), want) || cycle.At.Line == 0 {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

// TestBrokenDefaults holds that a slip in the preferences keeps nobody from a server, unless it is in what profiles inherit.
func TestBrokenDefaults(t *testing.T) {
	for text, broken := range map[string]bool{
		"theem = 'x'": false, "[defaults]\nraed_only = true": true, "[defaults]\nhost": true, "version = 9": true, "[keys]\nx = 1": false,
	} {
		s := newStore(t, map[string]string{"config.toml": text, "profiles/p.toml": "host = 'h'"})
		if _, err := s.Load("p"); (err != nil) != broken {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestPreferences(t *testing.T) {
	s := newStore(t, map[string]string{"config.toml": `
version = 1
face = "prompt"
theme = "dark"
[colors]
accent = "#ff8800"
[keys]
keys.filter = ["f"]
"keys.filter.done" = "ctrl+j"
help = ["f1", "f2"]
[history]
file = "h.txt"
size = 50
off = false
[defaults]
delimiter = "/"
`})
	p, err := s.Preferences()
	if err != nil {
		t.Fatal(err)
	}
	if p.Face != Prompt || p.Theme != "dark" || p.Colors["accent"] != "#ff8800" || p.Defaults.Delimiter != "/" || p.History.Size != 50 {
		t.Errorf("%+v", p)
	}
	if p.History.File != filepath.Join(s.Directory(), "h.txt") {
		t.Errorf("history in %s", p.History.File)
	}
	if !slices.Equal(p.Keys["keys.filter"], []string{"f"}) || !slices.Equal(p.Keys["keys.filter.done"], []string{"ctrl+j"}) || len(p.Keys) != 3 {
		t.Errorf("keys %v", p.Keys)
	}
	if at, ok := p.Origin("keys", "keys.filter"); !ok || at.Line != 8 {
		t.Errorf("keys.filter is at %v", at)
	}
	if p, err := NewStore(t.TempDir(), "").Preferences(); err != nil || p.Face != "" {
		t.Errorf("without a file: %+v, %v", p, err)
	}
}

func TestBrokenPreferences(t *testing.T) {
	s := newStore(t, map[string]string{"config.toml": "face = \"promt\"\ntheme = \"dark\"\nhistroy.size = 1\n"})
	p, err := s.Preferences()
	faults, ok := errors.AsType[tomlfile.Faults](err)
	if !ok || len(faults) != 2 || p.Theme != "dark" || p.Face != "" {
		t.Fatalf("%+v, %v", p, err)
	}
	for i, want := range []string{`config.toml:1:1: face takes "screen" or "prompt"; did you mean "prompt"?`, `config.toml:3:1: unknown table "histroy"; did you mean "history"?`} {
		if !strings.HasSuffix(faults[i].Error(), want) {
			t.Errorf("%s, want %s", faults[i], want)
		}
	}
}

// TestValues holds that a value that no server could be reached with is told where it stands.
func TestValues(t *testing.T) {
	for text, want := range map[string]string{
		"port = 70000":                "port takes a number from 1 to 65535",
		"db = -1":                     "db takes a number from 0 on",
		"protocol = 4":                "protocol takes 2 or 3",
		"ip = 5":                      "ip takes 4 or 6",
		"timeout = 5":                 `timeout takes a text, and this is a number: timeout = "10s"`,
		"timeout = '5'":               "timeout takes a time span",
		"timeout = '-1s'":             "timeout takes a time span",
		"face = 'x'":                  `face takes "screen" or "prompt"`,
		"tls.verify = 'non'":          `tls.verify takes "full", "ca" or "none"; did you mean "none"?`,
		"tls.min = '2'":               "tls.min takes",
		"tls.ca_data = '!'":           "tls.ca_data takes PEM",
		"uri = 'http://x'":            "uri takes redis://",
		"uri = 'redis://u:hush@x:no'": "uri takes redis://",
		"password = 'env:'":           "password \"env:\" says where to look but not for what; it is written env:NAME",
		"password = 'keyring'":        "password \"keyring\" says where to look but not for what; it is written keyring:ACCOUNT",
		"environment = 'prodction'":   `environment is "prodction", which is not guarded; did you mean "production"?`,
		"sentinel.master = 'x'":       "[sentinel] is not in this version of redan yet",
		"[ssh]":                       "[ssh] is not in this version of redan yet",
	} {
		_, err := newStore(t, map[string]string{"profiles/p.toml": text}).Load("p")
		if err == nil || !strings.Contains(err.Error(), "p.toml:1:") || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestEnvironments(t *testing.T) {
	for word, want := range map[Environment]bool{"production": true, "Prod": true, "live": true, "staging": false, "": false} {
		if word.IsProduction() != want {
			t.Errorf("%q", word)
		}
	}
}

func TestMigration(t *testing.T) {
	steps := []step{
		func(d tomlfile.Document) (tomlfile.Document, error) { return d.Set("moved", "tls", "ca") },
		func(d tomlfile.Document) (tomlfile.Document, error) { return d.Unset("old") },
	}
	for _, tt := range []struct{ before, after string }{
		{"# mine\nold = 1 # x\n", "# mine\nversion = 3\n\n[tls]\nca = \"moved\"\n"},
		{"version = 2 # two\nold = 1\n", "version = 3 # two\n"},
		{"version = 3\nold = 1\n", "version = 3\nold = 1\n"},
	} {
		d, err := tomlfile.Parse("p", []byte(tt.before))
		if err != nil {
			t.Fatal(err)
		}
		d, err = migrate("p", d, steps)
		if got := string(d.Bytes()); err != nil || got != tt.after {
			t.Errorf("%q became %q, %v; want %q", tt.before, got, err, tt.after)
		}
	}
}

func TestReadsNoPipe(t *testing.T) {
	s := newStore(t, map[string]string{"profiles/a.toml": ""})
	if err := os.Symlink(os.DevNull, s.Path("null")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load("null"); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Error(err)
	}
}
