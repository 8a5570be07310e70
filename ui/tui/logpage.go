package tui

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
	"redan/conn"
	"redan/conn/cert"
	"redan/ui/tui/kit"
)

// logView is the view of the commands that redan sent.
const logView view = "log"

// logPage is that view.
type logPage struct {
	list   kit.List
	log    []sent // as it was when it was looked at last
	total  int64
	frozen bool // it stands still
	whose  whose
}

// whose says whose commands are listed.
type whose int

const (
	everybodys whose = iota
	yours
	redans
)

func (w whose) next() whose { return (w + 1) % (redans + 1) }

func (w whose) help() string {
	switch w {
	case yours:
		return "only yours"
	case redans:
		return "only redan's"
	case everybodys:
	}
	return "all commands"
}

func (w whose) has(s sent) bool { return w == everybodys || s.from.typed == (w == yours) }

func (logPage) about() about {
	return about{id: logView, name: "Log", short: "Log", help: "Log of commands", keys: []string{"@"}}
}

func (logPage) typing() bool { return false }

func (p logPage) bindings(model) []kit.Binding {
	const group = "In this view"
	freeze := "let it stand still"
	if p.frozen {
		freeze = "let it go on"
	}
	return append(moveBindings(),
		kit.Binding{ID: "log.copy", Keys: []string{"y"}, Help: "copy for redan", Group: group, Footer: 20, Off: p.copyOff()},
		kit.Binding{ID: "log.copycli", Keys: []string{"Y"}, Help: "copy for redis-cli", Group: group, Off: p.copyOff()},
		kit.Binding{ID: "log.whose", Keys: []string{"f"}, Help: p.whose.next().help(), Group: group, Footer: 25},
		kit.Binding{ID: "log.freeze", Keys: []string{"space"}, Help: freeze, Group: group, Footer: 30})
}

// logHead is how many lines stand above the commands.
const logHead = 2

func (p logPage) update(m model, msg tea.Msg) (page, tea.Cmd) {
	rows := max(1, m.picture().body.H-logHead)
	switch msg := msg.(type) {
	case entered:
		p = p.read(m.log)
	case kit.Tick:
		if !p.frozen {
			p = p.read(m.log)
		}
	case tea.MouseWheelMsg, tea.MouseClickMsg:
		p.list = pointed(msg, p.list, logHead, len(p.log), rows)
	case chosen:
		switch msg.id {
		case "log.copy":
			return p, p.copyCommand(m.config.Program, m.link.options)
		case "log.copycli":
			return p, p.copyCommand("redis-cli", m.link.options)
		case "log.whose":
			p.whose, p.list = p.whose.next(), kit.List{}
			p = p.read(m.log)
		case "log.freeze":
			p.frozen = !p.frozen
		default:
			p.list = stepped(msg.id, p.list, len(p.log), rows)
		}
	}
	return p, nil
}

// read takes in what was sent meanwhile.
func (p logPage) read(log *commandLog) logPage {
	p.log, p.total = log.latest()
	p.log = slices.DeleteFunc(p.log, func(s sent) bool { return !p.whose.has(s) })
	return p
}

// draw shows the commands that redan sent, the newest first.
func (p logPage) draw(m model, w, h int) []string {
	look := m.look
	head := " " + kit.Count(p.total) + " commands sent, the last ones first; secrets are left out"
	switch p.whose {
	case yours:
		head = " the commands of yours among the last " + kit.Count(logKept) + " of " + kit.Count(p.total)
	case redans:
		head = " the commands of redan's own among the last " + kit.Count(logKept) + " of " + kit.Count(p.total)
	case everybodys:
	}
	if p.frozen {
		head += "   " + "stands still"
	}
	lines := []string{look.Dim(kit.Cut(head, w, look.ASCII)), ""}
	if len(p.log) == 0 {
		return append(lines, " None so far.")
	}
	list := p.list.Fit(len(p.log), max(1, h-logHead))
	for i := list.Top; i < len(p.log) && len(lines) < h; i++ {
		lines = append(lines, logLine(p.log[i], i == list.Cursor, w, look))
	}
	return lines
}

