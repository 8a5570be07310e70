package cert

import (
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
)

// ErrVersion says that a text is no TLS version.
var ErrVersion = errors.New("not a TLS version (1.0, 1.1, 1.2 or 1.3)")

// ParseVersion reads a TLS version as people write it, "1.2", "TLSv1.2" or "tls1.2", and returns its constant in crypto/tls. Its error
// wraps [ErrVersion].
func ParseVersion(text string) (uint16, error) {
	number := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(strings.TrimSpace(text)), "tls"), "v")
	switch strings.TrimSpace(number) {
	case "1", "1.0":
		return tls.VersionTLS10, nil
	case "1.1":
		return tls.VersionTLS11, nil
	case "1.2":
		return tls.VersionTLS12, nil
	case "1.3":
		return tls.VersionTLS13, nil
	}
	return 0, fmt.Errorf("%q: %w", text, ErrVersion)
}

// VersionNumber returns a TLS version as [ParseVersion] takes it, "1.2", and "" for 0.
func VersionNumber(version uint16) string {
	switch version {
	case 0:
		return ""
	case tls.VersionSSL30: //nolint:staticcheck // it is named, not used
		return "SSL 3.0"
	case tls.VersionTLS10:
		return "1.0"
	case tls.VersionTLS11:
		return "1.1"
	case tls.VersionTLS12:
		return "1.2"
	case tls.VersionTLS13:
		return "1.3"
	}
	return fmt.Sprintf("0x%04x", version)
}
