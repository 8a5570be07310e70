package tui

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
	"redan/ui/theme"
	"redan/ui/tui/kit"
)

// colon is the line for verbs of the full screen and for any command of Redis.
type colon struct {
	line   kit.Line
	table  *commands.Table
	typed  []string // earlier lines, the last one last
	at     int      // which of them is on the line; len(typed) is none
	draft  string   // what was typed before going back to earlier lines
	choice int      // which completion was put in by tab; -1 is none
	stem   string   // what the completions complete
	wrong  string
}

func newColon(m model) colon {
	return colon{table: m.table, typed: m.typed, at: len(m.typed), choice: -1}
}

// verb is a word of the colon line that is not a command of Redis.
type verb struct {
	name, takes, help string
	names             func() []string // what may follow it
	run               func(m model, args []string) (model, tea.Cmd)
}

// verbs are the words of the colon line. They are matched as they are: in capitals a word is for the server.
func verbs() []verb {
	show := func(v view) func(model, []string) (model, tea.Cmd) {
		return func(m model, _ []string) (model, tea.Cmd) { return m.show(v) }
	}
	list := []verb{
		{name: "q", help: "quit", run: func(m model, _ []string) (model, tea.Cmd) { return m.quit() }},
		{name: "quit", help: "quit", run: func(m model, _ []string) (model, tea.Cmd) { return m.quit() }},
		{name: "help", help: "all keys", run: func(m model, _ []string) (model, tea.Cmd) { return m.push(newHelp(m)), nil }},
		{name: "db", takes: "number", help: "another database; without a number, all of them", run: model.database},
		{name: "key", takes: "name", help: "go to a key", run: model.goToKey},
		{name: "connect", takes: "address", help: "another server: host:port or redis://...", run: model.connectTo},
		{name: "theme", takes: "name", help: "the colours; without a name, all themes", names: theme.Names, run: model.chooseTheme},
	}
	for _, v := range (model{pages: newPages()}).views() {
		if v.id == keysView {
			continue // KEYS is a command
		}
		list = append(list, verb{name: string(v.id), help: v.help, run: show(v.id)})
	}
	return list
}

func (c colon) bindings() []kit.Binding {
	const group = "In the command line"
	none, earliest, latest := "", "", ""
	if len(c.completions()) == 0 {
		none = "nothing begins like this"
	}
	if c.at == 0 {
		earliest = "there is no earlier line"
	}
	if c.at == len(c.typed) {
		latest = "there is no later line"
	}
	return []kit.Binding{
		{ID: "colon.run", Keys: []string{"enter"}, Help: "run", Group: group, Footer: 10},
		{ID: "colon.complete", Keys: []string{"tab"}, Help: "complete", Group: group, Footer: 20, Off: none},
		{ID: "colon.before", Keys: []string{"shift+tab"}, Help: "completion before", Group: group, Off: none},
		{ID: "colon.earlier", Keys: []string{"up"}, Help: "earlier line", Group: group, Footer: 30, Off: earliest},
		{ID: "colon.later", Keys: []string{"down"}, Help: "later line", Group: group, Off: latest},
		{ID: "sheet.leave", Keys: []string{"esc"}, Help: "leave", Group: group, Footer: 40},
	}
}

func (c colon) press(m model, msg tea.KeyPressMsg) (model, tea.Cmd) {
	b, ok := kit.Find(m.bound(c), msg)
	if !ok {
		if c.line.Text() == "" && msg.String() == "backspace" {
			return c.leave(m.pop())
		}
		c.line, _ = c.line.Update(msg)
		c.choice, c.wrong = -1, ""
		return m.swap(c), nil
	}
	if b.Off != "" {
		return m.say(kit.Plain, b.Off)
	}
	switch b.ID {
	case "colon.run":
		return c.run(m)
	case "colon.complete":
		c = c.complete(1)
	case "colon.before":
		c = c.complete(-1)
	case "colon.earlier":
		c = c.recall(-1)
	case "colon.later":
		c = c.recall(1)
	case "sheet.leave":
		return c.leave(m.pop())
	}
	return m.swap(c), nil
}

func (c colon) paste(m model, text string) (model, tea.Cmd) {
	c.line, c.choice = c.line.Insert(text), -1
	return m.swap(c), nil
}

// leave keeps what was typed.
func (c colon) leave(m model) (model, tea.Cmd) { return m.remember(c.line.Text()), nil }

// typedKept is how many lines are remembered.
const typedKept = 200

// remember keeps a line for later, unless it holds a secret.
func (m model) remember(line string) model {
	line = strings.TrimSpace(line)
	if line == "" || commands.SecretLine(line) || len(m.typed) > 0 && m.typed[len(m.typed)-1] == line {
		return m
	}
	typed := append(slices.Clone(m.typed), line)
	m.typed = typed[max(0, len(typed)-typedKept):]
	return m
}

