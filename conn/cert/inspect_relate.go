package cert

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"slices"
)

// Place is where an item stands: the number of its [Inspection], and its own in that.
type Place struct{ Source, Item int }

// Node is a certificate among those inspected, and what there is that belongs to it.
type Node struct {
	Certificate *x509.Certificate
	Places      []Place // where it stands, once for every copy
	SelfSigned  bool
	// Issuer is the number of the node that issued it, -1 when that is not here. A self-signed certificate has none.
	Issuer int
	// IssuerUnproven says that the issuer was found by name and key identifier, and the signature could not be checked: it is
	// of a kind given up as unsafe.
	IssuerUnproven bool
	// Namesake is a node that bears the issuer's name and did not sign this one, when no node did; else -1.
	Namesake int
	Keys     []Place // private keys that belong to it
	Requests []Place // requests made with the same key
}

// Relations tell what belongs together.
type Relations struct {
	Nodes []Node
	// Chains lead from every certificate that issued none of the others up to the last issuer that is here, by the numbers of the
	// nodes. Every node is in one, and an issuer of several in several.
	Chains [][]int
	Loose  []Place // keys, requests and other things, certificates apart, in their order

	bySPKI map[string][]int
}

// NodesOf returns the numbers of the nodes whose certificate has the public key with this SHA-256, see [SPKI].
func (r Relations) NodesOf(spki string) []int { return r.bySPKI[spki] }

// Relate finds out which certificates issued which, and which keys and requests belong to them. Issuers are told by their signature, not
// by their name alone.
func Relate(sources []Inspection) Relations {
	l := newLinker(sources)
	for i := range l.nodes {
		l.findIssuer(i)
	}
	for _, place := range l.loose {
		item := sources[place.Source].Items[place.Item]
		if item.Key == nil || item.Key.SPKI == "" {
			continue
		}
		for _, i := range l.bySPKI[item.Key.SPKI] {
			switch item.Kind { //nolint:exhaustive // nothing else belongs to a certificate
			case ItemPrivateKey:
				l.nodes[i].Keys = append(l.nodes[i].Keys, place)
			case ItemRequest:
				l.nodes[i].Requests = append(l.nodes[i].Requests, place)
			}
		}
	}
	return Relations{Nodes: l.nodes, Chains: l.chains(), Loose: l.loose, bySPKI: l.bySPKI}
}

// linker finds what belongs together.
type linker struct {
	nodes     []Node
	loose     []Place
	byRaw     map[string]int
	bySubject map[string][]int
	bySPKI    map[string][]int
	checks    int // of signatures
}

func newLinker(sources []Inspection) *linker {
	l := &linker{byRaw: map[string]int{}, bySubject: map[string][]int{}, bySPKI: map[string][]int{}}
	for s, source := range sources {
		for i, item := range source.Items {
			place := Place{s, i}
			if item.Certificate == nil {
				l.loose = append(l.loose, place)
				continue
			}
			if at, again := l.byRaw[string(item.Certificate.Raw)]; again {
				l.nodes[at].Places = append(l.nodes[at].Places, place)
				continue
			}
			at := len(l.nodes)
			l.nodes = append(l.nodes, Node{Certificate: item.Certificate, Places: []Place{place}, Issuer: -1, Namesake: -1})
			l.byRaw[string(item.Certificate.Raw)] = at
			name := string(item.Certificate.RawSubject)
			l.bySubject[name] = append(l.bySubject[name], at)
			if spki := SPKI(item.Certificate.PublicKey); spki != "" {
				l.bySPKI[spki] = append(l.bySPKI[spki], at)
			}
		}
	}
	return l
}

// The bounds of the work that hostile input can cause: thousands of certificates of one name, or keys of megabytes.
const (
	maxNamesakes   = 8
	maxChecks      = 4096
	maxVerifiedRSA = 16384 // bits
)

// findIssuer finds who issued a node.
func (l *linker) findIssuer(at int) {
	node := &l.nodes[at]
	c := node.Certificate
	if bytes.Equal(c.RawSubject, c.RawIssuer) {
		if signed, known := l.signed(c, c); signed || !known && keyIDsFit(c, c) {
			node.SelfSigned, node.IssuerUnproven = true, !known
			return
		}
	}
	candidates := slices.Clone(l.bySubject[string(c.RawIssuer)])
	candidates = slices.DeleteFunc(candidates, func(i int) bool { return i == at })
	// The likeliest first: the one the key identifiers name, then the one that is valid longest.
	slices.SortStableFunc(candidates, func(a, b int) int {
		first, second := l.nodes[a].Certificate, l.nodes[b].Certificate
		if fits := keyIDsFit(c, first); fits != keyIDsFit(c, second) {
			if fits {
				return -1
			}
			return 1
		}
		return second.NotAfter.Compare(first.NotAfter)
	})
	for _, i := range candidates[:min(len(candidates), maxNamesakes)] {
		signed, known := l.signed(c, l.nodes[i].Certificate)
		switch {
		case signed, !known && keyIDsFit(c, l.nodes[i].Certificate):
			node.Issuer, node.IssuerUnproven, node.Namesake = i, !known, -1
			return
		case node.Namesake < 0:
			node.Namesake = i
		}
	}
}

// keyIDsFit reports whether the key identifiers of c and of its issuer do not contradict each other.
func keyIDsFit(c, issuer *x509.Certificate) bool {
	return len(c.AuthorityKeyId) == 0 || len(issuer.SubjectKeyId) == 0 || bytes.Equal(c.AuthorityKeyId, issuer.SubjectKeyId)
}

// signed reports whether the key of issuer signed c; known is false when that cannot be found out.
func (l *linker) signed(c, issuer *x509.Certificate) (signed, known bool) {
	if key, ok := issuer.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() > maxVerifiedRSA {
		return false, false
	}
	if l.checks++; l.checks > maxChecks {
		return false, false
	}
	err := issuer.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
	_, insecure := errors.AsType[x509.InsecureAlgorithmError](err)
	return err == nil, !insecure && !errors.Is(err, x509.ErrUnsupportedAlgorithm)
}

// chains follows the issuers from every node that issued none, then from those that are left over, which issued each other.
func (l *linker) chains() [][]int {
	issued := make([]bool, len(l.nodes))
	for _, n := range l.nodes {
		if n.Issuer >= 0 {
			issued[n.Issuer] = true
		}
	}
	var chains [][]int
	seen := make([]bool, len(l.nodes))
	for _, leftOver := range []bool{false, true} {
		for i := range l.nodes {
			if seen[i] || !leftOver && issued[i] {
				continue
			}
			var chain []int
			for at := i; at >= 0; at = l.nodes[at].Issuer {
				chain = append(chain, at)
				if seen[at] {
					break // what is above it stands in an earlier chain
				}
				seen[at] = true
			}
			chains = append(chains, chain)
		}
	}
	return chains
}
