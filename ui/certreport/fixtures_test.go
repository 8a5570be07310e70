package certreport

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net"
	"testing"
	"time"

	"redan/conn/cert"
)

// night is when all reports are made: 02:30 in the operator's time zone.
var night = time.Date(2026, 11, 22, 1, 30, 0, 0, time.UTC)

// cet is the operator's time zone.
var cet = time.FixedZone("CET", 3600)

const day = 24 * time.Hour

// made is a certificate and the key it can sign with.
type made struct {
	*x509.Certificate
	key ed25519.PrivateKey
}

// spec is a certificate to be made. Keys come from its names, and Ed25519 signs without chance, so it is always the same.
type spec struct {
	cn          string
	org         string
	dns         []string
	ips         []string
	age, left   time.Duration
	ca          bool
	by          *made
	serial      int64
	ellipticKey bool
}

func (s spec) make(t testing.TB) *made {
	t.Helper()
	seed := sha256.Sum256([]byte(s.cn + s.org))
	key := ed25519.NewKeyFromSeed(seed[:])
	public := key.Public()
	if s.ellipticKey {
		pair, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:])
		if err != nil {
			t.Fatal(err)
		}
		public = pair.Public()
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(s.serial), Subject: pkix.Name{CommonName: s.cn}, DNSNames: s.dns,
		NotBefore: night.Add(-s.age), NotAfter: night.Add(s.left), BasicConstraintsValid: true, IsCA: s.ca,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if s.org != "" {
		template.Subject.Organization = []string{s.org}
	}
	if s.ca {
		template.KeyUsage, template.ExtKeyUsage = x509.KeyUsageCertSign|x509.KeyUsageCRLSign, nil
	}
	for _, ip := range s.ips {
		template.IPAddresses = append(template.IPAddresses, net.ParseIP(ip))
	}
	parent, signer := template, key
	if s.by != nil {
		parent, signer = s.by.Certificate, s.by.key
	}
	der, err := x509.CreateCertificate(nil, template, parent, public, signer)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &made{c, key}
}

// lab is the usual chain: a root, an intermediate, a server.
type lab struct{ root, middle, leaf *made }

func newLab(t testing.TB, leaf spec) lab {
	t.Helper()
	root := spec{cn: "Lab Root A", ca: true, age: 30 * day, left: 3650 * day, serial: 0x01}.make(t)
	middle := spec{cn: "Lab Intermediate A1", ca: true, age: 30 * day, left: 1826 * day, serial: 0x1a, by: root}.make(t)
	leaf.by, leaf.ellipticKey, leaf.serial = middle, true, 0x03f0
	return lab{root, middle, leaf.make(t)}
}

func usualLeaf() spec {
	return spec{cn: "redis-2.lab", dns: []string{"redis-2.lab", "localhost"}, ips: []string{"10.0.0.12"}, age: time.Hour, left: 90 * day}
}

// link puts a certificate in a chain.
func link(m *made, standing cert.Standing) cert.Link {
	return cert.Link{Cert: m.Certificate, Sent: true, Standing: standing, Left: m.NotAfter.Sub(night)}
}

// anchor puts a trusted certificate from a file in a chain.
func anchor(m *made, file string) cert.Link {
	return cert.Link{Cert: m.Certificate, Trusted: true, Origin: file, Standing: cert.StandingOK, Left: m.NotAfter.Sub(night)}
}

// links is the lab's chain as sent, with the root known here.
func (l lab) links() []cert.Link {
	return []cert.Link{link(l.leaf, cert.StandingOK), link(l.middle, cert.StandingOK), anchor(l.root, "root.crt")}
}

