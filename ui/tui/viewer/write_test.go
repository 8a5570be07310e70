package viewer

import (
	"context"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"redan/conn"
	"redan/conn/conntest"
	"redan/ui/tui/kit"
)

// writer is a pane on a real server, that may write.
type writer struct {
	*driver
	t      *testing.T
	server *conntest.Server
}

func newWriter(t *testing.T) writer {
	t.Helper()
	server, client := realClient(t)
	d := newDriver(client, 100, 30, false)
	o := conn.Options{Host: server.Host, Port: server.Port}
	dialer, err := conn.NewDialer(o, conn.System())
	if err != nil {
		t.Fatal(err)
	}
	d.pane.config.Session = func(ctx context.Context) (Session, error) { return conn.Open(ctx, dialer, o) }
	return writer{d, t, server}
}

// last is the last thing of a kind that the root was asked for.
func last[T tea.Msg](w writer) T {
	w.t.Helper()
	for _, asked := range slices.Backward(w.asked) {
		if msg, ok := asked.(T); ok {
			return msg
		}
	}
	var none T
	w.t.Fatalf("the root was not asked for a %T, but for %+v", none, w.asked)
	return none
}

// answer types into the line that was asked for.
func (w writer) answer(text string) {
	w.t.Helper()
	ask := last[kit.Ask](w)
	w.asked = nil
	w.send(kit.Answered{ID: ask.ID, Text: text, OK: true})
}

// agree agrees to the sheet and delivers what the pane told the root.
func (w writer) agree() kit.Confirm {
	w.t.Helper()
	sheet := last[kit.Confirm](w)
	w.asked = nil
	w.send(kit.Confirmed{ID: sheet.ID, Yes: true})
	for _, msg := range w.asked {
		switch msg.(type) {
		case kit.KeyChanged, kit.KeyGone, kit.OpenKey:
			w.send(msg)
		}
	}
	return sheet
}

func (w writer) check(want string, words ...string) {
	w.t.Helper()
	if got := w.server.Do(words...); strings.TrimSpace(got) != want {
		w.t.Errorf("%q: %q, want %q", words, got, want)
	}
}

func TestEditHashField(t *testing.T) {
	w := newWriter(t)
	w.server.Do("HSET", "h", "a", "1", "total", `{"amount": 1299, "currency": "EUR"}`)
	w.server.Do("PEXPIRE", "h", "7654321")
	w.open("h", "hash")
	w.press("down", "e")
	if text := last[kit.Ask](w).Text; text != `{"amount": 1299, "currency": "EUR"}` {
		t.Fatalf("the line holds %q", text)
	}
	w.answer(`{"amount": 1399, "currency": "EUR"}`)
	sheet := w.agree()
	if all := sheet.Title + "\n" + strings.Join(sheet.Lines, "\n"); !strings.Contains(all, "TTL stays 2h 7m") || !strings.Contains(all, "- {\"amount\": 1299") ||
		!strings.Contains(all, "+ {\"amount\": 1399") || !strings.Contains(all, `HSET h total '{"amount": 1399, "currency": "EUR"}'`) {
		t.Errorf("the sheet:\n%s", all)
	}
	w.check(`{"amount": 1399, "currency": "EUR"}`, "HGET", "h", "total")
	if w.server.Do("PTTL", "h") == "-1" {
		t.Error("the TTL is lost")
	}
	if frame := w.frame(); !strings.Contains(frame, "1399") {
		t.Errorf("the new value is not shown:\n%s", frame)
	}
}

func TestConflictAsks(t *testing.T) {
	w := newWriter(t)
	w.server.Do("HSET", "h", "f", "mine")
	w.open("h", "hash")
	w.press("e")
	w.answer("yours")
	w.server.Do("HSET", "h", "f", "theirs")
	w.agree()
	w.check("theirs", "HGET", "h", "f")
	sheet := last[kit.Confirm](w)
	if text := strings.Join(sheet.Lines, "\n"); !strings.Contains(text, "read    mine") || !strings.Contains(text, "theirs  theirs") || !strings.Contains(text, "yours   yours") {
		t.Errorf("the sheet:\n%s", text)
	}
	w.asked = []tea.Msg{sheet}
	w.agree()
	w.check("yours", "HGET", "h", "f")
}

