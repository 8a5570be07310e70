package cert

import (
	"crypto/x509"
	"net"
	"slices"
	"strconv"
	"strings"
)

// maxNames bounds the names of a certificate that are shown.
const maxNames = 200

// judgeNames looks whether the server's certificate is made out to who is meant.
func (j *judge) judgeNames() {
	j.names = NameMatch{Wanted: escaped(j.want.Names), By: "none"}
	if len(j.sent) == 0 {
		return
	}
	leaf := j.sent[0]
	j.names.Present = presentNames(leaf)
	for i, name := range j.want.Names {
		if matchesAny(leaf, []string{name}) {
			j.names.Match, j.names.By = printable(name), j.nameSource(i)
			return
		}
	}
	if local := j.localName(leaf); local != "" {
		j.names.Match, j.names.By = printable(local), "local-host"
		return
	}
	if len(j.want.Names) > 0 || j.want.Level == LevelFull {
		j.add(j.nameFinding(leaf))
	}
}

func (j *judge) localName(leaf *x509.Certificate) string {
	if !j.want.Loopback {
		return ""
	}
	for _, name := range j.want.LocalNames {
		if matchesAny(leaf, []string{name}) {
			return name
		}
	}
	return ""
}

// nameSource says where the expected name at that place comes from.
func (j *judge) nameSource(place int) string {
	source := j.want.NamesFrom
	if source == "" {
		source = "dialled"
		if _, given := j.want.Invocation.Value("--sni"); given {
			source = "sni"
		}
		if _, given := j.want.Invocation.Value("--tls-verify-name"); given {
			source = "verify-name"
		}
	}
	if source == "dialled" && place > 0 {
		return "seed"
	}
	return source
}

// presentNames are the names of a certificate, bounded. What is left out is counted.
func presentNames(c *x509.Certificate) []string {
	bounded := &x509.Certificate{DNSNames: c.DNSNames, IPAddresses: c.IPAddresses}
	bounded.DNSNames = bounded.DNSNames[:min(len(c.DNSNames), maxNames)]
	bounded.IPAddresses = bounded.IPAddresses[:min(len(c.IPAddresses), maxNames)]
	names := Names(bounded)
	if more := len(c.DNSNames) + len(c.IPAddresses) - len(names); more > 0 {
		names = append(names, "and "+strconv.Itoa(more)+" more")
	}
	return names
}

func escaped(names []string) []string {
	var safe []string
	for _, name := range names[:min(len(names), maxNames)] {
		if name != "" {
			safe = append(safe, printable(name))
		}
	}
	return safe
}

// nameFinding explains why none of the expected names is in leaf.
func (j *judge) nameFinding(leaf *x509.Certificate) Finding {
	fault := nameFault(leaf, j.want.Names)
	f := Finding{
		Code: fault.Code, Severity: SeverityCrit, Scope: j.scope(leaf), Message: fault.Detail, Cause: nameCause(fault.Code),
		Evidence: []Fact{{"wanted", strings.Join(j.names.Wanted, ", ")}, {"names", list(presentNames(leaf))}, {"subject", subject(leaf)}},
	}
	switch {
	case j.want.Level == LevelNone:
		f.Severity = SeverityWarn
		f.Cause += "; nothing is verified here"
	case j.want.Level == LevelCA:
		f.Severity = SeverityInfo
		f.Cause += "; names are not checked at this level"
	case j.want.Loopback:
		f.Severity = SeverityInfo
		f.Cause += "; accepted because the connection does not leave this host"
		return f
	}
	f.Fixes = j.nameFixes(leaf)
	return f
}

