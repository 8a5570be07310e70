package cert

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
	"software.sslmate.com/src/go-pkcs12"
)

func oidSignedData() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2} }

var errPKCS7 = errors.New("not a signed-data structure")

// isPKCS7 reports whether der is PKCS#7 signed data: a sequence of its object identifier and the rest.
func isPKCS7(der []byte) bool {
	_, ok := signedData(der)
	return ok
}

// signedData returns what is inside the SignedData sequence of RFC 5652.
func signedData(der []byte) (cryptobyte.String, bool) {
	input := cryptobyte.String(der)
	var info, explicit, signed cryptobyte.String
	var kind asn1.ObjectIdentifier
	ok := input.ReadASN1(&info, cbasn1.SEQUENCE) && info.ReadASN1ObjectIdentifier(&kind) && kind.Equal(oidSignedData()) &&
		info.ReadASN1(&explicit, cbasn1.Tag(0).ContextSpecific().Constructed()) && explicit.ReadASN1(&signed, cbasn1.SEQUENCE)
	return signed, ok
}

// parsePKCS7 returns the certificates of PKCS#7 signed data, which is how .p7b files carry chains. Signatures do not matter here.
func parsePKCS7(der []byte) ([]*x509.Certificate, error) {
	signed, ok := signedData(der)
	var certs cryptobyte.String
	var present bool
	ok = ok && signed.SkipASN1(cbasn1.INTEGER) && signed.SkipASN1(cbasn1.SET) && signed.SkipASN1(cbasn1.SEQUENCE) &&
		signed.ReadOptionalASN1(&certs, &present, cbasn1.Tag(0).ContextSpecific().Constructed())
	if !ok {
		return nil, errPKCS7
	}
	return x509.ParseCertificates(certs)
}

// isPKCS12 reports whether der is a PFX: version 3, then a ContentInfo and not the TBS part of anything else.
func isPKCS12(der []byte) bool {
	input := cryptobyte.String(der)
	var pfx, info cryptobyte.String
	var version int
	var kind asn1.ObjectIdentifier
	return input.ReadASN1(&pfx, cbasn1.SEQUENCE) && pfx.ReadASN1Integer(&version) && version == 3 &&
		pfx.ReadASN1(&info, cbasn1.SEQUENCE) && info.ReadASN1ObjectIdentifier(&kind)
}

// openPKCS12 reads a PKCS#12 file, without a passphrase if that works.
func (s source) openPKCS12(der []byte) (contents, error) {
	c, err := s.decodePKCS12(der, "")
	if !errors.Is(err, pkcs12.ErrIncorrectPassword) && !errors.Is(err, pkcs12.ErrDecryption) {
		return c, s.explainPKCS12(err)
	}
	passphrase, err := s.ask()
	if err != nil {
		return c, err
	}
	c, err = s.decodePKCS12(der, string(passphrase))
	return c, s.explainPKCS12(err)
}

func (s source) explainPKCS12(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pkcs12.ErrIncorrectPassword), errors.Is(err, pkcs12.ErrDecryption):
		return s.wrongPassphrase(err)
	default:
		return s.fail(CodeFileUnsupported, "is PKCS#12 that this program cannot use ("+err.Error()+")",
			"convert it to PEM: openssl pkcs12 -in "+s.path+" -out NEW.pem", err)
	}
}

// decodePKCS12 reads the key and the certificates of a PKCS#12 file. The certificate of the key comes first and its issuers follow it,
// since the format keeps no order.
func (s source) decodePKCS12(der []byte, passphrase string) (contents, error) {
	c := contents{source: s}
	key, leaf, issuers, err := pkcs12.DecodeChain(der, passphrase)
	switch {
	case err == nil:
		c.keys = []sealedKey{{label: labelPKCS8, open: key}}
		c.certs = orderChain(key, append([]*x509.Certificate{leaf}, issuers...))
		return c, nil
	case errors.Is(err, pkcs12.ErrIncorrectPassword), errors.Is(err, pkcs12.ErrDecryption):
		return c, err
	}
	// A file without a key: Java's trust stores mark their certificates; others cannot be read.
	if certs, trustErr := pkcs12.DecodeTrustStore(der, passphrase); trustErr == nil {
		c.certs = certs
		return c, nil
	}
	return c, err
}

// orderChain returns certs with the certificate of key first, then its issuers as far as they go, then the rest.
func orderChain(key crypto.PrivateKey, certs []*x509.Certificate) []*x509.Certificate {
	var chain []*x509.Certificate
	rest := append([]*x509.Certificate(nil), certs...)
	take := func(wanted func(*x509.Certificate) bool) bool {
		for i, c := range rest {
			if wanted(c) {
				chain = append(chain, c)
				rest = append(rest[:i], rest[i+1:]...)
				return true
			}
		}
		return false
	}
	public, ok := publicKey(key)
	found := ok && take(func(c *x509.Certificate) bool { return public.Equal(c.PublicKey) })
	for found {
		last := chain[len(chain)-1]
		found = take(func(c *x509.Certificate) bool { return bytes.Equal(c.RawSubject, last.RawIssuer) })
	}
	return append(chain, rest...)
}
