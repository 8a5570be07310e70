package cert

import (
	"crypto/x509"
	"slices"
	"strings"
	"testing"
)

// What ends TLS in front of Redis shows by what Redis never does, or says that it does not.
func TestJudgeTerminator(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	leaf, app := root.issue(t, "redis-1", withDNS("redis-1.lab")), root.issue(t, "app")
	soon := root.issue(t, "redis-1", withDNS("redis-1.lab"), validBetween(testNow().Add(-90*oneDay), testNow().Add(20*oneDay)))
	says := func(o Observation, parameters ...string) Observation {
		o.Server.Config, o.Server.Parameters = AccessOK, map[string]string{"tls-cert-file": "/tls/redis.crt", "tls-key-file": "/tls/redis.key"}
		for pair := range slices.Chunk(parameters, 2) {
			o.Server.Parameters[pair[0]] = pair[1]
		}
		return o
	}
	asking := func(o Observation, sent bool) Observation {
		o.ClientAuth = ClientAuth{Requested: true, Sent: sent}
		return o
	}
	listing := asking(seen(leaf), true)
	listing.ClientAuth.AcceptableCAs = [][]byte{root.cert.RawSubject}
	stapling := seen(leaf)
	stapling.OCSPStapled = true
	stale := says(seen(leaf), "tls-port", "0")
	stale.Server.CertFile = []*x509.Certificate{soon.cert}
	failed := says(seen(leaf), "tls-auth-clients", "yes").broke(StageReply, resetError())
	terminated := []string{CodeTerminator}
	tests := map[string]struct {
		verdict
		mode string
	}{
		"Redis itself":               {verdict{o: says(seen(leaf), "tls-port", "6380", "tls-auth-clients", "no")}, "off"},
		"Redis itself, optional":     {verdict{o: says(asking(seen(leaf), false), "tls-port", "6380", "tls-auth-clients", "optional")}, "optional"},
		"behind a forwarded port":    {verdict{o: says(asking(seen(leaf), true), "tls-port", "7000", "tls-auth-clients", "yes")}, "required"},
		"names of CAs":               {verdict{o: says(listing, "tls-auth-clients", "yes"), info: terminated, words: []string{"names the CAs"}}, "requested"},
		"stapled answer":             {verdict{o: stapling, info: terminated, words: []string{"extensions"}}, "off"},
		"a plain Redis":              {verdict{o: says(seen(leaf), "tls-port", "0", "tls-auth-clients", "yes"), info: terminated, words: []string{"tls-port 0"}}, "off"},
		"another file on its disk":   {verdict{o: stale, info: terminated}, "off"},
		"asks not, and Redis would":  {verdict{o: says(seen(leaf), "tls-port", "6380", "tls-auth-clients", "yes"), info: terminated, words: []string{"tls-auth-clients yes"}}, "off"},
		"asks, and Redis would not":  {verdict{o: says(asking(seen(leaf), true), "tls-port", "6380", "tls-auth-clients", "no"), info: terminated, words: []string{"tls-auth-clients no"}}, "requested"},
		"an answer that never came":  {verdict{o: failed, codes: []string{CodeCloseAtOnce}}, "off"},
		"certificate of no interest": {verdict{o: says(seen(leaf), "tls-port", "0"), info: []string{CodeClientCertUnused, CodeTerminator}, scope: "client:0", words: []string{"what ends TLS in front"}}, "off"},
		"a certificate that ends":    {verdict{o: says(seen(soon), "tls-port", "0"), codes: []string{CodeExpiresSoon}, info: terminated, scope: "cert:0"}, "off"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.want = wanting(root)
			if name == "certificate of no interest" {
				chain := app.chain()
				test.want.Client = &chain
			}
			test.run(t)
			r := Judge(test.o, test.want, testNow())
			if r.ClientAuthMode != test.mode {
				t.Errorf("client certificates %q, want %q", r.ClientAuthMode, test.mode)
			}
			if text := describe(r); len(test.info) > 0 && strings.Contains(text, "CONFIG SET") {
				t.Errorf("Redis is told to do what something else does: %s", text)
			}
		})
	}
}