// run does what the line says.
func (c colon) run(m model) (model, tea.Cmd) {
	words, err := commands.Split(c.line.Text())
	if err != nil {
		c.wrong = err.Error()
		return m.swap(c), nil
	}
	m = m.pop().remember(c.line.Text())
	if len(words) == 0 {
		return m, nil
	}
	for _, v := range verbs() {
		if v.name == words[0] {
			return v.run(m, words[1:])
		}
	}
	if m.link.server == nil {
		return m.say(kit.Warn, "there is no server yet")
	}
	return m.runCommand(kit.RunCommand{Words: words})
}

func (m model) database(args []string) (model, tea.Cmd) {
	if len(args) == 0 {
		return m.openDatabases()
	}
	n, err := strconv.Atoi(args[0])
	if err != nil || n < 0 {
		return m.say(kit.Warn, "a database has a number from 0 on")
	}
	return m.switchTo(n)
}

func (m model) goToKey(args []string) (model, tea.Cmd) {
	if len(args) != 1 || m.link.server == nil {
		return m.say(kit.Warn, "give the name of one key, in quotes when it has blanks")
	}
	return m.visit(kit.OpenKey{Key: args[0]})
}

// completions are what the line may become.
func (c colon) completions() []string {
	stem := c.line.Before()
	if c.choice >= 0 {
		stem = c.stem
	}
	if stem == "" {
		return nil
	}
	var list []string
	for _, v := range verbs() {
		if strings.HasPrefix(v.name, stem) && v.name != stem {
			list = append(list, v.name)
		}
		list = append(list, v.completions(stem)...)
	}
	return append(list, c.table.Complete(stem)...)
}

// completions are the lines that a line with the verb may become.
func (v verb) completions(stem string) []string {
	if typed, ok := strings.CutPrefix(stem, v.name+" "); ok && v.names != nil {
		var list []string
		for _, name := range v.names() {
			if strings.HasPrefix(name, typed) && name != typed {
				list = append(list, v.name+" "+name)
			}
		}
		return list
	}
	return nil
}

// complete puts the next completion in place of what was typed.
func (c colon) complete(step int) colon {
	list := c.completions()
	if len(list) == 0 {
		return c
	}
	if c.choice < 0 {
		c.stem = c.line.Before()
		if step < 0 {
			c.choice = 0
		}
	}
	c.choice = (c.choice + step + len(list)) % len(list)
	c.line = kit.NewLine(list[c.choice])
	if len(list) == 1 { // nothing to choose between: go on behind it
		c.line, c.choice = kit.NewLine(list[0]+" "), -1
	}
	return c
}

// recall puts an earlier line on the line.
func (c colon) recall(step int) colon {
	if c.at == len(c.typed) {
		c.draft = c.line.Text()
	}
	c.at = max(0, min(c.at+step, len(c.typed)))
	text := c.draft
	if c.at < len(c.typed) {
		text = c.typed[c.at]
	}
	c.line, c.choice = kit.NewLine(text), -1
	return c
}

// hint is what may follow the line.
func (c colon) hint() string {
	text := c.line.Text()
	for _, v := range verbs() {
		if v.takes != "" && text == v.name+" " {
			return v.takes
		}
	}
	hint := c.table.Hint(text)
	if hint != "" && !strings.HasSuffix(text, " ") {
		hint = " " + hint
	}
	return hint
}

// summary says what the command on the line is.
func (c colon) summary() string {
	words, err := commands.Split(c.line.Text())
	if err != nil || len(words) == 0 {
		return ""
	}
	for _, v := range verbs() {
		if v.name == words[0] {
			return v.help
		}
	}
	if cmd, n := c.table.Lookup(words); cmd != nil && n > 0 {
		return cmd.Summary
	}
	return ""
}

func (c colon) draw(m model, w, h int) []string {
	look := m.look
	lines := []string{look.Line(w)}
	lines = append(lines, c.offers(w, min(8, h-3), look)...)
	switch summary := c.summary(); {
	case c.wrong != "":
		lines = append(lines, " "+look.Danger(kit.Broken().Of(look)+" "+kit.Escape(c.wrong)))
	case summary != "":
		lines = append(lines, " "+look.Dim(kit.Escape(summary)))
	}
	return append(lines, look.Accent(" :")+c.line.View(max(1, w-3), look, c.hint()))
}

// lastWord is what a completion adds to a line: the rest stands on it already.
func lastWord(line string) string { return line[strings.LastIndexByte(line, ' ')+1:] }

// offers are the completions, side by side.
func (c colon) offers(w, most int, look kit.Look) []string {
	const cell = 20
	list := c.completions()
	count := max(1, (w-2)/cell)
	rows := min(max(0, most), (len(list)+count-1)/count)
	lines := make([]string, rows)
	for i := range lines {
		cells := []string{" "}
		for at := i * count; at < min(len(list), (i+1)*count); at++ {
			text := kit.Fit(kit.Escape(lastWord(list[at])), cell-1, look.ASCII) + " "
			if at == c.choice {
				cells = append(cells, look.Accent(text))
			} else {
				cells = append(cells, look.Dim(text))
			}
		}
		lines[i] = strings.Join(cells, "")
	}
	return lines
}
