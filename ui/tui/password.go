package tui

import (
	tea "charm.land/bubbletea/v2"

	"redan/conn"
	"redan/ui/tui/kit"
)

// wantsPassword reports whether the server is out of reach because of the password.
func (l link) wantsPassword() bool {
	return l.code == conn.CodeAuthRequired || l.code == conn.CodeWrongPassword
}

// askPassword asks for the password that the server wants now.
func (m model) askPassword() model {
	o, who := m.link.options, ""
	if o.User != "" {
		who = " of user " + kit.Escape(o.User)
	}
	return m.push(secretSheet{
		title: "The password" + who + " on " + kit.Escape(o.Addr().String()), note: "It is used as long as redan runs, and not kept anywhere.",
		action: "connect with it", since: m.config.Now(),
		then: func(m model, password conn.Secret) (model, tea.Cmd) { return m.withPassword(password).retryNow() },
	})
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
