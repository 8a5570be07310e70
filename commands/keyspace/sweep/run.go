package sweep

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"redan/conn"
	"redan/conn/resp"
)

// NodeError is a node that cannot be read.
type NodeError struct {
	Node    int
	Addr    conn.Addr
	Command string // that failed, "" for the connection
	Err     error  // a resp.ServerError when the server said so
}

// Error says what failed, and where.
func (e *NodeError) Error() string {
	if e.Command == "" {
		return e.Addr.String() + ": " + e.Err.Error()
	}
	return fmt.Sprintf("%s: %s: %v", e.Addr, e.Command, e.Err)
}

func (e *NodeError) Unwrap() error { return e.Err }

// tally is what Progress and Refusals tell.
type tally struct {
	mu             sync.Mutex
	seen, expected int64
	refusals       []Refusal
}

func (t *tally) progress() Progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	return Progress{Seen: t.seen, Expected: t.expected}
}

func (t *tally) refused() []Refusal {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Refusal(nil), t.refusals...)
}

// run is a first version: one node after the other, one page at a time.
func (s *Sweep) run(ctx context.Context, yield func(Page, error) bool) {
	for i, n := range s.nodes {
		session, err := n.Open(ctx)
		if err != nil {
			yield(Page{}, err)
			return
		}
		more := s.node(ctx, session, i, yield)
		_ = session.Close()
		if !more {
			return
		}
	}
}

func (s *Sweep) node(ctx context.Context, c *conn.Session, i int, yield func(Page, error) bool) bool {
	size, err := c.Do(ctx, "DBSIZE")
	if err = errors.Join(err, size.Err()); err != nil {
		return yield(Page{}, &NodeError{Node: i, Addr: s.nodes[i].Addr, Command: "DBSIZE", Err: err}) && false
	}
	s.tally.mu.Lock()
	s.tally.expected += size.Int
	s.tally.mu.Unlock()
	cursor := s.options.Cursor
	if cursor == "" {
		cursor = "0"
	}
	for {
		words := []string{"SCAN", cursor, "COUNT", strconv.Itoa(max(s.options.Count, 10))}
		if s.options.Match != "" {
			words = append(words, "MATCH", s.options.Match)
		}
		reply, err := c.Do(ctx, words...)
		if err = errors.Join(err, reply.Err()); err != nil {
			return yield(Page{}, &NodeError{Node: i, Addr: s.nodes[i].Addr, Command: "SCAN", Err: err}) && false
		}
		page := Page{Node: i, Cursor: reply.Elems[0].String()}
		for _, name := range reply.Elems[1].Elems {
			page.Keys = append(page.Keys, s.ask(ctx, c, name.String()))
		}
		s.tally.mu.Lock()
		s.tally.seen += int64(len(page.Keys))
		s.tally.mu.Unlock()
		if !yield(page, nil) {
			return false
		}
		if cursor = page.Cursor; cursor == "0" {
			return true
		}
	}
}

func (s *Sweep) ask(ctx context.Context, c *conn.Session, name string) Key {
	k := Key{Name: name, Length: -1, Memory: -1, Frequency: -1}
	number := func(words ...string) int64 {
		if reply, err := c.Do(ctx, words...); err == nil && reply.Kind == resp.Integer {
			return reply.Int
		}
		return -1
	}
	ask := s.options.Ask
	if ask.Type || ask.Length {
		reply, _ := c.Do(ctx, "TYPE", name)
		k.Type = reply.String()
	}
	if ask.Length {
		command := map[string]string{"string": "STRLEN", "list": "LLEN", "set": "SCARD", "hash": "HLEN", "zset": "ZCARD", "stream": "XLEN"}[k.Type]
		if command != "" {
			k.Length = number(command, name)
		}
	}
	if ask.Memory {
		k.Memory = number("MEMORY", "USAGE", name)
	}
	if ask.Frequency {
		k.Frequency = number("OBJECT", "FREQ", name)
	}
	return k
}
