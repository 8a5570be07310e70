package certreport

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"

	"redan/conn/cert"
)

// ShowSchema is the version of the form ShowJSON writes, see [Schema].
const ShowSchema = "redan.cert-show/1"

// ErrShow says that a listing cannot be written as JSON, because of a bug and not of anything a user did.
var ErrShow = errors.New("the listing cannot be written as JSON")

type (
	showDocument struct {
		Schema  string           `json:"schema"`
		Time    string           `json:"time"`
		Tool    string           `json:"tool"`
		Sources []showSourceJSON `json:"sources"`
		Chains  []showChain      `json:"chains"`
	}
	showSourceJSON struct {
		Source string `json:"source"`
		Format string `json:"format"`
		Items  []any  `json:"items"`
	}
	// showItem is what every item has.
	showItem struct {
		Kind      cert.ItemKind `json:"kind"`
		Line      int           `json:"line,omitempty"`
		Container string        `json:"container,omitempty"`
		Name      string        `json:"name,omitempty"`
		What      string        `json:"what,omitempty"`
		Problem   string        `json:"problem,omitempty"`
	}
	showCertificateJSON struct {
		showItem
		certificate
		SHA1        string              `json:"sha1"`
		Email       []string            `json:"email"`
		OtherNames  []string            `json:"other_names"`
		Standing    string              `json:"standing"`
		Use         showUseJSON         `json:"use"`
		IssuerSHA   string              `json:"issuer_sha256"`
		PrivateKeys []showPlaceJSON     `json:"private_keys"`
		SKI         string              `json:"ski"`
		AKI         string              `json:"aki"`
		Constraints string              `json:"name_constraints,omitempty"`
		CRLs        []string            `json:"crl_urls"`
		OCSP        []string            `json:"ocsp_urls"`
		IssuerURLs  []string            `json:"issuer_urls"`
		Policies    []string            `json:"policies"`
		Extensions  []showExtensionJSON `json:"extensions"`
		TrustedFor  []string            `json:"trusted_for,omitempty"`
		RejectedFor []string            `json:"rejected_for,omitempty"`
		Signature   string              `json:"signature"`
		PEM         string              `json:"pem"`
	}
	showUseJSON struct {
		Server  bool `json:"server"`
		Client  bool `json:"client"`
		CA      bool `json:"ca"`
		PathLen *int `json:"pathlen"`
	}
	showPlaceJSON struct {
		Source string `json:"source"`
		Line   int    `json:"line,omitempty"`
	}
	showExtensionJSON struct {
		OID      string `json:"oid"`
		Name     string `json:"name"`
		Critical bool   `json:"critical"`
		Value    string `json:"value"`
	}
	showKeyJSON struct {
		showItem
		Key       string   `json:"key"`
		SPKI      string   `json:"spki_sha256"`
		Encrypted bool     `json:"encrypted"`
		BelongsTo []string `json:"belongs_to"` // SHA-256 of certificates
	}
	showRequestJSON struct {
		showKeyJSON
		Subject string   `json:"subject"`
		DNS     []string `json:"dns"`
		IP      []string `json:"ip"`
		URI     []string `json:"uri"`
		Email   []string `json:"email"`
		Sig     string   `json:"sig"`
	}
	showListJSON struct {
		showItem
		Issuer     string   `json:"issuer"`
		Number     string   `json:"number"`
		ThisUpdate string   `json:"this_update"`
		NextUpdate string   `json:"next_update"`
		Sig        string   `json:"sig"`
		Revoked    []string `json:"revoked"` // serial numbers
	}
	showChain struct {
		SHA256 []string `json:"sha256"`
		// Complete says that the last one is self-signed.
		Complete      bool   `json:"complete"`
		MissingIssuer string `json:"missing_issuer,omitempty"`
	}
)

// ShowJSON returns what sources hold as one object of the form [ShowSchema], as [JSON] does reports. Private keys are described and never
// part of it.
func ShowJSON(sources []cert.Inspection, now time.Time, tool string, opts ShowOptions) ([]byte, error) {
	w := showWriter{sources: sources, related: cert.Relate(sources), now: now}
	d := showDocument{
		Schema: ShowSchema, Time: now.UTC().Format(time.RFC3339), Tool: tool, Sources: []showSourceJSON{}, Chains: []showChain{},
	}
	for at := range sources {
		if source, ok := w.source(at, opts.First); ok {
			d.Sources = append(d.Sources, source)
			if opts.First {
				break
			}
		}
	}
	if !opts.First {
		d.Chains = w.chains()
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(d); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrShow, err)
	}
	return visible(b.Bytes()), nil
}

// showWriter makes values for JSON of what was found.
type showWriter struct {
	sources []cert.Inspection
	related cert.Relations
	now     time.Time
}

// source returns a source, with first only its first certificate, if it has one.
func (w showWriter) source(at int, first bool) (showSourceJSON, bool) {
	in := w.sources[at]
	out := showSourceJSON{Source: in.Name, Format: in.Format, Items: []any{}}
	pos := 0
	for i, item := range in.Items {
		if first && item.Certificate == nil {
			continue
		}
		out.Items = append(out.Items, w.item(item, cert.Place{Source: at, Item: i}, pos))
		if item.Certificate != nil {
			pos++
		}
		if first {
			return out, true
		}
	}
	return out, !first
}

