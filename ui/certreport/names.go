package certreport

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"strconv"
	"strings"

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

// keyKind names a public key: "EC P-256", "RSA 2048".
func keyKind(c *x509.Certificate) string {
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		if key.N == nil {
			return "RSA"
		}
		return "RSA " + strconv.Itoa(key.N.BitLen())
	case *ecdsa.PublicKey:
		if key.Curve == nil {
			return "EC"
		}
		return "EC " + key.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	default:
		return strings.TrimPrefix(c.PublicKeyAlgorithm.String(), "Unknown")
	}
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

// extendedKeyUsages names what extendedKeyUsage allows, as RFC 5280 does, and by number what has no name here.
func extendedKeyUsages(c *x509.Certificate) []string {
	used := []string{}
	for _, usage := range c.ExtKeyUsage {
		switch usage {
		case x509.ExtKeyUsageAny:
			used = append(used, "any")
		case x509.ExtKeyUsageServerAuth:
			used = append(used, "serverAuth")
		case x509.ExtKeyUsageClientAuth:
			used = append(used, "clientAuth")
		case x509.ExtKeyUsageCodeSigning:
			used = append(used, "codeSigning")
		case x509.ExtKeyUsageEmailProtection:
			used = append(used, "emailProtection")
		case x509.ExtKeyUsageTimeStamping:
			used = append(used, "timeStamping")
		case x509.ExtKeyUsageOCSPSigning:
			used = append(used, "OCSPSigning")
		default:
			used = append(used, "usage "+strconv.Itoa(int(usage)))
		}
	}
	for _, id := range c.UnknownExtKeyUsage {
		used = append(used, id.String())
	}
	return used
}

// isSelfIssued reports whether a certificate names itself as its issuer.
func isSelfIssued(c *x509.Certificate) bool { return string(c.RawIssuer) == string(c.RawSubject) }
