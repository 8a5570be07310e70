package issue

import (
	"crypto/x509"
	"strconv"
	"strings"
	"unicode"
)

// Error is something that cannot be made, and why.
type Error struct {
	What string // what is wrong, in one sentence without full stop
	Fix  string // what to do next; may be empty
	Err  error  // the underlying error, if there is one
}

// Error returns both sentences.
func (e *Error) Error() string {
	if e.Fix == "" {
		return e.What
	}
	return e.What + "; " + e.Fix
}

// Unwrap returns the underlying error.
func (e *Error) Unwrap() error { return e.Err }

func refuse(what, fix string) *Error { return &Error{What: what, Fix: fix} }

// Subject names a certificate as messages do: by its subject, fit for a terminal.
func Subject(c *x509.Certificate) string {
	if name := c.Subject.String(); name != "" {
		return graphic(name)
	}
	if names := namesOf(c).List(); len(names) > 0 {
		return "the certificate for " + graphic(names[0])
	}
	return "the certificate with serial number " + c.SerialNumber.Text(16)
}

// graphic escapes what would act on a terminal or hide there, and cuts what would fill it.
func graphic(text string) string {
	const longest = 200
	var b strings.Builder
	for _, r := range text {
		switch {
		case b.Len() > longest:
			return b.String() + "..."
		case unicode.IsGraphic(r) && r != unicode.ReplacementChar:
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	return b.String()
}
