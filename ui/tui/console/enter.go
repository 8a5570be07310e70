package console

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
	"redan/commands/guard"
	"redan/ui/format"
	"redan/ui/repl"
	"redan/ui/tui/kit"
)

// enter runs what was typed: the lines that were pasted, one after the other.
func (p Pane) enter() (Pane, tea.Cmd) {
	lines := slices.Concat(p.pending, []string{p.line.Text()})
	p.pending, p.line, p.menu, p.search = nil, kit.Line{}, menu{}, search{}
	return p.enterLines(lines)
}

// enterWords runs a command that another pane asks for.
func (p Pane) enterWords(words []string) (Pane, tea.Cmd) {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = commands.Quote(word)
	}
	p, cmd := p.enterLines([]string{strings.Join(quoted, " ")})
	if p.live.on {
		return p, tea.Batch(cmd, kit.Say(kit.Notice{Level: kit.Warn, Text: "the command runs when the messages in the console are ended"}))
	}
	return p, cmd
}

func (p Pane) enterLines(lines []string) (Pane, tea.Cmd) {
	p.out.back = 0
	lines = slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return strings.TrimSpace(line) == "" })
	p = p.remember(lines...)
	p.queue = slices.Concat(p.queue, lines)
	p, keep := p.keepHistory()
	p, cmd := p.pump()
	return p, tea.Batch(keep, cmd)
}

// lineRemembered is how long a line of the history may be, in bytes.
const lineRemembered = 64 << 10

// remember keeps lines to be recalled, unless they hold a secret or are such that redis-cli does not keep either. All at once: ten
// thousand pasted lines may not take ten thousand copies of the history.
func (p Pane) remember(lines ...string) Pane {
	last := ""
	if n := len(p.recall.lines); n > 0 {
		last = p.recall.lines[n-1]
	}
	var fresh []string
	for _, line := range lines {
		switch {
		case line == last, commands.SecretLine(line), repl.Interpret(line).Action == repl.BadRepeat, strings.TrimSpace(line) == "":
		case len(line) > lineRemembered:
			p = p.print("", row{{"the line is not kept in the history: it is " + kit.Size(int64(len(line))), dim}})
		default:
			fresh, last = append(fresh, line), line
		}
	}
	p.recall = p.recall.add(fresh...)
	if p.config.History != nil && !p.server.NoHistory {
		p.memory.unsaved = slices.Concat(p.memory.unsaved, fresh)
	}
	return p
}

// keepHistory writes the lines that are not in the file yet, one lot at a time so that they stay in order.
func (p Pane) keepHistory() (Pane, tea.Cmd) {
	if p.memory.saving || len(p.memory.unsaved) == 0 {
		return p, nil
	}
	lines := p.memory.unsaved
	p.memory.unsaved, p.memory.saving = nil, true
	return p, remember(p.config.Context, p.config.History, lines, p.stamp(0))
}

// noteHistory says once that the history is not kept.
func (p Pane) noteHistory(err error) Pane {
	if err == nil || p.memory.told {
		return p
	}
	p.memory.told = true
	return p.print("", say(warn, err.Error()+"; going on without it")...)
}

// echoLongest is how much of a line is shown above its reply, in bytes.
const echoLongest = 4 << 10

// echo prints a line as it goes out; of one with a secret only the name.
func (p Pane) echo(line string) Pane {
	shown := maskedLine(line)
	if len(shown) > echoLongest {
		shown = shown[:echoLongest] + kit.Ellipsis().Of(p.config.Look)
	}
	return p.print("", row{{p.prompt(p.columns(p.width)), dim}, {kit.Escape(shown), plain}})
}

// maskedLine is a line as it may be shown: of one with a secret only its first word.
func maskedLine(line string) string {
	if !commands.SecretLine(line) {
		return line
	}
	first, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	return first + " ***"
}

// begin does what a line asks for.
func (p Pane) begin(line string) (Pane, tea.Cmd) {
	p = p.echo(line)
	if every, words, ok := watch(line, p.last); ok {
		return p.beginWatch(every, words)
	}
	if p, request, ok := p.own(line); ok {
		return p, kit.Say(request)
	}
	input := repl.Interpret(line)
	switch input.Action {
	case repl.Nothing:
		return p, nil
	case repl.Send:
		return p.send(input.Words, input.Repeat, 0)
	case repl.Quit:
		return p.quit()
	case repl.Help:
		return p.help(input.Words[1:]), nil
	case repl.Clear:
		p.out = output{made: p.out.made}
		return p, nil
	case repl.Connect:
		return p.colon("connect -h " + commands.Quote(input.Words[1]) + " -p " + commands.Quote(input.Words[2]))
	case repl.Preference:
		if strings.EqualFold(input.Words[0], ":set") {
			return p.prefer(input)
		}
		return p.colon(strings.TrimPrefix(strings.TrimSpace(line), ":"))
	default:
		return p.refuse(repl.Refusal(input))
	}
}

// colon hands a line to the colon line. It may lead elsewhere, so what waits behind it is not sent.
func (p Pane) colon(line string) (Pane, tea.Cmd) {
	waiting := len(p.queue)
	p.queue = nil
	return p.tellUnsent(waiting), kit.Say(kit.RunColon{Line: line})
}

