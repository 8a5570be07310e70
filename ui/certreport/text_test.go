package certreport

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"redan/conn/cert"
	"redan/ui/theme"
)

// hostile is what a certificate or a server may put into a text.
func hostile() []string {
	return []string{
		"redis-2.lab", "", " ", "Lab  Root", "\x1b[2J\x1b]0;pwned\x07", "a\nb\r\nc", "\u202egnp.exe", "tab\there", "\u200bzero\u2060width",
		"\u9b54\u6cd5\u5c11\u5973", "e\u0301\u0301\u0301", "\xff\xfe\x80", "\u0085\u009b31m", "\U000e0001\U0001f600", "\u2800\u3164\u00a0",
		strings.Repeat("x", 500), strings.Repeat("many words ", 40), `back\slash "quoted" | bar = 'single'`, "*.lab", "::1",
	}
}

// chance makes reports of hostile texts.
type chance struct {
	*rand.Rand
	made []*made
}

func (c chance) text() string { return hostile()[c.IntN(len(hostile()))] }

func (c chance) texts(most int) []string {
	var list []string
	for range c.IntN(most + 1) {
		list = append(list, c.text())
	}
	return list
}

func (c chance) duration() time.Duration {
	return []time.Duration{0, time.Second, time.Hour, 47 * time.Hour, 90 * day, 100 * 365 * day, math.MinInt64, math.MaxInt64, -26 * time.Hour}[c.IntN(9)]
}

func (c chance) certificate() *x509.Certificate {
	if c.IntN(3) == 0 {
		return c.made[c.IntN(len(c.made))].Certificate
	}
	name := pkix.Name{CommonName: c.text(), Organization: c.texts(1)}
	out := &x509.Certificate{
		Raw: []byte(c.text()), Subject: name, RawSubject: []byte(c.text()), RawIssuer: []byte(c.text()), Issuer: pkix.Name{CommonName: c.text()},
		DNSNames: c.texts(20), NotBefore: night.Add(c.duration()), NotAfter: night.Add(c.duration()),
	}
	if c.IntN(2) == 0 {
		out.SerialNumber = big.NewInt(c.Int64() - math.MaxInt64/2)
		out.IPAddresses = []net.IP{net.IPv6loopback, nil}
	}
	return out
}

func (c chance) report() cert.Report {
	standings := []cert.Standing{cert.StandingOK, cert.StandingSoon, cert.StandingExpired, cert.StandingFuture, cert.StandingUnknown, cert.StandingBad, ""}
	stages := []cert.Stage{cert.StageDNS, cert.StageConnect, cert.StageTLS, cert.StageReply, cert.StageDone, ""}
	modes := []string{"off", "optional", "required", "requested", "unknown", ""}
	r := cert.Report{
		Verdict: cert.Severity(c.IntN(4)), Unknown: c.IntN(4) == 0, Verified: c.IntN(2) == 0, ClientAuthMode: modes[c.IntN(len(modes))],
		Names: cert.NameMatch{Wanted: c.texts(3), Present: c.texts(20), Match: c.text(), By: "sni"},
	}
	o := &r.Observation
	o.Target = cert.Target{Name: c.text(), Host: c.text(), ServerName: c.text()}
	o.At, o.Remote, o.Stage, o.Reply = night, c.text(), stages[c.IntN(len(stages))], c.text()
	o.Version, o.Suite = uint16(c.IntN(0x400)), uint16(c.IntN(0x1400))
	o.Plain = cert.PlainLook{Done: c.IntN(2) == 0, Reply: []byte(c.text())}
	o.Server = cert.Server{Version: c.text(), Mode: c.text(), Role: c.text(), AuthRefused: c.text(), Parameters: map[string]string{"tls-auth-clients": c.text(), c.text(): c.text()}}
	o.ClientAuth.AcceptableCAs = [][]byte{[]byte(c.text())}
	if c.IntN(2) == 0 {
		o.Err = errors.New(c.text())
	}
	if c.IntN(2) == 0 {
		o.Alert = &cert.Alert{Number: uint8(c.IntN(256)), When: cert.AlertFirstRead}
	}
	for range c.IntN(6) {
		r.Chain = append(r.Chain, cert.Link{
			Cert: c.certificate(), Sent: c.IntN(2) == 0, Trusted: c.IntN(3) == 0, Origin: c.text(), Standing: standings[c.IntN(len(standings))], Left: c.duration(),
		})
	}
	for _, link := range r.Chain {
		o.Chain = append(o.Chain, link.Cert)
	}
	for range c.IntN(4) {
		f := cert.Finding{
			Code: "CODE_" + c.text(), Severity: cert.Severity(c.IntN(4)), Scope: fmt.Sprintf("cert:%d", c.IntN(9)-1), Message: c.text(), Cause: c.text(),
			Evidence: []cert.Fact{{Name: c.text(), Value: c.text()}, {Name: "alert", Value: "116"}},
		}
		for range c.IntN(3) {
			sides, languages := []cert.Side{cert.SideClient, cert.SideServer}, []cert.Language{cert.LanguageShell, cert.LanguageRedis}
			f.Fixes = append(f.Fixes, cert.Fix{
				Side: sides[c.IntN(2)], Language: languages[c.IntN(2)], Command: c.text(), Note: c.text(), Placeholders: c.IntN(2) == 0,
			})
		}
		r.Findings = append(r.Findings, f)
	}
	for range c.IntN(4) {
		r.Checks = append(r.Checks, cert.Check{Name: c.text(), State: []cert.CheckState{"passed", "failed", "unchecked"}[c.IntN(3)], Note: c.text()})
	}
	return r
}

