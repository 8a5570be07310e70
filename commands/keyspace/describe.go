package keyspace

import (
	"context"
	"sync"
	"time"

	"redan/conn/resp"
)

// Access says what became of a question about a key.
type Access uint8

// The fates of a question.
const (
	Unasked     Access = iota
	Known              // the server told
	Forbidden          // the user may not: NOPERM
	Unsupported        // the server has no such command, or does not keep what it tells
	Failed             // it went wrong this time
)

// Fact is one thing known, or not, about a key.
type Fact[T any] struct {
	Value  T
	Access Access
}

// Persistent is the time to live of a key that stays.
const Persistent time.Duration = -1

// Facts are what is known about one key.
type Facts struct {
	Key string
	// Gone tells that the key no longer exists; nothing else is known then.
	Gone bool
	// Type is a word as TYPE gives it.
	Type Fact[string]
	// TTL is the time to live at the time of asking, or [Persistent].
	TTL Fact[time.Duration]
	// Size is in bytes, what MEMORY USAGE estimates from five samples of the value.
	Size Fact[int64]
	// Encoding is how the server keeps the value: "listpack", "embstr" ...
	Encoding Fact[string]
	// Idle is the time since the last access; servers that evict by frequency do not keep it.
	Idle Fact[time.Duration]
	// Frequency is the logarithmic access counter; only servers that evict by frequency keep it.
	Frequency Fact[int64]
}

// Questions are what is asked about a key beside its type and time to live, and whether those are.
type Questions struct {
	Size, Encoding, Idle, Frequency bool
	// NoType and NoTTL leave out what is asked otherwise.
	NoType, NoTTL bool
}

// question is one command about a key.
type question int

const (
	askType question = iota
	askTTL
	askSize
	askEncoding
	askIdle
	askFrequency
	questionCount
)

// command returns the words of a question about a key. None of them counts as an access to it.
func (q question) command(key string) []string {
	switch q {
	case askType:
		return []string{"TYPE", key}
	case askTTL:
		return []string{"PTTL", key}
	case askSize:
		return []string{"MEMORY", "USAGE", key, "SAMPLES", "5"}
	case askEncoding:
		return []string{"OBJECT", "ENCODING", key}
	case askIdle:
		return []string{"OBJECT", "IDLETIME", key}
	default:
		return []string{"OBJECT", "FREQ", key}
	}
}

// name is the question as a person would type it.
func (q question) name() string {
	words := q.command("")
	if words[1] == "" {
		return words[0]
	}
	return words[0] + " " + words[1]
}

// Refusal is a question that a server does not answer.
type Refusal struct {
	Command string // such as "MEMORY USAGE"
	Access  Access // Forbidden or Unsupported
	Text    string // the error reply
}

// Describer asks about keys, and remembers what it may not ask. It is safe for concurrent use. A new connection, with another user
// perhaps, wants a new Describer.
type Describer struct {
	to Pipeliner

	mu      sync.Mutex
	refused [questionCount]*Refusal
}

// NewDescriber returns a Describer that has been refused nothing yet.
func NewDescriber(to Pipeliner) *Describer { return &Describer{to: to} }

// describeAtOnce is how many keys one pipeline asks about.
const describeAtOnce = 500

// Describe tells about keys, in their order, in one pipeline a master. Key names may be any bytes. An error is about the
// connection; what other masters told is there all the same, the rest is [Failed].
func (d *Describer) Describe(ctx context.Context, keys []string, more Questions) ([]Facts, error) {
	facts := make([]Facts, 0, len(keys))
	for len(keys) > 0 {
		chunk := keys[:min(len(keys), describeAtOnce)]
		keys = keys[len(chunk):]
		described, err := d.describe(ctx, chunk, more)
		facts = append(facts, described...)
		if err != nil {
			for _, key := range keys {
				facts = append(facts, Facts{Key: key, Type: Fact[string]{Access: Failed}, TTL: Fact[time.Duration]{Access: Failed}})
			}
			return facts, err
		}
	}
	return facts, nil
}