func logLine(s sent, cursor bool, w int, look kit.Look) string {
	bar := " "
	if cursor {
		bar = look.CursorBar(true)
	}
	took := took(s.took)
	words := make([]string, len(s.words))
	for i, word := range s.words {
		words[i] = kit.Escape(commands.Quote(word))
	}
	text := strings.Join(words, " ")
	if !s.whole && !strings.HasSuffix(text, "***") {
		text += " " + kit.Ellipsis().Of(look)
	}
	who := look.Dim("redan")
	if s.from.typed {
		who = look.Accent("you") + "  "
	}
	left := " " + bar + " " + look.Dim(s.at.Format(time.TimeOnly)) + "  " + who + "  " + text
	if s.note != "" {
		left += "   " + look.Danger(kit.Broken().Of(look)+" "+kit.Escape(s.note))
	}
	row := justify(left, "  "+look.Dim(took)+" ", w, look)
	if cursor {
		return look.Selected(row)
	}
	return row
}

// took is how long something took: "0.4 ms", "1.2 s".
func took(d time.Duration) string {
	if d < time.Second {
		tenths := (d + 50*time.Microsecond) / (100 * time.Microsecond)
		return decimal(int64(tenths)) + " ms"
	}
	return decimal(int64(d/(100*time.Millisecond))) + " s"
}

func decimal(tenths int64) string {
	return kit.Count(tenths/10) + "." + string(rune('0'+tenths%10))
}

func (p logPage) copyOff() string {
	s, ok := p.loggedAt()
	switch {
	case !ok:
		return "no command was sent"
	case !s.whole:
		return "this command is shown shortened, or without its secret"
	}
	return ""
}

func (p logPage) loggedAt() (sent, bool) {
	if p.list.Cursor >= len(p.log) {
		return sent{}, false
	}
	return p.log[p.list.Cursor], true
}

// copyCommand copies the command under the cursor as a line for the shell.
func (p logPage) copyCommand(program string, o conn.Options) tea.Cmd {
	s, ok := p.loggedAt()
	if !ok {
		return nil
	}
	if s.from.at != nil {
		o = *s.from.at
	}
	return kit.Say(kit.CopyText{Text: shellLine(program, o, s.words), What: "the command, for " + program})
}

// shellLine is a command as a line for the shell. The password is never in it.
func shellLine(program string, o conn.Options, words []string) string {
	line := []string{program}
	switch {
	case o.Socket != "":
		line = append(line, "-s", cert.ShellQuote(o.Socket))
	default:
		addr := o.Addr()
		if addr.Host != conn.DefaultHost {
			line = append(line, "-h", cert.ShellQuote(addr.Host))
		}
		if addr.Port != conn.DefaultPort {
			line = append(line, "-p", cert.ShellQuote(portText(addr.Port)))
		}
	}
	if o.DB != 0 {
		line = append(line, "-n", portText(o.DB))
	}
	if o.User != "" {
		line = append(line, "--user", cert.ShellQuote(o.User))
	}
	if o.Password.IsSet() {
		line = append(line, "--askpass")
	}
	if o.Protocol == 3 {
		line = append(line, "-3")
	}
	if o.TLS != nil {
		line = append(line, tlsWords(program, o.TLS)...)
	}
	for _, word := range words {
		line = append(line, cert.ShellQuote(word))
	}
	return strings.Join(line, " ")
}

func tlsWords(program string, o *conn.TLSOptions) []string {
	words := []string{"--tls"}
	for _, file := range o.CAFiles {
		words = append(words, "--cacert", cert.ShellQuote(file))
	}
	for _, dir := range o.CADirs {
		words = append(words, "--cacertdir", cert.ShellQuote(dir))
	}
	if o.CertFile != "" {
		words = append(words, "--cert", cert.ShellQuote(o.CertFile))
	}
	if o.KeyFile != "" {
		words = append(words, "--key", cert.ShellQuote(o.KeyFile))
	}
	if o.ServerName != "" {
		words = append(words, "--sni", cert.ShellQuote(o.ServerName))
	}
	switch {
	case o.Level == cert.LevelNone:
		words = append(words, "--insecure")
	case program == "redis-cli": // which looks at no names, and has no option for it
	case o.Level == cert.LevelCA:
		words = append(words, "--tls-verify", "ca")
	default:
		for _, name := range o.VerifyNames {
			words = append(words, "--tls-verify-name", cert.ShellQuote(name))
		}
	}
	return words
}
