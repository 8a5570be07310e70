package cert

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"strings"
	"testing"
	"time"
)

// base is the command line of [wanting].
const base = "redan -h redis-1.lab -p 6380 --tls --cacert root.crt"

func near(path string, entities ...*entity) NearbyFile {
	file := NearbyFile{Path: path}
	for _, e := range entities {
		file.Certificates = append(file.Certificates, e.cert)
	}
	return file
}

func nearKey(path string, e *entity) NearbyFile {
	return NearbyFile{Path: path, KeySPKI: SPKI(e.key.Public())}
}

// beside is want, with these files nearby.
func beside(want Expectation, files ...NearbyFile) Expectation {
	want.Nearby = files
	return want
}

func withKey(t *testing.T, key *rsa.PrivateKey, issuer *entity, changes ...change) *entity {
	t.Helper()
	return sign(t, template(t, "redis-1", testNow(), append([]change{withDNS("redis-1.lab")}, changes...)...), key, issuer)
}

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestJudgeTrust(t *testing.T) {
	t.Parallel()
	named := withDNS("redis-1.lab")
	root := newRoot(t, "Lab Root A")
	twin := newRoot(t, "Lab Root A")
	other := newRoot(t, "Other Root", func(c *x509.Certificate) { c.Subject.Organization = []string{"Elsewhere"} })
	intermediate := root.issue(t, "Lab Intermediate A1", asCA)
	leaf := intermediate.issue(t, "redis-1", named)
	direct := root.issue(t, "redis-1", named)
	selfSigned := sign(t, template(t, "redis-1", testNow(), named), newKey(t), nil)
	sameCA := newRoot(t, "*")
	sameName := sameCA.issue(t, "*", named)
	noCA := root.issue(t, "not a CA", named)
	forClients := root.issue(t, "Clients Only", asCA, withEKU(x509.ExtKeyUsageClientAuth))
	limited := newRoot(t, "Limited Root", func(c *x509.Certificate) {
		c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"example.com"}
	})
	expiredAndLimited := limited.issue(t, "redis-1", named, validBetween(testNow().Add(-9*oneDay), testNow().Add(-oneDay)))
	short := newRoot(t, "Short Root", func(c *x509.Certificate) { c.MaxPathLenZero = true })
	deep := short.issue(t, "Too Deep", asCA)
	fetch := func(host string) string {
		return "redan cert show " + host + ":6380 --pem > redis-1.lab-ca.pem && redan -h redis-1.lab -p 6380 --tls --cacert redis-1.lab-ca.pem ping"
	}
	withSNI := wanting(other)
	withSNI.Invocation = withSNI.Invocation.With("--sni", "redis-1.lab")
	missing := wanting()
	missing.Roots, missing.RootsMissing = Roots{}, true

	tests := map[string]verdict{
		"unknown CA, root sent": {
			o: seen(direct, root), want: wanting(other), codes: []string{CodeUnknownCA}, info: []string{CodeChainWithRoot}, scope: "cert:0",
			words: []string{"Lab Root A"}, fixes: []string{fetch("redis-1.lab")},
		},
		"unknown CA, root sent, by SNI": {
			o: seen(direct, root), want: withSNI, codes: []string{CodeUnknownCA}, info: []string{CodeChainWithRoot}, scope: "cert:0",
			fixes: []string{"redan cert show redis-1.lab:6380 --pem --sni redis-1.lab > redis-1.lab-ca.pem && " +
				"redan -h redis-1.lab -p 6380 --tls --cacert redis-1.lab-ca.pem --sni redis-1.lab ping"},
		},
		"unknown CA, root not sent": {
			o: seen(direct), want: wanting(other), codes: []string{CodeUnknownCA}, scope: "cert:0",
			fixes: []string{"redan -h redis-1.lab -p 6380 --tls --cacert CA.crt ping"},
		},
		"unknown CA, its certificate nearby": {
			o: seen(direct), want: beside(wanting(other), near("b.crt", other), near("twin.crt", twin), near("tls/ca.crt", root), near("zz.crt", root, other)),
			codes: []string{CodeUnknownCA}, scope: "cert:0", fixes: []string{"redan -h redis-1.lab -p 6380 --tls --cacert tls/ca.crt ping"},
		},
		"missing intermediate, which is nearby": {
			o: seen(leaf), want: beside(wanting(root), near("inter.crt", intermediate)), codes: []string{CodeMissingIntermediate}, scope: "cert:0",
			fixes: []string{base + " --cacert inter.crt ping", "cat SERVER.crt INTERMEDIATE.crt > CHAIN.crt"},
		},
		"wrong root of that name": {
			o: seen(direct), want: beside(wanting(twin), near("root.crt", twin), near("right.crt", root)), codes: []string{CodeWrongRootSameName},
			scope: "cert:0", words: []string{"same name"}, fixes: []string{"redan -h redis-1.lab -p 6380 --tls --cacert right.crt ping"},
		},
		"self-signed": {
			o: seen(selfSigned), want: wanting(root), codes: []string{CodeSelfSignedLeaf}, scope: "cert:0", fixes: []string{fetch("redis-1.lab")},
		},
		"self-signed, a copy nearby": {
			o: seen(selfSigned), want: beside(wanting(root), near("server.crt", selfSigned)), codes: []string{CodeSelfSignedLeaf}, scope: "cert:0",
			fixes: []string{"redan -h redis-1.lab -p 6380 --tls --cacert server.crt ping"},
		},
		"named like its CA": {
			o: seen(sameName), want: wanting(sameCA), codes: []string{CodeSameDNCA}, scope: "cert:0", words: []string{"same name", "OpenSSL"},
		},
		"intermediate trusted": {o: seen(leaf), want: wanting(intermediate), info: []string{CodePartialChain}, scope: "cert:1"},
		"root sent":            {o: seen(direct, root), want: wanting(root), info: []string{CodeChainWithRoot}, scope: "cert:1"},
		"wrong order": {
			o: seen(leaf, root, intermediate), want: wanting(root), codes: []string{CodeChainUnordered}, info: []string{CodeChainWithRoot},
		},
		"others sent too":     {o: seen(direct, other), want: wanting(root), info: []string{CodeChainExtra}, scope: "cert:2"},
		"the same sent twice": {o: seen(direct, direct), want: wanting(root), info: []string{CodeChainExtra}, scope: "cert:0"},
		"issued by a leaf": {
			o: seen(noCA.issue(t, "redis-1", named), noCA), want: wanting(root), codes: []string{CodeLeafAsCA}, scope: "cert:1",
		},
		"intermediate for clients": {
			o: seen(forClients.issue(t, "redis-1", named), forClients), want: wanting(root), codes: []string{CodeWrongEKU}, scope: "cert:1",
		},
		"limited names":           {o: seen(limited.issue(t, "redis-1", named)), want: wanting(limited), codes: []string{CodeNameConstraint}, scope: "cert:1"},
		"limited names, expired":  {o: seen(expiredAndLimited), want: wanting(limited), codes: []string{CodeExpired, CodeNameConstraint}, scope: "cert:0"},
		"too deep":                {o: seen(deep.issue(t, "redis-1", named), deep), want: wanting(short), codes: []string{CodePathLen}, scope: "cert:2"},
		"CA file cannot be read":  {o: seen(direct), want: missing},
		"no certificate was sent": {o: seen(&entity{}), want: wanting(root), codes: []string{CodeNoCertificate}},
	}
	for name, test := range tests {
		if name == "no certificate was sent" {
			test.o.Chain = nil
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
}

func TestJudgeTrustByTheServersOwnFile(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	o := seen(root.issue(t, "redis-1", withDNS("redis-1.lab")))
	o.Server = Server{Parameters: map[string]string{"tls-ca-cert-file": "/etc/redis/ca.crt"}, CAFile: []*x509.Certificate{root.cert}}
	want := wanting(newRoot(t, "B", func(c *x509.Certificate) { c.Subject.Organization = nil }))
	verdict{
		o: o, want: want, codes: []string{CodeUnknownCA}, scope: "cert:0",
		fixes: []string{"redan -h redis-1.lab -p 6380 --tls --cacert /etc/redis/ca.crt ping"},
	}.run(t)
	if first, _ := Judge(o, want, testNow()).First(); !strings.Contains(first.Fixes[0].Note, "as the server says itself") {
		t.Errorf("the file comes without a word about who named it: %+v", first.Fixes[0])
	}
}

func TestJudgeExpiry(t *testing.T) {
	t.Parallel()
	named, now := withDNS("redis-1.lab"), testNow()
	root := newRoot(t, "Lab Root A")
	lasting := func(from, to time.Duration) *entity {
		return root.issue(t, "redis-1", named, validBetween(now.Add(-from), now.Add(to)))
	}
	dying := newRoot(t, "Dying Root", validBetween(now.AddDate(-9, 0, 0), now.Add(20*oneDay)))
	strict := wanting(root)
	strict.Warn, strict.Crit, strict.DefaultThresholds = Threshold{Percent: 50}, Threshold{Days: 1}, false
	silent := wanting(root)
	silent.DefaultThresholds = false
	tests := map[string]verdict{
		"31 days":  {o: seen(lasting(60*oneDay, 31*oneDay)), want: wanting(root)},
		"29 days":  {o: seen(lasting(60*oneDay, 29*oneDay)), want: wanting(root), codes: []string{CodeExpiresSoon}, scope: "cert:0", words: []string{"expires in 29 days"}},
		"6 days":   {o: seen(lasting(60*oneDay, 6*oneDay)), want: wanting(root), codes: []string{CodeExpiresSoon}, scope: "cert:0"},
		"one hour": {o: seen(lasting(60*oneDay, time.Hour)), want: wanting(root), codes: []string{CodeExpiresSoon}, scope: "cert:0", words: []string{"60 minutes"}},
		// Machines renew what lives a week, at two thirds of its life.
		"short-lived, fresh":       {o: seen(lasting(4*oneDay, 3*oneDay)), want: wanting(root)},
		"short-lived, old":         {o: seen(lasting(5*oneDay, 2*oneDay)), want: wanting(root), codes: []string{CodeExpiresSoon}, scope: "cert:0"},
		"own thresholds":           {o: seen(lasting(60*oneDay, 40*oneDay)), want: strict, codes: []string{CodeExpiresSoon}, scope: "cert:0"},
		"no thresholds":            {o: seen(lasting(60*oneDay, oneDay)), want: silent},
		"root before leaf":         {o: seen(dying.issue(t, "redis-1", named)), want: wanting(dying), codes: []string{CodeExpiresSoon, CodeIssuerFirst}, scope: "cert:1", words: []string{"Dying Root"}},
		"made to live for decades": {o: seen(lasting(oneDay, 3650*oneDay)), want: wanting(root), info: []string{CodeLongLived}, scope: "cert:0"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
	for left, want := range map[time.Duration]Severity{29 * oneDay: SeverityWarn, 6 * oneDay: SeverityCrit} {
		if got := Judge(seen(lasting(60*oneDay, left)), wanting(root), now).Verdict; got != want {
			t.Errorf("%v left is %s, want %s", left, got, want)
		}
	}
}

func TestJudgeRenewalThatLiesReady(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	named, now := withDNS("redis-1.lab"), testNow()
	old := root.issue(t, "redis-1", named, validBetween(now.Add(-90*oneDay), now.Add(-time.Hour)))
	renewed := root.issue(t, "redis-1", named)
	o := seen(old)
	o.Server = Server{
		Config: AccessOK, Parameters: map[string]string{"tls-cert-file": "/tls/a b.crt", "tls-key-file": "/tls/redis.key"},
		CertFile: []*x509.Certificate{renewed.cert},
	}
	const load = `CONFIG SET tls-cert-file "/tls/a b.crt" tls-key-file /tls/redis.key`
	verdict{o: o, want: wanting(root), codes: []string{CodeExpired, CodeStaleCert}, scope: "cert:0", fixes: []string{load}}.run(t)
	o.Chain = []*x509.Certificate{root.issue(t, "redis-1", named).cert}
	verdict{o: o, want: wanting(root), codes: []string{CodeStaleCert}, scope: "cert:0", fixes: []string{load}}.run(t)
	o.Server.CertFile = []*x509.Certificate{old.cert}
	verdict{o: o, want: wanting(root), codes: []string{CodeStaleCert}, scope: "cert:0", words: []string{"that one expired", "restart"}}.run(t)
	o.Server.Parameters["tls-port"] = "0"
	verdict{o: o, want: wanting(root), info: []string{CodeTerminator}}.run(t)
}

func TestJudgeClock(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	now := testNow()
	fresh := root.issue(t, "redis-1", withDNS("redis-1.lab"), validBetween(now.Add(23*time.Hour), now.Add(90*oneDay)))
	clock := func(o Observation, skew time.Duration) Observation {
		o.Server.AskedAt, o.Server.Clock = now, now.Add(skew)
		return o
	}
	good := seen(root.issue(t, "redis-1", withDNS("redis-1.lab")))
	verdict{
		o: clock(seen(fresh), 48*time.Hour), want: wanting(root), codes: []string{CodeClockSkew, CodeNotYetValid},
		words: []string{"this computer is 2 days behind", "by which the certificate is valid"},
	}.run(t)
	verdict{o: clock(seen(fresh), time.Hour), want: wanting(root), codes: []string{CodeNotYetValid, CodeClockSkew}, scope: "cert:0"}.run(t)
	verdict{o: clock(good, -2*time.Minute), want: wanting(root), codes: []string{CodeClockSkew}, words: []string{"2 minutes ahead of"}}.run(t)
	verdict{o: clock(good, time.Minute), want: wanting(root)}.run(t)
}

func TestJudgeKeys(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	big := &rsa.PublicKey{E: 65537}
	big.N = rsaKey(t, 1024).N
	big.N.Lsh(big.N, 8000)
	giant := *withKey(t, rsaKey(t, 2048), root).cert
	giant.PublicKey = big
	sha1Leaf := root.issue(t, "redis-1", withDNS("redis-1.lab"), func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 })
	sha1Alone := sign(t, template(t, "redis-1", testNow(), withDNS("redis-1.lab"), func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 }), newKey(t), nil)
	tests := map[string]verdict{
		"RSA 1024":              {o: seen(withKey(t, rsaKey(t, 1024), root)), want: wanting(root), codes: []string{CodeWeakRSA}, scope: "cert:0", words: []string{"1024", "OpenSSL"}},
		"RSA 9000":              {o: seen(&entity{cert: &giant}), want: wanting(root), codes: []string{CodeOversizedRSA}, scope: "cert:0", words: []string{"8192"}},
		"SHA-1":                 {o: seen(sha1Leaf), want: wanting(root), codes: []string{CodeSHA1Signed}, scope: "cert:0"},
		"SHA-1, but trusted":    {o: seen(sha1Leaf), want: wanting(sha1Leaf), codes: []string{CodeSHA1Signed}, info: []string{CodePartialChain}, scope: "cert:0", words: []string{"OpenSSL refuses"}},
		"SHA-1, by itself":      {o: seen(sha1Alone), want: wanting(root), codes: []string{CodeSelfSignedLeaf}, scope: "cert:0"},
		"SHA-1 root":            {o: seen(newRoot(t, "Old", func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 }).issue(t, "x", withDNS("redis-1.lab")))},
		"RSA 2048 is all right": {o: seen(withKey(t, rsaKey(t, 2048), root)), want: wanting(root)},
	}
	for name, test := range tests {
		if name == "SHA-1 root" {
			old := newRoot(t, "Old", func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 })
			test.o, test.want = seen(old.issue(t, "redis-1", withDNS("redis-1.lab"))), wanting(old)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
	if r := Judge(tests["RSA 9000"].o, wanting(root), testNow()); r.Verdict != SeverityCrit || r.Chain[0].Standing != StandingBad {
		t.Error(describe(r))
	}
}

func TestJudgeNames(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	serving := func(common string, changes ...change) Observation { return seen(root.issue(t, common, changes...)) }
	byIP := serving("x", withIP("10.0.0.11"))
	asked := wanting(root)
	asked.NamesFrom = "sni"
	asked.Invocation = asked.Invocation.With("--sni", "redis-1.lab")
	level := func(l Level) Expectation {
		w := wanting(root)
		w.Level = l
		return w
	}
	local := wanting(root)
	local.Loopback, local.LocalNames = true, []string{"10.9.9.9"}
	const byCA = base + " --tls-verify ca ping"
	tests := map[string]verdict{
		"common name only":   {o: serving("redis-1.lab"), want: wanting(root), codes: []string{CodeCNOnly}, scope: "cert:0", fixes: []string{byCA}},
		"no names":           {o: serving("Generic-cert"), want: wanting(root), codes: []string{CodeNoNames}, scope: "cert:0", fixes: []string{byCA}},
		"its address":        {o: byIP, want: wanting(root), codes: []string{CodeOtherName}, scope: "cert:0", fixes: []string{"redan -h 10.0.0.11 -p 6380 --tls --cacert root.crt ping", base + " --tls-verify-name 10.0.0.11 ping", byCA}},
		"another name":       {o: serving("x", withDNS("db.lab")), want: wanting(root), codes: []string{CodeOtherName}, scope: "cert:0", fixes: []string{base + " --tls-verify-name db.lab ping", base + " --sni db.lab ping", byCA}},
		"another name asked": {o: serving("x", withDNS("db.lab")), want: asked, codes: []string{CodeOtherName}, scope: "cert:0", fixes: []string{base + " --sni db.lab ping", base + " --sni redis-1.lab --tls-verify-name db.lab ping"}},
		"wildcard":           {o: serving("x", withDNS("*.eu.lab")), want: wanting(root), codes: []string{CodeOtherName}, scope: "cert:0", fixes: []string{base + " --tls-verify-name redis.eu.lab ping"}},
		"level ca":           {o: serving("x", withDNS("db.lab")), want: level(LevelCA), info: []string{CodeOtherName}, scope: "cert:0", words: []string{"not checked at this level"}},
		"level none":         {o: serving("x", withDNS("db.lab")), want: level(LevelNone), codes: []string{CodeOtherName}, scope: "cert:0"},
		"loopback":           {o: serving("x", withDNS("db.lab")), want: local, info: []string{CodeOtherName}, scope: "cert:0", words: []string{"does not leave this host"}},
		"this host":          {o: serving("x", withIP("10.9.9.9")), want: local},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
	r := Judge(tests["this host"].o, local, testNow())
	if r.Names.By != "local-host" || r.Names.Match != "10.9.9.9" || r.Verdict != SeverityOK {
		t.Errorf("%+v", r.Names)
	}
	if r := Judge(tests["level none"].o, level(LevelNone), testNow()); r.Verdict != SeverityWarn {
		t.Errorf("what is not verified is %s, want a warning", r.Verdict)
	}
}
