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
	waiting  bool             // a page is being asked for
	resting  bool             // a failure came: not before loadDue, or the connection stands again
	arrived  []keyspace.Batch // pages that the tree has not taken in
	taken    int              // how many keys it has of the first of them
	taking   bool             // it is about to take in more
	offline  bool
	failure  *keyspace.NodeError // why a master cannot be read
	stepping bool                // the tree has work left
	budget   int                 // for how many keys of it at a time
	renewing bool                // keys that do not come again are no more: they go at the end
	cleaning bool                // now they go
	cleaned  int                 // so many went
	glob     string
	kind     string // of keys, as TYPE says; empty for all
}

// newLoading is a scan from the beginning with the filter of the server as it is.
func (p Pane) newLoading() loading {
	if p.load.cancel != nil {
		p.load.cancel()
	}
	l := loading{
		gen: p.load.gen + 1, glob: p.load.glob, kind: p.load.kind, stepping: p.load.stepping, offline: p.load.offline,
		progress: keyspace.Progress{Expected: -1},
	}
	l.ctx, l.cancel = context.WithCancel(p.ctx)
	l.scanner = keyspace.NewScanner(p.config.Masters, keyspace.ScanOptions{Match: l.glob, Type: l.kind, Now: p.config.Now})
	return l
}

// full tells that there is enough to take in, or all that will come.
func (l loading) full() bool {
	keys := -l.taken
	for _, batch := range l.arrived {
		if batch.Done {
			return true
		}
		keys += len(batch.Keys)
	}
	return keys > gatherKeys
}

// next asks for the next page.
func (p Pane) next() tea.Cmd { return readBatch(p.load.ctx, p.load.scanner, p.stamp(p.load.gen)) }

// batchRead takes in a page and asks for the next one.
func (p Pane) batchRead(msg batchRead) (Pane, tea.Cmd) {
	if msg.gen != p.load.gen {
		return p, nil
	}
	p.load.waiting = false
	p.load.failure = unread(p.load.scanner.Failures())
	p.load.arrived = append(p.load.arrived, msg.batches...)
	var (
		cmds []tea.Cmd
		node *keyspace.NodeError
	)
	switch isNode := errors.As(msg.err, &node); {
	case msg.err != nil && !isNode:
		p.load.resting = true
	case isNode && !node.Final && !p.config.Masters.Cluster(): // there is no other master to go on with
		p.load.resting = true
		cmds = append(cmds, p.config.Timer(max(node.Retry, leastRetry), loadDue{p.stamp(p.load.gen)}))
	}
	if msg.err != nil {
		cmds = append(cmds, kit.Say(kit.Failed{What: "read keys", Err: msg.err}))
	}
	if p.load.taking {
		return p, tea.Batch(cmds...)
	}
	p, cmd := p.takeIn()
	return p, tea.Batch(append(cmds, cmd)...)
}

// unread is the first master whose keys are missing. Where another has taken over, they are read there.
func unread(failures []*keyspace.NodeError) *keyspace.NodeError {
	for _, f := range failures {
		if !errors.Is(f, keyspace.ErrMasterGone) {
			return f
		}
	}
	return nil
}

const (
	// sliceKeys is how many keys the tree takes in between two messages, at one or two microseconds each: a key that is pressed while a
	// large page is here is answered in the same frame.
	sliceKeys = 1000
	// While keys are pressed, and a moment longer, there is little work between two messages, and time between two slices.
	pressedFor   = 150 * time.Millisecond
	pressedSlice = 250
	pressedRest  = 4 * time.Millisecond
)

// slice is how many keys to take in, and how long to leave the time to others after that.
func (p Pane) slice() (keys int, rest time.Duration) {
	if p.config.Now().Sub(p.pressed) < pressedFor {
		return pressedSlice, pressedRest
	}
	return sliceKeys, 0
}

// takeIn lets the tree take in a slice of what has arrived, and asks for the next page while it goes on with that.
func (p Pane) takeIn() (Pane, tea.Cmd) {
	none := p.tree.RowCount() == 0
	p, rest, cmds := p.takeSlice()
	if none && p.tree.RowCount() > 0 {
		cmds = append(cmds, p.config.Timer(settleFor, settled{p.stamp(p.load.gen)}))
	}
	if p.load.progress.Done && p.load.renewing && p.load.failure == nil && len(p.load.arrived) == 0 {
		p.load.renewing, p.load.cleaning, p.load.cleaned = false, true, 0
	}
	p, step := p.step()
	p, next := p.goOn()
	p, look := p.look()
	cmds = append(cmds, step, next, look)
	if p.load.taking = len(p.load.arrived) > 0; p.load.taking {
		cmds = append(cmds, p.later(rest))
	}
	return p, tea.Batch(cmds...)
}

