package tui

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/conn/cert"
	"redan/ui/certreport"
	"redan/ui/tui/kit"
)

// tlsView is the view of how the connection is secured.
const tlsView view = "tls"

// tlsPage is that view: the facts of this connection, and what there is to say about the server's certificate.
type tlsPage struct {
	top     int
	report  *cert.Report
	looking bool // the certificate is being looked at
	fix     int  // which fix is copied next
}

func (tlsPage) about() about {
	return about{id: tlsView, name: "TLS", short: "TLS", help: "TLS: how the connection is secured"}
}

func (tlsPage) typing() bool { return false }

func (p tlsPage) bindings(m model) []kit.Binding {
	const group = "In this view"
	noFix, noPrint := "", ""
	switch {
	case p.report == nil:
		noFix = "nothing was looked at yet"
	case len(fixesOf(p.report)) == 0:
		noFix = "there is nothing to mend"
	}
	if m.link.server == nil || m.link.server.secured == nil || len(m.link.server.secured.PeerCertificates) == 0 {
		noPrint = "the connection is not TLS"
	}
	return append(moveBindings(),
		kit.Binding{ID: "tls.again", Keys: []string{"R"}, Help: "look again", Group: group, Footer: 20, Off: p.examineOff(m)},
		kit.Binding{ID: "tls.copyfix", Keys: []string{"y"}, Help: "copy a fix", Group: group, Footer: 15, Off: noFix},
		kit.Binding{ID: "tls.copyprint", Keys: []string{"f"}, Help: "copy the fingerprint", Group: group, Footer: 30, Off: noPrint})
}

func (p tlsPage) examineOff(m model) string {
	switch {
	case m.link.server == nil || m.link.server.examine == nil:
		return "the connection is not TLS"
	case p.looking:
		return "it is being looked at"
	}
	return ""
}

func (p tlsPage) update(m model, msg tea.Msg) (page, tea.Cmd) {
	switch msg := msg.(type) {
	case entered:
		return p.examine(m)
	case left:
		return tlsPage{}, nil
	case examined:
		if msg.gen == m.link.gen {
			p.report, p.looking, p.fix = &msg.report, false, 0
		}
	case tea.MouseWheelMsg:
		return p.scrolled(m, func(l kit.List, count, h int) kit.List { return pointed(msg, l, 0, count, h) }), nil
	case chosen:
		return p.obey(m, msg.id)
	}
	return p, nil
}

func (p tlsPage) obey(m model, id string) (page, tea.Cmd) {
	switch id {
	case "tls.again":
		p.report = nil
		return p.examine(m)
	case "tls.copyfix":
		fixes := fixesOf(p.report)
		text := fixes[p.fix%len(fixes)]
		what := "the fix: " + text
		if len(fixes) > 1 {
			what = "fix " + strconv.Itoa(p.fix%len(fixes)+1) + " of " + strconv.Itoa(len(fixes)) + ": " + text
		}
		p.fix++
		return p, kit.Say(kit.CopyText{Text: text, What: what})
	case "tls.copyprint":
		return p, kit.Say(kit.CopyText{Text: fingerprint(m.link.server.secured.PeerCertificates[0]), What: "the certificate's SHA-256 fingerprint"})
	}
	return p.scrolled(m, func(l kit.List, count, h int) kit.List { return stepped(id, l, count, h) }), nil
}

// scrolled moves what is in sight; there is no cursor.
func (p tlsPage) scrolled(m model, move func(l kit.List, count, height int) kit.List) tlsPage {
	body := m.picture().body
	count := len(p.lines(m, body.W))
	p.top = move(kit.List{Cursor: p.top, Top: p.top}, max(1, count-body.H+1), body.H).Cursor
	return p
}

// examine looks at the certificate, unless that was done.
func (p tlsPage) examine(m model) (page, tea.Cmd) {
	if p.report != nil || p.looking || m.link.server == nil || m.link.server.examine == nil || m.link.phase != online {
		return p, nil
	}
	p.looking = true
	return p, examine(m.ctx, m.link.server.examine, m.link.gen)
}

