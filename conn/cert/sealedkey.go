package cert

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
)

const (
	labelPKCS8     = "PRIVATE KEY"
	labelEncrypted = "ENCRYPTED PRIVATE KEY"
	labelOpenSSH   = "OPENSSH PRIVATE KEY"
	labelDSA       = "DSA PRIVATE KEY"
)

// sealedKey is a private key as it stands in a file, perhaps encrypted.
type sealedKey struct {
	label   string // the PEM label
	headers map[string]string
	der     []byte
	where   string            // "line 3: ", or empty for a binary file
	open    crypto.PrivateKey // set when the key needed no more opening
}

func (k sealedKey) isLegacy() bool { return strings.Contains(k.headers["Proc-Type"], "ENCRYPTED") }

func (k sealedKey) isEncrypted() bool { return k.label == labelEncrypted || k.isLegacy() }

// name says what k is, as "a private key".
func (k sealedKey) name() string {
	switch {
	case k.isEncrypted():
		return "an encrypted private key"
	case k.label == labelOpenSSH:
		return "an OpenSSH private key"
	default:
		return "a private key"
	}
}

// unseal returns the key, asking for the passphrase when it is encrypted.
func (k sealedKey) unseal(s source) (crypto.PrivateKey, error) {
	der := k.der
	var err error
	switch {
	case k.open != nil:
		return k.open, nil
	case k.label == labelOpenSSH:
		return nil, s.fail(CodeFileUnsupported, "holds a key in OpenSSH's own format",
			"convert a copy of it: ssh-keygen -p -m PKCS8 -f COPY", nil)
	case k.isLegacy():
		der, err = k.decryptLegacy(s)
	case k.label == labelEncrypted:
		der, err = k.decryptPKCS8(s)
	}
	if err != nil {
		return nil, err
	}
	key, err := parseKey(der)
	switch {
	case errors.Is(err, errNotKey) && k.isEncrypted():
		// The padding came out right by chance, one time in 256.
		return nil, s.wrongPassphrase(err)
	case err != nil && k.label == labelDSA:
		return nil, s.fail(CodeKeyUnsupported, "holds a DSA key, which TLS has given up", usableKeys, err)
	case err != nil && isWrappedKey(der):
		return nil, s.fail(CodeKeyUnsupported, "holds a private key that TLS here cannot use ("+err.Error()+")", usableKeys, err)
	case err != nil:
		return nil, s.fail(CodeFileGarbled, "is damaged, "+k.where+"the private key cannot be read: "+err.Error(), "get the file again", err)
	}
	return key, nil
}

func (k sealedKey) decryptLegacy(s source) ([]byte, error) {
	algorithm, _, _ := strings.Cut(k.headers["DEK-Info"], ",")
	switch algorithm {
	case "DES-CBC", "DES-EDE3-CBC", "AES-128-CBC", "AES-192-CBC", "AES-256-CBC":
	default:
		return nil, s.unknownCipher(algorithm)
	}
	passphrase, err := s.ask()
	if err != nil {
		return nil, err
	}
	sealed := &pem.Block{Type: k.label, Headers: k.headers, Bytes: k.der}
	//nolint:staticcheck // weak as it is, users have such files and redis-cli reads them
	der, err := x509.DecryptPEMBlock(sealed, passphrase)
	switch {
	case errors.Is(err, x509.IncorrectPasswordError):
		return nil, s.wrongPassphrase(err)
	case err != nil:
		return nil, s.fail(CodeFileGarbled, "is damaged, "+k.where+err.Error(), "get the file again", err)
	}
	return der, nil
}

func (k sealedKey) decryptPKCS8(s source) ([]byte, error) {
	sealed, err := parsePBES2(k.der)
	var unknown unknownAlgorithmError
	switch {
	case errors.As(err, &unknown):
		return nil, s.unknownCipher(string(unknown))
	case err != nil:
		return nil, s.fail(CodeFileGarbled, "is damaged, "+k.where+err.Error(), "get the file again", err)
	}
	passphrase, err := s.ask()
	if err != nil {
		return nil, err
	}
	der, err := sealed.decrypt(passphrase)
	if err != nil {
		return nil, s.wrongPassphrase(err)
	}
	return der, nil
}

// ask returns the passphrase of the file.
func (s source) ask() ([]byte, error) {
	const fix = "give its passphrase: at the terminal, with --key-pass-file FILE, or in REDAN_KEY_PASS"
	if s.pass == nil {
		return nil, s.fail(CodeKeyEncrypted, "is encrypted, and there is no passphrase", fix, nil)
	}
	passphrase, err := s.pass(s.path)
	if err != nil {
		return nil, s.fail(CodeKeyEncrypted, "is encrypted, and its passphrase cannot be had: "+err.Error(), fix, err)
	}
	return passphrase, nil
}

func (s source) wrongPassphrase(err error) *FileError {
	return s.fail(CodeKeyPassphrase, "cannot be decrypted: the passphrase is wrong", "check the passphrase", err)
}

func (s source) unknownCipher(algorithm string) *FileError {
	return s.fail(CodeFileUnsupported, "is encrypted in a way this program does not read ("+algorithm+")",
		"encrypt a copy anew: openssl pkey -aes256 -in "+s.path+" -out NEW.pem", nil)
}

var errNotKey = errors.New("neither a PKCS#8, PKCS#1 nor SEC 1 private key")

// usableKeys is the fix for keys of other kinds.
const usableKeys = "use an RSA key, an ECDSA key on a curve of NIST, or an Ed25519 key"

// parseKey reads an unencrypted key, whatever its label said: programs get those wrong.
func parseKey(der []byte) (crypto.PrivateKey, error) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err == nil {
		return key, nil
	}
	if rsaKey, rsaErr := x509.ParsePKCS1PrivateKey(der); rsaErr == nil {
		return rsaKey, nil
	}
	if ecKey, ecErr := x509.ParseECPrivateKey(der); ecErr == nil {
		return ecKey, nil
	} else if isSEC1(der) {
		return nil, ecErr
	}
	if isWrappedKey(der) {
		return nil, err // it tells more than that nothing fits
	}
	return nil, errNotKey
}

func isDERKey(der []byte) bool {
	_, err := parseKey(der)
	return !errors.Is(err, errNotKey)
}

// comparableKey is what all public keys of the standard library are.
type comparableKey interface{ Equal(crypto.PublicKey) bool }

// publicKey returns the public half of a key that TLS can sign with.
func publicKey(key crypto.PrivateKey) (comparableKey, bool) {
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return &key.PublicKey, true
	case *ecdsa.PrivateKey:
		return &key.PublicKey, true
	case ed25519.PrivateKey:
		public, ok := key.Public().(ed25519.PublicKey)
		return public, ok
	default:
		return nil, false
	}
}
