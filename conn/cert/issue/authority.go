package issue

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"redan/conn/cert"
)

// Authority is a CA: what certificates are issued with.
type Authority struct {
	Certificate *x509.Certificate
	// Chain is what stands behind a certificate it issued, so that others can follow it to the root: the CA's own certificate and those
	// above it, without the root. A root has none.
	Chain []*x509.Certificate
	// Root is what others must trust; nil when it is not known.
	Root *x509.Certificate

	key crypto.Signer
}

// Life is how long a certificate is to be valid.
type Life struct {
	Now  time.Time
	Days int // from Now on
}

// early is how far back certificates are valid, for clocks that are behind.
const early = time.Hour

func (l Life) notBefore() time.Time { return l.Now.Add(-early).UTC().Truncate(time.Second) }

func (l Life) notAfter() time.Time { return l.Now.AddDate(0, 0, l.Days).UTC().Truncate(time.Second) }

// NewRoot makes a CA. depth is how many CAs may stand between it and a certificate of use: 0, or 1 for one that is to have
// intermediates. rsaBits is 0 for ECDSA P-256.
func NewRoot(life Life, rsaBits, depth int) (*Authority, error) {
	key, template, err := newCA(life, rsaBits, "Redis CA", depth)
	if err != nil {
		return nil, err
	}
	root, err := sign(template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return &Authority{Certificate: root, Root: root, key: key}, nil
}

// Intermediate makes a CA below a.
func (a *Authority) Intermediate(life Life, rsaBits int) (*Authority, error) {
	if a.Certificate.MaxPathLenZero || a.Certificate.MaxPathLen == 0 {
		return nil, refuse("the CA "+Subject(a.Certificate)+" allows no CA below it (its path length is 0)",
			"leave out --intermediate, or use a root that allows one")
	}
	key, template, err := newCA(life, rsaBits, "Redis Intermediate CA", 0)
	if err != nil {
		return nil, err
	}
	a.bound(template)
	made, err := sign(template, a.Certificate, key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	chain := append([]*x509.Certificate{made}, a.Chain...)
	return &Authority{Certificate: made, Chain: chain, Root: a.Root, key: key}, nil
}

// newCA makes the key and the template of a CA. Its name has a part of its own: two CAs of one name are a trap, since most programs then
// say no more than that a signature is wrong, and a CA must not have the name of a certificate it issues.
func newCA(life Life, rsaBits int, name string, depth int) (crypto.Signer, *x509.Certificate, error) {
	key, err := newKey(rsaBits)
	if err != nil {
		return nil, nil, err
	}
	id, err := keyID(key.Public())
	if err != nil {
		return nil, nil, err
	}
	return key, &x509.Certificate{
		Subject:               pkix.Name{CommonName: name + " " + hex.EncodeToString(id[:4])},
		SubjectKeyId:          id,
		NotBefore:             life.notBefore(),
		NotAfter:              life.notAfter(),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLen:            depth,
		MaxPathLenZero:        depth == 0,
	}, nil
}

// sign makes the certificate of template.
func sign(template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		return nil, &Error{What: "the certificate cannot be made: " + err.Error(), Err: err}
	}
	return x509.ParseCertificate(der)
}

// bound keeps the life of template within that of the CA and of those above it, and reports whether it became shorter for it.
func (a *Authority) bound(template *x509.Certificate) (shortened bool) {
	for _, c := range a.above() {
		if template.NotBefore.Before(c.NotBefore) {
			template.NotBefore = c.NotBefore
		}
		if template.NotAfter.After(c.NotAfter) {
			template.NotAfter, shortened = c.NotAfter, true
		}
	}
	return shortened
}

// above returns the CA's certificate and those above it that are known, each once.
func (a *Authority) above() []*x509.Certificate {
	all := []*x509.Certificate{a.Certificate}
	for _, c := range append(slices.Clone(a.Chain), a.Root) {
		if c != nil && !contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}

// files of a CA are named so by [Plan].
const (
	rootFile         = "ca"
	intermediateFile = "intermediate"
)

// LoadAuthority reads a CA from the file of its certificate, in which its issuers may follow, and the file of its key, which may be
// encrypted. keyFile may be empty when the first holds the key too. It refuses what cannot issue certificates that Redis accepts.
func LoadAuthority(loader cert.Loader, certFile, keyFile string, now time.Time) (*Authority, error) {
	pair, err := loader.LoadKeyPair(certFile, keyFile)
	if err != nil {
		return nil, asCAFault(err, certFile, keyFile)
	}
	key, ok := pair.PrivateKey.(crypto.Signer)
	if !ok {
		return nil, refuse("the key of "+certFile+" cannot sign", "use a key that OpenSSL made")
	}
	var certs []*x509.Certificate
	for _, der := range pair.Certificate {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		certs = append(certs, c)
	}
	path := pathOf(certs[0], certs, now)
	a := &Authority{Certificate: certs[0], Chain: path, key: key}
	if top := path[len(path)-1]; isSelfSigned(top) {
		a.Root, a.Chain = top, path[:len(path)-1]
	}
	if err := a.checkUse(certFile); err != nil {
		return nil, err
	}
	return a, a.checkDates(now)
}

// checkUse refuses a certificate that is no CA's, or not one of a CA of today.
func (a *Authority) checkUse(file string) error {
	c := a.Certificate
	switch {
	case !isCA(c) && c.Version < 3:
		return refuse(file+" holds the certificate of "+Subject(c)+", which is of version 1 and so no CA's",
			"make a CA with cert init; certificates of version 1 cannot say that they may issue others")
	case !isCA(c):
		return refuse(file+" holds the certificate of "+Subject(c)+", which is no CA (basicConstraints lacks CA:TRUE)",
			"give the certificate and the key of the CA that issued it, or make one with cert init")
	case c.KeyUsage != 0 && c.KeyUsage&x509.KeyUsageCertSign == 0:
		return refuse("the CA "+Subject(c)+" may not issue certificates (its keyUsage lacks keyCertSign)", "use another CA")
	}
	if fault := publicKeyFault(c.PublicKey); fault != "" {
		return refuse("the CA "+Subject(c)+" "+fault, "make a new CA with cert init")
	}
	return nil
}

func (a *Authority) checkDates(now time.Time) error {
	for _, c := range a.above() {
		who := "the CA " + Subject(c)
		if !c.Equal(a.Certificate) {
			who = "the issuer of the CA, " + Subject(c) + ","
		}
		switch {
		case now.After(c.NotAfter):
			return refuse(who+" expired on "+date(c.NotAfter, now), "renew it, or make a new one with cert init; what it issues is refused everywhere")
		case now.Before(c.NotBefore):
			return refuse(who+" is valid only from "+date(c.NotBefore, now)+" on; this computer's clock says "+date(now, now),
				"check the clock, or wait")
		}
	}
	return nil
}

func date(t, now time.Time) string { return t.In(now.Location()).Format(time.DateOnly) }

// asCAFault gives an error of loading a key pair the names that the options have here.
func asCAFault(err error, certFile, keyFile string) error {
	var fault *cert.FileError
	if !errors.As(err, &fault) {
		return err
	}
	told := *fault
	switch fault.Code {
	case cert.CodeKeyMissing:
		told.Detail, told.Fix = "holds the CA's certificate without its private key", "add --ca-key FILE"
	case cert.CodeFilesSwapped:
		told.Fix = "use --ca " + cert.ShellQuote(keyFile) + " --ca-key " + cert.ShellQuote(certFile)
	case cert.CodeFileNoKey:
		told.Fix = "give the file of the CA's private key with --ca-key"
	case cert.CodeFileNoCertificate:
		told.Fix = "give the file of the CA's certificate with --ca"
	case cert.CodeKeyMismatch:
		told.Fix = "give the key that this CA's certificate was made with"
	case cert.CodeChainOrder:
		told.Fix = "put the certificate of the CA whose key this is first, and its issuers behind it"
	}
	return &told
}
