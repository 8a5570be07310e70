package conn

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// DialFunc makes a network connection, as net.Dialer.DialContext does.
type DialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// System returns the DialFunc of the operating system's network.
func System() DialFunc {
	return (&net.Dialer{KeepAlive: keepAlive}).DialContext
}

// Dialer makes connections to servers, TLS included. It is safe for concurrent
// use. Everything that speaks to a server dials through one, go-redis too.
type Dialer struct {
	net     DialFunc
	timeout time.Duration
	tls     *tlsSettings // nil for plaintext
	options Options      // what it was made for
	own     *sync.Map    // the local addresses of its connections
}

// NewDialer returns a Dialer for o over network. It reads the certificate files
// that o names; a file that cannot be used is an *[Error] of stage files.
func NewDialer(o Options, network DialFunc) (*Dialer, error) {
	d, failures := newDialer(o, network)
	if len(failures) > 0 {
		return nil, d.filesError(failures)
	}
	return d, nil
}

// newDialer returns a Dialer that does without what cannot be read, and why it cannot.
func newDialer(o Options, network DialFunc) (*Dialer, []error) {
	d := &Dialer{net: network, timeout: o.timeout(), options: o, own: &sync.Map{}}
	if o.TLS == nil {
		return d, nil
	}
	settings, failures := loadTLS(*o.TLS)
	settings.seedHost, settings.said = o.Host, &sync.Map{}
	d.tls = settings
	return d, failures
}

// seededAt returns a Dialer like d for the deployment that host leads to.
func (d *Dialer) seededAt(host string) *Dialer {
	other := *d
	if d.tls != nil {
		settings := *d.tls
		settings.seedHost = host
		other.tls = &settings
	}
	return &other
}

// ownedFor is how long after its end a connection is known to have been ours: what a server tells of it may still be on its way.
const ownedFor = 5 * time.Second

// Owns reports whether a connection made by d has, or had a moment ago, this local address, as host:port. It is how a server names its
// clients, as long as no proxy stands between.
func (d *Dialer) Owns(address string) bool {
	closed, ok := d.own.Load(address)
	return ok && !past(closed)
}

// past reports whether the time when a connection was closed, nil for one that is open, is long ago.
func past(closed any) bool {
	at, ok := closed.(time.Time)
	return ok && time.Since(at) > ownedFor
}

// known makes Owns know a connection until it is closed.
func (d *Dialer) known(c *Conn) *Conn {
	local := c.LocalAddr()
	if local == nil || local.Network() == "unix" {
		return c
	}
	d.own.Range(func(address, closed any) bool {
		if past(closed) {
			d.own.Delete(address)
		}
		return true
	})
	address := local.String()
	d.own.Store(address, nil)
	c.closed = func() { d.own.Store(address, time.Now()) }
	return c
}

// Notices makes notify receive, once each, what the user should know about a
// connection that stands, such as a name that was not matched on loopback.
func (d *Dialer) Notices(notify func(string)) {
	if d.tls != nil {
		d.tls.notify = notify
	}
}

// Notes tells what was repaired in the certificate files and passed over in the
// cipher lists, for those who ask for details.
func (d *Dialer) Notes() []string {
	if d.tls == nil {
		return nil
	}
	return d.tls.notes
}

// Conn is a network connection that remembers what a diagnosis needs.
type Conn struct {
	net.Conn
	received atomic.Int64 // bytes of replies, TLS taken off
	tls      *tlsConn     // nil for plaintext
	closed   func()       // called when it is closed; nil is nobody
	timing   Timing
}

// Timing is how long it took until a connection stood.
type Timing struct {
	Connect   time.Duration // name lookup and TCP
	Handshake time.Duration // TLS; 0 for plaintext
}

// Timing returns how long it took until the connection stood.
func (c *Conn) Timing() Timing { return c.timing }

// Close implements net.Conn.
func (c *Conn) Close() error {
	if c.closed != nil {
		c.closed()
	}
	return c.Conn.Close()
}

// Read implements net.Conn.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.received.Add(int64(n))
	}
	return n, err
}

// interrupt ends reads and writes that wait, now and from now on.
func (c *Conn) interrupt() { _ = c.SetDeadline(time.Unix(1, 0)) }

// abort closes without the farewell of TLS, which waits five seconds for a peer
// that takes nothing any more.
func (c *Conn) abort() error {
	if c.tls != nil {
		if c.closed != nil {
			c.closed()
		}
		return c.tls.NetConn().Close()
	}
	return c.Close()
}

// TLS returns the state of the TLS connection, and false for plaintext.
func (c *Conn) TLS() (tls.ConnectionState, bool) {
	if c.tls == nil {
		return tls.ConnectionState{}, false
	}
	return c.tls.ConnectionState(), true
}

// Dial connects to addr, TLS handshake included, within the connect timeout.
// Errors are of type *[Error], but for the context's own when it was cancelled.
func (d *Dialer) Dial(ctx context.Context, addr Addr) (*Conn, error) {
	attempt, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	if addr.Host == "" { // which would dial this machine
		return nil, d.dialError(addr, &net.DNSError{Err: "no host is given", IsNotFound: true})
	}
	began := time.Now()
	raw, err := d.net(attempt, addr.Network, addr.Target())
	timing := Timing{Connect: time.Since(began)}
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, d.dialError(addr, err)
	}
	if d.tls == nil {
		return d.known(&Conn{Conn: raw, timing: timing}), nil
	}
	secured, err := d.handshake(attempt, raw, addr)
	if err != nil {
		_ = raw.Close()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, err
	}
	timing.Handshake = time.Since(began) - timing.Connect
	return d.known(&Conn{Conn: secured, tls: secured, timing: timing}), nil
}
