package cert

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"time"
)

// Level is how much of a server's certificate is verified.
type Level int

// The levels of verification, strictest first.
const (
	LevelFull Level = iota // the chain of issuers and the name
	LevelCA                // the chain of issuers only, as redis-cli does
	LevelNone              // nothing
)

// String returns the level as --tls-verify takes it.
func (l Level) String() string {
	switch l {
	case LevelFull:
		return "full"
	case LevelCA:
		return "ca"
	default:
		return "none"
	}
}

// ErrLevel says that a text is no verification level.
var ErrLevel = errors.New("not a verification level (full, ca or none)")

// ParseLevel reads "full", "ca" or "none". Its error wraps [ErrLevel].
func ParseLevel(text string) (Level, error) {
	for _, l := range []Level{LevelFull, LevelCA, LevelNone} {
		if l.String() == text {
			return l, nil
		}
	}
	return LevelFull, fmt.Errorf("%q: %w", text, ErrLevel)
}

// Policy decides whether a server is the one that was meant. Its zero value is the strictest, and refuses until Now is set.
type Policy struct {
	Level Level
	Roots Roots // the zero value means the system's store, loaded when first needed

	// Names are what the certificate may be made out to; one must match. The first is the one errors speak of. They are the names of
	// --tls-verify-name, else of --sni, else the host dialled, and for a node of a deployment its announced name and the seed's host.
	Names []string

	// Loopback says that the connection does not leave this host: there is no network to be attacked on, so a certificate with another
	// name is accepted with a notice.
	Loopback bool

	// LocalNames returns the addresses and names of this host. On loopback a certificate made out to one of them matches. It is called
	// only when Names do not match; nil means none.
	LocalNames func() []string

	Now func() time.Time

	// Notice is given a sentence when a certificate with another name is accepted, at every
	// handshake: how often to say it is for the caller to decide. nil ignores it.
	Notice func(sentence string)

	// AsRedisCLI adds that notice under LevelCA, where names do not count, for those who do not know that.
	AsRedisCLI bool
}

// errNoClock is what a Policy without Now gives: without the time nothing can be verified.
var errNoClock = errors.New("cert.Policy has no clock")

// VerifyConnection is the [tls.Config.VerifyConnection] of a connection whose InsecureSkipVerify is set, see [Policy.Apply]. In that
// place it runs on resumed sessions too. Errors are [*VerifyError].
func (p Policy) VerifyConnection(state tls.ConnectionState) error {
	return p.Verify(state.PeerCertificates)
}

// Apply makes config verify by p and by nothing else.
func (p Policy) Apply(config *tls.Config) {
	config.InsecureSkipVerify = true // VerifyConnection does all of it, and knows levels
	config.VerifyConnection = p.VerifyConnection
}

// Verify decides about the certificates a server sent, its own first. Errors are [*VerifyError], but for a policy without a clock.
func (p Policy) Verify(sent []*x509.Certificate) error {
	switch {
	case p.Level == LevelNone:
		return nil
	case p.Now == nil:
		return errNoClock
	case len(sent) == 0:
		return &VerifyError{
			Code: CodeNoCertificate, Detail: "the server sent no certificate",
			Fix: "use a cipher suite with a certificate; --insecure verifies nothing",
		}
	}
	if err := p.verifyChain(sent); err != nil {
		return err
	}
	return p.verifyName(sent[0])
}

// verifyChain checks everything but the name. The error says more than that of crypto/x509, but only what that refuses is refused here,
// and certificates whose old Netscape type forbids serving, which it does not know.
func (p Policy) verifyChain(sent []*x509.Certificate) error {
	if refused := appraise(sent, p.Roots, p.Now()).refusal(); refused != nil {
		return refused
	}
	return nil
}

func (p Policy) verifyName(leaf *x509.Certificate) error {
	if p.Level == LevelCA && !p.AsRedisCLI {
		return nil
	}
	if matchesAny(leaf, p.Names) || p.Loopback && p.LocalNames != nil && matchesAny(leaf, p.LocalNames()) {
		return nil
	}
	fault := nameFault(leaf, p.Names)
	switch {
	case p.Level == LevelCA:
		p.notice(fault.Detail + "; names are not checked when started as redis-cli (--tls-verify full checks them)")
	case p.Loopback:
		p.notice(fault.Detail + "; accepted because the connection does not leave this host")
	default:
		return fault
	}
	return nil
}

func (p Policy) notice(sentence string) {
	if p.Notice != nil {
		p.Notice(sentence)
	}
}
