package certreport

import (
	"crypto/tls"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"redan/conn/cert"
)

// facts writes what was seen: the chain, and then one line for each thing that was looked at.
func (p *page) facts(r cert.Report) {
	p.chain(r)
	rest := p.scratch()
	rest.server(r)
	rest.trust(r)
	rest.names(r)
	rest.client(r)
	rest.reply(r)
	rest.nearby(r)
	rest.time(r.Observation)
	if p.out.Len() > 0 && rest.out.Len() > 0 {
		p.out.WriteByte('\n')
	}
	p.out.WriteString(rest.out.String())
}

// fact writes one line: what it is about, a sign, and what was seen.
func (p *page) fact(label string, sign piece, parts ...piece) {
	const at, text = 10, 12
	lead := []piece{say(padded("  "+label, at-1) + " "), sign}
	p.paragraph(lead, max(text, columns(lead[0].text)+2), parts...)
}

// none is the place of a sign on a line that has no verdict.
func none() piece { return say(" ") }

func (p *page) yes() piece       { return inked(good, p.sign("✓", "+")) }
func (p *page) no() piece        { return inked(broken, p.sign("✗", "x")) }
func (p *page) unlooked() piece  { return inked(unknown, p.sign("·", ".")) }
func (p *page) separator() piece { return piece{text: p.sign("·", "-"), whole: true, joint: true} }

// parted puts separators between texts.
func (p *page) parted(texts ...string) []piece {
	var parts []piece
	for _, text := range texts {
		if text == "" {
			continue
		}
		if len(parts) > 0 {
			parts = append(parts, p.separator())
		}
		parts = append(parts, unbroken(plain, text))
	}
	return parts
}

// server writes who answered, and how it is spoken to.
func (p *page) server(r cert.Report) {
	o := r.Observation
	address := hostOf(o.Remote)
	if address == o.Target.Host {
		address = ""
	}
	version := ""
	switch {
	case o.Version != 0:
		version = "TLS " + cert.VersionNumber(o.Version)
	case o.Alert != nil || len(o.FirstBytes) > 0 && (o.FirstBytes[0] == alertRecord || o.FirstBytes[0] == handshakeRecord):
		version = "TLS, but " + lacking(r)
	case o.Remote != "":
		version = "no TLS"
	}
	texts := []string{p.name(address), version, suiteName(o.Suite), groupName(o.Group), p.product(o.Server)}
	if parts := p.parted(texts...); len(parts) > 0 {
		p.fact("server", none(), parts...)
	}
	if o.Err != nil && o.Alert == nil {
		p.fact("error", none(), say(p.prose(o.Err.Error())))
	}
}

// The kinds of TLS record with which a server begins.
const alertRecord, handshakeRecord = 0x15, 0x16

// lacking says what a handshake failed for.
func lacking(r cert.Report) string {
	switch {
	case has(r, cert.CodeVersion):
		return "no version in common"
	case has(r, cert.CodeNoCommonCipher):
		return "no cipher suite in common"
	default:
		return "no handshake"
	}
}

// product names the server software: "Redis 7.0.15, cluster, master".
func (p *page) product(s cert.Server) string {
	if s.Version == "" {
		return ""
	}
	name := s.Product
	if name == "" {
		name = "Redis"
	}
	texts := []string{name + " " + s.Version}
	if s.Mode != "" && s.Mode != "standalone" {
		texts = append(texts, s.Mode)
	}
	if s.Role != "" && s.Role != s.Mode {
		texts = append(texts, strings.Replace(s.Role, "slave", "replica", 1))
	}
	return p.name(strings.Join(texts, ", "))
}

func hostOf(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}

// suiteName names a cipher suite without the prefix all have.
func suiteName(suite uint16) string {
	if suite == 0 {
		return ""
	}
	return strings.TrimPrefix(tls.CipherSuiteName(suite), "TLS_")
}

