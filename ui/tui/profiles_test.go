package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// saved is a started screen with the profiles of [sampleShelf].
func saved(t *testing.T) (*screen, *shelf) {
	t.Helper()
	s := newScreen(t, 120, 40)
	shelf := s.shelved()
	return s.start(), shelf
}

// TestSwitchProfiles goes from profile to profile by list, palette and colon line. Each brings its manner, and coming back finds the place.
func TestSwitchProfiles(t *testing.T) {
	t.Parallel()
	s, shelf := saved(t)
	s.keys("P").sees("Recent", "orders-prod", "2h ago", "broken.toml:2:1").keys("enter").sees("orders-prod   PRODUCTION   orders.lab:6380")
	if s.m.word() != "orders-prod" || shelf.used["orders-prod"] != s.clock.Now().Truncate(0) && s.clock.Now().Sub(shelf.used["orders-prod"]) > time.Minute {
		t.Errorf("the word is %q, it was used at %v", s.m.word(), shelf.used["orders-prod"])
	}
	openOrder(s)
	s.sees("orders:2026:10:22:0041").keys("ctrl+p").text("staging").keys("enter")
	s.sees("orders-staging   staging.lab:6379", "user:*").misses("PRODUCTION")
	if d := s.m.config.Delimiter; d != "/" {
		t.Errorf("keys are parted by %q", d)
	}
	connections := s.connections
	s.pick("orders-prod").sees("orders-prod   PRODUCTION", "orders:2026:10:22:0041", "▌ 0041")
	if s.connections != connections || len(shelf.done) > 0 {
		t.Errorf("coming back connected %d times, and ended %v", s.connections-connections, shelf.done)
	}
	s.keys("P").sees("here")
	s.keys("esc").pick("clear").sees("the keyring is locked", "orders:2026:10:22:0041")
	s.pick("broken").sees("broken.toml:2:1")
	s.pick("orders-stag").sees("there is no profile orders-stag; did you mean orders-staging?")
	s.keys(":").text("connect elsewhere.lab").keys("enter").sees("elsewhere.lab").misses("PRODUCTION")
	s.m.close()
	if len(shelf.done) != 2 {
		t.Errorf("at the end %v were ended", shelf.done)
	}
}

// TestChangedProfileIsOpenedAnew holds that a server that was kept is not shown under rules that no longer hold.
func TestChangedProfileIsOpenedAnew(t *testing.T) {
	t.Parallel()
	s, shelf := saved(t)
	s.pick("orders-prod").pick("orders-staging")
	s.keys("P", "/").text("orders-prod").keys("esc", "e")
	for s.m.over[len(s.m.over)-1].(form).fields[s.m.over[len(s.m.over)-1].(form).at].key != "read_only" {
		s.keys("down")
	}
	s.keys("space", "enter").sees("read_only was changed, and nothing else")
	s.keys("esc").pick("orders-prod").sees("ro")
	if !s.m.readOnly() || len(shelf.done) != 1 {
		t.Errorf("read-only: %v, ended: %v", s.m.readOnly(), shelf.done)
	}
}

// TestAwayIsBounded holds that no more servers than a few stay open.
func TestAwayIsBounded(t *testing.T) {
	t.Parallel()
	s, shelf := saved(t)
	shelf.fails, shelf.asks = nil, nil
	for _, name := range []string{"orders-prod", "orders-staging", "audit", "clear", "asks"} {
		s.pick(name)
	}
	if len(s.m.away) != awayKept || fmt.Sprint(shelf.done) != "[orders-prod]" {
		t.Errorf("%d are kept, %v ended", len(s.m.away), shelf.done)
	}
}

