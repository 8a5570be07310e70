package console

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
	"redan/conn/resp"
	"redan/ui/tui/kit"
)

// notebook is a history in memory.
type notebook struct {
	mu    sync.Mutex
	lines []string
	fails error
}

func (n *notebook) Load() ([]string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.lines, n.fails
}

func (n *notebook) Add(line string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, line)
	return n.fails
}

func TestHistory(t *testing.T) {
	t.Parallel()
	book := &notebook{lines: []string{"get old"}}
	c := config(t)
	c.History = book
	d := drive(t, c, server(story()))
	d.enter("incr a", "auth secret", "incr a", "incr b")
	if want := []string{"get old", "incr a", "incr b"}; !slices.Equal(book.lines, want) {
		t.Errorf("the history holds %q, want %q", book.lines, want)
	}
	if strings.Contains(d.frame(100, 40), "secret") {
		t.Error("a secret is on screen")
	}
	d.typed("draft")
	d.press("up", "up")
	if got := d.pane.line.Text(); got != "incr a" {
		t.Errorf("two up is %q", got)
	}
	d.press("down", "down")
	if got := d.pane.line.Text(); got != "draft" {
		t.Errorf("back down is %q", got)
	}
	d.press("ctrl+r")
	d.typed("old")
	d.shows("search 'old': get old")
	d.press("esc")
	if got := d.pane.line.Text(); got != "draft" {
		t.Errorf("leaving the search gives %q", got)
	}
	d.press("ctrl+r")
	d.typed("inc")
	d.press("ctrl+r", "right")
	if got := d.pane.line.Text(); got != "incr a" {
		t.Errorf("the older one found is %q", got)
	}
}

func TestFailingHistoryIsToldOnce(t *testing.T) {
	t.Parallel()
	c := config(t)
	c.History = &notebook{fails: errors.New("cannot write")}
	d := drive(t, c, server(story()))
	d.enter("incr a", "incr b")
	if n := strings.Count(d.frame(100, 40), "cannot write; going on without it"); n != 1 {
		t.Errorf("told %d times:\n%s", n, d.frame(100, 40))
	}
}

func TestPasteRunsInOrder(t *testing.T) {
	t.Parallel()
	s := story()
	d := drive(t, config(t), server(s))
	d.typed("set ")
	d.pasted("a 1\r\nset b 2\n\nset c")
	d.typed(" 3")
	if len(s.lines()) != 0 {
		t.Fatal("a paste ran by itself")
	}
	d.press("enter")
	d.settle()
	if got, want := s.lines(), []string{"set a 1", "set b 2", "set c 3"}; !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
	d.pasted("x\ny\n")
	d.press("esc")
	if len(d.pane.pending) > 0 {
		t.Error("esc keeps the lines")
	}
	d.press("up")
	if got := d.pane.line.Text(); got != "y" {
		t.Errorf("dropped lines are not in the history: %q", got)
	}
}

func TestFoldedReply(t *testing.T) {
	t.Parallel()
	d := drive(t, config(t), server(story()))
	d.enter("lrange l 0 -1")
	d.shows("300 more lines")
	d.press("space")
	d.hides("300 more lines")
	d.press("ctrl+end")
	d.shows("100 more lines", `400) "element 399"`)
	d.press("space", "ctrl+end")
	d.shows(`500) "element 499"`)
	d.hides("more lines")
	d.typed("a")
	d.press("space")
	if got := d.pane.line.Text(); got != "a " {
		t.Errorf("a blank in a line: %q", got)
	}
	d.press("ctrl+home")
	d.shows("lrange l 0 -1", `1) "element 0"`)
	d.press("esc")
	d.shows("500)")
}

func TestRepeatAndWatch(t *testing.T) {
	t.Parallel()
	s := story()
	d := drive(t, config(t), server(s))
	d.enter("5 incr x")
	if n := len(s.lines()); n != 5 {
		t.Errorf("sent %d times", n)
	}
	d.enter(`\watch 2`)
	d.shows("every 2 s, run 1", "again every 2 s")
	for range 3 {
		d.fire()
		d.settle()
	}
	d.shows("run 4")
	d.hides("run 3")
	d.enter("get doc") // a new line ends it
	d.hides("again every")
	sent := len(s.lines())
	d.fire()
	d.settle()
	if got := s.lines(); len(got) != sent || got[sent-1] != "get doc" {
		t.Errorf("sent %q", got)
	}
	d.enter(`\watch 1 get doc`)
	d.press("ctrl+c")
	d.hides("again every")
	d.enter(`\watch multi`)
	d.shows("changes the connection")
}

