package cert

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// seen is the observation of a Redis with TLS that answers PING, and serves e with the certificates behind it.
func seen(e *entity, behind ...*entity) Observation {
	o := Observation{
		Target: Target{Name: "redis-1.lab:6380", Network: "tcp", Address: "redis-1.lab:6380", Host: "redis-1.lab", Port: 6380, ServerName: "redis-1.lab"},
		At:     testNow(), Remote: "10.0.0.11:6380", Stage: StageDone, Version: tls.VersionTLS13, Suite: tls.TLS_AES_128_GCM_SHA256, Group: tls.X25519,
		Reply: "+PONG", Received: 2000, FirstBytes: []byte{0x16, 3, 3},
	}
	for _, c := range append([]*entity{e}, behind...) {
		o.Chain = append(o.Chain, c.cert)
	}
	return o
}

// wanting expects redis-1.lab, from one of the roots, as a command line with that says it.
func wanting(trusted ...*entity) Expectation {
	return Expectation{
		Roots: rootsOf(trusted...), Names: []string{"redis-1.lab"}, NamesFrom: "dialled", DefaultThresholds: true,
		Invocation: Invocation{Program: "redan", Options: []Option{
			{Name: "-h", Value: "redis-1.lab"}, {Name: "-p", Value: "6380"}, {Name: "--tls", Switch: true}, {Name: "--cacert", Value: "root.crt"},
		}},
	}
}

// broke changes o into one that ended with err at that stage.
func (o Observation) broke(stage Stage, err error) Observation {
	o.Stage, o.Err, o.Reply = stage, err, ""
	return o
}

// nothingSeen is the observation of a connection that ended before a byte of TLS.
func nothingSeen(stage Stage, err error) Observation {
	o := seen(&entity{})
	o.Chain, o.Version, o.Suite, o.Group, o.Received, o.FirstBytes = nil, 0, 0, 0, 0, nil
	return o.broke(stage, err)
}

// alerted is o, ended by an alert at that moment.
func (o Observation) alerted(number uint8, when AlertMoment) Observation {
	o = o.broke(StageTLS, &net.OpError{Op: "remote error", Err: errors.New("tls: alert")})
	if when == AlertFirstRead {
		o.Stage = StageReply
	} else {
		o.Chain = nil
	}
	o.Alert = &Alert{Number: number, When: when}
	return o
}

func codesOf(r Report, least Severity) []string {
	codes := []string{}
	for _, f := range r.Findings {
		if f.Severity >= least {
			codes = append(codes, f.Code)
		}
	}
	return codes
}

// describe is a report for the log of a failed test.
func describe(r Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "verdict %s, verified %t\n", r.Verdict, r.Verified)
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s %s (%s): %s\n   why: %s\n   %v\n", f.Severity, f.Code, f.Scope, f.Message, f.Cause, f.Evidence)
		for _, fix := range f.Fixes {
			fmt.Fprintf(&b, "   fix: %s %s %s (%s) placeholders=%t\n", fix.Side, fix.Language, fix.Command, fix.Note, fix.Placeholders)
		}
	}
	for i, l := range r.Chain {
		fmt.Fprintf(&b, "   %d %s %s trusted=%t sent=%t %s\n", i, subject(l.Cert), l.Standing, l.Trusted, l.Sent, l.Origin)
	}
	for _, c := range r.Checks {
		fmt.Fprintf(&b, "   %s %s: %s\n", c.State, c.Name, c.Note)
	}
	return b.String()
}

func timeoutError() error { return &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded} }

func resetError() error {
	return &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
}

func TestJudgeAccepts(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	intermediate := root.issue(t, "Lab Intermediate A1", asCA)
	leaf := intermediate.issue(t, "redis-1", withDNS("redis-1.lab"), withIP("10.0.0.11"))
	r := Judge(seen(leaf, intermediate), wanting(root), testNow())
	if r.Verdict != SeverityOK || len(r.Findings) != 0 || !r.Verified || r.Unknown {
		t.Fatal(describe(r))
	}
	if r.Names.Match != "redis-1.lab" || r.Names.By != "dialled" || !slices.Equal(r.Names.Present, []string{"redis-1.lab", "10.0.0.11"}) {
		t.Errorf("names %+v", r.Names)
	}
	if len(r.Chain) != 3 || r.Chain[0].Cert != leaf.cert || r.Chain[0].Trusted || !r.Chain[1].Sent || r.Chain[2].Sent || !r.Chain[2].Trusted ||
		r.Chain[2].Origin != "root.crt" {
		t.Error(describe(r))
	}
	for _, c := range r.Checks {
		if c.State == CheckFailed || c.State == CheckPassed && c.Note == "" {
			t.Errorf("check %+v", c)
		}
	}
	if r.ClientAuthMode != "off" {
		t.Errorf("client auth %q", r.ClientAuthMode)
	}
	if _, found := r.First(); found {
		t.Error("there is nothing to mend")
	}
}

