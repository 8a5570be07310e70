package cert

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// judgeChain looks at the certificates of the server, but for their names.
func (j *judge) judgeChain() {
	if len(j.o.Unparsed) > 0 {
		j.add(Finding{
			Code: CodeBadCertificate, Severity: SeverityCrit, Scope: ScopeTarget,
			Message: "what the server sends as certificate is none: " + printable(shortText(j.o.Unparsed[0])),
			Cause:   "the file was damaged, or made by a program that does not keep the rules of X.509",
			Fixes:   j.reissue(""),
		})
	}
	if len(j.sent) == 0 {
		if !j.o.Target.Plain && (j.o.Stage == StageReply || j.o.Stage == StageDone) && j.o.Version != 0 {
			j.noCertificate()
		}
		return
	}
	for _, e := range j.chain.faults {
		if e.Code != CodeSHA1Signed || !j.has(SeverityCrit, CodeNoSigAlg) { // which says the same of the handshake
			j.add(j.refusal(e))
		}
	}
	j.judgeClock()
	j.judgeExpiry()
	j.judgeShape()
	j.judgeKeys()
	j.judgeSignatures()
}

// traceChain verifies the chain, and lays it out.
func (j *judge) traceChain() {
	if len(j.sent) > 0 {
		j.chain = appraise(j.sent, j.roots(), j.now)
		j.makeLinks()
	}
}

// roots are the trusted certificates. When those that were named cannot be read, the chain is judged as if its top were trusted: there is
// more to be said than whom one would trust.
func (j *judge) roots() Roots {
	if !j.want.RootsMissing {
		return j.want.Roots
	}
	return trustOnly("", tracePath(j.sent, Roots{}).top())
}

// trustOnly are roots that come from one file.
func trustOnly(path string, certs ...*x509.Certificate) Roots {
	var roots Roots
	roots.add(Bundle{Certificates: certs}, path)
	return roots
}

func (j *judge) noCertificate() {
	j.add(Finding{
		Code: CodeNoCertificate, Severity: j.chainSeverity(), Scope: ScopeTarget,
		Message: "the server sent no certificate", Cause: "nothing says who it is",
		Fixes: []Fix{j.byClient(j.inv().Without("--tls-ciphers"), "a cipher suite with a certificate")},
	})
}

// chainSeverity is how bad a fault of the chain is at the level of verification.
func (j *judge) chainSeverity() Severity {
	if j.want.Level == LevelNone {
		return SeverityWarn
	}
	return SeverityCrit
}

// makeLinks lays out the chain, then what else was sent.
func (j *judge) makeLinks() {
	certs := slices.Clone(j.chain.path.certs)
	for _, c := range j.sent {
		if !containsCert(certs, c) && len(certs) < maxLinks {
			certs = append(certs, c)
		}
	}
	for _, c := range certs {
		j.links = append(j.links, Link{
			Cert: c, Sent: containsCert(j.sent, c), Origin: j.chain.origin(c), Left: c.NotAfter.Sub(j.now), Standing: StandingOK,
		})
	}
	if path := j.chain.path; path.anchored && !j.want.RootsMissing {
		j.links[len(path.certs)-1].Trusted = true
	}
}

// element names a certificate of the chain: "the root certificate CN=...".
func (j *judge) element(c *x509.Certificate) string { return j.chain.element(c) }

// refusal is the finding of a fault for which the chain is refused.
func (j *judge) refusal(e *VerifyError) Finding {
	at := e.Cert
	switch e.Code {
	case CodeUnknownCA, CodeSelfSignedLeaf, CodeMissingIntermediate, CodeWrongRootSameName:
		at = j.chain.leaf // it is what is not trusted, however far it can be followed
	}
	return Finding{
		Code: e.Code, Severity: j.chainSeverity(), Scope: j.scope(at), Message: e.Detail, Cause: refusalCause(e.Code),
		Evidence: j.chainEvidence(e), Fixes: j.chainFixes(e),
	}
}

