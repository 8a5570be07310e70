package profiles

import (
	"reflect"

	"redan/profiles/tomlfile"
)

// Preferences are what config.toml says. The zero value is that of an empty file.
type Preferences struct {
	Version FileVersion `toml:"version" help:"Version of the file's form. This redan writes 1."`
	Face    Face        `toml:"face" help:"screen (default) or prompt: what redan shows on a terminal."`
	// Theme is the name of a theme, and Colors replaces colours of it by their role.
	Theme  string            `toml:"theme" help:"Name of the theme."`
	Colors map[string]string `toml:"colors" help:"Another colour for a role of the theme: a name, a number or #rrggbb."`
	// Keys are the keys of an action of the full screen, by its name.
	Keys     map[string][]string `toml:"keys" help:"The keys of an action of the full screen, instead of its own: \"keys.filter\" = [\"/\"]."`
	History  History             `toml:"history"`
	Defaults Settings            `toml:"defaults"`

	places map[string]tomlfile.Position
}

// History is how the lines of prompt and console are kept.
type History struct {
	File string `toml:"file" help:"Where lines are kept; redis-cli's file by default."`
	Size Count  `toml:"size" help:"How many lines are kept; 1000 by default."`
	Off  bool   `toml:"off" help:"No line is kept."`
}

// Origin returns where a value stands. It takes a dotted key: "history.size", or `keys."keys.filter"`.
func (p Preferences) Origin(path ...string) (tomlfile.Position, bool) {
	at, ok := p.places[tomlfile.Dotted(path)]
	return at, ok
}

// PreferenceKeys lists the keys of config.toml, for documents. Those of the table defaults are those of a profile.
func PreferenceKeys() []tomlfile.Key { return tomlfile.Keys(reflect.TypeFor[Preferences]()) }
