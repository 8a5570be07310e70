package keyspace

import (
	"iter"
	"math"
)

// Sample picks up to n keys, each as likely as the next, and counts all. intn(k) returns a random number in [0, k), as
// math/rand/v2.Int64N does.
func Sample(keys iter.Seq[string], n int, intn func(int64) int64) (sample []string, count int64) {
	for key := range keys {
		count++
		if len(sample) < n {
			sample = append(sample, key)
		} else if at := intn(count); at < int64(n) {
			sample[at] = key
		}
	}
	return sample, count
}

// Estimate is a number worked out from a sample.
type Estimate struct {
	Value int64
	// Low and High hold the true number in about 95 of 100 cases. Where few keys hold nearly all, and none of them was in the
	// sample, they do not.
	Low, High int64
}

// Exact reports whether nothing had to be guessed.
func (e Estimate) Exact() bool { return e.Low == e.High }

// Error is how far the value may be off, as a part of it: 0.07 is ±7%.
func (e Estimate) Error() float64 {
	if e.Value == 0 {
		return 0
	}
	return float64(max(e.High-e.Value, e.Value-e.Low)) / float64(e.Value)
}

// moments add up numbers one by one (Welford's way, which does not cancel out).
type moments struct {
	n         int64
	sum       int64
	mean, dev float64
}

func (m *moments) add(x int64) {
	m.n++
	m.sum += x
	delta := float64(x) - m.mean
	m.mean += delta / float64(m.n)
	m.dev += delta * (float64(x) - m.mean)
}

// certainty is how many standard errors make 95 of 100, for large samples.
const certainty = 1.96

// estimate is the sum over population members, of whom the moments are a sample without repetition.
func (m *moments) estimate(population int64) Estimate {
	switch {
	case m.n >= population:
		return Estimate{m.sum, m.sum, m.sum}
	case m.n == 0:
		return Estimate{0, 0, math.MaxInt64}
	}
	all, n := float64(population), float64(m.n)
	value := m.mean * all
	if m.n == 1 {
		return Estimate{int64(value), m.sum, math.MaxInt64}
	}
	deviation := math.Sqrt(m.dev / (n - 1))
	left := math.Sqrt((all - n) / (all - 1)) // the larger the part that was measured, the less is left to guess
	// Small samples are less certain than the normal distribution has it; this is close to Student's.
	wide := certainty + 2.6/(n-1)
	off := wide * deviation / math.Sqrt(n) * left * all
	return Estimate{
		Value: clampInt(value),
		Low:   max(m.sum, clampInt(value-off)),
		High:  clampInt(value + off),
	}
}

// share estimates how many of a population have what hits of n sampled ones have (Wilson's interval: it holds for few hits too).
func share(hits, n, population int64) Estimate {
	if n >= population {
		return Estimate{hits, hits, hits}
	}
	if n == 0 {
		return Estimate{0, 0, population}
	}
	p, size, all := float64(hits)/float64(n), float64(n), float64(population)
	const z = certainty
	centre := (p + z*z/(2*size)) / (1 + z*z/size)
	half := z / (1 + z*z/size) * math.Sqrt(p*(1-p)/size+z*z/(4*size*size))
	return Estimate{
		Value: clampInt(math.Round(p * all)),
		Low:   max(hits, clampInt((centre-half)*all)),
		High:  min(population-(n-hits), clampInt(math.Ceil((centre+half)*all))),
	}
}

// clampInt is x where an int64 can hold it.
func clampInt(x float64) int64 {
	switch {
	case x <= 0:
		return 0
	case x >= math.MaxInt64:
		return math.MaxInt64
	}
	return int64(x)
}
