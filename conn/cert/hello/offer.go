package hello

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/binary"
	"slices"
)

// The versions that can be offered.
const (
	SSL30 uint16 = 0x0300
	TLS10 uint16 = 0x0301
	TLS11 uint16 = 0x0302
	TLS12 uint16 = 0x0303
	TLS13 uint16 = 0x0304
)

// Versions returns all versions that can be offered, oldest first.
func Versions() []uint16 { return []uint16{SSL30, TLS10, TLS11, TLS12, TLS13} }

// Suites13 returns the cipher suites of TLS 1.3.
func Suites13() []uint16 { return []uint16{0x1301, 0x1302, 0x1303, 0x1304, 0x1305} }

// Offer is what a ClientHello offers. All groups and signature algorithms are offered besides.
type Offer struct {
	ServerName string   // sent if not empty
	Versions   []uint16 // at least one
	Suites     []uint16 // of all versions offered, in the order of preference
}

// Types of records and handshake messages, and extensions (RFC 8446, appendix B).
const (
	recordChangeCipherSpec = 20
	recordAlert            = 21
	recordHandshake        = 22
	recordApplicationData  = 23

	recordHeader = 5 // bytes

	messageClientHello     = 1
	messageServerHello     = 2
	messageCertificate     = 11
	messageServerHelloDone = 14
	messageFinished        = 20
	messageHeader          = 4 // bytes

	extensionServerName        = 0
	extensionSupportedGroups   = 10
	extensionPointFormats      = 11
	extensionSignatures        = 13
	extensionMasterSecret      = 23
	extensionSupportedVersions = 43
	extensionKeyExchangeModes  = 45
	extensionKeyShare          = 51

	groupX25519 = 29

	// noRenegotiation stands among the suites for an extension, which SSL 3.0 has not (RFC 5746).
	noRenegotiation = 0x00ff
)

// groups are the named groups that are offered: X25519, the curves of NIST, X448, those of Brainpool, secp256k1, P-224, and finite fields.
// The hybrids with ML-KEM are left out: crypto/tls has them, and a server that prefers one asks for it instead of going on.
func groups() []uint16 {
	return []uint16{groupX25519, 23, 24, 25, 30, 26, 27, 28, 31, 32, 33, 22, 21, 256, 257, 258, 259, 260}
}

// signatures are the signature algorithms that are offered: ECDSA, EdDSA, RSA-PSS, PKCS #1 and DSA, down to MD5.
func signatures() []uint16 {
	return []uint16{
		0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x081a, 0x081b, 0x081c,
		0x0401, 0x0501, 0x0601, 0x0402, 0x0502, 0x0602, 0x0301, 0x0302, 0x0303, 0x0203, 0x0201, 0x0202, 0x0101,
	}
}

// Greeting is a ClientHello that is ready to be sent, once.
type Greeting struct {
	Record []byte // the message in its record

	key *ecdh.PrivateKey
}

// Greeting makes the ClientHello. It fails when the system has no randomness.
func (o Offer) Greeting() (Greeting, error) {
	random := make([]byte, 64)
	if _, err := rand.Read(random); err != nil {
		return Greeting{}, err
	}
	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return Greeting{}, err
	}
	newest := slices.Max(o.Versions)
	body := binary.BigEndian.AppendUint16(nil, min(newest, TLS12))
	body = append(body, random[:32]...)
	body = append(body, sized(1, random[32:])...) // a session, as middle boxes want to see
	suites := o.Suites
	if slices.Min(o.Versions) < TLS13 {
		suites = append(slices.Clip(suites), noRenegotiation)
	}
	body = append(body, sized(2, numbers(suites))...)
	body = append(body, 1, 0) // no compression
	if newest > SSL30 {
		body = append(body, sized(2, o.extensions(key.PublicKey().Bytes()))...)
	}
	record := binary.BigEndian.AppendUint16([]byte{recordHandshake}, min(newest, TLS10)) // old servers want it that low
	return Greeting{Record: append(record, sized(2, handshake(messageClientHello, body))...), key: key}, nil
}

// message returns the ClientHello without its record.
func (g Greeting) message() []byte { return g.Record[recordHeader:] }

// handshake returns a handshake message.
func handshake(kind byte, body []byte) []byte { return append([]byte{kind}, sized(3, body)...) }

func (o Offer) extensions(share []byte) []byte {
	var all []byte
	add := func(number uint16, body []byte) {
		all = append(binary.BigEndian.AppendUint16(all, number), sized(2, body)...)
	}
	if o.ServerName != "" {
		add(extensionServerName, sized(2, append([]byte{0}, sized(2, []byte(o.ServerName))...)))
	}
	add(extensionPointFormats, sized(1, []byte{0}))
	add(extensionSupportedGroups, sized(2, numbers(groups())))
	add(extensionMasterSecret, nil)
	if newest := slices.Max(o.Versions); newest >= TLS12 {
		add(extensionSignatures, sized(2, numbers(signatures())))
		if newest >= TLS13 {
			add(extensionSupportedVersions, sized(1, numbers(newestFirst(o.Versions))))
			add(extensionKeyExchangeModes, sized(1, []byte{1}))
			add(extensionKeyShare, sized(2, append(numbers([]uint16{groupX25519}), sized(2, share)...)))
		}
	}
	return all
}

func newestFirst(versions []uint16) []uint16 {
	versions = slices.Clone(versions)
	slices.Sort(versions)
	slices.Reverse(versions)
	return versions
}

func numbers(list []uint16) []byte {
	var b []byte
	for _, n := range list {
		b = binary.BigEndian.AppendUint16(b, n)
	}
	return b
}

// sized puts the length before body, in size bytes. It always fits: all lists are ours, and names are shorter than their limit.
func sized(size int, body []byte) []byte {
	length := binary.BigEndian.AppendUint64(nil, uint64(len(body)))
	return append(length[len(length)-size:], body...)
}
