package certreport

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"net"
	"slices"
	"strconv"
	"strings"

	"redan/conn/cert"
)

// details writes what only those want to know who asked for everything.
func (b showBlock) details(c *x509.Certificate) {
	b.digest("sha1", showSHA1(c.Raw))
	b.digest("key sha256", fingerprint(c.RawSubjectPublicKeyInfo))
	b.fact("serial", say(serial(c)))
	b.fact("version", say(strconv.Itoa(c.Version)))
	for i, extension := range c.Extensions {
		label := ""
		if i == 0 {
			label = "extensions"
		}
		name := cert.ExtensionName(extension.Id)
		if extension.Critical {
			name += " (critical)"
		}
		b.fact(label, say(name+":"), say(b.bulk(showExtension(c, extension))))
	}
	b.fact("sig. value", b.hexadecimal(c.Signature)...)
}

// longestBulk bounds the text of an extension, in bytes.
const longestBulk = 16 << 10

// bulk is prose of which more is shown, since everything was asked for.
func (s Style) bulk(text string) string { return escape(bounded(text, longestBulk), s.ASCII) }

// hexadecimal returns data in pieces that a line can be broken between.
func (b showBlock) hexadecimal(data []byte) []piece {
	const piecewise, most = 16, 4 << 10 // bytes
	var parts []piece
	for chunk := range slices.Chunk(data[:min(len(data), most)], piecewise) {
		parts = append(parts, say(hex.EncodeToString(chunk)))
	}
	if len(data) > most {
		parts = append(parts, say("and "+strconv.Itoa(len(data)-most)+" bytes more"))
	}
	return parts
}

// showExtension puts the content of an extension into words; what has none is in hexadecimal.
func showExtension(c *x509.Certificate, extension pkix.Extension) string {
	switch cert.ExtensionName(extension.Id) {
	case "keyUsage":
		return strings.Join(keyUsages(c), ", ")
	case "extKeyUsage":
		return strings.Join(cert.ExtendedKeyUsages(c), ", ")
	case "basicConstraints":
		return showConstraints(c)
	case "subjectAltName":
		return "see names"
	case "subjectKeyIdentifier":
		return hex.EncodeToString(c.SubjectKeyId)
	case "authorityKeyIdentifier":
		if len(c.AuthorityKeyId) > 0 {
			return hex.EncodeToString(c.AuthorityKeyId)
		}
	case "nameConstraints":
		return showNameConstraints(c)
	case "cRLDistributionPoints":
		return strings.Join(c.CRLDistributionPoints, ", ")
	case "authorityInfoAccess":
		return showAccess(c)
	case "certificatePolicies":
		return strings.Join(showPolicies(c), ", ")
	case "tlsFeature":
		if hex.EncodeToString(extension.Value) == "3003020105" {
			return "an OCSP answer must be stapled"
		}
	case "signedCertificateTimestamps":
		return strconv.Itoa(len(extension.Value)) + " bytes"
	case "nsCertType":
		return strings.Join(cert.NetscapeTypes(c), ", ")
	case "nsComment":
		if len(extension.Value) > 2 {
			return string(extension.Value[2:])
		}
	}
	const most = 64 // bytes
	text := strconv.Itoa(len(extension.Value)) + " bytes " + hex.EncodeToString(extension.Value[:min(len(extension.Value), most)])
	if len(extension.Value) > most {
		text += "..."
	}
	return text
}

func showConstraints(c *x509.Certificate) string {
	switch {
	case !c.IsCA:
		return "no CA"
	case c.MaxPathLen > 0 || c.MaxPathLenZero:
		return "CA, pathlen " + strconv.Itoa(c.MaxPathLen)
	default:
		return "CA"
	}
}

// showNameConstraints says for what names a CA may issue.
func showNameConstraints(c *x509.Certificate) string {
	networks := func(list []*net.IPNet) []string {
		texts := make([]string, 0, len(list))
		for _, n := range list {
			texts = append(texts, n.String())
		}
		return texts
	}
	var texts []string
	add := func(what string, lists ...[]string) {
		if all := slices.Concat(lists...); len(all) > 0 {
			texts = append(texts, what+" "+strings.Join(all, ", "))
		}
	}
	add("permitted", c.PermittedDNSDomains, networks(c.PermittedIPRanges), c.PermittedEmailAddresses, c.PermittedURIDomains)
	add("excluded", c.ExcludedDNSDomains, networks(c.ExcludedIPRanges), c.ExcludedEmailAddresses, c.ExcludedURIDomains)
	return strings.Join(texts, "; ")
}

// showAccess says where to ask about a certificate and where its issuer's is.
func showAccess(c *x509.Certificate) string {
	var texts []string
	if len(c.OCSPServer) > 0 {
		texts = append(texts, "OCSP "+strings.Join(c.OCSPServer, ", "))
	}
	if len(c.IssuingCertificateURL) > 0 {
		texts = append(texts, "issuer at "+strings.Join(c.IssuingCertificateURL, ", "))
	}
	return strings.Join(texts, "; ")
}

func showPolicies(c *x509.Certificate) []string {
	policies := make([]string, 0, len(c.Policies))
	for _, oid := range c.Policies {
		policies = append(policies, oid.String())
	}
	return policies
}
