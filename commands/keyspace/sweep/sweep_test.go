package sweep_test

import (
	"context"
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"redan/commands/keyspace/sweep"
	"redan/conn"
	"redan/conn/conntest"
)

// nodes are servers in plaintext.
func nodes(tb testing.TB, addrs ...string) []sweep.Node {
	tb.Helper()
	all := make([]sweep.Node, len(addrs))
	for i, addr := range addrs {
		all[i] = node(tb, addr, conn.Options{})
	}
	return all
}

// node is a server that is reached as o says, but for its address.
func node(tb testing.TB, addr string, o conn.Options) sweep.Node {
	tb.Helper()
	return nodeBy(tb, conn.System(), addr, o)
}

// nodeBy is node over another network.
func nodeBy(tb testing.TB, network conn.DialFunc, addr string, o conn.Options) sweep.Node {
	tb.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		tb.Fatal(err)
	}
	o.Host = host
	if o.Port, err = strconv.Atoi(port); err != nil {
		tb.Fatal(err)
	}
	d, err := conn.NewDialer(o, network)
	if err != nil {
		tb.Fatal(err)
	}
	return sweep.Node{Addr: o.Addr(), Open: func(ctx context.Context) (*conn.Session, error) { return conn.Open(ctx, d, o) }}
}

// patience ends a test that waits for nothing.
const patience = 60 * time.Second

// read returns all that a sweep yields. The keys are copies, by node.
func read(tb testing.TB, s *sweep.Sweep) (keys []sweep.Key, failures []error) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	byNode := map[int][]sweep.Key{}
	for page, err := range s.Pages(ctx) {
		if err != nil {
			failures = append(failures, err)
			continue
		}
		byNode[page.Node] = append(byNode[page.Node], page.Keys...)
	}
	if ctx.Err() != nil {
		tb.Fatalf("no end after %v: %v", patience, failures)
	}
	for _, i := range slices.Sorted(maps.Keys(byNode)) {
		keys = append(keys, byNode[i]...)
	}
	return keys, failures
}

// readAll is read for a sweep that does not fail.
func readAll(tb testing.TB, s *sweep.Sweep) []sweep.Key {
	tb.Helper()
	keys, failures := read(tb, s)
	if len(failures) > 0 {
		tb.Fatal(failures)
	}
	return keys
}

// names are the names of keys.
func names(keys []sweep.Key) []string {
	all := make([]string, len(keys))
	for i, k := range keys {
		all[i] = k.Name
	}
	return all
}

// everything are all questions.
func everything() sweep.Questions {
	return sweep.Questions{Type: true, Length: true, Memory: true, Frequency: true}
}

// oddNames are names that a line of text does not hold.
func oddNames() []string {
	return []string{"", " ", "a\nb", "a\r\nb", `"quoted"`, "back\\slash", "\x00nul\x00", "\xff\xfe", "\x1b[31m", "ключ", strings.Repeat("long", 30_000)}
}

