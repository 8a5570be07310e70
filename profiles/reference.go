package profiles

import (
	"fmt"
	"path/filepath"
	"strings"

	"redan/profiles/secret"
)

// Reference is a [secret.Reference] as it stands in a file. Nothing here resolves it. It does not print what is in clear.
type Reference string

// Parse takes the reference apart. References of a profile that was loaded have been checked, and parse.
func (r Reference) Parse() (secret.Reference, error) { return secret.Parse(string(r)) }

// IsSet reports whether there is a secret.
func (r Reference) IsSet() bool { return r != "" }

// IsClear reports whether the secret itself stands in the file.
func (r Reference) IsClear() bool {
	parsed, err := r.Parse()
	return r.IsSet() && err == nil && parsed.Clear()
}

// String returns the reference, and *** for a secret in clear.
func (r Reference) String() string {
	if parsed, err := r.Parse(); err == nil {
		return parsed.String()
	}
	return "***"
}

// Format implements [fmt.Formatter], so that no verb shows a secret.
func (r Reference) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(r.String())) }

// MarshalText implements [encoding.TextMarshaler] and never shows a secret.
func (r Reference) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Check implements [tomlfile.Checker].
func (r *Reference) Check() error {
	_, err := r.Parse()
	return err
}

// Example returns a value as the file has it.
func (Reference) Example() string { return "env:REDIS_PASSWORD" }

// below returns the reference with the paths of files made absolute.
func (r Reference) below(place place) Reference {
	parsed, err := r.Parse()
	if err != nil || parsed.Kind != secret.File && parsed.Kind != secret.Age {
		return r
	}
	return Reference(parsed.WithPaths(place.path).String())
}

// inClear is the reference that is the secret itself.
func inClear(s string) Reference { return Reference(string(secret.Text) + ":" + s) }

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
