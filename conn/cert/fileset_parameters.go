package cert

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
)

// judgeParameters looks at protocols and ciphers.
func (j *fileJudge) judgeParameters() {
	before := len(j.findings)
	legacy, tls12, tls13 := j.judgeProtocols()
	if legacy || tls12 || tls13 {
		j.judgeCipherList(tls13)
		if tls13 {
			j.judgeSuites()
		}
	}
	j.check("ciphers", before, "protocols and ciphers are known")
}

// judgeProtocols reads tls-protocols and says which versions are on.
func (j *fileJudge) judgeProtocols() (legacy, tls12, tls13 bool) {
	setting := j.set.Conf.Settings["tls-protocols"]
	if setting.Value == "" {
		return false, true, true
	}
	const good = "TLSv1.2 TLSv1.3"
	for word := range strings.SplitSeq(setting.Value, " ") {
		switch asciiLower([]byte(word)) {
		case "tlsv1", "tlsv1.1":
			legacy = true
		case "tlsv1.2":
			tls12 = true
		case "tlsv1.3":
			tls13 = true
		default:
			j.add(Finding{
				Code: CodeVersion, Severity: SeverityCrit, Scope: setting.scope(),
				Message: fmt.Sprintf("tls-protocols has %q, which is none of TLSv1, TLSv1.1, TLSv1.2 and TLSv1.3%s", printable(word), setting.at()),
				Cause:   "they stand in quotes with one blank between them: " + j.refuses(),
				Fixes:   []Fix{j.setInFile("tls-protocols", good)},
			})
			return false, false, false
		}
	}
	if legacy {
		f := Finding{
			Code: CodeVersion, Severity: SeverityWarn, Scope: setting.scope(),
			Message: "tls-protocols allows versions before TLS 1.2, which are broken" + setting.at(),
			Cause:   "no client of today needs them, and OpenSSL at its usual security level does not speak them anyway",
			Fixes:   j.setLines("tls-protocols", good),
		}
		if !tls12 && !tls13 {
			f.Severity = SeverityCrit
			f.Message = "tls-protocols allows only versions before TLS 1.2" + setting.at()
			f.Cause = "OpenSSL at its usual security level cannot speak them: every handshake fails (alert 80), and clients of today refuse them too"
		}
		j.add(f)
	}
	return legacy, tls12, tls13
}

// judgeCipherList looks at tls-ciphers, which is for TLS 1.2 and older.
func (j *fileJudge) judgeCipherList(tls13 bool) {
	setting := j.set.Conf.Settings[j.cipherSetting()]
	if setting.Value == "" {
		return
	}
	p := newCipherParser(setting.Value)
	err := p.parse(setting.Value)
	chosen := p.chosen()
	if err != nil || len(chosen) == 0 {
		f := Finding{
			Code: CodeCiphers, Severity: SeverityCrit, Scope: setting.scope(),
			Message: setting.Name + " selects no cipher suite: " + printable(setting.Value) + setting.at(),
			Cause:   `the log says "Failed to configure ciphers": ` + j.refuses(), Fixes: []Fix{j.setInFile(setting.Name, "DEFAULT")},
		}
		if _, ok := modernSuite(setting.Value); ok {
			f.Message = setting.Name + " has " + printable(setting.Value) + ", which belongs into tls-ciphersuites" + setting.at()
		}
		j.add(f)
		return
	}
	for _, word := range p.unknown {
		_, hint := p.suggest(word)
		j.add(Finding{
			Code: CodeCiphers, Severity: SeverityInfo, Scope: setting.scope(),
			Message: fmt.Sprintf("%s has %q, which OpenSSL does not know and passes over%s", setting.Name, printable(word), setting.at()), Cause: hint,
		})
	}
	if leaf := j.own.leaf(); leaf != nil {
		j.judgeChosen(setting, chosen, leaf, tls13)
	}
}

