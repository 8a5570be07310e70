package theme_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"redan/ui/theme"
)

// TestValues reads what users write.
func TestValues(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"red":                  "31",
		"Bright-Red":           "91",
		"bright red":           "91",
		"gray":                 "90",
		"grey":                 "90",
		"208":                  "38;5;208",
		"0":                    "38;5;0",
		"#ff8800":              "38;2;255;136;0",
		"#F80":                 "38;2;255;136;0",
		"bold cyan":            "1;36",
		"cyan bold":            "36;1",
		"faint":                "2",
		"dim":                  "2",
		"bold italic":          "1;3",
		"white on red":         "37;41",
		"on #102030":           "48;2;16;32;48",
		"bold default on 17":   "1;39;48;5;17",
		"underline bright-red": "4;91",
		"strike":               "9",
		"reverse":              "7",
		"on bright-black":      "100",
	} {
		got, err := theme.Named(theme.Mono, true, map[string]string{"warning": value})
		if err != nil {
			t.Errorf("%q: %v", value, err)
		} else if text := got.Warning("x"); text != "\x1b["+want+"mx\x1b[0m" {
			t.Errorf("%q: %q, not %s", value, text, want)
		}
	}
	if got, err := theme.Named("dark", true, map[string]string{"danger": "default"}); err != nil || got.Error("x") != "x" {
		t.Errorf("default: %q, %v", got.Error("x"), err)
	}
	if got, err := theme.Named("dark", true, map[string]string{"selection": "17"}); err != nil || got.Paint(theme.Selection, "x") != "\x1b[48;5;17mx\x1b[0m" {
		t.Errorf("a colour alone is the selection's background: %q, %v", got.Paint(theme.Selection, "x"), err)
	}
}

// TestProblems holds that what is wrong is told with what is nearest, all of it, and that the rest takes effect.
func TestProblems(t *testing.T) {
	t.Parallel()
	got, err := theme.Named("gruvbx", true, map[string]string{
		"acent": "red", "nothing-like-it-at-all": "red", "good": "gren", "warning": "256", "dim": "#12", "danger": "blue",
		"strong": "", "hint": "red green blue", "label": "bold on",
	})
	if err == nil {
		t.Fatal("all is well")
	}
	for _, want := range []string{
		`there is no theme "gruvbx", did you mean gruvbox? the themes are auto, dark,`,
		`there is no colour "acent", did you mean accent?`,
		`there is no colour "nothing-like-it-at-all"; the colours are accent, strong,`,
		`the colour good cannot be "gren", did you mean green? give #rrggbb`,
		`the colour warning cannot be "256"; give`,
		`the colour dim cannot be "#12"; give`,
		`the colour strong cannot be ""; give`,
		`the colour hint cannot be "red green blue" ("blue" is not understood), did you mean blue?`,
		`the colour label cannot be "bold on" ("on" is not understood)`,
	} {
		if !strings.Contains(strings.ReplaceAll(err.Error(), "?; ", "? "), want) {
			t.Errorf("%s\nis not in\n%v", want, err)
		}
	}
	if got.Error("x") != "\x1b[34mx\x1b[0m" {
		t.Errorf("what is right does not take effect: %q", got.Error("x"))
	}
	var unknown *theme.UnknownThemeError
	var color *theme.UnknownColorError
	var value *theme.ValueError
	if !errors.As(err, &unknown) || unknown.Nearest != "gruvbox" || !errors.As(err, &color) || !errors.As(err, &value) {
		t.Errorf("the errors have no types: %v", err)
	}
	if _, err := theme.Named("", false, nil); err != nil {
		t.Errorf("no name is the default: %v", err)
	}
	if _, err := theme.Named("dark", true, map[string]string{"\x1b[2J": "\x1b[2J"}); err == nil || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("a terminal could obey the error: %q", err)
	}
}

// TestUnder keeps the colours of what lies on the selection.
func TestUnder(t *testing.T) {
	t.Parallel()
	got, err := theme.Named(theme.Mono, true, map[string]string{"selection": "17", "danger": "red"})
	if err != nil {
		t.Fatal(err)
	}
	const on = "\x1b[48;5;17m"
	if row := got.Under(theme.Selection, "a"+got.Error("b")+"c"); row != on+"a\x1b[31mb\x1b[0m"+on+"c\x1b[0m" {
		t.Errorf("%q", row)
	}
	for _, plain := range []theme.Theme{{}, theme.New(false)} {
		if row := plain.Under(theme.Selection, "a"); row != "a" {
			t.Errorf("without colours: %q", row)
		}
	}
	if got.Under(theme.Selection, "") != "" {
		t.Error("nothing has a background")
	}
	if got := theme.Cursor("x"); got != "\x1b[7mx\x1b[27m" {
		t.Errorf("the text cursor is %q", got)
	}
}

// TestDocs holds that the documentation tells of each theme and each colour, with their meaning, and of none that does not exist.
func TestDocs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "fullscreen.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Themes\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var want, got []string
	for _, i := range theme.List() {
		want = append(want, "| `"+i.Name+"` | "+i.About+" |")
	}
	for _, c := range theme.Colors() {
		if c.Name == "" || c.Meaning == "" {
			t.Errorf("%+v is not whole", c)
		}
		want = append(want, "| `"+c.Name+"` | "+c.Meaning+" |")
	}
	for line := range strings.Lines(section) {
		if strings.HasPrefix(line, "| `") {
			got = append(got, strings.TrimRight(line, "\n"))
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the tables of docs/fullscreen.md are not\n%s\nbut\n%s", strings.Join(want, "\n"), strings.Join(got, "\n"))
	}
}

// TestDocsExample holds that the example in the documentation is one that works.
func TestDocsExample(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "fullscreen.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, example, ok := strings.Cut(string(text), "```toml\n")
	example, _, closed := strings.Cut(example, "```")
	if !ok || !closed {
		t.Fatal("there is no example")
	}
	name, colors := "", map[string]string{}
	for line := range strings.Lines(example) {
		key, value, ok := strings.Cut(line, "=")
		if !ok {
			continue
		}
		value, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimSpace(value), `"`), `"`)
		if key = strings.TrimSpace(key); key == "theme" {
			name = value
		} else {
			colors[key] = value
		}
	}
	if _, err := theme.Named(name, true, colors); err != nil || name == "" || len(colors) < 3 {
		t.Errorf("theme %q with %v: %v", name, colors, err)
	}
}

// FuzzValue holds that no value makes anything but parameters of a style.
func FuzzValue(f *testing.F) {
	for _, seed := range []string{"red", "#ff8800", "on", "bold on 12", "\x1b[m", "#é", "bright", "default default"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		got, err := theme.Named(theme.Mono, true, map[string]string{"good": value, "selection": value})
		for _, r := range []theme.Role{theme.Good, theme.Selection} {
			parameters := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSuffix(got.Paint(r, "x"), "x\x1b[0m"), "\x1b["), "m")
			if strings.Trim(parameters, "0123456789;") != "" && parameters != "x" {
				t.Fatalf("%q becomes %q (%v)", value, parameters, err)
			}
		}
	})
}
