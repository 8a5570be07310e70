package tui

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// overlay is what lies over the panes and has the keyboard: help, palette, colon line, sheets.
type overlay interface {
	bindings(m model) []kit.Binding
	press(m model, msg tea.KeyPressMsg) (model, tea.Cmd)
	paste(m model, text string) (model, tea.Cmd)
	// leave is called when it was closed unanswered: m is without it.
	leave(m model) (model, tea.Cmd)
	// draw returns its lines for a body of w columns and at most h lines; fewer leave the panes above them in sight.
	draw(m model, w, h int) []string
}

// bound are the bindings of an overlay with the keys that the user chose.
func (m model) bound(o overlay) []kit.Binding { return kit.Remap(o.bindings(m), m.config.Keys) }

// push puts an overlay on top.
func (m model) push(o overlay) model {
	m.over = append(slices.Clip(m.over), o)
	return m
}

// pop takes the uppermost overlay away.
func (m model) pop() model {
	if n := len(m.over); n > 0 {
		m.over = m.over[: n-1 : n-1]
	}
	return m
}

// swap puts another overlay in place of the uppermost one.
func (m model) swap(o overlay) model { return m.pop().push(o) }

// The answers of a sheet.
func leaveBinding(group, help string) kit.Binding {
	return kit.Binding{ID: "sheet.leave", Keys: []string{"esc"}, Help: help, Group: group, Footer: 20}
}

// confirmation is a sheet that asks whether to go on.
type confirmation struct {
	kit.Confirm
	line  kit.Line
	since time.Time
	look  kit.Look
}

// grace is how long keys are ignored after a sheet appeared: they were meant for something else.
const grace = 500 * time.Millisecond

// confirm shows a sheet, or what became known of one on screen.
func (m model) confirm(msg kit.Confirm) (model, tea.Cmd) {
	for i, o := range m.over {
		if c, ok := o.(confirmation); ok && c.ID == msg.ID {
			c.Confirm = msg
			m.over = append([]overlay(nil), m.over...)
			m.over[i] = c
			return m, nil
		}
	}
	if msg.Update {
		return m, nil
	}
	return m.push(confirmation{Confirm: msg, since: m.config.Now(), look: m.look}), nil
}

func (c confirmation) bindings(model) []kit.Binding {
	const group = "Before it is done"
	off := ""
	if c.Word != "" && c.line.Text() != c.Word {
		off = "type " + c.Word + " to go on"
	}
	bindings := []kit.Binding{
		{ID: "sheet.yes", Keys: []string{"enter"}, Help: c.Action, Group: group, Footer: 10, Off: off},
		leaveBinding(group, "leave as it is"),
	}
	switch {
	case c.Other == "":
	case c.Word == "":
		bindings = append(bindings, kit.Binding{ID: "sheet.other", Keys: []string{"e"}, Help: c.Other, Group: group, Footer: 15})
	default: // e is a letter of the word
		bindings = append(bindings, kit.Binding{ID: "sheet.instead", Keys: []string{"tab"}, Help: c.Other, Group: group, Footer: 15})
	}
	return bindings
}

func (c confirmation) press(m model, msg tea.KeyPressMsg) (model, tea.Cmd) {
	if m.config.Now().Sub(c.since) < grace {
		return m, nil
	}
	switch b, ok := kit.Find(m.bound(c), msg); {
	case ok && b.ID == "sheet.leave":
		return c.leave(m.pop())
	case ok && b.Off != "":
		return m.say(kit.Warn, b.Off)
	case ok:
		other := b.ID != "sheet.yes"
		return m.pop(), kit.Say(kit.Confirmed{ID: c.ID, Yes: !other, Other: other})
	case c.Word != "":
		c.line, _ = c.line.Update(msg)
		return m.swap(c), nil
	}
	return m, nil
}

func (c confirmation) paste(m model, text string) (model, tea.Cmd) {
	if c.Word == "" || m.config.Now().Sub(c.since) < grace { // it was meant for something else
		return m, nil
	}
	c.line = c.line.Insert(text)
	return m.swap(c), nil
}

