package latency

import "time"

// Shade is one of the ranges of a [Spectrum], with redis-cli's sign for it.
type Shade struct {
	Sign byte
	Upto time.Duration // the last one takes all the rest
}

// shades is how many there are.
const shades = 31

// Shades are redis-cli's ranges, ascending.
func Shades() [shades]Shade {
	var all [shades]Shade
	for i, upto := range shadeEdges() {
		all[i] = Shade{".-*#123456789ABCDEFGHIJKLMNOPQ?"[i], upto}
	}
	return all
}

// shadeEdges are where they end.
func shadeEdges() [shades]time.Duration {
	const us, ms, s = time.Microsecond, time.Millisecond, time.Second
	return [shades]time.Duration{
		10 * us, 125 * us, 250 * us, 500 * us,
		1 * ms, 2 * ms, 3 * ms, 4 * ms, 5 * ms, 6 * ms, 7 * ms, 8 * ms, 9 * ms,
		10 * ms, 20 * ms, 30 * ms, 40 * ms, 50 * ms,
		100 * ms, 200 * ms, 300 * ms, 400 * ms, 500 * ms,
		1 * s, 2 * s, 4 * s, 8 * s, 16 * s, 30 * s, 60 * s,
		1<<63 - 1,
	}
}

// Spectrum is how many round trips fell into each of the [Shades].
type Spectrum [shades]int64

// Add counts a round trip.
func (s *Spectrum) Add(took time.Duration) {
	for i, upto := range shadeEdges() {
		if took <= upto {
			s[i]++
			return
		}
	}
}

// Count is how many round trips there are.
func (s *Spectrum) Count() (n int64) {
	for _, shade := range s {
		n += shade
	}
	return n
}
