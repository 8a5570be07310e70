package cert

import (
	"cmp"
	"slices"
	"strconv"
)

// add adds a finding. In files that are not loaded nothing is worse than the ceiling.
func (j *fileJudge) add(f Finding) {
	if j.ceiling != SeverityOK {
		f.Severity = min(f.Severity, j.ceiling)
	}
	for _, old := range j.findings {
		if old.Code == f.Code && old.Scope == f.Scope && old.Message == f.Message {
			return
		}
	}
	j.findings = append(j.findings, f)
}

// check notes that something was looked at. It failed when findings were added since there were before of them, of at least a warning.
func (j *fileJudge) check(name string, before int, note string) {
	state := CheckPassed
	for _, f := range j.findings[before:] {
		if f.Severity >= SeverityWarn {
			state, note = CheckFailed, f.Message
			break
		}
	}
	j.checks = append(j.checks, Check{Name: name, State: state, Note: note})
}

func (j *fileJudge) unchecked(name, why string) {
	j.checks = append(j.checks, Check{Name: name, State: CheckUnchecked, Note: why})
}

func (j *fileJudge) report() Report {
	slices.SortStableFunc(j.findings, func(a, b Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	r := Report{
		Observation: Observation{Target: Target{Name: j.set.Title}, At: j.now},
		Unknown:     j.unknown, Findings: j.findings, Checks: j.checks, Chain: j.links,
	}
	for _, f := range j.findings {
		r.Verdict = max(r.Verdict, f.Severity)
	}
	r.Verified = slices.ContainsFunc(j.links, func(l Link) bool { return l.Trusted })
	if leaf := j.own.leaf(); leaf != nil && j.useServer {
		r.Names = NameMatch{Wanted: j.set.Hosts, Present: Names(leaf), By: "none"}
		for _, host := range j.set.Hosts {
			if matchesAny(leaf, []string{host}) {
				r.Names.Match, r.Names.By = host, "dialled"
				break
			}
		}
	}
	return r
}

// scope is the scope of a finding about a file.
func (f LocalFile) scope() string { return ScopeFilePrefix + f.Path }

// scope is the scope of a finding about a line.
func (s Setting) scope() string {
	if s.Line == 0 {
		return ScopeTarget
	}
	return ScopeFilePrefix + s.File + ":" + strconv.Itoa(s.Line)
}

// at names where a setting stands, as the end of a sentence: " (tls-cert-file, redis.conf:12)".
func (s Setting) at() string {
	switch {
	case s.Line > 0:
		return " (" + s.Name + ", " + printable(s.File) + ":" + strconv.Itoa(s.Line) + ")"
	case s.Name != "":
		return " (" + s.Name + ")"
	default:
		return ""
	}
}

// facts is where a file was named, as evidence.
func (f LocalFile) facts() []Fact {
	facts := []Fact{{Name: "file", Value: printable(f.Path)}}
	if f.Setting.Line > 0 {
		facts = append(facts, Fact{Name: "line", Value: printable(f.Setting.File) + ":" + strconv.Itoa(f.Setting.Line)})
	}
	return facts
}

// name names a file in a sentence.
func (f LocalFile) name() string { return printable(f.Path) }

// refuser says what the reader of the files does with a fault.
func (j *fileJudge) refuses() string {
	switch j.set.Reader {
	case ReaderRedis:
		return "redis-server does not start with it"
	case ReaderSentinel:
		return "redis-sentinel does not start with it"
	case ReaderStunnel:
		return "stunnel does not start with it"
	default:
		return "neither redis-server nor redis-cli loads it"
	}
}

// side is who has to act.
func (j *fileJudge) side() Side {
	switch {
	case j.set.Reader == ReaderStunnel && j.yes("client"), j.set.Reader == ReaderAny && j.set.Use != UseServer:
		return SideClient // the files are here, and so is who has to act
	default:
		return SideServer
	}
}

// setting returns a value of the configuration file.
func (j *fileJudge) setting(name string) string { return j.set.Conf.Settings[name].Value }

func (j *fileJudge) yes(name string) bool { return equalFoldASCII(j.setting(name), "yes") }

func equalFoldASCII(a, b string) bool { return asciiLower([]byte(a)) == asciiLower([]byte(b)) }
