package cert

// terminatorSign says by what it shows that something ends TLS in front of Redis: stunnel, HAProxy, a load balancer. It is empty when nothing
// does, or that cannot be told.
func terminatorSign(o Observation) string {
	if o.Target.Plain || o.Stage != StageDone || o.Version == 0 {
		return ""
	}
	mode := o.Server.Parameters["tls-auth-clients"]
	switch asks := o.ClientAuth.Requested; {
	case len(o.ClientAuth.AcceptableCAs) > 0:
		return "it names the CAs whose client certificates it takes, as Redis never does"
	case o.ALPN != "" || o.OCSPStapled || o.SCTs > 0:
		return "its handshake has extensions that Redis does not know"
	case o.Server.Parameters["tls-port"] == "0":
		return "Redis says that it speaks no TLS itself (tls-port 0)"
	case !asks && (mode == "yes" || mode == "optional"):
		return "no client certificate is asked for, and Redis says that it asks for one (tls-auth-clients " + mode + ")"
	case asks && mode == "no":
		return "a client certificate is asked for, and Redis says that it asks for none (tls-auth-clients no)"
	default:
		return ""
	}
}

// judgeTerminator mentions what ends TLS in front of Redis: certificates are its business then.
func (j *judge) judgeTerminator() {
	if j.terminator == "" {
		return
	}
	j.add(Finding{
		Code: CodeTerminator, Severity: SeverityInfo, Scope: ScopeTarget, Evidence: j.acceptableFacts(),
		Message: "something ends TLS in front of Redis: " + j.terminator,
		Cause:   "it is what has the certificate, and decides about those of clients: stunnel, HAProxy, a load balancer; what redis.conf says of TLS counts behind it",
	})
}

// thenLoad ends a sentence with how a renewed certificate is brought into use.
func (j *judge) thenLoad() string {
	if j.terminator != "" {
		return "; then have what ends TLS in front of Redis load it"
	}
	return "; then " + j.load("").Command
}
