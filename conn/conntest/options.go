package conntest

import (
	"fmt"
	"strings"
)

// Option changes the server that [Start], [Cluster] or [Sentinel] makes.
type Option func(*settings)

// settings is what the options add up to.
type settings struct {
	plain    bool // listen in plaintext
	tls      bool
	socket   bool
	cluster  bool
	sentinel bool

	bind       []string
	password   string
	clientAuth string // the value of tls-auth-clients
	authority  *Authority
	serverPair *Pair
	directives []string // lines of the configuration file, in order
	env        []string // of the process, on top of ours

	findPorts func(host string, n int) ([]int, error)
}

func newSettings(opts []Option) settings {
	c := settings{plain: true, bind: []string{"127.0.0.1"}, clientAuth: "no", findPorts: freePorts}
	for _, opt := range opts {
		opt(&c)
	}
	return c
}

// TLS adds a TLS port beside the plain one. Clients need no certificate.
func TLS() Option {
	return func(c *settings) { c.tls = true }
}

// TLSOnly opens a TLS port and no plain one.
func TLSOnly() Option {
	return func(c *settings) { c.tls, c.plain = true, false }
}

// MutualTLS adds a TLS port with the given tls-auth-clients: "yes" refuses
// clients without a certificate, "optional" checks one that is sent.
func MutualTLS(mode string) Option {
	return func(c *settings) { c.tls, c.clientAuth = true, mode }
}

// TLSProtocols limits the TLS versions, in redis.conf's words: "TLSv1.2",
// "TLSv1.3" or both with a space between.
func TLSProtocols(protocols string) Option {
	return Config("tls-protocols", protocols)
}

// WithCerts serves TLS with pair, and trusts the clients that a vouches for.
// The server presents pair's whole chain. A nil pair means a fresh one
// for localhost, issued by a.
func WithCerts(a *Authority, pair *Pair) Option {
	return func(c *settings) { c.tls, c.authority, c.serverPair = true, a, pair }
}

// UnixSocket adds a unix socket; its path is in [Server.Socket].
func UnixSocket() Option {
	return func(c *settings) { c.socket = true }
}

// IPv6 listens on ::1 too, on the same ports. The start fails on a machine
// without it; see [HasIPv6].
func IPv6() Option {
	return func(c *settings) { c.bind = append(c.bind, "::1") }
}

// Password gives the default user a password. [Server.Do] knows it.
func Password(password string) Option {
	return func(c *settings) {
		c.password = password
		c.directives = append(c.directives, directive("requirepass", password))
	}
}

// ACL adds users, one a line in the form of an ACL file:
// "user alice on >secret ~cache:* +@read".
func ACL(lines ...string) Option {
	return func(c *settings) { c.directives = append(c.directives, lines...) }
}

// Config sets a directive of redis.conf. Each value is one argument of it, and
// may hold any byte.
func Config(key string, values ...string) Option {
	return func(c *settings) { c.directives = append(c.directives, directive(key, values...)) }
}

// directive is one line of redis.conf, quoted so that any byte survives.
func directive(key string, values ...string) string {
	var line strings.Builder
	line.WriteString(key)
	for _, value := range values {
		line.WriteString(` "`)
		for _, b := range []byte(value) {
			if b >= ' ' && b <= '~' && b != '"' && b != '\\' {
				line.WriteByte(b)
			} else {
				fmt.Fprintf(&line, `\x%02x`, b)
			}
		}
		line.WriteByte('"')
	}
	return line.String()
}
