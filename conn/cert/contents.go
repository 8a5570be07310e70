package cert

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// Bundle is what a file of certificates holds.
type Bundle struct {
	Certificates []*x509.Certificate // in the order of the file, at least one
	Notes        []string            // what was repaired or passed over, for those who ask for details
}

// LoadCertificates returns the certificates that data, the content of the file at path, holds: as PEM (also indented, on one line, with
// a byte order mark, amid other text, or TRUSTED CERTIFICATE), DER, PKCS#7 or PKCS#12. pass is asked for the passphrase of a PKCS#12
// file and may be nil. A damaged block beside good ones is passed over with a note. Errors are [*FileError] with [RoleCA].
func LoadCertificates(path string, data []byte, pass Passphrase) (Bundle, error) {
	c, err := source{path: path, role: RoleCA, pass: pass}.open(data)
	if err != nil {
		return Bundle{}, err
	}
	if len(c.certs) == 0 {
		return Bundle{}, c.lacks("a certificate")
	}
	return Bundle{Certificates: c.certs, Notes: c.notes()}, nil
}

// source is a file, what it was given as, and whom to ask for its passphrase.
type source struct {
	path string
	role Role
	pass Passphrase
}

func (s source) fail(code, detail, fix string, err error) *FileError {
	return &FileError{Code: code, Role: s.role, Path: s.path, Detail: detail, Fix: fix, Err: err}
}

// contents are what a file turned out to hold.
type contents struct {
	source  source
	certs   []*x509.Certificate
	keys    []sealedKey
	others  []string // what else, as "a certificate request (CSR)"
	damaged []error  // blocks that could not be read; each text says where
}

// open finds out what data holds. It fails when that is nothing known at all; whether it is what was wanted is for the caller to say.
func (s source) open(data []byte) (contents, error) {
	text := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	blocks := scanPEM(text)
	if len(blocks) == 0 && isSequence(data) {
		return s.openDER(data)
	}
	if len(blocks) == 0 {
		return contents{}, s.foreign(text)
	}
	c := contents{source: s}
	for _, b := range blocks {
		if b.err != nil {
			c.damaged = append(c.damaged, b.err)
			continue
		}
		c.addBlock(b)
	}
	return c, nil
}

func (c *contents) addBlock(b block) {
	where := fmt.Sprintf("line %d: ", b.line)
	switch {
	case slices.Contains([]string{"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"}, b.label):
		c.addCertificate(b.der, where)
	case slices.Contains([]string{"PKCS7", "PKCS #7 SIGNED DATA", "CMS"}, b.label):
		c.addPKCS7(b.der, where)
	case strings.HasSuffix(b.label, "PRIVATE KEY"):
		c.keys = append(c.keys, sealedKey{label: b.label, headers: b.headers, der: b.der, where: where})
	case b.label == "EC PARAMETERS", b.label == "DH PARAMETERS": // openssl puts them before keys and certificates
	default:
		c.others = append(c.others, nameOfLabel(b.label))
	}
}

// addCertificate adds the certificate der begins with. What follows it is the trust settings of a TRUSTED CERTIFICATE, or stray bytes.
func (c *contents) addCertificate(der []byte, where string) {
	first, _, ok := cutElement(der)
	if !ok {
		c.damaged = append(c.damaged, fmt.Errorf("%sthe certificate is cut short", where))
		return
	}
	parsed, err := x509.ParseCertificate(first)
	if err != nil {
		c.damaged = append(c.damaged, fmt.Errorf("%sthe certificate cannot be read: %w", where, err))
		return
	}
	c.certs = append(c.certs, parsed)
}

func (c *contents) addPKCS7(der []byte, where string) {
	certs, err := parsePKCS7(der)
	if err != nil {
		c.damaged = append(c.damaged, fmt.Errorf("%sthe PKCS#7 data cannot be read: %w", where, err))
		return
	}
	c.certs = append(c.certs, certs...)
	if len(certs) == 0 {
		c.others = append(c.others, "PKCS#7 data without certificates")
	}
}

