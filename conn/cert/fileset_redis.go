package cert

import (
	"fmt"
	"slices"
	"strconv"
)

// judgeLines says which lines the server refuses to start with.
func (j *fileJudge) judgeLines() {
	before := len(j.findings)
	for _, bad := range j.set.Conf.Bad {
		f := Finding{
			Code: CodeConfLine, Severity: SeverityCrit, Scope: bad.Setting.scope(),
			Message:  fmt.Sprintf("%s %s (%s:%d)", printable(bad.Setting.Name), printable(bad.Detail), printable(bad.Setting.File), bad.Setting.Line),
			Cause:    j.refuses(),
			Evidence: []Fact{{"line", fmt.Sprintf("%s:%d", printable(bad.Setting.File), bad.Setting.Line)}},
		}
		if bad.Meant != "" {
			f.Message = fmt.Sprintf("%s %s; probably %s is meant (%s:%d)", printable(bad.Setting.Name), printable(bad.Detail), bad.Meant,
				printable(bad.Setting.File), bad.Setting.Line)
		}
		if bad.Edit != "" {
			edit := fmt.Sprintf("%d%s", bad.Setting.Line, bad.Edit)
			f.Fixes = append(f.Fixes, j.shell("sed -i "+ShellQuote(edit)+" "+ShellQuote(bad.Setting.File), ""))
		}
		f.Fixes = append(f.Fixes, j.dropLine(bad.Setting, "takes the line out"))
		j.add(f)
	}
	if j.set.Conf.Path != "" {
		j.check("lines", before, "all directives about TLS can be read")
	}
}

// speaksTLS reports whether redis-server loads any of its certificates.
func (j *fileJudge) speaksTLS() bool {
	return j.portOf("tls-port") != 0 || j.yes("tls-replication") || j.yes("tls-cluster")
}

// isNode reports whether this is a node of a cluster whose bus goes through TLS.
func (j *fileJudge) isNode() bool { return j.yes("cluster-enabled") && j.yes("tls-cluster") }

// judgeSwitch looks whether TLS is switched on. If not, nothing that is wrong with its files keeps the server from its work.
func (j *fileJudge) judgeSwitch() {
	if !j.speaksTLS() {
		j.tlsOff()
		j.ceiling = SeverityWarn
	}
}

// judgeRedis judges a redis.conf or a sentinel.conf.
func (j *fileJudge) judgeRedis() {
	j.judgeRequired()
	j.judgeParameters()
	if j.own.leaf() != nil {
		j.judgeRedisCertificate()
	}
	if j.client.leaf() != nil && j.hasClientPair() {
		j.judgeSent(j.client, "the client certificate")
		j.judgeCalling(j.client, CodeClientWrongEKU, SeverityCrit, "it is what this server shows to others: they refuse it (alert 43)")
	}
	j.ceiling = SeverityOK
	j.judgePorts()
	j.judgeCluster()
	j.judgeReplication()
	j.judgeSentinel()
	j.judgeProtected()
}

// tlsOff says that TLS is not switched on, if anything looks as if it should be.
func (j *fileJudge) tlsOff() {
	path := j.set.Conf.Path
	if !j.set.Own.Cert.Given() && !j.set.Own.Key.Given() {
		j.add(Finding{
			Code: CodeTLSOff, Severity: SeverityInfo, Scope: ScopeFilePrefix + path,
			Message: printable(path) + " does not use TLS: no tls-port, and no certificate", Cause: "all that goes over the network can be read",
		})
		return
	}
	f := Finding{
		Code: CodeTLSOff, Severity: SeverityWarn, Scope: ScopeFilePrefix + path,
		Message: "certificates are named, but no port speaks TLS: tls-port is not set",
		Cause:   "redis-server does not even open the files then; clients that speak TLS to its port wait until they give up",
		Fixes:   j.setLines("port", "0", "tls-port", j.setting("port")),
	}
	if j.portOf("port") == 0 {
		f.Fixes = j.setLines("tls-port", "6379")
	}
	j.add(f)
}

