package commands

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

func TestEffectOf(t *testing.T) {
	for line, want := range map[string]Effect{
		"subscribe c": Subscribes, "PSubscribe p*": Subscribes, "ssubscribe c": Subscribes,
		"unsubscribe": Unsubscribes, "punsubscribe": Unsubscribes, "SUNSUBSCRIBE x": Unsubscribes,
		"monitor": Monitors, "sync": Syncs, "psync ? -1": Syncs, "hello 3": SaysHello, "reset": Resets, "quit": Quits,
		"shutdown nosave": ShutsDown, "client reply off": MutesReplies, "CLIENT Reply": MutesReplies,
		"client": NoEffect, "client list": NoEffect, "select 1": Selects, "auth x": Authenticates,
		"multi": BeginsTransaction, "exec": EndsTransaction, "discard": EndsTransaction, "watch k": Watches, "unwatch": Watches,
		"get k": NoEffect, "": NoEffect, "punsubscribexx": NoEffect, `"sub\x00scribe"`: NoEffect, "pubsub channels": NoEffect,
	} {
		words, err := Split(line)
		if err != nil {
			t.Fatal(err)
		}
		if got := EffectOf(words); got != want {
			t.Errorf("EffectOf(%q) = %v, want %v", line, got, want)
		}
	}
}

func TestChangesReplyStream(t *testing.T) {
	for line, want := range map[string]bool{
		"subscribe c": true, "unsubscribe": true, "monitor": true, "hello": true, "reset": true, "quit": true, "client reply skip": true,
		"psync ? -1": true, "shutdown": true,
		"get k": false, "select 1": false, "multi": false, "exec": false, "watch k": false, "auth x": false, "": false,
	} {
		if got := EffectOf(strings.Fields(line)).ChangesReplyStream(); got != want {
			t.Errorf("ChangesReplyStream(%q) = %v", line, got)
		}
	}
}

func TestQuestionsAskedOfEveryCommandAllocateNothing(t *testing.T) {
	lines := [][]string{{"SET", "key", "value"}, {"client", "reply", "off"}, {"hgetall", "k"}, {"cluster", "nodes"}}
	allocs := testing.AllocsPerRun(100, func() {
		for _, words := range lines {
			_ = EffectOf(words)
			_ = AlwaysRaw(words)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

// redis-cli shows by its output which replies it prints raw: a server that
// answers everything alike lets it.
func TestAlwaysRawAgreesWithRedisCLI(t *testing.T) {
	port := serveSameReply(t)
	for _, line := range []string{
		"info", "INFO a b", "lolwut", "lolwut version 5", "debug", "debug htstats", "debug HTSTATS 0 full", "debug htstats-key k",
		"debug client-eviction", "debug client-eviction 1", "debug object k", "memory", "memory malloc-stats", "memory malloc-stats x",
		"memory doctor", "memory doctor x", "memory stats", "memory usage k", "cluster", "cluster nodes", "cluster info", "cluster nodes x",
		"cluster info x", "cluster shards", "client", "client list", "client list type normal", "client info", "client info x", "client kill x",
		"client id", "latency", "latency graph x", "latency graph", "latency graph x y", "latency doctor", "latency doctor x", "latency latest",
		"proxy", "proxy info", "proxy info x", "get infox", "inf", "infos", "sentinel info", "xinfo help",
	} {
		words := strings.Fields(line)
		cmd := exec.CommandContext(t.Context(), "redis-cli", append([]string{"-h", "127.0.0.1", "-p", port, "--csv"}, words...)...)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("redis-cli %s: %v", line, err)
		}
		raw := bytes.Equal(out, []byte(sameReply))
		if !raw && string(out) != strconv.Quote(sameReply)+"\n" {
			t.Fatalf("redis-cli %s printed %q", line, out)
		}
		if got := AlwaysRaw(words); got != raw {
			t.Errorf("AlwaysRaw(%q) = %v, redis-cli %v", line, got, raw)
		}
	}
	if AlwaysRaw(nil) {
		t.Error("no words are printed raw")
	}
}

const sameReply = `say "x"`

// serveSameReply runs a server that answers every command with sameReply.
func serveSameReply(t *testing.T) (port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go answer(c)
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port
}

// answer replies once for each command, which redis-cli sends as an array of
// bulk strings.
func answer(c net.Conn) {
	defer func() { _ = c.Close() }()
	r := bufio.NewReader(c)
	for {
		var words, size int
		if _, err := fmt.Fscanf(r, "*%d\r\n", &words); err != nil {
			return
		}
		for range words {
			if _, err := fmt.Fscanf(r, "$%d\r\n", &size); err != nil {
				return
			}
			if _, err := io.CopyN(io.Discard, r, int64(size)+2); err != nil {
				return
			}
		}
		_, _ = fmt.Fprintf(c, "$%d\r\n%s\r\n", len(sameReply), sameReply)
	}
}
