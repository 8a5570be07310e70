package cert

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"time"
)

// checks lists what was looked at, and how it ended. It comes last: the findings decide.
func (j *judge) checks() []Check {
	checks := []Check{
		j.check("reach", j.o.Stage != "", "not tried", j.reachNote(), CodeDNS, CodeRefused, CodeUnreachable, CodeNoSocket),
	}
	if !j.o.Target.Plain {
		checks = append(checks, j.tlsChecks()...)
	}
	checks = append(checks, j.redisChecks()...)
	if !j.o.Target.Plain {
		checks = append(checks, Check{Name: "revocation", State: CheckUnchecked, Note: "neither Redis nor this program asks for it"})
	}
	return checks
}

// check is one line of the list: failed when one of the codes was found, unchecked when it was not looked at.
func (j *judge) check(name string, looked bool, why, seen string, codes ...string) Check {
	switch {
	case j.has(SeverityWarn, codes...):
		return Check{Name: name, State: CheckFailed, Note: j.firstMessage(codes)}
	case !looked:
		return Check{Name: name, State: CheckUnchecked, Note: why}
	default:
		return Check{Name: name, State: CheckPassed, Note: seen}
	}
}

func (j *judge) firstMessage(codes []string) string {
	for _, f := range j.findings {
		if f.Severity >= SeverityWarn && slices.Contains(codes, f.Code) {
			return f.Message
		}
	}
	return ""
}

func (j *judge) reachNote() string {
	if j.o.Remote == "" {
		return "connected"
	}
	return "connected to " + printable(j.o.Remote)
}

// tlsChecks are those of the handshake and the certificates.
func (j *judge) tlsChecks() []Check {
	shook := j.o.Version != 0
	sent := len(j.sent) > 0
	const none = "no certificate was seen"
	trustWhy := none
	if sent && j.want.RootsMissing {
		trustWhy = "the CA certificates given cannot be read"
	}
	protocol := []string{
		CodeTLSToPlain, CodeNotRedis, CodeProtectedMode, CodeMaxClients, CodeStall, CodeCloseAtOnce, CodeVersion, CodeNoCommonCipher, CodeNoSigAlg,
		CodeServerKeyMismatch, CodeSNIRequired, CodeALPNRequired, CodeServerInternal, CodeAlert, CodeTLS, CodeCiphers,
	}
	const most = 10
	checks := append(make([]Check, 0, most),
		j.check("tls", shook, "no handshake was made", j.tlsNote(), protocol...),
		j.check("trust", sent && !j.want.RootsMissing, trustWhy, j.trustNote(), append(trustCodes(), CodeNoCertificate, CodeBadCertificate)...),
		j.check("dates", sent, none, j.datesNote(), append(dateCodes(), CodeExpiresSoon, CodeIssuerFirst)...),
		j.namesCheck(sent, none),
		j.check("usage", sent, none, "the certificates may be used by a server", usageCodes()...),
		j.check("keys", sent, none, j.keysNote(), CodeWeakRSA, CodeOversizedRSA, CodeNoSigAlg),
		j.check("signatures", sent, none, "none is made with MD5 or SHA-1", CodeSHA1Signed),
		j.check("order", sent, none, j.orderNote(), CodeChainUnordered),
	)
	auth := j.clientAuthMode()
	return append(checks, j.check("client certificate", auth != "unknown", "the server did not come to it", j.clientNote(auth),
		append(clientCodes(), CodeClientExpiresSoon)...))
}

func (j *judge) namesCheck(sent bool, none string) Check {
	if !sent || j.names.Match != "" {
		return j.check("names", sent, none, "made out to "+j.names.Match, nameCodes()...)
	}
	if j.has(SeverityInfo, nameCodes()...) && !j.has(SeverityWarn, nameCodes()...) {
		note := "not checked at the level ca"
		if j.want.Loopback && j.want.Level == LevelFull {
			note = "another name is accepted on loopback"
		}
		return Check{Name: "names", State: CheckUnchecked, Note: note}
	}
	return j.check("names", len(j.want.Names) > 0, "no name is expected", "", nameCodes()...)
}

