package tui

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
	"redan/commands/nearest"
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
	// profiles are the names of those that can be gone to.
	profiles []string
}

func newColon(m model) colon {
	return colon{profiles: m.profileNames(), table: m.panes.console.Table(), typed: m.typed, at: len(m.typed), choice: -1}
}

// openColon opens the line, and lets the server tell its commands, once.
func (m model) openColon() (model, tea.Cmd) {
	var learn tea.Cmd
	m.panes.console, learn = m.panes.console.Learn()
	return m.push(newColon(m)), learn
}

// verb is a word of the colon line that is not a command of Redis.
type verb struct {
	name, takes, help string
	names             func(c colon) []string // what may follow it
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
		{name: "help", takes: "command", help: "all keys; with a command or @group, what is known of it", run: model.helpOn},
		{name: "db", takes: "number", help: "another database; without a number, all of them", run: model.database},
		{name: "key", takes: "name", help: "go to a key", run: model.goToKey},
		{name: "connect", takes: "address", help: "another server: host:port, redis://user:password@host, or -h -p -a --tls ... as redis-cli", run: model.connectTo},
		{name: "theme", takes: "name", help: "the colours; without a name, all themes", names: func(colon) []string { return theme.Names() }, run: model.chooseTheme},
		{name: "profiles", help: "the saved servers", run: func(m model, _ []string) (model, tea.Cmd) { return m.openPicker() }},
		{name: "profile", takes: "name", help: "the server of a profile; without a name, all of them", names: func(c colon) []string { return c.profiles }, run: model.profileNamed},
		{name: "readonly", takes: "on|off", help: "nothing is written, or writes are allowed", names: func(colon) []string { return []string{"on", "off"} }, run: model.setReadOnly},
	}
	for _, v := range (model{pages: newPages()}).views() {
		if v.id == keysView {
			continue // KEYS is a command
		}
		list = append(list, verb{name: string(v.id), help: v.help, run: show(v.id)})
	}
	return list
}

func (c colon) bindings(model) []kit.Binding {
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
	c.table = m.panes.console.Table() // the server may have told more meanwhile
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
	if c.wrong = m.objection(words); c.wrong != "" {
		return m.swap(c), nil
	}
	return m.pop().remember(c.line.Text()).obey(words)
}

// runColon does what a line says that was typed in the console behind a colon.
func (m model) runColon(line string) (model, tea.Cmd) {
	words, err := commands.Split(line)
	if err != nil {
		return m.say(kit.Warn, err.Error())
	}
	if wrong := m.objection(words); wrong != "" {
		return m.say(kit.Warn, wrong)
	}
	return m.obey(words)
}

// obey does what words of the colon line say.
func (m model) obey(words []string) (model, tea.Cmd) {
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

// objection says why words cannot be obeyed, so that they can be mended where they were typed; empty when they can.
func (m model) objection(words []string) string {
	switch {
	case len(words) == 0:
		return ""
	case words[0] == "connect":
		if _, err := connectOptions(words[1:], m.link.options); err != nil {
			return err.Error()
		}
		return ""
	case m.link.server == nil || words[0] != strings.ToLower(words[0]) || ownWord(words[0]):
		return ""
	}
	var known []string
	for _, v := range verbs() {
		if v.name == words[0] {
			return ""
		}
		known = append(known, v.name)
	}
	table := m.panes.console.Table()
	if cmd, _ := table.Lookup(words); cmd != nil {
		return ""
	}
	for _, cmd := range table.Commands() {
		if !strings.Contains(cmd.Name, " ") {
			known = append(known, strings.ToLower(cmd.Name))
		}
	}
	said := "there is no command " + commands.Quote(words[0])
	switch near := nearest.Word(words[0], known); {
	case near != "":
		return said + "; did you mean " + near + "? In capitals it goes to the server as it is"
	case m.panes.console.Whole():
		return said + ", neither of redan nor of the server"
	}
	return "" // the server may have it, from a module
}

// ownWord reports whether a word that is no command of a server means something to the console.
func ownWord(word string) bool {
	if _, err := strconv.Atoi(word); err == nil { // how often
		return true
	}
	switch word {
	case "exit", "?", "clear", "restart":
		return true
	}
	return strings.HasPrefix(word, `\`)
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
	m, cmd := m.visit(kit.OpenKey{Key: args[0]})
	m, focus := m.focus(valuePlace)
	return m, tea.Batch(cmd, focus)
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
		list = append(list, v.completions(stem, c)...)
	}
	return append(list, c.table.Complete(stem)...)
}

// completions are the lines that a line with the verb may become.
func (v verb) completions(stem string, c colon) []string {
	if typed, ok := strings.CutPrefix(stem, v.name+" "); ok && v.names != nil {
		var list []string
		for _, name := range v.names(c) {
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
	behind := strings.TrimPrefix(c.line.Text(), c.line.Before())
	chosen := list[c.choice]
	if len(list) == 1 { // nothing to choose between: go on behind it
		chosen, c.choice = chosen+" ", -1
	}
	line, _ := kit.NewLine(behind).Update(kit.Press("home"))
	c.line = line.Insert(chosen)
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
