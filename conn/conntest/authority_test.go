package conntest_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"slices"
	"testing"
	"time"

	"redan/conn/conntest"
)

func TestIssueDefaults(t *testing.T) {
	t.Parallel()
	root := conntest.NewAuthority(t)
	for _, kind := range []conntest.KeyType{conntest.ECDSAP256, conntest.ECDSAP384, conntest.RSA2048, conntest.Ed25519} {
		pair := root.Issue(t, conntest.IssueOptions{KeyType: kind})
		for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
			if err := pair.Cert.VerifyHostname(name); err != nil {
				t.Errorf("key type %d: %v", kind, err)
			}
		}
		for _, usage := range []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth} {
			opts := x509.VerifyOptions{Roots: root.Pool(), KeyUsages: []x509.ExtKeyUsage{usage}}
			if _, err := pair.Cert.Verify(opts); err != nil {
				t.Errorf("key type %d for usage %d: %v", kind, usage, err)
			}
		}
		if _, err := tls.LoadX509KeyPair(pair.CertFile, pair.KeyFile); err != nil {
			t.Errorf("key type %d: the files: %v", kind, err)
		}
	}
}

func TestIssueAsAsked(t *testing.T) {
	t.Parallel()
	root := conntest.NewAuthority(t, func(o *conntest.IssueOptions) { o.CN = "my root" })
	if got := root.Cert.Subject.CommonName; got != "my root" {
		t.Errorf("root is called %q", got)
	}
	from, until := time.Now().Add(-48*time.Hour).Truncate(time.Second), time.Now().Add(-24*time.Hour).Truncate(time.Second)
	pair := root.Issue(t, conntest.IssueOptions{
		CN: "old", DNS: []string{"redis.example"}, IPs: []net.IP{}, EKU: []x509.ExtKeyUsage{},
		NotBefore: from, NotAfter: until,
		Change: func(c *x509.Certificate) { c.Subject.Organization = []string{"Acme"} },
	})
	c := pair.Cert
	if !c.NotBefore.Equal(from) || !c.NotAfter.Equal(until) {
		t.Errorf("valid %s to %s", c.NotBefore, c.NotAfter)
	}
	if !slices.Equal(c.DNSNames, []string{"redis.example"}) || len(c.IPAddresses) != 0 || len(c.ExtKeyUsage) != 0 {
		t.Errorf("names %q %v, usages %v", c.DNSNames, c.IPAddresses, c.ExtKeyUsage)
	}
	if c.Subject.String() != "CN=old,O=Acme" || c.Issuer.String() != "CN=my root" {
		t.Errorf("subject %s, issuer %s", c.Subject, c.Issuer)
	}
}

func TestChains(t *testing.T) {
	t.Parallel()
	root := conntest.NewAuthority(t)
	upper := root.Intermediate(t, conntest.IssueOptions{CN: "upper"})
	lower := upper.Intermediate(t, conntest.IssueOptions{CN: "lower", KeyType: conntest.Ed25519})
	pair := lower.Issue(t, conntest.IssueOptions{CN: "leaf"})
	sent, err := tls.LoadX509KeyPair(pair.ChainFile, pair.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	if len(sent.Certificate) != 3 || len(pair.TLS().Certificate) != 3 {
		t.Errorf("chain of %d in the file and %d in memory, want 3: leaf, lower, upper", len(sent.Certificate), len(pair.TLS().Certificate))
	}
	middle := x509.NewCertPool()
	for _, link := range pair.Chain {
		middle.AddCert(link)
	}
	if _, err := pair.Cert.Verify(x509.VerifyOptions{Roots: root.Pool(), Intermediates: middle}); err != nil {
		t.Errorf("with the chain: %v", err)
	}
	if _, err := pair.Cert.Verify(x509.VerifyOptions{Roots: root.Pool()}); err == nil {
		t.Error("verified without the chain")
	}
	alone := conntest.SelfSigned(t, conntest.IssueOptions{CN: "alone"})
	if _, err := alone.Cert.Verify(x509.VerifyOptions{Roots: root.Pool()}); err == nil {
		t.Error("a self-signed certificate verified")
	}
}
