package guard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"redan/commands"
)

// Decision is what becomes of a command.
type Decision int

// The decisions.
const (
	Allow   Decision = iota
	Confirm          // a person must type the profile's name, a script must say --yes
	Refuse           // it is not sent
)

// Policy is how careful a connection is.
type Policy struct {
	// ReadOnly refuses all that is not known to leave the server as it is.
	ReadOnly bool
	// Production asks before what destroys, blocks, changes the server or writes many keys at once.
	Production bool
	// Exceptions are what Production does not ask about: the names of commands ("DEL", "CONFIG SET", "CLIENT" with all its sub-commands) or
	// ACL categories ("@admin"), in any case.
	Exceptions []string
}

// Verdict is a Decision and why it was made.
type Verdict struct {
	Decision Decision
	// Reason completes a sentence that begins with the command: "writes", "removes whole keys".
	Reason string
	// Instead is a command that does what was probably meant without harm; empty when there is none.
	Instead string
	// Other are the words of Instead, where it is a whole command that could be sent.
	Other []string
}

// manyKeys is how many keys one command may write on production before it is asked about.
const manyKeys = 10

// Active reports whether the policy could ever say something other than Allow, so that a table is needed.
func (p Policy) Active() bool { return p.ReadOnly || p.Production }

// Judge decides about a command. It wants the table of the very server: the embedded one does not know modules and renamed commands.
func (p Policy) Judge(t *commands.Table, words []string) Verdict {
	if len(words) == 0 || !p.Active() {
		return Verdict{}
	}
	class := ClassOf(t, words)
	if p.ReadOnly && class != Reads {
		return Verdict{Decision: Refuse, Reason: class.reason(), Instead: readOnlyTwin(t, words)}
	}
	if !p.Production || p.excepts(t, words) {
		return Verdict{}
	}
	reason := Danger(t, words)
	if reason == "" {
		return Verdict{}
	}
	v := Verdict{Decision: Confirm, Reason: reason, Other: gentle(t, words)}
	quoted := make([]string, len(v.Other))
	for i, word := range v.Other {
		quoted[i] = commands.Quote(word)
	}
	v.Instead = strings.Join(quoted, " ")
	return v
}

func (c Class) reason() string {
	switch c {
	case Writes:
		return "writes"
	case Runs:
		return "may write: nobody can know what a script does"
	case Publishes:
		return "sends a message to other clients"
	case Administers:
		return "changes the server"
	default:
		return "may write: the server does not say what it does"
	}
}

// Danger says, in words that go on after the command's name, why it wants a second look on a server that matters, and nothing of a
// command that does not: it destroys, blocks the server, changes it, or writes many keys.
func Danger(t *commands.Table, words []string) string {
	cmd, _ := t.Lookup(words)
	switch class := ClassOf(t, words); {
	case class == Unknown:
		return "is not known: the server does not say what it does"
	case commands.EffectOf(words) == commands.Monitors:
		return "makes the server repeat all that its clients send, which slows it down"
	case class == Administers:
		return "changes the server"
	case strings.HasSuffix(cmd.Name, " FLUSH") || strings.HasSuffix(cmd.Name, " KILL"):
		return "cannot be undone"
	case class == Reads:
		return slowRead(cmd)
	case cmd.Writes():
		return dangerOfWrite(cmd, words)
	}
	return ""
}

// slowRead is said of a command that reads the whole keyspace at once: KEYS, by its category and its want of keys.
func slowRead(cmd *commands.Command) string {
	if cmd.HasFlag("readonly") && cmd.HasCategory("@dangerous") && cmd.FirstKey == 0 && len(cmd.KeySpecs) == 0 {
		return "blocks the server while it goes through every key"
	}
	return ""
}

func dangerOfWrite(cmd *commands.Command, words []string) string {
	keys := len(cmd.Keys(words))
	switch {
	case removes(cmd) && keys > 1:
		return "removes " + strconv.Itoa(keys) + " keys"
	case removes(cmd):
		return "removes a whole key"
	case cmd.Name == "SORT": // dangerous for its time, and that only on huge collections
		return ""
	case cmd.Dangerous() && keys == 0:
		return "changes or removes all keys of a database or more"
	case cmd.Dangerous():
		return "is called dangerous by the server"
	case keys > manyKeys:
		return "writes " + strconv.Itoa(keys) + " keys at once"
	}
	return ""
}

// removes reports whether a command removes whole keys as its purpose: DEL, UNLINK.
func removes(cmd *commands.Command) bool {
	for _, spec := range cmd.KeySpecs {
		if slices.Contains(spec.Flags, "RM") && slices.Contains(spec.Flags, "delete") {
			return true
		}
	}
	return false
}

// excepts reports whether the policy's exceptions cover a command.
func (p Policy) excepts(t *commands.Table, words []string) bool {
	cmd, _ := t.Lookup(words)
	name := strings.ToUpper(words[0])
	if cmd != nil {
		name = cmd.Name
	}
	for _, exception := range p.Exceptions {
		exception = strings.ToUpper(strings.Join(strings.Fields(exception), " "))
		switch {
		case strings.HasPrefix(exception, "@"):
			if cmd != nil && cmd.HasCategory(strings.ToLower(exception)) {
				return true
			}
		case name == exception, strings.HasPrefix(name, exception+" ") && exception != "":
			return true
		}
	}
	return false
}

// CheckException tells what is wrong with an exception as it stands in a profile: one that names nothing would guard nothing.
func CheckException(t *commands.Table, exception string) error {
	words := strings.Fields(exception)
	if len(words) == 1 && strings.HasPrefix(words[0], "@") {
		for _, c := range t.Commands() {
			if c.HasCategory(strings.ToLower(words[0])) {
				return nil
			}
		}
		return fmt.Errorf("%q is no ACL category; ACL CAT lists them", exception)
	}
	if cmd, n := t.Lookup(words); cmd == nil && len(words) != 1 || cmd != nil && n != len(words) {
		return fmt.Errorf("%q is no command: an exception is a command's name, with its sub-command or without, or an ACL category", exception)
	}
	return nil // one word may be the command of a module
}

// readOnlyTwin is the command that does the same without writing: EVAL_RO for EVAL.
func readOnlyTwin(t *commands.Table, words []string) string {
	if cmd, _ := t.Lookup([]string{words[0] + "_RO"}); cmd != nil && cmd.HasFlag("readonly") {
		return cmd.Name
	}
	return ""
}

// gentle is a command that gives what was asked for without blocking the server.
func gentle(t *commands.Table, words []string) []string {
	cmd, _ := t.Lookup(words)
	if cmd != nil && cmd.Name == "KEYS" && len(words) == 2 {
		return []string{"SCAN", "0", "MATCH", words[1], "COUNT", "1000"}
	}
	return nil
}
