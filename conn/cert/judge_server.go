package cert

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
)

// judgeServer looks at what the server said as a Redis: whether it lets this client in, whether it is ready, and whether it serves the
// certificate that it is told to.
func (j *judge) judgeServer() {
	if j.o.Stage != StageDone {
		return
	}
	j.judgeReply()
	j.judgeLogin()
	j.judgeRights()
	j.judgeTerminator()
	j.judgeServedFile()
}

// tlsIsFine ends the cause of what is no matter of TLS.
func (j *judge) tlsIsFine() string {
	if j.o.Target.Plain {
		return ""
	}
	return "; this is no matter of TLS, which works"
}

func (j *judge) judgeReply() {
	reply := j.o.LastReply()
	if limit, ok := j.limitFinding(reply); ok {
		j.add(limit)
		return
	}
	f := Finding{Scope: ScopeTarget, Severity: SeverityWarn, Evidence: []Fact{{"reply", printable(firstLineOf(reply))}}}
	word, _, _ := strings.Cut(strings.TrimPrefix(reply, "-"), " ")
	switch {
	case !strings.HasPrefix(reply, "-"):
		return
	case word == "NOAUTH":
		if j.want.HasPassword {
			return // PING went out before the password
		}
		f.Code, f.Severity = CodeAuthRequired, SeverityCrit
		f.Message = "the server wants a password, and none was given"
		f.Cause = "requirepass or an ACL is set" + j.tlsIsFine()
		f.Fixes = []Fix{
			j.byClient(j.inv().WithSwitch("--askpass"), "asks for it; or put it into REDISCLI_AUTH"),
			fillIn(j.byClient(j.inv().With("--user", "NAME").WithSwitch("--askpass"), "with an ACL user")),
		}
	case word == "NOPERM":
		if j.want.HasPassword && j.o.Server.Reply == "" && j.o.Server.Info != AccessUnasked {
			return // PING went out before the password
		}
		f.Code, f.Severity = CodeNoPermission, SeverityCrit
		f.Message = "the user " + j.user() + " may not even PING"
		f.Cause = "its ACL forbids it" + j.tlsIsFine()
		f.Fixes = []Fix{redisFix("ACL SETUSER "+ConfQuote(j.user())+" +ping", "lets it")}
	case word == "LOADING" || word == "MASTERDOWN" || word == "BUSY" || word == "CLUSTERDOWN":
		f.Code = CodeBusy
		f.Message = "the server is not ready: " + printable(firstLineOf(reply[1:]))
		f.Cause = map[string]string{
			"LOADING": "it reads its data from disk", "MASTERDOWN": "it is a replica without its master", "BUSY": "it runs a long script",
			"CLUSTERDOWN": "its cluster is incomplete",
		}[word] + j.tlsIsFine()
		f.Fixes = []Fix{{Side: SideServer, Note: "wait, or look into its log and INFO"}}
	default:
		f.Code = CodeNotRedis
		f.Message = "PING is answered with an error: " + printable(firstLineOf(reply[1:]))
		f.Cause = "it speaks Redis' protocol, but is no usual Redis" + j.tlsIsFine()
	}
	j.add(f)
}

func (j *judge) user() string {
	if j.want.User == "" {
		return "default"
	}
	return j.want.User
}

// judgeLogin looks at the answer to AUTH.
func (j *judge) judgeLogin() {
	refused := j.o.Server.AuthRefused
	if refused == "" {
		return
	}
	f := Finding{
		Code: CodeWrongPassword, Severity: SeverityCrit, Scope: ScopeTarget,
		Message: "the server refuses the password", Cause: "it is wrong, or the user " + printable(j.user()) + " is disabled or unknown" + j.tlsIsFine(),
		Evidence: []Fact{{"reply", printable(firstLineOf(refused))}},
	}
	switch {
	case strings.Contains(refused, "without any password configured"), strings.Contains(refused, "no password is set"):
		f.Severity = SeverityWarn
		f.Message = "a password was given, and the server has none"
		f.Cause = "perhaps it is another server than the one you mean" + j.tlsIsFine()
		f.Fixes = []Fix{j.byClient(j.inv().Without("--askpass", "--user", "-a", "--pass"), "without the password")}
	case strings.Contains(refused, "wrong number of arguments"):
		f.Message = "the server knows no users"
		f.Cause = "users came with Redis 6; before, there is only the password" + j.tlsIsFine()
		f.Fixes = []Fix{j.byClient(j.inv().Without("--user"), "the password alone")}
	default:
		f.Fixes = []Fix{
			j.byClient(j.inv().WithSwitch("--askpass"), "asks for it anew; REDISCLI_AUTH or the URI may hold an old one"),
			{Side: SideServer, Note: "ACL LIST shows the users, and who of them is on; passwords show as hashes"},
		}
	}
	j.add(f)
}

