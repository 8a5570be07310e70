package cert

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"strings"
)

// VerifyError is a server that is not trusted, and the fault that is most worth knowing.
type VerifyError struct {
	Code   string            // stable, one of the Code constants
	Cert   *x509.Certificate // the certificate at fault; nil when there is none
	Detail string            // the cause in one sentence
	Fix    string            // the option or command that mends it
	Also   []string          // codes of further faults, found on the way
	Err    error             // what crypto/x509 said
}

// Error returns cause and fix.
func (e *VerifyError) Error() string { return e.Detail + "; " + e.Fix }

// Unwrap returns the error of crypto/x509.
func (e *VerifyError) Unwrap() error { return e.Err }

// RedisCLI returns the sentence redis-cli has for all faults of a chain; it follows "Could not connect to Redis at HOST:PORT: ".
// redis-cli would accept a certificate at fault by its name.
func (e *VerifyError) RedisCLI() string { return "SSL_connect failed: certificate verify failed" }

// element names a certificate by its place: "the server's certificate", "the root certificate CN=...".
func (c chainOf) element(cert *x509.Certificate) string {
	switch {
	case cert.Equal(c.leaf):
		return "the server's certificate (" + subject(cert) + ")"
	case c.origin(cert) != "":
		return "the CA certificate " + subject(cert) + " in " + c.origin(cert)
	case isSelfSigned(cert):
		return "the root certificate " + subject(cert)
	default:
		return "the intermediate certificate " + subject(cert)
	}
}

// origin returns the file a trusted certificate comes from.
func (c chainOf) origin(cert *x509.Certificate) string {
	for _, root := range c.roots.List {
		if root.Certificate.Equal(cert) {
			return root.Path
		}
	}
	return ""
}

func (c chainOf) badDates() []*VerifyError {
	faults := make([]*VerifyError, 0, len(c.path.certs))
	for _, cert := range c.path.certs {
		e := &VerifyError{Cert: cert}
		switch {
		case c.now.After(cert.NotAfter):
			e.Code = CodeExpired
			e.Detail = fmt.Sprintf("%s expired %s ago, on %s", c.element(cert), span(c.now.Sub(cert.NotAfter)), date(cert.NotAfter, c.now))
			e.Fix = c.renewal(cert)
		case c.now.Before(cert.NotBefore):
			e.Code = CodeNotYetValid
			e.Detail = fmt.Sprintf("%s is valid only from %s, in %s; this computer's clock says %s",
				c.element(cert), date(cert.NotBefore, c.now), span(cert.NotBefore.Sub(c.now)), date(c.now, c.now))
			e.Fix = "check the clock of this computer first (timedatectl), then that of the computer that issued the certificate"
		default:
			continue
		}
		faults = append(faults, e)
	}
	return faults
}

func (c chainOf) renewal(cert *x509.Certificate) string {
	const load = "CONFIG SET tls-cert-file FILE tls-key-file FILE"
	switch file := c.origin(cert); {
	case cert.Equal(c.leaf):
		return "renew it on the server and load it there with " + load
	case file != "":
		return "replace it in " + file + " by its successor; ask who runs the CA"
	default:
		return "have the server send its successor: replace it in the server's tls-cert-file or tls-ca-cert-file, then " + load
	}
}

// badIssuers finds issuers that may not issue, or not at this depth.
func (c chainOf) badIssuers() []*VerifyError {
	var faults []*VerifyError
	for i, cert := range c.path.certs[1:] {
		isTrusted := c.origin(cert) != ""
		switch {
		case !isTrusted && (!cert.BasicConstraintsValid || !cert.IsCA):
			faults = append(faults, c.noCA(cert))
		case cert.BasicConstraintsValid && cert.MaxPathLen >= 0 && i > cert.MaxPathLen:
			faults = append(faults, &VerifyError{
				Code: CodePathLen, Cert: cert,
				Detail: fmt.Sprintf("%s allows %d intermediate certificates below it (pathlen), and there are %d",
					c.element(cert), cert.MaxPathLen, i),
				Fix: "issue the server's certificate from a CA higher up, or that CA anew without pathlen",
			})
		}
	}
	return faults
}

func (c chainOf) noCA(cert *x509.Certificate) *VerifyError {
	return &VerifyError{
		Code: CodeLeafAsCA, Cert: cert,
		Detail: c.element(cert) + " was used to issue another, but it is no CA certificate",
		Fix:    "issue it anew with basicConstraints = CA:TRUE and keyUsage = keyCertSign, or sign with the CA above it",
	}
}

func (c chainOf) badUsages() []*VerifyError {
	var faults []*VerifyError
	for _, cert := range c.path.certs {
		if !allowsServing(cert) {
			faults = append(faults, wrongUsage(c.leaf, cert, nil))
		}
	}
	if forbidsServing(c.leaf) {
		faults = append(faults, wrongUsage(c.leaf, c.leaf, errNetscapeType))
	}
	return faults
}

