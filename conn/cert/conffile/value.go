package conffile

import (
	"errors"
	"strconv"
	"strings"
)

// ErrUnknownKind says that a file is none of those that this package reads.
var ErrUnknownKind = errors.New("neither a redis.conf, a sentinel.conf nor a stunnel.conf")

// Origin is where a value stands. The zero value stands for a default of the program.
type Origin struct {
	File string // as it was given, or as an include named it
	Line int    // from 1
}

// String returns "redis.conf:12", and "" for a default.
func (o Origin) String() string {
	if o.Line == 0 {
		return ""
	}
	return o.File + ":" + strconv.Itoa(o.Line)
}

// Value is a setting, and where it was given.
type Value struct {
	Text   string
	Origin Origin
}

// Given reports whether the value stands in a file, and is no default.
func (v Value) Given() bool { return v.Origin.Line > 0 }

// Yes reports whether the value is yes, in the spelling of either program.
func (v Value) Yes() bool { return equalFold(v.Text, "yes") }

// Secret is a password or a passphrase. It prints as stars, or as an address of memory where it is within something else.
type Secret struct {
	text   func() string // a function, since package fmt looks through the fields of what it prints
	Origin Origin
}

func newSecret(text string, at Origin) Secret {
	return Secret{text: func() string { return text }, Origin: at}
}

// Given reports whether there is one, and not an empty one.
func (s Secret) Given() bool { return s.text != nil && s.text() != "" }

// Reveal returns the secret itself, for the one use it was given for; nil when there is none.
func (s Secret) Reveal() []byte {
	if s.text == nil {
		return nil
	}
	return []byte(s.text())
}

// String returns stars.
func (s Secret) String() string { return "***" }

// GoString returns stars.
func (s Secret) GoString() string { return "***" }

// Problem is a line that the program refuses: it does not start with it.
type Problem struct {
	Origin Origin
	Name   string // the directive or option at fault; empty when the line has none that can be shown
	// Detail says what is wrong, as a clause about the line: "must be yes, no or optional". It holds no value of the file but of
	// directives about TLS.
	Detail string
	// Unknown says that the directive is not known at all, and Nearest is what was probably meant, or "".
	Unknown bool
	Nearest string
	// Edit is a command of sed for the line that mends it, "s/tls-cert/tls-cert-file/I", or "" when only a person knows what was meant.
	Edit string
}

// replacing is the command of sed that replaces a text by another.
func replacing(old, meant string) string {
	escape := strings.NewReplacer(`\`, `\\`, "/", `\/`, ".", `\.`, "*", `\*`, "[", `\[`, "&", `\&`, "$", `\$`, "^", `\^`)
	return "s/" + escape.Replace(old) + "/" + escape.Replace(meant) + "/I"
}

func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
