package latency

import (
	"context"
	"iter"
	"time"

	"redan/conn"
)

// PingEvery is how long redis-cli rests between an answer and the next PING.
const PingEvery = 10 * time.Millisecond

// Roundtrip is one PING and what came of it.
type Roundtrip struct {
	Sent time.Time
	Took time.Duration
	// Refusal is the error that the server answered, such as NOAUTH or LOADING: as an answer it counts. Nil is a PONG.
	Refusal error
}

// Answered is when the answer was there.
func (r Roundtrip) Answered() time.Time { return r.Sent.Add(r.Took) }

// Pinger asks a server for a reply again and again, one PING at a time as redis-cli: the next one goes out some time after the answer to the
// last. While a server hangs nothing more is sent, so a stall is one long round trip; see [Tally] for what percentiles make of that.
type Pinger struct {
	Server conn.Doer
	Every  time.Duration // pause between an answer and the next PING
	Now    func() time.Time
	Pause  func(ctx context.Context, d time.Duration) // returns early when ctx ends
}

// Roundtrips yields round trips until ctx ends, or the connection does: then the last one has that error, and took until it was noticed.
func (p Pinger) Roundtrips(ctx context.Context) iter.Seq2[Roundtrip, error] {
	return func(yield func(Roundtrip, error) bool) {
		for ctx.Err() == nil {
			sent := p.Now()
			reply, err := p.Server.Do(ctx, "PING")
			r := Roundtrip{Sent: sent, Took: p.Now().Sub(sent)}
			switch {
			case err != nil && ctx.Err() != nil:
				return
			case err != nil:
				yield(r, err)
				return
			}
			r.Refusal = reply.Err()
			if !yield(r, nil) {
				return
			}
			p.Pause(ctx, p.Every)
		}
	}
}
