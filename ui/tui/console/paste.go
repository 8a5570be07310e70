package console

import (
	"slices"
	"strings"

	"redan/ui/tui/kit"
)

const (
	// pastedLongest is how much is taken of a paste, in bytes.
	pastedLongest = 1 << 20
	// pendingShown is how many lines that wait for enter are shown.
	pendingShown = 5
)

// paste puts text in at the cursor. Of several lines all but the last are set above the line, where they can be seen before enter.
func (p Pane) paste(content string) Pane {
	content = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(content)
	switch {
	case p.live.typing:
		p.live = p.live.setFilter(p.live.filter.Insert(content))
		return p
	case p.live.on:
		return p
	case p.search.on:
		p.search.query = p.search.query.Insert(content)
		p.search = p.search.find(p.recall.lines, len(p.recall.lines)-1, -1)
		return p
	}
	p.menu = menu{}
	if len(content) > pastedLongest {
		return p.print("", row{{"not taken: the paste is " + kit.Size(int64(len(content))) + ", more than a line editor is for", warn}})
	}
	lines := strings.Split(content, "\n")
	last := len(lines) - 1
	if last == 0 {
		p.line = p.line.Insert(content)
		return p
	}
	before := p.line.Before()
	after := strings.TrimPrefix(p.line.Text(), before)
	lines[0] = before + lines[0]
	p.pending = slices.Concat(p.pending, slices.DeleteFunc(lines[:last:last], func(line string) bool { return strings.TrimSpace(line) == "" }))
	p.line = joined(lines[last], after)
	return p
}