// judgeChosen says when the suites of a list do not go with the key of the certificate.
func (j *fileJudge) judgeChosen(setting Setting, chosen []suite, leaf *x509.Certificate, tls13 bool) {
	auth := ""
	switch leaf.PublicKey.(type) {
	case *rsa.PublicKey:
		auth = "RSA"
	case *ecdsa.PublicKey, ed25519.PublicKey:
		auth = "ECDSA"
	}
	fits := slices.ContainsFunc(chosen, func(s suite) bool {
		return s.auth == auth && s.encryption != "NULL" && s.kx != "SRP" && !strings.HasSuffix(s.kx, "PSK")
	})
	goes := slices.ContainsFunc(chosen, func(s suite) bool { return s.auth == auth && s.ours })
	f := Finding{
		Code: CodeNoCommonCipher, Severity: SeverityWarn, Scope: setting.scope(), Fixes: j.setLines(setting.Name, "DEFAULT"),
		Evidence: []Fact{{"suites", list(suiteNames(chosen))}, {"key", keyText(leaf)}},
	}
	switch {
	case !fits:
		f.Message = fmt.Sprintf("%s leaves no cipher suite for a certificate with an %s key%s", setting.Name, keyText(leaf), setting.at())
		f.Cause = "TLS 1.2 fails with alert 40; only clients that speak TLS 1.3 can connect"
		if !tls13 {
			f.Severity, f.Cause = SeverityCrit, "every handshake fails with alert 40 (no shared cipher)"
		}
	case !goes:
		f.Message = setting.Name + " leaves only cipher suites that programs written in Go do not have" + setting.at()
		f.Cause = "with TLS 1.2 redis-cli connects, " + j.set.Program + " and other Go clients cannot (alert 40)"
		if tls13 {
			f.Severity = SeverityInfo
		}
	default:
		return
	}
	j.add(f)
}

func (j *fileJudge) cipherSetting() string {
	if j.set.Reader == ReaderStunnel {
		return "ciphers"
	}
	return "tls-ciphers"
}

// chosen are the suites that a list selects, as far as OpenSSL is usually built with them.
func (p *cipherParser) chosen() []suite {
	var all []suite
	for i, s := range p.table {
		if p.active[i] && p.permits(s) && !s.retired {
			all = append(all, s)
		}
	}
	return all
}

func suiteNames(suites []suite) []string {
	names := make([]string, 0, len(suites))
	for _, s := range suites {
		names = append(names, s.name)
	}
	return names
}

// judgeSuites looks at tls-ciphersuites, which is for TLS 1.3.
func (j *fileJudge) judgeSuites() {
	name := "tls-ciphersuites"
	if j.set.Reader == ReaderStunnel {
		name = "ciphersuites"
	}
	setting := j.set.Conf.Settings[name]
	if setting.Value == "" {
		return
	}
	known, usual := 0, 0
	for word := range strings.SplitSeq(setting.Value, ":") {
		if _, ok := modernSuite(strings.TrimSpace(word)); ok {
			known++
			if slices.Contains(modernSuites()[:3], strings.TrimSpace(word)) {
				usual++
			}
		}
	}
	f := Finding{Severity: SeverityCrit, Scope: setting.scope(), Fixes: j.setLines(name, strings.Join(modernSuites()[:3], ":"))}
	switch {
	case known == 0:
		f.Code = CodeCiphers
		f.Message = name + " has no cipher suite of TLS 1.3: " + printable(setting.Value) + setting.at()
		f.Cause = `the log says "Failed to configure ciphersuites": ` + j.refuses()
	case usual == 0:
		f.Code = CodeNoCommonCipher
		f.Message = name + " leaves only CCM suites, which no client offers unless it is told to" + setting.at()
		f.Cause = "TLS 1.3 is agreed on before the suite, so every handshake with it fails with alert 40 (no shared cipher)"
	default:
		return
	}
	j.add(f)
}
