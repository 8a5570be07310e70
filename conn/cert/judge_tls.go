package cert

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
)

// judgeHandshake explains a handshake that failed for want of something in common.
func (j *judge) judgeHandshake() {
	o := j.o
	if o.Target.Plain || o.Stage != StageTLS && (o.Stage != StageReply || o.Alert == nil) {
		return
	}
	if o.Alert == nil {
		j.endedByUs()
		return
	}
	e := ExplainAlert(o.Alert.Number, j.alertContext())
	switch {
	case slices.Contains(clientCodes(), e.Code): // see judgeClient
	case e.Code == CodeSNIRequired:
		j.add(j.sniRequired())
	case e.Code == CodeVersion || e.Code == CodeNoCommonCipher || e.Code == CodeServerInternal:
		j.add(j.nothingInCommon(e))
	default:
		j.add(Finding{
			Code: e.Code, Severity: SeverityCrit, Scope: ScopeTarget, Message: e.Cause, Evidence: j.alertFacts(),
			Fixes: []Fix{{Side: SideServer, Note: e.Fix}},
		})
	}
}

// alertContext is what is known of the handshake that an alert ended.
func (j *judge) alertContext() AlertContext {
	auth := j.o.ClientAuth
	return AlertContext{CertificateRequested: auth.Requested, CertificateSent: auth.Sent, TLS13: j.o.Version == tls.VersionTLS13}
}

func (j *judge) alertFacts() []Fact {
	if j.o.Alert == nil {
		return nil
	}
	return []Fact{{"alert", strconv.Itoa(int(j.o.Alert.Number))}, {"alert_name", j.o.Alert.Name()}, {"when", string(j.o.Alert.When)}}
}

// endedByUs explains a handshake that this side gave up, for what it saw.
func (j *judge) endedByUs() {
	err := j.o.Err
	if refused, ok := errors.AsType[*CipherError](err); ok {
		j.add(j.cipherError(refused))
		return
	}
	_, isUntrusted := errors.AsType[*VerifyError](err) // see judgeChain
	switch {
	case err == nil, isUntrusted, j.broken(), !refusedByUs(err):
	case len(j.accepted()) > 0 && !slices.ContainsFunc(j.accepted(), j.offers):
		j.add(j.noCommonVersion())
	case len(j.sent) > 0 && oversized(j.sent): // see judgeKeys
	case len(j.sent) > 0 && unusableKey(j.sent[0]) != "":
		j.add(j.noSignature(j.sent[0]))
	case len(j.o.Unparsed) > 0: // see judgeChain
	default:
		j.add(Finding{
			Code: CodeTLS, Severity: SeverityCrit, Scope: ScopeTarget,
			Message:  "the TLS handshake failed: " + printable(strings.TrimPrefix(err.Error(), "tls: ")),
			Cause:    "the server, or something in between, does not keep the rules of TLS",
			Evidence: []Fact{{"error", errorText(err)}},
			Fixes:    []Fix{{Side: SideServer, Note: "look into the server's log; a newer version of its TLS library may mend it"}},
		})
	}
}

func oversized(certs []*x509.Certificate) bool {
	return slices.ContainsFunc(certs, func(c *x509.Certificate) bool {
		bits := rsaBits(c)
		return bits != unbounded && bits > maxRSA
	})
}

// nothingInCommon finds what client and server do not share, from what the server took when it was offered everything.
func (j *judge) nothingInCommon(e Explanation) Finding {
	hello, accepted := j.o.Hello, j.accepted()
	switch {
	case hello.Done && len(hello.Versions) == 0 && len(accepted) == 0:
		if slices.Contains(slices.Collect(maps.Values(hello.Alerts)), AlertUnrecognizedName) {
			return j.sniRequired()
		}
		return j.serverKeyMismatch()
	case len(accepted) > 0 && !slices.ContainsFunc(accepted, j.offers):
		return j.noCommonVersion()
	case len(j.sent) > 0 && unusableKey(j.sent[0]) != "":
		return j.noSignature(j.sent[0])
	case e.Code == CodeVersion:
		return j.noCommonVersion()
	case e.Code == CodeServerInternal:
		return j.serverInternal(e)
	default:
		return j.noCommonCipher()
	}
}

