package conntest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// KeyType is the kind of key that a certificate certifies.
type KeyType int

// The kinds of keys, the default first.
const (
	ECDSAP256 KeyType = iota
	ECDSAP384
	RSA2048
	Ed25519
)

// IssueOptions says what a certificate should be. For the slices, nil means the
// default and an empty slice none at all. The zero value is a valid
// certificate for localhost.
type IssueOptions struct {
	// CN is the common name of the subject.
	CN string
	// DNS and IPs are the names. If both are nil, they are localhost, 127.0.0.1
	// and ::1.
	DNS []string
	IPs []net.IP
	// NotBefore defaults to an hour ago, NotAfter to a day from now.
	NotBefore, NotAfter time.Time
	// EKU defaults to serving and being a client. An authority has none.
	EKU []x509.ExtKeyUsage
	// IsCA makes a certificate that may issue others; see
	// [Authority.Intermediate]. It carries no names.
	IsCA    bool
	KeyType KeyType
	// Change, if not nil, has the last word on the certificate, for what the
	// fields above cannot say.
	Change func(*x509.Certificate)
}

// Pair is a certificate with its key, in memory and as PEM files.
type Pair struct {
	Cert *x509.Certificate
	Key  crypto.Signer
	// Chain are the intermediates up to the root, which is not among them.
	Chain []*x509.Certificate
	// CertFile holds the certificate alone, ChainFile also the intermediates,
	// KeyFile the key in PKCS #8.
	CertFile, ChainFile, KeyFile string
}

// Authority is a certificate authority of a test.
type Authority struct {
	Pair
}

// NewAuthority makes a root that trusts itself. A change is applied to what is
// issued by default.
func NewAuthority(t TB, change ...func(*IssueOptions)) *Authority {
	t.Helper()
	o := IssueOptions{CN: "conntest root", IsCA: true}
	for _, f := range change {
		f(&o)
	}
	return &Authority{Pair: *issue(t, o, nil)}
}

// Issue makes a certificate that the authority vouches for.
func (a *Authority) Issue(t TB, o IssueOptions) *Pair {
	t.Helper()
	return issue(t, o, &a.Pair)
}

// Intermediate makes an authority that this one vouches for. What it issues
// carries it in the chain.
func (a *Authority) Intermediate(t TB, o IssueOptions) *Authority {
	t.Helper()
	o.IsCA = true
	return &Authority{Pair: *issue(t, o, &a.Pair)}
}

// SelfSigned makes a certificate that only itself vouches for.
func SelfSigned(t TB, o IssueOptions) *Pair {
	t.Helper()
	return issue(t, o, nil)
}

// Pool holds the authority as the one trusted root.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.Cert)
	return pool
}

// TLS is the pair with its chain, for a tls.Config.
func (p *Pair) TLS() tls.Certificate {
	c := tls.Certificate{Certificate: [][]byte{p.Cert.Raw}, PrivateKey: p.Key, Leaf: p.Cert}
	for _, link := range p.Chain {
		c.Certificate = append(c.Certificate, link.Raw)
	}
	return c
}

// issue makes a certificate signed by parent, or by itself without one.
func issue(t TB, o IssueOptions, parent *Pair) *Pair {
	t.Helper()
	pair, err := sign(o, parent, time.Now())
	if err == nil {
		err = pair.write(newDir(t, t.TempDir()))
	}
	if err != nil {
		t.Fatalf("conntest: issue a certificate for %q: %v", o.CN, err)
	}
	return pair
}

func sign(o IssueOptions, parent *Pair, now time.Time) (*Pair, error) {
	key, err := newKey(o.KeyType)
	if err != nil {
		return nil, err
	}
	template, err := o.template(now)
	if err != nil {
		return nil, err
	}
	pair := &Pair{Key: key}
	issuer, signer := template, key
	if parent != nil {
		issuer, signer = parent.Cert, parent.Key
		if !parent.selfIssued() {
			pair.Chain = append([]*x509.Certificate{parent.Cert}, parent.Chain...)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, key.Public(), signer)
	if err != nil {
		return nil, err
	}
	pair.Cert, err = x509.ParseCertificate(der)
	return pair, err
}

// selfIssued reports whether the certificate is a root, which peers know and
// need not be sent.
func (p *Pair) selfIssued() bool { return p.Cert.CheckSignatureFrom(p.Cert) == nil }

// template fills in the defaults.
func (o IssueOptions) template(now time.Time) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	c := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: o.CN},
		NotBefore:             orTime(o.NotBefore, now.Add(-time.Hour)),
		NotAfter:              orTime(o.NotAfter, now.Add(24*time.Hour)),
		BasicConstraintsValid: true,
		IsCA:                  o.IsCA,
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           o.EKU,
		DNSNames:              o.DNS,
		IPAddresses:           o.IPs,
	}
	switch {
	case o.IsCA:
		c.KeyUsage |= x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	default:
		if o.EKU == nil {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
		}
		if o.DNS == nil && o.IPs == nil {
			c.DNSNames = []string{"localhost"}
			c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
		}
	}
	if o.KeyType == RSA2048 {
		c.KeyUsage |= x509.KeyUsageKeyEncipherment
	}
	if o.Change != nil {
		o.Change(c)
	}
	return c, nil
}

func orTime(t, fallback time.Time) time.Time {
	if t.IsZero() {
		return fallback
	}
	return t
}

func newKey(kind KeyType) (crypto.Signer, error) {
	switch kind {
	case ECDSAP256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case ECDSAP384:
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case RSA2048:
		return rsa.GenerateKey(rand.Reader, 2048)
	case Ed25519:
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	}
	return nil, errors.New("unknown key type")
}

// write puts the pair into files and notes their paths.
func (p *Pair) write(dir string) error {
	der, err := x509.MarshalPKCS8PrivateKey(p.Key)
	if err != nil {
		return err
	}
	leaf := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.Cert.Raw})
	chain := leaf
	for _, link := range p.Chain {
		chain = append(chain, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: link.Raw})...)
	}
	p.CertFile = filepath.Join(dir, "cert.pem")
	p.ChainFile = filepath.Join(dir, "chain.pem")
	p.KeyFile = filepath.Join(dir, "key.pem")
	return errors.Join(
		os.WriteFile(p.CertFile, leaf, 0o600),
		os.WriteFile(p.ChainFile, chain, 0o600),
		os.WriteFile(p.KeyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600),
	)
}
