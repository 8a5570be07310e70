package latency

import (
	"slices"
	"time"
)

// Moment is what the round trips of a moment were like. Slowest is 0 when nothing was waited for in it.
type Moment struct {
	Median, Slowest time.Duration
	Count           int
}

// Trend is how round trips went over time, second by second.
type Trend struct {
	began   time.Time
	seconds []Moment
	open    []time.Duration // the answers of the last second
}

// memory is how many seconds a Trend remembers; after twice as many the older half is forgotten.
const memory = 3600

// NewTrend returns a Trend that begins at began.
func NewTrend(began time.Time) *Trend { return &Trend{began: began} }

// Add takes in a round trip, which must not be older than those before.
func (t *Trend) Add(r Roundtrip) {
	last := t.reach(r.Answered())
	t.cover(t.index(r.Sent), last, r.Took)
	t.open = append(t.open, r.Took)
	moment := &t.seconds[last]
	moment.Count = len(t.open)
	moment.Slowest = max(moment.Slowest, r.Took)
}

// reach makes the second of a time be there and returns its index.
func (t *Trend) reach(at time.Time) int {
	index := t.index(at)
	if len(t.seconds) > 0 && index >= len(t.seconds) {
		t.seconds[len(t.seconds)-1].Median = median(t.open)
		t.open = t.open[:0]
	}
	for len(t.seconds) <= index {
		t.seconds = append(t.seconds, Moment{})
	}
	if len(t.seconds) > 2*memory {
		t.seconds = slices.Delete(t.seconds, 0, memory)
		t.began = t.began.Add(memory * time.Second)
		index -= memory
	}
	return index
}

func (t *Trend) index(at time.Time) int { return max(0, int(at.Sub(t.began)/time.Second)) }

// cover marks the seconds that went by while an answer was awaited.
func (t *Trend) cover(from, to int, took time.Duration) {
	for i := from; i < to; i++ {
		t.seconds[i].Slowest = max(t.seconds[i].Slowest, took)
	}
}

func median(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

// Moments are all seconds so far in at most columns parts, and how many seconds each stands for. What does not fit into columns parts of a
// minute is left out, the oldest first. A PING that is out since waiting, unless that is zero, counts with what it has taken until now.
func (t *Trend) Moments(columns int, waiting, now time.Time) (moments []Moment, seconds int) {
	if columns < 1 || len(t.seconds) == 0 {
		return nil, 1
	}
	all := slices.Clone(t.seconds)
	all[len(all)-1].Median = median(t.open)
	if !waiting.IsZero() {
		for len(all) <= t.index(now) {
			all = append(all, Moment{})
		}
		for i := t.index(waiting); i < len(all); i++ {
			all[i].Slowest = max(all[i].Slowest, now.Sub(waiting))
		}
	}
	steps := []int{1, 2, 5, 10, 15, 30, 60}
	for _, seconds = range steps {
		if len(all) <= columns*seconds {
			break
		}
	}
	for part := range slices.Chunk(all, seconds) {
		moments = append(moments, merged(part))
	}
	return moments[max(0, len(moments)-columns):], seconds
}

// merged makes one moment of several. Its median is that of the medians, each as often as it has answers.
func merged(part []Moment) Moment {
	if len(part) == 1 {
		return part[0]
	}
	whole, medians := Moment{}, []time.Duration(nil)
	for _, m := range part {
		whole.Slowest = max(whole.Slowest, m.Slowest)
		whole.Count += m.Count
		if m.Count > 0 {
			medians = append(medians, m.Median)
		}
	}
	whole.Median = median(medians)
	return whole
}
