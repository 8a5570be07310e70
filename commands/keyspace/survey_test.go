package keyspace

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"redan/conn/conntest"
	"redan/conn/resp"
)

func TestSampleIsFairAndCounts(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	keys := names(100)
	hits := map[string]int{}
	const rounds = 2000
	for range rounds {
		sample, count := Sample(slices.Values(keys), 10, random.Int64N)
		if count != 100 || len(sample) != 10 {
			t.Fatalf("%d of %d", len(sample), count)
		}
		for _, key := range sample {
			hits[key]++
		}
	}
	for _, key := range keys { // 200 each, give or take 5 standard deviations
		if n := hits[key]; n < 130 || n > 270 {
			t.Errorf("%s was picked %d times of %d", key, n, rounds)
		}
	}
	if sample, count := Sample(slices.Values(keys[:3]), 10, random.Int64N); count != 3 || len(sample) != 3 {
		t.Errorf("%q of %d", sample, count)
	}
}

// TestEstimatesHoldTheTruth nearly always, for sizes spread as sizes are.
func TestEstimatesHoldTheTruth(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for name, size := range map[string]func() int64{
		"alike":  func() int64 { return 100 + random.Int64N(20) },
		"spread": func() int64 { return int64(math.Exp(4 + random.NormFloat64())) },
		"two":    func() int64 { return 50 + 5000*random.Int64N(2) },
	} {
		const population, sampled, rounds = 5000, 200, 300
		sizes := make([]int64, population)
		var truth, big int64
		for i := range sizes {
			sizes[i] = size()
			truth += sizes[i]
			if sizes[i] > 110 {
				big++
			}
		}
		held, heldShare := 0, 0
		for range rounds {
			random.Shuffle(population, func(i, j int) { sizes[i], sizes[j] = sizes[j], sizes[i] })
			var m moments
			var hits int64
			for _, x := range sizes[:sampled] {
				m.add(x)
				if x > 110 {
					hits++
				}
			}
			if e := m.estimate(population); e.Low <= truth && truth <= e.High {
				held++
			}
			if e := share(hits, sampled, population); e.Low <= big && big <= e.High {
				heldShare++
			}
		}
		if held < rounds*90/100 || heldShare < rounds*90/100 {
			t.Errorf("%s: the sum held in %d, the share in %d of %d", name, held, heldShare, rounds)
		}
	}
}

func TestEstimatesAtTheEdges(t *testing.T) {
	var m moments
	if e := m.estimate(10); e.Low != 0 || e.High != math.MaxInt64 || e.Exact() {
		t.Errorf("of nothing: %+v", e)
	}
	m.add(7)
	if e := m.estimate(10); e.Value != 70 || e.Low != 7 || e.High != math.MaxInt64 {
		t.Errorf("of one: %+v", e)
	}
	m.add(9)
	if e := m.estimate(2); e != (Estimate{16, 16, 16}) || !e.Exact() || e.Error() != 0 {
		t.Errorf("of all: %+v", e)
	}
	if e := share(0, 0, 5); e != (Estimate{0, 0, 5}) {
		t.Errorf("share of nothing: %+v", e)
	}
	if e := share(0, 100, 1000); e.Value != 0 || e.Low != 0 || e.High < 10 || e.High > 100 {
		t.Errorf("share without a hit: %+v", e)
	}
	if e := (Estimate{Value: 100, Low: 80, High: 110}); e.Error() != 0.2 {
		t.Errorf("error %v", e.Error())
	}
	if e := (Estimate{}); e.Error() != 0 {
		t.Errorf("error of nothing %v", e.Error())
	}
}

func surveying() SurveyOptions { return SurveyOptions{Share: 1, Now: time.Now} }

func TestSurveyOfARealBranch(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t)
	m := realMasters(t, server.Addr())
	keys := names(3000)
	fill(t, m, func(key string) []string {
		if strings.HasSuffix(key, "7") {
			return []string{"SET", key, strings.Repeat("x", 1000), "EX", "1000"}
		}
		return []string{"RPUSH", key, "a", "b"}
	}, keys)
	random := rand.New(rand.NewPCG(7, 8))
	sample, total := Sample(slices.Values(keys), 600, random.Int64N)
	server.Do("DEL", sample[0])
	f, err := measure(t.Context(), NewSurvey(m, sample, total, surveying()))
	if err != nil {
		t.Fatal(err)
	}
	exact, err := measure(t.Context(), NewSurvey(m, keys, total, surveying()))
	if err != nil {
		t.Fatal(err)
	}
	if !exact.Memory.Exact() || !exact.Done || exact.Gone != 1 || exact.Persistent.Value < 2600 || exact.Types["string"]+exact.Types["list"] != 2999 {
		t.Errorf("exact %+v", exact)
	}
	// Four standard errors, where two are promised: this test is to fail for one reason only.
	off := 2 * max(f.Memory.High-f.Memory.Value, 1)
	if f.Memory.Exact() || f.Memory.Value < exact.Memory.Value-off || f.Memory.Value > exact.Memory.Value+off {
		t.Errorf("memory %+v, exactly %d", f.Memory, exact.Memory.Value)
	}
	if f.Sampled != 600 || f.Gone != 1 || !f.MemoryKnown() || f.LargestSize < 1000 || !strings.HasSuffix(f.Largest, "7") {
		t.Errorf("%+v", f)
	}
	if f.Persistent.Low > exact.Persistent.Value+300 || f.Persistent.High < exact.Persistent.Value-300 {
		t.Errorf("persistent %+v, exactly %d", f.Persistent, exact.Persistent.Value)
	}
}

