package cli

import (
	"bytes"
	"strings"

	"github.com/alecthomas/kong"

	"redan/commands"
	"redan/ui/tui/kit"
)

// helpText is the answer to --help, made from the grammar.
func helpText() string {
	var g grammar
	var flags []*kong.Flag
	for _, section := range g.sections() {
		if err := section.learn(); err != nil {
			return err.Error() + "\n"
		}
		flags = append(flags, section.parser.Model.Flags...)
	}
	var b strings.Builder
	b.WriteString(helpHead)
	for _, group := range helpGroups() {
		b.WriteString("\n" + group.title + "\n")
		for _, flag := range flags {
			if flag.Hidden || flag.Group == nil || flag.Group.Key != group.key {
				continue
			}
			writeFlag(&b, flag)
		}
	}
	b.WriteString(helpTail)
	return b.String()
}

const helpHead = `redan, a terminal client for Redis and Valkey

Usage: redan [options] [command [arg ...]]
       redan [options] < commands.txt
       redan [options]                 the full screen (--repl: the prompt)
       redan demo [options] [command]  the same on an embedded server with data
       redan cert [check|show|files|explain|init|issue|bundle] ...
                                       what is wrong with TLS, and what to do
       redan profile [list|add|edit|test|import] ...
                                       servers under names: redan @NAME
       redan completion bash|zsh|fish  the tab key in your shell

Options end at the first word of the command: redan -n 3 lrange k 0 -1 sends -1.
`

const helpTail = `
Environment: REDISCLI_AUTH (password), REDISCLI_HISTFILE, REDISCLI_RCFILE,
REDAN_PROFILE, REDAN_CONFIG (directory), REDAN_FACE (screen or prompt),
REDAN_KEY_PASS, REDIS_CERTFILE, REDIS_CERTB64, NO_COLOR.

Examples:
  redan set greeting "hello"
  redan -x set config < app.json
  redan --json hgetall user:1
  redan -h db.example.com -p 6380 --cacert ca.crt --user app --askpass ping
  redan -r 5 -i 1 info stats
  redan -c -h 10.0.0.11 -p 7000 get key
  redan --bigkeys -i 0.1
  redan -c -h 10.0.0.11 -p 7000 --scan --pattern 'session:*'
  redan --pipe < commands.resp
  redan demo --tls get config:shop
  redan cert -h db.example.com -p 6380 --cacert ca.crt
`

type helpGroup struct{ key, title string }

func helpGroups() []helpGroup {
	return []helpGroup{
		{"connect", "Connection"},
		{"tls", "TLS (any of these turns it on)"},
		{"run", "Running commands"},
		{"output", "Output"},
		{"demo", "Demo"},
		{"keyspace", "All keys of a server, or with -c of all masters of a cluster"},
		{"latency", "Latency and statistics"},
		{"transfer", "Bulk transfer"},
		{"later", "Of redis-cli, recognised but not in this version yet"},
	}
}

// helpColumn is where the explanations begin, and helpWidth where they break: everybody's terminal has that much.
const helpColumn, helpWidth = 30, 80

func writeFlag(b *strings.Builder, flag *kong.Flag) {
	left := "  "
	if flag.Short != 0 {
		left += "-" + string(flag.Short) + ", "
	}
	left += "--" + flag.Name
	if !isSwitch(flag) {
		left += " " + strings.ToUpper(flag.PlaceHolder)
	}
	left = strings.Join(append([]string{left}, flag.Aliases...), ", --")
	lines := kit.Wrap(flag.Help, strings.Repeat(" ", helpColumn), helpWidth)
	if len(left) > helpColumn-2 {
		b.WriteString(left + "\n")
	} else {
		lines[0] = left + lines[0][len(left):]
	}
	b.WriteString(strings.Join(lines, "\n") + "\n")
}

// localHelp answers help and ? without a server, as redis-cli does. It reports
// whether the words asked for that.
func (a *app) localHelp(words []string) (code int, done bool) {
	if len(words) == 0 || !strings.EqualFold(words[0], "help") && words[0] != "?" {
		return exitOK, false
	}
	table, err := commands.Embedded()
	if err != nil {
		return a.fail(err), true
	}
	if len(words) == 1 {
		a.print(commands.GeneralHelp(a.programName(), version()))
		return exitOK, true
	}
	entries := table.Help(words[1:])
	a.print(string(commands.AppendHelp(nil, entries, !commands.HelpOnGroup(words[1:]))))
	return exitOK, true
}

// testHints answers --test_hint and --test_hint_file.
func (a *app) testHints() int {
	table, err := commands.Embedded()
	if err != nil {
		return a.fail(err)
	}
	flags := &a.inv.options
	if flags.TestHint != nil {
		a.print(table.Hint(*flags.TestHint) + "\n")
		return exitOK
	}
	data, err := a.sys.ReadFile(*flags.TestHintFile)
	if err != nil {
		a.warn("Can't open file '" + *flags.TestHintFile + "': " + rootCause(err).Error())
		return exitError
	}
	report, err := table.RunHintFile(bytes.NewReader(data))
	if err != nil {
		return a.fail(err)
	}
	for _, line := range report.Problems {
		a.warn(line)
	}
	a.print(report.Summary() + "\n")
	return min(report.Failures(), maxExit)
}

// maxExit is the largest exit code a shell can see.
const maxExit = 255
