package kit

import (
	"image/color"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"redan/ui/theme"
)

// signs are all signs.
func signs() map[string]Sign {
	return map[string]Sign{
		"cursor": Cursor(), "place": Place(), "open": Open(), "closed": Closed(), "forever": Forever(), "passed": Passed(), "broken": Broken(),
		"rule": Rule(), "bold": Bold(), "wall": Wall(), "foot": Foot(), "arrow": Arrow(), "marked": Marked(), "partly": Partly(), "ellipsis": Ellipsis(),
	}
}

// TestSigns holds that every sign has a stand-in in ASCII, that both take the columns that are kept for them, and that signs which stand at
// the same place differ.
func TestSigns(t *testing.T) {
	t.Parallel()
	for name, sign := range signs() {
		plain := sign.Of(Look{ASCII: true})
		if sign.Of(Look{}) == "" || plain == "" || strings.ContainsFunc(plain, func(r rune) bool { return r > 0x7e || r < '!' }) {
			t.Errorf("%s is %q, and %q in ASCII", name, sign.Of(Look{}), plain)
		}
		if name != "arrow" && (Width(plain) != 1 || Width(sign.Of(Look{})) != 1) {
			t.Errorf("%s takes more than a column", name)
		}
	}
	for _, together := range [][]Sign{{Cursor(), Place(), Open(), Closed(), Wall()}, {Marked(), Partly()}, {Passed(), Broken()}} {
		for _, look := range []Look{{}, {ASCII: true}} {
			seen := map[string]bool{}
			for _, sign := range together {
				if seen[sign.Of(look)] {
					t.Errorf("two signs are %q", sign.Of(look))
				}
				seen[sign.Of(look)] = true
			}
		}
	}
}

// TestCursorBar tells the pane with the focus by its sign.
func TestCursorBar(t *testing.T) {
	t.Parallel()
	for _, look := range []Look{{}, {ASCII: true}, {Theme: theme.New(true)}} {
		focused, other := ansi.Strip(look.CursorBar(true)), ansi.Strip(look.CursorBar(false))
		if focused == other || focused != Cursor().Of(look) || other != Place().Of(look) {
			t.Errorf("%q and %q", focused, other)
		}
	}
}

// TestTypeWord names the types that there are, by the server's name or ours.
func TestTypeWord(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"string": "str", "hash": "hash", "list": "list", "set": "set", "zset": "zset", "stream": "strm", "ReJSON-RL": "json", "vectorset": "vset",
		"": "", "TopK-TYPE": "?", "none": "?",
	} {
		word := TypeWord(kind)
		if word != want {
			t.Errorf("%q is %q, not %q", kind, word, want)
		}
		if again := TypeWord(word); again != word {
			t.Errorf("%q is %q, and that %q", kind, word, again)
		}
	}
}

