package viewer

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"redan/ui/tui/kit"
)

// TestTrapTTLKeptThroughThePane holds for each key that writes that the time to live of the key is what it was, to the millisecond.
func TestTrapTTLKeptThroughThePane(t *testing.T) {
	w := newWriter(t)
	stream := [][]string{{"XADD", "k", "1-1", "f", "v"}, {"XADD", "k", "2-1", "f", "v"}}
	group := append(slices.Clone(stream), []string{"XGROUP", "CREATE", "k", "g", "0"}, []string{"XREADGROUP", "GROUP", "g", "alice", "STREAMS", "k", ">"})
	for _, c := range []struct {
		name  string
		setup [][]string
		press string
		text  string
	}{
		{"string", [][]string{{"SET", "k", "a"}}, "e", "b"},
		{"append", [][]string{{"SET", "k", "a"}}, "a", "b"},
		{"patch", [][]string{{"SET", "k", "\x00\xff"}}, "x", "01"},
		{"hash set", [][]string{{"HSET", "k", "f", "v", "g", "w"}}, "e", "x"},
		{"hash add", [][]string{{"HSET", "k", "f", "v"}}, "a", "g=w"},
		{"hash rename", [][]string{{"HSET", "k", "f", "v"}}, "N", "g"},
		{"hash remove", [][]string{{"HSET", "k", "f", "v", "g", "w"}}, "d", ""},
		{"list set", [][]string{{"RPUSH", "k", "a", "b"}}, "e", "x"},
		{"list add", [][]string{{"RPUSH", "k", "a", "b"}}, "a", "x"},
		{"list insert", [][]string{{"RPUSH", "k", "a", "b"}}, "I", "x"},
		{"list remove", [][]string{{"RPUSH", "k", "a", "b"}}, "d", ""},
		{"set add", [][]string{{"SADD", "k", "a", "b"}}, "a", "x"},
		{"set rename", [][]string{{"SADD", "k", "a"}}, "N", "x"},
		{"set remove", [][]string{{"SADD", "k", "a", "b"}}, "d", ""},
		{"score", [][]string{{"ZADD", "k", "1", "a"}}, "e", "2"},
		{"zset add", [][]string{{"ZADD", "k", "1", "a"}}, "a", "2 b"},
		{"zset rename", [][]string{{"ZADD", "k", "1", "a"}}, "N", "b"},
		{"zset remove", [][]string{{"ZADD", "k", "1", "a", "2", "b"}}, "d", ""},
		{"stream add", stream, "a", "f=w"},
		{"stream remove", stream, "d", ""},
		{"stream trim", stream, "T", "1"},
		{"ack", group, "c enter a", ""},
		{"claim", group, "c enter K", "bob"},
	} {
		w.server.Do("FLUSHALL")
		for _, words := range c.setup {
			w.server.Do(words...)
		}
		const end = "4102444800137"
		w.server.Do("PEXPIREAT", "k", end)
		before := w.server.Do("DUMP", "k")
		w.send(kit.KeyGone{Key: "k"}) // so that it is read anew
		w.open("k", "")
		w.press(strings.Fields(c.press)...)
		if c.text != "" {
			w.answer(c.text)
		}
		if sheet := w.agree(); !strings.Contains(sheet.Title, "TTL stays") {
			t.Errorf("%s: the sheet says %q", c.name, sheet.Title)
		}
		if got := strings.TrimSpace(w.server.Do("PEXPIRETIME", "k")); got != end {
			t.Errorf("%s: the end is at %s, was at %s", c.name, got, end)
		}
		if w.server.Do("DUMP", "k") == before {
			t.Errorf("%s wrote nothing", c.name)
		}
	}
}

// TestTrapNamesWithSpacesAndNewlines holds that keys, fields and members are any bytes: shown in one line, written as they are.
func TestTrapNamesWithSpacesAndNewlines(t *testing.T) {
	w := newWriter(t)
	for i, name := range []string{"a b", " ", "a\nb", "a\r\nb\x1b[31m", "tab\there", `quo"te's`, `back\slash`, "naïve ☕", "{x}:*?[y]", "-1", "\u202eabc"} {
		key := name + strconv.Itoa(i)
		w.server.Do("HSET", key, name, "before")
		w.open(key, "hash")
		frame := w.frame()
		checkFrame(t, frame, 100, 30)
		if strings.ContainsAny(frame, "\r\t\x1b\u202e") {
			t.Errorf("%q reaches the terminal as it is:\n%q", name, frame)
		}
		w.press("e")
		w.answer("after " + name)
		w.agree()
		w.check(strings.TrimSpace("after "+name), "HGET", key, name)
		w.press("N")
		w.answer(name + "2")
		w.agree()
		w.check(strings.TrimSpace("after "+name), "HGET", key, name+"2")
		w.press("R")
		w.answer(key + "3")
		w.agree()
		w.check("1", "EXISTS", key+"3")
	}
}

