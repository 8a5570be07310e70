package keys

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/ui/tui/kit"
)

// order is what the keys are sorted by. What the server must be asked for is asked for once, for the keys that are shown then.
type order struct {
	by      sorting
	reverse bool
	gen     int
	values  map[string]int64 // by key, what was told
	sweep   *sweep           // while keys are asked for
}

// sweep is keys that are being asked for an order.
type sweep struct {
	ctx     context.Context //nolint:containedctx // ended by X
	cancel  context.CancelFunc
	match   func(string) bool // the filter; nil lets all pass
	queue   []string
	seen    int // of the keys that pass
	asked   int
	running bool
}

type sorting int

const (
	byName sorting = iota
	byType
	byLife
	bySize
	byIdle
	sortings
)

func (s sorting) String() string {
	switch s {
	case byType:
		return "type"
	case byLife:
		return "TTL"
	case bySize:
		return "size"
	case byIdle:
		return "idle time"
	case byName, sortings:
	}
	return "name"
}

const (
	// sweepMost is how many keys are asked for an order; who has more filters first.
	sweepMost = 200_000
	// sweepPage is how many are asked for at a time.
	sweepPage = 500
)

func (o order) reverseOff() string {
	if o.by == byName {
		return "names are in one order only; s sorts by something else"
	}
	return ""
}

func (p Pane) sortNext() (Pane, tea.Cmd) {
	p = p.dropSweep()
	p.order = order{by: (p.order.by + 1) % sortings, gen: p.order.gen + 1}
	if p.order.by == byName {
		p.tree.SortBy(nil)
		p, cmd := p.step()
		return p, tea.Batch(cmd, say(kit.Plain, "sorted by name"))
	}
	p.order.values = map[string]int64{}
	ctx, cancel := context.WithCancel(p.ctx)
	p.order.sweep = &sweep{ctx: ctx, cancel: cancel, match: p.filter.match}
	p.tree.SortBy(p.order.sweep.collect) // in passing it shows all keys
	p, cmd := p.step()
	return p, cmd
}

// collect is asked by the tree for each key: it takes down those that the server must be asked for.
func (s *sweep) collect(key string) (int64, bool) {
	if s.running || s.match != nil && !s.match(key) {
		return 0, false
	}
	if s.seen++; len(s.queue) < sweepMost {
		s.queue = append(s.queue, key)
	}
	return 0, false
}

// dropSweep ends asking for an order.
func (p Pane) dropSweep() Pane {
	if p.order.sweep != nil {
		p.order.sweep.cancel()
		p.order.sweep = nil
	}
	return p
}

// beginSweep is called when the tree has shown all keys: now the server is asked.
func (p Pane) beginSweep() (Pane, tea.Cmd) {
	s := p.order.sweep
	if s == nil || s.running {
		return p, nil
	}
	s.running = true
	return p.sweepOn()
}

// sweepOn asks for the next keys, or puts them in order when all are known.
func (p Pane) sweepOn() (Pane, tea.Cmd) {
	s := p.order.sweep
	if s.asked < len(s.queue) {
		page := s.queue[s.asked:min(len(s.queue), s.asked+sweepPage)]
		more := keyspace.Questions{Size: p.order.by == bySize, Idle: p.order.by == byIdle}
		return p, tea.Batch(kit.Say(kit.Working{
			ID: workSweep, Cancel: "X", Share: float64(s.asked) / float64(len(s.queue)),
			Text: "asking " + keysText(len(s.queue)) + " for their " + p.order.by.String(),
		}), ask(s.ctx, p.describer, p.config.Now, page, more, p.stamp(p.order.gen)))
	}
	text := "sorted by " + p.order.by.String() + ": " + keysText(len(p.order.values))
	if missing := s.seen - len(p.order.values); missing > 0 {
		text += "; " + kit.Count(int64(missing)) + " are not known, and last"
	}
	if s.seen > len(s.queue) {
		text += "; a filter leaves fewer"
	}
	p = p.dropSweep()
	p, cmd := p.arrange()
	return p, tea.Batch(cmd, kit.Say(kit.Working{ID: workSweep}), say(kit.Plain, text))
}

// swept takes in what was told of some keys.
func (p Pane) swept(msg swept) (Pane, tea.Cmd) {
	s := p.order.sweep
	if msg.gen != p.order.gen || s == nil {
		return p, nil
	}
	if msg.err != nil {
		p = p.dropSweep()
		if errors.Is(msg.err, context.Canceled) {
			return p, nil
		}
		return p, tea.Batch(kit.Say(kit.Working{ID: workSweep}), kit.Say(kit.Failed{What: "sort", Err: msg.err}))
	}
	s.asked += len(msg.facts)
	for _, f := range msg.facts {
		p.facts.put(f.key, f)
		if value, ok := p.order.value(f); ok {
			p.order.values[f.key] = value
		}
	}
	if len(msg.facts) == 0 { // never, but a loop would have no end
		s.asked = len(s.queue)
	}
	return p.sweepOn()
}

// value is what a key is sorted by.
func (o order) value(f fact) (int64, bool) {
	switch {
	case f.gone:
		return 0, false
	case o.by == byType && f.kind != "":
		return typeRank(f.kind), true
	case o.by == byLife && !f.expires.IsZero():
		return f.expires.UnixMilli(), true
	case o.by == bySize && f.size > 0:
		return -f.size, true // the largest first
	case o.by == byIdle && f.idleTold:
		return -int64(f.idle / time.Second), true // the longest first
	}
	return 0, false
}

// arrange puts the keys in order by what is known.
func (p Pane) arrange() (Pane, tea.Cmd) {
	values, sign := p.order.values, int64(1)
	if p.order.reverse {
		sign = -1
	}
	p.tree.SortBy(func(key string) (int64, bool) {
		value, ok := values[key]
		return sign * value, ok
	})
	p, cmd := p.step()
	p, look := p.look()
	return p, tea.Batch(cmd, look)
}

func (p Pane) sortReverse() (Pane, tea.Cmd) {
	p.order.reverse = !p.order.reverse
	if p.order.sweep != nil {
		return p, nil
	}
	return p.arrange()
}

// typeRank puts the types in the order that people list them in.
func typeRank(kind string) int64 {
	for i, word := range []string{"str", "hash", "list", "set", "zset", "strm", "json", "vset"} {
		if kit.TypeWord(kind) == word {
			return int64(i)
		}
	}
	return int64(len(kind)) + 100
}
