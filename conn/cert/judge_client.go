package cert

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// judgeClient looks at the client certificate: whether the server wanted one, what it said to it, and what the certificate says of itself.
func (j *judge) judgeClient() {
	if j.o.Target.Plain {
		return
	}
	verdict := j.clientVerdict()
	switch verdict {
	case "":
	case CodeClientCertMissing:
		j.add(j.clientMissing())
	case CodeClientCAUnknown:
		j.add(j.clientCAUnknown())
	default:
		j.add(j.clientRefused(verdict))
	}
	if len(j.client) == 0 {
		return
	}
	j.judgeClientCerts(verdict)
	reached := j.o.Version != 0 && (j.o.Stage == StageReply || j.o.Stage == StageDone)
	if reached && !j.o.ClientAuth.Requested && j.o.Alert == nil {
		f := Finding{
			Code: CodeClientCertUnused, Severity: SeverityInfo, Scope: ScopeClientPrefix + "0",
			Message: "the server does not ask for a client certificate, so the one given is not used",
			Cause:   "tls-auth-clients is no, or a proxy in front ends TLS: whoever knows the password gets in",
			Fixes:   []Fix{{Side: SideServer, Note: "if the server is to demand certificates, of every client: CONFIG SET tls-auth-clients yes"}},
		}
		if j.terminator != "" {
			f.Cause = "what ends TLS in front of Redis asks for none: whoever knows the password gets in"
			f.Fixes = []Fix{proxyRule()}
		}
		j.add(f)
	}
}

// clientVerdict is the code of what the server has against the client's certificate, or against there being none; empty when it said nothing
// of the kind.
func (j *judge) clientVerdict() string {
	o := j.o
	if o.Alert != nil {
		if e := ExplainAlert(o.Alert.Number, j.alertContext()); slices.Contains(clientCodes(), e.Code) {
			return e.Code
		}
		return ""
	}
	// An alert may be lost with the connection; the request for a certificate remains as evidence.
	lost := o.ClientAuth.Requested && o.Reply == "" && endedByPeer(o.Err) && (o.Stage == StageReply || o.Stage == StageTLS)
	switch {
	case !lost:
		return ""
	case o.ClientAuth.Sent:
		return CodeClientRefused
	default:
		return CodeClientCertMissing
	}
}

func (j *judge) clientMissing() Finding {
	f := Finding{
		Code: CodeClientCertMissing, Severity: SeverityCrit, Scope: ScopeTarget,
		Message: "the server asks every client for a certificate (tls-auth-clients yes), and none was sent",
		Cause:   "that is how Redis is made unless tls-auth-clients says otherwise", Evidence: j.alertFacts(),
	}
	if j.o.Version == tls.VersionTLS13 {
		f.Cause = "under TLS 1.3 the server says so only after the handshake; redis-cli shows \"Server closed the connection\""
	}
	from, remedy := "a CA that the server's tls-ca-cert-file holds",
		redisFix("CONFIG SET tls-auth-clients optional", "lets clients without a certificate in; a password is all that is left then")
	if j.behindProxy() {
		f.Message = "the server asks every client for a certificate, and none was sent"
		f.Cause = "a proxy in front of Redis ends TLS there: it names the CAs it accepts, which Redis never does"
		from, remedy = "a CA that it names", proxyRule()
	}
	if j.want.CertFile != "" || j.want.KeyFile != "" {
		f.Severity = SeverityInfo // it has a finding of its own
		f.Cause = "the certificate that was given cannot be used, so that none was sent"
	}
	f.Evidence = append(f.Evidence, j.acceptableFacts()...)
	if pair, ok := j.nearbyPair(j.sent); ok {
		f.Fixes = append(f.Fixes, j.byClient(pair.invocation(j.inv()), pair.note()))
	} else {
		f.Fixes = append(f.Fixes, fillIn(j.byClient(j.inv().With("--cert", "CLIENT.crt").With("--key", "CLIENT.key"),
			"a certificate for clients, from "+from)))
	}
	f.Fixes = append(f.Fixes, remedy)
	return f
}