// TestTrapBinaryThroughTheEditor holds for each type whose values are edited that bytes survive: those that were edited, and the others.
func TestTrapBinaryThroughTheEditor(t *testing.T) {
	w := newWriter(t)
	var all strings.Builder
	for b := range 256 {
		all.WriteByte(byte(b))
	}
	value := all.String() + "tail"
	for _, c := range []struct {
		kind       string
		setup, get []string
	}{
		{"string", []string{"SET", "k", value}, []string{"GET", "k"}},
		{"hash", []string{"HSET", "k", "f\x00\xff", value}, []string{"HGET", "k", "f\x00\xff"}},
		{"list", []string{"RPUSH", "k", value}, []string{"LINDEX", "k", "0"}},
	} {
		w.server.Do("FLUSHALL")
		w.server.Do(c.setup...)
		w.send(kit.KeyGone{Key: "k"})
		w.open("k", c.kind)
		w.press("ctrl+e")
		file := last[kit.EditText](w)
		w.asked = nil
		w.send(kit.Edited{ID: file.ID, Text: []byte(strings.Replace(string(file.Text), "00 01 02", "ff ff 02", 1)), Changed: true})
		w.agree()
		if got, want := strings.TrimSuffix(w.server.Do(c.get...), "\n"), "\xff\xff"+value[2:]; got != want {
			t.Errorf("%s: became %q", c.kind, got)
		}
	}
}

// TestTrapJSONKeepsItsBytes holds that what is not edited of JSON stays as it is, though the editor gets it laid out.
func TestTrapJSONKeepsItsBytes(t *testing.T) {
	w := newWriter(t)
	const before = `{ "b":1.0,"a" :[1,  2e0,"\u00e9\/"], "b":{"z":null }, "n": 12345678901234567890}`
	w.server.Do("SET", "k", before)
	w.open("k", "string")
	w.press("ctrl+e")
	file := last[kit.EditText](w)
	if !strings.Contains(string(file.Text), "\n  \"b\": 1.0,\n") || file.Name != "value.json" {
		t.Fatalf("the editor gets %s as %s", file.Text, file.Name)
	}
	w.asked = nil
	w.send(kit.Edited{ID: file.ID, Text: append(file.Text, '\n')}) // saved by an editor that ends each file with a line break
	if notice := last[kit.Notice](w); notice.Text != "nothing was changed" {
		t.Errorf("saving without a change: %+v", notice)
	}
	w.press("ctrl+e")
	w.asked = nil
	w.send(kit.Edited{ID: file.ID, Text: []byte(strings.Replace(string(file.Text), "null", "7", 1) + "\n"), Changed: true})
	w.agree()
	w.check(strings.Replace(before, "null", "7", 1), "GET", "k")
}

// TestTrapLineBreakAtTheEnd holds that the line break which editors put at the end is written only where there was one, or two were typed.
func TestTrapLineBreakAtTheEnd(t *testing.T) {
	for _, c := range []struct{ before, saved, want string }{
		{"a\nb", "a\nc\n", "a\nc"},
		{"a\nb\n", "a\nc\n", "a\nc\n"},
		{"a\nb", "a\nc\n\n", "a\nc\n"},
		{"a\nb\n", "a\nc", "a\nc"},
	} {
		if got := string(editorText([]byte(c.before), []byte(c.saved))); got != c.want {
			t.Errorf("%q saved as %q becomes %q, want %q", c.before, c.saved, got, c.want)
		}
	}
	w := newWriter(t)
	w.server.Do("SET", "k", "a\nb")
	w.open("k", "string")
	w.press("e")
	file := last[kit.EditText](w)
	w.asked = nil
	w.send(kit.Edited{ID: file.ID, Text: []byte("a\nc\n"), Changed: true})
	w.agree()
	if got := w.server.Do("STRLEN", "k"); strings.TrimSpace(got) != "3" {
		t.Errorf("%s bytes were written", got)
	}
}
