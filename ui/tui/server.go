package tui

import (
	"context"
	"crypto/tls"
	"math/rand/v2"
	"time"

	"redan/commands/keyspace"
	"redan/commands/keyspace/sweep"
	"redan/conn"
	"redan/conn/cert"
	"redan/ui/tui/console"
	"redan/ui/tui/kit"
	"redan/ui/tui/viewer"
)

// server is one that answers: what redan asks, it asks through it.
type server struct {
	options conn.Options
	masters *keyspace.Masters // all keys, wherever they are
	client  kit.Client        // the node that the options name
	secured *tls.ConnectionState
	// warnings are what the server refused of the login without being the worse for it.
	warnings []string
	access   *access // what connections are opened with; nil in tests without them
	// at returns the client of a node of the cluster; nil where there is none.
	at func(conn.Addr) kit.Client
	// sweep reads all keys, on connections of its own; nil in tests without.
	sweep func(sweep.Options) keySweep
	// ping opens a connection for round trips; nil in tests without.
	ping func(ctx context.Context) (pingLink, error)
	// done closes what is not of masters.
	done func()
	// write opens a connection of its own for checked writes, and console that of the console; both nil in tests without them.
	write   viewer.OpenSession
	console console.Opener
	// own reports whether a client, as the server names it, is a connection of redan's; nil knows none.
	own func(client string) bool
	// examine looks at the certificate as the report does; nil when it cannot be.
	examine func(ctx context.Context) cert.Report
}

func (s *server) close() {
	if s != nil && s.masters != nil {
		_ = s.masters.Close()
	}
	if s != nil && s.done != nil {
		s.done()
	}
}

// network is how servers are reached.
type network struct {
	// connect connects to a server; an error is why it cannot be used. log remembers what is sent.
	connect func(ctx context.Context, way Way, watch watch) (*server, error)
	// probe reports whether a server that was lost can be used again, and how it is secured now.
	probe func(ctx context.Context, way Way) (*tls.ConnectionState, error)
	// test looks at a server from all sides that a person may want to know of.
	test func(ctx context.Context, way Way) []testLine
	// chance is a random number from 0 to 1.
	chance func() float64
	// pause waits, at most until the context ends.
	pause func(ctx context.Context, d time.Duration)
}

// watch is who sees what is sent: the log, and those who wait for answers.
type watch struct {
	log     *commandLog
	pending *pending
}

// client is a client whose commands are seen.
func (w watch) client(inner keyspace.Client, from origin) keyspace.Client {
	return logged{inner: awaited{inner: inner, pending: w.pending}, log: w.log, from: from}
}

// connector reaches servers over the network.
func connector(c Config) network {
	r := reach{config: c, system: c.Network}
	if r.system == nil {
		r.system = conn.System()
	}
	return network{connect: r.connect, probe: r.probe, test: r.test, chance: rand.Float64, pause: sleep}
}

// reach is a network of real connections.
type reach struct {
	config Config
	system conn.DialFunc
}

// dial is the network of a way.
func (r reach) dial(way Way) conn.DialFunc {
	if way.Network != nil {
		return way.Network
	}
	return r.system
}

// dialer returns the one we were given, or, for a server that needs another, a new one.
func (r reach) dialer(way Way) (*conn.Dialer, error) {
	if r.config.Dialer != nil && way.Network == nil && sameTLS(way.Options, r.config.Options) {
		return r.config.Dialer, nil
	}
	return conn.NewDialer(way.Options, r.dial(way))
}

// probe opens a connection as a session would, asks for a first reply, which tells best what is wrong, and closes it.
func (r reach) probe(ctx context.Context, way Way) (*tls.ConnectionState, error) {
	dialer, err := r.dialer(way)
	if err != nil {
		return nil, err
	}
	secured, _, err := tryLogin(ctx, dialer, way.Options)
	return secured, err
}