func (d *Describer) describe(ctx context.Context, keys []string, more Questions) ([]Facts, error) {
	asked := d.allowed(more)
	commands := make([][]string, 0, len(keys)*len(asked))
	for _, key := range keys {
		for _, q := range asked {
			commands = append(commands, q.command(key))
		}
	}
	var replies []resp.Value
	var err error
	if len(commands) > 0 {
		replies, err = d.to.Pipeline(ctx, commands...)
	}
	facts := make([]Facts, len(keys))
	for i, key := range keys {
		facts[i] = d.blank(key, more)
		mine := make([]resp.Value, len(asked))
		for j, q := range asked {
			mine[j] = replyAt(replies, i*len(asked)+j)
			facts[i].take(q, mine[j])
		}
		facts[i].settle()
		d.remember(asked, mine)
	}
	return facts, err
}

// allowed are the questions that are wanted and not refused.
func (d *Describer) allowed(more Questions) []question {
	d.mu.Lock()
	defer d.mu.Unlock()
	var asked []question
	for q := range questionCount {
		if more.want(q) && d.refused[q] == nil {
			asked = append(asked, q)
		}
	}
	return asked
}

func (w Questions) want(q question) bool {
	switch q {
	case askType:
		return !w.NoType
	case askTTL:
		return !w.NoTTL
	case askSize:
		return w.Size
	case askEncoding:
		return w.Encoding
	case askIdle:
		return w.Idle
	default:
		return w.Frequency
	}
}

// blank returns what is known without asking: what need not be asked again.
func (d *Describer) blank(key string, more Questions) Facts {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := Facts{Key: key}
	for q := range questionCount {
		if r := d.refused[q]; r != nil && more.want(q) {
			*f.access(q) = r.Access
		}
	}
	return f
}

// access returns where a fact's fate is kept.
func (f *Facts) access(q question) *Access {
	switch q {
	case askType:
		return &f.Type.Access
	case askTTL:
		return &f.TTL.Access
	case askSize:
		return &f.Size.Access
	case askEncoding:
		return &f.Encoding.Access
	case askIdle:
		return &f.Idle.Access
	default:
		return &f.Frequency.Access
	}
}

// take takes in the answer to a question.
func (f *Facts) take(q question, v resp.Value) {
	fate := fateOf(q, v)
	*f.access(q) = fate
	if fate != Known {
		return
	}
	switch q {
	case askType:
		f.Type.Value = v.String()
		f.Gone = f.Gone || f.Type.Value == "none"
	case askTTL:
		const gone = -2
		f.TTL.Value = Persistent
		if v.Int >= 0 {
			f.TTL.Value = time.Duration(v.Int) * time.Millisecond
		}
		f.Gone = f.Gone || v.Int == gone
	case askSize:
		f.Size.Value, f.Gone = v.Int, f.Gone || v.Kind.IsNull()
	case askEncoding:
		f.Encoding.Value, f.Gone = v.String(), f.Gone || v.Kind.IsNull()
	case askIdle:
		f.Idle.Value, f.Gone = time.Duration(v.Int)*time.Second, f.Gone || v.Kind.IsNull()
	default:
		f.Frequency.Value, f.Gone = v.Int, f.Gone || v.Kind.IsNull()
	}
}

// settle leaves nothing of a key that went between two questions.
func (f *Facts) settle() {
	if f.Gone {
		*f = Facts{Key: f.Key, Gone: true}
	}
}

// fateOf tells what a reply means for its question.
func fateOf(q question, v resp.Value) Access {
	switch code := errorCode(v); {
	case v.Kind == 0:
		return Failed
	case !v.Kind.IsError():
		return Known
	case code == codeNoPermission:
		return Forbidden
	case code == codeGeneric && q != askType && q != askTTL: // these every server has: a proxy may say ERR of any trouble
		return Unsupported
	default:
		return Failed
	}
}

// remember notes which commands need not be tried again. NOPERM may be about the key: only if another question about the same key
// was answered it must be about the command.
func (d *Describer) remember(asked []question, replies []resp.Value) {
	answered := false
	for i, q := range asked {
		answered = answered || fateOf(q, replies[i]) == Known
	}
	if !answered {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, q := range asked {
		if fate := fateOf(q, replies[i]); fate == Forbidden || fate == Unsupported {
			d.refused[q] = &Refusal{Command: q.name(), Access: fate, Text: replies[i].String()}
		}
	}
}

// Refused tells what is not asked any more, and why.
func (d *Describer) Refused() []Refusal {
	d.mu.Lock()
	defer d.mu.Unlock()
	var refused []Refusal
	for _, r := range d.refused {
		if r != nil {
			refused = append(refused, *r)
		}
	}
	return refused
}
