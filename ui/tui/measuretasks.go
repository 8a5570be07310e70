package tui

import (
	"context"
	"errors"
	"iter"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace/analysis"
	"redan/commands/keyspace/sweep"
	"redan/commands/latency"
	"redan/conn"
	"redan/ui/tui/kit"
)

// keySweep is a reading of all keys, as package sweep does it.
type keySweep interface {
	Pages(ctx context.Context) iter.Seq2[sweep.Page, error]
	Progress() sweep.Progress
	Refusals() []sweep.Refusal
}

// pingLink is a connection for round trips.
type pingLink struct {
	server  conn.Doer
	opening latency.Opening
	close   func()
}

// sweepRun is an analysis under way. Its state is touched by one task at a time, each of which hands it to the next by its message; the
// model holds what came out of it, and cancel.
type sweepRun struct {
	ctx    context.Context //nolint:containedctx // it lives through many tasks
	cancel context.CancelFunc
	keys   keySweep

	began  time.Time
	heard  time.Time // of the last page
	next   func() (sweep.Page, error, bool)
	stop   func()
	stats  *analysis.KeyStats
	ranges analysis.Ranges
	lost   []error
}

// findings are what an analysis has found so far. Nothing changes them once they were told.
type findings struct {
	progress sweep.Progress
	elapsed  time.Duration
	silent   time.Duration // since the last page came
	sampled  int64
	measured int64
	memory   int64
	types    []analysis.TypeStats
	largest  []analysis.Entry
	ranges   []analysis.Range
	refusals []sweep.Refusal
	lost     []error // nodes that could not be read, or not to the end
}

// keysRead is a part of an analysis.
type keysRead struct {
	kit.Sealed
	gen   int
	run   *sweepRun
	found findings
	ended bool // there is no more
}

const (
	readFor     = 250 * time.Millisecond // a part of an analysis takes, at the least
	largestKept = 100
)

// readKeys goes on with an analysis for a while.
func readKeys(run *sweepRun, now func() time.Time, gen int) tea.Cmd {
	return kit.Task(run.ctx, func(ctx context.Context) keysRead {
		if run.next == nil {
			run.began, run.stats = now(), analysis.NewKeyStats(largestKept)
			run.heard = run.began
			run.next, run.stop = iter.Pull2(run.keys.Pages(ctx))
		}
		until, ended := now().Add(readFor), false
		for !ended && now().Before(until) {
			ended = run.readPage(now)
		}
		if ended {
			run.stop()
		}
		return keysRead{gen: gen, run: run, found: run.found(now()), ended: ended}
	})
}

// readPage counts the keys of a page, and reports whether there are no more.
func (r *sweepRun) readPage(now func() time.Time) (ended bool) {
	page, err, more := r.next()
	switch {
	case !more || r.ctx.Err() != nil:
		return true
	case err != nil:
		r.lost = append(r.lost, err)
		return false
	case page.Cursor != "": // or it is but a beat
		r.heard = now()
	}
	for i := range page.Keys {
		k := &page.Keys[i]
		r.stats.Add(page.Node, k)
		if k.Memory >= 0 && k.Type != sweep.Gone {
			r.ranges.Add(k.Memory)
		}
	}
	return false
}

func (r *sweepRun) found(now time.Time) findings {
	f := findings{
		progress: r.keys.Progress(), elapsed: now.Sub(r.began), silent: now.Sub(r.heard),
		sampled: r.stats.Sampled, measured: r.stats.Measured, memory: r.stats.Memory,
		largest: r.stats.Largest(), ranges: r.ranges.All(), refusals: r.keys.Refusals(), lost: append([]error(nil), r.lost...),
	}
	for _, t := range r.stats.Types() {
		f.types = append(f.types, *t)
	}
	return f
}

// endSweep gives up an analysis that nobody wants any more. Its state must not be in use by another task.
func endSweep(run *sweepRun) tea.Cmd {
	return func() tea.Msg {
		run.cancel()
		if run.stop != nil {
			run.stop()
		}
		return nil
	}
}

// pingRun is a measurement of round trips under way, in the same manner.
type pingRun struct {
	ctx    context.Context //nolint:containedctx // it lives through many tasks
	cancel context.CancelFunc
	open   func(ctx context.Context) (pingLink, error)
	link   *pingLink
}

// pinged are some round trips.
type pinged struct {
	kit.Sealed
	gen     int
	run     *pingRun
	opening *latency.Opening // the first time
	trips   []latency.Roundtrip
	err     error
}

// pingDue is when the next PING is to go out.
type pingDue struct {
	kit.Sealed
	gen int
}

// pingFor is how long a part of a measurement takes, at the least.
const pingFor = 250 * time.Millisecond

// ping goes on with a measurement for a while.
func ping(run *pingRun, now func() time.Time, pause func(context.Context, time.Duration), gen int) tea.Cmd {
	return kit.Task(run.ctx, func(ctx context.Context) pinged {
		result := pinged{gen: gen, run: run}
		if run.link == nil {
			link, err := run.open(ctx)
			if err != nil {
				result.err = err
				return result
			}
			run.link, result.opening = &link, &link.opening
		}
		until := now().Add(pingFor)
		pinger := latency.Pinger{Server: run.link.server, Every: latency.PingEvery, Now: now, Pause: pause}
		for trip, err := range pinger.Roundtrips(ctx) {
			if err != nil {
				result.err = err
				break
			}
			result.trips = append(result.trips, trip)
			if trip.Refusal != nil && !errors.Is(ctx.Err(), context.Canceled) {
				result.err = trip.Refusal
				break
			}
			if !now().Before(until) {
				break
			}
		}
		if result.err != nil || ctx.Err() != nil {
			run.close()
		}
		return result
	})
}

func (r *pingRun) close() {
	if r.link != nil {
		r.link.close()
		r.link = nil
	}
}

// endPing gives up a measurement that nobody wants any more.
func endPing(run *pingRun) tea.Cmd {
	return func() tea.Msg {
		run.cancel()
		run.close()
		return nil
	}
}

// sleep is a pause that ends with its context.
func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
