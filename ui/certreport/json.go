package certreport

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"redan/conn/cert"
)

// Schema is the version of the form JSON writes. A number after the slash is raised only when a field changes its meaning or goes away;
// readers pass over fields they do not know.
const Schema = "redan.cert/1"

// ErrFinding says that a report has no meaning as JSON, because of a bug and not of anything a user did.
var ErrFinding = errors.New("the report cannot be written as JSON")

// Meta is what JSON says of the run itself.
type Meta struct {
	Time   time.Time
	Tool   string // "redan 0.1"
	Policy Policy
}

// Policy is what the targets were measured by.
type Policy struct {
	Verify     string // the level: "full", "ca" or "none"
	Warn, Crit cert.Threshold
	Roots      RootsSource
}

// RootsSource is where the CA certificates come from.
type RootsSource struct {
	Source string // "file", "dir", "inline" or "system"
	Path   string // of a file or directory; several are joined with ":"
	Count  int    // certificates; 0 when they were not counted
}

type (
	document struct {
		Schema  string     `json:"schema"`
		Time    string     `json:"time"`
		Tool    string     `json:"tool"`
		Verdict string     `json:"verdict"`
		Exit    int        `json:"exit"`
		Policy  policyJSON `json:"policy"`
		Targets []target   `json:"targets"`
		Fleet   fleet      `json:"fleet"`
	}
	policyJSON struct {
		Verify      string    `json:"verify"`
		WarnDays    float64   `json:"warn_days"`
		CritDays    float64   `json:"crit_days"`
		WarnPercent float64   `json:"warn_percent,omitempty"`
		CritPercent float64   `json:"crit_percent,omitempty"`
		Roots       rootsJSON `json:"roots"`
	}
	rootsJSON struct {
		Source string `json:"source"`
		Path   string `json:"path"`
		Count  int    `json:"count"`
	}
	fleet struct {
		Roots    []fleetRoot `json:"roots"`
		Findings []finding   `json:"findings"`
	}
	fleetRoot struct {
		SHA256  string `json:"sha256"`
		Subject string `json:"subject"`
		Targets int    `json:"targets"`
	}
	finding struct {
		Code     string   `json:"code"`
		Severity string   `json:"severity"`
		Scope    string   `json:"scope"`
		Message  string   `json:"message"`
		Evidence evidence `json:"evidence"`
		Cause    string   `json:"cause"`
		Fix      []fix    `json:"fix"`
		Doc      string   `json:"doc"`
	}
	fix struct {
		Side         string `json:"side"`
		Command      string `json:"command"`
		Language     string `json:"language"`
		Note         string `json:"note"`
		Placeholders bool   `json:"placeholders"`
	}
)

// evidence is an object whose fields keep the order in which a report shows them.
type evidence []cert.Fact

// MarshalJSON writes what is a number as a number.
func (e evidence) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	seen := map[string]bool{}
	for _, fact := range e {
		if seen[fact.Name] {
			continue
		}
		if len(seen) > 0 {
			b.WriteByte(',')
		}
		seen[fact.Name] = true
		name, err := json.Marshal(fact.Name)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFinding, err)
		}
		value, err := json.Marshal(fact.Value)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFinding, err)
		}
		if n, err := strconv.Atoi(fact.Value); err == nil && strconv.Itoa(n) == fact.Value && isCounted(fact.Name) {
			value = []byte(fact.Value)
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// isCounted reports whether a fact of that name is a number. Others, such as serials, may look like one by chance.
func isCounted(name string) bool {
	switch name {
	case "alert", "port", "bits", "days_left", "pathlen":
		return true
	default:
		return false
	}
}

// JSON returns reports as one object of the form [Schema] with a line break behind it: fields in a fixed order, times in UTC, fingerprints
// and serial numbers in lower-case hexadecimal. Characters that cannot be seen are written as \u escapes, so that it can be looked at on
// a terminal.
func JSON(reports []cert.Report, meta Meta) ([]byte, error) {
	p := meta.Policy
	d := document{
		Schema: Schema, Time: meta.Time.UTC().Format(time.RFC3339), Tool: meta.Tool,
		Verdict: verdictText(worst(reports)), Exit: ExitCode(reports),
		Policy: policyJSON{
			Verify: p.Verify, WarnDays: p.Warn.Days, CritDays: p.Crit.Days, WarnPercent: p.Warn.Percent, CritPercent: p.Crit.Percent,
			Roots: rootsJSON{Source: p.Roots.Source, Path: p.Roots.Path, Count: p.Roots.Count},
		},
		Targets: []target{},
		Fleet:   fleet{Roots: rootsInUse(reports), Findings: []finding{}},
	}
	for _, r := range reports {
		d.Targets = append(d.Targets, targetOf(r))
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(d); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFinding, err)
	}
	return visible(b.Bytes()), nil
}

