package certreport

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"testing"
	"time"

	"redan/conn/cert"
)

// showNow is when the listings of the tests are made.
func showNow() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// showEntity is a certificate of these tests, the same at every run: who signs has an Ed25519 key, whose signatures have no randomness.
type showEntity struct {
	cert *x509.Certificate
	key  crypto.PrivateKey
}

func showSigner(seed byte) ed25519.PrivateKey {
	bytes := make([]byte, ed25519.SeedSize)
	bytes[0] = seed
	return ed25519.NewKeyFromSeed(bytes)
}

// showECKey is an EC key of which nothing but the public half is ever used.
func showECKey(t testing.TB, seed byte) *ecdsa.PrivateKey {
	t.Helper()
	bytes := make([]byte, 32)
	bytes[31] = seed
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func showRSAKey() *rsa.PublicKey {
	n := new(big.Int).Lsh(big.NewInt(1), 2047)
	return &rsa.PublicKey{N: n.Add(n, big.NewInt(12345)), E: 65537}
}

// showTemplate is a certificate for name, made an hour ago.
func showTemplate(name string, serial int64, days int) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name, Organization: []string{"Lab"}},
		NotBefore: showNow().Add(-time.Hour), NotAfter: showNow().AddDate(0, 0, days), KeyUsage: x509.KeyUsageDigitalSignature,
	}
}

func showMake(t testing.TB, template *x509.Certificate, public crypto.PublicKey, issuer *showEntity, signer crypto.PrivateKey) *x509.Certificate {
	t.Helper()
	parent := template
	if issuer != nil {
		parent, signer = issuer.cert, issuer.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, signer)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func showCA(t testing.TB, name string, seed byte, issuer *showEntity, changes ...func(*x509.Certificate)) *showEntity {
	t.Helper()
	template := showTemplate(name, int64(seed), 3650)
	template.IsCA, template.BasicConstraintsValid = true, true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	template.SubjectKeyId = []byte{seed, seed}
	for _, change := range changes {
		change(template)
	}
	key := showSigner(seed)
	return &showEntity{showMake(t, template, key.Public(), issuer, key), key}
}

func (e *showEntity) leaf(t testing.TB, name string, seed byte, changes ...func(*x509.Certificate)) *showEntity {
	t.Helper()
	template := showTemplate(name, int64(seed)+0x3f0, 90)
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	template.DNSNames = []string{name, "localhost"}
	template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback, net.IPv4(10, 0, 0, 12)}
	for _, change := range changes {
		change(template)
	}
	key := showECKey(t, seed)
	return &showEntity{showMake(t, template, key.Public(), e, nil), key}
}

func showPEM(label string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der})
}

func (e *showEntity) pem() []byte { return showPEM("CERTIFICATE", e.cert.Raw) }

func (e *showEntity) keyPEM(t testing.TB) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(e.key)
	if err != nil {
		t.Fatal(err)
	}
	return showPEM("PRIVATE KEY", der)
}

// showLab is what most of these tests list.
type showLab struct {
	root, middle, leaf, other *showEntity
}

func newShowLab(t testing.TB) showLab {
	t.Helper()
	root := showCA(t, "Lab Root A", 1, nil)
	middle := showCA(t, "Lab Intermediate A1", 2, root, func(c *x509.Certificate) {
		c.MaxPathLenZero, c.NotAfter = true, showNow().AddDate(5, 0, 0)
	})
	return showLab{
		root: root, middle: middle, leaf: middle.leaf(t, "redis-2.lab", 3),
		other: middle.leaf(t, "client-app", 4, func(c *x509.Certificate) {
			c.ExtKeyUsage, c.DNSNames, c.IPAddresses = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, nil, nil
			c.NotBefore, c.NotAfter = showNow().AddDate(0, 0, -85), showNow().AddDate(0, 0, 5)
		}),
	}
}

// rich is a certificate with everything that a certificate may have.
func (l showLab) rich(t testing.TB) (leaf, issuer *showEntity) {
	t.Helper()
	ca := showCA(t, "Lab Policy CA", 5, l.root, func(c *x509.Certificate) {
		c.PermittedDNSDomainsCritical = true
		c.PermittedDNSDomains, c.ExcludedDNSDomains = []string{".lab", ".test"}, []string{"secret.lab"}
		_, network, _ := net.ParseCIDR("10.0.0.0/8")
		c.PermittedIPRanges = []*net.IPNet{network}
		c.MaxPathLen = 3
	})
	leaf = ca.leaf(t, "redis.lab", 6, func(c *x509.Certificate) {
		uri, _ := url.Parse("spiffe://lab/redis")
		c.URIs, c.EmailAddresses = []*url.URL{uri}, []string{"ops@lab"}
		c.OCSPServer, c.IssuingCertificateURL = []string{"http://ocsp.lab"}, []string{"http://lab/ca.crt"}
		c.CRLDistributionPoints = []string{"http://lab/ca.crl"}
		policy, _ := x509.OIDFromInts([]uint64{1, 3, 6, 1, 4, 1, 99999, 1})
		c.Policies = []x509.OID{policy}
		c.KeyUsage |= x509.KeyUsageKeyEncipherment
		c.ExtraExtensions = []pkix.Extension{
			{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 24}, Value: []byte{0x30, 3, 2, 1, 5}},
			{Id: asn1.ObjectIdentifier{2, 16, 840, 1, 113730, 1, 1}, Value: []byte{3, 2, 6, 0xc0}},
			{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{4, 2, 0xca, 0xfe}},
		}
	})
	return leaf, ca
}

// showSource is a file with parts one behind the other.
func showSource(t testing.TB, name string, parts ...[]byte) cert.Inspection {
	t.Helper()
	var data []byte
	for _, part := range parts {
		data = append(data, part...)
	}
	found, err := cert.Inspect(name, data, nil)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
