package repl

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"redan/commands"
	"redan/ui/format"
)

// helpPatience bounds how long help waits for what the server tells of its own
// commands.
const helpPatience = time.Second

// help writes the help on words.
func (p *prompt) help(ctx context.Context, out io.Writer, words []string) {
	if len(words) == 0 {
		_, _ = io.WriteString(out, commands.GeneralHelp(p.Program, p.Version)+p.ownHelp())
		return
	}
	ctx, cancel := context.WithTimeout(ctx, helpPatience)
	defer cancel()
	entries := p.known.wholeTable(ctx).Help(words)
	_, _ = out.Write(commands.AppendHelp(nil, entries, !commands.HelpOnGroup(words)))
}

// ownHelp tells what this prompt has beyond redis-cli's.
func (p *prompt) ownHelp() string {
	if !p.Person {
		return ""
	}
	return `
Beyond redis-cli:
      <tab>               commands, options, names of keys and of profiles
      Ctrl-R, Ctrl-S      search the history
      Ctrl-C              cancel the running command, or the line being typed
      :readonly on|off    refuse what may write, or no longer
      :profile NAME       go to the server of a profile; alone it lists them
      "get doc | jq ."    pipe a reply to the shell; ":set noshell" makes | data
`
}

// connectTo is the built-in connect.
func (p *prompt) connectTo(ctx context.Context, host, port string) {
	number, err := strconv.Atoi(port)
	if err != nil || number < 1 || number > 65535 {
		p.say("Invalid port '" + string(format.AppendTerminal(nil, []byte(port))) + "': connect takes a host and a number from 1 to 65535.")
		return
	}
	p.interruptible(ctx, func(ctx context.Context) {
		if p.session == nil {
			p.Options.Host, p.Options.Port, p.Options.Socket = host, number, ""
			p.ready(ctx)
			return
		}
		lost := p.session.State()
		switch err := p.session.ConnectTo(ctx, host, number); {
		case err == nil:
			p.welcome()
		case ctx.Err() == nil:
			p.cannotConnect(err)
		}
		p.tellLost(lost)
	})
	p.stillGuarded()
}

// readPreferences runs the lines of the preferences file, which is redis-cli's
// too.
func (p *prompt) readPreferences() {
	if !p.Person || p.RCPath == "" {
		return
	}
	name := filepath.Base(p.RCPath)
	data, err := p.ReadFile(p.RCPath)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			p.warn(name + ": " + err.Error())
		}
		return
	}
	for line := range strings.SplitSeq(string(data), "\n") {
		words, err := commands.Split(line)
		switch {
		case err != nil:
			p.say(".redisclirc: " + InvalidText)
		case len(words) > 0:
			p.set(words, ".redisclirc: ")
		}
	}
}

// set does what a line that begins with : asks for.
func (p *prompt) set(words []string, source string) {
	if refusal := preferenceRefusal(words); refusal != "" {
		p.say(source + string(format.AppendTerminal(nil, []byte(refusal))))
		return
	}
	switch strings.ToLower(words[1]) {
	case "hints":
		p.hints = true
	case "nohints":
		p.hints = false
	case "shell":
		p.shell = p.Person && p.Shell != nil
	case "noshell":
		p.shell = false
	}
}

// Hint implements [assistant].
func (p *prompt) Hint(line string) string {
	if !p.hints || !p.Theme.Color() || strings.TrimSpace(line) == "" {
		return ""
	}
	table := p.known.table()
	if isBlank(line[len(line)-1]) {
		return table.Hint(line)
	}
	if hint := table.Hint(line + " "); hint != "" {
		return " " + hint
	}
	return ""
}

// Complete implements [assistant].
func (p *prompt) Complete(ctx context.Context, head string) completion {
	if strings.HasPrefix(head, ":") {
		return completeColon(head, p.colons())
	}
	return complete(p.known.table(), head, func(prefix string) foundKeys {
		if !p.connected() {
			return foundKeys{}
		}
		ctx, cancel := context.WithTimeout(ctx, keyPatience)
		defer cancel()
		return findKeys(ctx, p.pool.of(p), prefix)
	})
}