// visible returns JSON in which every character that cannot be seen is a \u escape. Outside of strings JSON has none but blanks and line
// breaks.
func visible(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == '\n' || isShown(r) {
			out = append(out, data[:size]...)
		} else {
			for _, unit := range utf16.Encode([]rune{r}) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
		}
		data = data[size:]
	}
	return out
}

// verdictText names a verdict as findings name their severity.
func verdictText(v verdict) string {
	switch v {
	case fine:
		return "ok"
	case warned:
		return "warn"
	case failed:
		return "crit"
	default:
		return "unknown"
	}
}

func findingsOf(r cert.Report) []finding {
	findings := make([]finding, 0, len(r.Findings))
	for _, f := range r.Findings {
		fixes := make([]fix, 0, len(f.Fixes))
		for _, x := range f.Fixes {
			fixes = append(fixes, fix{
				Side: string(x.Side), Command: x.Command, Language: string(x.Language), Note: x.Note, Placeholders: x.Placeholders,
			})
		}
		findings = append(findings, finding{
			Code: f.Code, Severity: f.Severity.String(), Scope: f.Scope, Message: f.Message, Evidence: evidence(f.Evidence), Cause: f.Cause,
			Fix: fixes, Doc: faultNumber(f.Code),
		})
	}
	return findings
}

// rootsInUse counts which trusted certificates the targets' chains end at.
func rootsInUse(reports []cert.Report) []fleetRoot {
	roots := []fleetRoot{}
	place := map[string]int{}
	for _, r := range reports {
		path, _ := pathOf(r.Chain)
		if len(path) == 0 || !path[len(path)-1].Trusted {
			continue
		}
		top := path[len(path)-1].Cert
		sum := fingerprint(top.Raw)
		at, ok := place[sum]
		if !ok {
			at = len(roots)
			place[sum] = at
			roots = append(roots, fleetRoot{SHA256: sum, Subject: top.Subject.String()})
		}
		roots[at].Targets++
	}
	return roots
}

// faultNumber is the number under which documents speak of the fault behind a code; empty when they have none.
func faultNumber(code string) string {
	const numbers = `
F01 PLAIN_TO_TLS
F02 TLS_TO_PLAIN
F03 NOT_REDIS_TLS NOT_REDIS
F04 REFUSED UNREACHABLE NO_SOCKET STALL CLOSE_AT_ONCE DNS
F05 MAXCLIENTS
F06 PROTECTED_MODE
F07 UNKNOWN_CA
F08 SELF_SIGNED_LEAF
F09 SAME_DN_CA
F10 MISSING_INTERMEDIATE
F11 CHAIN_UNORDERED CHAIN_WITH_ROOT CHAIN_EXTRA
F12 WRONG_ROOT_SAME_NAME
F13 EXPIRED EXPIRES_SOON ISSUER_EXPIRES_FIRST
F14 NOT_YET_VALID CLOCK_SKEW
F15 CN_ONLY NO_NAMES NO_IP_SAN IP_AS_DNS OTHER_IP OTHER_NAME WILDCARD_DEPTH PARTIAL_WILDCARD
F16 WRONG_EKU
F17 LEAF_AS_CA
F18 PATHLEN
F19 NAME_CONSTRAINT
F20 PARTIAL_CHAIN
F21 CLIENT_CERT_MISSING CERT_MISSING KEY_MISSING
F22 CLIENT_CA_UNKNOWN
F23 CLIENT_INTERMEDIATE_NOT_SENT
F24 CLIENT_EXPIRED CLIENT_EXPIRES_SOON CLIENT_NOT_YET_VALID
F25 CLIENT_WRONG_EKU
F26 CLIENT_REFUSED CLIENT_REVOKED
F27 CLIENT_CERT_UNUSED
F28 KEY_MISMATCH
F29 KEY_ENCRYPTED KEY_PASSPHRASE
F30 FILE_NOT_PEM FILE_GARBLED FILE_UNSUPPORTED FILE_NO_CERTIFICATE FILE_NO_KEY FILES_SWAPPED FILE_EMPTY FILE_UNREADABLE
F31 VERSION
F33 NO_COMMON_CIPHER
F34 NO_SIGALG
F35 SHA1_SIGNED
F36 WEAK_RSA OVERSIZED_RSA
F37 SERVER_KEY_MISMATCH
F38 SNI_REQUIRED
F39 AUTH_REQUIRED WRONG_PASSWORD NO_PERMISSION
F46 STALE_CERT`
	for line := range strings.Lines(numbers) {
		if words := strings.Fields(line); slices.Contains(words, code) {
			return words[0]
		}
	}
	return ""
}