// hostileReports calls check with many reports made of hostile texts.
func hostileReports(t *testing.T, check func(t *testing.T, reports []cert.Report)) {
	t.Helper()
	l := newLab(t, usualLeaf())
	for seed := range uint64(200) {
		c := chance{rand.New(rand.NewPCG(seed, 3)), []*made{l.leaf, l.middle, l.root}}
		reports := []cert.Report{c.report()}
		for range c.IntN(3) {
			reports = append(reports, c.report())
		}
		check(t, reports)
		if t.Failed() {
			t.Fatalf("with seed %d", seed)
		}
	}
}

func sgr() *regexp.Regexp { return regexp.MustCompile("\x1b\\[[0-9;]*m") }

// TestTextIsSafe shows hostile reports and looks at what would reach the terminal.
func TestTextIsSafe(t *testing.T) {
	color := sgr()
	i := 0
	hostileReports(t, func(t *testing.T, reports []cert.Report) {
		t.Helper()
		i++
		style := Style{Width: i % 120, ASCII: i%3 == 0, Theme: theme.New(i%2 == 0), Location: cet}
		text := color.ReplaceAllString(Text(reports, style, Options{Verbose: i%5 == 0}), "")
		for _, r := range text {
			switch {
			case r == '\n':
			case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar, r == '\u00a0', r == '\u2800', r == '\u3164':
				t.Errorf("%+q reaches the terminal in\n%+q", r, text)
			case style.ASCII && r > unicode.MaxASCII:
				t.Errorf("%+q is not ASCII in\n%s", r, text)
			}
		}
		if strings.HasSuffix(text, "\n\n") || strings.Contains(text, "\n\n\n") {
			t.Errorf("blank lines without use in\n%s", text)
		}
		for line := range strings.Lines(text) {
			if trimmed := strings.TrimRight(line, "\n"); strings.TrimRight(trimmed, " ") != trimmed && !isCommand(trimmed, reports, style) {
				t.Errorf("blanks at the end of %q", trimmed)
			}
		}
	})
}

func isCommand(line string, reports []cert.Report, style Style) bool {
	for _, r := range reports {
		for _, f := range r.Findings {
			for _, fix := range f.Fixes {
				if command := style.command(fix); command != "" && strings.HasSuffix(line, command) {
					return true
				}
			}
		}
	}
	return false
}