func (j *judge) serverKeyMismatch() Finding {
	certFile, keyFile, _ := j.certFiles()
	f := redisFix("CONFIG SET tls-cert-file "+ConfQuote(certFile)+" tls-key-file "+ConfQuote(keyFile),
		"with a pair: both files print the same public key with openssl x509 -noout -pubkey and openssl pkey -pubout")
	return Finding{
		Code: CodeServerKeyMismatch, Severity: SeverityCrit, Scope: ScopeTarget,
		Message: "the server can shake hands with nobody: its key does not fit its certificate, or is of a kind TLS cannot use",
		Cause: "it was offered every version, cipher suite and signature there is, and took none; CONFIG SET accepts an RSA certificate " +
			"beside an EC key, and says OK",
		Evidence: append(j.alertFacts(), Fact{"accepted", "nothing"}),
		Fixes:    []Fix{fillIn(f)},
	}
}

func (j *judge) serverInternal(e Explanation) Finding {
	f := Finding{
		Code: e.Code, Severity: SeverityCrit, Scope: ScopeTarget, Message: "the server failed at the TLS handshake",
		Cause: "with TLS 1.0 and 1.1 this is OpenSSL's security level, which allows no signature those versions have", Evidence: j.alertFacts(),
	}
	if _, given := j.want.Invocation.Value("--tls-max"); given {
		f.Fixes = append(f.Fixes, j.byClient(j.inv().Without("--tls-min", "--tls-max"), "TLS 1.2 and 1.3"))
	}
	f.Fixes = append(f.Fixes, redisFix(`CONFIG SET tls-protocols "TLSv1.2 TLSv1.3"`, "no older versions"),
		Fix{Side: SideServer, Note: "look into the server's log"})
	return f
}

// accepted are the TLS versions the server is known to take, oldest first.
func (j *judge) accepted() []uint16 {
	versions := slices.Clone(j.o.Hello.Versions)
	for _, t := range j.o.Trials {
		if t.OK && t.Version != 0 {
			versions = append(versions, t.Version)
		}
	}
	slices.Sort(versions)
	return slices.Compact(versions)
}

// offered are the oldest and newest version that a normal connection offers.
func (j *judge) offered() (oldest, newest uint16) {
	oldest, newest = j.want.MinVersion, j.want.MaxVersion
	if newest == 0 {
		newest = tls.VersionTLS13
	}
	if oldest == 0 {
		oldest = min(tls.VersionTLS12, newest)
	}
	return oldest, newest
}

func (j *judge) offers(version uint16) bool {
	oldest, newest := j.offered()
	return oldest <= version && version <= newest
}

func (j *judge) noCommonVersion() Finding {
	oldest, newest := j.offered()
	ours := "TLS " + VersionNumber(oldest) + " to " + VersionNumber(newest)
	if oldest == newest {
		ours = "TLS " + VersionNumber(oldest)
	}
	f := Finding{
		Code: CodeVersion, Severity: SeverityCrit, Scope: ScopeTarget,
		Message: "client and server have no TLS version in common: this side offers " + ours,
		Cause:   "one of the two is limited, or much older than the other", Evidence: append(j.alertFacts(), Fact{"offered", ours}),
	}
	accepted := j.accepted()
	if len(accepted) > 0 {
		names := make([]string, 0, len(accepted))
		for _, v := range accepted {
			names = append(names, VersionNumber(v))
		}
		theirs := strings.Join(names, ", ")
		f.Message += ", the server takes " + theirs
		f.Evidence = append(f.Evidence, Fact{"accepted", theirs})
		f.Fixes = append(f.Fixes, j.versionFix(accepted, oldest, newest))
	} else {
		if j.want.MinVersion != 0 || j.want.MaxVersion != 0 {
			f.Fixes = append(f.Fixes, j.byClient(j.inv().Without("--tls-min", "--tls-max"), "offers every version in use today"))
		}
		f.Fixes = append(f.Fixes, j.byClient(j.inv().Without("--tls-max").With("--tls-min", "1.0"), "offers every version, old ones too"))
	}
	f.Fixes = append(f.Fixes, redisFix(`CONFIG SET tls-protocols "TLSv1.2 TLSv1.3"`, "the versions that are in use today"))
	return f
}

