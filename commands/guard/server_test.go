package guard_test

import (
	"strings"
	"testing"

	"redan/commands/guard"
	"redan/conn/conntest"
)

// TestServersOwnJudgement compares read-only with a user of a real server who may neither write nor administer, asked by ACL DRYRUN.
func TestServersOwnJudgement(t *testing.T) {
	server := conntest.Start(t)
	_ = server.Do("ACL", "SETUSER", "reader", "on", "nopass", "~*", "&*", "+@all", "-@write", "-@admin", "-publish", "-spublish", "-eval", "-evalsha",
		"-fcall", "-script", "+script|exists")
	known := table(t)
	for line := range strings.Lines(strings.TrimSpace(decisions)) {
		words := strings.Fields(line)[2:]
		cmd, n := known.Lookup(words)
		if cmd == nil || n == 1 && len(known.Subcommands(cmd)) > 0 {
			continue // the server does not know it either
		}
		answer := server.Do(append([]string{"ACL", "DRYRUN", "reader"}, words...)...)
		allowed := answer == "OK"
		ours := guard.ClassOf(known, words) == guard.Reads
		switch {
		case allowed == ours:
		case ours && (cmd.HasFlag("admin") || cmd.HasCategory("@admin")): // categories do not part what tells from what changes
		default:
			t.Errorf("%q: the server says %q, the guard %v", words, answer, ours)
		}
	}
}
