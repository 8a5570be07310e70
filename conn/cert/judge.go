package cert

import (
	"cmp"
	"crypto/x509"
	"slices"
	"strconv"
	"time"
)

// Judge says what there is to say about what o saw, measured by want, at now: every fault and not only the first, what will break, and
// for each the commands that mend it. It is pure, but that crypto/x509 loads the system's store of CA certificates when want trusts that.
func Judge(o Observation, want Expectation, now time.Time) Report {
	j := &judge{o: o, want: want, now: now, terminator: terminatorSign(o)}
	j.readCertificates()
	j.traceChain()
	j.judgeReach()
	j.judgeFiles()
	j.judgeProtocol()
	j.judgeHandshake()
	j.judgeChain()
	j.judgeNames()
	j.judgeClient()
	j.judgeServer()
	j.judgeRest()
	return j.report()
}

// judge is one judgement on its way.
type judge struct {
	o    Observation
	want Expectation
	now  time.Time

	// sent are the certificates the server sent, its own first, as far as they can be read.
	sent []*x509.Certificate
	// chain is what is to be said of them; only its leaf is set when nothing was sent.
	chain chainOf
	links []Link
	names NameMatch
	// client is the chain of the client certificate.
	client []*x509.Certificate
	// terminator says what shows that something ends TLS in front of Redis; empty when nothing does.
	terminator string

	findings []Finding
	unknown  bool
}

// maxLinks bounds the certificates that are shown.
const maxLinks = 40

// readCertificates collects the certificates of both sides.
func (j *judge) readCertificates() {
	if !j.o.Target.Plain {
		j.sent = j.o.Chain
	}
	if len(j.sent) == 0 && !j.o.Target.Plain {
		j.sent = parseAll(j.o.Hello.Chain)
	}
	if j.want.Client != nil {
		j.client = parseAll(j.want.Client.Certificate)
	}
}

// parseAll parses certificates, and leaves out what is none.
func parseAll(ders [][]byte) []*x509.Certificate {
	var certs []*x509.Certificate
	for _, der := range ders[:min(len(ders), maxLinks)] {
		if c, err := x509.ParseCertificate(der); err == nil {
			certs = append(certs, c)
		}
	}
	return certs
}

func (j *judge) add(f Finding) { j.findings = append(j.findings, f) }

// has reports whether one of the codes was found, at least as bad as severity.
func (j *judge) has(severity Severity, codes ...string) bool {
	return slices.ContainsFunc(j.findings, func(f Finding) bool {
		return f.Severity >= severity && slices.Contains(codes, f.Code)
	})
}

// broken reports whether something was found that breaks the connection.
func (j *judge) broken() bool {
	return slices.ContainsFunc(j.findings, func(f Finding) bool { return f.Severity == SeverityCrit })
}

// scope names a certificate of the server's chain by its place in [Report.Chain].
func (j *judge) scope(c *x509.Certificate) string {
	for i, link := range j.links {
		if c != nil && link.Cert.Equal(c) {
			return ScopeCertPrefix + strconv.Itoa(i)
		}
	}
	return ScopeTarget
}

// report puts the findings in order and draws the conclusions.
func (j *judge) report() Report {
	slices.SortStableFunc(j.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(rank(a.Code), rank(b.Code)))
	})
	j.mergeFixes()
	r := Report{
		Observation: j.o, Unknown: j.unknown, Findings: j.findings, Chain: j.links, Names: j.names, ClientAuthMode: j.clientAuthMode(),
		Verified: len(j.sent) > 0 && len(j.chain.faults) == 0 && !j.want.RootsMissing,
	}
	for _, f := range r.Findings {
		r.Verdict = max(r.Verdict, f.Severity)
	}
	j.stand()
	r.Checks = j.checks()
	return r
}

// rank orders findings of one severity: what has to be mended first, because nothing behind it can be seen before, has the lowest.
func rank(code string) int {
	order := [][]string{
		{CodeDNS, CodeRefused, CodeUnreachable, CodeNoSocket},
		fileCodes(),
		{CodeTLSToPlain, CodePlainToTLS, CodeNotRedis, CodeProtectedMode, CodeMaxClients, CodeStall},
		handshakeCodes(),
		{CodeBadCertificate, CodeNoCertificate, CodeOversizedRSA, CodeClockSkew},
		trustCodes(),
		dateCodes(),
		usageCodes(),
		nameCodes(),
		clientCodes(),
		{CodeNotRedisTLS, CodeCloseAtOnce},
		{CodeWrongPassword, CodeAuthRequired, CodeBusy},
		{CodeExpiresSoon, CodeClientExpiresSoon, CodeIssuerFirst, CodeStaleCert},
	}
	for place, codes := range order {
		if slices.Contains(codes, code) {
			return place
		}
	}
	return len(order)
}

func fileCodes() []string {
	return []string{
		CodeFileUnreadable, CodeFileEmpty, CodeFileNotPEM, CodeFileGarbled, CodeFileUnsupported, CodeFileNoCertificate, CodeFileNoKey,
		CodeFilesSwapped, CodeDirEmpty, CodeCertMissing, CodeKeyMissing, CodeKeyEncrypted, CodeKeyPassphrase, CodeKeyUnsupported,
		CodeKeyMismatch, CodeChainOrder, CodeCiphers,
	}
}

func handshakeCodes() []string {
	return []string{
		CodeSNIRequired, CodeVersion, CodeNoCommonCipher, CodeNoSigAlg, CodeServerKeyMismatch, CodeALPNRequired, CodeServerInternal, CodeAlert,
		CodeTLS,
	}
}

func trustCodes() []string {
	return []string{
		CodeUnknownCA, CodeSelfSignedLeaf, CodeMissingIntermediate, CodeWrongRootSameName, CodeLeafAsCA, CodeSHA1Signed, CodeWeakRSA,
		CodeUntrusted, CodeSameDNCA,
	}
}

func dateCodes() []string { return []string{CodeExpired, CodeNotYetValid} }

func usageCodes() []string { return []string{CodePathLen, CodeWrongEKU, CodeNameConstraint} }

func nameCodes() []string {
	return []string{
		CodeCNOnly, CodeNoNames, CodeNoIPSAN, CodeIPAsDNS, CodeOtherIP, CodeOtherName, CodeWildcardDepth, CodePartialWildcard,
	}
}

func clientCodes() []string {
	return []string{
		CodeClientCertMissing, CodeClientCAUnknown, CodeClientIntermediateNotSent, CodeClientExpired, CodeClientNotYetValid,
		CodeClientWrongEKU, CodeClientRevoked, CodeClientRefused,
	}
}