// verdict is one case of the table: what is found at least as bad as a warning, in this order, and how the first is to be mended.
type verdict struct {
	o     Observation
	want  Expectation
	codes []string // at least as bad as a warning, in this order
	info  []string // further ones
	scope string   // of the first; empty is target
	words []string // that message and cause of the first hold
	fixes []string // commands that the first has, in this order, among others
}

func (v verdict) run(t *testing.T) {
	t.Helper()
	r := Judge(v.o, v.want, testNow())
	if got := codesOf(r, SeverityWarn); !slices.Equal(got, append([]string{}, v.codes...)) {
		t.Fatalf("found %v, want %v\n%s", got, v.codes, describe(r))
	}
	var info []string
	for _, f := range r.Findings {
		if f.Severity == SeverityInfo {
			info = append(info, f.Code)
		}
	}
	if !slices.Equal(info, v.info) {
		t.Fatalf("mentioned %v, want %v\n%s", info, v.info, describe(r))
	}
	if len(r.Findings) == 0 {
		return
	}
	first := r.Findings[0]
	scope := v.scope
	if scope == "" {
		scope = ScopeTarget
	}
	if first.Scope != scope {
		t.Errorf("scope %s, want %s", first.Scope, scope)
	}
	wantWords(t, first.Message+" | "+first.Cause, v.words)
	checkTexts(t, r)
	at := 0
	for _, f := range first.Fixes {
		if at < len(v.fixes) && f.Command == v.fixes[at] {
			at++
		}
	}
	if at < len(v.fixes) {
		t.Errorf("lacks the fix %s\n%s", v.fixes[at], describe(r))
	}
}

// checkTexts holds all that a report says to the house rules.
func checkTexts(t *testing.T, r Report) {
	t.Helper()
	for _, f := range r.Findings {
		if f.Message == "" || strings.HasSuffix(f.Message, ".") || strings.ContainsAny(f.Message+f.Cause, "\n!") {
			t.Errorf("%s: message %q, cause %q", f.Code, f.Message, f.Cause)
		}
		for _, text := range append([]string{f.Message, f.Cause, f.Scope}, factTexts(f)...) {
			if printable(text) != text && len(text) <= 200 || strings.ContainsAny(text, "\x1b\x07\u202e\n") {
				t.Errorf("%s: %q is not fit for a terminal", f.Code, text)
			}
		}
		for _, fix := range f.Fixes {
			if fix.Command == "" && fix.Note == "" || fix.Side == "" || fix.Command != "" && fix.Language == "" || strings.ContainsAny(fix.Command, "\x1b\x07\n") {
				t.Errorf("%s: fix %+v", f.Code, fix)
			}
			if fix.Placeholders != hasPlaceholder(fix.Command) {
				t.Errorf("%s: placeholders %t: %s", f.Code, fix.Placeholders, fix.Command)
			}
		}
	}
}

func factTexts(f Finding) []string {
	var texts []string
	for _, fact := range f.Evidence {
		texts = append(texts, fact.Name, fact.Value)
	}
	return texts
}

// hasPlaceholder reports whether a command has a word in capitals to be replaced.
func hasPlaceholder(command string) bool {
	for _, word := range []string{
		"CA.crt", "CA.key", "CLIENT.crt", "CLIENT.key", "SERVER.crt", "SERVER.key", "INTERMEDIATE.crt", "NAME", "FILE", "PASSWORD", "HOST", "PORT", "DIR",
	} {
		if slices.Contains(strings.Fields(command), word) {
			return true
		}
	}
	return strings.Contains(command, "REDACTED")
}

