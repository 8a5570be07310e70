package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// ready makes a ground ready, with little on it.
func ready(t *testing.T, prepare func(sizes) func(*lab) error) *lab {
	t.Helper()
	l, err := newLab(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	if err := prepare(sizes{keys: 200, snapshot: 1})(l); err != nil {
		t.Fatal(err)
	}
	return l
}

// The commands are measured over TLS too, with certificates that both programs accept.
func TestCommandsGround(t *testing.T) {
	l := ready(t, commandsGround)
	out, err := exec.Command("redis-cli", l.expand("-h localhost -p $tlsport --tls --cacert $ca ping")...).CombinedOutput()
	if err != nil || string(out) != "PONG\n" {
		t.Errorf("%s%v", out, err)
	}
}

// A snapshot counts when it is whole and has all keys.
func TestWholeDump(t *testing.T) {
	l := ready(t, snapshotGround)
	if err := noDump(l); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("redis-cli", l.expand("-p $port --rdb $dump")...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if size, err := wholeDump(l); err != nil || strings.TrimSpace(size) != "256" {
		t.Errorf("%s keys: %v", size, err)
	}
	if _, err := l.server.CLI("set", "one", "more"); err != nil {
		t.Fatal(err)
	}
	if _, err := wholeDump(l); err == nil || !strings.Contains(err.Error(), "257 keys read") {
		t.Errorf("a key is missing: %v", err)
	}
	text, err := os.ReadFile(l.names["dump"])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(l.names["dump"], text[:len(text)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := wholeDump(l); err == nil {
		t.Error("half a snapshot counts")
	}
	if err := noDump(l); err != nil {
		t.Fatal(err)
	}
	if _, err := wholeDump(l); err == nil {
		t.Error("no snapshot counts")
	}
}

// A bulk load counts when all keys are there, and begins with none.
func TestKeysThere(t *testing.T) {
	l := ready(t, pipeGround)
	if _, err := keysThere(l); err == nil {
		t.Error("nothing was loaded")
	}
	for _, input := range []string{pipeRESP, pipeLines} {
		if err := emptied(l); err != nil {
			t.Fatal(err)
		}
		p := program{path: "redis-cli", args: l.expand("-p $port --pipe"), input: l.file(input)}
		if out, err := p.answer(t.Context()); err != nil || !strings.Contains(string(out), "errors: 0, replies: 200\n") {
			t.Errorf("%s: %v", out, err)
		}
		if size, err := keysThere(l); err != nil || size != "200" {
			t.Errorf("%s: %s keys: %v", input, size, err)
		}
	}
}

// All types are among the keys that are analysed.
func TestData(t *testing.T) {
	l := ready(t, keyspaceGround)
	for _, kind := range []string{"string", "hash", "list", "set", "zset", "stream"} {
		if keys, err := l.server.CLI("scan", "0", "count", "1000", "type", kind); err != nil || !strings.Contains(keys, ":") {
			t.Errorf("no %s: %v", kind, err)
		}
	}
}
