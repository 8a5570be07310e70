package theme

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
)

// rgb is a colour as a screen shows it.
type rgb [3]int

// palette are the sixteen colours of a terminal, and its background.
type palette struct {
	colors     [16]rgb
	background rgb
}

func hex(t *testing.T, digits string) rgb {
	t.Helper()
	r, g, b, ok := hexColor(digits)
	if !ok {
		t.Fatalf("%q is no colour", digits)
	}
	return rgb{r, g, b}
}

// luminance is that of WCAG 2.
func (c rgb) luminance() float64 {
	var l float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v := float64(c[i]) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		l += weight * v
	}
	return l
}

// contrast is that of WCAG 2: from 1 to 21.
func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// shown is what a style's parameters come to on a terminal: nil is the terminal's own text or background.
func shown(t *testing.T, parameters string, p palette) (text, background *rgb, reverse bool) {
	t.Helper()
	words := strings.Split(parameters, ";")
	number := func(i int) int {
		n, err := strconv.Atoi(words[i])
		if err != nil {
			t.Fatalf("%q: %v", parameters, err)
		}
		return n
	}
	for i := 0; parameters != "" && i < len(words); i++ {
		var c rgb
		n := number(i)
		switch {
		case n == 7:
			reverse = true
			continue
		case n < 30:
			continue
		case n == 38 || n == 48:
			if words[i+1] == "2" {
				c = rgb{number(i + 2), number(i + 3), number(i + 4)}
				i += 4
			} else {
				c = indexed(t, number(i+2))
				i += 2
			}
		case n >= 90:
			c = p.colors[8+n%10]
		default:
			c = p.colors[n%10]
		}
		if n == 48 || n >= 40 && n < 48 || n >= 100 {
			background = &c
		} else {
			text = &c
		}
	}
	return text, background, reverse
}

// indexed is the fixed part of the 256 colours.
func indexed(t *testing.T, n int) rgb {
	t.Helper()
	switch {
	case n >= 232:
		v := 8 + 10*(n-232)
		return rgb{v, v, v}
	case n >= 16:
		level := func(v int) int {
			if v == 0 {
				return 0
			}
			return 55 + 40*v
		}
		n -= 16
		return rgb{level(n / 36), level(n / 6 % 6), level(n % 6)}
	}
	t.Fatalf("%d is not in the fixed part of the palette: name it", n)
	return rgb{}
}

// common are backgrounds that terminals have: black and white, and those of the palettes that people use most.
func common(dark bool) []string {
	if dark {
		return []string{"000000", "1e1e1e", "282a36", "1e1e2e", "002b36", "282828", "2e3440"}
	}
	return []string{"ffffff", "fafafa", "fdf6e3", "eff1f5", "fbf1c7"}
}

// legible fails unless each text colour of a theme has its contrast on its background, on that of the selection, and each line a lesser one.
func legible(t *testing.T, theme Theme, p palette, least, leastLine float64) {
	t.Helper()
	_, selection, _ := shown(t, theme.styles[Selection], p)
	for r, c := range Colors() {
		text, own, _ := shown(t, theme.styles[r], p)
		if text == nil {
			continue
		}
		want := least
		if Role(r) == Rule {
			want = leastLine
		}
		on := []*rgb{own}
		if own == nil {
			on = []*rgb{&p.background, selection}
		}
		for _, background := range on {
			if background == nil || Role(r) == Rule && background == selection { // no line lies on the selection
				continue
			}
			if got := contrast(*text, *background); got < want {
				t.Errorf("%s: %v on %v has a contrast of %.2f, not %.1f", c.Name, *text, *background, got, want)
			}
		}
	}
}

