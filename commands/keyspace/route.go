package keyspace

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"redan/conn"
	"redan/conn/resp"
)

// maxRedirections ends a chase among nodes that do not agree.
const maxRedirections = 5

// target is where a command goes.
type target struct {
	node   int
	asking bool // after ASKING: the slot is on its way there
}

// Pipeline implements [Pipeliner]: one pipeline for each master concerned, at the same time. Commands for different masters are
// run in no order. A pipeline with MULTI goes to one master as a whole. With an error, the replies of the masters that
// did answer are there, and the others are of kind 0.
func (m *Masters) Pipeline(ctx context.Context, commands ...[]string) ([]resp.Value, error) {
	if !m.cluster {
		return m.client(0).Pipeline(ctx, commands...)
	}
	if m.takeStale() {
		_ = m.Refresh(ctx) // redirections and errors tell what is still wrong
	}
	replies := make([]resp.Value, len(commands))
	jobs, whole := m.route(commands)
	var failures error
	for range maxRedirections {
		failures = errors.Join(failures, m.run(ctx, commands, jobs, replies))
		jobs = m.redirected(replies, jobs, whole)
		if len(jobs) == 0 {
			break
		}
	}
	if failures != nil {
		m.markStale()
	}
	return replies, failures
}

func (m *Masters) takeStale() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	stale := m.stale
	m.stale = false
	return stale
}

func (m *Masters) markStale() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stale = true
}

// route sorts commands by the master they go to. whole tells that they are a transaction.
func (m *Masters) route(commands [][]string) (jobs map[target][]int, whole bool) {
	whole = slices.ContainsFunc(commands, func(words []string) bool {
		return len(words) > 0 && strings.EqualFold(words[0], "MULTI")
	})
	m.mu.Lock()
	defer m.mu.Unlock()
	jobs = map[target][]int{}
	one := -1
	if whole {
		one = m.nodeOfFirstKey(commands)
	}
	for i, words := range commands {
		node := one
		if !whole {
			node = m.nodeOf(words)
		}
		t := target{node: max(0, node)}
		jobs[t] = append(jobs[t], i)
	}
	return jobs, whole
}

// nodeOf returns the master for a command, or -1 for any. The caller holds the lock.
func (m *Masters) nodeOf(words []string) int {
	if i := keyIndex(words); i > 0 {
		return m.owner[Slot(words[i])]
	}
	return slices.IndexFunc(m.nodes, func(n *node) bool { return len(n.slots) > 0 })
}

func (m *Masters) nodeOfFirstKey(commands [][]string) int {
	for _, words := range commands {
		if i := keyIndex(words); i > 0 {
			return m.owner[Slot(words[i])]
		}
	}
	return -1
}

// run sends each target its commands and puts the replies where they belong.
func (m *Masters) run(ctx context.Context, commands [][]string, jobs map[target][]int, replies []resp.Value) error {
	var wait sync.WaitGroup
	failures := make(chan error, len(jobs))
	for to, indexes := range jobs {
		wait.Go(func() {
			lines := make([][]string, 0, len(indexes))
			step := 1
			for _, i := range indexes {
				if to.asking {
					lines, step = append(lines, []string{"ASKING"}), 2
				}
				lines = append(lines, commands[i])
			}
			got, err := m.client(to.node).Pipeline(ctx, lines...)
			if err != nil {
				failures <- &NodeError{Node: to.node, Addr: m.addr(to.node), Err: err}
			}
			for n, i := range indexes {
				replies[i] = replyAt(got, n*step+step-1)
			}
		})
	}
	wait.Wait()
	close(failures)
	var all error
	for err := range failures {
		all = errors.Join(all, err)
	}
	return all
}

// redirected returns where the commands that were redirected go next.
func (m *Masters) redirected(replies []resp.Value, jobs map[target][]int, whole bool) map[target][]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	next := map[target][]int{}
	for from, indexes := range jobs {
		for _, i := range indexes {
			to, ok := redirection(replies[i], m.nodes[from.node].addr)
			if !ok {
				continue
			}
			t := target{m.note(to), to.Ask}
			if whole { // part of it may have been queued: only the caller can begin again
				continue
			}
			next[t] = append(next[t], i)
		}
	}
	return next
}

// note takes a redirection for what the map says from now on, and returns the number of the node. The caller holds the lock.
func (m *Masters) note(to conn.Redirect) (node int) {
	node = m.number(to.To)
	if !to.Ask {
		m.owner[to.Slot], m.stale = node, true
	}
	return node
}

// Redirect reads the MOVED or ASK that a node answered with to somebody who talks to it by himself, and returns where the command is to go:
// after ASKING, or for good, which is noted. It is for clusters only.
func (m *Masters) Redirect(from int, answer string) (node int, asking, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	to, ok := conn.ParseRedirect([]byte(answer), m.nodes[from].addr)
	if !ok || to.Slot < 0 || to.Slot >= slotCount || !m.cluster {
		return 0, false, false
	}
	return m.note(to), to.Ask, true
}
