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
	if look := facts.look.Load(); look != nil {
		o.Plain = *look
	}
	return o
}

// handshakeError explains a TLS handshake that failed. It may look at the port
// once more, within ctx.
func (d *Dialer) handshakeError(ctx context.Context, addr Addr, err error, conn *tls.Conn, facts *handshakeFacts) *Error {
	e := &Error{Stage: StageTLS, Addr: addr, Code: CodeTLS, Err: err}
	state := conn.ConnectionState()
	if len(state.PeerCertificates) == 0 {
		state = facts.state
	}
	o := d.observation(addr, cert.StageTLS, err, state, facts)
	if !facts.plain.Load() && saysLittle(err, facts.asked.Load()) {
		o = d.lookAgain(ctx, addr, o)
	}
	d.explain(e, o)
	e.Line = couldNotConnect(addr, handshakeLine(err, o.Plain))
	return e
}

// handshakeLine is how redis-cli ends its line about a handshake that failed with err.
func handshakeLine(err error, look cert.PlainLook) string {
	const failed = "SSL_connect failed: "
	_, isUntrusted := errors.AsType[*cert.VerifyError](err)
	_, isSuite := errors.AsType[*cert.CipherError](err)
	alert, isAlert := cert.AlertOf(err)
	header, notTLS := isRecordHeader(err)
	switch {
	case isUntrusted:
		return failed + "certificate verify failed"
	case isSuite:
		return failed + "no ciphersuite of --tls-ciphersuites"
	case isAlert:
		return failed + cert.OpenSSLAlert(alert)
	case isRedisReply(look.Reply), notTLS && looksLikeRedis(header):
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
// is the sign of a TLS matter: a refused client certificate under TLS 1.3, one
// side that speaks TLS and one that does not, or TLS with something else behind it.
func (d *Dialer) replyError(ctx context.Context, addr Addr, conn *Conn, err error) (*Error, bool) {
	if conn.tls == nil {
		return d.plainToTLS(ctx, addr, err)
	}
	facts := conn.tls.facts
	_, isAlert := cert.AlertOf(err)
	if !isAlert && !isReset(err) {
		return nil, false
	}
	o := d.observation(addr, cert.StageReply, err, conn.tls.ConnectionState(), facts)
	if !isAlert && !facts.asked.Load() {
		if o = d.lookAgain(ctx, addr, o); len(o.Trials) == 0 {
			return nil, false // it answers no other name either
		}
	}
	e := &Error{Stage: StageTLS, Addr: addr, Code: CodeTLS, Err: err, Line: "Error: Server closed the connection"}
	d.explain(e, o)
	return e, true
}

// plainToTLS explains a plain connection to a port that speaks TLS. err is how
// the server ended it, or errTLSAlert when it answered with a TLS alert.
func (d *Dialer) plainToTLS(ctx context.Context, addr Addr, err error) (*Error, bool) {
	if !isReset(err) && !errors.Is(err, errTLSAlert) {
		return nil, false
	}
	o := d.lookAgain(ctx, addr, cert.Observation{})
	speaks := len(o.Trials) > 0 && (o.Trials[0].OK || o.Trials[0].Alert != nil || o.Version != 0)
	if !speaks && !errors.Is(err, errTLSAlert) {
		return nil, false
	}
	e := &Error{Stage: StageTLS, Addr: addr, Code: CodePlainToTLS, Err: err, Line: "Error: Protocol error, got \"\\x15\" as reply type byte"}
	if isReset(err) {
		e.Line = streamError(addr, err, false).Line
	}
	if !speaks {
		o = cert.Observation{Target: d.target(addr), At: time.Now(), Stage: cert.StageReply, Err: err, Trials: []cert.Trial{{OK: true}}}
	}
	d.explain(e, o)
	return e, true
}

// errTLSAlert says that a plain connection was answered with a TLS alert.
var errTLSAlert = errors.New("the answer is a TLS alert")

// explainLogin explains an AUTH that the server refused with the text refusal.
func (d *Dialer) explainLogin(e *Error, conn *Conn, refusal string) {
	o := d.answered(e.Addr, conn, "+PONG")
	o.Server.AuthRefused = refusal
	d.explain(e, o)
	e.Cause += "; no command was sent"
}

// answered is the observation of a connection that stands and has brought reply, the answer to PING.
func (d *Dialer) answered(addr Addr, conn *Conn, reply string) cert.Observation {
	o := cert.Observation{Target: d.target(addr), At: time.Now()}
	if conn.tls != nil {
		o = d.observation(addr, cert.StageDone, nil, conn.tls.ConnectionState(), conn.tls.facts)
	}
	o.Stage, o.Reply = cert.StageDone, reply
	return o
}

// otherProtocol explains a first reply over TLS that is none of Redis: the server
// may be a proxy that chooses by name.
func (d *Dialer) otherProtocol(ctx context.Context, e *Error) {
	o := d.lookAgain(ctx, e.Addr, cert.Observation{})
	if o.Stage != cert.StageReply {
		return
	}
	d.explain(e, o)
}
