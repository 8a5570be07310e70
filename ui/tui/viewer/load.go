package viewer

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
	"redan/ui/view"
)

// slowAfter is how long a load may take before it is told what is awaited.
const slowAfter = 150 * time.Millisecond

// loading is something that was asked of the server.
type loading struct {
	gen    int
	cancel context.CancelFunc
	what   string // is being done: "reading the next fields"
	slow   bool
}

func (l loading) active() bool { return l.cancel != nil }

// end ends it: what is still to come is too late.
func (l loading) end() {
	if l.cancel != nil {
		l.cancel()
	}
}

// ended is f with nothing to wait for.
func (f face) ended() face {
	f.load.end()
	f.load = loading{}
	return f
}

// begin starts a load. Its task gets the context and the stamp.
func (p Pane) begin(what string, task func(context.Context, stamp) tea.Cmd) (Pane, loading, tea.Cmd) {
	p.gen++
	ctx, cancel := context.WithCancel(p.config.Context)
	s := stamp{pane: p.config.ID, gen: p.gen}
	return p, loading{gen: p.gen, cancel: cancel, what: what},
		tea.Batch(task(ctx, s), p.config.Timer(slowAfter, slowDue{stamp: s}))
}

// load starts a load for a face. The one it may have waited for before is given up.
func (p Pane) load(i int, what string, task func(context.Context, stamp) tea.Cmd) (Pane, tea.Cmd) {
	f := p.faces[i]
	f.load.end()
	p, load, cmd := p.begin("reading "+what, task)
	f.load = load
	return p.with(i, f), cmd
}

// state is what can be said of the key on screen.
type state int

const (
	empty  state = iota // there is none
	here                // its value was read
	failed              // it could not be
	gone                // it does not exist any more
	turned              // it is of another type now
)

// value is the key on screen.
type value struct {
	key, kind string
	state     state
	facts     view.Facts
	read      time.Time // when
	expires   time.Time // zero for never
	why       error     // for failed and turned
}

// opening is a key that was asked for. What is on screen stays until its value is there, or is slow to come.
type opening struct {
	key, kind string
	load      loading
	place     view.Place // where to begin
	keep      kit.List   // the cursor of a value that is read again
	again     bool
}

// open asks for a key's value.
func (p Pane) open(key, kind string, back bool) (Pane, tea.Cmd) {
	if p.value.state == here && p.value.key == key && !p.opening.load.active() {
		return p, nil
	}
	p.places = p.places.leave(p)
	o := opening{key: key, kind: kind}
	if back {
		o.place, o.keep = p.places.of(key)
	}
	return p.ask(o)
}

func (p Pane) ask(o opening) (Pane, tea.Cmd) {
	p.abandon()
	p.links.load.end()
	p.links = links{} // they may have come and gone
	request := view.Request{Key: o.key, Place: o.place, NoFieldLife: p.noLives}
	if o.again && len(p.faces) > 0 {
		base := p.faces[0].table.request
		request.Reverse, request.Geo = base.Reverse, base.Geo
	}
	client, now, decoder := p.config.Client, p.config.Now, decoderFor(o.key, p.config.Decoders)
	p, load, cmd := p.begin("reading the value", func(ctx context.Context, s stamp) tea.Cmd {
		return openValue(ctx, client, now, request, o.kind, decoder, s)
	})
	o.load = load
	p.opening = o
	return p, cmd
}

// abandon gives up all that is awaited.
func (p Pane) abandon() {
	p.opening.load.end()
	for _, f := range p.faces {
		f.load.end()
	}
}

// clear takes the value on screen away, because another key was opened and is slow.
func (p Pane) clear() Pane {
	if p.opening.again && p.opening.key == p.value.key {
		return p // it is read again: what is seen is of this key
	}
	p.value = value{key: p.opening.key, kind: p.opening.kind, facts: unknownFacts(p.opening.key)}
	p.faces = nil
	return p
}

func unknownFacts(key string) view.Facts {
	return view.Facts{Key: key, Length: view.Missing, Memory: view.Missing, Life: view.Missing, Idle: view.Missing, Frequency: view.Missing}
}

