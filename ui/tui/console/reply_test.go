package console

import (
	"context"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"redan/commands"
	"redan/conn/resp"
	"redan/ui/format"
	"redan/ui/tui/kit"
)

// TestFindInReplies looks for text in what is folded and far above, and goes there.
func TestFindInReplies(t *testing.T) {
	t.Parallel()
	d := drive(t, config(t), server(story()))
	d.enter("lrange l 0 -1", "hgetall h")
	d.press("alt+/")
	d.typed("Ent 45")
	d.shows("no more: Ent 45") // capitals matter when typed
	d.press("ctrl+u")
	d.typed("ent 45")
	d.shows("element 459", "find: ent 45")
	d.press("enter")
	d.shows("element 458")
	if frame := d.frame(80, 10); !strings.Contains(frame, `▌459) "element 458"`) {
		t.Errorf("the row is not marked:\n%s", frame)
	}
	d.press("down")
	d.shows("element 459")
	d.press("esc")
	if d.pane.find.on || d.pane.out.back == 0 {
		t.Error("leaving the search loses the place")
	}
	d.enter(`\find paid`)
	d.shows("status  paid", "find: paid")
}

// TestFindHighlightsWhatItFinds holds that marking a text changes none of it.
func TestFindHighlightsWhatItFinds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		r     row
		query string
		marks int
	}{
		{row{{"abcabc", plain}}, "bc", 2},
		{row{{"ABC", plain}}, "bc", 1},
		{row{{"ABC", plain}}, "Bc", 0},
		{row{{"aİb", plain}}, "b", 0},
		{row{{"a", name}, {"b", plain}}, "ab", 0},
		{row{}, "x", 0},
		{row{{"x", plain}}, "", 0},
	} {
		got := test.r.highlight(test.query)
		marks := 0
		for _, s := range got {
			if s.tone == accent {
				marks++
			}
			if !utf8.ValidString(s.text) {
				t.Errorf("%q in %q cuts a character", test.query, test.r.plain())
			}
		}
		if marks != test.marks || got.plain() != test.r.plain() {
			t.Errorf("%q in %q: %d marks, %q", test.query, test.r.plain(), marks, got.plain())
		}
	}
}

// TestCopyAndSaveReply copies and saves the reply in sight in its forms.
func TestCopyAndSaveReply(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	c := config(t)
	c.Save = func(name string, data []byte) error { files[name] = string(data); return nil }
	d := drive(t, c, server(story()))
	d.press("alt+y") // nothing yet
	d.enter("xrange s - +", "hgetall h")
	d.press("alt+y")
	d.settle()
	d.press("alt+u")
	d.settle()
	for _, name := range []string{"h.json", "h.csv", "h.txt"} {
		d.enter(`\save ` + name)
		d.send(d.requests[len(d.requests)-1])
		d.settle()
	}
	var copied []string
	for _, m := range d.requests {
		if m, ok := m.(kit.CopyText); ok {
			copied = append(copied, m.Text)
		}
	}
	if len(copied) != 2 || !strings.HasPrefix(copied[0], "status paid\ntotal {") || !strings.Contains(copied[1], `1# "status" => "paid"`) {
		t.Errorf("copied %q", copied)
	}
	if !strings.HasPrefix(files["h.json"], `{"status":"paid"`) || !strings.HasPrefix(files["h.csv"], `"status","paid"`) ||
		!strings.HasPrefix(files["h.txt"], "status paid\n") || !strings.Contains(files["h.txt"], "\x1f\x8b\x00") {
		t.Errorf("saved %q", files)
	}
}

// TestErrorsAreExplained says in plain words what an error means.
func TestErrorsAreExplained(t *testing.T) {
	t.Parallel()
	s, at := realServer(t, 2)
	s.Do("HSET", "h", "a", "1")
	d := drive(t, config(t), at)
	d.enter("lpush h 1", "hget", "hgte h a", "client lst", "set k v nx xx")
	d.shows("holds another type", "usage: HGET key field", "did you mean HGET?", "did you mean CLIENT LIST?", "usage: SET key value")
	d.enter("watch h", "multi", "incr n")
	s.Do("HSET", "h", "a", "2")
	d.enter("exec", "multi", "incr n", "incr n", "discard", "multi", "incr", "exec")
	d.shows("a watched key was changed meanwhile", "2 commands discarded", "nothing of the transaction was executed")
}

