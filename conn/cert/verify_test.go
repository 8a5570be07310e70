package cert

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// policyFor expects name of a server whose issuers are trusted.
func policyFor(name string, trusted ...*entity) Policy {
	return Policy{Roots: rootsOf(trusted...), Names: []string{name}, Now: testNow}
}

func TestVerifyAccepts(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	intermediate := root.issue(t, "Lab Intermediate A1", asCA)
	leaf := intermediate.issue(t, "redis-1", withDNS("redis-1.lab"), withIP("10.0.0.11"))
	selfSigned := sign(t, template(t, "self", testNow(), withDNS("redis-1.lab")), newKey(t), nil)
	tests := map[string]struct {
		served tls.Certificate
		policy Policy
	}{
		"chain and name":        {leaf.chain(intermediate), policyFor("redis-1.lab", root)},
		"root sent too":         {leaf.chain(intermediate, root), policyFor("redis-1.lab", root)},
		"address":               {leaf.chain(intermediate), policyFor("10.0.0.11", root)},
		"IPv6 with zone":        {root.issue(t, "six", withIP("fe80::7")).chain(), policyFor("fe80::7%eth0", root)},
		"IPv6 in brackets":      {root.issue(t, "six", withIP("fe80::7")).chain(), policyFor("[fe80::7]", root)},
		"capitals, last dot":    {leaf.chain(intermediate), policyFor("REDIS-1.lab.", root)},
		"intermediate trusted":  {leaf.chain(), policyFor("redis-1.lab", root, intermediate)},
		"pinned leaf":           {leaf.chain(), policyFor("redis-1.lab", leaf)},
		"self-signed, trusted":  {selfSigned.chain(), policyFor("redis-1.lab", selfSigned)},
		"second of two names":   {leaf.chain(intermediate), Policy{Roots: rootsOf(root), Names: []string{"10.9.9.9", "redis-1.lab"}, Now: testNow}},
		"level ca, other name":  {leaf.chain(intermediate), Policy{Level: LevelCA, Roots: rootsOf(root), Names: []string{"x"}, Now: testNow}},
		"level none, no root":   {selfSigned.chain(), Policy{Level: LevelNone}},
		"unrelated root beside": {leaf.chain(intermediate), policyFor("redis-1.lab", newRoot(t, "Other"), root)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := connect(t, test.served, test.policy); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestVerifyRefusesTheChain(t *testing.T) {
	t.Parallel()
	const host = "redis-1.lab"
	named := withDNS(host)
	root := newRoot(t, "Lab Root A")
	twin := newRoot(t, "Lab Root A")
	stranger := newRoot(t, "Other Root", func(c *x509.Certificate) { c.Subject.Organization = []string{"Elsewhere"} })
	intermediate := root.issue(t, "Lab Intermediate A1", asCA)
	leaf := intermediate.issue(t, "redis-1", named)
	direct := root.issue(t, "redis-1", named)
	hour, day := time.Hour, 24*time.Hour
	now := testNow()

	expired := root.issue(t, "redis-1", named, validBetween(now.Add(-90*day), now.Add(-26*hour)))
	oldRoot := newRoot(t, "Old Root", validBetween(now.AddDate(-10, 0, 0), now.Add(-3*day)))
	oldIntermediate := root.issue(t, "Old Intermediate", asCA, validBetween(now.AddDate(-1, 0, 0), now.Add(-50*hour)))
	noCA := root.issue(t, "not a CA", named)
	unflagged := root.issue(t, "unflagged", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCertSign })
	short := newRoot(t, "Short Root", func(c *x509.Certificate) { c.MaxPathLenZero = true })
	forClients := root.issue(t, "Clients Only", asCA, withEKU(x509.ExtKeyUsageClientAuth))
	limited := newRoot(t, "Limited Root", func(c *x509.Certificate) {
		c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"example.com"}
	})
	sha1Signed := root.issue(t, "redis-1", named, func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 })
	selfSigned := sign(t, template(t, host, now, named), newKey(t), nil)
	renewed := sign(t, template(t, host, now, named), newKey(t), nil)
	aia := root.issue(t, "Sub 7", asCA).issue(t, "redis-1", named, func(c *x509.Certificate) {
		c.Issuer.Organization = nil
		c.IssuingCertificateURL = []string{"http://ca.lab/sub7.crt"}
	})
	sameName := newRoot(t, "*").issue(t, "*", named)
	shortIntermediate := short.issue(t, "Too Deep", asCA)

	tests := map[string]struct {
		served  tls.Certificate
		trusted []*entity
		code    string
		at      *x509.Certificate
		words   []string // that the sentence must hold
	}{
		"root not trusted":               {direct.chain(root), []*entity{stranger}, CodeUnknownCA, root.cert, []string{"Lab Root A", "Other Root", "root.crt", "--cacert"}},
		"root not sent, nor trusted":     {leaf.chain(intermediate), []*entity{stranger}, CodeUnknownCA, intermediate.cert, []string{"Lab Root A"}},
		"CA and server share a name":     {sameName.chain(), []*entity{stranger}, CodeUnknownCA, sameName.cert, nil},
		"self-signed":                    {selfSigned.chain(), []*entity{root}, CodeSelfSignedLeaf, selfSigned.cert, []string{"signed by itself", "--cacert"}},
		"self-signed and renewed":        {renewed.chain(), []*entity{selfSigned}, CodeSelfSignedLeaf, renewed.cert, []string{"root.crt is another"}},
		"intermediate not sent":          {leaf.chain(), []*entity{root}, CodeMissingIntermediate, leaf.cert, []string{"Lab Intermediate A1", "tls-cert-file"}},
		"intermediate not sent, same O":  {root.issue(t, "Sub", asCA).issue(t, "redis-1", named).chain(), []*entity{root}, CodeMissingIntermediate, nil, []string{"probably"}},
		"intermediate not sent, AIA":     {aia.chain(), []*entity{stranger}, CodeMissingIntermediate, aia.cert, nil},
		"other root of that name":        {direct.chain(), []*entity{twin}, CodeWrongRootSameName, direct.cert, []string{"same name", "root.crt"}},
		"other root of that name, sent":  {direct.chain(root), []*entity{twin}, CodeWrongRootSameName, root.cert, []string{"same name"}},
		"expired":                        {expired.chain(), []*entity{root}, CodeExpired, expired.cert, []string{"expired 26 hours ago", "2031-05-21 10:00 UTC", "CONFIG SET tls-cert-file"}},
		"expired, by a stranger":         {expired.chain(root), []*entity{stranger}, CodeUnknownCA, root.cert, nil},
		"expired root":                   {oldRoot.issue(t, "redis-1", named).chain(), []*entity{oldRoot}, CodeExpired, oldRoot.cert, []string{"Old Root", "root.crt", "3 days"}},
		"expired intermediate":           {oldIntermediate.issue(t, "redis-1", named).chain(oldIntermediate), []*entity{root}, CodeExpired, oldIntermediate.cert, []string{"Old Intermediate", "2 days"}},
		"not yet valid":                  {root.issue(t, "redis-1", named, validBetween(now.Add(3*hour), now.Add(90*day))).chain(), []*entity{root}, CodeNotYetValid, nil, []string{"in 3 hours", "clock", "2031-05-22 12:00 UTC"}},
		"issued by a leaf":               {noCA.issue(t, "redis-1", named).chain(noCA), []*entity{root}, CodeLeafAsCA, noCA.cert, []string{"CA:TRUE"}},
		"issued without flag":            {unflagged.issue(t, "redis-1", named).chain(unflagged), []*entity{root}, CodeLeafAsCA, unflagged.cert, nil},
		"too deep":                       {shortIntermediate.issue(t, "redis-1", named).chain(shortIntermediate), []*entity{short}, CodePathLen, short.cert, []string{"allows 0", "there are 1"}},
		"for clients":                    {root.issue(t, "redis-1", named, withEKU(x509.ExtKeyUsageClientAuth)).chain(), []*entity{root}, CodeWrongEKU, nil, []string{"serverAuth"}},
		"CA for clients":                 {forClients.issue(t, "redis-1", named).chain(forClients), []*entity{root}, CodeWrongEKU, forClients.cert, []string{"Clients Only"}},
		"Netscape type client":           {root.issue(t, "redis-1", named, withExtension([]int{2, 16, 840, 1, 113730, 1, 1}, []byte{3, 2, 7, 0x80})).chain(), []*entity{root}, CodeWrongEKU, nil, []string{"nsCertType"}},
		"names the CA may not issue for": {limited.issue(t, "redis-1", named).chain(), []*entity{limited}, CodeNameConstraint, nil, []string{host}},
		"SHA-1":                          {sha1Signed.chain(), []*entity{root}, CodeSHA1Signed, sha1Signed.cert, []string{"SHA1", "-sha256"}},
		"critical extension": {root.issue(t, "redis-1", named, func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: []int{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}}
		}).chain(), []*entity{root}, CodeUntrusted, nil, []string{"critical"}},
	}
	for name, test := range tests {
		for _, level := range []Level{LevelFull, LevelCA} {
			t.Run(name+", "+level.String(), func(t *testing.T) {
				t.Parallel()
				policy := policyFor(host, test.trusted...)
				policy.Level = level
				policy.Loopback = true // loopback forgives names, nothing else
				err := connect(t, test.served, policy)
				wantVerifyError(t, err, test.code, test.words...)
				refused := refusal(t, err)
				if test.at != nil && !test.at.Equal(refused.Cert) {
					t.Errorf("the fault is said to be at %s, want %s", refused.Cert.Subject, test.at.Subject)
				}
			})
		}
	}
}

