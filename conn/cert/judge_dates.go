package cert

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strconv"
)

// judgeExpiry warns about what expires soon, each certificate for itself, and about issuers that go before what they issued.
func (j *judge) judgeExpiry() {
	for _, c := range j.chain.path.certs {
		if severity, limit := j.nearExpiry(c); severity > SeverityOK {
			j.add(Finding{
				Code: CodeExpiresSoon, Severity: severity, Scope: j.scope(c),
				Message:  fmt.Sprintf("%s expires in %s, on %s", j.element(c), span(c.NotAfter.Sub(j.now)), date(c.NotAfter, j.now)),
				Cause:    "when it has expired, every client that verifies refuses the server",
				Evidence: []Fact{{"not_after", utc(c.NotAfter)}, {"threshold", limit.String()}},
				Fixes:    j.renewal(c),
			})
		}
	}
	j.judgeIssuersFirst()
	j.judgeLongLife()
}

// nearExpiry is how bad it is that c, which is still valid, has no more left than it has, and the threshold that says so.
func (j *judge) nearExpiry(c *x509.Certificate) (Severity, Threshold) {
	if j.now.After(c.NotAfter) || j.now.Before(c.NotBefore) {
		return SeverityOK, Threshold{}
	}
	warn, crit := thresholdsFor(c, j.want.Warn, j.want.Crit, j.want.DefaultThresholds)
	switch {
	case crit.Reached(c, j.now):
		return SeverityCrit, crit
	case warn.Reached(c, j.now):
		return SeverityWarn, warn
	}
	return SeverityOK, Threshold{}
}

// judgeIssuersFirst finds issuers that expire before the server's certificate, which then ends with them.
func (j *judge) judgeIssuersFirst() {
	leaf := j.chain.leaf
	slack := min(oneDay, lifeOf(leaf)/10) // made in one go, the two differ by seconds
	for _, c := range j.chain.path.certs[1:] {
		early := leaf.NotAfter.Sub(c.NotAfter)
		if early <= slack || j.now.After(c.NotAfter) {
			continue
		}
		j.add(Finding{
			Code: CodeIssuerFirst, Severity: SeverityWarn, Scope: j.scope(c),
			Message: fmt.Sprintf("%s expires %s before the server's certificate, on %s", j.element(c), span(early), date(c.NotAfter, j.now)),
			Cause:   "from that day on the server is refused, although its own certificate is valid",
			Evidence: []Fact{
				{"not_after", utc(c.NotAfter)}, {"server_not_after", utc(leaf.NotAfter)},
			},
			Fixes: j.renewal(c),
		})
	}
}

// longestLife is the last limit that Apple and the CA/Browser Forum agreed on for private CAs.
const longestLife = 825 * oneDay

const longLifeCause = "some clients refuse certificates of more than 825 days, and a stolen key is of use for as long"

// judgeLongLife mentions a server's certificate that lives longer than anybody remembers how it was made.
func (j *judge) judgeLongLife() {
	if leaf := j.chain.leaf; lifeOf(leaf) > longestLife {
		j.add(Finding{
			Code: CodeLongLived, Severity: SeverityInfo, Scope: j.scope(leaf),
			Message:  "the server's certificate is made to live " + span(lifeOf(leaf)),
			Cause:    longLifeCause,
			Evidence: []Fact{{"not_before", utc(leaf.NotBefore)}, {"not_after", utc(leaf.NotAfter)}},
		})
	}
}

// judgeShape looks at what was sent besides what was needed, and in which order.
func (j *judge) judgeShape() {
	path := j.chain.path.certs
	j.judgeOrder(path)
	j.judgeExtra(path)
	j.judgeRootSent(path)
	j.judgeSameName()
	top := j.chain.path.top()
	if len(j.chain.faults) == 0 && !j.want.RootsMissing && j.want.Roots.Pool != nil && !isSelfIssued(top) {
		j.add(Finding{
			Code: CodePartialChain, Severity: SeverityInfo, Scope: j.scope(top),
			Message: "what is trusted here is no root certificate, but " + subject(top) + ", which " + issuer(top) + " issued",
			Cause:   "this program accepts that; OpenSSL, and so redis-cli, refuses a chain that does not end at a root",
			Fixes:   []Fix{{Side: SideClient, Note: "for the others, add the certificate of " + issuer(top) + " to the file given with --cacert"}},
		})
	}
}

