package profiles

import (
	"errors"
	"path/filepath"
)

// Place is what the configuration directory is found by.
type Place struct {
	// Option is the directory of --config; empty when it was not given.
	Option string
	Getenv func(name string) (value string, set bool)
	// System is the operating system, as runtime.GOOS names it.
	System string
}

// ErrNoHome says that there is no directory to keep anything in.
var ErrNoHome = errors.New("there is no home directory (HOME is not set): give --config DIR or set REDAN_CONFIG")

// Directory returns the configuration directory: --config, REDAN_CONFIG, redan in XDG_CONFIG_HOME, else where the system keeps such
// files. It need not be there. The error is [ErrNoHome].
func (p Place) Directory() (string, error) {
	if p.Option != "" {
		return p.Option, nil
	}
	if dir := p.env("REDAN_CONFIG"); dir != "" {
		return dir, nil
	}
	if dir := p.env("XDG_CONFIG_HOME"); filepath.IsAbs(dir) { // a relative one is void, says the XDG specification
		return filepath.Join(dir, "redan"), nil
	}
	home := p.Home()
	switch {
	case p.System == "windows" && p.env("APPDATA") != "":
		return filepath.Join(p.env("APPDATA"), "redan"), nil
	case home == "":
		return "", ErrNoHome
	case p.System == "darwin":
		return filepath.Join(home, "Library", "Application Support", "redan"), nil
	}
	return filepath.Join(home, ".config", "redan"), nil
}

// Home returns the home directory, or "".
func (p Place) Home() string {
	if home := p.env("HOME"); home != "" || p.System != "windows" {
		return home
	}
	return p.env("USERPROFILE")
}

func (p Place) env(name string) string {
	value, _ := p.Getenv(name)
	return value
}