// own does what a line asks of the console itself: \copy, \save and \find. No command of a server begins so.
func (p Pane) own(line string) (Pane, kit.Message, bool) {
	words, err := commands.Split(line)
	if err != nil || len(words) == 0 {
		return p, nil, false
	}
	var request kit.Message
	switch rest := words[1:]; words[0] {
	case `\copy`:
		if len(rest) > 0 && strings.EqualFold(rest[0], "cli") {
			p, request = p.copyReply(format.Standard, "the reply, as redis-cli shows it")
			break
		}
		p, request = p.copyReply(format.Raw, "the reply")
	case `\save`:
		if p.config.Save == nil {
			return p, kit.Notice{Text: "nothing can be saved here"}, true
		}
		if p, request = p.askSave(); len(rest) > 0 && p.toSave != nil {
			request = kit.Answered{ID: asksReply, Text: rest[0], OK: true}
		}
	case `\find`:
		p, request = p.beginFind(strings.Join(rest, " ")), kit.Notice{}
	default:
		return p, nil, false
	}
	return p, request, true
}

// refuse says why a line is not sent.
func (p Pane) refuse(why string) (Pane, tea.Cmd) { return p.print("", say(warn, why)...), nil }

// prefer is ":set hints" and its like.
func (p Pane) prefer(input repl.Input) (Pane, tea.Cmd) {
	if len(input.Words) == 2 {
		switch strings.ToLower(input.Words[1]) {
		case "keys":
			p.server.NoScan = false
			return p, nil
		case "nokeys":
			p.server.NoScan = true
			return p, nil
		}
	}
	if refusal := repl.Refusal(input); refusal != "" {
		return p.refuse(refusal)
	}
	switch strings.ToLower(input.Words[1]) {
	case "hints":
		p.hints = true
	case "nohints":
		p.hints = false
	}
	return p, nil
}

// send sends a command, unless there is something to be said or asked before.
func (p Pane) send(words []string, times int, every time.Duration) (Pane, tea.Cmd) {
	switch {
	case p.server.Open == nil:
		return p.refuse("there is no server yet")
	case commands.EffectOf(words) == commands.Syncs:
		return p.refuse("SYNC and PSYNC turn the connection into a replication stream, which the console cannot show. Nothing was sent.")
	}
	cmd, _ := p.config.Table.Lookup(words)
	if cmd == nil && p.server.Client != nil && p.server.policy().Active() {
		p.gens.run++
		p.asked = question{kind: asksServer, words: words, times: times, every: every}
		return p, inspect(p.ctx, p.server.Client, words[0], p.stamp(p.gens.run))
	}
	// The client is in the screen's database; what lies in another one cannot be measured by it.
	if ask, ok := guard.Measure(p.config.Table, words); ok && p.server.Production && p.server.Client != nil && !p.elsewhere() {
		p.gens.run++
		p.asked = question{kind: asksServer, words: words, times: times, every: every}
		return p, weigh(p.ctx, p.server.Client, ask, p.stamp(p.gens.run))
	}
	return p.guard(words, times, every, false)
}

// elsewhere reports whether the console has gone to another database than the screen is in, or has writes of its own waiting.
func (p Pane) elsewhere() bool {
	return p.place.ready && (p.place.state.DB != p.server.DB || p.place.state.Multi)
}

// guard sends a command if it may be sent, or asks first. told means that the server was asked about this one: what it then does not
// know it will refuse by itself.
func (p Pane) guard(words []string, times int, every time.Duration, told bool) (Pane, tea.Cmd) {
	if cmd, _ := p.config.Table.Lookup(words); cmd == nil && told {
		return p.start(words, times, every)
	}
	verdict := p.server.policy().Judge(p.config.Table, words)
	switch verdict.Decision {
	case guard.Refuse:
		why := "not sent, the server is read-only here: " + strings.ToUpper(kit.Escape(words[0])) + " " + verdict.Reason
		return p.refuse(why + instead(verdict))
	case guard.Confirm:
		return p.askFirst(question{kind: asksDestroy, words: words, times: times, every: every, verdict: verdict})
	case guard.Allow:
	}
	return p.start(words, times, every)
}

// instead names what does the same without harm.
func instead(v guard.Verdict) string {
	if v.Instead == "" {
		return ""
	}
	return "; " + v.Instead + " does it without harm"
}

// help prints what is known of commands.
func (p Pane) help(words []string) Pane {
	if len(words) == 0 {
		return p.print("", say(plain, strings.TrimSpace(commands.GeneralHelp(p.config.Program, p.config.Version))+`

In this console:
      5 incr x            a command five times
      \watch 2 get x      a command every two seconds; without a command, the one before; any key ends it
      \find text          find in the replies above (alt+/)
      \copy, \copy cli    copy the last reply, as it is or as redis-cli shows it (alt+y, alt+u)
      \save file          save it; .json and .csv choose the form (alt+s)
      :db 3, :connect ... what the colon line does
      :set nokeys         tab asks the server for no names of keys; :set keys does
      ctrl+r              search the lines of before`)...)
	}
	const most = 100
	entries := p.config.Table.Help(words)
	var rows []row
	for _, cmd := range entries[:min(most, len(entries))] {
		rows = append(rows, row{{cmd.Name, strong}, {" " + kit.Escape(cmd.Syntax()), plain}}, row{{"  " + kit.Escape(cmd.Summary), plain}})
		facts := "  group: " + kit.Escape(cmd.Group)
		if cmd.Since != "" {
			facts += ", since " + kit.Escape(cmd.Since)
		}
		rows = append(rows, row{{facts, dim}})
	}
	if len(rows) == 0 {
		rows = []row{{{"no command or group is called that; help alone says what there is", warn}}}
	}
	return p.print("", rows...)
}
