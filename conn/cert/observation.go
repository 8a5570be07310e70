package cert

import (
	"crypto/tls"
	"crypto/x509"
	"time"
)

// Target is one end that is probed.
type Target struct {
	Name    string // as reports call it, and as the user wrote it: "redis-2.lab:6380", or the path of a socket
	Network string // as net.Dial takes it: "tcp", "tcp4", "tcp6" or "unix"
	Address string // as net.Dial takes it
	Host    string // the host dialled; empty for a unix socket
	Port    int
	// ServerName is the name sent (SNI). Empty, or an address, sends none.
	ServerName string
	// Names are what the certificate is expected to be made out to: other names to ask for, when ServerName leads nowhere.
	Names []string
	// Plain says that the connection was meant to go without TLS. The probe then looks whether the port speaks it.
	Plain bool
}

// Stage is how far a connection came.
type Stage string

// The stages, in order. A probe that ended early has the stage at which it failed; one that went well has StageDone.
const (
	StageDNS     Stage = "dns"
	StageConnect Stage = "tcp"
	StageTLS     Stage = "tls"
	StageReply   Stage = "redis" // the handshake is over; the first reply is what failed
	StageDone    Stage = "ok"
)

// Timing is where the time went. A part that was not reached is 0.
type Timing struct {
	DNS, Connect, FirstByte, TLS, Reply time.Duration
}

// AlertMoment is when a TLS alert came.
type AlertMoment string

// The moments of an alert. Under TLS 1.3 the verdict about a client certificate comes with the first read.
const (
	AlertInHandshake AlertMoment = "handshake"
	AlertFirstRead   AlertMoment = "first_read"
)

// Alert is a TLS alert the server sent.
type Alert struct {
	Number uint8
	When   AlertMoment
}

// Name returns the name RFC 8446 gives the alert.
func (a Alert) Name() string { return alertName(a.Number) }

// ClientAuth is what the server wanted to know of the client.
type ClientAuth struct {
	Requested     bool     // a CertificateRequest came
	AcceptableCAs [][]byte // the names in it, raw DER. Redis sends none: a list betrays a proxy in front
	Schemes       []tls.SignatureScheme
	Sent          bool // a certificate went out in answer, not an empty list
}

// PlainLook is what a second, plain connection to the same port got in answer to PING. It is made when TLS got no sensible answer.
type PlainLook struct {
	Done  bool   // it was made
	Reply []byte // the first bytes, at most 256; empty for silence
	Reset bool   // the connection was ended without a byte
	// TLSPort is the server's tls-port, if it said so; 0 otherwise.
	TLSPort int
}

// Trial is a further handshake with one thing changed, made to find out what the server wants.
type Trial struct {
	ServerName string // the name sent
	NoName     bool   // sent without a name
	Version    uint16 // the only version offered; 0 for the usual ones
	OK         bool
	Alert      *Alert
	Leaf       *x509.Certificate   // what it presented then
	Chain      []*x509.Certificate // with what came behind it, if that was kept
	Reply      string              // the first line it answered to PING, when it got that far
}

// Hello is what a ClientHello of our own making learnt, which offers more than crypto/tls can: every cipher suite, every kind of
// signature, every version. It is made when the handshake failed for want of something in common.
type Hello struct {
	Done     bool
	Versions []uint16 // accepted, oldest first
	// Suites are the cipher suites the server took, by their OpenSSL names, TLS 1.2 and older.
	Suites   []string
	Suites13 []string
	// Chain is the raw DER of what the server sent in clear (TLS 1.2 and older).
	Chain [][]byte
	// Alerts are what the server answered, by version offered.
	Alerts map[uint16]uint8
}

// Sibling is another port of the same host where something answered, found when the port asked for did not.
type Sibling struct {
	Port  int
	TLS   bool   // it answered a TLS hello
	Reply string // the first line it answered to a plain PING
}

// Access is whether something could be asked of the server.
type Access string

// The kinds of access.
const (
	AccessUnasked     Access = ""            // the connection did not get that far
	AccessOK          Access = "ok"          //
	AccessDenied      Access = "denied"      // NOPERM, NOAUTH
	AccessUnsupported Access = "unsupported" // the server does not know it: managed services rename or remove CONFIG
)

// Server is what a server said of itself over Redis. Nothing in it is needed: what the user may not ask is left out.
type Server struct {
	AuthRefused string // the error reply to AUTH; empty when it went well, or there was nothing to say
	// Reply is the first line answered to a PING after AUTH; empty when there was no AUTH. [Observation.Reply] is the one before.
	Reply string
	// LoggedIn says that AUTH was answered with OK. Some servers have no password, and refuse one without harm.
	LoggedIn bool
	// AuthWithheld says that a password was given and not sent, because the server did not prove who it is.
	AuthWithheld bool
	Info         Access
	Product      string // "Valkey"; empty means Redis
	Version      string // "7.0.15"
	Mode         string // "standalone", "cluster", "sentinel"
	Role         string // "master", "slave", "sentinel"
	Uptime       time.Duration
	ProcessID    int // on its own host; 0 when it was not said
	// Clock is the server's time, and AskedAt ours in the middle of asking; both zero when it was not said.
	Clock, AskedAt time.Time

	Config Access
	// Parameters are from CONFIG GET of named parameters: never a pattern, which would fetch passphrases.
	Parameters map[string]string
	// CertFile and CAFile are what the files named there hold now; nil unless the server runs on this host and they may be read.
	CertFile, CAFile []*x509.Certificate
}

// Observation is everything a probe saw. Nothing in it is judged.
type Observation struct {
	Target Target
	At     time.Time // when the probe began
	Remote string    // the address connected to, "10.0.0.12:6380"
	Stage  Stage
	Err    error // what ended the probe before StageDone; nil otherwise
	Timing Timing

	Received   int64  // bytes that came on the wire
	FirstBytes []byte // the first of them, at most 64, TLS not taken off

	Version     uint16 // tls.VersionTLS*; 0 when no ServerHello came
	Suite       uint16
	Group       tls.CurveID
	ALPN        string
	OCSPStapled bool
	SCTs        int
	Chain       []*x509.Certificate // as sent
	Unparsed    []error             // certificates sent that are none: why, for each
	ClientAuth  ClientAuth
	Alert       *Alert
	Reply       string // the first line answered to PING, without its line break, at most 256 bytes: "+PONG", "-NOAUTH ...", "HTTP/1.1 400 Bad Request"

	Plain    PlainLook
	Trials   []Trial
	Hello    Hello
	Siblings []Sibling
	Server   Server
}

// LastReply is the first line answered to the last PING: the one after AUTH, if there was one.
func (o Observation) LastReply() string {
	if o.Server.Reply != "" {
		return o.Server.Reply
	}
	return o.Reply
}
