package sweep

import (
	"sync"

	"redan/commands/keyspace"
)

// tally is what Progress and Refusals tell.
type tally struct {
	mu       sync.Mutex
	seen     int64
	walks    []*keyspace.Walk // by node
	sizes    int64            // of the nodes that told theirs
	sized    int              // how many these are
	refusals []Refusal
}

func (t *tally) begin(nodes int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen, t.sizes, t.sized, t.refusals = 0, 0, 0, nil
	t.walks = make([]*keyspace.Walk, nodes)
	for i := range t.walks {
		walk := keyspace.NewWalk()
		t.walks[i] = &walk
	}
}

// size notes how many keys a node has.
func (t *tally) size(node int, keys int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.walks[node].Measure(keys)
	t.sizes += keys
	t.sized++
}

// page notes one reply to SCAN.
func (t *tally) page(node int, cursor string, count, keys int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.walks[node].Page(cursor, count, keys)
}

// yielded notes keys that were handed on.
func (t *tally) yielded(keys int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen += int64(keys)
}

func (t *tally) refused(node int, command string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.refusals {
		if r := &t.refusals[i]; r.Node == node && r.Command == command {
			r.Count++
			return
		}
	}
	t.refusals = append(t.refusals, Refusal{Command: command, Node: node, Err: err, Count: 1})
}

func (t *tally) progress() Progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := Progress{Seen: t.seen, Expected: -1}
	if len(t.walks) == 0 {
		return p
	}
	if t.sized == len(t.walks) {
		p.Expected = t.sizes
	}
	p.Scanned = keyspace.Part(t.walks)
	return p
}

func (t *tally) all() []Refusal {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Refusal(nil), t.refusals...)
}
