package transfer

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"redan/conn"
)

// ClusterPipe sends a stream of commands to a cluster, each to the master that serves its key, and counts the replies. It does so in rounds:
// what has come of the input goes to all masters concerned at the same time, and the next round begins when each command of this one is
// answered. So the commands for one key are run in the order of the input, redirections and all; among keys there is no order, and what
// nobody could serve for a moment (TRYAGAIN, CLUSTERDOWN) may come behind what was sent with it.
//
// Memory is bounded by the size of a round, or of the largest command: it is held until it is answered, since it may be redirected. A
// ClusterPipe is for one Run.
type ClusterPipe struct {
	// Patience is how long silence of the masters is borne once the input has ended; 0 is for ever.
	Patience time.Duration
	// Now tells the time.
	Now func() time.Time
	// OnError is told each error reply, at the end of its round and in the order of the input.
	OnError func(PipeError)
	// OnSent is told that the input has ended.
	OnSent func()
	// BeforeRead is called before the input is waited for.
	BeforeRead func()
	// Masters are those of the cluster.
	Masters Masters
	// Keyless is the one that commands without a key go to.
	Keyless int
	// Open connects to a master.
	Open func(ctx context.Context, node int) (*conn.Session, error)
	// Key returns the key by which a command is routed; keyed is false when it has none. An error is why the command cannot be sent to a cluster.
	Key func(words []string) (key string, keyed bool, err error)
	// Split cuts an inline command into words.
	Split func(line string) ([]string, error)

	ledger
	framing framing
	cut     *Cut
	routed  int64    // commands of the input that were given to a round
	words   []string // of the command that is being routed
	parcels []parcel // of a round
	open    []*parcel
	waited  time.Duration // for slots that nobody serves
	gaveUp  bool          // on those
	// refreshed tells that the masters were asked who serves what for this round
	refreshed bool

	mu     sync.Mutex
	links  map[int]*masterLink // guarded by mu
	halted error               // why no connection is used any more; guarded by mu
	heard  time.Time           // when something came last; guarded by mu
}

// Masters are the masters of a cluster, known by their numbers.
type Masters interface {
	// Owner is the number of the master that serves a key; ok is false where none is known.
	Owner(key string) (node int, ok bool)
	// Redirect reads the MOVED or ASK that a master answered with, and returns where the command is to go: after ASKING, or for good, which is
	// noted.
	Redirect(from int, answer string) (to int, asking, ok bool)
	// Refresh asks the masters who serves what.
	Refresh(ctx context.Context) error
}

// UnsendableError is a command that cannot be sent to a cluster.
type UnsendableError struct {
	Command int64  // its number, from 1 on
	Name    string // "" for what is no command
	Err     error
}

func (e *UnsendableError) Error() string { return e.Err.Error() }

func (e *UnsendableError) Unwrap() error { return e.Err }

// Run sends the input and reads the replies until the last one, the end of ctx, or whatever else ends it. A read of the input that waits at
// that time is left behind.
func (p *ClusterPipe) Run(ctx context.Context, input io.Reader) PipeReport {
	began := p.Now()
	p.links = map[int]*masterLink{}
	stop := context.AfterFunc(ctx, func() { p.halt(errStopped) })
	defer stop()
	src := newFeed(input)
	defer src.stop()
	how, err := p.load(ctx, src)
	p.mu.Lock()
	defer p.mu.Unlock()
	r := PipeReport{
		Ending: how, Elapsed: p.Now().Sub(began), PipeProgress: p.Progress(), Kinds: p.tally.list(), Cut: p.cut,
		Garbage: p.framing.garbage, NUL: p.framing.nul, Last: string(p.last), Err: err, Patience: p.Patience,
	}
	for _, l := range p.links {
		_ = l.session.Close()
	}
	return r
}

// load sends the input, round by round.
func (p *ClusterPipe) load(ctx context.Context, src *feed) (Ending, error) {
	var input strings.Builder
	for {
		if p.BeforeRead != nil {
			p.BeforeRead()
		}
		end := p.take(ctx, src, &input)
		if ctx.Err() != nil {
			return Stopped, ctx.Err()
		}
		if end == nil && !p.anyWhole() {
			continue
		}
		text := input.String()
		round, size, unsendable := p.pack(ctx, text)
		last := errors.Is(end, io.EOF)
		if last && unsendable == nil {
			defer p.expectReplies()()
		}
		err := p.deliver(ctx, round)
		p.settle(round)
		switch {
		case err != nil:
			return p.broken(ctx, err)
		case unsendable != nil:
			return Unsendable, unsendable
		case last && p.cut != nil:
			return Truncated, nil
		case last:
			return Complete, nil
		case end != nil:
			return Unreadable, end
		}
		input = strings.Builder{}
		input.Grow(len(text) - size + roundSize + chunkSize)
		input.WriteString(text[size:])
	}
}

// take waits for more of the input, and adds it and whatever else has come, to about a round's size. The error is that of the input, at its
// end.
func (p *ClusterPipe) take(ctx context.Context, src *feed, input *strings.Builder) (end error) {
	for wait := true; wait || input.Len() < roundSize; wait = false {
		b, err := src.next(ctx, wait)
		if errors.Is(err, io.EOF) {
			if p.cut = p.framing.end(); p.cut == nil {
				input.WriteString(lineBreak) // ends an inline command that has none
			}
		}
		if b == nil {
			p.commands.Store(p.framing.commands)
			return err
		}
		input.Write(b)
		p.framing.feed(b)
		src.release(b)
	}
	p.commands.Store(p.framing.commands)
	return nil
}

// anyWhole reports whether the input has something that a round can pass over, if only blank lines.
func (p *ClusterPipe) anyWhole() bool {
	return p.framing.commands > p.routed || p.framing.state == between || p.framing.garbage != nil
}

// settle accounts for the replies of a round.
func (p *ClusterPipe) settle(round []parcel) {
	for i := range round {
		c := &round[i]
		if c.answered {
			p.replies.Add(1)
		}
		if c.answered && c.refused {
			p.failed(PipeError{Number: c.number, Text: []byte(c.failure), Cut: c.shortened}, p.OnError)
		}
	}
}

// broken says why the connections are of no use any more.
func (p *ClusterPipe) broken(ctx context.Context, err error) (Ending, error) {
	p.mu.Lock()
	why := p.halted
	p.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return Stopped, ctx.Err()
	case errors.Is(why, errSilent):
		return Silent, nil
	}
	return Lost, err
}

// expectReplies tells that the input has ended, and sees to it that silence is borne no longer than p.Patience from then on.
func (p *ClusterPipe) expectReplies() (stop func()) {
	if p.OnSent != nil {
		p.OnSent()
	}
	if p.Patience <= 0 {
		return func() {}
	}
	p.hear()
	quit := make(chan struct{})
	go p.watch(quit)
	return func() { close(quit) }
}

// watch ends the load when the masters have been silent for p.Patience.
func (p *ClusterPipe) watch(quit <-chan struct{}) {
	timer := time.NewTimer(p.Patience)
	defer timer.Stop()
	for {
		select {
		case <-quit:
			return
		case <-timer.C:
		}
		p.mu.Lock()
		left := p.Patience - p.Now().Sub(p.heard)
		p.mu.Unlock()
		if left <= 0 {
			p.halt(errSilent)
			return
		}
		timer.Reset(left)
	}
}

// hear notes that a master has said something.
func (p *ClusterPipe) hear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = p.Now()
}

// halt ends all that waits for a master, and all that will.
func (p *ClusterPipe) halt(why error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.halted == nil {
		p.halted = why
	}
	for _, l := range p.links {
		l.halt()
	}
}
