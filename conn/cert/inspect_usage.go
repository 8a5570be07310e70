package cert

import (
	"crypto"
	"crypto/dsa" //nolint:staticcheck // such keys are named, not used
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// KeyKind names the kind and size of a public key: "EC P-256", "RSA 2048", "Ed25519".
func KeyKind(public crypto.PublicKey) string {
	switch public := public.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", public.N.BitLen())
	case *ecdsa.PublicKey:
		return "EC " + public.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	case *ecdh.PublicKey:
		return fmt.Sprint(public.Curve())
	case *dsa.PublicKey:
		return fmt.Sprintf("DSA %d", public.P.BitLen())
	default:
		return "unknown kind of key"
	}
}

// Usage is what a certificate may be used for.
type Usage struct {
	Server, Client bool // at the two ends of a TLS connection
	Limited        bool // the certificate says so itself; otherwise nothing in it speaks against
	CA             bool // it may issue certificates
	PathLen        int  // how many CAs may stand between a CA and a leaf; -1 for any number
	// NoSign says that a CA lacks the key usage for signing certificates, which makes it useless as such.
	NoSign bool
	Others []string // further purposes, as [ExtendedKeyUsages] names them
}

// UsageOf tells what c may be used for by its basic constraints, key usages, extended key usages and old Netscape type.
func UsageOf(c *x509.Certificate) Usage {
	u := Usage{Server: true, Client: true, PathLen: -1}
	if c.BasicConstraintsValid && c.IsCA {
		u.CA = true
		u.NoSign = c.KeyUsage != 0 && c.KeyUsage&x509.KeyUsageCertSign == 0
		if c.MaxPathLen > 0 || c.MaxPathLenZero {
			u.PathLen = c.MaxPathLen
		}
	}
	if purposes := ExtendedKeyUsages(c); len(purposes) > 0 && !slices.Contains(purposes, "any") {
		u.Limited = true
		u.Server, u.Client = slices.Contains(purposes, "serverAuth"), slices.Contains(purposes, "clientAuth")
		u.Others = slices.DeleteFunc(purposes, func(p string) bool { return p == "serverAuth" || p == "clientAuth" })
	}
	if kind, ok := netscapeType(c); ok {
		const clientBit, serverBit = 0, 1
		u.Limited = true
		u.Server = u.Server && kind.At(serverBit) == 1
		u.Client = u.Client && kind.At(clientBit) == 1
	}
	return u
}

// netscapeType returns the old extension nsCertType, which test scripts of Redis still set and OpenSSL still obeys.
func netscapeType(c *x509.Certificate) (kind asn1.BitString, ok bool) {
	for _, extension := range c.Extensions {
		if extension.Id.String() == "2.16.840.1.113730.1.1" {
			_, err := asn1.Unmarshal(extension.Value, &kind)
			return kind, err == nil
		}
	}
	return kind, false
}

// NetscapeTypes names what the old extension nsCertType of c allows.
func NetscapeTypes(c *x509.Certificate) []string {
	kind, _ := netscapeType(c)
	var names []string
	for i, name := range [...]string{"client", "server", "email", "objsign", "reserved", "sslCA", "emailCA", "objCA"} {
		if kind.At(i) == 1 {
			names = append(names, name)
		}
	}
	return names
}

// ExtendedKeyUsages names what c was made for, as RFC 5280 does: "serverAuth"; purposes without a name are object identifiers. None means
// that nothing limits it.
func ExtendedKeyUsages(c *x509.Certificate) []string {
	usages := make([]string, 0, len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage))
	for _, usage := range c.ExtKeyUsage {
		usages = append(usages, nameOfPurpose(usage.OID().String()))
	}
	for _, oid := range c.UnknownExtKeyUsage {
		usages = append(usages, nameOfPurpose(oid.String()))
	}
	return usages
}

// nameOfPurpose returns the name of an extended key usage, or oid when it has none.
func nameOfPurpose(oid string) string {
	switch oid {
	case "2.5.29.37.0":
		return "any"
	case "1.3.6.1.5.5.7.3.1":
		return "serverAuth"
	case "1.3.6.1.5.5.7.3.2":
		return "clientAuth"
	case "1.3.6.1.5.5.7.3.3":
		return "codeSigning"
	case "1.3.6.1.5.5.7.3.4":
		return "emailProtection"
	case "1.3.6.1.5.5.7.3.5":
		return "ipsecEndSystem"
	case "1.3.6.1.5.5.7.3.6":
		return "ipsecTunnel"
	case "1.3.6.1.5.5.7.3.7":
		return "ipsecUser"
	case "1.3.6.1.5.5.7.3.8":
		return "timeStamping"
	case "1.3.6.1.5.5.7.3.9":
		return "OCSPSigning"
	case "1.3.6.1.4.1.311.10.3.3":
		return "msSGC"
	case "2.16.840.1.113730.4.1":
		return "nsSGC"
	default:
		return oid
	}
}

// purposes names the object identifiers that list holds one behind the other.
func purposes(list cryptobyte.String) []string {
	var names []string
	var oid asn1.ObjectIdentifier
	for !list.Empty() && list.ReadASN1ObjectIdentifier(&oid) {
		names = append(names, nameOfPurpose(oid.String()))
	}
	return names
}

// StandingOf returns what there is to say of the dates of c, with the thresholds that count when none are given.
func StandingOf(c *x509.Certificate, now time.Time) Standing {
	warn, _ := thresholdsFor(c, Threshold{}, Threshold{}, true)
	switch {
	case now.After(c.NotAfter):
		return StandingExpired
	case now.Before(c.NotBefore):
		return StandingFuture
	case warn.Reached(c, now):
		return StandingSoon
	default:
		return StandingOK
	}
}

// OtherNames returns the subjectAltNames that are no host, address, e-mail address or URI, which crypto/x509 passes over: "otherName
// 1.3.6.1.4.1.311.20.2.3", "directoryName".
func OtherNames(extensions []byte) []string {
	input := cryptobyte.String(extensions)
	var list cryptobyte.String
	if !input.ReadASN1(&list, cbasn1.SEQUENCE) {
		return nil
	}
	var names []string
	for !list.Empty() {
		var value cryptobyte.String
		var tag cbasn1.Tag
		if !list.ReadAnyASN1(&value, &tag) {
			break
		}
		switch number := tag &^ 0xe0; number { //nolint:exhaustive // these are numbers of a choice, not ASN.1's own
		case 0:
			name := "otherName"
			var oid asn1.ObjectIdentifier
			if value.ReadASN1ObjectIdentifier(&oid) {
				name += " " + oid.String()
			}
			names = append(names, name)
		case 3:
			names = append(names, "x400Address")
		case 4:
			names = append(names, strings.TrimSpace("directoryName "+directoryName(value)))
		case 5:
			names = append(names, "ediPartyName")
		case 8:
			names = append(names, "registeredID")
		}
	}
	return names
}
