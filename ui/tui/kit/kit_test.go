package kit

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"redan/ui/theme"
)

// press edits a line with keys in the notation of bindings.
func press(l Line, keys ...string) Line {
	for _, key := range keys {
		l, _ = l.Update(Press(key))
	}
	return l
}

// TestLine edits as a shell would.
func TestLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		keys       []string
		want       string
	}{
		{"types", "", []string{"a", "b", "space", "c"}, "ab c"},
		{"moves and types", "abc", []string{"home", "X", "right", "Y", "end", "Z"}, "XaYbcZ"},
		{"deletes graphemes", "a👩‍👩‍👧é", []string{"backspace", "backspace"}, "a"},
		{"never stands inside one", "👩‍👩‍👧x", []string{"home", "delete"}, "x"},
		{"deletes words", "set key:1 a-value", []string{"ctrl+w"}, "set key:1 a-"},
		{"deletes to both ends", "abc def", []string{"alt+b", "ctrl+u", "right", "ctrl+k"}, "d"},
		{"jumps over words", "one two", []string{"ctrl+left", "ctrl+left", "x", "ctrl+right", "y"}, "xoney two"},
		{"deletes the next word", "one two", []string{"home", "alt+d"}, " two"},
		{"nothing to delete", "", []string{"backspace", "delete", "ctrl+w", "ctrl+u", "ctrl+k", "left", "right"}, ""},
		{"ignores other keys", "a", []string{"ctrl+x", "f5", "up"}, "a"},
	} {
		if got := press(NewLine(c.text), c.keys...).Text(); got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
	if got := NewLine("a").Insert("x\ny\r\nz").Text(); got != "ax y z" {
		t.Errorf("pasted lines become %q", got)
	}
}

// TestLineView holds that a line is shown in exactly the width there is, with the cursor in sight.
func TestLineView(t *testing.T) {
	t.Parallel()
	look := Look{Theme: theme.New(true)}
	for _, text := range []string{"", "short", strings.Repeat("long ", 30), "wide 漢字漢字漢字漢字", "\x1b[2J\x00", "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧"} {
		for w := 1; w < 40; w++ {
			for l, moves := NewLine(text), 0; moves < 60; l, moves = press(l, "left"), moves+1 {
				view := l.View(w, look, "and what may follow")
				if n := ansi.StringWidth(view); n != w {
					t.Fatalf("%q takes %d columns, not %d: %q", text, n, w, view)
				}
				if w > 8 && !strings.Contains(view, "\x1b[7m") {
					t.Fatalf("the cursor in %q is out of sight in %d columns: %q", text, w, view)
				}
			}
		}
	}
}

// FuzzLine holds that no keys, in whatever order, bring a line out of shape.
func FuzzLine(f *testing.F) {
	f.Add("abc", []byte("\x01\x02\x03"))
	f.Add("👩‍👩‍👧\xff\x00", []byte{8, 9, 1, 2, 250})
	f.Fuzz(func(t *testing.T, text string, moves []byte) {
		keys := []string{
			"left", "right", "home", "end", "alt+b", "alt+f", "backspace", "delete", "ctrl+w", "alt+d", "ctrl+u", "ctrl+k", "é", "漢", "x",
		}
		l := NewLine(text)
		for _, m := range moves {
			l = press(l, keys[int(m)%len(keys)])
			if len(l.Before()) > len(l.Text()) || !strings.HasPrefix(l.Text(), l.Before()) {
				t.Fatalf("the cursor is at %d in %q", len(l.Before()), l.Text())
			}
			if utf8.ValidString(l.Text()) && !utf8.ValidString(l.Before()) {
				t.Fatalf("the cursor stands inside a character of %q", l.Text())
			}
			if n := ansi.StringWidth(l.View(17, Look{}, "hint")); n != 17 {
				t.Fatalf("%q takes %d columns", l.Text(), n)
			}
		}
	})
}

// TestFuzzy ranks what stands together, and at the beginnings of words, higher.
func TestFuzzy(t *testing.T) {
	t.Parallel()
	better := func(pattern, first, second string) {
		t.Helper()
		a, ok := Fuzzy(pattern, first)
		b, also := Fuzzy(pattern, second)
		if !ok || !also || a <= b {
			t.Errorf("%q: %q has %d (%v), %q has %d (%v)", pattern, first, a, ok, second, b, also)
		}
	}
	better("ser", "Server", "a user is")
	better("ord", "orders:1", "password")
	better("db3", "db 3", "d b or 3")
	better("get", "get", "the big target")
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "x", true},
		{"abc", "a-b-c", true},
		{"abc", "acb", false},
		{"ABC", "abc", false},
		{"abc", "ABC", true},
		{"é", "naïve é", true},
	} {
		if _, ok := Fuzzy(c.pattern, c.text); ok != c.want {
			t.Errorf("%q in %q: %v", c.pattern, c.text, ok)
		}
	}
}

// TestFilter reads filters as they are typed.
func TestFilter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		filter, text string
		want         bool
	}{
		{"", "anything", true},
		{"  ", "anything", true},
		{"order", "my:orders:1", true},
		{"ordr", "my:orders:1", true},
		{"ordr", "o-------r-------d-------r", false},
		{"or 11", "orders:2026:11", true},
		{"11 or", "orders:2026:11", true},
		{"or 12", "orders:2026:11", false},
		{"ORD", "orders", false},
		{"ord", "ORDERS", true},
		{"!ord", "orders", false},
		{"!ord", "sessions", true},
		{"~^ord.*11$", "orders:2026:11", true},
		{"~^ord.*12$", "orders:2026:11", false},
		{"~ORD", "orders", false},
		{"!~^ord", "sessions", true},
		{"naïve", "emoji:naïve", true},
		{"aab", "aaab", true},
	} {
		match, err := Filter(c.filter)
		if err != nil {
			t.Errorf("%q: %v", c.filter, err)
			continue
		}
		if got := match == nil || match(c.text); got != c.want {
			t.Errorf("%q on %q: %v", c.filter, c.text, got)
		}
	}
	if _, err := Filter("~("); err == nil {
		t.Error("a regular expression that is none was taken")
	}
}

