package cert

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// chainNames are the chains by common names.
func chainNames(r Relations) []string {
	var chains []string
	for _, chain := range r.Chains {
		var names []string
		for _, at := range chain {
			names = append(names, r.Nodes[at].Certificate.Subject.CommonName)
		}
		chains = append(chains, strings.Join(names, " < "))
	}
	return chains
}

func TestRelate(t *testing.T) {
	root := newRoot(t, "root")
	middle := root.issue(t, "middle", asCA)
	leaf, other := middle.issue(t, "leaf"), middle.issue(t, "other")
	stranger := newRoot(t, "root") // the same name, another key
	alone := newRoot(t, "alone").issue(t, "alone leaf")
	join := slices.Concat[[]byte]
	for _, c := range []struct {
		name  string
		files [][]byte
		want  []string
	}{
		{"a chain in any order", [][]byte{join(root.pem(), leaf.pem()), middle.pem()}, []string{"leaf < middle < root"}},
		{"one issuer of two", [][]byte{join(leaf.pem(), other.pem(), middle.pem(), root.pem())}, []string{"leaf < middle < root", "other < middle"}},
		{"copies", [][]byte{leaf.pem(), join(leaf.pem(), middle.pem()), middle.pem()}, []string{"leaf < middle"}},
		{"unrelated", [][]byte{join(alone.pem(), leaf.pem())}, []string{"alone leaf", "leaf"}},
		{"a namesake of the issuer", [][]byte{join(middle.pem(), stranger.pem())}, []string{"middle", "root"}},
		{"a namesake before the issuer", [][]byte{join(middle.pem(), stranger.pem(), root.pem())}, []string{"middle < root", "root"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var sources []Inspection
			for _, data := range c.files {
				sources = append(sources, inspected(t, data, ""))
			}
			if got := chainNames(Relate(sources)); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	r := Relate([]Inspection{inspected(t, join(middle.pem(), stranger.pem()), "")})
	if r.Nodes[0].Issuer != -1 || r.Nodes[0].Namesake != 1 {
		t.Errorf("issuer %d, namesake %d", r.Nodes[0].Issuer, r.Nodes[0].Namesake)
	}
}

func TestRelateKeys(t *testing.T) {
	leaf, other := newRoot(t, "leaf"), newRoot(t, "other")
	request := openssl(t, "req", "-new", "-key", write(t, "key", leaf.keyPEM(t)), "-subj", "/CN=leaf")
	r := Relate([]Inspection{
		inspected(t, leaf.pem(), ""), inspected(t, slices.Concat(other.keyPEM(t), leaf.keyPEM(t)), ""), inspected(t, request, ""),
	})
	node := r.Nodes[0]
	if !slices.Equal(node.Keys, []Place{{1, 1}}) || !slices.Equal(node.Requests, []Place{{2, 0}}) || len(r.Loose) != 3 {
		t.Errorf("keys %v, requests %v, loose %v", node.Keys, node.Requests, r.Loose)
	}
	if got := r.NodesOf(SPKI(leaf.key.Public())); !slices.Equal(got, []int{0}) {
		t.Errorf("the key's nodes are %v", got)
	}
	if got := r.NodesOf(SPKI(other.key.Public())); len(got) > 0 || len(r.NodesOf("")) > 0 {
		t.Errorf("the other key's nodes are %v", got)
	}
}

// CAs that certify each other form a ring, which must have an end.
func TestRelateRing(t *testing.T) {
	a, b := newRoot(t, "a"), newRoot(t, "b")
	aByB := sign(t, template(t, "a", testNow(), asCA), a.key, b)
	bByA := sign(t, template(t, "b", testNow(), asCA), b.key, a)
	got := chainNames(Relate([]Inspection{inspected(t, slices.Concat(aByB.pem(), bByA.pem()), "")}))
	if want := []string{"a < b < a"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Certificates of one name must not be compared each with each, and not without end.
func TestRelateIsBounded(t *testing.T) {
	root, impostor := newRoot(t, "root"), newRoot(t, "root")
	const roots, leaves = 100, 20
	var many Inspection
	for i := range roots {
		e := sign(t, template(t, "root", testNow(), asCA, func(c *x509.Certificate) { c.SubjectKeyId = fmt.Append(nil, i) }), root.key, nil)
		many.Items = append(many.Items, Item{Kind: ItemCertificate, Certificate: e.cert})
	}
	for range leaves {
		e := sign(t, template(t, "leaf", testNow()), newKey(t), impostor)
		many.Items = append(many.Items, Item{Kind: ItemCertificate, Certificate: e.cert})
	}
	l := newLinker([]Inspection{many})
	for i := range l.nodes {
		l.findIssuer(i)
	}
	if most := roots + leaves*maxNamesakes; len(l.nodes) != roots+leaves || l.checks > most {
		t.Errorf("%d nodes, %d signatures checked, want at most %d", len(l.nodes), l.checks, most)
	}
	l.checks = maxChecks
	if _, known := l.signed(root.cert, root.cert); known {
		t.Error("a signature was checked beyond the bound")
	}
}

func TestUsageOf(t *testing.T) {
	depth := func(n int) change {
		return func(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = n, n == 0 }
	}
	netscape := func(bits byte) change {
		return withExtension([]int{2, 16, 840, 1, 113730, 1, 1}, []byte{3, 2, 4, bits})
	}
	for _, c := range []struct {
		name    string
		changes []change
		want    Usage
	}{
		{"nothing said", nil, Usage{Server: true, Client: true, PathLen: -1}},
		{"both", []change{withEKU(1, 2)}, Usage{Server: true, Client: true, Limited: true, PathLen: -1}},
		{"server", []change{withEKU(1)}, Usage{Server: true, Limited: true, PathLen: -1}},
		{"client and code", []change{withEKU(2, 3)}, Usage{Client: true, Limited: true, PathLen: -1, Others: []string{"codeSigning"}}},
		{"any", []change{withEKU(0)}, Usage{Server: true, Client: true, PathLen: -1}},
		{"old type for servers", []change{netscape(0x40)}, Usage{Server: true, Limited: true, PathLen: -1}},
		{"old type for clients", []change{netscape(0x80)}, Usage{Client: true, Limited: true, PathLen: -1}},
		{"CA", []change{asCA}, Usage{Server: true, Client: true, CA: true, PathLen: -1}},
		{"CA, pathlen 0", []change{asCA, depth(0)}, Usage{Server: true, Client: true, CA: true}},
		{"CA, pathlen 2", []change{asCA, depth(2)}, Usage{Server: true, Client: true, CA: true, PathLen: 2}},
		{"CA that may not sign", []change{asCA, func(c *x509.Certificate) { c.KeyUsage = 1 }}, Usage{Server: true, Client: true, CA: true, PathLen: -1, NoSign: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := UsageOf(newRoot(t, "x", append([]change{func(x *x509.Certificate) {
				x.IsCA, x.BasicConstraintsValid, x.KeyUsage = false, false, 1
			}}, c.changes...)...).cert)
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestOtherNames(t *testing.T) {
	request := openssl(t, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", write(t, "key"), "-subj", "/CN=x",
		"-addext", "subjectAltName=DNS:a,otherName:1.2.3.4;UTF8:some,RID:1.2.3,dirName:dir", "-config", write(t, "conf", []byte("[req]\ndistinguished_name=dn\n[dn]\n[dir]\nCN=directory\n")))
	c := inspected(t, request, "").Items[0].Certificate
	want := []string{"otherName 1.2.3.4", "registeredID", "directoryName CN=directory"}
	if got := OtherNames(SubjectAltName(c)); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
