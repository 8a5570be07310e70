package keyspace

import (
	"context"
	"time"
)

// CensusOptions say how much a [Census] may take.
type CensusOptions struct {
	// Share is the part of the server's time that is taken, above 0 up to 1; 0 means [DefaultShare].
	Share float64
	// Now is the clock.
	Now func() time.Time
}

// Census asks about as many keys as there are, some at a time, and rests between, as long as the answers cost the server. It is
// not safe for concurrent use.
type Census struct {
	describer *Describer
	options   CensusOptions
	pace      pace
	rest      time.Duration
}

const (
	// askedAtOnce bounds the keys of one question. MEMORY USAGE of a key is some microseconds.
	askedAtOnce = describeAtOnce
	// firstAsked is small, to learn how long the way is.
	firstAsked = 50
)

// NewCensus returns a census that has asked nothing yet.
func NewCensus(d *Describer, o CensusOptions) *Census {
	if !(o.Share > 0 && o.Share <= 1) {
		o.Share = DefaultShare
	}
	return &Census{describer: d, options: o, pace: newPace(firstAsked, askedAtOnce)}
}

// AtOnce is about how many keys to ask for next.
func (c *Census) AtOnce() int { return c.pace.count }

// Ask rests as long as the call before cost, and then tells about keys as [Describer.Describe] does.
func (c *Census) Ask(ctx context.Context, keys []string, more Questions) ([]Facts, error) {
	if err := sleep(ctx, c.rest, nil); err != nil {
		return nil, err
	}
	began := c.options.Now()
	facts, err := c.describer.Describe(ctx, keys, more)
	if err != nil {
		return facts, err
	}
	if len(keys) == c.pace.count {
		c.rest = rest(c.pace.observe(c.options.Now().Sub(began), 0), c.options.Share)
	}
	return facts, nil
}
