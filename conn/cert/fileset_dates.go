package cert

import (
	"crypto/x509"
	"fmt"
	"slices"
)

// judgeDates looks at when the certificates of a path are valid.
func (j *fileJudge) judgeDates(pair loadedPair, p path) {
	for _, c := range p.certs {
		j.judgeDate(c)
	}
	leaf := p.certs[0]
	if j.useServer && leaf.Equal(j.own.leaf()) && lifeOf(leaf) > longestLife {
		j.add(Finding{
			Code: CodeLongLived, Severity: SeverityInfo, Scope: j.certScope(leaf),
			Message:  j.place(leaf) + " is made to live " + span(lifeOf(leaf)),
			Cause:    longLifeCause,
			Evidence: []Fact{{"not_before", utc(leaf.NotBefore)}, {"not_after", utc(leaf.NotAfter)}},
		})
	}
	for _, c := range p.certs[1:] {
		early := leaf.NotAfter.Sub(c.NotAfter)
		if early <= min(oneDay, lifeOf(leaf)/10) || j.now.After(c.NotAfter) {
			continue
		}
		j.add(Finding{
			Code: CodeIssuerFirst, Severity: SeverityWarn, Scope: j.certScope(c),
			Message:  fmt.Sprintf("%s expires %s before the one it issued, on %s", j.place(c), span(early), date(c.NotAfter, j.now)),
			Cause:    "from that day on " + pair.pair.Cert.name() + " is refused, although it is valid itself",
			Evidence: []Fact{{"not_after", utc(c.NotAfter)}, {"leaf_not_after", utc(leaf.NotAfter)}},
			Fixes:    j.renew(c),
		})
	}
}

func (j *fileJudge) judgeDate(c *x509.Certificate) {
	f := Finding{Severity: SeverityCrit, Scope: j.certScope(c), Evidence: []Fact{{"not_before", utc(c.NotBefore)}, {"not_after", utc(c.NotAfter)}}}
	warn, crit := thresholdsFor(c, j.set.Warn, j.set.Crit, j.set.DefaultThresholds)
	switch {
	case j.now.After(c.NotAfter):
		f.Code = CodeExpired
		f.Message = fmt.Sprintf("%s expired %s ago, on %s", j.place(c), span(j.now.Sub(c.NotAfter)), date(c.NotAfter, j.now))
		f.Cause = "redis-server starts with it all the same, and everybody who verifies refuses it"
		f.Fixes = j.renew(c)
	case j.now.Before(c.NotBefore):
		f.Code = CodeNotYetValid
		f.Message = fmt.Sprintf("%s is valid only from %s, in %s", j.place(c), date(c.NotBefore, j.now), span(c.NotBefore.Sub(j.now)))
		f.Cause = "this computer's clock says " + date(j.now, j.now) + "; it, or that of the computer that issued the certificate, may be wrong"
		f.Fixes = []Fix{j.shell("timedatectl", "shows whether this clock is set from the network")}
	case crit.Reached(c, j.now), warn.Reached(c, j.now):
		f.Code = CodeExpiresSoon
		f.Message = fmt.Sprintf("%s expires in %s, on %s", j.place(c), span(c.NotAfter.Sub(j.now)), date(c.NotAfter, j.now))
		f.Cause = "from then on everybody who verifies refuses it"
		if !crit.Reached(c, j.now) {
			f.Severity = SeverityWarn
		}
		f.Fixes = j.renew(c)
	default:
		return
	}
	j.add(f)
}

// renew says how a certificate is renewed, and how a server that runs is told.
func (j *fileJudge) renew(c *x509.Certificate) []Fix {
	file, i := j.certFile(c)
	switch {
	case i == 0 && file.Setting.Name == "tls-cert-file":
		fixes := []Fix{j.advice("have it issued anew, for the same names, into the same files")}
		if name := j.set.Conf.ConfigCommand; name != "" && j.set.Reader == ReaderRedis {
			fixes = append(fixes, Fix{
				Side: SideServer, Language: LanguageRedis,
				Command: name + " SET tls-cert-file " + ConfQuote(file.Setting.Value) + " tls-key-file " + ConfQuote(j.set.Own.Key.Setting.Value),
				Note:    "then has a server that runs load the new files",
			})
		}
		return fixes
	case i == 0:
		return []Fix{j.advice("have it issued anew, for the same names")}
	case file.Given():
		return []Fix{j.advice("replace it in " + file.name() + " by its successor; ask who runs the CA")}
	default:
		return []Fix{j.advice("ask who runs the CA for its successor")}
	}
}

// judgeStrength looks for keys and signatures that OpenSSL refuses at its usual security level.
func (j *fileJudge) judgeStrength(pair loadedPair, p path) {
	for _, c := range append(slices.Clone(pair.certs), p.certs...) {
		inFile := containsCert(pair.certs, c)
		f := Finding{Severity: SeverityCrit, Scope: j.certScope(c), Fixes: []Fix{j.advice("issue it anew with an ECDSA P-256 key or RSA of 2048 bits, signed with SHA-256")}}
		bits := rsaBits(c)
		switch {
		case unusableKey(c) != "" && c.Equal(p.certs[0]):
			f.Code = CodeKeyUnsupported
			f.Message = j.place(c) + " " + unusableKey(c)
			f.Cause = "a server may start with it, but no handshake succeeds"
		case bits < soundRSA:
			f.Code = CodeWeakRSA
			f.Message = fmt.Sprintf("%s has an RSA key of only %d bits", j.place(c), bits)
			f.Cause = "OpenSSL at its usual security level takes none under 2048 (\"key too small\"): " + j.weakness(inFile)
			f.Evidence = []Fact{{"key", keyText(c)}}
		case isWeaklySigned(c) && !isSelfSigned(c):
			f.Code = CodeSHA1Signed
			f.Message = fmt.Sprintf("%s is signed with %s, which can be forged", j.place(c), c.SignatureAlgorithm)
			f.Cause = "OpenSSL at its usual security level refuses that (\"ca md too weak\"): " + j.weakness(inFile)
			f.Evidence = []Fact{{"signature", c.SignatureAlgorithm.String()}}
		case bits != unbounded && bits > maxRSA && inFile:
			f.Code, f.Severity = CodeOversizedRSA, SeverityWarn
			f.Message = fmt.Sprintf("%s has an RSA key of %d bits", j.place(c), bits)
			f.Cause = fmt.Sprintf("programs written in Go, %s among them, take at most %d, and every handshake costs a tenth of a second", j.set.Program, maxRSA)
		default:
			continue
		}
		j.add(f)
	}
}

// weakness says what comes of a weak certificate.
func (j *fileJudge) weakness(inFile bool) string {
	if inFile {
		return j.refuses()
	}
	return "it starts, and then handshakes fail"
}
