package cert

import (
	"crypto/x509"
	"encoding/asn1"
	"net"
	"slices"
	"strconv"
	"strings"
)

// settleUse decides what the own certificate is used for, when that was not said.
func (j *fileJudge) settleUse() {
	switch j.set.Use {
	case UseServer:
		j.useServer = true
	case UseClient:
		j.useServer, j.useClient = false, true
	case UseBoth:
		j.useServer, j.useClient = true, true
	case UseAuto:
		leaf := j.own.leaf()
		if leaf == nil {
			return
		}
		serves, calls := suitsServer(leaf) == "", suitsClient(leaf) == ""
		if len(j.set.Hosts) > 0 || serves && !calls || !serves && !calls {
			return
		}
		j.useServer, j.useClient = serves, calls
	}
}

// suitsServer says why a certificate may not be used by a server; empty when it may.
func suitsServer(c *x509.Certificate) string {
	switch {
	case !allowsServing(c):
		return "its extendedKeyUsage lacks serverAuth"
	case forbidsServing(c):
		return "its " + errNetscapeType.Error()
	case c.KeyUsage != 0 && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageKeyEncipherment|x509.KeyUsageKeyAgreement) == 0:
		return "its keyUsage lacks digitalSignature"
	}
	return ""
}

// suitsClient says why a certificate may not be used by a client; empty when it may.
func suitsClient(c *x509.Certificate) string {
	allowed := len(c.ExtKeyUsage) == 0 && len(c.UnknownExtKeyUsage) == 0 ||
		slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageClientAuth) || slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny)
	switch {
	case !allowed:
		return "its extendedKeyUsage lacks clientAuth"
	case forbidsCalling(c):
		return "its nsCertType lacks the client bit"
	case c.KeyUsage != 0 && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageKeyAgreement) == 0:
		return "its keyUsage lacks digitalSignature"
	}
	return ""
}

// forbidsCalling is [forbidsServing] for clients.
func forbidsCalling(c *x509.Certificate) bool {
	for _, extension := range c.Extensions {
		if extension.Id.String() != "2.16.840.1.113730.1.1" {
			continue
		}
		var kind asn1.BitString
		rest, err := asn1.Unmarshal(extension.Value, &kind)
		const clientBit = 0
		return err != nil || len(rest) > 0 || kind.At(clientBit) == 0
	}
	return false
}

// judgeServing says when the own certificate may not be a server's.
func (j *fileJudge) judgeServing() {
	leaf := j.own.leaf()
	if leaf == nil {
		return
	}
	before := len(j.findings)
	if why := suitsServer(leaf); why != "" {
		j.add(Finding{
			Code: CodeWrongEKU, Severity: SeverityCrit, Scope: j.own.pair.Cert.scope(), Evidence: j.own.pair.Cert.facts(),
			Message: j.place(leaf) + " may not be used by a server: " + why,
			Cause:   "the server starts with it, and everybody who verifies refuses it",
			Fixes:   []Fix{j.advice("issue it anew with extendedKeyUsage = serverAuth, clientAuth; a certificate made for clients is not for a server")},
		})
	}
	j.check("usage", before, "may be used by a server")
}

// judgeCalling says when a certificate may not be a client's, with a code for the occasion.
func (j *fileJudge) judgeCalling(pair loadedPair, code string, severity Severity, cause string) {
	leaf := pair.leaf()
	if leaf == nil {
		return
	}
	before := len(j.findings)
	if why := suitsClient(leaf); why != "" {
		j.add(Finding{
			Code: code, Severity: severity, Scope: pair.pair.Cert.scope(), Evidence: pair.pair.Cert.facts(),
			Message: j.place(leaf) + " may not be used by a client: " + why, Cause: cause,
			Fixes: []Fix{j.advice("issue it anew with extendedKeyUsage = serverAuth, clientAuth")},
		})
		if pair.pair.Cert.Setting.Name == "tls-cert-file" {
			last := &j.findings[len(j.findings)-1]
			last.Fixes = append(last.Fixes, j.placeholder(j.setInFile("tls-client-cert-file", "CLIENT.crt", "tls-client-key-file", "CLIENT.key")))
		}
	}
	j.check("client usage", before, "may be used by a client")
}

