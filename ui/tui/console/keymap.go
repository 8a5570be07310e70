package console

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/ui/format"
	"redan/ui/tui/kit"
)

// The groups of the help.
const (
	groupConsole = "Console"
	groupSearch  = "Search in the lines of before"
	groupFind    = "Find in the replies"
	groupLive    = "Messages"
)

// Keys are the bindings of the pane as it is now.
func (p Pane) Keys() []kit.Binding {
	var bindings []kit.Binding
	switch {
	case p.live.typing:
		bindings = []kit.Binding{
			{ID: "console.live.filter.done", Keys: []string{"enter"}, Help: "keep filter", Group: groupLive, Footer: 10},
			{ID: "console.live.filter.clear", Keys: []string{"esc"}, Help: "no filter", Group: groupLive, Footer: 11},
		}
	case p.live.on:
		bindings = p.liveKeys()
	case p.find.on:
		bindings = []kit.Binding{
			{ID: "console.find.older", Keys: []string{"enter", "up", "alt+/"}, Help: "further up", Group: groupFind, Footer: 10},
			{ID: "console.find.newer", Keys: []string{"down"}, Help: "further down", Group: groupFind, Footer: 11},
			{ID: "console.find.leave", Keys: []string{"esc", "ctrl+g"}, Help: "leave", Group: groupFind, Footer: 12},
		}
	case p.search.on:
		bindings = []kit.Binding{
			{ID: "console.search.run", Keys: []string{"enter"}, Help: "run", Group: groupSearch, Footer: 10},
			{ID: "console.search.take", Keys: []string{"tab", "right", "end"}, Help: "edit", Group: groupSearch, Footer: 11},
			{ID: "console.search.older", Keys: []string{"ctrl+r", "up"}, Help: "older", Group: groupSearch, Footer: 12},
			{ID: "console.search.newer", Keys: []string{"ctrl+s", "down"}, Help: "newer", Group: groupSearch, Footer: 13},
			{ID: "console.search.leave", Keys: []string{"esc", "ctrl+g"}, Help: "leave", Group: groupSearch, Footer: 14},
		}
	default:
		bindings = p.lineKeys()
	}
	return kit.Remap(bindings, p.config.Keys)
}

func (p Pane) liveKeys() []kit.Binding {
	pause := "pause"
	if p.live.paused {
		pause = "go on"
	}
	own, ownOff := "redan's own commands too", ""
	if p.live.all {
		own = "without redan's own commands"
	}
	if p.live.own == nil {
		ownOff = "these are messages: none is redan's own"
	}
	saveOff := ""
	if p.config.Save == nil {
		saveOff = "nothing can be saved here"
	}
	return []kit.Binding{
		{ID: "console.live.pause", Keys: []string{"space"}, Help: pause, Group: groupLive, Footer: 10},
		{ID: "console.live.filter", Keys: []string{"/"}, Help: "filter", Group: groupLive, Footer: 11},
		{ID: "console.live.save", Keys: []string{"s"}, Help: "save", Group: groupLive, Footer: 12, Off: saveOff},
		{ID: "console.live.own", Keys: []string{"o"}, Help: own, Group: groupLive, Off: ownOff},
		{ID: "console.live.leave", Keys: []string{"esc"}, Help: "end", Group: groupLive, Footer: 13},
		{ID: "console.live.pageup", Keys: []string{"pgup"}, Help: "a page up", Group: groupLive},
		{ID: "console.live.pagedown", Keys: []string{"pgdown"}, Help: "a page down", Group: groupLive},
	}
}

