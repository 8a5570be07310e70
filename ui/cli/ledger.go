package cli

import (
	"strings"
	"sync"

	"redan/commands"
	"redan/conn/resp"
)

// ledger tells when nothing more is to come on a connection that was subscribed
// to something: no subscription is left and every command has been answered.
// Answers come in the order of the commands, with messages in between. It is
// safe for concurrent use.
type ledger struct {
	mu         sync.Mutex
	owed       []debt
	subscribed bool
	monitoring bool // MONITOR's lines cannot be told from answers
	noInput    bool // no further command will be sent
	leaving    bool // quit: open subscriptions do not matter any more
}

// debt is a command that is to be answered.
type debt struct {
	effect  commands.Effect
	answers int
	// everything is UNSUBSCRIBE without a channel: one answer for each there is,
	// and one when there is none.
	everything bool
	name       string // of the command, as its answers give it
}

// newLedger returns a ledger for what follows the first reply to args, which
// began a stream.
func newLedger(args []string) *ledger {
	l := &ledger{subscribed: true, monitoring: commands.EffectOf(args) == commands.Monitors}
	if first := owedFor(args); first.answers > 1 {
		first.answers--
		l.owed = append(l.owed, first)
	}
	return l
}

func owedFor(args []string) debt {
	d := debt{effect: commands.EffectOf(args), answers: 1, name: strings.ToLower(args[0])}
	if d.effect == commands.Subscribes || d.effect == commands.Unsubscribes {
		d.everything = d.effect == commands.Unsubscribes && len(args) == 1
		d.answers = max(1, len(args)-1)
	}
	return d
}

// sending notes a command before it is sent.
func (l *ledger) sending(args []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.owed = append(l.owed, owedFor(args))
}

func (l *ledger) inputEnded() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.noInput = true
}

func (l *ledger) quit() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.noInput, l.leaving = true, true
}

// settled reports whether nothing more is to come.
func (l *ledger) settled() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case !l.noInput || l.subscribed && !l.leaving:
		return false
	case l.monitoring:
		return l.leaving
	}
	// Whether UNSUBSCRIBE alone is done with its answers only the next one would tell.
	return len(l.owed) == 0 || len(l.owed) == 1 && l.owed[0].everything && l.owed[0].answers == 0
}

// received notes what the server sent.
func (l *ledger) received(m *messageHead) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m.kind == resp.SimpleString && m.name == "RESET" {
		l.reset()
		return
	}
	if l.monitoring {
		return
	}
	confirms := false
	if m.kind == resp.Array || m.kind == resp.Push {
		switch m.name {
		case "message", "pmessage", "smessage":
			return
		case "subscribe", "psubscribe", "ssubscribe", "unsubscribe", "punsubscribe", "sunsubscribe":
			confirms = true
			l.subscribed = m.count > 0
		}
	}
	if m.kind != resp.Push || confirms {
		l.pay(m)
	}
}

// pay takes an answer off the command it belongs to.
func (l *ledger) pay(m *messageHead) {
	if len(l.owed) > 0 && l.owed[0].everything && l.owed[0].answers == 0 && m.name != l.owed[0].name {
		l.owed = l.owed[1:]
	}
	if len(l.owed) == 0 {
		return
	}
	first := &l.owed[0]
	first.answers = max(0, first.answers-1)
	if m.kind.IsError() || first.answers == 0 && !first.everything {
		l.owed = l.owed[1:]
	}
}

// reset follows the answer to RESET, which ends subscriptions and MONITOR.
func (l *ledger) reset() {
	for i, d := range l.owed {
		if d.effect == commands.Resets {
			l.owed = l.owed[i+1:]
			l.subscribed, l.monitoring = false, false
			return
		}
	}
}

// messageHead passes a reply on and remembers how it began: its kind, its text
// or its first element, and the number that is its third element.
type messageHead struct {
	src   resp.Source
	kind  resp.Kind
	name  string
	count int64

	depth, index int // where in the reply we are
}

// longestName is that of the longest kind of message.
const longestName = len("punsubscribe")

// Next implements [resp.Source].
func (m *messageHead) Next() (resp.Token, error) {
	tok, err := m.src.Next()
	if err != nil {
		return tok, err
	}
	if tok.End {
		m.depth--
		return tok, nil
	}
	if m.depth == 0 {
		m.kind = tok.Kind
	}
	switch {
	case m.depth == 0 && !tok.Kind.IsAggregate(), m.depth == 1 && m.index == 0:
		m.name = string(tok.Text[:min(len(tok.Text), longestName)])
	case m.depth == 1 && m.index == 2:
		m.count = tok.Int
	}
	if m.depth == 1 && !tok.More {
		m.index++
	}
	if tok.Kind.IsAggregate() {
		m.depth++
	}
	return tok, nil
}
