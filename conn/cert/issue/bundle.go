package issue

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Source is a file of certificates.
type Source struct {
	Path         string
	Certificates []*x509.Certificate // in the order of the file
}

// Bundle is certificates put in order, and what is to be said about it. Notes are one sentence each without full stop.
type Bundle struct {
	Certificates []*x509.Certificate
	Notes        []string // what was left out, and why
	Missing      string   // what the files may lack, as a sentence; empty when they lack nothing
}

// bundler sorts out certificates and keeps where each came from.
type bundler struct {
	now   time.Time
	pool  []*x509.Certificate
	from  []string // the path of each in pool
	notes []string
}

func newBundler(sources []Source, now time.Time) *bundler {
	b := &bundler{now: now}
	for _, source := range sources {
		for _, c := range source.Certificates {
			if i := slices.IndexFunc(b.pool, c.Equal); i >= 0 {
				b.leave(fmt.Sprintf("the second copy of %s in %s (it is in %s already)", Subject(c), source.Path, b.from[i]))
				continue
			}
			b.pool, b.from = append(b.pool, c), append(b.from, source.Path)
		}
	}
	return b
}

func (b *bundler) leave(what string) { b.notes = append(b.notes, "left out "+what) }

// name says which certificate c is, with its file.
func (b *bundler) name(c *x509.Certificate) string {
	i := slices.IndexFunc(b.pool, c.Equal)
	return Subject(c) + " (" + b.from[i] + ")"
}

// Chain makes of loose certificates the chain that a server or client sends: its own certificate, then each next one the issuer of the
// one before. The root at the end stays out unless withRoot: who does not have it does not trust it for being sent.
func Chain(sources []Source, withRoot bool, now time.Time) (Bundle, error) {
	b := newBundler(sources, now)
	leaf, err := b.leaf()
	if err != nil {
		return Bundle{}, err
	}
	path := pathOf(leaf, b.valid(leaf), now)
	top := path[len(path)-1]
	bundle := Bundle{Certificates: path}
	switch {
	case !isSelfSigned(top):
		bundle.Missing = b.missing(top, len(path) == 1)
	case len(path) > 1 && !withRoot:
		bundle.Certificates = path[:len(path)-1]
		b.leave("the root " + b.name(top) + ": it belongs to those who verify (--cacert, tls-ca-cert-file)")
	}
	b.rest(path)
	if !isValidAt(leaf, now) {
		b.notes = append(b.notes, b.name(leaf)+" "+b.whenInvalid(leaf)+" and is refused everywhere")
	}
	bundle.Notes = b.notes
	return bundle, nil
}

// valid returns the certificates that may stand in a chain: leaf, and of the others those of CAs that are valid now.
func (b *bundler) valid(leaf *x509.Certificate) []*x509.Certificate {
	var usable []*x509.Certificate
	for _, c := range b.pool {
		if c.Equal(leaf) || isCA(c) && isValidAt(c, b.now) {
			usable = append(usable, c)
		}
	}
	return usable
}

// rest says of the certificates that are not in path why.
func (b *bundler) rest(path []*x509.Certificate) {
	for _, c := range b.pool {
		switch {
		case contains(path, c):
		case !isValidAt(c, b.now):
			b.leave(b.name(c) + ", which " + b.whenInvalid(c))
		case sameHolder(c, path[0]):
			b.leave(b.name(c) + ": " + b.name(path[0]) + " is newer")
		default:
			b.leave(b.name(c) + ", which is not in the chain of " + Subject(path[0]))
		}
	}
}

func (b *bundler) whenInvalid(c *x509.Certificate) string {
	if b.now.Before(c.NotBefore) {
		return "is valid only from " + date(c.NotBefore, b.now) + " on"
	}
	return "expired on " + date(c.NotAfter, b.now)
}

// leaf finds the certificate the chain is for: the one that is no CA's. Of a renewed one and its predecessors it takes the newest.
func (b *bundler) leaf() (*x509.Certificate, error) {
	candidates := b.ends()
	if len(candidates) == 0 {
		return nil, refuse("there is no certificate", "name files that hold some")
	}
	best := candidates[0]
	for _, c := range candidates[1:] {
		if !sameHolder(c, best) {
			return nil, refuse("there are several certificates that a chain could be for: "+b.name(best)+" and "+b.name(c),
				"name the files of one of them")
		}
		if isValidAt(c, b.now) && !isValidAt(best, b.now) || isValidAt(c, b.now) == isValidAt(best, b.now) && c.NotBefore.After(best.NotBefore) {
			best = c
		}
	}
	if isCA(best) && len(b.pool) > 1 {
		return nil, refuse("all these certificates are of CAs, so there is none that a chain could be for",
			"add the certificate of the server, or use --ca to make a CA bundle of them")
	}
	return best, nil
}

