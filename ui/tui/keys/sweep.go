package keys

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/ui/tui/kit"
)

// sweep is keys that are being asked for an order, a page at a time, in the order of their numbers.
type sweep struct {
	ctx     context.Context //nolint:containedctx // ended by X
	cancel  context.CancelFunc
	census  *keyspace.Census
	by      sorting
	values  []int64
	numbers []int // of the keys that are asked for just now
	at      int   // the number to go on with
	total   int   // keys that there were when it began
	asked   int
	told    int
	since   time.Time // of the page under way
	speed   float64   // keys a second, by the last page
	agreed  bool      // that it may take a while
	failed  error     // of one master: its keys are not known
}

const (
	// sweepFree is how many keys are asked for without a word.
	sweepFree = 20_000
	// sweepTried is how many are asked for before it is said how long all will take.
	sweepTried = 2000
)

// beginSweep begins to ask for what was chosen.
func (p Pane) beginSweep() (Pane, tea.Cmd) {
	ctx, cancel := context.WithCancel(p.ctx)
	p.order.sweep = &sweep{
		ctx: ctx, cancel: cancel, by: p.order.chosen, total: p.tree.Shown(),
		census: keyspace.NewCensus(p.describer, keyspace.CensusOptions{Now: p.config.Now}),
	}
	return p.sweepOn()
}

// dropSweep ends asking for an order. What is on screen stays.
func (p Pane) dropSweep() (Pane, tea.Cmd) {
	p.order.chosen = byName
	if p.order.sweep == nil {
		return p, nil
	}
	p.order.sweep.cancel()
	p.order.sweep = nil
	return p, kit.Say(kit.Working{ID: workSweep})
}

// questions are what is asked for an order, and no more.
func (s sorting) questions() keyspace.Questions {
	return keyspace.Questions{NoType: s != byType, NoTTL: s != byLife, Size: s == bySize, Idle: s == byIdle}
}

// command is what a person would type for it.
func (s sorting) command() string {
	switch s {
	case byLife:
		return "PTTL"
	case bySize:
		return "MEMORY USAGE"
	case byIdle:
		return "OBJECT IDLETIME"
	case byType, byName, sortings:
	}
	return "TYPE"
}

// sweepOn asks for the next keys, or puts them in order when all are known.
func (p Pane) sweepOn() (Pane, tea.Cmd) {
	s := p.order.sweep
	keys, numbers, next := p.tree.Keys(s.at, s.census.AtOnce())
	if len(keys) == 0 {
		return p.endSweep("sorted by ", kit.Plain)
	}
	s.numbers, s.at, s.since = numbers, next, p.config.Now()
	return p, tea.Batch(kit.Say(s.work()), ask(s.ctx, s.census, p.config.Now, keys, s.by.questions(), p.stamp(p.order.gen)))
}

// work is how far it is, for the footer.
func (s *sweep) work() kit.Working {
	text := "asking " + keysText(s.total) + " for their " + s.by.String()
	if left := s.left(); left > time.Second {
		text += ", " + kit.Life(left) + " left"
	}
	return kit.Working{ID: workSweep, Cancel: "X", Share: min(float64(s.asked)/float64(max(s.total, 1)), almost), Text: text}
}

// almost is shown instead of an end that has not come.
const almost = 0.99

// left is about how long it will take.
func (s *sweep) left() time.Duration {
	if s.speed <= 0 {
		return 0
	}
	return time.Duration(float64(max(0, s.total-s.asked)) / s.speed * float64(time.Second))
}

// swept takes in what was told of some keys.
func (p Pane) swept(msg swept) (Pane, tea.Cmd) {
	s := p.order.sweep
	if msg.gen != p.order.gen || s == nil {
		return p, nil
	}
	var node *keyspace.NodeError
	switch {
	case errors.Is(msg.err, context.Canceled):
		return p, nil
	case errors.As(msg.err, &node) && p.config.Masters.Cluster() && len(msg.facts) > 0: // the others tell
		s.failed = msg.err
	case msg.err != nil:
		p, cmd := p.dropSweep()
		return p, tea.Batch(cmd, kit.Say(kit.Failed{What: "sort", Err: msg.err}))
	}
	known := s.take(msg.facts)
	for _, f := range msg.facts {
		if _, shown := p.facts.known[f.key]; shown && f.gone {
			p.facts.put(f.key, f)
		}
	}
	if known == 0 && s.told == 0 && s.asked >= sweepTried/4 && s.failed == nil {
		return p.sweepNotTold()
	}
	if took := p.config.Now().Sub(s.since); took > 0 {
		s.speed = float64(len(msg.facts)) / took.Seconds()
	}
	if rest := s.total - s.asked; !s.agreed && s.asked >= sweepTried && rest > sweepFree {
		return p, tea.Batch(kit.Say(kit.Working{ID: workSweep}), kit.Say(s.question()))
	}
	return p.sweepOn()
}

// sweepNotTold ends it where the server tells nothing of what was asked for. The order before stays.
func (p Pane) sweepNotTold() (Pane, tea.Cmd) {
	by := p.order.sweep.by
	p, cmd := p.dropSweep()
	return p, tea.Batch(cmd, say(kit.Warn, "the server does not tell the "+by.String()+" of these keys ("+by.command()+")"))
}

// take takes in what was told, and returns of how many keys that was something.
func (s *sweep) take(facts []fact) (known int) {
	for i, f := range facts {
		if i >= len(s.numbers) {
			break
		}
		for len(s.values) <= s.numbers[i] {
			s.values = append(s.values, unknown)
		}
		if value, ok := s.by.value(f); ok {
			s.values[s.numbers[i]] = value
			known++
		}
	}
	s.asked += len(facts)
	s.told += known
	return known
}

// question tells what an order costs before it is asked for.
func (s *sweep) question() kit.Confirm {
	return kit.Confirm{
		ID: askSort, Title: "Sort " + keysText(s.total) + " by " + s.by.String(), Action: "ask the server", Level: kit.Warn,
		Lines: []string{
			"The server keeps no such order: it is asked " + s.by.command() + " for every key,",
			"in pipelines that take a third of its time at most: about " + kit.Life(s.left()) + " more.",
			"X stops it; what is known by then is in order. A filter (/) leaves fewer keys to ask for.",
		},
	}
}

// sweepAgreed takes in whether to go on.
func (p Pane) sweepAgreed(yes bool) (Pane, tea.Cmd) {
	if p.order.sweep == nil {
		return p, nil
	}
	if !yes {
		return p.dropSweep()
	}
	p.order.sweep.agreed = true
	return p.sweepOn()
}

// endSweep puts the keys in order by what is known now.
func (p Pane) endSweep(prefix string, level kit.Level) (Pane, tea.Cmd) {
	s := p.order.sweep
	if s.told == 0 && s.asked > 0 && s.failed == nil {
		return p.sweepNotTold()
	}
	text := prefix + s.by.String() + ": " + keysText(s.told)
	if missing := p.tree.Shown() - s.told; missing > 0 {
		text += "; " + kit.Count(int64(missing)) + " are not known, and last"
	}
	if !p.load.progress.Done {
		text += "; more are being read, s sorts again"
	}
	p.order.values, p.order.told, p.order.by, p.order.reverse = s.values, s.told, s.by, false
	p, drop := p.dropSweep()
	p, cmd := p.arrange()
	return p, tea.Batch(cmd, drop, say(level, text))
}
