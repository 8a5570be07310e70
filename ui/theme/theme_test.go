package theme_test

import (
	"testing"

	"redan/ui/theme"
)

func TestTheme(t *testing.T) {
	color := theme.New(true)
	for name, test := range map[string]struct {
		style func(theme.Theme, string) string
		want  string
	}{
		"hint":       {theme.Theme.Hint, "\x1b[0;90;49mtext\x1b[0m"},
		"error":      {theme.Theme.Error, "\x1b[31mtext\x1b[0m"},
		"warning":    {theme.Theme.Warning, "\x1b[33mtext\x1b[0m"},
		"ok":         {theme.Theme.OK, "\x1b[32mtext\x1b[0m"},
		"trusted":    {theme.Theme.Trusted, "\x1b[36mtext\x1b[0m"},
		"unchecked":  {theme.Theme.Unchecked, "\x1b[90mtext\x1b[0m"},
		"strong":     {theme.Theme.Strong, "\x1b[1mtext\x1b[0m"},
		"production": {theme.Theme.Production, "\x1b[1;97;41mtext\x1b[0m"},
		"name":       {theme.Theme.Name, "\x1b[1mtext\x1b[0m"},
		"syntax":     {theme.Theme.Syntax, "\x1b[90mtext\x1b[0m"},
		"label":      {theme.Theme.Label, "\x1b[33mtext\x1b[0m"},
	} {
		if got := test.style(color, "text"); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
		if got := test.style(color, ""); got != "" {
			t.Errorf("%s of nothing: got %q", name, got)
		}
		for _, mono := range []theme.Theme{theme.New(false), {}} {
			if got := test.style(mono, "text"); got != "text" {
				t.Errorf("%s without colour: got %q", name, got)
			}
		}
	}
	if !color.Color() || theme.New(false).Color() {
		t.Error("Color does not tell what New was told")
	}
}
