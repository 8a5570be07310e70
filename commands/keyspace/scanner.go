package keyspace

import (
	"context"
	"slices"
	"sync"
	"time"
)

// ScanOptions say what a [Scanner] looks for and how much it may take.
type ScanOptions struct {
	// Match is a glob that the server compares names with; empty for all.
	Match string
	// Type is a word as TYPE gives it, see [TypeWord]; empty for all.
	Type string
	// Share is the part of a server's time that the scan may take, above 0 up to 1; 0 means [DefaultShare].
	Share float64
	// Now is the clock.
	Now func() time.Time
}

// DefaultShare is the part of a server's time that is taken when nothing is said.
const DefaultShare = 1.0 / 3

// Batch is one page of keys.
type Batch struct {
	// Keys are names as the server gives them, any bytes. SCAN may return one twice, and a page may be empty.
	Keys []string
	// Node is the number of the master they are on, see [Masters.Nodes].
	Node int
	// Restarted tells that this master is read from its beginning again: it was restarted, or slots came to it. What was loaded
	// from it earlier may be gone.
	Restarted bool
	Progress
}

// Progress is how far a scan has come.
type Progress struct {
	// Seen is how many keys were returned so far, those returned twice included, and those of a node before it was Restarted not.
	Seen int64
	// Expected is how many there will be, about; -1 while nobody can know.
	Expected int64
	// Fraction is how much is done, 0 to 1.
	Fraction float64
	// Done tells that there is no more to come.
	Done bool
}

// Scanner reads all keys by SCAN, one page per call of Next. Its methods may be called from several goroutines; of two calls of
// Next at a time the second waits for the first.
type Scanner struct {
	masters *Masters
	filter  ScanOptions
	turn    chan struct{} // holds the token of Next

	mu      sync.Mutex
	share   float64
	resumed chan struct{} // closed when not paused
	changed chan struct{} // closed when a wait should look again
	nodes   []*scanNode
	rounds  int // how often slots that moved were followed
}

// NewScanner returns a Scanner that has read nothing yet. There is nothing to close.
func NewScanner(m *Masters, o ScanOptions) *Scanner {
	s := &Scanner{masters: m, filter: o, turn: make(chan struct{}, 1), resumed: make(chan struct{}), changed: make(chan struct{})}
	close(s.resumed)
	s.Pace(o.Share)
	for i, n := range m.Nodes() {
		if n.Slots > 0 || !m.Cluster() {
			s.nodes = append(s.nodes, newScanNode(i, m.slots(i)))
		}
	}
	return s
}

// Next returns the next page. An error is ctx's, or a *[NodeError]: the place is kept, the rest goes on, and a later Next tries
// that node again, after a pause that grows with every failure (see [Scanner.Retry]). After the last page it returns an empty
// batch that is Done, each time.
func (s *Scanner) Next(ctx context.Context) (Batch, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return Batch{}, ctx.Err()
	}
	for {
		n, wait, wake, err := s.choose(ctx)
		switch {
		case err != nil:
			return Batch{}, err
		case n == nil && s.follow(ctx):
			continue
		case n == nil:
			return Batch{Progress: s.Progress()}, nil
		case wait <= 0:
			return s.page(ctx, n)
		}
		if err := sleep(ctx, wait, wake); err != nil {
			return Batch{}, err
		}
	}
}

// choose waits while the scan is paused and returns the node that is to be asked first, and how long to wait before; nil when all
// is read.
func (s *Scanner) choose(ctx context.Context) (*scanNode, time.Duration, <-chan struct{}, error) {
	s.mu.Lock()
	resumed := s.resumed
	s.mu.Unlock()
	select {
	case <-resumed:
	case <-ctx.Done():
		return nil, 0, nil, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var first *scanNode
	for _, n := range s.nodes {
		if !n.over() && (first == nil || n.due.Before(first.due)) {
			first = n
		}
	}
	if first == nil {
		return nil, 0, nil, ctx.Err()
	}
	return first, first.due.Sub(s.filter.Now()), s.changed, nil
}

// maxRounds bounds how often a scan follows slots that move while it reads.
const maxRounds = 3

// follow looks, when all nodes are read, whether slots have moved meanwhile to where they were not read. It reports whether there is
// more to read.
func (s *Scanner) follow(ctx context.Context) bool {
	if !s.masters.Cluster() || s.rounds >= maxRounds {
		return false
	}
	s.rounds++
	if s.masters.Refresh(ctx) != nil {
		return false
	}
	s.reconcile()
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.nodes, func(n *scanNode) bool { return !n.over() })
}

// reconcile compares the nodes with the masters as they are now: new ones are read, those that gained slots are read again,
// and those that serve nothing any more are left alone.
func (s *Scanner) reconcile() {
	now := s.masters.Nodes()
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range now {
		slots := s.masters.slots(i)
		at := slices.IndexFunc(s.nodes, func(n *scanNode) bool { return n.index == i })
		switch {
		case at < 0 && len(slots) > 0:
			s.nodes = append(s.nodes, newScanNode(i, slots))
		case at >= 0 && len(slots) == 0 && !s.nodes[at].done:
			s.nodes[at].dropped, s.nodes[at].due = true, time.Time{}
		case at >= 0 && len(slots) > 0:
			s.nodes[at].serves(slots)
		}
	}
}

// Pause makes Next wait. A page that is on its way still arrives.
func (s *Scanner) Pause() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.paused() {
		s.resumed = make(chan struct{})
		s.wakeLocked()
	}
}

// Resume ends a pause.
func (s *Scanner) Resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.paused() {
		close(s.resumed)
	}
}

// Paused reports whether the scan is paused.
func (s *Scanner) Paused() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.paused()
}

func (s *Scanner) paused() bool {
	select {
	case <-s.resumed:
		return false
	default:
		return true
	}
}

// Pace sets the part of a server's time that the scan may take, above 0 up to 1; anything else means [DefaultShare].
func (s *Scanner) Pace(share float64) {
	if !(share > 0 && share <= 1) {
		share = DefaultShare
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.share = share
}

// Retry makes Next ask nodes that failed at once: the connection stands again.
func (s *Scanner) Retry() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.nodes {
		if n.failures > 0 {
			n.failures, n.due = 0, time.Time{}
		}
	}
	s.wakeLocked()
}

// wakeLocked makes a Next that waits look again.
func (s *Scanner) wakeLocked() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Progress tells how far the scan has come, without asking a server.
func (s *Scanner) Progress() Progress {
	s.mu.Lock()
	defer s.mu.Unlock()
	parts := make([]*Walk, 0, len(s.nodes))
	done := true
	for _, n := range s.nodes {
		done = done && n.over()
		if n.done || !n.over() {
			parts = append(parts, &n.progress)
		} else { // its keys are here, more will not come
			parts = append(parts, &Walk{size: n.progress.seen, seen: n.progress.seen, finished: true})
		}
	}
	p := Progress{Done: done}
	p.Seen, p.Expected, p.Fraction = total(parts, s.filtered())
	return p
}

func (s *Scanner) filtered() bool {
	return s.filter.Match != "" && s.filter.Match != "*" || s.filter.Type != ""
}

// Failures are the last errors of the nodes that are not read to their end and fail, or were given up.
func (s *Scanner) Failures() []*NodeError {
	s.mu.Lock()
	defer s.mu.Unlock()
	var failures []*NodeError
	for _, n := range s.nodes {
		if !n.done && n.failure != nil {
			failures = append(failures, n.failure)
		}
	}
	return failures
}
