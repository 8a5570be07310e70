package tui

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"strings"
	"testing"
	"time"

	"redan/conn"
	"redan/ui/tui/kit"
)

// story is a picture and how to get there.
type story struct {
	name    string
	options []option
	before  func(s *screen) // before it connects
	walk    func(s *screen)
}

func stories() []story {
	return []story{
		{name: "connecting", before: func(s *screen) { s.held = true }},
		{name: "welcome", before: func(s *screen) { s.refused = refusedConnection() }},
		{name: "welcome_address", before: func(s *screen) { s.refused = refusedConnection() }, walk: func(s *screen) {
			s.keys("down", "enter").text("db.example.com:70000").keys("enter")
		}},
		{name: "keys"},
		{name: "keys_value", walk: openOrder},
		{name: "keys_reading", before: func(s *screen) { s.server.page = 7 }, walk: func(s *screen) { s.held = true; s.keys("R", "space") }},
		{name: "keys_filter", walk: func(s *screen) { s.keys("/").text("ord 0041") }},
		{name: "keys_nothing_matches", walk: func(s *screen) { s.keys("/").text("nosuchkey").keys("enter") }},
		{name: "keys_empty", before: func(s *screen) { clear(s.server.keys) }},
		{name: "keys_marked", walk: func(s *screen) {
			s.keys("m", "down", "right", "right", "right", "m", "down", "v", "down", "down", "v")
		}},
		{name: "keys_gone", walk: func(s *screen) {
			openOrder(s)
			delete(s.server.keys, "orders:2026:10:22:0041")
			s.keys("enter")
		}},
		{name: "keys_refused", before: func(s *screen) { s.server.noACL["SCAN"] = true }},
		{name: "keys_list", walk: func(s *screen) { s.keys("F") }},
		{name: "keys_production", options: []option{production}, walk: openOrder},
		{name: "keys_ascii", options: []option{ascii}, walk: openOrder},
		{name: "delete", options: []option{production}, walk: func(s *screen) { s.keys("down", "down", "down", "d") }},
		{name: "deleted", walk: func(s *screen) {
			s.keys("end", "d")
			s.wait(time.Second)
			s.keys("enter")
		}},
		{name: "glob", walk: func(s *screen) { s.keys("M") }},
		{name: "console_below", walk: func(s *screen) { s.keys("`").text("get nosuch").keys("enter") }},
		{name: "console", walk: func(s *screen) {
			s.keys("2").text("lrange queue:01 0 -1").keys("enter").text("nosuch x").keys("enter").text("half a li")
		}},
		{name: "server", walk: func(s *screen) { s.keys("3"); s.wait(5 * time.Second) }},
		{name: "server_folded", walk: func(s *screen) { s.keys("3", "W", "end", "enter") }},
		{name: "server_filter", walk: func(s *screen) { s.keys("3", "/").text("mem") }},
		{name: "server_refused", before: func(s *screen) { s.server.noACL["INFO"] = true }, walk: func(s *screen) { s.keys("3") }},
		{name: "server_cluster", walk: func(s *screen) { s.clustered(); s.keys("3", "n"); s.wait(3 * time.Second) }},
		{name: "loading", before: func(s *screen) {
			s.server.info = "redis_version:7.0.15\r\nrole:master\r\nloading:1\r\nloading_loaded_perc:43.2\r\nloading_eta_seconds:72\r\n"
		}},
		{name: "replica_alone", walk: func(s *screen) {
			s.server.info = "redis_version:7.0.15\r\nrole:slave\r\nmaster_host:10.0.0.9\r\nmaster_port:6379\r\nmaster_link_status:down\r\n"
			s.wait(12 * time.Second)
		}},
		{name: "password", walk: func(s *screen) {
			openOrder(s)
			s.server.down, s.refused = errDown, wrongPassword()
			s.wait(4 * time.Second)
			s.text("sesame")
		}},
		{name: "password_later", walk: func(s *screen) {
			s.keys("`").text("get half")
			s.server.down, s.refused = errDown, wrongPassword()
			s.wait(4 * time.Second)
		}},
		{name: "welcome_password", before: func(s *screen) { s.refused = wrongPassword() }},
		{name: "welcome_profiles", before: func(s *screen) {
			s.shelved()
			s.refused = refusedConnection()
		}, walk: func(s *screen) { s.keys("down", "down", "enter") }},
		{name: "picker", before: func(s *screen) { s.shelved() }, walk: func(s *screen) { s.keys("P", "down") }},
		{name: "picker_start", before: func(s *screen) {
			s.shelved()
			s.m.link.picking, s.m.link.phase = true, homeless
			s.m = s.m.push(picker{})
		}},
		{name: "picker_broken", before: func(s *screen) { s.shelved() }, walk: func(s *screen) { s.keys("P", "G") }},
		{name: "picker_search", before: func(s *screen) { s.shelved() }, walk: func(s *screen) { s.keys("P", "/").text("ord stag") }},
		{name: "profile_form", before: func(s *screen) { s.shelved() }, walk: func(s *screen) {
			s.keys("P", "/").text("orders-prod").keys("esc", "e", "tab", "tab", "tab", "tab").text("x")
		}},
		{name: "profile_form_new", before: func(s *screen) { s.shelved() }, walk: func(s *screen) { s.keys("P", "a").text("neu").keys("tab") }},
		{name: "profile_test", before: func(s *screen) { s.shelved() }, walk: func(s *screen) { s.keys("P", "t") }},
		{name: "profile_asks", before: func(s *screen) { s.shelved() }, walk: func(s *screen) {
			s.keys(":").text("profile asks").keys("enter")
			s.wait(time.Second)
			s.text("sesame")
		}},
		{name: "profile_production", before: func(s *screen) { s.shelved() }, walk: func(s *screen) { s.pick("orders-prod"); openOrder(s) }},
		{name: "profile_read_only", before: func(s *screen) { s.shelved() }, walk: func(s *screen) { s.pick("audit"); openOrder(s) }},
		{name: "waiting", walk: func(s *screen) {
			openOrder(s)
			s.m.pending.begin(s.t.Context(), []string{"HGETALL", "orders:2026:10:22:0041"})
			s.clock.add(2300 * time.Millisecond)
		}},
		{name: "read_only", options: []option{production, func(c *Config) { c.ReadOnly = true }}},
		{name: "zoomed", walk: func(s *screen) { openOrder(s); s.keys("z") }},
		{name: "tls_plain", walk: func(s *screen) { s.keys("4") }},
		{name: "tls", before: func(s *screen) { s.secured = certified(s.clock.Now().Add(90 * 24 * time.Hour)) }, walk: func(s *screen) { s.keys("4") }},
		{name: "tls_expired", before: func(s *screen) { s.secured = certified(s.clock.Now().Add(-time.Hour)) }, walk: func(s *screen) { s.keys("4") }},
		{name: "log", walk: func(s *screen) { openOrder(s); s.keys("5", "down") }},
		{name: "analysis", walk: func(s *screen) { s.keys("6") }},
		{name: "analysis_running", walk: func(s *screen) { s.keys("6").midway(1) }},
		{name: "analysis_done", walk: func(s *screen) { s.keys("6", "space", "end", "up") }},
		{name: "analysis_refused", before: func(s *screen) { s.server.noACL["MEMORY"] = true }, walk: func(s *screen) { s.keys("6", "space") }},
		{name: "latency", walk: func(s *screen) { s.keys("7") }},
		{name: "latency_measured", walk: func(s *screen) { s.keys("7", "space"); s.wait(9 * time.Second) }},
		{name: "latency_broken", walk: func(s *screen) {
			s.keys("7", "space")
			s.wait(3 * time.Second)
			s.server.down, s.refused = errDown, errDown
			s.wait(2 * time.Second)
		}},
		{name: "help", walk: func(s *screen) { s.keys("?") }},
		{name: "help_search", walk: func(s *screen) { s.keys("?").text("mark") }},
		{name: "palette", walk: func(s *screen) { openOrder(s); s.keys("ctrl+p") }},
		{name: "palette_search", walk: func(s *screen) { s.keys("ctrl+p").text("ser") }},
		{name: "databases", walk: func(s *screen) { s.keys("D") }},
		{name: "colon", walk: func(s *screen) { s.keys(":").text("hget") }},
		{name: "colon_hint", walk: func(s *screen) { s.keys(":").text("set k v ") }},
		{name: "lost", walk: func(s *screen) {
			openOrder(s)
			s.server.down, s.refused = errDown, errDown
			s.wait(3 * time.Second)
		}},
		{name: "offline", walk: func(s *screen) {
			s.server.down, s.refused = errDown, errDown
			s.wait(3 * time.Second)
			s.keys("esc")
		}},
	}
}

