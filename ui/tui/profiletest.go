package tui

import (
	"context"
	"crypto/tls"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/conn"
	"redan/conn/cert"
	"redan/ui/tui/kit"
)

// testLine is a line of what a test found.
type testLine struct {
	level kit.Level
	text  string
}

// profileTested is what a test found.
type profileTested struct {
	kit.Sealed
	profile Profile
	answers map[string]conn.Secret
	lines   []testLine
	err     error // of opening the profile
}

// test is the sheet with what a test found.
type test struct {
	profile Profile
	lines   []testLine // none while it is under way
}

// testProfile tries a profile out, beside the connection on screen.
func (m model) testProfile(p Profile, answers map[string]conn.Secret) (model, tea.Cmd) {
	from, how := m.config.Profiles, m.how.test
	m = m.push(test{profile: p})
	return m, kit.Task(m.ctx, func(ctx context.Context) profileTested {
		result := profileTested{profile: p, answers: answers}
		ctx, cancel := context.WithTimeout(ctx, connectTimeout)
		defer cancel()
		way, err := from.Open(ctx, p.Name, answers)
		if result.err = err; err != nil {
			return result
		}
		if way.Done != nil {
			defer way.Done()
		}
		result.lines = how(ctx, way)
		return result
	})
}

// profileTested shows what a test found, or asks for the secret that it needs.
func (m model) profileTested(msg profileTested) (model, tea.Cmd) {
	at := -1
	for i, o := range m.over {
		if t, ok := o.(test); ok && t.profile.Name == msg.profile.Name && t.lines == nil {
			at = i
		}
	}
	if at < 0 { // it was left
		return m, nil
	}
	m.over = append([]overlay(nil), m.over...)
	if question, asked := errors.AsType[*QuestionError](msg.err); asked {
		m.over = append(m.over[:at:at], m.over[at+1:]...)
		p := msg.profile
		return m.askSecret(question.Question, msg.answers, func(m model, answers map[string]conn.Secret) (model, tea.Cmd) {
			return m.testProfile(p, answers)
		}), nil
	}
	lines := msg.lines
	if msg.err != nil {
		lines = []testLine{{kit.Bad, inFolder(msg.profile, msg.err.Error())}}
	}
	m.over[at] = test{profile: msg.profile, lines: lines}
	return m, nil
}

func (t test) bindings(model) []kit.Binding {
	const group = "What a test found"
	running := ""
	if t.lines == nil {
		running = "the test is under way"
	}
	return []kit.Binding{
		{ID: "test.again", Keys: []string{"t"}, Help: "test again", Group: group, Footer: 10, Off: running},
		{ID: "test.open", Keys: []string{"enter"}, Help: "connect", Group: group, Footer: 15},
		leaveBinding(group, "back"),
	}
}

func (t test) press(m model, msg tea.KeyPressMsg) (model, tea.Cmd) {
	b, ok := kit.Find(m.bound(t), msg)
	switch {
	case !ok:
		return m, nil
	case b.Off != "":
		return m.say(kit.Plain, b.Off)
	}
	switch b.ID {
	case "test.again":
		return m.pop().testProfile(t.profile, nil)
	case "test.open":
		m = m.pop()
		if n := len(m.over); n > 0 {
			if _, ok := m.over[n-1].(picker); ok {
				m = m.pop()
			}
		}
		return m.chooseProfile(t.profile)
	}
	return t.leave(m.pop())
}

func (test) paste(m model, _ string) (model, tea.Cmd) { return m, nil }

func (test) leave(m model) (model, tea.Cmd) { return m, nil }

func (t test) draw(m model, w, h int) []string {
	look := m.look
	lines := []string{look.Line(w), " " + look.Strong("Test of "+kit.Escape(t.profile.Name)) + look.Dim("   "+kit.Escape(t.profile.address()))}
	if t.lines == nil {
		return append(lines, look.Dim("   connecting"+kit.Ellipsis().Of(look)), "")
	}
	for _, line := range t.lines {
		for i, part := range kit.Wrap(kit.Escape(oneLine(line.text)), "     ", w) {
			if mark := sign(line.level, look); i == 0 && mark != "" {
				part = "   " + mark + part[min(len(part), len("     ")):]
			}
			if len(lines) < h {
				lines = append(lines, look.At(line.level, part))
			}
		}
	}
	return append(lines, "")
}

// test connects, logs in, asks for what is worth knowing, and looks at the certificate.
func (r reach) test(ctx context.Context, way Way) []testLine {
	start := r.config.Now()
	dialer, err := r.dialer(way)
	if err != nil {
		return failedTest(err)
	}
	session, err := conn.Open(ctx, dialer, way.Options)
	if err != nil {
		return append(failedTest(err), r.certificate(ctx, way)...)
	}
	defer func() { _ = session.Close() }()
	if err := session.Ping(ctx); err != nil {
		return append(failedTest(err), r.certificate(ctx, way)...)
	}
	took := r.config.Now().Sub(start).Round(100 * time.Microsecond)
	lines := []testLine{{kit.Good, "connected in " + took.String() + securedText(session)}}
	if o := way.Options; o.Password.IsSet() || o.User != "" {
		lines = append(lines, testLine{kit.Good, "logged in as " + userName(o)})
	}
	for _, warning := range session.Warnings() {
		lines = append(lines, testLine{kit.Warn, warning})
	}
	lines = append(lines, serverLine(ctx, session))
	return append(lines, r.certificate(ctx, way)...)
}

func failedTest(err error) []testLine {
	cause, fix := explain(err)
	lines := []testLine{{kit.Bad, cause}}
	if fix != "" {
		lines = append(lines, testLine{kit.Plain, fix})
	}
	return lines
}

func userName(o conn.Options) string {
	if o.User == "" {
		return "default"
	}
	return o.User
}

func securedText(session *conn.Session) string {
	state, ok := session.Conn().TLS()
	if !ok {
		return ", not encrypted"
	}
	return ", " + tls.VersionName(state.Version) + ", " + tls.CipherSuiteName(state.CipherSuite)
}

// serverLine is what the server is.
func serverLine(ctx context.Context, session *conn.Session) testLine {
	reply, err := session.Do(ctx, "INFO")
	switch {
	case err != nil:
		return testLine{kit.Warn, rootCause(err).Error()}
	case reply.Kind.IsError():
		return testLine{kit.Warn, "what the server is cannot be told: " + string(reply.Text)}
	}
	info := parseInfo(reply.String())
	return testLine{kit.Good, oneLine(roleName(info.values["role"]) + " " + info.version())}
}

// certificate is what there is to say about the server's certificate.
func (r reach) certificate(ctx context.Context, way Way) []testLine {
	if way.Options.TLS == nil {
		return nil
	}
	report := conn.NewExaminer(way.Options, r.dial(way)).Examine(ctx, way.Options.Addr())
	var lines []testLine
	for _, f := range report.Findings {
		if f.Usual {
			continue
		}
		lines = append(lines, testLine{severity(f.Severity), f.Message})
	}
	if len(lines) == 0 {
		lines = []testLine{{kit.Good, "nothing is wrong with the certificate"}}
	}
	return lines
}

func severity(s cert.Severity) kit.Level {
	switch s {
	case cert.SeverityOK, cert.SeverityInfo:
	case cert.SeverityCrit:
		return kit.Bad
	case cert.SeverityWarn:
		return kit.Warn
	}
	return kit.Plain
}
