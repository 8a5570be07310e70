package certreport

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"redan/conn/cert"
)

// Nagios returns reports as a monitoring plugin prints them: in the first line the worst target, what is wrong with it and, behind a bar, the
// days each certificate of each chain has left with the thresholds; then a line for each other target, the worst first.
func Nagios(reports []cert.Report, warn, crit cert.Threshold) string {
	if len(reports) == 0 {
		return "REDIS_TLS UNKNOWN - nothing to check\n"
	}
	ordered := slices.Clone(reports)
	slices.SortStableFunc(ordered, func(a, b cert.Report) int { return int(verdictOf(b)) - int(verdictOf(a)) })
	var metrics []string
	for _, r := range reports {
		metrics = append(metrics, perfdata(r, warn, crit, len(reports) > 1)...)
	}
	var b strings.Builder
	for i, r := range ordered {
		b.WriteString("REDIS_TLS " + nagiosWord(verdictOf(r)) + " - " + nagiosText(r))
		if i == 0 {
			if len(ordered) > 1 {
				b.WriteString(" (" + tally(ordered) + ")")
			}
			b.WriteString(" | " + strings.Join(metrics, " "))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func nagiosWord(v verdict) string {
	switch v {
	case fine:
		return "OK"
	case warned:
		return "WARNING"
	case failed:
		return "CRITICAL"
	default:
		return "UNKNOWN"
	}
}

// tally counts the verdicts of several targets.
func tally(reports []cert.Report) string {
	count := map[verdict]int{}
	for _, r := range reports {
		count[verdictOf(r)]++
	}
	var parts []string
	for _, v := range []verdict{failed, unsure, warned, fine} {
		if count[v] > 0 {
			parts = append(parts, strconv.Itoa(count[v])+" "+strings.ToLower(nagiosWord(v)))
		}
	}
	return plural(len(reports), "target") + ": " + strings.Join(parts, ", ")
}

// nagiosText says what a target's state is about. It names the certificate that is the reason, and its date, not the leaf's. A bar would
// end the text.
func nagiosText(r cert.Report) string {
	text := r.Observation.Target.Name + " "
	first, isFault := r.First()
	path, _ := pathOf(r.Chain)
	switch {
	case isFault && isAboutDates(first.Code) && elementOf(r, first) >= 0:
		text += datedElement(r.Chain, elementOf(r, first))
	case isFault:
		text += first.Code + ": " + first.Message
	case verdictOf(r) == unsure:
		text += "nothing could be proven either way"
	case r.Observation.Target.Plain:
		text += "answers without TLS, as asked"
	case len(path) == 0:
		text += "nothing to mend"
	default:
		soonest := soonestOf(path)
		text += datedElement(r.Chain, soonest)
	}
	if n := len(distinctCodes(r)) - 1; n > 0 {
		text += ", and " + strconv.Itoa(n) + " more: " + strings.Join(distinctCodes(r)[1:], ", ")
	}
	return strings.ReplaceAll(escape(bounded(text, longestProse), false), "|", "/")
}

func isAboutDates(code string) bool {
	return code == cert.CodeExpired || code == cert.CodeExpiresSoon || code == cert.CodeIssuerFirst
}

// elementOf returns the place in the report's chain of the certificate a finding is about, or -1.
func elementOf(r cert.Report, f cert.Finding) int {
	number, ok := strings.CutPrefix(f.Scope, cert.ScopeCertPrefix)
	if !ok {
		return -1
	}
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || i >= len(r.Chain) {
		return -1
	}
	return i
}

// soonestOf returns the place of the certificate that expires first.
func soonestOf(path []cert.Link) int {
	first := 0
	for i, link := range path {
		if link.Left < path[first].Left {
			first = i
		}
	}
	return first
}

// datedElement says when a certificate of a chain expires: "leaf redis-2.lab expires in 5 days (2026-11-27)".
func datedElement(chain []cert.Link, i int) string {
	link := chain[i]
	text := elementRole(chain, i) + " " + bounded(shortName(link.Cert), longestName)
	day := " (" + link.Cert.NotAfter.UTC().Format(time.DateOnly) + ")"
	if link.Left < 0 {
		return text + " expired " + spell(link.Left.Abs()) + " ago" + day
	}
	return text + " expires in " + spell(link.Left) + day
}

// elementRole says what a certificate of a chain is for: "leaf", "intermediate", "root", or "extra" when it is no part of the way up.
func elementRole(chain []cert.Link, i int) string {
	path, _ := pathOf(chain)
	switch {
	case i >= len(path):
		return "extra"
	case i == 0:
		return "leaf"
	case isSelfIssued(chain[i].Cert):
		return "root"
	default:
		return "intermediate"
	}
}

// perfdata returns the numbers of a target: days left of each certificate with both thresholds in days, and how long the probe took.
func perfdata(r cert.Report, warn, crit cert.Threshold, withTarget bool) []string {
	label := func(name string) string {
		if !withTarget {
			return name
		}
		target := strings.NewReplacer("'", "''", "=", "_", "|", "/").Replace(escape(bounded(r.Observation.Target.Name, longestName), false))
		return "'" + target + " " + name + "'"
	}
	path, _ := pathOf(r.Chain)
	out := make([]string, 0, len(path)+1)
	for i, link := range path {
		warn, crit := thresholdsOf(link, warn, crit)
		out = append(out, fmt.Sprintf("%s=%d;%s;%s;;", label("days_chain_elem"+strconv.Itoa(i+1)), wholeDays(link.Left), warn, crit))
	}
	t := r.Observation.Timing
	total := t.DNS + t.Connect + t.TLS + t.Reply
	return append(out, label("time")+"="+strconv.FormatFloat(total.Seconds(), 'f', 3, 64)+"s")
}

// thresholdsOf returns both thresholds for a certificate in days.
func thresholdsOf(link cert.Link, warn, crit cert.Threshold) (warnDays, critDays string) {
	life := max(0, link.Cert.NotAfter.Sub(link.Cert.NotBefore).Hours()/24)
	if standardWarn, standardCrit := cert.DefaultThresholds(); warn == standardWarn && crit == standardCrit && life < warn.Days {
		// As package cert judges certificates that machines renew.
		warn, crit = cert.Threshold{Percent: 33}, cert.Threshold{Percent: 10}
	}
	days := func(t cert.Threshold) string {
		if t.Percent > 0 {
			return strconv.FormatFloat(life*t.Percent/100, 'f', 1, 64)
		}
		return strconv.FormatFloat(t.Days, 'f', -1, 64)
	}
	return days(warn), days(crit)
}

// distinctCodes returns the codes of what has to be mended, each once, the most pressing first.
func distinctCodes(r cert.Report) []string {
	var codes []string
	for _, f := range r.Findings {
		if f.Severity >= cert.SeverityWarn && !slices.Contains(codes, f.Code) {
			codes = append(codes, f.Code)
		}
	}
	return codes
}
