package certreport

import (
	"crypto/x509"
	"errors"
	"strconv"

	"redan/conn/cert"
)

// mostDamaged is how many damaged blocks are listed.
const mostDamaged = 20

// loose writes what is no certificate: keys that belong to none, requests, revocation lists, parameters, what is closed, damaged or unknown.
func (s *showPage) loose() {
	damaged, written := 0, false
	for _, at := range s.related.Loose {
		item := s.item(at)
		if item.Kind == cert.ItemDamaged {
			if damaged++; damaged > mostDamaged {
				continue
			}
		}
		if s.isTold(item) {
			continue
		}
		if !written {
			s.out.WriteByte('\n')
		}
		written = true
		s.looseItem(at, item)
	}
	if damaged > mostDamaged {
		s.line(inked(broken, s.sign("✗", "x")), say(" "+strconv.Itoa(damaged-mostDamaged)+" more damaged blocks"))
	}
}

// isTold reports whether all there is to say of a key stands at its certificate.
func (s *showPage) isTold(item cert.Item) bool {
	return item.Kind == cert.ItemPrivateKey && !s.opts.Full && item.Problem == nil && item.Key != nil && len(s.related.NodesOf(item.Key.SPKI)) > 0
}

func (s *showPage) looseItem(at cert.Place, item cert.Item) {
	switch item.Kind {
	case cert.ItemPrivateKey, cert.ItemPublicKey:
		s.key(at, item)
	case cert.ItemRequest:
		s.request(at, item)
	case cert.ItemCRL:
		s.revocations(at, item.List)
	case cert.ItemDamaged:
		s.paragraph([]piece{inked(broken, s.sign("✗", "x"))}, 2, say(s.prose(s.sources[at.Source].Name)+": "+s.prose(item.Problem.Error())))
	default:
		s.paragraph([]piece{inked(unknown, s.sign("·", "."))}, 2, say(s.place(at)+": "+s.prose(item.What)))
		if item.Kind == cert.ItemSealed {
			showBlock{s, 2}.fact("closed", say(s.closed(item)))
		}
	}
}

// closed says why something stays encrypted.
func (s *showPage) closed(item cert.Item) string {
	if item.Problem == nil {
		return "give its passphrase to see more (--key-pass-file FILE, or REDAN_KEY_PASS)"
	}
	if fault, ok := errors.AsType[*cert.FileError](item.Problem); ok {
		return "it " + s.prose(fault.Detail)
	}
	return s.prose(item.Problem.Error())
}

// key writes a key and what it belongs to.
func (s *showPage) key(at cert.Place, item cert.Item) {
	title := showKind(item.Kind)
	if item.Key.Kind != "" {
		title += ", " + item.Key.Kind
	}
	if item.Key.Encrypted {
		title += ", encrypted"
	}
	s.paragraph([]piece{inked(unknown, s.sign("·", "."))}, 2, say(s.place(at)+": "+title))
	b := showBlock{s, 2}
	if item.Name != "" {
		b.fact("called", say(s.prose(showQuoted(item.Name))))
	}
	switch {
	case item.Key.Encrypted && item.Key.SPKI == "", item.Problem != nil:
		b.fact("closed", say(s.closed(item)))
	default:
		b.owner(item.Key.SPKI)
		if item.Key.SPKI != "" && (s.opts.Full || len(s.related.NodesOf(item.Key.SPKI)) == 0) {
			b.digest("key sha256", item.Key.SPKI)
		}
	}
}

// mostOwners is how many certificates of one key are listed with it.
const mostOwners = 8

// owner writes which certificate a key belongs to.
func (b showBlock) owner(spki string) {
	nodes := b.related.NodesOf(spki)
	for _, at := range nodes[:min(len(nodes), mostOwners)] {
		node := b.related.Nodes[at]
		b.fact("belongs to", say(b.sign("✓", "+")), say(b.prose(shortName(node.Certificate))), say("("+b.places(node.Places)+")"))
	}
	if len(nodes) == 0 && len(b.related.Nodes) > 0 {
		b.fact("belongs to", say(b.sign("✗", "x")), say("no certificate here"))
	}
}

