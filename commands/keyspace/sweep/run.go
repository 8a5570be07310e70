package sweep

import (
	"context"
	"fmt"
	"sync"
	"time"

	"redan/conn"
)

// NodeError is a node that cannot be read, or not any further.
type NodeError struct {
	Node    int
	Addr    conn.Addr
	Command string // that failed, "" for the connection
	Err     error  // a resp.ServerError when the server said so
}

// Error says what failed, and where.
func (e *NodeError) Error() string {
	if e.Command == "" {
		return e.Addr.String() + ": " + e.Err.Error()
	}
	return fmt.Sprintf("%s: %s: %v", e.Addr, e.Command, e.Err)
}

func (e *NodeError) Unwrap() error { return e.Err }

// result is what a node hands on: a page, or why there will be no more.
type result struct {
	page *page
	err  error
}

// run reads the nodes at the same time and yields what comes.
func (s *Sweep) run(ctx context.Context, yield func(Page, error) bool) {
	reading, cancel := context.WithCancel(ctx)
	results := make(chan result)
	defer func() {
		cancel()
		for range results {
			continue // until nobody reads any more
		}
	}()
	s.tally.begin(len(s.nodes))
	s.start(reading, results)
	beats, quiet := s.beats()
	defer quiet()
	stopped := false
	for {
		select {
		case <-beats:
			if !yield(Page{}, nil) {
				return
			}
		case r, more := <-results:
			switch {
			case !more && stopped:
				yield(Page{}, ctx.Err())
				return
			case !more:
				return
			case r.err != nil && ctx.Err() != nil:
				stopped = true // the nodes say so, each
			case !s.hand(r, yield):
				return
			}
		}
	}
}

// hand yields what came of a node, and reports whether more is wanted.
func (s *Sweep) hand(r result, yield func(Page, error) bool) bool {
	if r.page == nil {
		return yield(Page{}, r.err)
	}
	defer s.used.put(r.page)
	return yield(Page{Keys: r.page.keys, Node: r.page.node, Cursor: r.page.cursor}, nil)
}

// beats tells when an empty page is due; stop ends that.
func (s *Sweep) beats() (due <-chan time.Time, stop func()) {
	if s.options.Beat <= 0 {
		return nil, func() {}
	}
	ticker := time.NewTicker(s.options.Beat)
	return ticker.C, ticker.Stop
}

// start reads each node in the background and closes results after the last.
func (s *Sweep) start(ctx context.Context, results chan<- result) {
	var wait sync.WaitGroup
	for i := range s.nodes {
		wait.Go(func() {
			if err := s.read(ctx, i, results); err != nil {
				results <- result{err: err}
			}
		})
	}
	go func() {
		wait.Wait()
		close(results)
	}()
}

// read reads one node to its end.
func (s *Sweep) read(ctx context.Context, index int, results chan<- result) error {
	session, err := s.nodes[index].Open(ctx)
	if err != nil {
		return s.failed(ctx, index, "", err)
	}
	n := newNode(s, index, func(p *page) error {
		select {
		case results <- result{page: p}:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return n.talk(ctx, session)
}

// failed returns the error of a node, or that of ctx, which made it.
func (s *Sweep) failed(ctx context.Context, index int, command string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &NodeError{Node: index, Addr: s.nodes[index].Addr, Command: command, Err: err}
}

// page is a [Page] on its way.
type page struct {
	keys   []Key
	node   int
	cursor string
	asked  bool // the questions about its keys are sent
	open   int  // steps of it whose replies are to come
}

// pages are those that were yielded, to be filled again.
type pages struct {
	mu   sync.Mutex
	free []*page
}

func (p *pages) get() *page {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.free) - 1
	if last < 0 {
		return &page{}
	}
	used := p.free[last]
	p.free = p.free[:last]
	*used = page{keys: used.keys[:0]}
	return used
}

// maxFree is how many pages are kept for later: more are there only for a server that returned all its keys at once.
const maxFree = 4 * maxHeld

// put takes a page back. Its names are let go.
func (p *pages) put(used *page) {
	clear(used.keys)
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) < maxFree {
		p.free = append(p.free, used)
	}
}