func TestProductionAsks(t *testing.T) {
	t.Parallel()
	s := story()
	at := server(s)
	at.Production, at.Word = true, "orders-prod"
	d := drive(t, config(t), at)
	d.enter("get x", "info", "config get save", "flushall")
	if got := s.lines(); slices.Contains(got, "flushall") || len(got) != 3 {
		t.Fatalf("sent %q", got)
	}
	ask, ok := d.requests[len(d.requests)-1].(kit.Confirm)
	if !ok || ask.Word != "orders-prod" || ask.ID != asksDestroy {
		t.Fatalf("asked %+v", d.requests)
	}
	d.enter("incr y") // waits for the answer
	d.send(kit.Confirmed{ID: asksDestroy})
	d.settle()
	d.shows("not sent")
	d.enter("del k")
	d.send(kit.Confirmed{ID: asksDestroy, Yes: true})
	d.settle()
	if got, want := s.lines(), []string{"get x", "info", "config get save", "del k"}; !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
}

func TestReadOnlyRefuses(t *testing.T) {
	t.Parallel()
	s := story()
	at := server(s)
	at.ReadOnly = true
	d := drive(t, config(t), at)
	d.enter("set a 1", "eval script 0", "nonsense", "shutdown", "client kill 1:1", "config rewrite", "client pause 1", "get a", "select 3")
	if got, want := s.lines(), []string{"get a", "select 3"}; !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
}

func TestQuitAsksInATransaction(t *testing.T) {
	t.Parallel()
	d := drive(t, config(t), server(story()))
	d.enter("multi")
	if d.pane.Unfinished() == "" {
		t.Error("nothing would be lost")
	}
	d.enter("quit")
	if d.quits != 0 {
		t.Fatal("left without asking")
	}
	d.send(kit.Confirmed{ID: asksQuit, Yes: true})
	d.settle()
	if d.quits != 1 {
		t.Error("did not leave")
	}
}

func TestWaitingIsToldAndCancelled(t *testing.T) {
	t.Parallel()
	s := story()
	d := drive(t, config(t), server(s))
	d.enter("multi")
	d.typed("blpop q 0")
	d.press("enter")
	d.until("the timer is set", func() bool { return len(d.timers) > 1 })
	d.fire()
	d.typed("get later")
	d.press("enter")
	d.shows("BLPOP", "waiting for the reply, 1 line after it")
	d.pane = d.pane.Focused(false)
	d.send(kit.Cancel{})
	d.shows("waiting for the reply") // it was not meant for us
	d.pane = d.pane.Focused(true)
	d.send(kit.Cancel{})
	d.settle()
	d.shows("cancelled; the server may have executed it", "lost: the transaction (MULTI)", "1 line after it not sent")
	d.hides("(TX)> get")
	if slices.Contains(s.lines(), "get later") {
		t.Error("a line was sent after the one that was cancelled")
	}
	d.enter("incr x")
	d.shows("(integer) 1")
}

func TestConnectionLost(t *testing.T) {
	t.Parallel()
	s := story()
	d := drive(t, config(t), server(s))
	d.enter("multi")
	answer := s.answer
	s.answer = func([]string) (resp.Value, error) { return resp.Value{}, errors.New("server closed the connection") }
	d.enter("incr x")
	d.shows("server closed the connection", "lost: the transaction", "not connected>")
	if !slices.ContainsFunc(d.requests, func(m kit.Message) bool { f, ok := m.(kit.Failed); return ok && f.What == "run INCR" }) {
		t.Errorf("the root is not told: %v", d.requests)
	}
	s.answer = answer
	sent := len(s.lines())
	d.enter("get x")
	d.shows("connected anew; lost: the transaction (MULTI)")
	if got := s.lines()[sent:]; !slices.Equal(got, []string{"get x"}) {
		t.Errorf("sent again: %q", got)
	}
}

