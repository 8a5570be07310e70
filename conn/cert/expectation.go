package cert

import (
	"crypto/tls"
	"crypto/x509"
)

// Threshold is when a certificate is to be warned about: a number of days left, or a percentage of its life left.
type Threshold struct {
	Days    float64
	Percent float64 // used when not 0
}

// Expectation is what a connection was meant to be: who the server should be, what the client has, and how it was asked for.
type Expectation struct {
	Level Level
	Roots Roots
	// RootsMissing says that CA certificates were named and none could be read: trust cannot be judged, and FileErrors say why.
	RootsMissing bool
	Names        []string // one of which the certificate should carry, see [Policy.Names]
	NamesFrom    string   // where they come from: "dialled", "sni" or "verify-name"
	Loopback     bool     // see [Policy.Loopback]
	LocalNames   []string // see [Policy.LocalNames]

	// Client is the client certificate that was, or would have been, sent; nil when there is none.
	Client            *tls.Certificate
	CertFile, KeyFile string

	// FileErrors are the files of the invocation that cannot be used: *FileError, *CipherError or others. The rest was probed without them.
	FileErrors []error

	// Offered limits of the client's own making; zero means Go's defaults.
	MinVersion, MaxVersion uint16
	Ciphers, Ciphersuites  string // as given

	HasPassword bool
	User        string

	// Warn and Crit are the thresholds of expiry. Certificates that live less than 30 days have 33 % and 10 % by themselves when
	// the thresholds are in days and Default.
	Warn, Crit        Threshold
	DefaultThresholds bool

	// Invocation is what was typed, so that fixes can be complete command lines.
	Invocation Invocation
	// Nearby is what lies in files beside those of the invocation: a fix names the file that really fits, when there is one.
	Nearby []NearbyFile
}

// NearbyFile is a file found beside the ones given, and what it holds.
type NearbyFile struct {
	Path         string
	Certificates []*x509.Certificate // in the order of the file
	// KeySPKI is the SHA-256 of the public key (SubjectPublicKeyInfo) of the private key in the file; empty when there is none
	// or it is encrypted. The key itself is not kept.
	KeySPKI string
}