// TestPress holds that a key in the notation of bindings is the key that Bubble Tea calls so.
func TestPress(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"a", "G", "?", ":", "`", "*", "<", "esc", "enter", "tab", "shift+tab", "up", "pgdown", "ctrl+p", "ctrl+_", "alt+1", "f1", "é", "+", "ctrl+left"} {
		if got := Press(key).String(); got != key {
			t.Errorf("%q is called %q", key, got)
		}
	}
	if msg := Press("space"); msg.String() != "space" || msg.Text != " " {
		t.Errorf("space is %q with the text %q", msg.String(), msg.Text)
	}
}

// TestBars holds that bars have their width, and are full and empty only at the ends.
func TestBars(t *testing.T) {
	t.Parallel()
	for _, look := range []Look{{}, {ASCII: true}} {
		for w := range 30 {
			for share := -0.5; share <= 1.5; share += 0.01 {
				if n := Width(look.Bar(share, w)); n != w {
					t.Fatalf("%v of %d takes %d", share, w, n)
				}
			}
		}
	}
	if got := (Look{}).Bar(0.5, 4); got != "██  " {
		t.Errorf("half a bar is %q", got)
	}
}

// TestHues holds that a hue changes no letter, and that there is none without colours.
func TestHues(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"string", "hash", "list", "set", "zset", "stream", "strm", "ReJSON-RL", "none", ""} {
		if got := (Look{}).Hue(kind, "x"); got != "x" {
			t.Errorf("%s: %q without colours", kind, got)
		}
		if got := ansi.Strip(Look{Theme: theme.New(true)}.Hue(kind, "x")); got != "x" {
			t.Errorf("%s: %q", kind, got)
		}
	}
	if coloured := (Look{Theme: theme.New(true)}); coloured.Hue("stream", "x") != coloured.Hue("strm", "x") || coloured.Hue("hash", "x") == "x" {
		t.Error("the server's word and ours have different hues")
	}
}

// TestWrap breaks at blanks, and breaks no word.
func TestWrap(t *testing.T) {
	t.Parallel()
	text := "a few words and averyveryverylongone that does not fit"
	for w := 1; w < 60; w++ {
		lines := Wrap(text, "  ", w)
		if got := strings.Join(strings.Fields(strings.Join(lines, " ")), " "); got != text {
			t.Fatalf("%d: %q", w, got)
		}
		for _, line := range lines {
			if Width(line) > w && len(strings.Fields(line)) > 1 {
				t.Errorf("%q is wider than %d", line, w)
			}
		}
	}
}

type done struct{ Sealed }

// TestTaskPanics holds that a task that panics delivers what happened, and nothing of the data.
func TestTaskPanics(t *testing.T) {
	t.Parallel()
	password := "hunter2"
	msg := Task(t.Context(), func(context.Context) done { panic("secret " + password) })()
	crash, ok := msg.(Crashed)
	if !ok || crash.What != "panic with a string" || strings.Contains(crash.Stack, password) || strings.Contains(crash.Stack, "0x") {
		t.Errorf("%+v", msg)
	}
	if !strings.Contains(crash.Stack, "kit_test.go:") || strings.Contains(crash.Stack, "/kit_test.go") {
		t.Errorf("the stack is\n%s", crash.Stack)
	}
	var list []int
	msg = Task(t.Context(), func(context.Context) done { _ = list[rand.IntN(3)+1]; return done{} })()
	if crash, ok := msg.(Crashed); !ok || !strings.Contains(crash.What, "index out of range") {
		t.Errorf("%+v", msg)
	}
}

// TestAfter delivers its message.
func TestAfter(t *testing.T) {
	t.Parallel()
	if _, ok := After(time.Millisecond, done{})().(done); !ok {
		t.Error("another message came")
	}
}

// TestRect holds what is in a rectangle.
func TestRect(t *testing.T) {
	t.Parallel()
	r := Rect{X: 2, Y: 3, W: 4, H: 2}
	if !r.Contains(2, 3) || !r.Contains(5, 4) || r.Contains(6, 4) || r.Contains(5, 5) || r.Contains(1, 3) || r.Empty() || !(Rect{W: 3}).Empty() {
		t.Error("the rectangle is not where it is")
	}
}

// TestFind looks keys up, and remaps them.
func TestFind(t *testing.T) {
	t.Parallel()
	list := Remap([]Binding{{ID: "a", Keys: []string{"x"}}, {ID: "b", Keys: []string{"y", "ctrl+y"}}}, map[string][]string{"a": {"z"}})
	if _, ok := Find(list, Press("x")); ok {
		t.Error("x still does something")
	}
	if b, ok := Find(list, Press("z")); !ok || b.ID != "a" {
		t.Error("z does not do what it was chosen for")
	}
	if b, ok := Find(list, tea.KeyPressMsg{Code: 'y', Mod: tea.ModCtrl}); !ok || b.ID != "b" {
		t.Error("ctrl+y does nothing")
	}
}
