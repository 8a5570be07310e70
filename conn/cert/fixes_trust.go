package cert

import (
	"cmp"
	"crypto/x509"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// chainFixes are the ways to mend a fault for which the chain is refused.
func (j *judge) chainFixes(e *VerifyError) []Fix {
	switch e.Code {
	case CodeUnknownCA, CodeSelfSignedLeaf, CodeWrongRootSameName, CodeMissingIntermediate:
		return j.trustFixes(e)
	case CodeExpired:
		return j.renewal(e.Cert)
	case CodeNotYetValid:
		return append([]Fix{{
			Side: SideClient, Note: "check the clock of this computer first (timedatectl), then that of the computer where the certificate was made",
		}}, j.reissue("when the clocks are right")...)
	case CodeLeafAsCA:
		return []Fix{j.newCA("CA:TRUE and keyCertSign"), {Side: SideServer, Note: "or sign the server's certificate with the CA above it"}}
	case CodePathLen:
		return append(j.reissue("from the CA that has the limit, without a CA in between"), j.newCA("no path length"))
	case CodeNameConstraint:
		return j.reissue("for names that the CA may issue for, or from another CA")
	case CodeWrongEKU:
		return j.usageFixes(e)
	case CodeSHA1Signed:
		return j.reissue("signed with SHA-256")
	case CodeWeakRSA:
		return []Fix{j.newCA("a key of 2048 bits or more, or ECDSA P-256")}
	default:
		if e.Fix == "" {
			return nil
		}
		return []Fix{{Side: SideServer, Note: e.Fix}}
	}
}

// newCA is a CA made anew, since the old one cannot be mended; how says what it needs.
func (j *judge) newCA(how string) Fix {
	return fillIn(Fix{
		Side: SideServer, Language: LanguageShell, Command: j.program() + " cert init --nodes " + strings.Join(j.nodeNames(), ",") + " --out DIR",
		Note: "makes a CA with " + how + ", and certificates from it",
	})
}

func (j *judge) nodeNames() []string {
	if names := j.sanNames(); len(names) > 0 {
		return names[:1]
	}
	return []string{"NAME"}
}

func (j *judge) usageFixes(e *VerifyError) []Fix {
	if e.Err == errNetscapeType { //nolint:errorlint // it is our own mark, not wrapped
		return j.reissue("without nsCertType")
	}
	if e.Cert.Equal(j.chain.leaf) {
		return j.reissue("with extendedKeyUsage = serverAuth, clientAuth (nodes are clients too, on the cluster bus and as replicas)")
	}
	return append(j.reissue("from another CA"), j.newCA("no extendedKeyUsage"))
}

// trustFixes give the client what it lacks to trust the server: a file that lies near and really does it, what the server sends itself, or
// words to be replaced.
func (j *judge) trustFixes(e *VerifyError) []Fix {
	var fixes []Fix
	ca, found := j.trustedBy()
	fetch, sent := j.fetchRoot()
	switch {
	case found && (ca.cost < costOfNoRoot || !sent):
		fixes = append(fixes, j.byClient(ca.invocation(j.verifying()), ca.note()))
	case sent:
		fixes = append(fixes, fetch)
	default:
		fixes = append(fixes, fillIn(j.byClient(j.verifying().With("--cacert", "CA.crt"), "CA.crt is the certificate of "+issuer(j.chain.path.top()))))
	}
	switch e.Code {
	case CodeMissingIntermediate:
		fixes = append([]Fix{}, append(fixes, j.sendIntermediate())...)
	case CodeUnknownCA:
		if j.chain.path.top().Equal(j.chain.leaf) {
			fixes = append(fixes, j.sendIntermediate())
		}
	}
	return append(fixes, j.unverified()...)
}

// sendIntermediate has the server send what is missing.
func (j *judge) sendIntermediate() Fix {
	note := "if " + issuer(j.chain.path.top()) + " is an intermediate: the server has to send it behind its own certificate; then " +
		redisFix("CONFIG SET tls-cert-file CHAIN.crt", "").Command + ". Redis also sends what tls-ca-cert-file holds of its chain"
	certFile, _, known := j.certFiles()
	if !known {
		certFile = "SERVER.crt"
	}
	return fillIn(Fix{
		Side: SideServer, Language: LanguageShell, Command: "cat " + ShellQuote(certFile) + " INTERMEDIATE.crt > CHAIN.crt", Note: note,
	})
}

// caFile is a file with which the server would be trusted.
type caFile struct {
	path  string
	added bool // beside what is given, not in its place
	named bool // by the server, which has not proven who it is
	top   *x509.Certificate
	cost  int // the lower the better
}

// invocation is i with the file.
func (ca caFile) invocation(i Invocation) Invocation {
	if ca.added {
		return i.Adding("--cacert", ca.path)
	}
	return i.With("--cacert", ca.path)
}

func (ca caFile) note() string {
	if ca.added {
		return "it holds what is missing between the server's certificate and the CA"
	}
	if ca.named {
		return "the tls-ca-cert-file on this host, as the server says itself: it holds " + subject(ca.top)
	}
	return "the chain is valid with it: it holds " + subject(ca.top)
}

// trustedBy looks among the files nearby for the one with which the chain is valid.
func (j *judge) trustedBy() (best caFile, found bool) {
	return j.trustedIn(j.want.Roots, anyChain)
}

func anyChain(chainOf) bool { return true }

// outliving looks for a file with the successor of c, a CA certificate of the chain: one with which no CA of it expires as early.
func (j *judge) outliving(c *x509.Certificate) (best caFile, found bool) {
	return j.trustedIn(j.want.Roots, func(chain chainOf) bool {
		issuers := chain.path.certs[1:]
		return len(chain.faults) == 0 && len(issuers) > 0 && firstExpiry(issuers).After(c.NotAfter)
	})
}

// trustedIn is trustedBy among the files whose chains are wanted.
func (j *judge) trustedIn(given Roots, wanted func(chainOf) bool) (best caFile, found bool) {
	path := tracePath(j.sent, given)
	const most = 24 // files tried; only those that hold a certificate of the right name are
	tried := 0
	for _, file := range j.nearbyAuthorities() {
		if tried == most || !mentions(file.Certificates, path.certs) {
			continue
		}
		tried++
		alone := trustOnly(file.Path, file.Certificates...)
		named := file.Path == j.o.Server.Parameters["tls-ca-cert-file"]
		candidates := []caFile{{path: file.Path, named: named}}
		trials := []Roots{alone}
		if given.Pool != nil {
			both := trustOnly(file.Path, file.Certificates...)
			for _, root := range given.List {
				both.add(Bundle{Certificates: []*x509.Certificate{root.Certificate}}, root.Path)
			}
			candidates, trials = append(candidates, caFile{path: file.Path, added: true}), append(trials, both)
		}
		for i, roots := range trials {
			c := appraise(j.sent, roots, j.now)
			if !c.path.anchored || slices.ContainsFunc(c.faults, func(e *VerifyError) bool { return slices.Contains(trustCodes(), e.Code) }) ||
				!wanted(c) {
				continue
			}
			ca := candidates[i]
			ca.top, ca.cost = c.path.top(), costOf(c, file, roots)
			if !found || ca.cost < best.cost {
				best, found = ca, true
			}
		}
	}
	return best, found
}

// costOfNoRoot is added for a file with which the chain ends at no root: this program takes that, OpenSSL does not.
const costOfNoRoot = 50

// costOf is how far a file is from the best: one that makes the chain valid, ends at a root, as OpenSSL wants it, and holds nothing else.
func costOf(c chainOf, file NearbyFile, roots Roots) int {
	cost := min(len(file.Certificates), 20)
	if len(c.faults) > 0 {
		cost += 100
	}
	if top := c.path.top(); !isSelfSigned(top) && !slices.ContainsFunc(roots.List, func(r Root) bool { return top.CheckSignatureFrom(r.Certificate) == nil }) {
		cost += costOfNoRoot
	}
	if file.KeySPKI != "" {
		cost += 30
	}
	return cost
}

// nearbyAuthorities are the files nearby that hold certificates, those that the server names among them.
func (j *judge) nearbyAuthorities() []NearbyFile {
	var files []NearbyFile
	for _, file := range j.want.Nearby {
		if len(file.Certificates) > 0 {
			files = append(files, file)
		}
	}
	if path := j.o.Server.Parameters["tls-ca-cert-file"]; path != "" && len(j.o.Server.CAFile) > 0 {
		files = append(files, NearbyFile{Path: path, Certificates: j.o.Server.CAFile})
	}
	slices.SortStableFunc(files, func(a, b NearbyFile) int { return cmp.Compare(len(a.Certificates), len(b.Certificates)) })
	return files
}

// mentions reports whether one of certs is on the path, or has the name of an issuer of it.
func mentions(certs, path []*x509.Certificate) bool {
	return slices.ContainsFunc(certs, func(c *x509.Certificate) bool {
		return slices.ContainsFunc(path, func(p *x509.Certificate) bool { return p.Equal(c) || string(p.RawIssuer) == string(c.RawSubject) })
	})
}

// fetchRoot takes the root from the server that sends it itself. That proves nothing, so its fingerprint has to be compared.
func (j *judge) fetchRoot() (Fix, bool) {
	t := j.o.Target
	top := j.chain.path.top()
	if !isSelfSigned(top) || t.Network == "unix" || t.Host == "" || len(j.o.Chain) == 0 {
		return Fix{}, false
	}
	show := Invocation{Program: j.want.Invocation.Program, Command: []string{"cert", "show"}}
	if show.Program == "" {
		show.Program = "redan"
	}
	show.Command = append(show.Command, j.hostPort(), "--pem")
	if name, given := j.want.Invocation.Value("--sni"); given {
		show.Command = append(show.Command, "--sni", name)
	}
	file := j.fetchedName()
	fix := j.byClient(j.verifying().With("--cacert", file),
		"only if its owner confirms the SHA-256 fingerprint of "+subject(top)+": "+Fingerprint(top))
	fix.before = show.String() + " > " + file + " && "
	fix.Command = fix.before + fix.Command
	return fix, true
}

// hostPort is the target as redan cert takes it.
func (j *judge) hostPort() string {
	host, port := j.o.Target.Host, strconv.Itoa(j.o.Target.Port)
	if strings.Contains(host, ":") {
		host = "[" + strings.Trim(host, "[]") + "]"
	}
	return host + ":" + port
}

// fetchedName is a file that does not exist yet, as far as can be seen.
func (j *judge) fetchedName() string {
	base := strings.Map(func(r rune) rune {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789.-", r) {
			return r
		}
		return '-'
	}, strings.ToLower(j.o.Target.Host))
	base = strings.TrimLeft(base[:min(len(base), 64)], "-.")
	name := base + "-ca.pem"
	for i := 2; slices.ContainsFunc(j.want.Nearby, func(f NearbyFile) bool { return filepath.Base(f.Path) == name }); i++ {
		name = base + "-ca-" + strconv.Itoa(i) + ".pem"
	}
	return name
}

// renewal replaces a certificate that has expired, or soon will. When the renewed one lies ready, it only has to be loaded.
func (j *judge) renewal(c *x509.Certificate) []Fix {
	if c.Equal(j.chain.leaf) {
		if file := j.o.Server.CertFile; len(file) > 0 && j.terminator == "" && !file[0].Equal(c) && file[0].NotAfter.After(c.NotAfter) && !j.now.After(file[0].NotAfter) {
			return []Fix{j.load("the renewed certificate lies there already, valid until " + date(file[0].NotAfter, j.now) + "; only new connections see it")}
		}
		return j.reissue("")
	}
	if file := j.chain.origin(c); file != "" {
		var fixes []Fix
		if ca, ok := j.outliving(c); ok {
			fixes = append(fixes, j.byClient(ca.invocation(j.verifying()), ca.note()))
		}
		return append(fixes, Fix{Side: SideClient, Note: "replace " + subject(c) + " in " + printable(file) + " by its successor; ask who runs the CA"})
	}
	return []Fix{{Side: SideServer, Note: "have the server send the successor of " + subject(c) +
		": replace it in tls-cert-file or tls-ca-cert-file" + j.thenLoad()}}
}