func observed(name string, stage cert.Stage, chain ...cert.Link) cert.Observation {
	host, _, _ := net.SplitHostPort(name)
	o := cert.Observation{
		Target: cert.Target{Name: name, Network: "tcp", Address: name, Host: host, ServerName: host},
		At:     night, Remote: "10.0.0.12:6380", Stage: stage,
		Timing:   cert.Timing{DNS: 1 * time.Millisecond, Connect: 400 * time.Microsecond, FirstByte: 1200 * time.Microsecond, TLS: 2100 * time.Microsecond},
		Received: 2310, Version: tls.VersionTLS13, Suite: tls.TLS_AES_128_GCM_SHA256, Group: tls.X25519,
	}
	if stage == cert.StageDone {
		o.Timing.Reply, o.Reply = 200*time.Microsecond, "+PONG"
		o.Server = cert.Server{Info: cert.AccessOK, Version: "7.0.15", Mode: "cluster", Role: "master", Config: cert.AccessDenied}
	}
	for _, l := range chain {
		if l.Sent {
			o.Chain = append(o.Chain, l.Cert)
		}
	}
	return o
}

func checks(failed ...string) []cert.Check {
	list := []cert.Check{
		{Name: "reach", Note: "10.0.0.12:6380 answers"},
		{Name: "handshake", Note: "TLS 1.3"},
		{Name: "trust", Note: "the chain ends at Lab Root A in root.crt"},
		{Name: "dates", Note: "all certificates are valid now; the first expires in 90 days"},
		{Name: "names", Note: "redis-2.lab"},
		{Name: "usage", Note: "every certificate may be used as it is"},
		{Name: "keys", Note: "Ed25519 and P-256"},
		{Name: "client", Note: "no certificate is needed"},
		{Name: "reply", Note: "PONG"},
		{Name: "revocation", State: cert.CheckUnchecked, Note: ""},
		{Name: "CONFIG", State: cert.CheckUnchecked, Note: "no right"},
	}
	for i := range list {
		if list[i].State == "" {
			list[i].State = cert.CheckPassed
		}
		for _, name := range failed {
			if list[i].Name == name {
				list[i].State, list[i].Note = cert.CheckFailed, "see above"
			}
		}
	}
	return list
}

func matched() cert.NameMatch {
	return cert.NameMatch{
		Wanted: []string{"redis-2.lab"}, Present: []string{"redis-2.lab", "localhost", "10.0.0.12"}, Match: "redis-2.lab", By: "dialled",
	}
}

func healthy(t testing.TB) cert.Report {
	t.Helper()
	l := newLab(t, usualLeaf())
	return cert.Report{
		Observation: observed("redis-2.lab:6380", cert.StageDone, l.links()...), Chain: l.links(), Verified: true, Names: matched(),
		ClientAuthMode: "off", Checks: checks(),
	}
}

const base = "redan -h redis-2.lab -p 6380 --tls --cacert root.crt"

// clientMissing is what TLS 1.3 says only after the handshake.
func clientMissing(t testing.TB) cert.Report {
	t.Helper()
	r := healthy(t)
	r.Observation = observed("redis-2.lab:6380", cert.StageReply, r.Chain...)
	r.Observation.ClientAuth.Requested = true
	r.Observation.Alert = &cert.Alert{Number: cert.AlertCertificateRequired, When: cert.AlertFirstRead}
	r.Observation.Err = errors.New("remote error: tls: certificate required")
	r.Verdict, r.ClientAuthMode, r.Checks = cert.SeverityCrit, "required", checks("client", "reply")
	r.Findings = []cert.Finding{clientFinding()}
	return r
}

func clientFinding() cert.Finding {
	return cert.Finding{
		Code: cert.CodeClientCertMissing, Severity: cert.SeverityCrit, Scope: cert.ScopeTarget,
		Message:  "the server demands a client certificate, and none was given",
		Cause:    `TLS 1.3 reports this only after the handshake; redis-cli shows "Server closed the connection"`,
		Evidence: []cert.Fact{{Name: "alert", Value: "116"}, {Name: "when", Value: "first_read"}},
		Fixes: []cert.Fix{
			{Side: cert.SideClient, Language: cert.LanguageShell, Command: base + " --cert client.crt --key client.key"},
			{Side: cert.SideServer, Language: cert.LanguageRedis, Command: "CONFIG SET tls-auth-clients optional", Note: "if clients need not prove who they are"},
		},
	}
}

