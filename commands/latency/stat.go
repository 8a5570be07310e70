package latency

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"redan/conn"
)

// StatNode is a server whose statistics are wanted.
type StatNode struct {
	// Name is what the node is called where it is lost, such as its address.
	Name string
	// Open connects to it. What it returns is closed if it is an [io.Closer].
	Open func(ctx context.Context) (conn.Doer, error)
}

// StatConfig says whose statistics are sampled, and how often.
type StatConfig struct {
	// Nodes are the servers that are added up. It is asked at the start, and again while one of several is lost.
	Nodes func(ctx context.Context) ([]StatNode, error)
	// Interval is the time between two rows; zero is a second.
	Interval time.Duration
	// Patience is how long a node may take to answer before it counts as lost; zero is five seconds.
	Patience time.Duration
	// Now is the clock.
	Now func() time.Time
	// Wait sleeps; nil waits for real.
	Wait func(ctx context.Context, d time.Duration) error
}

const (
	statInterval = time.Second
	statPatience = 5 * time.Second
)

// Stat samples the statistics of servers, a row per call of [Stat.Next]. A server that is lost is connected to again.
type Stat struct {
	config   StatConfig
	watched  []*watched
	due      time.Time
	attempts int
	incident bool // the nodes should be asked for anew
}

// watched is a node, what connects to it now, and what it said last.
type watched struct {
	node StatNode
	link conn.Doer
	last Stats
	at   time.Time // of last; zero: it never said anything
	lost bool      // it did not answer when it was asked last
}

