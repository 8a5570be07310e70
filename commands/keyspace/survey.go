package keyspace

import (
	"context"
	"errors"
	"maps"
	"time"
)

// ErrNotTold says that the server told nothing about the keys: their names are readable, the keys are not.
var ErrNotTold = errors.New("the server tells nothing about these keys: the user may see their names only")

// SurveyOptions say how much a [Survey] may take.
type SurveyOptions struct {
	// Precision ends the survey when the memory is known to this part of it: 0.05 is ±5%. 0 means all of the sample is measured.
	Precision float64
	// Share is the part of the server's time that is taken, above 0 up to 1; 0 means [DefaultShare].
	Share float64
	// Now is the clock.
	Now func() time.Time
}

// Findings are what a survey has found so far.
type Findings struct {
	// Keys is how many keys there are, and Sampled how many of them were looked at.
	Keys, Sampled int64
	// Gone is how many of those sampled no longer exist.
	Gone int64
	// Memory is in bytes, by MEMORY USAGE with five samples of each value; see Refused.
	Memory Estimate
	// Largest is the largest key that was measured.
	Largest     string
	LargestSize int64
	// Types counts the sampled keys by type, as TYPE words it.
	Types map[string]int64
	// Persistent is how many keys have no time to live.
	Persistent Estimate
	// Refused are the questions that the server does not answer: without MEMORY USAGE there is no Memory.
	Refused []Refusal
	// Done tells that the sample is used up, or the precision reached.
	Done bool
}

// MemoryKnown reports whether Memory means anything.
func (f Findings) MemoryKnown() bool {
	for _, r := range f.Refused {
		if r.Command == askSize.name() {
			return false
		}
	}
	return f.Sampled > 0
}

// Survey looks at a sample of keys and says what all of them are about: how much memory they take, of what types they are, and how
// many stay for ever. It reads no values. It is not safe for concurrent use.
type Survey struct {
	census    *Census
	sample    []string
	precision float64
	memory    moments
	staying   int64
	findings  Findings
}

// NewSurvey returns a survey of total keys of which sample is a random part (see [Sample]), or all.
func NewSurvey(to Pipeliner, sample []string, total int64, o SurveyOptions) *Survey {
	return &Survey{
		census: NewCensus(NewDescriber(to), CensusOptions{Share: o.Share, Now: o.Now}), sample: sample, precision: o.Precision,
		findings: Findings{Keys: max(total, int64(len(sample))), Types: map[string]int64{}},
	}
}

// Next looks at some more keys and returns what is known then. An error is ctx's or about the connection; the place is
// kept, and Next may be called again. If nothing at all is told the error is [ErrNotTold].
func (s *Survey) Next(ctx context.Context) (Findings, error) {
	if len(s.sample) == 0 || s.findings.Done {
		return s.report(), nil
	}
	chunk := s.sample[:min(len(s.sample), s.census.AtOnce())]
	facts, err := s.census.Ask(ctx, chunk, Questions{Size: true})
	if err != nil {
		return s.report(), err
	}
	s.sample = s.sample[len(chunk):]
	for _, f := range facts {
		s.count(f)
	}
	if len(s.sample) == 0 && s.findings.Sampled == 0 {
		return s.report(), ErrNotTold
	}
	return s.report(), nil
}

// count takes in one key, unless nothing is known of it.
func (s *Survey) count(f Facts) {
	switch {
	case f.Gone:
		s.findings.Sampled++
		s.findings.Gone++
		s.memory.add(0) // of the keys that are listed some are gone, and take nothing
		return
	case f.Type.Access != Known && f.TTL.Access != Known && f.Size.Access != Known:
		return
	}
	s.findings.Sampled++
	if f.Type.Access == Known {
		s.findings.Types[f.Type.Value]++
	}
	if f.TTL.Access == Known && f.TTL.Value == Persistent {
		s.staying++
	}
	if f.Size.Access == Known {
		s.memory.add(f.Size.Value)
		if f.Size.Value > s.findings.LargestSize {
			s.findings.Largest, s.findings.LargestSize = f.Key, f.Size.Value
		}
	}
}

// enoughToStop is how many keys are looked at before a precision is believed.
const enoughToStop = 100

// report sums up. The map is the caller's own.
func (s *Survey) report() Findings {
	f := s.findings
	f.Memory = s.memory.estimate(f.Keys)
	f.Persistent = share(s.staying, f.Sampled, f.Keys)
	f.Refused = s.census.describer.Refused()
	precise := s.precision > 0 && f.Sampled >= enoughToStop && f.Memory.Error() <= s.precision
	f.Done = len(s.sample) == 0 || f.MemoryKnown() && precise
	s.findings.Done = f.Done
	f.Types = maps.Clone(s.findings.Types)
	return f
}