// threeFaults are an expired certificate with another name on a server that wants one from the client.
func threeFaults(t testing.TB) cert.Report {
	t.Helper()
	l := newLab(t, spec{cn: "redis-1.lab", dns: []string{"redis-1.lab"}, ips: []string{"10.0.0.11"}, age: 91 * day, left: -26 * time.Hour})
	chain := l.links()
	chain[0].Standing = cert.StandingExpired
	r := clientMissing(t)
	r.Observation.Chain = []*x509.Certificate{l.leaf.Certificate, l.middle.Certificate}
	r.Chain, r.Verified, r.Checks = chain, false, checks("dates", "names", "client", "reply")
	r.Names = cert.NameMatch{Wanted: []string{"redis-2.lab"}, Present: []string{"redis-1.lab", "10.0.0.11"}, By: "none"}
	r.Findings = []cert.Finding{
		{
			Code: cert.CodeExpired, Severity: cert.SeverityCrit, Scope: "cert:0",
			Message:  "the server's certificate (CN=redis-1.lab) expired 26 hours ago, on 2026-11-21 00:30 CET",
			Cause:    "its owner has to renew it; nothing on this side mends that",
			Evidence: []cert.Fact{{Name: "not_after", Value: "2026-11-20T23:30:00Z"}},
			Fixes: []cert.Fix{
				{Side: cert.SideServer, Language: cert.LanguageRedis, Command: "CONFIG SET tls-cert-file /etc/redis/tls/redis.crt tls-key-file /etc/redis/tls/redis.key", Note: "when the renewed files are in place"},
				{Side: cert.SideClient, Language: cert.LanguageShell, Command: base + " --tls-verify none", Note: "connects without any protection against a false server"},
			},
		},
		{
			Code: cert.CodeOtherName, Severity: cert.SeverityCrit, Scope: "cert:0",
			Message: "the certificate is for redis-1.lab, 10.0.0.11, not for redis-2.lab",
			Cause:   "the address may lead to another server than meant, or the certificate was issued without this name; redis-cli does not look at names",
			Fixes: []cert.Fix{
				{Side: cert.SideClient, Language: cert.LanguageShell, Command: base + " --tls-verify-name redis-1.lab", Note: "if that is the server you mean"},
				{Side: cert.SideServer, Language: cert.LanguageShell, Command: "redan cert issue --ca root.crt --ca-key root.key --host redis-2.lab,redis-1.lab,10.0.0.12,localhost,127.0.0.1 --out /etc/redis/tls"},
			},
		},
		clientFinding(),
	}
	return r
}

func unknownCA(t testing.TB) cert.Report {
	t.Helper()
	other := spec{cn: "Lab Root A", org: "Other", ca: true, age: 30 * day, left: 3650 * day, serial: 0x01}.make(t)
	middle := spec{cn: "Lab Intermediate A1", ca: true, age: 30 * day, left: 1826 * day, serial: 0x1b, by: other}.make(t)
	leaf := usualLeaf()
	leaf.by, leaf.ellipticKey, leaf.serial = middle, true, 0x03f1
	server := leaf.make(t)
	chain := []cert.Link{link(server, cert.StandingOK), link(middle, cert.StandingUnknown)}
	r := healthy(t)
	r.Observation = observed("redis-2.lab:6380", cert.StageDone, chain...)
	r.Chain, r.Verified, r.Verdict, r.Checks = chain, false, cert.SeverityCrit, checks("trust")
	r.Findings = []cert.Finding{{
		Code: cert.CodeUnknownCA, Severity: cert.SeverityCrit, Scope: "cert:1",
		Message: "no trusted CA issued the server's certificate: its chain ends at CN=Lab Root A,O=Other, which is not in root.crt",
		Cause:   "root.crt holds CN=Lab Root A, another CA; the server was moved to other certificates, or this is another server",
		Fixes: []cert.Fix{
			{Side: cert.SideClient, Language: cert.LanguageShell, Command: "redan -h redis-2.lab -p 6380 --tls --cacert CA.crt", Placeholders: true, Note: "with the file that holds CN=Lab Root A,O=Other"},
		},
	}}
	return r
}