// refusalCause says what is behind a fault of the chain, and whose it is.
func refusalCause(code string) string {
	switch code {
	case CodeUnknownCA:
		return "trust has to be given once: the client must be told of the CA that issued the server's certificate"
	case CodeSelfSignedLeaf:
		return "there is no CA behind it that could be trusted, so the certificate itself has to be"
	case CodeMissingIntermediate:
		return "the server must send every certificate between its own and the root; programs that happen to have the intermediate hide that"
	case CodeWrongRootSameName:
		return "each environment made a root of its own under the same name, or the root was made anew; a CA is its key, not its name"
	case CodeLeafAsCA:
		return "only certificates with basicConstraints CA:TRUE may issue others, else every server could pretend to be any other"
	case CodeSHA1Signed:
		return "two certificates with the same MD5 or SHA-1 signature can be made at will"
	case CodeExpired:
		return "nobody renewed it in time, or the renewed one was not loaded"
	case CodeNotYetValid:
		return "a clock is wrong: here, or where the certificate was made"
	case CodePathLen, CodeNameConstraint:
		return "a CA above set that limit for the CAs below it"
	case CodeWrongEKU:
		return "a certificate is made for a purpose, and this one is for another"
	default:
		return ""
	}
}

// chainEvidence is what a fault of the chain can be recognised by, and what would be needed.
func (j *judge) chainEvidence(e *VerifyError) []Fact {
	if e.Cert == nil {
		return nil
	}
	facts := []Fact{{"subject", subject(e.Cert)}}
	switch e.Code {
	case CodeExpired, CodeNotYetValid:
		return append(facts, Fact{"not_before", utc(e.Cert.NotBefore)}, Fact{"not_after", utc(e.Cert.NotAfter)}, Fact{"now", utc(j.now)})
	case CodeUnknownCA, CodeMissingIntermediate, CodeWrongRootSameName, CodeSelfSignedLeaf:
		return append(facts, j.neededFacts(e.Cert)...)
	case CodeWrongEKU:
		return append(facts, Fact{"extended_key_usage", usages(e.Cert)})
	case CodeSHA1Signed:
		return append(facts, Fact{"signature", e.Cert.SignatureAlgorithm.String()})
	case CodeWeakRSA:
		return append(facts, Fact{"key", keyText(e.Cert)})
	}
	return facts
}

// neededFacts describe the certificate that would have to be trusted.
func (j *judge) neededFacts(top *x509.Certificate) []Fact {
	if isSelfSigned(top) {
		return append([]Fact{{"needed", subject(top)}, {"needed_sha256", Fingerprint(top)}}, j.rejectedFacts()...)
	}
	facts := []Fact{{"needed", issuer(top)}}
	if len(top.AuthorityKeyId) > 0 {
		facts = append(facts, Fact{"needed_key_id", hexPairs(top.AuthorityKeyId)})
	}
	return append(facts, j.rejectedFacts()...)
}

// rejectedFacts describe the certificate of the same name that is trusted and did not issue this one.
func (j *judge) rejectedFacts() []Fact {
	r := j.chain.path.rejected
	if r == nil || j.chain.origin(r) == "" {
		return nil
	}
	facts := []Fact{{"trusted_file", printable(j.chain.origin(r))}, {"trusted_sha256", Fingerprint(r)}}
	if len(r.SubjectKeyId) > 0 {
		facts = append(facts, Fact{"trusted_key_id", hexPairs(r.SubjectKeyId)})
	}
	return facts
}