// openOrder opens a branch and rests on a key.
func openOrder(s *screen) { s.keys("down", "down", "right", "right", "right", "right", "down") }

func refusedConnection() error {
	return &conn.Error{
		Stage: conn.StageConnect, Code: conn.CodeRefused, Line: "Could not connect to Redis at redis-2.lab:6380: Connection refused",
		Cause: "nothing listens at redis-2.lab:6380", Fix: "on the server: start it, or look where it listens",
	}
}

func certified(until time.Time) *tls.ConnectionState {
	return &tls.ConnectionState{
		Version: tls.VersionTLS13, CipherSuite: tls.TLS_AES_128_GCM_SHA256, ServerName: "redis-2.lab",
		PeerCertificates: []*x509.Certificate{
			{Subject: pkix.Name{CommonName: "redis-2.lab"}, DNSNames: []string{"redis-2.lab", "redis.lab"}, NotAfter: until},
			{Subject: pkix.Name{CommonName: "Lab CA"}, NotAfter: until.Add(24 * 365 * time.Hour)},
		},
	}
}

// TestFrames compares every view, in three sizes, with how it looked when it was last looked at.
func TestFrames(t *testing.T) {
	t.Parallel()
	for _, story := range stories() {
		t.Run(story.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
				s := newScreen(t, size[0], size[1], story.options...)
				if story.before != nil {
					story.before(s)
				}
				s.start()
				if story.walk != nil {
					story.walk(s)
				}
				fmt.Fprintf(&b, "=== %d x %d\n", size[0], size[1])
				for line := range strings.SplitSeq(s.frame(), "\n") {
					b.WriteString(strings.TrimRight(line, " ") + "\n")
				}
			}
			golden(t, story.name, b.String())
		})
	}
}

// TestColours holds that colours change no cell: stripped, a picture is the one without them.
func TestColours(t *testing.T) {
	t.Parallel()
	plain, colour := newScreen(t, 100, 30).start(), newScreen(t, 100, 30, coloured).start()
	openOrder(plain)
	openOrder(colour)
	if plain.frame() != colour.frame() {
		t.Errorf("with colours:\n%s\nwithout:\n%s", colour.frame(), plain.frame())
	}
	if colour.m.View().Content == colour.frame() {
		t.Error("there are no colours")
	}
}

// TestASCII holds that a terminal limited to ASCII gets nothing else but what keys and values hold.
func TestASCII(t *testing.T) {
	t.Parallel()
	for _, view := range []string{"1", "2", "3", "4", "5", "6", "7", "?", "D", "d", ":"} {
		s := newScreen(t, 120, 40, ascii)
		for key := range s.server.keys {
			if kit.Escape(key) != key || len(key) != kit.Width(key) {
				delete(s.server.keys, key)
			}
		}
		s.start().keys(view)
		for i, r := range s.frame() {
			if r > 0x7e {
				t.Fatalf("%q in view %s: %s", r, view, s.frame()[max(0, i-30):i+3])
			}
		}
	}
}
