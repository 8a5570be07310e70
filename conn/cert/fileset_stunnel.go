package cert

import (
	"crypto/x509"
	"net"
	"strings"
)

// stunnelVerifies says by what setting a service verifies its peers; empty when it does not.
func (j *fileJudge) stunnelVerifies() string {
	switch {
	case j.yes("verifychain"):
		return "verifyChain"
	case j.yes("verifypeer"):
		return "verifyPeer"
	}
	switch j.setting("verify") {
	case "1", "2", "3", "4":
		return "verify"
	}
	return ""
}

// pinsPeer reports whether the peer's certificate itself must be in the file, which makes its name unimportant.
func (j *fileJudge) pinsPeer() bool {
	return j.yes("verifypeer") || j.setting("verify") == "3" || j.setting("verify") == "4"
}

// judgeStunnel judges a service of a stunnel.conf.
func (j *fileJudge) judgeStunnel() {
	isClient := j.yes("client")
	j.useServer, j.useClient = !isClient, isClient
	before := len(j.findings)
	if !isClient && !j.set.Own.Cert.Given() {
		j.add(Finding{
			Code: CodeCertMissing, Severity: SeverityCrit, Scope: j.set.Conf.After.scope(),
			Message: "this service is a server (client = no, which is the default), and has no certificate",
			Cause:   `stunnel says "TLS server needs a certificate" and does not start; the way from a plain client to Redis over TLS is client = yes`,
			Fixes:   []Fix{j.setInFile("client", "yes"), j.placeholder(j.setInFile("cert", "SERVER.pem"))},
		})
	}
	j.check("needed", before, "what the service needs is given")
	j.judgeStunnelVersions()
	before = len(j.findings)
	j.judgeCipherList(true)
	j.judgeSuites()
	j.check("ciphers", before, "protocols and ciphers are known")
	if j.own.leaf() != nil {
		whole := j.judgeSent(j.own, "the certificate")
		if isClient {
			j.judgeCalling(j.own, CodeClientWrongEKU, SeverityCrit, "the server refuses it (alert 43)")
		} else {
			j.judgeServing()
			j.judgeHosts()
		}
		j.makeLinks(whole)
	}
	before = len(j.findings)
	j.judgeStunnelTrust(isClient)
	j.check("trust", before, "the other side is verified")
}

// judgeStunnelVersions looks at the range of TLS versions.
func (j *fileJudge) judgeStunnelVersions() {
	setting := j.set.Conf.Settings["sslversion"]
	if setting.Value == "" {
		setting = j.set.Conf.Settings["sslversionmax"]
	}
	switch asciiLower([]byte(setting.Value)) {
	case "sslv3", "tlsv1", "tlsv1.1":
	default:
		return
	}
	j.add(Finding{
		Code: CodeVersion, Severity: SeverityCrit, Scope: setting.scope(),
		Message: "only versions before TLS 1.2 are allowed" + setting.at(),
		Cause:   "Redis does not speak them unless tls-protocols says so, nor does OpenSSL at its usual security level",
		Fixes:   []Fix{j.dropLine(setting, "leaves the choice to stunnel"), j.setInFile(setting.Name, "TLSv1.2")},
	})
}

