package certreport

import (
	"crypto/sha1" //nolint:gosec // a fingerprint that stores and consoles still show
	"crypto/x509"
	"encoding/hex"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"redan/conn/cert"
)

// showLabel is the column where facts begin, behind the indent of their block.
const showLabel = 12

// mostNames is how many names of a certificate are shown where not everything was asked for. Those in use have some hundreds at most.
const mostNames = 1000

// showBlock is what belongs to one heading.
type showBlock struct {
	*showPage
	indent int
}

// fact writes one fact, unless it is empty.
func (b showBlock) fact(label string, parts ...piece) {
	if !slices.ContainsFunc(parts, func(p piece) bool { return strings.TrimSpace(p.text) != "" }) {
		return
	}
	at := b.indent + showLabel
	b.paragraph([]piece{say(padded(blanks(b.indent)+label, at-1) + " ")}, at, parts...)
}

// digest writes a fingerprint. Where a line is too short for it, it is cut into halves.
func (b showBlock) digest(label, sum string) {
	if b.Width > 0 && b.indent+showLabel+len(sum) > b.Width {
		b.fact(label, say(sum[:len(sum)/2]), say(sum[len(sum)/2:]))
		return
	}
	b.fact(label, say(sum))
}

// certificate writes the facts of a node.
func (s *showPage) certificate(at, depth int) {
	s.shown[at] = true
	node := s.related.Nodes[at]
	c := node.Certificate
	lead := s.showLead(depth)
	sign, in, text := s.validity(c)
	s.paragraph([]piece{say(lead), inked(in, sign)}, columns(lead)+2, inked(strong, s.prose(shortName(c))), unbroken(in, " "+text))
	b := showBlock{s, columns(lead) + 2}
	b.identity(node)
	b.fact("key", say(cert.KeyKind(c.PublicKey)))
	b.fact("signature", say(showSignature(c)))
	b.fact("valid", unbroken(plain, s.instant(c.NotBefore)), say(s.sign("→", "->")), unbroken(plain, s.instant(c.NotAfter)))
	b.fact("use", say(showUse(c)))
	b.digest("sha256", fingerprint(c.Raw))
	if s.opts.Full {
		b.details(c)
	}
	b.belongings(node)
}

// identity writes who a certificate is about and who says so.
func (b showBlock) identity(node cert.Node) {
	c := node.Certificate
	subject := c.Subject.String()
	if subject == "" {
		subject = "(empty)"
	}
	b.fact("subject", say(b.prose(subject)))
	b.fact("names", b.list(showNames(c))...)
	switch {
	case node.SelfSigned && node.IssuerUnproven:
		b.fact("issuer", say("itself, by name; the signature cannot be checked"))
	case node.SelfSigned:
		b.fact("issuer", say("itself (self-signed)"))
	case c.Issuer.String() == "":
		b.fact("issuer", say("(empty)"))
	case node.IssuerUnproven:
		b.fact("issuer", say(b.prose(c.Issuer.String())), say("(found by name; the signature cannot be checked)"))
	default:
		b.fact("issuer", say(b.prose(c.Issuer.String())))
	}
}

// belongings writes where a certificate stands and what belongs to it.
func (b showBlock) belongings(node cert.Node) {
	first := b.item(node.Places[0])
	if first.Name != "" {
		b.fact("called", say(b.prose(showQuoted(first.Name))))
	}
	if first.Trust != nil {
		b.fact("trusted for", say(b.prose(strings.Join(first.Trust.Trusted, ", "))))
		b.fact("not for", say(b.prose(strings.Join(first.Trust.Rejected, ", "))))
	}
	if len(node.Keys) > 0 {
		b.fact("private key", say(b.sign("✓", "+")), say(b.places(node.Keys)))
	}
	if len(node.Requests) > 0 {
		b.fact("request", say(b.sign("✓", "+")), say(b.places(node.Requests)))
	}
	if len(b.sources) > 1 || len(b.related.Nodes) > 1 && first.Line > 0 {
		b.fact("in", say(b.places(node.Places)))
	}
}

// list returns texts with commas between them, each to stay on one line.
func (b showBlock) list(texts []string) []piece {
	var parts []piece
	for i, text := range texts {
		if i == mostNames && !b.opts.Full {
			return append(parts, say("and "+strconv.Itoa(len(texts)-i)+" more (--full lists them)"))
		}
		shown := b.prose(showQuoted(text))
		if i < len(texts)-1 {
			shown += ","
		}
		parts = append(parts, unbroken(plain, shown))
	}
	return parts
}

// showQuoted puts quotes round a name whose ends, or whose being one name, could not be seen otherwise.
func showQuoted(name string) string {
	if name == "" || strings.ContainsAny(name, ` ,"`) {
		return `"` + strings.ReplaceAll(name, `"`, `\"`) + `"`
	}
	return name
}

// showNames are all subjectAltNames, those that count for a connection first.
func showNames(c *x509.Certificate) []string {
	names := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	for _, name := range c.DNSNames {
		if net.ParseIP(name) != nil {
			names[slices.Index(names, name)] = "DNS:" + name // it looks like an address and does not count as one
		}
	}
	for _, uri := range c.URIs {
		names = append(names, "URI:"+uri.String())
	}
	for _, address := range c.EmailAddresses {
		names = append(names, "email:"+address)
	}
	return append(names, cert.OtherNames(cert.SubjectAltName(c))...)
}

// showSignature names the algorithm of a signature, and says when it is none to rely on.
func showSignature(c *x509.Certificate) string {
	name := c.SignatureAlgorithm.String()
	switch c.SignatureAlgorithm { //nolint:exhaustive // the others are fine
	case x509.UnknownSignatureAlgorithm:
		return "unknown"
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return name + " (given up as unsafe)"
	}
	return name
}

// showUse says what a certificate can be used for, in the words of Redis.
func showUse(c *x509.Certificate) string {
	u := cert.UsageOf(c)
	ends := "neither server nor client"
	switch {
	case u.Server && u.Client:
		ends = "server and client"
	case u.Server:
		ends = "server only"
	case u.Client:
		ends = "client only"
	}
	if len(u.Others) > 0 {
		ends += "; also " + strings.Join(u.Others, ", ")
	}
	if !u.CA {
		return ends
	}
	text := "CA, pathlen " + strconv.Itoa(u.PathLen)
	if u.PathLen < 0 {
		text = "CA, any depth"
	}
	if u.NoSign {
		text = "CA, but without keyCertSign it cannot issue"
	}
	if u.Limited {
		text += "; " + ends
	}
	return text
}

// instant is a date in the reader's time zone.
func (s *showPage) instant(t time.Time) string {
	if s.opts.Full {
		return t.In(s.zone()).Format("2006-01-02 15:04:05 MST")
	}
	return t.In(s.zone()).Format("2006-01-02 15:04 MST")
}

// showSHA1 is a SHA-1 in hexadecimal.
func showSHA1(data []byte) string {
	sum := sha1.Sum(data) //nolint:gosec // see the import
	return hex.EncodeToString(sum[:])
}
