package guard

import (
	"context"
	"strings"

	"redan/commands"
)

// Warden applies a [Policy] to commands one after the other, and asks the server about those that the table does not know. It is not
// safe for concurrent use. The nil Warden allows everything.
type Warden struct {
	policy  Policy
	profile string
	table   *commands.Table
	server  Server
	asked   map[string]bool
}

// Server is what a Warden may ask. A nil function asks nothing.
type Server struct {
	// Describe tells what the server knows of a command, as COMMAND INFO and COMMAND DOCS give it; nil when it tells nothing.
	Describe func(ctx context.Context, name string) *commands.Table
	// Count runs a quick command whose reply is a number, such as HLEN; ok is false when there is none.
	Count func(ctx context.Context, words []string) (n int64, ok bool)
}

// NewWarden returns a Warden for a connection of a profile, whose name may be empty. What the table lacks is asked of server, each
// command once.
func NewWarden(p Policy, profile string, table *commands.Table, server Server) *Warden {
	return &Warden{policy: p, profile: profile, table: table, server: server, asked: map[string]bool{}}
}

// Policy returns what the Warden applies.
func (w *Warden) Policy() Policy {
	if w == nil {
		return Policy{}
	}
	return w.policy
}

// SetReadOnly changes the policy while the program runs.
func (w *Warden) SetReadOnly(on bool) { w.policy.ReadOnly = on }

// Profile is the name that must be typed where a person is asked.
func (w *Warden) Profile() string {
	if w == nil {
		return ""
	}
	return w.profile
}

// Check decides about a command that is to be sent. A nil NotSentError lets it pass.
func (w *Warden) Check(ctx context.Context, words []string) *NotSentError {
	if w == nil || !w.policy.Active() || len(words) == 0 {
		return nil
	}
	w.learn(ctx, words[0])
	verdict := w.policy.Judge(w.table, words)
	if verdict.Decision == Allow {
		verdict = w.weigh(ctx, words)
	}
	if verdict.Decision == Allow {
		return nil
	}
	name := strings.ToUpper(words[0])
	if cmd, _ := w.table.Lookup(words); cmd != nil {
		name = cmd.Name
	}
	return &NotSentError{Verdict: verdict, Command: name, Profile: w.profile}
}

// learn asks the server about a command that the table does not know: one of a module, a newer one, a renamed one.
func (w *Warden) learn(ctx context.Context, name string) {
	name = strings.ToLower(name)
	if cmd, _ := w.table.Lookup([]string{name}); cmd != nil || w.asked[name] || w.server.Describe == nil {
		return
	}
	w.asked[name] = true
	if live := w.server.Describe(ctx, name); live != nil {
		w.table = w.table.Merge(live)
	}
}

// weigh asks how large a collection is that is going to be read whole.
func (w *Warden) weigh(ctx context.Context, words []string) Verdict {
	if !w.policy.Production || w.server.Count == nil || w.policy.excepts(w.table, words) {
		return Verdict{}
	}
	question, ok := Measure(w.table, words)
	if !ok {
		return Verdict{}
	}
	n, ok := w.server.Count(ctx, question)
	if !ok {
		return Verdict{}
	}
	return w.policy.Weigh(w.table, words, n)
}

// scanOf is the command that reads by pages what the others read whole.
func scanOf(count string) string {
	switch count {
	case "HLEN":
		return "HSCAN"
	case "SCARD":
		return "SSCAN"
	case "ZCARD":
		return "ZSCAN"
	case "XLEN":
		return "XRANGE with COUNT"
	default:
		return "LRANGE in steps"
	}
}

// NotSentError is a command that was not sent.
type NotSentError struct {
	Verdict
	// Command is its name, Profile the name of the profile; empty when there is none.
	Command, Profile string
}

// Error implements error: one line that says why, and what else could be sent.
func (o *NotSentError) Error() string {
	text := o.Command + " was not sent: it " + o.Reason + ", and " + o.where()
	if o.Instead != "" {
		text += " (instead: " + o.Instead + ")"
	}
	return text
}

// where says what about the connection stands against it.
func (o *NotSentError) where() string {
	name := o.Profile
	if name == "" {
		name = "this connection"
	}
	if o.Decision == Refuse {
		return name + " is read-only"
	}
	return name + " is a production server"
}
