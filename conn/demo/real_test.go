package demo_test

import (
	"bufio"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2/proto"

	"redan/conn/conntest"
	"redan/conn/demo"
)

// pipeline sends commands to addr and returns the raw replies.
func pipeline(t *testing.T, addr string, commands [][]string) []string {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // closed once
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	sent := make(chan error, 1)
	go func() {
		out := bufio.NewWriter(conn)
		for _, args := range commands {
			if err := proto.Write(out, args); err != nil {
				sent <- err
				return
			}
		}
		sent <- out.Flush()
	}()
	in := bufio.NewReader(conn)
	replies := make([]string, len(commands))
	for i := range commands {
		if replies[i], err = proto.Read(in); err != nil {
			t.Fatalf("%q: %v", commands[i], err)
		}
	}
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
	return replies
}

// sizeOf is the command that tells how much a key holds.
func sizeOf(kind, key string) []string {
	switch kind {
	case "hash":
		return []string{"HLEN", key}
	case "list":
		return []string{"LLEN", key}
	case "set":
		return []string{"SCARD", key}
	case "zset":
		return []string{"ZCARD", key}
	case "stream":
		return []string{"XLEN", key}
	}
	if strings.HasPrefix(key, "visitors:") {
		return []string{"EXISTS", key} // an estimate: neither its bytes nor its count are those of a real server
	}
	return []string{"GET", key}
}

// TestSampleIsTheSameOnARealServer runs the sample on redis-server and compares the
// keys: the demo shows nothing that Redis would not have.
func TestSampleIsTheSameOnARealServer(t *testing.T) {
	t.Parallel()
	now := newClock()
	redis := conntest.Start(t)
	var commands [][]string
	for _, c := range demo.Sample(1, now.Now()) {
		if c.Args[0] != "HEXPIRE" { // newer than many a server
			commands = append(commands, []string{"SELECT", strconv.Itoa(c.DB)}, c.Args)
		}
	}
	for i, reply := range pipeline(t, redis.Addr(), commands) {
		if strings.HasPrefix(reply, "-") {
			t.Errorf("%.200q: %s", commands[i], reply)
		}
	}
	c := connect(t, start(t, now))
	for db := range 3 {
		commands := [][]string{{"SELECT", strconv.Itoa(db)}}
		want := []string{c.do(commands[0]...)}
		for _, key := range c.list("KEYS", "*") {
			if ttl := c.number("TTL", key); ttl >= 0 && ttl < 600 {
				continue // it may expire while we look
			}
			kind := strings.Trim(c.do("TYPE", key), "+\r\n")
			size := sizeOf(kind, key)
			commands = append(commands, []string{"TYPE", key}, size)
			want = append(want, "+"+kind+"\r\n", c.do(size...))
		}
		for i, got := range pipeline(t, redis.Addr(), commands) {
			if got != want[i] {
				t.Errorf("database %d: %q gave %.200q there and %.200q in the demo", db, commands[i], got, want[i])
			}
		}
	}
}

// TestNobodyWaitsForASlowReader holds that one client's unread replies are its own affair.
func TestNobodyWaitsForASlowReader(t *testing.T) {
	t.Parallel()
	s := start(t, newClock())
	slow, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = slow.Close() }) // closed once
	const requests = 40                    // ten megabytes: more than the kernel keeps for us
	if _, err := io.WriteString(slow, strings.Repeat("GET export:orders.csv\r\n", requests)+"QUIT\r\n"); err != nil {
		t.Fatal(err)
	}
	quick := connect(t, s)
	for range 100 {
		quick.do("SET", "k", "v")
	}
	got, err := io.ReadAll(slow)
	if replies := strings.Count(string(got), "order,customer,total\n"); replies != requests || !strings.HasSuffix(string(got), "\r\n+OK\r\n") || err != nil {
		t.Errorf("%d of %d replies, %d bytes, %v", replies, requests, len(got), err)
	}
}
