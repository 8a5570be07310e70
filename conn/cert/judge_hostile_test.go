package cert

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"
)

const evilText = "\x1b]0;owned\x07\u202e\r\n\x00"

// hostileObservations are what servers send that mean harm.
func hostileObservations(t testing.TB) map[string]Observation {
	t.Helper()
	key := newKey(t)
	maze := make([]*entity, 0, 100)
	for range cap(maze) {
		maze = append(maze, sign(t, template(t, "Maze", testNow(), asCA), key, nil))
	}
	root := newRoot(t, "Lab Root A")
	leaf := root.issue(t, "redis-1", withDNS("redis-1.lab"))
	again := make([]*entity, 100)
	for i := range again {
		again[i] = leaf
	}
	var many []string
	for i := range 20000 {
		many = append(many, fmt.Sprintf("redis-*.%d.lab", i))
	}
	crowd := root.issue(t, "crowd", withDNS(many...))
	evil := sign(t, template(t, evilText, testNow(), func(c *x509.Certificate) {
		c.Subject = pkix.Name{CommonName: evilText, Organization: []string{strings.Repeat(evilText, 50)}}
	}), newKey(t), nil)
	evilNames := *evil.cert
	evilNames.DNSNames = []string{"evil\x1b[31m.lab", "--insecure", "$(reboot).lab", "x';reboot;'"}
	spoken := seen(&entity{cert: &evilNames})
	spoken.Reply = "-NOPERM " + evilText
	spoken.Server = Server{
		AuthRefused: evilText, Version: evilText, Parameters: map[string]string{"tls-cert-file": evilText, "tls-key-file": `a" b`, "tls-ca-cert-file": evilText},
		CertFile: []*x509.Certificate{leaf.cert}, CAFile: []*x509.Certificate{&evilNames},
	}
	routed := nothingSeen(StageTLS, io.EOF)
	routed.Trials = []Trial{{ServerName: "--insecure" + evilText, OK: true, Reply: "+" + evilText}, {OK: true, Leaf: &evilNames}}
	banner := nothingSeen(StageTLS, tls.RecordHeaderError{Msg: evilText})
	banner.FirstBytes = []byte(evilText)
	asking := seen(leaf).alerted(255, AlertFirstRead)
	asking.ClientAuth = ClientAuth{Requested: true, AcceptableCAs: [][]byte{evil.cert.RawSubject, []byte("\x30\x80"), nil}}
	asking.Hello = Hello{Done: true, Suites: []string{evilText}, Chain: [][]byte{nil, []byte(evilText)}}
	return map[string]Observation{
		"maze": seen(leaf, maze...), "maze alone": seen(maze[0], maze[1:]...), "the same a hundred times": seen(leaf, again...), "a crowd of names": seen(crowd),
		"control characters": seen(&entity{cert: &evilNames}), "words": spoken, "trials": routed, "banner": banner, "acceptable CAs": asking,
		"unparsed": func() Observation { o := seen(leaf); o.Unparsed = []error{errors.New(evilText)}; return o }(),
	}
}

func TestJudgeSurvivesHostileServers(t *testing.T) {
	t.Parallel()
	trusted := newRoot(t, "Maze")
	for name, o := range hostileObservations(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := wanting(trusted)
			for i := range 100 {
				want.Nearby = append(want.Nearby, near(fmt.Sprintf("maze%d.crt", i), trusted))
			}
			began := time.Now()
			r := Judge(o, want, testNow())
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
			if len(r.Chain) > maxLinks || len(r.Names.Present) > 2*maxNames+1 {
				t.Errorf("%d certificates and %d names to show", len(r.Chain), len(r.Names.Present))
			}
			checkSafety(t, r)
		})
	}
}

// checkSafety looks for anything that could act on a terminal or in a shell.
func checkSafety(t *testing.T, r Report) {
	t.Helper()
	checkTexts(t, r)
	for _, f := range r.Findings {
		for _, fix := range f.Fixes {
			if strings.Contains(fix.Command, "reboot") && !strings.Contains(fix.Command, `'`) || strings.ContainsAny(fix.Note, "\x1b\x07\x00\r\n\u202e") {
				t.Errorf("%s: %q, %q", f.Code, fix.Command, fix.Note)
			}
		}
	}
	for _, c := range r.Checks {
		if strings.ContainsAny(c.Note, "\x1b\x07\x00\r\n\u202e") {
			t.Errorf("check %s says %q", c.Name, c.Note)
		}
	}
}

func TestJudgeIsPure(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	for name, o := range hostileObservations(t) {
		want := wanting(root)
		want.Nearby = []NearbyFile{near("a.crt", root), near("b.crt", root)}
		first, second := Judge(o, want, testNow()), Judge(o, want, testNow())
		if !reflect.DeepEqual(first, second) {
			t.Errorf("%s: two judgements differ", name)
		}
	}
}

