package demo_test

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2/proto"
)

func TestHello(t *testing.T) {
	t.Parallel()
	s := start(t, newClock())
	c := connect(t, s)
	if got := c.do("HELLO"); !strings.HasPrefix(got, "*14\r\n") || !strings.Contains(got, "$5\r\nproto\r\n:2\r\n") {
		t.Errorf("HELLO gave %q", got)
	}
	if got := c.do("HELLO", "4"); !strings.HasPrefix(got, "-NOPROTO") {
		t.Errorf("HELLO 4 gave %q", got)
	}
	got := c.do("HELLO", "3", "AUTH", "default", "anything", "SETNAME", "redan")
	for _, part := range []string{"%7\r\n", "$9\r\nminiredis\r\n", "$5\r\n8.4.0\r\n", "$5\r\nproto\r\n:3\r\n"} {
		if !strings.Contains(got, part) {
			t.Errorf("HELLO 3 lacks %q: %q", part, got)
		}
	}
	if got := c.text("CLIENT", "GETNAME"); got != "redan" {
		t.Errorf("the client is called %q", got)
	}
	if got := c.do("HGETALL", "feature:flags"); !strings.HasPrefix(got, "%4\r\n") {
		t.Errorf("not RESP3: %q", got)
	}
	if got := c.do("HELLO"); !strings.Contains(got, "$5\r\nproto\r\n:3\r\n") {
		t.Errorf("HELLO forgot the protocol: %q", got)
	}
	if id, other := c.number("CLIENT", "ID"), connect(t, s).number("CLIENT", "ID"); id == other {
		t.Errorf("two clients have the id %d", id)
	}
}

func TestInfo(t *testing.T) {
	t.Parallel()
	now := newClock()
	c := connect(t, start(t, now))
	now.Advance(25 * time.Hour)
	c.do("SELECT", "2") // what follows is not about one database
	tests := []struct {
		args  []string
		want  []string
		never []string
	}{
		{nil, []string{
			"redis_version:8.4.0\r\n", "redis_mode:standalone\r\n", "executable:redan demo\r\n", "uptime_in_seconds:90000\r\n", "uptime_in_days:1\r\n",
			"demo_server:miniredis\r\n", "connected_clients:1\r\n", "used_memory:", "role:master\r\n",
			"db1:keys=", "db2:keys=12,expires=0,avg_ttl=0\r\n", "total_commands_processed:2\r\n",
		}, []string{"db3:"}},
		{[]string{"server"}, []string{"# Server\r\n"}, []string{"# Clients", "# Keyspace"}},
		{[]string{"keyspace", "MEMORY"}, []string{"# Keyspace\r\n", "# Memory\r\n"}, []string{"# Server"}},
		{[]string{"everything"}, []string{"# Server\r\n", "# Keyspace\r\n"}, nil},
		{[]string{"nosuch"}, nil, []string{"#"}},
	}
	for _, tt := range tests {
		got := c.text(append([]string{"INFO"}, tt.args...)...)
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("INFO %q lacks %q:\n%s", tt.args, want, got)
			}
		}
		for _, never := range tt.never {
			if strings.Contains(got, never) {
				t.Errorf("INFO %q has %q:\n%s", tt.args, never, got)
			}
		}
	}
}

// TestSketches holds that a HyperLogLog can be read as the string that it is to Redis.
func TestSketches(t *testing.T) {
	t.Parallel()
	c := connect(t, start(t, newClock()))
	key := c.list("KEYS", "visitors:*")[0]
	value := c.text("GET", key)
	count := uint64(c.number("PFCOUNT", key))
	if len(value) < 16 || value[:4] != "HYLL" || binary.LittleEndian.Uint64([]byte(value[8:16])) != count || count == 0 {
		t.Errorf("%s holds %q, and %d elements", key, value, count)
	}
	for command, want := range map[string]string{
		"TYPE " + key: "+string\r\n", "STRLEN " + key: fmt.Sprintf(":%d\r\n", len(value)),
		"GETRANGE " + key + " 0 3": "$4\r\nHYLL\r\n", "GETRANGE " + key + " -2 -1": "$2\r\n\x7f\xff\r\n",
		"GETRANGE " + key + " 0 -1": fmt.Sprintf("$%d\r\n%s\r\n", len(value), value),
		"GETRANGE " + key + " 5 4":  "$0\r\n\r\n", "GETRANGE " + key + " -99 1": "$2\r\nHY\r\n", "GETRANGE " + key + " x 1": "-ERR value is not an integer",
	} {
		if got := c.do(strings.Fields(command)...); !strings.HasPrefix(got, want) {
			t.Errorf("%s gave %q, want %q", command, got, want)
		}
	}
}

