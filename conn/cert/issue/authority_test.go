package issue

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"redan/conn/cert"
)

// foreignCA makes a CA as another program might.
func foreignCA(t testing.TB, parent *Authority, change func(*x509.Certificate)) *Authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: "Foreign CA"}, NotBefore: testNow().AddDate(-1, 0, 0), NotAfter: testNow().AddDate(5, 0, 0),
		BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageCertSign,
	}
	if change != nil {
		change(template)
	}
	if parent == nil {
		c, err := sign(template, template, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		return &Authority{Certificate: c, Root: c, key: key}
	}
	c, err := sign(template, parent.Certificate, key.Public(), parent.key)
	if err != nil {
		t.Fatal(err)
	}
	return &Authority{Certificate: c, Chain: append([]*x509.Certificate{c}, parent.Chain...), Root: parent.Root, key: key}
}

// loaderOf returns a loader of files that are only here.
func loaderOf(files map[string][]byte) cert.Loader {
	return cert.Loader{ReadFile: func(path string) ([]byte, error) {
		if data, ok := files[path]; ok {
			return data, nil
		}
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}}
}

func keyFileOf(t testing.TB, a *Authority) []byte {
	t.Helper()
	data, err := encodeKey(a.key)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestLoadAuthority(t *testing.T) {
	root := foreignCA(t, nil, nil)
	middle := foreignCA(t, root, func(c *x509.Certificate) { c.Subject.CommonName = "Middle" })
	files := map[string][]byte{
		"root.crt": EncodeCertificates(root.Certificate), "root.key": keyFileOf(t, root),
		"middle.crt": EncodeCertificates(middle.Certificate), "middle.key": keyFileOf(t, middle),
		"chain.crt": EncodeCertificates(middle.Certificate, root.Certificate),
		"both.pem":  append(EncodeCertificates(root.Certificate), keyFileOf(t, root)...),
	}
	for name, test := range map[string]struct {
		cert, key string
		chain     int
		hasRoot   bool
	}{
		"root":                      {"root.crt", "root.key", 0, true},
		"intermediate with root":    {"chain.crt", "middle.key", 1, true},
		"intermediate without root": {"middle.crt", "middle.key", 1, false},
		"one file":                  {"both.pem", "", 0, true},
	} {
		a, err := LoadAuthority(loaderOf(files), test.cert, test.key, testNow())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(a.Chain) != test.chain || (a.Root != nil) != test.hasRoot {
			t.Errorf("%s: chain of %d, root %v", name, len(a.Chain), a.Root != nil)
		}
		made, err := a.Issue(Request{Name: "n", Names: mustNames(t, "n"), Life: Life{Now: testNow(), Days: 30}})
		if err != nil || len(made.Chain) != test.chain+1 {
			t.Errorf("%s: a certificate with chain of %d, %v", name, len(made.Chain), err)
		}
	}
	other := foreignCA(t, nil, nil)
	files["other.key"] = keyFileOf(t, other)
	for want, paths := range map[string][2]string{
		"add --ca-key FILE":              {"root.crt", ""},
		"--ca root.crt --ca-key root.ke": {"root.key", "root.crt"},
		"is not the key of":              {"root.crt", "other.key"},
		"none.crt does not exist":        {"none.crt", "root.key"},
		"none.key does not exist":        {"root.crt", "none.key"},
	} {
		_, err := LoadAuthority(loaderOf(files), paths[0], paths[1], testNow())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestCAsThatAreRefused(t *testing.T) {
	root := foreignCA(t, nil, nil)
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weakCA := &Authority{key: weak}
	weakCA.Certificate, err = sign(&x509.Certificate{
		Subject: pkix.Name{CommonName: "Weak"}, NotBefore: testNow(), NotAfter: testNow().AddDate(1, 0, 0), BasicConstraintsValid: true, IsCA: true,
	}, &x509.Certificate{Subject: pkix.Name{CommonName: "Weak"}}, weak.Public(), weak)
	if err != nil {
		t.Fatal(err)
	}
	for want, a := range map[string]*Authority{
		"is no CA (basicConstraints lacks CA:TRUE)": foreignCA(t, nil, func(c *x509.Certificate) { c.IsCA = false }),
		"its keyUsage lacks keyCertSign":            foreignCA(t, nil, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }),
		"expired on 2031-05-21":                     foreignCA(t, nil, func(c *x509.Certificate) { c.NotAfter = testNow().AddDate(0, 0, -1) }),
		"valid only from 2031-05-23":                foreignCA(t, nil, func(c *x509.Certificate) { c.NotBefore = testNow().AddDate(0, 0, 1) }),
		"RSA key of 1024 bits":                      weakCA,
		"the issuer of the CA, CN=Foreign CA, expired": foreignCA(t, foreignCA(t, nil, func(c *x509.Certificate) {
			c.NotAfter = testNow().AddDate(0, 0, -1)
		}), func(c *x509.Certificate) { c.Subject.CommonName = "Middle" }),
	} {
		bundle := EncodeCertificates(a.above()...)
		_, err := LoadAuthority(loaderOf(map[string][]byte{"ca.crt": bundle, "ca.key": keyFileOf(t, a)}), "ca.crt", "ca.key", testNow())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	// One that is a CA, and limited in a way that only shows with what it issues.
	for want, limit := range map[string]func(*x509.Certificate){
		"may not issue for clientAuth": func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} },
		"may not issue for these names": func(c *x509.Certificate) {
			c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"example.com"}
		},
		"the same subject as its CA": func(c *x509.Certificate) { c.Subject.CommonName = "redis.lab" },
	} {
		a := foreignCA(t, root, func(c *x509.Certificate) { c.Subject.CommonName = "Middle"; limit(c) })
		made, err := a.Issue(Request{Name: "redis.lab", Names: mustNames(t, "redis.lab"), Life: Life{Now: testNow(), Days: 30}})
		if err == nil || !strings.Contains(err.Error(), want) || len(made.Files) > 0 {
			t.Errorf("%v, %d files, want %q", err, len(made.Files), want)
		}
	}
	shallow := foreignCA(t, nil, func(c *x509.Certificate) { c.MaxPathLenZero = true })
	if _, err := shallow.Intermediate(Life{Now: testNow(), Days: 1}, 0); err == nil || !strings.Contains(err.Error(), "path length is 0") {
		t.Errorf("an intermediate below path length 0: %v", err)
	}
	deep := foreignCA(t, shallow, func(c *x509.Certificate) { c.Subject.CommonName = "Middle" })
	if _, err := deep.Issue(Request{Name: "n", Names: mustNames(t, "n"), Life: Life{Now: testNow(), Days: 1}}); err == nil || !strings.Contains(err.Error(), "path length") {
		t.Errorf("below an intermediate that path length 0 forbids: %v", err)
	}
}

