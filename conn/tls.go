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
	options TLSOptions
	roots   cert.Roots // zero means the system's, loaded by the first verification
	// rootsMissing says that CA certificates were named and none could be read.
	rootsMissing bool
	client       *tls.Certificate
	ciphers      []uint16
	suites       []uint16
	seedHost     string
	notes        []string

	notify func(string)
	said   *sync.Map // the notices given
}

// loadTLS reads what o names. What cannot be used is left out of the settings, and is an error: whoever is to connect needs all of it, a
// diagnosis makes do with the rest.
func loadTLS(o TLSOptions) (*tlsSettings, []error) {
	s := &tlsSettings{options: o}
	failures := s.loadRoots()
	if o.CertFile != "" || o.KeyFile != "" || len(o.CertData) > 0 || o.KeyData.IsSet() {
		if pair, err := o.loadClient(); err != nil {
			failures = append(failures, err)
		} else {
			s.client = &pair
		}
	}
	for _, list := range []struct {
		text  string
		parse func(string) ([]uint16, []string, error)
		into  *[]uint16
	}{{o.Ciphers, cert.ParseCiphers, &s.ciphers}, {o.Ciphersuites, cert.ParseCiphersuites, &s.suites}} {
		if list.text == "" {
			continue
		}
		ids, notes, err := list.parse(list.text)
		if err != nil {
			failures = append(failures, err)
			continue
		}
		*list.into = ids
		s.notes = append(s.notes, notes...)
	}
	return s, failures
}

// loadClient loads the client certificate and its key, each from a file or given inline.
func (o TLSOptions) loadClient() (tls.Certificate, error) {
	const certName, keyName = "the inline certificate", "the inline key" // as errors call them
	files := cert.Loader{}
	inline := map[string][]byte{}
	if len(o.CertData) > 0 {
		o.CertFile, inline[certName] = certName, o.CertData
	}
	if o.KeyData.IsSet() {
		o.KeyFile, inline[keyName] = keyName, []byte(o.KeyData.Reveal())
	}
	return cert.Loader{
		Passphrase: o.Passphrase,
		ReadFile: func(path string) ([]byte, error) {
			if data, ok := inline[path]; ok {
				return data, nil
			}
			return files.Content(path)
		},
	}.LoadKeyPair(o.CertFile, o.KeyFile)
}

// loadRoots reads the CA certificates; of several sources, those that can be read.
func (s *tlsSettings) loadRoots() (failures []error) {
	o := s.options
	from := cert.RootSources{Files: o.CAFiles, Dirs: o.CADirs, Data: o.CAData}
	if len(from.Files)+len(from.Dirs)+len(from.Data) == 0 {
		return nil
	}
	loader := cert.Loader{Passphrase: o.Passphrase}
	roots, err := loader.LoadRoots(from)
	if err == nil {
		s.roots = roots
		s.notes = append(s.notes, roots.Notes...)
		return nil
	}
	usable := cert.RootSources{}
	try := func(one cert.RootSources) bool {
		_, err := loader.LoadRoots(one)
		if err != nil {
			failures = append(failures, err)
		}
		return err == nil
	}
	for _, file := range from.Files {
		if try(cert.RootSources{Files: []string{file}}) {
			usable.Files = append(usable.Files, file)
		}
	}
	for _, dir := range from.Dirs {
		if try(cert.RootSources{Dirs: []string{dir}}) {
			usable.Dirs = append(usable.Dirs, dir)
		}
	}
	if len(from.Data) > 0 && try(cert.RootSources{Data: from.Data}) {
		usable.Data = from.Data
	}
	if len(usable.Files)+len(usable.Dirs)+len(usable.Data) > 0 {
		s.roots, _ = loader.LoadRoots(usable)
	}
	s.rootsMissing = s.roots.Pool == nil
	return failures
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
	policy := s.policy(addr)
	config := &tls.Config{
		ServerName:         s.serverName(addr),
		InsecureSkipVerify: true, //nolint:gosec // VerifyConnection does all of it, on resumption too
		MinVersion:         s.options.MinVersion,
		MaxVersion:         s.options.MaxVersion,
		CipherSuites:       s.ciphers,
		VerifyConnection: func(state tls.ConnectionState) error {
			seen.state = state
			if err := cert.CheckSuite(state, s.suites); err != nil {
				return err
			}
			return policy.VerifyConnection(state)
		},
		// GetClientCertificate sends the certificate even to a peer whose list of
		// acceptable CAs does not name its issuer; Certificates would send none.
		GetClientCertificate: func(request *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			seen.acceptable, seen.schemes = request.AcceptableCAs, request.SignatureSchemes
			seen.asked.Store(true)
			if s.client == nil {
				return &tls.Certificate{}, nil
			}
			return s.client, nil
		},
	}
	if config.MinVersion == 0 {
		config.MinVersion = tls.VersionTLS12
		if config.MaxVersion != 0 {
			config.MinVersion = min(config.MinVersion, config.MaxVersion)
		}
	}
	return config
}