func TestLeavingWritesNothing(t *testing.T) {
	w := newWriter(t)
	w.server.Do("SET", "s", "before")
	w.open("s", "string")
	w.press("e")
	w.answer("after")
	w.send(kit.Confirmed{ID: last[kit.Confirm](w).ID})
	w.send(kit.Confirmed{ID: w.pane.question(askSheet), Yes: true}) // too late
	w.check("before", "GET", "s")
}

func TestEachWrite(t *testing.T) {
	for _, c := range []struct {
		name  string
		setup [][]string
		key   string
		press []string
		text  string // typed into the line; nothing is asked for where it is empty
		words []string
		want  string
	}{
		{"string", [][]string{{"SET", "k", "a", "EX", "1000"}}, "k", []string{"e"}, "b", []string{"GET", "k"}, "b"},
		{"list element", [][]string{{"RPUSH", "k", "a", "b", "a"}}, "k", []string{"G", "e"}, "c", []string{"LINDEX", "k", "2"}, "c"},
		{"list remove", [][]string{{"RPUSH", "k", "a", "b", "a"}}, "k", []string{"G", "d"}, "", []string{"LINDEX", "k", "-1"}, "b"},
		{"list add", [][]string{{"RPUSH", "k", "a"}}, "k", []string{"a"}, "z", []string{"LINDEX", "k", "-1"}, "z"},
		{"set add", [][]string{{"SADD", "k", "a"}}, "k", []string{"a"}, "z y", []string{"SISMEMBER", "k", "z y"}, "1"},
		{"set remove", [][]string{{"SADD", "k", "a"}, {"SADD", "k", "b"}}, "k", []string{"d"}, "", []string{"SCARD", "k"}, "1"},
		{"set rename", [][]string{{"SADD", "k", "a"}}, "k", []string{"N"}, "b", []string{"SISMEMBER", "k", "b"}, "1"},
		{"score", [][]string{{"ZADD", "k", "1", "m"}}, "k", []string{"e"}, "2.5", []string{"ZSCORE", "k", "m"}, "2.5"},
		{"zset add", [][]string{{"ZADD", "k", "1", "m"}}, "k", []string{"a"}, "7 new one", []string{"ZSCORE", "k", "new one"}, "7"},
		{"hash add", [][]string{{"HSET", "k", "f", "v"}}, "k", []string{"a"}, "g=x=y", []string{"HGET", "k", "g"}, "x=y"},
		{"hash remove", [][]string{{"HSET", "k", "f", "v", "g", "w"}}, "k", []string{"d"}, "", []string{"HLEN", "k"}, "1"},
		{"hash rename", [][]string{{"HSET", "k", "f", "v"}}, "k", []string{"N"}, "g", []string{"HGET", "k", "g"}, "v"},
		{"opened field", [][]string{{"HSET", "k", "f", "v"}}, "k", []string{"enter", "e"}, "w", []string{"HGET", "k", "f"}, "w"},
		{"stream add", [][]string{{"XADD", "k", "*", "f", "v"}}, "k", []string{"a"}, "f=w g=x", []string{"XLEN", "k"}, "2"},
		{"stream remove", [][]string{{"XADD", "k", "*", "f", "v"}}, "k", []string{"d"}, "", []string{"XLEN", "k"}, "0"},
		{"life", [][]string{{"SET", "k", "a"}}, "k", []string{"t"}, "2h30m", []string{"PERSIST", "k"}, "1"},
		{"persist", [][]string{{"SET", "k", "a", "EX", "100"}}, "k", []string{"t"}, "none", []string{"TTL", "k"}, "-1"},
		{"rename", [][]string{{"SET", "k", "a"}}, "k", []string{"R"}, "k2", []string{"GET", "k2"}, "a"},
		{"copy", [][]string{{"SET", "k", "a"}}, "k", []string{"C"}, "k2|", []string{"GET", "k2"}, "a"},
		{"copy elsewhere", [][]string{{"SET", "k", "a"}}, "k", []string{"C"}, "k2|4", []string{"EVAL", "redis.call('select',4) return redis.call('get','k2')", "0"}, "a"},
		{"list insert before", [][]string{{"RPUSH", "k", "a", "b", "a"}}, "k", []string{"G", "i"}, "z", []string{"LINDEX", "k", "2"}, "z"},
		{"list insert after", [][]string{{"RPUSH", "k", "a", "b", "a"}}, "k", []string{"down", "I"}, "z", []string{"LINDEX", "k", "2"}, "z"},
		{"append", [][]string{{"SET", "k", "a"}}, "k", []string{"a"}, " b", []string{"GET", "k"}, "a b"},
		{"patch", [][]string{{"SET", "k", "\x00\xff\x01\xfe"}}, "k", []string{"x"}, "00 fe", []string{"GET", "k"}, "\x00\xfe\x01\xfe"},
		{"trim", [][]string{{"XADD", "k", "1-1", "f", "v"}, {"XADD", "k", "2-1", "f", "v"}}, "k", []string{"T"}, "1", []string{"XRANGE", "k", "-", "+"}, "2-1\nf\nv"},
		{"trim by id", [][]string{{"XADD", "k", "1-1", "f", "v"}, {"XADD", "k", "2-1", "f", "v"}}, "k", []string{"T"}, "2-0", []string{"XLEN", "k"}, "1"},
		{"count in", [][]string{{"PFADD", "k", "a"}}, "k", []string{"a"}, "b", []string{"PFCOUNT", "k"}, "2"},
		{"delete", [][]string{{"SET", "k", "a"}}, "k", []string{"X"}, "", []string{"EXISTS", "k"}, "0"},
		{"move", [][]string{{"SET", "k", "a"}}, "k", []string{"M"}, "3", []string{"EXISTS", "k"}, "0"},
		{"ack", [][]string{
			{"XADD", "k", "1-1", "f", "v"},
			{"XGROUP", "CREATE", "k", "g", "0"},
			{"XREADGROUP", "GROUP", "g", "alice", "STREAMS", "k", ">"},
		}, "k", []string{"c", "enter", "a"}, "", []string{"XACK", "k", "g", "1-1"}, "0"},
		{"claim", [][]string{
			{"XADD", "k", "1-1", "f", "v"},
			{"XGROUP", "CREATE", "k", "g", "0"},
			{"XREADGROUP", "GROUP", "g", "alice", "STREAMS", "k", ">"},
		}, "k", []string{"c", "enter", "K"}, "bob", []string{"XPENDING", "k", "g"}, "1\n1-1\n1-1\nbob\n1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWriter(t)
			for _, words := range c.setup {
				w.server.Do(words...)
			}
			w.open(c.key, "")
			w.press(c.press...)
			if c.text != "" {
				for text := range strings.SplitSeq(c.text, "|") { // a line after the other
					w.answer(text)
				}
			}
			w.agree()
			w.check(c.want, c.words...)
			checkFrame(t, w.frame(), 100, 30)
		})
	}
}