// TestRenewedIssuer: a file with the expired certificate of an issuer beside its renewed one is as good as one without.
func TestRenewedIssuer(t *testing.T) {
	root := foreignCA(t, nil, nil)
	old := foreignCA(t, root, func(c *x509.Certificate) { called("Upper")(c); c.NotAfter = testNow().AddDate(0, 0, -1) })
	template := *old.Certificate
	template.NotAfter = testNow().AddDate(2, 0, 0)
	renewed, err := sign(&template, root.Certificate, old.key.Public(), root.key)
	if err != nil {
		t.Fatal(err)
	}
	middle := foreignCA(t, old, called("Middle"))
	for _, order := range [][]*x509.Certificate{{old.Certificate, renewed}, {renewed, old.Certificate}} {
		files := map[string][]byte{
			"ca.crt": EncodeCertificates(append([]*x509.Certificate{middle.Certificate}, append(order, root.Certificate)...)...),
			"ca.key": keyFileOf(t, middle),
		}
		a, err := LoadAuthority(loaderOf(files), "ca.crt", "ca.key", testNow())
		if err != nil || len(a.Chain) != 2 || !a.Chain[1].Equal(renewed) {
			t.Errorf("chain %v, %v", a, err)
		}
	}
}

// TestNothingOutlivesItsCA, nor begins before it.
func TestNothingOutlivesItsCA(t *testing.T) {
	ends := testNow().AddDate(0, 0, 100)
	root := foreignCA(t, nil, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = testNow().Add(-time.Minute), ends })
	made, err := root.Issue(Request{Name: "n", Names: mustNames(t, "n"), Life: Life{Now: testNow(), Days: 397}})
	if err != nil || !made.Shortened || !made.Certificate.NotAfter.Equal(ends) || made.Certificate.NotBefore.Before(root.Certificate.NotBefore) {
		t.Errorf("%v: shortened %v, valid from %v to %v", err, made.Shortened, made.Certificate.NotBefore, made.Certificate.NotAfter)
	}
	// The root above an intermediate counts as well.
	middle := foreignCA(t, root, func(c *x509.Certificate) { c.Subject.CommonName = "Middle" })
	if made, err = middle.Issue(Request{Name: "n", Names: mustNames(t, "n"), Life: Life{Now: testNow(), Days: 397}}); err != nil || !made.Certificate.NotAfter.Equal(ends) {
		t.Errorf("%v: ends %v, want %v", err, made.Certificate.NotAfter, ends)
	}
	set := mustMake(t, Plan{Now: testNow(), Days: 500, CADays: 30, Intermediate: true, Nodes: []Names{mustNames(t, "n")}})
	if !set.Nodes[0].Shortened || set.CA.Certificate.NotAfter.After(set.CA.Root.NotAfter) {
		t.Errorf("shortened %v; intermediate ends %v, root %v", set.Nodes[0].Shortened, set.CA.Certificate.NotAfter, set.CA.Root.NotAfter)
	}
}

