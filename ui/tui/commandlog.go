package tui

import (
	"context"
	"io"
	"strings"
	"sync"
	"time"

	"redan/commands"
	"redan/commands/keyspace"
	"redan/conn"
	"redan/conn/resp"
)

// sent is one command that was sent.
type sent struct {
	at    time.Time
	took  time.Duration // of the whole pipeline it was in
	words []string      // masked and shortened: as shown, not as sent
	whole bool          // words are all that was sent, and hold no secret
	note  string        // the error, of the server or of the connection
	from  origin
}

// origin is who sent a command, and where to.
type origin struct {
	typed bool          // in the console; the others are redan's own
	at    *conn.Options // nil for the server on screen
}

// commandLog is the last commands that redan sent. It is written by tasks, which run beside the model.
type commandLog struct {
	now func() time.Time

	mu    sync.Mutex
	ring  []sent
	next  int // where the next one goes once the ring is full
	total int64
}

const (
	// logKept is how many commands are remembered.
	logKept = 1000
	// wordKept is how much of a word is, in bytes.
	wordKept = 256
	// wordsKept is how many words of a command are.
	wordsKept = 64
)

func newCommandLog(now func() time.Time) *commandLog { return &commandLog{now: now} }

func (l *commandLog) add(s sent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total++
	if len(l.ring) < logKept {
		l.ring = append(l.ring, s)
		return
	}
	l.ring[l.next] = s
	l.next = (l.next + 1) % logKept
}

// latest are the commands, the newest first, and how many there were in all.
func (l *commandLog) latest() ([]sent, int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := make([]sent, 0, len(l.ring))
	for i := range l.ring {
		list = append(list, l.ring[(l.next+len(l.ring)-1-i)%len(l.ring)])
	}
	return list, l.total
}

// remember adds a command, when it was sent, how long it took and what went wrong.
func (l *commandLog) remember(args []string, from origin, refused string, err error, start time.Time) {
	s := newSent(args)
	s.at, s.took, s.from = start, l.now().Sub(start), from
	s.note = shortened(commands.MaskedReply(args, refused))
	if err != nil {
		s.note = shortened(commands.MaskedReply(args, err.Error()))
	}
	l.add(s)
}

// opened adds what a connection begins with.
func (l *commandLog) opened(o conn.Options, start time.Time) {
	for _, words := range o.Opening() {
		l.remember(words, origin{at: &o}, "", nil, start)
	}
}

// shortened is as much of a text as is kept.
func shortened(text string) string {
	if len(text) <= wordKept {
		return text
	}
	return strings.Clone(text[:wordKept])
}

// newSent is what is remembered of a command: nothing of one that holds a secret but its name.
func newSent(words []string) sent {
	if commands.Secret(words) {
		return sent{words: commands.Masked(words)}
	}
	s := sent{whole: true}
	for i, word := range words {
		if i == wordsKept {
			s.whole = false
			break
		}
		if len(word) > wordKept {
			word, s.whole = strings.Clone(word[:wordKept]), false // not the megabytes it is the beginning of
		}
		s.words = append(s.words, word)
	}
	return s
}

// logged is a client whose commands are remembered.
type logged struct {
	inner keyspace.Client
	log   *commandLog
	from  origin
}

// Do implements conn.Doer.
func (c logged) Do(ctx context.Context, args ...string) (resp.Value, error) {
	start := c.log.now()
	reply, err := c.inner.Do(ctx, args...)
	c.log.remember(args, c.from, refusalOf(reply), err, start)
	return reply, err
}

// Pipeline implements keyspace.Pipeliner.
func (c logged) Pipeline(ctx context.Context, list ...[]string) ([]resp.Value, error) {
	start := c.log.now()
	replies, err := c.inner.Pipeline(ctx, list...)
	for i, args := range list {
		var reply resp.Value
		if i < len(replies) {
			reply = replies[i]
		}
		c.log.remember(args, c.from, refusalOf(reply), err, start)
	}
	return replies, err
}

// Close implements io.Closer.
func (c logged) Close() error {
	if closer, ok := c.inner.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}