// A certificate that lies ready and mends what is wrong comes before all else: nothing has to be made, or trusted.
func TestLoadingLeads(t *testing.T) {
	t.Parallel()
	old, root := newRoot(t, "Lab Root A"), newRoot(t, "Lab Root A")
	named := withDNS("redis-1.lab")
	middle := root.issue(t, "Lab Intermediate", asCA)
	expired := root.issue(t, "redis-1", named, validBetween(testNow().Add(-90*oneDay), testNow().Add(-oneDay)))
	const load = "CONFIG SET tls-cert-file /tls/redis.crt tls-key-file /tls/redis.key"
	for _, test := range []struct {
		name         string
		served, file *entity
		ca           []*entity
		want         []string // what is found, with a mark on what loading mends
	}{
		{"another root", old.issue(t, "redis-1", named), root.issue(t, "redis-1", named), nil, []string{"+WRONG_ROOT_SAME_NAME", "+STALE_CERT"}},
		{"another name", root.issue(t, "x", withDNS("db.lab")), root.issue(t, "redis-1", named), nil, []string{"+OTHER_NAME", "+STALE_CERT"}},
		{"both", old.issue(t, "x", withDNS("db.lab")), root.issue(t, "redis-1", named), nil, []string{"+WRONG_ROOT_SAME_NAME", "+OTHER_NAME", "+STALE_CERT"}},
		{"intermediate with the CAs", expired, middle.issue(t, "redis-1", named), []*entity{middle, root}, []string{"+EXPIRED", "+STALE_CERT"}},
		{"no better", old.issue(t, "redis-1", named), old.issue(t, "redis-1", named), nil, []string{"WRONG_ROOT_SAME_NAME", "+STALE_CERT"}},
		{"no better for the name", root.issue(t, "x", withDNS("db.lab")), root.issue(t, "x", withDNS("db.lab")), nil, []string{"OTHER_NAME", "+STALE_CERT"}},
		{"intermediate nowhere", old.issue(t, "redis-1", named), middle.issue(t, "redis-1", named), nil, []string{"WRONG_ROOT_SAME_NAME", "+STALE_CERT"}},
		{"expired on disk too", old.issue(t, "redis-1", named), expired, nil, []string{"WRONG_ROOT_SAME_NAME", "STALE_CERT"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := seen(test.served)
			o.Server = Server{
				Config: AccessOK, Parameters: map[string]string{"tls-cert-file": "/tls/redis.crt", "tls-key-file": "/tls/redis.key"},
				CertFile: test.file.chainCerts(),
			}
			for _, c := range test.ca {
				o.Server.CAFile = append(o.Server.CAFile, c.cert)
			}
			r := Judge(o, wanting(root), testNow())
			var got []string
			for _, f := range r.Findings {
				mark := ""
				if f.Fixes[0].Command == load {
					mark = "+"
				}
				got = append(got, mark+f.Code)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v\n%s", got, test.want, describe(r))
			}
			message := r.Findings[len(r.Findings)-1].Message
			for _, c := range []*entity{test.served, test.file} {
				if !strings.Contains(message, Fingerprint(c.cert)[:11]) {
					t.Errorf("%q lacks the fingerprint of %s", message, c.cert.Subject)
				}
			}
			checkTexts(t, r)
		})
	}
}

// A root that Redis adds by itself is nobody's business; one in the certificate's file might be taken out.
func TestRootSentIsUsual(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	leaf := root.issue(t, "redis-1", withDNS("redis-1.lab"))
	for _, test := range []struct {
		file []*x509.Certificate
		want bool
	}{{nil, true}, {leaf.chainCerts(), true}, {[]*x509.Certificate{leaf.cert, root.cert}, false}} {
		o := seen(leaf, root)
		o.Server.CertFile = test.file
		r := Judge(o, wanting(root), testNow())
		if len(r.Findings) != 1 || r.Findings[0].Code != CodeChainWithRoot || r.Findings[0].Usual != test.want {
			t.Errorf("%d certificates in the file:\n%s", len(test.file), describe(r))
		}
	}
}

// The successor of a CA certificate that ends too early is no file with one that ends as early, and least of all the one given.
func TestSuccessorOfCA(t *testing.T) {
	t.Parallel()
	ends := func(days int) change {
		return validBetween(testNow().Add(-oneDay), testNow().AddDate(0, 0, days))
	}
	key := newKey(t)
	ca := func(days int) *entity {
		return sign(t, template(t, "Lab Root A", testNow(), asCA, ends(days)), key, nil)
	}
	root, copied, twin, successor := ca(60), ca(60), ca(59), ca(400)
	o := seen(root.issue(t, "redis-1", withDNS("redis-1.lab"), ends(90)))
	want := wanting(root)
	want.Names, want.NamesFrom, want.Invocation = []string{"x.example"}, "sni", want.Invocation.With("--sni", "x.example")
	given := []NearbyFile{near("root.crt", root), near("copy.crt", copied), near("twin.crt", twin), near("server.crt", &entity{cert: o.Chain[0]})}
	command := func(files ...NearbyFile) string {
		r := Judge(o, beside(want, files...), testNow())
		if got := codesOf(r, SeverityWarn); !slices.Equal(got, []string{CodeOtherName, CodeIssuerFirst}) {
			t.Fatal(describe(r))
		}
		return r.Findings[1].Fixes[0].Command
	}
	if got := command(given...); got != "" {
		t.Errorf("nothing nearby mends it, and yet: %s", got)
	}
	const renewed = "redan -h redis-1.lab -p 6380 --tls --cacert renewed.crt --sni redis-1.lab ping"
	if got := command(append(given, near("renewed.crt", successor))...); got != renewed {
		t.Errorf("got %s, want %s", got, renewed)
	}
}

// A certificate with the name of its CA is accepted here, and refused by OpenSSL.
func TestStandingOfSameName(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "*")
	r := Judge(seen(root.issue(t, "*", withDNS("redis-1.lab"))), wanting(root), testNow())
	if r.Verdict != SeverityWarn || r.Chain[0].Standing != StandingSameName || r.Chain[1].Standing != StandingOK {
		t.Error(describe(r))
	}
}

// The answer that counts is that after the password.
func TestReplyAfterPassword(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	o := seen(root.issue(t, "redis-1", withDNS("redis-1.lab")))
	o.Reply, o.Server = "-NOAUTH Authentication required.", Server{Info: AccessOK, Config: AccessOK, Reply: "+PONG", LoggedIn: true}
	want := wanting(root)
	want.HasPassword = true
	r := Judge(o, want, testNow())
	i := slices.IndexFunc(r.Checks, func(c Check) bool { return c.Name == "redis" })
	if r.Verdict != SeverityOK || r.Checks[i].Note != "PING is answered with +PONG" {
		t.Error(describe(r))
	}
}