// FuzzJudge builds observations out of whatever bytes: Judge must survive them, keep its rules, and agree with what refuses connections.
func FuzzJudge(f *testing.F) {
	for _, seed := range []string{"", "\x01\x02\x03", "ok\x00\x00\x00\x00", strings.Repeat("\xff", 64), "\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"} {
		f.Add([]byte(seed), evilText)
	}
	root := newRoot(f, "Lab Root A")
	middle := root.issue(f, "Lab Intermediate A1", asCA)
	now := testNow()
	pool := []*x509.Certificate{
		root.cert, middle.cert, newRoot(f, "Lab Root A").cert, root.issue(f, "redis-1", withDNS("redis-1.lab")).cert,
		middle.issue(f, "redis-1", withDNS("other.lab"), validBetween(now.AddDate(-1, 0, 0), now.Add(-oneDay))).cert,
		root.issue(f, "app", withEKU(x509.ExtKeyUsageClientAuth)).cert, middle.issue(f, "", withIP("10.0.0.1")).cert,
		root.issue(f, evilText, withDNS("*.lab"), validBetween(now.Add(oneDay), now.AddDate(1, 0, 0))).cert,
	}
	failures := []error{nil, io.EOF, io.ErrUnexpectedEOF, ErrNotRedis, timeoutError(), resetError(), errOtherAnswer, &net.DNSError{}, errors.New(evilText), &VerifyError{}, &CipherError{}}
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		next := func(n int) int {
			if len(data) == 0 {
				return 0
			}
			b := int(data[0])
			data = data[1:]
			return b % n
		}
		some := func(most int) (certs []*x509.Certificate) {
			for range next(most) {
				certs = append(certs, pool[next(len(pool))])
			}
			return certs
		}
		var alert *Alert
		if n := next(256); n > 127 {
			alert = &Alert{Number: uint8(next(128)), When: AlertInHandshake}
		}
		o := Observation{
			Target: Target{Name: text, Host: text, Port: next(256), Plain: next(2) == 1, ServerName: text, Network: []string{"tcp", "unix"}[next(2)]},
			Stage:  []Stage{"", StageDNS, StageConnect, StageTLS, StageReply, StageDone}[next(6)], Err: failures[next(len(failures))],
			FirstBytes: []byte(text)[:min(len(text), next(64))], Version: []uint16{0, tls.VersionTLS12, tls.VersionTLS13, 7}[next(4)], Chain: some(7), Alert: alert,
			ClientAuth: ClientAuth{Requested: next(2) == 1, Sent: next(2) == 1, AcceptableCAs: [][]byte{[]byte(text)}},
			Reply:      []string{"", "+PONG", "-NOAUTH", text, "-" + text}[next(5)], Plain: PlainLook{Done: next(2) == 1, Reply: []byte(text)[:min(len(text), next(9))]},
			Trials: []Trial{{ServerName: text, OK: next(2) == 1, Reply: text, Version: uint16(next(2) * tls.VersionTLS12)}, {}}[:next(3)],
			Hello:  Hello{Done: next(2) == 1, Chain: [][]byte{[]byte(text)}, Suites: []string{text}, Versions: []uint16{tls.VersionTLS10}[:next(2)]},
			Server: Server{
				AuthRefused: text, Config: Access(text), Parameters: map[string]string{"tls-cert-file": text, "tls-key-file": text}, CertFile: some(3), CAFile: some(3),
				Clock: now, AskedAt: now.Add(time.Duration(next(256)-128) * time.Hour),
			},
			Siblings: []Sibling{{Port: next(256), TLS: next(2) == 1, Reply: text}}[:next(2)],
		}
		want := Expectation{
			Level: Level(next(3)), Names: []string{"redis-1.lab", text}[:next(3)], Loopback: next(2) == 1, LocalNames: []string{text}, CertFile: text, KeyFile: text,
			RootsMissing: next(8) == 7, Ciphers: text, HasPassword: next(2) == 1, User: text, DefaultThresholds: next(2) == 1,
			FileErrors: []error{&FileError{Code: text, Path: text, Role: Role(next(4))}, &CipherError{}, errors.New(text)}[:next(4)],
			Invocation: Invocation{Program: "redan", Options: []Option{{Name: "-h", Value: text}}},
		}
		want.Roots = trustOnly("root.crt", append(some(3), pool[0])...)
		if certs := some(3); len(certs) > 0 {
			want.Client = &tls.Certificate{Certificate: [][]byte{certs[0].Raw, []byte(text)}}
			want.Nearby = []NearbyFile{{Path: text, Certificates: certs, KeySPKI: SPKI(certs[0].PublicKey)}, {Path: text, KeySPKI: text}}
		}
		began := time.Now()
		r := Judge(o, want, now)
		if took := time.Since(began); took > 10*time.Second {
			t.Fatalf("took %v", took)
		}
		for i, finding := range r.Findings {
			if finding.Severity == SeverityOK || finding.Code == "" && text != "" || i > 0 && finding.Severity > r.Findings[i-1].Severity {
				t.Fatalf("finding %d: %+v", i, finding)
			}
			for _, fix := range finding.Fixes {
				if strings.ContainsAny(fix.Command, "\x1b\x00\n") {
					t.Fatalf("%q", fix.Command)
				}
			}
		}
		failed := o.Stage != "" && o.Stage != StageDone && o.Err != nil
		if failed && r.Verdict != SeverityCrit {
			t.Fatalf("a connection that failed in stage %s with %v has the verdict %s", o.Stage, o.Err, r.Verdict)
		}
		if o.Target.Plain || len(o.Chain) == 0 || want.RootsMissing || want.Level == LevelNone {
			return
		}
		policy := Policy{Level: LevelCA, Roots: want.Roots, Now: func() time.Time { return now }}
		if refused := policy.Verify(o.Chain) != nil; refused == r.Verified {
			t.Fatalf("verified %t, refused %t", r.Verified, refused)
		}
	})
}
