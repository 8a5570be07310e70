package cert

import (
	"crypto/x509"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// loadRoots reads the CA certificates as the reader of the files will.
func (j *fileJudge) loadRoots() {
	for _, file := range j.set.CAs {
		if file.Err != nil {
			j.unreadable(file, RoleCA)
			continue
		}
		j.judgeDenied(file)
		bundle, err := LoadCertificates(file.Path, file.Data, nil)
		if err != nil {
			j.add(j.fileFault(file, err))
			continue
		}
		strict, ok := j.strictCerts(file, RoleCA)
		if !ok && j.set.Reader != ReaderAny {
			continue
		}
		if ok {
			bundle.Certificates = strict
		}
		j.judgeBundle(file, bundle.Certificates)
		j.roots.add(bundle, file.Path)
	}
	for _, dir := range j.set.CADirs {
		j.loadRootDir(dir)
	}
}

// judgeBundle looks for what does not belong into a file of CA certificates.
func (j *fileJudge) judgeBundle(file LocalFile, certs []*x509.Certificate) {
	if strings.Contains(string(file.Data), "PRIVATE KEY-----") {
		j.add(Finding{
			Code: CodeCAMixed, Severity: SeverityWarn, Scope: file.scope(), Evidence: file.facts(),
			Message: file.name() + " holds a private key beside the certificates" + file.Setting.at(),
			Cause:   "such files are handed to every client, and nobody but the CA should have its key",
			Fixes:   []Fix{j.shell("openssl x509 -in "+ShellQuote(file.Path)+" -out "+ShellQuote(file.Path+".new"), "keeps only the first certificate")},
		})
	}
	j.judgeTwice(file, certs)
}

// judgeTwice mentions certificates that stand twice in a file.
func (j *fileJudge) judgeTwice(file LocalFile, certs []*x509.Certificate) {
	for i, c := range certs {
		if slices.IndexFunc(certs, c.Equal) < i {
			j.add(Finding{
				Code: CodeDuplicate, Severity: SeverityInfo, Scope: file.scope(), Evidence: file.facts(),
				Message: subject(c) + " stands more than once in " + file.name(),
				Cause:   "it does no harm but for some bytes in every handshake",
			})
			return
		}
	}
}

// loadRootDir reads a directory of CA certificates. OpenSSL opens only files whose name is a hash of the subject.
func (j *fileJudge) loadRootDir(dir LocalDir) {
	if dir.Err != nil {
		cause := "redis-server starts with it all the same, and then trusts nobody"
		if j.set.Reader == ReaderStunnel {
			cause = j.refuses()
		}
		j.add(Finding{
			Code: CodeFileMissing, Severity: j.distrust(), Scope: ScopeFilePrefix + dir.Path,
			Message: printable(dir.Path) + " is no directory that can be read (" + reason(dir.Err) + ")" + dir.Setting.at(),
			Cause:   cause, Fixes: []Fix{j.advice("check the path")},
		})
		return
	}
	hashed := regexp.MustCompile(`[/\\][0-9a-f]{8}\.[0-9]+$`)
	found := 0
	for _, file := range dir.Files {
		bundle, err := LoadCertificates(file.Path, file.Data, nil)
		if err != nil {
			continue
		}
		if hashed.MatchString(file.Path) || j.set.Reader == ReaderAny {
			j.roots.add(bundle, file.Path)
		}
		if found++; hashed.MatchString(file.Path) {
			found = -len(dir.Files)
		}
	}
	switch {
	case found > 0:
		f := Finding{
			Code: CodeCADirNames, Severity: SeverityCrit, Scope: ScopeFilePrefix + dir.Path,
			Message: printable(dir.Path) + " holds CA certificates under names that OpenSSL does not look for" + dir.Setting.at(),
			Cause:   "it opens only files named after a hash of the subject, such as 331f85be.0; the server starts and then trusts nobody",
			Fixes:   []Fix{j.shell("openssl rehash "+ShellQuote(dir.Path), "makes links with those names")},
		}
		f.Severity = j.distrust()
		if j.set.Reader == ReaderAny {
			f.Severity = SeverityInfo
		}
		j.add(f)
	case found == 0:
		j.add(Finding{
			Code: CodeDirEmpty, Severity: j.distrust(), Scope: ScopeFilePrefix + dir.Path,
			Message: printable(dir.Path) + " holds no certificate" + dir.Setting.at(), Cause: "so it trusts nobody",
			Fixes: []Fix{j.advice("put the CA certificates there")},
		})
	}
}

// distrust is how bad it is that a directory holds no certificate that is found: nobody is trusted then, unless a file adds somebody.
func (j *fileJudge) distrust() Severity {
	if len(j.set.CAs) > 0 || j.set.Reader == ReaderAny || !j.verifies() {
		return SeverityWarn
	}
	return SeverityCrit
}

// verifies reports whether the reader verifies its peers.
func (j *fileJudge) verifies() bool {
	switch j.set.Reader {
	case ReaderRedis, ReaderSentinel:
		return !equalFoldASCII(j.setting("tls-auth-clients"), "no") || j.yes("tls-cluster") || j.yes("tls-replication")
	case ReaderStunnel:
		return j.stunnelVerifies() != ""
	default:
		return true
	}
}

// judgeSent looks at the chain that a pair would send, and follows it to what is trusted. what names the certificate in sentences.
func (j *fileJudge) judgeSent(pair loadedPair, what string) path {
	file := pair.pair.Cert
	sent := tracePath(pair.certs, Roots{})
	j.judgeTwice(file, pair.certs)
	j.judgeSentShape(pair, sent)
	whole := j.extend(sent)
	before := len(j.findings)
	j.judgeIssuers(whole, what)
	j.judgeStrength(pair, whole)
	j.check("strength", before, "keys and signatures are strong enough for OpenSSL's level 2")
	before = len(j.findings)
	j.judgeDates(pair, whole)
	j.check("dates", before, "valid now")
	return whole
}

// extend follows a path through the CA certificates up to one that is signed by itself.
func (j *fileJudge) extend(p path) path {
	for range j.roots.List {
		if isSelfSigned(p.top()) {
			break
		}
		t := tracer{roots: j.roots, checks: 20}
		next := slices.IndexFunc(j.roots.List, func(r Root) bool {
			return !containsCert(p.certs, r.Certificate) && t.issued(r.Certificate, p.top(), &p)
		})
		if next < 0 {
			break
		}
		p.certs = extend(p.certs, j.roots.List[next].Certificate)
	}
	p.anchored = j.roots.contains(p.top())
	return p
}

// judgeSentShape looks at the order of a chain, and what is in it without need.
func (j *fileJudge) judgeSentShape(pair loadedPair, sent path) {
	file, last := pair.pair.Cert, 0
	for _, c := range sent.certs[1:] {
		place := slices.IndexFunc(pair.certs, c.Equal)
		if place < last {
			j.add(Finding{
				Code: CodeChainUnordered, Severity: SeverityWarn, Scope: file.scope(), Evidence: file.facts(),
				Message: file.name() + " has the certificates behind the first one in the wrong order" + file.Setting.at(),
				Cause:   "each should be followed by the one that issued it; most clients sort them, strict ones refuse",
				Fixes:   []Fix{j.bundle(file, "")},
			})
			break
		}
		last = place
	}
	for _, c := range pair.certs[1:] {
		switch {
		case containsCert(sent.certs, c) && isSelfSigned(c):
			j.add(Finding{
				Code: CodeChainWithRoot, Severity: SeverityInfo, Scope: file.scope(), Evidence: file.facts(),
				Message: file.name() + " holds the root certificate too: " + subject(c),
				Cause:   "clients have to know it anyway; it does no harm",
			})
		case !containsCert(sent.certs, c) && !issuesOne(c, pair.certs):
			j.add(Finding{
				Code: CodeChainExtra, Severity: SeverityInfo, Scope: file.scope(), Evidence: file.facts(),
				Message: file.name() + " holds a certificate that is no issuer of the first one: " + subject(c),
				Cause:   "it is sent in every handshake, for nothing",
			})
		}
	}
}

// judgeIssuers looks for issuers that may not issue, or not at this depth.
func (j *fileJudge) judgeIssuers(p path, what string) {
	for depth, c := range p.certs[1:] {
		f := Finding{Severity: SeverityCrit, Scope: j.certScope(c), Evidence: []Fact{{"subject", subject(c)}}}
		switch {
		case c.BasicConstraintsValid && !c.IsCA, !c.BasicConstraintsValid && c.Version >= 3 && !isSelfSigned(c):
			f.Code = CodeLeafAsCA
			f.Message = j.place(c) + " issued another, but it is no CA certificate"
			f.Cause = "every client that verifies refuses what it issued"
			f.Fixes = []Fix{j.advice("issue it anew with basicConstraints = CA:TRUE and keyUsage = keyCertSign, or sign with the CA above it")}
		case c.BasicConstraintsValid && (c.MaxPathLen > 0 || c.MaxPathLenZero) && depth > c.MaxPathLen:
			f.Code = CodePathLen
			f.Message = fmt.Sprintf("%s allows %d CA certificates below it (pathlen), and there are %d", j.place(c), c.MaxPathLen, depth)
			f.Cause = "every client that verifies refuses " + what
			f.Fixes = []Fix{j.advice("issue " + what + " from a CA higher up, or that CA anew without pathlen")}
		default:
			continue
		}
		j.add(f)
	}
	if leaf := p.certs[0]; isSelfIssued(leaf) && !isSelfSigned(leaf) {
		j.add(Finding{
			Code: CodeSameDNCA, Severity: SeverityCrit, Scope: j.certScope(leaf), Evidence: []Fact{{"subject", subject(leaf)}},
			Message: what + " and its CA have the same name: " + subject(leaf),
			Cause:   "OpenSSL takes such a certificate for one signed by itself and refuses it, and so does redis-cli",
			Fixes:   []Fix{j.advice("issue it anew with another subject than the CA's")},
		})
	}
}

// trustFault explains a path that ends at none of the CA certificates.
func (j *fileJudge) trustFault(p path) (code, message string) {
	top, leaf := p.top(), p.certs[0]
	var weak x509.InsecureAlgorithmError
	var noCA x509.ConstraintViolationError
	names := chainOf{leaf: leaf, path: p, roots: j.roots, now: j.now}
	switch {
	case top.Equal(leaf) && isSelfSigned(top):
		return CodeSelfSignedLeaf, "is signed by itself, and is not among the CA certificates (" + names.trusted() + ")"
	case p.rejected != nil && errors.As(p.why, &weak):
		return CodeSHA1Signed, "has a signature that can be forged (" + top.SignatureAlgorithm.String() + ")"
	case p.rejected != nil && errors.As(p.why, &noCA):
		return CodeLeafAsCA, "was issued by " + issuer(top) + ", which is no CA certificate"
	case p.rejected != nil && names.origin(p.rejected) != "":
		return CodeWrongRootSameName, "was issued by a CA named " + issuer(top) + ", but not by the one of that name in " +
			printable(names.origin(p.rejected)) + ": same name, another key"
	case names.lacksIntermediate(top):
		return CodeMissingIntermediate, "was issued by " + issuer(top) + ", probably an intermediate, which is in none of the files"
	default:
		return CodeUnknownCA, "comes from " + issuer(top) + ", and the CA certificates are others: " + names.trusted()
	}
}

// certFile returns the file a certificate was found in.
func (j *fileJudge) certFile(c *x509.Certificate) (LocalFile, int) {
	for _, pair := range []loadedPair{j.own, j.client} {
		if i := slices.IndexFunc(pair.certs, c.Equal); i >= 0 {
			return pair.pair.Cert, i
		}
	}
	for _, root := range j.roots.List {
		if !root.Certificate.Equal(c) {
			continue
		}
		for _, file := range j.set.CAs {
			if file.Path == root.Path {
				return file, -1
			}
		}
		return LocalFile{Path: root.Path}, -1
	}
	return LocalFile{}, -1
}

func (j *fileJudge) certScope(c *x509.Certificate) string {
	if file, _ := j.certFile(c); file.Given() {
		return file.scope()
	}
	return ScopeTarget
}

// place names a certificate by where it stands: "the certificate in server.crt (CN=...)".
func (j *fileJudge) place(c *x509.Certificate) string {
	file, i := j.certFile(c)
	switch {
	case i == 0:
		return "the certificate in " + file.name() + " (" + subject(c) + ")"
	case i > 0:
		return fmt.Sprintf("certificate %d in %s (%s)", i+1, file.name(), subject(c))
	case file.Given():
		return "the CA certificate " + subject(c) + " in " + file.name()
	default:
		return "the certificate " + subject(c)
	}
}
