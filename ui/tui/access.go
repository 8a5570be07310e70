package tui

import (
	"context"
	"io"
	"sync"

	"redan/commands/keyspace"
	"redan/conn"
	"redan/conn/resp"
)

// access is what connections to a server are opened with. The password may change while the program runs: what is opened from then on
// has the new one.
type access struct {
	mu      sync.Mutex
	options conn.Options
	version int
}

func newAccess(o conn.Options) *access { return &access{options: o} }

// renew takes another password.
func (a *access) renew(password conn.Secret) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.options.Password = password
	a.version++
}

// current are the options as they are now, and a number that changes with them.
func (a *access) current() (conn.Options, int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.options, a.version
}

// renewable is a client that is opened anew when the password changed.
type renewable struct {
	access *access
	open   func(conn.Options) keyspace.Client

	mu      sync.Mutex
	version int
	inner   keyspace.Client
}

func (r *renewable) client() keyspace.Client {
	o, version := r.access.current()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inner == nil || r.version != version {
		closeClient(r.inner)
		r.inner, r.version = r.open(o), version
	}
	return r.inner
}

// Do implements conn.Doer.
func (r *renewable) Do(ctx context.Context, args ...string) (resp.Value, error) {
	return r.client().Do(ctx, args...)
}

// Pipeline implements keyspace.Pipeliner.
func (r *renewable) Pipeline(ctx context.Context, commands ...[]string) ([]resp.Value, error) {
	return r.client().Pipeline(ctx, commands...)
}

// Close implements io.Closer.
func (r *renewable) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	closeClient(r.inner)
	r.inner = nil
	return nil
}

func closeClient(c keyspace.Client) {
	if closer, ok := c.(io.Closer); ok {
		_ = closer.Close()
	}
}

// nodes are the clients of the nodes of a cluster that were looked at one by one, opened when they are first needed.
type nodes struct {
	open func(conn.Addr) keyspace.Client

	mu   sync.Mutex
	list map[conn.Addr]keyspace.Client
}

func (n *nodes) at(addr conn.Addr) keyspace.Client {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.list == nil {
		n.list = map[conn.Addr]keyspace.Client{}
	}
	if n.list[addr] == nil {
		n.list[addr] = n.open(addr)
	}
	return n.list[addr]
}

func (n *nodes) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.list {
		closeClient(c)
	}
	n.list = nil
}
