package certreport

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"math"
	"slices"
	"strings"
	"time"

	"redan/conn/cert"
)

type (
	target struct {
		Target        string        `json:"target"`
		Verdict       string        `json:"verdict"`
		IP            string        `json:"ip"`
		Kind          string        `json:"kind"`
		Role          string        `json:"role"`
		Reach         reach         `json:"reach"`
		TLS           *tlsJSON      `json:"tls"`
		ClientAuth    clientAuth    `json:"client_auth"`
		ChainSent     []certificate `json:"chain_sent"`
		ChainVerified [][]string    `json:"chain_verified"`
		Names         namesJSON     `json:"names"`
		Server        serverJSON    `json:"server"`
		Findings      []finding     `json:"findings"`
		Error         *errorJSON    `json:"error"`
	}
	reach struct {
		Stage     string   `json:"stage"`
		DNS       *float64 `json:"dns_ms"`
		TCP       *float64 `json:"tcp_ms"`
		FirstByte *float64 `json:"first_byte_ms"`
		TLS       *float64 `json:"tls_ms"`
		Reply     *float64 `json:"reply_ms"`
	}
	tlsJSON struct {
		Version     string     `json:"version"`
		Suite       string     `json:"suite"`
		Group       string     `json:"group"`
		Resumed     bool       `json:"resumed"` // always false: a probe keeps no sessions
		ALPN        string     `json:"alpn"`
		OCSPStapled bool       `json:"ocsp_stapled"`
		SNISent     string     `json:"sni_sent"`
		Alert       *alertJSON `json:"alert"`
	}
	alertJSON struct {
		Number uint8  `json:"number"`
		Name   string `json:"name"`
		When   string `json:"when"`
	}
	clientAuth struct {
		Mode          string   `json:"mode"`
		AcceptableCAs []string `json:"acceptable_cas"`
		Requested     bool     `json:"requested"`
		Sent          bool     `json:"sent"`
	}
	certificate struct {
		Pos         int      `json:"pos"`
		Subject     string   `json:"subject"`
		Issuer      string   `json:"issuer"`
		Serial      string   `json:"serial"`
		SHA256      string   `json:"sha256"`
		SPKI        string   `json:"spki_sha256"`
		NotBefore   string   `json:"not_before"`
		NotAfter    string   `json:"not_after"`
		DaysLeft    int      `json:"days_left"`
		LifeUsed    int      `json:"life_used_pct"`
		Key         string   `json:"key"`
		Sig         string   `json:"sig"`
		IsCA        bool     `json:"is_ca"`
		SelfSigned  bool     `json:"self_signed"`
		DNS         []string `json:"dns"`
		IP          []string `json:"ip"`
		URI         []string `json:"uri"`
		ExtKeyUsage []string `json:"eku"`
		KeyUsage    []string `json:"ku"`
		Version     int      `json:"version"`
	}
	namesJSON struct {
		Wanted []string `json:"wanted"`
		Match  string   `json:"match"`
		By     string   `json:"by"`
	}
	serverJSON struct {
		Version    string            `json:"version"`
		Mode       string            `json:"mode"`
		ClockSkew  *float64          `json:"clock_skew_s"`
		Config     map[string]string `json:"config"`
		ConfigRead *string           `json:"config_read"`
	}
	errorJSON struct {
		Go       string `json:"go"`
		RedisCLI string `json:"redis_cli_would_say"`
	}
)

func targetOf(r cert.Report) target {
	o := r.Observation
	t := target{
		Target: o.Target.Name, Verdict: verdictText(verdictOf(r)), IP: hostOf(o.Remote), Kind: kindOf(r), Role: o.Server.Role,
		Reach: reach{
			Stage: stageOf(o), DNS: inMilliseconds(o.Timing.DNS), TCP: inMilliseconds(o.Timing.Connect),
			FirstByte: inMilliseconds(o.Timing.FirstByte), TLS: inMilliseconds(o.Timing.TLS), Reply: inMilliseconds(o.Timing.Reply),
		},
		TLS:        tlsOf(o),
		ClientAuth: clientAuthOf(r),
		ChainSent:  []certificate{}, ChainVerified: [][]string{},
		Names:    namesJSON{Wanted: orEmpty(r.Names.Wanted), Match: r.Names.Match, By: r.Names.By},
		Server:   serverOf(o.Server),
		Findings: findingsOf(r),
		Error:    errorOf(r),
	}
	if t.Names.By == "" {
		t.Names.By = "none"
	}
	for i, c := range o.Chain {
		t.ChainSent = append(t.ChainSent, certificateOf(c, i, o.At))
	}
	if r.Verified {
		path, _ := pathOf(r.Chain)
		sums := make([]string, 0, len(path))
		for _, link := range path {
			sums = append(sums, fingerprint(link.Cert.Raw))
		}
		t.ChainVerified = append(t.ChainVerified, sums)
	}
	return t
}

