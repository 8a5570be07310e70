package keys

import (
	"context"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/ui/tui/kit"
)

// counting is a branch that is to be deleted and not wholly read: the server is asked for all keys that begin so, and they are loaded.
type counting struct {
	gen     int
	prefix  string
	scanner *keyspace.Scanner // nil when nothing is counted
	ctx     context.Context   //nolint:containedctx // ended by X
	cancel  context.CancelFunc
	found   int64
}

// count reads a branch to its end, before it is asked whether its keys shall be deleted.
func (p Pane) count(prefix string) (Pane, tea.Cmd) {
	p, stop := p.stopCounting()
	c := counting{gen: p.counting.gen + 1, prefix: prefix}
	c.ctx, c.cancel = context.WithCancel(p.ctx)
	o := keyspace.ScanOptions{Match: keyspace.Below(prefix), Type: p.load.kind, Now: p.config.Now}
	if p.load.glob != "" { // the server takes one pattern: what begins otherwise is left out here
		o.Match = p.load.glob
	}
	c.scanner = keyspace.NewScanner(p.config.Masters, o)
	p.counting = c
	return p, tea.Batch(stop, kit.Say(p.countWork()), countBelow(c.ctx, c.scanner, p.stamp(c.gen)))
}

// countWork is how far it is, for the footer.
func (p Pane) countWork() kit.Working {
	name := kit.Escape(strings.TrimSuffix(p.counting.prefix, p.tree.Delimiter()))
	return kit.Working{
		ID: workCount, Cancel: "X", Share: min(p.counting.scanner.Progress().Fraction, almost),
		Text: "looking for all keys under " + name + ": " + kit.Count(p.counting.found) + " so far",
	}
}

// stopCounting ends it.
func (p Pane) stopCounting() (Pane, tea.Cmd) {
	if p.counting.scanner == nil {
		return p, nil
	}
	p.counting.cancel()
	p.counting = counting{gen: p.counting.gen + 1}
	return p, kit.Say(kit.Working{ID: workCount})
}

// counted takes in some keys of the branch. Whatever the server took the pattern for, only what begins so is loaded.
func (p Pane) counted(msg counted) (Pane, tea.Cmd) {
	c := p.counting
	if msg.gen != c.gen || c.scanner == nil {
		return p, nil
	}
	done := false
	for _, batch := range msg.batches {
		below := make([]string, 0, len(batch.Keys))
		for _, key := range batch.Keys {
			if strings.HasPrefix(key, c.prefix) {
				below = append(below, key)
			}
		}
		p.counting.found += int64(len(below))
		p = p.anchored(func() { p.tree.Add(below, batch.Node) })
		done = done || batch.Done
	}
	p, look := p.look()
	if done {
		return p.countDone(look)
	}
	next := countBelow(c.ctx, c.scanner, p.stamp(c.gen))
	var node *keyspace.NodeError
	switch {
	case msg.err == nil:
		return p, tea.Batch(look, kit.Say(p.countWork()), next)
	case errors.Is(msg.err, context.Canceled):
		return p, look
	case errors.As(msg.err, &node) && p.config.Masters.Cluster(): // the others go on, and this one is tried again
		return p, tea.Batch(look, kit.Say(p.countWork()), say(kit.Warn, "waiting for "+kit.Escape(node.Error())+"; X stops"), next)
	}
	wait := leastRetry
	if node != nil {
		wait = max(wait, node.Retry)
	}
	return p, tea.Batch(look, kit.Say(kit.Failed{What: "read keys", Err: msg.err}), p.config.Timer(wait, countDue{p.stamp(c.gen)}))
}

// countDue goes on after a failure.
func (p Pane) countDue(msg countDue) (Pane, tea.Cmd) {
	c := p.counting
	switch {
	case msg.gen != c.gen || c.scanner == nil:
		return p, nil
	case p.load.offline:
		return p, p.config.Timer(removalRest, msg)
	}
	return p, countBelow(c.ctx, c.scanner, p.stamp(c.gen))
}

// countDone asks whether the keys shall be deleted, now that all are known.
func (p Pane) countDone(look tea.Cmd) (Pane, tea.Cmd) {
	prefix, failures := p.counting.prefix, p.counting.scanner.Failures()
	p, stop := p.stopCounting()
	keys := names(p.tree.Under(prefix), int(p.counting.found))
	if len(keys) == 0 {
		return p, tea.Batch(look, stop, say(kit.Warn, "there is no key under "+kit.Escape(prefix)+" any more"))
	}
	r := p.branchRemoval(prefix, keys)
	if failure := unread(failures); failure != nil {
		r.notes = append(r.notes, "not all masters could be read: "+kit.Escape(failure.Error()))
	}
	p, ask := p.propose(r)
	return p, tea.Batch(look, stop, ask)
}
