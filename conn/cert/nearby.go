package cert

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
)

// ReadNearby returns what data, the content of the file at path, holds for [Expectation.Nearby], and false when that is nothing. Encrypted
// keys are passed over: nobody is asked for a passphrase by the way.
func ReadNearby(path string, data []byte) (NearbyFile, bool) {
	file := NearbyFile{Path: path}
	held, err := source{path: path, role: RoleCA}.open(data)
	if err != nil {
		return file, false
	}
	file.Certificates = held.certs
	if len(held.keys) > 0 {
		if key, err := held.keys[0].unseal(held.source); err == nil {
			if public, ok := publicKey(key); ok {
				file.KeySPKI = SPKI(public)
			}
		}
	}
	return file, len(file.Certificates) > 0 || file.KeySPKI != ""
}

// SPKI returns the SHA-256 of a public key (SubjectPublicKeyInfo) in hexadecimal, or "" for a key that has no such form. Certificate and key
// belong together when it is the same for both.
func SPKI(public crypto.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}
