package conn

import (
	"context"
	"crypto/tls"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"redan/conn/cert"
)

// tlsSettings are TLSOptions with their files read.
type tlsSettings struct {
	options  TLSOptions
	roots    cert.Roots // zero means the system's, loaded by the first verification
	client   *tls.Certificate
	ciphers  []uint16
	suites   []uint16
	seedHost string
	notes    []string

	notify func(string)
	said   *sync.Map // the notices given
}

func loadTLS(o TLSOptions) (*tlsSettings, error) {
	s := &tlsSettings{options: o}
	if len(o.CAFiles)+len(o.CADirs)+len(o.CAData) > 0 {
		roots, err := cert.Loader{Passphrase: o.Passphrase}.LoadRoots(cert.RootSources{Files: o.CAFiles, Dirs: o.CADirs, Data: o.CAData})
		if err != nil {
			return nil, err
		}
		s.roots = roots
		s.notes = append(s.notes, roots.Notes...)
	}
	if o.CertFile != "" || o.KeyFile != "" {
		pair, err := cert.LoadKeyPair(o.CertFile, o.KeyFile, o.Passphrase)
		if err != nil {
			return nil, err
		}
		s.client = &pair
	}
	var notes []string
	var err error
	if o.Ciphers != "" {
		if s.ciphers, notes, err = cert.ParseCiphers(o.Ciphers); err != nil {
			return nil, err
		}
		s.notes = append(s.notes, notes...)
	}
	if o.Ciphersuites != "" {
		if s.suites, notes, err = cert.ParseCiphersuites(o.Ciphersuites); err != nil {
			return nil, err
		}
		s.notes = append(s.notes, notes...)
	}
	return s, nil
}

// expectedNames are the names one of which the certificate of addr must carry.
func (s *tlsSettings) expectedNames(addr Addr) []string {
	switch {
	case len(s.options.VerifyNames) > 0:
		return s.options.VerifyNames
	case s.options.ServerName != "":
		return []string{s.options.ServerName}
	case addr.Network == "unix" || addr.Host == s.seedHost:
		return []string{s.seedHost}
	}
	return []string{addr.Host, s.seedHost} // a node the seed redirected to
}

// config returns the configuration of one handshake; seen learns from it.
func (s *tlsSettings) config(addr Addr, seen *handshakeFacts) *tls.Config {
	policy := cert.Policy{
		Level: s.options.Level,
		Roots: s.roots,
		Names: s.expectedNames(addr),
		// Who names a name means it: behind a loopback address may be a tunnel.
		Loopback:   addr.IsLoopback() && s.options.ServerName == "" && len(s.options.VerifyNames) == 0,
		LocalNames: localNames,
		Now:        time.Now,
		Notice:     s.notice,
		AsRedisCLI: s.options.AsRedisCLI,
	}
	config := &tls.Config{
		ServerName:         s.options.ServerName,
		InsecureSkipVerify: true, //nolint:gosec // VerifyConnection does all of it, on resumption too
		MinVersion:         s.options.MinVersion,
		MaxVersion:         s.options.MaxVersion,
		CipherSuites:       s.ciphers,
		VerifyConnection: func(state tls.ConnectionState) error {
			if err := cert.CheckSuite(state, s.suites); err != nil {
				return err
			}
			return policy.VerifyConnection(state)
		},
		// GetClientCertificate sends the certificate even to a peer whose list of
		// acceptable CAs does not name its issuer; Certificates would send none.
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			seen.asked.Store(true)
			if s.client == nil {
				return &tls.Certificate{}, nil
			}
			return s.client, nil
		},
	}
	if config.ServerName == "" && addr.Network != "unix" {
		config.ServerName = addr.Host
	}
	if config.MinVersion == 0 {
		config.MinVersion = tls.VersionTLS12
		if config.MaxVersion != 0 {
			config.MinVersion = min(config.MinVersion, config.MaxVersion)
		}
	}
	return config
}

// notice passes text on, once.
func (s *tlsSettings) notice(text string) {
	if s.notify == nil {
		return
	}
	if _, again := s.said.LoadOrStore(text, true); !again {
		s.notify(text)
	}
}

// localNames are the names and addresses of this machine, which a certificate
// may carry when it is reached over loopback.
func localNames() []string {
	var names []string
	if host, err := os.Hostname(); err == nil {
		names = append(names, host)
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return names
	}
	for _, addr := range addrs {
		if network, ok := addr.(*net.IPNet); ok {
			names = append(names, network.IP.String())
		}
	}
	return names
}

// handshakeFacts are what a handshake taught, for the diagnosis of its failure.
type handshakeFacts struct {
	received atomic.Int64 // bytes on the wire
	asked    atomic.Bool  // the server asked for a client certificate
	plain    atomic.Bool  // a plain connection to the same address got a Redis reply
}

// tlsConn is a TLS connection and how it came about.
type tlsConn struct {
	*tls.Conn
	facts    *handshakeFacts
	sentCert bool
}

// wireCounter counts the bytes that arrive beneath TLS.
type wireCounter struct {
	net.Conn
	facts *handshakeFacts
}

func (c wireCounter) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.facts.received.Add(int64(n))
	return n, err
}

// stallTime is how long a handshake may be silent before we look whether the
// port speaks plain Redis: such a server waits for more of what it takes for an
// inline command, for ever. A slow TLS server loses nothing by that look.
const stallTime = 300 * time.Millisecond

// handshake makes a TLS connection of raw. ctx bounds it.
func (d *Dialer) handshake(ctx context.Context, raw net.Conn, addr Addr) (*tlsConn, error) {
	facts := &handshakeFacts{}
	secured := tls.Client(wireCounter{raw, facts}, d.tls.config(addr, facts))
	probing, enough := context.WithCancel(ctx)
	defer enough()
	probed := make(chan struct{})
	stall := time.AfterFunc(stallTime, func() {
		defer close(probed)
		if facts.received.Load() == 0 && d.speaksPlainRedis(probing, addr) && facts.received.Load() == 0 {
			facts.plain.Store(true)
			_ = raw.SetDeadline(time.Unix(1, 0))
		}
	})
	err := secured.HandshakeContext(ctx)
	if err == nil {
		enough()
	}
	if !stall.Stop() {
		<-probed
	}
	if err != nil {
		return nil, d.handshakeError(ctx, addr, err, secured, facts)
	}
	if facts.plain.Load() { // a port that speaks both, and was slow
		_ = raw.SetDeadline(time.Time{})
	}
	return &tlsConn{Conn: secured, facts: facts, sentCert: facts.asked.Load() && d.tls.client != nil}, nil
}
