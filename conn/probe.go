package conn

import (
	"bytes"
	"context"
	"errors"
	"time"

	"redan/conn/cert"
)

// probeTimeout bounds what is spent on finding out why a connection failed; the
// connect timeout bounds it too.
const probeTimeout = 2 * time.Second

// failureHellos is how many further handshakes that may take: enough to learn the
// versions and the certificate. Each leaves a line in the server's log.
const failureHellos = 5

// prober looks at addr as d connects to it.
func (d *Dialer) prober(addr Addr) cert.Prober {
	p := cert.Prober{Dial: d.net, Timeout: d.timeout, Now: time.Now}
	if d.tls != nil {
		limits := d.tls.config(addr, &handshakeFacts{})
		p.Client, p.MinVersion, p.MaxVersion, p.CipherSuites = d.tls.client, limits.MinVersion, limits.MaxVersion, limits.CipherSuites
	}
	return p
}

// lookAgain is for failures that say too little: it looks at the port once more,
// for what would have worked. When that look meets no failure, or the time is up, o
// remains what is known.
func (d *Dialer) lookAgain(ctx context.Context, addr Addr, o cert.Observation) cert.Observation {
	p := d.prober(addr)
	p.Timeout, p.Hellos = min(d.timeout, probeTimeout), failureHellos
	again := p.Probe(ctx, d.target(addr))
	if ctx.Err() != nil || again.Err == nil || isTimeout(again.Err) {
		return o
	}
	return again
}

// saysLittle reports whether the error of a handshake leaves open what the server
// wants: an alert that is not about certificates, a connection that just ends,
// or a certificate that crypto/tls cannot read.
func saysLittle(err error, asked bool) bool {
	if alert, ok := cert.AlertOf(err); ok {
		switch alert {
		case cert.AlertProtocolVersion, cert.AlertInsufficientSecurity, cert.AlertInternalError, cert.AlertUnrecognizedName:
			return true
		case cert.AlertHandshakeFailure:
			return !asked
		}
		return false
	}
	if _, known := errors.AsType[*cert.VerifyError](err); known {
		return false
	}
	if _, known := errors.AsType[*cert.CipherError](err); known {
		return false
	}
	if _, known := isRecordHeader(err); known {
		return false
	}
	return !isTimeout(err)
}

// isRedisReply reports whether reply, to a plain PING, is that of a Redis server.
func isRedisReply(reply []byte) bool {
	for _, opening := range []string{"+PONG", "-NOAUTH", "-NOPERM", "-LOADING", "-MASTERDOWN", "-DENIED", "-ERR", "-WRONGPASS"} {
		if bytes.HasPrefix(reply, []byte(opening)) {
			return true
		}
	}
	return false
}
