package cert

import "crypto/x509"

// judgeLoose judges files that were given one by one.
func (j *fileJudge) judgeLoose() {
	if j.own.leaf() == nil {
		j.judgeRootsAlone()
		return
	}
	whole := j.judgeSent(j.own, "the certificate")
	if j.useServer {
		j.judgeServing()
		j.judgeHosts()
	}
	if j.useClient {
		j.judgeCalling(j.own, CodeClientWrongEKU, SeverityCrit, "a server that verifies its clients refuses it (alert 43), as nodes of a cluster do")
	}
	if !j.useClient || !j.useServer {
		j.tellUse()
	}
	before := len(j.findings)
	j.judgeLooseTrust(whole)
	if len(j.roots.List) > 0 {
		j.check("trust", before, "leads to "+subject(whole.top()))
	} else if len(j.set.CAs)+len(j.set.CADirs) == 0 {
		j.unchecked("trust", "no --cacert")
	}
	j.makeLinks(whole)
}

// tellUse mentions what a certificate is good for, when that was not asked.
func (j *fileJudge) tellUse() {
	leaf := j.own.leaf()
	if j.set.Use != UseAuto {
		return
	}
	serves, calls := suitsServer(leaf), suitsClient(leaf)
	if serves == "" && calls != "" {
		j.add(Finding{
			Code: CodeBusEKU, Severity: SeverityInfo, Scope: j.own.pair.Cert.scope(), Evidence: j.own.pair.Cert.facts(),
			Message: j.place(leaf) + " is for servers only: " + calls,
			Cause:   "nodes of a cluster and replicas are clients of each other too, and need both, or tls-client-cert-file",
		})
	}
}

// judgeLooseTrust says when the certificate and the CA certificates do not belong together.
func (j *fileJudge) judgeLooseTrust(p path) {
	if len(j.roots.List) == 0 {
		return
	}
	leaf, file := p.certs[0], j.own.pair.Cert
	if !p.anchored {
		code, message := j.trustFault(p)
		f := Finding{
			Code: code, Severity: SeverityCrit, Scope: file.scope(), Evidence: file.facts(), Message: j.place(leaf) + " " + message,
			Cause: "whoever trusts only these CA certificates refuses it", Fixes: j.trustFixes(code, p),
		}
		if !j.useServer {
			f.Severity = SeverityWarn
			f.Cause = "a server accepts it only if its tls-ca-cert-file holds another CA"
		}
		j.add(f)
		return
	}
	j.judgePartial(p, SeverityInfo)
	if !isSelfSigned(p.top()) || len(p.certs) == 1 {
		return
	}
	for _, c := range p.certs[1 : len(p.certs)-1] {
		if containsCert(j.own.certs, c) {
			continue
		}
		issuerFile, _ := j.certFile(c)
		f := Finding{
			Code: CodeMissingIntermediate, Severity: SeverityWarn, Scope: file.scope(), Evidence: file.facts(),
			Message: "the intermediate " + subject(c) + " is in " + issuerFile.name() + ", not in " + file.name(),
			Cause:   "who trusts only the root refuses the certificate; it should be sent along, behind the server's own",
			Fixes:   []Fix{j.bundle(file, "", issuerFile.Path)},
		}
		if !j.useServer {
			f.Code = CodeClientIntermediateNotSent
			f.Cause = "a server that trusts only the root refuses the client; it should be sent along, behind the client's own"
		}
		j.add(f)
		return
	}
}

// judgePartial says when what is trusted is no root.
func (j *fileJudge) judgePartial(p path, severity Severity) {
	top := p.top()
	if isSelfSigned(top) {
		return
	}
	j.add(Finding{
		Code: CodePartialChain, Severity: severity, Scope: j.certScope(top), Evidence: []Fact{{"subject", subject(top)}, {"issuer", issuer(top)}},
		Message: j.place(top) + " is no root, and that of " + issuer(top) + " is missing",
		Cause:   "OpenSSL, and so redis-server and redis-cli, refuses a chain that does not end at a root; programs in Go accept it",
		Fixes:   []Fix{j.advice("add the certificate of " + issuer(top) + " to the file of CA certificates")},
	})
}

// trustFixes say how certificate and CA certificates are brought together.
func (j *fileJudge) trustFixes(code string, p path) []Fix {
	top := p.top()
	switch code {
	case CodeSelfSignedLeaf:
		return []Fix{j.advice("add a copy of the certificate itself to the CA certificates, or have it issued by a CA")}
	case CodeMissingIntermediate:
		return []Fix{j.placeholder(j.bundle(j.own.pair.Cert, "with the certificate of "+issuer(top), "INTERMEDIATE.crt"))}
	default:
		return []Fix{j.advice("get the certificate of " + issuer(top) + " from where this certificate was made, and put it into the file of CA certificates")}
	}
}

// judgeRootsAlone judges CA certificates without anything they issued.
func (j *fileJudge) judgeRootsAlone() {
	before := len(j.findings)
	for _, root := range j.roots.List {
		j.judgeDate(root.Certificate)
	}
	if len(j.roots.List) > 0 {
		j.check("CA dates", before, "valid now")
		j.linkRoots()
	}
	if len(j.set.Own.Cert.Path) == 0 {
		j.unchecked("certificate", "no --cert")
	}
}

// makeLinks lays out the chain for the report: the path, then what else the file holds.
func (j *fileJudge) makeLinks(p path) {
	certs := p.certs
	for _, c := range j.own.certs {
		if !containsCert(certs, c) && len(certs) < maxLinks {
			certs = extend(certs, c)
		}
	}
	for i, c := range certs {
		link := Link{Cert: c, Sent: containsCert(j.own.certs, c), Left: c.NotAfter.Sub(j.now), Standing: j.standing(c)}
		if file, place := j.certFile(c); place < 0 {
			link.Origin = file.Path
		}
		link.Trusted = p.anchored && i == len(p.certs)-1
		if i == len(p.certs)-1 && !p.anchored && len(j.roots.List) > 0 && link.Standing == StandingOK {
			link.Standing = StandingUnknown
		}
		j.links = append(j.links, link)
	}
}

// linkRoots lays out CA certificates that stand alone.
func (j *fileJudge) linkRoots() {
	for _, root := range j.roots.List[:min(len(j.roots.List), maxLinks)] {
		c := root.Certificate
		j.links = append(j.links, Link{
			Cert: c, Trusted: true, Origin: root.Path, Left: c.NotAfter.Sub(j.now), Standing: j.standing(c),
		})
	}
}

// standing is what there is to say about a certificate in one word.
func (j *fileJudge) standing(c *x509.Certificate) Standing {
	switch {
	case j.now.After(c.NotAfter):
		return StandingExpired
	case j.now.Before(c.NotBefore):
		return StandingFuture
	case j.has(CodeExpiresSoon, c):
		return StandingSoon
	default:
		return StandingOK
	}
}

// has reports whether c has a finding with a code.
func (j *fileJudge) has(code string, c *x509.Certificate) bool {
	for _, f := range j.findings {
		if f.Code == code && f.Scope == j.certScope(c) {
			return true
		}
	}
	return false
}
