package latency

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/quick"
	"time"
)

func TestTally(t *testing.T) {
	tally := NewTally(PingEvery)
	if tally.Count() != 0 || tally.Min() != 0 || tally.Max() != 0 || tally.Mean() != 0 || tally.Percentile(99) != 0 || tally.Bins() != nil {
		t.Errorf("an empty tally: %v %v %v %v %v", tally.Count(), tally.Min(), tally.Max(), tally.Mean(), tally.Percentile(99))
	}
	for i := range 100 {
		tally.Add(time.Duration(i+1) * 10 * time.Microsecond)
	}
	tally.Add(-5) // a clock that went back
	if tally.Count() != 101 || tally.Min() != 0 || tally.Max() != time.Millisecond || tally.Mean() != 50500*time.Microsecond/101 {
		t.Errorf("count %v, min %v, max %v, mean %v", tally.Count(), tally.Min(), tally.Max(), tally.Mean())
	}
	for p, want := range map[float64]time.Duration{50: 500 * time.Microsecond, 99: 990 * time.Microsecond, 100: time.Millisecond} {
		if got := tally.Percentile(p); math.Abs(float64(got-want)) > float64(want)/100+float64(10*time.Microsecond) {
			t.Errorf("p%v: %v, want about %v", p, got, want)
		}
	}
	tally.Reset()
	tally.Add(2 * time.Hour) // more than the histogram tells apart
	if tally.Count() != 1 || tally.Min() != 2*time.Hour || tally.Percentile(50) != 2*time.Hour {
		t.Errorf("after reset: %v %v %v", tally.Count(), tally.Min(), tally.Percentile(50))
	}
}

// A stall of a second among quick answers held up some hundred PINGs: a client that comes at any time meets it with one in three seconds.
func TestTallyCountsWhatAStallHeldUp(t *testing.T) {
	tally := NewTally(PingEvery)
	for range 200 {
		tally.Add(50 * time.Microsecond)
	}
	tally.Add(time.Second)
	if p := tally.Percentile(50); p > 60*time.Microsecond {
		t.Errorf("median %v", p)
	}
	if p := tally.Percentile(90); p < 500*time.Millisecond || p > 800*time.Millisecond {
		t.Errorf("p90 %v, want some 700 ms", p)
	}
	if tally.Count() != 201 || tally.HeldUp() < 95 || tally.HeldUp() > 100 {
		t.Errorf("count %d and %d held up", tally.Count(), tally.HeldUp())
	}
}

// A far server is no stall.
func TestTallyOfAFarServer(t *testing.T) {
	tally := NewTally(PingEvery)
	for i := range 500 {
		tally.Add(80*time.Millisecond + time.Duration(i%10)*100*time.Microsecond)
	}
	if p := tally.Percentile(1); p < 79*time.Millisecond || tally.HeldUp() != 0 {
		t.Errorf("p1 %v, %d held up", p, tally.HeldUp())
	}
}

func TestTallyAgreesWithSorting(t *testing.T) {
	agrees := func(seed uint64, n uint16) bool {
		random := rand.New(rand.NewPCG(seed, 1))
		tally, all := NewTally(time.Hour), []time.Duration{}
		for range int(n)%5000 + 1 {
			d := time.Duration(math.Exp(random.Float64() * 20))
			tally.Add(d)
			all = append(all, d)
		}
		slices.Sort(all)
		for _, p := range []float64{1, 50, 90, 99.9} {
			at := int(p / 100 * float64(len(all))) // ranks may be rounded either way
			low, high := float64(all[max(at-1, 0)])*0.998-1, float64(all[min(at+1, len(all)-1)])*1.002+1
			if got := float64(tally.Percentile(p)); got < low || got > high || got > float64(tally.Max()) {
				t.Logf("p%v of %d: %v, want %v to %v", p, len(all), got, low, high)
				return false
			}
		}
		var binned int64
		for _, b := range tally.Bins() {
			binned += b.Count
		}
		return binned == tally.Count()
	}
	if err := quick.Check(agrees, &quick.Config{MaxCount: 50}); err != nil {
		t.Error(err)
	}
}

func TestBins(t *testing.T) {
	tally := NewTally(PingEvery)
	const us = time.Microsecond
	for _, d := range []time.Duration{15 * us, 20 * us, 21 * us, 400 * us, 400 * us} {
		tally.Add(d)
	}
	want := []Bin{{10 * us, 20 * us, 2}, {20 * us, 50 * us, 1}, {50 * us, 100 * us, 0}, {100 * us, 200 * us, 0}, {200 * us, 500 * us, 2}}
	if got := tally.Bins(); !slices.Equal(got, want) {
		t.Errorf("bins %v", got)
	}
	tally.Add(100 * time.Hour)
	if all := tally.Bins(); all[len(all)-1].Count != 1 {
		t.Errorf("the last bin takes the rest: %v", all)
	}
}

