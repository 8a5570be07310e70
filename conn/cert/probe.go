package cert

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"syscall"
	"time"
)

// Prober looks at one end as a client would, and keeps what it sees. It refuses nothing: what is wrong is for [Judge] to say. A Prober may
// be used by several goroutines at once, provided its functions may.
type Prober struct {
	// Dial makes network connections, as net.Dialer.DialContext does.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Timeout bounds a whole probe, further looks included: whatever the peer does, Probe returns within it. 0 means 5 seconds.
	Timeout time.Duration
	// Now is the clock that durations are measured with.
	Now func() time.Time

	// Client is the client certificate that is sent when the server asks for one, even if its list of acceptable CAs does not name the
	// issuer. Nil answers with none.
	Client *tls.Certificate
	// MinVersion, MaxVersion and CipherSuites are what a normal connection would offer, as in crypto/tls: zero means its defaults.
	MinVersion, MaxVersion uint16
	CipherSuites           []uint16

	// Interview asks the server about itself, over the connection that has just answered PING. Nil asks nothing. Its reads and writes fail
	// when ctx is done, whatever deadlines it sets. Over TLS, c has the method ConnectionState of tls.Conn.
	Interview func(ctx context.Context, c net.Conn) Server
	// Siblings are the ports to look at on the same host when the port asked for refuses connections or closes them at once.
	Siblings []int
	// Hellos is how many further connections may be spent on finding out what the server would accept, when nothing was in common. Each
	// leaves a line in its log. 0 means 60, which is enough to name every cipher suite; 5 tell the versions and the certificate.
	Hellos int
}

// ErrNotRedis is the [Observation]'s error when PING was answered by something that is no Redis reply.
var ErrNotRedis = errors.New("PING was answered, but not by a Redis")

// defaultTimeout is the Prober's when it has none.
const defaultTimeout = 5 * time.Second

// Probe connects to t, shakes hands, sends PING, holds the interview and closes the connection. Where that brings no answer, it looks
// further, one connection after the other, for what would: at the port without TLS, at the server's other names, versions and cipher suites,
// at other ports. It has no error of its own: what went wrong is part of the [Observation]. When ctx is cancelled it returns at once with what
// it saw so far.
//
// With [Target.Plain] PING goes out without TLS. If it is not answered by a Redis, a second connection tries TLS. That one is the first of
// [Observation.Trials]; and if it agreed on a version, then Version, Suite, Group, Chain and ClientAuth are what it saw, while Stage, Err and
// Reply remain those of the plain connection. So the port speaks TLS when that trial is OK or has an alert or Version is not 0.
func (p Prober) Probe(ctx context.Context, t Target) Observation {
	timeout := p.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	bounded, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r := &probing{Prober: p, target: t, seen: Observation{Target: t, At: p.Now()}}
	if t.Plain {
		r.probePlain(bounded)
	} else {
		r.probeTLS(bounded)
	}
	if ctx.Err() != nil && r.seen.Stage != StageDone {
		r.seen.Err = ctx.Err() // rather than what the cut connection said
	}
	return r.seen
}

// LookPlain asks t for PING on a plain connection, which needs no rights, and if that is answered for its tls-port.
func (p Prober) LookPlain(ctx context.Context, t Target) PlainLook {
	r := &probing{Prober: p, target: t}
	return r.plainLook(ctx, t.Address)
}

// probing is one run of a Prober.
type probing struct {
	Prober
	target Target
	seen   Observation
}

// probeTLS is the probe of a target that should speak TLS.
func (r *probing) probeTLS(ctx context.Context) {
	looked := make(chan PlainLook, 1)
	v := r.visit(ctx, r.usualOffer(), func(ctx context.Context) bool {
		look := r.plainLook(ctx, r.target.Address)
		looked <- look
		return opensReply(string(look.Reply))
	})
	defer v.end()
	select {
	case r.seen.Plain = <-looked:
	default:
	}
	v.report(&r.seen)
	if r.seen.Stage == StageDone {
		r.interview(ctx, v.peer())
		return
	}
	v.end() // the further looks do not need it, and a server may allow only one
	r.lookFurther(ctx)
}

// interview asks the server about itself, when there is somebody to ask it.
func (r *probing) interview(ctx context.Context, c net.Conn) {
	if r.Interview != nil && ctx.Err() == nil {
		r.seen.Server = r.Interview(ctx, c)
	}
}

// lookFurther finds out what would have worked.
func (r *probing) lookFurther(ctx context.Context) {
	o := &r.seen
	switch {
	case o.Stage == StageConnect && errors.Is(o.Err, syscall.ECONNREFUSED):
		r.lookAtSiblings(ctx)
	case o.Stage == StageTLS && o.Alert != nil:
		r.explainAlert(ctx)
	case o.Stage == StageTLS && refusedByUs(o.Err):
		r.fetchChain(ctx)
	case o.Stage == StageTLS:
		r.explainEnd(ctx)
	case o.Stage == StageReply && o.Alert == nil && !o.ClientAuth.Requested:
		r.tryNames(ctx)
	case o.Stage == StageReply && errors.Is(o.Err, ErrNotRedis):
		r.tryNames(ctx)
	}
}

// explainAlert looks for what the server refused in the handshake.
func (r *probing) explainAlert(ctx context.Context) {
	switch r.seen.Alert.Number {
	case AlertUnrecognizedName:
		r.tryNames(ctx)
	case AlertProtocolVersion:
		if !r.tryVersions(ctx) {
			r.findCommon(ctx)
		}
	case AlertHandshakeFailure:
		if !r.seen.ClientAuth.Requested {
			r.findCommon(ctx)
		}
	case AlertInsufficientSecurity, AlertInternalError:
		r.findCommon(ctx)
	}
}

// explainEnd looks for the reason of a handshake that ended, or stood still, without a word of TLS.
func (r *probing) explainEnd(ctx context.Context) {
	o := &r.seen
	if !o.Plain.Done {
		o.Plain = r.plainLook(ctx, r.target.Address)
	}
	if !endedByPeer(o.Err) || len(o.Plain.Reply) > 0 {
		return
	}
	if !r.tryNames(ctx) && o.Received == 0 {
		r.lookAtSiblings(ctx)
	}
}

// endedByPeer reports whether the peer ended the connection without saying why.
func endedByPeer(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.ECONNABORTED) || errors.Is(err, syscall.EPIPE)
}

// refusedByUs reports whether crypto/tls ended the handshake of its own accord: for a certificate it cannot read or thinks too large, a
// signature it does not know, or a peer that breaks the rules. Neither the network nor the peer said anything then.
func refusedByUs(err error) bool {
	if err == nil || endedByPeer(err) || errors.Is(err, errOtherAnswer) {
		return false
	}
	var network net.Error // alerts of the peer are among them
	var noTLS tls.RecordHeaderError
	return !errors.As(err, &network) && !errors.As(err, &noTLS) && !errors.Is(err, context.Canceled)
}
