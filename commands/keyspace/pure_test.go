package keyspace

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/resp"
)

func TestSlot(t *testing.T) {
	for key, want := range map[string]int{
		"123456789": 0x31C3, "": 0, "foo": 12182, "{user1000}.following": 3443, "{user1000}.followers": 3443,
		"foo{}{bar}": 8363, "foo{{bar}}zap": 4015, "foo{bar}{zap}": 5061,
	} {
		if got := Slot(key); got != want {
			t.Errorf("%q: %d, want %d", key, got, want)
		}
	}
}

func TestKeyIndex(t *testing.T) {
	for _, tt := range []struct {
		words []string
		want  int
	}{
		{[]string{"GET", "k"}, 1},
		{[]string{"memory", "USAGE", "k", "SAMPLES", "5"}, 2},
		{[]string{"OBJECT", "ENCODING", "k"}, 2},
		{[]string{"MEMORY", "DOCTOR"}, 0},
		{[]string{"EVAL", "return 1", "0"}, 0},
		{[]string{"EVAL", "return 1", "1", "k"}, 3},
		{[]string{"EVAL", "x"}, 0},
		{[]string{"XREAD", "COUNT", "1", "STREAMS", "k", "0"}, 4},
		{[]string{"XREAD", "STREAMS"}, 0},
		{[]string{"PING"}, 0},
		{[]string{"INFO", "server"}, 0},
		{nil, 0},
	} {
		if got := keyIndex(tt.words); got != tt.want {
			t.Errorf("%v: %d, want %d", tt.words, got, tt.want)
		}
	}
}

func seed() conn.Addr { return conn.Addr{Network: "tcp", Host: "seed", Port: 7000} }

func describeMasters(masters []master) []string {
	var all []string
	for _, m := range masters {
		all = append(all, fmt.Sprint(m.addr.Target(), m.slots))
	}
	return all
}

