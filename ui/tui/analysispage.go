package tui

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace/sweep"
	"redan/ui/modes"
	"redan/ui/tui/kit"
)

// analysisView is the view of what all keys add up to.
const analysisView view = "analysis"

// analysisPage is that view. Nothing is read before a person asks for it.
type analysisPage struct {
	list  kit.List
	gen   int       // of analyses: what belongs to an older one is dropped
	run   *sweepRun // under way; nil for none
	found findings
	ends  bool // run was told to stop
	any   bool // there is something in found
	part  bool // it is not the whole: it was stopped, or broke
}

func (analysisPage) about() about {
	return about{id: analysisView, name: "Analysis", short: "Anls", help: "Analysis: what all keys add up to, and the largest"}
}

func (analysisPage) typing() bool { return false }

func (p analysisPage) bindings(m model) []kit.Binding {
	const group = "In this view"
	run, off, noKey, still := "read all keys", "", "", "nothing is being read"
	switch {
	case p.run != nil:
		run, still = "stop", ""
	case m.link.phase != online:
		off = "there is no connection"
	case p.any:
		run = "read all again"
	}
	if p.row().key == nil {
		noKey = "this line is about no key"
	}
	return append(moveBindings(),
		kit.Binding{ID: "analysis.run", Keys: []string{"space"}, Help: run, Group: group, Footer: 12, Off: off},
		kit.Binding{ID: "analysis.stop", Keys: []string{"esc"}, Help: "stop", Group: group, Off: still},
		kit.Binding{ID: "analysis.open", Keys: []string{"enter", "right", "l"}, Help: "open the key", Group: group, Footer: 15, Off: noKey},
		kit.Binding{ID: "analysis.copy", Keys: []string{"y"}, Help: "copy the name", Group: group, Footer: 25, Off: noKey})
}

func (p analysisPage) update(m model, msg tea.Msg) (page, tea.Cmd) {
	switch msg := msg.(type) {
	case left:
		p.cancel()
		return analysisPage{gen: p.gen + 1}, nil // the task that is under way brings what is to be closed
	case keysRead:
		return p.keysRead(m, msg)
	case chosen:
		return p.obey(m, msg.id)
	case tea.MouseWheelMsg, tea.MouseClickMsg:
		p.list = pointed(msg, p.list, analysisHead, len(p.rows()), p.height(m))
	}
	return p, nil
}

// analysisHead is how many lines stand above the rows.
const analysisHead = 2

func (p analysisPage) height(m model) int { return max(1, m.picture().body.H-analysisHead) }

func (p analysisPage) cancel() {
	if p.run != nil {
		p.run.cancel()
	}
}

func (p analysisPage) obey(m model, id string) (page, tea.Cmd) {
	switch id {
	case "analysis.run", "analysis.stop":
		if p.run != nil {
			p.cancel() // its last part tells what was found
			p.ends = true
			return p, nil
		}
		return p.start(m)
	case "analysis.open":
		key := p.row().key
		return p, kit.Say(kit.GoToKey{Key: key.Name, Type: key.Type})
	case "analysis.copy":
		return p, kit.Say(kit.CopyText{Text: p.row().key.Name, What: "the name"})
	}
	p.list = stepped(id, p.list, len(p.rows()), p.height(m))
	return p, nil
}

// start begins to read all keys.
func (p analysisPage) start(m model) (page, tea.Cmd) {
	ctx, cancel := context.WithCancel(m.ctx)
	p.gen++
	p.run = &sweepRun{ctx: ctx, cancel: cancel, keys: m.link.server.sweep(sweep.Options{
		Size: true, Ask: sweep.Questions{Length: true, Memory: true}, Beat: readFor,
	})}
	p.found, p.ends, p.any, p.part, p.list = findings{}, false, false, false, kit.List{}
	return p, readKeys(p.run, m.config.Now, p.gen)
}

