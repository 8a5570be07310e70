package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"

	"redan/conn/cert"
	"redan/ui/certreport"
)

// filesSchema is the version of the form filesJSON writes.
const filesSchema = "redan.cert-files/1"

type (
	filesDocument struct {
		Schema  string     `json:"schema"`
		Time    string     `json:"time"`
		Tool    string     `json:"tool"`
		Verdict string     `json:"verdict"`
		Exit    int        `json:"exit"`
		Sets    []filesSet `json:"sets"`
	}
	filesSet struct {
		Source   string         `json:"source"`
		Verdict  string         `json:"verdict"`
		Findings []filesFinding `json:"findings"`
		Checks   []filesCheck   `json:"checks"`
		Chain    []filesLink    `json:"chain"`
	}
	filesFinding struct {
		Code     string            `json:"code"`
		Severity string            `json:"severity"`
		Scope    string            `json:"scope"`
		Message  string            `json:"message"`
		Evidence map[string]string `json:"evidence"`
		Cause    string            `json:"cause"`
		Fix      []filesFix        `json:"fix"`
	}
	filesFix struct {
		Side         string `json:"side"`
		Language     string `json:"language"`
		Command      string `json:"command"`
		Note         string `json:"note"`
		Placeholders bool   `json:"placeholders"`
	}
	filesCheck struct {
		Name  string `json:"name"`
		State string `json:"state"`
		Note  string `json:"note"`
	}
	filesLink struct {
		Subject  string   `json:"subject"`
		Issuer   string   `json:"issuer"`
		Serial   string   `json:"serial"`
		NotAfter string   `json:"not_after"`
		DaysLeft int      `json:"days_left"`
		Names    []string `json:"names"`
		Sent     bool     `json:"sent"`
		Trusted  bool     `json:"trusted"`
		Origin   string   `json:"origin"`
		Standing string   `json:"standing"`
	}
)

// filesJSON returns reports of files as one object with a line break behind it. Characters that cannot be seen are written as \u escapes.
func filesJSON(reports []cert.Report, now time.Time, tool string) ([]byte, error) {
	document := filesDocument{
		Schema: filesSchema, Time: now.UTC().Format(time.RFC3339), Tool: tool,
		Verdict: exitVerdict(certreport.ExitCode(reports)), Exit: certreport.ExitCode(reports), Sets: []filesSet{},
	}
	for _, r := range reports {
		document.Sets = append(document.Sets, filesSetOf(r))
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(document); err != nil {
		return nil, fmt.Errorf("the report cannot be written as JSON: %w", err)
	}
	return visibleJSON(b.String()), nil
}

// exitVerdict names an exit code as findings name their severity.
func exitVerdict(code int) string {
	switch code {
	case exitOK:
		return "ok"
	case exitUnknown:
		return "unknown"
	case 1:
		return cert.SeverityWarn.String()
	default:
		return cert.SeverityCrit.String()
	}
}

func filesSetOf(r cert.Report) filesSet {
	set := filesSet{
		Source: r.Observation.Target.Name, Verdict: exitVerdict(certreport.ExitCode([]cert.Report{r})),
		Findings: []filesFinding{}, Checks: []filesCheck{}, Chain: []filesLink{},
	}
	for _, f := range r.Findings {
		finding := filesFinding{
			Code: f.Code, Severity: f.Severity.String(), Scope: f.Scope, Message: f.Message, Cause: f.Cause,
			Evidence: map[string]string{}, Fix: []filesFix{},
		}
		for _, fact := range f.Evidence {
			finding.Evidence[fact.Name] = fact.Value
		}
		for _, fix := range f.Fixes {
			finding.Fix = append(finding.Fix, filesFix{
				Side: string(fix.Side), Language: string(fix.Language), Command: fix.Command, Note: fix.Note, Placeholders: fix.Placeholders,
			})
		}
		set.Findings = append(set.Findings, finding)
	}
	for _, c := range r.Checks {
		set.Checks = append(set.Checks, filesCheck{Name: c.Name, State: string(c.State), Note: c.Note})
	}
	for _, link := range r.Chain {
		const day = 24 * time.Hour
		set.Chain = append(set.Chain, filesLink{
			Subject: link.Cert.Subject.String(), Issuer: link.Cert.Issuer.String(), Serial: fmt.Sprintf("%x", link.Cert.SerialNumber),
			NotAfter: link.Cert.NotAfter.UTC().Format(time.RFC3339), DaysLeft: int(link.Left / day),
			Names: append([]string{}, cert.Names(link.Cert)...), Sent: link.Sent, Trusted: link.Trusted, Origin: link.Origin,
			Standing: string(link.Standing),
		})
	}
	return set
}

// visibleJSON returns JSON in which every character that cannot be seen is a \u escape.
func visibleJSON(text string) []byte {
	const surrogates = 0x10000 // from here on a character takes two escapes
	out := make([]byte, 0, len(text))
	for _, r := range text {
		if r == '\n' || unicode.IsGraphic(r) && r != utf8.RuneError {
			out = utf8.AppendRune(out, r)
			continue
		}
		if r < surrogates {
			out = fmt.Appendf(out, `\u%04x`, r)
			continue
		}
		const high, low, half = 0xd800, 0xdc00, 0x3ff
		out = fmt.Appendf(out, `\u%04x\u%04x`, high+(r-surrogates)>>10, low+(r-surrogates)&half)
	}
	return out
}