// serverName is the name to ask addr for (SNI).
func (s *tlsSettings) serverName(addr Addr) string {
	if s.options.ServerName == "" && addr.Network != "unix" {
		return addr.Host
	}
	return s.options.ServerName
}

// loopback reports whether a certificate of addr may carry another name. Who names a name means it: behind a loopback address may be a
// tunnel.
func (s *tlsSettings) loopback(addr Addr) bool {
	return addr.IsLoopback() && s.options.ServerName == "" && len(s.options.VerifyNames) == 0
}

// policy is what decides about the certificate of addr.
func (s *tlsSettings) policy(addr Addr) cert.Policy {
	return cert.Policy{
		Level:      s.options.Level,
		Roots:      s.roots,
		Names:      s.expectedNames(addr),
		Loopback:   s.loopback(addr),
		LocalNames: localNames,
		Now:        time.Now,
		Notice:     s.notice,
		AsRedisCLI: s.options.AsRedisCLI,
	}
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
	received atomic.Int64                   // bytes on the wire
	asked    atomic.Bool                    // the server asked for a client certificate
	plain    atomic.Bool                    // a plain connection to the same address got a Redis reply
	look     atomic.Pointer[cert.PlainLook] // what that got

	// Only the goroutine that shakes hands writes these, before it returns.
	first      []byte              // the first bytes on the wire
	state      tls.ConnectionState // as it was when the server's certificates were looked at
	acceptable [][]byte
	schemes    []tls.SignatureScheme
}

// tlsConn is a TLS connection and how it came about.
type tlsConn struct {
	*tls.Conn
	facts    *handshakeFacts
	sentCert bool
}

// keptOpening is how many of the first bytes of a connection are kept.
const keptOpening = 64

// wireCounter counts the bytes that arrive beneath TLS.
type wireCounter struct {
	net.Conn
	facts *handshakeFacts
}

func (c wireCounter) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if missing := keptOpening - len(c.facts.first); missing > 0 {
		c.facts.first = append(c.facts.first, p[:min(n, missing)]...)
	}
	c.facts.received.Add(int64(n))
	return n, err
}

// handshake makes a TLS connection of raw. ctx bounds it.
func (d *Dialer) handshake(ctx context.Context, raw net.Conn, addr Addr) (*tlsConn, error) {
	facts := &handshakeFacts{}
	secured := tls.Client(wireCounter{raw, facts}, d.tls.config(addr, facts))
	probing, enough := context.WithCancel(ctx)
	defer enough()
	probed := make(chan struct{})
	stall := time.AfterFunc(cert.StallTime, func() {
		defer close(probed)
		if facts.received.Load() > 0 {
			return
		}
		look := d.prober(addr).LookPlain(probing, d.target(addr))
		facts.look.Store(&look)
		if isRedisReply(look.Reply) && facts.received.Load() == 0 {
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
