package keys

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/ui/tui/kit"
)

// The results of tasks.
type (
	batchRead struct {
		stamp
		batches []keyspace.Batch
		err     error
	}
	loadDue     struct{ stamp }
	sliceDue    struct{ stamp }
	stepDue     struct{ stamp }
	describeDue struct{ stamp }
	described   struct {
		stamp
		facts []fact
		err   error
	}
	swept struct {
		stamp
		facts []fact
		err   error
	}
	weighed struct {
		stamp
		findings keyspace.Findings
		err      error
	}
	surveyed struct {
		stamp
		findings keyspace.Findings
		err      error
	}
	removed struct {
		stamp
		state keyspace.Removed
		keys  []string // that are no more
		err   error
	}
	counted struct {
		stamp
		batches []keyspace.Batch
		err     error
	}
	sortDue      struct{ stamp }
	settled      struct{ stamp }
	countDue     struct{ stamp }
	removalDue   struct{ stamp }
	cursorRested struct {
		stamp
		key string
	}
)

const (
	// gatherFor is how long pages are gathered before they are shown: a frame or two.
	gatherFor = 25 * time.Millisecond
	// gatherKeys bounds what one message brings, and what waits to be taken in while more is asked for.
	gatherKeys = 2000
)

// readBatch reads pages for a moment. The first keys of all are handed on at once.
func readBatch(ctx context.Context, scanner *keyspace.Scanner, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) batchRead {
		batches, err := gather(ctx, scanner)
		return batchRead{stamp: s, batches: batches, err: err}
	})
}

// countBelow reads pages of a branch for a moment.
func countBelow(ctx context.Context, scanner *keyspace.Scanner, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) counted {
		batches, err := gather(ctx, scanner)
		return counted{stamp: s, batches: batches, err: err}
	})
}

func gather(ctx context.Context, scanner *keyspace.Scanner) (batches []keyspace.Batch, err error) {
	first := scanner.Progress().Seen == 0
	moment, cancel := context.WithTimeout(ctx, gatherFor)
	defer cancel()
	for keys := 0; keys < gatherKeys; {
		batch, err := scanner.Next(ctx)
		if err != nil {
			return batches, err
		}
		batches = append(batches, batch)
		keys += len(batch.Keys)
		if batch.Done || first || moment.Err() != nil {
			break
		}
	}
	return batches, nil
}

// describe asks for type and time to live of a few keys, in one pipeline.
func describe(ctx context.Context, describer *keyspace.Describer, now func() time.Time, keys []string, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) described {
		told, err := describer.Describe(ctx, keys, keyspace.Questions{})
		result := described{stamp: s, err: err}
		at := now()
		for _, f := range told {
			result.facts = append(result.facts, newFact(f, at))
		}
		return result
	})
}

// ask asks for what keys are to be sorted by.
func ask(ctx context.Context, census *keyspace.Census, now func() time.Time, keys []string, more keyspace.Questions, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) swept {
		told, err := census.Ask(ctx, keys, more)
		result := swept{stamp: s, err: err, facts: make([]fact, 0, len(told))}
		at := now()
		for _, f := range told {
			result.facts = append(result.facts, newFact(f, at))
		}
		return result
	})
}

// weigh measures some more keys of a sample.
func weigh(ctx context.Context, survey *keyspace.Survey, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) weighed {
		findings, err := survey.Next(ctx)
		return weighed{stamp: s, findings: findings, err: err}
	})
}

// look looks at a sample of keys until enough is known.
func look(ctx context.Context, survey *keyspace.Survey, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) surveyed {
		for {
			findings, err := survey.Next(ctx)
			if err != nil || findings.Done {
				return surveyed{stamp: s, findings: findings, err: err}
			}
		}
	})
}

// removeFor is how long keys are removed before it is told how far that has come.
const removeFor = 100 * time.Millisecond

// removeSome removes keys for a moment.
func removeSome(ctx context.Context, job *keyspace.Removal, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) removed {
		moment, cancel := context.WithTimeout(ctx, removeFor)
		defer cancel()
		result := removed{stamp: s}
		for {
			result.state, result.err = job.Next(ctx)
			result.keys = append(result.keys, result.state.Ended...)
			if result.err != nil || result.state.Done || moment.Err() != nil {
				return result
			}
		}
	})
}