// versionFix makes this side offer the newest version that the server takes.
func (j *judge) versionFix(accepted []uint16, oldest, newest uint16) Fix {
	best := accepted[len(accepted)-1]
	i, note := j.inv(), "then the two agree on TLS "+VersionNumber(best)
	if best > newest {
		i = i.Without("--tls-max")
	}
	if best < oldest {
		if i = i.Without("--tls-min"); best < tls.VersionTLS12 {
			i, note = i.With("--tls-min", VersionNumber(best)), note+", which is old and weak"
		}
	}
	return j.byClient(i, note)
}

func (j *judge) noSignature(leaf *x509.Certificate) Finding {
	return Finding{
		Code: CodeNoSigAlg, Severity: SeverityCrit, Scope: j.scope(leaf),
		Message:  "the server's certificate (" + subject(leaf) + ") " + unusableKey(leaf),
		Cause:    "the handshake needs a signature that both sides accept, and there is none with this certificate, verified or not",
		Evidence: append(j.alertFacts(), Fact{"key", keyText(leaf)}, Fact{"signature", leaf.SignatureAlgorithm.String()}),
		Fixes:    j.reissue("with an ECDSA P-256 or RSA 2048 key, signed with SHA-256"),
	}
}

// noCommonCipher explains client and server that share a version and no cipher suite.
func (j *judge) noCommonCipher() Finding {
	hello := j.o.Hello
	f := Finding{
		Code: CodeNoCommonCipher, Severity: SeverityCrit, Scope: ScopeTarget,
		Message: "client and server have no cipher suite in common", Evidence: j.alertFacts(),
	}
	ours, limited := j.suitesInCommon(hello)
	if taken := slices.Concat(hello.Suites13, hello.Suites); len(taken) > 0 {
		f.Evidence = append(f.Evidence, Fact{"accepted", printable(list(taken))})
	}
	const widen = "CONFIG SET tls-ciphers DEFAULT"
	switch {
	case limited && (ours || !hello.Done):
		f.Cause = "the list given with --tls-ciphers leaves out all that the server takes"
		f.Fixes = []Fix{j.byClient(j.inv().Without("--tls-ciphers"), "all suites that this program has")}
	case onlyDHE(hello.Suites):
		f.Cause = "the server takes only DHE suites, which this program's TLS library does not have (redis-cli does)"
		f.Fixes = []Fix{redisFix(widen, "ECDHE suites too, which are faster and just as good")}
	case hello.Done && len(hello.Suites) > 0 && ours:
		f.Cause = "they share a suite, but no curve or kind of signature for it"
		f.Fixes = []Fix{redisFix(widen, "all suites of the server's OpenSSL")}
	case hello.Done && len(hello.Suites13) > 0 && len(hello.Suites) == 0:
		f.Cause = "the suites of TLS 1.3 that the server takes are not among those that this program's TLS library has"
		f.Fixes = []Fix{redisFix("CONFIG SET tls-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256",
			"the three that everybody has")}
	default:
		f.Cause = "the server's tls-ciphers or tls-ciphersuites is too narrow, or its key does not fit its certificate"
		f.Fixes = []Fix{redisFix(widen, "all suites of the server's OpenSSL")}
	}
	return f
}