// kindOf says what answered. A list of CAs, a protocol or a stapled answer is nothing Redis sends: something stands before it.
func kindOf(r cert.Report) string {
	o := r.Observation
	isRedis := o.Server.Version != "" || o.Reply != "" && strings.ContainsRune("+-", rune(o.Reply[0]))
	switch {
	case isTerminated(r) || len(o.ClientAuth.AcceptableCAs) > 0 || o.ALPN != "" || o.OCSPStapled || o.SCTs > 0:
		return "proxy"
	case o.Server.Mode == "sentinel" || o.Server.Role == "sentinel":
		return "sentinel"
	case isRedis:
		return "redis"
	default:
		return "unknown"
	}
}

// stageOf is how far the connection came. To have been refused for want of a password is a stage of its own.
func stageOf(o cert.Observation) string {
	for _, prefix := range []string{"-NOAUTH", "-WRONGPASS"} {
		if strings.HasPrefix(o.LastReply(), prefix) {
			return "auth"
		}
	}
	if o.Server.AuthRefused != "" {
		return "auth"
	}
	return string(o.Stage)
}

func inMilliseconds(d time.Duration) *float64 {
	if d <= 0 {
		return nil
	}
	ms := float64(d.Microseconds()) / 1000
	return &ms
}

// tlsOf is nil when no TLS was spoken at all.
func tlsOf(o cert.Observation) *tlsJSON {
	if o.Version == 0 && o.Alert == nil {
		return nil
	}
	t := tlsJSON{
		Version: cert.VersionNumber(o.Version), Group: groupName(o.Group), ALPN: o.ALPN, OCSPStapled: o.OCSPStapled, SNISent: o.Target.ServerName,
	}
	if o.Suite != 0 {
		t.Suite = tls.CipherSuiteName(o.Suite)
	}
	if o.Alert != nil {
		t.Alert = &alertJSON{Number: o.Alert.Number, Name: o.Alert.Name(), When: string(o.Alert.When)}
	}
	return &t
}

func clientAuthOf(r cert.Report) clientAuth {
	asked := r.Observation.ClientAuth
	c := clientAuth{Mode: r.ClientAuthMode, AcceptableCAs: []string{}, Requested: asked.Requested, Sent: asked.Sent}
	switch c.Mode {
	case "off", "optional", "required":
	default:
		c.Mode = "unknown"
	}
	for _, der := range asked.AcceptableCAs {
		c.AcceptableCAs = append(c.AcceptableCAs, distinguishedName(der))
	}
	return c
}

// distinguishedName reads a name in DER; what is none is given in hexadecimal.
func distinguishedName(der []byte) string {
	var sequence pkix.RDNSequence
	if rest, err := asn1.Unmarshal(der, &sequence); err != nil || len(rest) > 0 {
		return hex.EncodeToString(der)
	}
	return sequence.String()
}

