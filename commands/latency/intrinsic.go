package latency

import (
	"context"
	"iter"
	"sync/atomic"
	"time"
)

// Intrinsic is how long this machine leaves a process waiting that does nothing but compute and look at the clock: a run should take less than
// a microsecond, and what takes longer was spent elsewhere, by the kernel, a hypervisor, or other programs.
type Intrinsic struct {
	Runs    int64
	Elapsed time.Duration
	Worst   time.Duration
	// Over counts the runs that took longer than each of the [Waits].
	Over [waits]int64

	spun uint32 // what was computed, so that it is
}

const waits = 4

// Waits are what runs are compared with.
func Waits() [waits]time.Duration {
	return [waits]time.Duration{10 * time.Microsecond, 100 * time.Microsecond, time.Millisecond, 10 * time.Millisecond}
}

// Mean is how long a run takes on average.
func (i Intrinsic) Mean() float64 {
	if i.Runs == 0 {
		return 0
	}
	return float64(i.Elapsed) / float64(i.Runs)
}

// MeasureIntrinsic computes for so long, or until ctx ends, and yields what it has found each time that the worst run is a microsecond or more
// worse, and at the end. elapsed is a monotonic clock; one look at it ends a run and begins the next, so that nothing happens
// unseen. Between what it yields it allocates nothing.
func MeasureIntrinsic(ctx context.Context, elapsed func() time.Duration, length time.Duration) iter.Seq[Intrinsic] {
	return func(yield func(Intrinsic) bool) {
		var stopped atomic.Bool
		defer context.AfterFunc(ctx, func() { stopped.Store(true) })()
		var found Intrinsic
		began := elapsed()
		for end := began; !stopped.Load() && found.Elapsed < length; {
			worse := measureRuns(&found, elapsed, &stopped, began, &end, length)
			if worse && !yield(found) {
				return
			}
		}
		yield(found)
	}
}

// measureRuns runs until a run is worse than all before by a microsecond, or the time is over.
func measureRuns(found *Intrinsic, elapsed func() time.Duration, stopped *atomic.Bool, began time.Duration, end *time.Duration, length time.Duration) bool {
	known, waited := found.Worst/time.Microsecond, Waits()
	for last := *end; ; {
		found.spun += spin()
		now := elapsed()
		took := now - last
		last = now
		found.Runs++
		if took > waited[0] {
			for i := range found.Over {
				if took > waited[i] {
					found.Over[i]++
				}
			}
		}
		if took > found.Worst {
			found.Worst = took
		}
		over := now-began >= length || stopped.Load()
		if worse := took/time.Microsecond > known; worse || over {
			*end, found.Elapsed = now, now-began
			return worse
		}
	}
}

// spin is a little work, some ten nanoseconds.
//
//go:noinline
func spin() (x uint32) {
	for i := range uint32(16) {
		x = x*1664525 + i
	}
	return x
}
