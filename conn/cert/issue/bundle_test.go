package issue

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"math/rand/v2"
	"strings"
	"testing"

	"redan/conn/cert"
)

func loose(certs ...*x509.Certificate) []Source {
	var sources []Source
	for _, c := range certs {
		sources = append(sources, Source{Path: FileName(c.Subject.CommonName) + ".crt", Certificates: []*x509.Certificate{c}})
	}
	return sources
}

func commonNames(certs []*x509.Certificate) string {
	var names []string
	for _, c := range certs {
		names = append(names, c.Subject.CommonName)
	}
	return strings.Join(names, " ")
}

func called(name string) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.Subject = pkix.Name{CommonName: name} }
}

func (a *Authority) leaf(t testing.TB, name string, days int) *x509.Certificate {
	t.Helper()
	made, err := a.Issue(Request{Name: name, Names: mustNames(t, name), Life: Life{Now: testNow(), Days: days}})
	if err != nil {
		t.Fatal(err)
	}
	return made.Certificate
}

func TestChain(t *testing.T) {
	root := foreignCA(t, nil, called("root"))
	upper := foreignCA(t, root, called("upper"))
	lower := foreignCA(t, upper, called("lower"))
	other := foreignCA(t, nil, called("other"))
	again := foreignCA(t, nil, called("root")) // another of the same name
	oldLower := foreignCA(t, upper, func(c *x509.Certificate) {
		called("lower")(c)
		c.NotAfter = testNow().AddDate(0, 0, -1)
	})
	leaf, stranger := lower.leaf(t, "leaf", 30), other.leaf(t, "stranger", 30)
	expired := foreignCA(t, lower, func(c *x509.Certificate) {
		called("leaf")(c)
		c.IsCA, c.KeyUsage, c.DNSNames, c.NotAfter = false, 0, []string{"leaf"}, testNow().AddDate(0, 0, -2)
	}).Certificate
	alone := foreignCA(t, nil, called("alone"))
	for name, test := range map[string]struct {
		files    []*x509.Certificate
		withRoot bool
		want     string
		notes    []string // parts of them
		missing  string   // a part; nothing at all when empty
	}{
		"in order":         {[]*x509.Certificate{leaf, lower.Certificate, upper.Certificate}, false, "leaf lower upper", nil, "ends before CN=root"},
		"to the root":      {[]*x509.Certificate{root.Certificate, upper.Certificate, leaf, lower.Certificate}, false, "leaf lower upper", []string{"left out the root CN=root (root.crt)"}, ""},
		"with root":        {[]*x509.Certificate{root.Certificate, upper.Certificate, leaf, lower.Certificate}, true, "leaf lower upper root", nil, ""},
		"leaf alone":       {[]*x509.Certificate{leaf}, false, "leaf", nil, "the issuer CN=lower is in none of the files"},
		"a gap":            {[]*x509.Certificate{leaf, upper.Certificate}, false, "leaf", []string{"CN=upper (upper.crt), which is not in the chain of CN=leaf"}, "the issuer CN=lower"},
		"twice":            {[]*x509.Certificate{leaf, leaf, lower.Certificate, lower.Certificate}, false, "leaf lower", []string{"second copy of CN=leaf", "second copy of CN=lower"}, "CN=upper"},
		"unrelated":        {[]*x509.Certificate{leaf, lower.Certificate, other.Certificate}, false, "leaf lower", []string{"CN=other (other.crt), which is not in the chain"}, "CN=upper"},
		"namesake":         {[]*x509.Certificate{leaf, lower.Certificate, upper.Certificate, again.Certificate}, false, "leaf lower upper", []string{"CN=root (root.crt), which is not"}, "another CA of the same name"},
		"expired issuer":   {[]*x509.Certificate{leaf, oldLower.Certificate}, false, "leaf", []string{"which expired on 2031-05-21"}, "another CA of the same name"},
		"renewed leaf":     {[]*x509.Certificate{expired, leaf, lower.Certificate}, false, "leaf lower", []string{"CN=leaf (leaf.crt), which expired on 2031-05-20"}, "CN=upper"},
		"only expired":     {[]*x509.Certificate{expired, lower.Certificate}, false, "leaf lower", []string{"refused everywhere"}, "CN=upper"},
		"signed by itself": {[]*x509.Certificate{alone.Certificate}, false, "alone", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			for range 4 { // the order of the files does not matter
				bundle, err := Chain(loose(test.files...), test.withRoot, testNow())
				if err != nil {
					t.Fatal(err)
				}
				if got := commonNames(bundle.Certificates); got != test.want {
					t.Errorf("%s, want %s", got, test.want)
				}
				notes := strings.Join(bundle.Notes, "\n")
				for _, want := range test.notes {
					if !strings.Contains(notes, want) {
						t.Errorf("notes %q lack %q", notes, want)
					}
				}
				if len(test.notes) != len(bundle.Notes) {
					t.Errorf("%d notes: %s", len(bundle.Notes), notes)
				}
				if (bundle.Missing == "") != (test.missing == "") || !strings.Contains(bundle.Missing, test.missing) {
					t.Errorf("missing: %q, want %q", bundle.Missing, test.missing)
				}
				rand.Shuffle(len(test.files), func(i, j int) { test.files[i], test.files[j] = test.files[j], test.files[i] })
			}
		})
	}
	for want, files := range map[string][]*x509.Certificate{
		"several certificates": {leaf, stranger},
		"all these certificates are of CAs": {
			root.Certificate, upper.Certificate, lower.Certificate,
		},
		"there is no certificate": nil,
	} {
		if _, err := Chain(loose(files...), false, testNow()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestCrossSigned: of two ways up, the one that ends soonest.
func TestCrossSigned(t *testing.T) {
	root, elder := foreignCA(t, nil, called("root")), foreignCA(t, nil, called("elder"))
	template := *root.Certificate
	cross, err := sign(&template, elder.Certificate, root.key.Public(), elder.key)
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := Chain(loose(root.leaf(t, "leaf", 30), cross, elder.Certificate, root.Certificate), false, testNow())
	if err != nil || commonNames(bundle.Certificates) != "leaf" || bundle.Missing != "" {
		t.Errorf("%s, %q, %v", commonNames(bundle.Certificates), bundle.Missing, err)
	}
	bundle, err = Chain(loose(root.leaf(t, "leaf", 30), cross, elder.Certificate), false, testNow())
	if err != nil || commonNames(bundle.Certificates) != "leaf root" || bundle.Missing != "" {
		t.Errorf("%s, %q, %v", commonNames(bundle.Certificates), bundle.Missing, err)
	}
}

func TestTrust(t *testing.T) {
	eu, us, again := foreignCA(t, nil, called("eu")), foreignCA(t, nil, called("us")), foreignCA(t, nil, called("eu"))
	middle := foreignCA(t, us, called("middle"))
	old := foreignCA(t, nil, func(c *x509.Certificate) { called("old")(c); c.NotAfter = testNow().AddDate(0, 0, -1) })
	for name, test := range map[string]struct {
		files          []*x509.Certificate
		want           string
		notes, missing string // parts
	}{
		"two roots":        {[]*x509.Certificate{eu.Certificate, us.Certificate}, "eu us", "", ""},
		"twice":            {[]*x509.Certificate{eu.Certificate, us.Certificate, eu.Certificate}, "eu us", "second copy of CN=eu", ""},
		"namesakes":        {[]*x509.Certificate{eu.Certificate, again.Certificate}, "eu eu", "the same name and different keys", ""},
		"expired":          {[]*x509.Certificate{eu.Certificate, old.Certificate}, "eu", "CN=old (old.crt), which expired", ""},
		"a leaf":           {[]*x509.Certificate{eu.Certificate, eu.leaf(t, "leaf", 3)}, "eu", "CN=leaf (leaf.crt), which is no CA", ""},
		"an intermediate":  {[]*x509.Certificate{middle.Certificate, us.Certificate}, "middle us", "", ""},
		"root not there":   {[]*x509.Certificate{middle.Certificate}, "middle", "", "the root above CN=middle is missing"},
		"signed by itself": {[]*x509.Certificate{foreignCA(t, nil, func(c *x509.Certificate) { called("alone")(c); c.IsCA = false }).Certificate}, "alone", "", ""},
	} {
		bundle, err := Trust(loose(test.files...), testNow())
		notes := strings.Join(bundle.Notes, "\n")
		if err != nil || commonNames(bundle.Certificates) != test.want {
			t.Errorf("%s: %s, %v, want %s", name, commonNames(bundle.Certificates), err, test.want)
		}
		if (notes == "") != (test.notes == "") || !strings.Contains(notes, test.notes) {
			t.Errorf("%s: notes %q, want %q", name, notes, test.notes)
		}
		if (bundle.Missing == "") != (test.missing == "") || !strings.Contains(bundle.Missing, test.missing) {
			t.Errorf("%s: missing %q, want %q", name, bundle.Missing, test.missing)
		}
	}
	if _, err := Trust(loose(old.Certificate), testNow()); err == nil || !strings.Contains(err.Error(), "CN=old (old.crt), which expired") {
		t.Errorf("nothing left: %v", err)
	}
}

// TestBundleSpeaksOfHostileNamesSafely, whatever a certificate is called.
func TestBundleSpeaksOfHostileNamesSafely(t *testing.T) {
	evil := foreignCA(t, nil, called("evil\x1b[2J\nroot"))
	leaf := evil.leaf(t, "leaf", 3)
	bundle, err := Chain(loose(leaf, evil.Certificate), false, testNow())
	if err != nil {
		t.Fatal(err)
	}
	if text := bundle.Notes[0]; strings.ContainsAny(text[:strings.LastIndex(text, "(evil")], "\x1b\n") {
		t.Errorf("%q", text)
	}
}

// TestBundleIsReadBack by our own loader, in order.
func TestBundleIsReadBack(t *testing.T) {
	root := foreignCA(t, nil, called("root"))
	want := []*x509.Certificate{root.leaf(t, "leaf", 3), root.Certificate}
	held, err := cert.LoadCertificates("x", EncodeCertificates(want...), nil)
	if err != nil || commonNames(held.Certificates) != "leaf root" {
		t.Errorf("%v, %v", commonNames(held.Certificates), err)
	}
}
