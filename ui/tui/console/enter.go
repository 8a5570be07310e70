package console

import (
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
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
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		p = p.remember(line)
		p.queue = append(slices.Clip(p.queue), line)
	}
	p, keep := p.keepHistory()
	p, cmd := p.pump()
	return p, tea.Batch(keep, cmd)
}

// remember keeps a line to be recalled, unless it holds a secret or is one that redis-cli does not keep either.
func (p Pane) remember(line string) Pane {
	known := len(p.recall.lines) > 0 && p.recall.lines[len(p.recall.lines)-1] == line
	if commands.SecretLine(line) || repl.Interpret(line).Action == repl.BadRepeat || strings.TrimSpace(line) == "" {
		p.recall = p.recall.add("")
		return p
	}
	p.recall = p.recall.add(line)
	if p.config.History != nil && !known {
		p.memory.unsaved = append(slices.Clip(p.memory.unsaved), line)
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
	shown := line
	if commands.SecretLine(line) {
		first, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		shown = first + " ***"
	}
	if len(shown) > echoLongest {
		shown = shown[:echoLongest]
	}
	return p.print("", row{{p.prompt(p.columns(p.width)), dim}, {kit.Escape(shown), plain}})
}

// begin does what a line asks for.
func (p Pane) begin(line string) (Pane, tea.Cmd) {
	p = p.echo(line)
	if every, words, ok := watch(line, p.last); ok {
		return p.beginWatch(every, words)
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
		return p.refuse("another server is reached with :connect " + kit.Escape(input.Words[1]+":"+input.Words[2]))
	case repl.Preference:
		return p.prefer(input)
	default:
		return p.refuse(repl.Refusal(input))
	}
}

// refuse says why a line is not sent.
func (p Pane) refuse(why string) (Pane, tea.Cmd) { return p.print("", say(warn, why)...), nil }

// prefer is ":set hints" and its like.
func (p Pane) prefer(input repl.Input) (Pane, tea.Cmd) {
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
	case p.server.ReadOnly && !p.mayRead(words):
		return p.refuse("not sent: the profile is read-only, and " + strings.ToUpper(kit.Escape(words[0])) + " is not known only to read")
	case p.server.Production && destroys(p.config.Table, words):
		return p.askFirst(words, times, every)
	}
	return p.start(words, times, every)
}

// mayRead reports whether a command changes nothing but the connection.
func (p Pane) mayRead(words []string) bool {
	switch commands.EffectOf(words) {
	case commands.NoEffect:
		return onlyReads(p.config.Table, words)
	case commands.ShutsDown:
		return false
	default:
		return true
	}
}

const (
	// watchEvery is how long \watch waits when not told, and watchLeast what it waits at least.
	watchEvery = 2 * time.Second
	watchLeast = 100 * time.Millisecond
)

// watch takes `\watch [seconds] [command]` apart. Without a command it is about the one before. No command of a server begins so.
func watch(line string, before []string) (time.Duration, []string, bool) {
	words, err := commands.Split(line)
	if err != nil || len(words) == 0 || words[0] != `\watch` {
		return 0, nil, false
	}
	every := watchEvery
	rest := words[1:]
	if len(rest) > 0 {
		if seconds, err := strconv.ParseFloat(rest[0], 64); err == nil && seconds >= 0 && seconds <= 24*3600 {
			every, rest = max(watchLeast, time.Duration(seconds*float64(time.Second))), rest[1:]
		}
	}
	if len(rest) == 0 {
		rest = before
	}
	return every, rest, true
}

func everyText(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'g', 4, 64) + " s"
}

func (p Pane) beginWatch(every time.Duration, words []string) (Pane, tea.Cmd) {
	if len(words) == 0 {
		return p.refuse(`\watch repeats the command before it, or the one that follows: \watch 2 get key`)
	}
	if commands.EffectOf(words) != commands.NoEffect {
		return p.refuse(strings.ToUpper(kit.Escape(words[0])) + " changes the connection and is not repeated")
	}
	return p.send(words, 1, every)
}

// help prints what is known of commands.
func (p Pane) help(words []string) Pane {
	if len(words) == 0 {
		return p.print("", say(plain, strings.TrimSpace(commands.GeneralHelp(p.config.Program, p.config.Version))+`

In this console:
      5 incr x            a command five times
      \watch 2 get x      a command every two seconds; without a command, the one before
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