// TestReadOnlyProfile switches writes off by profile, and on again only for who types its name.
func TestReadOnlyProfile(t *testing.T) {
	t.Parallel()
	s, _ := saved(t)
	s.pick("audit").sees("audit   PRODUCTION", " ro").misses("d delete")
	s.keys("d").sees("the profile audit is read-only")
	s.keys(":").text("set a b").keys("enter").sees("not sent, the server is read-only")
	s.keys("esc", "tab", ":").text("readonly off").keys("enter").sees("Allow writes to audit", "type audit to go on")
	s.wait(time.Second)
	s.text("audi").keys("enter").sees("type audit to go on")
	s.text("t").keys("enter").sees("writes are allowed")
	s.wait(4 * time.Second)
	if s.m.readOnly() {
		t.Error("it is still read-only")
	}
	s.keys("1", "esc").sees("d delete")
	s.keys(":").text("readonly on").keys("enter", "d").sees("read-only until :readonly off")
	s.keys(":").text("readonly off").keys("enter")
	s.wait(time.Second)
	s.keys("esc").sees(" ro")
}

// TestReadOnlyFlag holds that --read-only goes along to every profile.
func TestReadOnlyFlag(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40, func(c *Config) { c.ReadOnly, c.Plain.ReadOnly = true, true })
	s.shelved()
	s.start().sees(" ro").misses("d delete")
	s.pick("orders-staging").sees("orders-staging", " ro").misses("d delete")
}

// TestReadOnlyWhileAsked holds that an answer to a question that was asked before does not write.
func TestReadOnlyWhileAsked(t *testing.T) {
	t.Parallel()
	s, _ := saved(t)
	before := len(s.server.keys)
	s.keys("end", "d")
	s.wait(time.Second)
	s.m.writing = locked
	s.m = s.m.regarded()
	s.keys("enter").sees("nothing was deleted")
	if len(s.server.keys) != before {
		t.Error("it was deleted")
	}
}

// TestProductionGuard asks for the profile's name, but for what the profile excepts, and offers SCAN for KEYS.
func TestProductionGuard(t *testing.T) {
	t.Parallel()
	s, _ := saved(t)
	s.pick("orders-prod").keys("end", "d").sees("PRODUCTION").misses("type orders-prod") // UNLINK is excepted
	s.keys("esc")
	s.wait(time.Second)
	s.keys("esc", ":").text("flushall").keys("enter").sees("type orders-prod to go on")
	s.wait(time.Second)
	s.keys("esc", ":").text("keys *").keys("enter").sees("SCAN instead")
	s.wait(time.Second)
	s.keys("tab")
	if last := s.server.sent[len(s.server.sent)-1]; strings.Join(last, " ") != "SCAN 0 MATCH * COUNT 1000" {
		t.Errorf("%v was sent", last)
	}
	for _, words := range s.server.sent {
		if strings.EqualFold(words[0], "KEYS") || strings.EqualFold(words[0], "FLUSHALL") {
			t.Errorf("%v was sent", words)
		}
	}
	s.wait(time.Second)
	s.keys("esc")
	s.m.config.Exceptions = nil
	s.m = s.m.regarded()
	s.keys("1", "esc", "end", "d").sees("type orders-prod to go on")
}

// TestFormWritesOneLine changes a port by the form: of the file nothing else changes.
func TestFormWritesOneLine(t *testing.T) {
	t.Parallel()
	s, shelf := saved(t)
	before := shelf.text("orders-prod")
	s.keys("P", "e").sees("Edit orders-prod", "env:ORDERS_PASSWORD", "ca.pem")
	for range 8 {
		s.keys("down")
	}
	s.text("70000").sees("takes a number from 1 to 65535").keys("enter").sees("takes a number from 1 to 65535", "Edit orders-prod")
	s.keys("ctrl+u").text("6390").keys("enter").sees("orders-prod is saved: port was changed, and nothing else")
	if want := strings.Replace(before, "port = 6380", "port = 6390", 1); shelf.text("orders-prod") != want {
		t.Errorf("the file is\n%s\nwant\n%s", shelf.text("orders-prod"), want)
	}
	s.sees("orders.lab:6390")
}

