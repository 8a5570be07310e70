package tui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"redan/conn"
	"redan/conn/resp"
)

// fakeKey is a key of the fake server.
type fakeKey struct {
	kind  string
	items []string
	life  time.Duration // 0 for ever
}

// fakeServer answers the few commands that browsing sends, from memory, always the same way.
type fakeServer struct {
	mu    sync.Mutex
	clock *clock
	keys  map[string]fakeKey
	down  error // of the connection
	page  int   // keys a page of SCAN; 0 is as many as asked for
	hangs int   // for how many beats of a sweep, after 100 keys
	noACL map[string]bool
	sent  [][]string
	trips int
	nodes []conn.Addr // of the cluster it is; none is no cluster
	info  string      // what INFO says instead of the usual
	lives int         // round trips until the connection breaks; 0 is never
}

// sampleServer has keys of every type, in branches.
func sampleServer(c *clock) *fakeServer {
	s := &fakeServer{clock: c, keys: map[string]fakeKey{}, noACL: map[string]bool{}}
	for day := 10; day <= 11; day++ {
		for n := range 60 {
			key := fmt.Sprintf("orders:2026:%d:22:%04d", day, 40+n)
			s.keys[key] = fakeKey{kind: "hash", items: []string{"status", "paid", "total", `{"amount": 1299}`, "note", "naïve café ☕"}, life: 2*time.Hour + time.Duration(n)*time.Minute}
		}
	}
	for n := range 30 {
		s.keys[fmt.Sprintf("sessions:%08x", n*7919)] = fakeKey{kind: "string", items: []string{"token"}, life: time.Duration(20+n*40) * time.Second}
	}
	for n := range 12 {
		s.keys[fmt.Sprintf("queue:%02d", n)] = fakeKey{kind: "list", items: []string{"a", "b", "c"}}
	}
	s.keys["config:flags"] = fakeKey{kind: "ReJSON-RL", items: []string{"{}"}}
	s.keys["board"] = fakeKey{kind: "zset", items: []string{"ann", "1", "bob", "2.5"}}
	s.keys["tags"] = fakeKey{kind: "set", items: []string{"x", "y"}}
	s.keys["events"] = fakeKey{kind: "stream"}
	s.keys["bin\x00\xff\x1b[2Jkey"] = fakeKey{kind: "string", items: []string{"\x00\x1b]0;evil\x07\xff"}}
	s.keys["emoji:🙂👩‍👩‍👧:naïve"] = fakeKey{kind: "string", items: []string{"ok"}}
	s.keys["with space and\nnewline"] = fakeKey{kind: "string", items: []string{"v"}}
	s.keys["trailing:"] = fakeKey{kind: "string", items: []string{"v"}}
	return s
}

func (s *fakeServer) Do(ctx context.Context, args ...string) (resp.Value, error) {
	replies, err := s.Pipeline(ctx, args)
	if err != nil {
		return resp.Value{}, err
	}
	return replies[0], nil
}

func (s *fakeServer) Pipeline(ctx context.Context, commands ...[]string) ([]resp.Value, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if s.down != nil {
		return nil, s.down
	}
	s.trips++
	if s.lives > 0 {
		if s.lives--; s.lives == 0 {
			s.down = errDown
			return nil, s.down
		}
	}
	replies := make([]resp.Value, len(commands))
	for i, args := range commands {
		s.sent = append(s.sent, args)
		s.clock.add(400 * time.Microsecond)
		replies[i] = s.answer(args)
	}
	return replies, nil
}

var errDown = errors.New("connection reset by peer")

func (s *fakeServer) answer(args []string) resp.Value {
	name := strings.ToUpper(args[0])
	if s.noACL[name] {
		return refusal("NOPERM User default has no permissions to run the '" + strings.ToLower(name) + "' command")
	}
	switch name {
	case "SCAN":
		if strings.Contains(s.info, "loading:1") {
			return refusal("LOADING Redis is loading the dataset in memory")
		}
		return s.scan(args)
	case "DBSIZE":
		return number(len(s.keys))
	case "INFO":
		if why, refused := strings.CutPrefix(s.info, "-"); refused {
			return refusal(why)
		}
		if s.info != "" {
			return bulk(s.info)
		}
		return bulk(fakeInfo(len(s.keys)))
	case "CLUSTER":
		var slots []resp.Value
		for i, at := range s.nodes {
			size := 16384 / len(s.nodes)
			slots = append(slots, list(number(i*size), number((i+1)*size-1), list(bulk(at.Host), number(at.Port))))
		}
		return list(slots...)
	case "CONFIG":
		return list(bulk("databases"), bulk("16"))
	case "PING":
		return resp.Value{Kind: resp.SimpleString, Text: []byte("PONG")}
	}
	if len(args) < 2 {
		return refusal("ERR unknown command '" + args[0] + "'")
	}
	return s.answerKey(name, args)
}

