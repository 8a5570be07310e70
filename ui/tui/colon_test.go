package tui

import (
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"redan/commands"
	"redan/conn"
	"redan/conn/cert"
	"redan/conn/conntest"
)

// TestConnectWords reads what people type, or paste, behind :connect.
func TestConnectWords(t *testing.T) {
	t.Parallel()
	before := conn.DefaultOptions()
	before.Program, before.Password = "redan", conn.NewSecret("of another server")
	for line, want := range map[string]struct {
		addr, user, password string
		db                   int
		tls                  bool
	}{
		"db.lab":                              {addr: "db.lab:6379"},
		"db.lab 7000":                         {addr: "db.lab:7000"},
		"::1 7000":                            {addr: "::1:7000"},
		"[::1]:7000":                          {addr: "::1:7000"},
		"-h ::1 -p 7000":                      {addr: "::1:7000"},
		"-p 7000":                             {addr: "127.0.0.1:7000"},
		"-s /run/r.sock":                      {addr: "/run/r.sock"},
		"-h db -a 'p w\"' -n 3":               {addr: "db:6379", password: `p w"`, db: 3},
		`-h db --user ann --pass "a\x00\xff"`: {addr: "db:6379", user: "ann", password: "a\x00\xff"},
		"redis-cli -h db -p 1 --tls --sni x --insecure":    {addr: "db:1", tls: true},
		"redan -u redis://ann:pw@db:7/2 -n 5":              {addr: "db:7", user: "ann", password: "pw", db: 5},
		"redis://ann:my pass+w@rd@db:7/2":                  {addr: "db:7", user: "ann", password: "my pass+w@rd", db: 2},
		"'redis://ann:my pass@[::1]:7/2'":                  {addr: "::1:7", user: "ann", password: "my pass", db: 2},
		"rediss://db --cacert ca.crt --cert c.crt --key k": {addr: "db:6379", tls: true},
		"--uri=redis://db/4":                               {addr: "db:6379", db: 4},
		"-h db --tls-verify ca":                            {addr: "db:6379", tls: true},
		"-a -secret-like-an-option -h db":                  {addr: "db:6379", password: "-secret-like-an-option"},
	} {
		words, err := commands.Split(line)
		if err != nil {
			t.Fatal(err)
		}
		o, err := connectOptions(words, before)
		if err != nil || o.Addr().String() != want.addr || o.User != want.user || o.Password.Reveal() != want.password || o.DB != want.db ||
			(o.TLS != nil) != want.tls {
			t.Errorf("%s: %v as %q, db %d, TLS %v, %v", line, o.Addr(), o.User, o.DB, o.TLS != nil, err)
		}
	}
	o, err := connectOptions([]string{"-h", "x", "--insecure"}, before)
	if err != nil || o.TLS.Level != cert.LevelNone {
		t.Errorf("--insecure: %+v, %v", o.TLS, err)
	}
	for line, want := range map[string]string{
		"": "type an address", "-h": "-h wants a value", "-p x": "a port is", "-n x": "-n is the number", "-c": "-c is for the whole",
		"-asecret -h x": `-a is no option here`, "--passwd=secret x": "--passwd is no option here", "--tls-verify half": "full, ca or none",
		"--askpass": "typed behind -a", "http://x": "Invalid URI",
	} {
		words, _ := commands.Split(line)
		if _, err := connectOptions(words, before); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v, not %q", line, err, want)
		}
	}
}

// TestColonNamesWhatWasMeant holds that a mistyped word is not sent, and stays to be mended.
func TestColonNamesWhatWasMeant(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	sent := len(s.server.sent)
	s.keys(":").text("conect db").keys("enter").sees("did you mean connect?", ":conect db")
	s.keys("ctrl+u").text("hgte k f").keys("enter").sees("did you mean hget?")
	s.keys("ctrl+u").text("connect -p x").keys("enter").sees("a port is a number", ":connect -p x")
	for _, words := range s.server.sent[sent:] {
		if words[0] != "COMMAND" && words[0] != "INFO" {
			t.Errorf("%q was sent", words)
		}
	}
	s.keys("ctrl+u").text("HGTE k f").keys("enter")
	if last := s.server.sent[len(s.server.sent)-1]; last[0] != "HGTE" {
		t.Errorf("capitals were not sent: %q", last)
	}
	s.keys(":").text("help hget").keys("enter").sees("HGET key field")
	s.keys("alt+2").text(":db 3").keys("enter").sees("db 3")
	s.text("connect db.lab 7000").keys("enter").sees("db.lab:7000")
	s.keys("f1").text("colon").sees(":connect address", ":db number", ":quit")
}

