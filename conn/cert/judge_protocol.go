package cert

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// judgeProtocol finds two sides that do not speak the same: TLS and not TLS, Redis and not Redis.
func (j *judge) judgeProtocol() {
	o := j.o
	if o.Stage != StageTLS && o.Stage != StageReply {
		return
	}
	if o.Target.Plain {
		j.judgePlain()
		return
	}
	if o.Stage == StageReply {
		j.judgeSilentRedis()
		return
	}
	if o.Alert != nil || o.ClientAuth.Requested || o.Version != 0 && len(o.Chain) > 0 {
		return // it speaks TLS
	}
	switch opening := j.opening(); {
	case opensReply(opening):
		j.plainRedis(opening)
	case opening != "":
		j.add(j.notRedis(opening))
	case isTimeout(o.Err) || errors.Is(o.Err, errOtherAnswer):
		j.stall()
	case endedByPeer(o.Err):
		j.closedAtOnce()
	}
}

// opening is what the other side answers, in clear, where TLS was expected.
func (j *judge) opening() string {
	if len(j.o.Plain.Reply) > 0 {
		return string(j.o.Plain.Reply)
	}
	if first := j.o.FirstBytes; len(first) > 0 && !opensTLS(first) {
		return string(first)
	}
	return ""
}

// opensTLS reports whether bytes are the beginning of a TLS record: an alert or a handshake.
func opensTLS(b []byte) bool {
	const alert, handshake, major = 0x15, 0x16, 3
	return (b[0] == alert || b[0] == handshake) && (len(b) == 1 || b[1] == major)
}

// plainRedis explains a Redis that answers in clear where TLS was expected.
func (j *judge) plainRedis(reply string) {
	port := "port"
	if j.o.Target.Network == "unix" {
		port = "socket" // at which no Redis speaks TLS
	}
	f := Finding{
		Code: CodeTLSToPlain, Severity: SeverityCrit, Scope: ScopeTarget,
		Message:  "this " + port + " speaks plain Redis, not TLS",
		Cause:    "a plain PING on the same " + port + " is answered; a Redis without TLS takes a TLS hello for half a command and waits for the rest",
		Evidence: []Fact{{"plain_reply", printable(firstLineOf(reply))}},
	}
	if limit, ok := j.limitFinding(reply); ok {
		j.add(limit)
		f.Evidence = nil
	}
	for _, s := range j.o.Siblings {
		if s.TLS {
			f.Fixes = append(f.Fixes, j.byClient(j.inv().With("-p", strconv.Itoa(s.Port)), "the port of the same host that speaks TLS"))
		}
	}
	if number := j.o.Plain.TLSPort; number != 0 {
		f.Evidence = append(f.Evidence, Fact{"tls_port", strconv.Itoa(number)})
		f.Fixes = append(f.Fixes,
			j.byClient(j.atPort(strconv.Itoa(number)), "its tls-port, as it says itself"),
			j.byClient(j.inv().Without(tlsOptions()...), "without TLS, so nothing is encrypted, passwords neither"))
		j.add(f)
		return
	}
	f.Fixes = append(f.Fixes,
		j.byClient(j.inv().Without(tlsOptions()...), "without TLS, so nothing is encrypted, passwords neither"),
		fillIn(j.byClient(j.atPort("PORT"), "if the server has a tls-port, often 6380: CONFIG GET tls-port")),
		fillIn(redisFix("CONFIG SET tls-cert-file SERVER.crt tls-key-file SERVER.key tls-ca-cert-file CA.crt tls-port PORT",
			"if it is to speak TLS; the same in redis.conf, to last")),
	)
	j.add(f)
}

// atPort is the command line for another port of the same host: this one, when a socket was meant.
func (j *judge) atPort(port string) Invocation {
	if j.o.Target.Network == "unix" {
		return j.inv().Without("-s").With("-h", "127.0.0.1").With("-p", port)
	}
	return j.inv().With("-p", port)
}

func firstLineOf(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimSuffix(line, "\r")
}

// limitFinding explains a Redis that lets nobody in, in whatever way it says so.
func (j *judge) limitFinding(reply string) (Finding, bool) {
	f := Finding{Severity: SeverityCrit, Scope: ScopeTarget, Evidence: []Fact{{"reply", printable(firstLineOf(reply))}}}
	switch {
	case strings.HasPrefix(reply, "-DENIED") || strings.HasPrefix(reply, "-DENI") && len(reply) <= 5:
		f.Code = CodeProtectedMode
		f.Message = "the server is in protected mode and serves only its own host"
		f.Cause = "no password is set and no address bound, so it refuses everybody from outside"
		f.Fixes = []Fix{
			fillIn(redisFix("CONFIG SET requirepass PASSWORD", "on the server's own host; the same in redis.conf, to last")),
			redisFix("CONFIG SET protected-mode no", "only when a firewall keeps everybody else out: whoever reaches the port owns the data"),
		}
	case strings.HasPrefix(reply, "-ERR max number of clients"):
		f.Code = CodeMaxClients
		f.Message = "the server has as many clients as it takes (maxclients)"
		f.Cause = "programs that open connections and never close them, or a limit that is too low"
		f.Fixes = j.moreClients()
	default:
		return f, false
	}
	return f, true
}

func (j *judge) moreClients() []Fix {
	return []Fix{redisFix("CONFIG SET maxclients 10000",
		"Redis' own default; over a connection that is still open, where CLIENT LIST shows who holds the others")}
}

