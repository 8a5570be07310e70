package keys

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/ui/tui/kit"
)

// loading is how far the keys are read.
type loading struct {
	scanner  *keyspace.Scanner
	cancel   context.CancelFunc
	ctx      context.Context //nolint:containedctx // of this scan; a new one ends it
	gen      int
	progress keyspace.Progress
	paused   bool
	waiting  bool // a page is being asked for
	offline  bool
	failure  error // why a master cannot be read
	stepping bool  // the tree has work left
	glob     string
	kind     string // of keys, as TYPE says; empty for all
}

// newLoading is a scan from the beginning with the filter of the server as it is.
func (p Pane) newLoading() loading {
	if p.load.cancel != nil {
		p.load.cancel()
	}
	l := loading{gen: p.load.gen + 1, glob: p.load.glob, kind: p.load.kind, stepping: p.load.stepping, offline: p.load.offline}
	l.ctx, l.cancel = context.WithCancel(p.ctx)
	l.scanner = keyspace.NewScanner(p.config.Masters, keyspace.ScanOptions{Match: l.glob, Type: l.kind, Now: p.config.Now})
	return l
}

// next asks for the next page.
func (p Pane) next() tea.Cmd { return readBatch(p.load.ctx, p.load.scanner, p.stamp(p.load.gen)) }

// batchRead takes in a page and asks for the next one.
func (p Pane) batchRead(msg batchRead) (Pane, tea.Cmd) {
	if msg.gen != p.load.gen {
		return p, nil
	}
	p.load.waiting = false
	p.load.failure = nil
	if failures := p.load.scanner.Failures(); len(failures) > 0 {
		p.load.failure = failures[0]
	}
	var cmds []tea.Cmd
	for _, batch := range msg.batches {
		p = p.anchored(func() { p.tree.Add(batch.Keys, batch.Node) })
		p.load.progress = batch.Progress
		if batch.Restarted && p.tree.Len() > 0 {
			cmds = append(cmds, say(kit.Warn, "a server restarted, or slots moved: its keys are read again; R forgets those that are gone"))
		}
	}
	p, cmd := p.step()
	cmds = append(cmds, cmd)
	var node *keyspace.NodeError
	switch {
	case msg.err == nil:
		p, cmd = p.goOn()
	case errors.As(msg.err, &node) && !node.Final && !p.config.Masters.Cluster(): // there is no other master to go on with
		cmd = p.config.Timer(max(node.Retry, leastRetry), loadDue{p.stamp(p.load.gen)})
	case errors.As(msg.err, &node):
		p, cmd = p.goOn()
	}
	cmds = append(cmds, cmd)
	if msg.err != nil {
		cmds = append(cmds, kit.Say(kit.Failed{What: "read keys", Err: msg.err}))
	}
	p, cmd = p.look()
	return p, tea.Batch(append(cmds, cmd)...)
}

// leastRetry is how long to wait at least before a server that could not be read is asked again.
const leastRetry = 100 * time.Millisecond

func (p Pane) loadDue(msg loadDue) (Pane, tea.Cmd) {
	if msg.gen != p.load.gen {
		return p, nil
	}
	return p.goOn()
}

// goOn asks for the next page unless there is a reason not to.
func (p Pane) goOn() (Pane, tea.Cmd) {
	if p.load.waiting || p.load.paused || p.load.offline || p.load.progress.Done {
		return p, nil
	}
	p.load.waiting = true
	return p, p.next()
}

// pause stops reading, or goes on with it.
func (p Pane) pause() (Pane, tea.Cmd) {
	p.load.paused = !p.load.paused
	if p.load.paused {
		p.load.scanner.Pause()
		return p, nil
	}
	p.load.scanner.Resume()
	return p.goOn()
}

// rescan reads all keys again, from the beginning. The cursor returns to its key when that is found again.
func (p Pane) rescan() (Pane, tea.Cmd) {
	p.load = p.newLoading()
	p.tree.Reset()
	p.facts = newFacts()
	p.list, p.touched = kit.List{}, false
	p.marking = marking{}
	return p.goOn()
}

func (p Pane) offline() Pane {
	p.load.offline = true
	return p
}

func (p Pane) online() (Pane, tea.Cmd) {
	p.load.offline = false
	p.load.scanner.Retry()
	p.describer = keyspace.NewDescriber(p.config.Masters) // another user, perhaps
	p, cmd := p.goOn()
	p.facts = p.facts.stale()
	p, look := p.look()
	return p, tea.Batch(cmd, look)
}

// stepBudget is how many keys the tree works on between two frames, at some two microseconds each.
const stepBudget = 3000

// step makes the tree go on with a filter or an order, if that is not under way.
func (p Pane) step() (Pane, tea.Cmd) {
	if p.load.stepping {
		return p, nil
	}
	var done bool
	p = p.anchored(func() { done = p.tree.Step(stepBudget) })
	if done {
		return p.beginSweep()
	}
	p.load.stepping = true
	return p, p.config.Timer(stepRest, stepDue{p.stamp(0)})
}

// stepRest leaves room for keys that were pressed.
const stepRest = time.Millisecond

func (p Pane) stepDue(stepDue) (Pane, tea.Cmd) {
	p.load.stepping = false
	p, cmd := p.step()
	if cmd != nil {
		return p, cmd
	}
	return p.look()
}