func (p Pane) lineKeys() []kit.Binding {
	return []kit.Binding{
		{ID: "console.run", Keys: []string{"enter"}, Help: "run", Group: groupConsole, Footer: 10},
		{ID: "console.complete", Keys: []string{"tab"}, Help: "complete", Group: groupConsole, Footer: 20},
		{ID: "console.complete.back", Keys: []string{"shift+tab"}, Help: "option before", Group: groupConsole, Off: p.menuOff()},
		{ID: "console.search", Keys: []string{"ctrl+r"}, Help: "search", Group: groupConsole, Footer: 30, Off: p.searchOff()},
		{ID: "console.older", Keys: []string{"up"}, Help: "line before", Group: groupConsole},
		{ID: "console.newer", Keys: []string{"down"}, Help: "line after", Group: groupConsole},
		{ID: "console.more", Keys: []string{"space"}, Help: "more of a reply", Group: groupConsole, Off: p.moreOff()},
		{ID: "console.pageup", Keys: []string{"pgup"}, Help: "a page up", Group: groupConsole, Footer: 40},
		{ID: "console.pagedown", Keys: []string{"pgdown"}, Help: "a page down", Group: groupConsole},
		{ID: "console.top", Keys: []string{"ctrl+home"}, Help: "to the top", Group: groupConsole},
		{ID: "console.bottom", Keys: []string{"ctrl+end"}, Help: "to the end", Group: groupConsole},
		{ID: "console.find", Keys: []string{"alt+/"}, Help: "find in the replies", Group: groupConsole, Footer: 87, Off: p.findOff()},
		{ID: "console.copy", Keys: []string{"alt+y"}, Help: "copy reply", Group: groupConsole, Footer: 88, Off: p.replyOff()},
		{ID: "console.copycli", Keys: []string{"alt+u"}, Help: "copy reply as redis-cli shows it", Group: groupConsole, Off: p.replyOff()},
		{ID: "console.save", Keys: []string{"alt+s"}, Help: "save reply", Group: groupConsole, Off: p.saveOff()},
		{ID: "console.back", Keys: []string{"esc"}, Help: p.backHelp(), Group: groupConsole, Off: p.backOff()},
	}
}

func (p Pane) menuOff() string {
	if !p.menu.open() {
		return "there are no options on screen: tab shows them"
	}
	return ""
}

func (p Pane) findOff() string {
	if len(p.out.entries) == 0 {
		return "there are no replies yet"
	}
	return ""
}

func (p Pane) replyOff() string {
	if p.replyInSight() == nil {
		return noReply
	}
	return ""
}

func (p Pane) saveOff() string {
	if p.config.Save == nil {
		return "nothing can be saved here"
	}
	return p.replyOff()
}

func (p Pane) searchOff() string {
	if len(p.recall.lines) == 0 {
		return "there are no lines of before"
	}
	return ""
}

func (p Pane) moreOff() string {
	switch {
	case p.line.Text() != "" || len(p.pending) > 0:
		return "a line is being typed"
	case p.out.lastFolded(p.columns(p.width)) < 0:
		return "no reply is folded"
	}
	return ""
}

func (p Pane) backHelp() string {
	switch {
	case p.menu.open():
		return "close options"
	case len(p.pending) > 0:
		return "drop lines"
	case p.out.back == 0 && p.watching():
		return "end repetition"
	}
	return "to the end"
}

// backOff lets the way back be that of the root when there is nothing to leave here.
func (p Pane) backOff() string {
	if p.menu.open() || len(p.pending) > 0 || p.out.back > 0 || p.watching() {
		return ""
	}
	return "there is nothing to leave"
}

// press obeys a key.
func (p Pane) press(msg tea.KeyPressMsg) (Pane, tea.Cmd) {
	switch {
	case msg.String() == "ctrl+c":
		return p.giveUp()
	case p.live.on:
		return p.pressLive(msg)
	case p.find.on:
		return p.pressFind(msg)
	case p.search.on:
		return p.pressSearch(msg)
	}
	p, learn := p.Learn()
	p, cmd := p.pressLine(msg)
	return p, tea.Batch(learn, cmd)
}

// pressLine obeys a key while a line is typed.
func (p Pane) pressLine(msg tea.KeyPressMsg) (Pane, tea.Cmd) {
	b, ok := kit.Find(p.Keys(), msg)
	if !ok || b.Off != "" && msg.Text != "" {
		return p.edit(msg), nil
	}
	if b.Off != "" {
		return p, kit.Say(kit.Notice{Text: b.Off})
	}
	return p.act(b.ID)
}

// edit hands a key to the line.
func (p Pane) edit(msg tea.KeyPressMsg) Pane {
	p = p.endWatch()
	p.menu = menu{}
	p.gens.complete++ // what tab asked for is not wanted any more
	p.line, _ = p.line.Update(msg)
	return p
}

