package cert

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
)

// offering is want of somebody who gave limits of his own.
func offering(want Expectation, oldest, newest uint16, ciphers string) Expectation {
	want.MinVersion, want.MaxVersion, want.Ciphers = oldest, newest, ciphers
	set := func(name, value string) {
		if value != "" {
			want.Invocation = want.Invocation.With(name, value)
		}
	}
	set("--tls-min", VersionNumber(oldest))
	set("--tls-max", VersionNumber(newest))
	set("--tls-ciphers", ciphers)
	return want
}

func TestJudgeHandshake(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	want := wanting(root)
	leaf := root.issue(t, "redis-1", withDNS("redis-1.lab"))
	failed := func(number uint8, hello Hello, trials ...Trial) Observation {
		o := nothingSeen(StageTLS, nil).alerted(number, AlertInHandshake)
		o.Hello, o.Trials, o.Received = hello, trials, 7
		o.FirstBytes = []byte{0x15, 3, 3, 0, 2, 2, number}
		return o
	}
	on12 := Hello{Done: true, Versions: []uint16{tls.VersionTLS12}, Suites: []string{"ECDHE-ECDSA-AES128-GCM-SHA256", "DHE-RSA-AES256-GCM-SHA384"}}
	dhe := Hello{Done: true, Versions: []uint16{tls.VersionTLS12}, Suites: []string{"DHE-RSA-AES256-GCM-SHA384"}}
	ccm := Hello{Done: true, Versions: []uint16{tls.VersionTLS13}, Suites13: []string{"TLS_AES_128_CCM_SHA256"}}
	old := Hello{Done: true, Versions: []uint16{tls.VersionTLS10, tls.VersionTLS11}}
	dead := Hello{Done: true, Alerts: map[uint16]uint8{tls.VersionTLS12: AlertHandshakeFailure, tls.VersionTLS13: AlertProtocolVersion}}
	nameless := Hello{Done: true, Alerts: map[uint16]uint8{tls.VersionTLS12: AlertUnrecognizedName}}
	only13 := []Trial{{Version: tls.VersionTLS13, OK: true}, {Version: tls.VersionTLS12, Alert: &Alert{Number: 70}}}
	routed := failed(AlertUnrecognizedName, Hello{}, Trial{ServerName: "db.lab", OK: true, Reply: "+PONG"})
	unrouted := failed(AlertUnrecognizedName, Hello{})
	byAddress := failed(AlertUnrecognizedName, Hello{})
	byAddress.Target.Host, byAddress.Target.ServerName = "10.0.0.11", "10.0.0.11"
	verifying := want
	verifying.Names, verifying.NamesFrom = []string{"redis.lab"}, "verify-name"
	verifying.Invocation = verifying.Invocation.With("--tls-verify-name", "redis.lab")
	web := seen(leaf).broke(StageReply, ErrNotRedis)
	web.Reply = "HTTP/1.1 400 Bad Request"
	webToo := web
	webToo.Trials = []Trial{{ServerName: "redis.lab", OK: true, Reply: "-NOAUTH Authentication required."}}
	suite := seen(leaf).broke(StageTLS, &CipherError{Option: "--tls-ciphersuites", Detail: "the server chose TLS_AES_128_GCM_SHA256", Fix: "x"})
	broken := seen(leaf).broke(StageTLS, errors.New("tls: server sent garbage"))
	broken.Chain, broken.Version = nil, 0
	const protocols = `CONFIG SET tls-protocols "TLSv1.2 TLSv1.3"`
	tests := map[string]verdict{
		"only TLS 1.3, client up to 1.2": {
			o: failed(AlertProtocolVersion, Hello{}, only13...), want: offering(want, 0, tls.VersionTLS12, ""), codes: []string{CodeVersion},
			words: []string{"offers TLS 1.2", "takes 1.3"}, fixes: []string{base + " ping", protocols},
		},
		"only TLS 1.2, client from 1.3": {
			o: failed(AlertProtocolVersion, on12), want: offering(want, tls.VersionTLS13, 0, ""), codes: []string{CodeVersion}, fixes: []string{base + " ping", protocols},
		},
		"very old server": {o: failed(AlertProtocolVersion, old), want: want, codes: []string{CodeVersion}, fixes: []string{base + " --tls-min 1.1 ping", protocols}},
		"version, not known which": {
			o: failed(AlertProtocolVersion, Hello{}), want: want, codes: []string{CodeVersion}, fixes: []string{base + " --tls-min 1.0 ping"},
		},
		"server has only DHE":     {o: failed(AlertHandshakeFailure, dhe), want: want, codes: []string{CodeNoCommonCipher}, words: []string{"DHE"}, fixes: []string{"CONFIG SET tls-ciphers DEFAULT"}},
		"client is too narrow":    {o: failed(AlertHandshakeFailure, on12), want: offering(want, 0, 0, "ECDHE-RSA-AES128-GCM-SHA256"), codes: []string{CodeNoCommonCipher}, words: []string{"--tls-ciphers"}, fixes: []string{base + " ping"}},
		"server has only CCM":     {o: failed(AlertHandshakeFailure, ccm), want: want, codes: []string{CodeNoCommonCipher}, words: []string{"TLS 1.3"}},
		"nothing in common, only": {o: failed(AlertHandshakeFailure, Hello{}), want: want, codes: []string{CodeNoCommonCipher}},
		"key does not fit":        {o: failed(AlertHandshakeFailure, dead), want: want, codes: []string{CodeServerKeyMismatch}, words: []string{"key does not fit"}, fixes: []string{"CONFIG SET tls-cert-file SERVER.crt tls-key-file SERVER.key"}},
		"internal error":          {o: failed(AlertInternalError, Hello{}), want: offering(want, tls.VersionTLS10, tls.VersionTLS11, ""), codes: []string{CodeServerInternal}, fixes: []string{base + " ping"}},
		"name that is not known":  {o: routed, want: want, codes: []string{CodeSNIRequired}, fixes: []string{base + " --sni db.lab ping"}},
		"name that nobody knows":  {o: unrouted, want: want, codes: []string{CodeSNIRequired}, words: []string{"asked for redis-1.lab"}, fixes: []string{base + " --sni NAME ping"}},
		"name by hello":           {o: failed(AlertHandshakeFailure, nameless), want: want, codes: []string{CodeSNIRequired}},
		"name that is expected":   {o: byAddress, want: verifying, codes: []string{CodeSNIRequired}, words: []string{"no name was sent"}, fixes: []string{base + " --sni redis.lab --tls-verify-name redis.lab ping"}},
		"ALPN":                    {o: failed(AlertNoApplicationProtocol, Hello{}), want: want, codes: []string{CodeALPNRequired}},
		"some other alert":        {o: failed(109, Hello{}), want: want, codes: []string{CodeAlert}},
		"web server":              {o: web, want: want, codes: []string{CodeNotRedisTLS}, words: []string{"HTTPS", "HTTP/1.1 400"}},
		"web server unless asked": {o: webToo, want: want, codes: []string{CodeSNIRequired}, fixes: []string{base + " --sni redis.lab ping"}},
		"suite that is not allowed": {
			o: suite, want: want, codes: []string{CodeCiphers}, words: []string{"--tls-ciphersuites: the server chose"}, fixes: []string{base + " ping"},
		},
		"what crypto/tls refuses":   {o: broken, want: want, codes: []string{CodeTLS}, words: []string{"garbage"}},
		"shook hands and hung up":   {o: seen(leaf).broke(StageReply, io.EOF), want: want, codes: []string{CodeCloseAtOnce}},
		"shook hands and is silent": {o: seen(leaf).broke(StageReply, timeoutError()), want: want, codes: []string{CodeStall}, words: []string{"TLS is fine"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
	only13Min := offering(want, tls.VersionTLS12, tls.VersionTLS12, "")
	fix := Judge(failed(AlertProtocolVersion, Hello{}, only13...), only13Min, testNow()).Findings[0].Fixes[0]
	if fix.Command != base+" --tls-min 1.2 ping" || fix.Note != "then the two agree on TLS 1.3" {
		t.Errorf("%s (%s)", fix.Command, fix.Note)
	}
}

func TestJudgeCertificateSeenByHello(t *testing.T) {
	t.Parallel()
	ca := newRoot(t, "Lab Root A")
	root := rootsOf(ca)
	p224 := openssl(t, "ecparam", "-name", "secp224r1", "-genkey", "-noout")
	key := write(t, "p224.key", p224)
	der := openssl(t, "req", "-x509", "-new", "-key", key, "-subj", "/CN=redis-1.lab", "-addext", "subjectAltName=DNS:redis-1.lab", "-outform", "DER", "-days", "9000")
	o := nothingSeen(StageTLS, nil).alerted(AlertHandshakeFailure, AlertInHandshake)
	o.Hello = Hello{Done: true, Versions: []uint16{tls.VersionTLS12}, Suites: []string{"ECDHE-ECDSA-AES128-GCM-SHA256"}, Chain: [][]byte{der, []byte("no certificate")}}
	want := wanting(ca)
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	want.Roots = root
	want.Roots.add(Bundle{Certificates: []*x509.Certificate{leaf}}, "x.crt")
	now := leaf.NotBefore.AddDate(0, 0, 1)
	r := Judge(o, want, now)
	if first := r.Findings[0]; first.Code != CodeNoSigAlg || first.Scope != "cert:0" {
		t.Fatal(describe(r))
	}
	checkTexts(t, r)
}

func TestJudgePlain(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	leaf := root.issue(t, "redis-1", withDNS("redis-1.lab"))
	plain := func(o Observation) Observation {
		o.Target.Plain, o.Target.ServerName = true, ""
		return o
	}
	want := Expectation{Invocation: Invocation{Program: "redan", Options: []Option{{Name: "-h", Value: "redis-1.lab"}, {Name: "-p", Value: "6380"}}}}
	client := root.issue(t, "app", withEKU(x509.ExtKeyUsageClientAuth))
	speaksTLS := plain(seen(leaf, root).broke(StageReply, resetError()))
	speaksTLS.Trials = []Trial{{OK: true}}
	demanding := speaksTLS
	demanding.Trials = []Trial{{Alert: &Alert{Number: 116, When: AlertFirstRead}}}
	demanding.ClientAuth.Requested = true
	onlyHello := plain(nothingSeen(StageReply, resetError()))
	onlyHello.Trials = []Trial{{OK: true}}
	ca, pair := near("ca.crt", root), []NearbyFile{near("app.crt", client), nearKey("app.key", client)}
	fine := plain(nothingSeen(StageDone, nil))
	fine.Reply = "+PONG"
	silent := plain(nothingSeen(StageReply, timeoutError()))
	ssh := plain(nothingSeen(StageReply, ErrNotRedis))
	ssh.Reply = "SSH-2.0-OpenSSH_9.2"
	const start = "redan -h redis-1.lab -p 6380 --tls --cacert "
	tests := map[string]verdict{
		"Redis":                    {o: fine, want: want},
		"TLS":                      {o: onlyHello, want: want, codes: []string{CodePlainToTLS}, fixes: []string{start + "CA.crt ping"}},
		"TLS, CA nearby":           {o: speaksTLS, want: beside(want, ca), codes: []string{CodePlainToTLS}, fixes: []string{start + "ca.crt ping"}},
		"TLS, mutual":              {o: demanding, want: beside(want, append(pair, ca)...), codes: []string{CodePlainToTLS}, fixes: []string{start + "ca.crt --cert app.crt --key app.key ping"}},
		"TLS, mutual, none nearby": {o: demanding, want: beside(want, ca), codes: []string{CodePlainToTLS}, fixes: []string{start + "ca.crt --cert CLIENT.crt --key CLIENT.key ping"}},
		"silence":                  {o: silent, want: want, codes: []string{CodeStall}, words: []string{"PING got no answer"}},
		"SSH":                      {o: ssh, want: want, codes: []string{CodeNotRedis}, words: []string{"SSH server"}},
		"closed":                   {o: plain(nothingSeen(StageReply, io.EOF)), want: want, codes: []string{CodeCloseAtOnce}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
}

func TestJudgeClient(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	now := testNow()
	leaf := root.issue(t, "redis-1", withDNS("redis-1.lab"))
	office := newRoot(t, "Office Root", func(c *x509.Certificate) { c.Subject.Organization = []string{"Office"} })
	middle := root.issue(t, "Clients CA 3", asCA)
	forClients := withEKU(x509.ExtKeyUsageClientAuth)
	app := root.issue(t, "app", forClients)
	below := middle.issue(t, "app", forClients)
	expired := root.issue(t, "app", forClients, validBetween(now.Add(-90*oneDay), now.Add(-26*60*60*1e9)))
	forServers := root.issue(t, "app", withEKU(x509.ExtKeyUsageServerAuth))
	stranger := office.issue(t, "office", forClients)
	soon := root.issue(t, "app", forClients, validBetween(now.Add(-90*oneDay), now.Add(5*oneDay)))

	want := func(e *entity, behind ...*entity) Expectation {
		w := wanting(root)
		if e != nil {
			chain := e.chain(behind...)
			w.Client, w.CertFile, w.KeyFile = &chain, "app.crt", "app.key"
			w.Invocation = w.Invocation.With("--cert", "app.crt").With("--key", "app.key")
		}
		return w
	}
	refused := func(number uint8, sent bool) Observation {
		o := seen(leaf).alerted(number, AlertFirstRead)
		o.ClientAuth = ClientAuth{Requested: true, Sent: sent}
		return o
	}
	in12 := seen(leaf).alerted(AlertHandshakeFailure, AlertInHandshake)
	in12.Version, in12.ClientAuth.Requested = tls.VersionTLS12, true
	lost := seen(leaf).broke(StageReply, resetError())
	lost.ClientAuth.Requested = true
	lostSent := lost
	lostSent.ClientAuth.Sent = true
	accepted := seen(leaf)
	accepted.ClientAuth = ClientAuth{Requested: true, Sent: true}
	unusable := wanting(root)
	unusable.CertFile = "app.crt"
	unusable.FileErrors = []error{&FileError{Code: CodeFileGarbled, Role: RoleCert, Path: "app.crt", Detail: "is damaged", Fix: "get it anew"}}
	const with = base + " --cert app.crt --key app.key ping"
	optional, no := "CONFIG SET tls-auth-clients optional", "CONFIG SET tls-auth-clients no"
	tests := map[string]verdict{
		"missing":                    {o: refused(AlertCertificateRequired, false), want: want(nil), codes: []string{CodeClientCertMissing}, fixes: []string{base + " --cert CLIENT.crt --key CLIENT.key ping", optional}},
		"missing, TLS 1.2":           {o: in12, want: want(nil), codes: []string{CodeClientCertMissing}, fixes: []string{optional}},
		"missing, alert lost":        {o: lost, want: want(nil), codes: []string{CodeClientCertMissing}},
		"missing, one nearby":        {o: refused(AlertCertificateRequired, false), want: beside(want(nil), near("a.crt", stranger), nearKey("a.key", stranger), near("redis.crt", leaf), nearKey("redis.key", leaf), near("app.crt", app), nearKey("app.key", app), near("old.crt", expired), nearKey("old.key", expired)), codes: []string{CodeClientCertMissing}, fixes: []string{with, optional}},
		"missing, its file garbled":  {o: refused(AlertCertificateRequired, false), want: unusable, codes: []string{CodeFileGarbled}, info: []string{CodeClientCertMissing}, scope: "file:app.crt"},
		"CA unknown":                 {o: refused(AlertUnknownCA, true), want: want(stranger), codes: []string{CodeClientCAUnknown}, scope: "client:0", words: []string{"Office Root"}, fixes: []string{"CONFIG SET tls-ca-cert-file CA.crt", no}},
		"CA unknown, another nearby": {o: refused(AlertUnknownCA, true), want: beside(want(stranger), near("office-ca.crt", office), near("b.crt", app), nearKey("b.key", app)), codes: []string{CodeClientCAUnknown}, scope: "client:0", fixes: []string{base + " --cert b.crt --key b.key ping"}},
		"intermediate nearby":        {o: refused(AlertUnknownCA, true), want: beside(want(below), near("app.crt", below), near("inter.crt", middle)), codes: []string{CodeClientIntermediateNotSent}, scope: "client:0", fixes: []string{"cat app.crt inter.crt > app-chain.crt && " + base + " --cert app-chain.crt --key app.key ping", no}},
		"expired":                    {o: refused(AlertCertificateExpired, true), want: want(expired), codes: []string{CodeClientExpired}, scope: "client:0", words: []string{"expired 26 hours ago"}, fixes: []string{no}},
		"expired, says this side":    {o: refused(AlertCertificateExpired, true), want: want(app), codes: []string{CodeClientExpired}, scope: "client:0", words: []string{"server's clock"}},
		"expired and CA unknown":     {o: refused(AlertUnknownCA, true), want: want(expired), codes: []string{CodeClientCAUnknown, CodeClientExpired}, scope: "client:0"},
		"expired, but accepted":      {o: accepted, want: want(expired), codes: []string{CodeClientExpired}, scope: "client:0"},
		"for servers":                {o: refused(AlertUnsupportedCertificate, true), want: want(forServers), codes: []string{CodeClientWrongEKU}, scope: "client:0", words: []string{"clientAuth"}, fixes: []string{no}},
		"refused by a proxy":         {o: refused(AlertBadCertificate, true), want: want(app), codes: []string{CodeClientRefused}, scope: "client:0"},
		"refused, alert lost":        {o: lostSent, want: want(app), codes: []string{CodeClientRefused}, scope: "client:0"},
		"Netscape type server":       {o: refused(AlertUnsupportedCertificate, true), want: want(root.issue(t, "app", withExtension([]int{2, 16, 840, 1, 113730, 1, 1}, []byte{3, 2, 6, 0x40}))), codes: []string{CodeClientWrongEKU}, scope: "client:0", words: []string{"nsCertType"}},
		"revoked":                    {o: refused(AlertCertificateRevoked, true), want: want(app), codes: []string{CodeClientRevoked}, scope: "client:0"},
		"accepted":                   {o: accepted, want: want(app)},
		"accepted, expires soon":     {o: accepted, want: want(soon), codes: []string{CodeClientExpiresSoon}, scope: "client:0"},
		"not asked for":              {o: seen(leaf), want: want(app), info: []string{CodeClientCertUnused}, scope: "client:0"},
		"not asked for, and expired": {o: seen(leaf), want: want(expired), info: []string{CodeClientExpired, CodeClientCertUnused}, scope: "client:0"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
}

func TestJudgeClientAuthMode(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	leaf := root.issue(t, "redis-1", withDNS("redis-1.lab"))
	asked := func(requested, sent bool, said string) Observation {
		o := seen(leaf)
		o.ClientAuth = ClientAuth{Requested: requested, Sent: sent}
		if said != "" {
			o.Server.Parameters = map[string]string{"tls-auth-clients": said}
		}
		return o
	}
	for _, test := range []struct {
		o    Observation
		want string
	}{
		{asked(false, false, ""), "off"},
		{asked(true, false, ""), "optional"},
		{asked(true, true, ""), "requested"},
		{asked(true, true, "yes"), "required"},
		{asked(true, true, "optional"), "optional"},
		{asked(false, false, "yes"), "off"}, // a proxy is in front
		{nothingSeen(StageTLS, io.EOF), "unknown"},
	} {
		if got := Judge(test.o, wanting(root), testNow()).ClientAuthMode; got != test.want {
			t.Errorf("%+v: %q, want %q", test.o.ClientAuth, got, test.want)
		}
	}
}

func TestJudgeServer(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	leaf := root.issue(t, "redis-1", withDNS("redis-1.lab"))
	replying := func(reply string, server Server) Observation {
		o := seen(leaf)
		o.Reply, o.Server = reply, server
		return o
	}
	with := wanting(root)
	with.HasPassword, with.User = true, "app"
	with.Invocation = with.Invocation.With("--user", "app").WithSwitch("--askpass")
	asked := Server{Info: AccessOK, Config: AccessOK}
	denied := Server{Info: AccessDenied, Config: AccessDenied}
	after := func(reply string) Server { return Server{Info: AccessDenied, Config: AccessDenied, Reply: reply} }
	const noauth = "-NOAUTH Authentication required."
	tests := map[string]verdict{
		"no password given":        {o: replying(noauth, Server{Info: AccessDenied}), want: wanting(root), codes: []string{CodeAuthRequired}, words: []string{"no matter of TLS"}, fixes: []string{"redan -h redis-1.lab -p 6380 --askpass --tls --cacert root.crt ping"}},
		"password accepted":        {o: replying(noauth, asked), want: with},
		"password withheld":        {o: replying(noauth, Server{AuthWithheld: true}), want: with},
		"password refused":         {o: replying(noauth, Server{AuthRefused: "WRONGPASS invalid username-password pair or user is disabled."}), want: with, codes: []string{CodeWrongPassword}, words: []string{"app"}},
		"password not needed":      {o: replying("+PONG", Server{AuthRefused: "ERR AUTH <password> called without any password configured for the default user."}), want: with, codes: []string{CodeWrongPassword}, fixes: []string{base + " ping"}},
		"users not known":          {o: replying("+PONG", Server{AuthRefused: "ERR wrong number of arguments for 'auth' command"}), want: with, codes: []string{CodeWrongPassword}, fixes: []string{"redan -h redis-1.lab -p 6380 --askpass --tls --cacert root.crt ping"}},
		"PING forbidden":           {o: replying("-NOPERM this user has no permissions to run the 'ping' command", denied), want: wanting(root), codes: []string{CodeNoPermission}, fixes: []string{"ACL SETUSER default +ping"}},
		"PING forbidden after all": {o: replying("+PONG", after("-NOPERM this user...")), want: with, codes: []string{CodeNoPermission}, fixes: []string{"ACL SETUSER app +ping"}},
		"questions forbidden":      {o: replying("+PONG", denied), want: wanting(root), info: []string{CodeNoPermission}, words: []string{"no fault"}, fixes: []string{"ACL SETUSER default +config|get +info"}},
		"loading":                  {o: replying("-LOADING Redis is loading the dataset in memory", Server{}), want: wanting(root), codes: []string{CodeBusy}},
		"no master":                {o: replying("-MASTERDOWN Link with MASTER is down", Server{}), want: wanting(root), codes: []string{CodeBusy}},
		"protected mode, in TLS":   {o: replying("-DENIED Redis is running in protected mode", Server{}), want: wanting(root), codes: []string{CodeProtectedMode}, fixes: []string{"CONFIG SET requirepass PASSWORD", "CONFIG SET protected-mode no"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
}

func TestJudgeFiles(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	leaf := root.issue(t, "redis-1", withDNS("redis-1.lab"))
	app, other := root.issue(t, "app"), root.issue(t, "other")
	giving := func(certFile, keyFile string, err error, nearby ...NearbyFile) Expectation {
		w := beside(wanting(root), nearby...)
		w.CertFile, w.KeyFile, w.FileErrors = certFile, keyFile, []error{err}
		w.Invocation = w.Invocation.With("--cert", certFile).With("--key", keyFile)
		return w
	}
	trusting := func(path string, err error, nearby ...NearbyFile) Expectation {
		w := beside(wanting(), nearby...)
		w.Roots, w.RootsMissing, w.FileErrors = Roots{}, true, []error{err}
		w.Invocation = w.Invocation.With("--cacert", path)
		return w
	}
	fault := func(code string, role Role, path string) *FileError {
		return &FileError{Code: code, Role: role, Path: path, Detail: "cannot be used", Fix: "get another"}
	}
	const pair = base + " --cert app.crt --key app.key ping"
	files := []NearbyFile{near("app.crt", app), nearKey("app.key", app), nearKey("other.key", other)}
	listed := wanting(root)
	listed.Invocation = listed.Invocation.With("--tls-ciphers", "ECDHE-RSA-AES128-GCM-SHA265")
	listed.FileErrors = []error{&CipherError{Option: "--tls-ciphers", Word: "ECDHE-RSA-AES128-GCM-SHA265", Nearest: "ECDHE-RSA-AES128-GCM-SHA256", Detail: "there is no such suite"}}
	unknown := wanting(root)
	unknown.FileErrors = []error{errors.New("disk on fire\x1b[31m")}
	tests := map[string]verdict{
		"key of another":       {want: giving("app.crt", "other.key", fault(CodeKeyMismatch, RoleKey, "other.key"), files...), codes: []string{CodeKeyMismatch}, scope: "file:other.key", fixes: []string{pair}},
		"key of nobody":        {want: giving("app.crt", "other.key", fault(CodeKeyMismatch, RoleKey, "other.key")), codes: []string{CodeKeyMismatch}, scope: "file:other.key", fixes: []string{base + " --cert app.crt --key CLIENT.key ping"}},
		"key encrypted":        {want: giving("app.crt", "app.key", fault(CodeKeyEncrypted, RoleKey, "app.key")), codes: []string{CodeKeyEncrypted}, scope: "file:app.key", fixes: []string{base + " --cert app.crt --key app.key --key-pass-file FILE ping"}},
		"swapped":              {want: giving("app.key", "app.crt", fault(CodeFilesSwapped, RoleCert, "app.key")), codes: []string{CodeFilesSwapped}, scope: "file:app.key", fixes: []string{pair}},
		"misspelt":             {want: giving("ap.crt", "app.key", fault(CodeFileUnreadable, RoleCert, "ap.crt"), files...), codes: []string{CodeFileUnreadable}, scope: "file:ap.crt", fixes: []string{pair}},
		"nothing like it":      {want: giving("x.crt", "x.key", fault(CodeFileUnreadable, RoleCert, "x.crt")), codes: []string{CodeFileUnreadable}, scope: "file:x.crt"},
		"CA is text":           {want: trusting("ca.txt", fault(CodeFileNotPEM, RoleCA, "ca.txt"), near("b.crt", other), near("ca.crt", root)), codes: []string{CodeFileNotPEM}, scope: "file:ca.txt", fixes: []string{"redan -h redis-1.lab -p 6380 --tls --cacert ca.crt ping"}},
		"CA misspelt":          {want: trusting("root.cert", fault(CodeFileUnreadable, RoleCA, "root.cert"), near("root.crt", newRoot(t, "Z"))), codes: []string{CodeFileUnreadable}, scope: "file:root.cert", fixes: []string{"redan -h redis-1.lab -p 6380 --tls --cacert root.crt ping"}},
		"misspelt cipher":      {want: listed, codes: []string{CodeCiphers}, words: []string{"--tls-ciphers: there is no such suite"}, fixes: []string{base + " --tls-ciphers ECDHE-RSA-AES128-GCM-SHA256 ping", base + " ping"}},
		"something else":       {want: unknown, codes: []string{CodeFileUnreadable}, words: []string{`fire\x1b`}},
		"nothing was probed":   {want: giving("app.crt", "app.key", fault(CodeFileGarbled, RoleCert, "app.crt")), codes: []string{CodeFileGarbled}, scope: "file:app.crt"},
		"path with a terminal": {want: giving("a\x1b.crt", "a.key", fault(CodeFileGarbled, RoleCert, "a\x1b.crt")), codes: []string{CodeFileGarbled}, scope: `file:a\x1b.crt`},
	}
	for name, test := range tests {
		if test.o = seen(leaf); name == "nothing was probed" {
			test.o = Observation{Target: test.o.Target, At: testNow()}
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
}

func TestJudgeSocket(t *testing.T) {
	t.Parallel()
	o := nothingSeen(StageConnect, &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.EACCES)})
	o.Target = Target{Name: "/run/redis.sock", Network: "unix", Address: "/run/redis.sock"}
	want := Expectation{Invocation: Invocation{Program: "redan", Options: []Option{{Name: "-s", Value: "/run/redis.sock"}}}}
	verdict{o: o, want: want, codes: []string{CodeNoSocket}, words: []string{"may not be opened by you"}}.run(t)
	o.Err = os.NewSyscallError("connect", syscall.ECONNREFUSED)
	verdict{o: o, want: want, codes: []string{CodeNoSocket}, words: []string{"nothing listens"}}.run(t)
	redis := nothingSeen(StageTLS, errOtherAnswer)
	redis.Target, redis.Plain = o.Target, PlainLook{Done: true, Reply: []byte("+PONG")}
	verdict{
		o: redis, want: want, codes: []string{CodeTLSToPlain}, words: []string{"this socket"},
		fixes: []string{"redan -s /run/redis.sock ping", "redan -h 127.0.0.1 -p PORT ping"}, // not both -s and -p
	}.run(t)
	verdict{o: nothingSeen(StageConnect, context.DeadlineExceeded), want: want, codes: []string{CodeUnreachable}, words: []string{"did not answer"}}.run(t)
	verdict{o: nothingSeen(StageConnect, syscall.EHOSTUNREACH), want: want, codes: []string{CodeUnreachable}, words: []string{"no route"}}.run(t)
}
