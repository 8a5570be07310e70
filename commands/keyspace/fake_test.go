package keyspace

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/resp"
)

// errBroken is a connection that broke.
var errBroken = errors.New("connection broken")

// fake is a client whose server is a function.
type fake struct {
	reply func(words []string) resp.Value

	mu    sync.Mutex
	asked []string // commands in order, words joined by spaces
	trips int      // round trips
	fail  func() error
	delay func(commands [][]string) time.Duration
}

func (f *fake) Do(ctx context.Context, args ...string) (resp.Value, error) {
	replies, err := f.Pipeline(ctx, args)
	return replyAt(replies, 0), err
}

func (f *fake) Pipeline(ctx context.Context, commands ...[]string) ([]resp.Value, error) {
	if f.delay != nil {
		time.Sleep(f.delay(commands)) // inside a bubble: no time passes
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.trips++
	if f.fail != nil {
		if err := f.fail(); err != nil {
			return nil, err
		}
	}
	replies := make([]resp.Value, len(commands))
	for i, words := range commands {
		f.asked = append(f.asked, strings.Join(words, " "))
		replies[i] = f.reply(words)
	}
	return replies, nil
}

// log returns the commands that came, those that begin with a prefix.
func (f *fake) log(prefix string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.asked), func(s string) bool { return !strings.HasPrefix(s, prefix) })
}

func bulk(s string) resp.Value    { return resp.Value{Kind: resp.BulkString, Text: []byte(s)} }
func status(s string) resp.Value  { return resp.Value{Kind: resp.SimpleString, Text: []byte(s)} }
func failure(s string) resp.Value { return resp.Value{Kind: resp.SimpleError, Text: []byte(s)} }
func number(n int64) resp.Value   { return resp.Value{Kind: resp.Integer, Int: n} }
func array(elems ...resp.Value) resp.Value {
	return resp.Value{Kind: resp.Array, Elems: elems}
}

func scanned(cursor string, keys ...string) resp.Value {
	elems := make([]resp.Value, len(keys))
	for i, key := range keys {
		elems[i] = bulk(key)
	}
	return array(bulk(cursor), array(elems...))
}

// pages returns a server whose SCAN goes through the given pages: from cursor to reply. Other commands are refused.
func pages(replies map[string]resp.Value) *fake {
	return &fake{reply: func(words []string) resp.Value {
		if words[0] == "SCAN" {
			if reply, ok := replies[words[1]]; ok {
				return reply
			}
			return failure("ERR no such cursor in this test: " + words[1])
		}
		return failure("NOPERM this user has no permissions to run the '" + words[0] + "' command")
	}}
}

// listServer is a server that scans a list, with plain positions as cursors.
func listServer(keys []string) *fake {
	return &fake{reply: func(words []string) resp.Value {
		switch words[0] {
		case "DBSIZE":
			return number(int64(len(keys)))
		case "INFO":
			return bulk("# Server\r\nredis_version:7.0.15\r\nrun_id:abc\r\n")
		case "SCAN":
			at, _ := strconv.Atoi(words[1])
			count, _ := strconv.Atoi(words[3])
			end := min(at+count, len(keys))
			next := strconv.Itoa(end)
			if end == len(keys) {
				next = "0"
			}
			return scanned(next, keys[at:end]...)
		}
		return failure("ERR unknown command")
	}}
}

func names(n int) []string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf("key:%06d", i)
	}
	return keys
}

func one(c Client) *Masters { return One(conn.Addr{Network: "tcp", Host: "redis", Port: 6379}, c) }

// quick scans without rests, by a clock that stands still.
func quick() ScanOptions {
	return ScanOptions{Share: 1, Now: func() time.Time { return time.Unix(1e9, 0) }}
}

// drain calls Next until the end and returns the keys without those twice, sorted, and the number of batches.
func drain(t *testing.T, s *Scanner) (keys []string, batches int) {
	t.Helper()
	for {
		batch, err := s.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		batches++
		keys = append(keys, batch.Keys...)
		if batch.Done {
			slices.Sort(keys)
			return slices.Compact(keys), batches
		}
	}
}

// served are the options for a server that runs.
func served(t testing.TB, addr string) (conn.Options, *conn.Dialer) {
	t.Helper()
	host, port, _ := strings.Cut(addr, ":")
	o := conn.DefaultOptions()
	o.Host = host
	o.Port, _ = strconv.Atoi(port)
	d, err := conn.NewDialer(o, conn.System())
	if err != nil {
		t.Fatal(err)
	}
	return o, d
}

func realMasters(t testing.TB, addr string, change ...func(*conn.Options)) *Masters {
	t.Helper()
	o, d := served(t, addr)
	for _, c := range change {
		c(&o)
	}
	m, err := Discover(context.Background(), Config{Seed: o.Addr(), Open: Pools(d, o)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m
}

// fill writes keys through a connection.
func fill(t testing.TB, m *Masters, command func(key string) []string, keys []string) {
	t.Helper()
	for chunk := range slices.Chunk(keys, 5000) {
		commands := make([][]string, len(chunk))
		for i, key := range chunk {
			commands[i] = command(key)
		}
		replies, err := m.Pipeline(context.Background(), commands...)
		if err != nil {
			t.Fatal(err)
		}
		for i := range replies {
			if err := replies[i].Err(); err != nil {
				t.Fatal(commands[i], err)
			}
		}
	}
}

func set(key string) []string { return []string{"SET", key, "value of " + key} }

func now() ScanOptions { return ScanOptions{Share: 1, Now: time.Now} }

type connAddr = conn.Addr

func seedAt(host string) conn.Addr { return conn.Addr{Network: "tcp", Host: host, Port: 7000} }

type ctxT = context.Context

func removing() RemovalOptions { return RemovalOptions{Share: 1, Now: time.Now} }

// remove calls Next until the end.
func remove(t *testing.T, r *Removal) Removed {
	t.Helper()
	for {
		report, err := r.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if report.Done {
			return report
		}
	}
}
