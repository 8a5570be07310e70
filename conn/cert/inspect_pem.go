package cert

import (
	"crypto"
	"crypto/x509"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// addBlock adds what a PEM block holds.
func (in *inspector) addBlock(b block) {
	at := Item{Line: b.line}
	if b.err != nil {
		in.damaged(at, b.err)
		return
	}
	switch b.label {
	case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE":
		in.addCertificate(b.der, at)
	case "PKCS7", "PKCS #7 SIGNED DATA", "CMS":
		in.addPKCS7(b.der, at)
	case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST":
		request, err := x509.ParseCertificateRequest(b.der)
		in.addRequest(request, err, at)
	case "X509 CRL":
		list, err := x509.ParseRevocationList(b.der)
		in.addCRL(list, err, at)
	case "PUBLIC KEY", "RSA PUBLIC KEY":
		in.addPublicKey(b.der, at)
	case "EC PARAMETERS", "DH PARAMETERS", "X9.42 DH PARAMETERS", "DSA PARAMETERS":
		at.Kind, at.What = ItemParameters, nameOfParameters(b.label, b.der)
		in.add(at)
	default:
		if strings.HasSuffix(b.label, "PRIVATE KEY") {
			in.addKey(sealedKey{label: b.label, headers: b.headers, der: b.der, where: at.where()}, at)
			return
		}
		at.Kind, at.What = ItemUnknown, nameOfLabel(b.label)
		in.add(at)
	}
}

func (in *inspector) addRequest(request *x509.CertificateRequest, err error, at Item) {
	if err != nil {
		in.damaged(at, fmt.Errorf("%sthe certificate request cannot be read: %w", at.where(), err))
		return
	}
	at.Kind, at.Request, at.Key = ItemRequest, request, publicFacts(request.PublicKey)
	in.add(at)
}

func (in *inspector) addCRL(list *x509.RevocationList, err error, at Item) {
	if err != nil {
		in.damaged(at, fmt.Errorf("%sthe revocation list cannot be read: %w", at.where(), err))
		return
	}
	at.Kind, at.List = ItemCRL, list
	in.add(at)
}

func (in *inspector) addPublicKey(der []byte, at Item) {
	public, err := parsePublicKey(der)
	if err != nil {
		in.damaged(at, fmt.Errorf("%sthe public key cannot be read: %w", at.where(), err))
		return
	}
	at.Kind, at.Key = ItemPublicKey, publicFacts(public)
	in.add(at)
}

func parsePublicKey(der []byte) (crypto.PublicKey, error) {
	public, err := x509.ParsePKIXPublicKey(der)
	if err == nil {
		return public, nil
	}
	if public, rsaErr := x509.ParsePKCS1PublicKey(der); rsaErr == nil {
		return public, nil
	}
	return nil, err
}

func publicFacts(public crypto.PublicKey) *KeyFacts {
	return &KeyFacts{Kind: KeyKind(public), SPKI: SPKI(public)}
}

// addPKCS7 adds the certificates and revocation lists of PKCS#7 signed data.
func (in *inspector) addPKCS7(der []byte, at Item) {
	at.Container = "PKCS#7"
	certs, err := parsePKCS7(der)
	if err != nil {
		in.damaged(at, fmt.Errorf("%sthe PKCS#7 data cannot be read: %w", at.where(), err))
		return
	}
	before := len(in.items)
	for _, c := range certs {
		held := at
		held.Kind, held.Certificate = ItemCertificate, c
		in.add(held)
	}
	for _, element := range revocationLists(der) {
		list, err := x509.ParseRevocationList(element)
		in.addCRL(list, err, at)
	}
	if len(in.items) == before {
		at.Kind, at.What = ItemUnknown, "PKCS#7 data without certificates"
		in.add(at)
	}
}

// revocationLists returns the elements of the field crls of PKCS#7 signed data.
func revocationLists(der []byte) [][]byte {
	signed, ok := signedData(der)
	var lists cryptobyte.String
	var present bool
	context := func(tag asn1.Tag) asn1.Tag { return tag.ContextSpecific().Constructed() }
	if !ok || !signed.SkipASN1(asn1.INTEGER) || !signed.SkipASN1(asn1.SET) || !signed.SkipASN1(asn1.SEQUENCE) ||
		!signed.SkipOptionalASN1(context(asn1.Tag(0))) || !signed.ReadOptionalASN1(&lists, &present, context(asn1.Tag(1))) {
		return nil
	}
	var elements [][]byte
	for !lists.Empty() {
		var element cryptobyte.String
		if !lists.ReadASN1Element(&element, asn1.SEQUENCE) {
			break
		}
		elements = append(elements, element)
	}
	return elements
}

// nameOfParameters describes what programs put before keys, and the file of tls-dh-params-file.
func nameOfParameters(label string, der []byte) string {
	name := strings.TrimSuffix(label, " PARAMETERS") + " parameters"
	input := cryptobyte.String(der)
	var inner cryptobyte.String
	prime := new(big.Int)
	if strings.HasSuffix(label, "DH PARAMETERS") && input.ReadASN1(&inner, asn1.SEQUENCE) && inner.ReadASN1Integer(prime) {
		name += ", " + strconv.Itoa(prime.BitLen()) + " bits"
	}
	return name
}

// TrustSettings are what OpenSSL adds to a TRUSTED CERTIFICATE.
type TrustSettings struct {
	Trusted, Rejected []string // purposes, as [ExtendedKeyUsages] names them
}

// parseTrust reads what follows the certificate in a TRUSTED CERTIFICATE: purposes it is trusted for, those it is rejected for, an alias.
func parseTrust(der []byte) (settings *TrustSettings, alias string, ok bool) {
	input := cryptobyte.String(der)
	var aux, list cryptobyte.String
	var present bool
	if !input.ReadASN1(&aux, asn1.SEQUENCE) {
		return nil, "", false
	}
	found := TrustSettings{}
	if !aux.ReadOptionalASN1(&list, &present, asn1.SEQUENCE) {
		return nil, "", false
	}
	found.Trusted = purposes(list)
	if !aux.ReadOptionalASN1(&list, &present, asn1.Tag(0).ContextSpecific().Constructed()) {
		return nil, "", false
	}
	if present {
		found.Rejected = purposes(list)
	}
	var text cryptobyte.String
	if aux.ReadOptionalASN1(&text, &present, asn1.UTF8String) && present {
		alias = string(text)
	}
	if len(found.Trusted)+len(found.Rejected) > 0 {
		settings = &found
	}
	return settings, alias, true
}