func plainPort(t testing.TB) cert.Report {
	t.Helper()
	o := observed("redis-2.lab:6379", cert.StageTLS)
	o.Remote, o.Version, o.Suite, o.Group = "10.0.0.12:6379", 0, 0, 0
	o.Timing.TLS, o.Timing.FirstByte = 0, 0
	o.Err = errors.New("read tcp 10.0.0.5:40112->10.0.0.12:6379: i/o timeout")
	o.Plain = cert.PlainLook{Done: true, Reply: []byte("+PONG\r\n")}
	o.Siblings = []cert.Sibling{{Port: 6380, TLS: true}}
	return cert.Report{
		Observation: o, Verdict: cert.SeverityCrit, ClientAuthMode: "unknown",
		Findings: []cert.Finding{{
			Code: cert.CodeTLSToPlain, Severity: cert.SeverityCrit, Scope: cert.ScopeTarget,
			Message: "this port speaks Redis without TLS",
			Cause:   "Redis waits for the end of a line that never comes in a TLS greeting, so TLS clients hang here; redis-cli does for ever",
			Fixes: []cert.Fix{
				{Side: cert.SideClient, Language: cert.LanguageShell, Command: "redan -h redis-2.lab -p 6380 --tls --cacert root.crt", Note: "port 6380 answers TLS"},
				{Side: cert.SideClient, Language: cert.LanguageShell, Command: "redan -h redis-2.lab -p 6379", Note: "without TLS"},
			},
		}},
		Checks: []cert.Check{{Name: "reach", State: cert.CheckPassed}, {Name: "handshake", State: cert.CheckFailed}, {Name: "certificates", State: cert.CheckUnchecked, Note: "none came"}},
	}
}

func refused(t testing.TB) cert.Report {
	t.Helper()
	o := cert.Observation{
		Target: cert.Target{Name: "redis-2.lab:6390", Host: "redis-2.lab"}, At: night, Stage: cert.StageConnect,
		Err:    errors.New("dial tcp 10.0.0.12:6390: connect: connection refused"),
		Timing: cert.Timing{DNS: 1100 * time.Microsecond},
	}
	return cert.Report{
		Observation: o, Verdict: cert.SeverityCrit, ClientAuthMode: "unknown",
		Findings: []cert.Finding{{
			Code: cert.CodeRefused, Severity: cert.SeverityCrit, Scope: cert.ScopeTarget,
			Message: "nothing listens on port 6390 of redis-2.lab",
			Cause:   "the server is down, or listens on another port or address (bind)",
			Fixes: []cert.Fix{
				{Side: cert.SideServer, Language: cert.LanguageShell, Command: "ss -ltnp | grep redis"},
				{Side: cert.SideServer, Note: "start redis-server, or set tls-port 6390 in its configuration"},
			},
		}},
		Checks: []cert.Check{{Name: "reach", State: cert.CheckFailed}, {Name: "handshake", State: cert.CheckUnchecked}, {Name: "certificates", State: cert.CheckUnchecked}},
	}
}

// stalled is a port that takes connections and says nothing, whatever it is asked.
func stalled(t testing.TB) cert.Report {
	t.Helper()
	r := plainPort(t)
	r.Observation.Plain.Reply, r.Observation.Siblings = nil, nil
	r.Observation.Err = errors.New("read tcp 10.0.0.5:40112->10.0.0.12:6379: i/o timeout")
	r.Verdict, r.Unknown = cert.SeverityWarn, true
	r.Findings = []cert.Finding{{
		Code: cert.CodeStall, Severity: cert.SeverityWarn, Scope: cert.ScopeTarget,
		Message: "the port takes connections and answers nothing, with TLS or without, for 5 seconds",
		Cause:   "a firewall or load balancer without a server behind it does this, and a server that is stopped or overloaded",
		Fixes:   []cert.Fix{{Side: cert.SideServer, Language: cert.LanguageShell, Command: "redis-cli -p 6379 ping", Note: "on the host itself, past whatever stands before it"}},
	}}
	return r
}