// TestLogTellsWhose parts what was typed from what redan asks by itself, and copies lines that go where the command went.
func TestLogTellsWhose(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start()
	s.keys("2").text("get typed").keys("enter", "alt+5").sees("you", "get typed", "redan", "SCAN")
	s.keys("f").sees("get typed", "the commands of yours").misses("SCAN", "INFO")
	s.keys("Y")
	if s.clipboard != "redis-cli -h redis-2.lab -p 6380 get typed" {
		t.Errorf("copied %q", s.clipboard)
	}
	s.keys("f").sees("SCAN").misses("get typed")
	s.keys("f").sees("SCAN", "get typed")
	s.keys(":").text("connect other.lab:7000").keys("enter", "alt+5", "f", "Y")
	if s.clipboard != "redis-cli -h redis-2.lab -p 6380 get typed" {
		t.Errorf("copied %q after moving on", s.clipboard)
	}
}

// TestLogHoldsWhatOpensAConnection holds that AUTH and its like are in the log, without the password.
func TestLogHoldsWhatOpensAConnection(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t, conntest.Password("hunter2"))
	o := conn.DefaultOptions()
	o.Port, o.Password, o.DB, o.ClientName = server.Port, conn.NewSecret("hunter2"), 3, "redan"
	s := newScreen(t, 120, 40, func(c *Config) { c.Options = o })
	s.m.how = connector(s.m.config)
	s.start().keys("2").text("get k").keys("enter", "alt+5").sees("AUTH ***", "SELECT 3", "CLIENT SETNAME redan", "PING", "get k")
	s.misses("hunter2")
}

// chest is a history in memory.
type chest struct {
	mu    sync.Mutex
	lines []string
}

func (c *chest) Load() ([]string, error) { return nil, nil }

func (c *chest) Add(line string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines = append(c.lines, line)
	return nil
}

// secretLines are lines that hold a secret, quoted, and a part of it that would give it away, as it is in a URI.
func secretLines(quoted, bare string) []string {
	return []string{
		"auth " + quoted, "AUTH ann " + quoted, "hello 3 auth ann " + quoted + " setname x", "3 auth " + quoted,
		`acl setuser bob on ">` + bare + `" nosuchrule`, "config set masterauth " + quoted, "config set maxmemory 0 masterauth " + quoted + " nosuch",
		"migrate 127.0.0.1 1 k 0 1 auth " + quoted, "migrate 127.0.0.1 1 k 0 1 copy auth2 ann " + quoted, "sentinel set m auth-pass " + quoted,
		`\watch 1 config set masterauth ` + quoted, `config set "masterauth" "` + bare, "multi", "auth " + quoted, "discard",
		":connect -h 127.0.0.1 -p 1 -a " + quoted, ":connect redis://ann:" + bare + "@127.0.0.1:1", ":connect redan -p 1 --pass " + quoted,
		":connect -p 1 --pass=" + bare, ":connect -p 1 -a" + bare, ":connect -p x -a " + quoted, `:connect -p 1 -a "` + bare,
	}
}

// TestTrapPasswordNowhere holds that no secret that was typed is found anywhere after enter: not on the screen, in the history, in the
// log, on the clipboard, in the title, nor among the lines that can be recalled.
func TestTrapPasswordNowhere(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t)
	o := conn.DefaultOptions()
	o.Port = server.Port
	book := &chest{}
	s := newScreen(t, 120, 40, func(c *Config) { c.Options, c.History = o, book })
	s.m.how = connector(s.m.config)
	s.start().keys("2")
	random := rand.New(rand.NewPCG(4, 2))
	const letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	for i := range 2 {
		core := "Zq"
		for range 12 {
			core += string(letters[random.IntN(len(letters))])
		}
		quoted := commands.Quote(core + " \"|;>é☕\\x")
		for _, line := range secretLines(quoted, core) {
			if rest, ok := strings.CutPrefix(line, ":"); ok && i == 1 { // the same in the colon line
				s.keys("alt+1", ":").text(rest).keys("enter", "ctrl+u", "esc", "alt+2")
			} else {
				s.text(line).keys("enter")
			}
			found(t, s, line, core)
			s.keys("ctrl+c", "up")
			found(t, s, "recalled after "+line, core)
			s.keys("ctrl+u")
		}
		s.keys("alt+5")
		found(t, s, "the log", core)
		for range 40 {
			s.keys("y")
			if strings.Contains(s.clipboard, core) {
				t.Errorf("copied %q", s.clipboard)
			}
			s.keys("down")
		}
		s.keys("alt+2")
		for _, entry := range s.m.log.ring {
			if strings.Contains(strings.Join(entry.words, " ")+entry.note, core) {
				t.Errorf("logged %q %q", entry.words, entry.note)
			}
		}
		if all := strings.Join(append(book.lines, s.m.typed...), "\n"); strings.Contains(all, core) {
			t.Errorf("kept for later: %s", all)
		}
	}
}

func found(t *testing.T, s *screen, where, core string) {
	t.Helper()
	if strings.Contains(s.frame(), core) || strings.Contains(s.m.title(), core) {
		t.Errorf("%s: the secret is on screen:\n%s", where, s.frame())
	}
}
