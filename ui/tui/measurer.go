package tui

import (
	"context"

	"redan/commands/keyspace"
	"redan/commands/keyspace/sweep"
	"redan/commands/latency"
	"redan/conn"
)

// measurer opens connections for what sends very many commands: analyses and round trips. The log has how they begin, and not each command.
type measurer struct {
	dialer *conn.Dialer
	access *access
	log    *commandLog
}

// open opens a connection to a node; an address without a port is the server itself.
func (m measurer) open(ctx context.Context, at conn.Addr, first ...string) (*conn.Session, error) {
	o, _ := m.access.current()
	if at.Port != 0 {
		o = *atNode(o, at)
	}
	start := m.log.now()
	session, err := conn.Open(ctx, m.dialer, o)
	m.log.opened(o, start)
	if err == nil {
		m.log.remember(first, origin{at: &o}, "", nil, start)
	}
	return session, err
}

// ping opens a connection for round trips.
func (m measurer) ping(ctx context.Context) (pingLink, error) {
	start := m.log.now()
	session, err := m.open(ctx, conn.Addr{}, "PING")
	if err != nil {
		return pingLink{}, err
	}
	opening := latency.OpeningOf(session, m.log.now().Sub(start))
	return pingLink{server: session, opening: opening, close: func() { _ = session.Close() }}, nil
}

// sweep reads all keys of the masters.
func (m measurer) sweep(masters *keyspace.Masters, o sweep.Options) keySweep {
	var nodes []sweep.Node
	for _, n := range masters.Nodes() {
		if n.Slots == 0 && masters.Cluster() {
			continue
		}
		at := n.Addr
		nodes = append(nodes, sweep.Node{Addr: at, Open: func(ctx context.Context) (*conn.Session, error) {
			return m.open(ctx, at, "SCAN", "0")
		}})
	}
	return sweep.New(nodes, o)
}