// judgeHosts says which of the names that were asked for the certificate lacks, and whether it has any at all.
func (j *fileJudge) judgeHosts() {
	leaf := j.own.leaf()
	if leaf == nil {
		return
	}
	before := len(j.findings)
	for _, host := range j.set.Hosts {
		j.judgeName(host, SeverityCrit, "", "who connects by that name and verifies refuses the server; redis-cli checks no names")
	}
	j.judgeNameless(leaf)
	note := "made out to " + list(Names(leaf))
	if len(j.set.Hosts) > 0 {
		note = "covers " + list(j.set.Hosts)
	}
	j.check("names", before, note)
}

// judgeNameless says when a server's certificate is for no name, or has an address as a name.
func (j *fileJudge) judgeNameless(leaf *x509.Certificate) {
	file := j.own.pair.Cert
	hasNames := len(leaf.DNSNames)+len(leaf.IPAddresses) > 0
	switch {
	case len(j.set.Hosts) > 0:
	case !hasNames && leaf.Subject.CommonName != "":
		j.add(Finding{
			Code: CodeNoNames, Severity: SeverityWarn, Scope: file.scope(), Evidence: file.facts(),
			Message: j.place(leaf) + " is for no host: it has no subjectAltName",
			Cause: "the common name has not counted since 2017; redis-cli checks no names and connects, clients in Go, Java, Node and Python " +
				"refuse, " + j.set.Program + " without --tls-verify ca among them",
			Fixes: j.reissueFor("NODE"),
		})
	case !hasNames:
		j.add(Finding{
			Code: CodeNoNames, Severity: SeverityWarn, Scope: file.scope(), Evidence: file.facts(),
			Message: j.place(leaf) + " is for no host: it has neither a subjectAltName nor a common name",
			Cause:   "only clients that check no names connect, such as redis-cli", Fixes: j.reissueFor("NODE"),
		})
	}
	for _, name := range leaf.DNSNames {
		ip := net.ParseIP(name)
		if ip == nil || slices.ContainsFunc(leaf.IPAddresses, ip.Equal) {
			continue
		}
		j.add(Finding{
			Code: CodeIPAsDNS, Severity: SeverityWarn, Scope: file.scope(), Evidence: file.facts(),
			Message: j.place(leaf) + " has the address " + name + " as a DNS name, where it does not count",
			Cause:   "clients that connect to the address and verify look for IP:" + name, Fixes: j.reissueFor(name),
		})
	}
}

// judgeName says when the certificate does not cover a name. code is for the occasion; "" takes that of the mistake.
func (j *fileJudge) judgeName(host string, severity Severity, code, cause string) {
	leaf := j.own.leaf()
	if leaf == nil || matchesAny(leaf, []string{host}) {
		return
	}
	fault := nameFault(leaf, []string{host})
	if code == "" {
		code = fault.Code
	}
	j.add(Finding{
		Code: code, Severity: severity, Scope: j.own.pair.Cert.scope(), Message: fault.Detail + " (" + j.own.pair.Cert.name() + ")", Cause: cause,
		Evidence: append(j.own.pair.Cert.facts(), Fact{"wanted", printable(host)}, Fact{"names", list(Names(leaf))}),
		Fixes:    j.reissueFor(host),
	})
}

// reissueFor says how to make a certificate that has a name more.
func (j *fileJudge) reissueFor(host string) []Fix {
	names := []string{}
	if leaf := j.own.leaf(); leaf != nil {
		for _, name := range Names(leaf) {
			names = append(names, altName(name))
		}
	}
	if host != "NODE" || len(names) == 0 {
		names = append(names, altName(host))
	}
	return []Fix{j.advice("have it issued anew with subjectAltName = " + strings.Join(names, ","))}
}

// portOf returns a port of the settings; 0 when it is none.
func (j *fileJudge) portOf(name string) int {
	port, err := strconv.Atoi(j.setting(name))
	if err != nil {
		return 0
	}
	return port
}
