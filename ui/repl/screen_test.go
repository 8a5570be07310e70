package repl

import (
	"math/rand/v2"
	"strings"
	"testing"

	"redan/ui/theme"
)

// expected returns what a terminal shows when prompt, text and hint are simply
// written to it, and where its cursor is after the text before the cursor.
func expected(f frame, width, height int) (text string, row, column int) {
	whole := newVT(width, height)
	write := func(v *vt, runes []rune) {
		for _, r := range runes {
			_, _ = v.Write([]byte(shown(r)))
		}
	}
	write(whole, []rune(f.prompt))
	write(whole, f.text)
	if whole.wrapping {
		whole.down()
		whole.column, whole.wrapping = 0, false
	}
	_, _ = whole.Write([]byte(cut(f.hint, width-whole.column-1)))

	head := newVT(width, height)
	write(head, []rune(f.prompt))
	write(head, f.text[:f.pos])
	next := 1
	if f.pos < len(f.text) {
		for _, r := range shown(f.text[f.pos]) {
			next = runeWidth(r)
			break
		}
	}
	if head.wrapping || head.column+next > width {
		head.down()
		head.column = 0
	}
	return whole.text(), head.row, head.column
}

func randomFrame(r *rand.Rand) frame {
	alphabet := []rune("ab c\"\té日本語🎉e\u0301x\x01" + "\u202e")
	alphabet = append(alphabet, rawByte+0xff)
	f := frame{prompt: strings.Repeat("p", r.IntN(14)) + "> "}
	for range r.IntN(80) {
		f.text = append(f.text, alphabet[r.IntN(len(alphabet))])
	}
	for f.pos = r.IntN(len(f.text) + 1); f.pos < len(f.text) && runeWidth(f.text[f.pos]) == 0; {
		f.pos++ // the cursor never stands inside a character
	}
	if f.pos == len(f.text) {
		f.hint = " key value [NX|XX]"
	}
	return f
}

func TestEachFrameShowsExactlyItself(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		width, height := 6+r.IntN(40), 80
		terminal := newVT(width, height)
		s := &screen{out: terminal, size: func() (int, int) { return width, height }}
		for range 8 {
			f := randomFrame(r)
			s.draw(f)
			if terminal.cornered {
				t.Fatal("erased from the top left corner on: tmux would scroll")
			}
			text, row, column := expected(f, width, height)
			if got := terminal.text(); got != text {
				t.Fatalf("width %d, frame %+q at %d\nshows\n%s\nwant\n%s", width, string(f.text), f.pos, got, text)
			}
			if terminal.row != row || terminal.column != column {
				t.Fatalf("width %d, frame %+q at %d: cursor at %d,%d, want %d,%d",
					width, string(f.text), f.pos, terminal.row, terminal.column, row, column)
			}
		}
	}
}

func TestFinishLeavesTheLineAndGoesBelow(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{"get a", "> get a"},
		{"12345678", "> 12345678"}, // as wide as the terminal
		{"123456789", "> 12345678\n9"},
	} {
		terminal := newVT(10, 6)
		s := &screen{out: terminal, size: func() (int, int) { return 10, 6 }}
		f := frame{prompt: "> ", text: []rune(tc.text), pos: 1, hint: "hint"}
		s.draw(f)
		s.finish(f)
		if got := terminal.text(); got != tc.want {
			t.Errorf("%q: shows %q, want %q", tc.text, got, tc.want)
		}
		if lines := strings.Count(tc.want, "\n") + 1; terminal.row != lines || terminal.column != 0 {
			t.Errorf("%q: cursor at %d,%d, want %d,0", tc.text, terminal.row, terminal.column, lines)
		}
	}
}

func TestALineLongerThanTheTerminalShowsItsPartAroundTheCursor(t *testing.T) {
	terminal := newVT(10, 4)
	s := &screen{out: terminal, size: func() (int, int) { return 10, 4 }}
	text := []rune(strings.Repeat("0123456789", 9))
	for _, pos := range []int{0, 45, 90} {
		f := frame{prompt: "> ", text: text, pos: pos}
		s.draw(f)
		if got := strings.Count(terminal.text(), "\n"); got > 3 {
			t.Errorf("at %d: %d rows", pos, got+1)
		}
		if pos == 45 {
			if got := terminal.rows[terminal.row][terminal.column]; got != "5" {
				t.Errorf("the cursor stands before %q, want 5:\n%s", got, terminal.text())
			}
		}
	}
}

func TestOutputWithoutALineEndSurvivesThePrompt(t *testing.T) {
	for _, tc := range []struct{ output, want string }{
		{"abc", "abc%\n> "},
		{"abc\r\n", "abc\n> "},
		{"0123456789", "0123456789\n> "},
	} {
		terminal := newVT(10, 6)
		s := &screen{out: terminal, size: func() (int, int) { return 10, 6 }}
		_, _ = terminal.Write([]byte(tc.output))
		s.freshLine()
		s.draw(frame{prompt: "> "})
		if got := terminal.text(); got != strings.TrimRight(tc.want, " ") {
			t.Errorf("after %q: shows\n%s\nwant\n%s", tc.output, got, tc.want)
		}
	}
}

func TestHintsAreDimAndHarmless(t *testing.T) {
	var out strings.Builder
	s := &screen{out: &out, size: func() (int, int) { return 80, 24 }, theme: theme.New(true)}
	s.draw(frame{prompt: "> ", text: []rune("get "), pos: 4, hint: "key\x1b]0;title\a"})
	if got, want := out.String(), "get "+eraseBelow+"\x1b[0;90;49mkey\\x1b]0;title\\x07\x1b[0m"; !strings.Contains(got, want) {
		t.Errorf("got %q, want it to contain %q", got, want)
	}
}
