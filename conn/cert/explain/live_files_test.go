package explain_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
	"time"

	"redan/conn/conntest"
)

// files are what a set-up of files is made of, by name.
type files struct {
	dir, cert, key, ca, otherKey, ecKey, sealed, der, caDER, p12, empty, cut, garbled, wrongOrder, weak, sha1 string
}

// TestLiveFiles makes redis-server, redis-cli, openssl and Go fail over files.
func TestLiveFiles(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	f := makeFiles(t)
	start := func(more ...string) string {
		return run(t, "redis-server", append([]string{"--port", "0", "--tls-port", freePort(t), "--save", ""}, more...)...)
	}
	usual := func(name, path string) []string {
		set := map[string]string{"--tls-cert-file": f.cert, "--tls-key-file": f.key, "--tls-ca-cert-file": f.ca}
		set[name] = path
		var args []string
		for _, name := range []string{"--tls-cert-file", "--tls-key-file", "--tls-ca-cert-file", name} {
			if path, ok := set[name]; ok && path != "" {
				args = append(args, name, path)
				delete(set, name)
			}
		}
		return args
	}
	missing := filepath.Join(f.dir, "missing.crt")
	for _, test := range []struct{ option, value, codes string }{
		{"--tls-ca-cert-file", "", "NO_CA"},
		{"--tls-cert-file", "", "CERT_MISSING"},
		{"--tls-key-file", "", "KEY_MISSING"},
		{"--tls-key-file", f.otherKey, "SERVER_KEY_MISMATCH?"},
		{"--tls-cert-file", f.wrongOrder, "SERVER_KEY_MISMATCH?"},
		{"--tls-cert-file", missing, "FILE_MISSING"},
		{"--tls-key-file", missing, "FILE_MISSING"},
		{"--tls-ca-cert-file", missing, "FILE_MISSING"},
		{"--tls-key-file", f.sealed, "KEY_ENCRYPTED"},
		{"--tls-cert-file", f.der, "FILE_NOT_PEM?"},
		{"--tls-cert-file", f.p12, "FILE_NOT_PEM?"},
		{"--tls-cert-file", f.key, "FILE_NOT_PEM?"},
		{"--tls-cert-file", f.empty, "FILE_NOT_PEM?"},
		{"--tls-ca-cert-file", f.caDER, "FILE_NOT_PEM?"},
		{"--tls-ca-cert-file", f.key, "FILE_NOT_PEM?"},
		{"--tls-cert-file", f.cut, "FILE_GARBLED"},
		{"--tls-cert-file", f.garbled, "FILE_GARBLED"},
		{"--tls-cert-file", f.weak, "WEAK_RSA"},
		{"--tls-cert-file", f.sha1, "SHA1_SIGNED"},
		{"--tls-protocols", "TLSv9", "CONF_LINE"},
		{"--tls-auth-clients", "maybe", "CONF_LINE"},
		{"--tls-ciphers", "NOPE", "CIPHERS"},
		{"--tls-ciphersuites", "NOPE", "CIPHERS"},
		{"--tls-dh-params-file", missing, "FILE_MISSING"},
		{"--tls-dh-params-file", f.cert, "CONF_LINE"},
		{"--tls-nonsense", "1", "CONF_LINE"},
	} {
		expect(t, x, start(usual(test.option, test.value)...), test.codes)
	}
	expect(t, x, start(append(usual("--tls-key-file", f.sealed), "--tls-key-file-pass", "wrong")...), "KEY_PASSPHRASE")

	server := conntest.Start(t, conntest.TLS())
	for _, test := range []struct{ parameter, value string }{{"tls-cert-file", missing}, {"tls-cert-file", f.der}, {"tls-protocols", "x"}} {
		_, err := server.TryDo("CONFIG", "SET", test.parameter, test.value)
		if err == nil {
			t.Errorf("CONFIG SET %s %s was accepted", test.parameter, test.value)
			continue
		}
		expect(t, x, err.Error(), "CONFIG_REFUSED")
	}
	for _, test := range []struct {
		args  []string
		codes string
	}{
		{[]string{"--cert", f.cert, "--key", f.otherKey}, "KEY_MISMATCH?"},
		{[]string{"--cert", f.der, "--key", f.key}, "FILE_UNREADABLE?"},
		{[]string{"--cacert", missing}, "FILE_UNREADABLE?"},
		{[]string{"--tls-ciphers", "NOPE"}, "CIPHERS"},
		{[]string{"--tls-ciphersuites", "NOPE"}, "CIPHERS"},
	} {
		expect(t, x, redisCLI(t, server.TLSAddr(), server.CAFile, test.args...), test.codes)
	}
	for _, test := range []struct{ cert, key, codes string }{
		{f.cert, f.otherKey, "KEY_MISMATCH"},
		{f.cert, f.ecKey, "KEY_MISMATCH"},
		{f.key, f.cert, "FILES_SWAPPED"},
		{f.der, f.key, "FILE_NOT_PEM?"},
		{f.cert, f.sealed, "KEY_ENCRYPTED?"},
		{missing, f.key, "FILE_UNREADABLE"},
	} {
		if _, err := tls.LoadX509KeyPair(test.cert, test.key); err == nil {
			t.Errorf("Go takes %s and %s", test.cert, test.key)
		} else {
			expect(t, x, err.Error(), test.codes)
		}
	}
}