func TestSmallAnswers(t *testing.T) {
	t.Parallel()
	s := start(t, newClock())
	tests := []struct {
		command string
		want    string // how the reply begins
	}{
		{"CONFIG GET maxmemory DATABASES", "*4\r\n$9\r\ndatabases\r\n$2\r\n16\r\n$9\r\nmaxmemory\r\n$1\r\n0\r\n"},
		{"CONFIG GET port", fmt.Sprintf("*2\r\n$4\r\nport\r\n$%d\r\n%s\r\n", len(s.Port), s.Port)},
		{"CONFIG GET cluster*", "*2\r\n$15\r\ncluster-enabled\r\n"},
		{"CONFIG GET nosuch [", "*0\r\n"},
		{"CONFIG SET maxmemory 1", "-ERR the demo server"},
		{"SELECT 15", "+OK"},
		{"SELECT 16", "-ERR DB index is out of range"},
		{"SELECT x", "-ERR value is not an integer"},
		{"MEMORY USAGE queue:imports", ":"},
		{"MEMORY USAGE queue:imports SAMPLES 0", ":"},
		{"MEMORY USAGE queue:imports SAMPLES x", "-ERR"},
		{"OBJECT IDLETIME foo", "$-1"},
		{"OBJECT FREQ queue:imports", ":"},
		{"OBJECT FREQ foo", "$-1"},
		{"COMMAND COUNT", ":199"},
		{"COMMAND LIST", "*199\r\n$6\r\nappend\r\n"},
		{"COMMAND", "*199\r\n*10\r\n$6\r\nappend\r\n:3\r\n*3\r\n+write\r\n+denyoom\r\n+fast\r\n:1\r\n:1\r\n:1\r\n*3\r\n+@write\r\n"},
		{"COMMAND INFO", "*199\r\n"},
		{"COMMAND INFO GET nosuch config|get config|set", "*4\r\n*10\r\n$3\r\nget\r\n:2\r\n"},
		{"COMMAND DOCS get", "-ERR the demo server"},
		{"MONITOR", "-ERR unknown command"},
		{"XINFO STREAM events:orders FULL", "-ERR the demo server"},
		{"XINFO STREAM nosuch", "-ERR no such key"},
		{"XINFO GROUPS products:0001", "-WRONGTYPE"},
		{"XINFO HELP", "-"},
		{"DBSIZE", ":2871"},
	}
	for _, tt := range tests {
		if got := connect(t, s).do(strings.Fields(tt.command)...); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s gave %.200q, want %q", tt.command, got, tt.want)
		}
	}
}

// TestStreamInfo looks at groups at work, behind, and done.
func TestStreamInfo(t *testing.T) {
	t.Parallel()
	now := newClock()
	c := connect(t, start(t, now))
	first := fmt.Sprintf("%d-0", now.Now().Add(-600*7*time.Minute).UnixMilli())
	stream := c.do("XINFO", "STREAM", "events:orders")
	for _, part := range []string{
		"*10\r\n$6\r\nlength\r\n:600\r\n", "$6\r\ngroups\r\n:3\r\n",
		"$11\r\nfirst-entry\r\n*2\r\n$15\r\n" + first + "\r\n*6\r\n$4\r\ntype\r\n", "$10\r\nlast-entry\r\n*2\r\n",
	} {
		if !strings.Contains(stream, part) {
			t.Errorf("XINFO STREAM lacks %q: %q", part, stream)
		}
	}
	groups := c.do("XINFO", "GROUPS", "events:orders")
	rest := groups
	for _, want := range []struct {
		name                    string
		consumers, pending, lag int
	}{{"analytics", 1, 0, 0}, {"billing", 3, 10, 0}, {"shipping", 2, 20, 150}} {
		text := fmt.Sprintf("$4\r\nname\r\n$%d\r\n%s\r\n$9\r\nconsumers\r\n:%d\r\n$7\r\npending\r\n:%d\r\n",
			len(want.name), want.name, want.consumers, want.pending)
		lag := fmt.Sprintf("$3\r\nlag\r\n:%d\r\n", want.lag)
		_, after, found := strings.Cut(rest, text)
		if !found || !strings.Contains(after, lag) {
			t.Errorf("group %+v is missing or out of order: %q", want, groups)
		}
		rest = after
	}
	if pending := c.do("XPENDING", "events:orders", "billing", "-", "+", "20", "worker-1"); !strings.HasPrefix(pending, "*1\r\n*4\r\n") {
		t.Errorf("worker-1 should have left one entry: %q", pending)
	}
	if consumers := c.do("XINFO", "CONSUMERS", "events:orders", "billing"); strings.Contains(consumers, "$4\r\nidle\r\n:-1\r\n") {
		t.Errorf("a consumer was never seen: %q", consumers)
	}
	c.do("HELLO", "3")
	if got := c.do("XINFO", "STREAM", "events:stock"); !strings.HasPrefix(got, "%5\r\n") {
		t.Errorf("no map in RESP3: %q", got)
	}
	c.do("XGROUP", "CREATE", "empty", "readers", "$", "MKSTREAM")
	if got := c.do("XINFO", "STREAM", "empty"); !strings.Contains(got, "$11\r\nfirst-entry\r\n_\r\n") {
		t.Errorf("an empty stream: %q", got)
	}
}

