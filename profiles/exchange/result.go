package exchange

import (
	"maps"
	"slices"
	"strings"

	"redan/conn"
	"redan/profiles"
)

// Result is what was found in a file.
type Result struct {
	Format  Format
	Entries []Entry
	// Notes say what of the file was not taken over, one line each, and hold no secret.
	Notes []string
}

// Entry is a server, on its way to become a profile.
type Entry struct {
	// Name is one that a profile can have, and that no other entry has, in whatever capitals. There may be such a profile already.
	Name string
	// Label is what the file calls the server; it is not for use, only to be shown, and can be shown on a terminal.
	Label string
	// Changes are what [profiles.Store.Create] takes; they make a valid profile and hold no secret.
	Changes []profiles.Change
	// Secrets stand in the file in clear, by the key of the profile that a reference belongs to: "password", "tls.key_data",
	// "tls.key_passphrase".
	Secrets map[string]conn.Secret
	// Runs are the keys of changes that have redan start a program whenever the profile is used: "before.command". Ask before such an entry
	// is taken over from somebody else.
	Runs []string
	// Notes say what was not taken over, or is otherwise than it was, one line each, and hold no secret.
	Notes []string
}

// SecretKeys lists the keys of Secrets in order.
func (e Entry) SecretKeys() []string { return slices.Sorted(maps.Keys(e.Secrets)) }

// ChangesWith returns the changes with references to where the secrets were put, by their key: {"password": "keyring:orders"}.
func (e Entry) ChangesWith(references map[string]string) []profiles.Change {
	changes := slices.Clone(e.Changes)
	for _, key := range slices.Sorted(maps.Keys(references)) {
		changes = append(changes, profiles.Set(references[key], strings.Split(key, ".")...))
	}
	return changes
}

// Value returns the text of a change, or "": for lists.
func (e Entry) Value(path ...string) string {
	for _, c := range e.Changes {
		if text, ok := c.Value.(string); ok && slices.Equal(c.Path, path) {
			return text
		}
	}
	return ""
}
