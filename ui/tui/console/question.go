package console

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// The questions of the pane; their numbers are those of the sheets.
const (
	asksNothing = 0
	asksDestroy = 301
	asksQuit    = 302
	asksFile    = 303
)

// question is one that the user has not answered yet.
type question struct {
	kind  int
	words []string
	times int
	every time.Duration
}

// askFirst asks before a command that destroys is sent.
func (p Pane) askFirst(words []string, times int, every time.Duration) (Pane, tea.Cmd) {
	p.asked = question{asksDestroy, words, times, every}
	lines := []string{shorten(kit.Escape(strings.Join(words, " ")))}
	if cmd, _ := p.config.Table.Lookup(words); cmd != nil && cmd.Summary != "" {
		lines = append(lines, kit.Escape(cmd.Summary))
	}
	db := p.server.DB
	if p.place.ready {
		db = p.place.state.DB
	}
	if p.place.state.Multi {
		lines = append(lines, "It is queued in the open transaction and takes effect with EXEC.")
	}
	return p, kit.Say(kit.Confirm{
		ID: asksDestroy, Title: "Run " + strings.ToUpper(kit.Escape(words[0])) + " on " + p.where() + dbText(db), Lines: lines,
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
	if msg.ID != asksFile || !msg.OK || name == "" || p.config.Save == nil {
		return p, nil
	}
	return p, save(p.config.Context, p.config.Save, name, p.live.matching(), p.stamp(0))
}

// saved tells what came of saving messages.
func (p Pane) saved(msg saved) tea.Cmd {
	if msg.err != nil {
		return kit.Say(kit.Notice{Level: kit.Bad, Text: "could not save " + kit.Escape(msg.name) + ": " + kit.Escape(msg.err.Error())})
	}
	return kit.Say(kit.Notice{Level: kit.Good, Text: "saved " + plural(msg.count, "message") + " to " + kit.Escape(msg.name)})
}
