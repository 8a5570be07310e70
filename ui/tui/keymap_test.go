package tui

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/conn"
	"redan/conn/cert"
	"redan/ui/tui/kit"
)

// modes are the places that have keys of their own, and how to get there.
func modeWalks() map[string]func(s *screen) {
	gone := func(s *screen) { s.server.down, s.refused = errDown, errDown; s.wait(3 * time.Second) }
	return map[string]func(s *screen){
		"keys":              func(*screen) {},
		"keys, marked":      func(s *screen) { s.keys("m", "down", "right", "down") },
		"keys, list":        func(s *screen) { s.keys("F", "down", "s", "s"); s.wait(time.Second) },
		"filter":            func(s *screen) { s.keys("/").text("o") },
		"value":             func(s *screen) { openOrder(s); s.keys("enter") },
		"value, none":       func(s *screen) { s.keys("tab") },
		"console":           func(s *screen) { s.keys("2") },
		"drawer":            func(s *screen) { s.keys("`") },
		"server":            func(s *screen) { s.keys("3") },
		"tls":               func(s *screen) { s.keys("4") },
		"analysis":          func(s *screen) { s.keys("6") },
		"analysis, running": func(s *screen) { s.keys("6").midway(1); s.held = false },
		"analysis, done":    func(s *screen) { s.keys("6", "space", "end", "up") },
		"latency":           func(s *screen) { s.keys("7") },
		"latency, on":       func(s *screen) { s.keys("7", "space"); s.wait(time.Second) },
		"log":               func(s *screen) { s.keys("5", "down") },
		"help":              func(s *screen) { s.keys("?") },
		"help, small":       func(s *screen) { s.send(tea.WindowSizeMsg{Width: 60, Height: 16}); s.keys("?", "pgdown") },
		"colon again":       func(s *screen) { s.keys(":").text("get a").keys("esc", ":").text("b").keys("up") },
		"keys, open":        func(s *screen) { s.keys("down", "down", "right", "down", "right", "end", "up") },
		"colon, again":      func(s *screen) { s.keys(":").text("get a").keys("esc", ":") },
		"reading":           func(s *screen) { s.server.page, s.held = 1, true; s.keys("R"); s.held = false },
		"visited":           func(s *screen) { openOrder(s); s.keys("down", "[") },
		"secured": func(s *screen) {
			s.m.link.server.secured = certified(s.clock.Now().Add(time.Hour))
			s.m.link.server.examine = func(context.Context) cert.Report {
				s.server.sent = append(s.server.sent, []string{"the handshake"})
				return cert.Report{}
			}
			s.keys("4")
		},
		"deleting": func(s *screen) {
			s.keys("down", "down", "d")
			s.m = s.m.pop()
			s.held = true
			s.send(kit.Confirmed{ID: 102, Yes: true})
			s.held = false
		},
		"server, end":     func(s *screen) { s.send(tea.WindowSizeMsg{Width: 60, Height: 16}); s.keys("3", "down", "down") },
		"server, section": func(s *screen) { s.keys("3", "/").text("clients").keys("enter", "down", "down", "down") },
		"server, folded":  func(s *screen) { s.keys("3", "W", "end") },
		"server, filter":  func(s *screen) { s.keys("3", "/").text("mem").keys("down") },
		"server, paused":  func(s *screen) { s.keys("3", "space") },
		"server, cluster": func(s *screen) { s.clustered(); s.keys("3") },
		"mouse off":       func(s *screen) { s.keys("alt+m") },
		"no password": func(s *screen) {
			s.server.down, s.refused = errDown, &conn.Error{Code: conn.CodeWrongPassword, Line: "WRONGPASS"}
			s.wait(4 * time.Second)
			s.keys("esc", "esc")
		},
		"password": func(s *screen) {
			s.server.down, s.refused = errDown, &conn.Error{Code: conn.CodeWrongPassword, Line: "WRONGPASS"}
			s.wait(4 * time.Second)
			s.text("x")
		},
		"palette":        func(s *screen) { s.keys("ctrl+p") },
		"colon":          func(s *screen) { s.keys(":").text("ge") },
		"databases":      func(s *screen) { s.keys("D", "down") },
		"sheet":          func(s *screen) { s.keys("down", "d"); s.wait(time.Second) },
		"typed sheet":    func(s *screen) { s.keys("down", "down", "d"); s.wait(time.Second) },
		"question":       func(s *screen) { s.keys("M").text("x*") },
		"answers":        func(s *screen) { s.keys("M").text("x*").keys("esc", "M").text("y*").keys("esc", "M", "up") },
		"lost":           gone,
		"picker":         func(s *screen) { s.shelved(); s.keys("P", "down") },
		"picker, search": func(s *screen) { s.shelved(); s.keys("P", "/").text("a").keys("down") },
		"picker, broken": func(s *screen) { s.shelved(); s.keys("P", "G") },
		"picker, none":   func(s *screen) { newShelf(s.t, "").with(&s.m.config); s.keys("P") },
		"form":           func(s *screen) { s.shelved(); s.keys("P", "e", "down", "down").text("x") },
		"form, choice":   func(s *screen) { s.shelved(); s.keys("P", "e", "down", "down", "down", "down", "down", "down") },
		"form, wrong":    func(s *screen) { s.shelved(); s.keys("P", "a").text("a b") },
		"test":           func(s *screen) { s.shelved(); s.keys("P", "t") },
		"secret":         func(s *screen) { s.shelved(); s.keys("P", "/").text("asks").keys("enter"); s.wait(time.Second) },
		"read-only":      func(s *screen) { s.shelved(); s.keys("P", "/").text("audit").keys("enter"); openOrder(s) },
		"KEYS": func(s *screen) {
			s.shelved()
			s.pick("orders-prod").keys(":").text("keys *").keys("enter")
			s.wait(time.Second)
		},
		"offline": func(s *screen) { gone(s); s.keys("esc") },
	}
}