func TestWindows(t *testing.T) {
	w := NewWindows(start(), time.Second, PingEvery)
	add := func(at, took time.Duration) bool { return w.Add(Roundtrip{Sent: start().Add(at), Took: took}) }
	if add(0, time.Millisecond) || add(999*time.Millisecond, time.Millisecond) {
		t.Error("the window ended too early")
	}
	if !add(1005*time.Millisecond, 5*time.Millisecond) {
		t.Error("the window did not end")
	}
	open := w.Open()
	if open.Lasted != 1010*time.Millisecond || open.Count() != 3 || open.Max() != 5*time.Millisecond || !open.Began.Equal(start()) {
		t.Errorf("window %+v of %d", open, open.Count())
	}
	w.Next()
	if open := w.Open(); open.Count() != 0 || !open.Began.Equal(start().Add(1010*time.Millisecond)) {
		t.Errorf("next window %+v", open)
	}
	if !add(1020*time.Millisecond, 7*time.Second) || w.Open().Lasted != 7010*time.Millisecond {
		t.Errorf("a server that hangs: %v", w.Open().Lasted)
	}
}

func TestSpectrum(t *testing.T) {
	var s Spectrum
	signs := Shades()
	for d, sign := range map[time.Duration]byte{
		0: '.', 10 * time.Microsecond: '.', 11 * time.Microsecond: '-', 125 * time.Microsecond: '-', 700 * time.Microsecond: '1', 1300 * time.Microsecond: '2',
		9500 * time.Microsecond: 'A', 10500 * time.Microsecond: 'B', 45 * time.Millisecond: 'E', 60 * time.Millisecond: 'F', 700 * time.Millisecond: 'K',
		60 * time.Second: 'Q', 61 * time.Second: '?', time.Hour: '?',
	} {
		s = Spectrum{}
		if s.Add(d); s.Count() != 1 {
			t.Fatalf("%v: %v", d, s)
		}
		for i, n := range s {
			if n == 1 && signs[i].Sign != sign {
				t.Errorf("%v is %c, want %c", d, signs[i].Sign, sign)
			}
		}
	}
}

func TestTrend(t *testing.T) {
	trend := NewTrend(start())
	if m, _ := trend.Moments(10, time.Time{}, start()); m != nil {
		t.Errorf("nothing yet: %v", m)
	}
	add := func(at, took time.Duration) { trend.Add(Roundtrip{Sent: start().Add(at), Took: took}) }
	const ms, s = time.Millisecond, time.Second
	add(0, 1*ms)
	add(100*ms, 3*ms)
	add(200*ms, 2*ms)
	add(1200*ms, 3*s) // hangs until 4.2 s
	add(4300*ms, 4*ms)
	moments, seconds := trend.Moments(10, time.Time{}, start().Add(5*s))
	want := []Moment{{2 * ms, 3 * ms, 3}, {0, 3 * s, 0}, {0, 3 * s, 0}, {0, 3 * s, 0}, {3 * s, 3 * s, 2}}
	if seconds != 1 || !slices.Equal(moments, want) {
		t.Errorf("a column of %d s: %v", seconds, moments)
	}
	moments, seconds = trend.Moments(2, time.Time{}, start().Add(5*s))
	if seconds != 5 || !slices.Equal(moments, []Moment{{3 * s, 3 * s, 5}}) {
		t.Errorf("a column of %d s: %v", seconds, moments)
	}
	moments, _ = trend.Moments(10, start().Add(5*s), start().Add(7*s))
	if len(moments) != 8 || moments[6] != (Moment{0, 2 * s, 0}) || moments[7].Slowest != 2*s {
		t.Errorf("while it hangs: %v", moments)
	}
}

func TestTrendForgets(t *testing.T) {
	trend := NewTrend(start())
	for i := range 3 * memory {
		trend.Add(Roundtrip{Sent: start().Add(time.Duration(i) * time.Second), Took: time.Duration(i+1) * time.Microsecond})
	}
	if len(trend.seconds) > 2*memory {
		t.Errorf("%d seconds kept", len(trend.seconds))
	}
	moments, seconds := trend.Moments(60, time.Time{}, start())
	last := moments[len(moments)-1]
	if seconds != 60 || len(moments) != 60 || last.Slowest != 3*memory*time.Microsecond {
		t.Errorf("%d moments of %d s, last %v", len(moments), seconds, last)
	}
}
