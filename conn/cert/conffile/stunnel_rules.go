package conffile

import (
	"fmt"
	"slices"
	"strings"

	"redan/commands/nearest"
)

// stunnelOptions are the options that have to do with TLS and addresses.
func stunnelOptions() []string {
	return []string{
		"accept", "CApath", "CAfile", "CAengine", "cert", "checkEmail", "checkHost", "checkIP", "ciphers", "ciphersuites", "client", "connect",
		"CRLpath", "CRLfile", "curves", "delay", "key", "options", "protocol", "PSKidentity", "PSKsecrets", "requireCert", "securityLevel", "sni",
		"sslVersion", "sslVersionMax", "sslVersionMin", "verify", "verifyChain", "verifyPeer", "OCSP", "OCSPaia",
	}
}

// otherStunnelOptions are the others of stunnel 5.68.
func otherStunnelOptions() []string {
	return []string{
		"chroot", "compression", "EGD", "engine", "engineCtrl", "engineDefault", "fips", "foreground", "iconActive", "iconError", "iconIdle",
		"log", "output", "pid", "RNDbytes", "RNDfile", "RNDoverwrite", "service", "syslog", "taskbar", "config", "debug", "engineId", "engineNum",
		"exec", "execArgs", "failover", "ident", "include", "libwrap", "local", "logId", "OCSPflag", "OCSPnonce", "protocolAuthentication",
		"protocolDomain", "protocolHeader", "protocolHost", "protocolPassword", "protocolUsername", "pty", "redirect", "renegotiation", "reset",
		"retry", "sessionCacheSize", "sessionCacheTimeout", "sessionResume", "sessiond", "setgid", "setuid", "socket", "stack",
		"ticketKeySecret", "ticketMacSecret", "TIMEOUTbusy", "TIMEOUTclose", "TIMEOUTconnect", "TIMEOUTidle", "TIMEOUTocsp", "transparent",
	}
}

func isStunnelOption(name string) bool {
	same := func(known string) bool { return strings.EqualFold(known, name) }
	return slices.ContainsFunc(stunnelOptions(), same) || slices.ContainsFunc(otherStunnelOptions(), same)
}

func stunnelDefault(name string) string {
	switch name {
	case "client", "verifychain", "verifypeer", "requirecert", "delay":
		return "no"
	case "securitylevel":
		return "2"
	}
	return ""
}

// checkStunnel says why stunnel would refuse a line. Of options that are not about TLS only the name is looked at.
func checkStunnel(name, value string, at Origin, inSection bool) (Problem, bool) {
	p := Problem{Origin: at, Name: name}
	switch lowered := strings.ToLower(name); lowered {
	case "client", "verifychain", "verifypeer", "requirecert", "delay":
		if !equalFold(value, "yes") && !equalFold(value, "no") {
			p.Detail = fmt.Sprintf("must be yes or no, not %q", value)
		}
	case "verify":
		if len(value) != 1 || value[0] < '0' || value[0] > '4' {
			p.Detail = fmt.Sprintf("must be a number from 0 to 4, not %q", value)
		}
	case "sslversion", "sslversionmin", "sslversionmax":
		if !slices.ContainsFunc([]string{"all", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"}, func(v string) bool { return equalFold(v, value) }) {
			p.Detail = fmt.Sprintf("must be all, TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3, not %q", value)
		}
	case "accept":
		if !inSection {
			p.Detail = "belongs below a [section]"
		}
	default:
		if isStunnelOption(name) {
			return p, false
		}
		p.Nearest = nearest.Word(name, append(stunnelOptions(), otherStunnelOptions()...))
		p.Unknown, p.Detail = true, "is no option of stunnel"
		p.Edit = replacing(name, p.Nearest)
		return p, p.Nearest != "" // a newer stunnel may know it
	}
	return p, p.Detail != ""
}

// checkServices finds services that lack one of their two ends.
func (f *stunnelFile) checkServices() {
	for _, s := range f.Services {
		near := s.Value("accept").Given()
		far := s.Value("connect").Given() || s.Value("exec").Given()
		if near && far || s.Value("sni").Given() && far && !s.Value("client").Yes() {
			continue
		}
		missing := "accept"
		if near {
			missing = "connect"
		}
		f.Problems = append(f.Problems, Problem{Origin: s.Origin, Name: "[" + s.Name + "]", Detail: "lacks " + missing + ": a service has two ends"})
	}
}