// judgeClock compares the server's clock with ours, and looks whether the difference is what is behind dates that do not fit.
func (j *judge) judgeClock() {
	s := j.o.Server
	if s.Clock.IsZero() || s.AskedAt.IsZero() {
		return
	}
	const tolerated = time.Minute
	skew := s.Clock.Sub(s.AskedAt)
	if skew.Abs() <= tolerated {
		return
	}
	direction := "ahead of"
	if skew > 0 {
		direction = "behind"
	}
	f := Finding{
		Code: CodeClockSkew, Severity: SeverityWarn, Scope: ScopeTarget,
		Message:  fmt.Sprintf("the clock of this computer is %s %s the server's", span(skew.Abs()), direction),
		Cause:    "one of the two is wrong, and whether a certificate is valid depends on it",
		Evidence: []Fact{{"server_clock", utc(s.Clock)}, {"clock", utc(s.AskedAt)}, {"skew_s", fmt.Sprintf("%.0f", skew.Seconds())}},
		Fixes: []Fix{
			{Side: SideClient, Note: "set this computer's clock, and have it set by the network: timedatectl set-ntp true"},
			{Side: SideServer, Note: "if it is the server's clock that is wrong, the same there; TIME shows it"},
		},
	}
	if skewExplains(j.chain.faults, j.now.Add(skew)) {
		f.Severity = j.chainSeverity()
		f.Message += ", by which the certificate is valid"
		f.Cause = "it is the clock that is wrong, and not the certificate: one of the two has to be set"
	}
	j.add(f)
}

// skewExplains reports whether there are faults of dates, and none at another time.
func skewExplains(faults []*VerifyError, then time.Time) bool {
	found := false
	for _, e := range faults {
		if slices.Contains(dateCodes(), e.Code) {
			found = true
			if then.Before(e.Cert.NotBefore) || then.After(e.Cert.NotAfter) {
				return false
			}
		}
	}
	return found
}

// stand gives every link its standing, which the findings decide.
func (j *judge) stand() {
	for i := range j.links {
		link := &j.links[i]
		scope := j.scope(link.Cert)
		for _, f := range slices.Backward(j.findings) {
			if f.Scope != scope || f.Severity < SeverityWarn {
				continue
			}
			switch {
			case f.Code == CodeExpiresSoon:
				link.Standing = StandingSoon
			case f.Code == CodeSameDNCA:
				link.Standing = StandingSameName
			case slices.Contains(append(usageCodes(), CodeOversizedRSA, CodeLeafAsCA, CodeSHA1Signed, CodeWeakRSA, CodeUntrusted), f.Code):
				link.Standing = StandingBad
			}
		}
		switch {
		case j.now.After(link.Cert.NotAfter):
			link.Standing = StandingExpired
		case j.now.Before(link.Cert.NotBefore):
			link.Standing = StandingFuture
		case link.Standing == StandingOK && i == len(j.chain.path.certs)-1 && !j.chain.path.anchored && j.has(SeverityWarn, trustCodes()...):
			link.Standing = StandingUnknown
		}
	}
}

// Fingerprint returns the SHA-256 of a certificate as OpenSSL prints it: "3B:7F:...".
func Fingerprint(c *x509.Certificate) string { return hexPairs(sum256(c.Raw)) }

func hexPairs(b []byte) string {
	const most = 64
	digits := strings.ToUpper(hex.EncodeToString(b[:min(len(b), most)]))
	pairs := make([]string, 0, len(digits)/2)
	for pair := range slices.Chunk([]byte(digits), 2) {
		pairs = append(pairs, string(pair))
	}
	return strings.Join(pairs, ":")
}

func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// isSelfIssued reports whether c names itself as its issuer, whoever signed it.
func isSelfIssued(c *x509.Certificate) bool { return bytes.Equal(c.RawSubject, c.RawIssuer) }

// usages are the extended key usages of c: "serverAuth, clientAuth".
func usages(c *x509.Certificate) string {
	names := make([]string, 0, len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage))
	for _, usage := range c.ExtKeyUsage {
		switch usage {
		case x509.ExtKeyUsageServerAuth:
			names = append(names, "serverAuth")
		case x509.ExtKeyUsageClientAuth:
			names = append(names, "clientAuth")
		case x509.ExtKeyUsageAny:
			names = append(names, "any")
		default:
			names = append(names, usage.String())
		}
	}
	for _, oid := range c.UnknownExtKeyUsage {
		names = append(names, oid.String())
	}
	if len(names) == 0 {
		return "none, so any"
	}
	return list(names)
}

// isTimeout reports whether err is that time ran out.
func isTimeout(err error) bool {
	timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && timeout.Timeout()
}
