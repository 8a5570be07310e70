package analysis

import "math/bits"

// Ranges is how many sizes fall between powers of four, for a histogram: up to 16 bytes, up to 64, and so on.
type Ranges struct{ counts [32]int64 }

// Range is one of them: sizes above Above and up to Upto.
type Range struct {
	Above, Upto, Count int64
}

// leastRange is where the first range ends, as a power of four.
const leastRange = 2

// Add counts a size.
func (r *Ranges) Add(size int64) {
	power := 0
	if size > 1 {
		power = (bits.Len64(uint64(size-1)) + 1) / 2
	}
	r.counts[max(power-leastRange, 0)]++
}

// All are the ranges from the first to the last in which there are sizes, empty ones between them included.
func (r *Ranges) All() []Range {
	first, last := -1, -1
	for i, count := range r.counts {
		if count > 0 {
			last = i
			if first < 0 {
				first = i
			}
		}
	}
	if first < 0 {
		return nil
	}
	all := make([]Range, 0, last-first+1)
	for i := first; i <= last; i++ {
		one := Range{Upto: 1 << min(2*(i+leastRange), 62), Count: r.counts[i]}
		if i > 0 {
			one.Above = 1 << (2 * (i + leastRange - 1))
		}
		all = append(all, one)
	}
	return all
}
