package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"redan/bench/rig"
)

// certificates makes a CA and a server certificate of the kind most servers have: RSA with 2048 bits.
func certificates(folder string) (rig.Certificates, error) {
	files := rig.Certificates{
		CA: filepath.Join(folder, "ca.crt"), Cert: filepath.Join(folder, "server.crt"), Key: filepath.Join(folder, "server.key"),
	}
	authorityKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return files, err
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return files, err
	}
	now := time.Now()
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "bench CA"}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, 2),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: authority.NotBefore, NotAfter: authority.NotAfter,
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	ca, err := x509.CreateCertificate(rand.Reader, authority, authority, authorityKey.Public(), authorityKey)
	if err != nil {
		return files, err
	}
	cert, err := x509.CreateCertificate(rand.Reader, leaf, authority, key.Public(), authorityKey)
	if err != nil {
		return files, err
	}
	return files, errors.Join(
		writePEM(files.CA, "CERTIFICATE", ca),
		writePEM(files.Cert, "CERTIFICATE", cert),
		writePEM(files.Key, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)),
	)
}

func writePEM(file, kind string, data []byte) error {
	return os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}), 0o600)
}
