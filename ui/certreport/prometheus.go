package certreport

import (
	"strconv"
	"strings"
	"time"

	"redan/conn/cert"
)

// family is a metric and its samples.
type family struct {
	name, help string
	samples    []string
	seen       map[string]bool
}

// add appends a sample, unless there is one with these labels: a target may be named twice, and then its samples are the same.
func (f *family) add(value string, labels ...string) {
	var b strings.Builder
	for i := 0; i+1 < len(labels); i += 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(labels[i] + `="` + labelValue(labels[i+1]) + `"`)
	}
	key := b.String()
	if f.seen[key] {
		return
	}
	if f.seen == nil {
		f.seen = map[string]bool{}
	}
	f.seen[key] = true
	f.samples = append(f.samples, f.name+"{"+key+"} "+value)
}

// labelValue escapes a label's value as the exposition format asks, after making it visible.
func labelValue(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(escape(bounded(text, longestName), false))
}

// metrics are the families of a report.
type metrics struct{ success, chain, ends, clientAuth, findings family }

// Prometheus returns reports as metrics in the text exposition format, fit for the textfile collector of the node exporter.
func Prometheus(reports []cert.Report) string {
	m := metrics{
		success:    family{name: "redis_tls_probe_success", help: "Whether a connection made like this one works: 1, or 0 when it fails or nothing could be proven."},
		chain:      family{name: "redis_tls_chain_not_after_seconds", help: "When the verified chain ends to be valid, in Unix time: the earliest end among its certificates."},
		ends:       family{name: "redis_tls_cert_not_after_seconds", help: "When a certificate expires, in Unix time. pos 0 is the server's own."},
		clientAuth: family{name: "redis_tls_client_auth", help: "What the server wants to know of clients: 1 for the mode in force."},
		findings:   family{name: "redis_tls_finding", help: "How many findings of this code and severity there are."},
	}
	for _, r := range reports {
		m.add(r)
	}
	var b strings.Builder
	for _, f := range []family{m.success, m.chain, m.ends, m.clientAuth, m.findings} {
		if len(f.samples) > 0 {
			b.WriteString("# HELP " + f.name + " " + f.help + "\n# TYPE " + f.name + " gauge\n" + strings.Join(f.samples, "\n") + "\n")
		}
	}
	return b.String()
}

func (m *metrics) add(r cert.Report) {
	target := r.Observation.Target.Name
	works := "0"
	if v := verdictOf(r); v == fine || v == warned {
		works = "1"
	}
	m.success.add(works, "target", target)
	for i, link := range r.Chain {
		m.ends.add(unix(link.Cert.NotAfter), "target", target, "role", elementRole(r.Chain, i), "pos", strconv.Itoa(i),
			"cn", shortName(link.Cert), "serial", serial(link.Cert))
	}
	if path, _ := pathOf(r.Chain); r.Verified && len(path) > 0 {
		end := path[0].Cert.NotAfter
		for _, link := range path {
			if link.Cert.NotAfter.Before(end) {
				end = link.Cert.NotAfter
			}
		}
		m.chain.add(unix(end), "target", target)
	}
	if r.Observation.Version != 0 {
		m.clientAuth.add("1", "target", target, "mode", clientAuthOf(r).Mode)
	}
	addFindings(&m.findings, r)
}

func addFindings(f *family, r cert.Report) {
	type key struct{ code, severity string }
	count := map[key]int{}
	var order []key
	for _, found := range r.Findings {
		k := key{found.Code, found.Severity.String()}
		if count[k] == 0 {
			order = append(order, k)
		}
		count[k]++
	}
	for _, k := range order {
		f.add(strconv.Itoa(count[k]), "target", r.Observation.Target.Name, "code", k.code, "severity", k.severity)
	}
}

func unix(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