// NewStat returns a sampler. Nothing is connected before the first row.
func NewStat(c StatConfig) *Stat {
	if c.Interval <= 0 {
		c.Interval = statInterval
	}
	if c.Patience <= 0 {
		c.Patience = statPatience
	}
	if c.Wait == nil {
		c.Wait = sleep
	}
	return &Stat{config: c, incident: true}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// StatRow is what the servers said at one moment.
type StatRow struct {
	At time.Time
	// Stats are the sums over all nodes that answered.
	Stats
	// Growth is what has happened since each node's row before.
	Growth Growth
	// Nodes is how many answered.
	Nodes int
	// Lost are those that did not.
	Lost []LostNode
}

// LostNode is a node that does not answer.
type LostNode struct {
	Name string
	Err  error
}

// LostError tells that no node answers. The sampler connects again at the next call.
type LostError struct {
	// Attempts is how often that was tried in a row.
	Attempts int
	Err      error
}

// Error implements error.
func (e *LostError) Error() string { return e.Err.Error() }

// Unwrap returns what happened to the last node.
func (e *LostError) Unwrap() error { return e.Err }

// RefusedError is a server that does not tell its statistics, such as to a user who may not INFO.
type RefusedError struct{ Err error }

// Error implements error.
func (e *RefusedError) Error() string { return e.Err.Error() }

// Unwrap returns the server's reply.
func (e *RefusedError) Unwrap() error { return e.Err }

// Next waits until the next row is due and returns it. Errors are a [*LostError], after which it may be called again, a [*RefusedError],
// one of finding the nodes at the start, or the context's own.
func (s *Stat) Next(ctx context.Context) (StatRow, error) {
	if err := s.await(ctx); err != nil {
		return StatRow{}, err
	}
	if err := s.settle(ctx); err != nil {
		return StatRow{}, err
	}
	failures := make([]error, len(s.watched))
	growths := make([]Growth, len(s.watched))
	var all sync.WaitGroup
	for i, w := range s.watched {
		all.Go(func() { growths[i], failures[i] = w.sample(ctx, s.config.Now, s.patience(w)) })
	}
	all.Wait()
	if ctx.Err() != nil {
		return StatRow{}, ctx.Err()
	}
	s.rest()
	return s.row(growths, failures)
}

// rest puts the next row off behind an answer that was late: what is counted over the moment that is left says little of a second.
func (s *Stat) rest() {
	for _, w := range s.watched {
		if s.due.Sub(w.at) < s.config.Interval/2 {
			s.due = w.at.Add(s.config.Interval)
		}
	}
}

// patience is how long a node is waited for. One of several that was lost must not hold up the rows of the others.
func (s *Stat) patience(w *watched) time.Duration {
	if w.lost && len(s.watched) > 1 {
		return min(s.config.Patience, max(s.config.Interval, statInterval))
	}
	return s.config.Patience
}

// await sleeps until the next row is due. What was missed is not caught up with.
func (s *Stat) await(ctx context.Context) error {
	now := s.config.Now()
	if left := s.due.Sub(now); !s.due.IsZero() && left > 0 {
		if err := s.config.Wait(ctx, left); err != nil {
			return err
		}
		now = s.due
	}
	s.due = now.Add(s.config.Interval)
	return ctx.Err()
}

// settle finds the nodes, at the start and after one was lost. Those that stay keep their connection.
func (s *Stat) settle(ctx context.Context) error {
	if !s.incident {
		return nil
	}
	finding, cancel := ctx, func() {}
	if len(s.watched) > 0 { // they have rows that wait
		finding, cancel = context.WithTimeout(ctx, statInterval)
	}
	defer cancel()
	nodes, err := s.config.Nodes(finding)
	if err != nil {
		if len(s.watched) > 0 {
			return nil // they may answer yet
		}
		return err
	}
	s.incident = false
	known := make(map[string]*watched, len(s.watched))
	for _, w := range s.watched {
		known[w.node.Name] = w
	}
	s.watched = s.watched[:0:0]
	for _, node := range nodes {
		w := known[node.Name]
		if w == nil {
			w = &watched{node: node}
		}
		delete(known, node.Name)
		s.watched = append(s.watched, w)
	}
	for _, gone := range known {
		gone.drop()
	}
	return nil
}

// row adds up what the nodes said.
func (s *Stat) row(growths []Growth, failures []error) (StatRow, error) {
	row := StatRow{At: s.config.Now()}
	refused := 0
	for i, w := range s.watched {
		if w.lost = failures[i] != nil; w.lost {
			row.Lost = append(row.Lost, LostNode{Name: w.node.Name, Err: failures[i]})
			if _, ok := errors.AsType[*RefusedError](failures[i]); ok {
				refused++
			}
			continue
		}
		row.Nodes++
		row.Stats = row.plus(w.last)
		row.Growth = row.Growth.plus(growths[i])
	}
	s.incident = len(row.Lost) > 0 && len(s.watched) > 1
	switch {
	case row.Nodes > 0:
		s.attempts = 0
		return row, nil
	case len(row.Lost) == 0:
		return row, errNoNodes
	case refused == len(row.Lost):
		return row, row.Lost[0].Err
	}
	s.attempts++
	return row, &LostError{Attempts: s.attempts, Err: row.Lost[0].Err}
}

var errNoNodes = errors.New("there is no server to ask for statistics")

// Close closes all connections.
func (s *Stat) Close() {
	for _, w := range s.watched {
		w.drop()
	}
}

// sample asks a node, which is connected to first if it must be.
func (w *watched) sample(ctx context.Context, now func() time.Time, patience time.Duration) (Growth, error) {
	asking, cancel := context.WithTimeoutCause(ctx, patience, errSilent(patience))
	defer cancel()
	if w.link == nil {
		link, err := w.node.Open(asking)
		if err != nil {
			return Growth{}, whyEnded(asking, err)
		}
		w.link = link
	}
	reply, err := w.link.Do(asking, "INFO")
	if err != nil {
		w.drop()
		return Growth{}, whyEnded(asking, err)
	}
	if refusal := reply.Err(); refusal != nil {
		if passing(refusal.Error()) {
			return Growth{}, refusal
		}
		return Growth{}, &RefusedError{Err: refusal}
	}
	return w.learn(ParseStats(reply.Payload()), now()), nil
}

// learn keeps what a node says of itself, and returns what happened there since it last did.
func (w *watched) learn(said Stats, at time.Time) Growth {
	var growth Growth
	if !w.at.IsZero() {
		growth = said.since(w.last, at.Sub(w.at))
	}
	w.last, w.at = said, at
	return growth
}

// whyEnded returns the cause of a deadline that ended ctx, else err.
func whyEnded(ctx context.Context, err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return context.Cause(ctx)
	}
	return err
}

// errSilent is a node that takes longer to answer than anybody waits.
func errSilent(patience time.Duration) error { return fmt.Errorf("no answer for %s", patience) }

// passing reports whether an error reply is about what the server does just now, and not about what it is asked.
func passing(reply string) bool {
	code, _, _ := strings.Cut(reply, " ")
	switch code {
	case "BUSY", "LOADING", "MASTERDOWN", "TRYAGAIN", "CLUSTERDOWN":
		return true
	}
	return false
}

func (w *watched) drop() {
	if closer, ok := w.link.(io.Closer); ok {
		_ = closer.Close()
	}
	w.link = nil
}
