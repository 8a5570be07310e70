package cert

import (
	"crypto/x509"
	"time"
)

// Standing is what there is to say about one certificate of a chain.
type Standing string

// The standings of a certificate.
const (
	StandingOK      Standing = "ok"
	StandingSoon    Standing = "expires soon"
	StandingExpired Standing = "expired"
	StandingFuture  Standing = "not yet valid"
	StandingUnknown Standing = "not trusted" // the top of a chain that ends at nothing trusted
	StandingBad     Standing = "refused"     // for its usage, signature, key or names: a finding says which
	// StandingSameName is that of a certificate with the name of its CA, which OpenSSL refuses and this program does not.
	StandingSameName Standing = "refused by OpenSSL"
)

// Link is one certificate on the way from the server's own to the one that is trusted.
type Link struct {
	Cert     *x509.Certificate
	Sent     bool   // the server sent it; otherwise it is only known here
	Trusted  bool   // it is a trusted root, or stands for one
	Origin   string // the file a trusted certificate comes from; "" for the system's store
	Standing Standing
	Left     time.Duration // until it expires; negative since it did
}

// NameMatch is how the server's certificate answers to the names expected.
type NameMatch struct {
	Wanted  []string
	Present []string // what the certificate is made out to
	Match   string   // the name that matched; empty when none did
	By      string   // "dialled", "sni", "verify-name", "seed", "local-host" or "none"
}

// CheckState is how a check ended.
type CheckState string

// The ends of a check.
const (
	CheckPassed    CheckState = "passed"
	CheckFailed    CheckState = "failed"
	CheckUnchecked CheckState = "unchecked" // it could not be made, or was not permitted
)

// Check is one thing that was looked at. Failed ones have findings.
type Check struct {
	Name  string // "dates", "names", "trust"
	State CheckState
	Note  string // what was seen, or why it was not looked at
}

// Report is what there is to say about a target.
type Report struct {
	Observation Observation
	Program     string // how redan was called; empty means redan
	Verdict     Severity
	// Unknown says that nothing could be proven either way: silence, or no right to look. It matters only while Verdict is below crit.
	Unknown  bool
	Findings []Finding // what has to be mended first stands first
	Checks   []Check
	// Chain is the way from the server's certificate to a trusted one, as far as it can be followed, then what else was sent.
	Chain []Link
	// Verified says that the chain ends at a trusted certificate and would be accepted.
	Verified bool
	Names    NameMatch
	// ClientAuthMode is "off", "optional", "required", "requested" (asked, and not known whether it insists) or "unknown".
	ClientAuthMode string
}

// First returns the finding that has to be mended first, and false when there is nothing to mend.
func (r Report) First() (Finding, bool) {
	for _, f := range r.Findings {
		if f.Severity >= SeverityWarn {
			return f, true
		}
	}
	return Finding{}, false
}