// groupName names what keys were agreed on with, as TLS does.
func groupName(group tls.CurveID) string {
	switch group {
	case 0:
		return ""
	case tls.CurveP256:
		return "P-256"
	case tls.CurveP384:
		return "P-384"
	case tls.CurveP521:
		return "P-521"
	default:
		return group.String()
	}
}

// trust writes what the chain rests on.
func (p *page) trust(r cert.Report) {
	path, _ := pathOf(r.Chain)
	if len(path) == 0 {
		return
	}
	top := path[len(path)-1]
	name := p.name(distinctNames(r.Chain)[len(path)-1])
	switch {
	case top.Trusted:
		origin := "the system's store"
		if top.Origin != "" {
			origin = top.Origin
		}
		p.fact("trust", p.yes(), inked(trusted, name), say("from"), inked(trusted, p.name(origin)))
	case isSelfIssued(top.Cert):
		p.fact("trust", p.mark(r, distrust()...), say("ends at "+name+", which is not trusted here"))
	default:
		p.fact("trust", p.mark(r, distrust()...), say("ends at "+name+"; its issuer "+p.name(top.Cert.Issuer.String())+" is not known here"))
	}
}

// names writes what the certificate is made out to, the name that matched first.
func (p *page) names(r cert.Report) {
	n := r.Names
	if len(n.Present) == 0 && len(n.Wanted) == 0 || len(r.Chain) == 0 {
		return
	}
	present := make([]string, 0, len(n.Present))
	for _, name := range n.Present {
		if name != n.Match {
			present = append(present, p.name(name))
		}
	}
	const most = 8
	if len(present) > most && !p.Verbose {
		present = append(present[:most:most], strconv.Itoa(len(present)-most)+" more (-v lists them)")
	}
	has, wanted := strings.Join(present, ", "), p.name(strings.Join(n.Wanted, " or "))
	amiss := p.mark(r, namesAmiss()...)
	switch {
	case n.Match != "" && has != "":
		p.fact("names", p.yes(), inked(good, p.name(n.Match)), say(byWhat(n.By)), p.separator(), say("also "+has))
	case n.Match != "":
		p.fact("names", p.yes(), inked(good, p.name(n.Match)), say(byWhat(n.By)))
	case has == "":
		p.fact("names", amiss, say("none in the certificate; wanted "+wanted))
	case len(n.Wanted) == 0:
		p.fact("names", p.unlooked(), say(has))
	default:
		p.fact("names", amiss, say("wanted"), inked(amiss.ink, wanted+";"), say("the certificate is for "+has))
	}
}

// namesAmiss are the codes of names that do not match.
func namesAmiss() []string {
	return []string{
		cert.CodeCNOnly, cert.CodeNoNames, cert.CodeNoIPSAN, cert.CodeIPAsDNS, cert.CodeOtherIP, cert.CodeOtherName, cert.CodeWildcardDepth,
		cert.CodePartialWildcard,
	}
}

// byWhat says where the name comes from that matched, when it is not the obvious place.
func byWhat(by string) string {
	switch by {
	case "sni":
		return "(--sni)"
	case "verify-name":
		return "(--tls-verify-name)"
	case "seed":
		return "(the first node's)"
	case "announced":
		return "(announced)"
	case "local-host":
		return "(this host)"
	default:
		return ""
	}
}

// client writes what the server wanted to know of the client.
func (p *page) client(r cert.Report) {
	o := r.Observation
	if o.Version == 0 {
		return
	}
	refused := o.Alert != nil || o.Stage != cert.StageDone
	var sign piece
	var text string
	switch r.ClientAuthMode {
	case "off":
		sign, text = p.unlooked(), "no certificate asked for"
	case "optional":
		sign, text = p.yes(), "a certificate is optional; "+sentOrNot(o.ClientAuth.Sent)
	case "required":
		switch {
		case !o.ClientAuth.Sent:
			sign, text = p.no(), "a certificate is required, and none was sent"
		case refused:
			sign, text = p.no(), "a certificate is required, and the one sent was refused"
		default:
			sign, text = p.yes(), "a certificate is required, and the one sent was accepted"
		}
	case "requested":
		sign, text = p.unlooked(), "a certificate was asked for; "+sentOrNot(o.ClientAuth.Sent)
	default:
		return
	}
	if setting := o.Server.Parameters["tls-auth-clients"]; setting != "" && !isTerminated(r) {
		text += " (tls-auth-clients " + p.name(setting) + ")"
	}
	p.fact("client", sign, say(text+p.accepted(o.ClientAuth.AcceptableCAs)))
}

