package cert

import (
	"errors"
	"testing"
)

// TestFixesMendTogether holds that a command of this side mends every fault this side can mend, and leaves alone what it changes itself.
func TestFixesMendTogether(t *testing.T) {
	base := Invocation{Program: "redan", Command: []string{"ping"}, Options: []Option{
		{Name: "-h", Value: "db"}, {Name: "-p", Value: "6380"}, {Name: "--tls", Switch: true}, {Name: "--sni", Value: "wrong"},
	}}
	j := &judge{want: Expectation{Invocation: base}}
	fix := func(line Invocation) Fix { return j.byClient(line, "") }
	joined := fix(base.With("--cert", "chain.crt").With("--key", "c.key"))
	joined.before = "cat c.crt i.crt > chain.crt && "
	joined.Command = joined.before + joined.Command
	j.findings = []Finding{
		{Code: CodeUnknownCA, Severity: SeverityCrit, Fixes: []Fix{fix(base.With("--cacert", "ca.crt"))}},
		{Code: CodeOtherName, Severity: SeverityCrit, Fixes: []Fix{fix(base.With("--sni", "right")), fix(base.With("--tls-verify-name", "right"))}},
		{Code: CodeClientIntermediateNotSent, Severity: SeverityCrit, Fixes: []Fix{joined, fillIn(fix(base.With("--cert", "CLIENT.crt")))}},
		{Code: CodeExpiresSoon, Severity: SeverityWarn, Fixes: []Fix{redisFix("CONFIG SET x y", "")}},
	}
	j.mergeFixes()
	const whole = "cat c.crt i.crt > chain.crt && redan -h db -p 6380 --tls --cacert ca.crt --cert chain.crt --key c.key --sni right ping"
	for code, want := range map[string][]string{
		CodeUnknownCA:                 {whole},
		CodeOtherName:                 {whole, "cat c.crt i.crt > chain.crt && redan -h db -p 6380 --tls --cacert ca.crt --cert chain.crt --key c.key --sni wrong --tls-verify-name right ping"},
		CodeClientIntermediateNotSent: {whole, "redan -h db -p 6380 --tls --cacert ca.crt --cert CLIENT.crt --sni right ping"},
		CodeExpiresSoon:               {"CONFIG SET x y"},
	} {
		for _, f := range j.findings {
			if f.Code != code {
				continue
			}
			for i, fix := range f.Fixes {
				if fix.Command != want[i] {
					t.Errorf("%s, fix %d:\n got  %s\n want %s", code, i, fix.Command, want[i])
				}
			}
		}
	}
}

// TestFixWithoutTLSStaysAlone holds that nothing is added to a line that leaves TLS, nor taken from it.
func TestFixWithoutTLSStaysAlone(t *testing.T) {
	base := Invocation{Program: "redan", Options: []Option{{Name: "--tls", Switch: true}}, Command: []string{"ping"}}
	j := &judge{want: Expectation{Invocation: base, FileErrors: []error{errors.New("x")}}}
	j.findings = []Finding{
		{Code: CodeTLSToPlain, Severity: SeverityCrit, Fixes: []Fix{j.byClient(base.Without("--tls"), "")}},
		{Code: CodeKeyMismatch, Severity: SeverityCrit, Fixes: []Fix{j.byClient(base.With("--key", "right.key"), "")}},
	}
	j.mergeFixes()
	if got := j.findings[0].Fixes[0].Command; got != "redan ping" {
		t.Errorf("the plain line became %q", got)
	}
	if got := j.findings[1].Fixes[0].Command; got != "redan --tls --key right.key ping" {
		t.Errorf("the TLS line became %q", got)
	}
}