// TestFormAddsAndRenames makes a profile, renames it, and keeps what was typed when it is left.
func TestFormAddsAndRenames(t *testing.T) {
	t.Parallel()
	s, shelf := saved(t)
	s.keys("P", "a").sees("name is not a name").text("new one").sees("use letters, digits")
	s.keys("ctrl+u").text("neu").keys("tab").text("it is new").keys("esc").sees("what was typed is there")
	s.keys("a").sees("neu", "it is new").keys("enter").sees("neu is saved", "▌   neu")
	if text := shelf.text("neu"); !strings.Contains(text, `description = "it is new"`) {
		t.Error(text)
	}
	s.keys("e").text("er").keys("enter").sees("neuer is saved")
	s.keys("e", "ctrl+u").text("audit").keys("enter").sees("there is such a profile already", "Edit neuer")
	s.keys("esc", "c", "ctrl+u").text("ganz-neu").keys("enter").sees("ganz-neu is made like neuer", "▌   ganz-neu")
	s.keys("d").sees("Remove the profile ganz-neu", "ganz-neu.toml")
	s.wait(time.Second)
	s.text("ganz-neu").keys("enter").sees("ganz-neu is removed")
	if got := fmt.Sprint(shelf.names()); got != "[asks audit broken clear neuer orders-prod orders-staging]" {
		t.Error(got)
	}
}

// TestFormMendsABrokenProfile says in the form what is wrong.
func TestFormMendsABrokenProfile(t *testing.T) {
	t.Parallel()
	s, _ := saved(t)
	s.keys("P", "G", "enter").sees("this profile is broken").keys("e").sees("Edit broken", "unknown key")
}

// TestProfileTest tries a profile out, in place.
func TestProfileTest(t *testing.T) {
	t.Parallel()
	s, shelf := saved(t)
	s.keys("P", "t").sees("Test of orders-prod", "logged in as ann", "redis-2.lab:6380", "Profiles").keys("esc").misses("Test of")
	if len(shelf.done) != 1 || s.m.config.Profile != "" {
		t.Errorf("ended: %v, in use: %q", shelf.done, s.m.config.Profile)
	}
	s.keys("/").text("clear").keys("esc")
	s.keys("t").sees("Test of clear", "the keyring is locked").keys("esc")
	s.keys("up", "t").sees("The password of asks")
	s.wait(time.Second)
	s.text("sesame").keys("enter").sees("Test of asks", "logged in")
}

// TestSecretAsked asks for what only the person knows, masked, and hands it on.
func TestSecretAsked(t *testing.T) {
	t.Parallel()
	s, shelf := saved(t)
	s.pick("asks").sees("The password of asks")
	s.send(tea.PasteMsg{Content: "pasted too early"})
	s.wait(time.Second)
	s.text("ses")
	s.send(tea.PasteMsg{Content: "ame\n"})
	s.sees("> ******").misses("sesame")
	s.keys("enter").sees("asks   asks.lab:6379")
	if fmt.Sprint(shelf.given) != "[sesame]" {
		t.Errorf("answered %q", shelf.given)
	}
}

