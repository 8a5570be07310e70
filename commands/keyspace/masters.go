package keyspace

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"redan/conn"
	"redan/conn/resp"
)

// Config says how the masters of a cluster are reached.
type Config struct {
	// Seed is the node that is asked for the others.
	Seed conn.Addr
	// Secured tells that the connections are TLS: some replies name two ports.
	Secured bool
	// Open returns the client for an address; see [Pools]. Nothing needs to be dialled before its first command.
	Open func(conn.Addr) Client
}

// Node is one master, or what was one.
type Node struct {
	Addr conn.Addr
	// Slots is how many hash slots it serves: 0 for the only server where there is no cluster, for a node that was a master
	// earlier, and for a seed that is a replica, or goes by another name in the cluster.
	Slots int
}

// Masters are the servers that hold the keys: one, or the masters of a cluster. They are a [Client]: commands go to the master of
// their key's slot, and redirections are followed. Nodes are known by their number, which never changes: one that comes is
// added at the end, one that goes stays and serves nothing. Masters are safe for concurrent use.
type Masters struct {
	config  Config
	cluster bool
	refused error

	mu    sync.Mutex
	nodes []*node
	owner []int // by slot: number of the node, or -1; nil without a cluster
	stale bool  // a connection failed or a redirection came: ask for the map again
}

type node struct {
	addr   conn.Addr
	slots  []slotRange
	client Client
}

// One returns the Masters of a keyspace that is on one server.
func One(at conn.Addr, client Client) *Masters {
	return &Masters{nodes: []*node{{addr: at, client: client}}}
}

// Discover asks the seed for the masters of its cluster. A seed that is in none is the only master. An error is about the connection.
func Discover(ctx context.Context, c Config) (*Masters, error) {
	seed := c.Open(c.Seed)
	m := &Masters{config: c, nodes: []*node{{addr: c.Seed, client: seed}}}
	masters, refused, err := m.ask(ctx, 0)
	if err != nil {
		_ = m.Close()
		return nil, err
	}
	m.refused = refused
	if len(masters) > 0 {
		m.cluster = true
		m.adopt(masters)
	}
	return m, nil
}

// ask asks a node for the map of the cluster. refused is why there is none though there may be a cluster.
func (m *Masters) ask(ctx context.Context, i int) (masters []master, refused, err error) {
	client, asked := m.client(i), m.addr(i)
	for _, words := range [][]string{{"CLUSTER", "SLOTS"}, {"CLUSTER", "SHARDS"}, {"CLUSTER", "NODES"}} {
		reply, err := client.Do(ctx, words...)
		switch {
		case err != nil:
			return nil, nil, err
		case errorCode(reply) == codeNoPermission:
			refused = reply.Err()
			continue
		case reply.Kind.IsError():
			continue
		}
		switch words[1] {
		case "SLOTS":
			masters = parseSlots(reply, asked)
		case "SHARDS":
			masters = parseShards(reply, asked, m.config.Secured)
		default:
			masters = parseNodes(reply.String(), asked)
		}
		if len(masters) > 0 {
			return masters, nil, nil
		}
	}
	return nil, refused, nil
}

// adopt makes the map of the cluster ours.
func (m *Masters) adopt(masters []master) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stale = false
	m.owner = make([]int, slotCount)
	for i := range m.owner {
		m.owner[i] = -1
	}
	for _, n := range m.nodes {
		n.slots = nil
	}
	for _, found := range masters {
		i := m.number(found.addr)
		m.nodes[i].slots = found.slots
		for _, r := range found.slots {
			for slot := r.First; slot <= r.Last; slot++ {
				m.owner[slot] = i
			}
		}
	}
}

// number returns the number of the node at an address, which is opened if it is new. The caller holds the lock.
func (m *Masters) number(at conn.Addr) int {
	for i, n := range m.nodes {
		if n.addr == at {
			return i
		}
	}
	m.nodes = append(m.nodes, &node{addr: at, client: m.config.Open(at)})
	return len(m.nodes) - 1
}

// askTimeout is how long one node may take to tell the map, when there are others to ask.
const askTimeout = 2 * time.Second

// Refresh asks the nodes, one after the other, for the map of the cluster until one tells it. Without a cluster it does nothing.
func (m *Masters) Refresh(ctx context.Context) error { return m.refresh(ctx, -1) }

// refresh is Refresh that asks one node last.
func (m *Masters) refresh(ctx context.Context, last int) error {
	if !m.cluster {
		return nil
	}
	count := len(m.Nodes())
	var failures error
	for i := range count {
		node := (last + 1 + i) % count
		masters, refused, err := m.askSoon(ctx, node)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if len(masters) > 0 {
			m.adopt(masters)
			return nil
		}
		failures = errors.Join(failures, err, refused)
	}
	return failures
}

func (m *Masters) askSoon(ctx context.Context, node int) (masters []master, refused, err error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	return m.ask(ctx, node)
}

// Cluster reports whether the keys are spread over the masters of a cluster.
func (m *Masters) Cluster() bool { return m.cluster }

// Refused is the error reply for which a cluster's other masters could not be found, or nil: only the seed is read then.
func (m *Masters) Refused() error { return m.refused }

// Serving returns the addresses of the nodes that hold keys now.
func (m *Masters) Serving() []conn.Addr {
	var addrs []conn.Addr
	for _, n := range m.Nodes() {
		if n.Slots > 0 || !m.cluster {
			addrs = append(addrs, n.Addr)
		}
	}
	return addrs
}

// Nodes returns all nodes by their number.
func (m *Masters) Nodes() []Node {
	m.mu.Lock()
	defer m.mu.Unlock()
	nodes := make([]Node, len(m.nodes))
	for i, n := range m.nodes {
		nodes[i].Addr = n.addr
		for _, r := range n.slots {
			nodes[i].Slots += r.Last - r.First + 1
		}
	}
	return nodes
}

// Owner is the number of the node that serves a key, as far as is known; ok is false where nobody does.
func (m *Masters) Owner(key string) (node int, ok bool) {
	if !m.cluster {
		return 0, true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	node = m.owner[Slot(key)]
	return node, node >= 0
}

func (m *Masters) addr(i int) conn.Addr {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.nodes[i].addr
}

func (m *Masters) client(i int) Client {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.nodes[i].client
}

// slots returns the slots of a node.
func (m *Masters) slots(i int) []slotRange {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.nodes[i].slots
}

// Do implements [conn.Doer].
func (m *Masters) Do(ctx context.Context, args ...string) (resp.Value, error) {
	if !m.cluster {
		return m.client(0).Do(ctx, args...)
	}
	replies, err := m.Pipeline(ctx, args)
	return replyAt(replies, 0), err
}

// Close closes the clients that can be closed.
func (m *Masters) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var failures error
	for _, n := range m.nodes {
		failures = errors.Join(failures, closeClient(n.client))
	}
	return failures
}

func closeClient(c Client) error {
	if closer, ok := c.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}
