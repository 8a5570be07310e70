package cert

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"math"
)

// Bounds of RSA keys, in bits.
const (
	minRSA    = 1024 // crypto/tls and crypto/x509 refuse smaller ones
	soundRSA  = 2048 // OpenSSL's security level 2, Debian's default, refuses smaller ones
	maxRSA    = 8192 // crypto/tls refuses larger ones
	unbounded = math.MaxInt
)

// rsaBits is the size of the RSA key of c, and without bounds when its key is of another kind.
func rsaBits(c *x509.Certificate) int {
	if key, ok := c.PublicKey.(*rsa.PublicKey); ok {
		return key.N.BitLen()
	}
	return unbounded
}

// judgeKeys looks for keys that are too weak, or too large.
func (j *judge) judgeKeys() {
	for i, link := range j.links {
		bits := rsaBits(link.Cert)
		inPath := i < len(j.chain.path.certs)
		switch {
		case bits == unbounded:
		case bits > maxRSA && link.Sent:
			j.add(Finding{
				Code: CodeOversizedRSA, Severity: SeverityCrit, Scope: j.scope(link.Cert),
				Message: fmt.Sprintf("%s has an RSA key of %d bits, and this program's TLS library takes at most %d", j.element(link.Cert), bits, maxRSA),
				Cause: "such a key makes a handshake take a tenth of a second of the server's time, which invites attacks; redis-cli would " +
					"connect",
				Evidence: []Fact{{"key", keyText(link.Cert)}},
				Fixes:    j.reissue("with an ECDSA P-256 key, or RSA of 2048 to 4096 bits"),
			})
		case bits < soundRSA && inPath && !j.faulted(CodeWeakRSA, link.Cert):
			j.add(j.weakKey(i, link.Cert, bits))
		}
	}
}

func (j *judge) weakKey(place int, c *x509.Certificate, bits int) Finding {
	f := Finding{
		Code: CodeWeakRSA, Severity: SeverityWarn, Scope: j.scope(c),
		Message:  fmt.Sprintf("%s has an RSA key of only %d bits", j.element(c), bits),
		Cause:    "it is accepted here, but OpenSSL at its usual security level, and so redis-cli and redis-server, refuses keys under 2048 bits",
		Evidence: []Fact{{"key", keyText(c)}},
		Fixes:    j.reissue("with an ECDSA P-256 key, or RSA of 2048 bits"),
	}
	if bits < minRSA && place == 0 {
		f.Severity = SeverityCrit
		f.Cause = "such keys are broken in hours; this program's TLS library refuses them, verified or not"
	}
	return f
}

// judgeSignatures looks for signatures that others refuse, below the root.
func (j *judge) judgeSignatures() {
	for _, c := range j.chain.path.certs {
		if !isWeaklySigned(c) || isSelfSigned(c) || isSelfIssued(c) && c.SignatureAlgorithm == x509.MD5WithRSA || j.faulted(CodeSHA1Signed, c) {
			continue
		}
		j.add(Finding{
			Code: CodeSHA1Signed, Severity: SeverityWarn, Scope: j.scope(c),
			Message:  fmt.Sprintf("%s is signed with %s, which can be forged", j.element(c), c.SignatureAlgorithm),
			Cause:    "it is accepted here only because it is trusted itself, so that its signature does not count; OpenSSL refuses it",
			Evidence: []Fact{{"signature", c.SignatureAlgorithm.String()}},
			Fixes:    j.reissue("signed with SHA-256"),
		})
	}
}

func isWeaklySigned(c *x509.Certificate) bool {
	switch c.SignatureAlgorithm {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return true
	default:
		return false
	}
}

// faulted reports whether c is refused for that code already.
func (j *judge) faulted(code string, c *x509.Certificate) bool {
	for _, e := range j.chain.faults {
		if e.Code == code && e.Cert != nil && e.Cert.Equal(c) {
			return true
		}
	}
	return false
}

// keyText names the kind and size of a certificate's key: "RSA 2048", "ECDSA P-256".
func keyText(c *x509.Certificate) string {
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", key.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + key.Curve.Params().Name
	default:
		return c.PublicKeyAlgorithm.String()
	}
}

// unusableKey says why crypto/tls can have no handshake with a server of this certificate, whatever else it offers; empty when it can.
func unusableKey(c *x509.Certificate) string {
	if key, ok := c.PublicKey.(*ecdsa.PublicKey); ok && key.Curve == elliptic.P224() {
		return "has a key on the curve P-224, which no TLS library takes any more"
	}
	switch c.PublicKeyAlgorithm {
	case x509.DSA:
		return "has a DSA key, which no TLS library takes any more"
	case x509.UnknownPublicKeyAlgorithm:
		return "has a kind of key that TLS cannot use"
	default:
	}
	if c.SignatureAlgorithm == x509.MD5WithRSA || c.SignatureAlgorithm == x509.MD2WithRSA {
		return "is signed with MD5, which no TLS library takes any more"
	}
	if rsaBits(c) < minRSA {
		return fmt.Sprintf("has an RSA key of only %d bits, too small for any signature of TLS 1.3", rsaBits(c))
	}
	return ""
}