// suitesInCommon reports whether the server takes a suite that crypto/tls has, and whether the user's own list leaves those out.
func (j *judge) suitesInCommon(hello Hello) (ours, limited bool) {
	var allowed []uint16
	if j.want.Ciphers != "" {
		allowed, _, _ = ParseCiphers(j.want.Ciphers) // a list that cannot be used is among FileErrors
	}
	limited = len(allowed) > 0
	for _, s := range suites() {
		if !s.ours || !slices.Contains(hello.Suites, s.name) {
			continue
		}
		ours = true
		if slices.Contains(allowed, s.id) {
			limited = false
		}
	}
	return ours, limited
}

func onlyDHE(names []string) bool {
	return len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool { return !strings.HasPrefix(name, "DHE-") })
}

// wantsName reports whether a trial under another name, or without one, got further.
func (j *judge) wantsName() bool { return j.workingTrial() != nil }

func (j *judge) workingTrial() *Trial {
	var best *Trial
	for i := range j.o.Trials {
		t := &j.o.Trials[i]
		switch {
		case t.Version != 0 || !t.OK && t.Reply == "" || t.Reply != "" && !opensReply(t.Reply):
		case j.o.Stage == StageReply && t.Reply == "": // it got no further than the first
		case best == nil || opensReply(t.Reply) && best.Reply == "":
			best = t
		}
	}
	return best
}

// sniRequired explains a server, or a proxy, that chooses by the name it is asked for.
func (j *judge) sniRequired() Finding {
	f := Finding{
		Code: CodeSNIRequired, Severity: SeverityCrit, Scope: ScopeTarget,
		Message: "the server chooses by the name it is asked for (SNI), and was not asked for one it knows", Evidence: j.alertFacts(),
	}
	asked := j.o.Target.ServerName
	if asked = sniOf(asked); asked == "" {
		f.Cause = "no name was sent: one connects by address, or without --sni"
	} else {
		f.Cause = "it was asked for " + printable(asked)
		f.Evidence = append(f.Evidence, Fact{"asked_for", printable(asked)})
	}
	t := j.workingTrial()
	switch {
	case t == nil:
		f.Fixes = []Fix{j.askByName()}
	case t.ServerName == "":
		f.Fixes = []Fix{j.nameless()}
	default:
		f.Evidence = append(f.Evidence, Fact{"works_with", printable(t.ServerName)})
		i := j.inv().With("--sni", printable(t.ServerName))
		if j.nameSource(0) == "verify-name" {
			f.Fixes = []Fix{j.byClient(i, "it answers to that name")}
			break
		}
		f.Fixes = []Fix{j.byClient(i, "it answers to that name, which is then expected in its certificate too")}
	}
	return f
}

// askByName sends a name that the server may know.
func (j *judge) askByName() Fix {
	if likely := j.likelyName(sniOf(j.o.Target.ServerName)); likely != "" {
		return j.byClient(j.inv().With("--sni", likely), "the name that is expected in its certificate")
	}
	return fillIn(j.byClient(j.inv().With("--sni", "NAME"), "with the name the server is known by, often the host name of the endpoint"))
}

// likelyName is a name that the server may know: one that is expected in its certificate, and was not asked for.
func (j *judge) likelyName(asked string) string {
	for _, name := range j.want.Names {
		if sni := sniOf(name); sni != "" && sni != asked && isPlain(sni) {
			return sni
		}
	}
	return ""
}

// nameless connects without sending a name: by address, with the name still expected in the certificate.
func (j *judge) nameless() Fix {
	i := j.inv().Without("--sni")
	if host := j.o.Target.Host; net.ParseIP(host) == nil {
		if address, _, err := net.SplitHostPort(j.o.Remote); err == nil {
			i = i.With("-h", address)
		}
		if j.nameSource(0) == "dialled" && isPlain(host) {
			i = i.With("--tls-verify-name", host)
		}
	}
	return j.byClient(i, "it answers when it is asked for no name")
}
