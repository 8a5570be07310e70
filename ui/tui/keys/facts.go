package keys

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/ui/tui/kit"
)

// fact is what is known of one key.
type fact struct {
	key     string
	kind    string    // as TYPE says; empty when the server does not tell
	expires time.Time // zero when it does not expire
	told    bool      // the server told whether it expires
	asked   time.Time
	gone    bool // it did not exist when it was asked for

	// What is only asked for to sort.
	size     int64
	idle     time.Duration
	idleTold bool
}

func newFact(f keyspace.Facts, now time.Time) fact {
	known := fact{key: f.Key, kind: f.Type.Value, asked: now, gone: f.Gone, told: f.TTL.Access == keyspace.Known}
	known.size = f.Size.Value
	known.idle, known.idleTold = f.Idle.Value, f.Idle.Access == keyspace.Known
	if known.told && f.TTL.Value != keyspace.Persistent {
		known.expires = now.Add(f.TTL.Value)
	}
	return known
}

// over reports whether the key has lived its time.
func (f fact) over(now time.Time) bool { return !f.expires.IsZero() && !now.Before(f.expires) }

// facts are what is known of keys that were on screen, and what is being asked.
type facts struct {
	known map[string]fact
	gen   int
	due   bool // rows changed, and will be asked for soon
	busy  bool // they are being asked for
	again bool // and changed meanwhile
}

func newFacts() facts { return facts{known: map[string]fact{}} }

const (
	// factsKept bounds memory: what is beyond is forgotten and asked for again when it is on screen.
	factsKept = 20000
	// settle is how long rows must stand still before they are asked for.
	settle = 30 * time.Millisecond
	// factAge is how long a fact on screen is believed.
	factAge = 10 * time.Second
)

// stale makes all that is known be asked for again, and keeps it on screen meanwhile.
func (f facts) stale() facts {
	for key, known := range f.known {
		known.asked = time.Time{}
		f.known[key] = known
	}
	return f
}

func (f facts) put(key string, known fact) {
	if len(f.known) >= factsKept {
		clear(f.known)
	}
	f.known[key] = known
}

// missing are the keys on screen of which nothing is known, or what is known is older than age.
func (p Pane) missing(age time.Duration) []string {
	var keys []string
	for _, row := range p.tree.Rows(p.list.Top, p.rows()) {
		if row.Branch {
			continue
		}
		if known, ok := p.facts.known[row.Key]; !ok || p.now.Sub(known.asked) > age || known.over(p.now) && !known.gone {
			keys = append(keys, row.Key)
		}
	}
	return keys
}

// look sees to it that the rows on screen are described soon.
func (p Pane) look() (Pane, tea.Cmd) {
	if p.facts.busy {
		p.facts.again = true
		return p, nil
	}
	if p.facts.due || p.load.offline || len(p.missing(factAge)) == 0 {
		return p, nil
	}
	p.facts.due = true
	p.facts.gen++
	return p, p.config.Timer(settle, describeDue{p.stamp(p.facts.gen)})
}

func (p Pane) describeDue(msg describeDue) (Pane, tea.Cmd) {
	if msg.gen != p.facts.gen {
		return p, nil
	}
	p.facts.due = false
	keys := p.missing(factAge)
	if len(keys) == 0 || p.load.offline {
		return p, nil
	}
	p.facts.busy, p.facts.again = true, false
	return p, describe(p.ctx, p.describer, p.config.Now, keys, p.stamp(p.facts.gen))
}

func (p Pane) described(msg described) (Pane, tea.Cmd) {
	p.facts.busy = false
	p.now = p.config.Now()
	for _, known := range msg.facts {
		p.facts.put(known.key, known)
	}
	if msg.err != nil {
		return p, kit.Say(kit.Failed{What: "read types and times to live", Err: msg.err})
	}
	if p.facts.again {
		return p.look()
	}
	return p, nil
}

// tick is once a second: lives get shorter, and what is on screen is asked for again when it is old.
func (p Pane) tick(now time.Time) (Pane, tea.Cmd) {
	p.now = now
	return p.look()
}
