package tui

import (
	"maps"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/conn"
	"redan/ui/tui/kit"
)

// secretSheet asks for a secret that only the person knows. What is typed is never shown, kept on disk or remembered as a line.
type secretSheet struct {
	title, note string
	action      string // what enter does
	then        func(m model, secret conn.Secret) (model, tea.Cmd)
	line        kit.Line
	since       time.Time
}

// askSecret asks for the secret that a profile wants; then goes on with all answers, those that there were already included.
func (m model) askSecret(question string, answers map[string]conn.Secret, then func(model, map[string]conn.Secret) (model, tea.Cmd)) model {
	return m.push(secretSheet{
		title: "The " + kit.Escape(question), note: "It is used for this connection, and not kept anywhere.", action: "go on", since: m.config.Now(),
		then: func(m model, secret conn.Secret) (model, tea.Cmd) {
			all := map[string]conn.Secret{question: secret}
			maps.Copy(all, answers)
			return then(m, all)
		},
	})
}

func (s secretSheet) bindings(model) []kit.Binding {
	const group = "Typing a secret"
	return []kit.Binding{
		{ID: "sheet.yes", Keys: []string{"enter"}, Help: s.action, Group: group, Footer: 10},
		leaveBinding(group, "leave"),
	}
}

func (s secretSheet) press(m model, msg tea.KeyPressMsg) (model, tea.Cmd) {
	if m.config.Now().Sub(s.since) < grace {
		return m, nil // it was meant for what was on screen before
	}
	switch b, ok := kit.Find(m.bound(s), msg); {
	case ok && b.ID == "sheet.leave":
		return s.leave(m.pop())
	case ok:
		return s.then(m.pop(), conn.NewSecret(s.line.Text()))
	}
	s.line, _ = s.line.Update(msg)
	return m.swap(s), nil
}

func (s secretSheet) paste(m model, text string) (model, tea.Cmd) {
	if m.config.Now().Sub(s.since) < grace {
		return m, nil
	}
	s.line = s.line.Insert(strings.TrimRight(text, "\r\n"))
	return m.swap(s), nil
}

func (secretSheet) leave(m model) (model, tea.Cmd) { return m, nil }

func (s secretSheet) draw(m model, w, _ int) []string {
	look := m.look
	return []string{
		look.Line(w),
		" " + look.Strong(s.title),
		look.Dim("   " + s.note),
		" " + look.Accent(">") + " " + masked(s.line).View(max(1, w-4), look, ""),
	}
}

// masked is a line with a star for each character.
func masked(line kit.Line) kit.Line {
	return kit.NewLine(strings.Repeat("*", len([]rune(line.Text()))))
}
