package tui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// notice is a line that is shown for a while in place of the keys.
type notice struct {
	level kit.Level
	text  string
	at    time.Time
	gen   int
}

// How long a notice stays at least and at most.
const (
	noticeLeast = 700 * time.Millisecond
	noticeFor   = 6 * time.Second
)

// say shows a notice.
func (m model) say(level kit.Level, text string) (model, tea.Cmd) {
	m.notice = notice{level: level, text: text, at: m.config.Now(), gen: m.notice.gen + 1}
	return m, m.timer(noticeFor, noticeDue{gen: m.notice.gen})
}

func (m model) noticeDue(msg noticeDue) model {
	if msg.gen == m.notice.gen {
		m.notice.text = ""
	}
	return m
}

// seen takes a notice away at the next key, once there was time to read it.
func (n notice) seen(now time.Time) notice {
	if now.Sub(n.at) > noticeLeast {
		n.text = ""
	}
	return n
}

// footer is the last line: a notice, how far a job is, or the keys that matter here.
func (m model) footer(w int) string {
	look := m.look
	if m.notice.text != "" {
		return look.At(m.notice.level, kit.Fit(" "+sign(m.notice.level, look)+kit.Escape(m.notice.text), w, look.ASCII))
	}
	if n := len(m.work); n > 0 && len(m.over) == 0 {
		return workLine(m.work[n-1], w, look)
	}
	return footerLine(m.live(), w, look)
}

// sign stands before a notice, so that its level is not told by colour alone.
func sign(level kit.Level, look kit.Look) string {
	switch level {
	case kit.Good:
		return kit.Passed().Of(look) + " "
	case kit.Warn:
		return "! "
	case kit.Bad:
		return kit.Broken().Of(look) + " "
	case kit.Plain:
	}
	return ""
}

// working takes in how far a job is.
func (m model) working(msg kit.Working) model {
	work := slices.DeleteFunc(slices.Clone(m.work), func(w kit.Working) bool { return w.ID == msg.ID })
	if msg.Text != "" {
		work = append(work, msg)
	}
	m.work = work
	return m
}

func workLine(work kit.Working, w int, look kit.Look) string {
	const barWidth = 16
	left := " " + kit.Escape(work.Text) + "  " + look.Accent(look.Bar(work.Share, barWidth))
	right := ""
	if work.Cancel != "" {
		right = look.Strong(work.Cancel) + " stop "
	}
	return justify(left, right, w, look)
}

// footerLine is the bindings that matter, the most important first, as many as there is room for.
func footerLine(bindings []kit.Binding, w int, look kit.Look) string {
	ranked := slices.DeleteFunc(slices.Clone(bindings), func(b kit.Binding) bool { return b.Footer == 0 || b.Off != "" || len(b.Keys) == 0 })
	slices.SortStableFunc(ranked, func(a, b kit.Binding) int { return cmp.Compare(a.Footer, b.Footer) })
	texts := make([]string, len(ranked))
	for i, b := range ranked {
		texts[i] = look.Strong(keyName(b.Keys[0], look)) + " " + look.Dim(b.Help)
	}
	for len(texts) > 0 {
		line := " " + strings.Join(texts, "  ")
		if kit.Width(line) <= w {
			return kit.Fit(line, w, look.ASCII)
		}
		texts = slices.Delete(texts, leastImportant(len(texts)), leastImportant(len(texts))+1)
	}
	return strings.Repeat(" ", max(0, w))
}

// leastImportant is which of n texts gives way: the one before the last, since the last is the help, which tells all others.
func leastImportant(n int) int { return max(0, n-2) }

// keyName is a key as people know it.
func keyName(key string, look kit.Look) string {
	if look.ASCII {
		return key
	}
	switch key {
	case "up":
		return "↑"
	case "down":
		return "↓"
	case "left":
		return "←"
	case "right":
		return "→"
	}
	return key
}

// tabs lists the views, and at the right how far the keys are read.
func (m model) tabs(w int) string {
	look := m.look
	names := viewNames(m.picture().narrow)
	for i, name := range names {
		names[i] = look.Dim(string(rune('1'+i)) + " " + name)
		if view(i) == m.shape.view && m.link.server != nil {
			names[i] = look.Accent(string(rune('1'+i)) + " " + name)
		}
	}
	left := " " + strings.Join(names, "  ") + "  "
	if m.link.server == nil || m.shape.view != keysView {
		return kit.Fit(left, w, look.ASCII)
	}
	right := m.panes.keys.Status(max(0, w-kit.Width(left)-2))
	return justify(left, right+" ", w, look)
}

// viewNames are the names of the views by their number.
func viewNames(narrow bool) []string {
	if narrow {
		return []string{"Keys", "Cons", "Serv", "TLS", "Log"}
	}
	return []string{"Keys", "Console", "Server", "TLS", "Log"}
}