// allowsServing reports whether the extended key usage of cert, when it has one, covers TLS servers.
func allowsServing(cert *x509.Certificate) bool {
	if len(cert.ExtKeyUsage) == 0 && len(cert.UnknownExtKeyUsage) == 0 {
		return true
	}
	for _, usage := range cert.ExtKeyUsage {
		if usage == x509.ExtKeyUsageServerAuth || usage == x509.ExtKeyUsageAny {
			return true
		}
	}
	return false
}

var errNetscapeType = errors.New("nsCertType lacks the server bit")

// forbidsServing reports whether the old Netscape certificate type, which test scripts of Redis still use, lacks the bit for servers.
// OpenSSL refuses such a certificate; crypto/x509 does not know the extension.
func forbidsServing(cert *x509.Certificate) bool {
	const serverBit = 1
	return lacksNetscapeType(cert, serverBit)
}

// lacksNetscapeType reports whether cert has the Netscape certificate type, without that bit.
func lacksNetscapeType(cert *x509.Certificate, bit int) bool {
	for _, extension := range cert.Extensions {
		if extension.Id.String() != "2.16.840.1.113730.1.1" {
			continue
		}
		var kind asn1.BitString
		rest, err := asn1.Unmarshal(extension.Value, &kind)
		return err != nil || len(rest) > 0 || kind.At(bit) == 0
	}
	return false
}

// wrongUsage explains a certificate of the chain of leaf that may not be used to serve; why is errNetscapeType when that says so.
func wrongUsage(leaf, cert *x509.Certificate, why error) *VerifyError {
	e := &VerifyError{Code: CodeWrongEKU, Cert: cert, Err: why}
	switch {
	case errors.Is(why, errNetscapeType):
		e.Detail = "the server's certificate (" + subject(leaf) + ") may not be used by a server: its " + why.Error()
		e.Fix = "issue it anew with nsCertType = server, or better without nsCertType"
	case cert.Equal(leaf):
		e.Detail = "the server's certificate (" + subject(leaf) + ") may not be used by a server: its extendedKeyUsage lacks serverAuth"
		e.Fix = "issue it anew with extendedKeyUsage = serverAuth, clientAuth; a certificate made for clients is not for the server"
	default:
		e.Detail = "the CA certificate " + subject(cert) + " may not issue certificates for servers: its extendedKeyUsage lacks serverAuth"
		e.Fix = "issue it anew without extendedKeyUsage, or the server's certificate from another CA"
	}
	return e
}

// badExtensions finds certificates with rules that crypto/x509 does not know and must not pass over.
func (c chainOf) badExtensions() []*VerifyError {
	var faults []*VerifyError
	for _, cert := range c.path.certs {
		if len(cert.UnhandledCriticalExtensions) == 0 {
			continue
		}
		faults = append(faults, &VerifyError{
			Code: CodeUntrusted, Cert: cert, Detail: fmt.Sprintf("%s has a critical extension (%s) that this program does not know, so it must be refused",
				c.element(cert), cert.UnhandledCriticalExtensions[0]),
			Fix: "issue it anew without that extension, or not critical; --insecure verifies nothing",
		})
	}
	return faults
}

// badNames finds names that a CA above may not issue for. Everything else that may be wrong with the chain is mended before crypto/x509 is
// asked, since it looks at this last.
func (c chainOf) badNames() []*VerifyError {
	for place := range c.path.certs[1:] {
		ca := c.path.certs[place+1]
		_, err := verifyRelaxed(c.path.certs[:place+1], ca)
		if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && isNameConstraint(invalid) {
			return []*VerifyError{nameConstraint(ca, c.element(ca), invalid)}
		}
	}
	return nil
}

func isNameConstraint(e x509.CertificateInvalidError) bool {
	return e.Reason == x509.CANotAuthorizedForThisName || e.Reason == x509.UnconstrainedName
}

// nameConstraint explains the limit that ca, called name, sets to names.
func nameConstraint(ca *x509.Certificate, name string, invalid x509.CertificateInvalidError) *VerifyError {
	return &VerifyError{
		Code: CodeNameConstraint, Cert: ca,
		Detail: name + " may not issue for the names of the server's certificate (nameConstraints): " + printable(invalid.Detail),
		Fix:    "issue the certificate for names the CA permits, or from another CA",
	}
}

// other explains what has no check of its own above.
func (c chainOf) other(err error) *VerifyError {
	e := &VerifyError{
		Code: CodeUntrusted, Cert: c.leaf, Detail: "the server's certificate is refused: " + printable(shortText(err)),
		Fix: "look at the chain with openssl s_client -showcerts; --insecure verifies nothing",
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && isNameConstraint(invalid) {
		return nameConstraint(c.leaf, "a CA above", invalid)
	}
	if _, ok := errors.AsType[x509.SystemRootsError](err); ok {
		e.Detail = "this computer has no store of trusted CA certificates"
		e.Fix = "give the CA of the server with --cacert FILE, or install the package ca-certificates"
	}
	return e
}

func shortText(err error) string { return strings.TrimPrefix(err.Error(), "x509: ") }
