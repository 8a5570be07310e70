package cert

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des" //nolint:gosec // keys that others encrypted with it are only read
	"crypto/pbkdf2"
	"crypto/sha1" //nolint:gosec // as the key derivation of old files, which are only read
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"hash"

	"golang.org/x/crypto/scrypt"
)

// sealedPKCS8 is an encrypted PKCS#8 key (RFC 5958) under PBES2 (RFC 8018), the only scheme in use since 1999.
type sealedPKCS8 struct {
	derive func(passphrase []byte, size int) ([]byte, error)
	cipher blockMode
	iv     []byte
	data   []byte
}

// blockMode is a block cipher in CBC mode.
type blockMode struct {
	keySize   int
	blockSize int
	open      func(key []byte) (cipher.Block, error)
}

// unknownAlgorithmError names a scheme, key derivation or cipher that cannot be undone here.
type unknownAlgorithmError string

func (e unknownAlgorithmError) Error() string { return "unknown encryption " + string(e) }

var (
	errSealedKey  = errors.New("its encryption parameters make no sense")
	errBadPadding = errors.New("the padding is wrong")
)

type encryptedKeyInfo struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

// isWrappedKey reports whether der has the form of an unencrypted PKCS#8 or SEC 1 key, readable or not.
func isWrappedKey(der []byte) bool {
	var info struct {
		Version   int
		Algorithm pkix.AlgorithmIdentifier
		Key       []byte
		Rest      asn1.RawValue `asn1:"optional"`
	}
	_, err := asn1.Unmarshal(der, &info)
	return err == nil || isSEC1(der)
}

// isSEC1 reports whether der has the form of an elliptic curve key of SEC 1.
func isSEC1(der []byte) bool {
	var key struct {
		Version int
		Private []byte
		Curve   asn1.ObjectIdentifier `asn1:"optional,explicit,tag:0"`
		Public  asn1.BitString        `asn1:"optional,explicit,tag:1"`
	}
	_, err := asn1.Unmarshal(der, &key)
	return err == nil && key.Version == 1
}

// isEncryptedPKCS8 reports whether der is an encrypted PKCS#8 key, of whatever scheme.
func isEncryptedPKCS8(der []byte) bool {
	var info encryptedKeyInfo
	rest, err := asn1.Unmarshal(der, &info)
	return err == nil && len(rest) == 0
}

// parsePBES2 reads everything that is needed to decrypt, so that a later failure can only be the passphrase.
func parsePBES2(der []byte) (sealedPKCS8, error) {
	var info encryptedKeyInfo
	var params struct{ Derivation, Encryption pkix.AlgorithmIdentifier }
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return sealedPKCS8{}, errSealedKey
	}
	if scheme := info.Algorithm.Algorithm.String(); scheme != "1.2.840.113549.1.5.13" {
		return sealedPKCS8{}, unknownAlgorithmError(scheme)
	}
	if _, err := asn1.Unmarshal(info.Algorithm.Parameters.FullBytes, &params); err != nil {
		return sealedPKCS8{}, errSealedKey
	}
	sealed := sealedPKCS8{data: info.Data}
	var err error
	if sealed.derive, err = keyDerivation(params.Derivation); err != nil {
		return sealedPKCS8{}, err
	}
	if sealed.cipher, err = blockCipher(params.Encryption.Algorithm.String()); err != nil {
		return sealedPKCS8{}, err
	}
	_, err = asn1.Unmarshal(params.Encryption.Parameters.FullBytes, &sealed.iv)
	size := sealed.cipher.blockSize
	if err != nil || len(sealed.iv) != size || len(sealed.data) == 0 || len(sealed.data)%size != 0 {
		return sealedPKCS8{}, errSealedKey
	}
	return sealed, nil
}