func TestCreateEachType(t *testing.T) {
	w := newWriter(t)
	for _, c := range []struct{ text, kind string }{
		{"string some text", "string"},
		{`hash f="two words" 'a b'=w`, "hash"},
		{"list a b", "list"},
		{"set a b", "set"},
		{"zset 1 a 2 b", "zset"},
		{"stream f=v", "stream"},
		{"hll a b", "string"},
		{"bits 1 5", "string"},
		{"geo 13.361389 38.115556 Palermo", "zset"},
	} {
		key := "new:" + c.text
		w.press("+")
		w.answer(key)
		w.answer(c.text)
		w.agree()
		w.check(c.kind, "TYPE", key)
		if frame := w.frame(); !strings.Contains(frame, key) {
			t.Errorf("%s is not shown:\n%s", key, frame)
		}
	}
	w.press("+")
	w.answer("new:list a b")
	w.answer("string x")
	w.check("list", "TYPE", "new:list a b")
	sheet := last[kit.Confirm](w)
	if !strings.Contains(sheet.Lines[0], "exists already") || sheet.Action != "edit again" {
		t.Errorf("an existing key: %+v", sheet)
	}
	w.asked = nil
	w.send(kit.Confirmed{ID: sheet.ID, Yes: true})
	w.answer("another")
	if text := last[kit.Ask](w).Text; text != "string x" {
		t.Errorf("what was typed is lost: %q", text)
	}
	w.answer("string x")
	w.agree()
	w.check("x", "GET", "another")
	for _, text := range []string{"", "hash", "hash f", "zset 1", "zset x", "geo 1 2", "bits x", "word", "list", "vset a x"} {
		if _, err := content(text); err == nil {
			t.Errorf("%q is taken for a content", text)
		}
	}
}

