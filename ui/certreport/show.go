package certreport

import (
	"crypto/x509"
	"encoding/pem"
	"strconv"
	"strings"
	"time"

	"redan/conn/cert"
)

// ShowOptions are what a reader of a listing asked to see.
type ShowOptions struct {
	Full  bool // everything that is in the certificates
	First bool // nothing but the first certificate
}

// ShowText returns what sources hold, for people: what each holds in a line; the certificates as trees, each above the one that issued it,
// with what people look for in them and whether a private key is at hand; and then what belongs to no certificate. now is the time by which
// validity is told.
//
// Lines are wrapped at style.Width, but no name is cut for it. Text from outside is escaped.
func ShowText(sources []cert.Inspection, now time.Time, style Style, opts ShowOptions) string {
	s := &showPage{
		page: &page{Style: style}, sources: sources, related: cert.Relate(sources), now: now, opts: opts, shown: map[int]bool{},
	}
	if opts.First {
		if first := s.firstNode(); first >= 0 {
			s.certificate(first, 0)
		}
		return s.out.String()
	}
	s.summary()
	for _, chain := range s.related.Chains {
		s.out.WriteByte('\n')
		s.chain(chain)
	}
	s.loose()
	return s.out.String()
}

// ShowPEM returns the certificates of sources as PEM and nothing else, in their order; with first only the first. It is empty when there is
// none.
func ShowPEM(sources []cert.Inspection, first bool) string {
	var b strings.Builder
	for _, source := range sources {
		for _, c := range source.Certificates() {
			b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
			if first {
				return b.String()
			}
		}
	}
	return b.String()
}

// showPage is a listing being written.
type showPage struct {
	*page
	sources []cert.Inspection
	related cert.Relations
	now     time.Time
	opts    ShowOptions
	shown   map[int]bool // the nodes that were shown
}

// firstNode is the node of the first certificate, -1 when there is none.
func (s *showPage) firstNode() int {
	if len(s.related.Nodes) == 0 {
		return -1
	}
	return 0
}

func (s *showPage) item(at cert.Place) cert.Item { return s.sources[at.Source].Items[at.Item] }

// summary writes what each source holds, in a line.
func (s *showPage) summary() {
	const widest = 32 // a longer name does not move the others' column
	at := 0
	for _, source := range s.sources {
		if size := columns(s.prose(source.Name)); size <= widest {
			at = max(at, size)
		}
	}
	for _, source := range s.sources {
		text := source.Format + ": " + showCount(source.Items)
		if source.Format == "TLS" {
			text = "sent " + showCount(source.Items) + "; nothing was verified"
		}
		name := s.prose(source.Name)
		s.paragraph([]piece{inked(strong, name), say("  ")}, max(at, columns(name))+2, say(text))
	}
}

// showCount counts items by their kind: "2 certificates, 1 private key".
func showCount(items []cert.Item) string {
	var kinds []cert.ItemKind
	count := map[cert.ItemKind]int{}
	for _, item := range items {
		if count[item.Kind]++; count[item.Kind] == 1 {
			kinds = append(kinds, item.Kind)
		}
	}
	parts := make([]string, 0, len(kinds))
	for _, kind := range kinds {
		text := strconv.Itoa(count[kind]) + " " + showKind(kind)
		if count[kind] > 1 {
			text = strconv.Itoa(count[kind]) + " " + showKinds(kind)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// showKind is what people call one item of a kind.
func showKind(kind cert.ItemKind) string {
	switch kind {
	case cert.ItemCRL:
		return "revocation list (CRL)"
	case cert.ItemRequest:
		return "certificate request (CSR)"
	case cert.ItemSealed:
		return "encrypted part"
	case cert.ItemUnknown:
		return "other block"
	case cert.ItemDamaged:
		return "damaged block"
	case cert.ItemParameters:
		return "set of parameters"
	default:
		return strings.ReplaceAll(string(kind), "_", " ")
	}
}

// showKinds is what people call several items of a kind.
func showKinds(kind cert.ItemKind) string {
	switch kind {
	case cert.ItemCRL:
		return "revocation lists (CRL)"
	case cert.ItemRequest:
		return "certificate requests (CSR)"
	case cert.ItemParameters:
		return "sets of parameters"
	default:
		return showKind(kind) + "s"
	}
}

// chain writes the certificates of a chain, the one that issued none first.
func (s *showPage) chain(chain []int) {
	for depth, at := range chain {
		if s.shown[at] {
			s.again(at, depth)
			return
		}
		s.certificate(at, depth)
	}
	s.missing(s.related.Nodes[chain[len(chain)-1]], len(chain))
}

// showLead is what stands before a certificate at a depth of its tree.
func (s *showPage) showLead(depth int) string {
	if depth == 0 {
		return ""
	}
	return blanks(2*(min(depth, mostIndent)-1)) + s.sign("└ ", "`-")
}

// again names a certificate that stands further up already.
func (s *showPage) again(at, depth int) {
	lead := s.showLead(depth)
	sign, in, _ := s.validity(s.related.Nodes[at].Certificate)
	s.paragraph([]piece{say(lead), inked(in, sign)}, columns(lead)+2, say(s.prose(shortName(s.related.Nodes[at].Certificate))), say("(see above)"))
}

// missing says which issuer is not there.
func (s *showPage) missing(last cert.Node, depth int) {
	if last.SelfSigned || last.Issuer >= 0 {
		return
	}
	lead := s.showLead(depth)
	issuer := s.prose(last.Certificate.Issuer.String())
	if issuer == "" {
		issuer = "without a name"
	}
	if last.Namesake < 0 {
		where := "is not here"
		if source := s.sources[last.Places[0].Source]; len(s.sources) == 1 && source.Format == "TLS" {
			where = "was not sent"
		}
		s.paragraph([]piece{say(lead), inked(unknown, s.sign("·", "."))}, columns(lead)+2, say("the issuer, "+issuer+", "+where))
		return
	}
	s.paragraph([]piece{say(lead), inked(broken, s.sign("✗", "x"))}, columns(lead)+2,
		say("the issuer, "+issuer+", is not here: "+s.places(s.related.Nodes[last.Namesake].Places)+" has a certificate of that name and another key, which did not sign this one"))
}

// validity returns sign, ink and words for the dates of a certificate.
func (s *showPage) validity(c *x509.Certificate) (sign string, in ink, text string) {
	left := c.NotAfter.Sub(s.now)
	switch cert.StandingOf(c, s.now) {
	case cert.StandingExpired:
		return s.sign("✗", "x"), broken, "expired " + Left(-left) + " ago"
	case cert.StandingFuture:
		return s.sign("✗", "x"), broken, "not valid yet, only in " + Left(c.NotBefore.Sub(s.now))
	case cert.StandingSoon:
		return "!", fragile, Left(left) + " left"
	default:
		return s.sign("✓", "+"), good, Left(left) + " left"
	}
}

// places says where items stand: "a.crt line 3, b.crt".
func (s *showPage) places(places []cert.Place) string {
	texts := make([]string, 0, len(places))
	const most = 8
	for i, at := range places {
		if i == most && !s.opts.Full {
			texts = append(texts, strconv.Itoa(len(places)-most)+" more")
			break
		}
		texts = append(texts, s.place(at))
	}
	return strings.Join(texts, ", ")
}

func (s *showPage) place(at cert.Place) string {
	source := s.sources[at.Source]
	text := s.prose(source.Name)
	if line := s.item(at).Line; line > 0 && len(source.Items) > 1 {
		text += " line " + strconv.Itoa(line)
	}
	return text
}
