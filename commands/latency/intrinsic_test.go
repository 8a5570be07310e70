package latency

import (
	"context"
	"slices"
	"testing"
	"time"
)

// ticks is a clock that jumps by the times of a list, and then by a nanosecond.
func ticks(jumps ...time.Duration) func() time.Duration {
	var now time.Duration
	return func() time.Duration {
		if len(jumps) == 0 {
			now++
			return now
		}
		now += jumps[0]
		jumps = jumps[1:]
		return now
	}
}

func TestMeasureIntrinsic(t *testing.T) {
	const ns, us = time.Nanosecond, time.Microsecond
	clock := ticks(7*us, 50*ns, 50*ns, 1500*ns, 60*ns, 1700*ns, 30*us, 29*us, 2*time.Millisecond, 50*ns, 3*time.Millisecond)
	var worst []time.Duration
	var last Intrinsic
	for found := range MeasureIntrinsic(context.Background(), clock, 5*time.Millisecond) {
		worst = append(worst, found.Worst)
		last = found
	}
	if want := []time.Duration{1500 * ns, 30 * us, 2 * time.Millisecond, 3 * time.Millisecond, 3 * time.Millisecond}; !slices.Equal(worst, want) {
		t.Errorf("worst %v, want %v", worst, want)
	}
	if last.Runs != 10 || last.Over != [waits]int64{4, 2, 2, 0} || last.Elapsed != 5*time.Millisecond+59*us+3410*ns {
		t.Errorf("found %+v", last)
	}
	if mean := last.Mean(); mean != float64(last.Elapsed)/10 {
		t.Errorf("mean %v", mean)
	}
	if (Intrinsic{}).Mean() != 0 {
		t.Error("no runs, no mean")
	}
}

func TestMeasureIntrinsicEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	base := time.Now()
	n := 0
	for range MeasureIntrinsic(ctx, func() time.Duration { return time.Since(base) }, time.Hour) {
		if n++; n == 1 {
			cancel()
		}
	}
	if n == 0 {
		t.Error("nothing was said at the end")
	}
}

// What allocates is collected, and what collects makes this machine look slow.
func TestMeasureIntrinsicDoesNotAllocate(t *testing.T) {
	base := time.Now()
	elapsed := func() time.Duration { return time.Since(base) }
	const length = 20 * time.Millisecond
	allocations := testing.AllocsPerRun(3, func() {
		for range MeasureIntrinsic(context.Background(), elapsed, length) {
		}
	})
	if allocations > 20 { // of the context; there are hundred thousands of runs
		t.Errorf("%v allocations", allocations)
	}
}

func BenchmarkIntrinsic(b *testing.B) {
	base := time.Now()
	elapsed := func() time.Duration { return time.Since(base) }
	var found Intrinsic
	for b.Loop() {
		for found = range MeasureIntrinsic(context.Background(), elapsed, time.Millisecond) {
		}
	}
	b.ReportMetric(found.Mean(), "ns/run")
}
