package profiles

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Reference says where a secret is, or is the secret itself, when it stands in the file in clear. Nothing here resolves it. It does not
// print what is in clear.
type Reference string

// Scheme is the way a secret is come by.
type Scheme string

// The schemes of references.
const (
	NoSecret  Scheme = ""        // there is none
	Clear     Scheme = "text"    // "text:SECRET", or SECRET without any scheme
	Ask       Scheme = "prompt"  // asked on the terminal, kept nowhere
	FromEnv   Scheme = "env"     // "env:NAME"
	FromFile  Scheme = "file"    // "file:PATH"
	Command   Scheme = "command" // "command:PROGRAM ARG..."
	Shell     Scheme = "shell"   // "shell:LINE"
	Keyring   Scheme = "keyring" // "keyring:ACCOUNT"
	Encrypted Scheme = "age"     // "age:PATH"
)

// schemes are those that a reference begins with.
func schemes() []Scheme {
	return []Scheme{Clear, Ask, FromEnv, FromFile, Command, Shell, Keyring, Encrypted}
}

// Split returns the scheme of a reference and what stands behind it: a name, a path, a command line, or the secret itself.
func (r Reference) Split() (Scheme, string) {
	for _, scheme := range schemes() {
		if rest, ok := strings.CutPrefix(string(r), string(scheme)+":"); ok {
			return scheme, rest
		}
	}
	switch r {
	case "":
		return NoSecret, ""
	case Reference(Ask):
		return Ask, ""
	}
	return Clear, string(r)
}

// IsSet reports whether there is a secret.
func (r Reference) IsSet() bool { return r != "" }

// IsClear reports whether the secret itself stands in the file.
func (r Reference) IsClear() bool {
	scheme, _ := r.Split()
	return scheme == Clear
}

// String returns the reference, and *** for a secret in clear.
func (r Reference) String() string {
	if r.IsClear() {
		return "***"
	}
	return string(r)
}

// Format implements [fmt.Formatter], so that no verb shows a secret.
func (r Reference) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(r.String())) }

// MarshalText implements [encoding.TextMarshaler] and never shows a secret.
func (r Reference) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Check implements [tomlfile.Checker].
func (r *Reference) Check() error {
	scheme, rest := r.Split()
	if scheme == Clear && slices.Contains(schemes(), Scheme(rest)) { // "keyring" is no password
		scheme, rest = Scheme(rest), ""
	}
	switch scheme {
	case FromEnv, FromFile, Command, Shell, Keyring, Encrypted:
		if rest == "" {
			return fmt.Errorf("says %s: and nothing behind it", scheme)
		}
	default:
	}
	return nil
}

// Example returns a value as the file has it.
func (Reference) Example() string { return "env:REDIS_PASSWORD" }

// below returns the reference with the path of a file made absolute.
func (r Reference) below(place place) Reference {
	switch scheme, rest := r.Split(); scheme {
	case FromFile, Encrypted:
		return Reference(string(scheme) + ":" + place.path(rest))
	default:
		return r
	}
}

// place is where the paths of a file are relative to.
type place struct{ folder, home string }

// path makes a path of a file absolute: ~/ is the home directory, the rest is relative to the file's folder.
func (p place) path(path string) string {
	if rest, ok := strings.CutPrefix(filepath.ToSlash(path), "~/"); ok && p.home != "" {
		return filepath.Join(p.home, rest)
	}
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(p.folder, path)
}
