package keyspace

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"redan/conn/resp"
)

// RemovalOptions say how much a [Removal] may take.
type RemovalOptions struct {
	// Share is the part of the server's time that is taken, above 0 up to 1; 0 means [DefaultShare].
	Share float64
	// Now is the clock.
	Now func() time.Time
}

// Removed tells how far a removal has come. It accounts for every key that was taken from the list.
type Removed struct {
	// Total is how many keys there were to remove, as the caller said.
	Total int64
	// Removed were there and are gone by us, Gone were gone already.
	Removed, Gone int64
	// Unsure went or were gone already: they were sent twice, since the connection broke before the first answer.
	Unsure int64
	// Refused is how many the server did not remove, Reasons why, by its words, and Examples some of them.
	Refused  int64
	Reasons  map[string]int64
	Examples []string
	// Ended are the keys that are no more, of those that the last call of Next settled.
	Ended []string
	// Pending were sent, and the connection broke before the answer: the next call sends them again.
	Pending int64
	// Blocking tells that the server has no UNLINK, so that DEL is used: large keys hold it up.
	Blocking bool
	// Elapsed is the time since the first call, and Left about what is still needed.
	Elapsed, Left time.Duration
	// Done tells that the list is at its end.
	Done bool
}

// Settled is how many keys are accounted for.
func (r Removed) Settled() int64 { return r.Removed + r.Gone + r.Unsure + r.Refused }

// Removal removes keys, some per call of Next, with UNLINK, which frees the memory beside the server's work. To cancel is not to
// call Next again: what is removed stays removed, and nothing else is. It is not safe for concurrent use.
type Removal struct {
	to      Pipeliner
	keys    func() (string, bool)
	options RemovalOptions
	pace    pace
	rest    time.Duration
	begun   time.Time

	batch  []string // sent or to be sent
	unsure int      // how many of the batch, from its start, were sent and not answered
	report Removed
}

const (
	removeAtOnce = 500
	// The first pipeline is small, to learn how long the way is.
	firstRemoved = 50
	// blockingAtOnce is for DEL, where one large key can hold up the server.
	blockingAtOnce = 50
	maxExamples    = 10
)

// NewRemoval returns a removal of the keys that next yields until it returns false, of which there are about total. next is called
// from within Next; [Each] makes one of a list, iter.Pull one of a sequence.
func NewRemoval(to Pipeliner, next func() (key string, ok bool), total int64, o RemovalOptions) *Removal {
	if !(o.Share > 0 && o.Share <= 1) {
		o.Share = DefaultShare
	}
	return &Removal{to: to, keys: next, options: o, pace: newPace(firstRemoved, removeAtOnce), report: Removed{Total: total, Reasons: map[string]int64{}}}
}

// Each yields the elements of a list, for [NewRemoval].
func Each(keys []string) func() (string, bool) {
	return func() (string, bool) {
		if len(keys) == 0 {
			return "", false
		}
		key := keys[0]
		keys = keys[1:]
		return key, true
	}
}

// Next removes some more keys and tells how far it has come. An error is ctx's, about the connection, or a [resp.ServerError] of a
// state that may pass (LOADING, READONLY, CLUSTERDOWN ...). The keys whose answers are missing are Pending, and another call sends
// them again, which harms nothing but removes what someone has made anew meanwhile.
func (r *Removal) Next(ctx context.Context) (Removed, error) {
	if r.begun.IsZero() {
		r.begun = r.options.Now()
	}
	r.report.Ended = nil
	if err := sleep(ctx, r.rest, nil); err != nil {
		return r.sum(), err
	}
	r.rest = 0
	r.fill()
	if len(r.batch) == 0 {
		r.report.Done = true
		return r.sum(), nil
	}
	began := r.options.Now()
	replies, err := r.to.Pipeline(ctx, r.commands()...)
	took := r.options.Now().Sub(began)
	if len(r.batch) == r.pace.count {
		r.rest = rest(r.pace.observe(took, 0), r.options.Share)
	}
	if !r.report.Blocking && r.unknown(replies) {
		r.report.Blocking = true
		r.pace = newPace(blockingAtOnce, blockingAtOnce)
		return r.sum(), err
	}
	err = errors.Join(err, r.settle(replies, err != nil))
	return r.sum(), err
}

// fill takes keys from the list until there are enough for a pipeline.
func (r *Removal) fill() {
	for len(r.batch) < r.pace.count {
		key, ok := r.keys()
		if !ok {
			return
		}
		r.batch = append(r.batch, key)
	}
}

func (r *Removal) commands() [][]string {
	word := "UNLINK"
	if r.report.Blocking {
		word = "DEL"
	}
	commands := make([][]string, len(r.batch))
	for i, key := range r.batch {
		commands[i] = []string{word, key}
	}
	return commands
}

// unknown reports whether the server knows no UNLINK (before Redis 4): it says ERR to every single one.
func (r *Removal) unknown(replies []resp.Value) bool {
	for i := range r.batch {
		if errorCode(replyAt(replies, i)) != codeGeneric {
			return false
		}
	}
	return true
}

// settle accounts for the answers. Keys without one stay in the batch, and so do those that a state of the server kept, such as a
// failover: that state is returned as the error.
func (r *Removal) settle(replies []resp.Value, broken bool) error {
	var unanswered, kept []string
	var state error
	for i, key := range r.batch {
		reply := replyAt(replies, i)
		switch {
		case reply.Kind == 0 && broken:
			unanswered = append(unanswered, key)
		case reply.Kind == 0:
			r.refuse(key, errNoAnswer.Error())
		case passes(reply):
			kept, state = append(kept, key), reply.Err()
		case reply.Kind.IsError():
			r.refuse(key, reply.String())
		default:
			r.ended(key, reply.Int > 0, i < r.unsure)
		}
	}
	r.batch, r.unsure = slices.Concat(unanswered, kept), len(unanswered)
	return state
}

// ended notes that a key is no more: by this answer, or since before, which may have been our own doing.
func (r *Removal) ended(key string, now, sentBefore bool) {
	switch {
	case now:
		r.report.Removed++
	case sentBefore:
		r.report.Unsure++
	default:
		r.report.Gone++
	}
	r.report.Ended = append(r.report.Ended, key)
}

// errNoAnswer is the reason when a pipeline answers less than it was asked.
var errNoAnswer = errors.New("no answer")

func (r *Removal) refuse(key, reason string) {
	r.report.Refused++
	r.report.Reasons[reason]++
	if len(r.report.Examples) < maxExamples {
		r.report.Examples = append(r.report.Examples, key)
	}
}

// sum returns the report as it is now. Map and slice are the caller's own.
func (r *Removal) sum() Removed {
	sum := r.report
	sum.Pending = int64(r.unsure)
	sum.Elapsed = r.options.Now().Sub(r.begun)
	if settled := sum.Settled(); settled > 0 && sum.Total > settled {
		sum.Left = time.Duration(float64(sum.Elapsed) / float64(settled) * float64(sum.Total-settled))
	}
	sum.Reasons = maps.Clone(r.report.Reasons)
	sum.Examples = slices.Clone(r.report.Examples)
	return sum
}
