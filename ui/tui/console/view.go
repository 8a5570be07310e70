package console

import (
	"strings"
	"time"

	"redan/commands"
	"redan/ui/tui/kit"
)

// columns are those between the margins of a pane of w.
func (p Pane) columns(w int) int { return max(1, w-2) }

// outputHeight is how many rows of output are shown.
func (p Pane) outputHeight() int {
	return max(0, p.height-1-len(p.panel(p.columns(p.width), p.height)))
}

// scrolledHeight is how many rows of output are shown beside the line that says how far was scrolled.
func (p Pane) scrolledHeight() int { return max(1, p.outputHeight()-1) }

// View draws the pane: what was, what tab offers or waits for enter, and the line being typed.
func (p Pane) View(w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	inner := p.columns(w)
	var lines []string
	if p.live.on {
		lines = p.viewLive(inner, h)
	} else {
		panel := p.panel(inner, h)
		lines = append(p.viewOutput(inner, h-1-len(panel)), panel...)
		lines = append(lines, p.viewLine(inner))
	}
	for i, line := range lines {
		if !strings.HasPrefix(line, foundMark) {
			lines[i] = " " + line
			continue
		}
		lines[i] = p.config.Look.Accent(kit.Cursor().Of(p.config.Look)) + line[len(foundMark):]
	}
	return kit.Frame(lines, w, h, p.config.Look.ASCII)
}

// foundMark stands before the row that a search has led to, in the place of the margin. No text of an entry holds it: that is escaped.
const foundMark = "\x00"

// viewOutput draws exactly h rows, filled from the bottom.
func (p Pane) viewOutput(w, h int) []string {
	if h <= 0 {
		return nil
	}
	look := p.config.Look
	var status []string
	if text := p.waiting(); text != "" && p.out.back == 0 {
		status = []string{kit.Cut(look.Dim(text), w, look.ASCII)}
	}
	if p.out.back > 0 {
		status = []string{kit.Cut(look.Accent("scrolled back "+plural(p.out.back, "line")+"; esc goes to the end"), w, look.ASCII)}
	}
	if len(p.out.entries) == 0 && len(status) == 0 {
		status = []string{kit.Cut(look.Dim(p.empty()), w, look.ASCII)}
	}
	query := ""
	if p.find.on {
		query = p.find.line.Text()
	}
	lines, at := p.out.window(w, h-len(status), look, query)
	if at >= 0 && at < len(lines) {
		lines[at] = foundMark + lines[at]
	}
	lines = append(lines, status...)
	filled := make([]string, max(0, h-len(lines)), h)
	return append(filled, lines...)
}

func (p Pane) empty() string {
	if p.server.Open == nil {
		return "There is no server yet."
	}
	return "Nothing was run yet. Commands go out as typed; tab completes, ctrl+r searches, help explains."
}

// waiting tells what is waited for, and how to give it up.
func (p Pane) waiting() string {
	more := ""
	if n := len(p.queue); n > 0 {
		more = ", " + plural(n, "line") + " after it"
	}
	switch {
	case p.job.flying && p.job.slow:
		what := "connecting"
		if len(p.job.words) > 0 {
			what = strings.ToUpper(kit.Escape(p.job.words[0]))
		}
		if p.job.left > 1 {
			what += ", " + kit.Count(int64(p.job.left)) + " times to go"
		}
		if took := p.now.Sub(p.job.began); took >= time.Second {
			what += "  " + kit.Life(took)
		}
		return what + "  waiting for the reply" + more + "  ctrl+c: cancel"
	case p.watching():
		return "again every " + everyText(p.job.every) + more + "  any key: end"
	}
	return ""
}

// panel is what stands between output and line: options, or lines that wait for enter.
func (p Pane) panel(w, h int) []string {
	room := min(pendingShown, max(0, (h-1)/2))
	if room == 0 {
		return nil
	}
	look := p.config.Look
	if p.menu.open() {
		return p.viewMenu(w, room)
	}
	n := len(p.pending)
	if n == 0 {
		return nil
	}
	var lines []string
	from := max(0, n-(room-1))
	head := plural(n, "line") + " before this one; enter runs all, esc drops them"
	lines = append(lines, kit.Cut(look.Warn(head), w, look.ASCII))
	for _, line := range p.pending[from:] {
		line = maskedLine(line)
		lines = append(lines, kit.Cut("  "+kit.Escape(line), w, look.ASCII))
	}
	return lines
}

