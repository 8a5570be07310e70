package cert

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// ItemKind is what an [Item] is, as the JSON of a listing has it.
type ItemKind string

// The kinds of items.
const (
	ItemCertificate ItemKind = "certificate"
	ItemPrivateKey  ItemKind = "private_key"
	ItemPublicKey   ItemKind = "public_key"
	ItemRequest     ItemKind = "certificate_request"
	ItemCRL         ItemKind = "revocation_list"
	ItemParameters  ItemKind = "parameters" // of Diffie-Hellman or of a curve: nothing secret, and no key
	ItemSealed      ItemKind = "encrypted"  // a part of PKCS#12 that nothing is known of without the passphrase
	ItemUnknown     ItemKind = "unknown"    // whole, and nothing that TLS has a use for
	ItemDamaged     ItemKind = "damaged"    // Problem says why
)

// Item is one thing that a file holds or a server sent.
type Item struct {
	Kind ItemKind
	// Line is where its BEGIN stands, counted from 1; 0 in what is not PEM.
	Line int
	// Container is "PKCS#7" or "PKCS#12" for what is inside one, else empty.
	Container string
	// Name is the friendly name of PKCS#12 or the alias of a TRUSTED CERTIFICATE, unescaped as it was found.
	Name string
	// What describes items of the last kinds: "a PGP block", "DH parameters, 2048 bits".
	What string

	Certificate *x509.Certificate
	Trust       *TrustSettings // of a TRUSTED CERTIFICATE that has any
	Request     *x509.CertificateRequest
	List        *x509.RevocationList
	Key         *KeyFacts // of private and public keys, and of requests

	// Problem is why a damaged item cannot be read, or why an encrypted one could not be opened though a passphrase was given.
	// It is nil for what is merely encrypted.
	Problem error
}

// KeyFacts are what may be told of a key: never the private half.
type KeyFacts struct {
	// Kind names the algorithm and size, "EC P-256", or is the algorithm alone or empty while the key is encrypted.
	Kind string
	// SPKI is the SHA-256 of the public key, see [SPKI]. It is empty while the key is encrypted, or for a kind that TLS cannot use.
	SPKI string
	// Encrypted says that the key stands encrypted in its file, whether it could be opened or not.
	Encrypted bool
}

// Inspection is what one source holds, in its order.
type Inspection struct {
	Name   string // the path, or what else the source is called
	Format string // "PEM", "DER", "PKCS#7", "PKCS#12", or "TLS" for what a server sent
	Items  []Item
}

// Certificates returns the certificates among the items, in their order.
func (i Inspection) Certificates() []*x509.Certificate {
	var certs []*x509.Certificate
	for _, item := range i.Items {
		if item.Certificate != nil {
			certs = append(certs, item.Certificate)
		}
	}
	return certs
}

// Inspect tells what the file at path holds. Errors are [*FileError].
func (l Loader) Inspect(path string) (Inspection, error) {
	data, err := l.read(path, RoleCert)
	if err != nil {
		return Inspection{}, err
	}
	return Inspect(path, data, l.Passphrase)
}

// Exists reports whether there is something at path, readable or not.
func (l Loader) Exists(path string) bool {
	_, err := l.stat(path)
	return err == nil || errors.Is(err, fs.ErrPermission)
}

// InspectReader is [Inspect] for what comes from r, up to 8 MiB.
func InspectReader(name string, r io.Reader, pass Passphrase) (Inspection, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFileSize+1))
	if err == nil && len(data) > maxFileSize {
		err = errTooLarge
	}
	if err != nil {
		return Inspection{}, unreadable(name, RoleCert, "", err)
	}
	return Inspect(name, data, pass)
}

// Inspect tells what data, the content of the file called name, holds, in any of the forms people keep certificates in; see [Item]. pass is
// asked for the passphrase when something is encrypted, at most once; nil, or an error of it, leaves that closed, which is no
// failure. It fails with a [*FileError] when there is nothing in data that can be read.
func Inspect(name string, data []byte, pass Passphrase) (Inspection, error) {
	in := &inspector{source: source{path: name, role: RoleCert, pass: askOnce(pass)}}
	text := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	format := "PEM"
	blocks := scanPEM(text)
	switch {
	case len(blocks) > 0:
		for _, b := range blocks {
			in.addBlock(b)
		}
	case isSequence(data):
		var err error
		if format, err = in.addDER(data); err != nil {
			return Inspection{}, err
		}
	default:
		return Inspection{}, in.source.foreign(text)
	}
	for _, item := range in.items {
		if item.Kind != ItemDamaged {
			return Inspection{Name: name, Format: format, Items: in.items}, nil
		}
	}
	first := in.items[0].Problem
	return Inspection{}, in.source.fail(CodeFileGarbled, "is damaged, "+first.Error(),
		"get the file again, or copy it whole; if it always was like this, have it issued anew", first)
}

