package keyspace

import (
	"context"
	"time"
)

const (
	// callLow and callHigh are how long one call may keep the server busy, callTarget is what is aimed at.
	callLow    = 5 * time.Millisecond
	callHigh   = 10 * time.Millisecond
	callTarget = 7500 * time.Microsecond

	// The first page is small, so that the first keys are there at once.
	firstCount = 100
	minCount   = 10
	maxCount   = 5000

	// maxRest bounds the pause after one call, however long that took.
	maxRest = 2 * time.Second
	// memory is how much of what is known outlives a call: machines hiccup.
	memory = 0.7
)

// pace decides how much one call asks for and how long to rest after it, from what the calls before took.
type pace struct {
	count, ceiling int
	trip           time.Duration // the fastest call so far: about the time on the way
	units, busy    float64       // asked for, and nanoseconds for them, by the last calls, the older the less
}

func newPace(first, ceiling int) pace { return pace{count: first, ceiling: ceiling} }

// observe learns from a call of p.count units and returns how long it kept the server busy.
func (p *pace) observe(took time.Duration, bytes int) time.Duration {
	if p.trip == 0 && took > callHigh {
		// A long way, a slow server, or only the connection that had to be made: a tiny call tells.
		p.trip, p.count = took, min(minCount, p.ceiling)
		return 0
	}
	if p.trip == 0 || took < p.trip {
		p.trip = max(took, 1)
	}
	busy := busyTime(took, p.trip, bytes)
	p.units = p.units*memory + float64(p.count)
	p.busy = p.busy*memory + float64(busy)
	p.count = nextCount(p.count, p.ceiling, p.busy/p.units)
	return busy
}

// failed makes the next call small again.
func (p *pace) failed() { p.count = max(minCount, min(p.count, firstCount)) }

// busyTime is what of a call's time the server is thought to have been busy: without the way there and back, and, where the way is
// long, without what the bytes may have needed on a slow link (at least 1 MB/s), up to as long as the way. So a far server is
// asked for more at a time, and a near one that is slow is not.
func busyTime(took, trip time.Duration, bytes int) time.Duration {
	transfer := min(time.Duration(bytes)*time.Microsecond, trip)
	return max(took-trip-transfer, 0)
}

// nextCount is how much to ask for when a unit costs so many nanoseconds. It grows and shrinks by steps, since the costs are estimates, and
// stays while a call is about as long as it should be.
func nextCount(count, ceiling int, cost float64) int {
	const grow, shrink = 4, 4
	expected := time.Duration(cost * float64(count))
	if expected >= callLow && expected <= callHigh {
		return min(count, ceiling)
	}
	want := float64(count) * grow
	if cost > 0 {
		want = min(want, float64(callTarget)/cost)
	}
	return min(max(int(want), count/shrink, min(minCount, ceiling)), ceiling)
}

// rest is how long to leave the server alone after it was busy, to take no more than a share of its time.
func rest(busy time.Duration, share float64) time.Duration {
	if share <= 0 || share >= 1 {
		return 0
	}
	return min(time.Duration(float64(busy)*(1/share-1)), maxRest)
}

// sleep waits until ctx or d is over, or until wake is closed.
func sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-wake:
	case <-timer.C:
	}
	return nil
}