// TestWatchMarksChanges marks the rows of a repeated reply that were not there before, and any key ends it.
func TestWatchMarksChanges(t *testing.T) {
	t.Parallel()
	s := story()
	n := 0
	s.answer = func([]string) (resp.Value, error) {
		n++
		return list(resp.Array, "same", strings.Repeat("x", n), "last"), nil
	}
	d := drive(t, config(t), server(s))
	d.enter(`\watch 1 lrange l 0 -1`)
	d.hides("●")
	d.fire()
	d.settle()
	d.shows(`● 2) "xx"`, `  1) "same"`, "run 2, 1 changed")
	d.press("pgup", "pgdown")
	d.shows("again every 1 s")
	d.typed("g")
	d.hides("again every")
	if got := d.pane.line.Text(); got != "g" {
		t.Errorf("the key that ended it is lost: %q", got)
	}
	d.press("ctrl+u")
	d.enter(`\watch 1 lrange l 0 -1`)
	d.press("esc")
	d.hides("again every")
	sent := len(s.lines())
	d.fire()
	d.settle()
	if len(s.lines()) != sent {
		t.Error("it goes on after its end")
	}
}

// TestColonLinesOfTheConsole holds that what begins with a colon is for the colon line, and that nothing behind it is sent.
func TestColonLinesOfTheConsole(t *testing.T) {
	t.Parallel()
	book := &notebook{}
	c := config(t)
	c.History = book
	s := story()
	d := drive(t, c, server(s))
	d.pasted(":db 3\nset a 1")
	d.press("enter")
	d.settle()
	d.shows("1 line after it not sent")
	d.enter("connect h 7", ":connect redis://u:hunter2@h", `:connect -a "hunter2 x`)
	want := []kit.Message{kit.RunColon{Line: "db 3"}, kit.RunColon{Line: "connect -h h -p 7"}, kit.RunColon{Line: "connect redis://u:hunter2@h"}}
	for _, m := range want {
		if !slices.Contains(d.requests, m) {
			t.Errorf("the root was not asked for %+v", m)
		}
	}
	if got := s.lines(); len(got) != 0 {
		t.Errorf("sent %q", got)
	}
	if all := strings.Join(book.lines, "\n") + d.frame(100, 40); strings.Contains(all, "hunter2") {
		t.Errorf("a password is kept:\n%s", all)
	}
}

// TestAttributesAreShown shows what RESP3 says about a reply.
func TestAttributesAreShown(t *testing.T) {
	t.Parallel()
	s := story()
	v := bulk("value")
	v.Attrs = list(resp.Map, "ttl", "3600").Elems
	s.answer = func([]string) (resp.Value, error) { return v, nil }
	d := drive(t, config(t), server(s))
	d.enter("get k")
	d.shows("attribute ttl: 3600", `"value"`)
	if got := d.pane.replyInSight().text(format.Standard); !strings.Contains(got, "value") {
		t.Errorf("the reply is %q", got)
	}
}

// TestUnknownCommandsAreLookedUp asks the server what a command is before it goes where harm is possible.
func TestUnknownCommandsAreLookedUp(t *testing.T) {
	t.Parallel()
	_, at := realServer(t, 2)
	at.Production, at.Word = true, "prod"
	c := config(t)
	c.Table = &commands.Table{} // as if all commands were those of a module
	d := drive(t, c, at)
	asked := func() bool {
		return slices.ContainsFunc(d.requests, func(m kit.Message) bool { _, ok := m.(kit.Confirm); return ok })
	}
	d.send(kit.RunCommand{Words: []string{"echo", "harmless"}})
	d.settle()
	d.send(kit.RunCommand{Words: []string{"nosuchcommand"}})
	d.settle()
	d.shows("harmless", "ERR unknown command")
	if asked() {
		t.Errorf("asked about what is harmless: %v", d.requests)
	}
	d.send(kit.RunCommand{Words: []string{"flushall"}})
	d.settle()
	if !asked() {
		t.Error("FLUSHALL went out without a question")
	}
	d.send(kit.Confirmed{ID: asksDestroy})
	at.Client = refusing{} // a server that does not tell
	d.pane, _ = d.pane.Connect(at)
	d.requests = nil
	d.send(kit.RunCommand{Words: []string{"mystery"}})
	d.settle()
	if !asked() {
		t.Error("a command that nobody knows went out without a question")
	}
}

// refusing is a client that may not ask anything.
type refusing struct{ kit.Client }

func (refusing) Do(context.Context, ...string) (resp.Value, error) {
	return resp.Value{Kind: resp.SimpleError, Text: []byte("NOPERM")}, nil
}
