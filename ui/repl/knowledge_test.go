package repl

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"redan/commands"
	"redan/conn"
	"redan/conn/conntest"
	"redan/conn/resp"
)

// teacher answers COMMAND DOCS and COMMAND.
type teacher struct {
	docs, info resp.Value
	err        error
	release    chan struct{} // closed: may answer
}

func (s *teacher) Do(ctx context.Context, args ...string) (resp.Value, error) {
	select {
	case <-s.release:
	case <-ctx.Done():
		return resp.Value{}, ctx.Err()
	}
	if len(args) == 2 {
		return s.docs, s.err
	}
	return s.info, s.err
}

func value(t *testing.T, wire string) resp.Value {
	t.Helper()
	v, err := resp.NewReader(strings.NewReader(wire)).Read()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func released() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

// taught is a knowledge at work.
func taught(t *testing.T, ask func() conn.Doer, learned func()) *knowledge {
	t.Helper()
	k := newKnowledge(ask, learned)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		k.serve(ctx)
		close(done)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return k
}

const moduleDocs = "%1\r\n$8\r\nfoo.echo\r\n%2\r\n$7\r\nsummary\r\n$12\r\nSays \x1b[2Jit.\r\n$9\r\narguments\r\n" +
	"*1\r\n%2\r\n$4\r\nname\r\n$4\r\ntext\r\n$4\r\ntype\r\n$6\r\nstring\r\n"

func TestTheServersOwnCommandsAreLearned(t *testing.T) {
	refusal := value(t, "-NOPERM no\r\n")
	server := &teacher{docs: value(t, moduleDocs), info: refusal, release: make(chan struct{})}
	learned := make(chan struct{})
	ask := conn.Doer(server)
	k := taught(t, func() conn.Doer { return ask }, func() { close(learned) })
	if got := k.table().Hint("get "); got != "key" {
		t.Errorf("before the server answers: got %q", got)
	}
	if got := k.table().Hint("foo.echo "); got != "" {
		t.Errorf("before the server answers: got %q", got)
	}
	close(server.release)
	<-learned
	if got := k.table().Hint("foo.echo "); got != "text" {
		t.Errorf("got %q", got)
	}
	entries := k.table().Help([]string{"foo.echo"})
	if len(entries) != 1 || entries[0].Summary != "Says  [2Jit." {
		t.Errorf("got %+v: a module must not talk to the terminal", entries)
	}
	if got := k.table().Hint("get "); got != "key" {
		t.Errorf("what the server did not tell of is lost: %q", got)
	}
	k.forget()
	ask = &teacher{release: make(chan struct{})}
	if k.table().IsCommandName("foo.echo") {
		t.Error("another server is said to have the module")
	}
}

func TestAServerThatTellsNothing(t *testing.T) {
	refusal := value(t, "-NOPERM no\r\n")
	for name, tc := range map[string]struct {
		server *teacher
		asked  int // how often in five attempts
	}{
		"refusal":       {&teacher{docs: refusal, info: refusal, release: released()}, 1},
		"nonsense":      {&teacher{docs: value(t, ":1\r\n"), info: value(t, "+OK\r\n"), release: released()}, 1},
		"no connection": {&teacher{err: errors.New("refused"), release: released()}, maxFailures},
	} {
		asked := 0
		k := taught(t, func() conn.Doer { asked++; return tc.server }, func() { t.Error(name, "taught something") })
		for range 5 {
			if got := k.wholeTable(t.Context()).Hint("get "); got != "key" {
				t.Errorf("%s: got %q", name, got)
			}
		}
		if asked < 1 || asked > tc.asked {
			t.Errorf("%s: asked %d times, want at most %d", name, asked, tc.asked)
		}
	}
	k := taught(t, func() conn.Doer { return nil }, func() {})
	if got := k.wholeTable(t.Context()).Hint("get "); got != "key" {
		t.Errorf("nobody to ask: got %q", got)
	}
}

func TestHelpDoesNotWaitForEver(t *testing.T) {
	k := taught(t, func() conn.Doer { return &teacher{release: make(chan struct{})} }, func() {})
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if got := k.wholeTable(ctx).Hint("get "); got != "key" {
		t.Errorf("got %q", got)
	}
}

func TestALiveTableIsThatOfTheServer(t *testing.T) {
	server := conntest.Start(t)
	o := optionsOf(server)
	pool := conn.NewPool(dialerFor(t, o), o, false)
	defer pool.Close()
	live, err := LiveTable(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	known := embedded(t)
	for _, line := range []string{"set k v ", "xadd s * ", "client kill "} {
		if got, want := live.Hint(line), known.Hint(line); got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
	if cmd, _ := live.Lookup([]string{"get"}); cmd == nil || !commandReads(cmd) {
		t.Errorf("GET came without what COMMAND tells: %+v", cmd)
	}
}

func commandReads(c *commands.Command) bool { return c.HasFlag("readonly") && c.HasCategory("@string") }