// judgeStunnelTrust looks at whether, and by what, the other side is verified.
func (j *fileJudge) judgeStunnelTrust(isClient bool) {
	verifies, section := j.stunnelVerifies(), j.set.Conf.After
	hasCA := len(j.set.CAs)+len(j.set.CADirs) > 0
	named := len(j.set.Conf.Hosts) > 0
	switch {
	case verifies != "" && !hasCA:
		j.add(Finding{
			Code: CodeNoCA, Severity: SeverityCrit, Scope: j.set.Conf.Settings[strings.ToLower(verifies)].scope(),
			Message: verifies + " is set, and there is neither a CAfile nor a CApath" + j.set.Conf.Settings[strings.ToLower(verifies)].at(),
			Cause:   "stunnel does not use the system's store by itself, and does not start",
			Fixes:   []Fix{j.placeholder(j.setInFile("CAfile", "CA.crt"))},
		})
	case verifies == "" && named:
		j.add(Finding{
			Code: CodeUnverified, Severity: SeverityCrit, Scope: j.set.Conf.Hosts[0].scope(),
			Message: j.set.Conf.Hosts[0].Name + " is set without verifyChain" + j.set.Conf.Hosts[0].at(),
			Cause:   "a name proves nothing before the chain is verified: stunnel does not start with it",
			Fixes:   []Fix{j.setInFile("verifyChain", "yes")},
		})
	case verifies == "" && isClient:
		j.add(Finding{
			Code: CodeUnverified, Severity: SeverityWarn, Scope: section.scope(),
			Message: "the service takes any certificate: neither verifyChain nor verifyPeer is set",
			Cause:   "whoever gets in between can read the passwords and the data, and nobody notices",
			Fixes:   j.verifyPeers(hasCA, "verifyChain", "yes"),
		})
	case verifies != "" && isClient && !named && !j.pinsPeer():
		option, _ := j.remoteName()
		if j.trustsServers() {
			option = "verifyPeer"
		}
		j.add(Finding{
			Code: CodeNoNameCheck, Severity: SeverityWarn, Scope: section.scope(),
			Message: verifies + " checks who issued the certificate, not whose it is: " + option + " is missing",
			Cause:   "anybody with a certificate of the same CA, a client's among them, can pose as the server",
			Fixes:   j.verifyPeers(hasCA),
		})
	case verifies != "" && j.setting("verify") == "1":
		j.add(Finding{
			Code: CodeUnverified, Severity: SeverityWarn, Scope: j.set.Conf.Settings["verify"].scope(),
			Message: "verify = 1 verifies a certificate that is shown, and lets in whoever shows none" + j.set.Conf.Settings["verify"].at(),
			Fixes:   []Fix{j.setInFile("verify", "2")},
		})
	}
	for _, root := range j.roots.List {
		j.judgeDate(root.Certificate)
	}
}

// verifyPeers has a tunnel take its server only: by its certificate when that is what the CA certificates are, else by its name. settings are
// what is to be set beside the name.
func (j *fileJudge) verifyPeers(hasCA bool, settings ...string) []Fix {
	if j.trustsServers() {
		fix := j.setInFile("verifyPeer", "yes")
		fix.Note = "takes those servers only whose certificates are in the CAfile: they are signed by themselves, and have no CA"
		return []Fix{fix}
	}
	if !hasCA {
		settings = append(settings, "CAfile", "CA.crt")
	}
	option, name := j.remoteName()
	fix := j.setInFile(append(settings, option, name)...)
	fix.Note = "only if the server's certificate carries " + name + ", which " + j.set.Program + " cert check shows: else the tunnel takes it no more"
	fix.Placeholders = !hasCA || name == "NAME"
	return []Fix{fix}
}

// trustsServers reports whether what is trusted are certificates of servers, each signed by itself, and no CA.
func (j *fileJudge) trustsServers() bool {
	_, remote := j.remoteName()
	for _, root := range j.roots.List {
		c := root.Certificate
		name := c.Subject.CommonName
		isHost := name == remote || net.ParseIP(name) != nil || strings.Contains(name, ".") && !strings.Contains(name, " ")
		if !isSelfSigned(c) || c.KeyUsage&x509.KeyUsageCertSign != 0 || !isHost && len(c.DNSNames)+len(c.IPAddresses) == 0 {
			return false
		}
	}
	return len(j.roots.List) > 0
}

// remoteName is the host of connect, or NAME, and the option that checks it.
func (j *fileJudge) remoteName() (option, name string) {
	host, _, err := net.SplitHostPort(j.setting("connect"))
	switch {
	case err != nil || host == "":
		return "checkHost", "NAME"
	case net.ParseIP(host) != nil:
		return "checkIP", host
	default:
		return "checkHost", host
	}
}