func TestTopologyIsReadFromEachCommand(t *testing.T) {
	node := func(host resp.Value, port int64) resp.Value { return array(host, number(port), bulk("id")) }
	null := resp.Value{Kind: resp.NullBulk}
	shard := func(first, last int64, nodes ...resp.Value) resp.Value {
		return array(bulk("slots"), array(number(first), number(last)), bulk("nodes"), array(nodes...))
	}
	shardNode := func(role, endpoint string, port, tls int64) resp.Value {
		v := array(bulk("role"), bulk(role), bulk("endpoint"), bulk(endpoint), bulk("ip"), bulk("10.0.0.9"))
		if port > 0 {
			v.Elems = append(v.Elems, bulk("port"), number(port))
		}
		if tls > 0 {
			v.Elems = append(v.Elems, bulk("tls-port"), number(tls))
		}
		return v
	}
	shards := array(shard(0, 99, shardNode("replica", "r", 1, 2), shardNode("master", "a", 7001, 7101)),
		shard(100, 199, shardNode("master", "?", 0, 7102)), array(bulk("slots"), array(), bulk("nodes"), array(shardNode("master", "e", 1, 0))))
	nodes := "id1 10.0.0.1:7001@17001,host1 myself,master - 0 0 1 connected 0-99 150 [93->-id2]\n" +
		"id2 :7002@17002 master - 0 0 2 connected 100-149\n" +
		"id3 10.0.0.3:7003@17003 slave id1 0 0 1 connected\n" +
		"id4 10.0.0.4:7004@17004 master - 0 0 1 connected\n" +
		"garbage\n\n"
	tests := map[string]struct {
		got  []master
		want []string
	}{
		"slots": {
			parseSlots(array(
				array(number(0), number(99), node(bulk("10.0.0.1"), 7001), node(bulk("10.0.0.2"), 7002)),
				array(number(100), number(199), node(null, 7003)),
				array(number(200), number(299), node(bulk("?"), 7003)),
				array(number(300), number(20000), node(bulk("10.0.0.1"), 7001)), // out of range
				array(number(300), number(399), node(bulk("10.0.0.1"), 7001)),
				array(number(1)), number(3), array(number(0), number(1), node(bulk("x"), 0)),
			), seed()),
			[]string{"10.0.0.1:7001[{0 99} {300 399}]", "seed:7003[{100 199} {200 299}]"},
		},
		"shards":     {parseShards(shards, seed(), false), []string{"a:7001[{0 99}]", "10.0.0.9:7102[{100 199}]"}},
		"shards tls": {parseShards(shards, seed(), true), []string{"a:7101[{0 99}]", "10.0.0.9:7102[{100 199}]"}},
		"nodes":      {parseNodes(nodes, seed()), []string{"10.0.0.1:7001[{0 99} {150 150}]", "seed:7002[{100 149}]"}},
	}
	for name, tt := range tests {
		if got := describeMasters(tt.got); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestRedirection(t *testing.T) {
	for text, want := range map[string]string{
		"MOVED 3999 127.0.0.1:6381": "3999 127.0.0.1:6381 false",
		"ASK 3999 ::1:6381":         "3999 [::1]:6381 true",
		"ASK 3999 [::1]:6381":       "3999 [::1]:6381 true",
		"MOVED 1 ?:6381":            "1 seed:6381 false",
		"MOVED 1 :6381":             "1 seed:6381 false",
		"MOVED 99999 a:1":           "", "MOVED x a:1": "", "MOVED 1 a:0": "", "MOVED 1 a": "", "ERR 1 a:1": "",
	} {
		to, ok := redirection(failure(text), seed())
		got := fmt.Sprint(to.Slot, " ", to.To.Target(), " ", to.Ask)
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if _, ok := redirection(bulk("MOVED 1 a:1"), seed()); ok {
		t.Error("a value was taken for a redirection")
	}
}

func TestCovered(t *testing.T) {
	have := []slotRange{{10, 19}, {0, 4}, {5, 9}, {30, 40}}
	for r, want := range map[slotRange]bool{{0, 19}: true, {3, 12}: true, {0, 20}: false, {31, 31}: true, {20, 29}: false} {
		if got := covered(r, have); got != want {
			t.Errorf("%v: %v", r, got)
		}
	}
}

func TestPaceFindsItsCount(t *testing.T) {
	for _, tt := range []struct {
		name      string
		perKey    time.Duration
		trip      time.Duration
		bytes     int // a key
		low, high int
	}{
		{"fast and near", 700 * time.Nanosecond, 100 * time.Microsecond, 20, maxCount, maxCount},
		{"slow and near", 10 * time.Microsecond, 100 * time.Microsecond, 20, 500, 1200},
		{"very slow", 5 * time.Millisecond, 100 * time.Microsecond, 20, minCount, 20},
		{"far", 700 * time.Nanosecond, 80 * time.Millisecond, 20, maxCount, maxCount},
		{"far over a thin link", 20 * time.Microsecond, 80 * time.Millisecond, 40, 3000, maxCount},
		{"far and slow", 100 * time.Microsecond, 80 * time.Millisecond, 0, 50, 120},
	} {
		p := newPace(firstCount, maxCount)
		for range 30 {
			p.observe(tt.trip+time.Duration(p.count)*tt.perKey, p.count*tt.bytes)
		}
		if p.count < tt.low || p.count > tt.high {
			t.Errorf("%s: count %d, want %d to %d", tt.name, p.count, tt.low, tt.high)
		}
	}
}

// TestPaceStaysInBounds whatever the clock and the network do.
func TestPaceStaysInBounds(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		p := newPace(firstCount, maxCount)
		for range 20 {
			took := time.Duration(random.Int64N(int64(time.Second))) - time.Millisecond
			before := p.count
			busy := p.observe(took, random.IntN(1<<20))
			if p.count < minCount || p.count > maxCount || p.count > 4*before || busy < 0 {
				t.Fatalf("count %d after %d, busy %v", p.count, before, busy)
			}
		}
	}
}

func TestRest(t *testing.T) {
	for _, tt := range []struct {
		busy  time.Duration
		share float64
		want  time.Duration
	}{
		{6 * time.Millisecond, 0.5, 6 * time.Millisecond},
		{6 * time.Millisecond, 0.25, 18 * time.Millisecond},
		{6 * time.Millisecond, 1, 0},
		{0, 0.1, 0},
		{time.Minute, 0.1, maxRest},
	} {
		if got := rest(tt.busy, tt.share); got != tt.want {
			t.Errorf("%v at %v: %v, want %v", tt.busy, tt.share, got, tt.want)
		}
	}
}

// TestCursorsOfTablesTellTheirPlace: a cursor walks a table of any size as its buckets are done.
func TestCursorsOfTablesTellTheirPlace(t *testing.T) {
	for _, width := range []int{2, 10, 21} {
		buckets := uint64(1) << width
		for _, done := range []uint64{1, buckets / 4, buckets / 2, buckets - 1} {
			cursor := bits.Reverse64(done) >> (64 - width)
			got, ok := cursorFraction(strconv.FormatUint(cursor, 10))
			if want := float64(done) / float64(buckets); !ok || got != want {
				t.Errorf("%d of %d buckets: %v, want %v", done, buckets, got, want)
			}
		}
	}
	if _, ok := cursorFraction("-1"); ok {
		t.Error("a negative cursor")
	}
}

func TestProgress(t *testing.T) {
	at := func(fraction float64) string {
		return strconv.FormatUint(bits.Reverse64(uint64(fraction*(1<<63))<<1), 10)
	}
	p := Walk{size: 1000}
	p.Page(at(0.25), 250, 10)
	if got := p.Fraction(); got != 0.25 {
		t.Errorf("fraction %v", got)
	}
	if all, filtered := p.expected(false), p.expected(true); all != 1000 || filtered != 40 {
		t.Errorf("expected %d and, filtered, %d", all, filtered)
	}
	p.Page(at(0.1), 250, 10) // backwards: not a cursor of a table
	if got := p.Fraction(); got != 0.5 {
		t.Errorf("by counts: %v", got)
	}
	p.Page("18446744073709551615", 5000, 0)
	if got := p.Fraction(); got != almost {
		t.Errorf("more than all: %v", got)
	}
	p.Page("0", 1, 1)
	if p.Fraction() != 1 || p.expected(true) != 21 {
		t.Errorf("at the end: %v, %d", p.Fraction(), p.expected(true))
	}
	unknown := Walk{size: -1}
	if got := unknown.expected(false); got != -1 {
		t.Errorf("expected of nothing known: %d", got)
	}
	unknown.Page(at(0.5), 100, 100)
	if got := unknown.expected(false); got != 200 {
		t.Errorf("expected without DBSIZE: %d", got)
	}
}

func TestTotalTakesUnknownNodesForAverage(t *testing.T) {
	a, b := &Walk{size: 100, seen: 100, finished: true}, &Walk{size: -1}
	if seen, expected, fraction := total([]*Walk{a, b}, false); seen != 100 || expected != 200 || fraction != 0.5 {
		t.Errorf("%d of %d, %v", seen, expected, fraction)
	}
	if _, expected, _ := total([]*Walk{b}, false); expected != -1 {
		t.Errorf("of nothing known: %d", expected)
	}
	if _, _, fraction := total(nil, false); fraction != 1 {
		t.Errorf("of no nodes: %v", fraction)
	}
}

func TestTypeWord(t *testing.T) {
	for name, want := range map[string]string{
		"str": "string", "HLL": "string", "geo": "zset", "strm": "stream", "json": "ReJSON-RL", "vset": "vectorset", "My-Module": "My-Module",
	} {
		if got := TypeWord(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	for _, word := range TypeWords() {
		if TypeWord(word) != word {
			t.Errorf("%s is changed to %s", word, TypeWord(word))
		}
	}
}

func TestParseScan(t *testing.T) {
	big := "18446744073709551615"
	for name, tt := range map[string]struct {
		reply  resp.Value
		cursor string
		keys   int
		ok     bool
	}{
		"plain":             {scanned("17", "a", "b\x00\xff"), "17", 2, true},
		"empty":             {scanned("17"), "17", 0, true},
		"cursor above 2^63": {scanned(big, "a"), big, 1, true},
		"number":            {array(number(5), array()), "5", 0, true},
		"no cursor":         {array(bulk(""), array()), "", 0, false},
		"null":              {array(bulk("1"), resp.Value{Kind: resp.NullArray}), "", 0, false},
		"status":            {status("OK"), "", 0, false},
		"one element":       {array(bulk("0")), "", 0, false},
	} {
		cursor, keys, _, ok := parseScan(tt.reply)
		if cursor != tt.cursor || len(keys) != tt.keys || ok != tt.ok {
			t.Errorf("%s: %q, %q, %v", name, cursor, keys, ok)
		}
	}
}

func FuzzForeignTexts(f *testing.F) {
	f.Add("id1 10.0.0.1:7001@17001 master - 0 0 1 connected 0-99", "MOVED 1 a:1", "db0:keys=3,expires=1,avg_ttl=5")
	f.Add("x : master a b c d e 5-1 -3", "ASK 1 :", "db-1:keys=\ndb:")
	f.Fuzz(func(t *testing.T, nodes, redirect, info string) {
		for _, m := range parseNodes(nodes, seed()) {
			for _, r := range m.slots {
				if r.First < 0 || r.Last >= slotCount || r.First > r.Last {
					t.Errorf("slots %v", r)
				}
			}
		}
		if to, ok := redirection(failure(redirect), seed()); ok && (to.Slot < 0 || to.Slot >= slotCount) {
			t.Errorf("slot %d", to.Slot)
		}
		for _, db := range parseKeyspace(info) {
			if db.Index < 0 {
				t.Errorf("database %d", db.Index)
			}
		}
		if slot := Slot(nodes); slot < 0 || slot >= slotCount {
			t.Errorf("slot %d", slot)
		}
	})
}
