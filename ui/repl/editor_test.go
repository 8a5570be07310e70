package repl

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"redan/ui/theme"
)

// guesses is an assistant that knows a few things.
type guesses struct{}

func (guesses) Hint(line string) string {
	if line == "get " {
		return "key"
	}
	return ""
}

func (guesses) Complete(_ context.Context, head string) completion {
	switch head {
	case "cl":
		return completion{head: "client "}
	case "s":
		return completion{head: "se", options: []string{"select", "set"}}
	case "se":
		return completion{head: "se", options: []string{"select", "set"}}
	}
	return completion{head: head}
}

// editing is an editor at work on a fake terminal.
type editing struct {
	*fakeTTY
	editor     *editor
	interrupts chan os.Signal
	results    chan typedLine
}

// edit starts reading one line.
func edit(t *testing.T) *editing {
	t.Helper()
	e := &editing{fakeTTY: newFakeTTY(t, 40, 10), interrupts: make(chan os.Signal, 1), results: make(chan typedLine, 1)}
	e.editor = newEditor(e, guesses{}, theme.New(false), e.interrupts)
	return e
}

func (e *editing) read(ctx context.Context) {
	go func() {
		line, err := e.editor.ReadLine(ctx, "> ")
		e.results <- typedLine{line, err}
	}()
}

// line reads one line while keys are pressed.
func (e *editing) line(keys string) typedLine {
	e.t.Helper()
	e.read(e.t.Context())
	e.press(keys)
	return <-e.results
}

func TestLines(t *testing.T) {
	for _, tc := range []struct {
		name, keys, want string
		err              error
	}{
		{"text", "get a\r", "get a", nil},
		{"bytes that are not UTF-8", "get \xff\xfe\r", "get \xff\xfe", nil},
		{"cursor keys", "gt\x1b[De\r", "get", nil},
		{"Ctrl-C gives the line up", "get a\x03", "get a", errInterrupted},
		{"Ctrl-D leaves", "\x04", "", io.EOF},
		{"Ctrl-D in a line deletes", "get\x01\x04\r", "et", nil},
		{"Delete in an empty line does nothing", "\x1b[3~get\r", "get", nil},
		{"NUL does nothing", "\x00get\r", "get", nil},
		{"Tab completes", "cl\tlist\r", "client list", nil},
		{"Tab completes before the cursor", "clX\x1b[D\t\r", "client X", nil},
		{"Up", "\x1b[A\r", "second", nil},
		{"Up Up Down", "\x1b[A\x1b[A\x1b[B!\r", "second!", nil},
		{"Up and back to what was typed", "new\x1b[A\x1b[B\r", "new", nil},
		{"Ctrl-R", "\x12fir\r", "first", nil},
		{"Ctrl-R and on with editing", "\x12rst\x05!\r", "first!", nil},
		{"Ctrl-R given up", "new\x12fir\x07\r", "new", nil},
		{"Ctrl-R given up by Ctrl-C", "new\x12fir\x03\r", "new", nil},
		{"Ctrl-R that finds nothing", "new\x12zzz\r", "new", nil},
		{"Ctrl-R that fails after all", "\x12firstly\x1b[C\r", "first", nil},
		{"a tab in a paste is a tab", pasteBegin + "cl\tx" + pasteEnd + "\r", "cl\tx", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := edit(t)
			e.editor.Remember("first")
			e.editor.Remember("second")
			got := e.line(tc.keys)
			if got.text != tc.want || !errors.Is(got.err, tc.err) {
				t.Errorf("got %q, %v; want %q, %v", got.text, got.err, tc.want, tc.err)
			}
		})
	}
}

func TestSearchInAnEmptyHistory(t *testing.T) {
	e := edit(t)
	if got := e.line("\x12\x13\x07get\r"); got.text != "get" {
		t.Errorf("got %q, %v", got.text, got.err)
	}
	if e.vt.bells == 0 {
		t.Error("nothing tells that there is nothing to search")
	}
}

func TestPastedLinesComeOneAfterTheOther(t *testing.T) {
	for _, frame := range []string{"%", pasteBegin + "%" + pasteEnd} {
		e := edit(t)
		var want []string
		for range 200 {
			want = append(want, "set key "+strings.Repeat("v", 100))
		}
		go e.press(strings.Replace(frame, "%", strings.Join(want, "\r")+"\r", 1))
		for i := range want {
			if line, err := e.editor.ReadLine(t.Context(), "> "); line != want[i] || err != nil {
				t.Fatalf("line %d: got %q, %v", i, line, err)
			}
		}
	}
}

func TestWhatTheScreenShows(t *testing.T) {
	e := edit(t)
	e.editor.Remember("get first")
	e.read(t.Context())
	e.press("get ")
	e.shows("> get key")
	e.press("a")
	eventually(t, func() bool { return e.text() == "> get a" }, e.text)
	e.press("\x15s\t")
	e.shows("> se")
	e.press("\t")
	e.shows("> se\nselect  set\n> se")
	e.press("\x12fir")
	e.shows("(reverse-i-search)'fir': get first")
	e.press("\x03")
	eventually(t, func() bool { return strings.HasSuffix(e.text(), "select  set\n> se") }, e.text)
	e.press("\x0c")
	eventually(t, func() bool { return e.text() == "> se" }, e.text)
	e.press("\x03")
	e.shows("> se^C")
	<-e.results
}

