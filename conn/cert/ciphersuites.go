package cert

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strings"

	"redan/commands/nearest"
)

// ParseCiphersuites reads a list of TLS 1.3 suites, separated by colons. crypto/tls offers all it has, so the list is for [CheckSuite]
// after the handshake. As in OpenSSL, an unknown name is passed over, with a note, while another is left, and an empty list is none at
// all: the connection is then limited to TLS 1.2. Errors are [*CipherError]; a list of nothing but suites crypto/tls lacks is one.
func ParseCiphersuites(list string) (ids []uint16, notes []string, err error) {
	var known, unknown []string
	for name := range strings.SplitSeq(list, ":") {
		name = strings.TrimSpace(name)
		id, ok := modernSuite(name)
		switch {
		case name == "":
		case !ok:
			unknown = append(unknown, name)
		default:
			known = append(known, name)
			if id <= tls.TLS_CHACHA20_POLY1305_SHA256 && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	for _, name := range unknown {
		notes = append(notes, fmt.Sprintf("%s: %q is unknown and was passed over", optionSuites, name))
	}
	e := &CipherError{Option: optionSuites, Fix: "the suites are " + strings.Join(modernSuites()[:3], ", ")}
	switch {
	case len(known) == 0 && len(unknown) > 0:
		e.Word, e.Nearest = unknown[0], nearest.Word(unknown[0], modernSuites())
		e.Detail = fmt.Sprintf("%q is no cipher suite of TLS 1.3", e.Word)
		return nil, nil, e
	case len(ids) == 0 && len(known) > 0:
		e.Detail = "none of " + strings.Join(known, ", ") + " is in this program's TLS library (Go has no CCM)"
		return nil, nil, e
	}
	return ids, notes, nil
}

// CheckSuite refuses a TLS 1.3 connection whose suite is not among allowed. It is to be called before anything is sent. Without allowed
// suites, and before TLS 1.3, where crypto/tls obeys its configuration, everything passes. Errors are [*CipherError].
func CheckSuite(state tls.ConnectionState, allowed []uint16) error {
	if state.Version < tls.VersionTLS13 || len(allowed) == 0 || slices.Contains(allowed, state.CipherSuite) {
		return nil
	}
	names := make([]string, 0, len(allowed))
	for _, id := range allowed {
		names = append(names, tls.CipherSuiteName(id))
	}
	used := tls.CipherSuiteName(state.CipherSuite)
	return &CipherError{
		Option: optionSuites, Word: used,
		Detail: "the server chose " + used + ", not one of " + strings.Join(names, ", "),
		Fix:    "set tls-ciphersuites on the server, or allow " + used,
	}
}
