package theme

import (
	"errors"
	"maps"
	"slices"

	"redan/commands/nearest"
)

// Auto is the theme without a choice of the user: the terminal's own colours.
const Auto = "auto"

// Mono is the theme without colours: bold, faint and reverse. It is what
// NO_COLOR gets.
const Mono = "mono"

// Info is a theme to choose.
type Info struct{ Name, About string }

// List returns the themes there are, the default first.
func List() []Info {
	return []Info{
		{Auto, "the terminal's own colours, for a dark or a light background"},
		{"dark", "soft colours, legible on every dark background"},
		{"light", "deep colours, legible on every light background"},
		{"high-contrast", "nothing is dimmed, contrast of at least 7:1"},
		{Mono, "no colours: bold, faint and reverse"},
		{"gruvbox", "retro groove, dark or light"},
		{"catppuccin", "pastels, mocha or latte"},
		{"solarized", "sixteen measured tones, dark or light"},
	}
}

// Names returns the names of the themes, the default first.
func Names() []string {
	list := List()
	names := make([]string, len(list))
	for i, t := range list {
		names[i] = t.Name
	}
	return names
}

// Named returns a theme by its name, in its variant for a dark or a light
// background, with the colours that the user chose: from a name of [Colors] to
// a value such as "#ff8800", "208", "red", "bold cyan", "white on red" or
// "default". An empty name is [Auto].
//
// The error joins all that is wrong: *[UnknownThemeError], *[UnknownColorError]
// and *[ValueError]. The Theme is of use all the same: what is wrong is left
// out.
func Named(name string, dark bool, overrides map[string]string) (Theme, error) {
	var problems []error
	values, ok := builtin(name, dark)
	if !ok {
		problems = append(problems, &UnknownThemeError{Name: name, Nearest: nearest.Word(name, Names())})
		values, _ = builtin(Auto, dark)
	}
	var s styles
	for r, value := range values {
		if value != "" {
			s[r], _ = sequence(value, Role(r).background()) // a test holds that none is wrong
		}
	}
	for _, name := range slices.Sorted(maps.Keys(overrides)) {
		r, ok := roleOf(name)
		if !ok {
			problems = append(problems, &UnknownColorError{Name: name, Nearest: nearest.Word(name, colorNames())})
			continue
		}
		parameters, wrong := sequence(overrides[name], r.background())
		if wrong != "" {
			problems = append(problems, &ValueError{Color: name, Value: overrides[name], Word: wrong, Nearest: nearest.Word(wrong, valueWords())})
			continue
		}
		s[r] = parameters
	}
	return Theme{&s}, errors.Join(problems...)
}

// values are the values of a theme by role, written as users write them; empty
// is no style.
type values [roles]string

func builtin(name string, dark bool) (values, bool) {
	switch name {
	case "", Auto:
		if dark {
			return autoDark(), true
		}
		return autoLight(), true
	case "dark":
		return darkHues().values(), true
	case "light":
		return lightHues().values(), true
	case "high-contrast":
		return highContrast(dark), true
	case Mono:
		return mono(), true
	case "gruvbox":
		return gruvbox(dark).values(), true
	case "catppuccin":
		return catppuccin(dark).values(), true
	case "solarized":
		return solarized(dark).values(), true
	}
	return values{}, false
}

// colorNames are the names of all colours.
func colorNames() []string {
	list := Colors()
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = c.Name
	}
	return names
}

// valueWords are the words a value may be made of.
func valueWords() []string {
	words := append([]string{"default", "gray", "on"}, attributes()...)
	for _, name := range basic() {
		words = append(words, name, "bright-"+name)
	}
	return words
}