func TestJudgeReach(t *testing.T) {
	t.Parallel()
	const base = "redan -h redis-1.lab -p 6380 --tls --cacert root.crt"
	refused := &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	root := newRoot(t, "Lab Root A")
	withSiblings := nothingSeen(StageConnect, refused)
	withSiblings.Siblings = []Sibling{{Port: 6379, Reply: "+PONG"}, {Port: 16380, TLS: true}}
	socket := nothingSeen(StageConnect, os.NewSyscallError("connect", syscall.ENOENT))
	socket.Target = Target{Name: "/run/redis.sock", Network: "unix", Address: "/run/redis.sock"}
	plainReply := nothingSeen(StageTLS, errOtherAnswer)
	plainReply.Plain = PlainLook{Done: true, Reply: []byte("+PONG")}
	silent := nothingSeen(StageTLS, timeoutError())
	silent.Plain = PlainLook{Done: true}
	web := nothingSeen(StageTLS, tls.RecordHeaderError{Msg: "x"})
	web.FirstBytes = []byte("HTTP/1.1 400 Bad Request\r\n")
	denied := nothingSeen(StageTLS, tls.RecordHeaderError{})
	denied.FirstBytes = []byte("-DENIED Redis is running in protected mode because...")
	full := nothingSeen(StageTLS, tls.RecordHeaderError{})
	full.FirstBytes = []byte("-ERR max number of clients reached\r\n")
	routed := nothingSeen(StageTLS, io.EOF)
	routed.Trials = []Trial{{NoName: true}, {ServerName: "db.lab", OK: true, Reply: "+PONG"}}
	fullTLS := nothingSeen(StageTLS, resetError())
	fullTLS.Siblings = []Sibling{{Port: 6379, Reply: "-ERR max number of clients reached"}}
	want := wanting(root)
	tests := map[string]verdict{
		"unknown name": {
			o:     nothingSeen(StageDNS, &net.DNSError{Err: "no such host", Name: "redis-1.lab", IsNotFound: true}),
			codes: []string{CodeDNS}, words: []string{"redis-1.lab", "not known"},
		},
		"name server silent": {
			o:     nothingSeen(StageDNS, &net.DNSError{Err: "i/o timeout", Server: "10.0.0.2:53", IsTimeout: true}),
			codes: []string{CodeDNS}, words: []string{"could not be looked up"},
		},
		"refused": {o: nothingSeen(StageConnect, refused), codes: []string{CodeRefused}, words: []string{"nothing listens", "tls-port"}},
		"refused, others listen": {
			o: withSiblings, codes: []string{CodeRefused},
			fixes: []string{"redan -h redis-1.lab -p 16380 --tls --cacert root.crt ping", "redan -h redis-1.lab -p 6379 ping"},
		},
		"no answer":      {o: nothingSeen(StageConnect, timeoutError()), codes: []string{CodeUnreachable}, words: []string{"did not answer", "firewall"}},
		"no socket":      {o: socket, codes: []string{CodeNoSocket}, words: []string{"there is no socket /run/redis.sock"}},
		"plain Redis":    {o: plainReply, codes: []string{CodeTLSToPlain}, words: []string{"plain Redis"}, fixes: []string{"redan -h redis-1.lab -p 6380 ping"}},
		"silence":        {o: silent, codes: []string{CodeStall}, words: []string{"plain PING is not answered either"}},
		"closed":         {o: nothingSeen(StageTLS, io.EOF), codes: []string{CodeCloseAtOnce}, words: []string{"SNI", "maxclients"}},
		"web server":     {o: web, codes: []string{CodeNotRedis}, words: []string{"web server", "HTTP/1.1 400"}},
		"protected mode": {o: denied, codes: []string{CodeProtectedMode, CodeTLSToPlain}},
		"maxclients":     {o: full, codes: []string{CodeMaxClients, CodeTLSToPlain}},
		"maxclients, TLS": {
			o: fullTLS, codes: []string{CodeMaxClients}, fixes: []string{"CONFIG SET maxclients 10000"},
		},
		"closed without a name": {o: routed, codes: []string{CodeSNIRequired}, fixes: []string{base + " --sni db.lab ping"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.want.Invocation.Program == "" {
				test.want = want
			}
			test.run(t)
		})
	}
	if !Judge(silent, want, testNow()).Unknown {
		t.Error("silence proves nothing")
	}
}

func TestJudgeFindsAllFaultsTogether(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Lab Root A")
	now := testNow()
	leaf := root.issue(t, "redis-1", withDNS("other.lab"), validBetween(now.Add(-90*oneDay), now.Add(-26*time.Hour)))
	o := seen(leaf).alerted(AlertCertificateRequired, AlertFirstRead)
	o.ClientAuth.Requested = true
	r := Judge(o, wanting(root), now)
	want := []string{CodeExpired, CodeOtherName, CodeClientCertMissing}
	if got := codesOf(r, SeverityCrit); !slices.Equal(got, want) {
		t.Fatalf("found %v, want %v\n%s", got, want, describe(r))
	}
	if r.Verified || r.Verdict != SeverityCrit || r.ClientAuthMode != "required" || r.Chain[0].Standing != StandingExpired {
		t.Error(describe(r))
	}
	checkTexts(t, r)
	t.Log(describe(r))
}
