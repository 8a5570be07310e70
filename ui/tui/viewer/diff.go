package viewer

import (
	"strings"
	"unicode/utf8"

	"redan/commands/edit"
	"redan/ui/tui/kit"
	"redan/ui/view/decode"
)

// mostDiffLines is how many lines a sheet has for what was there, and for what will be.
const mostDiffLines = 8

// sheetWidth is how many columns a line of a sheet certainly has.
func (p Pane) sheetWidth() int {
	const margins, least = 8, 24
	return max(least, p.width-margins)
}

// sheetLines are what was there, what will be, and the commands. A value that was edited through what wraps it is shown unwrapped.
func (p Pane) sheetLines(preview edit.Preview) []string {
	d := preview.Diff
	if w := p.writing; w.wrapped() {
		d = edit.Diff{Old: textSide(w.draft.Text), New: textSide(w.text)}
	}
	lines := diffLines(d, p.sheetWidth())
	for _, words := range preview.Commands {
		shown := make([]string, len(words))
		for i, word := range words {
			shown[i] = quoted(word)
		}
		lines = append(lines, strings.Join(shown, " "))
	}
	return lines
}

// wrapped reports whether what is edited is not what is written, but what that holds.
func (w writing) wrapped() bool {
	return w.purpose == editValue && (len(w.chain) > 1 || len(w.chain) == 1 && w.chain[0] == decode.Hex)
}

func textSide(text []byte) edit.Side {
	return edit.Side{Present: true, Text: string(text), Size: int64(len(text))}
}

// diffLines are the lines that differ, and one around them; in each the part that differs is in sight.
func diffLines(d edit.Diff, width int) []string {
	before, after := sideLines(d.Old), sideLines(d.New)
	head := 0
	for head < len(before) && head < len(after) && before[head] == after[head] {
		head++
	}
	tail := 0
	for tail < len(before)-head && tail < len(after)-head && before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	var lines []string
	if head > 0 {
		lines = append(lines, "  "+snip(before[head-1], 0, width))
	}
	before, after = before[head:len(before)-tail], after[head:len(after)-tail]
	at := 0
	if len(before) > 0 && len(after) > 0 {
		at = differsAt(before[0], after[0])
	}
	return append(append(lines, signed("- ", before, at, width)...), signed("+ ", after, at, width)...)
}

// signed puts a sign before lines, no more than fit a sheet.
func signed(sign string, lines []string, at, width int) []string {
	var out []string
	for i, line := range lines {
		if i == mostDiffLines-1 && len(lines) > mostDiffLines {
			return append(out, sign+"("+some(int64(len(lines)-i), "line", "lines")+" more)")
		}
		out = append(out, sign+snip(line, at, width))
		at = 0
	}
	return out
}

// sideLines are the lines of one side of a difference, fit for a terminal.
func sideLines(s edit.Side) []string {
	switch {
	case !s.Present:
		return nil
	case s.Sum != "":
		return []string{kit.Size(s.Size) + ", too long to show"}
	case s.Size == 0:
		return []string{`""`}
	}
	lines := textLines(s.Text)
	if s.Before > 0 {
		lines[0] = "(" + kit.Size(s.Before) + " before) " + lines[0]
	}
	if last := len(lines) - 1; s.After > 0 {
		lines[last] += " (" + kit.Size(s.After) + " after)"
	}
	return lines
}

// textLines are lines, fit for a terminal. A line break at the very end is shown, since it would not be seen otherwise.
func textLines(text string) []string {
	body, broken := strings.CutSuffix(text, "\n")
	lines := strings.Split(body, "\n")
	for i, line := range lines {
		lines[i] = kit.Escape(line)
	}
	if broken {
		lines[len(lines)-1] += `\n`
	}
	return lines
}

// differsAt is the first character in which two lines differ.
func differsAt(a, b string) int {
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	for at > 0 && at < len(a) && !utf8.RuneStart(a[at]) {
		at--
	}
	return at
}

// snip is a line in width columns, with the byte at in sight.
func snip(line string, at, width int) string {
	const ellipsis = "..."
	if kit.Width(line) <= width {
		return line
	}
	if at > width/2 {
		before := cutRight(line[:min(at, len(line))], width/3)
		line = ellipsis + before + line[min(at, len(line)):]
	}
	if kit.Width(line) > width {
		line = cutLeft(line, width-len(ellipsis)) + ellipsis
	}
	return line
}

// conflictLines are what was read, what others wrote and what would be written, a line each, with the part that differs in sight.
func (p Pane) conflictLines(c *edit.Conflict, preview edit.Preview) []string {
	read, theirs := p.unwrapped(c.Read.Old), p.unwrapped(c.Theirs.Old)
	rows := []string{partText(read, 0, "(nothing)"), partText(theirs, 0, "(removed)"), "(removed)"}
	switch yours := preview.Diff.New; {
	case p.writing.wrapped():
		rows[2] = partText(edit.Part{Present: true, Text: string(p.writing.text)}, 0, "")
	case yours.Present:
		rows[0], rows[1] = partText(read, yours.Before, rows[0]), partText(theirs, yours.Before, rows[1])
		yours.Before = 0
		rows[2] = strings.Join(sideLines(yours), `\n`)
	}
	const label = 8
	width := p.sheetWidth()
	at := min(differsAt(rows[0], rows[1]), differsAt(rows[1], rows[2]))
	for i, sign := range []string{"read", "theirs", "yours"} {
		rows[i] = kit.Fit(sign, label, true) + snip(rows[i], at, width-label)
	}
	return rows
}

// unwrapped is what a part holds, where that is what is edited.
func (p Pane) unwrapped(part edit.Part) edit.Part {
	if !p.writing.wrapped() || !part.Present || part.Sum != "" {
		return part
	}
	draft, err := decode.Standard().Edit([]byte(part.Text), p.writing.chain, longestDraft)
	if err != nil {
		return part
	}
	part.Text = string(draft.Text)
	return part
}

// partText is a part in one line, from a byte on.
func partText(part edit.Part, from int64, none string) string {
	const longest = 4096
	switch {
	case !part.Present:
		return none
	case part.Sum != "":
		return kit.Size(part.Size) + ", too long to show"
	case part.Text == "":
		return `""`
	}
	text := part.Text[min(int64(len(part.Text)), from):]
	return kit.Escape(text[:min(len(text), longest)])
}