// behindProxy reports whether something else than Redis asked for the client's certificate.
func (j *judge) behindProxy() bool { return len(j.o.ClientAuth.AcceptableCAs) > 0 }

// proxyRule is where a proxy is told which clients it lets in.
func proxyRule() Fix {
	return Fix{Side: SideServer, Note: "the proxy decides: CAfile, verifyChain and requireCert of stunnel, ca-file and verify of HAProxy's bind, " +
		"ssl_client_certificate and ssl_verify_client of nginx"}
}

// acceptableFacts are the CAs whose certificates the server says it takes. Redis says nothing.
func (j *judge) acceptableFacts() []Fact {
	if len(j.o.ClientAuth.AcceptableCAs) == 0 {
		return nil
	}
	const most = 5
	var names []string
	for _, raw := range j.o.ClientAuth.AcceptableCAs[:min(len(j.o.ClientAuth.AcceptableCAs), most)] {
		names = append(names, distinguishedName(raw))
	}
	return []Fact{{"acceptable_cas", strings.Join(names, "; ")}}
}

func distinguishedName(raw []byte) string {
	var sequence pkix.RDNSequence
	if _, err := asn1.Unmarshal(raw, &sequence); err != nil {
		return "unreadable"
	}
	var name pkix.Name
	name.FillFromRDNSequence(&sequence)
	return printable(name.String())
}

// clientCAUnknown explains a client certificate whose CA the server does not know: that CA is another, or the intermediate is missing.
func (j *judge) clientCAUnknown() Finding {
	f := Finding{
		Code: CodeClientCAUnknown, Severity: SeverityCrit, Scope: ScopeClientPrefix + "0",
		Message:  "the server does not trust the CA of the client certificate",
		Evidence: append(j.alertFacts(), j.acceptableFacts()...),
	}
	if len(j.client) == 0 {
		f.Scope = ScopeTarget
		return f
	}
	last := j.client[len(j.client)-1]
	f.Message += ": " + issuer(last)
	f.Evidence = append(f.Evidence, Fact{"client", subject(j.client[0])}, Fact{"issuer", issuer(last)})
	if between, file, missing := j.missingIntermediate(); missing {
		f.Code = CodeClientIntermediateNotSent
		f.Message = "the client certificate was sent without the intermediate certificate that issued it: " + issuer(last)
		f.Cause = "the server knows only the root, and cannot get from the certificate to it"
		f.Fixes = append(f.Fixes, j.withIntermediate(between, file))
	} else {
		f.Cause = "its tls-ca-cert-file does not hold that CA"
		if j.behindProxy() {
			f.Cause = "a proxy in front of Redis ends TLS there, and the CAs it names do not include that one"
		}
	}
	if pair, ok := j.nearbyPair(j.sent); ok && !pair.cert.Equal(j.client[0]) && pair.sameCA {
		f.Fixes = append(f.Fixes, j.byClient(pair.invocation(j.inv()), pair.note()))
	}
	if j.behindProxy() {
		f.Fixes = append(f.Fixes, proxyRule())
		return f
	}
	caFile := j.o.Server.Parameters["tls-ca-cert-file"]
	if caFile == "" {
		caFile = "CA.crt"
	}
	f.Fixes = append(f.Fixes,
		fillIn(redisFix("CONFIG SET tls-ca-cert-file "+ConfQuote(caFile), "after the certificate of "+issuer(last)+" was added to that file")), j.noClientAuth())
	return f
}

func (j *judge) noClientAuth() Fix {
	return redisFix("CONFIG SET tls-auth-clients no", "asks no client for a certificate; a password is all that is left then")
}