// sided paints a line of a difference: what goes, what comes.
func sided(line string, look kit.Look) string {
	switch {
	case strings.HasPrefix(line, "- "):
		return look.Danger(line)
	case strings.HasPrefix(line, "+ "):
		return look.Good(line)
	}
	return line
}

func (c confirmation) leave(m model) (model, tea.Cmd) {
	return m, kit.Say(kit.Confirmed{ID: c.ID})
}

func (c confirmation) draw(m model, w, h int) []string {
	look := m.look
	title := look.Strong(kit.Escape(c.Title))
	if c.Level == kit.Bad {
		title = look.Danger(kit.Escape(c.Title))
	}
	if m.config.Production {
		title = justify(" "+title, look.Production("PRODUCTION")+" ", w, look)
	} else {
		title = " " + title
	}
	lines := []string{look.Line(w), title}
	last := 0
	if c.Word != "" {
		last = 1
	}
	for _, line := range c.Lines {
		if len(lines)+last < h {
			lines = append(lines, "   "+sided(kit.Escape(line), look))
		}
	}
	if c.Word != "" {
		ask := " type " + look.Strong(kit.Escape(c.Word)) + " to go on: "
		lines = append(lines, ask+c.line.View(max(1, w-kit.Width(ask)-1), look, ""))
	}
	return lines
}

// question is a sheet that asks for a line of text.
type question struct {
	kit.Ask
	line    kit.Line
	answers answers
}

func (m model) ask(msg kit.Ask) (model, tea.Cmd) {
	return m.push(question{Ask: msg, line: kit.NewLine(msg.Text), answers: answers{before: m.answered}}), nil
}

func (q question) bindings(model) []kit.Binding {
	const group = "Typing an answer"
	return append([]kit.Binding{
		{ID: "sheet.yes", Keys: []string{"enter"}, Help: "go on", Group: group, Footer: 10},
		leaveBinding(group, "leave as it is"),
	}, q.answers.bindings(group)...)
}

func (q question) press(m model, msg tea.KeyPressMsg) (model, tea.Cmd) {
	switch b, ok := kit.Find(m.bound(q), msg); {
	case ok && b.ID == "sheet.leave":
		return q.leave(m.pop())
	case ok && b.Off != "":
		return m.say(kit.Plain, b.Off)
	case ok && b.ID != "sheet.yes":
		n := 1
		if b.ID == "sheet.newer" {
			n = -1
		}
		q.answers, q.line = q.answers.move(n, q.line)
		return m.swap(q), nil
	case ok && q.ID == askCopy:
		return m.pop().copyProfile(q.line.Text())
	case ok:
		m.answered = remembered(m.answered, q.line.Text(), q.Text)
		return m.pop(), kit.Say(kit.Answered{ID: q.ID, Text: q.line.Text(), OK: true})
	}
	q.line, _ = q.line.Update(msg)
	return m.swap(q), nil
}

func (q question) paste(m model, text string) (model, tea.Cmd) {
	q.line = q.line.Insert(text)
	return m.swap(q), nil
}

func (q question) leave(m model) (model, tea.Cmd) {
	m.answered = remembered(m.answered, q.line.Text(), q.Text)
	return m, kit.Say(kit.Answered{ID: q.ID})
}

func (q question) draw(m model, w, _ int) []string {
	look := m.look
	return []string{
		look.Line(w),
		" " + look.Strong(kit.Escape(q.Title)),
		"   " + look.Dim(kit.Escape(q.Example)),
		" " + look.Accent(">") + " " + q.line.View(max(1, w-4), look, ""),
	}
}

// justify puts left and right at the two ends of w columns; left gives way.
func justify(left, right string, w int, look kit.Look) string {
	room := w - kit.Width(right)
	if room < 1 {
		return kit.Fit(left, w, look.ASCII)
	}
	return kit.Fit(left, room, look.ASCII) + right
}