func TestBinaryIsEditedAsHex(t *testing.T) {
	w := newWriter(t)
	w.server.Do("SET", "k", "\x00\xff\x01\xfe")
	w.open("k", "string")
	w.press("e")
	file := last[kit.EditText](w)
	if !strings.Contains(string(file.Text), "00 ff 01 fe") {
		t.Fatalf("the editor gets %q", file.Text)
	}
	w.asked = nil
	w.send(kit.Edited{ID: file.ID, Text: []byte("00 ff 02 fe\n"), Changed: true})
	w.agree()
	w.check("\x00\xff\x02\xfe", "GET", "k")
}

func TestUndo(t *testing.T) {
	w := newWriter(t)
	w.server.Do("HSET", "h", "f", "v", "g", "w")
	w.open("h", "hash")
	w.press("d")
	w.agree()
	w.check("1", "HLEN", "h")
	w.press("u")
	w.agree()
	w.check("2", "HLEN", "h")
	if frame := w.frame(); !strings.Contains(frame, "2 of 2") {
		t.Errorf("what came back is not shown:\n%s", frame)
	}
}

func TestReadOnlySaysSo(t *testing.T) {
	w := newWriter(t)
	w.server.Do("HSET", "h", "f", "v")
	w.pane.config.Guard.ReadOnly = "read-only: started with --read-only"
	w.open("h", "hash")
	for _, key := range []string{"e", "t", "d", "a", "R", "C", "M", "N", "T"} {
		w.asked = nil
		w.press(key)
		if len(w.asked) != 1 || last[kit.Notice](w).Text != w.pane.config.Guard.ReadOnly {
			t.Errorf("%s: %+v", key, w.asked)
		}
	}
}

// TestSlowWriteIsCalledOne holds that a write that takes long is not called reading.
func TestSlowWriteIsCalledOne(t *testing.T) {
	w := newWriter(t)
	w.server.Do("SET", "s", "text")
	w.open("s", "string")
	w.press("e")
	w.answer("other")
	w.hold = true
	w.send(kit.Confirmed{ID: last[kit.Confirm](w).ID, Yes: true})
	w.send(w.timer.due[len(w.timer.due)-1])
	if frame := w.frame(); !strings.Contains(frame, "   writing… esc: stop") || strings.Contains(frame, "reading") || w.pane.Underway() != "writing" {
		t.Errorf("%q is under way:\n%s", w.pane.Underway(), frame)
	}
	w.release()
	w.check("other", "GET", "s")
}

// TestNamelessKey holds that the sheets name the key whose name is empty.
func TestNamelessKey(t *testing.T) {
	w := newWriter(t)
	w.server.Do("SET", "", "text")
	w.open("", "string")
	w.press("e")
	if title := last[kit.Ask](w).Title; title != `Edit ""` {
		t.Errorf("asked for %q", title)
	}
	w.answer("other")
	if title := w.agree().Title; !strings.HasPrefix(title, `Write ""   `) {
		t.Errorf("the sheet is called %q", title)
	}
	w.check("other", "GET", "")
}

// TestTypeChangedBeforeAWrite holds that a key that became another type is not shown as if it were what it was, and that refusals are told
// in whole.
func TestTypeChangedBeforeAWrite(t *testing.T) {
	w := newWriter(t)
	w.server.Do("ZADD", "z", "1", "a")
	w.open("z", "zset")
	w.server.Do("SET", "z", "text")
	w.press("a")
	w.answer("2 b")
	if frame := w.frame(); !strings.Contains(frame, "is a string and no zset; ctrl+r reads it again") {
		t.Errorf("\n%s", frame)
	}
}

func TestLongRefusalIsWrapped(t *testing.T) {
	w := newWriter(t)
	w.server.Do("SET", "s", "text")
	w.open("s", "string")
	w.server.Do("CONFIG", "SET", "maxmemory", "1")
	w.press("e")
	w.answer("other")
	w.agree()
	sheet := last[kit.Confirm](w)
	if len(sheet.Lines) < 3 || !strings.Contains(strings.Join(sheet.Lines, " "), "OOM command not allowed when used memory > 'maxmemory'.") {
		t.Errorf("%q", sheet.Lines)
	}
	for _, line := range sheet.Lines {
		if kit.Width(line) > 96 {
			t.Errorf("too wide: %q", line)
		}
	}
	w.server.Do("CONFIG", "SET", "maxmemory", "0")
}
