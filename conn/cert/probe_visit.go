package cert

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"time"
)

// StallTime is how long a server may be silent before the port is looked at in the other way, with TLS or without. A Redis without TLS takes a
// ClientHello for the beginning of a command and waits for the rest, for ever.
const StallTime = 300 * time.Millisecond

// usualOffer is what a normal connection offers.
func (r *probing) usualOffer() offer {
	name := r.target.ServerName
	if r.target.Plain && name == "" {
		name = r.target.Host
	}
	return offer{address: r.target.Address, serverName: name, client: true}
}

// offer is what one connection over TLS is made with, besides what is the Prober's.
type offer struct {
	address    string
	serverName string
	version    uint16 // the only one; 0 for the Prober's
	client     bool   // whether the client certificate may go out
}

// visit is one connection over TLS, with all that was seen of it.
type visit struct {
	wire   *wire
	secure *tls.Conn
	lines  *bufio.Reader

	stage   Stage
	err     error
	timing  Timing
	state   tls.ConnectionState
	request ClientAuth
	alert   *Alert
	reply   string
}

// visit connects, shakes hands and sends PING. silence, if not nil, is called in a goroutine of its own when the server says nothing for
// StallTime; when it returns true, the handshake is given up.
func (r *probing) visit(ctx context.Context, o offer, silence func(context.Context) bool) *visit {
	v := &visit{stage: StageConnect}
	if v.wire, v.err = r.reach(ctx, o.address, &v.timing); v.err != nil {
		v.stage = dialStage(v.err)
		return v
	}
	v.stage = StageTLS
	v.secure = tls.Client(v.wire, r.config(o, &v.request))
	began := r.Now()
	enough := v.wire.watch(ctx, silence)
	v.err = v.secure.HandshakeContext(ctx)
	stalled := enough()
	v.state = v.secure.ConnectionState()
	if !v.wire.first.IsZero() {
		v.timing.FirstByte = v.wire.first.Sub(began)
	}
	if v.err != nil {
		v.noteAlert(AlertInHandshake)
		if stalled {
			v.err = errOtherAnswer
		}
		return v
	}
	v.timing.TLS = r.Now().Sub(began)
	v.stage = StageReply
	r.ping(v)
	return v
}

// errOtherAnswer ends a connection that was cut short.
var errOtherAnswer = errors.New("it did not answer, but a second connection was answered in another protocol")

// config is a configuration that accepts everything, and notes what the server asks of the client.
func (r *probing) config(o offer, request *ClientAuth) *tls.Config {
	c := &tls.Config{
		ServerName:         o.serverName,
		InsecureSkipVerify: true, //nolint:gosec // what is wrong with the certificate is what the probe is for
		MinVersion:         r.MinVersion,
		MaxVersion:         r.MaxVersion,
		CipherSuites:       r.CipherSuites,
		GetClientCertificate: func(asked *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			request.Requested = true
			request.AcceptableCAs, request.Schemes = asked.AcceptableCAs, asked.SignatureSchemes
			if !o.client || r.Client == nil {
				return &tls.Certificate{}, nil
			}
			request.Sent = true
			return r.Client, nil
		},
	}
	if c.MinVersion == 0 {
		c.MinVersion = tls.VersionTLS12
		if c.MaxVersion != 0 {
			c.MinVersion = min(c.MinVersion, c.MaxVersion)
		}
	}
	if o.version != 0 {
		c.MinVersion, c.MaxVersion = o.version, o.version
	}
	return c
}

// ping sends PING and reads the first line of the answer.
func (r *probing) ping(v *visit) {
	began := r.Now()
	v.lines, v.reply, v.err = sayPing(v.secure, v.wire)
	if v.err != nil {
		v.noteAlert(AlertFirstRead)
		return
	}
	v.stage, v.timing.Reply = StageDone, r.Now().Sub(began)
}

// noteAlert keeps the alert that is the visit's error, if it is one.
func (v *visit) noteAlert(when AlertMoment) {
	if number, ok := AlertOf(v.err); ok {
		v.alert = &Alert{Number: number, When: when}
	}
}

// report tells what was seen to o.
func (v *visit) report(o *Observation) {
	o.Stage, o.Err, o.Timing = v.stage, v.err, v.timing
	o.Alert, o.Reply = v.alert, v.reply
	if v.wire == nil {
		return
	}
	o.Remote = remoteOf(v.wire)
	o.Received, o.FirstBytes = v.wire.received.Load(), v.wire.head
	v.reportTLS(o)
}

// reportTLS tells what was seen of TLS.
func (v *visit) reportTLS(o *Observation) {
	s := v.state
	o.Version, o.Suite, o.Group = s.Version, s.CipherSuite, s.CurveID
	o.ALPN, o.OCSPStapled, o.SCTs = s.NegotiatedProtocol, len(s.OCSPResponse) > 0, len(s.SignedCertificateTimestamps)
	o.Chain, o.ClientAuth = s.PeerCertificates, v.request
}

// peer is the connection for those who speak on after PING.
func (v *visit) peer() net.Conn { return bufferedTLS{v.secure, v.lines} }

// end closes the connection without the farewell of TLS, which would wait five seconds for a peer that takes nothing any more.
func (v *visit) end() {
	if v.wire != nil {
		v.wire.end()
	}
}

// bufferedConn is a connection some bytes of which may have been read ahead.
type bufferedConn struct {
	net.Conn
	lines *bufio.Reader
}

// Read implements net.Conn.
func (c bufferedConn) Read(p []byte) (int, error) { return c.lines.Read(p) }

// bufferedTLS is a bufferedConn that tells its state of TLS.
type bufferedTLS struct {
	*tls.Conn
	lines *bufio.Reader
}

// Read implements net.Conn.
func (c bufferedTLS) Read(p []byte) (int, error) { return c.lines.Read(p) }

func remoteOf(c net.Conn) string {
	if addr := c.RemoteAddr(); addr != nil {
		return addr.String()
	}
	return ""
}