// TestStyles holds that each style changes no letter, changes nothing without a theme, and is the theme's.
func TestStyles(t *testing.T) {
	t.Parallel()
	made, err := theme.Named("dark", true, nil)
	if err != nil {
		t.Fatal(err)
	}
	look := Look{Theme: made}
	for role, style := range map[theme.Role]func(Look, string) string{
		theme.Accent: Look.Accent, theme.Dim: Look.Dim, theme.Rule: Look.Rule, theme.Hint: Look.Hint, theme.Danger: Look.Danger, theme.Warning: Look.Warn,
		theme.Good: Look.Good, theme.Strong: Look.Strong, theme.Production: Look.Production, theme.Selection: Look.Selected,
		theme.TypeHLL:     func(l Look, s string) string { return l.Hue("hll", s) },
		theme.TypeBits:    func(l Look, s string) string { return l.Hue("bits", s) },
		theme.TypeGeo:     func(l Look, s string) string { return l.Hue("geo", s) },
		theme.TypeVector:  func(l Look, s string) string { return l.Hue("vectorset", s) },
		theme.TypeUnknown: func(l Look, s string) string { return l.Hue("TopK-TYPE", s) },
		theme.TypeSet:     func(l Look, s string) string { return l.Hue("set", s) },
		theme.TypeZset:    func(l Look, s string) string { return l.Hue("zset", s) },
		theme.TypeList:    func(l Look, s string) string { return l.Hue("list", s) },
		theme.TypeJSON:    func(l Look, s string) string { return l.Hue("json", s) },
		theme.TypeStream:  func(l Look, s string) string { return l.Hue("strm", s) },
	} {
		name := theme.Colors()[role].Name
		if got := style(look, "text"); got != made.Paint(role, "text") || got == "text" || ansi.Strip(got) != "text" {
			t.Errorf("%s: %q", name, got)
		}
		if got := style(Look{}, "text"); got != "text" {
			t.Errorf("%s without a theme: %q", name, got)
		}
		if got := style(look, ""); got != "" {
			t.Errorf("%s of nothing: %q", name, got)
		}
	}
	if look.Title("x", true) != look.Accent("x") || look.Title("x", false) != "x" {
		t.Error("a title does not tell the focus")
	}
	for level, want := range map[Level]string{Plain: "x", Good: look.Good("x"), Warn: look.Warn("x"), Bad: look.Danger("x")} {
		if got := look.At(level, "x"); got != want {
			t.Errorf("level %d is %q", level, got)
		}
	}
	if (Look{}).Line(3) != "───" || (Look{ASCII: true}).Line(3) != "---" || (Look{}).Line(-1) != "" {
		t.Error("a line has not its width")
	}
}

// TestSixteenColours holds that on a terminal with sixteen colours no text gets the colour of the row that it stands on. The colours
// there are the nearest ones, as the renderer finds them.
func TestSixteenColours(t *testing.T) {
	t.Parallel()
	for _, name := range theme.Names() {
		for _, dark := range []bool{true, false} {
			made, err := theme.Named(name, dark, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, row := sixteen(t, made.Paint(theme.Selection, "x"))
			for role, c := range theme.Colors() {
				text, own := sixteen(t, made.Paint(theme.Role(role), "x"))
				if text >= 0 && (text == own || own < 0 && text == row && theme.Role(role) != theme.Rule) {
					t.Errorf("%s, dark %v: %s is drawn in %d on %d, the selection is %d", name, dark, c.Name, text, own, row)
				}
				if background := map[bool]int{true: 0, false: 15}[dark]; text == background && own < 0 {
					t.Errorf("%s, dark %v: %s is drawn in the background's %d", name, dark, c.Name, text)
				}
			}
		}
	}
}

// sixteen are the text and the background that a painted text gets with sixteen colours; -1 is the terminal's own.
func sixteen(t *testing.T, painted string) (text, background int) {
	t.Helper()
	text, background = -1, -1
	params, _, ok := strings.Cut(strings.TrimPrefix(painted, "\x1b["), "m")
	if !ok {
		return text, background
	}
	var style ansi.Params
	for part := range strings.SplitSeq(params, ";") {
		n := 0
		for _, digit := range part {
			n = n*10 + int(digit-'0')
		}
		style = append(style, ansi.Param(n))
	}
	for i := 0; i < len(style); i++ {
		n := style[i].Param(0)
		switch {
		case n == 38 || n == 48:
			var c color.Color
			read := ansi.ReadStyleColor(style[i:], &c)
			if read <= 0 {
				t.Fatalf("%q has no colour", painted)
			}
			i += read - 1
			if nearest := int(ansi.Convert16(c)); n == 38 {
				text = nearest
			} else {
				background = nearest
			}
		case n >= 30 && n <= 37:
			text = n - 30
		case n >= 90 && n <= 97:
			text = n - 90 + 8
		case n >= 40 && n <= 47:
			background = n - 40
		}
	}
	return text, background
}