// missingIntermediate reports whether the client's file lacks an intermediate: its issuer is known to be one, or named like one.
func (j *judge) missingIntermediate() (between *x509.Certificate, file string, missing bool) {
	last := j.client[len(j.client)-1]
	if isSelfIssued(last) {
		return nil, "", false
	}
	for _, near := range j.want.Nearby {
		for _, c := range near.Certificates {
			if bytes.Equal(c.RawSubject, last.RawIssuer) && !c.Equal(last) && last.CheckSignatureFrom(c) == nil {
				if isSelfIssued(c) {
					return nil, "", false
				}
				if between == nil || len(near.Certificates) == 1 {
					between, file = c, near.Path
				}
			}
		}
	}
	name := strings.ToLower(last.Issuer.CommonName)
	return between, file, between != nil || strings.Contains(name, "intermediate") || strings.Contains(name, "issuing")
}

// clientRefused explains the other verdicts on a client certificate.
func (j *judge) clientRefused(code string) Finding {
	f := Finding{Code: code, Severity: SeverityCrit, Scope: ScopeClientPrefix + "0", Evidence: append(j.alertFacts(), j.acceptableFacts()...)}
	if j.o.Alert != nil {
		f.Message = ExplainAlert(j.o.Alert.Number, j.alertContext()).Cause
	} else {
		f.Message = "the server asked for a client certificate, got one, and closed the connection"
	}
	if len(j.client) > 0 {
		f.Evidence = append(f.Evidence, Fact{"client", subject(j.client[0])}, Fact{"client_sha256", Fingerprint(j.client[0])})
	} else {
		f.Scope = ScopeTarget
	}
	if pair, ok := j.nearbyPair(j.sent); ok && len(j.client) > 0 && !pair.cert.Equal(j.client[0]) && pair.sameCA {
		f.Fixes = append(f.Fixes, j.byClient(pair.invocation(j.inv()), pair.note()))
	}
	switch code {
	case CodeClientExpired:
		f.Cause = "it, or a CA above it, is out of date by the server's clock"
		f.Fixes = append(f.Fixes, j.newClient("renews it"), j.noClientAuth())
	case CodeClientWrongEKU:
		f.Cause = "its extendedKeyUsage lacks clientAuth: a server's certificate is not for --cert"
		f.Fixes = append(f.Fixes, j.newClient("makes one for clients"), j.noClientAuth())
	case CodeClientRevoked:
		f.Cause = "Redis knows no revocation, so a proxy in front said so"
		f.Fixes = append(f.Fixes, j.newClient("makes another"))
	default:
		f.Cause = "a proxy has rules of its own, such as a list of names; Redis says this of certificates it cannot read"
		f.Fixes = append(f.Fixes, Fix{Side: SideServer, Note: "ask who runs the server which certificates it takes; look into its log"})
	}
	return f
}

// judgeClientCerts looks at what the client's certificates say of themselves. verdict is what the server said.
func (j *judge) judgeClientCerts(verdict string) {
	// What is wrong with a certificate breaks the connection only when the server looks at it; a server that took it does not mind.
	severity := SeverityInfo
	switch {
	case j.o.ClientAuth.Requested && (verdict != "" || j.o.Alert != nil || j.broken() && j.o.Stage != StageDone):
		severity = SeverityCrit
	case j.o.ClientAuth.Requested:
		severity = SeverityWarn
	}
	for i, c := range j.client {
		scope := ScopeClientPrefix + strconv.Itoa(i)
		what := "the client certificate (" + subject(c) + ")"
		if i > 0 {
			what = "the client's CA certificate " + subject(c)
		}
		facts := []Fact{{"not_before", utc(c.NotBefore)}, {"not_after", utc(c.NotAfter)}}
		f := Finding{Severity: severity, Scope: scope, Evidence: facts, Fixes: []Fix{j.newClient("renews it")}}
		switch {
		case j.now.After(c.NotAfter):
			f.Code = CodeClientExpired
			f.Message = fmt.Sprintf("%s expired %s ago, on %s", what, span(j.now.Sub(c.NotAfter)), date(c.NotAfter, j.now))
			f.Cause = "nobody renewed it in time"
		case j.now.Before(c.NotBefore):
			f.Code = CodeClientNotYetValid
			f.Message = fmt.Sprintf("%s is valid only from %s, in %s", what, date(c.NotBefore, j.now), span(c.NotBefore.Sub(j.now)))
			f.Cause = "a clock is wrong: here, or where the certificate was made"
		default:
			near, limit := j.nearExpiry(c)
			if near == SeverityOK {
				break
			}
			f.Code, f.Severity = CodeClientExpiresSoon, min(near, SeverityWarn, max(severity, SeverityInfo))
			f.Message = fmt.Sprintf("%s expires in %s, on %s", what, span(c.NotAfter.Sub(j.now)), date(c.NotAfter, j.now))
			f.Cause = "from then on a server that asks for it refuses this client"
			f.Evidence = append(f.Evidence, Fact{"threshold", limit.String()})
			if severity == SeverityCrit {
				f.Severity = SeverityWarn
			}
		}
		if f.Code != "" {
			j.addClient(f)
		}
	}
	j.judgeClientUsage(severity)
}

