package tui

import (
	"reflect"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
)

// pulse decides how often Bubble Tea looks whether there is something to draw. Left alone it looks 60 times a second for as long as it
// runs: a frame comes up to 17 ms after the key that made it, and a program that nobody touches keeps the processor awake, which costs
// a laptop more than all else that redan does. With a pulse the frame of a key comes a millisecond after it, others at the pace of
// a screen, and when no message comes there is rest.
type pulse struct {
	find func() *time.Ticker // the one that Bubble Tea draws by, once the program runs; nil when there is none to be had

	mu     sync.Mutex
	ticker *time.Ticker
	pace   time.Duration // of the ticker: soonest, frame or resting; 0 before the first beat
	beats  int           // since it was last looked at
	watch  *time.Timer   // looks at it
}

const (
	// framesPerSecond is what Bubble Tea is asked for where there is no pulse, and the pace while messages come.
	framesPerSecond = 120
	soonest         = time.Millisecond
	frame           = time.Second / framesPerSecond
	// restsAfter is how long no message must come; while resting, what was missed is drawn after a second at the latest.
	restsAfter = 50 * time.Millisecond
	resting    = time.Second
)

// beat tells that a message has come. One from the user is urgent: its frame does not wait for its turn.
func (p *pulse) beat(urgent bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ticker == nil {
		if p.ticker = p.find(); p.ticker == nil {
			return
		}
		p.watch = time.AfterFunc(restsAfter, p.look)
	}
	p.beats++
	if p.pace == resting || urgent && p.pace != soonest {
		p.to(soonest, 3*soonest)
	}
}

// to changes the pace, and looks again after a while.
func (p *pulse) to(pace, after time.Duration) {
	p.pace = pace
	p.ticker.Reset(pace)
	p.watch.Reset(after)
}

// look goes over to the pace of a screen once the first frame is drawn, and to rest when no message has come for a while.
func (p *pulse) look() {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.pace != frame:
		p.to(frame, restsAfter)
	case p.beats > 0:
		p.watch.Reset(restsAfter)
	default:
		p.pace = resting // no more looking: the next beat ends it
		p.ticker.Reset(resting)
	}
	p.beats = 0
}

// tickerOf returns the ticker of a program that runs. Bubble Tea has no other way to be told when to draw; should the field go, this
// returns nil, the program draws at its steady pace, and a test says so.
func tickerOf(program *tea.Program) *time.Ticker {
	field := reflect.ValueOf(program).Elem().FieldByName("ticker")
	if !field.IsValid() || field.Type() != reflect.TypeFor[*time.Ticker]() {
		return nil
	}
	return (*time.Ticker)(field.UnsafePointer())
}
