package cert

import (
	"context"
	"errors"
)

// judgePlain explains a connection meant to be plain that brought no Redis.
func (j *judge) judgePlain() {
	o := j.o
	opening := o.Reply
	if opening == "" {
		opening = j.opening()
	}
	switch {
	case j.tlsAnswered():
		j.add(j.plainToTLS())
	case opening != "" && !opensReply(opening):
		j.add(j.notRedis(opening))
	case isTimeout(o.Err):
		j.stall()
		f := &j.findings[len(j.findings)-1]
		f.Message = "the TCP connection stands, but PING got no answer in time"
		f.Cause = "a firewall or a load balancer without a backend is in between, or the server hangs"
	case o.Err != nil:
		j.closedPlain()
	}
}

func (j *judge) closedPlain() {
	for _, s := range j.o.Siblings {
		if limit, ok := j.limitFinding(s.Reply); ok {
			j.add(limit)
			return
		}
	}
	j.add(Finding{
		Code: CodeCloseAtOnce, Severity: SeverityCrit, Scope: ScopeTarget,
		Message:  "the connection was closed at PING, without an answer",
		Cause:    "a load balancer without a backend, a filter of addresses, or a server that is no Redis",
		Evidence: []Fact{{"error", errorText(j.o.Err)}},
		Fixes:    j.otherPort(),
	})
}

// tlsAnswered reports whether a port that was to be plain answered a TLS hello, or answers PING with a TLS alert.
func (j *judge) tlsAnswered() bool {
	o := j.o
	if o.Version != 0 || len(o.FirstBytes) > 1 && opensTLS(o.FirstBytes) {
		return true
	}
	return len(o.Trials) > 0 && (o.Trials[0].OK || o.Trials[0].Alert != nil)
}

// plainToTLS explains a plain connection to a port that speaks TLS. The fix is the whole command that works: with the CA, the name and the
// client certificate it takes, where these can be found.
func (j *judge) plainToTLS() Finding {
	f := Finding{
		Code: CodePlainToTLS, Severity: SeverityCrit, Scope: ScopeTarget,
		Message: "this port speaks TLS, and the connection was made without it",
		Cause:   "a TLS server ends a connection that does not begin with a TLS hello",
	}
	if j.o.Version != 0 {
		f.Evidence = append(f.Evidence, Fact{"tls", "TLS " + VersionNumber(j.o.Version)})
	}
	i := j.inv().WithSwitch("--tls")
	note, incomplete := "rediss:// instead of redis:// does the same", false
	if chain := j.o.Chain; len(chain) > 0 {
		j.sent = chain
		system := appraise(chain, Roots{}, j.now)
		if j.chain = system; len(system.faults) > 0 {
			if ca, ok := j.trustedBy(); ok {
				i, note = ca.invocation(i), ca.note()
			} else {
				i, incomplete = i.With("--cacert", "CA.crt"), true
			}
		}
		host := j.o.Target.Host
		if name, _ := usableName(chain[0]); name != "" && !IsLoopback(host) && !matchesAny(chain[0], []string{host}) {
			i, note = i.With("--tls-verify-name", name), note+"; "+name+" is what the certificate is made out to"
		}
		j.sent, j.chain = nil, chainOf{}
	} else {
		i, incomplete = i.With("--cacert", "CA.crt"), true
	}
	if refused := len(j.o.Trials) > 0 && j.o.Trials[0].Alert != nil && j.o.ClientAuth.Requested; refused {
		if pair, ok := j.nearbyPair(j.o.Chain); ok {
			i = pair.invocation(i)
		} else {
			i, incomplete = i.With("--cert", "CLIENT.crt").With("--key", "CLIENT.key"), true
		}
	}
	fix := j.byClient(i, note)
	fix.Placeholders = incomplete
	f.Fixes = []Fix{fix, fillIn(j.byClient(j.inv().With("-p", "PORT"), "if the server has a port without TLS"))}
	return f
}

// judgeRest explains a connection that failed, when nothing that was looked at says why.
func (j *judge) judgeRest() {
	o := j.o
	if o.Stage == "" || o.Stage == StageDone || o.Err == nil || j.broken() {
		return
	}
	f := Finding{
		Code: CodeTLS, Severity: SeverityCrit, Scope: ScopeTarget, Message: "the connection failed: " + errorText(o.Err),
		Fixes: []Fix{{Side: SideServer, Note: "look into the server's log"}},
	}
	refused, isRefused := errors.AsType[*VerifyError](o.Err)
	switch {
	case errors.Is(o.Err, context.Canceled):
		j.unknown = true
		return
	case isRefused && refused.Code != "" && refused.Detail != "":
		f = j.refusal(refused)
		f.Severity = SeverityCrit
	case isTimeout(o.Err):
		j.unknown = true
		f.Code, f.Message = CodeStall, "the server did not answer in time"
		f.Cause = "large packets are lost on the way (MTU), or the server hangs"
	case endedByPeer(o.Err):
		f.Code, f.Message = CodeCloseAtOnce, "the server closed the connection without a reason given"
		f.Cause = "a load balancer without a backend, a filter, or a server that is no Redis"
	}
	j.add(f)
}
