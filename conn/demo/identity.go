package demo

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"time"
)

// identityLife is how long the certificates are valid: a demo left running
// should not turn into a lesson on expiry.
const identityLife = 365 * 24 * time.Hour

// identity is the server's certificate and the authority that vouches for it. The
// authority's key is gone once the certificate is signed.
type identity struct {
	certificate tls.Certificate
	ca          []byte // PEM
}

func newIdentity(now time.Time) (identity, error) {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return identity{}, err
	}
	ca, err := certify(&x509.Certificate{
		Subject:  pkix.Name{CommonName: "redan demo CA"},
		IsCA:     true,
		KeyUsage: x509.KeyUsageCertSign,
	}, nil, caKey, caKey, now)
	if err != nil {
		return identity{}, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return identity{}, err
	}
	leaf, err := certify(&x509.Certificate{
		Subject:     pkix.Name{CommonName: "redan demo"},
		DNSNames:    []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, ca, key, caKey, now)
	if err != nil {
		return identity{}, err
	}
	return identity{
		certificate: tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf},
		ca:          pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Raw}),
	}, nil
}

// certify completes a template and signs it; without an issuer by itself.
func certify(template, issuer *x509.Certificate, key, issuerKey *ecdsa.PrivateKey, now time.Time) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial
	template.NotBefore = now.Add(-time.Hour) // clocks in containers drift
	template.NotAfter = now.Add(identityLife)
	template.BasicConstraintsValid = true
	if issuer == nil {
		issuer = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, key.Public(), issuerKey)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// writeCA writes the authority's certificate to a new file in dir.
func (i identity) writeCA(dir string) (path string, err error) {
	if dir == "" {
		return "", errors.New("the authority's certificate needs a directory: set Options.Dir")
	}
	file, err := os.CreateTemp(dir, "redan-demo-ca-*.pem")
	if err != nil {
		return "", err
	}
	_, err = file.Write(i.ca)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(file.Name()))
	}
	return file.Name(), nil
}
