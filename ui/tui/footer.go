package tui

import (
	"cmp"
	"slices"
	"strconv"
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

// noticeFor is how long a notice stays, unless a key is pressed.
const noticeFor = 3 * time.Second

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

// footer is the last line: a notice, how far a job is, or the keys that matter here.
func (m model) footer(w int) string {
	look := m.look
	if m.notice.text != "" && !m.covering() {
		return look.At(m.notice.level, kit.Fit(" "+sign(m.notice.level, look)+kit.Escape(m.notice.text), w, look.ASCII))
	}
	if n := len(m.work); n > 0 && len(m.over) == 0 {
		return workLine(m.work[n-1], w, look)
	}
	right := m.waitingText(max(0, w*2/3))
	return kit.Fit(footerLine(m.live(), hintRoom(w, right), look), w-kit.Width(right), look.ASCII) + right
}

// covering reports whether lists or help lie over the panes: their keys are needed more than a notice, which may wait.
func (m model) covering() bool {
	if len(m.over) == 0 {
		return false
	}
	switch m.over[len(m.over)-1].(type) {
	case chooser, help:
		return true
	}
	return false
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

// hint is a binding in the footer, and where it stands.
type hint struct {
	binding kit.Binding
	x       int
	text    string // as plain text
}

// footerLine is the bindings that matter, the most important first, as many as there is room for.
func footerLine(bindings []kit.Binding, w int, look kit.Look) string {
	hints := footerHints(bindings, w, look)
	texts := make([]string, len(hints))
	for i, h := range hints {
		texts[i] = look.Strong(keyName(h.binding.Keys[0], look)) + " " + look.Dim(h.binding.Help)
	}
	return kit.Fit(" "+strings.Join(texts, hintGap), w, look.ASCII)
}

// hintRoom is how many of w columns the hints have beside what stands at the right.
func hintRoom(w int, right string) int {
	if right == "" {
		return w
	}
	return max(0, w-kit.Width(right)-len(hintGap))
}

// hintGap stands between two hints.
const hintGap = "  "

// footerHints are the hints that there is room for in w columns.
func footerHints(bindings []kit.Binding, w int, look kit.Look) []hint {
	ranked := slices.DeleteFunc(slices.Clone(bindings), func(b kit.Binding) bool { return b.Footer == 0 || b.Off != "" || len(b.Keys) == 0 })
	slices.SortStableFunc(ranked, func(a, b kit.Binding) int { return cmp.Compare(a.Footer, b.Footer) })
	hints, width := make([]hint, len(ranked)), 1
	for i, b := range ranked {
		hints[i] = hint{binding: b, text: keyName(b.Keys[0], look) + " " + b.Help}
		width += kit.Width(hints[i].text) + len(hintGap)
	}
	for len(hints) > 0 && width-len(hintGap) > w {
		at := leastImportant(len(hints))
		width -= kit.Width(hints[at].text) + len(hintGap)
		hints = slices.Delete(hints, at, at+1)
	}
	x := 1
	for i := range hints {
		hints[i].x = x
		x += kit.Width(hints[i].text) + len(hintGap)
	}
	return hints
}

// hintAt is the hint in the footer at a column; ok is false where there is none, and while something else stands there.
func (m model) hintAt(x int) (h hint, ok bool) {
	if m.notice.text != "" && !m.covering() || len(m.work) > 0 && len(m.over) == 0 {
		return hint{}, false
	}
	w := m.picture().footer.W
	right := m.waitingText(max(0, w*2/3))
	for _, h := range footerHints(m.live(), hintRoom(w, right), m.look) {
		if x >= h.x && x < h.x+kit.Width(h.text) {
			return h, true
		}
	}
	return hint{}, false
}

// leastImportant is which of n texts gives way: the one before the last, since the last is the help, which tells all others.
func leastImportant(n int) int { return max(0, n-2) }

// firstKey is the key of a binding as it is told in a sentence.
func firstKey(b kit.Binding, look kit.Look) string {
	if len(b.Keys) == 0 {
		return "no key"
	}
	return keyName(b.Keys[0], look)
}

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
	list := m.tabList()
	texts := make([]string, len(list))
	for i, t := range list {
		texts[i] = look.Dim(t.text)
		if t.id == m.shape.view && m.link.server != nil {
			texts[i] = look.Accent(t.text)
		}
	}
	left := " " + strings.Join(texts, tabGap) + tabGap
	if m.link.server == nil || m.shape.view != keysView {
		return kit.Fit(left, w, look.ASCII)
	}
	right := m.panes.keys.Status(max(0, w-kit.Width(left)-2))
	return justify(left, right+" ", w, look)
}

// tab is a view's number and name in the list of views.
type tab struct {
	id   view
	text string
}

// tabGap stands between two tabs.
const tabGap = "  "

// wholeTabs is from which width on there is room for the whole names of the views, and for how far the keys are read.
// Under shortTabs not even short ones leave room for that: beside the keys, the others have their numbers only.
const (
	wholeTabs = 100
	shortTabs = 76
)

// tabList is the list of views.
func (m model) tabList() []tab {
	all := m.views()
	list := make([]tab, len(all))
	for i, v := range all {
		name := " " + v.name
		switch {
		case m.width < shortTabs && m.shape.view == keysView && v.id != keysView:
			name = ""
		case m.width < wholeTabs:
			name = " " + v.short
		}
		list[i] = tab{id: v.id, text: strconv.Itoa(i+1) + name}
	}
	return list
}