func (s sealedPKCS8) decrypt(passphrase []byte) ([]byte, error) {
	key, err := s.derive(passphrase, s.cipher.keySize)
	if err != nil {
		return nil, err
	}
	block, err := s.cipher.open(key)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, len(s.data))
	cipher.NewCBCDecrypter(block, s.iv).CryptBlocks(plain, s.data)
	padding := int(plain[len(plain)-1])
	if padding == 0 || padding > s.cipher.blockSize {
		return nil, errBadPadding
	}
	for _, b := range plain[len(plain)-padding:] {
		if int(b) != padding {
			return nil, errBadPadding
		}
	}
	return plain[:len(plain)-padding], nil
}

func blockCipher(oid string) (blockMode, error) {
	switch oid {
	case "2.16.840.1.101.3.4.1.2":
		return blockMode{keySize: 16, blockSize: aes.BlockSize, open: aes.NewCipher}, nil
	case "2.16.840.1.101.3.4.1.22":
		return blockMode{keySize: 24, blockSize: aes.BlockSize, open: aes.NewCipher}, nil
	case "2.16.840.1.101.3.4.1.42":
		return blockMode{keySize: 32, blockSize: aes.BlockSize, open: aes.NewCipher}, nil
	case "1.2.840.113549.3.7":
		return blockMode{keySize: 24, blockSize: des.BlockSize, open: des.NewTripleDESCipher}, nil
	default:
		return blockMode{}, unknownAlgorithmError(oid)
	}
}

func keyDerivation(algorithm pkix.AlgorithmIdentifier) (func([]byte, int) ([]byte, error), error) {
	parameters := algorithm.Parameters.FullBytes
	switch oid := algorithm.Algorithm.String(); oid {
	case "1.2.840.113549.1.5.12":
		return pbkdf2Derivation(parameters)
	case "1.3.6.1.4.1.11591.4.11":
		return scryptDerivation(parameters)
	default:
		return nil, unknownAlgorithmError(oid)
	}
}

// maxIterations bounds the work a file may ask for; the costliest files in use ask for some millions.
const maxIterations = 100_000_000

func pbkdf2Derivation(der []byte) (func([]byte, int) ([]byte, error), error) {
	var params struct {
		Salt       []byte
		Iterations int
		Size       int                      `asn1:"optional"`
		Hash       pkix.AlgorithmIdentifier `asn1:"optional"`
	}
	if _, err := asn1.Unmarshal(der, &params); err != nil || params.Iterations < 1 || params.Iterations > maxIterations {
		return nil, errSealedKey
	}
	newHash, err := hashOfPRF(params.Hash.Algorithm)
	if err != nil {
		return nil, err
	}
	return func(passphrase []byte, size int) ([]byte, error) {
		return pbkdf2.Key(newHash, string(passphrase), params.Salt, params.Iterations, size)
	}, nil
}

func hashOfPRF(oid asn1.ObjectIdentifier) (func() hash.Hash, error) {
	switch text := oid.String(); text {
	case "", "1.2.840.113549.2.7": // left out means SHA-1
		return sha1.New, nil
	case "1.2.840.113549.2.8":
		return sha256.New224, nil
	case "1.2.840.113549.2.9":
		return sha256.New, nil
	case "1.2.840.113549.2.10":
		return sha512.New384, nil
	case "1.2.840.113549.2.11":
		return sha512.New, nil
	default:
		return nil, unknownAlgorithmError(text)
	}
}

func scryptDerivation(der []byte) (func([]byte, int) ([]byte, error), error) {
	var params struct {
		Salt                         []byte
		Cost, BlockSize, Parallelism int
		Size                         int `asn1:"optional"`
	}
	const maxMemory = 1 << 30 // in bytes
	_, err := asn1.Unmarshal(der, &params)
	if err != nil || params.Cost < 1 || params.BlockSize < 1 || params.Parallelism < 1 || params.Cost > maxMemory ||
		params.BlockSize > maxMemory/128/params.Cost || params.Parallelism > 64 {
		return nil, errSealedKey
	}
	return func(passphrase []byte, size int) ([]byte, error) {
		return scrypt.Key(passphrase, params.Salt, params.Cost, params.BlockSize, params.Parallelism, size)
	}, nil
}