// scanAll pages with a COUNT until the cursor is 0 again.
func scanAll(t *testing.T, c client, between func(), args ...string) (found []string, pages int) {
	t.Helper()
	at := slices.Index(args, "CURSOR")
	args = slices.Clone(args)
	for args[at] = "0"; pages == 0 || args[at] != "0"; pages++ {
		reply, err := proto.ReadArray(c.do(args...))
		if err != nil || len(reply) != 2 {
			t.Fatalf("%q: %q, %v", args, reply, err)
		}
		if args[at], err = proto.ReadString(reply[0]); err != nil {
			t.Fatal(err)
		}
		page, err := proto.ReadStrings(reply[1])
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, page...)
		if between != nil {
			between()
		}
	}
	return found, pages
}

func TestScanPages(t *testing.T) { //nolint:tparallel // they share a connection
	t.Parallel()
	c := connect(t, start(t, newClock()))
	keys := c.list("KEYS", "*")
	tests := []struct {
		name  string
		args  []string
		want  []string
		pages int
	}{
		{"one page", []string{"SCAN", "CURSOR", "COUNT", "100000"}, keys, 1},
		{"many", []string{"SCAN", "CURSOR", "count", "300"}, keys, (len(keys) + 299) / 300},
		{"match", []string{"SCAN", "CURSOR", "MATCH", "queue:*", "COUNT", "2"}, c.list("KEYS", "queue:*"), 4},
		{"type", []string{"SCAN", "CURSOR", "TYPE", "stream"}, []string{"events:orders", "events:stock"}, 1},
		{"nothing", []string{"SCAN", "CURSOR", "MATCH", "nosuch*"}, nil, 1},
		{"ten by default", []string{"SSCAN", "tags:sale", "CURSOR"}, c.list("SMEMBERS", "tags:sale"), (c.number("SCARD", "tags:sale") + 9) / 10},
		{"pairs", []string{"HSCAN", "feature:flags", "CURSOR", "COUNT", "3"}, c.list("HGETALL", "feature:flags"), 2},
		{"big hash", []string{"HSCAN", "inventory:warehouse:koeln", "CURSOR", "COUNT", "2500"}, c.list("HGETALL", "inventory:warehouse:koeln"), 2},
		{"no key", []string{"ZSCAN", "nosuch", "CURSOR"}, nil, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found, pages := scanAll(t, c, nil, tt.args...)
			slices.Sort(found)
			want := slices.Sorted(slices.Values(tt.want))
			if !slices.Equal(found, want) || pages != tt.pages {
				t.Errorf("%d elements in %d pages, want %d in %d", len(found), pages, len(want), tt.pages)
			}
		})
	}
}

// TestScanWhileKeysComeAndGo holds the promise of SCAN: what is there from beginning
// to end is returned, and once at most.
func TestScanWhileKeysComeAndGo(t *testing.T) {
	t.Parallel()
	c := connect(t, start(t, newClock()))
	doomed := c.list("KEYS", "orders:*")
	want := map[string]bool{}
	for _, key := range c.list("KEYS", "*") {
		want[key] = !strings.HasPrefix(key, "orders:")
	}
	maps.DeleteFunc(want, func(_ string, stays bool) bool { return !stays })
	round := 0
	found, _ := scanAll(t, c, func() {
		c.do("SET", fmt.Sprintf("orders:new:%d", round), "v")
		c.do("DEL", doomed[round%len(doomed)])
		round++
	}, "SCAN", "CURSOR", "COUNT", "100")
	seen := map[string]int{}
	for _, key := range found {
		seen[key]++
		delete(want, key)
	}
	for key, times := range seen {
		if times > 1 {
			t.Errorf("%q was returned %d times", key, times)
		}
	}
	if len(want) > 0 {
		t.Errorf("%d keys were never returned", len(want))
	}
}