func TestSurveyStopsWhenPreciseEnough(t *testing.T) {
	server := &fake{reply: func(words []string) resp.Value {
		switch words[0] {
		case "TYPE":
			return status("string")
		case "PTTL":
			return number(-1)
		}
		return number(100)
	}}
	o := surveying()
	o.Precision = 0.05
	f, err := measure(t.Context(), NewSurvey(server, names(10_000), 1_000_000, o))
	if err != nil || !f.Done || f.Sampled > 2000 || f.Memory.Value != 100_000_000 {
		t.Errorf("%+v, %v", f, err)
	}
}

// TestSurveyTakesItsShare of the server's time, and no more.
func TestSurveyTakesItsShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var busy time.Duration
		server := &fake{reply: func([]string) resp.Value { return number(100) }}
		server.delay = func(commands [][]string) time.Duration {
			took := time.Duration(len(commands)) * 20 * time.Microsecond
			busy += took
			return time.Millisecond + took
		}
		o := surveying()
		o.Share = 0.2
		began := time.Now()
		if f, err := measure(t.Context(), NewSurvey(server, names(20_000), 20_000, o)); err != nil || f.Sampled != 20_000 {
			t.Errorf("%+v, %v", f, err)
		}
		if took := time.Since(began); busy > took/4 || busy < took/10 {
			t.Errorf("busy for %v of %v", busy, took)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := measure(ctx, NewSurvey(server, names(10), 10, o)); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	})
}

// measure carries a survey through.
func measure(ctx context.Context, s *Survey) (Findings, error) {
	for {
		f, err := s.Next(ctx)
		if err != nil || f.Done {
			return f, err
		}
	}
}

func TestSurveyWithoutMemoryUsage(t *testing.T) {
	server := &fake{reply: func(words []string) resp.Value {
		switch words[0] {
		case "TYPE":
			return status("string")
		case "PTTL":
			return number(-1)
		}
		return failure("NOPERM User x has no permissions to run the 'memory|usage' command")
	}}
	f, err := measure(t.Context(), NewSurvey(server, names(300), 300, surveying()))
	if err != nil || !f.Done || f.MemoryKnown() || f.Types["string"] != 300 || len(server.log("MEMORY")) > firstCount {
		t.Errorf("%+v, %v, asked %d times", f, err, len(server.log("MEMORY")))
	}
	server.reply = func([]string) resp.Value { return failure("NOPERM nothing") }
	if _, err := measure(t.Context(), NewSurvey(server, names(300), 300, surveying())); !errors.Is(err, ErrNotTold) {
		t.Errorf("nothing told: %v", err)
	}
	if f, err := NewSurvey(server, nil, 0, surveying()).Next(t.Context()); err != nil || !f.Done {
		t.Errorf("of no keys: %+v, %v", f, err)
	}
}

// TestSurveyGoesOnAfterAFailure where it was.
func TestSurveyGoesOnAfterAFailure(t *testing.T) {
	server := &fake{reply: func(words []string) resp.Value { return number(int64(len(words))) }}
	s := NewSurvey(server, names(100), 100, surveying())
	for range 2 {
		_, _ = s.Next(t.Context())
		server.fail = func() error { return errBroken }
		if _, err := s.Next(t.Context()); !errors.Is(err, errBroken) && s.findings.Sampled < 100 {
			t.Error(err)
		}
		server.fail = nil
	}
	if f, err := s.Next(t.Context()); err != nil || f.Sampled != 100 {
		t.Errorf("%+v, %v", f, err)
	}
	if n := len(server.log("MEMORY USAGE key:000099 ")); n != 1 {
		t.Errorf("asked %d times for one key: %s", n, strconv.Itoa(n))
	}
}