// viewMenu arranges the options in columns, the one chosen in sight.
func (p Pane) viewMenu(w, rows int) []string {
	look, options := p.config.Look, p.menu.options
	const gap = 2
	wide := 0
	for _, option := range options {
		wide = max(wide, kit.Width(kit.Escape(option)))
	}
	wide = min(wide, w)
	per := max(1, (w+gap)/(wide+gap))
	total := (len(options) + per - 1) / per
	told := p.menu.more || total > rows
	if told {
		rows = max(1, rows-1)
	}
	top := max(0, min(max(0, p.menu.at)/per-rows+1, total-rows))
	var lines []string
	for r := top; r < min(total, top+rows); r++ {
		var cells []string
		for i := r * per; i < min(len(options), (r+1)*per); i++ {
			cell := kit.Fit(kit.Escape(options[i]), wide, look.ASCII)
			if i == p.menu.at {
				cell = look.Accent(cell)
			}
			cells = append(cells, cell)
		}
		lines = append(lines, strings.Join(cells, strings.Repeat(" ", gap)))
	}
	if told {
		text := kit.Count(int64(len(options))) + " options; tab goes through them"
		if p.menu.more {
			text = "the first " + kit.Count(int64(len(options))) + " of more; type on, or tab goes through them"
		}
		lines = append(lines, kit.Cut(look.Dim(text), w, look.ASCII))
	}
	return lines
}

// viewLine draws the line being typed.
func (p Pane) viewLine(w int) string {
	look := p.config.Look
	prompt := p.prompt(w)
	if p.find.on {
		prompt = kit.Cut(p.find.prompt(), max(1, w/2), look.ASCII)
		hint := ""
		if p.find.line.Text() == "" {
			hint = "text in the replies above"
		}
		return look.Accent(prompt) + p.find.line.View(max(1, w-kit.Width(prompt)), look, hint)
	}
	if p.search.on {
		prompt = kit.Cut(p.search.prompt(), max(1, w/2), look.ASCII)
		return look.Accent(prompt) + kit.Cut(kit.Escape(p.search.found(p.recall.lines)), max(0, w-kit.Width(prompt)), look.ASCII)
	}
	if !p.focused {
		return look.Dim(prompt) + kit.Cut(kit.Escape(p.line.Text()), max(0, w-kit.Width(prompt)), look.ASCII)
	}
	return look.Accent(prompt) + p.line.View(max(1, w-kit.Width(prompt)), look, p.hint())
}

// hint is what may follow the line, and what the command is for.
func (p Pane) hint() string {
	line := p.line.Text()
	if !p.hints || strings.TrimSpace(line) == "" || !p.line.AtEnd() {
		return ""
	}
	table := p.config.Table
	hint := ""
	if strings.HasSuffix(line, " ") {
		hint = table.Hint(line)
	} else if rest := table.Hint(line + " "); rest != "" {
		hint = " " + rest
	}
	words, err := commands.Split(line)
	if err != nil {
		return hint
	}
	if cmd, n := table.Lookup(words); cmd != nil && n >= len(words)-1 && cmd.Summary != "" {
		hint = strings.TrimRight(hint, " ") + "   " + cmd.Summary
	}
	return hint
}

// viewLive draws the list of what comes: a title, the messages, and what is going on.
func (p Pane) viewLive(w, h int) []string {
	look := p.config.Look
	title := look.Title(p.live.title, p.focused) + "  " + plural(int(p.live.total), "message")
	if p.live.paused {
		title += look.Warn("  PAUSED, " + kit.Count(p.live.total-p.live.since) + " since")
	}
	title += look.Dim("  " + kit.Count(p.live.rate) + "/s")
	if p.live.lost > 0 {
		title += look.Warn("  " + kit.Count(p.live.lost) + " dropped, the last " + kit.Count(heardKept) + " kept")
	}
	if p.live.mine > 0 {
		title += look.Dim("  " + kit.Count(p.live.mine) + " of redan's own left out (o shows them)")
	}
	lines := []string{kit.Cut(title, w, look.ASCII)}
	room := max(0, h-2)
	list := p.live.newest(room, p.live.up)
	for range room - len(list) {
		lines = append(lines, "")
	}
	for _, m := range list {
		lines = append(lines, kit.Cut(m.row().paint(look), w, look.ASCII))
	}
	if h < 2 {
		return lines
	}
	return append(lines, p.viewFilter(w))
}

func (p Pane) viewFilter(w int) string {
	look := p.config.Look
	const label = "filter: "
	switch {
	case p.live.typing:
		hint := ""
		if p.live.filter.Text() == "" {
			hint = "words, ~regex, !not"
		}
		return look.Accent(label) + p.live.filter.View(max(1, w-len(label)), look, hint)
	case p.live.wrong != nil:
		return kit.Cut(look.Danger(kit.Escape(p.live.wrong.Error())), w, look.ASCII)
	case p.live.filter.Text() != "":
		return kit.Cut(label+kit.Escape(p.live.filter.Text()), w, look.ASCII)
	case p.live.total <= 1:
		return kit.Cut(look.Dim("waiting for messages; esc ends"), w, look.ASCII)
	}
	return kit.Cut(look.Dim("space pauses, / filters, esc ends"), w, look.ASCII)
}