func TestTheScreenFollowsTheSizeOfTheTerminal(t *testing.T) {
	e := edit(t)
	e.read(t.Context())
	e.press("0123456789")
	e.shows("> 0123456789")
	e.mu.Lock()
	e.vt = newVT(8, 10) // as if the terminal had wrapped the line anew: two rows, the cursor at the end
	_, _ = e.vt.Write([]byte("> 0123456789"))
	e.mu.Unlock()
	e.changed()
	e.press("a")
	eventually(t, func() bool { return e.text() == "> 012345\n6789a" }, e.text)
	e.press("\r")
	<-e.results
}

func TestSuspendAndResume(t *testing.T) {
	e := edit(t)
	e.read(t.Context())
	e.press("get\x1a a")
	eventually(t, func() bool { return e.text() == "> get\n> get a" }, e.text)
	if e.suspended != 1 || !e.isRaw() {
		t.Errorf("suspended %d times, raw %v", e.suspended, e.isRaw())
	}
	e.press("\r")
	if got := <-e.results; got.text != "get a" {
		t.Errorf("got %q", got.text)
	}
}

func TestTheContextEndsReading(t *testing.T) {
	e := edit(t)
	ctx, cancel := context.WithCancel(t.Context())
	e.read(ctx)
	e.press("get")
	e.shows("> get")
	cancel()
	if got := <-e.results; !errors.Is(got.err, context.Canceled) {
		t.Errorf("got %v", got.err)
	}
	e.editor.Close()
	if e.isRaw() {
		t.Error("the terminal is not put back")
	}
}

func TestTheEndOfTheTerminalEndsReading(t *testing.T) {
	e := edit(t)
	e.read(t.Context())
	e.press("get")
	_ = e.hand.Close()
	if got := <-e.results; !errors.Is(got.err, io.EOF) {
		t.Errorf("got %v", got.err)
	}
}

func TestKeysWhileACommandRuns(t *testing.T) {
	e := edit(t)
	if got := e.line("blpop q 0\r"); got.err != nil {
		t.Fatal(got.err)
	}
	var once sync.Once
	interrupted := make(chan struct{})
	stop := e.editor.Watch(func() { once.Do(func() { close(interrupted) }) })
	e.press("dropped")
	e.press("\x03ke")
	<-interrupted
	e.press("p")
	stop()
	e.read(t.Context())
	e.press("t\r")
	if got := <-e.results; got.text != "kept" || got.err != nil {
		t.Errorf("got %q, %v; want what was typed after Ctrl-C", got.text, got.err)
	}
}

func TestCtrlCThatCameWithTheLine(t *testing.T) {
	e := edit(t)
	e.line("blpop q 0\r\x03")
	interrupted := false
	e.editor.Watch(func() { interrupted = true })()
	if !interrupted {
		t.Error("Ctrl-C right behind the line is lost")
	}
}

func TestLentTerminal(t *testing.T) {
	e := edit(t)
	e.line("get a | cat\r")
	e.editor.Lend(func() {
		if e.isRaw() {
			t.Error("the other program gets a raw terminal")
		}
		interrupted := make(chan struct{})
		stop := e.editor.Watch(func() { close(interrupted) })
		e.interrupts <- os.Interrupt
		<-interrupted
		stop()
		if e.editor.keys.reading {
			t.Error("keys for the other program are taken away from it")
		}
	})
	if !e.isRaw() {
		t.Error("the terminal is not raw again")
	}
}

func TestPlainEditor(t *testing.T) {
	in, hand := io.Pipe()
	var out strings.Builder
	interrupts := make(chan os.Signal, 1)
	e := newPlainEditor(in, &out, interrupts)
	interrupts <- os.Interrupt
	if _, err := e.ReadLine(t.Context(), "> "); !errors.Is(err, errInterrupted) {
		t.Errorf("got %v", err)
	}
	go func() {
		_, _ = io.WriteString(hand, "get a\r\nlast")
		_ = hand.Close()
	}()
	for _, want := range []string{"get a", "last"} {
		if line, err := e.ReadLine(t.Context(), "> "); line != want || err != nil {
			t.Errorf("got %q, %v; want %q", line, err, want)
		}
	}
	if _, err := e.ReadLine(t.Context(), "> "); !errors.Is(err, io.EOF) {
		t.Errorf("got %v", err)
	}
	if want := "> \n> > > \n"; out.String() != want {
		t.Errorf("printed %q, want %q", out.String(), want)
	}
	interrupted := make(chan struct{})
	stop := e.Watch(func() { close(interrupted) })
	interrupts <- os.Interrupt
	<-interrupted
	stop()
}
