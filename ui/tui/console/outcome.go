package console

import (
	"strconv"
	"strings"

	"redan/commands"
)

// outcome says what a reply means where its own words leave that open: errors, the end of a transaction, another database.
func (p Pane) outcome(r reply, before, after place) []row {
	words := p.job.words
	if r.bad {
		if said := meaning(p.config.Table, words, string(r.kept.value.Text), p.known.whole); said != "" {
			return say(dim, said)
		}
		return nil
	}
	switch effect := commands.EffectOf(words); {
	case effect == commands.EndsTransaction && strings.EqualFold(words[0], "discard"):
		return []row{{{plural(p.held, "command") + " discarded, nothing was executed", dim}}}
	case effect == commands.EndsTransaction && r.kept != nil && r.kept.value.Kind.IsNull():
		return []row{{{"a watched key was changed meanwhile: nothing was executed", warn}}}
	case effect == commands.Selects && !after.state.Multi && after.state.DB != before.state.DB && after.state.DB != p.server.DB:
		db := strconv.Itoa(after.state.DB)
		return []row{{{"only the console is in db " + db + "; :db " + db + " takes keys and values along", dim}}}
	case effect == commands.Quits:
		return []row{{{"the server closes the console's connection; the next command makes a new one", dim}}}
	}
	return nil
}
