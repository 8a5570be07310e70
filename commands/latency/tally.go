package latency

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Tally is what round trips add up to. Count, Min, Max and Mean are of the PINGs that were sent, as redis-cli has them.
//
// Percentiles are to say how long a client waits, and one that sends PING after PING is kept from asking while the server hangs: a stall of
// a second is one sample in place of a hundred ("coordinated omission"). So a round trip that took longer than the usual interval
// between two PINGs, which is the pause and the median, counts for those that it held up, too. Where round trips are even,
// however long, that changes nothing.
type Tally struct {
	every    time.Duration
	count    int64
	sum      time.Duration
	min, max time.Duration
	sent     *hdrhistogram.Histogram // in nanoseconds
	due      *hdrhistogram.Histogram // with those that were held up
	bins     [bins]int64
}

const (
	longest = int64(time.Hour) // what a histogram tells apart
	digits  = 3
)

// NewTally returns an empty Tally of round trips that every is the pause between.
func NewTally(every time.Duration) *Tally {
	return &Tally{every: every, sent: hdrhistogram.New(1, longest, digits), due: hdrhistogram.New(1, longest, digits)}
}

// Add counts one round trip.
func (t *Tally) Add(took time.Duration) {
	took = max(took, 0)
	if t.count == 0 || took < t.min {
		t.min = took
	}
	t.max = max(t.max, took)
	t.sum += took
	t.count++
	t.bins[binOf(took)]++
	ns := min(int64(took), longest)
	_ = t.sent.RecordValue(ns) // within bounds: it cannot fail
	if took > t.every {
		if usual := int64(t.every) + t.sent.ValueAtPercentile(50); ns > usual {
			_ = t.due.RecordCorrectedValue(ns, usual)
			return
		}
	}
	_ = t.due.RecordValue(ns)
}

// Reset empties t.
func (t *Tally) Reset() {
	t.sent.Reset()
	t.due.Reset()
	*t = Tally{every: t.every, sent: t.sent, due: t.due}
}

// Count is how many PINGs were answered.
func (t *Tally) Count() int64 { return t.count }

// Min is the shortest round trip, 0 when there is none.
func (t *Tally) Min() time.Duration { return t.min }

// Max is the longest round trip.
func (t *Tally) Max() time.Duration { return t.max }

// Mean is the average round trip.
func (t *Tally) Mean() time.Duration {
	if t.count == 0 {
		return 0
	}
	return t.sum / time.Duration(t.count)
}

// Percentile is the time within which p percent of all PINGs are answered, those included that a stall held up. It is exact to three digits.
func (t *Tally) Percentile(p float64) time.Duration {
	return min(max(time.Duration(t.due.ValueAtPercentile(p)), t.min), t.max)
}

// HeldUp is how many PINGs would have been sent while an answer was late. Only percentiles count them.
func (t *Tally) HeldUp() int64 { return t.due.TotalCount() - t.count }

// Bin is a range of round trips and how many fell into it.
type Bin struct {
	Above, Upto time.Duration
	Count       int64
}

// bins are ranges that begin at 1, 2 and 5 times a power of ten, from a microsecond to 5,000 seconds; the first and the last one take the rest.
const bins = 30

// binEdge is where bin i ends.
func binEdge(i int) time.Duration {
	edge := time.Microsecond
	for range i / 3 {
		edge *= 10
	}
	return edge * time.Duration([]int{1, 2, 5}[i%3])
}

func binOf(took time.Duration) int {
	for i := range bins - 1 {
		if took <= binEdge(i) {
			return i
		}
	}
	return bins - 1
}

// Bins are the ranges from the shortest to the longest round trip, ascending, empty ones between them included. They count PINGs that were sent.
func (t *Tally) Bins() []Bin {
	if t.count == 0 {
		return nil
	}
	var all []Bin
	for i := binOf(t.min); i <= binOf(t.max); i++ {
		bin := Bin{Upto: binEdge(i), Count: t.bins[i]}
		if i > 0 {
			bin.Above = binEdge(i - 1)
		}
		all = append(all, bin)
	}
	return all
}
