package issue

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"
)

// testNow is the time at which these tests play, so that nothing may read the clock unnoticed.
func testNow() time.Time { return time.Date(2031, 5, 22, 12, 0, 0, 0, time.UTC) }

func mustNames(t testing.TB, list ...string) Names {
	t.Helper()
	names, err := ParseNames(list...)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// twoNodes is a usual plan.
func twoNodes(t testing.TB, now time.Time) Plan {
	t.Helper()
	return Plan{
		Now: now, Days: 397, CADays: 3650, Clients: []string{"app1", "app2"},
		Nodes: []Names{mustNames(t, "10.0.0.11").WithLoopback(), mustNames(t, "redis-2.lab", "10.0.0.12").WithLoopback()},
	}
}

func mustMake(t testing.TB, p Plan) Set {
	t.Helper()
	set, err := p.Make()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func (s Set) file(t testing.TB, name string) []byte {
	t.Helper()
	for _, f := range s.Files {
		if f.Name == name {
			return f.Data
		}
	}
	t.Fatalf("there is no file %s", name)
	return nil
}

// parsePEM returns the certificates of a file.
func parsePEM(t testing.TB, data []byte) []*x509.Certificate {
	t.Helper()
	var certs []*x509.Certificate
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			t.Fatalf("a %s block among certificates", block.Type)
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		certs = append(certs, c)
	}
	return certs
}

func verifies(t testing.TB, set Set, file string, usage x509.ExtKeyUsage, host string) {
	t.Helper()
	certs := parsePEM(t, set.file(t, file))
	roots, issuers := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range parsePEM(t, set.file(t, "ca.crt")) {
		roots.AddCert(c)
	}
	for _, c := range certs[1:] {
		issuers.AddCert(c)
	}
	_, err := certs[0].Verify(x509.VerifyOptions{
		DNSName: host, Roots: roots, Intermediates: issuers, CurrentTime: testNow(), KeyUsages: []x509.ExtKeyUsage{usage},
	})
	if err != nil {
		t.Errorf("%s for %q: %v", file, host, err)
	}
}

func TestNodesAndClientsAreWhatRedisNeeds(t *testing.T) {
	for name, change := range map[string]func(*Plan){
		"ECDSA":        func(*Plan) {},
		"RSA":          func(p *Plan) { p.RSABits = 2048 },
		"intermediate": func(p *Plan) { p.Intermediate = true },
	} {
		t.Run(name, func(t *testing.T) {
			plan := twoNodes(t, testNow())
			change(&plan)
			set := mustMake(t, plan)
			root := parsePEM(t, set.file(t, "ca.crt"))[0]
			checkCA(t, root, plan.Intermediate)
			for _, node := range set.Nodes {
				for _, host := range append(cleanNames(node.Certificate), "localhost", "127.0.0.1", "::1") {
					verifies(t, set, node.CertFile, x509.ExtKeyUsageServerAuth, host)
				}
				verifies(t, set, node.CertFile, x509.ExtKeyUsageClientAuth, "")
				checkLeaf(t, set, node, plan, x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth)
			}
			for _, client := range set.Clients {
				verifies(t, set, client.CertFile, x509.ExtKeyUsageClientAuth, "")
				checkLeaf(t, set, client, plan, x509.ExtKeyUsageClientAuth)
				if names := cleanNames(client.Certificate); len(names) > 0 {
					t.Errorf("a client is made out to hosts: %v", names)
				}
			}
			serials := map[string]bool{}
			for _, made := range slices.Concat(set.Nodes, set.Clients) {
				serials[made.Certificate.SerialNumber.String()] = true
			}
			if serials[root.SerialNumber.String()] = true; len(serials) != 5 {
				t.Errorf("%d serial numbers for 5 certificates", len(serials))
			}
		})
	}
}

func cleanNames(c *x509.Certificate) []string { return namesOf(c).List() }

func checkCA(t *testing.T, root *x509.Certificate, isDeep bool) {
	t.Helper()
	depth := 0
	if isDeep {
		depth = 1
	}
	switch {
	case !root.IsCA, root.MaxPathLen != depth, root.MaxPathLenZero != (depth == 0):
		t.Errorf("IsCA %v, path length %d (zero: %v), want %d", root.IsCA, root.MaxPathLen, root.MaxPathLenZero, depth)
	case root.KeyUsage&x509.KeyUsageCertSign == 0, root.KeyUsage&x509.KeyUsageDigitalSignature != 0:
		t.Errorf("key usage %b", root.KeyUsage)
	case !root.NotAfter.Equal(testNow().AddDate(0, 0, 3650)), !root.NotBefore.Equal(testNow().Add(-time.Hour)):
		t.Errorf("valid from %v to %v", root.NotBefore, root.NotAfter)
	case len(root.SubjectKeyId) != 20, len(root.ExtKeyUsage) != 0, root.Subject.CommonName == "":
		t.Errorf("key identifier %x, extended key usage %v, subject %s", root.SubjectKeyId, root.ExtKeyUsage, root.Subject)
	}
}

func checkLeaf(t *testing.T, set Set, made Made, plan Plan, usages ...x509.ExtKeyUsage) {
	t.Helper()
	chain := parsePEM(t, set.file(t, made.CertFile))
	c := chain[0]
	wantChain := 1
	if plan.Intermediate {
		wantChain = 2
	}
	pair, err := tls.X509KeyPair(set.file(t, made.CertFile), set.file(t, made.KeyFile))
	if err != nil {
		t.Fatalf("%s: %v", made.Name, err)
	}
	switch key := pair.PrivateKey.(type) {
	case *rsa.PrivateKey:
		if plan.RSABits != key.N.BitLen() || c.KeyUsage != x509.KeyUsageDigitalSignature|x509.KeyUsageKeyEncipherment {
			t.Errorf("%s: RSA %d, key usage %b", made.Name, key.N.BitLen(), c.KeyUsage)
		}
	case *ecdsa.PrivateKey:
		if plan.RSABits != 0 || key.Curve != elliptic.P256() || c.KeyUsage != x509.KeyUsageDigitalSignature {
			t.Errorf("%s: %s, key usage %b", made.Name, key.Curve.Params().Name, c.KeyUsage)
		}
	}
	switch {
	case len(chain) != wantChain:
		t.Errorf("%s: a chain of %d, want %d", made.CertFile, len(chain), wantChain)
	case !slices.Equal(c.ExtKeyUsage, usages):
		t.Errorf("%s: extended key usage %v, want %v", made.Name, c.ExtKeyUsage, usages)
	case c.Version != 3, c.IsCA, !c.BasicConstraintsValid:
		t.Errorf("%s: version %d, CA %v (%v)", made.Name, c.Version, c.IsCA, c.BasicConstraintsValid)
	case c.SerialNumber.Sign() <= 0, c.SerialNumber.BitLen() > 127, c.SerialNumber.BitLen() < 64:
		t.Errorf("%s: serial number %x", made.Name, c.SerialNumber)
	case len(c.SubjectKeyId) != 20, !bytes.Equal(c.AuthorityKeyId, set.CA.Certificate.SubjectKeyId):
		t.Errorf("%s: key identifiers %x, %x", made.Name, c.SubjectKeyId, c.AuthorityKeyId)
	case !c.NotBefore.Equal(testNow().Add(-time.Hour)), !c.NotAfter.Equal(testNow().AddDate(0, 0, 397)), made.Shortened:
		t.Errorf("%s: valid from %v to %v (shortened %v)", made.Name, c.NotBefore, c.NotAfter, made.Shortened)
	case bytes.Equal(c.RawSubject, c.RawIssuer), c.Subject.CommonName != made.Name:
		t.Errorf("%s: subject %s, issuer %s", made.Name, c.Subject, c.Issuer)
	}
}

func TestFilesOfAPlan(t *testing.T) {
	passphrase := "p w"
	plan := twoNodes(t, testNow())
	plan.Intermediate, plan.PKCS12 = true, &passphrase
	set := mustMake(t, plan)
	var names []string
	for _, f := range set.Files {
		names = append(names, f.Name)
		isKey := bytes.Contains(f.Data, []byte("PRIVATE KEY"))
		if f.Mode != 0o600 || isKey != strings.HasSuffix(f.Name, ".key") {
			t.Errorf("%s: mode %o, key inside: %v", f.Name, f.Mode, isKey)
		}
	}
	want := "ca.key ca.crt intermediate.crt intermediate.key 10.0.0.11.crt 10.0.0.11.key 10.0.0.11.p12 " +
		"redis-2.lab.crt redis-2.lab.key redis-2.lab.p12 app1.crt app1.key app1.p12 app2.crt app2.key app2.p12"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("files %s, want %s", got, want)
	}
	key, leaf, issuers, err := pkcs12.DecodeChain(set.file(t, "app1.p12"), passphrase)
	if err != nil || key == nil || leaf.Subject.CommonName != "app1" || len(issuers) != 2 {
		t.Errorf("PKCS#12: %v, leaf %v, %d issuers", err, leaf.Subject, len(issuers))
	}
}