// request writes what is asked for in a certificate request.
func (s *showPage) request(at cert.Place, item cert.Item) {
	r := item.Request
	asked := &x509.Certificate{ // what the request would have become
		Subject: r.Subject, DNSNames: r.DNSNames, IPAddresses: r.IPAddresses, URIs: r.URIs, EmailAddresses: r.EmailAddresses, Extensions: r.Extensions,
	}
	s.paragraph([]piece{inked(unknown, s.sign("·", "."))}, 2, say(s.place(at)+": certificate request (CSR)"))
	b := showBlock{s, 2}
	b.fact("subject", say(s.prose(r.Subject.String())))
	b.fact("names", b.list(showNames(asked))...)
	b.fact("key", say(item.Key.Kind))
	b.fact("signature", say(showSignature(&x509.Certificate{SignatureAlgorithm: r.SignatureAlgorithm})))
	if item.Name != "" {
		b.fact("called", say(s.prose(showQuoted(item.Name))))
	}
	for _, other := range s.related.Loose {
		if key := s.item(other); key.Kind == cert.ItemPrivateKey && key.Key.SPKI != "" && key.Key.SPKI == item.Key.SPKI {
			b.fact("private key", say(s.sign("✓", "+")), say(s.place(other)))
		}
	}
	for _, node := range s.related.NodesOf(item.Key.SPKI) {
		b.fact("certificate", say(s.sign("✓", "+")), say(s.places(s.related.Nodes[node].Places)))
	}
	b.digest("key sha256", item.Key.SPKI)
	if s.opts.Full {
		for _, extension := range r.Extensions {
			name := cert.ExtensionName(extension.Id)
			if name != "subjectAltName" {
				b.fact("asks for", say(name))
			}
		}
	}
}

// revocations writes a revocation list.
func (s *showPage) revocations(at cert.Place, list *x509.RevocationList) {
	sign, in, text := s.sign("✓", "+"), good, "up to date"
	switch {
	case !list.NextUpdate.IsZero() && s.now.After(list.NextUpdate):
		sign, in, text = s.sign("✗", "x"), broken, "out of date for "+Left(s.now.Sub(list.NextUpdate))
	case s.now.Before(list.ThisUpdate):
		sign, in, text = s.sign("✗", "x"), broken, "from the future"
	}
	s.paragraph([]piece{inked(in, sign)}, 2, say(s.place(at)+": revocation list (CRL),"), unbroken(in, text))
	b := showBlock{s, 2}
	b.fact("issuer", say(s.prose(list.Issuer.String())))
	if !list.NextUpdate.IsZero() {
		b.fact("valid", unbroken(plain, s.instant(list.ThisUpdate)), say(s.sign("→", "->")), unbroken(plain, s.instant(list.NextUpdate)))
	} else {
		b.fact("valid", say("from "+s.instant(list.ThisUpdate)))
	}
	revoked := strconv.Itoa(len(list.RevokedCertificateEntries)) + " certificates"
	if len(list.RevokedCertificateEntries) == 1 {
		revoked = "1 certificate"
	}
	b.fact("revoked", say(revoked))
	if !s.opts.Full {
		return
	}
	if list.Number != nil {
		b.fact("number", say(list.Number.String()))
	}
	b.fact("signature", say(showSignature(&x509.Certificate{SignatureAlgorithm: list.SignatureAlgorithm})))
	serials := make([]string, 0, min(len(list.RevokedCertificateEntries), mostNames))
	for i, entry := range list.RevokedCertificateEntries {
		if i == mostNames {
			break
		}
		serials = append(serials, serial(&x509.Certificate{SerialNumber: entry.SerialNumber}))
	}
	b.fact("serials", b.list(serials)...)
}
