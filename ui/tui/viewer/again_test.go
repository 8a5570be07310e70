package viewer

import (
	"strings"
	"testing"

	"redan/commands/edit"
	"redan/ui/tui/kit"
)

func TestNothingTypedIsLost(t *testing.T) {
	w := newWriter(t)
	w.server.Do("SET", "k", "before")
	w.open("k", "string")
	// a time that is none
	w.press("t")
	w.answer("2 fortnights")
	if ask := last[kit.Ask](w); ask.Text != "2 fortnights" || last[kit.Notice](w).Level != kit.Warn {
		t.Errorf("a mistyped time: %+v", ask)
	}
	w.send(kit.Answered{ID: last[kit.Ask](w).ID})
	// e in the sheet
	w.press("e")
	w.answer("first try")
	sheet := last[kit.Confirm](w)
	w.asked = nil
	w.send(kit.Confirmed{ID: sheet.ID, Other: true})
	if ask := last[kit.Ask](w); sheet.Other != "edit again" || ask.Text != "first try" {
		t.Errorf("edit again: %+v, %+v", sheet, ask)
	}
	w.answer("second try")
	// refused by the server
	w.server.Do("CONFIG", "SET", "maxmemory", "1")
	w.agree()
	refused := last[kit.Confirm](w)
	if text := strings.Join(refused.Lines, "\n"); !strings.Contains(text, "OOM") || refused.Action != "edit again" {
		t.Fatalf("refused: %+v", refused)
	}
	w.server.Do("CONFIG", "SET", "maxmemory", "0")
	w.asked = nil
	w.send(kit.Confirmed{ID: refused.ID, Yes: true})
	if ask := last[kit.Ask](w); ask.Text != "second try" {
		t.Errorf("after a refusal the line holds %q", ask.Text)
	}
	w.answer("third try")
	w.agree()
	w.check("third try", "GET", "k")
}

func TestMalformedHexIsMended(t *testing.T) {
	w := newWriter(t)
	w.server.Do("SET", "k", "\x00\x01")
	w.open("k", "string")
	w.press("ctrl+e")
	file := last[kit.EditText](w)
	w.asked = nil
	w.send(kit.Edited{ID: file.ID, Text: []byte("00 0z"), Changed: true})
	sheet := last[kit.Confirm](w)
	w.asked = nil
	w.send(kit.Confirmed{ID: sheet.ID, Yes: true})
	if again := last[kit.EditText](w); string(again.Text) != "00 0z" {
		t.Errorf("the editor gets %q", again.Text)
	}
	w.send(kit.Edited{ID: file.ID, Text: []byte("00 02\n"), Changed: true})
	w.agree()
	w.check("\x00\x02", "GET", "k")
}

func TestReplacingAsks(t *testing.T) {
	for _, c := range []struct{ press, answer string }{{"R", "there"}, {"C", "there|"}} {
		w := newWriter(t)
		w.server.Do("SET", "k", "mine")
		w.server.Do("RPUSH", "there", "theirs")
		w.open("k", "string")
		w.press(c.press)
		for text := range strings.SplitSeq(c.answer, "|") {
			w.answer(text)
		}
		w.agree() // to what replaces nothing
		w.check("list", "TYPE", "there")
		sheet := last[kit.Confirm](w)
		if !strings.HasPrefix(sheet.Title, "Replace there?") || sheet.Level != kit.Bad || !strings.Contains(sheet.Lines[0], "list") {
			t.Errorf("the sheet: %+v", sheet)
		}
		w.agree()
		w.check("mine", "GET", "there")
		w.press("u")
		w.agree()
		w.check("theirs", "LINDEX", "there", "0")
	}
}

// TestWhatIsPendingIsReadAgain holds that a table about a group shows what was written.
func TestWhatIsPendingIsReadAgain(t *testing.T) {
	w := newWriter(t)
	w.server.Do("XADD", "k", "1-1", "f", "v")
	w.server.Do("XADD", "k", "2-1", "f", "v")
	w.server.Do("XGROUP", "CREATE", "k", "g", "0")
	w.server.Do("XREADGROUP", "GROUP", "g", "alice", "STREAMS", "k", ">")
	w.open("k", "stream")
	w.press("c", "enter", "K")
	w.answer("bob")
	w.agree()
	if frame := w.frame(); !strings.Contains(frame, "1-1  bob") || !strings.Contains(frame, "2-1  alice") {
		t.Errorf("after the claim:\n%s", frame)
	}
	w.press("a")
	w.agree()
	if frame := w.frame(); strings.Contains(frame, "1-1  bob") {
		t.Errorf("after it was acknowledged:\n%s", frame)
	}
}

func TestSketchIsNotMangled(t *testing.T) {
	w := newWriter(t)
	w.server.Do("PFADD", "k", "a", "b")
	before := w.server.Do("GET", "k")
	w.open("k", "string")
	for _, key := range []string{"e", "ctrl+e", "x"} {
		w.asked = nil
		w.press(key)
		if len(w.asked) > 1 || len(w.asked) == 1 && last[kit.Notice](w).Level != kit.Plain {
			t.Errorf("%s: %+v", key, w.asked)
		}
	}
	if after := w.server.Do("GET", "k"); after != before {
		t.Errorf("looking at it changed it: %q, was %q", after, before)
	}
}

func TestEditorThatFails(t *testing.T) {
	w := newWriter(t)
	w.server.Do("SET", "k", "a\nb")
	w.open("k", "string")
	w.press("e")
	file := last[kit.EditText](w)
	w.asked = nil
	w.send(kit.Edited{ID: file.ID, Text: []byte("half"), Changed: true, Err: errGivenUp})
	if notice := last[kit.Notice](w); notice.Level != kit.Bad || !strings.Contains(notice.Text, "nothing was written") {
		t.Errorf("%+v", notice)
	}
	w.check("a\nb", "GET", "k")
}

// TestDiffIsInSight holds that the part that differs can be seen, wherever it is.
func TestDiffIsInSight(t *testing.T) {
	side := func(text string) edit.Side { return edit.Side{Present: true, Text: text, Size: int64(len(text))} }
	long := strings.Repeat("é0123456789", 40)
	for _, c := range []struct {
		name, before, after string
		want                []string
	}{
		{"short", "a", "b", []string{"- a", "+ b"}},
		{"nothing", "", "b", []string{`- ""`, "+ b"}},
		{"a line of many", "one\ntwo\nthree\nfour", "one\ntwo\n3\nfour", []string{"  two", "- three", "+ 3"}},
		{"a line added", "one\ntwo", "one\nnew\ntwo", []string{"  one", "+ new"}},
		{"a line break at the end", "one", "one\n", []string{"- one", `+ one\n`}},
		{"control bytes", "\x1b[31m", "x", []string{`- \x1b[31m`, "+ x"}},
	} {
		got := diffLines(edit.Diff{Old: side(c.before), New: side(c.after)}, 40)
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s:\n%s", c.name, strings.Join(got, "\n"))
		}
	}
	for _, line := range diffLines(edit.Diff{Old: side(long + "OLD" + long), New: side(long + "NEW" + long)}, 40) {
		if kit.Width(line) > 42 || !strings.Contains(line, "OLD") && !strings.Contains(line, "NEW") {
			t.Errorf("the difference is not in sight: %q", line)
		}
	}
	many := diffLines(edit.Diff{Old: side("x"), New: side(strings.Repeat("y\n", 100))}, 40)
	if len(many) != 1+mostDiffLines || !strings.Contains(many[len(many)-1], "more") {
		t.Errorf("many lines: %q", many)
	}
}
