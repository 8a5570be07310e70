package analysis

import (
	"math"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Step is one line of a distribution: so many keys, which are that part of all in percent, are not larger than Size.
type Step struct {
	Size       int64
	Percentile float64
	Keys       int64
}

// Sizes is how the memory of keys is distributed, to 0.01 %. It takes the same memory for any number of keys.
type Sizes struct{ histogram *hdrhistogram.Histogram }

// largestSize is what the histogram tells apart; more than a terabyte in one key counts as that.
const largestSize = 1<<40 - 1

func newSizes() *Sizes { return &Sizes{hdrhistogram.New(1, largestSize, 4)} }

func (s *Sizes) add(size int64) { _ = s.histogram.RecordValue(min(size, largestSize)) }

// Mean is the average size.
func (s *Sizes) Mean() float64 { return s.histogram.Mean() }

// StdDev is the standard deviation of the sizes.
func (s *Sizes) StdDev() float64 { return s.histogram.StdDev() }

// AtPercentile is the size that so many percent of the keys do not exceed.
func (s *Sizes) AtPercentile(percent float64) int64 { return s.histogram.ValueAtPercentile(percent) }

// Steps is the distribution: each line halves the distance to 100 %, but where there are no further keys in between. Without keys there is
// none.
func (s *Sizes) Steps() []Step {
	if s.histogram.TotalCount() == 0 {
		return nil
	}
	var steps []Step
	for _, b := range s.histogram.CumulativeDistribution() {
		if len(steps) > 0 && steps[len(steps)-1].Keys == b.Count {
			continue
		}
		step := Step{Size: b.ValueAt, Percentile: b.Quantile, Keys: b.Count}
		if b.Count == s.histogram.TotalCount() {
			step.Percentile = 100
		}
		steps = append(steps, step)
	}
	return steps
}

// NameLengths is how the lengths of the keys' names are distributed.
type NameLengths struct {
	// Total and Longest are in bytes.
	Total, Longest int64

	keys [nameClasses]int64
	all  int64
}

// nameClasses is how many classes of lengths there are.
const nameClasses = 7

// nameBounds are the longest names of each class: redis-cli's, 32 bytes to 128 MiB, and what is longer.
func nameBounds() [nameClasses]int64 {
	return [nameClasses]int64{32, 256, 64 << 10, 1 << 20, 16 << 20, 128 << 20, math.MaxInt64}
}

func newNameLengths() *NameLengths { return &NameLengths{} }

func (n *NameLengths) add(length int64) {
	n.all++
	n.Total += length
	n.Longest = max(n.Longest, length)
	class := 0
	if length > 32 { // which few are
		for _, bound := range nameBounds() {
			if length > bound {
				class++
			}
		}
	}
	n.keys[class]++
}

// Steps is the distribution, without the classes that have no names. The last one ends at the longest.
func (n *NameLengths) Steps() []Step {
	var steps []Step
	bounds := nameBounds()
	var below int64
	for class, keys := range n.keys {
		if keys == 0 {
			continue
		}
		below += keys
		step := Step{Size: n.Longest, Percentile: 100 * float64(below) / float64(n.all), Keys: below}
		if below < n.all {
			step.Size = bounds[class]
		}
		steps = append(steps, step)
	}
	return steps
}
