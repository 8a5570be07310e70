package issue

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"slices"
	"time"
)

// Role is what a certificate is for.
type Role int

// The roles. A node is a client too: of other nodes, in replication and on the cluster bus, and of its sentinels.
const (
	RoleNode Role = iota
	RoleClient
)

func (r Role) usages() []x509.ExtKeyUsage {
	if r == RoleClient {
		return []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	return []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
}

// Request is a certificate that is wanted.
type Request struct {
	Role Role
	// Name is what its files are called and, up to 64 characters, the common name. Of a node it is the first of Names.
	Name    string
	Names   Names // a client needs none
	Life    Life
	RSABits int     // of the key; 0 is ECDSA P-256
	PKCS12  *string // the passphrase of a PKCS#12 file that is wanted too; nil for none
}

// Made is a certificate that was made, with the files it comes in. Nothing is written yet.
type Made struct {
	Name        string
	Certificate *x509.Certificate
	Chain       []*x509.Certificate // Certificate and its issuers, without the root
	Shortened   bool                // it would have outlived its CA

	CertFile string // with the chain
	KeyFile  string // empty when somebody else has the key
	P12File  string // empty when none is wanted
	Files    []File
}

// Issue makes a certificate and its key.
func (a *Authority) Issue(r Request) (Made, error) {
	key, err := newKey(r.RSABits)
	if err != nil {
		return Made{}, err
	}
	template := &x509.Certificate{}
	if len(r.Name) <= maxCommonName {
		template.Subject.CommonName = r.Name
	}
	made, err := a.complete(r, template, key.Public())
	if err != nil {
		return Made{}, err
	}
	return made, a.addKey(&made, r, key)
}

// IssueFor makes a certificate for a key that somebody else has: for what csr asks for, with the role and the life of r.
func (a *Authority) IssueFor(csr SigningRequest, r Request) (Made, error) {
	r.Name, r.Names = csr.Name, csr.Names
	return a.complete(r, &x509.Certificate{Subject: csr.subject, RawSubject: csr.rawSubject}, csr.key)
}

// complete fills template in and signs it.
func (a *Authority) complete(r Request, template *x509.Certificate, public crypto.PublicKey) (Made, error) {
	var err error
	if template.SubjectKeyId, err = keyID(public); err != nil {
		return Made{}, err
	}
	template.NotBefore, template.NotAfter = r.Life.notBefore(), r.Life.notAfter()
	template.KeyUsage, template.ExtKeyUsage = x509.KeyUsageDigitalSignature, r.Role.usages()
	if _, ok := public.(*rsa.PublicKey); ok {
		template.KeyUsage |= x509.KeyUsageKeyEncipherment // for the RSA key exchange of TLS 1.2
	}
	template.BasicConstraintsValid = true // CA:FALSE
	template.DNSNames, template.IPAddresses, template.URIs = r.Names.DNS, netIPs(r.Names.IPs), r.Names.URIs
	made := Made{Name: r.Name, CertFile: FileName(r.Name) + ".crt", Shortened: a.bound(template)}
	if made.Certificate, err = sign(template, a.Certificate, public, a.key); err != nil {
		return Made{}, err
	}
	if err := a.check(made.Certificate, r.Life.Now); err != nil {
		return Made{}, err
	}
	made.Chain = append([]*x509.Certificate{made.Certificate}, a.Chain...)
	made.Files = []File{{made.CertFile, EncodeCertificates(made.Chain...), ModePrivate}}
	return made, nil
}

// addKey adds the files with the key of a certificate.
func (a *Authority) addKey(made *Made, r Request, key crypto.Signer) error {
	data, err := encodeKey(key)
	if err != nil {
		return err
	}
	made.KeyFile = FileName(r.Name) + ".key"
	made.Files = append(made.Files, File{made.KeyFile, data, ModePrivate})
	if r.PKCS12 == nil {
		return nil
	}
	issuers := slices.Clone(made.Chain[1:])
	if a.Root != nil {
		issuers = append(issuers, a.Root)
	}
	if data, err = encodePKCS12(key, made.Certificate, issuers, *r.PKCS12); err != nil {
		return &Error{What: "the PKCS#12 file cannot be made: " + err.Error(), Err: err}
	}
	made.P12File = FileName(r.Name) + ".p12"
	made.Files = append(made.Files, File{made.P12File, data, ModePrivate})
	return nil
}

// check verifies what was just made as a peer would, so that limits of the CA show here and not in production.
func (a *Authority) check(leaf *x509.Certificate, now time.Time) error {
	if bytes.Equal(leaf.RawSubject, a.Certificate.RawSubject) {
		return refuse("the certificate would have the same subject as its CA, "+Subject(leaf)+", and OpenSSL would take it for self-signed",
			"choose another name")
	}
	roots, issuers := x509.NewCertPool(), x509.NewCertPool()
	all := a.above()
	roots.AddCert(all[len(all)-1])
	for _, c := range all[:len(all)-1] {
		issuers.AddCert(c)
	}
	for _, usage := range leaf.ExtKeyUsage {
		_, err := leaf.Verify(x509.VerifyOptions{
			Roots: roots, Intermediates: issuers, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{usage},
		})
		if err != nil {
			return a.refusal(err, usage)
		}
	}
	return nil
}

func (a *Authority) refusal(err error, usage x509.ExtKeyUsage) *Error {
	who := "the CA " + Subject(a.Certificate)
	e := &Error{What: who + " issues what nobody would accept: " + graphic(err.Error()), Fix: "use another CA", Err: err}
	var invalid x509.CertificateInvalidError
	if !errors.As(err, &invalid) {
		return e
	}
	switch invalid.Reason {
	case x509.CANotAuthorizedForThisName:
		e.What = who + ", or one above it, may not issue for these names: " + graphic(invalid.Detail)
		e.Fix = "choose names within its name constraints (--no-localhost leaves out localhost, 127.0.0.1 and ::1), or use another CA"
	case x509.IncompatibleUsage:
		name := "serverAuth"
		if usage == x509.ExtKeyUsageClientAuth {
			name = "clientAuth"
		}
		e.What = who + ", or one above it, may not issue for " + name + " (its extendedKeyUsage lacks it)"
		e.Fix = "use another CA; nodes of Redis need both serverAuth and clientAuth"
	case x509.TooManyIntermediates:
		e.What = "the path length of a CA above " + Subject(a.Certificate) + " does not allow that CA"
	default: // what e says already
	}
	return e
}
