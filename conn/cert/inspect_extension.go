package cert

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"strings"
)

// ExtensionName returns what an extension of certificates is called in RFC 5280 and its kin, or oid itself.
func ExtensionName(oid asn1.ObjectIdentifier) string {
	const names = `
2.5.29.14 subjectKeyIdentifier
2.5.29.15 keyUsage
2.5.29.16 privateKeyUsagePeriod
2.5.29.17 subjectAltName
2.5.29.18 issuerAltName
2.5.29.19 basicConstraints
2.5.29.30 nameConstraints
2.5.29.31 cRLDistributionPoints
2.5.29.32 certificatePolicies
2.5.29.33 policyMappings
2.5.29.35 authorityKeyIdentifier
2.5.29.36 policyConstraints
2.5.29.37 extKeyUsage
2.5.29.46 freshestCRL
2.5.29.54 inhibitAnyPolicy
1.3.6.1.5.5.7.1.1 authorityInfoAccess
1.3.6.1.5.5.7.1.11 subjectInfoAccess
1.3.6.1.5.5.7.1.24 tlsFeature
1.3.6.1.4.1.11129.2.4.2 signedCertificateTimestamps
2.16.840.1.113730.1.1 nsCertType
2.16.840.1.113730.1.13 nsComment
`
	text := oid.String()
	for line := range strings.Lines(names) {
		if number, name, ok := strings.Cut(strings.TrimSpace(line), " "); ok && number == text {
			return name
		}
	}
	return text
}

// SubjectAltName returns the content of c's extension of that name, nil without one.
func SubjectAltName(c *x509.Certificate) []byte {
	for _, extension := range c.Extensions {
		if extension.Id.String() == "2.5.29.17" {
			return extension.Value
		}
	}
	return nil
}

// directoryName returns a distinguished name in the form of RFC 2253, or nothing.
func directoryName(der []byte) string {
	var sequence pkix.RDNSequence
	if _, err := asn1.Unmarshal(der, &sequence); err != nil {
		return ""
	}
	return sequence.String()
}