// notRedis explains something that answers a TLS hello in clear and is no Redis.
func (j *judge) notRedis(opening string) Finding {
	line := printable(firstLineOf(opening))
	what := "neither TLS nor Redis"
	for _, known := range []struct{ prefix, name string }{
		{"HTTP/", "a web server without TLS"},
		{"SSH-", "an SSH server"},
		{"220 ", "a mail or FTP server"},
		{"<", "a web server"},
		{"\x00", "another program"},
	} {
		if strings.HasPrefix(opening, known.prefix) {
			what = known.name
		}
	}
	return Finding{
		Code: CodeNotRedis, Severity: SeverityCrit, Scope: ScopeTarget,
		Message:  "what listens there is " + what,
		Cause:    fmt.Sprintf("it answers with %q", line),
		Evidence: []Fact{{"first_bytes", line}},
		Fixes:    j.otherPort(),
	}
}

func (j *judge) otherPort() []Fix {
	return append(j.siblingFixes(), fillIn(j.byClient(j.inv().With("-h", "HOST").With("-p", "PORT"), "check host and port")))
}

// stall explains a port that accepts connections and says nothing, with TLS and without.
func (j *judge) stall() {
	j.unknown = true
	f := Finding{
		Code: CodeStall, Severity: SeverityCrit, Scope: ScopeTarget,
		Message:  "the TCP connection stands, but the TLS handshake got no answer in time",
		Cause:    "a firewall or a load balancer without a backend is in between, the server hangs, or another protocol is spoken there",
		Evidence: []Fact{{"received", strconv.FormatInt(j.o.Received, 10)}},
		Fixes: []Fix{
			{Side: SideServer, Note: "look whether the server runs and answers locally, and what lies between it and the network"},
			{Side: SideClient, Note: "check host and port; -t SECONDS waits longer"},
		},
	}
	if j.o.Plain.Done {
		f.Cause = "a plain PING is not answered either: " + f.Cause
		f.Evidence = append(f.Evidence, Fact{"plain_reply", "none"})
	}
	if j.o.Received > 0 {
		f.Message = "the TLS handshake began and stopped in the middle"
		f.Cause = "large packets are lost on the way (MTU), or the server hangs"
	}
	j.add(f)
}

// closedAtOnce explains a handshake that was ended without a word.
func (j *judge) closedAtOnce() {
	if j.wantsName() {
		j.add(j.sniRequired())
		return
	}
	for _, s := range j.o.Siblings {
		if limit, ok := j.limitFinding(s.Reply); ok {
			limit.Evidence = append(limit.Evidence, Fact{"port", strconv.Itoa(s.Port)})
			j.add(limit)
			return
		}
	}
	f := Finding{
		Code: CodeCloseAtOnce, Severity: SeverityCrit, Scope: ScopeTarget,
		Message: "the connection was closed at the TLS hello, without a reason given",
		Cause: "a load balancer without a backend, a proxy that wants another server name (SNI), a server with as many clients as it takes " +
			"(maxclients), or a filter of addresses",
		Evidence: []Fact{{"error", errorText(j.o.Err)}, {"received", strconv.FormatInt(j.o.Received, 10)}},
		Fixes: append(j.siblingFixes(),
			j.askByName(),
			Fix{Side: SideServer, Note: "look into the logs of the server and of what stands before it; INFO stats: rejected_connections"},
		),
	}
	j.add(f)
}

// judgeSilentRedis explains a handshake that went well and brought no Redis.
func (j *judge) judgeSilentRedis() {
	o := j.o
	switch {
	case o.Alert != nil: // see judgeClient
	case o.Reply != "" && !opensReply(o.Reply):
		j.notRedisBehindTLS()
	case isTimeout(o.Err):
		j.unknown = true
		j.add(Finding{
			Code: CodeStall, Severity: SeverityCrit, Scope: ScopeTarget,
			Message: "TLS is fine, but PING got no answer in time",
			Cause:   "the server is busy with a long command, or what ends TLS there has no Redis behind it",
			Fixes:   []Fix{{Side: SideServer, Note: "look whether the Redis behind it answers: SLOWLOG GET, and the log of the proxy"}},
		})
	case o.ClientAuth.Requested: // the alert was lost; see judgeClient
	case j.wantsName():
		j.add(j.sniRequired())
	case o.Err != nil && endedByPeer(o.Err):
		j.add(Finding{
			Code: CodeCloseAtOnce, Severity: SeverityCrit, Scope: ScopeTarget,
			Message:  "the server shook hands, and closed the connection at PING",
			Cause:    "what ends TLS there has no Redis behind it, or is another kind of server",
			Evidence: []Fact{{"error", errorText(o.Err)}},
			Fixes:    append([]Fix{{Side: SideServer, Note: "look into the log of what ends TLS there: stunnel, HAProxy, a load balancer"}}, j.otherPort()...),
		})
	}
}

func (j *judge) notRedisBehindTLS() {
	if j.wantsName() {
		j.add(j.sniRequired())
		return
	}
	line := printable(firstLineOf(j.o.Reply))
	what := "no Redis"
	if strings.HasPrefix(line, "HTTP/") {
		what = "a web server (HTTPS)"
	}
	j.add(Finding{
		Code: CodeNotRedisTLS, Severity: SeverityCrit, Scope: ScopeTarget,
		Message:  "TLS is spoken there, but behind it is " + what,
		Cause:    fmt.Sprintf("it answers PING with %q; a proxy may need a server name (SNI) to find the Redis", line),
		Evidence: []Fact{{"reply", line}},
		Fixes: append(j.otherPort(),
			fillIn(j.byClient(j.inv().With("--sni", "NAME"), "if it is a proxy that chooses by name"))),
	})
}
