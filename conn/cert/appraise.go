package cert

import (
	"crypto/x509"
	"errors"
	"slices"
	"time"
)

// chainOf is what there is to say about the chain of a server: both [Policy.Verify], which refuses it, and [Judge], which explains it, go by
// this, so that they cannot disagree.
type chainOf struct {
	leaf  *x509.Certificate
	path  path // the chain that was verified; otherwise as far as it can be followed
	roots Roots
	now   time.Time

	faults []*VerifyError // why it is refused, what has to be mended first standing first; none when it is accepted
	err    error          // what crypto/x509 said
}

// appraise verifies the certificates a server sent, its own first, of which there must be one. When crypto/x509 refuses them, which stops at
// its first finding, this looks for all faults, and makes the first the one that has to be mended first: trust, then dates, then what the
// certificates may be used for.
func appraise(sent []*x509.Certificate, roots Roots, now time.Time) chainOf {
	c := chainOf{leaf: sent[0], roots: roots, now: now}
	chains, err := sent[0].Verify(x509.VerifyOptions{
		Roots:         roots.Pool,
		Intermediates: poolOf(sent[1:]),
		CurrentTime:   now,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	if c.err = err; err == nil {
		c.path = path{certs: lastingChain(chains), anchored: true}
		if forbidsServing(sent[0]) {
			c.faults = []*VerifyError{wrongUsage(sent[0], sent[0], errNetscapeType)}
		}
		return c
	}
	c.path = tracePath(sent, roots)
	if roots.Pool == nil {
		c.askSystem(sent)
	}
	c.findFaults(err)
	return c
}

// findFaults explains err, with which crypto/x509 refused the chain.
func (c *chainOf) findFaults(err error) {
	_, noStore := errors.AsType[x509.SystemRootsError](err)
	if !c.path.anchored && !noStore && !foundAnchor(err) {
		c.faults = append(c.faults, c.untrusted())
	}
	c.faults = slices.Concat(c.faults, c.badDates(), c.badIssuers(), c.badUsages(), c.badExtensions(), c.badNames())
	other := c.other(err)
	isNew := other.Code == CodeNameConstraint && !slices.ContainsFunc(c.faults, func(e *VerifyError) bool { return e.Code == other.Code })
	if len(c.faults) == 0 || noStore || isNew {
		c.faults = append(c.faults, other)
	}
	c.faults[0].Err = err
}

// refusal is the first fault, which names the others; nil when there is none.
func (c chainOf) refusal() *VerifyError {
	if len(c.faults) == 0 {
		return nil
	}
	first := *c.faults[0]
	for _, more := range c.faults[1:] {
		first.Also = append(first.Also, more.Code)
	}
	return &first
}

// foundAnchor reports whether the verifier got as far as a trusted certificate, and refused for something else.
func foundAnchor(err error) bool {
	invalid, ok := errors.AsType[x509.CertificateInvalidError](err)
	if !ok {
		return false
	}
	switch invalid.Reason {
	case x509.Expired, x509.NotAuthorizedToSign, x509.TooManyIntermediates:
		return false
	default:
		return true
	}
}

// askSystem finds out whether the chain ends in the system's store, which cannot be listed.
func (c *chainOf) askSystem(sent []*x509.Certificate) {
	const maxSent = 20
	relaxed := make([]*x509.Certificate, 0, len(sent))
	for _, cert := range sent[:min(len(sent), maxSent)] {
		relaxed = append(relaxed, relax(cert))
	}
	chains, err := relaxed[0].Verify(x509.VerifyOptions{
		Intermediates: poolOf(relaxed[1:]), CurrentTime: c.now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	switch {
	case err == nil:
		c.path = path{certs: originals(lastingChain(chains), sent), anchored: true}
	case foundAnchor(err):
		c.path.anchored = true
	}
}

// verifyRelaxed verifies the first of certs through the others up to root, with all forgiven that a certificate can say of itself, but for the
// names that a CA may issue for.
func verifyRelaxed(certs []*x509.Certificate, root *x509.Certificate) ([][]*x509.Certificate, error) {
	if len(certs) == 0 {
		return nil, nil
	}
	relaxed := make([]*x509.Certificate, 0, len(certs))
	for _, cert := range certs {
		relaxed = append(relaxed, relax(cert))
	}
	anchor := relax(root)
	return relaxed[0].Verify(x509.VerifyOptions{
		Roots: poolOf([]*x509.Certificate{anchor}), Intermediates: poolOf(relaxed[1:]),
		CurrentTime: anchor.NotBefore.Add(time.Hour), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
}

// relax returns a copy of cert with the same signature, names and constraints of names, valid for ever and for everything.
func relax(cert *x509.Certificate) *x509.Certificate {
	c := *cert
	const years = 1000
	c.NotBefore, c.NotAfter = time.Unix(0, 0), time.Unix(0, 0).AddDate(years, 0, 0)
	c.ExtKeyUsage, c.UnknownExtKeyUsage, c.UnhandledCriticalExtensions = nil, nil, nil
	c.MaxPathLen, c.MaxPathLenZero = -1, false
	c.BasicConstraintsValid, c.IsCA, c.KeyUsage = true, true, 0
	return &c
}

// originals returns the certificates of chain as they were sent, where they were.
func originals(chain, sent []*x509.Certificate) []*x509.Certificate {
	certs := make([]*x509.Certificate, 0, len(chain))
	for _, cert := range chain {
		if i := slices.IndexFunc(sent, cert.Equal); i >= 0 {
			cert = sent[i]
		}
		certs = append(certs, cert)
	}
	return certs
}

// lastingChain returns the chain of which the first certificate to expire does so last; of several, the shortest.
func lastingChain(chains [][]*x509.Certificate) []*x509.Certificate {
	return slices.MaxFunc(chains, func(a, b []*x509.Certificate) int {
		if order := firstExpiry(a).Compare(firstExpiry(b)); order != 0 {
			return order
		}
		return len(b) - len(a)
	})
}

// firstExpiry is when the first of certs expires.
func firstExpiry(certs []*x509.Certificate) time.Time {
	return slices.MinFunc(certs, func(a, b *x509.Certificate) int { return a.NotAfter.Compare(b.NotAfter) }).NotAfter
}

func poolOf(certs []*x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, c := range certs {
		pool.AddCert(c)
	}
	return pool
}
