package issue

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"

	"software.sslmate.com/src/go-pkcs12"
)

// EncodeCertificates returns certificates as PEM, in their order.
func EncodeCertificates(certs ...*x509.Certificate) []byte {
	var b bytes.Buffer
	for _, c := range certs {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	}
	return b.Bytes()
}

func encodeKey(key crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// DefaultPassphrase is the passphrase of PKCS#12 files for which none is given: Java's, which every tool that insists on one is tried
// with first. It protects nothing; the mode of the file does.
const DefaultPassphrase = pkcs12.DefaultPassword

// encodePKCS12 returns key, certificate and issuers in one PKCS#12 file, as OpenSSL 3 and Java 20 write it.
func encodePKCS12(key crypto.Signer, leaf *x509.Certificate, issuers []*x509.Certificate, passphrase string) ([]byte, error) {
	return pkcs12.Modern2023.Encode(key, leaf, issuers, passphrase)
}