func (p Pane) act(id string) (Pane, tea.Cmd) {
	w, h := p.columns(p.width), p.scrolledHeight()
	switch id {
	case "console.run":
		return p.enter()
	case "console.complete":
		return p.complete()
	case "console.complete.back":
		return p.choose(-1), nil
	case "console.search":
		p.menu = menu{}
		p.search = search{on: true, at: len(p.recall.lines)}
	case "console.older":
		return p.recallBy(1), nil
	case "console.newer":
		return p.recallBy(-1), nil
	case "console.more":
		p.out = p.out.unfold(w)
	case "console.pageup":
		p.out = p.out.scroll(max(1, h-1), w, h)
	case "console.pagedown":
		p.out = p.out.scroll(-max(1, h-1), w, h)
	case "console.top":
		p.out = p.out.scroll(entriesKept*foldAt*foldAt, w, h)
	case "console.bottom":
		p.out.back = 0
	case "console.find":
		p = p.beginFind("")
	case "console.copy":
		return p.ask(p.copyReply(format.Raw, "the reply"))
	case "console.copycli":
		return p.ask(p.copyReply(format.Standard, "the reply, as redis-cli shows it"))
	case "console.save":
		return p.ask(p.askSave())
	case "console.back":
		return p.stepBack()
	}
	return p, nil
}

// stepBack leaves one thing: the options, the lines that were pasted, the place that was scrolled to.
func (p Pane) stepBack() (Pane, tea.Cmd) {
	switch {
	case p.menu.open():
		p.menu = menu{}
	case len(p.pending) > 0:
		return p.drop()
	case p.out.back > 0:
		p.out.back = 0
	default:
		p = p.endWatch()
	}
	return p, nil
}

// ask asks the root for something.
func (p Pane) ask(next Pane, request kit.Message) (Pane, tea.Cmd) { return next, kit.Say(request) }

// Underway names what ctrl+c ends, empty for nothing.
func (p Pane) Underway() string {
	switch {
	case !p.focused:
	case p.live.on:
		return "the messages"
	case p.find.on, p.search.on:
		return "the search"
	case p.job.on && len(p.job.words) > 0:
		return strings.ToUpper(kit.Escape(p.job.words[0]))
	case p.job.on, p.asked.kind == asksServer:
		return "the connection attempt"
	case p.line.Text() != "" || len(p.pending) > 0:
		return "the line"
	}
	return ""
}

// drop clears what is being typed. It can be recalled.
func (p Pane) drop() (Pane, tea.Cmd) {
	p = p.remember(append(slices.Clone(p.pending), p.line.Text())...)
	p.pending, p.line, p.menu = nil, kit.Line{}, menu{}
	return p.keepHistory()
}

func (p Pane) recallBy(n int) Pane {
	var line string
	var ok bool
	if p.recall, line, ok = p.recall.move(n, p.line.Text()); ok {
		p.line, p.menu = kit.NewLine(line), menu{}
	}
	return p
}

func (p Pane) pressSearch(msg tea.KeyPressMsg) (Pane, tea.Cmd) {
	lines := p.recall.lines
	b, ok := kit.Find(p.Keys(), msg)
	if !ok {
		before := p.search.query.Text()
		p.search.query, _ = p.search.query.Update(msg)
		if after := p.search.query.Text(); after != before {
			from := min(p.search.at, len(lines)-1)
			if len(after) < len(before) {
				from = len(lines) - 1
			}
			p.search = p.search.find(lines, from, -1)
		}
		return p, nil
	}
	found := p.search.found(lines)
	switch b.ID {
	case "console.search.run", "console.search.take":
		p.search = search{}
		if found != "" {
			p.line = kit.NewLine(found)
		}
		if b.ID == "console.search.run" && found != "" {
			return p.enter()
		}
	case "console.search.older":
		p.search = p.search.find(lines, min(p.search.at, len(lines))-1, -1)
	case "console.search.newer":
		p.search = p.search.find(lines, p.search.at+1, 1)
	case "console.search.leave":
		p.search = search{}
	}
	return p, nil
}

func (p Pane) wheel(msg tea.MouseWheelMsg) Pane {
	const step = 3
	n := -step
	if msg.Button == tea.MouseWheelUp {
		n = step
	}
	if p.live.on {
		p.live = p.live.scroll(n, max(1, p.height-2))
		return p
	}
	p.out = p.out.scroll(n, p.columns(p.width), p.scrolledHeight())
	return p
}
