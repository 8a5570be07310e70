package view_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
	"redan/ui/view"
)

// connect starts a redis-server and returns a client of it.
func connect(t *testing.T) (*conntest.Server, view.Client) {
	t.Helper()
	server := conntest.Start(t)
	o := conn.Options{Host: server.Host, Port: server.Port}
	dialer, err := conn.NewDialer(o, conn.System())
	if err != nil {
		t.Fatal(err)
	}
	return server, conn.NewPool(dialer, o, false)
}

// readAll reads a value page by page and returns its elements, and the largest page.
func readAll(t *testing.T, c view.Client, r view.Request) (elements []view.Element, largest int) {
	t.Helper()
	for {
		page, err := view.Load(t.Context(), c, r)
		if err != nil {
			t.Fatal(err)
		}
		elements = append(elements, page.Elements...)
		largest = max(largest, len(page.Elements))
		if !page.HasAfter {
			return elements, largest
		}
		r.Place = page.After
	}
}

func TestEveryElementOnce(t *testing.T) {
	server, c := connect(t)
	const n = 1000
	for i := range n {
		s := strconv.Itoa(i)
		server.Do("HSET", "hash", "f"+s, "v\x00"+s)
		server.Do("RPUSH", "list", "e\xff"+s)
		server.Do("SADD", "set", "m"+s)
		server.Do("ZADD", "zset", s, "m"+s)
		server.Do("XADD", "stream", "1-"+strconv.Itoa(i+1), "f", s)
	}
	server.Do("HSET", "small", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5")
	for _, kind := range []string{view.Hash, view.List, view.Set, view.ZSet, view.Stream} {
		for _, reverse := range []bool{false, true} {
			elements, largest := readAll(t, c, view.Request{Key: kind, Type: kind, Count: 70, Reverse: reverse})
			if largest > 70 {
				t.Errorf("%s: a page of %d elements, though 70 were asked for", kind, largest)
			}
			seen := map[string]bool{}
			for _, e := range elements {
				seen[string(e.Name)+"|"+string(e.Value)] = true
			}
			twice := kind != view.Hash && kind != view.Set && len(elements) != n // a scan may hand out the same one again
			if len(seen) != n || twice {
				t.Errorf("%s (reverse %v): %d elements, %d different, want %d", kind, reverse, len(elements), len(seen), n)
			}
		}
	}
	elements, largest := readAll(t, c, view.Request{Key: "small", Type: view.Hash, Count: 2}) // a listpack: COUNT means nothing to it
	if largest > 2 || len(elements) != 5 {
		t.Errorf("listpack: %d elements in pages of up to %d", len(elements), largest)
	}
}

func TestPagesBackwards(t *testing.T) {
	server, c := connect(t)
	for i := range 100 {
		server.Do("RPUSH", "list", strconv.Itoa(i))
		server.Do("XADD", "stream", "1-"+strconv.Itoa(i+1), "f", "v")
	}
	for _, kind := range []string{view.List, view.Stream} {
		r := view.Request{Key: kind, Type: kind, Count: 30}
		r.Back, r.Place = true, view.PlaceEnd(r, 100)
		if kind == view.Stream {
			r.Place = view.Place{ID: "1-1"} // the newest is first: before the oldest there are 99
		}
		total := 0
		for {
			page, err := view.Load(t.Context(), c, r)
			if err != nil {
				t.Fatal(err)
			}
			total += len(page.Elements)
			if !page.HasBefore {
				break
			}
			r.Place = page.Before
		}
		if total != 100 {
			t.Errorf("%s: %d elements backwards, want 100", kind, total)
		}
	}
}

func TestLongStringIsReadByWindows(t *testing.T) {
	server, c := connect(t)
	const length = 64 << 20
	server.Do("SETRANGE", "long", strconv.Itoa(length-1), "!")
	facts, err := view.ReadFacts(t.Context(), c, "long", "")
	if err != nil || facts.Length != length {
		t.Fatalf("%+v, %v", facts, err)
	}
	r := view.Request{Key: "long", Type: view.String, Count: view.StringPage}
	page, err := view.Load(t.Context(), c, r)
	if err != nil || len(page.Input.Bytes) != view.StringPage || !page.Input.More || page.Length != length {
		t.Fatalf("%d bytes, more %v, length %d, %v", len(page.Input.Bytes), page.Input.More, page.Length, err)
	}
	r.Place, r.Back = view.Place{Rank: length}, true
	page, err = view.Load(t.Context(), c, r)
	if err != nil || page.Input.More || page.Input.Bytes[len(page.Input.Bytes)-1] != '!' {
		t.Errorf("the end: %d bytes, more %v, %v", len(page.Input.Bytes), page.Input.More, err)
	}
}

// Windows end between characters, and together are the value.
func TestWindowsOfTextLoseNothing(t *testing.T) {
	server, c := connect(t)
	for _, text := range []string{strings.Repeat("aé漢☕", 5000), strings.Repeat("\x80\xff\xc3", 9000), strings.Repeat("x", 30_001), strings.Repeat("line\n\n", 3000), strings.Repeat("\n", 5000)} {
		server.Do("SET", "text", text)
		var read strings.Builder
		r := view.Request{Key: "text", Type: view.String, Count: 1000}
		for {
			page, err := view.Load(t.Context(), c, r)
			if err != nil {
				t.Fatal(err)
			}
			read.Write(page.Input.Bytes)
			if !page.HasAfter {
				break
			}
			r.Place = page.After
		}
		if read.String() != text {
			t.Errorf("windows of %.10q… are not the value", text)
		}
		back := ""
		r.Place, r.Back = view.Place{Rank: int64(len(text))}, true
		for {
			page, err := view.Load(t.Context(), c, r)
			if err != nil {
				t.Fatal(err)
			}
			back = string(page.Input.Bytes) + back
			if !page.HasBefore {
				break
			}
			r.Place = page.Before
		}
		if back != text {
			t.Errorf("windows of %.10q… read backwards are not the value", text)
		}
	}
}

func TestGoneAndChanged(t *testing.T) {
	server, c := connect(t)
	if _, err := view.ReadFacts(t.Context(), c, "none", ""); !errors.Is(err, view.ErrGone) {
		t.Errorf("facts of no key: %v", err)
	}
	server.Do("SADD", "k", "m")
	for _, kind := range []string{view.String, view.Hash, view.List, view.ZSet, view.Stream} {
		var changed *view.TypeError
		if _, err := view.Load(t.Context(), c, view.Request{Key: "k", Type: kind, Count: 10}); !errors.As(err, &changed) || changed.Is != view.Set {
			t.Errorf("a set read as a %s: %v", kind, err)
		}
		if _, err := view.Load(t.Context(), c, view.Request{Key: "none", Type: kind, Count: 10}); !errors.Is(err, view.ErrGone) {
			t.Errorf("no key read as a %s: %v", kind, err)
		}
	}
}

// Looking leaves no trace.
func TestFactsDoNotTouch(t *testing.T) {
	server, c := connect(t)
	server.Do("SET", "k", "v", "PX", "100000")
	server.Do("PFADD", "sketch", "a", "b", "c")
	before := server.Do("DUMP", "sketch")
	facts, err := view.ReadFacts(t.Context(), c, "k", view.String)
	if err != nil || facts.Life <= 0 || facts.Life > 100*time.Second || facts.Memory <= 0 || facts.Encoding != "embstr" || facts.Length != 1 {
		t.Errorf("%+v, %v", facts, err)
	}
	page, err := view.Load(t.Context(), c, view.Request{Key: "sketch", Type: view.String, Count: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	if sketch, ok := view.ParseSketch(page.Input.Bytes); !ok || sketch.Fresh || !sketch.Sparse {
		t.Errorf("%+v, %v", sketch, ok)
	}
	if after := server.Do("DUMP", "sketch"); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Error("looking at a HyperLogLog changed it")
	}
	if n, err := view.CountSketch(t.Context(), c, "sketch"); err != nil || n != 3 {
		t.Errorf("count %d, %v", n, err)
	}
	page, err = view.Load(t.Context(), c, view.Request{Key: "sketch", Type: view.String, Count: 1 << 20})
	if sketch, ok := view.ParseSketch(page.Input.Bytes); !ok || !sketch.Fresh || sketch.Count != 3 || err != nil {
		t.Errorf("after PFCOUNT: %+v, %v, %v", sketch, ok, err)
	}
}

func TestSeek(t *testing.T) {
	server, c := connect(t)
	for i := range 50 {
		server.Do("RPUSH", "list", strconv.Itoa(i))
		server.Do("ZADD", "zset", strconv.Itoa(10*i), "m"+strconv.Itoa(i))
	}
	server.Do("HSET", "hash", "field", "value")
	server.Do("GEOADD", "geo", "13.361389", "38.115556", "Palermo")
	for _, test := range []struct {
		kind, text string
		reverse    bool
		want       int64
		err        error
	}{
		{kind: view.List, text: "7", want: 7},
		{kind: view.List, text: "-1", want: 49},
		{kind: view.List, text: "1k", want: 49},
		{kind: view.List, text: "x", err: view.ErrNotPlace},
		{kind: view.ZSet, text: "100", want: 10},
		{kind: view.ZSet, text: "101", want: 11},
		{kind: view.ZSet, text: "100", reverse: true, want: 39},
		{kind: view.ZSet, text: "=m3", want: 3},
		{kind: view.ZSet, text: "=m3", reverse: true, want: 46},
		{kind: view.ZSet, text: "=none", err: view.ErrNotFound},
		{kind: view.ZSet, text: "#12", want: 12},
		{kind: view.ZSet, text: "word", err: view.ErrNotPlace},
		{kind: view.Hash, text: "none", err: view.ErrNotFound},
	} {
		target, err := view.Seek(t.Context(), c, view.Request{Key: test.kind, Type: test.kind, Reverse: test.reverse}, test.text, time.UTC)
		if !errors.Is(err, test.err) || err == nil && target.Place.Rank != test.want {
			t.Errorf("%+v: %+v, %v", test, target, err)
		}
	}
	target, err := view.Seek(t.Context(), c, view.Request{Key: "hash", Type: view.Hash}, "field", time.UTC)
	if err != nil || string(target.Element.Value) != "value" {
		t.Errorf("%+v, %v", target, err)
	}
	page, err := view.Load(t.Context(), c, view.Request{Key: "geo", Type: view.ZSet, Count: 5, Geo: true})
	if err != nil || page.Elements[0].Place == nil || !strings.HasPrefix(page.Elements[0].Place.Longitude, "13.36") {
		t.Errorf("%+v, %v", page.Elements, err)
	}
}

func TestGroups(t *testing.T) {
	server, c := connect(t)
	server.Do("XADD", "s", "1-1", "f", "v")
	server.Do("XADD", "s", "1-2", "f", "v")
	server.Do("XGROUP", "CREATE", "s", "workers", "0")
	server.Do("XREADGROUP", "GROUP", "workers", "alice", "COUNT", "1", "STREAMS", "s", ">")
	for _, test := range []struct {
		part view.Part
		want string
	}{
		{view.Groups, "workers consumers=1 pending=1 lag=1 delivered up to=1-1"},
		{view.Consumers, "alice pending=1"},
		{view.Pending, "1-1 consumer=alice"},
	} {
		page, err := view.Load(t.Context(), c, view.Request{Key: "s", Type: view.Stream, Part: test.part, Group: "workers", Count: 10})
		if err != nil || len(page.Elements) != 1 {
			t.Fatalf("part %d: %+v, %v", test.part, page, err)
		}
		got := string(page.Elements[0].Name)
		for _, pair := range page.Elements[0].Pairs {
			got += " " + string(pair.Name) + "=" + string(pair.Value)
		}
		if !strings.HasPrefix(got, test.want) {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

func TestCancelled(t *testing.T) {
	server, c := connect(t)
	server.Do("SET", "k", "v")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := view.ReadFacts(ctx, c, "k", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestPageSizes(t *testing.T) {
	for _, test := range []struct {
		length, memory int64
		want           int
	}{{1_000_000, 100 << 20, view.MostElements}, {10, 1 << 30, 1}, {100, 10 << 20, 5}, {view.Missing, 5, 20}, {5, view.Missing, 20}} {
		if got := view.PageSize(view.Facts{Length: test.length, Memory: test.memory}); got != test.want {
			t.Errorf("%d elements in %d bytes: %d a page, want %d", test.length, test.memory, got, test.want)
		}
	}
}
