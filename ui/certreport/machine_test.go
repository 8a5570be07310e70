package certreport

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"redan/conn/cert"
)

// TestJSONHolds decodes what JSON makes of hostile reports, and finds in it what went in.
func TestJSONHolds(t *testing.T) {
	valid := func(s string) string { return string([]rune(s)) }
	hostileReports(t, func(t *testing.T, reports []cert.Report) {
		t.Helper()
		data, err := JSON(reports, Meta{Time: night.In(cet), Tool: "redan"})
		if err != nil {
			t.Fatal(err)
		}
		var back struct {
			Schema, Time string
			Exit         int
			Targets      []struct {
				Target   string
				Findings []struct {
					Code, Severity, Scope, Message, Cause string
					Evidence                              map[string]any
					Fix                                   []struct{ Side, Command string }
				}
				Sent []struct{ Subject, Serial string } `json:"chain_sent"`
			}
		}
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
		if back.Schema != Schema || back.Time != "2026-11-22T01:30:00Z" || back.Exit != ExitCode(reports) || len(back.Targets) != len(reports) {
			t.Errorf("the head is wrong: %+v", back)
		}
		for i, r := range reports {
			got := back.Targets[i]
			if got.Target != valid(r.Observation.Target.Name) || len(got.Findings) != len(r.Findings) || len(got.Sent) != len(r.Observation.Chain) {
				t.Fatalf("target %d is %+v", i, got)
			}
			for k, f := range r.Findings {
				found := got.Findings[k]
				if found.Code != valid(f.Code) || found.Message != valid(f.Message) || found.Cause != valid(f.Cause) || found.Severity != f.Severity.String() {
					t.Errorf("finding %+v became %+v", f, found)
				}
				if alert, ok := found.Evidence["alert"].(float64); !ok || alert != 116 {
					t.Errorf("the evidence is %v", found.Evidence)
				}
				for n, fix := range f.Fixes {
					if found.Fix[n].Command != valid(fix.Command) || found.Fix[n].Side != string(fix.Side) {
						t.Errorf("fix %+v became %+v", fix, found.Fix[n])
					}
				}
			}
		}
		for _, r := range string(data) {
			if r != '\n' && !isShown(r) {
				t.Fatalf("%+q cannot be seen in\n%s", r, data)
			}
		}
	})
}

// TestJSONNeverNull: lists are lists even when they are empty, so that readers need no special case.
func TestJSONNeverNull(t *testing.T) {
	data, err := JSON([]cert.Report{{}}, Meta{})
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	target := back["targets"].([]any)[0].(map[string]any)
	for _, name := range []string{"chain_sent", "chain_verified", "findings"} {
		if _, ok := target[name].([]any); !ok {
			t.Errorf("%s is %v", name, target[name])
		}
	}
	if names := target["names"].(map[string]any); names["wanted"] == nil || names["by"] != "none" {
		t.Errorf("names are %v", names)
	}
}

// TestJSONHoldsNoPassphrase: whoever asked for it, it does not go into a report.
func TestJSONHoldsNoPassphrase(t *testing.T) {
	r := healthy(t)
	r.Observation.Server.Parameters = map[string]string{"tls-key-file-pass": "sesame", "requirepass": "sesame", "tls-port": "6380"}
	data, err := JSON([]cert.Report{r}, Meta{})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), "sesame") || !strings.Contains(string(data), `"tls-port": "6380"`) {
		t.Errorf("it holds\n%s", data)
	}
}

