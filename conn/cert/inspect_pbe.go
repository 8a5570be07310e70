package cert

import (
	"crypto/cipher"
	"crypto/des"  //nolint:gosec // files that others encrypted with it are only read
	"crypto/sha1" //nolint:gosec // the key derivation of such files
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/binary"
	"slices"
	"unicode/utf16"
)

// roundsOf returns how many rounds of hashing an encryption asks for, 0 where that is not counted in rounds.
func roundsOf(algorithm pkix.AlgorithmIdentifier) int {
	var pbes2 struct{ Derivation, Encryption pkix.AlgorithmIdentifier }
	parameters := algorithm.Parameters.FullBytes
	if _, err := asn1.Unmarshal(parameters, &pbes2); err == nil {
		parameters = pbes2.Derivation.Parameters.FullBytes
	}
	var counted struct {
		Salt       []byte
		Iterations int
		Size       int                      `asn1:"optional"`
		Hash       pkix.AlgorithmIdentifier `asn1:"optional"`
	}
	if _, err := asn1.Unmarshal(parameters, &counted); err != nil {
		return 0
	}
	return counted.Iterations
}

// decryptPKCS12TripleDES undoes pbeWithSHAAnd3-KeyTripleDES-CBC of RFC 7292.
func decryptPKCS12TripleDES(parameters, data, passphrase []byte) ([]byte, error) {
	var params struct {
		Salt       []byte
		Iterations int
	}
	_, err := asn1.Unmarshal(parameters, &params)
	if err != nil || params.Iterations < 1 || len(params.Salt) == 0 || len(data) == 0 || len(data)%des.BlockSize != 0 {
		return nil, errSealedKey
	}
	const keySize = 24
	secret := bmpString(passphrase)
	block, err := des.NewTripleDESCipher(derivePKCS12(secret, params.Salt, params.Iterations, 1, keySize)) //nolint:gosec // see the import
	if err != nil {
		return nil, err
	}
	iv := derivePKCS12(secret, params.Salt, params.Iterations, 2, des.BlockSize)
	plain := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, data)
	padding := int(plain[len(plain)-1])
	if padding == 0 || padding > des.BlockSize {
		return nil, errBadPadding
	}
	end := len(plain) - padding
	for _, b := range plain[end:] {
		if int(b) != padding {
			return nil, errBadPadding
		}
	}
	if plain = plain[:end]; !isSequence(plain) {
		return nil, errBadPadding
	}
	return plain, nil
}

// bmpString returns a passphrase as PKCS#12 takes it: UTF-16 with the high byte first, and a zero behind it.
func bmpString(passphrase []byte) []byte {
	units := append(utf16.Encode([]rune(string(passphrase))), 0)
	text := make([]byte, 0, 2*len(units))
	for _, unit := range units {
		text = binary.BigEndian.AppendUint16(text, unit)
	}
	return text
}

// derivePKCS12 derives key material with SHA-1 as RFC 7292, appendix B.2, says. purpose is 1 for a key and 2 for an initialisation vector.
func derivePKCS12(secret, salt []byte, rounds int, purpose byte, size int) []byte {
	const chunk = sha1.BlockSize
	fill := func(pattern []byte) []byte {
		n := (len(pattern) + chunk - 1) / chunk * chunk
		return slices.Repeat(pattern, n/max(len(pattern), 1)+1)[:n]
	}
	mixed := append(fill(salt), fill(secret)...)
	var derived []byte
	for {
		sum := sha1.Sum(append(slices.Repeat([]byte{purpose}, chunk), mixed...)) //nolint:gosec // see the import
		for range rounds - 1 {
			sum = sha1.Sum(sum[:]) //nolint:gosec // see the import
		}
		if derived = append(derived, sum[:]...); len(derived) >= size {
			return derived[:size]
		}
		step := slices.Repeat(sum[:], chunk/len(sum)+1)[:chunk]
		for at := 0; at < len(mixed); at += chunk {
			carry := 1
			for i := chunk - 1; i >= 0; i-- {
				carry += int(mixed[at+i]) + int(step[i])
				mixed[at+i] = byte(carry & 0xff)
				carry >>= 8
			}
		}
	}
}
