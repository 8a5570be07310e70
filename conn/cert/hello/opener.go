package hello

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"hash"
)

// opener decrypts the records of a server's handshake under TLS 1.3 (RFC 8446, sections 5.2 and 7). The keys come from a ClientHello and a
// ServerHello that nobody has vouched for: what comes out is for looking at.
type opener struct {
	aead  cipher.AEAD
	iv    []byte
	count uint64 // of records opened
}

// opener returns what opens the answer to g whose ServerHello message is answer. It is nil when the server agreed to another group than X25519,
// or to a suite without AES-GCM.
func (g Greeting) opener(suite uint16, share, answer []byte) *opener {
	const aes128, aes256 = 0x1301, 0x1302
	theirs, err := ecdh.X25519().NewPublicKey(share)
	if err != nil || g.key == nil {
		return nil
	}
	secret, err := g.key.ECDH(theirs)
	if err != nil {
		return nil
	}
	transcript := append(append([]byte(nil), g.message()...), answer...)
	switch suite {
	case aes128:
		return newOpener(sha256.New, 16, secret, transcript)
	case aes256:
		return newOpener(sha512.New384, 32, secret, transcript)
	}
	return nil
}

// newOpener derives the keys. The functions it calls fail only for lengths that do not occur.
func newOpener(hash func() hash.Hash, keyLength int, secret, transcript []byte) *opener {
	size := hash().Size()
	digest := func(text []byte) []byte {
		h := hash()
		h.Write(text)
		return h.Sum(nil)
	}
	expand := func(secret []byte, label string, context []byte, length int) []byte {
		info := binary.BigEndian.AppendUint16(nil, uint16(length)) //nolint:gosec // at most 48
		info = append(info, sized(1, []byte("tls13 "+label))...)
		info = append(info, sized(1, context)...)
		key, _ := hkdf.Expand(hash, secret, string(info), length)
		return key
	}
	early, _ := hkdf.Extract(hash, make([]byte, size), nil)
	agreed, _ := hkdf.Extract(hash, secret, expand(early, "derived", digest(nil), size))
	traffic := expand(agreed, "s hs traffic", digest(transcript), size)
	block, err := aes.NewCipher(expand(traffic, "key", nil, keyLength))
	if err != nil {
		return nil
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil
	}
	return &opener{aead: aead, iv: expand(traffic, "iv", nil, aead.NonceSize())}
}

// open decrypts a record, and returns what kind it really is.
func (o *opener) open(header, body []byte) (kind byte, content []byte, err error) {
	nonce := binary.BigEndian.AppendUint64(make([]byte, len(o.iv)-8), o.count)
	for i, b := range o.iv {
		nonce[i] ^= b
	}
	o.count++
	content, err = o.aead.Open(nil, nonce, body, header)
	if err != nil {
		return 0, nil, ErrMalformed
	}
	for len(content) > 0 && content[len(content)-1] == 0 {
		content = content[:len(content)-1]
	}
	if len(content) == 0 {
		return 0, nil, ErrMalformed
	}
	return content[len(content)-1], content[:len(content)-1], nil
}
