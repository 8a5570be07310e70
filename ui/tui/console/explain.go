package console

import (
	"strings"

	"redan/commands"
	"redan/commands/nearest"
)

// meaning says in plain words what an error of the server means and what to do, empty when its own words are all there is to say.
func meaning(t *commands.Table, words []string, text string, whole bool) string {
	code, rest, _ := strings.Cut(text, " ")
	if said := meaningOfCode(code); said != "" {
		return said
	}
	if code != "ERR" || len(words) == 0 {
		return ""
	}
	cmd, n := t.Lookup(words)
	switch {
	case cmd == nil:
		if near := nearest.Word(words[0], names(t)); near != "" {
			return "did you mean " + near + "?"
		}
		if whole {
			return "this server has no such command"
		}
	case len(t.Subcommands(cmd)) > 0 && n == 1 && len(words) > 1:
		if near := nearest.Word(words[1], subcommands(t, cmd)); near != "" {
			return "did you mean " + cmd.Name + " " + near + "?"
		}
	case !fits(cmd, len(words)) || rest == "syntax error":
		return "usage: " + strings.TrimSpace(cmd.Name+" "+cmd.Syntax())
	}
	return ""
}

// fits reports whether a command takes so many words, as far as is known.
func fits(cmd *commands.Command, n int) bool {
	return cmd.Arity == 0 || n == cmd.Arity || cmd.Arity < 0 && n >= -cmd.Arity
}

func names(t *commands.Table) []string {
	var list []string
	for _, c := range t.Commands() {
		if !strings.Contains(c.Name, " ") {
			list = append(list, c.Name)
		}
	}
	return list
}

func subcommands(t *commands.Table, cmd *commands.Command) []string {
	found := t.Subcommands(cmd)
	list := make([]string, 0, len(found))
	for _, sub := range found {
		list = append(list, strings.TrimPrefix(sub.Name, cmd.Name+" "))
	}
	return list
}

// meaningOfCode is about the errors that have a code of their own.
func meaningOfCode(code string) string {
	switch code {
	case "WRONGTYPE":
		return "the key holds another type than this command is for; TYPE tells which"
	case "NOAUTH":
		return "the server wants a password first: AUTH [user] password"
	case "WRONGPASS":
		return "user or password is wrong, or the user is switched off"
	case "NOPERM":
		return "the user may not do this; ACL WHOAMI tells who you are, ACL DRYRUN what a user may"
	case "READONLY":
		return "this server is a replica; ROLE tells which master takes writes"
	case "OOM":
		return "the server's memory is full (maxmemory) and nothing may be evicted for this"
	case "MISCONF":
		return "the server cannot save to its disk and takes no writes meanwhile; its log tells why"
	case "LOADING":
		return "the server is reading its data after a start; try again in a moment"
	case "MASTERDOWN":
		return "this replica has lost its master and was told not to answer with old data"
	case "NOREPLICAS":
		return "too few replicas are connected for the server to take writes"
	case "BUSY":
		return "a script has been running for too long; SCRIPT KILL ends it if it has not written"
	case "EXECABORT":
		return "a command before it was refused, so nothing of the transaction was executed"
	}
	return meaningOfRareCode(code)
}

func meaningOfRareCode(code string) string {
	switch code {
	case "MOVED":
		return "another node of the cluster has this key; with -c redan goes there by itself"
	case "ASK":
		return "the key is on its way to another node; with -c redan asks there"
	case "CROSSSLOT":
		return "the keys belong to different slots; a common part in braces, as in {user:1}:name, puts them together"
	case "TRYAGAIN":
		return "the slot is on its way to another node, and not all of the keys have arrived"
	case "CLUSTERDOWN":
		return "the cluster is not whole; CLUSTER INFO and CLUSTER SHARDS tell what is missing"
	case "NOSCRIPT":
		return "the server does not have this script (any more); SCRIPT LOAD or EVAL sends it"
	case "NOPROTO":
		return "the server does not speak that version of the protocol"
	case "BUSYKEY":
		return "the key is there already; REPLACE puts the new value in its place"
	case "BUSYGROUP":
		return "the group is there already"
	case "NOGROUP":
		return "there is no such stream or group; XGROUP CREATE key group $ MKSTREAM makes both"
	case "DENIED":
		return "the server only takes connections from its own machine: it is in protected mode"
	}
	return ""
}