func TestLiveList(t *testing.T) {
	t.Parallel()
	type file struct {
		name, body string
	}
	files := make(chan file, 1)
	c := config(t)
	c.Save = func(n string, data []byte) error { files <- file{n, string(data)}; return nil }
	d := drive(t, c, server(story()))
	d.subscribe(news("alpha"), news("beta"))
	if d.pane.Typing() {
		t.Error("letters would be typed")
	}
	d.press("/")
	d.typed("alp")
	d.shows("alpha")
	d.hides("beta")
	d.press("enter", "s")
	d.settleBut(2)
	d.send(kit.Answered{ID: asksFile, Text: "out.txt", OK: true})
	if f := <-files; f.name != "out.txt" || !strings.Contains(f.body, "news  alpha") || strings.Contains(f.body, "beta") {
		t.Errorf("saved %+v", f)
	}
	d.press("space")
	session, _ := d.pane.wireSession().(*scripted)
	session.pushed <- news("alpha two")
	d.until("it has come", func() bool { return d.pane.live.total == 4 })
	d.shows("PAUSED, 1 since")
	d.hides("alpha two")
	d.press("space")
	d.shows("alpha two")
	d.press("esc")
	d.settle()
	d.shows("subscribe news ended after 4 messages", "alpha two", "redis-2.lab:6380>")
	d.hides("connected anew")
	d.enter("incr x")
	d.shows("(integer) 1")
}

// settleBut runs until only so many commands are under way.
func (d *driver) settleBut(n int) {
	d.until("almost all is quiet", func() bool { return d.open <= n })
}

func TestCompletionOfWords(t *testing.T) {
	t.Parallel()
	d := drive(t, config(t), server(story()))
	d.typed("hgeta")
	d.press("tab")
	d.settle()
	if got := d.pane.line.Text(); got != "hgetall " {
		t.Errorf("completed to %q", got)
	}
	d.press("ctrl+u")
	d.typed("client k")
	d.press("tab")
	d.settle()
	if got := d.pane.line.Text(); got != "client kill " {
		t.Errorf("completed to %q", got)
	}
	d.press("ctrl+u")
	d.typed("zrangeb")
	d.press("tab", "tab")
	first := d.pane.line.Text()
	d.press("tab", "shift+tab")
	if got := d.pane.line.Text(); got != first || !strings.HasPrefix(got, "zrangeby") {
		t.Errorf("there and back is %q, not %q", got, first)
	}
	d.press("esc")
	if d.pane.menu.open() {
		t.Error("esc keeps the options open")
	}
}

func TestRunCommandOfAnotherPane(t *testing.T) {
	t.Parallel()
	s := story()
	d := drive(t, config(t), server(s))
	d.send(kit.RunCommand{Words: []string{"set", "a b", "\x00\"x"}})
	d.settle()
	if got := s.sent; len(got) != 1 || !slices.Equal(got[0], []string{"set", "a b", "\x00\"x"}) {
		t.Errorf("sent %q", got)
	}
	if !slices.ContainsFunc(d.requests, func(m kit.Message) bool { k, ok := m.(kit.KeyChanged); return ok && k.Key == "a b" }) {
		t.Errorf("the others are not told of the key: %v", d.requests)
	}
}

func TestKeysOfEveryState(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(*driver){
		"line": func(*driver) {}, "menu": func(d *driver) { d.typed("c"); d.press("tab") },
		"search": func(d *driver) { d.enter("get x"); d.press("ctrl+r") }, "live": func(d *driver) { d.subscribe() },
		"filter": func(d *driver) { d.subscribe(); d.press("/") },
	} {
		d := drive(t, config(t), server(story()))
		act(d)
		bound := map[string]string{}
		for _, b := range d.pane.Keys() {
			for _, key := range b.Keys {
				if other, ok := bound[key]; ok {
					t.Errorf("%s: %s is bound to %s and %s", name, key, other, b.ID)
				}
				bound[key] = b.ID
			}
		}
	}
	c := config(t)
	c.Keys = map[string][]string{"console.search": {"ctrl+y"}}
	d := drive(t, c, server(story()))
	d.enter("get x")
	d.press("ctrl+r")
	if d.pane.search.on {
		t.Error("the key that was taken away still works")
	}
	if d.press("ctrl+y"); !d.pane.search.on {
		t.Error("the key that was chosen does not work")
	}
}

func TestStaleResultsAreDropped(t *testing.T) {
	t.Parallel()
	d := drive(t, config(t), server(story()))
	old := d.pane.stamp(d.pane.gens.run)
	d.pane, _ = d.pane.Connect(server(story()))
	before := d.frame(80, 10)
	d.send(ran{stamp: old, replies: []reply{{rows: say(plain, "stale")}}})
	d.send(messages{stamp: old, list: []heard{{text: "stale"}}})
	other := d.pane.stamp(0)
	other.pane++
	d.send(recalled{stamp: other, lines: []string{"stale"}})
	if after := d.frame(80, 10); after != before || len(d.pane.recall.lines) > 0 {
		t.Errorf("a stale result was taken in:\n%s", after)
	}
}

