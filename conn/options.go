// Package conn says how a Redis server is reached and spoken to.
//
// [Options] is the description of a connection, [Dialer] makes network connections from it
// and owns TLS, [Session] is one connection that keeps its state (what a person
// types goes there, once, with nothing hidden), and [Pool] is for what the
// program asks by itself. A connection that fails is an [*Error] that carries
// where it failed, why, and what to do about it.
package conn

import (
	"net"
	"strconv"
	"time"

	"redan/conn/cert"
)

// Defaults of redis-cli, and ours where it has none.
const (
	DefaultHost = "127.0.0.1"
	DefaultPort = 6379
	// DefaultConnectTimeout bounds name lookup, TCP connect and TLS handshake
	// together. redis-cli waits for the kernel, or for ever in a TLS handshake.
	DefaultConnectTimeout = 10 * time.Second
	// keepAlive is redis-cli's interval.
	keepAlive = 15 * time.Second
)

// Options describe a connection: where it goes, how it is protected, and what
// is said first on it.
type Options struct {
	Host string
	Port int
	// Socket is the path of a unix socket. When set, Host and Port are unused.
	Socket string
	// Family limits name lookup: 4 for IPv4 only, 6 for IPv6 only, 0 for both.
	Family int

	// User is the ACL user; empty means AUTH with the password alone.
	User     string
	Password Secret
	// Tokens, when set, give User and Password before every AUTH, and again before they expire.
	Tokens *Tokens
	DB     int
	// Protocol is the RESP version asked for with HELLO; 0 asks for nothing.
	Protocol int
	// ClientName is set with CLIENT SETNAME when not empty.
	ClientName string

	// ConnectTimeout bounds a whole connection attempt; 0 means DefaultConnectTimeout.
	ConnectTimeout time.Duration
	// TLS is nil for a plaintext connection.
	TLS *TLSOptions

	// Program is the name redan was started under, for the command lines that mend a failure; empty means redan.
	Program string
	// Profile is the name of the profile that led here, and Base what it says by itself; empty and nil when there is none.
	Profile string
	Base    *Options
	// PasswordFromEnvironment says that the password needs no option.
	PasswordFromEnvironment bool
}

// TLSOptions describe a TLS connection. Files are read when the [Dialer] is made.
type TLSOptions struct {
	CAFiles []string
	CADirs  []string
	// CAData is a bundle of CA certificates given inline.
	CAData []byte
	// CertFile and KeyFile are the client certificate, with its chain, and its key.
	CertFile, KeyFile string
	// CertData and KeyData are the same given inline; they go before the files.
	CertData []byte
	KeyData  Secret
	// Passphrase is asked when the key is encrypted; nil refuses encrypted keys.
	Passphrase cert.Passphrase
	// PassphraseFile is where Passphrase reads it, when the user said so.
	PassphraseFile string

	// ServerName is the name sent (SNI) and, unless VerifyNames are given, the
	// name expected. Empty means the host that is dialled.
	ServerName string
	// VerifyNames replace the name expected of the server's certificate.
	VerifyNames []string
	Level       cert.Level
	// AsRedisCLI adds one notice when a certificate's name does not match under
	// level CA, because redis-cli users were never told.
	AsRedisCLI bool

	// Ciphers is an OpenSSL cipher list for TLS 1.2 and older, Ciphersuites a
	// list of TLS 1.3 suites. Empty means Go's defaults.
	Ciphers, Ciphersuites string
	// MinVersion and MaxVersion are tls.VersionTLS* constants; 0 means Go's defaults.
	MinVersion, MaxVersion uint16
}

// DefaultOptions are what redis-cli connects to when told nothing.
func DefaultOptions() Options {
	return Options{Host: DefaultHost, Port: DefaultPort, ConnectTimeout: DefaultConnectTimeout}
}

// Addr is where a server listens.
type Addr struct {
	Network string // "tcp", "tcp4", "tcp6" or "unix"
	Host    string // the path, for "unix"
	Port    int
}

// Addr returns the address of o.
func (o Options) Addr() Addr {
	switch {
	case o.Socket != "":
		return Addr{Network: "unix", Host: o.Socket}
	case o.Family == 4:
		return Addr{Network: "tcp4", Host: o.Host, Port: o.Port}
	case o.Family == 6:
		return Addr{Network: "tcp6", Host: o.Host, Port: o.Port}
	}
	return Addr{Network: "tcp", Host: o.Host, Port: o.Port}
}

// String returns the address in the form redis-cli's messages have: host:port
// (no brackets around IPv6 addresses), or the socket's path.
func (a Addr) String() string {
	if a.Network == "unix" {
		return a.Host
	}
	return a.Host + ":" + strconv.Itoa(a.Port)
}

// Target returns the address in the form net.Dial takes.
func (a Addr) Target() string {
	if a.Network == "unix" {
		return a.Host
	}
	return net.JoinHostPort(a.Host, strconv.Itoa(a.Port))
}

// IsLoopback reports whether a leads to this machine without crossing a network.
func (a Addr) IsLoopback() bool { return a.Network == "unix" || cert.IsLoopback(a.Host) }

func (o Options) timeout() time.Duration {
	if o.ConnectTimeout > 0 {
		return o.ConnectTimeout
	}
	return DefaultConnectTimeout
}
