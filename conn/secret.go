package conn

import (
	"fmt"
	"strings"
)

// Secret is a password that does not print. The zero Secret is "no password",
// which differs from an empty one: redis-cli sends AUTH "" for that.
type Secret struct {
	text string
	set  bool
}

// NewSecret returns a Secret that holds text, which may be empty.
func NewSecret(text string) Secret { return Secret{text: text, set: true} }

// IsSet reports whether there is a password, if only an empty one.
func (s Secret) IsSet() bool { return s.set }

// Reveal returns the password. It is meant for the wire, and for nothing else.
func (s Secret) Reveal() string { return s.text }

// String implements fmt.Stringer and never shows the password.
func (s Secret) String() string {
	if !s.set {
		return ""
	}
	return "***"
}

// Format implements fmt.Formatter, so that no verb, %#v included, shows the password.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// MarshalText implements encoding.TextMarshaler and never shows the password.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// mask takes the password out of what a server says: one that does not know
// AUTH repeats its arguments.
func (s Secret) mask(text string) string {
	const repeated = "with args beginning with:"
	if i := strings.Index(text, repeated); i >= 0 {
		text = text[:i+len(repeated)] + " ***" // the password may be cut there, so it could not be found
	}
	if s.text == "" {
		return text
	}
	return strings.ReplaceAll(text, s.text, "***")
}
