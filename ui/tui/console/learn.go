package console

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
	"redan/commands/guard"
	"redan/conn/resp"
	"redan/ui/repl"
	"redan/ui/tui/kit"
)

// knowledge is what is known of the server's commands and keys beyond what every server has.
type knowledge struct {
	asked bool // for all commands
	whole bool // the server has told all its commands
	keys  []string
}

// learned is what the server told of its commands.
type learned struct {
	stamp
	table *commands.Table // nil for nothing
}

// inspected is what the server told of one command that nobody knew.
type inspected struct {
	stamp
	table *commands.Table // nil when it does not tell
}

const (
	// learnPatience bounds how long the server may take to tell of all its commands, inspectPatience of one that is waiting to be sent.
	learnPatience   = 10 * time.Second
	inspectPatience = 2 * time.Second
	// keysLearnt is how many names of keys are remembered, and keyLongest how long one may be, in bytes.
	keysLearnt = 1000
	keyLongest = 1 << 10
)

// learn asks for all commands of the server.
func learn(ctx context.Context, client kit.Client, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) learned {
		ctx, cancel := context.WithTimeout(ctx, learnPatience)
		defer cancel()
		table, err := repl.LiveTable(ctx, client)
		if err != nil { // such as an ACL that forbids COMMAND: the embedded table is there
			table = nil
		}
		return learned{stamp: s, table: table}
	})
}

// inspect asks for one command.
func inspect(ctx context.Context, client kit.Client, name string, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) inspected {
		ctx, cancel := context.WithTimeout(ctx, inspectPatience)
		defer cancel()
		table, err := repl.LiveTable(ctx, client, name)
		if err != nil {
			table = nil
		}
		return inspected{stamp: s, table: table}
	})
}

// weighed is how large a collection is that a command is going to read whole.
type weighed struct {
	stamp
	n int64 // 0 when the server does not tell
}

// weigh asks a quick question, such as HLEN, before a command that may be slow.
func weigh(ctx context.Context, client kit.Client, words []string, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) weighed {
		ctx, cancel := context.WithTimeout(ctx, inspectPatience)
		defer cancel()
		reply, err := client.Do(ctx, words...)
		if err != nil || reply.Kind != resp.Integer {
			return weighed{stamp: s}
		}
		return weighed{stamp: s, n: reply.Int}
	})
}

// weighed goes on with a command that was held up until it was known how much it reads.
func (p Pane) weighed(msg weighed) (Pane, tea.Cmd) {
	if msg.gen != p.gens.run || p.asked.kind != asksServer {
		return p, nil
	}
	asked := p.asked
	p.asked = question{}
	var cmd tea.Cmd
	if verdict := p.server.policy().Weigh(p.config.Table, asked.words, msg.n); verdict.Decision == guard.Confirm {
		asked.kind, asked.verdict = asksDestroy, verdict
		p, cmd = p.askFirst(asked)
	} else {
		p, cmd = p.guard(asked.words, asked.times, asked.every, false)
	}
	p, next := p.pump()
	return p, tea.Batch(cmd, next)
}

// Table is what is known of commands by now.
func (p Pane) Table() *commands.Table { return p.config.Table }

// Whole reports whether the server itself has told all its commands, so that others do not exist.
func (p Pane) Whole() bool { return p.known.whole }

// Learn asks the server for its commands, once, when somebody begins to type.
func (p Pane) Learn() (Pane, tea.Cmd) {
	if p.known.asked || p.server.Client == nil || p.server.Open == nil {
		return p, nil
	}
	p.known.asked = true
	return p, learn(p.ctx, p.server.Client, p.stamp(0))
}

func (p Pane) learned(msg learned) Pane {
	if msg.table == nil {
		return p
	}
	p.known.whole = true
	p.config.Table = p.embedded.Merge(msg.table)
	return p
}

// inspected goes on with a command that was held up until the server had told what it is.
func (p Pane) inspected(msg inspected) (Pane, tea.Cmd) {
	if msg.gen != p.gens.run || p.asked.kind != asksServer {
		return p, nil
	}
	asked := p.asked
	p.asked = question{}
	told := msg.table != nil
	if told {
		p.config.Table = p.config.Table.Merge(msg.table)
	}
	p, cmd := p.guard(asked.words, asked.times, asked.every, told)
	p, next := p.pump()
	return p, tea.Batch(cmd, next)
}

// learnKeys remembers the keys of a command that succeeded, the newest first, to offer them when one is typed.
func (p Pane) learnKeys(words []string) Pane {
	cmd, _ := p.config.Table.Lookup(words)
	if cmd == nil || commands.Secret(words) {
		return p
	}
	const few = 16
	var fresh []string
	for _, at := range cmd.Keys(words) {
		if at < len(words) && len(fresh) < few && words[at] != "" && len(words[at]) <= keyLongest {
			fresh = append(fresh, words[at])
		}
	}
	if len(fresh) == 0 {
		return p
	}
	for _, key := range p.known.keys {
		if !slices.Contains(fresh, key) {
			fresh = append(fresh, key)
		}
	}
	p.known.keys = fresh[:min(len(fresh), keysLearnt)]
	return p
}

// learnt are the names used before that begin with a prefix.
func (p Pane) learnt(prefix string) found {
	var f found
	for _, key := range p.known.keys {
		if strings.HasPrefix(key, prefix) {
			f.add(key)
		}
	}
	f.more = f.over
	return f
}
