package issue

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
)

// The sizes of RSA keys, in bits: OpenSSL's default security level, which Redis keeps, refuses smaller ones, and Go's TLS larger ones.
const (
	minRSA = 2048
	maxRSA = 8192
)

// CheckRSA refuses sizes of RSA keys, in bits, that are not worth making. 0 stands for ECDSA P-256.
func CheckRSA(bits int) error {
	switch bits {
	case 0, minRSA, 3072, 4096:
		return nil
	}
	what := fmt.Sprintf("RSA keys of %d bits are not made here", bits)
	if bits < minRSA {
		return refuse(what+": OpenSSL 3 and Redis refuse fewer than 2048", "use 2048, 3072 or 4096, or leave it out for ECDSA P-256")
	}
	return refuse(what, "use 2048, 3072 or 4096; larger ones only cost time in every handshake")
}

// newKey makes a private key: RSA of that many bits, or for 0 ECDSA P-256, which everything that speaks to Redis accepts and which is
// by far the fastest for the server.
func newKey(rsaBits int) (crypto.Signer, error) {
	if err := CheckRSA(rsaBits); err != nil {
		return nil, err
	}
	if rsaBits > 0 {
		return rsa.GenerateKey(rand.Reader, rsaBits)
	}
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

// publicKeyFault says why a public key is of no use with Redis, or nothing.
func publicKeyFault(public crypto.PublicKey) string {
	switch public := public.(type) {
	case *rsa.PublicKey:
		switch bits := public.N.BitLen(); {
		case bits < minRSA:
			return fmt.Sprintf("has an RSA key of %d bits; OpenSSL 3 and Redis refuse fewer than 2048", bits)
		case bits > maxRSA:
			return fmt.Sprintf("has an RSA key of %d bits; clients written in Go refuse more than 8192", bits)
		}
		return ""
	case *ecdsa.PublicKey:
		if public.Curve == elliptic.P224() {
			return "has a key on the curve P-224, which TLS has given up"
		}
		return ""
	case ed25519.PublicKey:
		return ""
	}
	return fmt.Sprintf("has a key that TLS cannot use (%T)", public)
}

// newSerial returns a random positive serial number of up to 127 bits. No two certificates of a CA may share one.
func newSerial() (*big.Int, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	if serial.Sign() == 0 {
		return nil, errors.New("the system's random numbers are not random")
	}
	return serial, nil
}

// keyID returns the subject key identifier of a public key: the first 160 bits of the key's SHA-256 (RFC 7093, method 1).
func keyID(public crypto.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, err
	}
	var info struct {
		Algorithm asn1.RawValue
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(info.Key.RightAlign())
	return sum[:20], nil
}
