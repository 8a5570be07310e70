package conn

import (
	"context"
	"crypto/tls"
	"errors"
	"strings"
	"syscall"
	"time"

	"redan/conn/cert"
)

// explain judges what a failed connection saw, and lets the finding that has to be mended first say code, cause and fix.
func (d *Dialer) explain(e *Error, o cert.Observation, fileErrors ...error) {
	want := d.expectation(e.Addr)
	want.FileErrors = fileErrors
	report := d.judge(o, want)
	e.Report = &report
	if first, ok := report.First(); ok {
		e.Code = first.Code
		e.Cause, e.Fix = report.Brief()
	}
}

// filesError explains certificate files and cipher lists that cannot be used.
func (d *Dialer) filesError(failures []error) *Error {
	const opening = "Could not negotiate a TLS connection: " // redis-cli's
	addr, err := d.options.Addr(), failures[0]
	e := &Error{Stage: StageFiles, Addr: addr, Code: CodeTLS, Line: opening + err.Error(), Err: err}
	if ciphers, ok := errors.AsType[*cert.CipherError](err); ok {
		e.Line = opening + ciphers.RedisCLI()
	}
	if file, ok := errors.AsType[*cert.FileError](err); ok {
		e.Line = opening + file.RedisCLI()
	}
	d.explain(e, cert.Observation{Target: d.target(addr), At: time.Now()}, failures...)
	return e
}

// observation is what a handshake with addr saw that failed with err, in itself or at the first reply.
func (d *Dialer) observation(addr Addr, stage cert.Stage, err error, state tls.ConnectionState, facts *handshakeFacts) cert.Observation {
	o := cert.Observation{
		Target: d.target(addr), At: time.Now(), Stage: stage, Err: err,
		Received: facts.received.Load(), FirstBytes: facts.first,
		Version: state.Version, Suite: state.CipherSuite, Group: state.CurveID, ALPN: state.NegotiatedProtocol,
		OCSPStapled: len(state.OCSPResponse) > 0, SCTs: len(state.SignedCertificateTimestamps), Chain: state.PeerCertificates,
		ClientAuth: cert.ClientAuth{
			Requested: facts.asked.Load(), AcceptableCAs: facts.acceptable, Schemes: facts.schemes, Sent: facts.asked.Load() && d.tls.client != nil,
		},
	}
	if number, ok := cert.AlertOf(err); ok {
		o.Alert = &cert.Alert{Number: number, When: cert.AlertInHandshake}
		if stage == cert.StageReply {
			o.Alert.When = cert.AlertFirstRead
		}
	}
	if reply := facts.reply.Load(); reply != nil {
		o.Plain = cert.PlainLook{Done: true, Reply: *reply}
	}
	return o
}

// handshakeError explains a TLS handshake that failed. It may look at the port
// once more, within ctx.
func (d *Dialer) handshakeError(ctx context.Context, addr Addr, err error, conn *tls.Conn, facts *handshakeFacts) *Error {
	e := &Error{Stage: StageTLS, Addr: addr, Code: CodeTLS, Err: err}
	if facts.received.Load() == 0 && isReset(err) && facts.reply.Load() == nil {
		reply := d.plainReply(ctx, addr)
		facts.reply.Store(&reply)
	}
	state := conn.ConnectionState()
	if len(state.PeerCertificates) == 0 {
		state = facts.state
	}
	d.explain(e, d.observation(addr, cert.StageTLS, err, state, facts))
	e.Line = couldNotConnect(addr, d.handshakeLine(err, facts))
	return e
}

// handshakeLine is how redis-cli ends its line about a handshake that failed with err.
func (d *Dialer) handshakeLine(err error, facts *handshakeFacts) string {
	const failed = "SSL_connect failed: "
	_, isUntrusted := errors.AsType[*cert.VerifyError](err)
	_, isSuite := errors.AsType[*cert.CipherError](err)
	alert, isAlert := cert.AlertOf(err)
	header, notTLS := isRecordHeader(err)
	reply := facts.reply.Load()
	switch {
	case isUntrusted:
		return failed + "certificate verify failed"
	case isSuite:
		return failed + "no ciphersuite of --tls-ciphersuites"
	case isAlert:
		return failed + cert.OpenSSLAlert(alert)
	case reply != nil && isRedisReply(*reply), notTLS && looksLikeRedis(header):
		return failed + "this port speaks plain Redis, not TLS"
	case notTLS:
		return failed + "wrong version number"
	case isTimeout(err):
		return "Connection timed out"
	case errors.Is(err, syscall.ECONNRESET):
		return failed + "Connection reset by peer"
	case isReset(err):
		return failed + "unexpected eof while reading"
	default: // what crypto/tls refused by itself
		return failed + strings.TrimPrefix(rootText(err), "Tls: ")
	}
}

// looksLikeRedis reports whether the five bytes that came instead of a TLS
// record open an error reply of Redis.
func looksLikeRedis(header [5]byte) bool {
	return string(header[:]) == "-DENI" || string(header[:]) == "-ERR " || string(header[:]) == "-NOAU"
}

// replyError explains a connection that broke before its first reply, when that
// is the sign of a TLS matter: a refused client certificate under TLS 1.3, or
// one side that speaks TLS and one that does not.
func (d *Dialer) replyError(ctx context.Context, addr Addr, conn *Conn, err error) (*Error, bool) {
	if conn.tls == nil {
		if !isReset(err) {
			return nil, false
		}
		trial, speaks := d.tlsLook(ctx, addr)
		if !speaks {
			return nil, false
		}
		return d.plainToTLS(addr, err, trial), true
	}
	facts := conn.tls.facts
	if _, isAlert := cert.AlertOf(err); !isAlert && (!facts.asked.Load() || !isReset(err)) {
		return nil, false
	}
	e := &Error{Stage: StageTLS, Addr: addr, Code: CodeTLS, Err: err, Line: "Error: Server closed the connection"}
	d.explain(e, d.observation(addr, cert.StageReply, err, conn.tls.ConnectionState(), facts))
	return e, true
}

// plainToTLS explains a plain connection to a port that speaks TLS. err is how
// the server ended it, or nil when it answered with a TLS alert.
func (d *Dialer) plainToTLS(addr Addr, err error, trial cert.Trial) *Error {
	e := &Error{Stage: StageTLS, Addr: addr, Code: CodePlainToTLS, Err: err, Line: "Error: Protocol error, got \"\\x15\" as reply type byte"}
	if err != nil {
		e.Line = streamError(addr, err, false).Line
	}
	d.explain(e, cert.Observation{
		Target: d.target(addr), At: time.Now(), Stage: cert.StageReply, Err: err,
		Trials: []cert.Trial{trial},
	})
	return e
}