// shortLived is a certificate machines renew, late.
func shortLived(t testing.TB) cert.Report {
	t.Helper()
	leaf := usualLeaf()
	leaf.age, leaf.left = 41*time.Hour, 7*time.Hour
	l := newLab(t, leaf)
	chain := l.links()
	chain[0].Standing = cert.StandingSoon
	r := healthy(t)
	r.Observation = observed("redis-2.lab:6380", cert.StageDone, chain...)
	r.Chain, r.Verdict, r.Checks = chain, cert.SeverityWarn, checks()
	r.Findings = []cert.Finding{
		{
			Code: cert.CodeExpiresSoon, Severity: cert.SeverityWarn, Scope: "cert:0",
			Message:  "the server's certificate (CN=redis-2.lab) expires in 7 hours, on 2026-11-22 09:30 CET, with 14 % of its 2 days left",
			Cause:    "it lives so short that a machine must renew it, and that has not happened",
			Evidence: []cert.Fact{{Name: "not_after", Value: "2026-11-22T08:30:00Z"}, {Name: "days_left", Value: "0"}},
			Fixes:    []cert.Fix{{Side: cert.SideServer, Language: cert.LanguageRedis, Command: "CONFIG SET tls-cert-file /etc/redis/tls/redis.crt tls-key-file /etc/redis/tls/redis.key", Note: "if the renewed files are in place already"}},
		},
		{
			Code: cert.CodeChainExtra, Severity: cert.SeverityInfo, Scope: "target",
			Message: "the server sends its root too, which clients have or do not trust",
		},
	}
	return r
}

func selfSigned(t testing.TB) cert.Report {
	t.Helper()
	leaf := usualLeaf()
	leaf.serial = 0x77
	own := leaf.make(t)
	chain := []cert.Link{link(own, cert.StandingUnknown)}
	r := healthy(t)
	r.Observation = observed("redis-2.lab:6380", cert.StageDone, chain...)
	r.Chain, r.Verified, r.Verdict, r.Checks = chain, false, cert.SeverityCrit, checks("trust")
	r.Findings = []cert.Finding{{
		Code: cert.CodeSelfSignedLeaf, Severity: cert.SeverityCrit, Scope: "cert:0",
		Message: "the server's certificate (CN=redis-2.lab) is signed by itself, and root.crt does not hold it",
		Cause:   "a self-signed certificate is trusted only where it is a trusted certificate itself",
		Fixes: []cert.Fix{
			{Side: cert.SideClient, Language: cert.LanguageShell, Command: "redan -h redis-2.lab -p 6380 --tls --cacert SERVER.crt", Placeholders: true},
			{Side: cert.SideServer, Note: "have a CA issue the certificate (redan cert init)"},
		},
	}}
	return r
}

// unverified is a server that nobody asked to prove who it is: what would break a connection does not break this one.
func unverified(t testing.TB) cert.Report {
	t.Helper()
	r := unknownCA(t)
	r.Verdict, r.Findings[0].Severity = cert.SeverityWarn, cert.SeverityWarn
	r.Names = cert.NameMatch{Wanted: []string{"redis-9.lab"}, Present: []string{"redis-2.lab", "localhost"}, By: "none"}
	r.Findings = append(r.Findings, cert.Finding{
		Code: cert.CodeOtherName, Severity: cert.SeverityInfo, Scope: "cert:0", Message: "the certificate is for redis-2.lab, not for redis-9.lab",
		Cause: "nobody asked for the name to be checked",
	})
	return r
}

// plainAsAsked is a server that is to be spoken to without TLS, and is.
func plainAsAsked(t testing.TB) cert.Report {
	t.Helper()
	o := observed("redis-2.lab:6379", cert.StageDone)
	o.Target.Plain, o.Version, o.Suite, o.Group, o.Timing.TLS = true, 0, 0, 0, 0
	return cert.Report{Observation: o, ClientAuthMode: "unknown", Checks: []cert.Check{{Name: "reach", State: cert.CheckPassed}}}
}

func renamed(r cert.Report, name string) cert.Report {
	r.Observation.Target.Name = name
	return r
}