func (w showWriter) item(item cert.Item, at cert.Place, pos int) any {
	base := showItem{Kind: item.Kind, Line: item.Line, Container: item.Container, Name: item.Name, What: item.What}
	if item.Problem != nil {
		base.Problem = item.Problem.Error()
	}
	switch item.Kind {
	case cert.ItemCertificate:
		return w.certificate(base, item, at, pos)
	case cert.ItemPrivateKey, cert.ItemPublicKey:
		return w.key(base, item)
	case cert.ItemRequest:
		return w.request(base, item)
	case cert.ItemCRL:
		return showList(base, item.List)
	default:
		return base
	}
}

func (w showWriter) certificate(base showItem, item cert.Item, at cert.Place, pos int) showCertificateJSON {
	c := item.Certificate
	node := w.node(at)
	use := cert.UsageOf(c)
	// Whether it is self-signed is known already, and is not to be computed again for a key of megabytes.
	bare := *c
	bare.RawIssuer = nil
	out := showCertificateJSON{
		showItem: base, certificate: certificateOf(&bare, pos, w.now), SHA1: showSHA1(c.Raw),
		Email: orEmpty(c.EmailAddresses), OtherNames: orEmpty(cert.OtherNames(cert.SubjectAltName(c))),
		Standing: string(cert.StandingOf(c, w.now)), Use: showUseJSON{Server: use.Server, Client: use.Client, CA: use.CA && !use.NoSign},
		PrivateKeys: []showPlaceJSON{}, SKI: hex.EncodeToString(c.SubjectKeyId), AKI: hex.EncodeToString(c.AuthorityKeyId),
		Constraints: showNameConstraints(c), CRLs: orEmpty(c.CRLDistributionPoints), OCSP: orEmpty(c.OCSPServer),
		IssuerURLs: orEmpty(c.IssuingCertificateURL), Policies: showPolicies(c), Extensions: []showExtensionJSON{},
		Signature: hex.EncodeToString(c.Signature), PEM: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})),
	}
	out.SelfSigned = node.SelfSigned && !node.IssuerUnproven
	if use.CA && use.PathLen >= 0 {
		out.Use.PathLen = &use.PathLen
	}
	if node.Issuer >= 0 {
		out.IssuerSHA = fingerprint(w.related.Nodes[node.Issuer].Certificate.Raw)
	}
	for _, key := range node.Keys {
		out.PrivateKeys = append(out.PrivateKeys, showPlaceJSON{w.sources[key.Source].Name, w.sources[key.Source].Items[key.Item].Line})
	}
	for _, extension := range c.Extensions {
		out.Extensions = append(out.Extensions, showExtensionJSON{
			extension.Id.String(), cert.ExtensionName(extension.Id), extension.Critical, hex.EncodeToString(extension.Value),
		})
	}
	if item.Trust != nil {
		out.TrustedFor, out.RejectedFor = item.Trust.Trusted, item.Trust.Rejected
	}
	return out
}

// node is the node of the certificate at a place.
func (w showWriter) node(at cert.Place) cert.Node {
	for _, node := range w.related.Nodes {
		if slices.Contains(node.Places, at) {
			return node
		}
	}
	return cert.Node{Issuer: -1}
}

func (w showWriter) key(base showItem, item cert.Item) showKeyJSON {
	out := showKeyJSON{showItem: base, Key: item.Key.Kind, SPKI: item.Key.SPKI, Encrypted: item.Key.Encrypted, BelongsTo: []string{}}
	for _, at := range w.related.NodesOf(item.Key.SPKI) {
		out.BelongsTo = append(out.BelongsTo, fingerprint(w.related.Nodes[at].Certificate.Raw))
	}
	return out
}

func (w showWriter) request(base showItem, item cert.Item) showRequestJSON {
	r := item.Request
	out := showRequestJSON{
		showKeyJSON: w.key(base, item), Subject: r.Subject.String(), DNS: orEmpty(r.DNSNames), IP: []string{}, URI: []string{},
		Email: orEmpty(r.EmailAddresses), Sig: r.SignatureAlgorithm.String(),
	}
	for _, ip := range r.IPAddresses {
		out.IP = append(out.IP, ip.String())
	}
	for _, uri := range r.URIs {
		out.URI = append(out.URI, uri.String())
	}
	return out
}

func showList(base showItem, list *x509.RevocationList) showListJSON {
	out := showListJSON{
		showItem: base, Issuer: list.Issuer.String(), ThisUpdate: list.ThisUpdate.UTC().Format(time.RFC3339),
		Sig: list.SignatureAlgorithm.String(), Revoked: []string{},
	}
	if list.Number != nil {
		out.Number = list.Number.String()
	}
	if !list.NextUpdate.IsZero() {
		out.NextUpdate = list.NextUpdate.UTC().Format(time.RFC3339)
	}
	for _, entry := range list.RevokedCertificateEntries {
		out.Revoked = append(out.Revoked, serial(&x509.Certificate{SerialNumber: entry.SerialNumber}))
	}
	return out
}

func (w showWriter) chains() []showChain {
	const longest = 100 // no client follows a longer one
	chains := make([]showChain, 0, len(w.related.Chains))
	for _, chain := range w.related.Chains {
		out := showChain{SHA256: []string{}}
		node := cert.Node{}
		seen := map[int]bool{}
		for at := chain[0]; at >= 0 && !seen[at] && len(seen) < longest; at = node.Issuer {
			node = w.related.Nodes[at]
			seen[at] = true
			out.SHA256 = append(out.SHA256, fingerprint(node.Certificate.Raw))
		}
		out.Complete = node.SelfSigned
		if !out.Complete && node.Issuer < 0 {
			out.MissingIssuer = node.Certificate.Issuer.String()
		}
		chains = append(chains, out)
	}
	return chains
}