// fixesOf are the commands that mend what a report found, the most urgent first.
func fixesOf(report *cert.Report) []string {
	if report == nil {
		return nil
	}
	var list []string
	for _, f := range report.Findings {
		for _, fix := range f.Fixes {
			if fix.Command != "" && f.Severity >= cert.SeverityWarn && !slices.Contains(list, fix.Command) {
				list = append(list, fix.Command)
			}
		}
	}
	return list
}

func (p tlsPage) draw(m model, w, h int) []string {
	lines := p.lines(m, w)
	top := max(0, min(p.top, len(lines)-h))
	return lines[top:min(len(lines), top+h)]
}

func (p tlsPage) lines(m model, w int) []string {
	look := m.look
	state := m.link.server.secured
	if state == nil {
		return plainLines(m, w)
	}
	lines := append([]string{"", " " + look.Accent("This connection")}, connectionRows(state, m.now, w, look)...)
	lines = append(lines, "", " "+look.Accent("What there is to say about it"))
	switch {
	case p.report != nil:
		text := certreport.Text([]cert.Report{*p.report}, certreport.Style{
			Theme: look.Theme, ASCII: look.ASCII, Width: max(20, w-4),
		}, certreport.Options{})
		for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
			lines = append(lines, "  "+line)
		}
	case p.looking:
		lines = append(lines, look.Dim("  looking at it"+kit.Ellipsis().Of(look)))
	default:
		lines = append(lines, look.Dim("  R looks at it"))
	}
	return lines
}

// plainLines say that the connection is not encrypted, and what that means.
func plainLines(m model, w int) []string {
	look, o := m.look, m.link.options
	lines := []string{"", " " + look.Strong("This connection is not encrypted.")}
	switch {
	case o.Socket != "":
		lines = append(lines, " It is a socket of this machine, and does not leave it.")
	case o.Addr().IsLoopback():
		lines = append(lines, " It does not leave this machine.")
	default:
		for _, line := range kit.Wrap("! What is sent and read, the password included, can be read on the way.", " ", w) {
			lines = append(lines, look.Warn(line))
		}
	}
	lines = append(lines, "")
	for _, line := range kit.Wrap(m.config.Program+" --tls, with --cacert ca.crt, connects over TLS", " ", w) {
		lines = append(lines, look.Dim(line))
	}
	return lines
}

// connectionRows are what the handshake settled.
func connectionRows(state *tls.ConnectionState, now time.Time, w int, look kit.Look) []string {
	const nameWidth = 14
	var lines []string
	row := func(name, value string) {
		indent := strings.Repeat(" ", nameWidth+2)
		for i, line := range kit.Wrap(value, indent, w) {
			if i == 0 {
				line = "  " + look.Dim(kit.Fit(name, nameWidth, look.ASCII)) + line[len(indent):]
			}
			lines = append(lines, line)
		}
	}
	row("version", tls.VersionName(state.Version))
	row("cipher", tls.CipherSuiteName(state.CipherSuite))
	if state.CurveID != 0 {
		row("key exchange", state.CurveID.String())
	}
	if state.NegotiatedProtocol != "" {
		row("ALPN", kit.Escape(state.NegotiatedProtocol))
	}
	if state.ServerName != "" {
		row("name asked", kit.Escape(state.ServerName))
	}
	resumed := "no"
	if state.DidResume {
		resumed = "yes"
	}
	row("resumed", resumed)
	for i, c := range state.PeerCertificates {
		if i > 0 {
			row("issued by", certificateLine(c, now, look))
			continue
		}
		row("certificate", certificateLine(c, now, look))
		if names := certificateNames(c); names != "" {
			row("names", kit.Escape(names))
		}
		if i+1 == len(state.PeerCertificates) && c.Issuer.String() != "" {
			row("issued by", kit.Escape(c.Issuer.String()))
		}
		sum := fingerprint(c)
		row("SHA-256", sum[:len(sum)/2]+" "+sum[len(sum)/2:])
	}
	return lines
}

// fingerprint is the SHA-256 of a certificate, in hexadecimal.
func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
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