func FuzzMessages(f *testing.F) {
	f.Add([]byte("\x01get x\n\x02\x03\x04\x05"))
	f.Add([]byte{0, 9, 1, 8, 2, 7, 3, 6, 4, 5, 10, 11, 12, 13, 14, 15, 16, 200, 255})
	f.Fuzz(func(t *testing.T, script []byte) {
		c := config(t)
		c.Save = func(string, []byte) error { return nil }
		p := New(c).Focused(true)
		at := server(story())
		at.Production, at.Client, at.Own = len(script)%3 == 0, refusing{}, func(string) bool { return len(script)%2 == 0 }
		p, _ = p.Connect(at)
		keys := []string{
			"enter", "tab", "shift+tab", "ctrl+r", "ctrl+s", "up", "down", "esc", "space", "pgup", "pgdown", "ctrl+home", "ctrl+end",
			"/", "s", "ctrl+c", "backspace", "left", "right", "ctrl+g", "alt+/", "alt+y", "alt+u", "alt+s", "o",
		}
		for i, b := range script[:min(len(script), 200)] {
			var msg tea.Msg = kit.Press(keys[int(b)%len(keys)])
			at := p.stamp(p.gens.run)
			live := p.stamp(p.gens.live)
			switch b % 23 {
			case 0:
				msg = tea.WindowSizeMsg{Width: int(b) - 20, Height: i % 40}
			case 1:
				msg = tea.PasteMsg{Content: string(script)}
			case 2:
				msg = ran{stamp: at, streams: b > 100 && p.job.flying, replies: []reply{{rows: say(plain, string(script))}}}
			case 3:
				msg = ran{stamp: at, err: errors.New("broken")}
			case 4:
				msg = messages{stamp: live, more: true, list: []heard{{text: string(script)}}}
			case 5:
				msg = listened{stamp: live, err: errors.New("broken")}
			case 6:
				msg = kit.Confirmed{ID: 301 + int(b)%2, Yes: b > 50}
			case 7:
				msg = completed{stamp: p.stamp(p.gens.complete), head: p.line.Before(), found: found{names: []string{"a", "a\xff", "日本"}, common: ""}}
			case 8:
				msg = slowDue{at}
			case 9:
				msg = watchDue{at}
			case 10:
				msg = tea.MouseWheelMsg{Button: tea.MouseWheelUp}
			case 11:
				msg = kit.Tick{Now: time.Unix(int64(i), 0)}
			case 12:
				msg = learned{stamp: at, table: &commands.Table{}}
			case 13:
				msg = inspected{stamp: at, table: &commands.Table{}}
			case 14:
				msg = kit.RunCommand{Words: []string{string(script), "x"}}
			case 15:
				msg = ran{stamp: at, replies: []reply{{rows: say(plain, string(script)), kept: &kept{words: []string{"get"}, value: bulk(string(script))}}}}
			case 16:
				msg = kit.Answered{ID: 303 + int(b)%2, Text: "x", OK: true}
			case 17:
				msg = weighed{stamp: at, n: int64(b) << 12}
			}
			p, _ = p.Update(msg)
			checkFrame(t, p.View(int(b)%130, i%50), int(b)%130, i%50)
		}
	})
}

// A paste of tens of thousands of lines costs what its lines cost, not a copy of all of them for each: that froze the screen for seconds.
func TestPasteOfManyLinesIsTakenAtOnce(t *testing.T) { //nolint:paralleltest // it looks at what the process allocates
	const lines, most = 30_000, 64 << 20
	c := config(t)
	c.History = &notebook{}
	d := drive(t, c, server(story()))
	var text strings.Builder
	for i := range lines {
		fmt.Fprintf(&text, "set key:%d v\n", i)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	pane, _ := d.pane.Update(tea.PasteMsg{Content: text.String()})
	pane, _ = pane.Update(kit.Press("enter"))
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > most {
		t.Errorf("a paste of %d lines and enter took %d MiB of memory", lines, took>>20)
	}
	if n := len(pane.queue); n != lines-1 {
		t.Errorf("%d lines wait, want %d", n, lines-1)
	}
	if n := len(pane.recall.lines); n != lines {
		t.Errorf("%d lines can be recalled, want %d", n, lines)
	}
}
