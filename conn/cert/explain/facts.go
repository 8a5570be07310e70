package explain

import (
	"bytes"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"redan/conn/cert"
)

// factPattern finds what a text says about its case. Its first group is the value, and for an address the second is the port.
type factPattern struct {
	name    string
	needs   []string // lower case; without one of them in the text the pattern need not be tried
	pattern *regexp.Regexp
}

// factPatterns returns what is looked for, for each fact the best way to say it first.
func factPatterns() []factPattern {
	list := knownFacts()
	patterns := make([]factPattern, 0, len(list))
	for _, p := range list {
		patterns = append(patterns, factPattern{name: p[0], needs: strings.Split(p[1], "|"), pattern: regexp.MustCompile(`(?i)` + p[2])})
	}
	return patterns
}

// knownFacts lists name, needs and pattern of each way to say a fact.
func knownFacts() [][3]string {
	const (
		host   = `(\[[0-9a-f:.%]+\]|[0-9a-z_.-]*[0-9a-z])`
		target = host + `:(\d{1,5})\b`
		quoted = `["'\x60]?([^"'\x60\s,;]+)["'\x60]?`
		names  = `([^\s,"'}\])\\]+(?:, [^\s,"'}\])\\]+(?: Address:[^\s,"'}\])\\]+)?)*)`
		path   = `([~.]{0,2}/[^\s:'"]+|[0-9a-z_.-]+\.(?:pem|crt|key|cer|der|p12|pfx|p7b|jks|csr))`
	)
	return [][3]string{
		{"target", "redis at |valkey at ", `(?:redis|valkey) at ` + target},
		{"target", "dial ", `\bdial (?:tcp|udp)[46]? ` + target},
		{"target", "->", `->` + target},
		{
			"target", "master |primary |connect|etimedout |econn|ehostunreach |node ",
			`(?:master|primary|connecting to|connected to|connect to|econnrefused|etimedout|econnreset|ehostunreach|node \w+ at|connect) ` + target,
		},
		{"target", "laddr=", `laddr=` + target},
		{"target", "connect to ", `connect to ` + host + `(?:/[^:\s]*:| port )(\d+)`},
		{"target", "unabletoconnect on ", `UnableToConnect on ` + target},
		{"target", "port", `['"]?\b(?:host|address)['"]?\s*:\s*['"]([^'"]+)['"],\s*['"]?port['"]?\s*:\s*['"]?(\d+)`},
		{"target", "://", `(?:rediss?|valkeys?)://(?:[^@/\s]*@)?` + target},
		{"target", ":", `^\s*` + host + `:(\d{2,5})\b`},
		{"port", "port ", `\bport (\d{2,5})\b`},
		{"host", "lookup ", `\blookup ` + host},
		{"host", "resolve host|enotfound|eai_again|unknownhost", `(?:resolve host:?|ENOTFOUND|EAI_AGAIN|UnknownHostException:?) ` + host},
		{"peer", "addr=", `\baddr=` + target},
		{"peer", "error from ", `handshake error from ` + target},
		{"wanted", "is valid for ", `is valid for .*?, not ` + quoted},
		{"wanted", "certificate is for ", `the certificate is for .*?, not for ` + quoted},
		{"wanted", "wanted to match ", `but wanted to match ` + quoted},
		{"wanted", "cannot validate ", `cannot validate certificate for ` + quoted},
		{"wanted", "is not valid for ", `certificate is not valid for ` + quoted},
		{"wanted", "host: ", `\bHost: ([^\s]+?)\.? is not `},
		{"wanted", "ip: ", `\bIP: ([^\s]+?) is not `},
		{"wanted", "target host name ", `target host name ` + quoted},
		{"wanted", "expected cn=", `did not match expected CN=` + quoted},
		{"wanted", " found", `no (?:subject alternative DNS name|name|subject alternative names) matching (?:IP address )?` + quoted + ` found`},
		{"wanted", "expected: ", `expected: (?:DnsName|IpAddress)\(` + quoted + `\)`},
		{"wanted", "not valid for name ", `not valid for name ` + quoted},
		{"wanted", "is not permitted", `(?:DNS name|IP address) "([^"]+)" is not permitted`},
		{"present", "is valid for ", `is valid for (.*?), not `},
		{"present", "certificate is for ", `the certificate is for (.*?), not for `},
		{"present", "altnames: ", `cert's altnames: ` + names},
		{"present", "list: ", `cert's list: ` + names},
		{"present", "subject name ", `certificate subject name ["']([^"']+)`},
		{"present", "only valid for ", `only valid for (.*)`},
		{"present", "presented: ", `presented: \[(.*?)\]`},
		{"present", "certificate cn=", `Peer certificate CN=` + quoted},
		{"present", "cert's cn: ", `not cert's CN: (\S+)`},
		{"date", "is after ", `is after (\d{4}-\d\d-\d\dT[0-9:.Z+-]+)`},
		{"date", "is before ", `is before (\d{4}-\d\d-\d\dT[0-9:.Z+-]+)`},
		{"date", "notafter|notbefore", `not(?:After|Before)[:=] ?([a-z]{3} [a-z0-9: ]+\d{4}|[a-z]{3} +\d+ [\d:]+ \d{4})`},
		{"ca", "candidate authority ", `candidate authority certificate "([^"]+)"`},
		{"file", "failed to load ", `failed to load (?:certificate|private key|key)[^:]*: ` + path},
		{"file", "failed to load ", `failed to load ([^\s:]+): (?:no such|permission)`},
		{"file", "open|stat(|read|load|file|from", `(?:open|fopen\(|stat\(|reading|read|load(?:ing)?|file|from) ["'(]?` + path},
		{"value", "failed to configure ", `failed to configure cipher(?:s|suites): (\S+)`},
	}
}

