package tui

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
	"redan/ui/tui/kit"
)

// welcome is what is on screen while there is no server: why, and what can be done.
type welcome struct {
	cursor int
	typing bool
	line   kit.Line
	wrong  string
}

// choice is something to do about having no server.
type choice struct {
	id, text, off string
	note          string // shown beside it
}

func (m model) choices() []choice {
	demo := ""
	if m.config.Demo == nil {
		demo = "not in this build"
	}
	list := []choice{
		{id: "retry", text: "try " + m.link.options.Addr().Target() + " again"},
		{id: "address", text: "connect to another address" + kit.Ellipsis().Of(m.look)},
		{id: "profiles", text: "saved profiles (" + strconv.Itoa(len(m.profiles)) + ")", off: m.profilesOff()},
		{id: "demo", text: "try the demo: an embedded server with sample data", off: demo, note: demo},
	}
	if m.link.wantsPassword() {
		return append([]choice{{id: "password", text: "type the password" + kit.Ellipsis().Of(m.look)}}, list...)
	}
	return list
}

func connectingBindings() []kit.Binding {
	return []kit.Binding{{ID: "connect.stop", Keys: []string{"esc"}, Help: "stop connecting", Group: groupTrouble, Footer: 10}}
}

func (w welcome) bindings(m model) []kit.Binding {
	const group = "Welcome"
	if w.typing {
		return []kit.Binding{
			{ID: "welcome.go", Keys: []string{"enter"}, Help: "connect", Group: group, Footer: 10},
			{ID: "welcome.leave", Keys: []string{"esc"}, Help: "back", Group: group, Footer: 20},
		}
	}
	choices := m.choices()
	return []kit.Binding{
		{ID: "welcome.up", Keys: []string{"up", "k"}, Help: "up", Group: group},
		{ID: "welcome.down", Keys: []string{"down", "j"}, Help: "down", Group: group, Footer: 10},
		{ID: "welcome.go", Keys: []string{"enter"}, Help: "choose", Group: group, Footer: 20, Off: choices[m.chosenAt()].off},
		{ID: "welcome.again", Keys: []string{"r"}, Help: "try again", Group: group, Footer: 30},
	}
}

func (w welcome) paste(text string) welcome {
	if w.typing {
		w.line = w.line.Insert(strings.TrimSpace(text))
	}
	return w
}

// pressWelcome obeys a key while there is no server.
func (m model) pressWelcome(msg tea.KeyPressMsg) (model, tea.Cmd) {
	if m.link.phase != homeless {
		if _, stop := kit.Find(m.paneBindings(), msg); stop {
			m.link.gen++
			m.link.phase, m.link.wanted, m.link.probing = homeless, nil, false
			m.link.cause, m.link.fix = "connecting was stopped", ""
			m.link.refused = false
		}
		return m, nil
	}
	w := m.link.welcome
	b, ok := kit.Find(m.paneBindings(), msg)
	switch {
	case !ok && w.typing:
		m.link.welcome.line, _ = w.line.Update(msg)
		m.link.welcome.wrong = ""
		return m, nil
	case !ok:
		return m, nil
	case b.Off != "":
		return m.say(kit.Plain, b.Off)
	}
	switch b.ID {
	case "welcome.up":
		m.link.welcome.cursor = max(0, m.chosenAt()-1)
	case "welcome.down":
		m.link.welcome.cursor = min(len(m.choices())-1, m.chosenAt()+1)
	case "welcome.leave":
		m.link.welcome.typing = false
	case "welcome.again":
		return m.retryNow()
	case "welcome.go":
		if w.typing {
			return m.connectTo(addressWords(w.line.Text()))
		}
		return m.choose(m.choices()[m.chosenAt()].id)
	}
	return m, nil
}

func (m model) choose(id string) (model, tea.Cmd) {
	switch id {
	case "retry":
		return m.retryNow()
	case "address":
		m.link.welcome.typing = true
	case "password":
		return m.askPassword(), nil
	case "profiles":
		return m.openPicker()
	case "demo":
		m.link.phase, m.link.since = connecting, m.now
		return m, startDemo(m.ctx, m.config.Demo)
	}
	return m, nil
}

