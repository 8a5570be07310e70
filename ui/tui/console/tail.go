package console

import (
	"context"
	"strings"
	"sync"
	"time"

	"redan/commands"
	"redan/conn/resp"
	"redan/ui/tui/kit"
)

// heard is one message, or one line of MONITOR.
type heard struct {
	at      time.Time
	channel string
	text    string
	client  string // that MONITOR names, empty for messages
	own     bool   // the client is a connection of ours
}

func (h heard) line() string {
	if h.channel == "" {
		return h.text
	}
	return h.channel + "  " + h.text
}

// tail hands what a connection brings to the pane, in as few messages as are drawn. It is bounded: of a flood the newest stays.
type tail struct {
	mu      sync.Mutex
	list    []heard
	lost    int64
	arrived chan struct{} // holds one when there is something to take
	ended   chan struct{} // closed when nothing comes any more
}

const (
	// heardKept is how many messages are kept, and heardLongest how long one of them may be, in bytes.
	heardKept    = 10_000
	heardLongest = 4 << 10
	// gatherFor is how long messages and replies are gathered before they are shown: a frame or two.
	gatherFor = 40 * time.Millisecond
)

func newTail() *tail { return &tail{arrived: make(chan struct{}, 1), ended: make(chan struct{})} }

func (t *tail) add(h heard) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.list) >= 2*heardKept { // rarely, since it moves all of them
		t.lost += int64(len(t.list) - heardKept)
		t.list = append([]heard(nil), t.list[len(t.list)-heardKept:]...)
	}
	t.list = append(t.list, h)
	select {
	case t.arrived <- struct{}{}:
	default:
	}
}

// take waits for messages, gathers for a moment, and returns them. It reports false when none will come.
func (t *tail) take(ctx context.Context) (list []heard, lost int64, more bool) {
	select {
	case <-t.arrived:
		more = true
		moment := time.NewTimer(gatherFor)
		defer moment.Stop()
		select {
		case <-moment.C:
		case <-ctx.Done():
		case <-t.ended:
		}
	case <-t.ended:
	case <-ctx.Done():
	}
	list, lost = t.drain()
	return list, lost, more
}

// drain takes what is there without waiting.
func (t *tail) drain() (list []heard, lost int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	list, lost = t.list, t.lost
	t.list, t.lost = nil, 0
	return list, lost
}

// hear makes what a subscription or MONITOR brings a message.
func hear(v resp.Value, at time.Time) heard {
	if !v.Kind.IsAggregate() || len(v.Elems) < 3 {
		return overheard(v, at)
	}
	kind, rest := v.Elems[0].String(), v.Elems[1:]
	switch kind {
	case "message", "smessage":
		return heard{at: at, channel: cell(rest[0]), text: shorten(cell(rest[1]))}
	case "pmessage":
		if len(rest) > 2 {
			return heard{at: at, channel: cell(rest[1]), text: shorten(cell(rest[2]))}
		}
	}
	parts := make([]string, len(v.Elems))
	for i, e := range v.Elems {
		parts[i] = cell(e)
	}
	return heard{at: at, text: shorten(strings.Join(parts, " "))}
}

// overheard is a line of MONITOR: time, database and client, and the command, of which no secret is shown, whatever the server does.
func overheard(v resp.Value, at time.Time) heard {
	line := v.String()
	h := heard{at: at}
	if head, rest, ok := strings.Cut(line, "] "); ok && v.Kind == resp.SimpleString {
		_, from, _ := strings.Cut(head, "[")
		_, h.client, _ = strings.Cut(from, " ")
		if words, err := commands.Split(rest); err == nil && commands.Secret(words) {
			line = head + "] " + commands.Quote(words[0]) + " ***"
		}
	}
	h.text = shorten(kit.Escape(line))
	return h
}

func shorten(s string) string {
	if len(s) <= heardLongest {
		return strings.Clone(s)
	}
	return kit.Escape(s[:heardLongest]) + " (" + kit.Size(int64(len(s))) + ")"
}
