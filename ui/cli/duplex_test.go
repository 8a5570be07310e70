package cli

import (
	"strings"
	"testing"

	"redan/conn/conntest"
)

// TestSubscribedWithoutEnd goes on after the end of standard input, until the
// connection ends.
func TestSubscribedWithoutEnd(t *testing.T) {
	server := conntest.Start(t)
	w := newTwin(at(server.Addr())...)
	w.Stdin = strings.NewReader("subscribe news\n")
	wait := w.begin(t)
	await(t, &w.stdout, "subscribe\nnews\n1\n")
	server.Do("PUBLISH", "news", "hello")
	await(t, &w.stdout, "message\nnews\nhello\n")
	server.Stop()
	if got := wait(); got.code != 1 || !strings.HasPrefix(got.stderr, "Error: ") {
		t.Errorf("%+v", got)
	}
}

// TestSubscribedLinesThatAreNoCommands are told, not sent.
func TestSubscribedLinesThatAreNoCommands(t *testing.T) {
	server := conntest.Start(t)
	got := redan(t, lines("subscribe a", "help get", `bad "quotes`, "", "unsubscribe a"), at(server.Addr())...)
	if got.code != 0 || got.stdout != "subscribe\na\n1\nunsubscribe\na\n0\n" {
		t.Errorf("%+v", got)
	}
	for _, want := range []string{"line 2: ", "line 3: "} {
		if !strings.Contains(got.stderr, want) {
			t.Errorf("stderr %q lacks %q", got.stderr, want)
		}
	}
}
