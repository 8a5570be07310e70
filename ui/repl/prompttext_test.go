package repl

import (
	"strings"
	"testing"

	"redan/conn"
)

func TestPromptText(t *testing.T) {
	local := conn.Addr{Network: "tcp", Host: "127.0.0.1", Port: 7100}
	for _, tc := range []struct {
		addr  conn.Addr
		state conn.State
		want  string
	}{
		{local, conn.State{}, "127.0.0.1:7100> "},
		{conn.Addr{Network: "tcp", Host: "localhost", Port: 7100}, conn.State{}, "localhost:7100> "},
		{conn.Addr{Network: "tcp6", Host: "::1", Port: 7100}, conn.State{}, "[::1]:7100> "},
		{conn.Addr{Network: "unix", Host: "/tmp/r.sock"}, conn.State{}, "redis /tmp/r.sock> "},
		{conn.Addr{Network: "unix", Host: "/tmp/r.sock"}, conn.State{DB: 2}, "redis /tmp/r.sock[2]> "},
		{local, conn.State{DB: 3}, "127.0.0.1:7100[3]> "},
		{local, conn.State{Multi: true}, "127.0.0.1:7100(TX)> "},
		{local, conn.State{DB: 3, Multi: true}, "127.0.0.1:7100[3](TX)> "},
		{local, conn.State{Subscribed: true}, "127.0.0.1:7100(subscribed mode)> "},
		{conn.Addr{Network: "unix", Host: "/tmp/\x1b]0;x\a"}, conn.State{}, `redis /tmp/\x1b]0;x\x07> `},
	} {
		if got := promptText(tc.addr, tc.state, false); got != tc.want {
			t.Errorf("%v %+v: got %q, want %q", tc.addr, tc.state, got, tc.want)
		}
	}
}

func TestALongPromptKeepsItsEnd(t *testing.T) {
	addr := conn.Addr{Network: "unix", Host: "/" + strings.Repeat("é", 200)}
	got := promptText(addr, conn.State{DB: 12, Multi: true}, false)
	if len(got) > maxPrompt || len(got) < maxPrompt-1 || !strings.HasSuffix(got, "é[12](TX)> ") {
		t.Errorf("got %d bytes: %q", len(got), got)
	}
}