// ends returns the certificates that issued none of the others; if there are, only those of them that are no CA's.
func (b *bundler) ends() []*x509.Certificate {
	var ends, leaves []*x509.Certificate
	for _, c := range b.pool {
		if slices.ContainsFunc(b.pool, func(child *x509.Certificate) bool { return !child.Equal(c) && signedBy(child, c) }) {
			continue
		}
		ends = append(ends, c)
		if !isCA(c) {
			leaves = append(leaves, c)
		}
	}
	if len(leaves) > 0 {
		return leaves
	}
	return ends
}

// sameHolder reports whether b is a, renewed.
func sameHolder(a, b *x509.Certificate) bool {
	return bytes.Equal(a.RawSubjectPublicKeyInfo, b.RawSubjectPublicKeyInfo) ||
		bytes.Equal(a.RawSubject, b.RawSubject) && slices.Equal(namesOf(a).List(), namesOf(b).List())
}

// missing says what would have to follow top. alone says that nothing was found behind the certificate itself.
func (b *bundler) missing(top *x509.Certificate, alone bool) string {
	issuer := graphic(top.Issuer.String())
	for _, c := range b.pool {
		if !bytes.Equal(c.RawSubject, top.RawIssuer) || c.Equal(top) {
			continue
		}
		switch {
		case !signedBy(top, c):
			return b.name(c) + " has the name of the issuer of " + Subject(top) + " and another key: it is another CA of the same name"
		case !isValidAt(c, b.now):
			return b.name(c) + ", the issuer of " + Subject(top) + ", " + b.whenInvalid(c) + "; get its renewed certificate"
		default:
			return b.name(c) + " signed " + Subject(top) + " and is no CA (basicConstraints lacks CA:TRUE), so nobody accepts that"
		}
	}
	if alone {
		return "the issuer " + issuer + " is in none of the files; if it is not a root that the other side trusts, add its file"
	}
	return "the chain ends before " + issuer + ", which is in none of the files; if it is not a root that the other side trusts, add its file"
}

// Trust makes one CA bundle of several: what --cacert and tls-ca-cert-file take. Certificates that are no CA's stay out, unless they
// are signed by themselves and so can only be trusted one by one.
func Trust(sources []Source, now time.Time) (Bundle, error) {
	b := newBundler(sources, now)
	var bundle Bundle
	var rootless []string
	for _, c := range b.pool {
		switch {
		case !isValidAt(c, now):
			b.leave(b.name(c) + ", which " + b.whenInvalid(c))
			continue
		case !isCA(c) && !isSelfSigned(c):
			b.leave(b.name(c) + ", which is no CA; OpenSSL trusts only what ends in a root")
			continue
		}
		if path := pathOf(c, b.pool, now); !isSelfSigned(path[len(path)-1]) {
			rootless = append(rootless, Subject(c))
		}
		b.noteNamesake(c, bundle.Certificates)
		bundle.Certificates = append(bundle.Certificates, c)
	}
	if len(bundle.Certificates) == 0 {
		return Bundle{}, refuse(strings.Join(append([]string{"no certificate of a CA is left"}, b.notes...), "; "), "name files that hold CA certificates")
	}
	if len(rootless) > 0 {
		bundle.Missing = "the root above " + strings.Join(rootless, " and above ") + " is missing: redis-cli and redis-server trust only what ends in a root"
	}
	bundle.Notes = b.notes
	return bundle, nil
}

func (b *bundler) noteNamesake(c *x509.Certificate, others []*x509.Certificate) {
	for _, other := range others {
		if bytes.Equal(c.RawSubject, other.RawSubject) && !bytes.Equal(c.RawSubjectPublicKeyInfo, other.RawSubjectPublicKeyInfo) {
			b.notes = append(b.notes, b.name(c)+" and "+b.name(other)+" have the same name and different keys: two CAs, both are in")
		}
	}
}