// judgeRequired says what TLS needs and is not given.
func (j *fileJudge) judgeRequired() {
	before := len(j.findings)
	own, client := j.set.Own, j.set.Client
	switch {
	case !own.Cert.Given() && !own.Key.Given() && !j.speaksTLS():
		return
	case !own.Cert.Given():
		j.required(CodeCertMissing, "tls-cert-file", "SERVER.crt", `the log says "No tls-cert-file configured!"`)
	}
	if !own.Key.Given() {
		j.required(CodeKeyMissing, "tls-key-file", "SERVER.key", `the log says "No tls-key-file configured!"`)
	}
	if client.Cert.Given() != client.Key.Given() {
		given, missing := client.Cert.Setting, "tls-client-key-file"
		if !client.Cert.Given() {
			given, missing = client.Key.Setting, "tls-client-cert-file"
		}
		j.add(Finding{
			Code: CodeHalfIgnored, Severity: SeverityWarn, Scope: given.scope(),
			Message: given.Name + " is given without " + missing + given.at(),
			Cause:   "one without the other is passed over: this server shows its own certificate to others",
			Fixes:   []Fix{j.placeholder(j.setInFile(missing, "CLIENT"))},
		})
	}
	if j.verifies() && len(j.set.CAs)+len(j.set.CADirs) == 0 {
		f := Finding{
			Code: CodeNoCA, Severity: SeverityCrit, Scope: j.set.Conf.Settings["tls-auth-clients"].scopeOr(j.set.Conf.Path),
			Message: "clients must show a certificate (" + j.why("tls-auth-clients") + "), and there is no tls-ca-cert-file to verify it with",
			Cause:   `the log says "Either tls-ca-cert-file or tls-ca-cert-dir must be specified": ` + j.refuses(),
			Fixes:   []Fix{j.placeholder(j.setInFile("tls-ca-cert-file", "CA.crt"))},
		}
		switch {
		case j.yes("tls-cluster"), j.yes("tls-replication"):
			f.Message = "other servers are verified (tls-cluster or tls-replication yes), and there is no tls-ca-cert-file to do it with"
		default:
			f.Fixes = append(f.Fixes, j.setInFile("tls-auth-clients", "no"))
			f.Fixes[1].Note = "lets clients in without a certificate"
		}
		j.add(f)
	}
	if dh := j.set.Conf.DH; dh.Given() && dh.Err != nil {
		j.unreadable(dh, RoleKey)
	}
	j.check("needed", before, "certificate, key and CA certificates are given")
}

// scopeOr is the scope of the line of a setting, or for a default that of the file.
func (s Setting) scopeOr(path string) string {
	if s.Line == 0 {
		return ScopeFilePrefix + path
	}
	return s.scope()
}

// why is a setting as a reason: "tls-auth-clients yes, which is the default".
func (j *fileJudge) why(name string) string {
	setting := j.set.Conf.Settings[name]
	text := name + " " + printable(setting.Value)
	if setting.Line == 0 {
		text += ", which is the default"
	}
	return text
}

func (j *fileJudge) required(code, name, example, log string) {
	j.add(Finding{
		Code: code, Severity: SeverityCrit, Scope: ScopeFilePrefix + j.set.Conf.Path,
		Message: name + " is missing, and TLS is switched on", Cause: log + ": " + j.refuses(),
		Fixes: []Fix{j.placeholder(j.setInFile(name, example))},
	})
}

// judgePorts looks at which ports are opened, and for what.
func (j *fileJudge) judgePorts() {
	before := len(j.findings)
	plain, tlsPort := j.portOf("port"), j.portOf("tls-port")
	setting := j.set.Conf.Settings["tls-port"]
	switch {
	case plain == tlsPort && plain != 0:
		j.add(Finding{
			Code: CodePortClash, Severity: SeverityCrit, Scope: setting.scope(),
			Message: fmt.Sprintf("port and tls-port are both %d (%s)", plain, j.why("port")),
			Cause:   `one port cannot speak both: the log says "Failed listening on port (TLS), aborting"`,
			Fixes:   []Fix{j.setInFile("port", "0")},
		})
	case plain == 0 && tlsPort == 0 && j.setting("unixsocket") == "":
		j.add(Finding{
			Code: CodeNoPort, Severity: SeverityCrit, Scope: j.set.Conf.Settings["port"].scopeOr(j.set.Conf.Path),
			Message: "port is 0 and tls-port is not set: there is nothing to connect to",
			Cause:   `the log says "Configured to not listen anywhere, exiting"`,
			Fixes:   []Fix{j.setInFile("tls-port", "6379")},
		})
	case plain != 0 && tlsPort != 0:
		j.add(Finding{
			Code: CodePlainPort, Severity: SeverityInfo, Scope: j.set.Conf.Settings["port"].scopeOr(j.set.Conf.Path),
			Message: fmt.Sprintf("port %d, without TLS, is open beside tls-port %d (%s)", plain, tlsPort, j.why("port")),
			Cause:   "whoever connects there sends and gets everything in clear; clients that speak TLS to it wait until they give up",
			Fixes:   j.setLines("port", "0"),
		})
	}
	j.judgeBusPort()
	j.check("ports", before, "each has a number of its own")
}

// judgeBusPort looks for room for the port of the cluster bus.
func (j *fileJudge) judgeBusPort() {
	base := j.portOf("port")
	if j.yes("tls-cluster") {
		base = j.portOf("tls-port")
	}
	const distance, most = 10000, 65535
	if j.set.Reader != ReaderRedis || !j.yes("cluster-enabled") || j.portOf("cluster-port") != 0 || base+distance <= most {
		return
	}
	j.add(Finding{
		Code: CodePortClash, Severity: SeverityCrit, Scope: j.set.Conf.Settings["cluster-enabled"].scope(),
		Message: fmt.Sprintf("the cluster bus needs port %d + %d, which is more than %d", base, distance, most),
		Cause:   `the log says "Redis port number too high"`,
		Fixes:   []Fix{j.setInFile("cluster-port", strconv.Itoa(base-distance))},
	})
}