func TestEveryKeyAndAnswer(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t, conntest.Config("maxmemory-policy", "allkeys-lfu"), conntest.TLS())
	want := map[string]sweep.Key{}
	for i, name := range oddNames() {
		server.Do("SET", name, strings.Repeat("v", i))
		want[name] = sweep.Key{Name: name, Type: "string", Length: int64(i)}
	}
	for kind, words := range map[string][]string{
		"list": {"RPUSH", "list", "a", "b"}, "set": {"SADD", "set", "a", "b", "c"}, "hash": {"HSET", "hash", "f", "v"},
		"zset": {"ZADD", "zset", "1", "a"}, "stream": {"XADD", "stream", "*", "f", "v"},
	} {
		server.Do(words...)
		want[kind] = sweep.Key{Name: kind, Type: kind, Length: 1}
	}
	want["list"], want["set"] = sweep.Key{Name: "list", Type: "list", Length: 2}, sweep.Key{Name: "set", Type: "set", Length: 3}
	for name, k := range want {
		k.Memory, _ = strconv.ParseInt(server.Do("MEMORY", "USAGE", name), 10, 64)
		k.Frequency, _ = strconv.ParseInt(server.Do("OBJECT", "FREQ", name), 10, 64)
		want[name] = k
	}
	for label, n := range map[string]sweep.Node{
		"plain": node(t, server.Addr(), conn.Options{}),
		"RESP3": node(t, server.Addr(), conn.Options{Protocol: 3}),
		"TLS":   node(t, server.TLSAddr(), conn.Options{TLS: &conn.TLSOptions{CAFiles: []string{server.CAFile}}}),
	} {
		for _, count := range []int{0, 1, 3} {
			s := sweep.New([]sweep.Node{n}, sweep.Options{Count: count, Size: true, Ask: everything()})
			got := readAll(t, s)
			if len(got) != len(want) {
				t.Errorf("%s, count %d: %d keys, want %d", label, count, len(got), len(want))
			}
			for _, k := range got {
				if k.Frequency >= want[k.Name].Frequency { // each STRLEN may raise it, where there is no CLIENT NO-TOUCH
					k.Frequency = want[k.Name].Frequency
				}
				if k != want[k.Name] {
					t.Errorf("%s, count %d:\n got %.100v\nwant %.100v", label, count, k, want[k.Name])
				}
			}
			if p := s.Progress(); p.Seen != int64(len(want)) || p.Expected != int64(len(want)) || p.Scanned != 1 {
				t.Errorf("%s: progress %+v", label, p)
			}
			if refused := s.Refusals(); refused != nil {
				t.Errorf("%s: refused %v", label, refused)
			}
		}
	}
}

// populated is a server with many keys, and these in the order of SCAN.
func populated(t *testing.T, keys int) (*conntest.Server, []string) {
	t.Helper()
	server := conntest.Start(t, conntest.Config("enable-debug-command", "yes"), conntest.Config("activerehashing", "no"), conntest.TLS())
	server.Do("DEBUG", "POPULATE", strconv.Itoa(keys), "key", "3")
	_, listed, _ := strings.Cut(server.Do("SCAN", "0", "COUNT", "1000000000"), "\n")
	order := strings.Split(listed, "\n")
	if len(order) != keys {
		t.Fatalf("%d keys, want %d", len(order), keys)
	}
	return server, order
}

func TestOrderIsThatOfSCAN(t *testing.T) {
	t.Parallel()
	server, want := populated(t, 20_000)
	for _, o := range []sweep.Options{{}, {Count: 7}, {Count: 100_000}, {Ask: everything()}, {Count: 50, Ask: everything()}} {
		s := sweep.New(nodes(t, server.Addr()), o)
		if got := names(readAll(t, s)); !slices.Equal(got, want) {
			t.Errorf("%+v: %d keys, want %d in SCAN's order", o, len(got), len(want))
		}
		if p := s.Progress(); p.Expected != -1 {
			t.Errorf("expected %d although DBSIZE was not asked", p.Expected)
		}
	}
	secured := node(t, server.TLSAddr(), conn.Options{TLS: &conn.TLSOptions{CAFiles: []string{server.CAFile}}, Protocol: 3})
	for _, o := range []sweep.Options{{}, {Ask: everything(), Now: time.Now}} {
		if got := names(readAll(t, sweep.New([]sweep.Node{secured}, o))); !slices.Equal(got, want) {
			t.Errorf("TLS, %+v: %d keys, want %d in SCAN's order", o, len(got), len(want))
		}
	}
}

