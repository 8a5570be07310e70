package issue

import (
	"bytes"
	"crypto/x509"
	"errors"
	"slices"
	"time"
)

// signedBy reports whether parent issued child: by name, and by key.
func signedBy(child, parent *x509.Certificate) bool {
	if !bytes.Equal(child.RawIssuer, parent.RawSubject) {
		return false
	}
	err := parent.CheckSignature(child.SignatureAlgorithm, child.RawTBSCertificate, child.Signature)
	if _, weak := errors.AsType[x509.InsecureAlgorithmError](err); weak { // it cannot be checked here any more; the identifiers have to do
		return len(child.AuthorityKeyId) == 0 || bytes.Equal(child.AuthorityKeyId, parent.SubjectKeyId)
	}
	return err == nil
}

func isSelfSigned(c *x509.Certificate) bool { return signedBy(c, c) }

func isCA(c *x509.Certificate) bool { return c.BasicConstraintsValid && c.IsCA }

func isValidAt(c *x509.Certificate, now time.Time) bool {
	return !now.Before(c.NotBefore) && !now.After(c.NotAfter)
}

// pathOf returns the certificates from c up to its root, as far as pool has them: c comes first.
func pathOf(c *x509.Certificate, pool []*x509.Certificate, now time.Time) []*x509.Certificate {
	path := []*x509.Certificate{c}
	for !isSelfSigned(c) {
		c = issuerOf(c, path, pool, now)
		if c == nil {
			break
		}
		path = append(path, c)
	}
	return path
}

// issuerOf chooses among the issuers of c that are in pool and not in path yet: one that is valid, then one that ends the path, then the
// one that lasts longest. It returns nil when there is none.
func issuerOf(c *x509.Certificate, path, pool []*x509.Certificate, now time.Time) *x509.Certificate {
	var best *x509.Certificate
	for _, candidate := range pool {
		if contains(path, candidate) || !signedBy(c, candidate) {
			continue
		}
		if best == nil || isBetter(candidate, best, now) {
			best = candidate
		}
	}
	return best
}

func isBetter(a, b *x509.Certificate, now time.Time) bool {
	if isValidAt(a, now) != isValidAt(b, now) {
		return isValidAt(a, now)
	}
	if isSelfSigned(a) != isSelfSigned(b) {
		return isSelfSigned(a)
	}
	return a.NotAfter.After(b.NotAfter)
}

func contains(certs []*x509.Certificate, wanted *x509.Certificate) bool {
	return slices.ContainsFunc(certs, wanted.Equal)
}
