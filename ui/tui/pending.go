package tui

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands/keyspace"
	"redan/conn/resp"
	"redan/ui/tui/kit"
)

// pending are the requests that are under way. They begin and end in tasks, beside the model, which only looks and cancels.
type pending struct {
	now func() time.Time

	mu   sync.Mutex
	made int
	list map[int]request
	late func() // told when a request takes longer than patience; nil tells nobody
}

// request is one that waits for its answer.
type request struct {
	number int
	what   string
	since  time.Time
	cancel context.CancelFunc
}

// patience is how long an answer may take before it is said what is waited for.
const patience = 150 * time.Millisecond

func newPending(now func() time.Time) *pending { return &pending{now: now, list: map[int]request{}} }

// tell says whom to tell of late answers.
func (p *pending) tell(late func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.late = late
}

// begin notes a request. The context ends when the user cancels it, and done must be called when it ended.
func (p *pending) begin(ctx context.Context, commands ...[]string) (_ context.Context, done func()) {
	ctx, cancel := context.WithCancel(ctx)
	r := request{what: described(commands), since: p.now(), cancel: cancel}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.made++
	r.number = p.made
	p.list[r.number] = r
	stop := func() bool { return true }
	if p.late != nil {
		stop = time.AfterFunc(patience, p.late).Stop
	}
	return ctx, func() {
		stop()
		cancel()
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.list, r.number)
	}
}

// described names commands without what could be secret or long.
func described(commands [][]string) string {
	const most = 40
	if len(commands) == 0 || len(commands[0]) == 0 {
		return ""
	}
	words := newSent(commands[0]).words
	for i, word := range words {
		words[i] = kit.Escape(word)
	}
	text := kit.Cut(strings.Join(words[:min(2, len(words))], " "), most, true)
	if n := len(commands) - 1; n > 0 {
		text += " and " + kit.Count(int64(n)) + " more"
	}
	return text
}

// waiting are the requests that take long, what people asked for before the program's own questions, and then the oldest first.
func (p *pending) waiting(now time.Time) []request {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []request
	for _, r := range p.list {
		if now.Sub(r.since) >= patience {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b request) int {
		if own := cmp.Compare(ownRank(a), ownRank(b)); own != 0 {
			return own
		}
		return cmp.Compare(a.number, b.number)
	})
	return list
}

func ownRank(r request) int {
	if r.what == "INFO" {
		return 1
	}
	return 0
}

// busy reports whether anything is under way.
func (p *pending) busy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.list) > 0
}

// cancel ends the requests that take long, and returns them.
func (p *pending) cancel(now time.Time) []request {
	list := p.waiting(now)
	for _, r := range list {
		r.cancel()
	}
	return list
}

// awaited is a client whose requests are pending while they run.
type awaited struct {
	inner   keyspace.Client
	pending *pending
}

// Do implements conn.Doer.
func (c awaited) Do(ctx context.Context, args ...string) (resp.Value, error) {
	ctx, done := c.pending.begin(ctx, args)
	defer done()
	return c.inner.Do(ctx, args...)
}

// Pipeline implements keyspace.Pipeliner.
func (c awaited) Pipeline(ctx context.Context, list ...[]string) ([]resp.Value, error) {
	ctx, done := c.pending.begin(ctx, list...)
	defer done()
	return c.inner.Pipeline(ctx, list...)
}

// Close implements io.Closer.
func (c awaited) Close() error {
	if closer, ok := c.inner.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}

// lateDue comes when a request takes long, and again and again as long as one does.
type lateDue struct {
	kit.Sealed
	again bool
}

// lateStep is how often the picture is drawn while something is waited for.
const lateStep = 250 * time.Millisecond

// lateDue keeps the picture going while something is waited for. One timer is enough for all requests.
func (m model) lateDue(msg lateDue) (model, tea.Cmd) {
	if !msg.again && m.lateTimer {
		return m, nil
	}
	m.lateTimer = m.pending.busy() && !m.blurred
	if !m.lateTimer {
		return m, nil
	}
	return m, m.timer(lateStep, lateDue{again: true})
}

// waitingText says, in at most w columns, what is waited for and how to cancel it.
func (m model) waitingText(w int) string {
	if m.link.phase != online {
		return ""
	}
	list := m.pending.waiting(m.config.Now())
	if len(list) == 0 {
		return ""
	}
	look, first := m.look, list[0]
	since := took(m.config.Now().Sub(first.since).Truncate(100 * time.Millisecond))
	if n := len(list) - 1; n > 0 {
		since = "+" + kit.Count(int64(n)) + "  " + since
	}
	key := "  " + look.Strong(firstKey(m.cancelBinding(), look)) + " " + look.Dim("cancel") + " "
	room := w - kit.Width(since) - kit.Width(key) - len("waiting: ") - 1
	if room < 4 {
		return key
	}
	return look.Warn("waiting: "+kit.Cut(first.what, room, look.ASCII)+" "+since) + key
}
