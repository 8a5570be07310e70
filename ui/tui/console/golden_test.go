package console

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"redan/conn/resp"
	"redan/ui/tui/kit"
)

func bulk(s string) resp.Value { return resp.Value{Kind: resp.BulkString, Text: []byte(s)} }

func status(s string) resp.Value { return resp.Value{Kind: resp.SimpleString, Text: []byte(s)} }

func list(kind resp.Kind, texts ...string) resp.Value {
	v := resp.Value{Kind: kind}
	for _, s := range texts {
		v.Elems = append(v.Elems, bulk(s))
	}
	return v
}

// story is what the scripted server says.
func story() *scripted {
	n := int64(0)
	return &scripted{pushed: make(chan resp.Value, 100), answer: func(words []string) (resp.Value, error) {
		switch strings.ToLower(words[0]) {
		case "hgetall":
			return list(resp.Map, "status", "paid", "total", `{"amount": 1299}`, "note", "naïve café ☕", "blob", "\x1f\x8b\x00"), nil
		case "get":
			return bulk(`{"amount": 1299, "tags": ["a", "b"], "open": null}`), nil
		case "incr":
			n++
			return resp.Value{Kind: resp.Integer, Int: n}, nil
		case "lrange":
			v := resp.Value{Kind: resp.Array}
			for i := range 500 {
				v.Elems = append(v.Elems, bulk("element "+strconv.Itoa(i)))
			}
			return v, nil
		case "xrange":
			return resp.Value{Kind: resp.Array, Elems: []resp.Value{
				{Kind: resp.Array, Elems: []resp.Value{bulk("1700000000000-0"), list(resp.Array, "user", "7", "event", "login")}},
			}}, nil
		case "info":
			return bulk("# Server\r\nredis_version:7.0.15\r\ntcp_port:6379\r\n\r\n# Clients\r\nconnected_clients:1\r\n"), nil
		case "bad":
			return resp.Value{Kind: resp.SimpleError, Text: []byte("ERR unknown command 'bad'")}, nil
		case "subscribe":
			return resp.Value{Kind: resp.Array, Elems: []resp.Value{bulk("subscribe"), bulk("news"), {Kind: resp.Integer, Int: 1}}}, nil
		}
		return resp.Value{Kind: resp.SimpleString, Text: []byte("OK")}, nil
	}}
}

func server(s *scripted) Server {
	return Server{Addr: address(), Open: func(context.Context, func(string)) (Session, error) { return s, nil }}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(*driver){
		"empty":   func(*driver) {},
		"hash":    func(d *driver) { d.enter("hgetall orders:1") },
		"json":    func(d *driver) { d.enter("get doc") },
		"repeat":  func(d *driver) { d.enter("3 incr x", "bad thing") },
		"entries": func(d *driver) { d.enter("xrange s - +") },
		"info":    func(d *driver) { d.enter("info") },
		"multi":   func(d *driver) { d.enter("select 3", "multi"); d.typed("set k ") },
		"folded":  func(d *driver) { d.enter("lrange l 0 -1") },
		"menu":    func(d *driver) { d.typed("client "); d.press("tab"); d.settle() },
		"search":  func(d *driver) { d.enter("get one", "incr two"); d.press("ctrl+r"); d.typed("get") },
		"pasted":  func(d *driver) { d.pasted("set a 1\nauth secret\nincr a\nget a") },
		"waiting": func(d *driver) {
			d.typed("blpop queue 0")
			d.press("enter")
			d.until("the timer is set", func() bool { return len(d.timers) > 0 })
			d.fire()
		},
		"live": func(d *driver) {
			d.subscribe(news("hello"), news("naïve ☕ \x1b[31m"))
		},
		"live_filter": func(d *driver) {
			d.subscribe(news("hello"), news("other"))
			d.press("space", "/")
			d.typed("hel")
		},
		"find": func(d *driver) {
			d.enter("lrange l 0 -1", "get doc")
			d.press("alt+/")
			d.typed("element 44")
			d.press("enter")
		},
		"watch": func(d *driver) { d.enter(`\watch 2 incr x`); d.fire(); d.settle() },
		"dropped": func(d *driver) {
			d.enter("multi", "incr x")
			d.pane, _ = d.pane.Connect(d.pane.server)
		},
		"discard": func(d *driver) { d.enter("multi", "incr x", "incr y", "discard", "hgte k", "get") },
		"secrets": func(d *driver) { d.enter("auth hunter2", "acl setuser ann >hunter2", ":connect -a hunter2 -h x") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := story()
			d := drive(t, config(t), server(s))
			act(d)
			d.golden(name)
		})
	}
}

func news(body string) resp.Value { return list(resp.Array, "message", "news", body) }

// subscribe begins a list and waits until the messages are in it.
func (d *driver) subscribe(pushed ...resp.Value) {
	d.t.Helper()
	d.typed("subscribe news")
	d.press("enter")
	d.until("the list begins", func() bool { return d.pane.live.on })
	session, ok := d.pane.wireSession().(*scripted)
	if !ok {
		d.t.Fatal("not a scripted session")
	}
	for _, v := range pushed {
		session.pushed <- v
	}
	want := int64(1 + len(pushed))
	d.until("the messages have come", func() bool { return d.pane.live.total == want })
}

// wireSession is only safe while a list runs: then nothing changes it.
func (p Pane) wireSession() Session { return p.wire.session }

func TestNoFrameIsLargerThanItsPlace(t *testing.T) {
	t.Parallel()
	states := map[string]func(*driver){
		"replies": func(d *driver) { d.enter("hgetall x", "get x", "lrange l 0 -1", "bad "+strings.Repeat("日本", 100)) },
		"pasted":  func(d *driver) { d.pasted("a\nb\nc\n日本語 word") },
		"menu":    func(d *driver) { d.typed("c"); d.press("tab", "tab"); d.settle() },
		"live":    func(d *driver) { d.subscribe(news(strings.Repeat("☕", 300))) },
		"search":  func(d *driver) { d.enter("get x"); d.press("ctrl+r"); d.typed("日本") },
		"find": func(d *driver) {
			d.enter("lrange l 0 -1")
			d.press("alt+/")
			d.typed("element 1")
			d.press("enter", "enter")
		},
		"watch": func(d *driver) { d.enter(`\watch 2 hgetall x`); d.fire(); d.settle() },
		"scrolled": func(d *driver) {
			d.enter("lrange l 0 -1")
			d.press("pgup", "pgup")
		},
	}
	for name, act := range states {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := drive(t, config(t), server(story()))
			act(d)
			for w := 0; w <= 200; w += 1 + w/20 {
				for h := 0; h <= 60; h += 1 + h/10 {
					checkFrame(t, d.pane.View(w, h), w, h)
				}
			}
		})
	}
}

func checkFrame(t *testing.T, frame string, w, h int) {
	t.Helper()
	if w == 0 || h == 0 {
		if frame != "" {
			t.Fatalf("%dx%d is not empty", w, h)
		}
		return
	}
	lines := strings.Split(frame, "\n")
	if len(lines) != h {
		t.Fatalf("%dx%d has %d lines", w, h, len(lines))
	}
	for _, line := range lines {
		if kit.Width(line) > w {
			t.Fatalf("%dx%d: a line of %d columns: %q", w, h, kit.Width(line), line)
		}
	}
}