// TestNoKeyTwice holds that in no mode a key does two things, and that where text is typed no letter does anything else.
func TestNoKeyTwice(t *testing.T) {
	t.Parallel()
	for name, walk := range modeWalks() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, 120, 40).start()
			walk(s)
			owner := map[string]string{}
			for _, b := range s.m.live() {
				if b.ID == "" || b.Help == "" || b.Group == "" || len(b.Keys) == 0 {
					t.Errorf("%+v is not whole", b)
				}
				if b.Off != "" {
					continue
				}
				for _, key := range b.Keys {
					if other, ok := owner[key]; ok {
						t.Errorf("%s does %s and %s", key, other, b.ID)
					}
					owner[key] = b.ID
					if len(s.m.over) == 0 && s.m.typing() && utf8.RuneCountInString(key) == 1 {
						t.Errorf("%s does %s where text is typed", key, b.ID)
					}
				}
			}
		})
	}
}

// TestEveryKeyWorks presses each documented key in each mode: it must do something, or say why it does not.
func TestEveryKeyWorks(t *testing.T) {
	worked := map[string]bool{}
	var mu sync.Mutex
	t.Run("modes", func(t *testing.T) {
		for name, walk := range modeWalks() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				chosen := map[string][]string{}
				fresh := func() *screen {
					clear(chosen)
					s := newScreen(t, 90, 24, func(c *Config) { c.Keys = chosen }).start()
					walk(s)
					s.m.notice.text = ""
					return s
				}
				for _, b := range fresh().m.live() {
					for i, key := range b.Keys {
						done, said := pressed(fresh(), key)
						if i == 0 && done && b.Off == "" { // so must the key that the user chose instead
							s := fresh()
							chosen[b.ID] = []string{chosenKey}
							if instead, _ := pressed(s, chosenKey); !instead {
								t.Errorf("%s does not work on a key that the user chose", b.ID)
							}
							if left, ok := kit.Find(s.m.live(), kit.Press(key)); ok && left.ID == b.ID {
								t.Errorf("%s still works on %s", b.ID, key)
							}
						}
						mu.Lock()
						worked[b.ID] = worked[b.ID] || done || b.Off == "" && said
						mu.Unlock()
						switch {
						case b.Off != "" && !done && !said:
							t.Errorf("%s (%s) is off and does not say why", key, b.ID)
						case b.Off == "" && !done && !said && !atEnds(b.ID):
							t.Errorf("%s (%s) does nothing", key, b.ID)
						}
					}
				}
			})
		}
	})
	for id, done := range worked {
		if !done && !strings.HasPrefix(id, "value.") && !strings.HasPrefix(id, "console.") { // these are tested with their panes
			t.Errorf("%s never did anything", id)
		}
	}
}

// clustered makes the server one of three of a cluster.
func (s *screen) clustered() {
	s.t.Helper()
	for port := 7000; port < 7003; port++ {
		s.server.nodes = append(s.server.nodes, conn.Addr{Network: "tcp", Host: "redis-2.lab", Port: port})
	}
	masters, err := keyspace.Discover(s.t.Context(), keyspace.Config{
		Seed: s.server.nodes[0], Open: func(conn.Addr) keyspace.Client { return s.server },
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.m.link.server.masters = masters
	s.m.link.server.at = func(conn.Addr) kit.Client { return s.server }
}

// chosenKey is no key of any binding.
const chosenKey = "alt+f9"

// pressed presses a key and reports whether it did anything, and whether something was said.
func pressed(s *screen, key string) (done, said bool) {
	before, commands, overlays := s.state(), len(s.server.sent), len(s.m.over)
	s.send(kit.Press(key))
	s.wait(100 * time.Millisecond)
	said = s.m.notice.text != ""
	s.m.notice.text = ""
	done = s.state() != before || s.quit || s.suspended || s.cleared || s.clipboard != "" || len(s.server.sent) > commands
	return done || len(s.m.over) != overlays, said
}

// atEnds reports whether a key may do nothing where there is nothing to do: it moves, and is at the end of its way.
func atEnds(id string) bool {
	switch id {
	case "keys.close", "keys.collapse", "keys.expand", "colon.earlier", "colon.later", "console.run", "value.again", "view.keys":
		return true
	}
	_, what, _ := strings.Cut(id, ".")
	switch what {
	case "up", "down", "pageup", "pagedown", "halfup", "halfdown", "first", "last", "left", "right", "older", "newer", "top", "bottom":
		return true
	}
	return false
}

// state is what a person can tell by looking.
func (s *screen) state() string {
	v := s.m.View()
	return fmt.Sprint(v.Content, v.MouseMode, s.m.shape, s.m.link.phase, s.m.link.attempt, s.m.link.probing)
}

// TestRemapped holds that keys the user chose work, and those they replace no longer do.
func TestRemapped(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40, func(c *Config) {
		c.Keys = map[string][]string{"help": {"ctrl+g"}, "keys.filter": {"&"}, "log.copy": {"c"}}
	}).start()
	if s.keys("?"); len(s.m.over) != 0 {
		t.Error("? still opens the help")
	}
	s.keys("ctrl+g").sees("ctrl+g", "&")
	s.keys("esc", "&").text("tags").misses("board")
	s.keys("enter", "5", "c")
	if s.clipboard == "" {
		t.Error("c does not copy in the log")
	}
}
