package cert

import (
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
	name := j.remoteName()
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
		f := Finding{
			Code: CodeUnverified, Severity: SeverityWarn, Scope: section.scope(),
			Message: "the service takes any certificate: neither verifyChain nor verifyPeer is set",
			Cause:   "whoever gets in between can read the passwords and the data, and nobody notices",
			Fixes:   []Fix{j.setInFile("verifyChain", "yes", "checkHost", name)},
		}
		if !hasCA {
			f.Fixes = []Fix{j.placeholder(j.setInFile("verifyChain", "yes", "CAfile", "CA.crt", "checkHost", name))}
		}
		j.add(f)
	case verifies != "" && isClient && !named && !j.pinsPeer():
		option := "checkHost"
		if net.ParseIP(name) != nil {
			option = "checkIP"
		}
		f := Finding{
			Code: CodeNoNameCheck, Severity: SeverityWarn, Scope: section.scope(),
			Message: verifies + " checks who issued the certificate, not whose it is: " + option + " is missing",
			Cause:   "anybody with a certificate of the same CA, a client's among them, can pose as the server",
			Fixes:   []Fix{j.setInFile(option, name)},
		}
		f.Fixes[0].Placeholders = name == "NAME"
		j.add(f)
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

// remoteName is the host of connect, or NAME.
func (j *fileJudge) remoteName() string {
	connect := j.setting("connect")
	host, _, err := net.SplitHostPort(connect)
	if err != nil || host == "" {
		return "NAME"
	}
	return host
}