// TestLiveVerify compares with the texts of openssl verify.
func TestLiveVerify(t *testing.T) {
	t.Parallel()
	x := newExplainer(t)
	root, other := conntest.NewAuthority(t), conntest.NewAuthority(t)
	past, future := time.Now().Add(-48*time.Hour), time.Now().Add(48*time.Hour)
	middle := root.Intermediate(t, conntest.IssueOptions{CN: "middle", Change: func(c *x509.Certificate) { c.MaxPathLenZero = true }})
	lower := middle.Intermediate(t, conntest.IssueOptions{CN: "lower"})
	good := root.Issue(t, conntest.IssueOptions{})
	deep := lower.Issue(t, conntest.IssueOptions{})
	chain := filepath.Join(t.TempDir(), "chain.pem")
	writePEM(t, chain, "CERTIFICATE", lower.Cert.Raw, middle.Cert.Raw)
	verify := func(pair *conntest.Pair, args ...string) string {
		return run(t, "openssl", append(append([]string{"verify"}, args...), pair.CertFile)...)
	}
	ca := []string{"-CAfile", root.CertFile}
	for _, test := range []struct {
		said, codes string
	}{
		{verify(good, "-CAfile", other.CertFile), "UNKNOWN_CA?"},
		{verify(root.Issue(t, conntest.IssueOptions{NotBefore: past, NotAfter: past.Add(time.Hour)}), ca...), "EXPIRED"},
		{verify(root.Issue(t, conntest.IssueOptions{NotBefore: future, NotAfter: future.Add(time.Hour)}), ca...), "NOT_YET_VALID?"},
		{verify(conntest.SelfSigned(t, conntest.IssueOptions{CN: "self"}), ca...), "SELF_SIGNED_LEAF?"},
		{verify(good, "-CAfile", other.CertFile, "-untrusted", root.CertFile), "UNKNOWN_CA?"},
		{verify(deep, "-CAfile", root.CertFile, "-untrusted", chain), "PATHLEN"},
		{verify(root.Issue(t, conntest.IssueOptions{EKU: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}), append(ca, "-purpose", "sslserver")...), "WRONG_EKU"},
		{verify(good, append(ca, "-verify_hostname", "x.lab")...), "OTHER_NAME?"},
		{verify(good, append(ca, "-verify_ip", "10.9.8.7")...), "OTHER_IP?"},
		{verify(good, append(ca, "-crl_check")...), "CRL_MISSING"},
		{verify(good, "-CAfile", filepath.Join(t.TempDir(), "missing.crt")), "FILE_UNREADABLE"},
	} {
		expect(t, x, test.said, test.codes)
	}
}

func writePEM(t *testing.T, path, kind string, blocks ...[]byte) {
	t.Helper()
	var out bytes.Buffer
	for _, block := range blocks {
		if err := pem.Encode(&out, &pem.Block{Type: kind, Bytes: block}); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func makeFiles(t *testing.T) files {
	t.Helper()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	root := conntest.NewAuthority(t, func(o *conntest.IssueOptions) { o.KeyType = conntest.RSA2048 })
	pair := root.Issue(t, conntest.IssueOptions{KeyType: conntest.RSA2048})
	f := files{
		dir: dir, cert: pair.CertFile, key: pair.KeyFile, ca: root.CertFile,
		otherKey: root.Issue(t, conntest.IssueOptions{KeyType: conntest.RSA2048}).KeyFile, ecKey: root.Issue(t, conntest.IssueOptions{}).KeyFile,
		sealed: at("sealed.key"), der: at("redis.der"), caDER: at("ca.der"), p12: at("redis.p12"), empty: at("empty.crt"), cut: at("cut.crt"),
		garbled: at("garbled.crt"), wrongOrder: at("order.crt"), weak: at("weak.crt"), sha1: at("sha1.crt"),
	}
	write := func(path string, content []byte) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	whole := []byte(readFile(t, f.cert))
	write(f.der, pair.Cert.Raw)
	write(f.caDER, root.Cert.Raw)
	write(f.empty, nil)
	write(f.cut, whole[:2*len(whole)/3])
	write(f.garbled, bytes.Replace(whole, []byte("\nM"), []byte("\n!"), 1))
	writePEM(t, f.wrongOrder, "CERTIFICATE", root.Cert.Raw, pair.Cert.Raw)
	run(t, "openssl", "rsa", "-aes256", "-passout", "pass:secret", "-in", f.key, "-out", f.sealed)
	run(t, "openssl", "pkcs12", "-export", "-in", f.cert, "-inkey", f.key, "-passout", "pass:x", "-out", f.p12)
	run(t, "openssl", "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-subj", "/CN=weak", "-keyout", at("weak.key"), "-out", f.weak)
	run(t, "openssl", "req", "-new", "-key", f.key, "-subj", "/CN=sha1", "-out", at("sha1.csr"))
	run(t, "openssl", "x509", "-req", "-sha1", "-in", at("sha1.csr"), "-CA", root.CertFile, "-CAkey", root.KeyFile, "-set_serial", "7", "-out", f.sha1)
	return f
}
