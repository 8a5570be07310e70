package tui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
	"redan/conn"
	"redan/ui/tui/kit"
)

// logLines are the commands that redan sent, the newest first.
func (m model) logLines(w, h int) []string {
	look := m.look
	head := " " + kit.Count(m.pages.total) + " commands sent by redan, the last ones first; secrets are left out"
	if m.pages.frozen {
		head += "   " + "stands still"
	}
	lines := []string{look.Dim(kit.Cut(head, w, look.ASCII)), ""}
	if len(m.pages.log) == 0 {
		return append(lines, " None so far.")
	}
	list := m.pages.lists[logView].Fit(len(m.pages.log), max(1, h-2))
	for i := list.Top; i < len(m.pages.log) && len(lines) < h; i++ {
		lines = append(lines, logLine(m.pages.log[i], i == list.Cursor, w, look))
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
	left := " " + bar + " " + look.Dim(s.at.Format(time.TimeOnly)) + "  " + text
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

func (m model) copyOff() string {
	s, ok := m.loggedAt()
	switch {
	case !ok:
		return "no command was sent"
	case !s.whole:
		return "this command is shown shortened, or without its secret"
	}
	return ""
}

func (m model) loggedAt() (sent, bool) {
	at := m.pages.lists[logView].Cursor
	if at >= len(m.pages.log) {
		return sent{}, false
	}
	return m.pages.log[at], true
}

// copyCommand copies the command under the cursor as a line for the shell.
func (m model) copyCommand(program string) (model, tea.Cmd) {
	s, ok := m.loggedAt()
	if !ok {
		return m, nil
	}
	return m.copyText(kit.CopyText{Text: shellLine(program, m.link.options, s.words), What: "the command, for " + program})
}

// shellLine is a command as a line for the shell. The password is never in it.
func shellLine(program string, o conn.Options, words []string) string {
	line := []string{program}
	switch {
	case o.Socket != "":
		line = append(line, "-s", shellWord(o.Socket))
	default:
		addr := o.Addr()
		if addr.Host != conn.DefaultHost {
			line = append(line, "-h", shellWord(addr.Host))
		}
		if addr.Port != conn.DefaultPort {
			line = append(line, "-p", shellWord(portText(addr.Port)))
		}
	}
	if o.DB != 0 {
		line = append(line, "-n", portText(o.DB))
	}
	if o.User != "" {
		line = append(line, "--user", shellWord(o.User))
	}
	if o.Password.IsSet() {
		line = append(line, "--askpass")
	}
	if o.TLS != nil {
		line = append(line, tlsWords(o.TLS)...)
	}
	for _, word := range words {
		line = append(line, shellWord(word))
	}
	return strings.Join(line, " ")
}

func tlsWords(o *conn.TLSOptions) []string {
	words := []string{"--tls"}
	for _, file := range o.CAFiles {
		words = append(words, "--cacert", shellWord(file))
	}
	for _, dir := range o.CADirs {
		words = append(words, "--cacertdir", shellWord(dir))
	}
	if o.CertFile != "" {
		words = append(words, "--cert", shellWord(o.CertFile))
	}
	if o.KeyFile != "" {
		words = append(words, "--key", shellWord(o.KeyFile))
	}
	if o.ServerName != "" {
		words = append(words, "--sni", shellWord(o.ServerName))
	}
	return words
}

// shellWord is a word that a POSIX shell, and for bytes that are no text bash, reads back as it is.
func shellWord(word string) string {
	plain := word != ""
	for _, r := range word {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		plain = plain && (letter || strings.ContainsRune("_-./:,@%+=", r))
	}
	switch {
	case plain:
		return word
	case kit.Escape(word) == word:
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(word) {
		switch c := word[i]; {
		case c == '\'' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c >= ' ' && c < 0x7f:
			b.WriteByte(c)
		default:
			const digits = "0123456789abcdef"
			b.WriteString(`\x`)
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	return b.String() + "'"
}