// openDER finds out what a binary file holds: certificates one behind the other, PKCS#7, PKCS#12, a key, or something else.
func (s source) openDER(data []byte) (contents, error) {
	c := contents{source: s}
	first, _, ok := cutElement(data)
	switch {
	case !ok && isBER(data):
		return c, s.fail(CodeFileUnsupported, "is in BER with open lengths, which old programs write for PKCS#7 and PKCS#12",
			"convert it to PEM with openssl pkcs12 or openssl pkcs7", nil)
	case !ok:
		return c, s.fail(CodeFileGarbled, "begins like DER but is cut short", "get the file again", nil)
	case isPKCS12(first):
		return s.openPKCS12(first)
	case isPKCS7(first):
		c.addPKCS7(first, "")
	default:
		c.addElements(data)
	}
	return c, nil
}

// addElements adds the certificates that data holds one behind the other, or the key or other thing that it is.
func (c *contents) addElements(data []byte) {
	first, _, _ := cutElement(data)
	_, requestErr := x509.ParseCertificateRequest(first)
	_, listErr := x509.ParseRevocationList(first)
	_, publicErr := x509.ParsePKIXPublicKey(first)
	switch {
	case isEncryptedPKCS8(first):
		c.keys = append(c.keys, sealedKey{label: labelEncrypted, der: first})
	case isDERKey(first):
		c.keys = append(c.keys, sealedKey{label: labelPKCS8, der: first})
	case requestErr == nil:
		c.others = append(c.others, nameOfLabel("CERTIFICATE REQUEST"))
	case listErr == nil:
		c.others = append(c.others, nameOfLabel("X509 CRL"))
	case publicErr == nil:
		c.others = append(c.others, nameOfLabel("PUBLIC KEY"))
	default:
		for element, rest, ok := cutElement(data); ok; element, rest, ok = cutElement(rest) {
			c.addCertificate(element, "")
		}
	}
}

// cutElement cuts the ASN.1 sequence off that der begins with, its head included.
func cutElement(der []byte) (element, rest []byte, ok bool) {
	s := cryptobyte.String(der)
	var first cryptobyte.String
	if !s.ReadASN1Element(&first, asn1.SEQUENCE) {
		return nil, nil, false
	}
	return first, s, true
}

// isSequence reports whether data begins like an ASN.1 sequence, and not like text that begins with the digit 0.
func isSequence(data []byte) bool {
	const longForm, longest = 0x80, 0x84
	return len(data) > 2 && data[0] == 0x30 && (longForm <= data[1] && data[1] <= longest || int(data[1])+2 == len(data))
}

func isBER(data []byte) bool { return bytes.HasPrefix(data, []byte{0x30, 0x80}) }

// lacks explains contents in which something was looked for in vain.
func (c contents) lacks(wanted string) *FileError {
	code := CodeFileNoCertificate
	if c.source.role == RoleKey {
		code = CodeFileNoKey
	}
	held := c.holds()
	if len(c.damaged) > 0 {
		detail := "is damaged, " + c.damaged[0].Error()
		return c.source.fail(CodeFileGarbled, detail, "get the file again, or copy it whole; if it always was like this, have it issued anew", c.damaged[0])
	}
	if held == "" {
		return c.source.fail(code, "does not hold "+wanted, "check the path", nil)
	}
	fix := "check the path"
	switch {
	case c.source.role == RoleKey && len(c.certs) > 0:
		fix = "give the file of the private key with --key"
	case c.source.role == RoleCert && len(c.keys) > 0:
		fix = "give the file of the certificate with --cert, and this one with --key"
	case c.source.role == RoleCA && len(c.keys) > 0:
		fix = "give the CA's certificate (often ca.crt); its key is not for clients"
	}
	return c.source.fail(code, "holds "+held+", not "+wanted, fix, nil)
}

// holds names what the file holds, as "a certificate and a private key", or nothing.
func (c contents) holds() string {
	var things []string
	if len(c.certs) > 0 {
		things = append(things, "a certificate")
	}
	for _, key := range c.keys {
		things = append(things, key.name())
	}
	things = append(things, c.others...)
	slices.Sort(things)
	return strings.Join(slices.Compact(things), " and ")
}

func (c contents) notes() []string {
	notes := make([]string, 0, len(c.damaged))
	for _, damage := range c.damaged {
		notes = append(notes, c.source.path+": passed over a damaged block, "+damage.Error())
	}
	return notes
}