func (j *judge) tlsNote() string {
	parts := []string{"TLS " + VersionNumber(j.o.Version)}
	if j.o.Suite != 0 {
		parts = append(parts, tls.CipherSuiteName(j.o.Suite))
	}
	if j.o.Group != 0 {
		parts = append(parts, j.o.Group.String())
	}
	return strings.Join(parts, ", ")
}

func (j *judge) trustNote() string {
	if len(j.links) == 0 || !j.chain.path.anchored {
		return ""
	}
	top := j.chain.path.top()
	from := "the system's store"
	if origin := j.chain.origin(top); origin != "" {
		from = printable(origin)
	}
	return subject(top) + ", from " + from
}

func (j *judge) datesNote() string {
	if len(j.links) == 0 {
		return ""
	}
	path := j.chain.path.certs
	first := slices.IndexFunc(path, func(c *x509.Certificate) bool { return c.NotAfter.Equal(firstExpiry(path)) })
	return fmt.Sprintf("the first to expire is %s, in %s", j.element(path[first]), span(path[first].NotAfter.Sub(j.now)))
}

func (j *judge) keysNote() string {
	if len(j.sent) == 0 {
		return ""
	}
	return keyText(j.sent[0])
}

func (j *judge) orderNote() string {
	if len(j.sent) == 1 {
		return "one certificate sent"
	}
	return fmt.Sprintf("%d certificates sent, each before its issuer", len(j.sent))
}

func (j *judge) clientNote(mode string) string {
	switch {
	case j.o.ClientAuth.Sent:
		return "asked for (" + mode + "), sent and accepted"
	case mode == "off":
		return "not asked for"
	default:
		return mode + ", none sent"
	}
}

// redisChecks are those of the server behind TLS.
func (j *judge) redisChecks() []Check {
	o, s := j.o, j.o.Server
	done := o.Stage == StageDone
	reply := Check{Name: "redis", State: CheckUnchecked, Note: "PING was not answered"}
	if done || j.has(SeverityWarn, CodeNotRedisTLS) {
		reply = j.check("redis", done, "", "PING is answered with "+printable(firstLineOf(o.LastReply())), CodeNotRedisTLS, CodeNotRedis, CodeBusy,
			CodeProtectedMode, CodeMaxClients)
	}
	checks := []Check{reply, j.loginCheck(done)}
	skew := s.Clock.Sub(s.AskedAt)
	checks = append(checks, j.check("clock", !s.Clock.IsZero() && !s.AskedAt.IsZero(), "the server did not say its time",
		"differs by "+skew.Abs().Round(time.Millisecond).String(), CodeClockSkew))
	if o.Target.Plain {
		return checks
	}
	why := "its files are on another host, or may not be read"
	switch s.Config {
	case AccessDenied:
		why = "CONFIG GET is not permitted"
	case AccessUnsupported:
		why = "the server has no CONFIG"
	case AccessUnasked:
		why = "the server was not asked"
	case AccessOK:
	}
	if j.terminator != "" {
		return append(checks, Check{Name: "served certificate", State: CheckUnchecked, Note: "something else than Redis serves it"})
	}
	return append(checks, j.check("served certificate", len(s.CertFile) > 0, why, "the one in "+printable(s.Parameters["tls-cert-file"]), CodeStaleCert))
}

func (j *judge) loginCheck(done bool) Check {
	s := j.o.Server
	switch {
	case s.AuthWithheld:
		return Check{Name: "login", State: CheckUnchecked, Note: "the password was not sent: the server did not prove who it is"}
	case !j.want.HasPassword:
		return j.check("login", done, "the connection did not come to it", "no password is needed", CodeAuthRequired, CodeWrongPassword, CodeNoPermission)
	default:
		return j.check("login", done && s.Info != AccessUnasked, "the connection did not come to it", "the password is accepted", CodeWrongPassword,
			CodeNoPermission)
	}
}
