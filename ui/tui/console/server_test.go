package console

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"redan/conn"
	"redan/conn/conntest"
	"redan/conn/resp"
	"redan/ui/tui/kit"
)

// realServer returns the server of a test, and what leads to it.
func realServer(t *testing.T, protocol int) (*conntest.Server, Server) {
	t.Helper()
	s := conntest.Start(t)
	o := conn.DefaultOptions()
	o.Host, o.Port, o.Protocol = s.Host, s.Port, protocol
	dialer, err := conn.NewDialer(o, conn.System())
	if err != nil {
		t.Fatal(err)
	}
	pool := conn.NewPool(dialer, o, false)
	t.Cleanup(func() { _ = pool.Close() })
	return s, Server{Open: Dial(dialer, o, false), Client: pool, Addr: o.Addr()}
}

func TestRealServer(t *testing.T) {
	t.Parallel()
	s, at := realServer(t, 3)
	d := drive(t, config(t), at)
	d.enter("hset h status paid note 'naïve ☕'", "hgetall h")
	d.shows("status  paid", "note    naïve ☕", " ms")
	d.enter("multi", "incr n", "select 3", "exec")
	d.shows("(TX)> incr n", "QUEUED", "[3](TX)> exec", "[3]>")
	d.enter("client no-such")
	d.shows("(error) ERR")
	d.enter("select 0", "multi", "incr n")
	if got := d.pane.Unfinished(); !strings.Contains(got, "1 command queued") {
		t.Errorf("unfinished: %q", got)
	}
	s.Do("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
	d.enter("incr n")
	d.shows("lost: the transaction (MULTI)")
	d.enter("get n")
	d.shows("connected anew")
	if n := s.Do("GET", "n"); strings.TrimSpace(n) != "1" {
		t.Errorf("n is %q: something was sent twice or not at all", n)
	}
}

func TestBlockingCommandIsCancelled(t *testing.T) {
	t.Parallel()
	s, at := realServer(t, 2)
	d := drive(t, config(t), at)
	d.typed("blpop q 0")
	d.press("enter")
	d.until("the server blocks", func() bool { return strings.Contains(s.Do("CLIENT", "LIST"), "cmd=blpop") })
	d.press("ctrl+c")
	d.settle()
	d.shows("cancelled; the server may have")
	d.hides("not connected", "connected anew")
	for strings.Contains(s.Do("CLIENT", "LIST"), "cmd=blpop") {
		continue // the server takes a moment to notice
	}
	s.Do("RPUSH", "q", "x")
	d.enter("llen q")
	d.shows("(integer) 1")
}

func TestRealMessages(t *testing.T) {
	t.Parallel()
	for _, protocol := range []int{2, 3} {
		s, at := realServer(t, protocol)
		d := drive(t, config(t), at)
		d.typed("subscribe news other")
		d.press("enter")
		d.until("both are subscribed", func() bool { return d.pane.live.total == 2 })
		for i := range 50 {
			s.Do("PUBLISH", "news", "message "+strconv.Itoa(i))
		}
		d.until("all have come", func() bool { return d.pane.live.total == 52 })
		d.shows("news  message 49", "52 messages")
		d.press("esc")
		d.settle()
		d.enter("ping")
		d.shows("PONG", "ended after 52 messages")
		d.typed("monitor")
		d.press("enter")
		d.until("it monitors", func() bool { return d.pane.live.on })
		s.Do("SET", "watched", "1")
		d.until("the command is seen", func() bool { return strings.Contains(d.frame(100, 20), `"watched"`) })
		d.press("ctrl+c")
		d.settle()
	}
}

func TestServerDiesUnderAList(t *testing.T) {
	t.Parallel()
	s, at := realServer(t, 2)
	d := drive(t, config(t), at)
	d.typed("subscribe news")
	d.press("enter")
	d.until("it is subscribed", func() bool { return d.pane.live.on })
	s.Kill()
	d.settle()
	d.shows("ended after 1 message", "lost: the subscriptions")
	if !slices.ContainsFunc(d.requests, func(m kit.Message) bool { _, ok := m.(kit.Failed); return ok }) {
		t.Error("the root is not told")
	}
}

func TestKeyNamesAreCompleted(t *testing.T) {
	t.Parallel()
	s, at := realServer(t, 2)
	s.Do("MSET", "orders:2025", "1", "orders:2026", "1", "with space", "1", "ord*", "1")
	d := drive(t, config(t), at)
	d.typed("get orders:")
	d.press("tab")
	d.settle()
	if got := d.pane.line.Text(); got != "get orders:202" {
		t.Errorf("completed to %q", got)
	}
	d.shows("orders:2025  orders:2026")
	d.press("ctrl+u")
	d.typed("get wi")
	d.press("tab")
	d.settle()
	if got := d.pane.line.Text(); got != `get "with space" ` {
		t.Errorf("completed to %q", got)
	}
}

func TestLargeRepliesAreBounded(t *testing.T) {
	t.Parallel()
	s, at := realServer(t, 2)
	s.Do("EVAL", "for i=1,60000 do redis.call('rpush','l',i) end redis.call('set','s',string.rep('x',3000000))", "0")
	d := drive(t, config(t), at)
	d.enter("lrange l 0 -1")
	d.press("ctrl+end")
	d.shows("more lines (space: more)")
	d.enter("get s", "llen l")
	d.shows("(integer) 60000")
	if d.pane.out.size > bytesKept {
		t.Errorf("%d bytes are kept", d.pane.out.size)
	}
	rows := d.pane.out.entries[1].rows
	if got := rows[len(rows)-1].plain(); !strings.Contains(got, "40,000 elements more were read") {
		t.Errorf("the end of the reply says %q", got)
	}
}

func TestLeavingAServerEndsItsConnection(t *testing.T) {
	t.Parallel()
	s, at := realServer(t, 2)
	d := drive(t, config(t), at)
	d.enter("client setname console")
	d.typed("blpop q 0")
	d.press("enter")
	d.until("the server blocks", func() bool { return strings.Contains(s.Do("CLIENT", "LIST"), "cmd=blpop") })
	d.pane, _ = d.pane.Connect(at)
	d.until("the connection has gone", func() bool { return !strings.Contains(s.Do("CLIENT", "LIST"), "name=console") })
	d.settle()
	d.enter("client setname console", "ping") // and when nothing runs on it
	d.shows("PONG")
	d.pane.Stop()
	d.until("the idle connection has gone", func() bool { return !strings.Contains(s.Do("CLIENT", "LIST"), "name=console") })
}

func TestCollectKeepsWholePairs(t *testing.T) {
	t.Parallel()
	v := resp.Value{Kind: resp.Map}
	for i := range 2*keptElements + 2 {
		v.Elems = append(v.Elems, bulk(strconv.Itoa(i)))
	}
	v.Elems[1] = resp.Value{Kind: resp.Array, Elems: []resp.Value{bulk("nested")}, Attrs: list(resp.Map, "a", "b").Elems}
	kept, c, err := collect(v.Source())
	if err != nil {
		t.Fatal(err)
	}
	if len(kept.Elems)%2 != 0 || int64(len(kept.Elems))+c.cutElems != int64(len(v.Elems)) {
		t.Errorf("kept %d, cut %d of %d", len(kept.Elems), c.cutElems, len(v.Elems))
	}
}

var _ Session = (*conn.Session)(nil)

// TestLargeReadsAreWeighed holds that on a production server a command that reads a huge collection whole is asked about, and one that
// reads a small one is not.
func TestLargeReadsAreWeighed(t *testing.T) {
	t.Parallel()
	s, at := realServer(t, 2)
	at.Production, at.Word = true, "orders-prod"
	s.Do("EVAL", "for i = 1, 100001 do redis.call('RPUSH', 'long', i) end", "0")
	s.Do("RPUSH", "short", "only this")
	d := drive(t, config(t), at)
	d.enter("lrange short 0 -1")
	d.shows("only this")
	d.enter("lrange long 0 3")
	d.shows(`"4"`)
	d.enter("lrange long 0 -1")
	ask, ok := d.requests[len(d.requests)-1].(kit.Confirm)
	if !ok || ask.Word != "orders-prod" || !strings.Contains(strings.Join(ask.Lines, " "), "reads 100001 elements at once") {
		t.Fatalf("asked %+v", d.requests)
	}
	d.send(kit.Confirmed{ID: asksDestroy})
	d.settle()
	d.shows("not sent")
}
