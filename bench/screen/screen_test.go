package main

import (
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestEmulator draws by the sequences that programs use to change little.
func TestEmulator(t *testing.T) {
	const grid = "\x1b[H" + "11111" + "\r\n22222" + "\r\n33333" + "\r\n44444"
	for name, tt := range map[string]struct{ output, want string }{
		"text":               {"ab\r\ncd", "ab|cd||"},
		"a full line":        {"abcdef", "abcde|f||"},
		"wide":               {"你你你", "你 你|你||"},
		"colours and titles": {"\x1b[1;38;5;9mab\x1b[m\x1b]2;title\x07c", "abc|||"},
		"to a cell":          {grid + "\x1b[2;3Hx\x1b[Ay\x1b[3Dz\x1b[4dw\x1b[1Gv", "1z1y1|22x22|33333|v4w44"},
		"erase":              {grid + "\x1b[2;3H\x1b[K\x1b[3;2H\x1b[2X\x1b[4;2H\x1b[1K", "11111|22|3  33|  444"},
		"erase below":        {grid + "\x1b[2;3H\x1b[J", "11111|22||"},
		"insert and delete":  {grid + "\x1b[1;2H\x1b[2@\x1b[2;2H\x1b[2P", "1  11|222|33333|44444"},
		"lines":              {grid + "\x1b[2;1H\x1b[L\x1b[4;1H\x1b[M", "11111||22222|"},
		"scroll a part":      {grid + "\x1b[2;3r\x1b[3;1H\n\x1b[rx", "x1111|33333||44444"},
		"scroll back":        {grid + "\x1b[2;3r\x1b[2;1H\x1bM\x1b[T", "11111|||44444"},
		"repeat":             {"-\x1b[3b", "----|||"},
		"other screen":       {"old\x1b[?1049hnew", "new|||"},
		"tab and back":       {"\t\bx", "   x|||"},
	} {
		e := newEmulator(5, 4)
		e.Write([]byte(tt.output))
		if got := strings.ReplaceAll(e.String(), "\n", "|"); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// TestTerminal runs a program that asks its terminal for whole frames, draws two of them, and ends.
func TestTerminal(t *testing.T) {
	const program = `stty raw -echo; printf '\033[?2026$p'; head -c 11 >/dev/null
		printf '\033[?2026hfirst'; head -c 1 >/dev/null; printf '\033[?2026l'; head -c 1 >/dev/null; printf '\r\nsecond'`
	term, err := open(exec.Command("sh", "-c", program))
	if err != nil {
		t.Fatal(err)
	}
	defer term.close()
	if _, err := term.wait("half a frame", 100*time.Millisecond, func(e *emulator) bool { return e.Find("first") >= 0 }); err == nil {
		t.Error("a frame counted before it was whole")
	}
	for _, want := range []string{"first", "second"} {
		pressed, err := term.press("x")
		if err != nil {
			t.Fatal(err)
		}
		seen, err := term.wait(want, 10*time.Second, func(e *emulator) bool { return e.Find(want) >= 0 })
		if err != nil || seen.Before(pressed) {
			t.Errorf("%s: seen at %v, after a key at %v: %v", want, seen, pressed, err)
		}
	}
	if _, err := term.wait("a third", 10*time.Second, func(*emulator) bool { return false }); err == nil || !strings.Contains(err.Error(), "ended") {
		t.Errorf("the end of the program: %v", err)
	}
}
