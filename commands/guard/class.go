package guard

import (
	"strings"

	"redan/commands"
)

// Class is what a command may do to a server and its data.
type Class int

// The classes. A command that could be in two is in the more dangerous one.
const (
	// Reads leaves the data and the server as they are. What a connection keeps for itself (SELECT, SUBSCRIBE, WATCH) is its own affair.
	Reads Class = iota
	// Publishes sends a message to other clients.
	Publishes
	// Runs runs or stores a script or function, of which nobody can know whether it writes.
	Runs
	// Writes changes data.
	Writes
	// Administers changes the server: its configuration, users, replication, life.
	Administers
	// Unknown is all that the table does not know, or knows nothing of.
	Unknown
)

// ClassOf tells what a command may do, by the flags and ACL categories of the table: "write", "readonly", "admin", @scripting, @pubsub.
// Flags do not part CONFIG GET from CONFIG SET; of commands that administer, those pass as reading that end in a word known to read.
func ClassOf(t *commands.Table, words []string) Class {
	cmd, n := t.Lookup(words)
	switch {
	case cmd == nil, n == 1 && len(t.Subcommands(cmd)) > 0: // a sub-command that the table lacks is one that nothing is known of
		return Unknown
	case cmd.Writes():
		return Writes
	case cmd.HasFlag("readonly"):
		return Reads
	case cmd.HasCategory("@scripting"):
		return readsOr(Runs, cmd)
	case cmd.HasCategory("@pubsub"):
		return classOfPubSub(cmd, words)
	case cmd.HasFlag("admin"):
		if cmd.Name == "ACL LOG" && len(words) < 4 && !strings.EqualFold(words[len(words)-1], "RESET") {
			return Reads
		}
		return readsOr(Administers, cmd)
	case cmd.Group == "" || cmd.Group == "module": // without a flag and not of the core: it could be anything
		return Unknown
	}
	return Reads
}

func classOfPubSub(cmd *commands.Command, words []string) Class {
	if effect := commands.EffectOf(words); effect == commands.Subscribes || effect == commands.Unsubscribes {
		return Reads
	}
	if strings.HasPrefix(cmd.Name, "PUBSUB ") {
		return Reads
	}
	return Publishes
}

// readsOr is Reads for a sub-command whose verb only tells something, else class.
func readsOr(class Class, cmd *commands.Command) Class {
	container, verb, found := strings.Cut(cmd.Name, " ")
	if !found {
		if container == "MONITOR" {
			return Reads
		}
		return class
	}
	switch verb {
	case "GET", "LIST", "INFO", "HELP", "LEN", "USERS", "DRYRUN", "GETUSER", "DOCTOR", "GRAPH", "HISTOGRAM", "HISTORY", "LATEST", "STATS",
		"NODES", "SLOTS", "SHARDS", "LINKS", "REPLICAS", "SLAVES", "WHOAMI", "CAT", "EXISTS", "DUMP", "COUNT-FAILURE-REPORTS":
		return Reads
	}
	return class
}
