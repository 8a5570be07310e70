package console

import (
	"redan/commands"
	"redan/commands/guard"
)

// policy is how careful the console is with its server.
func (s Server) policy() guard.Policy {
	return guard.Policy{ReadOnly: s.ReadOnly, Production: s.Production, Exceptions: s.Exceptions}
}

// written are the keys that a command has written, at most a few of them.
func written(t *commands.Table, words []string) []string {
	const few = 16
	cmd, _ := t.Lookup(words)
	if cmd == nil || !cmd.Writes() {
		return nil
	}
	var keys []string
	for _, at := range cmd.Keys(words) {
		if at < len(words) && len(keys) < few {
			keys = append(keys, words[at])
		}
	}
	return keys
}
