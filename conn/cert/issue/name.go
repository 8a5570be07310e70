package issue

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Names are what a certificate is made out to.
type Names struct {
	First string // of those given, in the form that the certificate has it
	DNS   []string
	IPs   []netip.Addr
	URIs  []*url.URL // only from requests; some servers log a client in by one
}

// List returns the names as text, DNS names first.
func (n Names) List() []string {
	list := slices.Clone(n.DNS)
	for _, ip := range n.IPs {
		list = append(list, ip.String())
	}
	for _, uri := range n.URIs {
		list = append(list, uri.String())
	}
	return list
}

// ParseNames reads host names and addresses. The error says what is wrong with the first that a certificate cannot, or should not, carry.
func ParseNames(list ...string) (Names, error) {
	var names Names
	for _, text := range list {
		if err := names.add(text); err != nil {
			return Names{}, err
		}
	}
	return names, nil
}

// WithLoopback returns the names and those by which a host calls itself: localhost, 127.0.0.1 and ::1.
func (n Names) WithLoopback() Names {
	n.DNS, n.IPs = slices.Clone(n.DNS), slices.Clone(n.IPs)
	n.addDNS("localhost")
	n.addIP(netip.AddrFrom4([4]byte{127, 0, 0, 1}))
	n.addIP(netip.IPv6Loopback())
	return n
}

func (n *Names) addDNS(name string) {
	n.First = cmp.Or(n.First, name)
	if !slices.Contains(n.DNS, name) {
		n.DNS = append(n.DNS, name)
	}
}

func (n *Names) addIP(ip netip.Addr) {
	n.First = cmp.Or(n.First, ip.String())
	if !slices.Contains(n.IPs, ip) {
		n.IPs = append(n.IPs, ip)
	}
}

func (n *Names) add(text string) error {
	text = strings.TrimSpace(text)
	if ip, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")); err == nil {
		ip = ip.Unmap()
		switch {
		case ip.Zone() != "":
			return badName(text, "has a zone (%"+graphic(ip.Zone())+"), which is no part of a certificate", "give the address without it")
		case ip.IsUnspecified():
			return badName(text, "stands for every address, and nobody connects to it", "give the address or name that clients use")
		}
		n.addIP(ip)
		return nil
	}
	name := strings.ToLower(strings.TrimSuffix(text, "."))
	if err := checkDNS(text, name); err != nil {
		return err
	}
	n.addDNS(name)
	return nil
}

func badName(name, what, fix string) *Error {
	return refuse(fmt.Sprintf("the name '%s' %s", graphic(name), what), fix)
}

// checkDNS refuses what is no host name. The rules are those of RFC 5280 and of what clients accept, the strictest of them.
func checkDNS(text, name string) error {
	const longest, longestLabel = 253, 63
	if name == "" {
		return refuse("a name is empty", "give a host name or an address")
	}
	if strings.Contains(name, "://") {
		return badName(text, "is a URL", "give the host in it alone")
	}
	if host, port, err := net.SplitHostPort(name); err == nil && strings.Trim(port, "0123456789") == "" {
		return badName(text, "has a port, and certificates are for hosts", "give "+graphic(host)+" alone")
	}
	labels := strings.Split(name, ".")
	if labels[0] == "*" {
		labels = labels[1:]
		if len(labels) < 2 {
			return badName(text, "has too wide a wildcard, which clients refuse", "put at least two labels behind it, as in *.redis.lab")
		}
	}
	if len(name) > longest {
		return badName(text, "is longer than a host name may be", "give a name of at most 253 characters")
	}
	for _, label := range labels {
		if what, fix := labelFault(label); what != "" {
			return badName(text, what, fix)
		}
		if len(label) > longestLabel {
			return badName(text, "has a part of more than 63 characters between its dots", "give a shorter name")
		}
	}
	if strings.Trim(labels[len(labels)-1], "0123456789") == "" {
		return badName(text, "looks like an address and is none", "give a host name, or an address such as 10.0.0.11")
	}
	return nil
}

// labelFault says what is wrong with one part of a host name, or nothing.
func labelFault(label string) (what, fix string) {
	other := strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-")
	switch {
	case label == "":
		return "has nothing before or between its dots", "give a host name or an address"
	case strings.Contains(label, "*"):
		return "has a wildcard that clients do not match", "* must be the whole first part, as in *.redis.lab"
	case strings.Contains(label, "_"):
		return "has an underscore, which host names may not have and some clients refuse", "use a hyphen, or the host's address"
	case strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-"):
		return "has a part that begins or ends with a hyphen", "check the name"
	case strings.IndexFunc(other, func(r rune) bool { return r > 0x7f }) >= 0:
		return "has characters beyond ASCII", "give its form for DNS, which begins with xn--"
	case other != "":
		return "has a character that host names may not have", "give a host name or an address"
	}
	return "", ""
}

// maxCommonName is what X.509 allows.
const maxCommonName = 64

// CheckClient refuses names that a client certificate should not have: they become the common name, and the name of files.
func CheckClient(name string) error {
	const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@+-"
	const fix = "use letters, digits and . _ @ + -, and begin with a letter or digit"
	switch {
	case name == "":
		return refuse("the name of a client is empty", "give it a name such as app1")
	case len(name) > maxCommonName:
		return refuse("the client name '"+graphic(name)+"' is longer than 64 characters", "give it a shorter name")
	case strings.Trim(name, allowed) != "" || strings.ContainsAny(name[:1], "._@+-"):
		return refuse("'"+graphic(name)+"' cannot be the name of a client", fix)
	}
	return nil
}

// FileName returns how the files of a name begin: the name, with what file systems or shells take amiss replaced.
func FileName(name string) string {
	return strings.ReplaceAll(strings.Replace(name, "*.", "_wildcard.", 1), ":", "_")
}

func namesOf(c *x509.Certificate) Names {
	names := Names{DNS: c.DNSNames, URIs: c.URIs}
	for _, raw := range c.IPAddresses {
		if ip, ok := netip.AddrFromSlice(raw); ok {
			names.IPs = append(names.IPs, ip.Unmap())
		}
	}
	return names
}

func netIPs(ips []netip.Addr) []net.IP {
	list := make([]net.IP, 0, len(ips))
	for _, ip := range ips {
		list = append(list, ip.AsSlice())
	}
	return list
}