// judgeRights mentions what could not be looked at, for want of rights. That is no fault.
func (j *judge) judgeRights() {
	s := j.o.Server
	if s.AuthRefused != "" || s.AuthWithheld || j.has(SeverityWarn, CodeAuthRequired, CodeNoPermission) {
		return
	}
	var denied, rights []string
	if s.Config == AccessDenied {
		denied, rights = append(denied, "its settings (CONFIG GET)"), append(rights, "+config|get")
	}
	if s.Info == AccessDenied {
		denied, rights = append(denied, "its state (INFO)"), append(rights, "+info")
	}
	if len(denied) == 0 {
		return
	}
	j.add(Finding{
		Code: CodeNoPermission, Severity: SeverityInfo, Scope: ScopeTarget,
		Message: "the user " + printable(j.user()) + " may not read " + strings.Join(denied, " and "),
		Cause:   "so the certificate file and tls-auth-clients were not compared with what was seen; that is no fault",
		Fixes: []Fix{redisFix("ACL SETUSER "+ConfQuote(j.user())+" "+strings.Join(rights, " "),
			"if it is to; CONFIG GET shows passwords too, so give it to no application")},
	})
}

// judgeServedFile finds a certificate that was renewed on disk and not loaded.
func (j *judge) judgeServedFile() {
	s := j.o.Server
	if len(s.CertFile) == 0 || len(j.sent) == 0 || s.CertFile[0].Equal(j.sent[0]) || j.terminator != "" {
		return
	}
	file, served := s.CertFile[0], j.sent[0]
	f := Finding{
		Code: CodeStaleCert, Severity: SeverityWarn, Scope: j.scope(served),
		Message: fmt.Sprintf("the server still serves another certificate (SHA-256 %s) than its file holds (%s, valid until %s)",
			shortFingerprint(served), shortFingerprint(file), date(file.NotAfter, j.now)),
		Cause: "Redis reads its certificate when it starts, and at CONFIG SET; a renewed file waits until then",
		Evidence: []Fact{
			{"file", printable(s.Parameters["tls-cert-file"])},
			{"file_sha256", Fingerprint(file)},
			{"served_sha256", Fingerprint(served)},
			{"file_not_after", utc(file.NotAfter)},
			{"served_not_after", utc(served.NotAfter)},
		},
	}
	if problem := j.problemOf(file); problem != "" {
		f.Message = fmt.Sprintf("the certificate file of the server holds another certificate (SHA-256 %s) than it serves (%s), and that one %s",
			shortFingerprint(file), shortFingerprint(served), problem)
		f.Cause = "the next restart, or CONFIG SET, will bring it"
		f.Fixes = j.reissue("")
	} else {
		f.Fixes = []Fix{j.load("reads both files anew; only new connections see it")}
		j.leadWithLoad()
	}
	j.add(f)
}

// leadWithLoad has the server load the certificate that lies ready, where that mends what is wrong with the one it serves.
func (j *judge) leadWithLoad() {
	s := j.o.Server
	ready := appraise(slices.Concat(s.CertFile, s.CAFile), j.roots(), j.now) // Redis sends what tls-ca-cert-file holds of the chain too
	named := matchesAny(s.CertFile[0], j.want.Names) || j.localName(s.CertFile[0]) != ""
	ofChain := slices.Concat(trustCodes(), dateCodes(), usageCodes())
	load := j.load("the certificate in that file mends it, and only has to be loaded; only new connections see it")
	for i, f := range j.findings {
		mended := slices.Contains(ofChain, f.Code) && len(ready.faults) == 0 || slices.Contains(nameCodes(), f.Code) && named
		if f.Severity >= SeverityWarn && mended && (len(f.Fixes) == 0 || f.Fixes[0].Command != load.Command) {
			j.findings[i].Fixes = append([]Fix{load}, f.Fixes...)
		}
	}
}

// shortFingerprint is enough of the SHA-256 of a certificate to tell two apart.
func shortFingerprint(c *x509.Certificate) string {
	const length = 4
	return hexPairs(sum256(c.Raw)[:length]) + "..."
}

// problemOf says what would be wrong with a certificate that is not served yet.
func (j *judge) problemOf(c *x509.Certificate) string {
	switch {
	case j.now.After(c.NotAfter):
		return "expired " + span(j.now.Sub(c.NotAfter)) + " ago"
	case j.now.Before(c.NotBefore):
		return "is valid only in " + span(c.NotBefore.Sub(j.now))
	case j.names.Match != "" && !matchesAny(c, []string{j.names.Match}):
		return "is not for " + j.names.Match
	default:
		return ""
	}
}
