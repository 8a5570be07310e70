package conn

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"redan/conn/cert"
)

// filesError explains certificate files and cipher lists that cannot be used.
func filesError(addr Addr, err error) *Error {
	const opening = "Could not negotiate a TLS connection: " // redis-cli's
	e := &Error{Stage: StageFiles, Addr: addr, Code: CodeTLS, Line: opening + err.Error(), Err: err}
	if ciphers, ok := errors.AsType[*cert.CipherError](err); ok {
		e.Code, e.Line = CodeCiphers, opening+ciphers.RedisCLI()
		e.Cause, e.Fix = ciphers.Detail, ciphers.Fix
	}
	if file, ok := errors.AsType[*cert.FileError](err); ok {
		e.Code, e.Line = file.Code, opening+file.RedisCLI()
		e.Cause, e.Fix = strings.TrimSpace(file.Path+" "+file.Detail), file.Fix
	}
	return e
}

// handshakeError explains a TLS handshake that failed. It may look at the port
// once more, within ctx.
func (d *Dialer) handshakeError(ctx context.Context, addr Addr, err error, conn *tls.Conn, facts *handshakeFacts) *Error {
	e := &Error{Stage: StageTLS, Addr: addr, Err: err}
	failed := func(how string) { e.Line = couldNotConnect(addr, "SSL_connect failed: "+how) }
	if refused, ok := errors.AsType[*cert.VerifyError](err); ok {
		failed("certificate verify failed")
		e.Code, e.Cause, e.Fix = refused.Code, refused.Detail, refused.Fix
		return e
	}
	if suite, ok := errors.AsType[*cert.CipherError](err); ok {
		failed("no ciphersuite of --tls-ciphersuites")
		e.Code, e.Cause, e.Fix = CodeCiphers, suite.Detail, suite.Fix
		return e
	}
	if alert, ok := cert.AlertOf(err); ok {
		why := cert.ExplainAlert(alert, cert.AlertContext{
			CertificateRequested: facts.asked.Load(), CertificateSent: d.tls.client != nil,
			TLS13: conn.ConnectionState().Version == tls.VersionTLS13,
		})
		failed(cert.OpenSSLAlert(alert))
		e.Code, e.Cause, e.Fix = why.Code, why.Cause, why.Fix
		return e
	}
	header, notTLS := isRecordHeader(err)
	silent := facts.received.Load() == 0
	switch {
	case facts.plain.Load(), notTLS && looksLikeRedis(header), silent && isReset(err) && d.speaksPlainRedis(ctx, addr):
		failed("this port speaks plain Redis, not TLS")
		e.Code = CodeTLSToPlain
		e.Cause = "a plain PING on the same port is answered; a Redis without TLS never answers a TLS hello"
		e.Fix = "leave out --tls and the certificate options (or use redis:// instead of rediss://), or give the server's tls-port with -p, often 6380"
	case notTLS:
		failed("wrong version number")
		e.Code = CodeNotRedis
		e.Cause = fmt.Sprintf("what listens there answers a TLS hello with %q: neither TLS nor Redis", header[:])
		e.Fix = "check the host and the port"
	default:
		brokenHandshake(e, err)
	}
	return e
}

// brokenHandshake explains a handshake that ended without a word of TLS.
func brokenHandshake(e *Error, err error) {
	const maybe = "it may be at maxclients, or be a proxy that wants a server name (SNI) or has no backend"
	switch {
	case isTimeout(err):
		e.Code = CodeTimeout
		e.Line = couldNotConnect(e.Addr, "Connection timed out")
		e.Cause = "the TCP connection stands, but the TLS handshake got no answer within the connect timeout"
		e.Fix = "check that this is the server's TLS port and that no firewall or load balancer without a backend stands in between; -t SECONDS waits longer"
	case isReset(err):
		e.Code = CodeCloseAtOnce
		e.Line = couldNotConnect(e.Addr, "SSL_connect failed: unexpected eof while reading")
		if errors.Is(err, syscall.ECONNRESET) {
			e.Line = couldNotConnect(e.Addr, "SSL_connect failed: Connection reset by peer")
		}
		e.Cause = "the server ended the TLS handshake without saying why: " + maybe
		e.Fix = "try --sni NAME with the name the server is known by; look into the server's log"
	default: // what crypto/tls refused by itself
		e.Code = CodeTLS
		e.Line = couldNotConnect(e.Addr, "SSL_connect failed: "+strings.TrimPrefix(rootText(err), "Tls: "))
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
	e := &Error{Stage: StageTLS, Addr: addr, Err: err, Line: "Error: Server closed the connection"}
	if conn.tls == nil {
		if !isReset(err) || !d.speaksTLS(ctx, addr) {
			return nil, false
		}
		return plainToTLS(addr, err), true
	}
	about := cert.AlertContext{
		CertificateRequested: conn.tls.facts.asked.Load(), CertificateSent: conn.tls.sentCert,
		TLS13: conn.tls.ConnectionState().Version == tls.VersionTLS13,
	}
	alert, isAlert := cert.AlertOf(err)
	if !isAlert && (!about.CertificateRequested || !isReset(err)) {
		return nil, false
	}
	if !isAlert {
		alert = cert.AlertHandshakeFailure // the alert was lost in the reset; the request remains as evidence
	}
	why := cert.ExplainAlert(alert, about)
	e.Code, e.Cause, e.Fix = why.Code, why.Cause, why.Fix
	return e, true
}

// plainToTLS explains a plain connection to a port that speaks TLS. err is how
// the server ended it, or nil when it answered with a TLS alert.
func plainToTLS(addr Addr, err error) *Error {
	e := &Error{
		Stage: StageTLS, Addr: addr, Code: CodePlainToTLS, Err: err,
		Line:  "Error: Protocol error, got \"\\x15\" as reply type byte",
		Cause: "this port speaks TLS, and the connection was made without it",
		Fix:   "add --tls --cacert CA.crt (or use rediss:// instead of redis://), or give the plain port with -p",
	}
	if err != nil {
		e.Line = streamError(addr, err, false).Line
	}
	return e
}