func (m model) demoStarted(msg demoStarted) (model, tea.Cmd) {
	if msg.err != nil {
		m.link.phase, m.link.cause, m.link.fix, m.link.refused = homeless, kit.Escape(oneLine(msg.err.Error())), "", false
		return m, nil
	}
	return m.goTo(Way{Options: msg.options})
}

// connectTo goes to an address as it was typed.
func (m model) connectTo(args []string) (model, tea.Cmd) {
	o, err := connectOptions(args, m.link.options)
	if err != nil {
		m.link.welcome.wrong = err.Error()
		if m.link.server != nil {
			return m.say(kit.Warn, err.Error())
		}
		return m, nil
	}
	m.link.welcome.typing, m.link.welcome.wrong = false, ""
	if commands.SecretLine("connect " + m.link.welcome.line.Text()) {
		m.link.welcome.line = kit.Line{}
	}
	return m.goTo(Way{Options: o, Follow: m.config.Follow})
}

// heading says in a line why there is no server to show.
func (l link) heading(address string) string {
	if l.refused {
		return "The server on " + address + " cannot be used."
	}
	return "No server answers on " + address + "."
}

// welcomeLines are the body while there is no server.
func (m model) welcomeLines(w, h int) []string {
	look := m.look
	address := kit.Escape(m.link.options.Addr().Target())
	if m.link.phase == connecting {
		if m.link.wanted != nil {
			address = kit.Escape(m.link.wanted.Options.Addr().Target())
		}
		return []string{"", "   " + look.Dim("Connecting to "+address+kit.Ellipsis().Of(look))}
	}
	lines := m.welcomeHead(w)
	for i, c := range m.choices() {
		lines = append(lines, m.choiceLines(i, c, w)...)
	}
	lines = append(lines, "")
	for _, line := range kit.Wrap(m.config.Program+" -h HOST -p PORT --tls --cacert ca.crt   is the same from the shell", "   ", w) {
		lines = append(lines, look.Dim(line))
	}
	return lines[min(m.welcomeTop(w, h), len(lines)):]
}

// welcomeTop is how many lines are out of sight above, so that what is chosen is in sight.
func (m model) welcomeTop(w, h int) int {
	const below = 2 // the line of an address, and what is wrong with it
	return max(0, m.choiceRows(w)[m.chosenAt()]+1+below-h)
}

// chosenAt is the choice under the cursor. There are fewer when the password is no longer what is missing.
func (m model) chosenAt() int { return min(m.link.welcome.cursor, len(m.choices())-1) }

// welcomeHead says why there is no server.
func (m model) welcomeHead(w int) []string {
	lines := []string{"", "   " + m.look.Strong(m.link.heading(kit.Escape(m.link.options.Addr().String())))}
	for _, text := range []string{m.link.cause, m.link.fix} {
		if text != "" {
			lines = append(lines, kit.Wrap(text, "   ", w)...)
		}
	}
	return append(lines, "")
}

// choiceRows are the lines that the choices begin on.
func (m model) choiceRows(w int) []int {
	at, choices := len(m.welcomeHead(w)), m.choices()
	rows := make([]int, len(choices))
	for i, c := range choices {
		rows[i] = at
		at += len(m.choiceLines(i, c, w))
	}
	return rows
}

// choiceLines are the lines of a choice; an address is typed under its own.
func (m model) choiceLines(i int, c choice, w int) []string {
	look := m.look
	bar, text := " ", kit.Escape(c.text)
	if i == m.chosenAt() {
		bar, text = look.CursorBar(true), look.Strong(text)
	}
	if c.off != "" {
		if c.note != "" {
			text += " (" + c.note + ")"
		}
		text = look.Dim(text)
	}
	lines := []string{"   " + bar + " " + text}
	if !m.link.welcome.typing || c.id != "address" {
		return lines
	}
	hint := ""
	if m.link.welcome.line.Text() == "" {
		hint = "host:port, or redis://user:password@host:port/db, rediss:// for TLS"
	}
	lines = append(lines, "       "+m.link.welcome.line.View(max(1, w-9), look, hint))
	if m.link.welcome.wrong != "" {
		lines = append(lines, "       "+look.Danger(kit.Broken().Of(look)+" "+kit.Escape(m.link.welcome.wrong)))
	}
	return lines
}