// keysRead takes in a part, and goes on.
func (p analysisPage) keysRead(m model, msg keysRead) (page, tea.Cmd) {
	switch {
	case msg.gen != p.gen:
		if msg.ended {
			return p, nil
		}
		return p, endSweep(msg.run)
	case msg.ended:
		p.part = msg.run.ctx.Err() != nil || len(msg.found.lost) > 0
		msg.run.cancel()
		p.run = nil
	}
	before := p.rows()
	p.found, p.any = msg.found, true
	p.list = follow(p.list, before, p.rows()).Fit(len(p.rows()), p.height(m))
	if p.run == nil {
		return p, nil
	}
	return p, readKeys(p.run, m.config.Now, p.gen)
}

func (p analysisPage) draw(m model, w, h int) []string {
	look := m.look
	lines := []string{p.head(m, w), p.trouble(m, w)}
	switch rows := p.rows(); {
	case !p.any && p.run == nil:
		lines = append(lines, p.invitation(look, w)...)
	case len(rows) == 0 && p.run == nil && p.part:
		lines = append(lines, " Nothing was read.")
	case len(rows) == 0 && p.run == nil:
		lines = append(lines, " There are no keys in "+databaseName(m.link.options.DB)+".")
	default:
		list := p.list.Fit(len(rows), max(1, h-analysisHead))
		for i := list.Top; i < len(rows) && len(lines) < h; i++ {
			lines = append(lines, rows[i].draw(i == list.Cursor, w, look))
		}
	}
	return lines[:min(len(lines), h)]
}

// invitation says what will be done when it is asked for.
func (p analysisPage) invitation(look kit.Look, w int) []string {
	const key = "space"
	lines := kit.Wrap(key+" reads all keys of this database, and adds up what they are.", " ", w)
	lines[0] = strings.Replace(lines[0], key, look.Strong(key), 1)
	return append(append(lines, ""), kit.Wrap("Every name is read with SCAN, on a connection of its own, and of each key the type, the length and the memory are asked for. "+
		"That takes a few seconds for each million keys, in which the server is busier than usual. It can be stopped at any time; what was found until then stays.", " ", w)...)
}

// head is how far the reading is, or what it came to.
func (p analysisPage) head(m model, w int) string {
	meter := modes.Meter{Screen: modes.Screen{Theme: m.look.Theme, Plain: m.look.ASCII}, Count: modes.Counted("keys")}
	done := p.found.progress
	switch {
	case p.ends && p.run != nil:
		return " Stopping" + kit.Ellipsis().Of(m.look)
	case p.run != nil && p.found.sampled == 0:
		return " Reading the keys" + kit.Ellipsis().Of(m.look)
	case p.run != nil:
		work := modes.Work{Done: done.Seen, Total: done.Expected, Fraction: done.Scanned, Elapsed: p.found.elapsed}
		return " " + meter.Line(work, max(1, w-2))
	case p.found.sampled == 0:
		return ""
	}
	text := " " + kit.Count(p.found.sampled) + " keys"
	if p.found.measured > 0 {
		text += ", " + kit.Size(p.found.memory)
	}
	if p.part && len(p.found.lost) == 0 { // nobody knows how much a node that is gone has
		text += ", " + modes.Percent(done.Scanned) + " of all"
	}
	if seconds := p.found.elapsed.Seconds(); seconds >= 1 {
		text += "   " + m.look.Dim(kit.Count(int64(float64(p.found.sampled)/seconds))+" keys/s")
	}
	return text
}

// silence is how long nothing comes before that is said.
const silence = 2 * time.Second

// trouble says what is missing in the figures, and that a server hangs.
func (p analysisPage) trouble(m model, w int) string {
	said := make([]string, 0, len(p.found.lost)+len(p.found.refusals))
	for _, err := range p.found.lost {
		cause, _ := explain(err)
		said = append(said, "not all could be read: "+cause)
	}
	for _, r := range p.found.refusals {
		said = append(said, r.Command+": "+kit.Escape(oneLine(r.Err.Error())))
	}
	if p.run != nil && p.found.silent >= silence {
		said = append(said, "no answer for "+kit.Life(p.found.silent.Truncate(time.Second)))
	}
	if len(said) == 0 {
		return ""
	}
	return " " + m.look.Warn(kit.Cut(strings.Join(said, "; "), max(1, w-1), m.look.ASCII))
}