// isTerminated reports whether something ends TLS in front of Redis, whose settings then say nothing of it.
func isTerminated(r cert.Report) bool {
	return slices.ContainsFunc(r.Findings, func(f cert.Finding) bool { return f.Code == cert.CodeTerminator })
}

// accepted names the CAs from which the server, or rather a proxy before it, says it accepts certificates.
func (p *page) accepted(names [][]byte) string {
	if len(names) == 0 {
		return ""
	}
	const most = 3
	shown := make([]string, 0, most+1)
	for i, name := range names {
		if i == most && !p.Verbose {
			shown = append(shown, strconv.Itoa(len(names)-i)+" more (-v lists them)")
			break
		}
		shown = append(shown, p.name(distinguishedName(name)))
	}
	return "; accepted are those of " + strings.Join(shown, ", ")
}

func sentOrNot(sent bool) string {
	if sent {
		return "one was sent"
	}
	return "none was sent"
}

// reply writes how PING was answered.
func (p *page) reply(r cert.Report) {
	o := r.Observation
	switch {
	case o.Alert != nil:
		when := "in the handshake"
		if o.Alert.When == cert.AlertFirstRead {
			when = "in answer to PING"
		}
		p.fact("reply", p.no(), say(when+": TLS alert "+strconv.Itoa(int(o.Alert.Number))+", "+o.Alert.Name()))
	case strings.HasPrefix(o.LastReply(), "+"):
		p.fact("reply", p.yes(), say(p.prose(o.LastReply()[1:])))
	case o.LastReply() != "":
		sign, in := p.severity(r.Verdict)
		p.fact("reply", inked(in, sign), say(p.prose(strings.TrimPrefix(o.LastReply(), "-"))))
	}
	if o.Server.LoggedIn {
		p.fact("auth", p.yes(), say("the password was accepted"))
	}
	if o.Server.AuthRefused != "" {
		p.fact("auth", p.no(), say(p.prose(o.Server.AuthRefused)))
	}
	if o.Server.AuthWithheld {
		p.fact("auth", p.unlooked(), say("password not sent: the server did not prove who it is"))
	}
}

// nearby writes what else was tried and answered.
func (p *page) nearby(r cert.Report) {
	o := r.Observation
	if o.Plain.Done {
		text := "silence"
		switch {
		case len(o.Plain.Reply) > 0:
			text, _, _ = strings.Cut(string(o.Plain.Reply), "\n")
			text = "answers " + p.prose(strings.TrimSpace(text))
		case o.Plain.Reset:
			text = "closed at once"
		}
		p.fact("plain", none(), say("without TLS: "+text))
	}
	for _, s := range o.Siblings {
		kind := "speaks plain Redis"
		if s.TLS {
			kind = "speaks TLS"
		}
		p.fact("nearby", none(), say("port "+strconv.Itoa(s.Port)+" "+kind))
	}
}

// time writes where the time went.
func (p *page) time(o cert.Observation) {
	t := o.Timing
	var texts []string
	for _, part := range []struct {
		name string
		took time.Duration
	}{{"dns", t.DNS}, {"tcp", t.Connect}, {"tls", t.TLS}, {"reply", t.Reply}} {
		if part.took > 0 {
			texts = append(texts, part.name+" "+milliseconds(part.took))
		}
	}
	if parts := p.parted(texts...); len(parts) > 0 {
		p.fact("time", none(), parts...)
	}
}

// milliseconds returns a short time in a form that needs no counting of digits.
func milliseconds(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', 1, 64) + " ms"
	case d < time.Second:
		return strconv.Itoa(int(d/time.Millisecond)) + " ms"
	default:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	}
}
