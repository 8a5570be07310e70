package certreport

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"

	"redan/conn/cert"
)

// pathOf returns the way from the server's certificate up, and what else was sent and belongs to no way.
func pathOf(links []cert.Link) (path, others []cert.Link) {
	for i, link := range links {
		if i > 0 && (path[i-1].Trusted || string(path[i-1].Cert.RawIssuer) != string(link.Cert.RawSubject)) {
			return path, links[i:]
		}
		path = append(path, link)
	}
	return path, nil
}

// shortName is what people call a certificate: its common name, else the first name it is for, else its subject.
func shortName(c *x509.Certificate) string {
	names := cert.Names(c)
	switch {
	case c.Subject.CommonName != "":
		return c.Subject.CommonName
	case len(names) > 0:
		return names[0]
	case c.Subject.String() != "":
		return c.Subject.String()
	default:
		return "without name, serial " + serial(c)
	}
}

// distinctNames returns a name for each certificate, the shortest in which those that differ look different.
func distinctNames(links []cert.Link) []string {
	forms := []func(*x509.Certificate) string{
		shortName,
		func(c *x509.Certificate) string { return c.Subject.String() },
		func(c *x509.Certificate) string { return shortName(c) + " (sha256 " + fingerprint(c.Raw)[:16] + ")" },
	}
	names := make([]string, len(links))
	level := make([]int, len(links))
	for round := range forms {
		count := map[string]int{}
		for i, link := range links {
			names[i] = forms[level[i]](link.Cert)
			count[escape(names[i], true)]++
		}
		for i := range links {
			if count[escape(names[i], true)] > 1 {
				level[i] = min(round+1, len(forms)-1)
			}
		}
	}
	return names
}

// serial is the serial number in hexadecimal, two digits a byte.
func serial(c *x509.Certificate) string {
	if c.SerialNumber == nil || c.SerialNumber.Sign() == 0 {
		return "00"
	}
	sign := ""
	if c.SerialNumber.Sign() < 0 {
		sign = "-"
	}
	return sign + hex.EncodeToString(c.SerialNumber.Bytes())
}

// fingerprint is a SHA-256 in hexadecimal.
func fingerprint(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// keyUsages names the bits of keyUsage as RFC 5280 does.
func keyUsages(c *x509.Certificate) []string {
	names := []string{
		"digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign",
		"encipherOnly", "decipherOnly",
	}
	used := []string{}
	for i, name := range names {
		if c.KeyUsage&(1<<i) != 0 {
			used = append(used, name)
		}
	}
	return used
}

// isSelfIssued reports whether a certificate names itself as its issuer.
func isSelfIssued(c *x509.Certificate) bool { return string(c.RawIssuer) == string(c.RawSubject) }

// isSelfSigned reports whether a certificate is signed with its own key. Some recipes give the CA and the server the same name, so that names
// do not suffice.
func isSelfSigned(c *x509.Certificate) bool {
	return isSelfIssued(c) && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}
