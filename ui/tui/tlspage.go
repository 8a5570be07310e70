package tui

import (
	"crypto/tls"
	"crypto/x509"
	"strconv"
	"strings"
	"time"

	"redan/conn/cert"
	"redan/ui/certreport"
	"redan/ui/tui/kit"
)

// tlsLines are the facts of this connection, and what there is to say about the server's certificate.
func (m model) tlsLines(w int) []string {
	look := m.look
	state := m.link.server.secured
	if state == nil {
		lines := []string{"", " " + look.Strong("This connection is not encrypted.")}
		if m.link.options.Addr().IsLoopback() {
			lines = append(lines, " It does not leave this machine.")
		} else {
			lines = append(lines, look.Warn(" ! What is sent and read, the password included, can be read on the way."))
		}
		return append(lines, "", look.Dim(" "+m.config.Program+" --tls, with --cacert ca.crt, connects over TLS"))
	}
	lines := append([]string{"", " " + look.Accent("This connection")}, connectionRows(state, m.now, look)...)
	lines = append(lines, "", " "+look.Accent("What there is to say about it"))
	switch {
	case m.pages.report != nil:
		text := certreport.Text([]cert.Report{*m.pages.report}, certreport.Style{
			Theme: look.Theme, ASCII: look.ASCII, Width: max(20, w-4),
		}, certreport.Options{})
		for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
			lines = append(lines, "  "+line)
		}
	case m.pages.looking:
		lines = append(lines, look.Dim("  looking at it"+kit.Ellipsis().Of(look)))
	default:
		lines = append(lines, look.Dim("  R looks at it"))
	}
	return lines
}

// connectionRows are what the handshake settled.
func connectionRows(state *tls.ConnectionState, now time.Time, look kit.Look) []string {
	row := func(name, value string) string { return "  " + look.Dim(kit.Fit(name, 14, look.ASCII)) + value }
	lines := []string{
		row("version", tls.VersionName(state.Version)),
		row("cipher", tls.CipherSuiteName(state.CipherSuite)),
	}
	if state.CurveID != 0 {
		lines = append(lines, row("key exchange", state.CurveID.String()))
	}
	if state.ServerName != "" {
		lines = append(lines, row("name asked", kit.Escape(state.ServerName)))
	}
	resumed := "no"
	if state.DidResume {
		resumed = "yes"
	}
	lines = append(lines, row("resumed", resumed))
	for i, c := range state.PeerCertificates {
		name := "certificate"
		if i > 0 {
			name = "issued by"
		}
		lines = append(lines, row(name, certificateLine(c, now, look)))
		if names := certificateNames(c); i == 0 && names != "" {
			lines = append(lines, row("names", kit.Escape(names)))
		}
	}
	return lines
}

func certificateLine(c *x509.Certificate, now time.Time, look kit.Look) string {
	left := c.NotAfter.Sub(now)
	text := kit.Escape(c.Subject.String()) + "   "
	days := strconv.Itoa(int(left/day)) + " days left, until " + c.NotAfter.Format(time.DateOnly)
	if left < 2*day {
		days = strconv.Itoa(int(left/time.Hour)) + " hours left, until " + c.NotAfter.Format("2006-01-02 15:04 MST")
	}
	switch {
	case left <= 0:
		return text + look.Danger(kit.Broken().Of(look)+" expired on "+c.NotAfter.Format(time.DateOnly))
	case left < certSoon:
		return text + look.Warn("! "+days)
	}
	return text + look.Good(kit.Passed().Of(look)) + " " + days
}

func certificateNames(c *x509.Certificate) string {
	names := append([]string(nil), c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	return strings.Join(names, ", ")
}