// TestNoSecretOfProfiles holds that secrets of profiles are nowhere to be seen, whatever is done with them.
func TestNoSecretOfProfiles(t *testing.T) {
	t.Parallel()
	s, shelf := saved(t)
	shelf.fails = nil
	look := func(where string) {
		t.Helper()
		everything := s.m.View().Content + s.m.View().WindowTitle + s.m.notice.text + fmt.Sprint(s.m.forms, s.m.typed) + s.clipboard
		entries, _ := s.m.log.latest()
		for _, e := range entries {
			everything += strings.Join(e.words, " ") + e.note
		}
		for _, secret := range []string{"hunter2", "swordfish", "sesame"} {
			if strings.Contains(everything, secret) {
				t.Errorf("%s: %q is there", where, secret)
			}
		}
	}
	s.keys("P", "/").text("hunter2")
	s.misses("▌")
	s.keys("ctrl+u").text("clear")
	s.keys("esc")
	s.sees("▌   clear")
	look("picker")
	s.keys("e").sees("password is in        ***")
	look("form")
	for range 13 {
		s.keys("down")
	}
	s.keys("ctrl+u").text("swordfish").sees("*********", "would stand in the file in clear")
	look("typed in the form")
	s.keys("enter")
	look("refused")
	s.keys("esc")
	look("left")
	s.keys("t")
	look("tested")
	s.keys("enter")
	look("connected")
	s.pick("asks")
	s.wait(time.Second)
	s.text("sesame")
	look("asked")
	s.keys("enter")
	look("answered")
	s.keys("5")
	look("log")
	if !strings.Contains(shelf.text("clear"), "hunter2") {
		t.Error("the file was changed")
	}
}

// TestStartsWithPicker chooses before anything is connected to; without a profile it goes where it always went.
func TestStartsWithPicker(t *testing.T) {
	t.Parallel()
	start := func() *screen {
		s := newScreen(t, 120, 40, func(c *Config) { c.Pick = true; sampleShelf(t).with(c) })
		return s.start().sees("which server?", "orders-prod", "without a profile")
	}
	s := start()
	if s.connections != 0 {
		t.Error("it connected")
	}
	s.keys("/").text("prod").keys("enter").sees("orders-prod   PRODUCTION", "orders:2026")
	if s = start(); s.connections != 0 {
		t.Error("it connected")
	}
	s.keys("esc").sees("redis-2.lab:6380", "orders:2026").misses("which server?")
}

// TestColours of a profile's name, which the theme does not have.
func TestProfileColour(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40, coloured)
	s.shelved()
	s.start().pick("orders-prod")
	if !strings.Contains(s.m.View().Content, "\x1b[38;5;208morders-prod") {
		t.Errorf("%q", strings.Split(s.m.View().Content, "\n")[0])
	}
}

// TestNotices go after three seconds, with the next key, and never over a list.
func TestNotices(t *testing.T) {
	t.Parallel()
	s, _ := saved(t)
	s.keys(":").text("theme mono").keys("enter")
	s.m, _ = s.m.say(1, "something happened")
	s.sees("something happened")
	s.keys("down").misses("something happened")
	s.m, _ = s.m.say(1, "something happened")
	s.alarms = append(s.alarms, alarm{at: s.clock.Now().Add(noticeFor), msg: noticeDue{gen: s.m.notice.gen}})
	s.wait(3100 * time.Millisecond)
	s.misses("something happened")
	s.keys("?")
	s.m, _ = s.m.say(1, "something happened")
	s.misses("something happened")
}

// TestGraceOfPaste holds that what was pasted for something else does not answer a question.
func TestGraceOfPaste(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40, production).start()
	s.keys("end")
	s.send(tea.KeyPressMsg{Code: 'd', Text: "d"})
	s.send(tea.PasteMsg{Content: "orders-prod"})
	s.sees("type orders-prod to go on").wait(time.Second)
	before := len(s.server.keys)
	s.keys("enter")
	if len(s.server.keys) != before {
		t.Error("the paste was taken for an answer")
	}
}

// TestDrawerByKeys changes the height of the console below.
func TestDrawerByKeys(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start().keys("`")
	before := s.m.picture().drawer.H
	if s.keys("ctrl+up", "ctrl+up", "ctrl+down"); s.m.picture().drawer.H != before+1 {
		t.Errorf("it went from %d to %d", before, s.m.picture().drawer.H)
	}
}

// TestKeyVerbFocuses the value of the key that was named.
func TestKeyVerbFocuses(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40).start().keys(":").text("key board").keys("enter").sees("zset")
	if s.m.shape.focus != valuePlace {
		t.Error("the keyboard is elsewhere")
	}
}
