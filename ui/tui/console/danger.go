package console

import (
	"slices"
	"strings"

	"redan/commands"
)

// destroys reports whether a command, by the server's own rules, takes away what cannot be had back: it removes data as its purpose,
// writes and is called dangerous, or changes the server itself.
func destroys(t *commands.Table, words []string) bool {
	if commands.EffectOf(words) == commands.ShutsDown {
		return true
	}
	cmd, n := t.Lookup(words)
	switch {
	case cmd == nil:
		return false
	case cmd.Writes():
		return cmd.Name != "SORT" && (cmd.Dangerous() || removes(cmd))
	case strings.HasSuffix(cmd.Name, " FLUSH"): // SCRIPT FLUSH
		return true
	case !cmd.HasFlag("admin") || len(t.Subcommands(cmd)) > 0 && n == 1:
		return false
	}
	return !readsOnly(cmd.Name)
}

// removes reports whether a command removes whole keys: DEL, UNLINK, GETDEL.
func removes(cmd *commands.Command) bool {
	return slices.ContainsFunc(cmd.KeySpecs, func(k commands.KeySpec) bool {
		return slices.Contains(k.Flags, "RM") && slices.Contains(k.Flags, "delete")
	})
}

// readsOnly reports whether an administrative command only tells something.
func readsOnly(command string) bool {
	switch command {
	case "MONITOR", "SAVE", "BGSAVE", "BGREWRITEAOF", "LASTSAVE", "SYNC", "PSYNC", "REPLCONF", "CLIENT KILL", "ACL SAVE", "CLIENT PAUSE",
		"CLIENT UNPAUSE", "CLIENT NO-EVICT", "CONFIG REWRITE", "CLUSTER SAVECONFIG", "PFDEBUG", "PFSELFTEST":
		return true
	}
	switch command[strings.LastIndexByte(command, ' ')+1:] {
	case "GET", "LIST", "INFO", "HELP", "LEN", "USERS", "LOG", "DRYRUN", "GETUSER", "DOCTOR", "GRAPH", "HISTOGRAM", "HISTORY", "LATEST",
		"STATS", "NODES", "SLOTS", "SHARDS", "REPLICAS", "SLAVES", "WHOAMI", "CAT", "GENPASS":
		return true
	}
	return false
}

// onlyReads reports whether a command is known to change nothing on the server. Scripts are not: nobody can know.
func onlyReads(t *commands.Table, words []string) bool {
	cmd, _ := t.Lookup(words)
	if cmd == nil || cmd.Writes() || destroys(t, words) {
		return false
	}
	switch cmd.Name {
	case "EVAL", "EVALSHA", "FCALL":
		return false
	}
	return true
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