func TestCAWithoutItsRootMakesNoSet(t *testing.T) {
	middle := foreignCA(t, foreignCA(t, nil, nil), func(c *x509.Certificate) { c.Subject.CommonName = "Middle" })
	middle.Root = nil
	plan := twoNodes(t, testNow())
	plan.CA = middle
	if _, err := plan.Make(); err == nil || !strings.Contains(err.Error(), "--with-root") {
		t.Error(err)
	}
}

// TestSecondRegion: another set with the same CA holds its certificate and not its key, and is trusted with it.
func TestSecondRegion(t *testing.T) {
	first := mustMake(t, twoNodes(t, testNow()))
	files := map[string][]byte{"ca.crt": first.file(t, "ca.crt"), "ca.key": first.file(t, "ca.key")}
	plan := twoNodes(t, testNow())
	var err error
	if plan.CA, err = LoadAuthority(loaderOf(files), "ca.crt", "ca.key", testNow()); err != nil {
		t.Fatal(err)
	}
	second := mustMake(t, plan)
	if string(second.file(t, "ca.crt")) != string(files["ca.crt"]) || second.CAKeyFile != "" {
		t.Errorf("the CA is not the same, or its key (%q) came along", second.CAKeyFile)
	}
	verifies(t, second, "10.0.0.11.crt", x509.ExtKeyUsageServerAuth, "10.0.0.11")
}

