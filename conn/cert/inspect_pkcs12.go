package cert

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"unicode/utf16"

	"software.sslmate.com/src/go-pkcs12"
)

// The structure of PKCS#12 (RFC 7292), as far as it matters here. The library that loads such files for connections wants exactly one key
// with its chain; a listing wants whatever is there, with the names people gave it, and says how much is there without the passphrase.
type (
	pfx struct {
		Version int
		Safe    pfxContent
		MAC     pfxMAC `asn1:"optional"`
	}
	pfxMAC struct {
		Digest     asn1.RawValue
		Salt       []byte
		Iterations int `asn1:"optional,default:1"`
	}
	pfxContent struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"optional,explicit,tag:0"`
	}
	pfxEncrypted struct {
		Version int
		Info    struct {
			Type      asn1.ObjectIdentifier
			Algorithm pkix.AlgorithmIdentifier
			Data      []byte `asn1:"optional,tag:0"`
		}
	}
	pfxBag struct {
		Type       asn1.ObjectIdentifier
		Value      asn1.RawValue  `asn1:"explicit,tag:0"`
		Attributes []pfxAttribute `asn1:"set,optional"`
	}
	pfxAttribute struct {
		Type   asn1.ObjectIdentifier
		Values asn1.RawValue
	}
	pfxTyped struct { // of a certificate or a revocation list
		Type asn1.ObjectIdentifier
		Data []byte `asn1:"explicit,tag:0"`
	}
)

// maxRounds bounds how often a PKCS#12 file may have a hash computed in all. OpenSSL asks for 2048, Java for 10,000, twice or thrice.
const maxRounds = 10_000_000

// pfxReader reads a PKCS#12 file with one passphrase, which may be empty.
type pfxReader struct {
	in         *inspector
	passphrase []byte
	rounds     int
	sealed     int   // parts the passphrase did not open
	unknown    error // the first reason that was not the passphrase
}

// addPKCS12 adds what a PKCS#12 file holds. It tries without a passphrase and asks for one when that leaves something closed.
func (in *inspector) addPKCS12(der []byte) error {
	content, rounds, err := readPFX(der)
	if err != nil {
		return in.source.fail(CodeFileUnsupported, "is PKCS#12 that this program cannot read ("+err.Error()+")",
			"convert it to PEM: openssl pkcs12 -in "+in.source.path+" -out NEW.pem", err)
	}
	blank := readSafe(in, content, nil, rounds)
	in.items = blank.in.items
	if blank.sealed == 0 {
		return nil
	}
	passphrase, err := in.source.ask()
	if err != nil {
		return nil //nolint:nilerr // that there is none is no fault of the file
	}
	opened := readSafe(in, content, passphrase, rounds)
	if opened.unknown != nil && opened.rounds >= 0 && opened.rounds <= maxRounds {
		if items, ok := readByLibrary(der, string(passphrase)); ok {
			in.items = items
			return nil
		}
	}
	in.items = opened.in.items
	return nil
}

// readPFX returns the parts of a PKCS#12 file and how many rounds its own checksum takes.
func readPFX(der []byte) (parts []pfxContent, rounds int, err error) {
	var file pfx
	var octets []byte
	if _, err := asn1.Unmarshal(der, &file); err != nil {
		return nil, 0, err
	}
	if !file.Safe.Type.Equal(oidData()) {
		return nil, 0, errors.New("it is sealed with a public key")
	}
	if _, err := asn1.Unmarshal(file.Safe.Content.Bytes, &octets); err != nil {
		return nil, 0, err
	}
	if _, err := asn1.Unmarshal(octets, &parts); err != nil {
		return nil, 0, err
	}
	return parts, file.MAC.Iterations, nil
}

func oidData() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1} }

// readSafe reads the parts with a passphrase, into an inspector of its own.
func readSafe(in *inspector, parts []pfxContent, passphrase []byte, rounds int) *pfxReader {
	r := &pfxReader{in: &inspector{source: in.source}, passphrase: passphrase, rounds: rounds}
	for _, part := range parts {
		r.addPart(part)
	}
	r.in.items = leafFirst(r.in.items)
	return r
}

func (r *pfxReader) addPart(part pfxContent) {
	at := Item{Container: "PKCS#12"}
	var plain []byte
	switch part.Type.String() {
	case "1.2.840.113549.1.7.1": // data
		if _, err := asn1.Unmarshal(part.Content.Bytes, &plain); err != nil {
			r.in.damaged(at, err)
			return
		}
	case "1.2.840.113549.1.7.6": // encryptedData
		var sealed pfxEncrypted
		if _, err := asn1.Unmarshal(part.Content.Bytes, &sealed); err != nil {
			r.in.damaged(at, err)
			return
		}
		opened, err := r.decrypt(sealed.Info.Algorithm, sealed.Info.Data)
		if err != nil {
			at.Kind, at.What = ItemSealed, "an encrypted part, usually the certificates"
			r.close(&at, err)
			r.in.add(at)
			return
		}
		plain = opened
	default:
		at.Kind, at.What = ItemUnknown, "a part sealed with a public key"
		r.in.add(at)
		return
	}
	r.addBags(plain, 0)
}

// addBags adds the bags of a part; depth is how many bags they are in.
func (r *pfxReader) addBags(der []byte, depth int) {
	var bags []pfxBag
	if _, err := asn1.Unmarshal(der, &bags); err != nil {
		r.in.damaged(Item{Container: "PKCS#12"}, err)
		return
	}
	for _, bag := range bags {
		r.addBag(bag, depth)
	}
}

func (r *pfxReader) addBag(bag pfxBag, depth int) {
	const deepest = 4
	at := Item{Container: "PKCS#12", Name: friendlyName(bag.Attributes)}
	switch bag.Type.String() {
	case "1.2.840.113549.1.12.10.1.1":
		r.in.addKey(sealedKey{label: labelPKCS8, der: bag.Value.Bytes}, at)
	case "1.2.840.113549.1.12.10.1.2":
		r.addShroudedKey(bag.Value.Bytes, at)
	case "1.2.840.113549.1.12.10.1.3", "1.2.840.113549.1.12.10.1.4":
		var held pfxTyped
		if _, err := asn1.Unmarshal(bag.Value.Bytes, &held); err != nil {
			r.in.damaged(at, err)
			return
		}
		if list, err := x509.ParseRevocationList(held.Data); err == nil {
			r.in.addCRL(list, nil, at)
			return
		}
		r.in.addCertificate(held.Data, at)
	case "1.2.840.113549.1.12.10.1.6":
		if depth < deepest {
			r.addBags(bag.Value.Bytes, depth+1)
		}
	default:
		at.Kind, at.What = ItemUnknown, "a secret of another kind"
		r.in.add(at)
	}
}

func (r *pfxReader) addShroudedKey(der []byte, at Item) {
	at.Kind, at.Key = ItemPrivateKey, &KeyFacts{Encrypted: true}
	var info encryptedKeyInfo
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		r.in.damaged(at, err)
		return
	}
	opened, err := r.decrypt(info.Algorithm, info.Data)
	if err == nil && len(opened) <= maxKeySize {
		private, keyErr := parseKey(opened)
		if keyErr == nil {
			at.Key.describe(private)
			r.in.add(at)
			return
		}
		if err = keyErr; !isWrappedKey(opened) {
			err = errBadPadding // it came out right by chance, one time in 256
		}
	}
	r.close(&at, err)
	r.in.add(at)
}

// close notes that a part stays closed, and why when there was a passphrase.
func (r *pfxReader) close(at *Item, err error) {
	r.sealed++
	_, unknown := errors.AsType[unknownAlgorithmError](err)
	switch {
	case unknown:
		if r.unknown == nil {
			r.unknown = err
		}
		at.Problem = r.in.source.fail(CodeFileUnsupported, "is encrypted in a way this program does not read ("+err.Error()+")",
			"convert it to PEM: openssl pkcs12 -in "+r.in.source.path+" -out NEW.pem", err)
	case r.passphrase == nil:
	case errors.Is(err, errBadPadding):
		at.Problem = r.in.source.wrongPassphrase(err)
	default:
		at.Problem = err
	}
}

// decrypt undoes password-based encryption, of today's scheme or of PKCS#12's own.
func (r *pfxReader) decrypt(algorithm pkix.AlgorithmIdentifier, data []byte) ([]byte, error) {
	if r.rounds += roundsOf(algorithm); r.rounds > maxRounds || r.rounds < 0 {
		return nil, fmt.Errorf("it asks for more than %d rounds of key derivation", maxRounds)
	}
	if algorithm.Algorithm.String() == "1.2.840.113549.1.12.1.3" {
		return decryptPKCS12TripleDES(algorithm.Parameters.FullBytes, data, r.passphrase)
	}
	der, err := asn1.Marshal(encryptedKeyInfo{Algorithm: algorithm, Data: data})
	if err != nil {
		return nil, errSealedKey
	}
	sealed, err := parsePBES2(der)
	if err != nil {
		return nil, err
	}
	opened, err := sealed.decrypt(r.passphrase)
	if err == nil && !isSequence(opened) && len(opened) != 2 {
		return nil, errBadPadding
	}
	return opened, err
}

// friendlyName returns the name a bag was given, or nothing.
func friendlyName(attributes []pfxAttribute) string {
	for _, a := range attributes {
		var text asn1.RawValue
		if a.Type.String() != "1.2.840.113549.1.9.20" {
			continue
		}
		if _, err := asn1.Unmarshal(a.Values.Bytes, &text); err != nil || text.Tag != asn1.TagBMPString || len(text.Bytes)%2 != 0 {
			continue
		}
		units := make([]uint16, 0, len(text.Bytes)/2)
		for i := 0; i < len(text.Bytes); i += 2 {
			units = append(units, uint16(text.Bytes[i])<<8|uint16(text.Bytes[i+1]))
		}
		return string(utf16.Decode(units))
	}
	return ""
}

// readByLibrary reads a file with encryption that only the library knows, RC2, which Windows and old programs use. Friendly names are lost
// for some.
func readByLibrary(der []byte, passphrase string) ([]Item, bool) {
	in := &inspector{}
	at := func(headers map[string]string) Item { return Item{Container: "PKCS#12", Name: headers["friendlyName"]} }
	blocks, err := pkcs12.ToPEM(der, passphrase) //nolint:staticcheck // the others want one key and give no names
	if err != nil {
		key, leaf, issuers, err := pkcs12.DecodeChain(der, passphrase)
		if err != nil {
			return nil, false
		}
		wrapped, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return nil, false
		}
		blocks = append(blocks, &pem.Block{Type: labelPKCS8, Bytes: wrapped})
		for _, c := range append([]*x509.Certificate{leaf}, issuers...) {
			blocks = append(blocks, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
		}
	}
	for _, b := range blocks {
		if b.Type == labelPKCS8 {
			in.addKey(sealedKey{label: labelPKCS8, der: b.Bytes}, at(b.Headers))
			in.items[len(in.items)-1].Key.Encrypted = true
			continue
		}
		in.addCertificate(b.Bytes, at(b.Headers))
	}
	return leafFirst(in.items), true
}

// leafFirst puts the certificates of a PKCS#12 file, which keeps no order, into that of a chain: the key's own, its issuers, the rest.
func leafFirst(items []Item) []Item {
	var certs, others []Item
	own := -1
	for _, item := range items {
		if item.Certificate == nil {
			others = append(others, item)
			continue
		}
		certs = append(certs, item)
	}
	for i, c := range certs {
		for _, other := range others {
			if own < 0 && other.Key != nil && other.Key.SPKI != "" && other.Key.SPKI == SPKI(c.Certificate.PublicKey) {
				own = i
			}
		}
	}
	var ordered []Item
	for at := own; at >= 0; at = issuerAmong(certs, ordered[len(ordered)-1].Certificate) {
		ordered = append(ordered, certs[at])
		certs = append(certs[:at:at], certs[at+1:]...)
	}
	return append(append(ordered, certs...), others...)
}

// issuerAmong returns the place of the certificate that bears the name of c's issuer, -1 without one.
func issuerAmong(certs []Item, c *x509.Certificate) int {
	for i, candidate := range certs {
		if string(candidate.Certificate.RawSubject) == string(c.RawIssuer) {
			return i
		}
	}
	return -1
}