func TestRedisCLIWouldSay(t *testing.T) {
	handshake := clientMissing(t)
	handshake.Observation.Alert = &cert.Alert{Number: cert.AlertHandshakeFailure, When: cert.AlertInHandshake}
	for _, test := range []struct {
		report cert.Report
		want   string
	}{
		{healthy(t), ""},
		{clientMissing(t), "Error: Server closed the connection"},
		{handshake, "Could not connect to Redis at redis-2.lab:6380: SSL_connect failed: sslv3 alert handshake failure"},
		{unknownCA(t), "Could not connect to Redis at redis-2.lab:6380: SSL_connect failed: certificate verify failed"},
		{refused(t), "Could not connect to Redis at redis-2.lab:6390: Connection refused"},
		{plainPort(t), ""},
	} {
		if got := redisCLI(test.report); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestFaultNumbers(t *testing.T) {
	for code, want := range map[string]string{
		"PLAIN_TO_TLS": "F01", "CHAIN_EXTRA": "F11", "PARTIAL_WILDCARD": "F15", "STALE_CERT": "F46", "EXPIRED": "F13", "": "", "NO": "", "F01": "F01",
	} {
		if got := faultNumber(code); got != want {
			t.Errorf("%s: got %q, want %q", code, got, want)
		}
	}
}

// exposition is the text format of Prometheus, as far as it is used here.
type exposition struct {
	order   []string            // families
	samples map[string][]string // by family: labels and value
}

// parseExposition is a strict reader of the exposition format.
func parseExposition(text string) (exposition, error) {
	e := exposition{samples: map[string][]string{}}
	sample := regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*)\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\\\|\\"|\\n)*",?)*)\} (\S+)$`)
	help, family := "", ""
	for line := range strings.Lines(text) {
		if !strings.HasSuffix(line, "\n") {
			return e, fmt.Errorf("no line break behind %q", line)
		}
		line = strings.TrimSuffix(line, "\n")
		words := strings.SplitN(line, " ", 4)
		switch {
		case strings.HasPrefix(line, "# HELP ") && len(words) == 4:
			help = words[2]
		case strings.HasPrefix(line, "# TYPE ") && len(words) == 4 && words[3] == "gauge" && words[2] == help && !slices.Contains(e.order, help):
			family = help
			e.order = append(e.order, family)
		default:
			parts := sample.FindStringSubmatch(line)
			if parts == nil || parts[1] != family {
				return e, fmt.Errorf("no sample of %s: %q", family, line)
			}
			if _, err := strconv.ParseFloat(parts[3], 64); err != nil {
				return e, err
			}
			if slices.Contains(e.samples[family], parts[2]) {
				return e, fmt.Errorf("twice: %q", line)
			}
			e.samples[family] = append(e.samples[family], parts[2])
		}
	}
	return e, nil
}

func TestPrometheusCanBeRead(t *testing.T) {
	hostileReports(t, func(t *testing.T, reports []cert.Report) {
		t.Helper()
		text := Prometheus(reports)
		e, err := parseExposition(text)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if len(e.samples["redis_tls_probe_success"]) == 0 {
			t.Errorf("no targets in\n%s", text)
		}
		for _, r := range text {
			if r != '\n' && unicode.IsControl(r) {
				t.Errorf("%+q in\n%s", r, text)
			}
		}
	})
	if _, err := parseExposition("metric{a=\"b\"c\"} 1\n"); err == nil {
		t.Error("the reader takes anything")
	}
	if Prometheus(nil) != "" {
		t.Error("metrics of nothing")
	}
}

func TestPrometheusEscapes(t *testing.T) {
	r := renamed(healthy(t), `a\b"c`+"\nd")
	r.Chain = nil
	text := Prometheus([]cert.Report{r})
	if want := `redis_tls_probe_success{target="a\\b\"c\\nd"} 1`; !strings.Contains(text, want) {
		t.Errorf("%s is not in\n%s", want, text)
	}
}

// TestNagiosCanBeRead: one bar in the first line and none elsewhere, and perfdata that can be parsed.
func TestNagiosCanBeRead(t *testing.T) {
	status := regexp.MustCompile(`^REDIS_TLS (OK|WARNING|CRITICAL|UNKNOWN) - `)
	metric := regexp.MustCompile(`^(?:'(?:[^'=|]|'')+'|[a-z0-9_]+)=-?[0-9.]+(?:s|;[0-9.]+;[0-9.]+;;)(?: |$)`)
	warn, crit := cert.DefaultThresholds()
	hostileReports(t, func(t *testing.T, reports []cert.Report) {
		t.Helper()
		text := Nagios(reports, warn, crit)
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		if len(lines) != len(reports) {
			t.Errorf("%d lines for %d targets:\n%s", len(lines), len(reports), text)
		}
		for i, line := range lines {
			if !status.MatchString(line) || strings.Contains(line, "|") != (i == 0) || strings.Count(line, "|") > 1 {
				t.Errorf("line %d is %q", i, line)
			}
		}
		_, metrics, _ := strings.Cut(lines[0], " | ")
		for metrics != "" {
			found := metric.FindString(metrics)
			if found == "" {
				t.Fatalf("not perfdata: %q", metrics)
			}
			metrics = metrics[len(found):]
		}
	})
}

// TestNagiosNamesTheElement: the date belongs to the certificate that is the reason, not to the server's own.
func TestNagiosNamesTheElement(t *testing.T) {
	r := healthy(t)
	soon := spec{cn: "Lab Intermediate A1", ca: true, age: 300 * day, left: 5 * day, serial: 0x1a}.make(t)
	r.Chain[1].Cert, r.Chain[1].Left = soon.Certificate, 5*day
	r.Verdict = cert.SeverityCrit
	r.Findings = []cert.Finding{{Code: cert.CodeExpiresSoon, Severity: cert.SeverityCrit, Scope: "cert:1", Message: "soon"}}
	text := Nagios([]cert.Report{r}, cert.Threshold{Days: 20}, cert.Threshold{Percent: 10})
	for _, want := range []string{
		"REDIS_TLS CRITICAL - redis-2.lab:6380 ", "Lab Intermediate A1 expires in 5 days (2026-11-27)", "days_chain_elem1=90;20;9.0;;", "days_chain_elem2=5;20;30.5;;",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
}
