package keys

import (
	"cmp"
	"math"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// order is what the keys are sorted by. What the server must be asked for is asked for once, for the keys that are shown then; until
// all is told, the order before stays on screen.
type order struct {
	by      sorting // on screen
	chosen  sorting // asked for, and not on screen yet
	reverse bool
	gen     int
	values  []int64 // by the number of the key, see keytree.ID.Number; unknown for those that nothing was told of
	told    int     // how many keys a value is known of
	sweep   *sweep  // while keys are asked for
}

// unknown is the value of a key that nothing was told of.
const unknown = math.MinInt64

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

func (o order) reverseOff() string {
	if o.by == byName {
		return "names are in one order only; s sorts by something else"
	}
	return ""
}

// sortRest is how long s must not be pressed again before the server is asked: who wants the last order does not pay for those before.
const sortRest = 400 * time.Millisecond

// sortNext chooses the next order.
func (p Pane) sortNext() (Pane, tea.Cmd) {
	next := (cmp.Or(p.order.chosen, p.order.by) + 1) % sortings
	p, cmd := p.dropSweep()
	p.order.gen++
	p.order.chosen = next
	if next == byName {
		p.order = order{gen: p.order.gen}
		p = p.anchored(func() { p.tree.SortBy(nil) })
		p, step := p.step()
		return p, tea.Batch(cmd, step, say(kit.Plain, "sorted by name"))
	}
	return p, tea.Batch(cmd, say(kit.Plain, "sort by "+next.String()+kit.Ellipsis().Of(p.config.Look)),
		p.config.Timer(sortRest, sortDue{p.stamp(p.order.gen)}))
}

// sortDue asks the server for what the keys are to be sorted by.
func (p Pane) sortDue(msg sortDue) (Pane, tea.Cmd) {
	if msg.gen != p.order.gen || p.order.chosen == byName {
		return p, nil
	}
	return p.beginSweep()
}

// value is what a key is sorted by.
func (s sorting) value(f fact) (int64, bool) {
	switch {
	case f.gone:
		return 0, false
	case s == byType && f.kind != "":
		return typeRank(f.kind), true
	case s == byLife && !f.expires.IsZero():
		return f.expires.UnixMilli(), true
	case s == byLife && f.told:
		return forever, true
	case s == bySize && f.size > 0:
		return -f.size, true // the largest first
	case s == byIdle && f.idleTold:
		return -int64(f.idle / time.Second), true // the longest first
	}
	return 0, false
}

// forever comes after every time, and before what is not known.
const forever = math.MaxInt64 - 1

// arrange puts the keys in order by what is known. That no row moves because of what is told later, the values are kept as they are.
func (p Pane) arrange() (Pane, tea.Cmd) {
	values, sign := p.order.values, int64(1)
	if p.order.reverse {
		sign = -1
	}
	p = p.anchored(func() {
		p.tree.SortBy(func(number int, _ string) (int64, bool) {
			if number >= len(values) || values[number] == unknown {
				return 0, false
			}
			return sign * values[number], true
		})
	})
	p, cmd := p.step()
	p, look := p.look()
	return p, tea.Batch(cmd, look)
}

func (p Pane) sortReverse() (Pane, tea.Cmd) {
	p.order.reverse = !p.order.reverse
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
