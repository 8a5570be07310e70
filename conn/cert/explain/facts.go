package explain

import (
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"redan/conn/cert"
)

// factPattern finds what a text says about its case. Its first group is the value.
type factPattern struct {
	name    string
	pattern *regexp.Regexp
}

// factPatterns returns what is looked for, for each fact the best way to say it first.
func factPatterns() []factPattern {
	const (
		host   = `(\[[0-9a-fA-F:.%]+\]|[0-9A-Za-z_.-]*[0-9A-Za-z])`
		target = host + `:(\d{1,5})\b`
		quoted = `["'\x60]?([^"'\x60\s,;]+)["'\x60]?`
		names  = `([^\s,"'}\])\\]+(?:, [^\s,"'}\])\\]+(?: Address:[^\s,"'}\])\\]+)?)*)`
		path   = `([~.]{0,2}/[^\s:'"]+|[0-9A-Za-z_.-]+\.(?:pem|crt|key|cer|der|p12|pfx|p7b|jks|csr))`
	)
	list := [][2]string{
		{"target", `(?i)(?:redis|valkey) at ` + target},
		{"target", `(?i)\bdial (?:tcp|udp)[46]? ` + target},
		{"target", `(?i)->` + target},
		{"target", `(?i)(?:master|primary|connecting to|connected to|unable to connect to|econnrefused|etimedout|econnreset|ehostunreach|node \w+ at|connect) ` + target},
		{"target", `(?i)laddr=` + target},
		{"target", `(?i)connect to ` + host + `(?:/[^:\s]*:| port )(\d+)`},
		{"target", `(?i)UnableToConnect on ` + target},
		{"target", `(?i)['"]?\b(?:host|address)['"]?\s*:\s*['"]([^'"]+)['"],\s*['"]?port['"]?\s*:\s*['"]?(\d+)`},
		{"target", `(?i)rediss?://(?:[^@/\s]*@)?` + target},
		{"target", `(?i)^\s*` + host + `:(\d{2,5})\b`},
		{"port", `(?i)\bport (\d{2,5})\b`},
		{"host", `(?i)\blookup ` + host},
		{"host", `(?i)(?:resolve host:?|ENOTFOUND|EAI_AGAIN|UnknownHostException:?) ` + host},
		{"peer", `\baddr=` + target},
		{"peer", `(?i)handshake error from ` + target},
		{"wanted", `(?i)is valid for .*?, not ` + quoted},
		{"wanted", `(?i)the certificate is for .*?, not for ` + quoted},
		{"wanted", `(?i)but wanted to match ` + quoted},
		{"wanted", `(?i)cannot validate certificate for ` + quoted},
		{"wanted", `(?i)certificate is not valid for ` + quoted},
		{"wanted", `(?i)\bHost: ([^\s]+?)\.? is not `},
		{"wanted", `(?i)\bIP: ([^\s]+?) is not `},
		{"wanted", `(?i)target host name ` + quoted},
		{"wanted", `(?i)did not match expected CN=` + quoted},
		{"wanted", `(?i)no (?:subject alternative DNS name|name|subject alternative names) matching (?:IP address )?` + quoted + ` found`},
		{"wanted", `(?i)expected: (?:DnsName|IpAddress)\(` + quoted + `\)`},
		{"wanted", `(?i)not valid for name ` + quoted},
		{"wanted", `(?i)(?:DNS name|IP address) "([^"]+)" is not permitted`},
		{"present", `(?i)is valid for (.*?), not `},
		{"present", `(?i)the certificate is for (.*?), not for `},
		{"present", `(?i)cert's altnames: ` + names},
		{"present", `(?i)cert's list: ` + names},
		{"present", `(?i)certificate subject name ["']([^"']+)`},
		{"present", `(?i)only valid for (.*)`},
		{"present", `(?i)Peer certificate CN=` + quoted},
		{"present", `(?i)not cert's CN: (\S+)`},
		{"date", `(?i)is after (\d{4}-\d\d-\d\dT[0-9:.Z+-]+)`},
		{"date", `(?i)is before (\d{4}-\d\d-\d\dT[0-9:.Z+-]+)`},
		{"date", `(?i)not(?:After|Before)[:=] ?([A-Z][a-z]{2} [A-Za-z0-9: ]+\d{4}|[A-Z][a-z]{2} +\d+ [\d:]+ \d{4})`},
		{"ca", `candidate authority certificate "([^"]+)"`},
		{"file", `(?i)failed to load (?:certificate|private key|key)[^:]*: ` + path},
		{"file", `(?i)failed to load ([^\s:]+): (?:no such|permission)`},
		{"file", `(?i)(?:open|fopen\(|stat\(|reading|read|load(?:ing)?|file|from) ["'(]?` + path},
		{"value", `(?i)failed to configure cipher(?:s|suites): (\S+)`},
		{"value", `>>> ['"]([^\n]+?)['"]?\s*$`},
	}
	patterns := make([]factPattern, 0, len(list))
	for _, p := range list {
		patterns = append(patterns, factPattern{p[0], regexp.MustCompile(p[1])})
	}
	return patterns
}

// facts are what a text says about its case, by name.
type facts map[string]string

// factsOf reads what text says. Nothing in it is fit for a terminal yet.
func (x *Explainer) factsOf(text []byte) facts {
	const enough = 16 << 10
	found := facts{}
	text = text[:min(len(text), enough)]
	for _, p := range x.patterns {
		if _, ok := found[p.name]; ok || p.name == "target" && found["host"] != "" {
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
