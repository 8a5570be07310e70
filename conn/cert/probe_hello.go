package cert

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"strings"
	"time"

	"redan/conn/cert/hello"
)

// findCommon finds out what the server would accept, after a handshake that ended for want of something in common.
func (r *probing) findCommon(ctx context.Context) { r.sayHello(ctx, r.Hellos, 0) }

// fetchChain gets the certificates that crypto/tls would not read or thinks too large, and no more: a server with a huge key works for
// most of a second on each hello, and does nothing else meanwhile.
func (r *probing) fetchChain(ctx context.Context) {
	const (
		newest   = 2 // versions: TLS 1.2, and TLS 1.3
		patience = 3 * time.Second
	)
	r.sayHello(ctx, newest, patience)
}

// sayHello asks with hellos that offer more than crypto/tls can.
func (r *probing) sayHello(ctx context.Context, connections int, patience time.Duration) {
	table := suites()
	names := make(map[uint16]string, len(table))
	scanner := hello.Scanner{
		Dial: func(ctx context.Context) (net.Conn, error) {
			return r.Dial(ctx, r.target.Network, r.target.Address)
		},
		ServerName:  sniOf(r.target.ServerName),
		Connections: connections,
		Patience:    patience,
	}
	for _, s := range table {
		names[s.id] = s.name
		if s.isAskedFor() {
			scanner.Suites = append(scanner.Suites, s.id)
		}
	}
	for _, name := range modernSuites() {
		id, _ := modernSuite(name)
		names[id] = name
	}
	found, _ := scanner.Scan(ctx) // what it found before it failed is worth as much
	h := Hello{Done: true, Versions: found.Versions, Chain: found.Chain, Alerts: found.Alerts}
	for _, id := range found.Suites {
		h.Suites = append(h.Suites, names[id])
	}
	for _, id := range found.Suites13 {
		h.Suites13 = append(h.Suites13, names[id])
	}
	r.seen.Hello = h
	if len(r.seen.Chain) == 0 {
		r.seen.Chain, r.seen.Unparsed = parseChain(found.Chain)
	}
}

// isAskedFor reports whether a server that serves Redis with certificates may have the suite: none without certificate, without encryption,
// or with a shared key.
func (s suite) isAskedFor() bool {
	return !strings.Contains(s.kx, "PSK") && (s.auth == "RSA" || s.auth == "ECDSA" || s.auth == "DSS") && s.encryption != "NULL" && s.kx != "SRP"
}

// parseChain reads certificates as they were sent. Those that are none are errors. Without the first, which is the server's own, there is no
// chain: another must not stand in its place.
func parseChain(raw [][]byte) (chain []*x509.Certificate, unparsed []error) {
	for i, der := range raw {
		c, err := x509.ParseCertificate(der)
		switch {
		case err != nil:
			unparsed = append(unparsed, fmt.Errorf("certificate %d of %d: %w", i+1, len(raw), err))
		case i == 0 || len(chain) > 0:
			chain = append(chain, c)
		}
	}
	return chain, unparsed
}
