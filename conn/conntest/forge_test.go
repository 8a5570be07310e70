package conntest_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"os/exec"
	"strings"
	"testing"

	"redan/conn/conntest"
)

// OpenSSL is the judge of forgeries: it reads what crypto/x509 refuses to make.
func TestForgeries(t *testing.T) {
	t.Parallel()
	root := conntest.NewAuthority(t, func(o *conntest.IssueOptions) { o.KeyType = conntest.RSA2048 })
	tests := []struct {
		name    string
		forgery conntest.Forgery
		want    string // in openssl's description
		lacks   string
	}{
		{"md5", conntest.Forgery{Hash: crypto.MD5}, "Signature Algorithm: md5WithRSAEncryption", "sha256"},
		{"sha1", conntest.Forgery{Hash: crypto.SHA1}, "Signature Algorithm: sha1WithRSAEncryption", "sha256"},
		{"version 1", conntest.Forgery{Version1: true}, "Version: 1 (0x0)", "X509v3"},
		{"weak key", conntest.Forgery{Key: rsaKey(t, 1024)}, "Public-Key: (1024 bit)", "(256 bit)"},
		{"none", conntest.Forgery{}, "Version: 3 (0x2)", "md5"},
	}
	for _, tt := range tests {
		pair := root.Forge(t, conntest.IssueOptions{CN: tt.name}, tt.forgery)
		text := openssl(t, "x509", "-noout", "-text", "-in", pair.CertFile)
		if !strings.Contains(text, tt.want) || strings.Contains(text, tt.lacks) {
			t.Errorf("%s: want %q and not %q in\n%s", tt.name, tt.want, tt.lacks, text)
		}
		openssl(t, "verify", "-auth_level", "0", "-CAfile", root.CertFile, pair.CertFile)
	}
	below := root.Intermediate(t, conntest.IssueOptions{CN: "middle", KeyType: conntest.RSA2048}).
		Forge(t, conntest.IssueOptions{CN: "leaf"}, conntest.Forgery{Hash: crypto.SHA1})
	if len(below.Chain) != 1 || below.Cert.SignatureAlgorithm != x509.SHA1WithRSA {
		t.Errorf("below an intermediate: chain of %d, %s", len(below.Chain), below.Cert.SignatureAlgorithm)
	}
}

func openssl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "openssl", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