func TestVerifyNamesFurtherFaults(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	old := root.issue(t, "redis-1", withDNS("redis-1.lab"), withEKU(x509.ExtKeyUsageClientAuth),
		validBetween(testNow().AddDate(-1, 0, 0), testNow().AddDate(0, -1, 0)))
	refused := refusal(t, connect(t, old.chain(), policyFor("redis-1.lab", newRoot(t, "Other"))))
	if want := []string{CodeExpired, CodeWrongEKU}; refused.Code != CodeUnknownCA || !slices.Equal(refused.Also, want) {
		t.Errorf("%s and further faults %v, want %s and %v", refused.Code, refused.Also, CodeUnknownCA, want)
	}
}

func TestVerifyBySystemStore(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	leaf := root.issue(t, "redis-1", withDNS("redis-1.lab"))
	system := Policy{Names: []string{"redis-1.lab"}, Now: testNow}
	wantVerifyError(t, connect(t, leaf.chain(root), system), CodeUnknownCA, "--cacert FILE")
	old := root.issue(t, "redis-1", validBetween(testNow().AddDate(-1, 0, 0), testNow().AddDate(0, -1, 0)))
	refused := refusal(t, connect(t, old.chain(root), system))
	if want := []string{CodeExpired}; refused.Code != CodeUnknownCA || !slices.Equal(refused.Also, want) {
		t.Errorf("%s and further faults %v, want %s and %v", refused.Code, refused.Also, CodeUnknownCA, want)
	}
}