func nameCause(code string) string {
	switch code {
	case CodeCNOnly:
		return "the common name is what a certificate is called, and not what it is for; redis-cli does not look at names at all"
	case CodeNoNames:
		return "the recipe it was made with, such as Redis' gen-test-certs.sh, gives no subjectAltName; redis-cli does not look at names at all"
	case CodeNoIPSAN:
		return "who connects by address needs the address in the certificate, or says which name is meant"
	case CodeIPAsDNS:
		return "an address has to be written IP:..., not DNS:..., when the certificate is made"
	case CodeOtherIP:
		return "the server has another address than when the certificate was made, is reached through a forwarded port, or is another server"
	case CodeWildcardDepth, CodePartialWildcard:
		return "a wildcard reaches exactly one level, and stands for a whole label"
	default:
		return "the server is reached under another name than it was certified for, or is another server"
	}
}

// nameFixes are the ways to a name that matches, the strictest first.
func (j *judge) nameFixes(leaf *x509.Certificate) []Fix {
	var fixes []Fix
	if host := j.dialable(leaf); host != "" {
		fixes = append(fixes, j.byClient(j.inv().With("-h", host), "the same server, under a name that is in its certificate"))
	}
	name, asSNI := usableName(leaf)
	source := j.nameSource(0)
	const meant = "if that is the server you mean"
	if trial := j.workingName(leaf); trial != "" {
		fixes = append(fixes, j.byClient(j.inv().Without("--tls-verify-name").With("--sni", trial), "the server shows another certificate when it is asked for that name"))
	}
	if name != "" {
		byName := j.byClient(j.inv().With("--tls-verify-name", name), meant)
		bySNI := j.byClient(j.inv().Without("--tls-verify-name").With("--sni", name), meant+"; it is asked for by that name too")
		switch {
		case !asSNI:
			fixes = append(fixes, byName)
		case source == "sni":
			fixes = append(fixes, bySNI, byName)
		default:
			fixes = append(fixes, byName, bySNI)
		}
	}
	fixes = append(fixes, j.reissue("")...)
	if j.want.Level == LevelFull {
		fixes = append(fixes, j.byClient(j.inv().With("--tls-verify", LevelCA.String()), "checks only who issued the certificate, as redis-cli does"))
	}
	return fixes
}

// dialable returns a name of leaf under which the same server can be dialled for certain: the address connected to.
func (j *judge) dialable(leaf *x509.Certificate) string {
	if j.nameSource(0) != "dialled" || j.o.Target.Network == "unix" {
		return ""
	}
	host, _, err := net.SplitHostPort(j.o.Remote)
	if err != nil || host == j.o.Target.Host {
		return ""
	}
	if matchesAny(leaf, []string{host}) {
		return host
	}
	if IsLoopback(host) && matchesAny(leaf, []string{"localhost"}) {
		return "localhost"
	}
	return ""
}

// workingName returns a name for which, in a trial, the server showed another certificate, made out to that name.
func (j *judge) workingName(leaf *x509.Certificate) string {
	for _, trial := range j.o.Trials {
		if trial.OK && trial.Leaf != nil && !trial.Leaf.Equal(leaf) && isPlain(trial.ServerName) && matchesAny(trial.Leaf, []string{trial.ServerName}) {
			return trial.ServerName
		}
	}
	return ""
}

// sanNames are what a certificate of this server should be made out to: what it is, and what is expected of it.
func (j *judge) sanNames() []string {
	var names []string
	add := func(name string) {
		name = strings.Trim(name, "[]")
		isLocal := IsLoopback(name) || name == "localhost"
		if isPlain(name) && !isLocal && len(names) < 12 && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range j.want.Names {
		add(name)
	}
	add(j.o.Target.Host)
	if host, _, err := net.SplitHostPort(j.o.Remote); err == nil {
		add(host)
	}
	if len(j.sent) > 0 {
		for _, name := range presentNames(j.sent[0]) {
			if net.ParseIP(name) != nil || !strings.ContainsAny(name, " *") {
				add(name)
			}
		}
	}
	return names
}

// sanLine is the subjectAltName with these names, as openssl takes it.
func sanLine(names []string) string {
	parts := make([]string, 0, len(names)+3)
	for _, name := range slices.Concat(names, []string{"localhost", "127.0.0.1", "::1"}) {
		parts = append(parts, altName(name))
	}
	return "subjectAltName = " + strings.Join(parts, ",")
}