func TestMatchTypeAndDatabase(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t)
	server.Do("MSET", "a:1", "x", "a:2", "x", "b:1", "x")
	server.Do("RPUSH", "a:list", "x")
	server.Do("MOVE", "a:2", "3")
	server.Do("SETEX", "", "1000", "x")
	for _, c := range []struct {
		o    sweep.Options
		db   int
		want []string
	}{
		{sweep.Options{Match: new("a:*")}, 0, []string{"a:1", "a:list"}},
		{sweep.Options{Match: new("a:*"), Type: "list"}, 0, []string{"a:list"}},
		{sweep.Options{Type: "string"}, 0, []string{"", "a:1", "b:1"}},
		{sweep.Options{}, 3, []string{"a:2"}},
		{sweep.Options{Match: new("nothing*")}, 0, []string{}},
		{sweep.Options{Match: new("")}, 0, []string{""}},
	} {
		s := sweep.New([]sweep.Node{node(t, server.Addr(), conn.Options{DB: c.db})}, c.o)
		got := names(readAll(t, s))
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v in %d: %q, want %q", c.o, c.db, got, c.want)
		}
	}
}

// Any page's cursor is a place to go on from, and nothing is lost there.
func TestGoOnFromCursor(t *testing.T) {
	t.Parallel()
	server, want := populated(t, 20_000)
	for _, count := range []int{100, 15_000} { // of these the second is cut into several pages
		var seen []string
		cursor, pages := "", 0
		for page, err := range sweep.New(nodes(t, server.Addr()), sweep.Options{Count: count, Ask: sweep.Questions{Type: true}}).Pages(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			seen, cursor = append(seen, names(page.Keys)...), page.Cursor
			if pages++; pages == 2 {
				break
			}
		}
		seen = append(seen, names(readAll(t, sweep.New(nodes(t, server.Addr()), sweep.Options{Cursor: cursor})))...)
		slices.Sort(seen)
		all := slices.Sorted(slices.Values(want))
		if got := slices.Compact(seen); !slices.Equal(got, all) {
			t.Errorf("count %d: %d different keys in both halves, want %d", count, len(got), len(all))
		}
	}
}

func TestClusterMasters(t *testing.T) {
	t.Parallel()
	cluster := conntest.Cluster(t, 3)
	want := map[string]int64{}
	for i := range 300 {
		name := fmt.Sprintf("key:%d", i)
		cluster.Node(name).Do("SET", name, strings.Repeat("x", i))
		want[name] = int64(i)
	}
	s := sweep.New(nodes(t, cluster.Addrs()...), sweep.Options{Count: 10, Size: true, Ask: sweep.Questions{Length: true}})
	got := map[string]int64{}
	for _, k := range readAll(t, s) {
		got[k.Name] = k.Length
	}
	if !maps.Equal(got, want) {
		t.Errorf("%d keys, want %d with their lengths", len(got), len(want))
	}
	if p := s.Progress(); p.Seen != 300 || p.Expected != 300 || p.Scanned != 1 {
		t.Errorf("progress %+v", p)
	}
}

// A replica of a cluster answers about its keys only after READONLY.
func TestReplicaOfCluster(t *testing.T) {
	t.Parallel()
	cluster := conntest.Cluster(t, 1)
	master := cluster.Nodes[0]
	master.Do("SET", "key", "value")
	replica := conntest.Start(t, conntest.Config("cluster-enabled", "yes"))
	_, bus, _ := strings.Cut(master.Do("CLUSTER", "NODES"), "@")
	bus, _, _ = strings.Cut(bus, " ")
	replica.Do("CLUSTER", "MEET", master.Host, strconv.Itoa(master.Port), bus)
	conntest.Eventually(t, patience, "the replica knows its master", func() bool {
		_, err := replica.TryDo("CLUSTER", "REPLICATE", master.Do("CLUSTER", "MYID"))
		return err == nil
	})
	if copies := master.Do("WAIT", "1", strconv.FormatInt(patience.Milliseconds(), 10)); copies != "1" {
		t.Fatalf("%s replicas have the key", copies)
	}
	s := sweep.New(nodes(t, replica.Addr()), sweep.Options{Ask: sweep.Questions{Length: true}})
	if got := readAll(t, s); len(got) != 1 || got[0].Type != "string" || got[0].Length != 5 || s.Refusals() != nil {
		t.Errorf("%+v, refused %v", got, s.Refusals())
	}
}