// facts are what a text says about its case, by name.
type facts map[string]string

// factsOf reads what text says. Nothing in it is fit for a terminal yet.
func (x *Explainer) factsOf(text []byte) facts {
	found := facts{}
	lower := string(bytes.ToLower(text))
	has := func(need string) bool { return strings.Contains(lower, need) }
	for _, p := range x.patterns {
		if _, ok := found[p.name]; ok || p.name == "target" && found["host"] != "" || !slices.ContainsFunc(p.needs, has) {
			continue
		}
		groups := p.pattern.FindSubmatch(text)
		if groups == nil || len(groups[1]) == 0 {
			continue
		}
		switch value := string(groups[1]); p.name {
		case "target":
			found.setTarget(value, string(groups[2]))
		case "peer":
			found["peer"] = value + ":" + string(groups[2])
		case "present":
			found["present"] = namesIn(value)
		default:
			found[p.name] = strings.TrimRight(value, ".:")
		}
	}
	return found
}

// namesIn returns a list of names without what programs write before each.
func namesIn(list string) string {
	if strings.Contains(list, "(") { // Rust: DnsName("redis.lab") or IpAddress(...)
		list = strings.NewReplacer("DnsName(", "", "IpAddress(", "", `")`, "").Replace(list)
	}
	list = strings.NewReplacer("DNS:", "", "IP Address:", "", "IP:", "", `"`, "", " or ", ", ").Replace(list)
	return strings.Trim(list, " ,.;")
}

// setTarget notes the address of a server, unless it is none: "fd=9" or a time of day look like one.
func (f facts) setTarget(host, port string) {
	number, err := strconv.Atoi(port)
	if err != nil || number == 0 || number > 65535 {
		return
	}
	host = strings.Trim(host, "[]")
	if isNumber(host) {
		return
	}
	f["host"], f["port"] = host, port
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// fill adds what follows from the rest: how names are written in other places.
func (f facts) fill() {
	if wanted := f["wanted"]; wanted != "" {
		f["san"] = "DNS:" + wanted
		if net.ParseIP(wanted) != nil {
			f["san"] = "IP:" + wanted
		}
	}
	for _, name := range f.names() {
		if !strings.Contains(name, "*") {
			f["present1"] = name
			break
		}
	}
}

func (f facts) names() []string {
	return strings.FieldsFunc(f["present"], func(r rune) bool { return r == ',' || r == ' ' })
}

// nameCode returns the mistake behind a name that is not among those present.
func (f facts) nameCode() string {
	names, wanted := f.names(), strings.ToLower(f["wanted"])
	isIP := func(name string) bool { return net.ParseIP(name) != nil }
	switch {
	case wanted == "":
		return cert.CodeOtherName
	case isIP(wanted) && slices.ContainsFunc(names, isIP):
		return cert.CodeOtherIP
	case isIP(wanted):
		return cert.CodeNoIPSAN
	}
	for _, name := range names {
		before, after, isWildcard := strings.Cut(strings.ToLower(name), "*")
		switch {
		case !isWildcard:
		case before == "" && (strings.HasSuffix(wanted, after) || "."+wanted == after):
			return cert.CodeWildcardDepth
		case before != "" && strings.HasPrefix(wanted, before) && strings.HasSuffix(wanted, after):
			return cert.CodePartialWildcard
		}
	}
	return cert.CodeOtherName
}

// list returns the facts in a fixed order, fit for a terminal.
func (f facts) list() []cert.Fact {
	var list []cert.Fact
	for _, name := range []string{"host", "port", "peer", "wanted", "present", "date", "ca", "file", "value"} {
		if value := f[name]; value != "" {
			list = append(list, cert.Fact{Name: name, Value: printable(value)})
		}
	}
	return list
}
