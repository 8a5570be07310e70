package certreport

import (
	"slices"

	"redan/conn/cert"
)

// verdict is what a report comes to, in the order of the exit codes' names.
type verdict int

const (
	fine verdict = iota
	warned
	unsure // nothing could be proven either way
	failed
)

// verdictOf returns the verdict of a report. Not knowing is worse than a warning, and better than a proven fault.
func verdictOf(r cert.Report) verdict {
	switch {
	case r.Verdict >= cert.SeverityCrit && onlyFails(r, cert.CodeFileUnreadable):
		return unsure // the monitor's own set-up is wrong, which says nothing about the server
	case r.Verdict >= cert.SeverityCrit && r.Unknown && onlyFails(r, cert.CodeStall):
		return unsure // silence is no proof
	case r.Verdict >= cert.SeverityCrit:
		return failed
	case r.Unknown:
		return unsure
	case r.Verdict == cert.SeverityWarn:
		return warned
	default:
		return fine
	}
}

// onlyFails reports whether all that fails has this code.
func onlyFails(r cert.Report, code string) bool {
	found := false
	for _, f := range r.Findings {
		if f.Severity >= cert.SeverityCrit {
			if f.Code != code {
				return false
			}
			found = true
		}
	}
	return found
}

// worst returns the worst verdict of several reports; without any, nothing is known.
func worst(reports []cert.Report) verdict {
	if len(reports) == 0 {
		return unsure
	}
	v := fine
	for _, r := range reports {
		v = max(v, verdictOf(r))
	}
	return v
}

// exitCode is the verdict as a monitoring plugin exits: 0 ok, 1 warning, 2 critical, 3 unknown.
func (v verdict) exitCode() int {
	switch v {
	case fine:
		return 0
	case warned:
		return 1
	case failed:
		return 2
	default:
		return 3
	}
}

// ExitCode returns how a program that made these reports exits: 0 when all is well, 1 when something will break, 2 when a connection fails,
// 3 when nothing could be proven, or there is no report.
func ExitCode(reports []cert.Report) int { return worst(reports).exitCode() }

// sign returns the sign of a verdict, its word, and their ink.
func (s Style) verdict(v verdict) (sign, word string, in ink) {
	switch v {
	case fine:
		return s.sign("✓", "+"), "OK", good
	case warned:
		return "!", "WARN", fragile
	case failed:
		return s.sign("✗", "x"), "FAIL", broken
	default:
		return "?", "UNKNOWN", fragile
	}
}

// severity returns the sign of a finding's severity, and its ink.
func (s Style) severity(severity cert.Severity) (sign string, in ink) {
	switch severity {
	case cert.SeverityCrit:
		return s.sign("✗", "x"), broken
	case cert.SeverityWarn:
		return "!", fragile
	default:
		return s.sign("·", "."), unknown
	}
}

// mark is the sign of something amiss: how bad it is, its finding of one of the codes says. Without one it does not matter here.
func (s Style) mark(r cert.Report, codes ...string) piece {
	worst := cert.SeverityOK
	for _, f := range r.Findings {
		if slices.Contains(codes, f.Code) {
			worst = max(worst, f.Severity)
		}
	}
	sign, in := s.severity(worst)
	return inked(in, sign)
}

// Short returns the two lines that decorate a failed connection: why, and the command that mends it. Both are empty when the report has
// nothing to say.
func Short(r cert.Report) (cause, fix string) {
	cause, fix = r.Brief()
	return escape(cause, false), escape(fix, false)
}