func TestVerifyFailsClosed(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	leaf := root.issue(t, "redis-1", withDNS("redis-1.lab"))
	noClock := policyFor("redis-1.lab", root)
	noClock.Now = nil
	if err := connect(t, leaf.chain(), noClock); !errors.Is(err, errNoClock) {
		t.Errorf("without a clock: %v", err)
	}
	wantVerifyError(t, policyFor("redis-1.lab", root).VerifyConnection(tls.ConnectionState{}), CodeNoCertificate)
	nameless := policyFor("", root)
	wantVerifyError(t, connect(t, leaf.chain(), nameless), CodeOtherName)
	nameless.Names = nil
	wantVerifyError(t, connect(t, leaf.chain(), nameless), CodeOtherName)
}

func TestVerifyRunsOnResumption(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	leaf := root.issue(t, "redis-1", withDNS("redis-1.lab"))
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		server := &tls.Config{Certificates: []tls.Certificate{leaf.chain()}, MaxVersion: version, Time: testNow}
		client := &tls.Config{ServerName: "redis-1.lab", ClientSessionCache: tls.NewLRUClientSessionCache(4), Time: testNow}
		policy := policyFor("redis-1.lab", root)
		policy.Apply(client)
		if _, err := shake(t, server, client); err != nil {
			t.Fatal(err)
		}
		state, err := shake(t, server, client)
		if err != nil || !state.DidResume {
			t.Fatalf("version %x: %v, resumed: %v; want a resumed session", version, err, state.DidResume)
		}
		policy.Names = []string{"other.lab"}
		policy.Apply(client)
		_, err = shake(t, server, client)
		wantVerifyError(t, err, CodeOtherName)
	}
}

func TestVerifyIsBounded(t *testing.T) {
	t.Parallel()
	// Certificates of one name and one key, each of which has issued all the others: a hostile server's maze.
	key := newKey(t)
	maze := make([]*entity, 0, 60)
	for range cap(maze) {
		maze = append(maze, sign(t, template(t, "Maze", testNow(), asCA), key, nil))
	}
	leaf := maze[0].issue(t, "Maze", withDNS("redis-1.lab"))
	started := time.Now()
	err := connect(t, leaf.chain(maze...), policyFor("redis-1.lab", newRoot(t, "Lab Root A")))
	wantVerifyError(t, err, CodeUnknownCA)
	if took := time.Since(started); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestVerifyErrorsAreSafeToPrint(t *testing.T) {
	t.Parallel()
	evil := "\x1b]0;owned\x07\u202e"
	hostile := sign(t, template(t, evil, testNow(), func(c *x509.Certificate) {
		c.DNSNames = []string{"evil\x1b[31m.lab"}
		c.URIs = []*url.URL{{Scheme: "x", Host: "y"}}
	}), newKey(t), nil)
	for _, policy := range []Policy{policyFor("redis-1.lab", newRoot(t, "A")), policyFor("redis-1.lab", hostile)} {
		err := connect(t, hostile.chain(), policy)
		refused, ok := errors.AsType[*VerifyError](err)
		if !ok {
			t.Fatal(err)
		}
		if strings.ContainsAny(refused.Error(), "\x1b\x07\u202e") {
			t.Errorf("%q holds control characters", refused.Error())
		}
	}
}

func TestParseLevel(t *testing.T) {
	t.Parallel()
	for _, level := range []Level{LevelFull, LevelCA, LevelNone} {
		if got, err := ParseLevel(level.String()); err != nil || got != level {
			t.Errorf("ParseLevel(%q) = %v, %v", level.String(), got, err)
		}
	}
	if got, err := ParseLevel("auto"); !errors.Is(err, ErrLevel) || got != LevelFull {
		t.Errorf("ParseLevel(auto) = %v, %v; want full and an error", got, err)
	}
}