// InspectChain tells what a server sent: its certificates, and why what it sent beside them is none.
func InspectChain(name string, chain []*x509.Certificate, unparsed []error) Inspection {
	in := Inspection{Name: name, Format: "TLS"}
	for _, c := range chain {
		in.Items = append(in.Items, Item{Kind: ItemCertificate, Certificate: c})
	}
	for _, err := range unparsed {
		in.Items = append(in.Items, Item{Kind: ItemDamaged, Problem: err})
	}
	return in
}

// askOnce returns a Passphrase that asks pass at most once and answers the same from then on.
func askOnce(pass Passphrase) Passphrase {
	if pass == nil {
		return nil
	}
	var passphrase []byte
	var err error
	asked := false
	return func(path string) ([]byte, error) {
		if !asked {
			passphrase, err = pass(path)
			asked = true
		}
		return passphrase, err
	}
}

// inspector collects the items of one source.
type inspector struct {
	source source
	items  []Item
	opened int // encrypted keys that a passphrase was tried on
}

// maxSealedKeys is how many encrypted keys of a file are opened. Each costs what its maker chose, up to a minute.
const maxSealedKeys = 8

func (in *inspector) add(item Item) { in.items = append(in.items, item) }

func (in *inspector) damaged(at Item, problem error) {
	at.Kind, at.Problem = ItemDamaged, problem
	in.add(at)
}

// addCertificate adds the certificate der begins with. at says where it stands.
func (in *inspector) addCertificate(der []byte, at Item) {
	first, rest, ok := cutElement(der)
	if !ok {
		in.damaged(at, fmt.Errorf("%sthe certificate is cut short", at.where()))
		return
	}
	parsed, err := x509.ParseCertificate(first)
	if err != nil {
		if isPKCS7(first) { // some programs label it so
			in.addPKCS7(first, at)
			return
		}
		in.damaged(at, fmt.Errorf("%sthe certificate cannot be read: %w", at.where(), err))
		return
	}
	at.Kind, at.Certificate = ItemCertificate, parsed
	if settings, alias, ok := parseTrust(rest); ok {
		at.Trust = settings
		if at.Name == "" {
			at.Name = alias
		}
	}
	in.add(at)
}

// where begins a sentence about an item in a file with lines: "line 3: ".
func (i Item) where() string {
	if i.Line == 0 {
		return ""
	}
	return fmt.Sprintf("line %d: ", i.Line)
}

// addKey adds a private key, opened if there is a passphrase for it.
func (in *inspector) addKey(key sealedKey, at Item) {
	at.Kind = ItemPrivateKey
	at.Key = &KeyFacts{Encrypted: key.isEncrypted(), Kind: kindOfLabel(key.label)}
	if key.isEncrypted() {
		if in.opened++; in.opened > maxSealedKeys {
			in.add(at)
			return
		}
	}
	if len(key.der) > maxKeySize {
		in.damaged(at, fmt.Errorf("%sthe private key has %d bytes, more than any that is in use", at.where(), len(key.der)))
		return
	}
	opened, err := key.unseal(in.source)
	if err == nil {
		at.Key.describe(opened)
		in.add(at)
		return
	}
	fault, _ := errors.AsType[*FileError](err)
	switch {
	case fault == nil:
		in.damaged(at, err)
	case fault.Code == CodeKeyEncrypted:
		in.add(at)
	case fault.Code == CodeFileGarbled && fault.Err != nil:
		in.damaged(at, fmt.Errorf("%sthe private key cannot be read: %w", at.where(), fault.Err))
	default:
		at.Problem = fault
		in.add(at)
	}
}

// maxKeySize bounds what is parsed as a private key, in bytes: checking one takes the cube of its size in time. RSA 16384 has 9 KB.
const maxKeySize = 16 << 10

// describe fills in what the public half of an opened private key says.
func (k *KeyFacts) describe(private crypto.PrivateKey) {
	if public, ok := publicKey(private); ok {
		k.Kind, k.SPKI = KeyKind(public), SPKI(public)
		return
	}
	if agreement, ok := private.(interface{ Public() crypto.PublicKey }); ok {
		k.Kind = KeyKind(agreement.Public())
	}
}

// kindOfLabel is what a PEM label tells of the kind of key.
func kindOfLabel(label string) string {
	switch label {
	case "RSA PRIVATE KEY":
		return "RSA"
	case "EC PRIVATE KEY":
		return "EC"
	case labelDSA:
		return "DSA"
	default:
		return ""
	}
}