// tryLogin is one connection that is closed again: how it was secured, and what the server refused without harm.
func tryLogin(ctx context.Context, dialer *conn.Dialer, o conn.Options) (secured *tls.ConnectionState, warnings []string, err error) {
	session, err := conn.Open(ctx, dialer, o)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = session.Close() }()
	if err := session.Ping(ctx); err != nil {
		return nil, nil, err
	}
	if state, ok := session.Conn().TLS(); ok {
		secured = &state
	}
	return secured, session.Warnings(), nil
}

func (r reach) connect(ctx context.Context, way Way, watch watch) (*server, error) {
	o := way.Options
	dialer, err := r.dialer(way)
	if err != nil {
		return nil, err
	}
	start := watch.log.now()
	secured, warnings, err := tryLogin(ctx, dialer, o)
	watch.log.opened(o, start)
	watch.log.remember([]string{"PING"}, origin{at: &o}, "", err, start)
	if err != nil {
		return nil, err
	}
	access := newAccess(o)
	s := &server{
		options: o, secured: secured, warnings: warnings, access: access, write: writer(dialer, access, way.Follow, watch.log), own: dialer.Owns,
	}
	s.console = opener(dialer, access, way.Follow, watch.log)
	if o.TLS != nil {
		examiner := conn.NewExaminer(o, r.dial(way))
		s.examine = func(ctx context.Context) cert.Report { return examiner.Examine(ctx, o.Addr()) }
	}
	open := func(at conn.Addr) keyspace.Client {
		client := &renewable{access: access, open: func(o conn.Options) keyspace.Client { return keyspace.Pools(dialer, o)(at) }}
		return watch.client(client, origin{at: atNode(o, at)})
	}
	s.client = open(o.Addr())
	one := &nodes{open: open}
	s.at, s.done = func(addr conn.Addr) kit.Client { return one.at(addr) }, one.close
	m := measurer{dialer: dialer, access: access, log: watch.log}
	s.ping = m.ping
	s.sweep = func(o sweep.Options) keySweep { return m.sweep(s.masters, o) }
	if !way.Follow {
		s.masters = keyspace.One(o.Addr(), s.client)
		return s, nil
	}
	s.masters, err = keyspace.Discover(ctx, keyspace.Config{Seed: o.Addr(), Secured: o.TLS != nil, Open: open})
	return s, err
}

// writer opens connections for checked writes.
func writer(dialer *conn.Dialer, access *access, follow bool, log *commandLog) viewer.OpenSession {
	return func(ctx context.Context) (viewer.Session, error) {
		o, _ := access.current()
		start := log.now()
		session, err := conn.Open(ctx, dialer, o)
		log.opened(o, start)
		if err != nil {
			return nil, err
		}
		session.Follow = follow
		return loggedWriter{Session: session, log: log, from: origin{at: &o}}, nil
	}
}

// opener opens the console's connections.
func opener(dialer *conn.Dialer, access *access, follow bool, log *commandLog) console.Opener {
	return func(ctx context.Context, note func(string)) (console.Session, error) {
		o, _ := access.current()
		start := log.now()
		session, err := console.Dial(dialer, o, follow)(ctx, note)
		log.opened(o, start)
		if err != nil {
			return nil, err
		}
		return loggedConsole{Session: session, log: log, options: o}, nil
	}
}

// atNode are options that lead to a node of what o leads to.
func atNode(o conn.Options, node conn.Addr) *conn.Options {
	if node.Network != "unix" {
		o.Host, o.Port, o.Socket = node.Host, node.Port, ""
	}
	return &o
}

// sameTLS reports whether two options need the same dialer: it owns certificates and time-outs.
func sameTLS(a, b conn.Options) bool {
	return a.TLS == b.TLS && a.ConnectTimeout == b.ConnectTimeout && a.Family == b.Family
}

// connectTimeout ends an attempt that nothing else does.
const connectTimeout = 30 * time.Second