func request(t testing.TB, key any, template x509.CertificateRequest) []byte {
	t.Helper()
	der, err := x509.CreateCertificateRequest(rand.Reader, &template, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
}

func TestRequests(t *testing.T) {
	ca := foreignCA(t, nil, nil)
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	_, edKey, _ := ed25519.GenerateKey(rand.Reader)
	weak, _ := rsa.GenerateKey(rand.Reader, 1024)
	named := x509.CertificateRequest{Subject: pkix.Name{CommonName: "redis-1.lab", Organization: []string{"Lab"}}, DNSNames: []string{"Redis-1.lab", "alias.lab"}}
	greedy := named
	greedy.ExtraExtensions = []pkix.Extension{{Id: []int{2, 5, 29, 19}, Critical: true, Value: []byte{0x30, 0x03, 0x01, 0x01, 0xff}}} // CA:TRUE
	for name, test := range map[string]struct {
		data []byte
		role Role
		want string // names, or part of the error
		file string
	}{
		"names":            {request(t, key, named), RoleNode, "redis-1.lab,alias.lab", "redis-1.lab"},
		"wants to be a CA": {request(t, edKey, greedy), RoleNode, "redis-1.lab,alias.lab", "redis-1.lab"},
		"common name only": {request(t, key, x509.CertificateRequest{Subject: pkix.Name{CommonName: "r.lab"}}), RoleNode, "r.lab", "r.lab"},
		"client":           {request(t, key, x509.CertificateRequest{Subject: pkix.Name{CommonName: "app_9"}}), RoleClient, "", "app_9"},
		"no subject":       {request(t, key, x509.CertificateRequest{DNSNames: []string{"r.lab"}}), RoleNode, "r.lab", "r.lab"},
		"no name":          {request(t, key, x509.CertificateRequest{}), RoleNode, "error: asks for no host name", ""},
		"nameless client":  {request(t, key, x509.CertificateRequest{}), RoleClient, "error: the name of a client is empty", ""},
		"bad name":         {request(t, key, x509.CertificateRequest{DNSNames: []string{"r_1.lab"}}), RoleNode, "error: underscore", ""},
		"weak key":         {request(t, weak, named), RoleNode, "error: RSA key of 1024 bits", ""},
		"a certificate":    {EncodeCertificates(ca.Certificate), RoleNode, "error: holds no certificate request (a CERTIFICATE block)", ""},
		"nothing":          {[]byte("hello"), RoleNode, "error: holds no certificate request (no PEM block)", ""},
	} {
		t.Run(name, func(t *testing.T) {
			csr, err := ParseRequest("x.csr", test.data, test.role)
			if want, isError := strings.CutPrefix(test.want, "error: "); isError {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%v, want %q", err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			made, err := ca.IssueFor(csr, Request{Role: test.role, Life: Life{Now: testNow(), Days: 30}})
			if err != nil {
				t.Fatal(err)
			}
			c := made.Certificate
			if got := strings.Join(cleanNames(c), ","); got != test.want || c.IsCA || made.CertFile != test.file+".crt" || made.KeyFile != "" || len(made.Files) != 1 {
				t.Errorf("names %s (CA %v), files %s, %q; want %s", got, c.IsCA, made.CertFile, made.KeyFile, test.want)
			}
		})
	}
	damaged := request(t, key, named)
	block, _ := pem.Decode(damaged)
	block.Bytes[len(block.Bytes)-5] ^= 1
	if _, err := ParseRequest("x.csr", pem.EncodeToMemory(block), RoleNode); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a damaged request: %v", err)
	}
}

// TestOpenSSLsRequest: in DER, and of version 1 of PEM's label.
func TestOpenSSLsRequest(t *testing.T) {
	dir := t.TempDir()
	out, err := exec.Command("openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", filepath.Join(dir, "k"), "-out", filepath.Join(dir, "r"),
		"-outform", "DER", "-subj", "/O=Lab/CN=r.lab", "-addext", "subjectAltName=DNS:r.lab,IP:10.1.2.3").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(filepath.Join(dir, "r"))
	if err != nil {
		t.Fatal(err)
	}
	csr, err := ParseRequest("r", data, RoleNode)
	if err != nil || strings.Join(csr.Names.List(), ",") != "r.lab,10.1.2.3" {
		t.Errorf("%v, %v", csr.Names, err)
	}
}
