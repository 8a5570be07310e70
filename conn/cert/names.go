package cert

import (
	"crypto/x509"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Names returns what a certificate is made out to: its DNS names, then its addresses. The legacy common name is not among them.
func Names(c *x509.Certificate) []string {
	names := make([]string, 0, len(c.DNSNames)+len(c.IPAddresses))
	for _, name := range c.DNSNames {
		names = append(names, printable(name))
	}
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}

// IsLoopback reports whether host is a way to say this host: 127.0.0.0/8, ::1 or localhost.
func IsLoopback(host string) bool {
	host = strings.Trim(host, "[]")
	if address, err := netip.ParseAddr(host); err == nil {
		return address.Unmap().IsLoopback()
	}
	return strings.EqualFold(strings.TrimSuffix(host, "."), "localhost")
}

// matchesAny reports whether leaf is made out to one of names. The zone of an IPv6 address is no part of a certificate.
func matchesAny(leaf *x509.Certificate, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		if address, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
			name = address.WithZone("").String()
		}
		return name != "" && leaf.VerifyHostname(name) == nil
	})
}

// nameFault explains why none of the wanted names is in leaf. It speaks of the first.
func nameFault(leaf *x509.Certificate, wanted []string) *VerifyError {
	first := ""
	if len(wanted) > 0 {
		first = wanted[0]
	}
	e := &VerifyError{Cert: leaf, Err: leaf.VerifyHostname(first), Fix: nameFix(leaf, first)}
	asked := printable(strings.Join(wanted, " or "))
	if asked == "" {
		asked = "any name, since none is expected"
	}
	cn := printable(leaf.Subject.CommonName)
	var why string
	switch e.Code, why = nameCode(leaf, first); e.Code {
	case CodeCNOnly:
		e.Detail = "the certificate has " + cn + " only as common name, which has not counted since 2017; it must be a subjectAltName"
	case CodeIPAsDNS:
		e.Detail = "the certificate has the address " + printable(first) + " written as a DNS name, where it does not count"
	case CodeNoNames:
		e.Detail = "the certificate is for no host at all (its common name is " + cn + "), so not for " + asked
	default:
		e.Detail = "the certificate is for " + list(Names(leaf)) + ", not for " + asked + why
	}
	return e
}

// list joins names and leaves out what would fill the screen.
func list(names []string) string {
	const most = 8
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + " and " + strconv.Itoa(len(names)-most) + " more"
}

// nameCode finds the mistake behind a name that does not match. why, when it is not plain to see, ends a sentence with both names.
func nameCode(leaf *x509.Certificate, wanted string) (code, why string) {
	ip := net.ParseIP(strings.Trim(wanted, "[]"))
	switch {
	case len(leaf.DNSNames) == 0 && len(leaf.IPAddresses) == 0:
		if matchesAny(&x509.Certificate{DNSNames: []string{leaf.Subject.CommonName}}, []string{wanted}) {
			return CodeCNOnly, ""
		}
		return CodeNoNames, ""
	case ip != nil && slices.ContainsFunc(leaf.DNSNames, func(name string) bool { return ip.Equal(net.ParseIP(name)) }):
		return CodeIPAsDNS, ""
	case ip != nil && len(leaf.IPAddresses) == 0:
		return CodeNoIPSAN, " (it holds no addresses)"
	case ip != nil:
		return CodeOtherIP, ""
	}
	for _, pattern := range leaf.DNSNames {
		if code, why := wildcardCode(pattern, wanted); code != "" {
			return code, why
		}
	}
	return CodeOtherName, ""
}

// wildcardCode explains a wildcard that looks as if it matched wanted.
func wildcardCode(pattern, wanted string) (code, why string) {
	pattern = strings.ToLower(pattern)
	wanted = strings.ToLower(strings.TrimSuffix(wanted, "."))
	before, after, isWildcard := strings.Cut(pattern, "*")
	isWhole := before == "" && strings.HasPrefix(after, ".")
	switch {
	case !isWildcard || wanted == "":
		return "", ""
	case isWhole && (strings.HasSuffix(wanted, after) || wanted == after[1:]):
		return CodeWildcardDepth, " (* stands for exactly one label)"
	case !isWhole && strings.HasPrefix(wanted, before) && strings.HasSuffix(wanted, after) && len(wanted) > len(before)+len(after):
		return CodePartialWildcard, " (* must be the whole first label; " + printable(pattern) + " matches nothing)"
	}
	return "", ""
}

// nameFix says which option makes the connection work, and what cures the certificate.
func nameFix(leaf *x509.Certificate, wanted string) string {
	const anyName = "--tls-verify ca checks only who issued it, as redis-cli does"
	name, asSNI := usableName(leaf)
	switch {
	case name == "":
		return anyName + "; the cure is a new certificate with subjectAltName = " + altName(wanted)
	case asSNI:
		return "if that is the server you mean: --sni " + name + " or --tls-verify-name " + name + "; " + anyName
	default:
		return "if that is the server you mean: --tls-verify-name " + name + "; " + anyName
	}
}

// usableName returns a name of leaf that an option can ask for, and whether a server may be asked for it by SNI: the first plain DNS name,
// else an address, else a name that a wildcard covers.
func usableName(leaf *x509.Certificate) (name string, asSNI bool) {
	leaf = &x509.Certificate{DNSNames: leaf.DNSNames[:min(len(leaf.DNSNames), maxNames)], IPAddresses: leaf.IPAddresses}
	for _, name := range leaf.DNSNames {
		if isPlain(name) && net.ParseIP(name) == nil && matchesAny(leaf, []string{name}) {
			return name, true
		}
	}
	if len(leaf.IPAddresses) > 0 {
		return leaf.IPAddresses[0].String(), false
	}
	for _, pattern := range leaf.DNSNames {
		name := strings.Replace(pattern, "*", "redis", 1)
		if isPlain(name) && matchesAny(leaf, []string{name}) {
			return name, false
		}
	}
	return "", false
}

// isPlain reports whether name can be given to an option without quoting.
func isPlain(name string) bool {
	return name != "" && name[0] != '-' && strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789-._:") == ""
}

// altName returns name as openssl's subjectAltName takes it.
func altName(name string) string {
	if net.ParseIP(name) != nil {
		return "IP:" + name
	}
	return "DNS:" + printable(name)
}
