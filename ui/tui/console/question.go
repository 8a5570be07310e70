package console

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands"
	"redan/commands/guard"
	"redan/ui/tui/kit"
)

// The questions of the pane; their numbers are those of the sheets.
const (
	asksNothing = 0
	asksDestroy = 301
	asksQuit    = 302
	asksFile    = 303
	asksReply   = 304
	asksServer  = 305 // what a command does; no sheet
)

// question is one that the user has not answered yet.
type question struct {
	kind  int
	words []string
	times int
	every time.Duration

	verdict guard.Verdict // why a command is asked about
}

// askFirst asks before a command that destroys is sent.
func (p Pane) askFirst(asked question) (Pane, tea.Cmd) {
	p.asked = asked
	words := asked.words
	lines := []string{shorten(kit.Escape(strings.Join(commands.Masked(words), " ")))}
	if cmd, _ := p.config.Table.Lookup(words); cmd != nil && cmd.Summary != "" {
		lines = append(lines, kit.Escape(cmd.Summary))
	}
	if asked.verdict.Reason != "" {
		lines = append(lines, "It "+asked.verdict.Reason+instead(asked.verdict)+".")
	}
	db := p.server.DB
	if p.place.ready {
		db = p.place.state.DB
	}
	if p.place.state.Multi {
		lines = append(lines, "It is queued in the open transaction and takes effect with EXEC.")
	}
	other := ""
	if len(asked.verdict.Other) > 0 {
		other = strings.ToUpper(asked.verdict.Other[0]) + " instead"
	}
	return p, kit.Say(kit.Confirm{
		ID: asksDestroy, Other: other, Title: "Run " + strings.ToUpper(kit.Escape(words[0])) + " on " + p.where() + dbText(db), Lines: lines,
		Word: p.server.Word, Action: "run it", Level: kit.Bad,
	})
}

// quit leaves the program; with a transaction open it asks.
func (p Pane) quit() (Pane, tea.Cmd) {
	why := p.Unfinished()
	if why == "" {
		return p, tea.Quit
	}
	p.asked = question{kind: asksQuit}
	return p, kit.Say(kit.Confirm{ID: asksQuit, Title: "Quit", Lines: []string{why + "; it would be discarded"}, Action: "quit", Level: kit.Warn})
}

func (p Pane) confirmed(msg kit.Confirmed) (Pane, tea.Cmd) {
	if msg.ID != p.asked.kind || msg.ID == asksNothing {
		return p, nil
	}
	asked := p.asked
	p.asked = question{}
	switch {
	case msg.Other && len(asked.verdict.Other) > 0:
		return p.print("", row{{p.prompt(p.columns(p.width)), dim}, {kit.Escape(asked.verdict.Instead), plain}}).start(asked.verdict.Other, 1, 0)
	case !msg.Yes:
		waiting := len(p.queue)
		p.queue = nil
		if asked.kind == asksDestroy {
			p = p.print("", row{{"not sent", warn}})
		}
		return p.tellUnsent(waiting), nil
	case asked.kind == asksQuit:
		return p, tea.Quit
	}
	return p.start(asked.words, asked.times, asked.every)
}

func (p Pane) answered(msg kit.Answered) (Pane, tea.Cmd) {
	name := strings.TrimSpace(msg.Text)
	if !msg.OK || name == "" || p.config.Save == nil {
		return p, nil
	}
	switch msg.ID {
	case asksFile:
		return p, save(p.config.Context, p.config.Save, name, p.live.matching(), p.stamp(0))
	case asksReply:
		k := p.toSave
		if p.toSave = nil; k != nil {
			return p, saveReply(p.config.Context, p.config.Save, name, k, p.stamp(0))
		}
	}
	return p, nil
}

// saved tells what came of saving.
func (p Pane) saved(msg saved) tea.Cmd {
	if msg.err != nil {
		return kit.Say(kit.Notice{Level: kit.Bad, Text: "could not save " + kit.Escape(msg.name) + ": " + kit.Escape(msg.err.Error())})
	}
	return kit.Say(kit.Notice{Level: kit.Good, Text: "saved " + msg.what + " to " + kit.Escape(msg.name)})
}
