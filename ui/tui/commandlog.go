package tui

import (
	"context"
	"io"
	"sync"
	"time"

	"redan/commands"
	"redan/commands/keyspace"
	"redan/conn/resp"
)

// sent is one command that was sent.
type sent struct {
	at    time.Time
	took  time.Duration // of the whole pipeline it was in
	words []string      // masked and shortened: as shown, not as sent
	whole bool          // words are all that was sent, and hold no secret
	note  string        // the error, of the server or of the connection
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

// newSent is what is remembered of a command: nothing of one that holds a secret but its name.
func newSent(words []string) sent {
	if commands.Secret(words) {
		return sent{words: []string{words[0], "***"}}
	}
	s := sent{whole: true}
	for i, word := range words {
		if i == wordsKept {
			s.whole = false
			break
		}
		if len(word) > wordKept {
			word, s.whole = word[:wordKept], false
		}
		s.words = append(s.words, word)
	}
	return s
}

// logged is a client whose commands are remembered.
type logged struct {
	inner keyspace.Client
	log   *commandLog
}

// Do implements conn.Doer.
func (c logged) Do(ctx context.Context, args ...string) (resp.Value, error) {
	start := c.log.now()
	reply, err := c.inner.Do(ctx, args...)
	c.log.remember(args, refusalOf(reply), err, start)
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
		c.log.remember(args, refusalOf(reply), err, start)
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
