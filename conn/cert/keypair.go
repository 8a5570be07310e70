package cert

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
)

// LoadKeyPair is [Loader.LoadKeyPair] with the real files.
func LoadKeyPair(certFile, keyFile string, pass Passphrase) (tls.Certificate, error) {
	return Loader{Passphrase: pass}.LoadKeyPair(certFile, keyFile)
}

// LoadKeyPair loads a client certificate, with the chain that follows it in its file, and its private key. keyFile may be empty when
// the certificate's file holds the key too, as PKCS#12 does. Without any file it returns the zero value. Errors are [*FileError].
func (l Loader) LoadKeyPair(certFile, keyFile string) (tls.Certificate, error) {
	if certFile == "" && keyFile == "" {
		return tls.Certificate{}, nil
	}
	if certFile == "" {
		return tls.Certificate{}, &FileError{
			Code: CodeCertMissing, Role: RoleCert, Path: keyFile, Detail: "is a key (--key) given without its certificate",
			Fix: "add --cert FILE",
		}
	}
	certs, err := l.open(certFile, RoleCert)
	if err != nil {
		return tls.Certificate{}, err
	}
	keys := certs
	keys.source.role = RoleKey
	if keyFile != "" && keyFile != certFile {
		if keys, err = l.open(keyFile, RoleKey); err != nil {
			return tls.Certificate{}, err
		}
	}
	return pair(certs, keys, keyFile != "")
}

func (l Loader) open(path string, role Role) (contents, error) {
	data, err := l.read(path, role)
	if err != nil {
		return contents{}, err
	}
	return source{path: path, role: role, pass: l.Passphrase}.open(data)
}

// pair makes the key pair of the contents of two files, which may be one.
func pair(certs, keys contents, keyGiven bool) (tls.Certificate, error) {
	switch {
	case len(certs.certs) == 0 && len(certs.keys) > 0 && keyGiven && len(keys.keys) == 0 && len(keys.certs) > 0:
		return tls.Certificate{}, certs.source.fail(CodeFilesSwapped,
			"holds a private key, and "+keys.source.path+" holds a certificate: the two are swapped",
			"use --cert "+keys.source.path+" --key "+certs.source.path, nil)
	case len(certs.certs) == 0:
		return tls.Certificate{}, certs.lacks("a certificate")
	case len(keys.keys) == 0 && !keyGiven:
		return tls.Certificate{}, keys.source.fail(CodeKeyMissing, "holds a certificate without its private key", "add --key FILE", nil)
	case len(keys.keys) == 0:
		return tls.Certificate{}, keys.lacks("a private key")
	}
	key, err := keys.keys[0].unseal(keys.source)
	if err != nil {
		return tls.Certificate{}, err
	}
	if err := match(certs, keys.source, key); err != nil {
		return tls.Certificate{}, err
	}
	loaded := tls.Certificate{PrivateKey: key, Leaf: certs.certs[0]}
	for _, c := range certs.certs {
		loaded.Certificate = append(loaded.Certificate, c.Raw)
	}
	return loaded, nil
}

// match checks that key belongs to the first certificate. crypto/tls and OpenSSL say no more than that it does not.
func match(certs contents, keyFile source, key crypto.PrivateKey) error {
	public, ok := publicKey(key)
	if !ok {
		return keyFile.fail(CodeKeyUnsupported, fmt.Sprintf("holds a key that TLS here cannot use (%T)", key),
			usableKeys, nil)
	}
	leaf := certs.certs[0]
	if public.Equal(leaf.PublicKey) {
		return nil
	}
	for i, c := range certs.certs[1:] {
		if public.Equal(c.PublicKey) {
			return certs.source.fail(CodeChainOrder, fmt.Sprintf(
				"has the certificates in the wrong order: the key belongs to number %d (%s), which must come first", i+2, subject(c)),
				"put that certificate first and its issuers behind it", nil)
		}
	}
	return keyFile.fail(CodeKeyMismatch,
		fmt.Sprintf("is not the key of the certificate in %s: the key is %s, the certificate (%s) was made for %s",
			certs.source.path, describeKey(public), subject(leaf), describeKey(leaf.PublicKey)),
		"give the key this certificate was made with; both print the same with openssl x509 -noout -pubkey -in "+certs.source.path+
			" and openssl pkey -pubout -in "+keyFile.path, nil)
}

// describeKey names kind, size and fingerprint of a public key: "RSA 2048 (sha256 1a2b3c4d)".
func describeKey(public crypto.PublicKey) string {
	kind := fmt.Sprintf("%T", public)
	switch public := public.(type) {
	case *rsa.PublicKey:
		kind = fmt.Sprintf("RSA %d", public.N.BitLen())
	case *ecdsa.PublicKey:
		kind = "ECDSA " + public.Curve.Params().Name
	case ed25519.PublicKey:
		kind = "Ed25519"
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return kind
	}
	sum := sha256.Sum256(der)
	return kind + " (sha256 " + hex.EncodeToString(sum[:4]) + ")"
}