// TestScanSeesChanges holds that a page does not come from what was there before: after commands that write on any connection, by
// themselves or in a script or transaction, and in another database.
func TestScanSeesChanges(t *testing.T) {
	t.Parallel()
	for name, change := range map[string][]string{
		"of another": {"FLUSHDB"}, "in a script": {"EVAL return(redis.call('flushdb')) 0"}, "in a transaction": {"MULTI", "FLUSHDB", "EXEC"},
	} {
		s := start(t, newClock())
		c, other := connect(t, s), connect(t, s)
		cursor := c.page("SCAN", "0")
		for _, command := range change {
			other.do(strings.Fields(command)...)
		}
		if got := c.do("SCAN", cursor, "COUNT", "10000"); got != "*2\r\n$1\r\n0\r\n*0\r\n" {
			t.Errorf("%s: %.100q is left of nothing", name, got)
		}
	}
	c := connect(t, start(t, newClock()))
	cursor := c.page("SCAN", "0")
	c.do("SELECT", "15")
	if got := c.do("SCAN", cursor); got != "*2\r\n$1\r\n0\r\n*0\r\n" {
		t.Errorf("the empty database has %.100q", got)
	}
}

// page asks for a page and returns the cursor behind it.
func (c client) page(args ...string) string {
	c.t.Helper()
	_, rest, _ := strings.Cut(c.do(args...), "\r\n$")
	_, rest, _ = strings.Cut(rest, "\r\n")
	cursor, _, ok := strings.Cut(rest, "\r\n")
	if !ok || cursor == "0" {
		c.t.Fatalf("%q is one page", args)
	}
	return cursor
}

func TestScanRefuses(t *testing.T) {
	t.Parallel()
	c := connect(t, start(t, newClock()))
	for _, command := range []string{
		"SCAN", "SCAN x", "SCAN -1", "SCAN 0 COUNT x", "SCAN 0 MATCH", "SCAN 0 NOSUCH x", "HSCAN products:0001", "HSCAN queue:imports 0", "SSCAN tags:sale x",
	} {
		if got := c.do(strings.Fields(command)...); !strings.HasPrefix(got, "-") {
			t.Errorf("%s gave %.100q", command, got)
		}
	}
}

func TestTransactions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		commands []string
		want     []string
	}{
		{"runs", []string{"MULTI", "SET a 1", "GET a", "EXEC"}, []string{"+OK", "+QUEUED", "+QUEUED", "*2\r\n+OK\r\n$1\r\n1\r\n"}},
		{"unknown command", []string{"MULTI", "NOSUCH", "SET a 1", "EXEC"}, []string{"+OK", "-ERR unknown", "+QUEUED", "-EXECABORT"}},
		{"own answer", []string{"MULTI", "INFO", "EXEC"}, []string{"+OK", "-ERR the demo server", "-EXECABORT"}},
		{"scan", []string{"MULTI", "SCAN 0 MATCH queue:names", "EXEC"}, []string{"+OK", "+QUEUED", "*1\r\n*2\r\n$1\r\n0\r\n*1\r\n"}},
		{"over", []string{"MULTI", "DISCARD", "INFO server", "MULTI", "EXEC", "SCAN 0 COUNT 1"}, []string{"+OK", "+OK", "$", "+OK", "*0", "*2\r\n$"}},
		{"still on", []string{"MULTI", "EXEC now", "INFO"}, []string{"+OK", "-ERR wrong number", "-ERR the demo server"}},
		{"script", []string{"EVAL return(redis.call('scan','0','match','queue:*')[1]) 0"}, []string{"$1\r\n0\r\n"}},
	}
	s := start(t, newClock())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := connect(t, s)
			for i, command := range tt.commands {
				if got := c.do(strings.Fields(command)...); !strings.HasPrefix(got, tt.want[i]) {
					t.Errorf("%s gave %.200q, want %q", command, got, tt.want[i])
				}
			}
		})
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	s := start(t, newClock())
	c := connect(t, s)
	if got := c.do("SUBSCRIBE", "news"); got != "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n" {
		t.Errorf("SUBSCRIBE gave %q", got)
	}
	if n := connect(t, s).number("PUBLISH", "news", "hello"); n != 1 {
		t.Errorf("published to %d", n)
	}
	if got, err := c.Read(); err != nil || got != "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$5\r\nhello\r\n" {
		t.Errorf("read %q, %v", got, err)
	}
}