// TestOpenSSLAgrees, in its strict mode, about names and purposes.
func TestOpenSSLAgrees(t *testing.T) {
	for _, isDeep := range []bool{false, true} {
		now := time.Now() // which openssl asks for itself
		plan := twoNodes(t, now)
		plan.Intermediate = isDeep
		set, dir := mustMake(t, plan), t.TempDir()
		if _, err := Write(OS{}, dir, set.Files, false); err != nil {
			t.Fatal(err)
		}
		openssl := func(want bool, args ...string) {
			t.Helper()
			cmd := exec.Command("openssl", args...)
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			if ok := err == nil && !bytes.Contains(out, []byte("does NOT match")); ok != want {
				t.Errorf("openssl %q: %s (%v), want ok %v", args, out, err, want)
			}
		}
		verify := []string{"verify", "-x509_strict", "-CAfile", "ca.crt"}
		if isDeep {
			verify = append(verify, "-untrusted", "redis-2.lab.crt")
		}
		openssl(true, append(verify, "-purpose", "sslserver", "-verify_hostname", "redis-2.lab", "redis-2.lab.crt")...)
		openssl(true, append(verify, "-purpose", "sslclient", "-verify_ip", "10.0.0.12", "redis-2.lab.crt")...)
		openssl(true, append(verify, "-purpose", "sslclient", "app1.crt")...)
		openssl(false, append(verify, "-purpose", "sslserver", "app1.crt")...)
		for _, name := range []string{"redis-2.lab", "localhost"} {
			openssl(true, "x509", "-noout", "-in", "redis-2.lab.crt", "-checkhost", name)
		}
		for _, ip := range []string{"10.0.0.12", "127.0.0.1", "::1"} {
			openssl(true, "x509", "-noout", "-in", "redis-2.lab.crt", "-checkip", ip)
		}
		openssl(false, "x509", "-noout", "-in", "redis-2.lab.crt", "-checkhost", "redis-1.lab")
	}
}