// opened takes in a key's value.
func (p Pane) opened(msg opened) (Pane, tea.Cmd) {
	o := p.opening
	o.load.end()
	p.opening = opening{}
	if errors.Is(msg.err, context.Canceled) {
		return p, nil
	}
	same := o.again && o.key == p.value.key
	before := p.value
	p.value = value{key: o.key, kind: msg.facts.Type, facts: msg.facts, read: msg.at, state: here}
	if msg.facts.Life >= 0 {
		p.value.expires = msg.at.Add(msg.facts.Life)
	}
	if msg.err != nil {
		return p.unread(before, same, msg.err)
	}
	p.noLives = p.noLives || msg.noLives
	f := msg.face.fit(p.inner(), p.rows())
	if !same || len(p.faces) == 0 {
		f.list = o.keep.Fit(f.count(), p.rows())
		p.faces = []face{f}
		return p.near(0)
	}
	f.list = o.keep.Fit(f.count(), p.rows())
	p = p.with(0, f)
	p, more := p.near(0)
	p, reread := p.rereadTop()
	return p, tea.Batch(more, reread)
}

// unread tells why a value was not read. One that is on screen stays there.
func (p Pane) unread(before value, same bool, err error) (Pane, tea.Cmd) {
	key := p.value.key
	if same {
		p.value = before
	} else {
		p.value.facts, p.faces = unknownFacts(key), nil
	}
	if errors.Is(err, view.ErrGone) {
		p.value.state = gone
		return p, kit.Say(kit.KeyGone{Key: key})
	}
	p.value.state, p.value.why = failed, err
	return p, kit.Say(kit.Failed{What: "read " + kit.Name(key), Err: err})
}

// trouble takes in an error that a load on the value on screen ended with. It is said in place.
func (p Pane) trouble(what string, err error) (Pane, tea.Cmd) {
	var other *view.TypeError
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return p, nil
	case errors.Is(err, view.ErrGone):
		p.value.state = gone
		return p, kit.Say(kit.KeyGone{Key: p.value.key})
	case errors.As(err, &other):
		p.value.state, p.value.why = turned, err
		return p, nil
	}
	return p, kit.Say(kit.Failed{What: what, Err: err})
}

// again reads the key's value again; the cursor stays where it is.
func (p Pane) again() (Pane, tea.Cmd) {
	if p.value.key == "" && p.value.state == empty {
		return p, nil
	}
	o := opening{key: p.value.key, kind: p.value.kind, again: true}
	o.place, o.keep = p.standing()
	return p.ask(o)
}

// online reads the value again: it could not be read, or was read from a server that may have lost it, or no longer be the same.
func (p Pane) online() (Pane, tea.Cmd) {
	p.offline = false
	if p.value.state == empty {
		return p, nil
	}
	return p.reload()
}

// tick moves the clock: a key whose end has come is asked for.
func (p Pane) tick(now time.Time) (Pane, tea.Cmd) {
	p.now = now
	over := !p.value.expires.IsZero() && !now.Before(p.value.expires.Add(time.Second))
	if p.value.state != here || !over || p.opening.load.active() || p.offline {
		return p, nil
	}
	return p.again()
}

// keyGone takes in that a key was found to exist no more.
func (p Pane) keyGone(key string) Pane {
	if p.value.state == here && p.value.key == key {
		p.value.state = gone
	}
	return p
}

// keyChanged reads the key again that we wrote.
func (p Pane) keyChanged(key string) (Pane, tea.Cmd) {
	if p.value.state == empty || p.value.key != key || p.opening.load.active() {
		return p, nil
	}
	return p.again()
}

// giveUp ends the load that is waited for.
func (p Pane) giveUp() Pane {
	if p.opening.load.active() {
		p.opening.load.end()
		p.opening.load = loading{}
		if p.value.state == empty {
			p.value.state, p.value.why = failed, errGivenUp
		}
		return p
	}
	if p.writing.load.active() {
		p.writing.load.cancel() // what became of it is still to be told
		return p
	}
	for i, f := range p.faces {
		if f.load.active() {
			f = f.ended()
			f.stopped = true
			p = p.with(i, f)
		}
	}
	return p
}

var errGivenUp = errors.New("reading it was given up")

// Underway names what ctrl+c gives up, empty for nothing.
func (p Pane) Underway() string {
	if load, waiting := p.waiting(); waiting {
		return load.what
	}
	return ""
}

// waiting is the load that the user waits for.
func (p Pane) waiting() (loading, bool) {
	if p.opening.load.active() {
		return p.opening.load, true
	}
	if p.writing.load.active() {
		return p.writing.load, true
	}
	for _, f := range p.faces {
		if f.load.active() {
			return f.load, true
		}
	}
	return loading{}, false
}
