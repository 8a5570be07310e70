package tui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/conn"
	"redan/ui/tui/kit"
)

// passwordSheet asks for the password that a server wants now. What is typed is never shown, kept on disk or remembered as a line.
type passwordSheet struct {
	line  kit.Line
	since time.Time
}

func (passwordSheet) bindings(model) []kit.Binding {
	const group = "Typing a password"
	return []kit.Binding{
		{ID: "sheet.yes", Keys: []string{"enter"}, Help: "connect with it", Group: group, Footer: 10},
		leaveBinding(group, "leave"),
	}
}

func (p passwordSheet) press(m model, msg tea.KeyPressMsg) (model, tea.Cmd) {
	if m.config.Now().Sub(p.since) < grace {
		return m, nil // it was meant for what was on screen before
	}
	switch b, ok := kit.Find(m.bound(p), msg); {
	case ok && b.ID == "sheet.leave":
		return p.leave(m.pop())
	case ok:
		return m.pop().withPassword(conn.NewSecret(p.line.Text())).retryNow()
	}
	p.line, _ = p.line.Update(msg)
	return m.swap(p), nil
}

func (p passwordSheet) paste(m model, text string) (model, tea.Cmd) {
	if m.config.Now().Sub(p.since) < grace {
		return m, nil
	}
	p.line = p.line.Insert(strings.TrimRight(text, "\r\n"))
	return m.swap(p), nil
}

func (passwordSheet) leave(m model) (model, tea.Cmd) { return m, nil }

func (p passwordSheet) draw(m model, w, _ int) []string {
	look, o := m.look, m.link.options
	who := ""
	if o.User != "" {
		who = " of user " + kit.Escape(o.User)
	}
	return []string{
		look.Line(w),
		" " + look.Strong("The password"+who+" on "+kit.Escape(o.Addr().String())),
		look.Dim("   It is used as long as redan runs, and not kept anywhere."),
		" " + look.Accent(">") + " " + masked(p.line).View(max(1, w-4), look, ""),
	}
}

// wantsPassword reports whether the server is out of reach because of the password.
func (l link) wantsPassword() bool {
	return l.code == conn.CodeAuthRequired || l.code == conn.CodeWrongPassword
}

// askPassword opens the sheet.
func (m model) askPassword() model {
	return m.push(passwordSheet{since: m.config.Now()})
}

// offerPassword opens the sheet when the server began to want another password, unless that would take what is being typed.
func (m model) offerPassword(before string) model {
	if !m.link.wantsPassword() || m.link.code == before || m.typing() || len(m.over) > 0 {
		return m
	}
	return m.askPassword()
}

// withPassword takes another password for what is opened from now on.
func (m model) withPassword(password conn.Secret) model {
	m.link.options.Password = password
	m.link.code = "" // what it was refused for was another one
	servers := append(make([]*server, 0, 1+len(m.panes.parked)), m.link.server)
	for _, p := range m.panes.parked {
		servers = append(servers, p.server)
	}
	for _, s := range servers {
		if s == nil {
			continue
		}
		s.options.Password = password
		if s.access != nil {
			s.access.renew(password)
		}
	}
	return m
}