// overlong returns the lines that are too wide without being a command or one word that cannot be broken.
func overlong(text string, reports []cert.Report, style Style) []string {
	const deepest = 31 // columns that may stand before the first word of a line
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		last := strings.LastIndexByte(line, ' ') + 1
		if columns(line) > style.Width && !isCommand(line, reports, style) && columns(line[:last]) > deepest {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestTextKeepsTheWidth(t *testing.T) {
	check := func(t *testing.T, reports []cert.Report, width int, verbose, ascii bool) {
		t.Helper()
		style := Style{Width: width, Location: cet, ASCII: ascii}
		text := Text(reports, style, Options{Verbose: verbose})
		for _, line := range overlong(text, reports, style) {
			t.Errorf("at width %d this has %d columns: %q", width, columns(line), line)
		}
	}
	all := scenes(t)
	for width := 40; width <= 200; width += 3 { // 79 and 82 are among them, on both sides of the border between the forms
		for _, s := range all {
			check(t, s.reports, width, s.options.Verbose, s.style.ASCII)
		}
	}
	i := 0
	hostileReports(t, func(t *testing.T, reports []cert.Report) {
		t.Helper()
		i++
		check(t, reports, 40+i%161, i%2 == 0, i%3 == 0)
	})
}

// TestFirstThreeLines holds the promise that the first three lines say whether all is well and, if not, what to do.
func TestFirstThreeLines(t *testing.T) {
	for _, r := range []cert.Report{threeFaults(t), clientMissing(t), unknownCA(t), plainPort(t), refused(t), shortLived(t), selfSigned(t), stalled(t)} {
		first, _ := r.First()
		for width := 40; width <= 200; width += 3 {
			lines := strings.SplitN(Text([]cert.Report{r}, Style{Width: width}, Options{}), "\n", 4)
			head := strings.Join(lines[:3], "\n")
			for _, want := range []string{r.Observation.Target.Name, first.Code, first.Fixes[0].Command} {
				if !strings.Contains(head, want) {
					t.Errorf("at width %d %q is not in the first three lines:\n%s", width, want, head)
				}
			}
		}
	}
}

// TestCommandsStayWhole: a command is there to be copied.
func TestCommandsStayWhole(t *testing.T) {
	all := scenes(t)
	for width := 0; width <= 120; width += 20 {
		for _, s := range all {
			text := Text(s.reports, Style{Width: width}, Options{})
			for _, r := range s.reports {
				for _, f := range r.Findings {
					for _, fix := range f.Fixes {
						if !strings.Contains(text, fix.Command+"\n") {
							t.Errorf("%s, width %d: %q is not the end of one line", s.name, width, fix.Command)
						}
					}
				}
			}
		}
	}
}

func TestCommandInASCII(t *testing.T) {
	style := Style{ASCII: true}
	for _, test := range []struct {
		fix  cert.Fix
		want string
	}{
		{cert.Fix{Language: cert.LanguageShell, Command: "redan --cacert ca.crt"}, "redan --cacert ca.crt"},
		{cert.Fix{Language: cert.LanguageShell, Command: "redan --cacert 'schlüssel für/ca.crt'"}, `redan --cacert 'schl'$'\303\274''ssel f'$'\303\274''r/ca.crt'`},
		{cert.Fix{Language: cert.LanguageRedis, Command: `CONFIG SET tls-cert-file "/für/c.crt"`}, `CONFIG SET tls-cert-file "/f\xc3\xbcr/c.crt"`},
	} {
		if got := style.command(test.fix); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

// TestDistinctNames: certificates that differ look different, whatever they are called.
func TestDistinctNames(t *testing.T) {
	called := func(cn, org, raw string) cert.Link {
		name := pkix.Name{CommonName: cn}
		if org != "" {
			name.Organization = []string{org}
		}
		return cert.Link{Cert: &x509.Certificate{Subject: name, Raw: []byte(raw)}}
	}
	for _, test := range []struct {
		name  string
		links []cert.Link
		want  []string
	}{
		{"short names", []cert.Link{called("a", "", "1"), called("b", "X", "2")}, []string{"a", "b"}},
		{"subjects", []cert.Link{called("Root", "X", "1"), called("Root", "Y", "2"), called("b", "", "3")}, []string{"CN=Root,O=X", "CN=Root,O=Y", "b"}},
		{
			"fingerprints",
			[]cert.Link{called("Root", "X", "1"), called("Root", "X", "2")},
			[]string{"Root (sha256 " + fingerprint([]byte("1"))[:16] + ")", "Root (sha256 " + fingerprint([]byte("2"))[:16] + ")"},
		},
	} {
		for i, got := range distinctNames(test.links) {
			if got != test.want[i] {
				t.Errorf("%s: got %q, want %q", test.name, got, test.want[i])
			}
		}
	}
}

// TestEscapeShowsDifferences: what is not the same does not look the same.
func TestEscapeShowsDifferences(t *testing.T) {
	for _, style := range []Style{{}, {ASCII: true}} {
		seen := map[string]string{}
		long := strings.Repeat("x", 5000)
		for _, name := range append(hostile(), "Lab Root", "redis-2.lab ", "redis\u200b-2.lab", long+"a"+long, long+"b"+long) {
			shown := style.name(name)
			if other, ok := seen[shown]; ok && other != name {
				t.Errorf("%.40q and %.40q are both shown as %.80q", name, other, shown)
			}
			seen[shown] = name
			if again := style.name(shown); len(shown) < longestName && again != shown {
				t.Errorf("escaped twice %q becomes %q", shown, again)
			}
		}
	}
}

// TestEndlessChain: a server may send a hundred certificates.
func TestEndlessChain(t *testing.T) {
	l := newLab(t, usualLeaf())
	r := healthy(t)
	r.Chain = nil
	for i := range 100 {
		c := *l.middle.Certificate
		c.RawSubject, c.RawIssuer = []byte{byte(i)}, []byte{byte(i + 1)}
		c.Subject = pkix.Name{CommonName: fmt.Sprintf("Intermediate %d", i)}
		r.Chain = append(r.Chain, cert.Link{Cert: &c, Sent: true, Standing: cert.StandingOK, Left: day * 80})
	}
	style := Style{Width: 80}
	text := Text([]cert.Report{r}, style, Options{})
	if lines := strings.Count(text, "\n"); lines > 40 {
		t.Errorf("%d lines of\n%s", lines, text)
	}
	for _, want := range []string{"88 more", "Intermediate 0 ", "Intermediate 99"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if whole := Text([]cert.Report{r}, style, Options{Verbose: true}); !strings.Contains(whole, "Intermediate 50") {
		t.Error("-v does not list them all")
	}
	if lines := overlong(text, nil, style); len(lines) > 0 {
		t.Errorf("too wide: %q", lines)
	}
}
