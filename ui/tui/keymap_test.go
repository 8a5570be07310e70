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

	"redan/conn/cert"
	"redan/ui/tui/kit"
)

// modes are the places that have keys of their own, and how to get there.
func modes() map[string]func(s *screen) {
	gone := func(s *screen) { s.server.down, s.refused = errDown, errDown; s.wait(3 * time.Second) }
	return map[string]func(s *screen){
		"keys":         func(*screen) {},
		"keys, marked": func(s *screen) { s.keys("m", "down", "right", "down") },
		"keys, list":   func(s *screen) { s.keys("F", "down", "s", "s"); s.wait(time.Second) },
		"filter":       func(s *screen) { s.keys("/").text("o") },
		"value":        func(s *screen) { openOrder(s); s.keys("enter") },
		"value, none":  func(s *screen) { s.keys("tab") },
		"console":      func(s *screen) { s.keys("2") },
		"drawer":       func(s *screen) { s.keys("`") },
		"server":       func(s *screen) { s.keys("3") },
		"tls":          func(s *screen) { s.keys("4") },
		"log":          func(s *screen) { s.keys("5", "down") },
		"help":         func(s *screen) { s.keys("?") },
		"help, small":  func(s *screen) { s.send(tea.WindowSizeMsg{Width: 60, Height: 16}); s.keys("?", "pgdown") },
		"colon again":  func(s *screen) { s.keys(":").text("get a").keys("esc", ":").text("b").keys("up") },
		"keys, open":   func(s *screen) { s.keys("down", "down", "right", "down", "right", "end", "up") },
		"colon, again": func(s *screen) { s.keys(":").text("get a").keys("esc", ":") },
		"reading":      func(s *screen) { s.server.page, s.held = 1, true; s.keys("R"); s.held = false },
		"visited":      func(s *screen) { openOrder(s); s.keys("down", "[") },
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
		"server, end": func(s *screen) { s.send(tea.WindowSizeMsg{Width: 60, Height: 16}); s.keys("3", "down", "down") },
		"palette":     func(s *screen) { s.keys("ctrl+p") },
		"colon":       func(s *screen) { s.keys(":").text("ge") },
		"databases":   func(s *screen) { s.keys("D", "down") },
		"sheet":       func(s *screen) { s.keys("down", "d"); s.wait(time.Second) },
		"typed sheet": func(s *screen) { s.keys("down", "down", "d"); s.wait(time.Second) },
		"question":    func(s *screen) { s.keys("M").text("x*") },
		"lost":        gone,
		"offline":     func(s *screen) { gone(s); s.keys("esc") },
	}
}

// TestNoKeyTwice holds that in no mode a key does two things, and that where text is typed no letter does anything else.
func TestNoKeyTwice(t *testing.T) {
	t.Parallel()
	for name, walk := range modes() {
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
		for name, walk := range modes() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				fresh := func() *screen {
					s := newScreen(t, 120, 40).start()
					walk(s)
					s.m.notice.text = ""
					return s
				}
				for _, b := range fresh().m.live() {
					for _, key := range b.Keys {
						done, said := pressed(fresh(), key)
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
	s.frame() // is whole
	return fmt.Sprint(s.m.View().Content, s.m.shape, s.m.link.phase, s.m.link.attempt, s.m.link.probing)
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
