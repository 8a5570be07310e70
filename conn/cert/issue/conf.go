package issue

import (
	"fmt"
	"net/netip"
	"strconv"

	"redan/conn/cert"
)

// Paths are where a node or client has its files.
type Paths struct{ CA, Cert, Key string }

// RedisConf returns the lines of redis.conf that serve TLS on port. With fleet they also make replication and the cluster bus use it.
func RedisConf(p Paths, port int, fleet bool) []string {
	lines := append([]string{"tls-port " + strconv.Itoa(port)}, p.directives()...)
	lines = append(lines, "tls-auth-clients yes")
	if fleet {
		lines = append(lines, "tls-replication yes", "tls-cluster yes")
	}
	return lines
}

// SentinelConf returns the lines of sentinel.conf that make a sentinel speak TLS, with its clients and with the nodes it watches.
func SentinelConf(p Paths, host string, port int) []string {
	lines := append([]string{"port 0", "tls-port 26379"}, p.directives()...)
	lines = append(lines, "tls-auth-clients yes", "tls-replication yes")
	if _, err := netip.ParseAddr(host); err != nil {
		lines = append(lines, "sentinel resolve-hostnames yes", "sentinel announce-hostnames yes")
	}
	return append(lines, fmt.Sprintf("sentinel monitor mymaster %s %d 2", host, port))
}

func (p Paths) directives() []string {
	return []string{
		"tls-cert-file " + cert.ConfQuote(p.Cert), "tls-key-file " + cert.ConfQuote(p.Key), "tls-ca-cert-file " + cert.ConfQuote(p.CA),
	}
}

// ConfigSet returns the command that makes a running server take the files, and take them anew once they were replaced: certificate and
// key together, since each alone does not fit the other.
func ConfigSet(p Paths) string {
	return "CONFIG SET tls-cert-file " + cert.ConfQuote(p.Cert) + " tls-key-file " + cert.ConfQuote(p.Key) + " tls-ca-cert-file " + cert.ConfQuote(p.CA)
}

// StunnelConf returns a stunnel.conf that lets clients without TLS reach a node on port 6379 of their own host.
func StunnelConf(p Paths, host string, port int) []string {
	check, connect := "checkHost = "+host, host
	if ip, err := netip.ParseAddr(host); err == nil {
		check = "checkIP = " + host
		if ip.Is6() {
			connect = "[" + host + "]"
		}
	}
	return []string{
		"[redis]", "client = yes", "accept = 127.0.0.1:6379", fmt.Sprintf("connect = %s:%d", connect, port),
		"CAfile = " + p.CA, "cert = " + p.Cert, "key = " + p.Key, "verifyChain = yes", check,
	}
}