// judgeRootSent mentions a root that was sent. Redis adds it by itself to what its certificate file holds, when it is in tls-ca-cert-file: then
// there is nothing to do, and nothing to bother anybody with.
func (j *judge) judgeRootSent(path []*x509.Certificate) {
	place := slices.IndexFunc(j.sent, func(c *x509.Certificate) bool {
		return !c.Equal(j.chain.leaf) && isSelfSigned(c) && containsCert(path, c)
	})
	if place < 0 {
		return
	}
	root := j.sent[place]
	f := Finding{
		Code: CodeChainWithRoot, Severity: SeverityInfo, Scope: j.scope(root), Usual: true,
		Message: "the server sends its root certificate too: " + subject(root),
		Cause:   "clients have to know it anyway; Redis adds it by itself when it is in tls-ca-cert-file, and it does no harm",
	}
	if containsCert(j.o.Server.CertFile, root) {
		f.Usual = false
		f.Cause = "clients have to know it anyway; it stands in tls-cert-file, where it is of no use and does no harm"
	}
	j.add(f)
}

// judgeOrder finds a chain that was not sent in the order of issuing.
func (j *judge) judgeOrder(path []*x509.Certificate) {
	last := 0
	for _, c := range path[1:] {
		place := slices.IndexFunc(j.sent, c.Equal)
		if place < 0 {
			continue // known here
		}
		if place < last {
			j.add(Finding{
				Code: CodeChainUnordered, Severity: SeverityWarn, Scope: ScopeTarget,
				Message: "the server sends its chain in the wrong order: " + subject(c) + " comes before " + subject(j.sent[last]) + ", and should follow it",
				Cause:   "each certificate should be followed by the one that issued it; strict clients refuse it otherwise",
				Fixes: []Fix{{
					Side: SideServer, Note: "in tls-cert-file, put the server's certificate first, then its issuer, then the issuer's issuer",
				}},
			})
			return
		}
		last = place
	}
}

// judgeExtra finds certificates sent that have nothing to do with the server's, or twice.
func (j *judge) judgeExtra(path []*x509.Certificate) {
	var extra []string
	var first *x509.Certificate
	for place, c := range j.sent {
		isTwice := slices.IndexFunc(j.sent, c.Equal) < place
		if !isTwice && (containsCert(path, c) || issuesOne(c, j.sent)) {
			continue
		}
		if first == nil {
			first = c
		}
		extra = append(extra, subject(c))
	}
	if first == nil {
		return
	}
	j.add(Finding{
		Code: CodeChainExtra, Severity: SeverityInfo, Scope: j.scope(first),
		Message:  "the server sends certificates that are not needed: " + list(extra),
		Cause:    "they belong to no chain of the server's certificate, or were sent already; they cost a little time in every handshake",
		Evidence: []Fact{{"sent", strconv.Itoa(len(j.sent))}, {"needed", strconv.Itoa(len(path))}},
	})
}

// issuesOne reports whether c is named as issuer by another of certs.
func issuesOne(c *x509.Certificate, certs []*x509.Certificate) bool {
	return slices.ContainsFunc(certs, func(other *x509.Certificate) bool {
		return !other.Equal(c) && string(other.RawIssuer) == string(c.RawSubject)
	})
}

// judgeSameName finds a server's certificate that has the name of its own CA.
func (j *judge) judgeSameName() {
	leaf := j.chain.leaf
	if !isSelfIssued(leaf) || isSelfSigned(leaf) {
		return
	}
	j.add(Finding{
		Code: CodeSameDNCA, Severity: SeverityWarn, Scope: j.scope(leaf),
		Message: "the server's certificate and its CA have the same name: " + subject(leaf),
		Cause: "OpenSSL takes such a certificate for a self-signed one and refuses it, so redis-cli does, whatever it is told to trust; " +
			"this program goes by the signature",
		Evidence: []Fact{{"subject", subject(leaf)}, {"issuer", issuer(leaf)}},
		Fixes:    j.reissue("with another subject than the CA's"),
	})
}
