package certreport

import (
	"strings"
	"testing"

	"redan/conn/cert"
)

// factOf returns the line of the facts with a label, or "".
func factOf(r cert.Report, label string) string {
	for line := range strings.Lines(Text([]cert.Report{r}, Style{Width: 120, Location: cet}, Options{})) {
		if strings.HasPrefix(line, "  "+label+" ") {
			return strings.TrimRight(line, "\n")
		}
	}
	return ""
}

func wantFact(t *testing.T, r cert.Report, label, want string) {
	t.Helper()
	if got := factOf(r, label); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// The answer that is shown is the one after the password.
func TestReplyAfterPassword(t *testing.T) {
	r := healthy(t)
	r.Observation.Reply = "-NOAUTH Authentication required."
	wantFact(t, r, "reply", "  reply   · NOAUTH Authentication required.")
	wantFact(t, r, "auth", "")
	if got := targetOf(r).Reach.Stage; got != "auth" {
		t.Errorf("without a password the stage is %q", got)
	}
	r.Observation.Server.Reply, r.Observation.Server.LoggedIn = "+PONG", true
	wantFact(t, r, "reply", "  reply   ✓ PONG")
	wantFact(t, r, "auth", "  auth    ✓ the password was accepted")
	if got := targetOf(r).Reach.Stage; got != "ok" {
		t.Errorf("with the password the stage is %q", got)
	}
	r.Observation.Server.LoggedIn = false // it has none, and takes no harm
	wantFact(t, r, "auth", "")
}

// A server that answered with an alert speaks TLS, whatever came of it.
func TestServerThatSpeaksTLS(t *testing.T) {
	failed := plainPort(t)
	failed.Observation.Plain = cert.PlainLook{}
	wantFact(t, failed, "server", "  server    10.0.0.12 · no TLS")
	failed.Observation.Alert = &cert.Alert{Number: 70, When: cert.AlertInHandshake}
	for code, want := range map[string]string{
		cert.CodeVersion: "no version in common", cert.CodeNoCommonCipher: "no cipher suite in common", cert.CodeSNIRequired: "no handshake",
	} {
		failed.Findings[0].Code = code
		wantFact(t, failed, "server", "  server    10.0.0.12 · TLS, but "+want)
	}
	failed.Findings[0].Code = cert.CodeTLS
	failed.Observation.Alert, failed.Observation.FirstBytes = nil, []byte{22, 3, 3}
	wantFact(t, failed, "server", "  server    10.0.0.12 · TLS, but no handshake")
}

// What Redis wants of clients is no verdict on what ends TLS in front of it.
func TestTerminatorInFront(t *testing.T) {
	r := healthy(t)
	r.ClientAuthMode = "off"
	r.Observation.Server.Parameters = map[string]string{"tls-auth-clients": "yes"}
	wantFact(t, r, "client", "  client  · no certificate asked for (tls-auth-clients yes)")
	r.Findings = append(r.Findings, cert.Finding{Code: cert.CodeTerminator, Severity: cert.SeverityInfo, Scope: cert.ScopeTarget, Message: "m"})
	wantFact(t, r, "client", "  client  · no certificate asked for")
	if got := targetOf(r).Kind; got != "proxy" {
		t.Errorf("it is a %q", got)
	}
}

// How healthy servers are is told to those who want to know everything, and to programs.
func TestUsualFindings(t *testing.T) {
	r := healthy(t)
	r.Findings = []cert.Finding{{Code: cert.CodeChainWithRoot, Severity: cert.SeverityInfo, Scope: "cert:1", Message: "m", Usual: true}}
	for verbose, want := range map[bool]bool{false: false, true: true} {
		if got := strings.Contains(Text([]cert.Report{r}, Style{}, Options{Verbose: verbose}), "NOTE"); got != want {
			t.Errorf("verbose %v: noted %v", verbose, got)
		}
	}
	if got := targetOf(r).Findings; len(got) != 1 || got[0].Code != cert.CodeChainWithRoot {
		t.Errorf("JSON has %+v", got)
	}
}

// A certificate with the name of its CA is not signed by itself, and is drawn as what it is: refused by others.
func TestSameNameAsCA(t *testing.T) {
	root := spec{cn: "*", ca: true, age: 30 * day, left: 3650 * day, serial: 1}.make(t)
	leaf := spec{cn: "*", age: day, left: 90 * day, serial: 2, by: root, ellipticKey: true}.make(t)
	r := healthy(t)
	r.Verdict, r.Chain = cert.SeverityCrit, []cert.Link{link(leaf, cert.StandingSameName), anchor(root, "root.crt")}
	if got := factOf(r, "1"); !strings.HasSuffix(got, "  ! refused by OpenSSL") {
		t.Errorf("got %q", got)
	}
	r.Chain = []cert.Link{link(root, cert.StandingUnknown)}
	if got := factOf(r, "1"); !strings.HasSuffix(got, "self-signed") {
		t.Errorf("got %q", got)
	}
}