func (s *fakeServer) answerKey(name string, args []string) resp.Value {
	if name == "MEMORY" || name == "OBJECT" {
		if len(args) < 3 {
			return refusal("ERR syntax error")
		}
		if _, ok := s.keys[args[2]]; !ok {
			return resp.Value{Kind: resp.NullBulk}
		}
		return number(100 + 8*len(args[2]))
	}
	k, ok := s.keys[args[1]]
	switch name {
	case "TYPE":
		if !ok {
			return resp.Value{Kind: resp.SimpleString, Text: []byte("none")}
		}
		return resp.Value{Kind: resp.SimpleString, Text: []byte(k.kind)}
	case "PTTL":
		switch {
		case !ok:
			return number(-2)
		case k.life == 0:
			return number(-1)
		}
		return number(int(k.life.Milliseconds()))
	case "UNLINK", "DEL":
		n := 0
		for _, key := range args[1:] {
			if _, there := s.keys[key]; there {
				delete(s.keys, key)
				n++
			}
		}
		return number(n)
	case "STRLEN", "HLEN", "LLEN", "SCARD", "ZCARD", "XLEN":
		return number(len(k.items))
	case "GETRANGE", "GET":
		if len(k.items) == 0 {
			return bulk("")
		}
		return bulk(k.items[0])
	case "HSCAN", "SSCAN":
		return list(bulk("0"), bulks(k.items...))
	case "LRANGE", "ZRANGE", "XRANGE":
		return bulks(k.items...)
	}
	return refusal("ERR unknown command '" + args[0] + "'")
}

// scan hands out the keys in a fixed order that is not the one of their names, as servers do.
func (s *fakeServer) scan(args []string) resp.Value {
	names := make([]string, 0, len(s.keys))
	for key := range s.keys {
		names = append(names, key)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a)*7%5, len(b)*7%5), strings.Compare(a, b))
	})
	at, _ := strconv.Atoi(args[1])
	count := 10
	match, kind := "*", ""
	for i := 2; i+1 < len(args); i += 2 {
		switch strings.ToUpper(args[i]) {
		case "COUNT":
			count, _ = strconv.Atoi(args[i+1])
		case "MATCH":
			match = args[i+1]
		case "TYPE":
			kind = args[i+1]
		}
	}
	if s.page > 0 {
		count = s.page
	}
	end := min(len(names), at+count)
	var found []string
	for _, key := range names[min(at, end):end] {
		prefix, _, _ := strings.Cut(match, "*")
		if strings.HasPrefix(key, prefix) && (kind == "" || s.keys[key].kind == kind) {
			found = append(found, key)
		}
	}
	next := strconv.Itoa(end)
	if end == len(names) {
		next = "0"
	}
	return list(bulk(next), bulks(found...))
}

func fakeInfo(keys int) string {
	return "# Server\r\nredis_version:7.0.15\r\nuptime_in_seconds:93784\r\ntcp_port:6380\r\n" +
		"# Clients\r\nconnected_clients:12\r\n" +
		"# Memory\r\nused_memory:13002342\r\nused_memory_peak:14002342\r\nmaxmemory:104857600\r\n" +
		"# Stats\r\ninstantaneous_ops_per_sec:1234\r\ninstantaneous_input_kbps:12.50\r\ninstantaneous_output_kbps:840.25\r\nkeyspace_hits:900\r\nkeyspace_misses:100\r\nevicted_keys:0\r\n" +
		"# Replication\r\nrole:master\r\n" +
		"# Keyspace\r\ndb0:keys=" + strconv.Itoa(keys) + ",expires=150,avg_ttl=0\r\ndb3:keys=40,expires=0,avg_ttl=0\r\n"
}

func bulk(text string) resp.Value { return resp.Value{Kind: resp.BulkString, Text: []byte(text)} }

func number(n int) resp.Value { return resp.Value{Kind: resp.Integer, Int: int64(n)} }

func refusal(text string) resp.Value { return resp.Value{Kind: resp.SimpleError, Text: []byte(text)} }

func list(elems ...resp.Value) resp.Value { return resp.Value{Kind: resp.Array, Elems: elems} }

func bulks(texts ...string) resp.Value {
	elems := make([]resp.Value, len(texts))
	for i, text := range texts {
		elems[i] = bulk(text)
	}
	return list(elems...)
}

// clock is a clock that goes when it is told to, and a little when it is asked again and again: the pace of a scan waits for it.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	asked int // since it moved
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 22, 14, 2, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asked++; c.asked > 200 { // someone waits for it
		c.now, c.asked = c.now.Add(time.Millisecond), 0
	}
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.asked = c.now.Add(d), 0
}

// typed is the console's connection to the fake server.
type typed struct {
	server  *fakeServer
	options conn.Options
	state   conn.State
	broken  bool
}

func (c *typed) Stream(ctx context.Context, args []string, consume func(resp.Source) error) error {
	reply, err := c.server.Do(ctx, args...)
	if err != nil {
		c.broken = true
		return err
	}
	switch strings.ToUpper(args[0]) {
	case "MULTI":
		c.state.Multi = true
		reply = resp.Value{Kind: resp.SimpleString, Text: []byte("OK")}
	case "DISCARD":
		c.state.Multi = false
		reply = resp.Value{Kind: resp.SimpleString, Text: []byte("OK")}
	}
	return consume(reply.Source())
}

func (c *typed) Next(ctx context.Context, _ func(resp.Source) error) error {
	<-ctx.Done()
	return ctx.Err()
}

func (c *typed) Reconnect(context.Context) ([]string, error) {
	if c.server.down != nil {
		return nil, c.server.down
	}
	c.broken = false
	return c.state.Lost(), nil
}

func (c *typed) State() conn.State { return c.state }
func (c *typed) Addr() conn.Addr   { return c.options.Addr() }
func (c *typed) Broken() bool      { return c.broken }
func (c *typed) Close() error      { return nil }