// addClient adds a finding about a client certificate, in the place of the one that the server's alert gave, which knows less.
func (j *judge) addClient(f Finding) {
	for i, old := range j.findings {
		if old.Code == f.Code && strings.HasPrefix(old.Scope, ScopeClientPrefix) && len(old.Evidence) > 0 && old.Evidence[0].Name == "alert" {
			f.Severity = old.Severity
			f.Evidence = append(f.Evidence, old.Evidence...)
			f.Fixes = old.Fixes
			j.findings[i] = f
			return
		}
	}
	j.add(f)
}

func (j *judge) judgeClientUsage(severity Severity) {
	c := j.client[0]
	if allowsClient(c) {
		return
	}
	j.addClient(Finding{
		Code: CodeClientWrongEKU, Severity: severity, Scope: ScopeClientPrefix + "0",
		Message:  "the client certificate (" + subject(c) + ") may not be used by clients: its " + clientUsageLack(c),
		Cause:    "a certificate made for a server is not for --cert",
		Evidence: []Fact{{"extended_key_usage", usages(c)}},
		Fixes:    []Fix{j.newClient("makes one for clients")},
	})
}

func clientUsageLack(c *x509.Certificate) string {
	if len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) == 0 {
		return "nsCertType lacks the client bit"
	}
	return "extendedKeyUsage lacks clientAuth"
}

// allowsClient reports whether c may be used by a TLS client.
func allowsClient(c *x509.Certificate) bool {
	const clientBit = 0
	if lacksNetscapeType(c, clientBit) {
		return false
	}
	if len(c.ExtKeyUsage) == 0 && len(c.UnknownExtKeyUsage) == 0 {
		return true
	}
	return slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageClientAuth) || slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny)
}

// clientAuthMode says what the server wants of clients.
func (j *judge) clientAuthMode() string {
	o := j.o
	const off, optional, required = "off", "optional", "required"
	if mode := o.Server.Parameters["tls-auth-clients"]; j.terminator == "" && mode != "" {
		switch {
		case mode == "yes" && o.ClientAuth.Requested:
			return required
		case mode == "optional" && o.ClientAuth.Requested:
			return optional
		case mode == "no" && !o.ClientAuth.Requested:
			return off
		}
	}
	answered := o.Stage == StageDone || o.Reply != ""
	switch {
	case j.has(SeverityInfo, CodeClientCertMissing):
		return required
	case o.ClientAuth.Requested && !o.ClientAuth.Sent && answered:
		return optional
	case o.ClientAuth.Requested:
		return "requested"
	case o.Version != 0 && (o.Stage == StageReply || o.Stage == StageDone) && !o.Target.Plain:
		return off
	default:
		return "unknown"
	}
}
