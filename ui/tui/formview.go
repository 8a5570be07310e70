package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// formHead is how many lines stand above the fields, formFoot how many below.
const (
	formHead = 2
	formFoot = 2
)

// formLabel is the column that values begin in.
const formLabel = 22

// height is how many fields are shown in a body of h lines.
func (form) height(h int) int { return max(1, h-formHead-formFoot) }

// fit returns the first field shown, so that the one under the cursor is.
func (f form) fit(height int) int {
	return kit.List{Cursor: f.at, Top: f.top}.Fit(len(f.fields), height).Top
}

func (f form) draw(m model, w, h int) []string {
	look := m.look
	title := "New profile"
	if f.from != "" {
		title = "Edit " + f.from
	}
	right := look.Dim("empty: inherited, or the default ")
	lines := []string{look.Line(w), justify(" "+look.Strong(kit.Escape(title)), right, w, look)}
	height := f.height(h)
	top := f.fit(height)
	for i := top; i < min(len(f.fields), top+height); i++ {
		lines = append(lines, f.row(m, i, w))
	}
	for len(lines) < h-formFoot {
		lines = append(lines, "")
	}
	return append(append(lines, look.Rule(look.Line(w))), f.foot(m, w))
}

// row draws a field.
func (f form) row(m model, i, w int) string {
	look, one := m.look, f.fields[i]
	label := min(formLabel, max(8, w/3))
	bar, name := " ", kit.Fit(one.label, label, look.ASCII)
	sign := " "
	if one.wrong != "" {
		sign = look.Danger(kit.Broken().Of(look))
	} else if one.line.Text() != one.was {
		sign = look.Accent(kit.Marked().Of(look))
	}
	hint := one.hint
	if one.above != "" {
		hint = one.above + "   (inherited)"
	}
	if one.line.Text() != "" {
		hint = ""
	}
	room := max(1, w-label-6)
	if i == f.at {
		return " " + look.CursorBar(true) + " " + sign + " " + look.Strong(name) + one.shown().View(room, look, hint)
	}
	value := kit.Cut(kit.Escape(one.shown().Text()), room, look.ASCII)
	if hint != "" {
		value = look.Hint(kit.Cut(kit.Escape(hint), room, look.ASCII))
	}
	return " " + bar + " " + sign + " " + look.Dim(name) + value
}

// foot says what is wrong, or what the field under the cursor takes.
func (f form) foot(m model, w int) string {
	look, one := m.look, f.fields[f.at]
	switch {
	case f.wrong != "":
		return look.Danger(kit.Cut(" "+kit.Broken().Of(look)+" "+kit.Escape(oneLine(f.wrong)), w, look.ASCII))
	case one.wrong != "":
		return look.Danger(kit.Cut(" "+kit.Broken().Of(look)+" "+kit.Escape(one.label+" "+one.wrong), w, look.ASCII))
	case len(one.choices) > 0:
		return look.Dim(" space: one of " + strings.Join(one.choices[1:], ", ") + ", or nothing")
	}
	return look.Dim(kit.Cut(" "+one.label+": "+one.hint, w, look.ASCII))
}

// click goes to the field on a line.
func (f form) click(m model, y int) (model, tea.Cmd) { //nolint:unparam // as the interface has it
	height := f.height(m.picture().body.H)
	at := f.fit(height) + y - formHead
	if y < formHead || y >= formHead+height || at >= len(f.fields) {
		return m, nil
	}
	return m.swap(f.to(m, at)), nil
}