// takeSlice adds a slice of the keys that have arrived to the tree.
func (p Pane) takeSlice() (_ Pane, rest time.Duration, cmds []tea.Cmd) {
	room, rest := p.slice()
	for room > 0 && len(p.load.arrived) > 0 {
		batch := p.load.arrived[0]
		if batch.Restarted && p.load.taken == 0 && p.tree.Len() > 0 {
			p.tree.Renew(batch.Node)
			p.load.renewing = true
			cmds = append(cmds, say(kit.Warn, "a server restarted, or slots moved: its keys are read again"))
		}
		n := min(room, len(batch.Keys)-p.load.taken)
		slice := batch.Keys[p.load.taken : p.load.taken+n]
		p = p.anchored(func() { p.tree.Add(slice, batch.Node) })
		room -= n
		p.load.taken += n
		if p.load.taken == len(batch.Keys) {
			p.load.progress = batch.Progress
			p.load.arrived, p.load.taken = p.load.arrived[1:], 0
		}
	}
	return p, rest, cmds
}

// later asks for the next slice.
func (p Pane) later(rest time.Duration) tea.Cmd {
	if rest == 0 {
		return kit.Say(sliceDue{p.stamp(p.load.gen)})
	}
	return p.config.Timer(rest, sliceDue{p.stamp(p.load.gen)})
}

func (p Pane) sliceDue(msg sliceDue) (Pane, tea.Cmd) {
	if msg.gen != p.load.gen {
		return p, nil
	}
	return p.takeIn()
}

// settleFor is how long the cursor stays at the top while the first keys come. Nobody has pressed a key for what is under it by then;
// after it, the cursor stays on its row.
const settleFor = 200 * time.Millisecond

// leastRetry is how long to wait at least before a server that could not be read is asked again.
const leastRetry = 100 * time.Millisecond

func (p Pane) loadDue(msg loadDue) (Pane, tea.Cmd) {
	if msg.gen != p.load.gen {
		return p, nil
	}
	p.load.resting = false
	return p.goOn()
}

// goOn asks for the next page unless there is a reason not to.
func (p Pane) goOn() (Pane, tea.Cmd) {
	l := p.load
	if l.waiting || l.paused || l.offline || l.resting || l.progress.Done || l.full() {
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
	p.load.resting = false
	p.load.scanner.Resume()
	return p.goOn()
}

// rescan reads all keys again. Cursor, marks and open branches stay, and so do the rows; those of keys that are no more go at the end.
func (p Pane) rescan() (Pane, tea.Cmd) {
	p.load = p.newLoading()
	p.load.renewing = true
	p.tree.Renew()
	p.facts = p.facts.stale()
	p, cmd := p.goOn()
	p, look := p.look()
	return p, tea.Batch(cmd, look)
}

// reload reads the keys that the server's filter leaves. Keys that are marked stay, and so do open branches.
func (p Pane) reload() (Pane, tea.Cmd) {
	p, cmd := p.dropSweep()
	p, stop := p.stopCounting()
	p.load = p.newLoading()
	p.tree.ResetUnmarked()
	p.tree.SortBy(nil) // numbers begin anew
	p.order = order{gen: p.order.gen + 1}
	p.list, p.touched = kit.List{}, false
	p.marking = marking{}
	p, next := p.goOn()
	return p, tea.Batch(cmd, stop, next)
}

func (p Pane) offline() Pane {
	p.load.offline = true
	return p
}

func (p Pane) online() (Pane, tea.Cmd) {
	p.load.offline, p.load.resting = false, false
	p.load.scanner.Retry()
	p.describer = keyspace.NewDescriber(p.config.Masters) // another user, perhaps
	p, cmd := p.goOn()
	p.facts = p.facts.stale()
	p, look := p.look()
	return p, tea.Batch(cmd, look)
}

const (
	// stepLeast and stepMost bound how many keys the tree works on between two frames; how many it is depends on how long the last took.
	stepLeast, stepMost = 250, 16_000
	// stepShort and stepLong are how long that should take: a frame has 16 ms, and the key that was pressed is waiting.
	stepShort, stepLong = 3 * time.Millisecond, 7 * time.Millisecond
)

// paced returns how many keys to work on after a step of n that took a while.
func paced(n int, took time.Duration) int {
	switch {
	case took > stepLong:
		n /= 2
	case took < stepShort:
		n *= 2
	}
	return min(max(n, stepLeast), stepMost)
}

// step makes the tree go on with a filter or an order, if that is not under way.
func (p Pane) step() (Pane, tea.Cmd) {
	if p.load.stepping {
		return p, nil
	}
	var done bool
	var removed int
	budget := max(p.load.budget, stepLeast)
	began := p.config.Now()
	p = p.anchored(func() {
		if done = p.tree.Step(budget); done && p.load.cleaning {
			removed, done = p.tree.Sweep(budget)
		}
	})
	p.load.cleaned += removed
	if !done {
		p.load.budget = paced(budget, p.config.Now().Sub(began))
	}
	if !done {
		p.load.stepping = true
		return p, p.config.Timer(stepRest, stepDue{p.stamp(0)})
	}
	if p.load.cleaning {
		p.load.cleaning = false
		if p.load.cleaned > 0 {
			return p, say(kit.Plain, keysText(p.load.cleaned)+" are no more")
		}
	}
	return p, nil
}

// stepRest leaves room for keys that were pressed.
const stepRest = time.Millisecond

func (p Pane) stepDue(stepDue) (Pane, tea.Cmd) {
	p.load.stepping = false
	p, cmd := p.step()
	if p.load.stepping {
		return p, cmd
	}
	p, look := p.look()
	return p, tea.Batch(cmd, look)
}