func certificateOf(c *x509.Certificate, pos int, now time.Time) certificate {
	out := certificate{
		Pos: pos, Subject: c.Subject.String(), Issuer: c.Issuer.String(), Serial: serial(c), SHA256: fingerprint(c.Raw),
		SPKI: fingerprint(c.RawSubjectPublicKeyInfo), NotBefore: c.NotBefore.UTC().Format(time.RFC3339), NotAfter: c.NotAfter.UTC().Format(time.RFC3339),
		DaysLeft: wholeDays(c.NotAfter.Sub(now)), LifeUsed: lifeUsed(c, now), Key: cert.KeyKind(c.PublicKey), Sig: c.SignatureAlgorithm.String(), IsCA: c.IsCA,
		SelfSigned: isSelfSigned(c),
		DNS:        orEmpty(c.DNSNames), IP: []string{}, URI: []string{}, ExtKeyUsage: orEmpty(cert.ExtendedKeyUsages(c)), KeyUsage: keyUsages(c), Version: c.Version,
	}
	for _, ip := range c.IPAddresses {
		out.IP = append(out.IP, ip.String())
	}
	for _, uri := range c.URIs {
		out.URI = append(out.URI, uri.String())
	}
	return out
}

// wholeDays counts whole days. It is negative from the moment a certificate has expired.
func wholeDays(d time.Duration) int { return int(math.Floor(d.Hours() / 24)) }

// lifeUsed is how much of its life a certificate has behind it, in percent from 0 to 100.
func lifeUsed(c *x509.Certificate, now time.Time) int {
	life, used := c.NotAfter.Sub(c.NotBefore), now.Sub(c.NotBefore)
	switch {
	case used <= 0:
		return 0
	case life <= 0 || used >= life:
		return 100
	default:
		return int(100 * used.Seconds() / life.Seconds())
	}
}

func serverOf(s cert.Server) serverJSON {
	out := serverJSON{Version: s.Version, Mode: s.Mode, Config: map[string]string{}}
	if !s.Clock.IsZero() && !s.AskedAt.IsZero() {
		skew := float64(s.Clock.Sub(s.AskedAt).Round(time.Millisecond).Milliseconds()) / 1000 // never -0
		out.ClockSkew = &skew
	}
	for name, value := range s.Parameters {
		if !strings.Contains(name, "pass") { // no secrets, whoever asked for them
			out.Config[name] = value
		}
	}
	if s.Config != cert.AccessUnasked {
		access := string(s.Config)
		out.ConfigRead = &access
	}
	return out
}

func errorOf(r cert.Report) *errorJSON {
	would := redisCLI(r)
	if r.Observation.Err == nil && would == "" {
		return nil
	}
	e := errorJSON{RedisCLI: would}
	if r.Observation.Err != nil {
		e.Go = r.Observation.Err.Error()
	}
	return &e
}

// redisCLI returns what redis-cli prints on standard error where that is known; empty when it is not, or redis-cli would connect.
func redisCLI(r cert.Report) string {
	o := r.Observation
	cannot := "Could not connect to Redis at " + o.Target.Name + ": "
	switch {
	case has(r, cert.CodeDNS):
		return cannot + "Name or service not known"
	case has(r, cert.CodeRefused):
		return cannot + "Connection refused"
	case has(r, cert.CodePlainToTLS):
		return "Error: Connection reset by peer"
	case o.Alert != nil && o.Alert.When == cert.AlertFirstRead:
		return "Error: Server closed the connection"
	case o.Alert != nil:
		return cannot + "SSL_connect failed: " + cert.OpenSSLAlert(o.Alert.Number)
	case o.Version != 0 && len(o.Chain) > 0 && !r.Verified && !o.Target.Plain && has(r, distrust()...):
		return cannot + "SSL_connect failed: certificate verify failed"
	default:
		return ""
	}
}

// distrust are the codes of the faults for which redis-cli refuses a chain.
func distrust() []string {
	return []string{
		cert.CodeUnknownCA, cert.CodeSelfSignedLeaf, cert.CodeMissingIntermediate, cert.CodeWrongRootSameName, cert.CodeLeafAsCA,
		cert.CodeSHA1Signed, cert.CodeExpired, cert.CodeNotYetValid, cert.CodePathLen, cert.CodeWrongEKU, cert.CodeNameConstraint,
		cert.CodeUntrusted, cert.CodePartialChain, cert.CodeSameDNCA,
	}
}

// has reports whether a finding of one of the codes breaks the connection.
func has(r cert.Report, codes ...string) bool {
	return slices.ContainsFunc(r.Findings, func(f cert.Finding) bool {
		return f.Severity == cert.SeverityCrit && slices.Contains(codes, f.Code)
	})
}

// orEmpty keeps a list from being null.
func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