// judgeRedisCertificate judges the certificate of the server.
func (j *fileJudge) judgeRedisCertificate() {
	whole := j.judgeSent(j.own, "the server's certificate")
	j.judgeServing()
	j.judgeHosts()
	j.judgeAnnounced()
	before := len(j.findings)
	j.judgeRedisTrust(whole)
	if len(j.roots.List) > 0 {
		j.check("trust", before, "leads to "+subject(whole.top()))
	} else {
		j.unchecked("trust", "no CA certificates")
	}
	j.makeLinks(whole)
}

// judgeRedisTrust compares the certificate with the CA certificates, which are there for clients and other servers.
func (j *fileJudge) judgeRedisTrust(p path) {
	if j.verifies() {
		j.judgeClientRoots()
	}
	file, leaf := j.own.pair.Cert, p.certs[0]
	if len(j.roots.List) == 0 || p.anchored {
		j.judgeAutoChain(p)
		return
	}
	code, message := j.trustFault(p)
	f := Finding{
		Code: code, Severity: SeverityInfo, Scope: file.scope(), Evidence: file.facts(), Message: j.place(leaf) + " " + message,
		Cause: "that is fine when clients get their certificates from another CA than the server; tls-ca-cert-file is for clients' certificates",
		Fixes: j.trustFixes(code, p),
	}
	switch {
	case code == CodeMissingIntermediate && len(j.own.certs) == 1:
		f.Severity = SeverityCrit
		f.Cause = "clients that know only the root cannot follow it: the server should send the intermediate along"
	case code == CodeLeafAsCA, code == CodeSHA1Signed:
		f.Severity, f.Cause = SeverityCrit, "everybody who verifies refuses it"
	case code == CodeWrongRootSameName:
		f.Severity = SeverityWarn
		f.Cause = "two CAs of one name are most often one that was made twice; who trusts the one refuses the other"
	}
	switch {
	case j.isNode():
		f.Severity, f.Code = SeverityCrit, CodeBusWrongRoot
		f.Cause = "nodes with this configuration refuse each other; links that stand hold until the next restart, and the log says nothing at notice"
	case j.yes("tls-replication"):
		f.Severity, f.Code = max(f.Severity, SeverityWarn), CodeBusWrongRoot
		f.Cause = "a replica with this configuration refuses a master with this certificate (certificate verify failed)"
	}
	j.add(f)
}

// judgeClientRoots says when tls-ca-cert-file holds no root: redis-server then trusts nobody.
func (j *fileJudge) judgeClientRoots() {
	if len(j.roots.List) == 0 || slices.ContainsFunc(j.roots.List, func(r Root) bool { return isSelfSigned(r.Certificate) }) {
		return
	}
	first := j.roots.List[0].Certificate
	j.add(Finding{
		Code: CodePartialChain, Severity: SeverityCrit, Scope: j.certScope(first), Evidence: []Fact{{"subject", subject(first)}},
		Message: "the CA certificates hold no root, only " + subject(first) + ", which " + issuer(first) + " issued",
		Cause:   "redis-server accepts no chain that does not end at a root, so no client's certificate at all",
		Fixes:   []Fix{j.advice("add the certificate of " + issuer(first) + " to " + j.rootFile())},
	})
}

func (j *fileJudge) rootFile() string {
	if len(j.set.CAs) > 0 {
		return j.set.CAs[0].name()
	}
	return "the directory of CA certificates"
}

// judgeAutoChain says what redis-server sends beside its certificate's file: with one certificate in it, the issuers that it finds among the CA
// certificates; with several, just those.
func (j *fileJudge) judgeAutoChain(p path) {
	if len(p.certs) < 3 || !isSelfSigned(p.top()) {
		return
	}
	file := j.own.pair.Cert
	for _, c := range p.certs[1 : len(p.certs)-1] {
		if containsCert(j.own.certs, c) {
			continue
		}
		from, _ := j.certFile(c)
		f := Finding{
			Code: CodeMissingIntermediate, Severity: SeverityInfo, Scope: file.scope(), Evidence: file.facts(),
			Message: "the intermediate " + subject(c) + " is sent only because it is in " + from.name(),
			Cause:   "taking it out there would break clients that know only the root; its place is behind the server's certificate",
			Fixes:   []Fix{j.bundle(file, "", from.Path)},
		}
		if len(j.own.certs) > 1 {
			f.Severity = SeverityCrit
			f.Message = "the intermediate " + subject(c) + " is missing in " + file.name() + file.Setting.at()
			f.Cause = "with more than one certificate in that file, redis-server adds none of " + from.name() + "; clients that know only the root refuse"
		}
		j.add(f)
		return
	}
}