// TestContrast holds that text in the themes with fixed colours is legible where they are meant to be used.
func TestContrast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		dark        bool
		backgrounds []string
		least       float64
	}{
		{"dark", true, common(true), 4.5},
		{"light", false, common(false), 4.5},
		{"high-contrast", true, common(true), 7},
		{"high-contrast", false, common(false), 7},
		{"gruvbox", true, []string{"000000", "1d2021", "282828"}, 4.5},
		{"gruvbox", false, []string{"ffffff", "fbf1c7"}, 4.5},
		{"catppuccin", true, []string{"000000", "1e1e2e"}, 4.5},
		{"catppuccin", false, []string{"ffffff", "eff1f5"}, 4.5},
		{"solarized", true, []string{"000000", "002b36"}, 4.5},
		{"solarized", false, []string{"ffffff", "fdf6e3"}, 4.5},
	} {
		for _, background := range c.backgrounds {
			t.Run(fmt.Sprintf("%s dark=%v #%s", c.name, c.dark, background), func(t *testing.T) {
				t.Parallel()
				theme, err := Named(c.name, c.dark, nil)
				if err != nil {
					t.Fatal(err)
				}
				legible(t, theme, palette{background: hex(t, background)}, c.least, 3)
			})
		}
	}
}

// TestOwnColors holds that the theme of the terminal's own colours is legible with the palettes that terminals come with: their makers'
// choice does not allow for more than 3:1.
func TestOwnColors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ dark, light, colors string }{
		"xterm": {"000000", "ffffff", "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff"},
		"GNOME": {"300a24", "ffffff", "2e3436 cc0000 4e9a06 c4a000 3465a4 75507b 06989a d3d7cf 555753 ef2929 8ae234 fce94f 729fcf ad7fa8 34e2e2 eeeeec"},
		"Windows": {
			"0c0c0c", "ffffff",
			"0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc 767676 e74856 16c60c f9f1a5 3b78ff b4009e 61d6d6 f2f2f2",
		},
		"VS Code": {
			"1e1e1e", "ffffff",
			"000000 cd3131 0dbc79 e5e510 2472c8 bc3fbc 11a8cd e5e5e5 666666 f14c4c 23d18b f5f543 3b8eea d670d6 29b8db ffffff",
		},
		"console": {"000000", "aaaaaa", "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff"},
		"Solarized": {
			"002b36", "fdf6e3",
			"073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5 002b36 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3",
		},
	} {
		var p palette
		for i, digits := range strings.Fields(c.colors) {
			p.colors[i] = hex(t, digits)
		}
		for dark, background := range map[bool]string{true: c.dark, false: c.light} {
			if name == "console" && !dark {
				continue // grey is neither
			}
			t.Run(fmt.Sprintf("%s dark=%v", name, dark), func(t *testing.T) {
				t.Parallel()
				p := p
				p.background = hex(t, background)
				theme, err := Named(Auto, dark, nil)
				if err != nil {
					t.Fatal(err)
				}
				if name == "console" { // it has sixteen colours: the selection becomes black
					theme.styles[Selection] = "40"
				}
				legible(t, theme, p, 3, 2.4)
			})
		}
	}
}

// TestNoColors holds that the theme without colours has none.
func TestNoColors(t *testing.T) {
	t.Parallel()
	theme, err := Named(Mono, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	marked := 0
	for r, c := range Colors() {
		text, background, reverse := shown(t, theme.styles[r], palette{})
		if text != nil || background != nil {
			t.Errorf("%s has a colour: %q", c.Name, theme.styles[r])
		}
		if reverse {
			marked++
		}
	}
	if marked < 2 {
		t.Error("selection and production are not reversed")
	}
}

// TestBuiltins holds that every theme is written in words that are understood, in both variants, and says something of each thing that
// must be told apart.
func TestBuiltins(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		for _, dark := range []bool{true, false} {
			v, ok := builtin(name, dark)
			if !ok {
				t.Fatalf("%s is listed and does not exist", name)
			}
			for r, value := range v {
				if value == "" {
					continue
				}
				if _, wrong := sequence(value, Role(r).background()); wrong != "" {
					t.Errorf("%s, %s: %q is not understood", name, Colors()[r].Name, wrong)
				}
			}
			for _, r := range []Role{Accent, Strong, Selection, Danger, Production} {
				if v[r] == "" {
					t.Errorf("%s does not show %s", name, Colors()[r].Name)
				}
			}
		}
	}
}