func TestRenewBy(t *testing.T) {
	const day = 24 * time.Hour
	for life, want := range map[time.Duration]time.Duration{397 * day: 367 * day, 30 * day: 20 * day, 3 * day: 2 * day} {
		if got := RenewBy(testNow(), testNow().Add(life)).Sub(testNow()); got != want {
			t.Errorf("a life of %v: renew after %v, want %v", life, got, want)
		}
	}
}

func TestPlansThatAreRefused(t *testing.T) {
	for want, change := range map[string]func(*Plan){
		"'ca' is taken by the files of the CA": func(p *Plan) { p.Clients = []string{"ca"} },
		"'intermediate' is taken":              func(p *Plan) { p.Clients = []string{"Intermediate"} },
		"'app1' is given twice":                func(p *Plan) { p.Clients = []string{"app1", "app1"} },
		"'redis-2.lab' is given twice":         func(p *Plan) { p.Clients = []string{"redis-2.lab"} },
		"name of a client is empty":            func(p *Plan) { p.Clients = []string{""} },
		"'../x' cannot be the name":            func(p *Plan) { p.Clients = []string{"../x"} },
		"'-x' cannot be the name":              func(p *Plan) { p.Clients = []string{"-x"} },
		"longer than 64":                       func(p *Plan) { p.Clients = []string{strings.Repeat("a", 65)} },
		"OpenSSL 3 and Redis refuse":           func(p *Plan) { p.RSABits = 1024 },
		"RSA keys of 9000 bits":                func(p *Plan) { p.RSABits = 9000 },
	} {
		plan := twoNodes(t, testNow())
		change(&plan)
		if _, err := plan.Make(); err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(want)) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestLongNamesHaveNoCommonName(t *testing.T) {
	long := strings.Repeat("a", 60) + ".example.com"
	set := mustMake(t, Plan{Now: testNow(), Days: 1, CADays: 2, Nodes: []Names{mustNames(t, long)}})
	c := set.Nodes[0].Certificate
	if c.Subject.String() != "" || !slices.Equal(c.DNSNames, []string{long}) {
		t.Errorf("subject %q, names %v", c.Subject, c.DNSNames)
	}
	verifies(t, set, long+".crt", x509.ExtKeyUsageServerAuth, long)
}

func TestConf(t *testing.T) {
	paths := Paths{CA: "/etc/redis/ca.crt", Cert: `/a b/"n".crt`, Key: "/k\xc3\xa9"}
	got := strings.Join(RedisConf(paths, 6380, true), "\n")
	want := "tls-port 6380\n" + `tls-cert-file "/a b/\"n\".crt"` + "\n" + `tls-key-file "/k\xc3\xa9"` +
		"\ntls-ca-cert-file /etc/redis/ca.crt\ntls-auth-clients yes\ntls-replication yes\ntls-cluster yes"
	if got != want {
		t.Errorf("redis.conf:\n%s\nwant\n%s", got, want)
	}
	if got := strings.Join(StunnelConf(paths, "fd00::1", 6380), "|"); !strings.Contains(got, "connect = [fd00::1]:6380|") || !strings.Contains(got, "checkIP = fd00::1") {
		t.Errorf("stunnel.conf: %s", got)
	}
	if got := strings.Join(SentinelConf(paths, "10.0.0.1", 6380), "|"); strings.Contains(got, "hostnames") || !strings.HasSuffix(got, "monitor mymaster 10.0.0.1 6380 2") {
		t.Errorf("sentinel.conf: %s", got)
	}
}

func TestNames(t *testing.T) {
	for text, want := range map[string]string{
		"Redis-1.LAB": "redis-1.lab", "redis-1.lab.": "redis-1.lab", "\ta\n": "a", "*.redis.lab": "*.redis.lab",
		"10.0.0.11": "10.0.0.11", "[fd00::1]": "fd00::1", "FD00:0::1": "fd00::1", "::ffff:10.0.0.1": "10.0.0.1",
		"xn--bcher-kva.example": "xn--bcher-kva.example", "1.2.3.4.example": "1.2.3.4.example", "3com": "3com",
	} {
		names, err := ParseNames(text)
		if err != nil || names.First != want || !slices.Equal(names.List(), []string{want}) {
			t.Errorf("%q: %v, %v, want %s", text, names, err, want)
		}
	}
	for text, want := range map[string]string{
		"": "empty", "  ": "empty", ".": "empty", "a..b": "nothing before or between", ".lab": "nothing before or between",
		"redis_1.lab": "underscore", "*": "too wide", "*.lab": "too wide", "redis-*.lab": "wildcard", "a.*.lab": "wildcard", "**.a.b": "wildcard",
		"redis.lab:6380": "give redis.lab alone", "10.0.0.1:6380": "give 10.0.0.1 alone", "[::1]:6380": "give ::1 alone",
		"rediss://redis.lab": "is a URL", "10.0.0": "looks like an address", "10.0.0.300": "looks like an address", "0.0.0.0": "every address", "::": "every address",
		"fe80::1%eth0": "zone (%eth0)", "fe80::1%\x1b": `zone (%\x1b)`, "b\u00fccher.lab": "beyond ASCII", "a b": "character", "a/b": "character", "-a": "hyphen", "a-.lab": "hyphen",
		strings.Repeat("a", 64): "63 characters", strings.Repeat("a.", 130) + "a": "longer", "a\x1b[2Jb": `\x1b`,
	} {
		_, err := ParseNames(text)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestFileNames(t *testing.T) {
	for name, want := range map[string]string{"fd00::1": "fd00__1", "*.redis.lab": "_wildcard.redis.lab", "app@prod": "app@prod"} {
		if got := FileName(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// FuzzNames: what is accepted is matched by Go, and makes a file in its directory.
func FuzzNames(f *testing.F) {
	for _, seed := range []string{"redis-1.lab", "*.a.b", "10.0.0.1", "[::1]", "a_b", "x:1", "é", "1.2.3", "a..b", "%", "fe80::1%25"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		names, err := ParseNames(text)
		if err != nil {
			if strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' }) {
				t.Errorf("%q: control characters in %q", text, err)
			}
			return
		}
		c := &x509.Certificate{DNSNames: names.DNS, IPAddresses: netIPs(names.IPs)}
		host := strings.Replace(names.First, "*", "x", 1)
		if _, err := netip.ParseAddr(host); err != nil && strings.Contains(host, ":") {
			t.Errorf("%q: accepted as %q", text, host)
		}
		if err := c.VerifyHostname(host); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if file := FileName(names.First); filepath.Base(file) != file || strings.ContainsAny(file, `/\: *`) || file == "" || file[0] == '.' {
			t.Errorf("%q: the file %q", text, file)
		}
	})
}

func TestHostnameOfThisHost(t *testing.T) {
	want, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	if got := (OS{}).Hostname(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
